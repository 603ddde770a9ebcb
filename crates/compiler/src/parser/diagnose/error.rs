//! How errors are raised: what CPython's `RAISE_SYNTAX_ERROR` and its relatives do.

use super::token::Kind;
use super::{Node, NodeKind, Parser};
use crate::error::{CompileError, ErrorKind};
use crate::parser::tokenizer::{Status, TokenKind, TokenizerError};

/// A position from 1 and in bytes; `HERE` is where the tokenizer is.
const HERE: i32 = -5;

/// What assignments a target stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Targets {
    Star,
    Del,
    For,
}

impl Parser<'_> {
    /// Raises at the last token that was read.
    pub(super) fn raise_at_last(&mut self, kind: ErrorKind, message: String) {
        if self.raised.is_some() {
            return;
        }
        match self.tokens.len().checked_sub(1) {
            Some(last) => self.raise_at(kind, last, message),
            None => self.raise_known(kind, message, (0, 0), (0, -1)),
        }
    }

    /// `RAISE_SYNTAX_ERROR`.
    pub(super) fn raise(&mut self, message: impl Into<String>) {
        self.raise_at_last(ErrorKind::SyntaxError, message.into());
    }

    /// `RAISE_INDENTATION_ERROR`.
    pub(super) fn raise_indentation(&mut self, message: impl Into<String>) {
        self.raise_at_last(ErrorKind::IndentationError, message.into());
    }

    /// `RAISE_SYNTAX_ERROR_ON_NEXT_TOKEN`.
    pub(super) fn raise_on_next_token(&mut self, message: impl Into<String>) {
        if self.raised.is_some() || self.fill().is_none() {
            return;
        }
        self.raise_at(ErrorKind::SyntaxError, self.mark, message.into());
    }

    fn raise_at(&mut self, kind: ErrorKind, token: usize, message: String) {
        let token = self.tokens[token];
        let col_offset = match token.col_offset {
            -1 => self.tokenizer.cur as i32 - self.tokenizer.line_start as i32,
            col_offset => col_offset + 1,
        };
        let end_col_offset = match token.end_col_offset {
            -1 => -1,
            end_col_offset => end_col_offset + 1,
        };
        let end = (token.end_lineno, end_col_offset);
        self.raise_known(kind, message, (token.lineno, col_offset), end);
    }

    /// `RAISE_SYNTAX_ERROR_KNOWN_LOCATION` with a token.
    pub(super) fn raise_token(&mut self, token: usize, message: impl Into<String>) {
        self.raise_tokens(token, token, message);
    }

    /// `RAISE_SYNTAX_ERROR_KNOWN_RANGE` with tokens.
    pub(super) fn raise_tokens(&mut self, first: usize, last: usize, message: impl Into<String>) {
        let (a, b) = (self.tokens[first], self.tokens[last]);
        self.raise_known(
            ErrorKind::SyntaxError,
            message.into(),
            (a.lineno, a.col_offset + 1),
            (b.end_lineno, b.end_col_offset + 1),
        );
    }

    /// `RAISE_SYNTAX_ERROR_KNOWN_LOCATION` with a node.
    pub(super) fn raise_node(&mut self, node: Node, message: impl Into<String>) {
        self.raise_nodes(node, node, message);
    }

    /// `RAISE_SYNTAX_ERROR_KNOWN_RANGE` with nodes.
    pub(super) fn raise_nodes(&mut self, first: Node, last: Node, message: impl Into<String>) {
        self.raise_tokens(self.data(first).first, self.data(last).last, message);
    }

    /// `RAISE_SYNTAX_ERROR_STARTING_FROM`: to where the tokenizer is.
    pub(super) fn raise_from(&mut self, token: usize, message: impl Into<String>) {
        let token = self.tokens[token];
        let start = (token.lineno, token.col_offset + 1);
        self.raise_known(ErrorKind::SyntaxError, message.into(), start, (HERE, HERE));
    }

    /// Raises with positions from 1; columns are given in bytes and made characters here.
    pub(super) fn raise_known(
        &mut self,
        kind: ErrorKind,
        message: String,
        (lineno, col_offset): (i32, i32),
        (end_lineno, end_col_offset): (i32, i32),
    ) {
        if self.raised.is_some() {
            return;
        }
        self.stop = true;
        let end_lineno = if end_lineno == HERE { self.tokenizer.lineno } else { end_lineno };
        let end_col_offset = match end_col_offset {
            HERE => self.tokenizer.cur as i32 - self.tokenizer.line_start as i32,
            end_col_offset => end_col_offset,
        };
        let text = self.error_line(lineno);
        let col_offset = character_offset(text, col_offset);
        let end_col_offset = match end_col_offset {
            1.. => character_offset(text, end_col_offset),
            _ => end_col_offset,
        };
        self.raised = Some(CompileError {
            kind,
            message,
            lineno: Some(lineno),
            col_offset: Some(col_offset),
            end_lineno: Some(end_lineno),
            end_col_offset: Some(end_col_offset),
            text: Some(text.to_string()),
            last_statement: None,
        });
    }

    /// The text that an error shows: the tokenizer's own line with its newline, earlier lines
    /// without.
    fn error_line(&self, lineno: i32) -> &'_ str {
        let tokenizer = &self.tokenizer;
        if tokenizer.lineno <= lineno && tokenizer.inp > 0 {
            return &self.text[tokenizer.line_start..tokenizer.inp.max(tokenizer.line_start)];
        }
        self.index.line_text(self.text, usize::try_from(lineno - 1).unwrap_or(0))
    }

    /// Raises what the tokenizer has found.
    pub(super) fn tokenizer_error(&mut self) {
        if let Some(error) = self.tokenizer.error.clone() {
            self.adopt(error);
            return;
        }
        let lineno = self.tokenizer.lineno;
        let (kind, message, col_offset) = match self.tokenizer.status {
            Status::Dedent => {
                let message = "unindent does not match any outer indentation level";
                return self.raise_indentation(message);
            }
            Status::TabSpace => {
                let message = "inconsistent use of tabs and spaces in indentation";
                (ErrorKind::TabError, message, 0)
            }
            Status::TooDeep => (ErrorKind::IndentationError, "too many levels of indentation", 0),
            Status::LineContinuation => {
                let message = "unexpected character after line continuation character";
                let column = self.tokenizer.cur as i32 - self.tokenizer.buf as i32 - 1;
                (ErrorKind::SyntaxError, message, column.max(0))
            }
            _ => {
                if self.tokenizer.brackets.is_empty() {
                    return self.raise("unexpected EOF while parsing");
                }
                return self.raise_unclosed_bracket();
            }
        };
        self.raise_known(kind, message.into(), (lineno, col_offset + 1), (lineno, 0));
    }

    fn adopt(&mut self, error: TokenizerError) {
        self.stop = true;
        self.raised = Some(CompileError {
            kind: ErrorKind::SyntaxError,
            message: error.message,
            lineno: Some(error.lineno),
            col_offset: Some(error.col_offset),
            end_lineno: Some(error.lineno),
            end_col_offset: Some(error.end_col_offset),
            text: Some(error.text),
            last_statement: None,
        });
    }

    fn raise_unclosed_bracket(&mut self) {
        if let Some(open) = self.tokenizer.brackets.last().copied() {
            self.raise_known(
                ErrorKind::SyntaxError,
                format!("'{}' was never closed", char::from(open.bracket)),
                (open.lineno, open.col_offset + 1),
                (open.lineno, 0),
            );
        }
    }

    /// After the second pass: makes sure that an error is raised, and lets errors of the tokenizer
    /// in the rest of the source go first.
    pub(super) fn settle_error(&mut self, last_token: usize) {
        if let Some(error) = &self.raised {
            if self.tokenizer.status == Status::Ok && error.kind.is_syntax_error() {
                self.tokenize_rest();
            }
            return;
        }
        if self.tokens.is_empty() {
            return self.raise("error at start before reading any input");
        }
        match self.kinds[last_token] {
            Kind::Errortoken if self.tokenizer.status == Status::Eof => {
                if self.tokenizer.brackets.is_empty() {
                    self.raise("unexpected EOF while parsing");
                } else {
                    self.raise_unclosed_bracket();
                }
            }
            Kind::Indent => self.raise_indentation("unexpected indent"),
            Kind::Dedent => self.raise_indentation("unexpected unindent"),
            _ => {
                self.raise_token(last_token, "invalid syntax");
                self.tokenize_rest();
            }
        }
    }

    fn tokenize_rest(&mut self) {
        let line = self.tokens.last().map_or(0, |token| token.lineno);
        loop {
            match self.tokenizer.next_token().kind {
                TokenKind::ERRORTOKEN => break,
                TokenKind::ENDMARKER => return,
                _ => {}
            }
        }
        // Inside an f-string the error in its expression is the better one.
        let earlier = self.raised.take();
        if let Some(error) = self.tokenizer.error.clone() {
            self.adopt(error);
        } else if self.tokenizer.brackets.last().is_some_and(|open| line > open.lineno) {
            self.raise_unclosed_bracket();
        }
        if self.raised.is_none() || self.tokenizer.in_string() {
            self.raised = earlier;
        }
    }

    /// How messages call an expression.
    pub(super) fn expr_name(&self, node: Node) -> &'static str {
        match self.kind(node) {
            NodeKind::Attribute => "attribute",
            NodeKind::Subscript => "subscript",
            NodeKind::Starred => "starred",
            NodeKind::Name => "name",
            NodeKind::List => "list",
            NodeKind::Tuple => "tuple",
            NodeKind::Lambda => "lambda",
            NodeKind::Call => "function call",
            NodeKind::Operation => "expression",
            NodeKind::GeneratorExp => "generator expression",
            NodeKind::Yield => "yield expression",
            NodeKind::Await => "await expression",
            NodeKind::ListComp => "list comprehension",
            NodeKind::SetComp => "set comprehension",
            NodeKind::DictComp => "dict comprehension",
            NodeKind::Dict => "dict literal",
            NodeKind::Set => "set display",
            NodeKind::JoinedStr => "f-string expression",
            NodeKind::TemplateStr => "t-string expression",
            NodeKind::None => "None",
            NodeKind::True => "True",
            NodeKind::False => "False",
            NodeKind::Ellipsis => "ellipsis",
            NodeKind::Compare | NodeKind::CompareIn => "comparison",
            NodeKind::IfExp => "conditional expression",
            NodeKind::NamedExpr => "named expression",
            NodeKind::Literal | NodeKind::Imaginary | NodeKind::Slice | NodeKind::Other => "literal",
        }
    }

    /// The part of a target that cannot be assigned to or deleted.
    pub(super) fn invalid_target(&self, node: Node, targets: Targets) -> Option<Node> {
        let data = self.data(node);
        match data.kind {
            NodeKind::List | NodeKind::Tuple => {
                data.children.iter().find_map(|&child| self.invalid_target(child, targets))
            }
            NodeKind::Starred if targets == Targets::Del => Some(node),
            NodeKind::Starred => self.invalid_target(data.children[0], targets),
            // `for a in b` is read as a comparison here.
            NodeKind::CompareIn if targets == Targets::For => self.invalid_target(data.children[0], targets),
            NodeKind::Compare if targets == Targets::For => None,
            NodeKind::Name | NodeKind::Subscript | NodeKind::Attribute => None,
            _ => Some(node),
        }
    }

    /// Raises if a target has an invalid part.
    pub(super) fn raise_invalid_target(&mut self, node: Node, targets: Targets) {
        if let Some(target) = self.invalid_target(node, targets) {
            let verb = if targets == Targets::Del { "delete" } else { "assign to" };
            let name = self.expr_name(target);
            self.raise_node(target, format!("cannot {verb} {name}"));
        }
    }
}

/// A column in bytes (from 1) as a column in characters.
fn character_offset(line: &str, col_offset: i32) -> i32 {
    let Ok(bytes) = usize::try_from(col_offset) else {
        return -1;
    };
    let inside = bytes.min(line.len());
    let chars = String::from_utf8_lossy(&line.as_bytes()[..inside]).chars().count();
    (chars + usize::from(bytes > line.len())) as i32
}
