//! Numbers.

use super::{Token, TokenKind, Tokenizer, is_identifier_char};

impl Tokenizer<'_> {
    /// Reads digits, perhaps with underscores between; gives the byte after them.
    fn decimal_tail(&mut self) -> Result<Option<u8>, Token> {
        loop {
            let mut c = self.next_byte();
            while c.is_some_and(|c| c.is_ascii_digit()) {
                c = self.next_byte();
            }
            if c != Some(b'_') {
                return Ok(c);
            }
            c = self.next_byte();
            if !c.is_some_and(|c| c.is_ascii_digit()) {
                self.back(c);
                return Err(self.syntax_error("invalid decimal literal"));
            }
        }
    }

    /// Whether what follows is the rest of a word, with nothing after it. Consumes nothing.
    fn looking_at(&mut self, word: &[u8]) -> bool {
        let rest = &self.bytes[self.cur..self.inp];
        rest.starts_with(word) && !rest.get(word.len()).is_some_and(|&b| is_identifier_char(b))
    }

    /// Checks that no letter follows a number, other than that of an operator such as `or`.
    fn verify_end(&mut self, c: Option<u8>, kind: &str) -> Result<(), Token> {
        if self.options.extra_tokens {
            return Ok(());
        }
        let keyword = match c {
            Some(b'a') => self.looking_at(b"nd"),
            Some(b'e') => self.looking_at(b"lse"),
            Some(b'f') => self.looking_at(b"or"),
            Some(b'i') => {
                let c2 = self.next_byte();
                self.back(c2);
                matches!(c2, Some(b'f' | b'n' | b's'))
            }
            Some(b'o') => self.looking_at(b"r"),
            Some(b'n') => self.looking_at(b"ot"),
            _ => false,
        };
        if keyword {
            self.warn(format!("invalid {kind} literal"));
        } else if c.is_some_and(|c| c.is_ascii() && is_identifier_char(c)) {
            self.back(c);
            return Err(self.syntax_error(format!("invalid {kind} literal")));
        }
        Ok(())
    }

    fn end_number(&mut self, c: Option<u8>) -> Token {
        self.back(c);
        self.make_here(TokenKind::NUMBER)
    }

    /// Reads a number whose first digit has been read.
    pub(super) fn number(&mut self, first: u8) -> Token {
        let token = if first == b'0' { self.zero() } else { self.decimal() };
        token.unwrap_or_else(|error| error)
    }

    /// Reads the rest of a number whose point has been read, and the byte after it too.
    pub(super) fn fraction(&mut self, c: Option<u8>) -> Token {
        self.after_point(c).unwrap_or_else(|error| error)
    }

    fn zero(&mut self) -> Result<Token, Token> {
        let mut c = self.next_byte();
        match c {
            Some(b'x' | b'X') => return self.radix("hexadecimal", |c| c.is_ascii_hexdigit()),
            Some(b'o' | b'O') => return self.radix("octal", |c| (b'0'..b'8').contains(&c)),
            Some(b'b' | b'B') => return self.radix("binary", |c| matches!(c, b'0' | b'1')),
            _ => {}
        }
        loop {
            if c == Some(b'_') {
                c = self.next_byte();
                if !c.is_some_and(|c| c.is_ascii_digit()) {
                    self.back(c);
                    return Err(self.syntax_error("invalid decimal literal"));
                }
            }
            if c != Some(b'0') {
                break;
            }
            c = self.next_byte();
        }
        let zeros_end = self.cur;
        let mut nonzero = false;
        if c.is_some_and(|c| c.is_ascii_digit()) {
            nonzero = true;
            c = self.decimal_tail()?;
        }
        match c {
            Some(b'.') => {
                let c = self.next_byte();
                self.after_point(c)
            }
            Some(e @ (b'e' | b'E')) => self.exponent(e),
            Some(b'j' | b'J') => self.imaginary(),
            _ if nonzero && !self.options.extra_tokens => {
                self.back(c);
                let start = self.start.unwrap_or(self.cur);
                let columns = (start + 1 - self.line_start, zeros_end - self.line_start);
                Err(self.syntax_error_range(
                    "leading zeros in decimal integer literals are not permitted; use an 0o \
                     prefix for octal integers",
                    Some(columns),
                ))
            }
            _ => {
                self.verify_end(c, "decimal")?;
                Ok(self.end_number(c))
            }
        }
    }

    fn radix(&mut self, kind: &str, is_digit: impl Fn(u8) -> bool) -> Result<Token, Token> {
        let mut c = self.next_byte();
        loop {
            if c == Some(b'_') {
                c = self.next_byte();
            }
            if !c.is_some_and(&is_digit) {
                return Err(match c {
                    Some(digit) if digit.is_ascii_digit() => self.bad_digit(digit, kind),
                    _ => {
                        self.back(c);
                        self.syntax_error(format!("invalid {kind} literal"))
                    }
                });
            }
            while c.is_some_and(&is_digit) {
                c = self.next_byte();
            }
            if c != Some(b'_') {
                break;
            }
        }
        if let Some(digit) = c
            && digit.is_ascii_digit()
        {
            return Err(self.bad_digit(digit, kind));
        }
        self.verify_end(c, kind)?;
        Ok(self.end_number(c))
    }

    fn bad_digit(&mut self, digit: u8, kind: &str) -> Token {
        let digit = char::from(digit);
        self.syntax_error(format!("invalid digit '{digit}' in {kind} literal"))
    }

    fn decimal(&mut self) -> Result<Token, Token> {
        match self.decimal_tail()? {
            Some(b'.') => {
                let c = self.next_byte();
                self.after_point(c)
            }
            c => self.after_fraction(c),
        }
    }

    fn after_point(&mut self, c: Option<u8>) -> Result<Token, Token> {
        let c = if c.is_some_and(|c| c.is_ascii_digit()) { self.decimal_tail()? } else { c };
        self.after_fraction(c)
    }

    fn after_fraction(&mut self, c: Option<u8>) -> Result<Token, Token> {
        match c {
            Some(e @ (b'e' | b'E')) => self.exponent(e),
            _ => self.after_exponent(c),
        }
    }

    fn exponent(&mut self, e: u8) -> Result<Token, Token> {
        let mut c = self.next_byte();
        if matches!(c, Some(b'+' | b'-')) {
            c = self.next_byte();
            if !c.is_some_and(|c| c.is_ascii_digit()) {
                self.back(c);
                return Err(self.syntax_error("invalid decimal literal"));
            }
        } else if !c.is_some_and(|c| c.is_ascii_digit()) {
            self.back(c);
            self.verify_end(Some(e), "decimal")?;
            return Ok(self.end_number(Some(e)));
        }
        let c = self.decimal_tail()?;
        self.after_exponent(c)
    }

    fn after_exponent(&mut self, c: Option<u8>) -> Result<Token, Token> {
        if matches!(c, Some(b'j' | b'J')) {
            return self.imaginary();
        }
        self.verify_end(c, "decimal")?;
        Ok(self.end_number(c))
    }

    fn imaginary(&mut self) -> Result<Token, Token> {
        let c = self.next_byte();
        self.verify_end(c, "imaginary")?;
        Ok(self.end_number(c))
    }
}
