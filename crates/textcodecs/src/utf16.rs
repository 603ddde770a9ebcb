//! UTF-16 (encoding names in errors: `utf-16-le`, `utf-16-be`; encoding with a mark: `utf-16`).

use crate::{ByteOrder, Char, DecodeError, EncodeError, Output, is_surrogate};

/// The byte order that the mark at the start of `input` says, if there is one. The mark is two bytes long.
pub fn byte_order_mark(input: &[u8]) -> Option<ByteOrder> {
    match input {
        [0xff, 0xfe, ..] => Some(ByteOrder::Little),
        [0xfe, 0xff, ..] => Some(ByteOrder::Big),
        _ => None,
    }
}

/// Decodes from `at` on. A byte order mark is a character like others.
///
/// # Errors
/// "truncated data", "unexpected end of data", "illegal encoding" (a low surrogate alone) or "illegal UTF-16
/// surrogate" (a high one alone).
pub fn decode(
    input: &[u8],
    at: &mut usize,
    order: ByteOrder,
    last: bool,
    out: &mut impl Output,
) -> Result<(), DecodeError> {
    match order {
        ByteOrder::Little => decode_by(input, at, u16::from_le_bytes, last, out),
        ByteOrder::Big => decode_by(input, at, u16::from_be_bytes, last, out),
    }
}

#[inline(always)]
fn decode_by(
    input: &[u8],
    at: &mut usize,
    unit: impl Fn([u8; 2]) -> u16 + Copy,
    last: bool,
    out: &mut impl Output,
) -> Result<(), DecodeError> {
    let fail = |start, end, reason| Err(DecodeError { start, end, reason });
    loop {
        let rest = input.get(*at..).unwrap_or(&[]);
        let (pairs, odd) = rest.as_chunks::<2>();
        let run = pairs.iter().take_while(|&&pair| !is_surrogate(unit(pair) as u32)).count();
        out.units(pairs[..run].iter().map(|&pair| unit(pair)));
        *at += 2 * run;
        match pairs[run..] {
            [] if odd.is_empty() || !last => return Ok(()),
            [] => return fail(*at, input.len(), "truncated data"),
            [first, ref following @ ..] => {
                let first = unit(first);
                if first >= 0xdc00 {
                    return fail(*at, *at + 2, "illegal encoding");
                }
                let Some(&second) = following.first() else {
                    if !last {
                        return Ok(());
                    }
                    return fail(*at, input.len(), "unexpected end of data");
                };
                let second = unit(second);
                if second & 0xfc00 != 0xdc00 {
                    return fail(*at, *at + 2, "illegal UTF-16 surrogate");
                }
                out.push(0x10000 + ((first as u32 & 0x3ff) << 10 | second as u32 & 0x3ff));
                *at += 4;
            }
        }
    }
}

/// Encodes from `at` on, without a mark.
///
/// # Errors
/// "surrogates not allowed", for one surrogate.
pub fn encode<C: Char>(text: &[C], at: &mut usize, order: ByteOrder, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    match order {
        ByteOrder::Little => encode_by(text, at, u16::to_le_bytes, out),
        ByteOrder::Big => encode_by(text, at, u16::to_be_bytes, out),
    }
}

#[inline(always)]
fn encode_by<C: Char>(
    text: &[C],
    at: &mut usize,
    bytes: impl Fn(u16) -> [u8; 2],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let Some(rest) = text.get(*at..) else { return Ok(()) };
    out.reserve(2 * rest.len());
    for ch in rest.iter().map(|c| c.code()) {
        if is_surrogate(ch) {
            return Err(EncodeError { start: *at, end: *at + 1, reason: "surrogates not allowed" });
        }
        match ch.checked_sub(0x10000) {
            None => out.extend_from_slice(&bytes(ch as u16)),
            Some(high) => {
                out.extend_from_slice(&bytes(0xd800 | (high >> 10) as u16));
                out.extend_from_slice(&bytes(0xdc00 | (high & 0x3ff) as u16));
            }
        }
        *at += 1;
    }
    Ok(())
}
