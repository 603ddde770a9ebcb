//! From source text to the tree of [`crate::ast`].

mod convert;
mod diagnose;
pub(crate) mod literals;
mod mask;
pub mod tokenizer;
mod type_comments;

use ruff_python_ast as ruff;
use ruff_python_ast::token::TokenKind as RuffToken;
use ruff_text_size::{TextRange, TextSize};

use crate::ast::{Location, Mod, Stmt, StmtKind};
use crate::error::{CompileError, CompileResult, ErrorKind, WarningSink};
use crate::flags::{CO_FUTURE_BARRY_AS_BDFL, Mode, PYCF_IGNORE_COOKIE, PYCF_SOURCE_IS_UTF8, PYCF_TYPE_COMMENTS};
use crate::source::{Decoder, LineIndex, decode_source};
use convert::Converter;
use diagnose::{ByteRange, Valid, Verdict, diagnose};
use literals::escapes::{NameLookup, character_by_name};
use tokenizer::{TokenKind, Tokenizer, TokenizerOptions};
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
    let ParseOptions { flags, decoder, int_max_str_digits, character_by_name, file } = options;
    let decoded = decode_source(source, is_text, file, decoder)?;
    let text = &*decoded.text;
    if i32::try_from(text.len()).is_err() {
        return Err(CompileError::new(
            ErrorKind::OverflowError,
            "Parser column offset overflow - source line is too big",
        ));
    }
    let settings = Settings { mode, flags, int_max_str_digits, character_by_name };
    settings.parse(text, warnings)
}

/// The parts of [`ParseOptions`] that matter once the source is text.
#[derive(Clone, Copy)]
struct Settings<'a> {
    mode: Mode,
    flags: u32,
    int_max_str_digits: usize,
    character_by_name: NameLookup<'a>,
}

impl Settings<'_> {
    fn parse(self, text: &str, warnings: &mut dyn WarningSink) -> CompileResult<Mod> {
        let mut valid = match self.needs_recogniser(text) {
            true => Some(self.recognise(text)?),
            false => None,
        };
        let index = LineIndex::new(text);
        if valid.as_ref().is_some_and(|valid| valid.is_empty_line) {
            return Ok(empty_line());
        }
        if let Some(parts) = valid.as_mut().and_then(|valid| valid.func_type.take()) {
            return self.function_type(text, &index, parts, warnings);
        }
        let parsed = Parsed::new(text, self.mode);
        if parsed.is_valid() {
            if valid.is_none() && (parsed.nests_deeply() || has_bad_indentation(text)) {
                valid = Some(self.recognise(text)?);
            }
            let comments = valid.take().map(|valid| valid.type_comments).unwrap_or_default();
            let mut converter = self.converter(text, &index, comments);
            let tree = converter.tree(parsed.syntax(), self.mode);
            return self.finish(tree, converter, text, warnings);
        }
        // The recogniser has the last word.
        let valid = match valid {
            Some(valid) => valid,
            None => self.recognise(text)?,
        };
        drop(parsed);
        let strings = valid.pattern_strings;
        let masked = mask::mask(text, &strings);
        let parsed = Parsed::new(&masked.text, self.mode);
        if !parsed.is_valid() {
            return Err(parsed.error(text, &index));
        }
        let mut unmasked = Vec::with_capacity(strings.len());
        for &(start, end) in &strings {
            unmasked.push((start as u32, parse_part(text, (start, end))?));
        }
        let mut converter = self.converter(text, &index, valid.type_comments);
        converter.unmask(&unmasked, &masked.words);
        let tree = converter.tree(parsed.syntax(), self.mode);
        self.finish(tree, converter, text, warnings)
    }

    fn converter<'t>(self, text: &'t str, index: &'t LineIndex, comments: TypeComments) -> Converter<'t>
    where
        Self: 't,
    {
        let lookup = self.character_by_name;
        Converter::new(text, index, lookup, self.int_max_str_digits, comments)
    }

    /// Whether the fast parser alone cannot be relied on for a source.
    fn needs_recogniser(self, text: &str) -> bool {
        match self.mode {
            Mode::Single | Mode::FuncType => true,
            // Ruff does not mind blanks around an expression.
            Mode::Eval if text.starts_with([' ', '\t', '\x0c', '\\', '#']) => true,
            Mode::Eval if text.trim_end_matches('\n').contains('\n') => true,
            // Here this is no byte order mark, but ruff takes it for one.
            _ if text.starts_with('\u{feff}') => true,
            _ => self.flags & (PYCF_TYPE_COMMENTS | CO_FUTURE_BARRY_AS_BDFL) != 0 || text.contains("barry_as_FLUFL"),
        }
    }

    /// Reads a source as the reference does: its error, or what there is to know of it.
    fn recognise(self, text: &str) -> CompileResult<Valid> {
        // A file always ends in a newline.
        let mut with_newline = String::new();
        let mut text = text;
        if self.mode == Mode::Exec && !text.is_empty() && !text.ends_with('\n') {
            with_newline.reserve_exact(text.len() + 1);
            with_newline.push_str(text);
            with_newline.push('\n');
            text = &with_newline;
        }
        let index = LineIndex::new(text);
        let verdict = diagnose(text, &index, self.mode, self.flags, self.character_by_name, self.int_max_str_digits);
        match verdict {
            Verdict::Valid(valid) => Ok(valid),
            Verdict::Invalid(error) => Err(*error),
        }
    }

    /// The tree of a function type, from the places of its parts.
    fn function_type(
        self,
        text: &str,
        index: &LineIndex,
        (arguments, result): (Vec<ByteRange>, ByteRange),
        warnings: &mut dyn WarningSink,
    ) -> CompileResult<Mod> {
        let arguments = arguments.into_iter().map(|part| parse_part(text, part)).collect::<CompileResult<Vec<_>>>()?;
        let result = parse_part(text, result)?;
        let mut converter = self.converter(text, index, TypeComments::default());
        let argtypes = arguments.iter().map(|argument| converter.expression(argument.expr())).collect();
        let returns = Box::new(converter.expression(result.expr()));
        self.finish(Mod::FunctionType { argtypes, returns }, converter, text, warnings)
    }

    /// Reports what the conversion found.
    fn finish(
        self,
        tree: Mod,
        mut converter: Converter<'_>,
        text: &str,
        warnings: &mut dyn WarningSink,
    ) -> CompileResult<Mod> {
        if converter.suspicious || converter.error.is_some() {
            // An error in a literal is reported in its turn.
            if !converter.is_too_deep() {
                self.recognise(text)?;
            }
            if let Some(error) = converter.error.take() {
                drop_deep(tree, text.len());
                return Err(error);
            }
        }
        for pending in converter.warnings.drain(..) {
            let message = pending.warning.message.clone();
            warnings.warn(pending.warning).map_err(|error| {
                // A warning that became an error says what it is an error of.
                let is_warning = error.kind == ErrorKind::SyntaxError && error.message == message;
                if is_warning { pending.error } else { error }
            })?;
        }
        Ok(tree)
    }
}

/// Parses an expression that is a part of a source.
fn parse_part(text: &str, (start, end): ByteRange) -> CompileResult<ruff_python_parser::Parsed<ruff::ModExpression>> {
    let range =
        TextRange::new(TextSize::try_from(start).unwrap_or_default(), TextSize::try_from(end).unwrap_or_default());
    ruff_python_parser::parse_parenthesized_expression_range(text, range)
        .or_else(|error| {
            // A `yield` wants its parentheses.
            let before = text[..start].trim_end().strip_suffix('(');
            let after = text[end..].trim_start().strip_prefix(')');
            let (Some(before), Some(after)) = (before, after) else {
                return Err(error);
            };
            let range = TextRange::new(
                TextSize::try_from(before.len()).unwrap_or_default(),
                TextSize::try_from(text.len() - after.len()).unwrap_or_default(),
            );
            ruff_python_parser::parse_parenthesized_expression_range(text, range)
        })
        .map_err(|_| CompileError::new(ErrorKind::SyntaxError, "invalid syntax"))
}

/// Whether the tokenizer objects to a source that is indented with tabs.
fn has_bad_indentation(text: &str) -> bool {
    // Without tabs there is nothing to mix.
    if memchr::memchr(b'\t', text.as_bytes()).is_none() {
        return false;
    }
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\x0c');
    let uses_tab = |line: &str| line.bytes().take_while(is_blank).any(|byte| byte == b'\t');
    if !text.lines().any(uses_tab) {
        return false;
    }
    let mut tokenizer = Tokenizer::new(text, TokenizerOptions::default());
    loop {
        match tokenizer.next_token().kind {
            TokenKind::ENDMARKER => return false,
            TokenKind::ERRORTOKEN => return true,
            _ => {}
        }
    }
}

/// What ruff made of a source.
struct Parsed {
    parsed: Option<ruff_python_parser::Parsed<ruff::Mod>>,
    size: usize,
}

impl Parsed {
    fn new(text: &str, mode: Mode) -> Parsed {
        let mode = match mode {
            Mode::Eval | Mode::FuncType => ruff_python_parser::Mode::Expression,
            Mode::Exec | Mode::Single => ruff_python_parser::Mode::Module,
        };
        let options = ruff_python_parser::ParseOptions::from(mode).with_target_version(ruff::PythonVersion::PY314);
        let parsed = ruff_python_parser::parse_unchecked(text, options);
        Parsed { parsed: Some(parsed), size: text.len() }
    }

    fn is_valid(&self) -> bool {
        self.parsed.as_ref().is_some_and(|parsed| parsed.errors().is_empty())
    }

    /// Whether there are more brackets in each other than the tokenizer may allow.
    fn nests_deeply(&self) -> bool {
        let Some(parsed) = &self.parsed else {
            return false;
        };
        let mut depth = 0_usize;
        for token in parsed.tokens().iter() {
            match token.kind() {
                RuffToken::Lpar | RuffToken::Lsqb | RuffToken::Lbrace => {
                    depth += 1;
                    if depth > 200 {
                        return true;
                    }
                }
                RuffToken::Rpar | RuffToken::Rsqb | RuffToken::Rbrace => {
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
        }
        false
    }

    fn syntax(&self) -> &ruff::Mod {
        static EMPTY: std::sync::LazyLock<ruff::Mod> = std::sync::LazyLock::new(|| {
            ruff_python_parser::parse_unchecked("", ruff_python_parser::Mode::Module.into()).into_syntax()
        });
        self.parsed.as_ref().map_or(&EMPTY, |parsed| parsed.syntax())
    }

    /// An error where ruff saw one, for sources that the recogniser accepts.
    fn error(&self, text: &str, index: &LineIndex) -> CompileError {
        let mut error = CompileError::new(ErrorKind::SyntaxError, "invalid syntax");
        if let Some(first) = self.parsed.as_ref().and_then(|parsed| parsed.errors().first()) {
            let offset = first.location.start().to_usize().min(text.len());
            let line = index.line_of(offset);
            let column = text[index.start(line)..offset].chars().count() as i32 + 1;
            error.lineno = Some(line as i32 + 1);
            error.col_offset = Some(column);
            error.end_lineno = error.lineno;
            error.end_col_offset = error.col_offset;
            error.text = Some(index.line_text(text, line).to_string());
        }
        error
    }
}

impl Drop for Parsed {
    fn drop(&mut self) {
        drop_deep(self.parsed.take(), self.size);
    }
}

/// Sources shorter than this cannot nest so deeply that freeing their tree needs more stack.
const SHALLOW_SIZE: usize = 4096;

/// Frees a tree that may be nested as deeply as its source is long.
fn drop_deep<T>(tree: T, size: usize) {
    if size <= SHALLOW_SIZE {
        return drop(tree);
    }
    // No level takes less than a byte of source, and none takes more stack than this.
    let stack = size.saturating_mul(512).min(1 << 30);
    if stacker::remaining_stack().is_some_and(|left| left / 2 > stack) {
        drop(tree);
    } else {
        stacker::grow(stack, || drop(tree));
    }
}

/// What an empty interactive input is read as.
fn empty_line() -> Mod {
    let loc = Location::new(1, 0, 1, 0);
    Mod::Interactive { body: vec![Stmt { loc, node: StmtKind::Pass }] }
}
