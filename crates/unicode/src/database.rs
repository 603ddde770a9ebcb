//! The properties that `unicodedata` gives.

use std::fmt;

use crate::tables::*;

/// A version of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Version {
    /// 16.0.0: the module `unicodedata` itself.
    #[default]
    Current,
    /// 3.2.0: `unicodedata.ucd_3_2_0`.
    V3_2_0,
}

#[inline(always)]
pub(crate) fn current(ch: u32) -> Option<usize> {
    record(&DATABASE_INDEX, &DATABASE_BLOCKS, DATABASE_SHIFT, ch)
}

fn old(ch: u32) -> Option<usize> {
    record(OLD_INDEX, &OLD_BLOCKS, OLD_SHIFT, ch)
}

/// What a character decomposes to, one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decomposition {
    /// The kind of a compatibility decomposition, as `<compat>`; empty for a canonical one.
    pub tag: &'static str,
    chars: Chars,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chars {
    Table(&'static [u32]),
    Hangul([u32; 3], u8),
}

impl Decomposition {
    /// The characters.
    pub fn chars(&self) -> &[u32] {
        match &self.chars {
            Chars::Table(chars) => chars,
            Chars::Hangul(chars, len) => &chars[..*len as usize],
        }
    }
}

/// As `unicodedata.decomposition` writes it.
impl fmt::Display for Decomposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag)?;
        for (i, ch) in self.chars().iter().enumerate() {
            let space = if i > 0 || !self.tag.is_empty() { " " } else { "" };
            write!(f, "{space}{ch:04X}")?;
        }
        Ok(())
    }
}

/// The decomposition in the table, which Hangul syllables are not in: tag number and characters.
#[inline]
pub(crate) fn table_decomposition(ch: u32) -> Option<(usize, &'static [u32])> {
    let at = record(DECOMPOSITION_INDEX, &DECOMPOSITION_BLOCKS, DECOMPOSITION_SHIFT, ch)?;
    if at == 0 {
        return None;
    }
    let head = DECOMPOSITION_CHARS[at];
    let len = (head >> 24) as usize;
    Some(((head & 0xff) as usize, &DECOMPOSITION_CHARS[at + 1..at + 1 + len]))
}

/// The first precomposed Hangul syllable, and how the syllables are counted.
pub(crate) const HANGUL: u32 = 0xac00;
pub(crate) const HANGUL_COUNT: u32 = 11172;
pub(crate) const JAMO_L: u32 = 0x1100;
pub(crate) const JAMO_V: u32 = 0x1161;
pub(crate) const JAMO_T: u32 = 0x11a7;

/// The two or three jamo of a Hangul syllable.
pub(crate) fn hangul_decomposition(ch: u32) -> Option<([u32; 3], u8)> {
    let s = ch.checked_sub(HANGUL).filter(|&s| s < HANGUL_COUNT)?;
    let jamo = [JAMO_L + s / 588, JAMO_V + s % 588 / 28, JAMO_T + s % 28];
    Some((jamo, if s % 28 == 0 { 2 } else { 3 }))
}

impl Version {
    /// The version's number (`unidata_version`).
    pub fn number(self) -> &'static str {
        match self {
            Version::Current => crate::UNIDATA_VERSION,
            Version::V3_2_0 => "3.2.0",
        }
    }

    /// The record of `ch`, and the table the version keeps one of its fields in.
    #[inline(always)]
    fn field(self, ch: u32, new: &'static [u8], before: &'static [u8]) -> u8 {
        match self {
            Version::Current => current(ch).map_or(0, |r| new[r]),
            Version::V3_2_0 => old(ch).map_or(0, |r| before[r]),
        }
    }

    /// Whether the version has a character at this code point.
    pub fn is_assigned(self, ch: u32) -> bool {
        self.field(ch, DATABASE_CATEGORY, OLD_CATEGORY) != 0
    }

    /// The general category, two letters.
    pub fn category(self, ch: u32) -> &'static str {
        CATEGORIES[self.field(ch, DATABASE_CATEGORY, OLD_CATEGORY) as usize]
    }

    /// The bidirectional class; empty where none is defined.
    pub fn bidirectional(self, ch: u32) -> &'static str {
        BIDIRECTIONAL[self.field(ch, DATABASE_BIDIRECTIONAL, OLD_BIDIRECTIONAL) as usize]
    }

    /// The canonical combining class.
    pub fn combining(self, ch: u32) -> u8 {
        self.field(ch, DATABASE_COMBINING, OLD_COMBINING)
    }

    /// Whether the character is mirrored in bidirectional text.
    pub fn mirrored(self, ch: u32) -> bool {
        self.field(ch, DATABASE_WIDTH, OLD_WIDTH) & 1 != 0
    }

    /// The East Asian width.
    pub fn east_asian_width(self, ch: u32) -> &'static str {
        WIDTHS[(self.field(ch, DATABASE_WIDTH, OLD_WIDTH) >> 1) as usize]
    }

    /// The numeric value.
    pub fn numeric(self, ch: u32) -> Option<f64> {
        match self.field(ch, DATABASE_NUMERIC, OLD_NUMERIC) {
            0 => None,
            number => Some(NUMERIC[number as usize]),
        }
    }

    /// The value of a decimal digit.
    pub fn decimal(self, ch: u32) -> Option<u8> {
        match self {
            Version::Current => crate::decimal(ch),
            Version::V3_2_0 => u8::try_from(OLD_DECIMAL[old(ch)?]).ok(),
        }
    }

    /// The value of a digit.
    pub fn digit(self, ch: u32) -> Option<u8> {
        match self {
            Version::Current => crate::digit(ch),
            Version::V3_2_0 => u8::try_from(OLD_DIGIT[old(ch)?]).ok(),
        }
    }

    /// What the character decomposes to, if it does.
    pub fn decomposition(self, ch: u32) -> Option<Decomposition> {
        if let Some((chars, len)) = hangul_decomposition(ch) {
            return Some(Decomposition { tag: "", chars: Chars::Hangul(chars, len) });
        }
        if self == Version::V3_2_0 && !self.is_assigned(ch) {
            return None;
        }
        let (tag, chars) = table_decomposition(ch)?;
        Some(Decomposition { tag: TAGS[tag], chars: Chars::Table(chars) })
    }
}
