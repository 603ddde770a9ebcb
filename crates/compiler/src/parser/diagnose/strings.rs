//! Strings, f-strings and t-strings.

use super::token::Kind;
use super::{Node, NodeKind, Parser, Rule};
use crate::error::{CompileError, ErrorKind};
use crate::parser::literals::escapes;

/// What a literal is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Text,
    Bytes,
    Fields,
}

impl Parser<'_> {
    pub(super) fn strings(&mut self) -> Option<Node> {
        self.memoized(Rule::Strings, |p| {
            if let Some(node) = p.try_invalid(Self::invalid_string_tstring_concat) {
                return Some(node);
            }
            let start = p.mark;
            let joined = p.alt(|p| {
                let parts = p.many1(Self::fstring_or_string)?;
                p.concatenate(start, &parts)
            });
            joined.or_else(|| {
                p.alt(|p| {
                    p.many1(Self::tstring)?;
                    Some(p.node(NodeKind::TemplateStr, start))
                })
            })
        })
    }

    fn concatenate(&mut self, start: usize, parts: &[Node]) -> Option<Node> {
        let has = |p: &Self, content| parts.iter().any(|&part| p.content(part) == content);
        if has(self, Content::Bytes) && (has(self, Content::Text) || has(self, Content::Fields)) {
            self.raise("cannot mix bytes and nonbytes literals");
            return None;
        }
        let fields = has(self, Content::Fields);
        Some(self.node(if fields { NodeKind::JoinedStr } else { NodeKind::Literal }, start))
    }

    fn content(&self, part: Node) -> Content {
        let data = self.data(part);
        if data.kind == NodeKind::JoinedStr {
            return Content::Fields;
        }
        let text = self.token_text(data.first);
        let prefix = text.split(['\'', '"']).next().unwrap_or("");
        if prefix.contains(['b', 'B']) { Content::Bytes } else { Content::Text }
    }

    pub(super) fn fstring_or_string(&mut self) -> Option<Node> {
        self.alt(Self::fstring).or_else(|| self.alt(Self::string))
    }

    pub(super) fn string(&mut self) -> Option<Node> {
        let start = self.expect(Kind::String)?;
        self.check_string(start)?;
        Some(self.node(NodeKind::Literal, start))
    }

    /// Raises if a string's escapes are wrong.
    fn check_string(&mut self, token: usize) -> Option<()> {
        let text = self.token_text(token);
        let quotes = text.find(['\'', '"']).unwrap_or(0);
        let (prefix, quoted) = text.split_at(quotes);
        let is_bytes = prefix.contains(['b', 'B']);
        if is_bytes && !text.is_ascii() {
            self.raise_token(token, "bytes can only contain ASCII literal characters");
            return None;
        }
        if prefix.contains(['r', 'R']) || !text.contains('\\') {
            return Some(());
        }
        let triple = quoted.len() >= 6 && (quoted.starts_with("'''") || quoted.starts_with("\"\"\""));
        let size = if triple { 3 } else { 1 };
        let body = &quoted[size..quoted.len() - size];
        let mut out = Vec::new();
        let (error, cause) = if is_bytes {
            (escapes::decode_bytes(body, &mut out).err(), "value error")
        } else {
            (escapes::decode_str(body, &mut out, self.lookup).err(), "unicode error")
        };
        if let Some(error) = error {
            self.raise(format!("({cause}) {error}"));
            return None;
        }
        Some(())
    }

    /// Raises if the escapes of a text between fields are wrong.
    fn check_middle(&mut self, token: usize, raw: bool) -> Option<()> {
        let text = self.token_text(token);
        if raw || !text.contains('\\') {
            return Some(());
        }
        // The backslash in front of a brace stands for itself.
        let backslashes = text.len() - text.trim_end_matches('\\').len();
        let text = &text[..text.len() - backslashes % 2];
        // So does one in front of a doubled brace, which ends the token after its first half.
        let text = match text.strip_suffix(['{', '}']) {
            Some(rest) if !rest.ends_with("\\N") && rest.ends_with('\\') => {
                let backslashes = rest.len() - rest.trim_end_matches('\\').len();
                &rest[..rest.len() - backslashes % 2]
            }
            _ => text,
        };
        let mut out = Vec::new();
        if let Err(error) = escapes::decode_str(text, &mut out, self.lookup) {
            self.raise_token(token, format!("(unicode error) {error}"));
            return None;
        }
        Some(())
    }

    /// The same for the text of a format specification, where the codec's error comes through.
    fn check_spec_middle(&mut self, token: usize, raw: bool) -> Option<()> {
        let mut out = Vec::new();
        let text = self.token_text(token);
        if !raw && let Err(error) = escapes::decode_str(text.trim_end_matches('\\'), &mut out, self.lookup) {
            self.stop = true;
            self.raised = Some(CompileError::new(ErrorKind::UnicodeDecodeError, error));
            return None;
        }
        Some(())
    }

    fn is_raw(&self, start: usize) -> bool {
        self.token_text(start).contains(['r', 'R'])
    }

    pub(super) fn fstring(&mut self) -> Option<Node> {
        let start = self.expect(Kind::FstringStart)?;
        let raw = self.is_raw(start);
        let middles = self.many(|p| {
            p.alt(|p| p.replacement_field(raw, false))
                .map(|()| None)
                .or_else(|| p.expect(Kind::FstringMiddle).map(Some))
        })?;
        self.expect(Kind::FstringEnd)?;
        for middle in middles.into_iter().flatten() {
            self.check_middle(middle, raw)?;
        }
        Some(self.node(NodeKind::JoinedStr, start))
    }

    pub(super) fn tstring(&mut self) -> Option<Node> {
        self.memoized(Rule::Tstring, Self::tstring_inner)
    }

    fn tstring_inner(&mut self) -> Option<Node> {
        let start = self.expect(Kind::TstringStart)?;
        let raw = self.is_raw(start);
        let middles = self.many(|p| {
            p.alt(|p| p.replacement_field(raw, true)).map(|()| None).or_else(|| p.expect(Kind::TstringMiddle).map(Some))
        })?;
        self.expect(Kind::TstringEnd)?;
        for middle in middles.into_iter().flatten() {
            self.check_middle(middle, raw)?;
        }
        Some(self.node(NodeKind::TemplateStr, start))
    }

    /// `{ … }` of an f-string or t-string.
    fn replacement_field(&mut self, raw: bool, template: bool) -> Option<()> {
        let field = self.alt(|p| {
            p.expect(Kind::Lbrace)?;
            p.annotated_rhs()?;
            p.optional(|p| p.expect(Kind::Equal))?;
            p.optional(Self::conversion)?;
            p.optional(|p| {
                p.expect(Kind::Colon)?;
                p.format_spec(raw, template)
            })?;
            p.expect(Kind::Rbrace)?;
            Some(())
        });
        field.or_else(|| self.try_invalid(|p| p.invalid_replacement_field(raw, template)))
    }

    /// The parts of a format specification.
    pub(super) fn format_spec(&mut self, raw: bool, template: bool) -> Option<()> {
        let middle = if template { Kind::TstringMiddle } else { Kind::FstringMiddle };
        self.many(|p| {
            if let Some(token) = p.expect(middle) {
                return p.check_spec_middle(token, raw);
            }
            p.alt(|p| p.replacement_field(raw, template))
        })?;
        Some(())
    }

    /// `! r` and the like, which must be one word right after the mark.
    fn conversion(&mut self) -> Option<()> {
        let mark = self.expect(Kind::Exclamation)?;
        let name = self.expect(Kind::Name)?;
        let prefix = self.tokenizer.string_prefix();
        let (at, after) = (self.tokens[mark], self.tokens[name]);
        if at.lineno != after.lineno || at.end_col_offset != after.col_offset {
            self.raise_tokens(
                mark,
                name,
                format!("{prefix}-string: conversion type must come right after the exclamation mark"),
            );
            return None;
        }
        let text = self.token_text(name);
        if !matches!(text, "s" | "r" | "a") {
            let message = format!("{prefix}-string: invalid conversion character '{text}': expected 's', 'r', or 'a'");
            self.raise_token(name, message);
            return None;
        }
        Some(())
    }
}
