//! Nesting: how deep a source may go, and native stack for it.

use crate::ast::{Expr, ExprKind, Pattern, PatternKind, Stmt, StmtKind};
use crate::error::{CompileError, CompileResult, ErrorKind};
use taipan_bytecode::Constant;

/// How many nodes of a tree may stand inside one another.
///
/// CPython goes by the size of the native stack; here the number is fixed, and the stack grows on
/// demand, so that the outcome does not depend on the thread.
pub const MAX_DEPTH: u32 = 27_000;

/// Stack that one visited node may need, with everything it calls before the next node.
const RED_ZONE: usize = 96 * 1024;
const SEGMENT: usize = 1024 * 1024;

/// Stack that dropping a node needs before the next one.
const DROP_RED_ZONE: usize = 16 * 1024;

/// Counts the nodes that are being visited.
#[derive(Default, Debug)]
pub(crate) struct Depth(u32);

impl Depth {
    /// One level down. Raises `RecursionError`; the error ends the compilation, so that nobody has
    /// to count back.
    pub(crate) fn enter(&mut self) -> CompileResult<()> {
        self.0 += 1;
        if self.0 > MAX_DEPTH {
            return Err(too_deep());
        }
        Ok(())
    }

    /// One level up.
    pub(crate) fn leave(&mut self) {
        self.0 -= 1;
    }
}

/// What a tree that is too deep raises.
pub(crate) fn too_deep() -> CompileError {
    CompileError::new(ErrorKind::RecursionError, "maximum recursion depth exceeded during compilation")
}

/// Runs a step of a recursion, on a new piece of stack if little is left of the present one.
#[inline]
pub(crate) fn with_stack<R>(step: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(RED_ZONE, SEGMENT, step)
}

/// Drops what `empty` leaves of a node on a new piece of stack, if little is left of this one.
///
/// A tree is as deep as its source, and the compiler makes none that is too deep for itself; but
/// whoever drops it may run on a small stack.
macro_rules! drop_deep_nodes {
    ($($node:ty => $empty:expr),+ $(,)?) => {
        $(impl Drop for $node {
            #[inline]
            fn drop(&mut self) {
                if stacker::remaining_stack().is_none_or(|left| left < DROP_RED_ZONE) {
                    let node = std::mem::replace(&mut self.node, $empty);
                    stacker::grow(SEGMENT, || drop(node));
                }
            }
        })+
    };
}

drop_deep_nodes! {
    Expr => ExprKind::Constant { value: Constant::None, kind: None },
    Stmt => StmtKind::Pass,
    Pattern => PatternKind::MatchStar { name: None },
}
