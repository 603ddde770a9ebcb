//! UTF-32 (encoding names in errors: `utf-32-le`, `utf-32-be`; encoding with a mark: `utf-32`).

use crate::{ByteOrder, Char, DecodeError, EncodeError, Output, is_surrogate, prefix};

/// The byte order that the mark at the start of `input` says, if there is one. The mark is four bytes long.
pub fn byte_order_mark(input: &[u8]) -> Option<ByteOrder> {
    match input {
        [0xff, 0xfe, 0, 0, ..] => Some(ByteOrder::Little),
        [0, 0, 0xfe, 0xff, ..] => Some(ByteOrder::Big),
        _ => None,
    }
}

/// Decodes from `at` on. A byte order mark is a character like others.
///
/// # Errors
/// "truncated data", "code point in surrogate code point range(0xd800, 0xe000)" or "code point not in
/// range(0x110000)".
pub fn decode(
    input: &[u8],
    at: &mut usize,
    order: ByteOrder,
    last: bool,
    out: &mut impl Output,
) -> Result<(), DecodeError> {
    let rest = input.get(*at..).unwrap_or(&[]);
    let (words, odd) = rest.as_chunks::<4>();
    for &word in words {
        let ch = match order {
            ByteOrder::Little => u32::from_le_bytes(word),
            ByteOrder::Big => u32::from_be_bytes(word),
        };
        let reason = if is_surrogate(ch) {
            "code point in surrogate code point range(0xd800, 0xe000)"
        } else if ch >= 0x110000 {
            "code point not in range(0x110000)"
        } else {
            out.push(ch);
            *at += 4;
            continue;
        };
        return Err(DecodeError { start: *at, end: *at + 4, reason });
    }
    if odd.is_empty() || !last {
        return Ok(());
    }
    Err(DecodeError { start: *at, end: input.len(), reason: "truncated data" })
}

/// Encodes from `at` on, without a mark.
///
/// # Errors
/// "surrogates not allowed", for one surrogate.
pub fn encode<C: Char>(text: &[C], at: &mut usize, order: ByteOrder, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Some(rest) = text.get(*at..) else {
        return Ok(());
    };
    let run = prefix(rest, |c| !is_surrogate(c.code()));
    let len = out.len();
    out.resize(len + 4 * run, 0);
    let slots = out[len..].as_chunks_mut::<4>().0.iter_mut().zip(rest);
    match order {
        ByteOrder::Little => slots.for_each(|(slot, c)| *slot = c.code().to_le_bytes()),
        ByteOrder::Big => slots.for_each(|(slot, c)| *slot = c.code().to_be_bytes()),
    }
    *at += run;
    if run == rest.len() {
        return Ok(());
    }
    Err(EncodeError { start: *at, end: *at + 1, reason: "surrogates not allowed" })
}
