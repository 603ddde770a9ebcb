//! f-strings, t-strings (PEP 750) and docstrings.

use super::names::AttrOp;
use super::*;
use taipan_bytecode::operand::ConvertValue;

fn convert_oparg(conversion: i32) -> CompileResult<Option<u32>> {
    Ok(match u8::try_from(conversion) {
        _ if conversion == -1 => None,
        Ok(b's') => Some(ConvertValue::FVC_STR as u32),
        Ok(b'r') => Some(ConvertValue::FVC_REPR as u32),
        Ok(b'a') => Some(ConvertValue::FVC_ASCII as u32),
        _ => {
            let message = format!("Unrecognized conversion character {conversion}");
            return Err(CompileError::new(ErrorKind::SystemError, message));
        }
    })
}

impl<'a> Codegen<'a> {
    pub(super) fn joined_str(&mut self, loc: Location, values: &'a [Expr]) -> CompileResult<()> {
        if values.len() > STACK_USE_GUIDELINE {
            self.load_const(loc, Constant::from_str(""));
            self.op_attr(loc, AttrOp::LoadMethod, &Name::from("join"));
            self.op_i(loc, Opcode::BUILD_LIST, 0);
            for value in values {
                self.visit_expr(value)?;
                self.op_i(loc, Opcode::LIST_APPEND, 1);
            }
            self.op_i(loc, Opcode::CALL, 1);
            return Ok(());
        }
        self.visit_exprs(values)?;
        match values.len() {
            0 => self.load_const(loc, Constant::from_str("")),
            1 => {}
            count => self.op_i(loc, Opcode::BUILD_STRING, count as u32),
        }
        Ok(())
    }

    pub(super) fn formatted_value(
        &mut self,
        loc: Location,
        value: &'a Expr,
        conversion: i32,
        format_spec: Option<&'a Expr>,
    ) -> CompileResult<()> {
        self.visit_expr(value)?;
        if let Some(oparg) = convert_oparg(conversion)? {
            self.op_i(loc, Opcode::CONVERT_VALUE, oparg);
        }
        match format_spec {
            Some(spec) => {
                self.visit_expr(spec)?;
                self.op(loc, Opcode::FORMAT_WITH_SPEC);
            }
            None => self.op(loc, Opcode::FORMAT_SIMPLE),
        }
        Ok(())
    }

    pub(super) fn template_str(&mut self, loc: Location, values: &'a [Expr]) -> CompileResult<()> {
        let is_interpolation = |value: &Expr| matches!(value.node, ExprKind::Interpolation { .. });
        // Strings and interpolations alternate, with strings at both ends.
        let mut strings = 0;
        let mut last_was_interpolation = true;
        for value in values {
            if is_interpolation(value) {
                if last_was_interpolation {
                    self.load_const(loc, Constant::from_str(""));
                    strings += 1;
                }
                last_was_interpolation = true;
            } else {
                self.visit_expr(value)?;
                strings += 1;
                last_was_interpolation = false;
            }
        }
        if last_was_interpolation {
            self.load_const(loc, Constant::from_str(""));
            strings += 1;
        }
        self.op_i(loc, Opcode::BUILD_TUPLE, strings);
        let mut interpolations = 0;
        for value in values.iter().filter(|value| is_interpolation(value)) {
            self.visit_expr(value)?;
            interpolations += 1;
        }
        self.op_i(loc, Opcode::BUILD_TUPLE, interpolations);
        self.op(loc, Opcode::BUILD_TEMPLATE);
        Ok(())
    }

    pub(super) fn interpolation(
        &mut self,
        loc: Location,
        value: &'a Expr,
        text: &Constant,
        conversion: i32,
        format_spec: Option<&'a Expr>,
    ) -> CompileResult<()> {
        self.visit_expr(value)?;
        self.load_const(loc, text.clone());
        let mut oparg = 2;
        if let Some(spec) = format_spec {
            oparg += 1;
            self.visit_expr(spec)?;
        }
        if let Some(conversion) = convert_oparg(conversion)? {
            oparg |= conversion << 2;
        }
        self.op_i(loc, Opcode::BUILD_INTERPOLATION, oparg);
        Ok(())
    }
}

/// A docstring without its indentation (`_PyCompile_CleanDoc`): as `inspect.cleandoc()`, but blank
/// lines at the ends stay, so that lines keep their numbers.
pub(super) fn clean_doc(text: &PyStr) -> Constant {
    let Some(expanded) = text.as_str().map(expand_tabs) else {
        // With a lone surrogate in it, which CPython cannot clean either.
        return Constant::Str(text.clone());
    };
    let margin = expanded
        .split('\n')
        .skip(1)
        .filter(|line| line.bytes().any(|b| b != b' '))
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    if margin == 0 && !expanded.starts_with(' ') {
        return Constant::from_str(&expanded);
    }
    let mut cleaned = String::with_capacity(expanded.len());
    for (at, line) in expanded.split('\n').enumerate() {
        if at == 0 {
            cleaned.push_str(line.trim_start_matches(' '));
        } else {
            cleaned.push('\n');
            let blanks = line.len() - line.trim_start_matches(' ').len();
            cleaned.push_str(&line[blanks.min(margin)..]);
        }
    }
    Constant::from_str(&cleaned)
}

/// `str.expandtabs()`.
fn expand_tabs(text: &str) -> String {
    if !text.contains('\t') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let width = 8 - column % 8;
                out.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            _ => {
                out.push(c);
                column += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docstrings_lose_their_margin() {
        let clean = |text: &str| clean_doc(&PyStr::new(text));
        assert_eq!(clean("plain"), Constant::from_str("plain"));
        assert_eq!(clean("  a\n    b\n\n      c\n  "), Constant::from_str("a\nb\n\n  c\n"));
        assert_eq!(clean("a\n\tb\n\t\tc"), Constant::from_str("a\nb\n        c"));
    }
}
