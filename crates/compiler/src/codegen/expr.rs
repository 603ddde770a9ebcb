//! Expressions: operators, conditions, displays, attributes, subscripts, slices.

use super::names::AttrOp;
use super::*;
use crate::recursion::with_stack;
use taipan_bytecode::operand::*;

/// The oparg of `BINARY_OP` for an operator.
fn binary_oparg(op: Operator, inplace: bool) -> u32 {
    let plain = match op {
        Operator::Add => BinaryOp::NB_ADD,
        Operator::Sub => BinaryOp::NB_SUBTRACT,
        Operator::Mult => BinaryOp::NB_MULTIPLY,
        Operator::MatMult => BinaryOp::NB_MATRIX_MULTIPLY,
        Operator::Div => BinaryOp::NB_TRUE_DIVIDE,
        Operator::Mod => BinaryOp::NB_REMAINDER,
        Operator::Pow => BinaryOp::NB_POWER,
        Operator::LShift => BinaryOp::NB_LSHIFT,
        Operator::RShift => BinaryOp::NB_RSHIFT,
        Operator::BitOr => BinaryOp::NB_OR,
        Operator::BitXor => BinaryOp::NB_XOR,
        Operator::BitAnd => BinaryOp::NB_AND,
        Operator::FloorDiv => BinaryOp::NB_FLOOR_DIVIDE,
    };
    // The in-place operators follow the plain ones in the same order.
    plain as u32 + if inplace { BinaryOp::NB_INPLACE_ADD as u32 } else { 0 }
}

/// How a display of several items is built when it cannot be built at once.
#[derive(Clone, Copy)]
pub(super) struct Display {
    pub(super) build: Opcode,
    pub(super) add: Opcode,
    pub(super) extend: Opcode,
    /// The list becomes a tuple in the end.
    pub(super) tuple: bool,
}

impl Display {
    pub(super) const LIST: Display =
        Display { build: Opcode::BUILD_LIST, add: Opcode::LIST_APPEND, extend: Opcode::LIST_EXTEND, tuple: false };
    pub(super) const TUPLE: Display = Display { tuple: true, ..Display::LIST };
    pub(super) const SET: Display =
        Display { build: Opcode::BUILD_SET, add: Opcode::SET_ADD, extend: Opcode::SET_UPDATE, tuple: false };
}

pub(super) fn is_starred(expr: &Expr) -> bool {
    matches!(expr.node, ExprKind::Starred { .. })
}

/// If an attribute access takes several lines, the position of the attribute's name.
pub(super) fn at_attribute(mut loc: Location, attribute: &Expr, attr: &Name) -> Location {
    let end = attribute.loc;
    if loc.lineno != end.end_lineno {
        loc.lineno = end.end_lineno;
        let len = attr.chars().count() as i32;
        if len <= end.end_col_offset {
            loc.col_offset = end.end_col_offset - len;
        } else {
            // Only a tree that did not come from a parser gets here.
            loc.col_offset = -1;
            loc.end_col_offset = -1;
        }
        loc.end_lineno = loc.lineno.max(loc.end_lineno);
        if loc.lineno == loc.end_lineno {
            loc.end_col_offset = loc.col_offset.max(loc.end_col_offset);
        }
    }
    loc
}

impl<'a> Codegen<'a> {
    pub(super) fn visit_exprs(&mut self, exprs: &'a [Expr]) -> CompileResult<()> {
        exprs.iter().try_for_each(|expr| self.visit_expr(expr))
    }

    pub(super) fn visit_expr(&mut self, expr: &'a Expr) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.visit_expr_kind(expr))?;
        self.depth.leave();
        Ok(())
    }

    fn visit_expr_kind(&mut self, expr: &'a Expr) -> CompileResult<()> {
        let loc = expr.loc;
        match &expr.node {
            ExprKind::NamedExpr { target, value } => {
                self.visit_expr(value)?;
                self.op_i(loc, Opcode::COPY, 1);
                self.visit_expr(target)
            }
            ExprKind::BoolOp { op, values } => self.bool_op(loc, *op, values),
            ExprKind::BinOp { left, op, right } => {
                self.visit_expr(left)?;
                self.visit_expr(right)?;
                self.op_i(loc, Opcode::BINARY_OP, binary_oparg(*op, false));
                Ok(())
            }
            ExprKind::UnaryOp { op, operand } => {
                self.visit_expr(operand)?;
                match op {
                    UnaryOp::UAdd => {
                        let positive = Intrinsic1::INTRINSIC_UNARY_POSITIVE as u32;
                        self.op_i(loc, Opcode::CALL_INTRINSIC_1, positive);
                    }
                    UnaryOp::Not => {
                        self.op(loc, Opcode::TO_BOOL);
                        self.op(loc, Opcode::UNARY_NOT);
                    }
                    UnaryOp::Invert => self.op(loc, Opcode::UNARY_INVERT),
                    UnaryOp::USub => self.op(loc, Opcode::UNARY_NEGATIVE),
                }
                Ok(())
            }
            ExprKind::Lambda { args, body } => self.lambda(expr, args, body),
            ExprKind::IfExp { test, body, orelse } => self.if_exp(loc, test, body, orelse),
            ExprKind::Dict { keys, values } => self.dict(loc, keys, values),
            ExprKind::Set { elts } => self.display(loc, elts, None, 0, Display::SET),
            ExprKind::ListComp { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::DictComp { .. }
            | ExprKind::GeneratorExp { .. } => self.comprehension(expr),
            ExprKind::Yield { value } => {
                if !self.entry().is_function_like() {
                    return self.error(loc, "'yield' outside function");
                }
                match value {
                    Some(value) => self.visit_expr(value)?,
                    None => self.load_const(loc, Constant::None),
                }
                self.add_yield(loc);
                Ok(())
            }
            ExprKind::YieldFrom { value } => {
                if !self.entry().is_function_like() {
                    return self.error(loc, "'yield from' outside function");
                }
                if self.unit.scope_type == ScopeType::AsyncFunction {
                    return self.error(loc, "'yield from' inside async function");
                }
                self.visit_expr(value)?;
                self.op(loc, Opcode::GET_YIELD_FROM_ITER);
                self.load_const(loc, Constant::None);
                self.add_yield_from(loc, false);
                Ok(())
            }
            ExprKind::Await { value } => {
                self.visit_expr(value)?;
                self.await_top(loc, 0);
                Ok(())
            }
            ExprKind::Compare { left, ops, comparators } => self.compare(expr, left, ops, comparators),
            ExprKind::Call { func, args, keywords } => self.call(loc, func, args, keywords),
            ExprKind::Constant { value, .. } => {
                self.load_const(loc, value.clone());
                Ok(())
            }
            ExprKind::JoinedStr { values } => self.joined_str(loc, values),
            ExprKind::TemplateStr { values } => self.template_str(loc, values),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                self.formatted_value(loc, value, *conversion, format_spec.as_deref())
            }
            ExprKind::Interpolation { value, str, conversion, format_spec } => {
                self.interpolation(loc, value, str, *conversion, format_spec.as_deref())
            }
            ExprKind::Attribute { value, attr, ctx } => self.attribute(expr, value, attr, *ctx),
            ExprKind::Subscript { value, slice, ctx } => self.subscript(loc, value, slice, *ctx),
            ExprKind::Starred { ctx: ExprContext::Store, .. } => {
                self.error(loc, "starred assignment target must be in a list or tuple")
            }
            ExprKind::Starred { .. } => self.error(loc, "can't use starred expression here"),
            ExprKind::Slice { .. } => self.slice(expr),
            ExprKind::Name { id, ctx } => self.name_op(loc, id, *ctx),
            ExprKind::List { elts, ctx } => match ctx {
                ExprContext::Store => self.unpack(loc, elts),
                ExprContext::Load => self.display(loc, elts, None, 0, Display::LIST),
                ExprContext::Del => self.visit_exprs(elts),
            },
            ExprKind::Tuple { elts, ctx } => match ctx {
                ExprContext::Store => self.unpack(loc, elts),
                ExprContext::Load => self.display(loc, elts, None, 0, Display::TUPLE),
                ExprContext::Del => self.visit_exprs(elts),
            },
        }
    }

    pub(super) fn inplace_op(&mut self, loc: Location, op: Operator) {
        self.op_i(loc, Opcode::BINARY_OP, binary_oparg(op, true));
    }

    pub(super) fn subscr(&mut self, loc: Location) {
        self.op_i(loc, Opcode::BINARY_OP, BinaryOp::NB_SUBSCR as u32);
    }

    pub(super) fn add_yield(&mut self, loc: Location) {
        let entry = self.entry();
        if entry.generator && entry.coroutine {
            let wrap = Intrinsic1::INTRINSIC_ASYNC_GEN_WRAP as u32;
            self.op_i(loc, Opcode::CALL_INTRINSIC_1, wrap);
        }
        self.op_i(loc, Opcode::YIELD_VALUE, 0);
        self.op_i(loc, Opcode::RESUME, RESUME_AFTER_YIELD);
    }

    fn bool_op(&mut self, loc: Location, op: BoolOp, values: &'a [Expr]) -> CompileResult<()> {
        let jump = match op {
            BoolOp::And => Opcode::JUMP_IF_FALSE,
            BoolOp::Or => Opcode::JUMP_IF_TRUE,
        };
        let end = self.new_label();
        if let Some((last, others)) = values.split_last() {
            for value in others {
                self.visit_expr(value)?;
                self.jump(loc, jump, end);
                self.op(loc, Opcode::POP_TOP);
            }
            self.visit_expr(last)?;
        }
        self.use_label(end);
        Ok(())
    }

    fn if_exp(&mut self, loc: Location, test: &'a Expr, body: &'a Expr, orelse: &'a Expr) -> CompileResult<()> {
        let (end, next) = (self.new_label(), self.new_label());
        self.jump_if(loc, test, next, false)?;
        self.visit_expr(body)?;
        self.jump(Location::NONE, Opcode::JUMP_NO_INTERRUPT, end);
        self.use_label(next);
        self.visit_expr(orelse)?;
        self.use_label(end);
        Ok(())
    }

    pub(super) fn add_compare(&mut self, loc: Location, op: CmpOp) {
        let compare = match op {
            CmpOp::Eq => CompareOp::EQ,
            CmpOp::NotEq => CompareOp::NE,
            CmpOp::Lt => CompareOp::LT,
            CmpOp::LtE => CompareOp::LE,
            CmpOp::Gt => CompareOp::GT,
            CmpOp::GtE => CompareOp::GE,
            CmpOp::Is => return self.op_i(loc, Opcode::IS_OP, 0),
            CmpOp::IsNot => return self.op_i(loc, Opcode::IS_OP, 1),
            CmpOp::In => return self.op_i(loc, Opcode::CONTAINS_OP, 0),
            CmpOp::NotIn => return self.op_i(loc, Opcode::CONTAINS_OP, 1),
        };
        self.op_i(loc, Opcode::COMPARE_OP, compare.oparg());
    }

    fn compare(&mut self, expr: &'a Expr, left: &'a Expr, ops: &[CmpOp], comparators: &'a [Expr]) -> CompileResult<()> {
        let loc = expr.loc;
        self.check_compare(loc, left, ops, comparators)?;
        self.visit_expr(left)?;
        let (Some((last_op, other_ops)), Some((last, others))) = (ops.split_last(), comparators.split_last()) else {
            return Err(CompileError::new(ErrorKind::ValueError, "Compare has no comparators"));
        };
        if others.is_empty() {
            self.visit_expr(last)?;
            self.add_compare(loc, *last_op);
            return Ok(());
        }
        let cleanup = self.new_label();
        for (op, comparator) in other_ops.iter().zip(others) {
            self.visit_expr(comparator)?;
            self.op_i(loc, Opcode::SWAP, 2);
            self.op_i(loc, Opcode::COPY, 2);
            self.add_compare(loc, *op);
            self.op_i(loc, Opcode::COPY, 1);
            self.op(loc, Opcode::TO_BOOL);
            self.jump(loc, Opcode::POP_JUMP_IF_FALSE, cleanup);
            self.op(loc, Opcode::POP_TOP);
        }
        self.visit_expr(last)?;
        self.add_compare(loc, *last_op);
        let end = self.new_label();
        self.jump(Location::NONE, Opcode::JUMP_NO_INTERRUPT, end);
        self.use_label(cleanup);
        self.op_i(loc, Opcode::SWAP, 2);
        self.op(loc, Opcode::POP_TOP);
        self.use_label(end);
        Ok(())
    }

    /// Jumps to `next` if the truth of an expression is `condition` (`codegen_jump_if`).
    pub(super) fn jump_if(&mut self, loc: Location, expr: &'a Expr, next: Label, condition: bool) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.jump_if_kind(loc, expr, next, condition))?;
        self.depth.leave();
        Ok(())
    }

    fn jump_if_kind(&mut self, loc: Location, expr: &'a Expr, next: Label, condition: bool) -> CompileResult<()> {
        match &expr.node {
            ExprKind::UnaryOp { op: UnaryOp::Not, operand } => {
                return self.jump_if(loc, operand, next, !condition);
            }
            ExprKind::BoolOp { op, values } => {
                let shortcut = *op == BoolOp::Or;
                let next2 = if shortcut == condition { next } else { self.new_label() };
                if let Some((last, others)) = values.split_last() {
                    for value in others {
                        self.jump_if(loc, value, next2, shortcut)?;
                    }
                    self.jump_if(loc, last, next, condition)?;
                }
                if next2 != next {
                    self.use_label(next2);
                }
                return Ok(());
            }
            ExprKind::IfExp { test, body, orelse } => {
                let (end, next2) = (self.new_label(), self.new_label());
                self.jump_if(loc, test, next2, false)?;
                self.jump_if(loc, body, next, condition)?;
                self.jump(Location::NONE, Opcode::JUMP_NO_INTERRUPT, end);
                self.use_label(next2);
                self.jump_if(loc, orelse, next, condition)?;
                self.use_label(end);
                return Ok(());
            }
            ExprKind::Compare { left, ops, comparators } if ops.len() > 1 => {
                return self.jump_if_chained(expr, left, ops, comparators, next, condition);
            }
            _ => {}
        }
        self.visit_expr(expr)?;
        self.op(expr.loc, Opcode::TO_BOOL);
        self.jump_on(expr.loc, next, condition);
        Ok(())
    }

    fn jump_on(&mut self, loc: Location, next: Label, condition: bool) {
        let opcode = match condition {
            true => Opcode::POP_JUMP_IF_TRUE,
            false => Opcode::POP_JUMP_IF_FALSE,
        };
        self.jump(loc, opcode, next);
    }

    /// [`Self::jump_if`] for `a < b < c`.
    fn jump_if_chained(
        &mut self,
        expr: &'a Expr,
        left: &'a Expr,
        ops: &[CmpOp],
        comparators: &'a [Expr],
        next: Label,
        condition: bool,
    ) -> CompileResult<()> {
        let loc = expr.loc;
        self.check_compare(loc, left, ops, comparators)?;
        let cleanup = self.new_label();
        self.visit_expr(left)?;
        let last = ops.len() - 1;
        for (at, (op, comparator)) in ops.iter().zip(comparators).enumerate() {
            self.visit_expr(comparator)?;
            if at < last {
                self.op_i(loc, Opcode::SWAP, 2);
                self.op_i(loc, Opcode::COPY, 2);
            }
            self.add_compare(loc, *op);
            self.op(loc, Opcode::TO_BOOL);
            if at < last {
                self.jump(loc, Opcode::POP_JUMP_IF_FALSE, cleanup);
            } else {
                self.jump_on(loc, next, condition);
            }
        }
        let end = self.new_label();
        self.jump(Location::NONE, Opcode::JUMP_NO_INTERRUPT, end);
        self.use_label(cleanup);
        self.op(loc, Opcode::POP_TOP);
        if !condition {
            self.jump(Location::NONE, Opcode::JUMP_NO_INTERRUPT, next);
        }
        self.use_label(end);
        Ok(())
    }

    /// A list, tuple or set display, or positional arguments (`starunpack_helper`). `pushed` items
    /// are on the stack already; `injected` names one that comes last.
    pub(super) fn display(
        &mut self,
        loc: Location,
        elts: &'a [Expr],
        injected: Option<&Name>,
        pushed: usize,
        how: Display,
    ) -> CompileResult<()> {
        let big = elts.len() + pushed + usize::from(injected.is_some()) > STACK_USE_GUIDELINE;
        if !big && !elts.iter().any(is_starred) {
            self.visit_exprs(elts)?;
            let mut count = elts.len() + pushed;
            if let Some(name) = injected {
                self.name_op(loc, name, ExprContext::Load)?;
                count += 1;
            }
            let opcode = if how.tuple { Opcode::BUILD_TUPLE } else { how.build };
            self.op_i(loc, opcode, count as u32);
            return Ok(());
        }
        let mut built = big;
        if big {
            self.op_i(loc, how.build, pushed as u32);
        }
        for (at, elt) in elts.iter().enumerate() {
            if let ExprKind::Starred { value, .. } = &elt.node {
                if !built {
                    self.op_i(loc, how.build, (at + pushed) as u32);
                    built = true;
                }
                self.visit_expr(value)?;
                self.op_i(loc, how.extend, 1);
            } else {
                self.visit_expr(elt)?;
                if built {
                    self.op_i(loc, how.add, 1);
                }
            }
        }
        if let Some(name) = injected {
            self.name_op(loc, name, ExprContext::Load)?;
            self.op_i(loc, how.add, 1);
        }
        if how.tuple {
            let to_tuple = Intrinsic1::INTRINSIC_LIST_TO_TUPLE as u32;
            self.op_i(loc, Opcode::CALL_INTRINSIC_1, to_tuple);
        }
        Ok(())
    }

    fn subdict(&mut self, loc: Location, keys: &'a [Option<Expr>], values: &'a [Expr]) -> CompileResult<()> {
        let big = keys.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.op_i(loc, Opcode::BUILD_MAP, 0);
        }
        for (key, value) in keys.iter().zip(values) {
            if let Some(key) = key {
                self.visit_expr(key)?;
            }
            self.visit_expr(value)?;
            if big {
                self.op_i(loc, Opcode::MAP_ADD, 1);
            }
        }
        if !big {
            self.op_i(loc, Opcode::BUILD_MAP, keys.len() as u32);
        }
        Ok(())
    }

    fn dict(&mut self, loc: Location, keys: &'a [Option<Expr>], values: &'a [Expr]) -> CompileResult<()> {
        let mut have_dict = false;
        let mut elements = 0;
        for (at, (key, value)) in keys.iter().zip(values).enumerate() {
            let flush = match key {
                None => (elements > 0).then_some((at - elements, at)),
                Some(_) if elements * 2 > STACK_USE_GUIDELINE => Some((at - elements, at + 1)),
                Some(_) => {
                    elements += 1;
                    continue;
                }
            };
            if let Some((start, end)) = flush {
                self.subdict(loc, &keys[start..end], &values[start..end])?;
                if have_dict {
                    self.op_i(loc, Opcode::DICT_UPDATE, 1);
                }
                have_dict = true;
                elements = 0;
            }
            if key.is_none() {
                if !have_dict {
                    self.op_i(loc, Opcode::BUILD_MAP, 0);
                    have_dict = true;
                }
                self.visit_expr(value)?;
                self.op_i(loc, Opcode::DICT_UPDATE, 1);
            }
        }
        if elements > 0 {
            let start = values.len() - elements;
            self.subdict(loc, &keys[start..], &values[start..])?;
            if have_dict {
                self.op_i(loc, Opcode::DICT_UPDATE, 1);
            }
            have_dict = true;
        }
        if !have_dict {
            self.op_i(loc, Opcode::BUILD_MAP, 0);
        }
        Ok(())
    }

    fn attribute(&mut self, expr: &'a Expr, value: &'a Expr, attr: &'a Name, ctx: ExprContext) -> CompileResult<()> {
        let loc = expr.loc;
        if ctx == ExprContext::Load {
            if let Some(args) = self.super_call_args(value, attr) {
                self.load_args_for_super(value, args)?;
                let op = if args.is_empty() { AttrOp::LoadZeroSuper } else { AttrOp::LoadSuper };
                self.op_attr(loc, op, attr);
                self.op(at_attribute(loc, expr, attr), Opcode::NOP);
                return Ok(());
            }
        }
        self.note_static_attribute(value, attr, ctx);
        self.visit_expr(value)?;
        let op = match ctx {
            ExprContext::Load => AttrOp::Load,
            ExprContext::Store => AttrOp::Store,
            ExprContext::Del => AttrOp::Delete,
        };
        self.op_attr(at_attribute(loc, expr, attr), op, attr);
        Ok(())
    }

    /// Notes that a method assigns an attribute of `self`.
    fn note_static_attribute(&mut self, value: &Expr, attr: &Name, ctx: ExprContext) {
        let ExprKind::Name { id, .. } = &value.node else { return };
        if ctx != ExprContext::Store || id != "self" {
            return;
        }
        let mut outer = self.outer.iter_mut().rev();
        if let Some(class) = outer.find(|unit| unit.scope_type == ScopeType::Class) {
            class.static_attributes.insert(attr.clone());
        }
    }

    fn subscript(&mut self, loc: Location, value: &'a Expr, slice: &'a Expr, ctx: ExprContext) -> CompileResult<()> {
        if ctx == ExprContext::Load {
            self.check_subscripter(value)?;
            self.check_index(value, slice)?;
        }
        self.visit_expr(value)?;
        if ctx != ExprContext::Del && target::is_two_part_slice(slice) {
            self.slice_two_parts(slice)?;
            let load = ctx == ExprContext::Load;
            self.op(loc, if load { Opcode::BINARY_SLICE } else { Opcode::STORE_SLICE });
            return Ok(());
        }
        self.visit_expr(slice)?;
        match ctx {
            ExprContext::Load => self.subscr(loc),
            ExprContext::Store => self.op(loc, Opcode::STORE_SUBSCR),
            ExprContext::Del => self.op(loc, Opcode::DELETE_SUBSCR),
        }
        Ok(())
    }

    pub(super) fn slice_two_parts(&mut self, slice: &'a Expr) -> CompileResult<()> {
        if let ExprKind::Slice { lower, upper, .. } = &slice.node {
            for part in [lower, upper] {
                match part {
                    Some(part) => self.visit_expr(part)?,
                    None => self.load_const(slice.loc, Constant::None),
                }
            }
        }
        Ok(())
    }

    fn slice(&mut self, expr: &'a Expr) -> CompileResult<()> {
        if let Some(value) = target::constant_slice(expr) {
            self.load_const(expr.loc, value);
            return Ok(());
        }
        self.slice_two_parts(expr)?;
        let mut count = 2;
        if let ExprKind::Slice { step: Some(step), .. } = &expr.node {
            self.visit_expr(step)?;
            count += 1;
        }
        self.op_i(expr.loc, Opcode::BUILD_SLICE, count);
        Ok(())
    }
}
