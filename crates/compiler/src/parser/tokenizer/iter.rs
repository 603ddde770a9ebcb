//! Tokens as the module `_tokenize` gives them: columns in characters, the line with each token.

use super::{Status, TokenKind, Tokenizer, TokenizerOptions};
use crate::error::{CompileError, ErrorKind};

/// One item of [`TokenizerIter`]: what a `TokenInfo` is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenInfo<'t> {
    /// With extra tokens, operators are all `OP`.
    pub kind: TokenKind,
    pub string: &'t str,
    /// Line from 1 and column from 0, in characters.
    pub start: (i32, i32),
    pub end: (i32, i32),
    /// The physical line, or lines, that the token stands in.
    pub line: &'t str,
}

/// Reads a text token by token, as `_tokenize.TokenizerIter` does.
///
/// Carriage returns are left to the tokenizer, so that they show in `NEWLINE` and `NL` tokens.
#[derive(Debug)]
pub struct TokenizerIter<'t> {
    tokenizer: Tokenizer<'t>,
    extra_tokens: bool,
    /// Whether the text's last newline was added, and is not to be shown.
    implicit_newline: bool,
    done: bool,
    /// The line in which the last token started.
    last_lineno: i32,
    last_line: &'t str,
}

impl<'t> TokenizerIter<'t> {
    /// An iterator over a text that ends in a newline, unless it is empty. `implicit_newline` says
    /// that the last newline is not the source's own.
    pub fn new(text: &'t str, extra_tokens: bool, implicit_newline: bool) -> TokenizerIter<'t> {
        let options = TokenizerOptions { extra_tokens, ..TokenizerOptions::default() };
        let tokenizer = Tokenizer::new(text, options);
        // Without extra tokens, an empty text has none at all.
        let done = text.is_empty() && !extra_tokens;
        TokenizerIter { tokenizer, extra_tokens, implicit_newline, done, last_lineno: 0, last_line: "" }
    }

    /// The next token, `None` after the last.
    ///
    /// Raises `SyntaxError` and its subclasses where the source cannot be split into tokens.
    pub fn next_token(&mut self) -> Result<Option<TokenInfo<'t>>, CompileError> {
        if self.done {
            return Ok(None);
        }
        let token = self.tokenizer.next_token();
        if token.kind == TokenKind::ERRORTOKEN {
            self.done = true;
            return Err(self.error());
        }
        let text = self.tokenizer.text();
        let at_last_line = self.implicit_newline && self.tokenizer.inp == text.len();
        let trailing = token.kind == TokenKind::ENDMARKER
            || token.kind == TokenKind::DEDENT && self.tokenizer.status == Status::Eof;
        self.done = token.kind == TokenKind::ENDMARKER;
        // These may have started on an earlier line.
        let is_string = matches!(
            token.kind,
            TokenKind::STRING
                | TokenKind::FSTRING_START
                | TokenKind::FSTRING_MIDDLE
                | TokenKind::TSTRING_START
                | TokenKind::TSTRING_MIDDLE
        );
        let line_start = self.tokenizer.line_start;
        let first_line = if is_string { self.tokenizer.multi_line_start } else { line_start };
        let line = match self.extra_tokens && trailing {
            true => "",
            // At the end there is a line only if the token before had it too.
            false if self.tokenizer.status == Status::Eof => match self.last_lineno == token.lineno {
                true => self.last_line,
                false => "",
            },
            false => {
                let line = &text[first_line..self.tokenizer.inp];
                if at_last_line { line.strip_suffix('\n').unwrap_or(line) } else { line }
            }
        };
        (self.last_lineno, self.last_line) = (token.lineno, line);
        let mut string = self.tokenizer.token_text(&token);
        let characters = |from: usize, to: usize| text[from..to.max(from)].chars().count() as i32;
        let (mut lineno, mut end_lineno) = (token.lineno, token.end_lineno);
        let (mut col, mut end_col) = match token.range {
            Some((start, end)) => (
                if start >= first_line { characters(first_line, start) } else { -1 },
                if end >= line_start { characters(line_start, end) } else { -1 },
            ),
            None => (-1, -1),
        };
        let mut kind = token.kind;
        if self.extra_tokens {
            if trailing {
                lineno += 1;
                end_lineno = lineno;
                (col, end_col) = (0, 0);
            }
            match kind {
                TokenKind::NEWLINE => {
                    // The newline is shown, unless it was added.
                    string = match token.range {
                        Some((start, end)) if !at_last_line => &text[start..end + 1],
                        _ => "",
                    };
                    end_col += 1;
                }
                TokenKind::NL if at_last_line => string = "",
                _ if !kind.operator_text().is_empty() => kind = TokenKind::OP,
                _ => {}
            }
        }
        Ok(Some(TokenInfo { kind, string, start: (lineno, col), end: (end_lineno, end_col), line }))
    }

    fn error(&self) -> CompileError {
        let tokenizer = &self.tokenizer;
        if let Some(error) = tokenizer.error() {
            return CompileError {
                lineno: Some(error.lineno),
                col_offset: Some(error.col_offset),
                end_lineno: Some(error.lineno),
                end_col_offset: Some(error.end_col_offset),
                text: Some(error.text.clone()),
                ..CompileError::new(ErrorKind::SyntaxError, &*error.message)
            };
        }
        let (kind, message) = match tokenizer.status() {
            Status::Eof => (ErrorKind::SyntaxError, "unexpected EOF in multi-line statement"),
            Status::Dedent => (ErrorKind::IndentationError, "unindent does not match any outer indentation level"),
            Status::TabSpace => (ErrorKind::TabError, "inconsistent use of tabs and spaces in indentation"),
            Status::TooDeep => (ErrorKind::IndentationError, "too many levels of indentation"),
            Status::LineContinuation => {
                (ErrorKind::SyntaxError, "unexpected character after line continuation character")
            }
            _ => (ErrorKind::SyntaxError, "unknown tokenization error"),
        };
        let shown = &tokenizer.text()[tokenizer.buf..tokenizer.inp];
        let mut error = CompileError::new(kind, message);
        error.lineno = Some(tokenizer.lineno);
        // At the end of the source's own last line nothing is left to point at.
        let at_end = tokenizer.status() == Status::Eof && !self.implicit_newline;
        error.col_offset = Some(if at_end { 0 } else { shown.chars().count() as i32 });
        if tokenizer.status() != Status::Eof {
            error.text = Some(shown.trim_end_matches('\n').to_string());
        }
        error
    }
}
