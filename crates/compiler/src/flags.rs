//! The bits of `compile()`'s *flags* argument, and what else steers a compilation.

/// `PyCF_SOURCE_IS_UTF8`: the source was text, so a coding cookie means nothing.
pub const PYCF_SOURCE_IS_UTF8: u32 = 0x0100;
/// `PyCF_DONT_IMPLY_DEDENT`: the input does not close its open blocks by ending.
pub const PYCF_DONT_IMPLY_DEDENT: u32 = 0x0200;
/// `PyCF_ONLY_AST`: stop after parsing.
pub const PYCF_ONLY_AST: u32 = 0x0400;
/// `PyCF_IGNORE_COOKIE`: ignore a coding cookie.
pub const PYCF_IGNORE_COOKIE: u32 = 0x0800;
/// `PyCF_TYPE_COMMENTS`: keep `# type:` comments.
pub const PYCF_TYPE_COMMENTS: u32 = 0x1000;
/// `PyCF_ALLOW_TOP_LEVEL_AWAIT`: `await` and its relatives may stand outside functions.
pub const PYCF_ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
/// `PyCF_ALLOW_INCOMPLETE_INPUT`: input that ends too early raises `_IncompleteInputError`.
pub const PYCF_ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;
/// `PyCF_OPTIMIZED_AST`: stop after the tree has been preprocessed.
pub const PYCF_OPTIMIZED_AST: u32 = 0x8000 | PYCF_ONLY_AST;

/// `CO_FUTURE_BARRY_AS_BDFL`: `<>` is spelled for `!=` (PEP 401).
pub const CO_FUTURE_BARRY_AS_BDFL: u32 = 0x40_0000;
/// `CO_FUTURE_ANNOTATIONS`: annotations are kept as text (PEP 563).
pub const CO_FUTURE_ANNOTATIONS: u32 = 0x100_0000;
/// `PyCF_MASK`: every `CO_FUTURE_*` bit.
pub const PYCF_MASK: u32 = 0x1fe_0000;

/// Which grammar rule a source is read by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// `exec`: a file.
    Exec,
    /// `eval`: one expression.
    Eval,
    /// `single`: one interactive statement.
    Single,
    /// `func_type`: a function signature in a type comment.
    FuncType,
}

/// How to compile a tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompileOptions {
    /// 0; 1 as with `-O`: no assertions; 2 as with `-OO`: no docstrings either.
    pub optimize: u8,
    /// `PYCF_*` and `CO_FUTURE_*` bits, the latter for features that the surroundings switched on.
    pub flags: u32,
}
