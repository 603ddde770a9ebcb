//! Why a source is no program: finds the error that CPython reports, with its text and position.
//!
//! CPython parses by a PEG with memoised rules, twice: the second pass, made only after the first
//! has failed, also tries rules that describe common mistakes (`invalid_*`), and the first of them
//! that matches raises. Which error is reported thus depends on the order in which rules are tried
//! and on how far the tokenizer was read. This module repeats that: a recogniser with CPython's
//! rules in CPython's order, which builds no tree but remembers just enough of each node to
//! describe it. It runs only when the fast parser has found an error, when a source is so unusual
//! that it may be mistaken, and in the modes that it does not know.

mod arguments;
mod atoms;
mod compound;
mod error;
mod expressions;
mod invalid_expressions;
mod invalid_parameters;
mod invalid_statements;
mod parameters;
mod patterns;
mod simple;
mod strings;
mod targets;
mod token;

use self::token::{Kind, kind_of};
use super::literals::escapes::NameLookup;
use super::tokenizer::{Status, Token, TokenKind, Tokenizer, TokenizerOptions};
use super::type_comments::{TypeComment, TypeComments};
use crate::error::{CompileError, ErrorKind};
use crate::flags::{
    CO_FUTURE_BARRY_AS_BDFL, Mode, PYCF_ALLOW_INCOMPLETE_INPUT, PYCF_DONT_IMPLY_DEDENT, PYCF_TYPE_COMMENTS,
};
use crate::source::LineIndex;
use taipan_bytecode::code::Constant;

/// How deep rules may be nested before the parser gives up with a `MemoryError`.
const MAX_DEPTH: usize = 6000;
/// What the stack must have left for another nested rule.
const STACK_RED_ZONE: usize = 256 * 1024;
/// How much stack is added when it gets short.
const STACK_SEGMENT: usize = 4 * 1024 * 1024;

/// A node, by its number.
type Node = u32;

/// What a node is: as much as error messages want to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NodeKind {
    Attribute,
    Subscript,
    Starred,
    Name,
    List,
    Tuple,
    Lambda,
    Call,
    /// A boolean, binary or unary operation.
    Operation,
    GeneratorExp,
    Yield,
    Await,
    ListComp,
    SetComp,
    DictComp,
    Dict,
    Set,
    JoinedStr,
    TemplateStr,
    None,
    True,
    False,
    Ellipsis,
    /// A number, a string or bytes.
    Literal,
    /// An imaginary number.
    Imaginary,
    /// A comparison whose first operator is `in`.
    CompareIn,
    Compare,
    IfExp,
    NamedExpr,
    Slice,
    /// Anything that is no expression.
    Other,
}

#[derive(Debug)]
struct NodeData {
    kind: NodeKind,
    /// The first and the last token.
    first: usize,
    last: usize,
    /// Elements of displays, the operand of a star, the left side of a comparison, arguments.
    children: Box<[Node]>,
    /// Whether a call's arguments have `**`.
    unpacks_keywords: bool,
}

/// The rules whose results are remembered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Rule {
    SimpleStmt,
    ImportStmt,
    DottedName,
    Block,
    ClosedPattern,
    StarPattern,
    Attr,
    TypeParam,
    Expression,
    StarExpression,
    InvalidNamedExpression,
    Disjunction,
    Conjunction,
    Inversion,
    BitwiseOr,
    BitwiseXor,
    BitwiseAnd,
    ShiftExpr,
    Sum,
    Term,
    Factor,
    AwaitPrimary,
    Primary,
    Strings,
    Tstring,
    Arguments,
    StarTarget,
    TargetWithStarAtom,
    TPrimary,
    DelTarget,
}

#[derive(Clone, Copy, Debug)]
struct Memo {
    rule: Rule,
    result: Option<Node>,
    end: usize,
}

/// The start and the end of a part of the source.
pub(super) type ByteRange = (usize, usize);

/// What a source turned out to be.
pub(super) enum Verdict {
    /// A program after all.
    Valid(Valid),
    /// Not a program.
    Invalid(Box<CompileError>),
}

/// What the recogniser found in a valid source.
#[derive(Default)]
pub(super) struct Valid {
    pub type_comments: TypeComments,
    /// The byte ranges of the parts of a function type: parameters (and stars), result.
    pub func_type: Option<(Vec<ByteRange>, ByteRange)>,
    /// F-strings and t-strings that stand in patterns, where only the compiler forbids them.
    pub pattern_strings: Vec<ByteRange>,
    /// Whether an interactive input is an empty line.
    pub is_empty_line: bool,
}

/// The recogniser.
pub(super) struct Parser<'a> {
    text: &'a str,
    index: &'a LineIndex,
    tokenizer: Tokenizer<'a>,
    mode: Mode,
    flags: u32,
    lookup: NameLookup<'a>,
    max_str_digits: usize,
    tokens: Vec<Token>,
    kinds: Vec<Kind>,
    memo: Vec<Vec<Memo>>,
    nodes: Vec<NodeData>,
    mark: usize,
    /// Whether the rules that describe mistakes are tried.
    invalid_rules: bool,
    /// Set by an error: every rule fails from then on.
    stop: bool,
    raised: Option<CompileError>,
    depth: usize,
    parsing_started: bool,
    /// Line and column of the last statement with a block that the second pass read.
    last_statement: (i32, i32),
    found: Valid,
}

/// Looks at a source whose lines are known.
///
/// In the mode `exec` the text must end in a newline, unless it is empty.
pub(super) fn diagnose(
    text: &str,
    index: &LineIndex,
    mode: Mode,
    flags: u32,
    lookup: NameLookup<'_>,
    max_str_digits: usize,
) -> Verdict {
    let options = TokenizerOptions {
        type_comments: flags & PYCF_TYPE_COMMENTS != 0,
        extra_tokens: false,
        barry_as_bdfl: flags & CO_FUTURE_BARRY_AS_BDFL != 0,
    };
    let mut parser = Parser {
        text,
        index,
        tokenizer: Tokenizer::new(text, options),
        mode,
        flags,
        lookup,
        max_str_digits,
        tokens: Vec::new(),
        kinds: Vec::new(),
        memo: Vec::new(),
        nodes: Vec::new(),
        mark: 0,
        invalid_rules: false,
        stop: false,
        raised: None,
        depth: 0,
        parsing_started: false,
        last_statement: (0, 0),
        found: Valid::default(),
    };
    match parser.run() {
        Some(error) => Verdict::Invalid(Box::new(error)),
        None => Verdict::Valid(parser.found),
    }
}

impl Parser<'_> {
    fn run(&mut self) -> Option<CompileError> {
        if self.start_rule().is_none() || self.stop {
            let at_end = matches!(self.tokenizer.status, Status::Eof | Status::EofInString | Status::EolInString);
            if self.flags & PYCF_ALLOW_INCOMPLETE_INPUT != 0 && at_end {
                self.raised = None;
                self.stop = false;
                self.raise_at_last(ErrorKind::IncompleteInputError, "incomplete input".into());
                return self.raised.take();
            }
            if self.raised.as_ref().is_some_and(|error| !error.kind.is_syntax_error()) {
                return self.raised.take();
            }
            let last_token = self.tokens.len().saturating_sub(1);
            self.start_second_pass();
            self.start_rule();
            self.settle_error(last_token);
            let raised = self.raised.take();
            let mut error = raised.unwrap_or_else(|| CompileError::new(ErrorKind::SyntaxError, "invalid syntax"));
            error.last_statement = Some(self.last_statement);
            return Some(error);
        }
        if self.mode == Mode::Single && self.has_more_statements() {
            self.raise_at_last(
                ErrorKind::SyntaxError,
                "multiple statements found while compiling a single statement".into(),
            );
        }
        self.raised.take()
    }

    fn start_second_pass(&mut self) {
        for memo in &mut self.memo {
            memo.clear();
        }
        self.mark = 0;
        self.invalid_rules = true;
    }

    /// Whether anything but blanks and comments follows an interactive statement.
    fn has_more_statements(&self) -> bool {
        let mut rest = self.text[self.tokenizer.cur..].bytes();
        while let Some(byte) = rest.next() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\x0c' => {}
                b'#' => while rest.next().is_some_and(|byte| byte != b'\n') {},
                _ => return true,
            }
        }
        false
    }

    fn start_rule(&mut self) -> Option<()> {
        match self.mode {
            Mode::Exec => {
                while self.statement().is_some() {}
                self.expect(Kind::Endmarker)?;
            }
            Mode::Single => self.statement_newline()?,
            Mode::Eval => {
                self.expressions()?;
                while self.expect(Kind::Newline).is_some() {}
                self.expect(Kind::Endmarker)?;
            }
            Mode::FuncType => self.func_type()?,
        }
        Some(())
    }

    // Tokens

    /// Makes sure that there is a token at the mark. `None` says that an error was raised.
    fn fill(&mut self) -> Option<()> {
        while self.mark >= self.tokens.len() {
            if self.stop {
                return None;
            }
            self.fill_token()?;
        }
        Some(())
    }

    fn fill_token(&mut self) -> Option<()> {
        let mut token = self.tokenizer.next_token();
        while token.kind == TokenKind::TYPE_IGNORE {
            let tag = self.tokenizer.token_text(&token);
            // A second pass does not read tokens again.
            self.found.type_comments.ignores.push((self.tokenizer.lineno, Constant::from_str(tag)));
            token = self.tokenizer.next_token();
        }
        let is_single = self.mode == Mode::Single;
        if is_single && token.kind == TokenKind::ENDMARKER && self.parsing_started {
            // The input ends without an empty line: that is as good as one.
            token.kind = TokenKind::NEWLINE;
            self.parsing_started = false;
            let open = self.tokenizer.indents.len() - 1;
            if open > 0 && self.flags & PYCF_DONT_IMPLY_DEDENT == 0 {
                self.tokenizer.pending = -(open as i32);
                self.tokenizer.indents.truncate(1);
            }
        } else {
            self.parsing_started = true;
        }
        let kind = kind_of(token.kind, self.tokenizer.token_text(&token));
        self.tokens.push(token);
        self.kinds.push(kind);
        self.memo.push(Vec::new());
        if kind == Kind::Errortoken {
            self.stop = true;
            self.tokenizer_error();
            return None;
        }
        Some(())
    }

    fn peek(&mut self) -> Option<Kind> {
        self.fill()?;
        Some(self.kinds[self.mark])
    }

    /// Takes a token of a kind, and gives its number.
    fn expect(&mut self, kind: Kind) -> Option<usize> {
        if self.peek()? != kind {
            return None;
        }
        self.mark += 1;
        Some(self.mark - 1)
    }

    /// Takes a token of one of several kinds.
    fn expect_any(&mut self, kinds: &[Kind]) -> Option<usize> {
        if !kinds.contains(&self.peek()?) {
            return None;
        }
        self.mark += 1;
        Some(self.mark - 1)
    }

    /// Whether a token of one of several kinds is next.
    fn at(&mut self, kinds: &[Kind]) -> bool {
        self.peek().is_some_and(|kind| kinds.contains(&kind))
    }

    /// Takes a token that must be there: raises if it is not.
    fn expect_forced(&mut self, kind: Kind, text: &str) -> Option<usize> {
        if self.stop {
            return None;
        }
        if self.peek()? == kind {
            self.mark += 1;
            return Some(self.mark - 1);
        }
        self.raise_token(self.mark, format!("expected '{text}'"));
        None
    }

    fn token_text(&self, token: usize) -> &str {
        self.tokenizer.token_text(&self.tokens[token])
    }

    /// Takes a name with the given text.
    fn soft_keyword(&mut self, word: &str) -> Option<usize> {
        if self.peek()? != Kind::Name || self.token_text(self.mark) != word {
            return None;
        }
        self.mark += 1;
        Some(self.mark - 1)
    }

    fn at_soft_keyword(&mut self, word: &str) -> bool {
        let mark = self.mark;
        let found = self.soft_keyword(word).is_some();
        self.mark = mark;
        found
    }

    /// Takes a name as an expression.
    fn name(&mut self) -> Option<Node> {
        let start = self.expect(Kind::Name)?;
        Some(self.node(NodeKind::Name, start))
    }

    // Nodes

    /// A node from a token to the one before the mark.
    fn node(&mut self, kind: NodeKind, first: usize) -> Node {
        self.node_with(kind, first, Vec::new())
    }

    fn node_with(&mut self, kind: NodeKind, first: usize, children: Vec<Node>) -> Node {
        let last = self.last_token_before(self.mark).max(first);
        self.nodes.push(NodeData { kind, first, last, children: children.into(), unpacks_keywords: false });
        (self.nodes.len() - 1) as Node
    }

    /// A node that only says that a rule matched.
    fn matched(&mut self, first: usize) -> Node {
        self.node(NodeKind::Other, first)
    }

    fn data(&self, node: Node) -> &NodeData {
        &self.nodes[node as usize]
    }

    fn kind(&self, node: Node) -> NodeKind {
        self.data(node).kind
    }

    /// The last token before a mark that is more than a newline or a change of indentation.
    fn last_token_before(&self, mark: usize) -> usize {
        (0..mark)
            .rev()
            .find(|&at| !matches!(self.kinds[at], Kind::Endmarker | Kind::Newline | Kind::Indent | Kind::Dedent))
            .unwrap_or(0)
    }

    // Combinators

    /// Tries an alternative: goes back if it fails.
    fn alt<T>(&mut self, alternative: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.stop {
            return None;
        }
        let mark = self.mark;
        let result = alternative(self);
        if self.stop {
            return None;
        }
        if result.is_none() {
            self.mark = mark;
        }
        result
    }

    /// Whether something follows, without consuming it.
    fn lookahead<T>(&mut self, rule: impl FnOnce(&mut Self) -> Option<T>) -> bool {
        let mark = self.mark;
        let found = rule(self).is_some();
        self.mark = mark;
        found
    }

    /// Takes something if it is there. Fails only after an error.
    fn optional<T>(&mut self, rule: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        let result = self.alt(rule);
        if self.stop { None } else { Some(result) }
    }

    /// One or more, with a separator between.
    fn gather<T>(&mut self, separator: Kind, mut rule: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = vec![self.alt(&mut rule)?];
        while let Some(item) = self.alt(|p| {
            p.expect(separator)?;
            rule(p)
        }) {
            items.push(item);
        }
        if self.stop { None } else { Some(items) }
    }

    /// Any number of times.
    fn many<T>(&mut self, mut rule: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        while let Some(item) = self.alt(&mut rule) {
            items.push(item);
        }
        if self.stop { None } else { Some(items) }
    }

    /// One or more times.
    fn many1<T>(&mut self, rule: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let items = self.many(rule)?;
        if items.is_empty() { None } else { Some(items) }
    }

    /// Tries a rule that describes a mistake, in the second pass only.
    fn try_invalid<T>(&mut self, rule: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if !self.invalid_rules {
            return None;
        }
        self.alt(rule)
    }

    fn remembered(&mut self, rule: Rule) -> Option<Option<Node>> {
        self.fill()?;
        let memo = self.memo[self.mark].iter().find(|memo| memo.rule == rule)?;
        self.mark = memo.end;
        Some(memo.result)
    }

    fn remember(&mut self, at: usize, rule: Rule, result: Option<Node>) {
        let end = self.mark;
        match self.memo[at].iter_mut().find(|memo| memo.rule == rule) {
            Some(memo) => (memo.result, memo.end) = (result, end),
            None => self.memo[at].push(Memo { rule, result, end }),
        }
    }

    /// A rule whose result is remembered.
    fn memoized(&mut self, rule: Rule, parse: impl FnOnce(&mut Self) -> Option<Node>) -> Option<Node> {
        if self.stop {
            return None;
        }
        if let Some(result) = self.remembered(rule) {
            return result;
        }
        if self.stop {
            return None;
        }
        let start = self.mark;
        let result = self.deeper(parse);
        if self.stop {
            return None;
        }
        if result.is_none() {
            self.mark = start;
        }
        self.remember(start, rule, result);
        result
    }

    /// A left-recursive rule: grows its result from a seed.
    fn left_recursive(&mut self, rule: Rule, mut parse: impl FnMut(&mut Self) -> Option<Node>) -> Option<Node> {
        if self.stop {
            return None;
        }
        if let Some(result) = self.remembered(rule) {
            return result;
        }
        if self.stop {
            return None;
        }
        let start = self.mark;
        let (mut best, mut best_end) = (None, start);
        loop {
            self.mark = best_end;
            self.remember(start, rule, best);
            self.mark = start;
            let result = self.deeper(&mut parse);
            if self.stop {
                return None;
            }
            if result.is_none() || self.mark <= best_end {
                break;
            }
            (best, best_end) = (result, self.mark);
        }
        self.mark = best_end;
        best
    }

    /// Counts the nesting, and looks after the native stack.
    fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH * 20 {
            self.stop = true;
            self.raised = Some(CompileError::new(
                ErrorKind::MemoryError,
                "Parser stack overflowed - Python source too complex to parse",
            ));
        }
        let result = if self.stop {
            None
        } else if self.depth.is_multiple_of(8) {
            stacker::maybe_grow(STACK_RED_ZONE, STACK_SEGMENT, || step(self))
        } else {
            step(self)
        };
        self.depth -= 1;
        result
    }

    /// Remembers the type comment of a statement or parameter.
    fn attach_type_comment(&mut self, first: usize, comment: Option<usize>) {
        if let Some(comment) = comment
            && let Some((start, _)) = self.tokens[first].range
            && let Some((_, end)) = self.tokens[comment].range
        {
            let text = Constant::from_str(self.token_text(comment));
            let comment = TypeComment { text, end: end as u32 };
            self.found.type_comments.by_start.insert(start as u32, comment);
        }
    }
}
