//! From source text to the tree of [`crate::ast`].

mod convert;
pub(crate) mod literals;
pub mod tokenizer;
mod type_comments;

use ruff_python_ast as ruff;

use crate::ast::Mod;
use crate::error::{CompileError, CompileResult, ErrorKind, WarningSink};
use crate::flags::{Mode, PYCF_IGNORE_COOKIE, PYCF_SOURCE_IS_UTF8};
use crate::source::{Decoder, LineIndex, decode_source};
use convert::Converter;
use literals::escapes::{NameLookup, character_by_name};
use type_comments::TypeComments;

/// What a parse may need from the runtime. The default serves where there is none.
pub struct ParseOptions<'a> {
    /// `PYCF_*` bits.
    pub flags: u32,
    /// The codecs for sources in encodings that are not built in.
    pub decoder: Option<Decoder<'a>>,
    /// `sys.get_int_max_str_digits()`; 0 is no limit.
    pub int_max_str_digits: usize,
    /// Finds the characters of `\N{...}`.
    pub character_by_name: NameLookup<'a>,
    /// The file's name if the source is read from a file, for the message about its encoding.
    pub file: Option<&'a str>,
}

impl Default for ParseOptions<'_> {
    fn default() -> Self {
        ParseOptions {
            flags: 0,
            decoder: None,
            int_max_str_digits: 4300,
            character_by_name: &character_by_name,
            file: None,
        }
    }
}

/// Parses a source.
///
/// `source` is the file's bytes; a byte order mark and a coding cookie are honoured unless `flags`
/// (`PYCF_*`) say that the source was text. `filename` appears in messages only. Warnings of the
/// tokenizer and the parser go to `warnings`.
///
/// Raises `SyntaxError` and its subclasses, `MemoryError` and `RecursionError` for nesting that is
/// too deep, and `UnicodeDecodeError`.
pub fn parse(
    source: &[u8],
    _filename: &str,
    mode: Mode,
    flags: u32,
    warnings: &mut dyn WarningSink,
) -> CompileResult<Mod> {
    parse_with(source, mode, ParseOptions { flags, ..ParseOptions::default() }, warnings)
}

/// Parses a source, with all that a runtime can tell the parser; see [`parse`].
pub fn parse_with(
    source: &[u8],
    mode: Mode,
    options: ParseOptions<'_>,
    warnings: &mut dyn WarningSink,
) -> CompileResult<Mod> {
    let is_text = options.flags & (PYCF_SOURCE_IS_UTF8 | PYCF_IGNORE_COOKIE) != 0;
    let decoded = decode_source(source, is_text, options.file, options.decoder)?;
    let text = &*decoded.text;
    if u32::try_from(text.len()).is_err() {
        return Err(CompileError::new(ErrorKind::MemoryError, "source is too large"));
    }
    let index = LineIndex::new(text);
    let ruff_mode = match mode {
        Mode::Eval | Mode::FuncType => ruff_python_parser::Mode::Expression,
        Mode::Exec | Mode::Single => ruff_python_parser::Mode::Module,
    };
    let options_of_ruff =
        ruff_python_parser::ParseOptions::from(ruff_mode).with_target_version(ruff::PythonVersion::PY314);
    let parsed = match ruff_python_parser::parse(text, options_of_ruff) {
        Ok(parsed) => parsed,
        Err(error) => {
            let mut compile_error = CompileError::new(ErrorKind::SyntaxError, "invalid syntax");
            let line = index.line_of(error.location.start().to_usize().min(text.len()));
            compile_error.lineno = Some(line as i32 + 1);
            compile_error.text = Some(index.line_text(text, line).to_string());
            return Err(compile_error);
        }
    };
    let mut converter =
        Converter::new(text, &index, options.character_by_name, options.int_max_str_digits, TypeComments::default());
    let tree = match (parsed.syntax(), mode) {
        (ruff::Mod::Module(module), Mode::Single) => converter.interactive(module),
        (ruff::Mod::Module(module), _) => converter.module(module),
        (ruff::Mod::Expression(module), _) => Mod::Expression { body: Box::new(converter.expression(module)) },
    };
    if let Some(error) = converter.error.take() {
        return Err(error);
    }
    for warning in converter.warnings.drain(..) {
        warnings.warn(warning)?;
    }
    Ok(tree)
}
