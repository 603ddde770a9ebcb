//! What the reference warns of while it reads literals, and the errors that these warnings become
//! where warnings are errors.

use ruff_text_size::{TextRange, TextSize};

use super::Converter;
use crate::error::{CompileError, CompileWarning, ErrorKind, WarningCategory};
use crate::parser::literals::escapes::InvalidEscape;

/// A warning, and what stands in for it as an error.
pub(in crate::parser) struct PendingWarning {
    pub warning: CompileWarning,
    pub error: CompileError,
}

/// The token that a warning of an escape sequence is located by: where it starts, how many quotes
/// it starts with, and the text that is decoded. For the text of an f-string that token is the one
/// that ends the string.
#[derive(Clone, Copy)]
pub(super) struct EscapeContext {
    pub token: TextSize,
    pub quotes: usize,
    pub body: TextRange,
    /// Whether the token is the end of an f-string.
    pub at_end: bool,
}

impl Converter<'_> {
    pub(super) fn warn_of_escape(&mut self, invalid: InvalidEscape, context: EscapeContext) {
        let body = self.source(context.body);
        let before = &body[..invalid.offset];
        let (first_line, first_col) = self.position(context.token);
        let newlines = memchr::memchr_iter(b'\n', before.as_bytes()).count() as i32;
        let lineno = first_line + newlines;
        let (line_before, first_col) = match before.rsplit_once('\n') {
            Some((_, rest)) => (rest, 0),
            None => (before, first_col + context.quotes as i32),
        };
        // The decoder sees a character beyond ASCII as an escape of ten bytes.
        let width: i32 = line_before.chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum();
        let col_offset = first_col + width;
        let message = invalid.warning(body);
        let error = invalid.error(body);
        // Past the end token of an f-string there is nothing more to show.
        let shown = if context.at_end { first_line } else { lineno };
        self.push_warning(message, error, lineno, shown, (col_offset + 1, col_offset + 3));
    }

    /// Warns of a backslash in front of a brace that ends at `end`.
    pub(super) fn warn_of_brace(&mut self, brace: char, end: TextSize) {
        let (lineno, col_offset) = self.position(end);
        let body = format!("\\{brace}");
        let invalid = InvalidEscape { offset: 0, length: 1, octal: false };
        let (message, error) = (invalid.warning(&body), invalid.error(&body));
        self.push_warning(message, error, lineno, lineno, (col_offset, col_offset));
    }

    /// Warns of a number that goes over into a word.
    pub(super) fn warn_of_number(&mut self, range: TextRange) {
        let kind = match self.source(range).as_bytes() {
            [b'0', b'x' | b'X', ..] => "hexadecimal",
            [b'0', b'o' | b'O', ..] => "octal",
            [b'0', b'b' | b'B', ..] => "binary",
            [.., b'j' | b'J'] => "imaginary",
            _ => "decimal",
        };
        let (lineno, col_offset) = self.position(range.end());
        let message = format!("invalid {kind} literal");
        self.push_warning(message.clone(), message, lineno, lineno, (col_offset, col_offset));
    }

    fn push_warning(&mut self, message: String, error: String, lineno: i32, shown: i32, columns: (i32, i32)) {
        let line = self.index.line_text(self.text, usize::try_from(shown - 1).unwrap_or(0));
        let characters = |bytes: i32| {
            let bytes = usize::try_from(bytes).unwrap_or(0);
            let inside = &line.as_bytes()[..bytes.min(line.len())];
            let count = String::from_utf8_lossy(inside).chars().count();
            // Beyond the line there is only its newline.
            (count + (bytes - inside.len()).min(2)) as i32
        };
        // The tokenizer points at one place, and shows the line alone.
        let by_tokenizer = columns.0 == columns.1;
        let shown_text = if by_tokenizer { line.to_string() } else { format!("{line}\n") };
        let (col_offset, end_col_offset) = (characters(columns.0), characters(columns.1));
        self.warnings.push(PendingWarning {
            warning: CompileWarning {
                category: WarningCategory::SyntaxWarning,
                message,
                lineno,
                col_offset,
                end_lineno: lineno,
                end_col_offset,
            },
            error: CompileError {
                kind: ErrorKind::SyntaxError,
                message: error,
                lineno: Some(lineno),
                col_offset: Some(col_offset),
                end_lineno: Some(lineno),
                end_col_offset: Some(end_col_offset),
                text: Some(shown_text),
                last_statement: None,
            },
        });
    }
}
