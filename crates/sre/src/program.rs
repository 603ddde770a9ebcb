//! A translated pattern: the instruction list and its side tables.

use crate::chars::Unicode;
use crate::charset::{Fold, Sets};
use crate::compile::Compiler;

/// "No place", for optional instruction numbers.
pub(crate) const NO_PC: u32 = u32::MAX;

/// A test of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Fail,
    Lit(u32),
    NotLit(u32),
    /// Anything but a newline.
    Any,
    AnyAll,
    /// A set of [`Sets`].
    Set(u32),
    /// A literal compared in both of the locale's cases.
    LocLit(u32),
    LocNotLit(u32),
    /// A set program at this place of the code, with locale categories.
    LocSet(u32),
    /// The same, tried with both of the locale's cases of the character.
    LocFoldSet(u32),
}

/// One step of the machine. Numbers called `pc` are indexes of the instruction list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Inst {
    Fail,
    /// The end of the pattern, or of the body of an assertion, an atomic group or a possessive repeat.
    Success,
    Nop,
    Jump(u32),
    Lit(u32),
    NotLit(u32),
    Any,
    AnyAll,
    Set(u32),
    /// A single character test that needs the locale; an index of `items`.
    Loc(u32),
    /// A run of literals: a range of `lits`.
    LitStr {
        start: u32,
        len: u32,
    },
    At(u32),
    /// A word boundary (or its absence) after the set of word characters.
    Boundary {
        set: u32,
        negate: bool,
    },
    LocBoundary {
        negate: bool,
    },
    Mark(u32),
    /// One alternative; its body follows. `check` is the set of characters it can start with.
    Alt {
        check: u32,
        next: u32,
    },
    Greedy(u32),
    Lazy(u32),
    Possessive(u32),
    /// Two ways, the first preferred.
    Split(u32),
    /// Enters a counted loop: clears its counter and goes to its UNTIL.
    RepeatInit(u32),
    MaxUntil(u32),
    MinUntil(u32),
    PossessiveRepeat(u32),
    Atomic {
        after: u32,
    },
    Assert {
        back: u32,
        after: u32,
    },
    AssertNot {
        back: u32,
        after: u32,
    },
    /// A single-character assertion ahead of the place or behind it; `item` is an index of `items`.
    Look {
        item: u32,
        behind: bool,
        negate: bool,
    },
    GroupRef {
        group: u32,
        fold: Fold,
    },
    GroupExists {
        group: u32,
        no: u32,
    },
}

/// A repeated single-character item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    pub item: Item,
    pub min: u32,
    pub max: u32,
    /// The characters the rest of the pattern can start with.
    pub check: u32,
    /// The single such character, if there is only one.
    pub literal: Option<u32>,
    /// The item matches none of them: there is exactly one place where the rest can go on.
    pub exclusive: bool,
    /// The same, as long as characters are below 256.
    pub exclusive_narrow: bool,
    /// Nothing follows but the end of the pattern.
    pub last: bool,
    /// An end anchor follows.
    pub end: End,
}

/// What an end anchor behind a repeat says of the places where the rest can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing: there is no anchor.
    Anywhere,
    /// Only behind the last repetition, because the item matches no newline (or none is allowed).
    AllTaken,
    /// Only at the end of the text or one character before it.
    LastTwo,
}

/// The two ways of a [`Inst::Split`], and the characters each can start with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Split {
    pub first: u32,
    pub first_check: u32,
    pub second: u32,
    pub second_check: u32,
}

/// A counted loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loop {
    pub slot: u32,
    pub min: u32,
    pub max: u32,
    pub body: u32,
    /// The UNTIL instruction, or (possessive) the instruction after the loop.
    pub until: u32,
}

/// How a search finds places worth an attempt.
#[derive(Clone, Debug)]
pub(crate) enum Start {
    /// Everywhere.
    Any,
    /// Only at the first place (the pattern begins with `\A`).
    Anchored,
    /// Only where a line begins (the pattern begins with a multi-line `^`).
    LineBegin,
    Literal(u32),
    Prefix(Box<Prefix>),
    /// The pattern begins with `.*`: where it fails, it fails up to the end of the line (of the text).
    Line {
        all: bool,
    },
    /// Where each of several characters is in the set for its place.
    Window(Box<Window>),
    /// Where a character of this set stands; `few` lists its members if it has at most three.
    Set {
        set: u32,
        few: Option<([u8; 3], u8)>,
    },
}

/// The characters that the first places of a match can hold: bit `i` stands for place `i`.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub table: [u8; 256],
    /// The places at which characters from 256 on are possible.
    pub high: u8,
    /// How many places, from 2 to 8.
    pub len: u8,
    /// The members of the first place's set, if it has at most three.
    pub few: Option<([u8; 3], u8)>,
}

/// A literal prefix of at least two characters.
#[derive(Clone, Debug)]
pub(crate) struct Prefix {
    pub chars: Vec<u32>,
    /// Knuth-Morris-Pratt: how much of the prefix still matches after a mismatch at each place.
    pub overlap: Vec<u32>,
    /// The searcher for byte texts, if all characters are below 256.
    pub finder: Option<memchr::memmem::Finder<'static>>,
}

/// The code words handed to [`Program::new`] are not what Python's compiler could have made: `_sre.compile`
/// raises `RuntimeError("invalid SRE code")`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCode;

impl std::fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("invalid SRE code")
    }
}

impl std::error::Error for InvalidCode {}

/// A validated and translated pattern. It is immutable and may be shared.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) code: Box<[u32]>,
    pub(crate) groups: usize,
    pub(crate) insts: Vec<Inst>,
    pub(crate) items: Vec<Item>,
    pub(crate) sets: Sets,
    pub(crate) lits: Vec<u32>,
    pub(crate) repeats: Vec<Repeat>,
    pub(crate) splits: Vec<Split>,
    pub(crate) loops: Vec<Loop>,
    pub(crate) slots: u32,
    /// The least number of characters of a match.
    pub(crate) min_width: u64,
    pub(crate) start: Start,
    /// Where an attempt goes on after the prefix search, and how many characters are matched by then.
    pub(crate) after_prefix: (u32, u32),
    /// The prefix is the whole pattern.
    pub(crate) whole_literal: bool,
}

impl Program {
    /// Validates the code words of a pattern with `groups` capturing groups (group 0 not counted) and
    /// translates them. `U` is evaluated for the first 256 characters here, for others when matching.
    pub fn new<U: Unicode>(code: &[u32], groups: usize) -> Result<Program, InvalidCode> {
        Compiler::new(code, groups)?.compile::<U>()
    }

    /// The code words, as they were given.
    pub fn code(&self) -> &[u32] {
        &self.code
    }

    /// The number of capturing groups, group 0 not counted.
    pub fn groups(&self) -> usize {
        self.groups
    }
}
