//! `unicode_escape` and `raw_unicode_escape` (encoding names in errors: `unicodeescape`, `rawunicodeescape`).

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

/// The value of `count` hexadecimal digits, `at` moving over them.
fn hexadecimal(input: &[u8], at: &mut usize, count: usize, message: &'static str) -> Result<u32, Bad> {
    let mut value = 0u32;
    for _ in 0..count {
        let Some(&byte) = input.get(*at) else { return Err(Bad::Incomplete(message)) };
        let Some(digit) = (byte as char).to_digit(16) else { return Err(Bad::Wrong(message)) };
        value = value << 4 | digit;
        *at += 1;
    }
    Ok(value)
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
            let mut value = (byte - b'0') as u32;
            for _ in 0..2 {
                let Some(&digit @ b'0'..=b'7') = input.get(*at) else { break };
                value = value << 3 | (digit - b'0') as u32;
                *at += 1;
            }
            if value > 0o377 {
                invalid.get_or_insert(InvalidEscape { position, octal: Some(value) });
            }
            value
        }
        b'x' => hexadecimal(input, at, 2, "truncated \\xXX escape")?,
        b'u' => hexadecimal(input, at, 4, "truncated \\uXXXX escape")?,
        b'U' => match hexadecimal(input, at, 8, "truncated \\UXXXXXXXX escape")? {
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
        let (count, message) = match input.get(*at) {
            Some(b'u') => (4, "truncated \\uXXXX escape"),
            Some(b'U') => (8, "truncated \\UXXXXXXXX escape"),
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
        *at += 1;
        let ch = match hexadecimal(input, at, count, message) {
            Ok(ch) if ch > 0x10ffff => Err(Bad::Wrong("\\Uxxxxxxxx out of range")),
            other => other,
        };
        match ch {
            Ok(ch) => out.push(ch),
            Err(bad) => return give_up(bad, start, at, last),
        }
    }
    Ok(())
}

fn push_hexadecimal(kind: u8, ch: u32, digits: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'\\', kind]);
    out.extend((0..digits).rev().map(|i| b"0123456789abcdef"[(ch >> (4 * i)) as usize & 15]));
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
            0..0x100 => push_hexadecimal(b'x', ch, 2, out),
            0x100..0x10000 => push_hexadecimal(b'u', ch, 4, out),
            _ => push_hexadecimal(b'U', ch, 8, out),
        }
    }
}

/// Encodes `raw_unicode_escape`; every string can be.
pub fn encode_raw<C: Char>(text: &[C], out: &mut Vec<u8>) {
    out.reserve(text.len());
    for ch in text.iter().map(|c| c.code()) {
        match ch {
            0..0x100 => out.push(ch as u8),
            0x100..0x10000 => push_hexadecimal(b'u', ch, 4, out),
            _ => push_hexadecimal(b'U', ch, 8, out),
        }
    }
}
