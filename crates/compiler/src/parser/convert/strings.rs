//! Strings: implicit concatenation, f-strings, t-strings.

use ruff_python_ast as ruff;
use ruff_python_ast::StringFlags;
use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_bytecode::code::{Constant, PyStr};

use super::super::literals::escapes;
use super::warnings::EscapeContext;
use super::{Converter, Position};
use crate::ast::{Expr, ExprKind, Location, Name};

/// A part of a joined string: pieces of text are joined with their neighbours.
enum Piece {
    Text { wtf8: Vec<u8>, start: Position, end: Position, unicode: bool },
    Field(Expr),
}

/// Where elements stand.
#[derive(Clone, Copy)]
struct ElementContext {
    raw: bool,
    /// Whether fields are those of a t-string.
    template: bool,
    /// Where the string ends, and by how many quotes; nothing for a format specification.
    end: Option<(TextSize, usize)>,
}

impl ElementContext {
    fn new(range: TextRange, flags: impl StringFlags, template: bool) -> ElementContext {
        let quotes = flags.closer_len();
        let raw = flags.prefix().is_raw();
        ElementContext { raw, template, end: Some((range.end() - quotes, quotes.to_usize())) }
    }

    fn is_spec(self) -> bool {
        self.end.is_none()
    }
}

impl<'a> Converter<'a> {
    fn unicode_kind(&mut self, unicode: bool) -> Option<Name> {
        unicode.then(|| self.names.entry("u").or_insert_with(|| Name::from("u")).clone())
    }

    pub(super) fn string(&mut self, node: &'a ruff::ExprStringLiteral) -> Expr {
        if !self.masked.is_empty()
            && let Some(expr) = self.masked.remove(&node.range.start().to_u32())
        {
            return self.expr(expr);
        }
        let parts = node.value.as_slice();
        let value = match parts {
            [part] if part.flags.prefix().is_raw() || !self.has_escape(part.range) => PyStr::new(&part.value),
            _ => {
                let mut wtf8 = Vec::with_capacity(node.range.len().to_usize());
                for part in parts {
                    self.append_literal(part, &mut wtf8);
                }
                escapes::py_str(&wtf8)
            }
        };
        let kind = self.unicode_kind(parts.first().is_some_and(|p| p.flags.prefix().is_unicode()));
        Expr { loc: self.location(node.range), node: ExprKind::Constant { value: Constant::Str(value), kind } }
    }

    fn has_escape(&self, range: TextRange) -> bool {
        memchr::memchr(b'\\', self.source(range).as_bytes()).is_some()
    }

    /// The range of a literal's text inside its quotes.
    fn body_range(range: TextRange, flags: impl StringFlags) -> TextRange {
        let start = range.start() + flags.opener_len();
        TextRange::new(start, (range.end() - flags.closer_len()).max(start))
    }

    fn append_literal(&mut self, part: &'a ruff::StringLiteral, wtf8: &mut Vec<u8>) {
        if part.flags.prefix().is_raw() || !self.has_escape(part.range) {
            wtf8.extend_from_slice(part.value.as_bytes());
            return;
        }
        let context = self.escape_context(part.range, part.flags);
        self.append_escaped(context, wtf8);
    }

    fn escape_context(&self, range: TextRange, flags: impl StringFlags) -> EscapeContext {
        // A token that starts with a prefix is not looked at for quotes.
        let text = self.source(range);
        let quotes = match text.chars().next() {
            Some(quote @ ('\'' | '"')) => text.len() - text.trim_start_matches(quote).len(),
            _ => 0,
        };
        EscapeContext { token: range.start(), quotes, body: Self::body_range(range, flags), at_end: false }
    }

    fn append_escaped(&mut self, context: EscapeContext, wtf8: &mut Vec<u8>) {
        let body = context.body;
        let text = self.source(body);
        match escapes::decode_str(text, wtf8, self.lookup) {
            Ok(None) => {}
            Ok(Some(invalid)) => self.warn_of_escape(invalid, context),
            Err(message) => self.fail_at(format!("(unicode error) {message}"), body),
        }
    }

    pub(super) fn bytes(&mut self, node: &'a ruff::ExprBytesLiteral) -> Expr {
        let mut value = Vec::with_capacity(node.range.len().to_usize());
        for part in node.value.as_slice() {
            if part.flags.prefix().is_raw() || !self.has_escape(part.range) {
                value.extend_from_slice(&part.value);
                continue;
            }
            let context = self.escape_context(part.range, part.flags);
            match escapes::decode_bytes(self.source(context.body), &mut value) {
                Ok(None) => {}
                Ok(Some(invalid)) => self.warn_of_escape(invalid, context),
                Err(message) => self.fail_at(format!("(value error) {message}"), context.body),
            }
        }
        Expr {
            loc: self.location(node.range),
            node: ExprKind::Constant { value: Constant::Bytes(value.into()), kind: None },
        }
    }

    pub(super) fn f_string(&mut self, node: &'a ruff::ExprFString) -> Expr {
        let mut pieces = Vec::new();
        for part in node.value.as_slice() {
            match part {
                ruff::FStringPart::Literal(literal) => {
                    let mut wtf8 = Vec::new();
                    self.append_literal(literal, &mut wtf8);
                    pieces.push(Piece::Text {
                        wtf8,
                        start: self.position(literal.start()),
                        end: self.position(literal.end()),
                        unicode: literal.flags.prefix().is_unicode(),
                    });
                }
                ruff::FStringPart::FString(part) => {
                    let context = ElementContext::new(part.range, part.flags, false);
                    self.elements(&part.elements, context, &mut pieces);
                }
            }
        }
        let values = self.join(pieces);
        Expr { loc: self.location(node.range), node: ExprKind::JoinedStr { values } }
    }

    pub(super) fn t_string(&mut self, node: &'a ruff::ExprTString) -> Expr {
        let mut pieces = Vec::new();
        for part in node.value.as_slice() {
            let context = ElementContext::new(part.range, part.flags, true);
            self.elements(&part.elements, context, &mut pieces);
        }
        let values = self.join(pieces);
        Expr { loc: self.location(node.range), node: ExprKind::TemplateStr { values } }
    }

    /// Joins neighbouring texts and drops empty ones.
    fn join(&mut self, pieces: Vec<Piece>) -> Vec<Expr> {
        let mut values = Vec::with_capacity(pieces.len());
        let mut pieces = pieces.into_iter().peekable();
        while let Some(piece) = pieces.next() {
            let (mut joined, start, mut last, unicode) = match piece {
                Piece::Field(expr) => {
                    values.push(expr);
                    continue;
                }
                Piece::Text { wtf8, start, end, unicode } => (wtf8, start, end, unicode),
            };
            while let Some(Piece::Text { wtf8, end, .. }) = pieces.next_if(|piece| matches!(piece, Piece::Text { .. }))
            {
                joined.extend_from_slice(&wtf8);
                last = end;
            }
            if joined.is_empty() {
                continue;
            }
            let kind = self.unicode_kind(unicode);
            values.push(Expr {
                loc: Location::new(start.0, start.1, last.0, last.1),
                node: ExprKind::Constant { value: Constant::Str(escapes::py_str(&joined)), kind },
            });
        }
        values
    }

    /// The elements of an f-string, a t-string or a format specification.
    fn elements(
        &mut self,
        elements: &'a ruff::InterpolatedStringElements,
        context: ElementContext,
        pieces: &mut Vec<Piece>,
    ) {
        let earlier = std::mem::take(&mut self.late_warnings);
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => {
                    if literal.range.is_empty() {
                        continue;
                    }
                    let mut wtf8 = Vec::new();
                    if context.raw || !self.has_escape(literal.range) {
                        wtf8.extend_from_slice(literal.value.as_bytes());
                    } else {
                        self.append_middle(literal.range, context, &mut wtf8);
                    }
                    let start = self.position(literal.start());
                    let end = self.position(literal.end());
                    pieces.push(Piece::Text { wtf8, start, end, unicode: false });
                }
                ruff::InterpolatedStringElement::Interpolation(field) => {
                    if let Some(debug) = &field.debug_text {
                        let start = field.start() + TextSize::from(1);
                        let length = TextSize::try_from(debug.as_str().len()).unwrap_or_default();
                        let range = TextRange::at(start, length);
                        pieces.push(Piece::Text {
                            wtf8: without_comments(self.source(range)).into_bytes(),
                            start: self.position(range.start()),
                            end: self.position(range.end()),
                            unicode: false,
                        });
                    }
                    let expr = self.nested(|this| this.field(field, context));
                    pieces.push(Piece::Field(expr));
                }
            }
        }
        self.warnings.append(&mut self.late_warnings);
        self.late_warnings = earlier;
    }

    /// The text between fields, a token at a time: doubled braces, which stand for one except in
    /// format specifications, end a token, and so does `\N{...}`.
    fn append_middle(&mut self, range: TextRange, context: ElementContext, wtf8: &mut Vec<u8>) {
        let bytes = self.source(range).as_bytes();
        let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
        let (mut start, mut at) = (0, 0);
        while let Some(step) = memchr::memchr3(b'{', b'}', b'\\', &bytes[at..]) {
            at += step;
            match (bytes[at], self.text.as_bytes().get(range.start().to_usize() + at + 1)) {
                (b'\\', Some(&brace @ (b'{' | b'}'))) => {
                    // The backslash stands for itself; of this the tokenizer warns.
                    self.warn_of_brace(char::from(brace), range.start() + size(at + 2));
                    at += 1;
                }
                (b'\\', Some(b'N')) if bytes.get(at + 2) == Some(&b'{') => {
                    at = memchr::memchr(b'}', &bytes[at..]).map_or(bytes.len(), |length| at + length + 1);
                    self.append_token(TextRange::new(size(start), size(at)) + range.start(), context, wtf8);
                    start = at;
                }
                (b'\\', _) => at = (at + 2).min(bytes.len()),
                _ if context.is_spec() => at += 1,
                _ => {
                    self.append_token(TextRange::new(size(start), size(at + 1)) + range.start(), context, wtf8);
                    start = (at + 2).min(bytes.len());
                    at = start;
                }
            }
        }
        if start < bytes.len() {
            self.append_token(TextRange::new(size(start), size(bytes.len())) + range.start(), context, wtf8);
        }
    }

    /// Decodes the text of one token. A backslash at the end stands for itself: a brace follows.
    fn append_token(&mut self, body: TextRange, context: ElementContext, wtf8: &mut Vec<u8>) {
        let text = self.source(body);
        let backslashes = text.len() - text.trim_end_matches('\\').len();
        let kept = TextRange::new(body.start(), body.end() - TextSize::from((backslashes % 2) as u32));
        let (token, quotes) = context.end.unwrap_or((body.start(), 0));
        let text = self.source(kept);
        match escapes::decode_str(text, wtf8, self.lookup) {
            Ok(None) => {}
            // Of braces the tokenizer has warned.
            Ok(Some(invalid)) if matches!(text.as_bytes().get(invalid.offset + 1), Some(b'{' | b'}')) => {}
            Ok(Some(invalid)) => {
                self.warn_of_escape(invalid, EscapeContext { token, quotes, body: kept, at_end: !context.is_spec() });
                // Outside of specifications, text is decoded once the whole string is read.
                if !context.is_spec() {
                    self.late_warnings.extend(self.warnings.pop());
                }
            }
            Err(message) => self.fail_at(format!("(unicode error) {message}"), kept),
        }
        if backslashes % 2 == 1 {
            wtf8.push(b'\\');
        }
    }

    fn field(&mut self, field: &'a ruff::InterpolatedElement, context: ElementContext) -> Expr {
        // Strings inside the expression count for themselves.
        let spec_depth = std::mem::take(&mut self.spec_depth);
        let value = Box::new(self.expr(&field.expression));
        self.spec_depth = spec_depth;
        // The tokenizer allows two specifications in each other, and no field in the second's.
        self.suspicious |= spec_depth > 2;
        let conversion = match field.conversion {
            ruff::ConversionFlag::Str => i32::from(b's'),
            ruff::ConversionFlag::Ascii => i32::from(b'a'),
            ruff::ConversionFlag::Repr => i32::from(b'r'),
            ruff::ConversionFlag::None => {
                if field.debug_text.is_some() && field.format_spec.is_none() {
                    i32::from(b'r')
                } else {
                    -1
                }
            }
        };
        let format_spec = field.format_spec.as_deref().map(|spec| {
            let mut pieces = Vec::new();
            self.spec_depth += 1;
            self.elements(&spec.elements, ElementContext { template: false, end: None, ..context }, &mut pieces);
            self.spec_depth -= 1;
            let values = self.join(pieces);
            // The node starts at the colon.
            let range = TextRange::new(spec.start() - TextSize::from(1), spec.end());
            Box::new(Expr { loc: self.location(range), node: ExprKind::JoinedStr { values } })
        });
        let loc = self.location(field.range);
        let node = if context.template {
            let text = self.field_text(field);
            let str = Constant::Str(PyStr::new(&text));
            ExprKind::Interpolation { value, str, conversion, format_spec }
        } else {
            ExprKind::FormattedValue { value, conversion, format_spec }
        };
        Expr { loc, node }
    }

    /// The source of a t-string's expression, up to what ends it.
    fn field_text(&self, field: &ruff::InterpolatedElement) -> String {
        let start = field.start() + TextSize::from(1);
        if let Some(debug) = &field.debug_text {
            let length = TextSize::try_from(debug.as_str().len()).unwrap_or_default();
            let text = without_comments(self.source(TextRange::at(start, length)));
            return text.rsplit_once('=').map_or(&*text, |(expression, _)| expression).to_string();
        }
        let bytes = self.text.as_bytes();
        let mut at = field.expression.end().to_usize();
        loop {
            match bytes.get(at) {
                Some(b'#') => {
                    at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
                }
                None | Some(b'!' | b':' | b'}' | b'=') => break,
                Some(_) => at += 1,
            }
        }
        without_comments(&self.text[start.to_usize()..at])
    }
}

/// The text of an expression without its comments; a `#` inside a string is none.
fn without_comments(text: &str) -> String {
    if !text.contains('#') {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                out.extend(chars.next());
                continue;
            }
            '"' | '\'' => match quote {
                None => quote = Some(c),
                Some(open) if open == c => quote = None,
                Some(_) => {}
            },
            '#' if quote.is_none() => {
                while chars.next_if(|&c| c != '\n').is_some() {}
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}
