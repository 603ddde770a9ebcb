//! `from __future__ import …`: which features a module asks for.

use crate::ast::{Location, Mod, Stmt, StmtKind};
use crate::error::{CompileError, CompileResult};
use crate::flags::{CO_FUTURE_ANNOTATIONS, CO_FUTURE_BARRY_AS_BDFL};
use crate::tree::docstring;

/// `_PyFutureFeatures`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FutureFeatures {
    /// `CO_FUTURE_*` bits; the compiler adds the flags it was called with.
    pub(crate) features: u32,
    /// The last of the leading future statements.
    pub(crate) location: Location,
}

/// The features that a tree's future statements switch on (`_PyFuture_FromAST`).
///
/// Raises `SyntaxError` for a feature that does not exist.
pub(crate) fn from_ast(tree: &Mod) -> CompileResult<FutureFeatures> {
    let mut future = FutureFeatures { features: 0, location: Location::NONE };
    let (Mod::Module { body, .. } | Mod::Interactive { body }) = tree else {
        return Ok(future);
    };
    let rest = if docstring(body).is_some() { &body[1..] } else { &body[..] };
    for stmt in rest {
        // Only a run of future statements at the top counts; the symbol table complains of others.
        let StmtKind::ImportFrom { module: Some(module), level: 0, .. } = &stmt.node else {
            break;
        };
        if module != "__future__" {
            break;
        }
        check_features(&mut future, stmt)?;
        future.location = stmt.loc;
    }
    Ok(future)
}

fn check_features(future: &mut FutureFeatures, stmt: &Stmt) -> CompileResult<()> {
    let StmtKind::ImportFrom { names, .. } = &stmt.node else {
        return Ok(());
    };
    for alias in names {
        match alias.name.as_str() {
            "nested_scopes" | "generators" | "division" | "absolute_import" | "with_statement" | "print_function"
            | "unicode_literals" | "generator_stop" => {}
            "barry_as_FLUFL" => future.features |= CO_FUTURE_BARRY_AS_BDFL,
            "annotations" => future.features |= CO_FUTURE_ANNOTATIONS,
            "braces" => return Err(CompileError::syntax("not a chance", alias.loc)),
            other => {
                let message = format!("future feature {other} is not defined");
                return Err(CompileError::syntax(message, alias.loc));
            }
        }
    }
    Ok(())
}
