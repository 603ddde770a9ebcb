//! Small questions about a tree that several stages ask.

use crate::ast::*;
use taipan_bytecode::PyStr;

/// `_PyAST_GetDocString`: the string that a body begins with.
pub(crate) fn docstring(body: &[Stmt]) -> Option<&PyStr> {
    let StmtKind::Expr { value } = &body.first()?.node else {
        return None;
    };
    match &value.node {
        ExprKind::Constant { value: Constant::Str(text), .. } => Some(text),
        _ => None,
    }
}
