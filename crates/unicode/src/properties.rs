//! Yes-or-no properties and digit values.

use crate::tables::*;

const ALPHA: u16 = 1 << 0;
const DECIMAL: u16 = 1 << 1;
const DIGIT: u16 = 1 << 2;
const NUMERIC: u16 = 1 << 3;
const LOWER: u16 = 1 << 4;
const UPPER: u16 = 1 << 5;
const TITLE: u16 = 1 << 6;
const SPACE: u16 = 1 << 7;
const PRINTABLE: u16 = 1 << 8;
const LINEBREAK: u16 = 1 << 9;
const CASED: u16 = 1 << 10;
const CASE_IGNORABLE: u16 = 1 << 11;
const XID_START: u16 = 1 << 12;
const XID_CONTINUE: u16 = 1 << 13;

/// The flags of the first 256 characters.
static LATIN1: [u16; 256] = {
    let mut flags = [0; 256];
    let mut ch = 0;
    while ch < 256 {
        let block = TYPE_INDEX[ch >> TYPE_SHIFT] as usize;
        flags[ch] = TYPE_FLAGS[TYPE_BLOCKS[(block << TYPE_SHIFT) + (ch & ((1 << TYPE_SHIFT) - 1))] as usize];
        ch += 1;
    }
    flags
};

#[inline(always)]
fn has(ch: u32, flags: u16) -> bool {
    if ch < 256 {
        LATIN1[ch as usize] & flags != 0
    } else {
        type_record(ch).is_some_and(|r| TYPE_FLAGS[r] & flags != 0)
    }
}

/// A letter: categories Lm, Lt, Lu, Ll, Lo (`str.isalpha`).
#[inline]
pub fn is_alpha(ch: u32) -> bool {
    has(ch, ALPHA)
}

/// A decimal digit, category Nd (`str.isdecimal`).
#[inline]
pub fn is_decimal(ch: u32) -> bool {
    has(ch, DECIMAL)
}

/// A digit, among them superscripts and such (`str.isdigit`).
#[inline]
pub fn is_digit(ch: u32) -> bool {
    has(ch, DIGIT)
}

/// A character with a numeric value (`str.isnumeric`).
#[inline]
pub fn is_numeric(ch: u32) -> bool {
    has(ch, NUMERIC)
}

/// A letter or a character with any kind of numeric value (`str.isalnum`).
#[inline]
pub fn is_alnum(ch: u32) -> bool {
    has(ch, ALPHA | DECIMAL | DIGIT | NUMERIC)
}

/// A lower-case character.
#[inline]
pub fn is_lower(ch: u32) -> bool {
    has(ch, LOWER)
}

/// An upper-case character.
#[inline]
pub fn is_upper(ch: u32) -> bool {
    has(ch, UPPER)
}

/// A title-case character, category Lt.
#[inline]
pub fn is_title(ch: u32) -> bool {
    has(ch, TITLE)
}

/// White space: category Zs, or bidirectional class WS, B or S (`str.isspace`).
#[inline]
pub fn is_space(ch: u32) -> bool {
    has(ch, SPACE)
}

/// A character that `repr` shows as it is (`str.isprintable`).
#[inline]
pub fn is_printable(ch: u32) -> bool {
    has(ch, PRINTABLE)
}

/// A line boundary for `str.splitlines`.
#[inline]
pub fn is_linebreak(ch: u32) -> bool {
    has(ch, LINEBREAK)
}

/// Cased, in the sense of the standard's definition D135.
#[inline]
pub fn is_cased(ch: u32) -> bool {
    has(ch, CASED)
}

/// Case-ignorable and not cased: what the final-sigma rule skips.
#[inline]
pub fn is_case_ignorable(ch: u32) -> bool {
    has(ch, CASE_IGNORABLE)
}

/// Can start an identifier, besides the underscore (PEP 3131).
#[inline]
pub fn is_xid_start(ch: u32) -> bool {
    has(ch, XID_START)
}

/// Can go on in an identifier (PEP 3131).
#[inline]
pub fn is_xid_continue(ch: u32) -> bool {
    has(ch, XID_CONTINUE)
}

/// The value of a decimal digit.
pub fn decimal(ch: u32) -> Option<u8> {
    u8::try_from(TYPE_DECIMAL[type_record(ch)?]).ok()
}

/// The value of a digit.
pub fn digit(ch: u32) -> Option<u8> {
    u8::try_from(TYPE_DIGIT[type_record(ch)?]).ok()
}

/// The numeric value.
pub fn numeric(ch: u32) -> Option<f64> {
    crate::Version::Current.numeric(ch)
}
