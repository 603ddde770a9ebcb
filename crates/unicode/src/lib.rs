//! The Unicode 16.0.0 character database, with what Python 3.14 makes of it.
//!
//! * Functions on this level answer what `str`'s methods and the tokenizer ask of a character: [`is_alpha`],
//!   [`is_printable`], [`is_xid_start`], …; all of them constant-time, Latin-1 in one load.
//! * [`case`] maps to lower, upper, title case and to case-folded form, simple and full, with the final-sigma
//!   rule.
//! * [`Version`] is the `unicodedata` module: properties, decompositions, names, lookup and normalisation, of
//!   the current version and of 3.2.0 (`unicodedata.ucd_3_2_0`, which IDNA needs).
//!
//! Code points are `u32`, because Python strings may hold lone surrogates; a value above 0x10FFFF has no
//! property at all. The tables are data files that `tools/generate.py` writes; the Unicode licence for them is in
//! `LICENSE-UNICODE`.
#![forbid(unsafe_code)]

pub mod case;
mod database;
mod names;
mod normalize;
mod properties;
mod tables;

pub use database::{Decomposition, Version};
pub use names::Found;
pub use normalize::{Form, QuickCheck};
pub use properties::*;

/// The version of the database (`unicodedata.unidata_version`).
pub const UNIDATA_VERSION: &str = "16.0.0";
