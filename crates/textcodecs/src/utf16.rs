//! UTF-16 (encoding names in errors: `utf-16-le`, `utf-16-be`; encoding with a mark: `utf-16`).

use crate::{ByteOrder, Char, DecodeError, EncodeError, Output, Units, is_surrogate};

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
        ByteOrder::Little => decode_by(input, at, order, u16::from_le_bytes, last, out),
        ByteOrder::Big => decode_by(input, at, order, u16::from_be_bytes, last, out),
    }
}

#[inline(always)]
fn decode_by(
    input: &[u8],
    at: &mut usize,
    order: ByteOrder,
    unit: impl Fn([u8; 2]) -> u16 + Copy,
    last: bool,
    out: &mut impl Output,
) -> Result<(), DecodeError> {
    let fail = |start, end, reason| Err(DecodeError { start, end, reason });
    loop {
        let rest = input.get(*at..).unwrap_or(&[]);
        let (pairs, odd) = rest.as_chunks::<2>();
        // Blocks without a surrogate go out in bulk, up to the block that has one.
        let run = blocks(pairs, |pair| !is_surrogate(unit(pair) as u32));
        if run > 0 {
            out.units(Units { pairs: &pairs[..run], order });
            *at += 2 * run;
        }
        let mut pairs = pairs[run..].iter().take(BLOCK).chain(pairs.get(run + BLOCK)).map(|&pair| unit(pair));
        let end = (*at + 2 * BLOCK).min(input.len() - odd.len());
        while *at < end {
            let Some(first) = pairs.next() else { break };
            if !is_surrogate(first as u32) {
                out.push(first as u32);
                *at += 2;
                continue;
            }
            if first >= 0xdc00 {
                return fail(*at, *at + 2, "illegal encoding");
            }
            let Some(second) = pairs.next() else {
                if !last {
                    return Ok(());
                }
                return fail(*at, input.len(), "unexpected end of data");
            };
            if second & 0xfc00 != 0xdc00 {
                return fail(*at, *at + 2, "illegal UTF-16 surrogate");
            }
            out.push(0x10000 + ((first as u32 & 0x3ff) << 10 | second as u32 & 0x3ff));
            *at += 4;
        }
        if *at + odd.len() >= input.len() {
            if odd.is_empty() || !last {
                return Ok(());
            }
            return fail(*at, input.len(), "truncated data");
        }
    }
}

/// Characters looked at together.
const BLOCK: usize = 16;

/// How many elements in whole blocks `items` starts with for which `test` holds.
#[inline(always)]
fn blocks<T: Copy>(items: &[T], test: impl Fn(T) -> bool + Copy) -> usize {
    let whole = |block: &&[T]| block.iter().fold(true, |all, &item| all & test(item));
    BLOCK * items.chunks_exact(BLOCK).take_while(whole).count()
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
    let Some(mut rest) = text.get(*at..) else {
        return Ok(());
    };
    while !rest.is_empty() {
        // Units as they are, in bulk, up to the block that has something else.
        let run = blocks(rest, |c| c.code() < 0x10000 && !is_surrogate(c.code()));
        let len = out.len();
        out.resize(len + 2 * run, 0);
        let (slots, _) = out[len..].as_chunks_mut::<2>();
        for (slot, c) in slots.iter_mut().zip(rest) {
            *slot = bytes(c.code() as u16);
        }
        *at += run;
        let block = &rest[run..rest.len().min(run + BLOCK)];
        for ch in block.iter().map(|c| c.code()) {
            if is_surrogate(ch) {
                let (start, end) = (*at, *at + 1);
                return Err(EncodeError { start, end, reason: "surrogates not allowed" });
            }
            match ch.checked_sub(0x10000) {
                None => out.extend_from_slice(&bytes(ch as u16)),
                Some(high) => {
                    let ([a, b], [c, d]) = (bytes(0xd800 | (high >> 10) as u16), bytes(0xdc00 | (high & 0x3ff) as u16));
                    out.extend_from_slice(&[a, b, c, d]);
                }
            }
            *at += 1;
        }
        rest = &rest[run + block.len()..];
    }
    Ok(())
}
