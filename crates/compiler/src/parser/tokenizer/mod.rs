//! A tokenizer that works as CPython's does: the same tokens, the same positions, the same errors
//! in the same order.
//!
//! The fast path of the parser does without it: it serves the diagnosis of syntax errors, type
//! comments, and the module `_tokenize` (the mode with extra tokens).

mod iter;
mod normal;
mod number;
mod strings;
mod token;

pub use iter::{TokenInfo, TokenizerIter};
pub use token::{Token, TokenKind};

/// The deepest indentation, as `MAXINDENT`.
const MAX_INDENT: usize = 100;
/// The deepest nesting of brackets, as `MAXLEVEL`.
const MAX_LEVEL: usize = 200;
/// The deepest nesting of f-strings in each other, as `MAXFSTRINGLEVEL`.
const MAX_STRING_LEVEL: usize = 150;
/// The deepest nesting of expressions in format specifications, as `MAX_EXPR_NESTING`.
const MAX_EXPR_NESTING: i32 = 3;

/// What state a tokenizer is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// There is more to come.
    Ok,
    /// The end was reached.
    Eof,
    /// An error was raised: see [`Tokenizer::error`].
    Error,
    /// Tabs and spaces are mixed in a way that depends on the width of a tab.
    TabSpace,
    /// Too many levels of indentation.
    TooDeep,
    /// A dedent that matches no outer level.
    Dedent,
    /// Something follows a backslash.
    LineContinuation,
    /// The end was reached inside a triple-quoted string (an error was raised).
    EofInString,
    /// The end was reached inside a string (an error was raised).
    EolInString,
}

/// A `SyntaxError` that the tokenizer raises: lines and columns from 1, columns in characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenizerError {
    pub message: String,
    pub lineno: i32,
    pub col_offset: i32,
    pub end_col_offset: i32,
    /// The line, without its newline.
    pub text: String,
}

/// A `SyntaxWarning` that the tokenizer gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenizerWarning {
    pub message: String,
    pub lineno: i32,
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub struct OpenBracket {
    pub bracket: u8,
    pub lineno: i32,
    pub col_offset: i32,
}

/// The kinds of strings with fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum StringKind {
    FString,
    TString,
}

/// An f-string or t-string that is being read.
#[derive(Clone, Debug)]
struct StringMode {
    kind: StringKind,
    /// Whether the next token is text; if not, it belongs to an expression.
    in_text: bool,
    bracket_depth: i32,
    expr_start_depth: i32,
    quote: u8,
    quote_size: usize,
    raw: bool,
    /// Where the string starts: offset, line and the offset of the line.
    start: usize,
    lineno: i32,
    line_start: usize,
    in_format_spec: bool,
}

/// What a tokenizer reports beside what a parser needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TokenizerOptions {
    /// Give `TYPE_COMMENT` and `TYPE_IGNORE` tokens.
    pub type_comments: bool,
    /// Read `<>` as one operator (PEP 401).
    pub barry_as_bdfl: bool,
    /// Give `COMMENT` and `NL` tokens, and be liberal, as the module `tokenize` wants it.
    pub extra_tokens: bool,
}

/// Splits a source into tokens.
#[derive(Debug)]
pub struct Tokenizer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    pub(crate) options: TokenizerOptions,
    /// The next byte to read.
    pub(crate) cur: usize,
    /// The end of the line that has been read.
    pub(crate) inp: usize,
    pub(crate) line_start: usize,
    /// The start of the line in which the current token, or the blanks before it, began.
    pub(crate) buf: usize,
    pub(crate) lineno: i32,
    /// The start of the current token, if it has begun.
    start: Option<usize>,
    /// The line in which the current token starts.
    first_lineno: i32,
    multi_line_start: usize,
    starting_col_offset: i32,
    pub(crate) status: Status,
    pub(crate) error: Option<TokenizerError>,
    pub(crate) warnings: Vec<TokenizerWarning>,
    at_line_start: bool,
    pub(crate) pending: i32,
    /// The columns of the open indentations with tabs of eight and of one.
    pub(crate) indents: Vec<(usize, usize)>,
    pub(crate) brackets: Vec<OpenBracket>,
    strings: Vec<StringMode>,
    comment_newline: bool,
    continued_line: bool,
}

impl<'t> Tokenizer<'t> {
    /// A tokenizer for a text whose newlines are all `\n`.
    pub fn new(text: &'t str, options: TokenizerOptions) -> Tokenizer<'t> {
        Tokenizer {
            text,
            bytes: text.as_bytes(),
            options,
            cur: 0,
            inp: 0,
            line_start: 0,
            buf: 0,
            lineno: 0,
            start: None,
            first_lineno: 0,
            multi_line_start: 0,
            starting_col_offset: -1,
            status: Status::Ok,
            error: None,
            warnings: Vec::new(),
            at_line_start: true,
            pending: 0,
            indents: vec![(0, 0)],
            brackets: Vec::new(),
            strings: Vec::new(),
            comment_newline: false,
            continued_line: false,
        }
    }

    /// The text that is read.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The text of a token.
    pub fn token_text(&self, token: &Token) -> &'t str {
        token.range.map_or("", |(start, end)| &self.text[start..end])
    }

    /// Reads the next token. `ERRORTOKEN` says that there is none: [`Tokenizer::status`] tells why.
    pub fn next_token(&mut self) -> Token {
        match self.strings.last() {
            Some(mode) if mode.in_text => self.string_token(),
            _ => self.normal_token(),
        }
    }

    /// Why there is no token.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The error that was raised.
    pub fn error(&self) -> Option<&TokenizerError> {
        self.error.as_ref()
    }

    /// The warnings so far.
    pub fn warnings(&self) -> &[TokenizerWarning] {
        &self.warnings
    }

    /// Whether the current line goes on from the one before by a backslash.
    pub fn is_continued_line(&self) -> bool {
        self.continued_line
    }

    /// Inside which strings with fields the tokenizer is: the letter of the innermost one.
    pub(crate) fn string_prefix(&self) -> char {
        match self.strings.last() {
            Some(StringMode { kind: StringKind::TString, .. }) => 't',
            _ => 'f',
        }
    }

    /// Whether the tokenizer is inside a string with fields.
    pub(crate) fn in_string(&self) -> bool {
        !self.strings.is_empty()
    }

    /// The next byte; `None` at the end.
    fn next_byte(&mut self) -> Option<u8> {
        if self.cur == self.inp {
            if self.status != Status::Ok {
                return None;
            }
            if self.inp == self.bytes.len() {
                self.status = Status::Eof;
                return None;
            }
            let rest = &self.bytes[self.inp..];
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            if self.start.is_none() {
                self.buf = self.cur;
            }
            self.line_start = self.cur;
            self.lineno += 1;
            self.inp += length;
        }
        let byte = self.bytes[self.cur];
        self.cur += 1;
        Some(byte)
    }

    /// Gives the byte back that was read last.
    fn back(&mut self, byte: Option<u8>) {
        if byte.is_some() {
            self.cur -= 1;
        }
    }

    fn column(&self) -> i32 {
        self.cur as i32 - self.line_start as i32
    }

    /// Makes a token of `start..end`.
    fn make(&self, kind: TokenKind, range: Option<(usize, usize)>) -> Token {
        use TokenKind::*;
        let is_string = matches!(
            kind,
            STRING | FSTRING_START | FSTRING_MIDDLE | FSTRING_END | TSTRING_START | TSTRING_MIDDLE | TSTRING_END
        );
        let (col_offset, end_col_offset) = match range {
            // Doubled braces end one byte before what was read.
            Some(_) => (self.starting_col_offset, self.column()),
            None => (-1, -1),
        };
        Token {
            kind,
            range,
            lineno: if is_string { self.first_lineno } else { self.lineno },
            col_offset,
            end_lineno: self.lineno,
            end_col_offset,
            level: self.brackets.len(),
        }
    }

    /// A token that goes from where it started to here.
    fn make_here(&self, kind: TokenKind) -> Token {
        self.make(kind, Some((self.start.unwrap_or(self.cur), self.cur)))
    }

    fn error_token(&self) -> Token {
        self.make(TokenKind::ERRORTOKEN, None)
    }

    fn fail(&mut self, status: Status) -> Token {
        self.status = status;
        self.error_token()
    }

    /// Raises a `SyntaxError` at the end of what was read.
    fn syntax_error(&mut self, message: impl Into<String>) -> Token {
        self.syntax_error_range(message, None)
    }

    /// Raises a `SyntaxError` for columns (from 1, in bytes) of the current line.
    fn syntax_error_range(&mut self, message: impl Into<String>, columns: Option<(usize, usize)>) -> Token {
        if self.status == Status::Error {
            return self.error_token();
        }
        let chars =
            |end: usize| -> i32 { String::from_utf8_lossy(&self.bytes[self.line_start..end]).chars().count() as i32 };
        let (col_offset, end_col_offset) = match columns {
            Some((start, end)) => (chars(self.line_start + start), chars(self.line_start + end)),
            None => {
                let here = chars(self.cur.max(self.line_start));
                (here, here)
            }
        };
        let rest = &self.bytes[self.line_start..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let error = TokenizerError {
            message: message.into(),
            lineno: self.lineno,
            col_offset,
            end_col_offset,
            text: String::from_utf8_lossy(&rest[..length]).into_owned(),
        };
        self.error = Some(error);
        self.status = Status::Error;
        self.error_token()
    }

    fn warn(&mut self, message: String) {
        self.warnings.push(TokenizerWarning { message, lineno: self.lineno });
    }
}

/// Whether a byte may start an identifier; what is not ASCII is checked later.
fn is_identifier_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 128
}

/// Whether a byte may go on with an identifier.
fn is_identifier_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 128
}

/// Whether `str.isprintable` holds for a character.
pub(crate) fn is_printable(c: char) -> bool {
    if c == ' ' {
        return true;
    }
    // As the second character, a combining one is not escaped for that alone.
    let mut text = String::from("a");
    text.push(c);
    let mut escaped = text.escape_debug();
    escaped.next();
    let first = escaped.next();
    matches!(c, '\'' | '"' | '\\') || first == Some(c)
}
