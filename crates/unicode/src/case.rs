//! Case mappings: simple ones, from one character to one, and the full ones of `str`'s methods.

use crate::properties::{is_case_ignorable, is_cased};
use crate::tables::*;

/// The result of a full mapping: one to three characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapping {
    chars: [u32; 3],
    len: u8,
}

impl Mapping {
    #[inline(always)]
    fn one(ch: u32) -> Mapping {
        Mapping { chars: [ch, 0, 0], len: 1 }
    }

    /// The characters.
    #[inline(always)]
    pub fn as_slice(&self) -> &[u32] {
        &self.chars[..self.len as usize]
    }
}

impl std::ops::Deref for Mapping {
    type Target = [u32];
    #[inline(always)]
    fn deref(&self) -> &[u32] {
        self.as_slice()
    }
}

#[inline(always)]
fn moved(ch: u32, by: i32) -> u32 {
    ch.wrapping_add_signed(by)
}

/// Simple lower-case mapping.
#[inline]
pub fn simple_lower(ch: u32) -> u32 {
    if ch < 128 {
        return (ch as u8).to_ascii_lowercase() as u32;
    }
    type_record(ch).map_or(ch, |r| moved(ch, TYPE_LOWER[r]))
}

/// Simple upper-case mapping.
#[inline]
pub fn simple_upper(ch: u32) -> u32 {
    if ch < 128 {
        return (ch as u8).to_ascii_uppercase() as u32;
    }
    type_record(ch).map_or(ch, |r| moved(ch, TYPE_UPPER[r]))
}

/// Simple title-case mapping.
#[inline]
pub fn simple_title(ch: u32) -> u32 {
    if ch < 128 {
        return (ch as u8).to_ascii_uppercase() as u32;
    }
    type_record(ch).map_or(ch, |r| moved(ch, TYPE_TITLE[r]))
}

/// The full mapping of an entry of `TYPE_EXTENDED`: kind 0 lower, 1 upper, 2 title, 3 folded.
fn extended(entry: u16, kind: usize) -> Mapping {
    let at = (entry as usize - 1) * 4 + kind;
    let range = EXTENDED_STARTS[at] as usize..EXTENDED_STARTS[at + 1] as usize;
    let mut mapping = Mapping { chars: [0; 3], len: range.len() as u8 };
    for (to, &from) in mapping.chars.iter_mut().zip(&EXTENDED_CHARS[range]) {
        *to = from;
    }
    mapping
}

#[inline(always)]
fn full(ch: u32, kind: usize, simple: &[i32]) -> Mapping {
    match type_record(ch) {
        None => Mapping::one(ch),
        Some(r) => match TYPE_EXTENDED[r] {
            0 => Mapping::one(moved(ch, simple[r])),
            entry => extended(entry, kind),
        },
    }
}

/// Full lower-case mapping, without regard to the neighbours (see [`final_sigma`]).
#[inline]
pub fn to_lower(ch: u32) -> Mapping {
    if ch < 128 {
        return Mapping::one((ch as u8).to_ascii_lowercase() as u32);
    }
    full(ch, 0, &TYPE_LOWER)
}

/// Full upper-case mapping.
#[inline]
pub fn to_upper(ch: u32) -> Mapping {
    if ch < 128 {
        return Mapping::one((ch as u8).to_ascii_uppercase() as u32);
    }
    full(ch, 1, &TYPE_UPPER)
}

/// Full title-case mapping.
#[inline]
pub fn to_title(ch: u32) -> Mapping {
    if ch < 128 {
        return Mapping::one((ch as u8).to_ascii_uppercase() as u32);
    }
    full(ch, 2, &TYPE_TITLE)
}

/// Full case folding (`str.casefold`).
#[inline]
pub fn to_folded(ch: u32) -> Mapping {
    if ch < 128 {
        return Mapping::one((ch as u8).to_ascii_lowercase() as u32);
    }
    full(ch, 3, &TYPE_LOWER)
}

/// GREEK CAPITAL LETTER SIGMA, whose lower case depends on its place.
pub const CAPITAL_SIGMA: u32 = 0x3a3;
/// GREEK SMALL LETTER SIGMA.
pub const SMALL_SIGMA: u32 = 0x3c3;
/// GREEK SMALL LETTER FINAL SIGMA.
pub const FINAL_SIGMA: u32 = 0x3c2;

/// The lower case of the capital sigma at `index` of a text of `len` characters: the final form if a cased
/// character comes before it and none after it, case-ignorable ones left out of account.
pub fn lower_sigma(len: usize, index: usize, char_at: impl Fn(usize) -> u32) -> u32 {
    let before = (0..index).rev().map(&char_at).find(|&c| !is_case_ignorable(c));
    let after = || (index + 1..len).map(&char_at).find(|&c| !is_case_ignorable(c));
    if before.is_some_and(is_cased) && !after().is_some_and(is_cased) { FINAL_SIGMA } else { SMALL_SIGMA }
}
