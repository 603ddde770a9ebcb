//! Conversion specifiers of `%` formatting, `%[(key)][flags][width][.precision][length]type`, and numbers laid out as
//! they say. The reader goes step by step, since arguments are fetched while a specifier is being read.

use super::search::Unit;
use core::ops::Range;

/// `-`: to the left.
pub const LEFT: u8 = 1;
/// `+`: always a sign.
pub const SIGN: u8 = 2;
/// Space: a space where a plus sign would be.
pub const BLANK: u8 = 4;
/// `#`: the alternate form.
pub const ALT: u8 = 8;
/// `0`: zeros instead of spaces.
pub const ZERO: u8 = 16;

/// Width or precision as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    None,
    /// `*`: the next argument says.
    Star,
    Number(usize),
}

/// What is wrong with a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatError {
    IncompleteKey,
    Incomplete,
    WidthTooBig,
    PrecisionTooBig,
}

/// Reads a format.
pub struct Reader<'a, T> {
    text: &'a [T],
    at: usize,
}

impl<'a, T: Unit> Reader<'a, T> {
    pub fn new(text: &'a [T]) -> Reader<'a, T> {
        Reader { text, at: 0 }
    }

    /// Where the reader stands.
    pub fn position(&self) -> usize {
        self.at
    }

    #[inline]
    fn peek(&self) -> Option<u32> {
        self.text.get(self.at).map(|&c| c.into())
    }

    /// The text up to the next specifier, whose `%` is passed over; true if there is one.
    pub fn literal(&mut self) -> (Range<usize>, bool) {
        let start = self.at;
        match T::from_u32('%' as u32).position(&self.text[start..]) {
            Some(i) => {
                self.at = start + i + 1;
                (start..start + i, true)
            }
            None => {
                self.at = self.text.len();
                (start..self.at, false)
            }
        }
    }

    /// Passes over the second character of `%%`; true if it is there.
    pub fn skip_percent(&mut self) -> bool {
        let percent = self.peek() == Some('%' as u32);
        self.at += percent as usize;
        percent
    }

    /// The key in parentheses, which may be nested.
    pub fn key(&mut self) -> Result<Option<Range<usize>>, FormatError> {
        if self.peek() != Some('(' as u32) {
            return Ok(None);
        }
        let start = self.at + 1;
        let mut depth = 0;
        while let Some(c) = self.peek() {
            self.at += 1;
            if c == '(' as u32 {
                depth += 1;
            } else if c == ')' as u32 {
                depth -= 1;
                if depth == 0 {
                    return Ok(Some(start..self.at - 1));
                }
            }
        }
        Err(FormatError::IncompleteKey)
    }

    pub fn flags(&mut self) -> u8 {
        let mut flags = 0;
        while let Some(c) = self.peek() {
            flags |= match u8::try_from(c) {
                Ok(b'-') => LEFT,
                Ok(b'+') => SIGN,
                Ok(b' ') => BLANK,
                Ok(b'#') => ALT,
                Ok(b'0') => ZERO,
                _ => break,
            };
            self.at += 1;
        }
        flags
    }

    fn number(&mut self, max: usize) -> Option<usize> {
        let mut n = 0usize;
        while let Some(c @ 0x30..=0x39) = self.peek() {
            let digit = (c - 0x30) as usize;
            if n > (max - digit) / 10 {
                return None;
            }
            n = n * 10 + digit;
            self.at += 1;
        }
        Some(n)
    }

    pub fn width(&mut self) -> Result<Amount, FormatError> {
        match self.peek() {
            Some(0x2a) => {
                self.at += 1;
                Ok(Amount::Star)
            }
            Some(0x30..=0x39) => self.number(isize::MAX as usize).map(Amount::Number).ok_or(FormatError::WidthTooBig),
            _ => Ok(Amount::None),
        }
    }

    pub fn precision(&mut self) -> Result<Amount, FormatError> {
        if self.peek() != Some('.' as u32) {
            return Ok(Amount::None);
        }
        self.at += 1;
        if self.peek() == Some('*' as u32) {
            self.at += 1;
            return Ok(Amount::Star);
        }
        self.number(i32::MAX as usize).map(Amount::Number).ok_or(FormatError::PrecisionTooBig)
    }

    /// The type's character. Lengths before it (`h`, `l`, `L`) mean nothing.
    pub fn conversion(&mut self) -> Result<u32, FormatError> {
        if matches!(self.peek(), Some(c) if c == 'h' as u32 || c == 'l' as u32 || c == 'L' as u32) {
            self.at += 1;
        }
        let c = self.peek().ok_or(FormatError::Incomplete)?;
        self.at += 1;
        Ok(c)
    }
}

/// A specifier with its arguments put in.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub flags: u8,
    pub width: usize,
    pub precision: Option<usize>,
    /// The type's character.
    pub conversion: u32,
}

/// The memory that a width or precision asks for is not to be had.
#[derive(Debug)]
pub struct NoMemory;

/// Appends a number's `text` (ASCII; its sign first, if negative, then `0x` or the like if `prefix`), padded and signed.
pub fn number(spec: &Spec, text: &[u8], prefix: bool, out: &mut Vec<u8>) -> Result<(), NoMemory> {
    let (sign, text) = match text {
        [sign @ (b'-' | b'+'), rest @ ..] => (Some(*sign), rest),
        _ if spec.flags & SIGN != 0 => (Some(b'+'), text),
        _ if spec.flags & BLANK != 0 => (Some(b' '), text),
        _ => (None, text),
    };
    let (prefix, digits) = text.split_at(if prefix { 2.min(text.len()) } else { 0 });
    let pad = spec.width.saturating_sub(sign.is_some() as usize + text.len());
    out.try_reserve(pad + text.len() + 1).map_err(|_| NoMemory)?;
    let (left, zero) = (spec.flags & LEFT != 0, spec.flags & ZERO != 0);
    let fill = |out: &mut Vec<u8>, c: u8| out.resize(out.len() + pad, c);
    if !left && !zero {
        fill(out, b' ');
    }
    out.extend(sign);
    out.extend_from_slice(prefix);
    if !left && zero {
        fill(out, b'0');
    }
    out.extend_from_slice(digits);
    if left {
        fill(out, b' ');
    }
    Ok(())
}

/// The text of an int for `spec`: sign, prefix in the alternate form, at least `precision` digits. `digits` are its
/// digits in the base of the type, lower case.
pub fn integer(spec: &Spec, negative: bool, digits: &[u8], out: &mut Vec<u8>) -> Result<bool, NoMemory> {
    let zeros = spec.precision.unwrap_or(0).saturating_sub(digits.len());
    out.try_reserve(zeros + digits.len() + 3).map_err(|_| NoMemory)?;
    if negative {
        out.push(b'-');
    }
    let kind = spec.conversion as u8;
    let prefix = spec.flags & ALT != 0 && matches!(kind, b'o' | b'x' | b'X');
    if prefix {
        out.extend_from_slice(&[b'0', kind]);
    }
    out.resize(out.len() + zeros, b'0');
    let start = out.len();
    out.extend_from_slice(digits);
    if kind == b'X' {
        out[start..].make_ascii_uppercase();
    }
    Ok(prefix)
}
