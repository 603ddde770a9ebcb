//! Tokens outside the text of f-strings and t-strings.

use super::{
    MAX_INDENT, MAX_LEVEL, OpenBracket, Status, Token, TokenKind, Tokenizer, is_identifier_char, is_identifier_start,
    is_printable,
};

/// The width of a tab where indentation is measured.
const TAB_SIZE: usize = 8;

impl Tokenizer<'_> {
    pub(super) fn normal_token(&mut self) -> Token {
        loop {
            self.start = None;
            self.starting_col_offset = -1;
            let mut blank_line = false;
            if self.at_line_start {
                self.at_line_start = false;
                match self.indentation() {
                    Ok(blank) => blank_line = blank,
                    Err(token) => return token,
                }
            }
            self.start = Some(self.cur);
            self.starting_col_offset = self.column();
            if self.pending != 0 {
                return self.pending_token();
            }
            // Looking ahead here reads the next line, if this one is used up.
            let c = self.next_byte();
            self.back(c);
            match self.token_on_line(blank_line) {
                Some(token) => return token,
                None => continue,
            }
        }
    }

    fn pending_token(&mut self) -> Token {
        let extra = self.options.extra_tokens;
        if self.pending < 0 {
            self.pending += 1;
            return self.make(TokenKind::DEDENT, extra.then_some((self.cur, self.cur)));
        }
        self.pending -= 1;
        if !extra {
            return self.make(TokenKind::INDENT, None);
        }
        let mut token = self.make(TokenKind::INDENT, Some((self.line_start, self.cur)));
        token.col_offset = 0;
        token
    }

    /// Measures the indentation of a line. Says whether the line is blank.
    fn indentation(&mut self) -> Result<bool, Token> {
        let (mut col, mut altcol, mut continued_col) = (0, 0, 0);
        let c = loop {
            let c = self.next_byte();
            match c {
                Some(b' ') => {
                    col += 1;
                    altcol += 1;
                }
                Some(b'\t') => {
                    col = (col / TAB_SIZE + 1) * TAB_SIZE;
                    altcol += 1;
                }
                Some(b'\x0c') => (col, altcol) = (0, 0),
                Some(b'\\') => {
                    // The first backslash settles the indentation of what follows.
                    continued_col = if continued_col != 0 { continued_col } else { col };
                    self.continuation()?;
                }
                _ => break c,
            }
        };
        self.back(c);
        let blank = matches!(c, Some(b'#' | b'\n' | b'\r'));
        if blank || !self.brackets.is_empty() {
            return Ok(blank);
        }
        if continued_col != 0 {
            (col, altcol) = (continued_col, continued_col);
        }
        let &(indent, altindent) = self.indents.last().unwrap_or(&(0, 0));
        if col == indent {
            if altcol != altindent {
                return Err(self.tab_error());
            }
        } else if col > indent {
            if self.indents.len() >= MAX_INDENT {
                self.cur = self.inp;
                return Err(self.fail(Status::TooDeep));
            }
            if altcol <= altindent {
                return Err(self.tab_error());
            }
            self.pending += 1;
            self.indents.push((col, altcol));
        } else {
            while self.indents.len() > 1 && self.indents.last().is_some_and(|last| col < last.0) {
                self.pending -= 1;
                self.indents.pop();
            }
            let &(indent, altindent) = self.indents.last().unwrap_or(&(0, 0));
            if col != indent {
                self.cur = self.inp;
                return Err(self.fail(Status::Dedent));
            }
            if altcol != altindent {
                return Err(self.tab_error());
            }
        }
        Ok(false)
    }

    fn tab_error(&mut self) -> Token {
        self.cur = self.inp;
        self.fail(Status::TabSpace)
    }

    /// Goes on to the next line after a backslash.
    fn continuation(&mut self) -> Result<(), Token> {
        let mut c = self.next_byte();
        if c == Some(b'\r') {
            c = self.next_byte();
        }
        if c != Some(b'\n') {
            return Err(self.fail(Status::LineContinuation));
        }
        let c = self.next_byte();
        if c.is_none() {
            self.status = Status::Eof;
            self.cur = self.inp;
            return Err(self.error_token());
        }
        self.back(c);
        Ok(())
    }

    /// The next token, or `None` at the end of a line that gives no token.
    fn token_on_line(&mut self, blank_line: bool) -> Option<Token> {
        let mut c;
        loop {
            self.start = None;
            loop {
                c = self.next_byte();
                if !matches!(c, Some(b' ' | b'\t' | b'\x0c')) {
                    break;
                }
            }
            // At the end there is no byte to step back over, but CPython does all the same.
            self.start = Some(self.cur.saturating_sub(1));
            self.starting_col_offset = self.column() - 1;
            if c == Some(b'#') {
                match self.comment(blank_line) {
                    Ok(token) => return Some(token),
                    Err(next) => c = next,
                }
            }
            if c != Some(b'\\') {
                break;
            }
            if let Err(token) = self.continuation() {
                return Some(token);
            }
            self.continued_line = true;
        }
        let Some(c) = c else {
            let at_end = self.status == Status::Eof && self.brackets.is_empty();
            let kind = if at_end { TokenKind::ENDMARKER } else { TokenKind::ERRORTOKEN };
            return Some(self.make(kind, None));
        };
        if is_identifier_start(c) {
            return Some(self.name(c));
        }
        match c {
            b'\r' => {
                let next = self.next_byte();
                if next == Some(b'\n') {
                    return self.newline(blank_line);
                }
                self.back(next);
                Some(self.operator(c))
            }
            b'\n' => self.newline(blank_line),
            b'.' => {
                let c2 = self.next_byte();
                if c2.is_some_and(|c| c.is_ascii_digit()) {
                    return Some(self.fraction(c2));
                }
                if c2 == Some(b'.') {
                    let c3 = self.next_byte();
                    if c3 == Some(b'.') {
                        return Some(self.make_here(TokenKind::ELLIPSIS));
                    }
                    self.back(c3);
                }
                self.back(c2);
                Some(self.make_here(TokenKind::DOT))
            }
            b'0'..=b'9' => Some(self.number(c)),
            b'\'' | b'"' => Some(self.string(c)),
            _ => Some(self.operator(c)),
        }
    }

    fn newline(&mut self, blank_line: bool) -> Option<Token> {
        self.at_line_start = true;
        let extra = self.options.extra_tokens;
        if blank_line || !self.brackets.is_empty() {
            if extra {
                self.comment_newline = false;
                return Some(self.make_here(TokenKind::NL));
            }
            return None;
        }
        if self.comment_newline && extra {
            self.comment_newline = false;
            return Some(self.make_here(TokenKind::NL));
        }
        self.continued_line = false;
        let mut token = self.make_here(TokenKind::NEWLINE);
        // The newline itself does not belong to the text.
        token.range = token.range.map(|(start, end)| (start, end - 1));
        Some(token)
    }

    /// Reads a comment: a token of it, or the byte that ends it.
    fn comment(&mut self, blank_line: bool) -> Result<Token, Option<u8>> {
        let start = self.start.unwrap_or(self.cur);
        let c = loop {
            let c = self.next_byte();
            if matches!(c, None | Some(b'\n' | b'\r')) {
                break c;
            }
        };
        if self.options.type_comments {
            let end = if c.is_some() { self.cur - 1 } else { self.cur };
            if let Some(content) = type_comment_content(&self.bytes[start..end]) {
                self.back(c);
                let content = start + content;
                let column = self.starting_col_offset + (content - start) as i32;
                let rest = &self.bytes[content..end];
                let ignore = rest
                    .strip_prefix(b"ignore")
                    .is_some_and(|after| !after.first().is_some_and(|b| *b >= 128 || b.is_ascii_alphanumeric()));
                let (kind, from, column) = match ignore {
                    true => (TokenKind::TYPE_IGNORE, content + 6, column + 6),
                    false => (TokenKind::TYPE_COMMENT, content, column),
                };
                let mut token = self.make(kind, Some((from, end)));
                token.col_offset = column;
                if ignore && blank_line {
                    // Alone on its line, it takes the newline along.
                    self.next_byte();
                    self.at_line_start = true;
                    token.range = Some((from, self.cur));
                }
                return Ok(token);
            }
        }
        if self.options.extra_tokens {
            self.back(c);
            self.comment_newline = blank_line;
            return Ok(self.make(TokenKind::COMMENT, Some((start, self.cur))));
        }
        Err(c)
    }

    fn name(&mut self, first: u8) -> Token {
        let mut c = Some(first);
        let mut prefix = StringPrefix::default();
        while let Some(byte) = c
            && prefix.take(byte)
        {
            c = self.next_byte();
            if let Some(quote @ (b'\'' | b'"')) = c {
                if let Some((one, other)) = prefix.conflict() {
                    let start = self.start.unwrap_or(self.cur);
                    let columns = (start + 1 - self.line_start, self.cur - self.line_start);
                    return self
                        .syntax_error_range(format!("'{one}' and '{other}' prefixes are incompatible"), Some(columns));
                }
                if prefix.f || prefix.t {
                    return self.string_start(quote, prefix.t, prefix.r);
                }
                return self.string(quote);
            }
        }
        let mut ascii = true;
        while let Some(byte) = c
            && is_identifier_char(byte)
        {
            ascii &= byte.is_ascii();
            c = self.next_byte();
        }
        self.back(c);
        if !ascii
            && !self.options.extra_tokens
            && let Some(token) = self.check_identifier()
        {
            return token;
        }
        self.make_here(TokenKind::NAME)
    }

    /// Checks an identifier that is not ASCII (PEP 3131).
    fn check_identifier(&mut self) -> Option<Token> {
        let start = self.start.unwrap_or(self.cur);
        let identifier = &self.text[start..self.cur];
        let (at, c) = identifier.char_indices().find(|&(at, c)| {
            let valid =
                if at == 0 { c == '_' || unicode_ident::is_xid_start(c) } else { unicode_ident::is_xid_continue(c) };
            !valid
        })?;
        self.cur = start + at + c.len_utf8();
        let point = c as u32;
        Some(self.syntax_error(if is_printable(c) {
            format!("invalid character '{c}' (U+{point:04X})")
        } else {
            format!("invalid non-printable character U+{point:04X}")
        }))
    }

    fn operator(&mut self, c: u8) -> Token {
        if matches!(c, b':' | b'}' | b'!' | b'{')
            && let Some(mode) = self.strings.last_mut()
            && mode.expr_start_depth >= 0
        {
            let cursor = mode.bracket_depth - i32::from(c != b'{');
            if c == b':' && cursor == mode.expr_start_depth {
                mode.in_text = true;
                mode.in_format_spec = true;
                return self.make_here(TokenKind::COLON);
            }
        }
        let c2 = self.next_byte();
        if self.options.barry_as_bdfl && (c, c2) == (b'<', Some(b'>')) {
            return self.make_here(TokenKind::NOTEQUAL);
        }
        if let Some(c2) = c2
            && let Some(two) = TokenKind::of_two_chars(c, c2)
        {
            let c3 = self.next_byte();
            if let Some(three) = c3.and_then(|c3| TokenKind::of_three_chars(c, c2, c3)) {
                return self.make_here(three);
            }
            self.back(c3);
            return self.make_here(two);
        }
        self.back(c2);
        match c {
            b'(' | b'[' | b'{' => {
                if self.brackets.len() >= MAX_LEVEL {
                    return self.syntax_error("too many nested parentheses");
                }
                let start = self.start.unwrap_or(self.cur);
                self.brackets.push(OpenBracket {
                    bracket: c,
                    lineno: self.lineno,
                    col_offset: (start - self.line_start) as i32,
                });
                if let Some(mode) = self.strings.last_mut() {
                    mode.bracket_depth += 1;
                }
            }
            b')' | b']' | b'}' => {
                if let Some(token) = self.close_bracket(c) {
                    return token;
                }
            }
            _ => {}
        }
        if !is_printable(char::from(c)) {
            return self.syntax_error(format!("invalid non-printable character U+{c:04X}"));
        }
        self.make_here(TokenKind::of_one_char(c))
    }

    /// Deals with a closing bracket; gives a token if it closes nothing.
    fn close_bracket(&mut self, c: u8) -> Option<Token> {
        let prefix = self.string_prefix();
        let closing = char::from(c);
        if let Some(mode) = self.strings.last()
            && mode.bracket_depth == 0
            && c == b'}'
        {
            return Some(self.syntax_error(format!("{prefix}-string: single '}}' is not allowed")));
        }
        let extra = self.options.extra_tokens;
        let open = self.brackets.pop();
        match open {
            None if !extra => return Some(self.syntax_error(format!("unmatched '{closing}'"))),
            Some(open) if !extra => {
                let matching = matches!((open.bracket, c), (b'(', b')') | (b'[', b']') | (b'{', b'}'));
                if !matching {
                    // In `f"{)}"` the brace belongs to the string.
                    if let Some(mode) = self.strings.last()
                        && open.bracket == b'{'
                        && mode.bracket_depth - 1 == mode.expr_start_depth
                    {
                        let message = format!("{prefix}-string: unmatched '{closing}'");
                        return Some(self.syntax_error(message));
                    }
                    let opening = char::from(open.bracket);
                    let mut message = format!(
                        "closing parenthesis '{closing}' does not match opening parenthesis \
                         '{opening}'"
                    );
                    if open.lineno != self.lineno {
                        message.push_str(&format!(" on line {}", open.lineno));
                    }
                    return Some(self.syntax_error(message));
                }
            }
            _ => {}
        }
        if let Some(mode) = self.strings.last_mut() {
            mode.bracket_depth -= 1;
            if mode.bracket_depth < 0 {
                let message = format!("{prefix}-string: unmatched '{closing}'");
                return Some(self.syntax_error(message));
            }
            if c == b'}' && mode.bracket_depth == mode.expr_start_depth {
                mode.expr_start_depth -= 1;
                mode.in_text = true;
                mode.in_format_spec = false;
            }
        }
        None
    }
}

/// The letters in front of a string.
#[derive(Default)]
struct StringPrefix {
    b: bool,
    u: bool,
    r: bool,
    f: bool,
    t: bool,
}

impl StringPrefix {
    /// Takes a letter, unless it is none that a prefix can have at this point.
    fn take(&mut self, byte: u8) -> bool {
        let seen = match byte.to_ascii_lowercase() {
            b'b' => &mut self.b,
            b'u' => &mut self.u,
            b'r' => &mut self.r,
            b'f' => &mut self.f,
            b't' => &mut self.t,
            _ => return false,
        };
        !std::mem::replace(seen, true)
    }

    /// Two letters that do not go together.
    fn conflict(&self) -> Option<(char, char)> {
        let pairs = [
            (self.u && self.b, ('u', 'b')),
            (self.u && self.r, ('u', 'r')),
            (self.u && self.f, ('u', 'f')),
            (self.u && self.t, ('u', 't')),
            (self.b && self.f, ('b', 'f')),
            (self.b && self.t, ('b', 't')),
            (self.f && self.t, ('f', 't')),
        ];
        pairs.into_iter().find(|(both, _)| *both).map(|(_, letters)| letters)
    }
}

/// Where the content of a `# type: …` comment starts. Each space of the prefix stands for any
/// number of blanks.
fn type_comment_content(comment: &[u8]) -> Option<usize> {
    let blanks = |from: usize| comment[from..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count() + from;
    let at = blanks(comment.first().filter(|byte| **byte == b'#').map(|_| 1)?);
    comment[at..].starts_with(b"type:").then(|| blanks(at + 5))
}
