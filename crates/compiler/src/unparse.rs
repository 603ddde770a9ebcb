//! An expression as text: what an annotation becomes under `from __future__ import annotations`.
//!
//! The spelling is that of CPython's `ast_unparse.c`, which differs from `ast.unparse()` in places.

use crate::ast::*;
use crate::recursion::with_stack;

/// How tightly the surroundings bind; an operator that binds less needs parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Cmp,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    const ALL: [Level; 16] = [
        Level::Tuple,
        Level::Test,
        Level::Or,
        Level::And,
        Level::Not,
        Level::Cmp,
        Level::BitOr,
        Level::BitXor,
        Level::BitAnd,
        Level::Shift,
        Level::Arith,
        Level::Term,
        Level::Factor,
        Level::Power,
        Level::Await,
        Level::Atom,
    ];
    const EXPR: Level = Level::BitOr;

    fn tighter(self) -> Level {
        Level::ALL[(self as usize + 1).min(Level::Atom as usize)]
    }
}

/// The text of an expression (`_PyAST_ExprAsUnicode`).
pub(crate) fn expr_as_text(expr: &Expr) -> String {
    let mut writer = Writer { out: String::new() };
    writer.expr(expr, Level::Test);
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    fn str(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn parenthesized(&mut self, needed: bool, content: impl FnOnce(&mut Self)) {
        if needed {
            self.str("(");
        }
        content(self);
        if needed {
            self.str(")");
        }
    }

    fn list(&mut self, exprs: &[Expr], level: Level) {
        for (at, expr) in exprs.iter().enumerate() {
            if at > 0 {
                self.str(", ");
            }
            self.expr(expr, level);
        }
    }

    fn expr(&mut self, expr: &Expr, level: Level) {
        with_stack(|| self.expr_kind(expr, level));
    }

    fn expr_kind(&mut self, expr: &Expr, level: Level) {
        match &expr.node {
            ExprKind::BoolOp { op, values } => {
                let (text, own) = match op {
                    BoolOp::And => (" and ", Level::And),
                    BoolOp::Or => (" or ", Level::Or),
                };
                self.parenthesized(level > own, |this| {
                    for (at, value) in values.iter().enumerate() {
                        if at > 0 {
                            this.str(text);
                        }
                        this.expr(value, own.tighter());
                    }
                });
            }
            ExprKind::BinOp { left, op, right } => {
                let (text, own) = match op {
                    Operator::Add => (" + ", Level::Arith),
                    Operator::Sub => (" - ", Level::Arith),
                    Operator::Mult => (" * ", Level::Term),
                    Operator::MatMult => (" @ ", Level::Term),
                    Operator::Div => (" / ", Level::Term),
                    Operator::Mod => (" % ", Level::Term),
                    Operator::LShift => (" << ", Level::Shift),
                    Operator::RShift => (" >> ", Level::Shift),
                    Operator::BitOr => (" | ", Level::BitOr),
                    Operator::BitXor => (" ^ ", Level::BitXor),
                    Operator::BitAnd => (" & ", Level::BitAnd),
                    Operator::FloorDiv => (" // ", Level::Term),
                    Operator::Pow => (" ** ", Level::Power),
                };
                let (for_left, for_right) = match op {
                    Operator::Pow => (own.tighter(), own),
                    _ => (own, own.tighter()),
                };
                self.parenthesized(level > own, |this| {
                    this.expr(left, for_left);
                    this.str(text);
                    this.expr(right, for_right);
                });
            }
            ExprKind::UnaryOp { op, operand } => {
                let (text, own) = match op {
                    UnaryOp::Invert => ("~", Level::Factor),
                    UnaryOp::Not => ("not ", Level::Not),
                    UnaryOp::UAdd => ("+", Level::Factor),
                    UnaryOp::USub => ("-", Level::Factor),
                };
                self.parenthesized(level > own, |this| {
                    this.str(text);
                    this.expr(operand, own);
                });
            }
            ExprKind::Lambda { args, body } => {
                self.parenthesized(level > Level::Test, |this| {
                    let positional = args.args.len() + args.posonlyargs.len() > 0;
                    this.str(if positional { "lambda " } else { "lambda" });
                    this.arguments(args);
                    this.str(": ");
                    this.expr(body, Level::Test);
                });
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.parenthesized(level > Level::Test, |this| {
                    this.expr(body, Level::Test.tighter());
                    this.str(" if ");
                    this.expr(test, Level::Test.tighter());
                    this.str(" else ");
                    this.expr(orelse, Level::Test);
                });
            }
            ExprKind::Dict { keys, values } => {
                self.str("{");
                for (at, (key, value)) in keys.iter().zip(values).enumerate() {
                    if at > 0 {
                        self.str(", ");
                    }
                    match key {
                        Some(key) => {
                            self.expr(key, Level::Test);
                            self.str(": ");
                            self.expr(value, Level::Test);
                        }
                        None => {
                            self.str("**");
                            self.expr(value, Level::EXPR);
                        }
                    }
                }
                self.str("}");
            }
            ExprKind::Set { elts } => {
                self.str("{");
                self.list(elts, Level::Test);
                self.str("}");
            }
            ExprKind::List { elts, .. } => {
                self.str("[");
                self.list(elts, Level::Test);
                self.str("]");
            }
            ExprKind::Tuple { elts, .. } if elts.is_empty() => self.str("()"),
            ExprKind::Tuple { elts, .. } => self.parenthesized(level > Level::Tuple, |this| {
                this.list(elts, Level::Test);
                if elts.len() == 1 {
                    this.str(",");
                }
            }),
            ExprKind::GeneratorExp { elt, generators } => {
                self.comprehension("(", elt, generators, ")");
            }
            ExprKind::ListComp { elt, generators } => {
                self.comprehension("[", elt, generators, "]");
            }
            ExprKind::SetComp { elt, generators } => {
                self.comprehension("{", elt, generators, "}");
            }
            ExprKind::DictComp { key, value, generators } => {
                self.str("{");
                self.expr(key, Level::Test);
                self.str(": ");
                self.expr(value, Level::Test);
                self.generators(generators);
                self.str("}");
            }
            ExprKind::Yield { value: None } => self.str("(yield)"),
            ExprKind::Yield { value: Some(value) } => {
                self.str("(yield ");
                self.expr(value, Level::Test);
                self.str(")");
            }
            ExprKind::YieldFrom { value } => {
                self.str("(yield from ");
                self.expr(value, Level::Test);
                self.str(")");
            }
            ExprKind::Await { value } => self.parenthesized(level > Level::Await, |this| {
                this.str("await ");
                this.expr(value, Level::Atom);
            }),
            ExprKind::Compare { left, ops, comparators } => {
                self.parenthesized(level > Level::Cmp, |this| {
                    this.expr(left, Level::Cmp.tighter());
                    for (op, comparator) in ops.iter().zip(comparators) {
                        this.str(match op {
                            CmpOp::Eq => " == ",
                            CmpOp::NotEq => " != ",
                            CmpOp::Lt => " < ",
                            CmpOp::LtE => " <= ",
                            CmpOp::Gt => " > ",
                            CmpOp::GtE => " >= ",
                            CmpOp::Is => " is ",
                            CmpOp::IsNot => " is not ",
                            CmpOp::In => " in ",
                            CmpOp::NotIn => " not in ",
                        });
                        this.expr(comparator, Level::Cmp.tighter());
                    }
                });
            }
            ExprKind::Call { func, args, keywords } => self.call(func, args, keywords),
            ExprKind::Constant { value: Constant::Ellipsis, .. } => self.str("..."),
            ExprKind::Constant { value, kind } => {
                if let Some(kind) = kind {
                    self.str(kind);
                }
                self.constant(value);
            }
            ExprKind::JoinedStr { values } => self.joined_str(values, false),
            ExprKind::TemplateStr { values } => self.template_str(values),
            ExprKind::FormattedValue { .. } | ExprKind::Interpolation { .. } => {
                self.fstring_element(expr, false);
            }
            ExprKind::Attribute { value, attr, .. } => {
                self.expr(value, Level::Atom);
                // An int needs a space, or the period would belong to it.
                let is_int =
                    matches!(value.node, ExprKind::Constant { value: Constant::Int(_) | Constant::BigInt(_), .. });
                self.str(if is_int { " ." } else { "." });
                self.str(attr);
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value, Level::Atom);
                self.str("[");
                self.expr(slice, Level::Tuple);
                self.str("]");
            }
            ExprKind::Starred { value, .. } => {
                self.str("*");
                self.expr(value, Level::EXPR);
            }
            ExprKind::Slice { lower, upper, step } => {
                if let Some(lower) = lower {
                    self.expr(lower, Level::Test);
                }
                self.str(":");
                if let Some(upper) = upper {
                    self.expr(upper, Level::Test);
                }
                if let Some(step) = step {
                    self.str(":");
                    self.expr(step, Level::Test);
                }
            }
            ExprKind::Name { id, .. } => self.str(id),
            ExprKind::NamedExpr { target, value } => {
                self.parenthesized(level > Level::Tuple, |this| {
                    this.expr(target, Level::Atom);
                    this.str(" := ");
                    this.expr(value, Level::Atom);
                });
            }
        }
    }

    fn comprehension(&mut self, open: &str, elt: &Expr, generators: &[Comprehension], close: &str) {
        self.str(open);
        self.expr(elt, Level::Test);
        self.generators(generators);
        self.str(close);
    }

    fn generators(&mut self, generators: &[Comprehension]) {
        for generator in generators {
            self.str(if generator.is_async { " async for " } else { " for " });
            self.expr(&generator.target, Level::Tuple);
            self.str(" in ");
            self.expr(&generator.iter, Level::Test.tighter());
            for test in &generator.ifs {
                self.str(" if ");
                self.expr(test, Level::Test.tighter());
            }
        }
    }

    fn call(&mut self, func: &Expr, args: &[Expr], keywords: &[Keyword]) {
        self.expr(func, Level::Atom);
        if let ([only], []) = (args, keywords) {
            if let ExprKind::GeneratorExp { elt, generators } = &only.node {
                return self.comprehension("(", elt, generators, ")");
            }
        }
        self.str("(");
        self.list(args, Level::Test);
        for (at, keyword) in keywords.iter().enumerate() {
            if at > 0 || !args.is_empty() {
                self.str(", ");
            }
            match &keyword.arg {
                Some(arg) => {
                    self.str(arg);
                    self.str("=");
                }
                None => self.str("**"),
            }
            self.expr(&keyword.value, Level::Test);
        }
        self.str(")");
    }

    fn arg(&mut self, first: &mut bool, prefix: &str, arg: Option<&Arg>, default: Option<&Expr>) {
        if !std::mem::replace(first, false) {
            self.str(", ");
        }
        self.str(prefix);
        if let Some(arg) = arg {
            self.str(&arg.arg);
            if let Some(annotation) = &arg.annotation {
                self.str(": ");
                self.expr(annotation, Level::Test);
            }
        }
        if let Some(default) = default {
            self.str("=");
            self.expr(default, Level::Test);
        }
    }

    fn arguments(&mut self, args: &Arguments) {
        let mut first = true;
        let positional = args.posonlyargs.len() + args.args.len();
        for (at, arg) in args.posonlyargs.iter().chain(&args.args).enumerate() {
            let default = (at + args.defaults.len()).checked_sub(positional);
            let default = default.and_then(|at| args.defaults.get(at));
            self.arg(&mut first, "", Some(arg), default);
            if at + 1 == args.posonlyargs.len() {
                self.str(", /");
            }
        }
        if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
            self.arg(&mut first, "*", args.vararg.as_deref(), None);
        }
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            self.arg(&mut first, "", Some(arg), default.as_ref());
        }
        if let Some(arg) = &args.kwarg {
            self.arg(&mut first, "**", Some(arg), None);
        }
    }

    fn constant(&mut self, value: &Constant) {
        match value {
            Constant::Tuple(items) => {
                self.str("(");
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.str(", ");
                    }
                    self.constant(item);
                }
                self.str(if items.len() == 1 { ",)" } else { ")" });
            }
            _ => self.str(&repr(value)),
        }
    }

    /// What stands between the quotes of an f-string or a t-string.
    fn fstring_body(values: &[Expr], is_format_spec: bool) -> String {
        let mut body = Writer { out: String::new() };
        for value in values {
            body.fstring_element(value, is_format_spec);
        }
        body.out
    }

    fn fstring_element(&mut self, expr: &Expr, is_format_spec: bool) {
        match &expr.node {
            ExprKind::Constant { value: Constant::Str(text), .. } => {
                let text = text.to_string_lossy();
                self.str(&text.replace('{', "{{").replace('}', "}}"));
            }
            ExprKind::JoinedStr { values } => self.joined_str(values, is_format_spec),
            ExprKind::TemplateStr { values } => self.template_str(values),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                // The grammar would allow a tuple or a lambda, but their commas and colons would
                // then mean something else.
                let mut text = Writer { out: String::new() };
                text.expr(value, Level::Test.tighter());
                self.interpolation(&text.out, *conversion, format_spec.as_deref());
            }
            ExprKind::Interpolation { str, conversion, format_spec, .. } => {
                let text = match str {
                    Constant::Str(text) => text.to_string_lossy(),
                    _ => String::new(),
                };
                self.interpolation(&text, *conversion, format_spec.as_deref());
            }
            _ => self.expr(expr, Level::Test),
        }
    }

    fn interpolation(&mut self, text: &str, conversion: i32, format_spec: Option<&Expr>) {
        self.str(if text.starts_with('{') { "{ " } else { "{" });
        self.str(text);
        if let Some(conversion) = u32::try_from(conversion).ok().and_then(char::from_u32) {
            self.out.push('!');
            self.out.push(conversion);
        }
        if let Some(spec) = format_spec {
            self.str(":");
            self.fstring_element(spec, true);
        }
        self.str("}");
    }

    fn joined_str(&mut self, values: &[Expr], is_format_spec: bool) {
        let body = Self::fstring_body(values, is_format_spec);
        if is_format_spec {
            self.str(&body);
        } else {
            self.quoted('f', &body);
        }
    }

    fn quoted(&mut self, prefix: char, body: &str) {
        self.out.push(prefix);
        self.str(&repr(&Constant::from_str(body)));
    }

    /// A t-string; parts that came from an f-string next to it become f-strings of their own.
    fn template_str(&mut self, values: &[Expr]) {
        let mut start = 0;
        for (at, value) in values.iter().enumerate() {
            if !matches!(value.node, ExprKind::FormattedValue { .. }) {
                continue;
            }
            if at > start {
                self.quoted('t', &Self::fstring_body(&values[start..at], false));
                self.str(" ");
            }
            self.quoted('f', &Self::fstring_body(&values[at..=at], false));
            if at + 1 < values.len() {
                self.str(" ");
            }
            start = at + 1;
        }
        if start < values.len() || values.is_empty() {
            self.quoted('t', &Self::fstring_body(&values[start..], false));
        }
    }
}

/// Python's `repr()` of a constant, with infinity spelled so that it can be read back.
pub(crate) fn repr(value: &Constant) -> String {
    match value {
        Constant::Float(number) if number.is_infinite() => if *number < 0.0 { "-1e309" } else { "1e309" }.to_owned(),
        Constant::Complex(real, imag) => {
            let part = |number: f64| {
                let text = repr(&Constant::Float(number));
                text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
            };
            if *real == 0.0 && real.is_sign_positive() {
                return format!("{}j", part(*imag));
            }
            let sign = if imag.is_sign_negative() || imag.is_nan() { "" } else { "+" };
            format!("({}{sign}{}j)", part(*real), part(*imag))
        }
        _ => format!("{value:?}"),
    }
}
