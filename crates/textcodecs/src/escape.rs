//! `unicode_escape` and `raw_unicode_escape` (encoding names in errors: `unicodeescape`, `rawunicodeescape`), and
//! the escapes of bytes literals.

use crate::{Char, DecodeError, Output};

const END: &str = "\\ at end of string";

/// An escape that is not one, which deserves a warning: `\z`, or an octal escape above `\377`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEscape {
    /// Where the character after the backslash stands.
    pub position: usize,
    /// The value of the octal escape, if it is one.
    pub octal: Option<u32>,
}

/// Why an escape gave no character.
enum Bad {
    /// The input ended within it.
    Incomplete(&'static str),
    Wrong(&'static str),
}

/// The value of each hexadecimal digit; 255 for other bytes.
static DIGITS: [u8; 256] = {
    let mut digits = [255; 256];
    let mut i = 0;
    while i < 16 {
        digits[b"0123456789abcdef"[i] as usize] = i as u8;
        digits[b"0123456789ABCDEF"[i] as usize] = i as u8;
        i += 1;
    }
    digits
};

/// The value of `N` hexadecimal digits, `at` moving over them.
#[inline(always)]
fn hexadecimal<const N: usize>(input: &[u8], at: &mut usize, message: &'static str) -> Result<u32, Bad> {
    let mut value = 0u32;
    if let Some(digits) = input.get(*at..).and_then(|rest| rest.first_chunk::<N>()) {
        let mut all = 0;
        for &byte in digits {
            let digit = DIGITS[byte as usize];
            all |= digit;
            value = value << 4 | digit as u32;
        }
        if all < 16 {
            *at += N;
            return Ok(value);
        }
    }
    // Something is wrong; see how far it is right.
    while let Some(&byte) = input.get(*at) {
        if DIGITS[byte as usize] == 255 {
            return Err(Bad::Wrong(message));
        }
        *at += 1;
    }
    Err(Bad::Incomplete(message))
}

/// Ends an attempt at an escape that began at `start`; the input has been read up to `at`.
fn give_up(bad: Bad, start: usize, at: &mut usize, last: bool) -> Result<(), DecodeError> {
    let end = std::mem::replace(at, start);
    match bad {
        Bad::Incomplete(_) if !last => Ok(()),
        Bad::Incomplete(reason) | Bad::Wrong(reason) => Err(DecodeError { start, end, reason }),
    }
}

/// Decodes `unicode_escape` from `at` on. `name` finds the character that `\N{…}` names; `invalid` gets the
/// first invalid escape, if it is `None` when one comes.
///
/// # Errors
/// "\ at end of string", "truncated \xXX escape" (and the like for `\u`, `\U`), "illegal Unicode character",
/// "malformed \N character escape" or "unknown Unicode character name".
pub fn decode(
    input: &[u8],
    at: &mut usize,
    last: bool,
    name: impl Fn(&[u8]) -> Option<u32>,
    invalid: &mut Option<InvalidEscape>,
    out: &mut impl Output,
) -> Result<(), DecodeError> {
    while *at < input.len() {
        let rest = &input[*at..];
        let run = rest.iter().position(|&b| b == b'\\').unwrap_or(rest.len());
        out.latin1(&rest[..run]);
        *at += run;
        if run == rest.len() {
            break;
        }
        let start = *at;
        *at += 1;
        match escape(input, at, &name, invalid, out) {
            Ok(()) => {}
            Err(bad) => {
                let stop = give_up(bad, start, at, last);
                return stop;
            }
        }
    }
    Ok(())
}

/// Reads what follows a backslash.
fn escape(
    input: &[u8],
    at: &mut usize,
    name: &impl Fn(&[u8]) -> Option<u32>,
    invalid: &mut Option<InvalidEscape>,
    out: &mut impl Output,
) -> Result<(), Bad> {
    let Some(&byte) = input.get(*at) else { return Err(Bad::Incomplete(END)) };
    let position = *at;
    *at += 1;
    let ch = match byte {
        b'\n' => return Ok(()),
        b'\\' | b'\'' | b'"' => byte as u32,
        b'b' => 8,
        b'f' => 12,
        b't' => 9,
        b'n' => 10,
        b'r' => 13,
        b'v' => 11,
        b'a' => 7,
        b'0'..=b'7' => {
            let value = octal(byte, input, at);
            if value > 0o377 {
                invalid.get_or_insert(InvalidEscape { position, octal: Some(value) });
            }
            value
        }
        b'x' => hexadecimal::<2>(input, at, "truncated \\xXX escape")?,
        b'u' => hexadecimal::<4>(input, at, "truncated \\uXXXX escape")?,
        b'U' => match hexadecimal::<8>(input, at, "truncated \\UXXXXXXXX escape")? {
            ch if ch > 0x10ffff => return Err(Bad::Wrong("illegal Unicode character")),
            ch => ch,
        },
        b'N' => {
            const MALFORMED: &str = "malformed \\N character escape";
            match input.get(*at) {
                None => return Err(Bad::Incomplete(MALFORMED)),
                Some(b'{') => *at += 1,
                Some(_) => return Err(Bad::Wrong(MALFORMED)),
            }
            let rest = &input[*at..];
            let Some(len) = rest.iter().position(|&b| b == b'}') else {
                *at = input.len();
                return Err(Bad::Incomplete(MALFORMED));
            };
            *at += len;
            if len == 0 {
                return Err(Bad::Wrong(MALFORMED));
            }
            *at += 1;
            name(&rest[..len]).ok_or(Bad::Wrong("unknown Unicode character name"))?
        }
        _ => {
            invalid.get_or_insert(InvalidEscape { position, octal: None });
            out.push(b'\\' as u32);
            byte as u32
        }
    };
    out.push(ch);
    Ok(())
}

/// Decodes `raw_unicode_escape` from `at` on.
///
/// # Errors
/// "truncated \uXXXX escape", "truncated \UXXXXXXXX escape" or "\Uxxxxxxxx out of range".
pub fn decode_raw(input: &[u8], at: &mut usize, last: bool, out: &mut impl Output) -> Result<(), DecodeError> {
    while *at < input.len() {
        let rest = &input[*at..];
        let run = rest.iter().position(|&b| b == b'\\').unwrap_or(rest.len());
        out.latin1(&rest[..run]);
        *at += run;
        if run == rest.len() {
            break;
        }
        let start = *at;
        *at += 1;
        let ch = match input.get(*at) {
            Some(b'u') => {
                *at += 1;
                hexadecimal::<4>(input, at, "truncated \\uXXXX escape")
            }
            Some(b'U') => {
                *at += 1;
                hexadecimal::<8>(input, at, "truncated \\UXXXXXXXX escape").and_then(|ch| match ch {
                    0..0x110000 => Ok(ch),
                    _ => Err(Bad::Wrong("\\Uxxxxxxxx out of range")),
                })
            }
            Some(&other) => {
                // Two backslashes stand for themselves, and the second starts nothing.
                out.latin1(&[b'\\', other]);
                *at += 1;
                continue;
            }
            None if last => {
                out.push(b'\\' as u32);
                continue;
            }
            None => return give_up(Bad::Incomplete(END), start, at, last),
        };
        match ch {
            Ok(ch) => out.push(ch),
            Err(bad) => return give_up(bad, start, at, last),
        }
    }
    Ok(())
}

/// A backslash, the letter and hexadecimal digits, `LEN` bytes together.
#[inline(always)]
fn push_hexadecimal<const LEN: usize>(letter: u8, ch: u32, out: &mut Vec<u8>) {
    let mut escape = [b'\\'; LEN];
    escape[1] = letter;
    for (place, byte) in escape[2..].iter_mut().rev().enumerate() {
        *byte = b"0123456789abcdef"[(ch >> (4 * place)) as usize & 15];
    }
    out.extend_from_slice(&escape);
}

/// Encodes `unicode_escape`; every string can be.
pub fn encode<C: Char>(text: &[C], out: &mut Vec<u8>) {
    out.reserve(text.len());
    for ch in text.iter().map(|c| c.code()) {
        match ch {
            0x5c => out.extend_from_slice(b"\\\\"),
            0x20..0x7f => out.push(ch as u8),
            0x09 => out.extend_from_slice(b"\\t"),
            0x0a => out.extend_from_slice(b"\\n"),
            0x0d => out.extend_from_slice(b"\\r"),
            0..0x100 => push_hexadecimal::<4>(b'x', ch, out),
            0x100..0x10000 => push_hexadecimal::<6>(b'u', ch, out),
            _ => push_hexadecimal::<10>(b'U', ch, out),
        }
    }
}

/// Encodes `raw_unicode_escape`; every string can be.
pub fn encode_raw<C: Char>(text: &[C], out: &mut Vec<u8>) {
    out.reserve(text.len());
    for ch in text.iter().map(|c| c.code()) {
        match ch {
            0..0x100 => out.push(ch as u8),
            0x100..0x10000 => push_hexadecimal::<6>(b'u', ch, out),
            _ => push_hexadecimal::<10>(b'U', ch, out),
        }
    }
}

/// What is wrong with an escaped byte string (`codecs.escape_decode` raises `ValueError`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BytesError {
    /// "Trailing \ in string".
    Trailing,
    /// "invalid \x escape at position N".
    InvalidHexadecimal(usize),
}

/// Decodes the escapes of a bytes literal from `at` on; `invalid` is as in [`decode`].
///
/// # Errors
/// See [`BytesError`]. After the second kind `at` stands behind the escape, so that the caller can go on, with
/// or without a replacement.
pub fn decode_bytes(
    input: &[u8],
    at: &mut usize,
    invalid: &mut Option<InvalidEscape>,
    out: &mut Vec<u8>,
) -> Result<(), BytesError> {
    while *at < input.len() {
        let rest = &input[*at..];
        let run = rest.iter().position(|&b| b == b'\\').unwrap_or(rest.len());
        out.extend_from_slice(&rest[..run]);
        *at += run;
        if run == rest.len() {
            break;
        }
        *at += 1;
        let Some(&byte) = input.get(*at) else {
            return Err(BytesError::Trailing);
        };
        let position = *at;
        *at += 1;
        out.push(match byte {
            b'\n' => continue,
            b'\\' | b'\'' | b'"' => byte,
            b'b' => 8,
            b'f' => 12,
            b't' => 9,
            b'n' => 10,
            b'r' => 13,
            b'v' => 11,
            b'a' => 7,
            b'0'..=b'7' => {
                let value = octal(byte, input, at);
                if value > 0o377 {
                    invalid.get_or_insert(InvalidEscape { position, octal: Some(value) });
                }
                value as u8
            }
            b'x' => {
                let start = *at;
                match hexadecimal::<2>(input, at, "") {
                    Ok(value) => value as u8,
                    Err(_) => {
                        // One good digit is part of the bad escape.
                        let good = input.get(start).is_some_and(|&b| DIGITS[b as usize] < 16);
                        *at = start + good as usize;
                        return Err(BytesError::InvalidHexadecimal(start - 2));
                    }
                }
            }
            _ => {
                invalid.get_or_insert(InvalidEscape { position, octal: None });
                // What follows the backslash may begin nothing, but is taken as it is.
                *at = position;
                b'\\'
            }
        });
    }
    Ok(())
}

/// The value of an octal escape whose first digit has been read.
fn octal(first: u8, input: &[u8], at: &mut usize) -> u32 {
    let mut value = (first - b'0') as u32;
    for _ in 0..2 {
        let Some(&digit @ b'0'..=b'7') = input.get(*at) else {
            break;
        };
        value = value << 3 | (digit - b'0') as u32;
        *at += 1;
    }
    value
}

/// Encodes as in a bytes literal (`codecs.escape_encode`), without the quotes.
pub fn encode_bytes(input: &[u8], out: &mut Vec<u8>) {
    for &byte in input {
        match byte {
            b'\\' | b'\'' => out.extend_from_slice(&[b'\\', byte]),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x20..0x7f => out.push(byte),
            _ => push_hexadecimal::<4>(b'x', byte as u32, out),
        }
    }
}
