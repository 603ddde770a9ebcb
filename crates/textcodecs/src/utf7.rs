//! UTF-7, RFC 2152 (encoding name in errors: `utf7`).

use crate::{Char, DecodeError, Output};

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn from_base64(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    } as u32)
}

/// Whether the encoder writes `ch` as it is.
fn is_direct(ch: u32) -> bool {
    matches!(ch, 9 | 10 | 13 | 32..=125) && ch != b'+' as u32 && ch != b'\\' as u32
}

/// Whether the decoder takes `byte` as it is, outside of a shifted section.
fn decodes_directly(byte: u8) -> bool {
    byte.is_ascii() && byte != b'+'
}

/// A decoder, which between calls remembers the shifted section it is in.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    /// Where the section began, if the decoder is in one.
    shift: Option<usize>,
    /// Where the section (or whatever came after it) began, for errors.
    start: usize,
    buffer: u32,
    bits: u32,
    /// A high surrogate that waits for the low one; 0 if there is none.
    surrogate: u32,
    /// The text of the section, which is given out when the section ends: the end of an unfinished one is
    /// decoded again with what follows.
    pending: Vec<u32>,
}

impl Decoder {
    /// A decoder at the start of the input.
    pub fn new() -> Decoder {
        Decoder::default()
    }

    fn flush(&mut self, out: &mut impl Output) {
        for ch in self.pending.drain(..) {
            out.push(ch);
        }
    }

    /// Decodes from `at` on, which must be 0, or what the last call or the error handler left. Without `last`,
    /// `at` goes back to the start of an unfinished shifted section.
    ///
    /// # Errors
    /// "partial character in shift sequence", "non-zero padding bits in base64 sequence", "ill-formed
    /// sequence", "unexpected special character" or "unterminated shift sequence".
    pub fn decode(
        &mut self,
        input: &[u8],
        at: &mut usize,
        last: bool,
        out: &mut impl Output,
    ) -> Result<(), DecodeError> {
        while let Some(&byte) = input.get(*at) {
            if self.shift.is_some() {
                if let Some(six) = from_base64(byte) {
                    *at += 1;
                    self.take(six);
                    continue;
                }
                self.shift = None;
                // CPython's range takes in the byte that ended the section.
                if self.bits >= 6 {
                    *at += 1;
                    return self.fail(*at, "partial character in shift sequence", out);
                }
                if self.bits > 0 && self.buffer != 0 {
                    *at += 1;
                    return self.fail(*at, "non-zero padding bits in shift sequence", out);
                }
                if self.surrogate != 0 && decodes_directly(byte) {
                    self.pending.push(self.surrogate);
                }
                self.surrogate = 0;
                self.flush(out);
                if byte == b'-' {
                    *at += 1;
                }
            } else if byte == b'+' {
                self.start = *at;
                *at += 1;
                match input.get(*at) {
                    Some(b'-') => {
                        *at += 1;
                        out.push(b'+' as u32);
                    }
                    Some(&next) if from_base64(next).is_none() => {
                        *at += 1;
                        return self.fail(*at, "ill-formed sequence", out);
                    }
                    _ => {
                        self.shift = Some(self.start);
                        (self.buffer, self.bits, self.surrogate) = (0, 0, 0);
                    }
                }
            } else if decodes_directly(byte) {
                let run = input[*at..].iter().take_while(|&&b| decodes_directly(b)).count();
                out.latin1(&input[*at..*at + run]);
                *at += run;
            } else {
                self.start = *at;
                *at += 1;
                return self.fail(*at, "unexpected special character", out);
            }
        }
        let Some(start) = self.shift.take() else { return Ok(()) };
        if !last {
            self.pending.clear();
            *at = start;
            return Ok(());
        }
        if self.surrogate != 0 || self.bits >= 6 || self.bits > 0 && self.buffer != 0 {
            return self.fail(input.len(), "unterminated shift sequence", out);
        }
        self.flush(out);
        Ok(())
    }

    fn fail(&mut self, end: usize, reason: &'static str, out: &mut impl Output) -> Result<(), DecodeError> {
        self.flush(out);
        Err(DecodeError { start: self.start, end, reason })
    }

    /// Takes six bits of a shifted section.
    fn take(&mut self, six: u32) {
        self.buffer = self.buffer << 6 | six;
        self.bits += 6;
        if self.bits < 16 {
            return;
        }
        self.bits -= 16;
        let unit = self.buffer >> self.bits;
        self.buffer &= (1 << self.bits) - 1;
        if self.surrogate != 0 {
            let high = std::mem::take(&mut self.surrogate);
            if unit & 0xfc00 == 0xdc00 {
                self.pending.push(0x10000 + ((high & 0x3ff) << 10 | unit & 0x3ff));
                return;
            }
            self.pending.push(high);
        }
        if unit & 0xfc00 == 0xd800 {
            self.surrogate = unit;
        } else {
            self.pending.push(unit);
        }
    }
}

/// Encodes all of `text`. Every string can be: surrogates go through as they are.
pub fn encode<C: Char>(text: &[C], out: &mut Vec<u8>) {
    let (mut shifted, mut buffer, mut bits) = (false, 0u64, 0u32);
    let digit = |value: u64| BASE64[value as usize & 63];
    for ch in text.iter().map(|c| c.code()) {
        if shifted && is_direct(ch) {
            if bits > 0 {
                out.push(digit(buffer << (6 - bits)));
                (buffer, bits) = (0, 0);
            }
            shifted = false;
            // Any other character ends the section by itself.
            if from_base64(ch as u8).is_some() || ch == b'-' as u32 {
                out.push(b'-');
            }
            out.push(ch as u8);
            continue;
        }
        if !shifted {
            if ch == b'+' as u32 {
                out.extend_from_slice(b"+-");
                continue;
            }
            if is_direct(ch) {
                out.push(ch as u8);
                continue;
            }
            out.push(b'+');
            shifted = true;
        }
        let pair = ch.checked_sub(0x10000).map(|high| [0xd800 | high >> 10, 0xdc00 | high & 0x3ff]);
        for unit in pair.unwrap_or([u32::MAX, ch]).into_iter().filter(|&u| u != u32::MAX) {
            buffer = buffer << 16 | unit as u64;
            bits += 16;
            while bits >= 6 {
                bits -= 6;
                out.push(digit(buffer >> bits));
                buffer &= (1 << bits) - 1;
            }
        }
    }
    if bits > 0 {
        out.push(digit(buffer << (6 - bits)));
    }
    if shifted {
        out.push(b'-');
    }
}
