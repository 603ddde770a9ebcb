//! From source text to the tree of [`crate::ast`].

use crate::ast::Mod;
use crate::error::{CompileError, CompileResult, ErrorKind, WarningSink};
use crate::flags::Mode;

/// Parses a source.
///
/// `source` is the file's bytes; a byte order mark and a coding cookie are honoured unless `flags`
/// (`PYCF_*`) say that the source was text. `filename` appears in messages only. Warnings of the
/// tokenizer and the parser go to `warnings`.
///
/// Raises `SyntaxError` and its subclasses, `MemoryError` and `RecursionError` for nesting that is
/// too deep, and `UnicodeDecodeError`.
pub fn parse(
    _source: &[u8],
    _filename: &str,
    _mode: Mode,
    _flags: u32,
    _warnings: &mut dyn WarningSink,
) -> CompileResult<Mod> {
    Err(CompileError::new(
        ErrorKind::SystemError,
        "the parser is not there yet",
    ))
}
