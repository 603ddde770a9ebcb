//! UTF-8 (encoding name in errors: `utf-8`).

use crate::{Char, DecodeError, EncodeError, Output, ascii_prefix, is_surrogate, run_end};

/// Decodes from `at` on.
///
/// # Errors
/// "invalid start byte", "invalid continuation byte" or "unexpected end of data", `at` standing at its start.
pub fn decode(input: &[u8], at: &mut usize, last: bool, out: &mut impl Output) -> Result<(), DecodeError> {
    let Some(rest) = input.get(*at..) else { return Ok(()) };
    let error = match simdutf8::compat::from_utf8(rest) {
        Ok(text) => {
            out.text(text);
            *at = input.len();
            return Ok(());
        }
        Err(error) => error,
    };
    let (valid, bad) = rest.split_at(error.valid_up_to());
    if let Ok(text) = std::str::from_utf8(valid) {
        out.text(text);
    }
    *at += valid.len();
    let Some(len) = error.error_len() else {
        if !last {
            return Ok(());
        }
        return Err(DecodeError { start: *at, end: input.len(), reason: "unexpected end of data" });
    };
    // Two bytes of a surrogate: the third may follow, and "surrogatepass" wants to see all of them.
    if !last && matches!(bad, [0xed, 0xa0..=0xbf]) {
        return Ok(());
    }
    let reason = match bad.first() {
        Some(0x80..=0xc1 | 0xf5..) => "invalid start byte",
        _ => "invalid continuation byte",
    };
    Err(DecodeError { start: *at, end: *at + len, reason })
}

/// Encodes from `at` on.
///
/// # Errors
/// "surrogates not allowed" for a run of surrogates.
pub fn encode<C: Char>(text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Some(mut rest) = text.get(*at..) else {
        return Ok(());
    };
    out.reserve(rest.len() + rest.len() / 2);
    if let Some(bytes) = C::as_latin1(rest) {
        encode_latin1(bytes, out);
        *at = text.len();
        return Ok(());
    }
    const BLOCK: usize = 16;
    while !rest.is_empty() {
        let block = &rest[..rest.len().min(BLOCK)];
        if block.iter().fold(0, |all, c| all | c.code()) < 0x80 {
            out.extend(block.iter().map(|c| c.code() as u8));
        } else {
            for (i, ch) in block.iter().map(|c| c.code()).enumerate() {
                if is_surrogate(ch) {
                    *at += i;
                    let end = run_end(text, *at, is_surrogate);
                    return Err(EncodeError { start: *at, end, reason: "surrogates not allowed" });
                }
                push(ch, out);
            }
        }
        *at += block.len();
        rest = &rest[block.len()..];
    }
    Ok(())
}

fn encode_latin1(mut text: &[u8], out: &mut Vec<u8>) {
    while !text.is_empty() {
        let (ascii, rest) = text.split_at(ascii_prefix(text));
        out.extend_from_slice(ascii);
        let other = rest.iter().take_while(|b| !b.is_ascii()).count();
        for &b in &rest[..other] {
            out.extend_from_slice(&[0xc0 | b >> 6, 0x80 | b & 0x3f]);
        }
        text = &rest[other..];
    }
}

/// Adds one code point; a surrogate comes out in three bytes like its neighbours (`surrogatepass`).
#[inline(always)]
pub fn push(ch: u32, out: &mut Vec<u8>) {
    let tail = |shift: u32| 0x80 | (ch >> shift & 0x3f) as u8;
    match ch {
        0..0x80 => out.push(ch as u8),
        0x80..0x800 => out.extend_from_slice(&[0xc0 | (ch >> 6) as u8, tail(0)]),
        0x800..0x10000 => out.extend_from_slice(&[0xe0 | (ch >> 12) as u8, tail(6), tail(0)]),
        _ => out.extend_from_slice(&[0xf0 | (ch >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}
