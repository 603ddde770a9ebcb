//! What is done to a tree before the symbol table sees it (`_PyAST_Preprocess`).
//!
//! `__debug__` becomes a constant, `-OO` drops docstrings, `'…%s…' % (…)` becomes an f-string, and
//! signs in patterns are folded. All other folding is left to the flow graph. On the way, warnings
//! are given for `return`, `break` and `continue` that leave a `finally` block (PEP 765).

use crate::ast::*;
use crate::constfold;
use crate::error::{CompileResult, CompileWarning, WarningSink};
use crate::flags::CO_FUTURE_ANNOTATIONS;
use crate::recursion::{Depth, with_stack};
use crate::tree::docstring;
use taipan_bytecode::PyStr;
use taipan_bytecode::operand::BinaryOp;

/// Preprocesses a tree in place.
///
/// `features` are `CO_FUTURE_*` bits. With `syntax_check_only` nothing is changed but docstrings,
/// as `ast.parse()` wants it. Raises `RecursionError` and what the sink makes of warnings.
pub(crate) fn preprocess(
    tree: &mut Mod,
    optimize: u8,
    features: u32,
    syntax_check_only: bool,
    warnings: &mut dyn WarningSink,
) -> CompileResult<()> {
    let mut pass = Preprocess {
        optimize,
        future_annotations: features & CO_FUTURE_ANNOTATIONS != 0,
        syntax_check_only,
        warnings,
        contexts: Vec::new(),
        depth: Depth::default(),
    };
    match tree {
        Mod::Module { body, .. } => pass.body(body),
        Mod::Interactive { body } => pass.stmts(body),
        Mod::Expression { body } => pass.expr(body),
        Mod::FunctionType { .. } => Ok(()),
    }
}

/// What was entered last on the way to a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Finally,
    Function,
    Loop,
}

struct Preprocess<'a> {
    optimize: u8,
    future_annotations: bool,
    syntax_check_only: bool,
    warnings: &'a mut dyn WarningSink,
    contexts: Vec<Context>,
    depth: Depth,
}

impl Preprocess<'_> {
    /// A body that may begin with a docstring.
    fn body(&mut self, body: &mut Vec<Stmt>) -> CompileResult<()> {
        let mut has_docstring = docstring(body).is_some();
        if has_docstring && self.optimize >= 2 {
            if body.len() == 1 {
                let loc = body[0].loc;
                let end_col_offset = loc.col_offset + "pass".len() as i32;
                let end_lineno = loc.lineno;
                let loc = Location { end_lineno, end_col_offset, ..loc };
                body[0] = Stmt { loc, node: StmtKind::Pass };
            } else {
                body.remove(0);
            }
            has_docstring = false;
        }
        self.stmts(body)?;
        if !has_docstring && docstring(body).is_some() {
            // A string that came to stand first must not become the docstring.
            let loc = body[0].loc;
            if let StmtKind::Expr { value } = &mut body[0].node {
                let node = ExprKind::JoinedStr { values: Vec::new() };
                let string = std::mem::replace(&mut **value, Expr { loc, node });
                value.node = ExprKind::JoinedStr { values: vec![string] };
            }
        }
        Ok(())
    }

    fn stmts(&mut self, stmts: &mut [Stmt]) -> CompileResult<()> {
        stmts.iter_mut().try_for_each(|stmt| self.stmt(stmt))
    }

    fn within(&mut self, context: Context, stmts: &mut [Stmt]) -> CompileResult<()> {
        self.contexts.push(context);
        self.stmts(stmts)?;
        self.contexts.pop();
        Ok(())
    }

    fn warn_in_finally(&mut self, keyword: &str, loc: Location) -> CompileResult<()> {
        if self.contexts.last() != Some(&Context::Finally) {
            return Ok(());
        }
        let message = format!("'{keyword}' in a 'finally' block");
        self.warnings.warn(CompileWarning::syntax(message, loc))
    }

    fn stmt(&mut self, stmt: &mut Stmt) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.stmt_kind(stmt))?;
        self.depth.leave();
        Ok(())
    }

    fn stmt_kind(&mut self, stmt: &mut Stmt) -> CompileResult<()> {
        match &mut stmt.node {
            StmtKind::FunctionDef(def) | StmtKind::AsyncFunctionDef(def) => {
                self.type_params(&mut def.type_params)?;
                self.arguments(&mut def.args)?;
                self.contexts.push(Context::Function);
                self.body(&mut def.body)?;
                self.contexts.pop();
                self.exprs(&mut def.decorator_list)?;
                if !self.future_annotations {
                    self.opt_expr(def.returns.as_mut())?;
                }
                Ok(())
            }
            StmtKind::ClassDef(def) => {
                self.type_params(&mut def.type_params)?;
                self.exprs(&mut def.bases)?;
                self.keywords(&mut def.keywords)?;
                self.body(&mut def.body)?;
                self.exprs(&mut def.decorator_list)
            }
            StmtKind::Return { value } => {
                self.warn_in_finally("return", stmt.loc)?;
                self.opt_expr(value.as_deref_mut())
            }
            StmtKind::Delete { targets } => self.exprs(targets),
            StmtKind::Assign { targets, value, .. } => {
                self.exprs(targets)?;
                self.expr(value)
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target)?;
                self.expr(value)
            }
            StmtKind::AnnAssign(assign) => {
                self.expr(&mut assign.target)?;
                if !self.future_annotations {
                    self.expr(&mut assign.annotation)?;
                }
                self.opt_expr(assign.value.as_mut())
            }
            StmtKind::TypeAlias(alias) => {
                self.expr(&mut alias.name)?;
                self.type_params(&mut alias.type_params)?;
                self.expr(&mut alias.value)
            }
            StmtKind::For(node) | StmtKind::AsyncFor(node) => {
                self.expr(&mut node.target)?;
                self.expr(&mut node.iter)?;
                self.within(Context::Loop, &mut node.body)?;
                self.stmts(&mut node.orelse)
            }
            StmtKind::While { test, body, orelse } => {
                self.expr(test)?;
                self.within(Context::Loop, body)?;
                self.stmts(orelse)
            }
            StmtKind::If { test, body, orelse } => {
                self.expr(test)?;
                self.stmts(body)?;
                self.stmts(orelse)
            }
            StmtKind::With(node) | StmtKind::AsyncWith(node) => {
                for item in &mut node.items {
                    self.expr(&mut item.context_expr)?;
                    self.opt_expr(item.optional_vars.as_mut())?;
                }
                self.stmts(&mut node.body)
            }
            StmtKind::Raise { exc, cause } => {
                self.opt_expr(exc.as_deref_mut())?;
                self.opt_expr(cause.as_deref_mut())
            }
            StmtKind::Try(node) | StmtKind::TryStar(node) => {
                self.stmts(&mut node.body)?;
                for handler in &mut node.handlers {
                    self.opt_expr(handler.type_.as_mut())?;
                    self.stmts(&mut handler.body)?;
                }
                self.stmts(&mut node.orelse)?;
                self.within(Context::Finally, &mut node.finalbody)
            }
            StmtKind::Assert { test, msg } => {
                self.expr(test)?;
                self.opt_expr(msg.as_deref_mut())
            }
            StmtKind::Expr { value } => self.expr(value),
            StmtKind::Match { subject, cases } => {
                self.expr(subject)?;
                for case in cases {
                    self.pattern(&mut case.pattern)?;
                    self.opt_expr(case.guard.as_mut())?;
                    self.stmts(&mut case.body)?;
                }
                Ok(())
            }
            StmtKind::Break => self.warn_in_finally("break", stmt.loc),
            StmtKind::Continue => self.warn_in_finally("continue", stmt.loc),
            StmtKind::Import { .. }
            | StmtKind::ImportFrom { .. }
            | StmtKind::Global { .. }
            | StmtKind::Nonlocal { .. }
            | StmtKind::Pass => Ok(()),
        }
    }

    fn type_params(&mut self, params: &mut [TypeParam]) -> CompileResult<()> {
        for param in params {
            match &mut param.node {
                TypeParamKind::TypeVar { bound, default_value, .. } => {
                    self.opt_expr(bound.as_deref_mut())?;
                    self.opt_expr(default_value.as_deref_mut())?;
                }
                TypeParamKind::ParamSpec { default_value, .. } | TypeParamKind::TypeVarTuple { default_value, .. } => {
                    self.opt_expr(default_value.as_deref_mut())?;
                }
            }
        }
        Ok(())
    }

    fn arguments(&mut self, args: &mut Arguments) -> CompileResult<()> {
        if !self.future_annotations {
            let args = args
                .posonlyargs
                .iter_mut()
                .chain(&mut args.args)
                .chain(args.vararg.as_deref_mut())
                .chain(&mut args.kwonlyargs)
                .chain(args.kwarg.as_deref_mut());
            for arg in args {
                self.opt_expr(arg.annotation.as_deref_mut())?;
            }
        }
        for default in &mut args.kw_defaults {
            self.opt_expr(default.as_mut())?;
        }
        self.exprs(&mut args.defaults)
    }

    fn keywords(&mut self, keywords: &mut [Keyword]) -> CompileResult<()> {
        keywords.iter_mut().try_for_each(|keyword| self.expr(&mut keyword.value))
    }

    fn comprehensions(&mut self, generators: &mut [Comprehension]) -> CompileResult<()> {
        for generator in generators {
            self.expr(&mut generator.target)?;
            self.expr(&mut generator.iter)?;
            self.exprs(&mut generator.ifs)?;
        }
        Ok(())
    }

    fn exprs(&mut self, exprs: &mut [Expr]) -> CompileResult<()> {
        exprs.iter_mut().try_for_each(|expr| self.expr(expr))
    }

    fn opt_expr(&mut self, expr: Option<&mut Expr>) -> CompileResult<()> {
        expr.map_or(Ok(()), |expr| self.expr(expr))
    }

    fn expr(&mut self, expr: &mut Expr) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.expr_kind(expr))?;
        self.depth.leave();
        Ok(())
    }

    fn expr_kind(&mut self, expr: &mut Expr) -> CompileResult<()> {
        match &mut expr.node {
            ExprKind::BoolOp { values, .. } | ExprKind::JoinedStr { values } | ExprKind::TemplateStr { values } => {
                self.exprs(values)
            }
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left)?;
                self.expr(right)?;
                if !self.syntax_check_only {
                    fold_format(expr);
                }
                Ok(())
            }
            ExprKind::Lambda { args, body } => {
                self.arguments(args)?;
                self.expr(body)
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)
            }
            ExprKind::Dict { keys, values } => {
                for key in keys {
                    self.opt_expr(key.as_mut())?;
                }
                self.exprs(values)
            }
            ExprKind::Set { elts } | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => self.exprs(elts),
            ExprKind::ListComp { elt, generators }
            | ExprKind::SetComp { elt, generators }
            | ExprKind::GeneratorExp { elt, generators } => {
                self.expr(elt)?;
                self.comprehensions(generators)
            }
            ExprKind::DictComp { key, value, generators } => {
                self.expr(key)?;
                self.expr(value)?;
                self.comprehensions(generators)
            }
            ExprKind::UnaryOp { operand: value, .. }
            | ExprKind::Await { value }
            | ExprKind::YieldFrom { value }
            | ExprKind::Attribute { value, .. }
            | ExprKind::Starred { value, .. }
            | ExprKind::NamedExpr { value, .. } => self.expr(value),
            ExprKind::Yield { value } => self.opt_expr(value.as_deref_mut()),
            ExprKind::Compare { left, comparators, .. } => {
                self.expr(left)?;
                self.exprs(comparators)
            }
            ExprKind::Call { func, args, keywords } => {
                self.expr(func)?;
                self.exprs(args)?;
                self.keywords(keywords)
            }
            ExprKind::FormattedValue { value, format_spec, .. }
            | ExprKind::Interpolation { value, format_spec, .. } => {
                self.expr(value)?;
                self.opt_expr(format_spec.as_deref_mut())
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value)?;
                self.expr(slice)
            }
            ExprKind::Slice { lower, upper, step } => {
                self.opt_expr(lower.as_deref_mut())?;
                self.opt_expr(upper.as_deref_mut())?;
                self.opt_expr(step.as_deref_mut())
            }
            ExprKind::Name { id, ctx: ExprContext::Load } if !self.syntax_check_only && id == "__debug__" => {
                let value = Constant::from_bool(self.optimize == 0);
                expr.node = ExprKind::Constant { value, kind: None };
                Ok(())
            }
            ExprKind::Name { .. } | ExprKind::Constant { .. } => Ok(()),
        }
    }

    fn patterns(&mut self, patterns: &mut [Pattern]) -> CompileResult<()> {
        patterns.iter_mut().try_for_each(|pattern| self.pattern(pattern))
    }

    fn pattern(&mut self, pattern: &mut Pattern) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.pattern_kind(pattern))?;
        self.depth.leave();
        Ok(())
    }

    fn pattern_kind(&mut self, pattern: &mut Pattern) -> CompileResult<()> {
        match &mut pattern.node {
            PatternKind::MatchValue { value } => {
                if !self.syntax_check_only {
                    fold_pattern_value(value);
                }
                Ok(())
            }
            PatternKind::MatchMapping { keys, patterns, .. } => {
                if !self.syntax_check_only {
                    keys.iter_mut().for_each(fold_pattern_value);
                }
                self.patterns(patterns)
            }
            PatternKind::MatchSequence { patterns } | PatternKind::MatchOr { patterns } => self.patterns(patterns),
            PatternKind::MatchClass { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls)?;
                self.patterns(patterns)?;
                self.patterns(kwd_patterns)
            }
            PatternKind::MatchAs { pattern, .. } => match pattern {
                Some(pattern) => self.pattern(pattern),
                None => Ok(()),
            },
            PatternKind::MatchSingleton { .. } | PatternKind::MatchStar { .. } => Ok(()),
        }
    }
}

/// Folds `-1`, `1+2j` and the like, which is all that a pattern's value can be besides a constant.
fn fold_pattern_value(expr: &mut Expr) {
    let folded = match &mut expr.node {
        ExprKind::UnaryOp { op: UnaryOp::USub, operand } => match &operand.node {
            ExprKind::Constant { value, .. } => constfold::negative(value),
            _ => None,
        },
        ExprKind::BinOp { left, op: op @ (Operator::Add | Operator::Sub), right } => {
            let ExprKind::Constant { value: right, .. } = &right.node else { return };
            fold_pattern_value(left);
            let ExprKind::Constant { value: left, .. } = &left.node else { return };
            let op = match op {
                Operator::Add => BinaryOp::NB_ADD,
                _ => BinaryOp::NB_SUBTRACT,
            };
            constfold::binary(op, left, right)
        }
        _ => None,
    };
    if let Some(value) = folded {
        expr.node = ExprKind::Constant { value, kind: None };
    }
}

/// Turns `'…' % (…)` into an f-string if the format is a simple one.
fn fold_format(expr: &mut Expr) {
    let ExprKind::BinOp { left, op: Operator::Mod, right } = &mut expr.node else {
        return;
    };
    let ExprKind::Constant { value: Constant::Str(format), .. } = &left.node else {
        return;
    };
    let ExprKind::Tuple { elts, .. } = &mut right.node else {
        return;
    };
    if elts.iter().any(|elt| matches!(elt.node, ExprKind::Starred { .. })) {
        return;
    }
    let Some(pieces) = parse_format(format) else {
        return;
    };
    let units = pieces.iter().filter(|piece| matches!(piece, Piece::Unit { .. })).count();
    if units != elts.len() {
        return;
    }
    let mut elts = std::mem::take(elts).into_iter();
    let constant = |text: PyStr| Expr {
        loc: Location::NONE,
        node: ExprKind::Constant { value: Constant::Str(text.into_constant()), kind: None },
    };
    let values = pieces
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Literal(text) => Some(constant(text)),
            Piece::Unit { conversion, spec } => elts.next().map(|value| Expr {
                loc: value.loc,
                node: ExprKind::FormattedValue {
                    value: Box::new(value),
                    conversion,
                    format_spec: spec.map(|spec| Box::new(constant(PyStr::new(&spec)))),
                },
            }),
        })
        .collect();
    expr.node = ExprKind::JoinedStr { values };
}

enum Piece {
    Literal(PyStr),
    Unit { conversion: i32, spec: Option<String> },
}

/// How many digits a width or a precision may not reach.
const MAX_DIGITS: usize = 3;

/// Splits a `%` format; `None` if it has anything that an f-string does not do the same way.
fn parse_format(format: &PyStr) -> Option<Vec<Piece>> {
    let points: Vec<u32> = format.code_points().collect();
    let is = |at: usize, c: char| points.get(at) == Some(&(c as u32));
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < points.len() {
        let mut literal = Vec::new();
        while at < points.len() {
            if !is(at, '%') {
                literal.push(points[at]);
                at += 1;
            } else if is(at + 1, '%') {
                literal.push('%' as u32);
                at += 2;
            } else {
                break;
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(PyStr::from_code_points(literal)?));
        }
        if at < points.len() {
            pieces.push(parse_unit(&points, &mut at)?);
        }
    }
    Some(pieces)
}

/// The digits from `c` on; `c` becomes what follows them.
fn parse_digits(c: &mut char, next: &mut impl FnMut() -> Option<char>) -> Option<String> {
    let mut number = String::new();
    while c.is_ascii_digit() {
        number.push(*c);
        *c = next()?;
        if number.len() >= MAX_DIGITS {
            return None;
        }
    }
    Some(number)
}

/// One `%` unit; `at` stands on the percent sign.
fn parse_unit(points: &[u32], at: &mut usize) -> Option<Piece> {
    let mut next = || {
        *at += 1;
        points.get(*at).and_then(|&point| char::from_u32(point))
    };
    let mut left = false;
    let mut c = next()?;
    while let '-' | '+' | ' ' | '#' | '0' = c {
        left |= c == '-';
        c = next()?;
    }
    let width = parse_digits(&mut c, &mut next)?;
    let mut precision = None;
    if c == '.' {
        c = next()?;
        precision = Some(parse_digits(&mut c, &mut next)?);
    }
    let ('s' | 'r' | 'a') = c else {
        return None;
    };
    *at += 1;
    let number = |digits: &str| digits.parse::<u32>().unwrap_or(0);
    let mut spec = String::new();
    if !width.is_empty() {
        if !left && number(&width) > 0 {
            spec.push('>');
        }
        spec.push_str(&number(&width).to_string());
    }
    if let Some(precision) = precision {
        spec.push('.');
        spec.push_str(&number(&precision).to_string());
    }
    let spec = (!spec.is_empty()).then_some(spec);
    Some(Piece::Unit { conversion: c as i32, spec })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(format: &str) -> Option<Vec<String>> {
        let pieces = parse_format(&PyStr::new(format))?;
        let show = |piece: &Piece| match piece {
            Piece::Literal(text) => text.to_string(),
            Piece::Unit { conversion, spec } => {
                let spec = spec.as_deref().unwrap_or("");
                format!("{{!{}:{spec}}}", char::from_u32(*conversion as u32).unwrap_or('?'))
            }
        };
        Some(pieces.iter().map(show).collect())
    }

    #[test]
    fn simple_formats() {
        assert_eq!(shape("a%sb%%c").unwrap(), ["a", "{!s:}", "b%c"]);
        assert_eq!(shape("%5r%-5a%.3s").unwrap(), ["{!r:>5}", "{!a:5}", "{!s:.3}"]);
    }

    #[test]
    fn formats_that_stay() {
        for format in ["%d", "%", "%100s", "%*s", "%(name)s", "%.999s"] {
            assert!(shape(format).is_none(), "{format}");
        }
    }
}
