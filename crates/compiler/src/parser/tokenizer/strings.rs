//! Strings, and the text of f-strings and t-strings.

use super::{MAX_EXPR_NESTING, MAX_STRING_LEVEL, Status, StringKind, StringMode, Token, TokenKind, Tokenizer};

impl Tokenizer<'_> {
    /// Reads a plain string whose first quote has been read.
    pub(super) fn string(&mut self, quote: u8) -> Token {
        let mut quote_size = 1;
        let mut end_quote_size = 0;
        let mut escaped_quote = false;
        self.first_lineno = self.lineno;
        self.multi_line_start = self.line_start;
        let mut c = self.next_byte();
        if c == Some(quote) {
            c = self.next_byte();
            if c == Some(quote) {
                quote_size = 3;
            } else {
                end_quote_size = 1;
            }
        }
        if c != Some(quote) {
            self.back(c);
        }
        while end_quote_size != quote_size {
            let mut c = self.next_byte();
            if c.is_none() || quote_size == 1 && c == Some(b'\n') {
                return self.unterminated_string(quote, quote_size, escaped_quote, c);
            }
            if c == Some(quote) {
                end_quote_size += 1;
                continue;
            }
            end_quote_size = 0;
            if c == Some(b'\\') {
                c = self.next_byte();
                escaped_quote |= c == Some(quote);
                if c == Some(b'\r') {
                    self.next_byte();
                }
            }
        }
        let mut token = self.make_here(TokenKind::STRING);
        token.col_offset = (self.start.unwrap_or(0) - self.multi_line_start) as i32;
        token
    }

    /// Reports from the opening quote.
    fn unterminated_string(&mut self, quote: u8, quote_size: usize, escaped_quote: bool, last: Option<u8>) -> Token {
        self.cur = self.start.unwrap_or(self.cur) + 1;
        self.line_start = self.multi_line_start;
        let detected = self.lineno;
        self.lineno = self.first_lineno;
        if let Some(mode) = self.strings.last()
            && mode.quote == quote
            && mode.quote_size == quote_size
        {
            // The quote was meant to end the string around this one.
            let prefix = self.string_prefix();
            return self.syntax_error(format!("{prefix}-string: expecting '}}'"));
        }
        let token = if quote_size == 3 {
            self.syntax_error(format!("unterminated triple-quoted string literal (detected at line {detected})"))
        } else if escaped_quote {
            self.syntax_error(format!(
                "unterminated string literal (detected at line {detected}); perhaps you escaped \
                 the end quote?"
            ))
        } else {
            self.syntax_error(format!("unterminated string literal (detected at line {detected})"))
        };
        if last != Some(b'\n') {
            let in_triple = quote_size == 3;
            self.status = if in_triple { Status::EofInString } else { Status::EolInString };
        }
        token
    }

    /// Starts an f-string or t-string whose first quote has been read.
    pub(super) fn string_start(&mut self, quote: u8, template: bool, raw: bool) -> Token {
        self.first_lineno = self.lineno;
        self.multi_line_start = self.line_start;
        let mut quote_size = 1;
        let after = self.next_byte();
        if after == Some(quote) {
            let after_after = self.next_byte();
            if after_after == Some(quote) {
                quote_size = 3;
            } else {
                self.back(after_after);
                self.back(after);
            }
        } else {
            self.back(after);
        }
        if self.strings.len() + 1 >= MAX_STRING_LEVEL {
            return self.syntax_error("too many nested f-strings or t-strings");
        }
        self.strings.push(StringMode {
            kind: if template { StringKind::TString } else { StringKind::FString },
            in_text: true,
            bracket_depth: 0,
            expr_start_depth: -1,
            quote,
            quote_size,
            raw,
            start: self.start.unwrap_or(self.cur),
            lineno: self.lineno,
            line_start: self.line_start,
            in_format_spec: false,
        });
        let kind = if template { TokenKind::TSTRING_START } else { TokenKind::FSTRING_START };
        self.make_here(kind)
    }

    /// Reads text, or what ends the string.
    pub(super) fn string_token(&mut self) -> Token {
        let Some(mode) = self.strings.last() else {
            return self.error_token();
        };
        let (kind, quote, quote_size, raw) = (mode.kind, mode.quote, mode.quote_size, mode.raw);
        let (middle, end) = match kind {
            StringKind::FString => (TokenKind::FSTRING_MIDDLE, TokenKind::FSTRING_END),
            StringKind::TString => (TokenKind::TSTRING_MIDDLE, TokenKind::TSTRING_END),
        };
        self.start = Some(self.cur);
        self.first_lineno = self.lineno;
        self.starting_col_offset = self.column();
        let first = self.next_byte();
        if first == Some(b'{') {
            let peek = self.next_byte();
            self.back(peek);
            self.back(first);
            if peek != Some(b'{') {
                if let Some(token) = self.enter_field(false) {
                    return token;
                }
                return self.normal_token();
            }
        } else {
            self.back(first);
        }
        // The end of the string?
        let mut matched = 0;
        while matched < quote_size {
            let c = self.next_byte();
            if c != Some(quote) {
                self.back(c);
                break;
            }
            matched += 1;
        }
        if matched == quote_size {
            let token = self.make_here(end);
            self.strings.pop();
            return token;
        }
        self.multi_line_start = self.line_start;
        // One or two quotes that do not end the string are text.
        let mut end_quote_size = 0;
        let mut in_name_escape = false;
        while end_quote_size != quote_size {
            let c = self.next_byte();
            let mode = self.strings.last();
            let in_spec = mode.is_some_and(|m| m.in_format_spec && m.expr_start_depth >= 0);
            if c.is_none() || quote_size == 1 && c == Some(b'\n') {
                if in_spec && c == Some(b'\n') {
                    let prefix = self.string_prefix();
                    return self.syntax_error(format!(
                        "{prefix}-string: newlines are not allowed in format specifiers for single \
                         quoted {prefix}-strings"
                    ));
                }
                return self.unterminated_text(c);
            }
            if c == Some(quote) {
                end_quote_size += 1;
                continue;
            }
            end_quote_size = 0;
            match c {
                Some(b'{') => {
                    let peek = self.next_byte();
                    if peek != Some(b'{') || in_spec {
                        self.back(peek);
                        self.back(c);
                        if let Some(token) = self.enter_field(true) {
                            return token;
                        }
                        return self.make_here(middle);
                    }
                    return self.doubled_brace(middle);
                }
                Some(b'}') => {
                    if in_name_escape {
                        return self.make_here(middle);
                    }
                    let peek = self.next_byte();
                    let depth = self.strings.last().map_or(0, |mode| mode.bracket_depth);
                    if peek == Some(b'}') && !in_spec && depth == 0 {
                        return self.doubled_brace(middle);
                    }
                    self.back(peek);
                    self.back(c);
                    if let Some(mode) = self.strings.last_mut() {
                        mode.in_text = false;
                        mode.in_format_spec = false;
                    }
                    return self.make_here(middle);
                }
                Some(b'\\') => {
                    let mut peek = self.next_byte();
                    if peek == Some(b'\r') {
                        peek = self.next_byte();
                    }
                    if let Some(brace @ (b'{' | b'}')) = peek {
                        if !raw {
                            let brace = char::from(brace);
                            self.warn(format!(
                                "\"\\{brace}\" is an invalid escape sequence. Such sequences will \
                                 not work in the future. Did you mean \"\\\\{brace}\"? A raw \
                                 string is also an option."
                            ));
                        }
                        self.back(peek);
                    } else if !raw && peek == Some(b'N') {
                        let brace = self.next_byte();
                        if brace == Some(b'{') {
                            in_name_escape = true;
                        } else {
                            self.back(brace);
                        }
                    }
                }
                _ => {}
            }
        }
        // The quotes belong to the next token.
        self.cur -= quote_size;
        self.make_here(middle)
    }

    /// A text that ends in a doubled brace, of which one is left out.
    fn doubled_brace(&mut self, middle: TokenKind) -> Token {
        let start = self.start.unwrap_or(self.cur);
        self.make(middle, Some((start, self.cur - 1)))
    }

    /// Goes on to an expression; gives a token if there are too many inside each other.
    fn enter_field(&mut self, leave_spec: bool) -> Option<Token> {
        let mode = self.strings.last_mut()?;
        mode.expr_start_depth += 1;
        if mode.expr_start_depth >= MAX_EXPR_NESTING {
            let prefix = self.string_prefix();
            return Some(self.syntax_error(format!("{prefix}-string: expressions nested too deeply")));
        }
        mode.in_text = false;
        if leave_spec {
            mode.in_format_spec = false;
        }
        None
    }

    fn unterminated_text(&mut self, last: Option<u8>) -> Token {
        let detected = self.lineno;
        let prefix = self.string_prefix();
        let mut triple = false;
        if let Some(mode) = self.strings.last() {
            self.cur = mode.start + 1;
            self.line_start = mode.line_start;
            self.lineno = mode.lineno;
            triple = mode.quote_size == 3;
        }
        if !triple {
            return self.syntax_error(format!("unterminated {prefix}-string literal (detected at line {detected})"));
        }
        let token = self
            .syntax_error(format!("unterminated triple-quoted {prefix}-string literal (detected at line {detected})"));
        if last != Some(b'\n') {
            self.status = Status::EofInString;
        }
        token
    }
}
