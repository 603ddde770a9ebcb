//! The adapter: `ruff_python_parser`'s tree made into ours.
//!
//! Ruff's tree knows byte ranges, ours lines and columns; ruff keeps parts of implicit
//! concatenations, ours joins them; ruff cannot express surrogates and large integers as values,
//! so literals with escapes and numbers are read from the source again.

mod expr;
mod pattern;
mod stmt;
mod strings;
mod warnings;

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;
use taipan_bytecode::code::Constant;

use super::literals::escapes::NameLookup;
use super::type_comments::TypeComments;
use crate::ast::{Expr, ExprKind, Location, Mod, Name, Stmt, TypeIgnore};
use crate::error::{CompileError, ErrorKind};
use crate::flags::Mode;
use crate::source::{LineIndex, LineIndexCursor};

/// A position: a line from 1 and a column from 0 in bytes.
type Position = (i32, i32);

/// Converts one parse.
pub(super) struct Converter<'a> {
    text: &'a str,
    index: &'a LineIndex,
    cursor: LineIndexCursor<'a>,
    names: FxHashMap<&'a str, Name>,
    /// Strings that the tree has placeholders for, by where they start.
    masked: FxHashMap<u32, &'a ruff::Expr>,
    /// What names stand for, by where they start: `raise` or a soft keyword.
    masked_words: FxHashMap<u32, &'a str>,
    lookup: NameLookup<'a>,
    max_str_digits: usize,
    type_comments: TypeComments,
    /// How deep the conversion is: past a few levels it watches the native stack.
    depth: usize,
    /// How many of these levels are left operands: chains of them may be longer.
    left_depth: usize,
    too_deep: bool,
    /// How many blocks are around.
    block_depth: usize,
    /// How many format specifications are around.
    spec_depth: usize,
    /// Whether something came up that ruff accepts and the reference does not: the diagnosis has
    /// to look at the source.
    pub suspicious: bool,
    /// The first error in a literal.
    pub error: Option<CompileError>,
    /// What to warn of, in order of the source.
    pub warnings: Vec<warnings::PendingWarning>,
    /// Warnings that are due at the end of the current f-string.
    late_warnings: Vec<warnings::PendingWarning>,
}

/// The room that a conversion step may take before the next look at the stack.
const STACK_RED_ZONE: usize = 128 * 1024;
/// How much stack is added when it gets short.
const STACK_SEGMENT: usize = 4 * 1024 * 1024;
/// How deeply expressions and statements may nest.
const MAX_DEPTH: usize = 6000;
/// How long a chain of left operands, attributes or calls may be.
const MAX_LEFT_DEPTH: usize = 20_000;
/// Conversions nested less deeply than this do not look at the stack.
const UNCHECKED_DEPTH: usize = 24;

impl<'a> Converter<'a> {
    /// A converter for a source with the given lines.
    pub fn new(
        text: &'a str,
        index: &'a LineIndex,
        lookup: NameLookup<'a>,
        max_str_digits: usize,
        type_comments: TypeComments,
    ) -> Converter<'a> {
        Converter {
            text,
            index,
            cursor: LineIndexCursor::new(index),
            names: FxHashMap::default(),
            masked: FxHashMap::default(),
            masked_words: FxHashMap::default(),
            lookup,
            max_str_digits,
            type_comments,
            depth: 0,
            left_depth: 0,
            too_deep: false,
            block_depth: 0,
            spec_depth: 0,
            suspicious: false,
            error: None,
            warnings: Vec::new(),
            late_warnings: Vec::new(),
        }
    }

    /// Says what stands where the tree has placeholders.
    pub fn unmask(
        &mut self,
        strings: &'a [(u32, ruff_python_parser::Parsed<ruff::ModExpression>)],
        words: &[(usize, &'a str)],
    ) {
        self.masked.extend(strings.iter().map(|(start, parsed)| (*start, parsed.expr())));
        self.masked_words.extend(words.iter().map(|&(start, word)| (start as u32, word)));
    }

    /// What ruff read, in one of the modes `exec`, `single` and `eval`.
    pub fn tree(&mut self, syntax: &'a ruff::Mod, mode: Mode) -> Mod {
        match (syntax, mode) {
            (ruff::Mod::Module(module), Mode::Single) => self.interactive(module),
            (ruff::Mod::Module(module), _) => self.module(module),
            (ruff::Mod::Expression(module), _) => Mod::Expression { body: Box::new(self.expr(&module.body)) },
        }
    }

    /// An expression by itself.
    pub fn expression(&mut self, expr: &'a ruff::Expr) -> Expr {
        self.expr(expr)
    }

    /// Whether the source nests too deeply.
    pub fn is_too_deep(&self) -> bool {
        self.too_deep
    }

    /// A whole file.
    fn module(&mut self, module: &'a ruff::ModModule) -> Mod {
        let (body, _) = self.body(&module.body);
        let type_ignores = std::mem::take(&mut self.type_comments.ignores)
            .into_iter()
            .map(|(lineno, tag)| TypeIgnore { lineno, tag })
            .collect();
        Mod::Module { body, type_ignores }
    }

    /// One interactive statement; an empty input is a `pass`.
    fn interactive(&mut self, module: &'a ruff::ModModule) -> Mod {
        let (body, _) = self.body(&module.body);
        Mod::Interactive { body }
    }

    #[inline]
    fn position(&self, offset: TextSize) -> Position {
        self.cursor.position(offset.to_u32())
    }

    #[inline]
    fn location(&self, range: TextRange) -> Location {
        let (lineno, col_offset) = self.position(range.start());
        let (end_lineno, end_col_offset) = self.position(range.end());
        Location { lineno, col_offset, end_lineno, end_col_offset }
    }

    fn location_to(&self, start: TextSize, end: Position) -> Location {
        let (lineno, col_offset) = self.position(start);
        Location { lineno, col_offset, end_lineno: end.0, end_col_offset: end.1 }
    }

    fn source(&self, range: TextRange) -> &'a str {
        &self.text[range.start().to_usize()..range.end().to_usize()]
    }

    /// A shared copy of an identifier.
    fn name(&mut self, id: &'a ruff::name::Name) -> Name {
        self.shared(id.as_str())
    }

    fn shared(&mut self, text: &'a str) -> Name {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name = Name::from(text);
        self.names.insert(text, name.clone());
        name
    }

    fn identifier(&mut self, identifier: &'a ruff::Identifier) -> Name {
        self.name(&identifier.id)
    }

    /// Runs a recursive step, on a fresh piece of stack if this one is nearly used up.
    #[inline]
    fn nested<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let result = if self.depth > UNCHECKED_DEPTH {
            stacker::maybe_grow(STACK_RED_ZONE, STACK_SEGMENT, || step(self))
        } else {
            step(self)
        };
        self.depth -= 1;
        result
    }

    /// Runs a step for a left operand.
    fn leftwards<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> T {
        self.left_depth += 1;
        let result = step(self);
        self.left_depth -= 1;
        result
    }

    /// Whether there is room for another level; if not, that is an error.
    #[inline]
    fn has_room(&mut self) -> bool {
        if self.depth < MAX_DEPTH {
            return true;
        }
        let message = if self.depth - self.left_depth > MAX_DEPTH {
            "Parser stack overflowed - Python source too complex to parse"
        } else if self.left_depth > MAX_LEFT_DEPTH {
            "Stack overflow during compilation"
        } else {
            return true;
        };
        let kind = match self.left_depth > MAX_LEFT_DEPTH {
            true => ErrorKind::RecursionError,
            false => ErrorKind::MemoryError,
        };
        self.too_deep = true;
        self.error = Some(CompileError::new(kind, message));
        false
    }

    /// The statements of a block and where the block ends, for the statement that holds it: a
    /// semicolon after the last statement counts.
    fn body(&mut self, body: &'a [ruff::Stmt]) -> (Vec<Stmt>, Position) {
        self.block_depth += 1;
        // The tokenizer allows no more than a hundred levels of indentation, the module included.
        self.suspicious |= self.block_depth > 100;
        let converted: Vec<Stmt> = body.iter().map(|stmt| self.stmt(stmt)).collect();
        self.block_depth -= 1;
        let end = match (body.last(), converted.last()) {
            (Some(ruff), Some(stmt)) => {
                let end = (stmt.loc.end_lineno, stmt.loc.end_col_offset);
                if is_compound(ruff) { end } else { self.after_semicolon(ruff.end(), end) }
            }
            _ => (1, 0),
        };
        (converted, end)
    }

    fn after_semicolon(&self, offset: TextSize, end: Position) -> Position {
        let bytes = self.text.as_bytes();
        let mut at = offset.to_usize();
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\x0c') => at += 1,
                Some(b'\\') if bytes.get(at + 1) == Some(&b'\n') => at += 2,
                Some(b';') => return self.position(TextSize::try_from(at + 1).unwrap_or_default()),
                _ => return end,
            }
        }
    }

    /// The next byte of a line that is no blank.
    fn next_on_line(&self, offset: TextSize) -> usize {
        let bytes = &self.text.as_bytes()[offset.to_usize()..];
        let blanks = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
        offset.to_usize() + blanks
    }

    /// The start of the first token at or after an offset: skips blanks, newlines and comments.
    fn next_token(&self, offset: TextSize) -> TextSize {
        let bytes = self.text.as_bytes();
        let mut at = offset.to_usize();
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\x0c' | b'\n' | b'\\' => at += 1,
                b'#' => {
                    at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
                }
                _ => break,
            }
        }
        TextSize::try_from(at).unwrap_or(offset)
    }

    /// What stands for an expression that could not be converted.
    fn nothing(&self, range: TextRange) -> Expr {
        let node = ExprKind::Constant { value: Constant::None, kind: None };
        Expr { loc: self.location(range), node }
    }

    fn fail(&mut self, error: CompileError) {
        if self.error.is_none() {
            self.error = Some(error);
        }
    }

    fn fail_at(&mut self, message: String, range: TextRange) {
        if self.error.is_none() {
            let location = self.location(range);
            self.fail(CompileError { kind: ErrorKind::SyntaxError, ..CompileError::syntax(message, location) });
        }
    }
}

fn is_compound(stmt: &ruff::Stmt) -> bool {
    matches!(
        stmt,
        ruff::Stmt::FunctionDef(_)
            | ruff::Stmt::ClassDef(_)
            | ruff::Stmt::For(_)
            | ruff::Stmt::While(_)
            | ruff::Stmt::If(_)
            | ruff::Stmt::With(_)
            | ruff::Stmt::Match(_)
            | ruff::Stmt::Try(_)
    )
}
