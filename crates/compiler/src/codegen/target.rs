//! Assignment: unpacking, augmented assignment, and what is asked about slices on the way.

use super::expr::{at_attribute, is_starred};
use super::names::AttrOp;
use super::*;

/// The constant that a slice of constants is.
pub(super) fn constant_slice(expr: &Expr) -> Option<Constant> {
    let ExprKind::Slice { lower, upper, step } = &expr.node else {
        return None;
    };
    let part = |part: &Option<Box<Expr>>| match part.as_deref() {
        None => Some(Constant::None),
        Some(Expr { node: ExprKind::Constant { value, .. }, .. }) => Some(value.clone()),
        Some(_) => None,
    };
    Some(Constant::Slice(Arc::new([part(lower)?, part(upper)?, part(step)?])))
}

/// Whether a subscript is `lower:upper`, with something in it that is no constant.
pub(super) fn is_two_part_slice(expr: &Expr) -> bool {
    matches!(expr.node, ExprKind::Slice { step: None, .. }) && constant_slice(expr).is_none()
}

/// The oparg of `UNPACK_EX` for a star in the place `at` of `count`.
pub(super) fn unpack_ex_oparg(at: usize, count: usize) -> Option<u32> {
    let after = count - at - 1;
    (at < 1 << 8 && after < (i32::MAX >> 8) as usize).then(|| (at + (after << 8)) as u32)
}

impl<'a> Codegen<'a> {
    /// Unpacks what is on the stack into targets.
    pub(super) fn unpack(&mut self, loc: Location, elts: &'a [Expr]) -> CompileResult<()> {
        let mut seen_star = false;
        for (at, _) in elts.iter().enumerate().filter(|(_, elt)| is_starred(elt)) {
            if seen_star {
                return self.error(loc, "multiple starred expressions in assignment");
            }
            let Some(oparg) = unpack_ex_oparg(at, elts.len()) else {
                return self.error(loc, "too many expressions in star-unpacking assignment");
            };
            self.op_i(loc, Opcode::UNPACK_EX, oparg);
            seen_star = true;
        }
        if !seen_star {
            self.op_i(loc, Opcode::UNPACK_SEQUENCE, elts.len() as u32);
        }
        for elt in elts {
            match &elt.node {
                ExprKind::Starred { value, .. } => self.visit_expr(value)?,
                _ => self.visit_expr(elt)?,
            }
        }
        Ok(())
    }

    pub(super) fn aug_assign(
        &mut self,
        stmt_loc: Location,
        target: &'a Expr,
        op: Operator,
        value: &'a Expr,
    ) -> CompileResult<()> {
        let loc = target.loc;
        match &target.node {
            ExprKind::Attribute { value: object, attr, .. } => {
                self.visit_expr(object)?;
                self.op_i(loc, Opcode::COPY, 1);
                let loc = at_attribute(loc, target, attr);
                self.op_attr(loc, AttrOp::Load, attr);
                self.visit_expr(value)?;
                self.inplace_op(stmt_loc, op);
                self.op_i(loc, Opcode::SWAP, 2);
                self.op_attr(loc, AttrOp::Store, attr);
                Ok(())
            }
            ExprKind::Subscript { value: object, slice, .. } => {
                self.visit_expr(object)?;
                let two_parts = is_two_part_slice(slice);
                if two_parts {
                    self.slice_two_parts(slice)?;
                    for _ in 0..3 {
                        self.op_i(loc, Opcode::COPY, 3);
                    }
                    self.op(loc, Opcode::BINARY_SLICE);
                } else {
                    self.visit_expr(slice)?;
                    self.op_i(loc, Opcode::COPY, 2);
                    self.op_i(loc, Opcode::COPY, 2);
                    self.subscr(loc);
                }
                self.visit_expr(value)?;
                self.inplace_op(stmt_loc, op);
                if two_parts {
                    self.op_i(loc, Opcode::SWAP, 4);
                }
                self.op_i(loc, Opcode::SWAP, 3);
                self.op_i(loc, Opcode::SWAP, 2);
                self.op(loc, if two_parts { Opcode::STORE_SLICE } else { Opcode::STORE_SUBSCR });
                Ok(())
            }
            ExprKind::Name { id, .. } => {
                self.name_op(loc, id, ExprContext::Load)?;
                self.visit_expr(value)?;
                self.inplace_op(stmt_loc, op);
                self.name_op(loc, id, ExprContext::Store)
            }
            _ => Err(invalid_target(target, "augmented")),
        }
    }
}

/// The error of a target that no parser would accept in an assignment; it tells the node by its
/// number in the list of expressions.
pub(super) fn invalid_target(target: &Expr, assignment: &str) -> CompileError {
    let number = match target.node {
        ExprKind::Starred { .. } => 25,
        ExprKind::List { .. } => 27,
        ExprKind::Tuple { .. } => 28,
        // Nothing else passes the checks of a tree.
        _ => 0,
    };
    let message = format!("invalid node type ({number}) for {assignment} assignment");
    CompileError::new(ErrorKind::SystemError, message)
}
