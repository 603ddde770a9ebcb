//! `# type:` comments (PEP 484), which only a parse with `PyCF_TYPE_COMMENTS` keeps.

use rustc_hash::FxHashMap;
use taipan_bytecode::code::Constant;

/// A type comment: its text and the offset at which it ends.
#[derive(Clone, Debug)]
pub(crate) struct TypeComment {
    pub text: Constant,
    pub end: u32,
}

/// The type comments of a source, by the node that they belong to.
#[derive(Debug, Default)]
pub(crate) struct TypeComments {
    /// Comments by the offset at which their statement (without decorators) or parameter starts.
    pub by_start: FxHashMap<u32, TypeComment>,
    /// `# type: ignore` comments: their line and what follows the word.
    pub ignores: Vec<(i32, Constant)>,
}

impl TypeComments {
    /// The comment of the node that starts at an offset.
    pub fn take(&mut self, start: u32) -> Option<TypeComment> {
        if self.by_start.is_empty() {
            return None;
        }
        self.by_start.remove(&start)
    }
}
