//! Expressions.

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::code::Constant;

use super::super::literals::numbers::parse_number;
use super::Converter;
use crate::ast::{Arguments, BoolOp, CmpOp, Comprehension, Expr, ExprContext, ExprKind, Keyword, Operator, UnaryOp};
use crate::error::{CompileError, ErrorKind};

impl<'a> Converter<'a> {
    pub(super) fn exprs(&mut self, exprs: &'a [ruff::Expr]) -> Vec<Expr> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn optional(&mut self, expr: Option<&'a ruff::Expr>) -> Option<Box<Expr>> {
        expr.map(|expr| Box::new(self.expr(expr)))
    }

    /// An operand on the left side: chains of these are not bounded by nesting.
    fn left(&mut self, expr: &'a ruff::Expr) -> Box<Expr> {
        self.leftwards(|this| this.boxed(expr))
    }

    /// Ruff takes `yield a, @ b` for a multiplication.
    fn check_operand(&mut self, operand: &ruff::Expr) {
        self.suspicious |= matches!(operand, ruff::Expr::Yield(_) | ruff::Expr::YieldFrom(_));
    }

    fn boxed(&mut self, expr: &'a ruff::Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    pub(super) fn expr(&mut self, expr: &'a ruff::Expr) -> Expr {
        match expr {
            ruff::Expr::Name(node) => {
                let id = match self.masked_words.get(&node.range.start().to_u32()) {
                    Some(&word) => self.shared(word),
                    None => self.name(&node.id),
                };
                Expr { loc: self.location(node.range), node: ExprKind::Name { id, ctx: self.context(node.ctx) } }
            }
            ruff::Expr::StringLiteral(node) => self.string(node),
            ruff::Expr::NumberLiteral(node) => self.number(node.range),
            _ if !self.has_room() => self.nothing(expr.range()),
            _ => self.nested(|this| this.expr_inner(expr)),
        }
    }

    fn expr_inner(&mut self, expr: &'a ruff::Expr) -> Expr {
        let range = expr.range();
        let constant = |value| ExprKind::Constant { value, kind: None };
        let node = match expr {
            ruff::Expr::BoolOp(node) => {
                self.check_operand(&node.values[0]);
                let op = match node.op {
                    ruff::BoolOp::And => BoolOp::And,
                    ruff::BoolOp::Or => BoolOp::Or,
                };
                ExprKind::BoolOp { op, values: self.exprs(&node.values) }
            }
            ruff::Expr::Named(node) => {
                ExprKind::NamedExpr { target: self.boxed(&node.target), value: self.boxed(&node.value) }
            }
            ruff::Expr::BinOp(node) => {
                self.check_operand(&node.left);
                ExprKind::BinOp { left: self.left(&node.left), op: operator(node.op), right: self.boxed(&node.right) }
            }
            ruff::Expr::UnaryOp(node) => ExprKind::UnaryOp {
                op: match node.op {
                    ruff::UnaryOp::Invert => UnaryOp::Invert,
                    ruff::UnaryOp::Not => UnaryOp::Not,
                    ruff::UnaryOp::UAdd => UnaryOp::UAdd,
                    ruff::UnaryOp::USub => UnaryOp::USub,
                },
                operand: self.boxed(&node.operand),
            },
            ruff::Expr::Lambda(node) => {
                let args = match node.parameters.as_deref() {
                    Some(parameters) => self.parameters(parameters),
                    None => Arguments::default(),
                };
                ExprKind::Lambda { args: Box::new(args), body: self.boxed(&node.body) }
            }
            ruff::Expr::If(node) => {
                self.check_operand(&node.body);
                let body = self.boxed(&node.body);
                let test = self.boxed(&node.test);
                ExprKind::IfExp { test, body, orelse: self.boxed(&node.orelse) }
            }
            ruff::Expr::Dict(node) => {
                let mut keys = Vec::with_capacity(node.items.len());
                let mut values = Vec::with_capacity(node.items.len());
                for item in &node.items {
                    keys.push(item.key.as_ref().map(|key| self.expr(key)));
                    values.push(self.expr(&item.value));
                }
                ExprKind::Dict { keys, values }
            }
            ruff::Expr::Set(node) => ExprKind::Set { elts: self.exprs(&node.elts) },
            ruff::Expr::ListComp(node) => ExprKind::ListComp {
                elt: self.comprehension_element(&node.elt),
                generators: self.comprehensions(&node.generators),
            },
            ruff::Expr::SetComp(node) => ExprKind::SetComp {
                elt: self.comprehension_element(&node.elt),
                generators: self.comprehensions(&node.generators),
            },
            ruff::Expr::DictComp(node) => {
                // `{**x for ...}` is of a later version of the language.
                self.suspicious |= node.key.is_none();
                let key = self.boxed(node.key.as_deref().unwrap_or(&node.value));
                let value = self.boxed(&node.value);
                ExprKind::DictComp { key, value, generators: self.comprehensions(&node.generators) }
            }
            ruff::Expr::Generator(node) => ExprKind::GeneratorExp {
                elt: self.comprehension_element(&node.elt),
                generators: self.comprehensions(&node.generators),
            },
            ruff::Expr::Await(node) => ExprKind::Await { value: self.boxed(&node.value) },
            ruff::Expr::Yield(node) => {
                // Ruff takes a bare `yield` for an operand.
                let next = self.text.as_bytes().get(self.next_on_line(range.end()));
                self.suspicious |=
                    node.value.is_none() && !matches!(next, None | Some(b'\n' | b'#' | b';' | b')' | b'}'));
                ExprKind::Yield { value: self.optional(node.value.as_deref()) }
            }
            ruff::Expr::YieldFrom(node) => ExprKind::YieldFrom { value: self.boxed(&node.value) },
            ruff::Expr::Compare(node) => {
                self.check_operand(&node.left);
                ExprKind::Compare {
                    left: self.boxed(&node.left),
                    ops: node.ops.iter().map(|&op| comparison(op)).collect(),
                    comparators: self.exprs(&node.comparators),
                }
            }
            ruff::Expr::Call(node) => {
                let func = self.left(&node.func);
                let (args, keywords) = self.arguments(&node.arguments);
                ExprKind::Call { func, args, keywords }
            }
            ruff::Expr::FString(node) => return self.f_string(node),
            ruff::Expr::TString(node) => return self.t_string(node),
            ruff::Expr::StringLiteral(node) => return self.string(node),
            ruff::Expr::BytesLiteral(node) => return self.bytes(node),
            ruff::Expr::NumberLiteral(node) => return self.number(node.range),
            ruff::Expr::BooleanLiteral(node) => constant(Constant::from_bool(node.value)),
            ruff::Expr::NoneLiteral(_) => constant(Constant::None),
            ruff::Expr::EllipsisLiteral(_) => constant(Constant::Ellipsis),
            ruff::Expr::Attribute(node) => ExprKind::Attribute {
                value: self.left(&node.value),
                attr: self.identifier(&node.attr),
                ctx: self.context(node.ctx),
            },
            ruff::Expr::Subscript(node) => ExprKind::Subscript {
                value: self.left(&node.value),
                slice: self.boxed(&node.slice),
                ctx: self.context(node.ctx),
            },
            ruff::Expr::Starred(node) => {
                ExprKind::Starred { value: self.boxed(&node.value), ctx: self.context(node.ctx) }
            }
            ruff::Expr::Name(node) => ExprKind::Name { id: self.name(&node.id), ctx: self.context(node.ctx) },
            ruff::Expr::List(node) => ExprKind::List { elts: self.exprs(&node.elts), ctx: self.context(node.ctx) },
            ruff::Expr::Tuple(node) => ExprKind::Tuple { elts: self.exprs(&node.elts), ctx: self.context(node.ctx) },
            ruff::Expr::Slice(node) => ExprKind::Slice {
                lower: self.optional(node.lower.as_deref()),
                upper: self.optional(node.upper.as_deref()),
                step: self.optional(node.step.as_deref()),
            },
            ruff::Expr::IpyEscapeCommand(_) => {
                self.suspicious = true;
                constant(Constant::None)
            }
        };
        Expr { loc: self.location(range), node }
    }

    fn comprehension_element(&mut self, element: &'a ruff::Expr) -> Box<Expr> {
        // `[*x for ...]` is of a later version of the language; `(yield for ...)` is of none.
        self.suspicious |= matches!(element, ruff::Expr::Starred(_) | ruff::Expr::Yield(_) | ruff::Expr::YieldFrom(_));
        self.boxed(element)
    }

    fn comprehensions(&mut self, generators: &'a [ruff::Comprehension]) -> Vec<Comprehension> {
        generators
            .iter()
            .map(|generator| Comprehension {
                target: self.expr(&generator.target),
                iter: self.expr(&generator.iter),
                ifs: self.exprs(&generator.ifs),
                is_async: generator.is_async,
            })
            .collect()
    }

    /// The arguments of a call or the bases of a class: positional ones and keywords.
    pub(super) fn arguments(&mut self, arguments: &'a ruff::Arguments) -> (Vec<Expr>, Vec<Keyword>) {
        let mut args = Vec::with_capacity(arguments.args.len());
        for arg in &arguments.args {
            let mut converted = self.expr(arg);
            // The parentheses of the call are the generator's own.
            if let ruff::Expr::Generator(generator) = arg
                && !generator.parenthesized
            {
                converted.loc = self.location(arguments.range);
            }
            args.push(converted);
        }
        // `f((name)=value)` is no keyword.
        self.suspicious |= arguments
            .keywords
            .iter()
            .any(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.start() != keyword.range.start()));
        let keywords = arguments
            .keywords
            .iter()
            .map(|keyword| Keyword {
                loc: self.location(keyword.range),
                arg: keyword.arg.as_ref().map(|arg| self.identifier(arg)),
                value: self.expr(&keyword.value),
            })
            .collect();
        (args, keywords)
    }

    fn context(&mut self, context: ruff::ExprContext) -> ExprContext {
        match context {
            ruff::ExprContext::Load => ExprContext::Load,
            ruff::ExprContext::Store => ExprContext::Store,
            ruff::ExprContext::Del => ExprContext::Del,
            ruff::ExprContext::Invalid => {
                self.suspicious = true;
                ExprContext::Load
            }
        }
    }

    fn number(&mut self, range: TextRange) -> Expr {
        let text = self.source(range);
        let value = match parse_number(text, self.max_str_digits) {
            Ok(value) => value,
            Err(message) => {
                let (lineno, _) = self.position(range.start());
                let mut error = CompileError::new(ErrorKind::SyntaxError, message);
                error.lineno = Some(lineno);
                error.end_lineno = Some(lineno);
                error.col_offset = Some(0);
                error.end_col_offset = Some(0);
                self.fail(error);
                Constant::Int(0)
            }
        };
        // `1or 2` is still accepted, with a warning.
        let next = self.text.as_bytes().get(range.end().to_usize());
        if next.is_some_and(u8::is_ascii_alphabetic) {
            self.warn_of_number(range);
        }
        Expr { loc: self.location(range), node: ExprKind::Constant { value, kind: None } }
    }
}

pub(super) fn operator(op: ruff::Operator) -> Operator {
    match op {
        ruff::Operator::Add => Operator::Add,
        ruff::Operator::Sub => Operator::Sub,
        ruff::Operator::Mult => Operator::Mult,
        ruff::Operator::MatMult => Operator::MatMult,
        ruff::Operator::Div => Operator::Div,
        ruff::Operator::Mod => Operator::Mod,
        ruff::Operator::Pow => Operator::Pow,
        ruff::Operator::LShift => Operator::LShift,
        ruff::Operator::RShift => Operator::RShift,
        ruff::Operator::BitOr => Operator::BitOr,
        ruff::Operator::BitXor => Operator::BitXor,
        ruff::Operator::BitAnd => Operator::BitAnd,
        ruff::Operator::FloorDiv => Operator::FloorDiv,
    }
}

fn comparison(op: ruff::CmpOp) -> CmpOp {
    match op {
        ruff::CmpOp::Eq => CmpOp::Eq,
        ruff::CmpOp::NotEq => CmpOp::NotEq,
        ruff::CmpOp::Lt => CmpOp::Lt,
        ruff::CmpOp::LtE => CmpOp::LtE,
        ruff::CmpOp::Gt => CmpOp::Gt,
        ruff::CmpOp::GtE => CmpOp::GtE,
        ruff::CmpOp::Is => CmpOp::Is,
        ruff::CmpOp::IsNot => CmpOp::IsNot,
        ruff::CmpOp::In => CmpOp::In,
        ruff::CmpOp::NotIn => CmpOp::NotIn,
    }
}
