//! Encodings of one byte for each character: ASCII, Latin-1 and those given by a table ("charmap").
//!
//! Encoding names in errors: `ascii`, `latin-1`, `charmap`.

use crate::{Char, DecodeError, EncodeError, Output, ascii_prefix, run_end};

const UNDEFINED: &str = "character maps to <undefined>";
/// The entry of a decoding table that stands for "undefined".
pub const UNDEFINED_ENTRY: u32 = 0xfffe;

/// Decodes ASCII from `at` on.
///
/// # Errors
/// "ordinal not in range(128)", for one byte.
pub fn decode_ascii(input: &[u8], at: &mut usize, out: &mut impl Output) -> Result<(), DecodeError> {
    let Some(rest) = input.get(*at..) else { return Ok(()) };
    let run = ascii_prefix(rest);
    out.latin1(&rest[..run]);
    *at += run;
    if run == rest.len() {
        return Ok(());
    }
    Err(DecodeError { start: *at, end: *at + 1, reason: "ordinal not in range(128)" })
}

/// Decodes Latin-1, which never fails.
pub fn decode_latin1(input: &[u8], out: &mut impl Output) {
    out.latin1(input);
}

/// Encodes ASCII from `at` on.
///
/// # Errors
/// "ordinal not in range(128)", for a run of characters.
pub fn encode_ascii<C: Char>(text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    encode_below(text, at, 128, "ordinal not in range(128)", out)
}

/// Encodes Latin-1 from `at` on.
///
/// # Errors
/// "ordinal not in range(256)", for a run of characters.
pub fn encode_latin1<C: Char>(text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    encode_below(text, at, 256, "ordinal not in range(256)", out)
}

fn encode_below<C: Char>(
    text: &[C],
    at: &mut usize,
    limit: u32,
    reason: &'static str,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let Some(rest) = text.get(*at..) else { return Ok(()) };
    let run = match C::as_latin1(rest) {
        Some(bytes) => {
            let run = if limit == 256 { bytes.len() } else { ascii_prefix(bytes) };
            out.extend_from_slice(&bytes[..run]);
            run
        }
        None => {
            let run = run_end(rest, 0, |ch| ch < limit);
            out.extend(rest[..run].iter().map(|c| c.code() as u8));
            run
        }
    };
    *at += run;
    if run == rest.len() {
        return Ok(());
    }
    Err(EncodeError { start: *at, end: run_end(text, *at, |ch| ch >= limit), reason })
}

/// Decodes from `at` on by a table: entry `i` is the character of byte `i`.
///
/// # Errors
/// "character maps to <undefined>" for a byte whose entry is U+FFFE or missing.
pub fn decode_table<C: Char>(
    input: &[u8],
    at: &mut usize,
    table: &[C],
    out: &mut impl Output,
) -> Result<(), DecodeError> {
    for &byte in input.get(*at..).unwrap_or(&[]) {
        match table.get(byte as usize).map(|c| c.code()) {
            Some(ch) if ch != UNDEFINED_ENTRY => out.push(ch),
            _ => return Err(DecodeError { start: *at, end: *at + 1, reason: UNDEFINED }),
        }
        *at += 1;
    }
    Ok(())
}

/// The inverse of a decoding table (`_codecs.charmap_build`).
#[derive(Clone, Debug)]
pub struct EncodingMap {
    /// The page of 256 characters, by the upper bits; `None` where no character of it is in the table.
    pages: Vec<Option<Box<[u16; 256]>>>,
}

const NO_BYTE: u16 = u16::MAX;

impl EncodingMap {
    /// Inverts a decoding table of up to 256 characters. Of bytes for the same character, the last counts.
    pub fn new<C: Char>(table: &[C]) -> EncodingMap {
        let mut pages = Vec::new();
        for (byte, ch) in table.iter().take(256).map(|c| c.code()).enumerate() {
            let page = (ch >> 8) as usize;
            if ch == UNDEFINED_ENTRY || page > 0x10ff {
                continue;
            }
            if pages.len() <= page {
                pages.resize(page + 1, None);
            }
            pages[page].get_or_insert_with(|| Box::new([NO_BYTE; 256]))[ch as usize & 0xff] = byte as u16;
        }
        EncodingMap { pages }
    }

    /// The byte for a character.
    pub fn get(&self, ch: u32) -> Option<u8> {
        let page = self.pages.get((ch >> 8) as usize)?.as_ref()?;
        u8::try_from(page[ch as usize & 0xff]).ok()
    }
}

/// Encodes from `at` on by a map.
///
/// # Errors
/// "character maps to <undefined>", for a run of characters that the map lacks.
pub fn encode_map<C: Char>(
    text: &[C],
    at: &mut usize,
    map: &EncodingMap,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    for ch in text.get(*at..).unwrap_or(&[]) {
        match map.get(ch.code()) {
            Some(byte) => out.push(byte),
            None => {
                let end = run_end(text, *at, |ch| map.get(ch).is_none());
                return Err(EncodeError { start: *at, end, reason: UNDEFINED });
            }
        }
        *at += 1;
    }
    Ok(())
}
