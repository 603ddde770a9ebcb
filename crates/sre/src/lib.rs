//! The regular-expression engine behind the `_sre` module.
//!
//! Python's own `re` package parses and compiles a pattern into a list of 32-bit *code words*; `_sre` runs
//! them. This crate is that second half, without any knowledge of Python objects:
//!
//! * [`Program::new`] validates the code words (any array is either safe to run or rejected) and translates
//!   them into a compact instruction list: character classes become tables, runs of literals become strings,
//!   loops whose body always consumes something lose their counters, and every choice learns which
//!   characters can start each of its sides.
//! * [`State`] holds one matching attempt: where it may look, what it found, and the stack of choices still
//!   open. [`State::match_at`] and [`State::search`] run a program over a slice of 1-, 2- or 4-byte
//!   characters ([`Char`]), each width compiled by itself.
//! * [`Unicode`] gives the character database, [`Host`] the locale and the check for pending signals.
//!
//! Matching never recurses on the native stack and never panics on any program or text. Results (spans of
//! groups, `lastindex`) are those of CPython's engine.
//!
//! ```
//! use taipan_sre::{Program, State, StdHost, opcode};
//! // re.compile("ab") without its INFO block
//! let code = [opcode::LITERAL, 97, opcode::LITERAL, 98, opcode::SUCCESS];
//! let program = Program::new::<StdHost>(&code, 0).unwrap();
//! let text: &[u8] = b"xxab";
//! let mut state = State::new(&program, 0, text.len());
//! assert_eq!(state.search(&program, text, &mut StdHost), Ok(true));
//! assert_eq!(state.span(), (2, 4));
//! ```
#![forbid(unsafe_code)]

mod analyse;
mod chars;
mod charset;
mod compile;
mod engine;
pub mod fuzz;
mod items;
pub mod opcode;
mod program;
mod search;

pub use chars::{Char, Host, Interrupted, StdHost, Unicode};
pub use engine::State;
pub use program::{InvalidCode, Program};

/// Version stamp that `re._constants.MAGIC` must equal.
pub const MAGIC: u32 = 20230612;
/// Bytes in a code word (`_sre.CODESIZE`).
pub const CODESIZE: usize = 4;
/// The repeat count that stands for "without limit" (`_sre.MAXREPEAT`).
pub const MAXREPEAT: u32 = u32::MAX;
/// Most groups a pattern may have (`_sre.MAXGROUPS`).
pub const MAXGROUPS: usize = i32::MAX as usize / 2;

/// Why a matching attempt ended without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The backtracking stack could not grow (raise `MemoryError`).
    Memory,
    /// [`Host::check_signals`] reported a raised exception; let it travel on.
    Interrupted,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Error::Memory => "out of memory while matching",
            Error::Interrupted => "matching was interrupted by a signal handler",
        })
    }
}

impl std::error::Error for Error {}

/// `_sre.ascii_iscased`: whether `ch` is an ASCII letter.
pub fn ascii_iscased(ch: u32) -> bool {
    u8::try_from(ch).is_ok_and(|b| b.is_ascii_alphabetic())
}

/// `_sre.ascii_tolower`: `ch` in lower case where it is an ASCII letter.
pub fn ascii_tolower(ch: u32) -> u32 {
    charset::lower_ascii(ch)
}

/// `_sre.unicode_iscased`: whether simple case mapping changes `ch` in either direction.
pub fn unicode_iscased<U: Unicode>(ch: u32) -> bool {
    ch != U::lower(ch) || ch != U::upper(ch)
}

/// `_sre.unicode_tolower`: the simple lower-case mapping of `ch`.
pub fn unicode_tolower<U: Unicode>(ch: u32) -> u32 {
    U::lower(ch)
}
