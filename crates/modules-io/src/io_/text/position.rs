//! `tell` and `seek` of text streams.
//!
//! A position in text cannot be a number of bytes alone: the decoder may have a state, and one byte may belong to many
//! characters. So `tell` gives a cookie: a place in the bytes, the decoder's flags there, and how many bytes to decode and
//! characters to skip from there on. For most encodings the last ones are zero and the cookie is the plain position.

use super::PyTextIOWrapper;
use super::read::decoder_state;
use crate::io_::unsupported;
use taipan_object::{
    CompareOp, Py, PyBytes, PyLong, PyObject, PyResult, PyTuple, Python, abstracts::number, err, id, raise,
};

#[derive(Default)]
struct Cookie {
    start_pos: i64,
    dec_flags: i32,
    bytes_to_feed: i32,
    chars_to_skip: i32,
    need_eof: bool,
}

const COOKIE_LEN: usize = 8 + 4 + 4 + 4 + 1;

impl Cookie {
    fn pack(&self, py: Python) -> PyResult {
        let mut b = [0; COOKIE_LEN];
        b[..8].copy_from_slice(&self.start_pos.to_le_bytes());
        b[8..12].copy_from_slice(&self.dec_flags.to_le_bytes());
        b[12..16].copy_from_slice(&self.bytes_to_feed.to_le_bytes());
        b[16..20].copy_from_slice(&self.chars_to_skip.to_le_bytes());
        b[20] = self.need_eof as u8;
        Ok(PyLong::from_le_bytes(py, &b, false)?.into_object())
    }

    fn unpack(py: Python, n: &PyLong) -> PyResult<Cookie> {
        let mut b = [0; COOKIE_LEN];
        if !n.to_le_bytes(&mut b, false) {
            return Err(raise!(py, OverflowError, "int too big to convert"));
        }
        let word = |at: usize| i32::from_le_bytes([b[at], b[at + 1], b[at + 2], b[at + 3]]);
        let mut start = [0; 8];
        start.copy_from_slice(&b[..8]);
        Ok(Cookie {
            start_pos: i64::from_le_bytes(start),
            dec_flags: word(8),
            bytes_to_feed: word(12),
            chars_to_skip: word(16),
            need_eof: b[20] != 0,
        })
    }
}

/// Sets a decoder to a state without input.
fn set_decoder(py: Python, decoder: &PyObject, start_pos: i64, flags: i32) -> PyResult<()> {
    // At the very start reset() is right for decoders whose state is not all in the flags.
    if start_pos == 0 && flags == 0 {
        decoder.call_method0(py, id!(py, "reset"))?;
    } else {
        let (input, flags) = (PyBytes::new(py, b"")?, PyLong::from_i64(py, flags.into())?);
        let state = PyTuple::from_slice(py, &[input.as_object(), flags.as_object()])?;
        decoder.call_method1(py, id!(py, "setstate"), state.as_object())?;
    }
    Ok(())
}

fn as_flags(py: Python, flags: &PyObject) -> PyResult<i32> {
    match flags.downcast::<PyLong>() {
        Some(n) => n.as_i32(py),
        None => Err(raise!(py, TypeError, "illegal decoder state")),
    }
}

impl PyTextIOWrapper {
    /// How many characters some bytes make.
    fn count_chars(&self, py: Python, bytes: &[u8], last: bool) -> PyResult<usize> {
        Ok(self.decode(py, PyBytes::new(py, bytes)?.as_object(), last)?.len())
    }

    pub(super) fn tell_cookie(&self, py: Python) -> PyResult {
        self.check_open(py)?;
        if !self.seekable.get() {
            return Err(unsupported(py, "underlying stream is not seekable"));
        }
        if !self.telling.get() {
            return Err(raise!(py, OSError, "telling position disabled by next() call"));
        }
        self.write_pending(py)?;
        self.call_method0(py, id!(py, "flush"))?;
        let position = self.stream(py)?.call_method0(py, id!(py, "tell"))?;
        let (Some(decoder), Some(snapshot)) = (self.decoder.get(), self.snapshot.get()) else {
            return Ok(position);
        };
        let mut cookie = Cookie { start_pos: crate::io_::offset(py, &position)?, ..Cookie::default() };
        cookie.dec_flags = as_flags(py, snapshot.get(0))?;
        let Some(input) = snapshot.get(1).downcast::<PyBytes>() else {
            return Err(raise!(py, TypeError, "illegal decoder state"));
        };
        cookie.start_pos -= input.len() as i64;
        let skip = self.used.get();
        if skip == 0 {
            // The position is that of the snapshot.
            return cookie.pack(py);
        }
        let saved = decoder.call_method0(py, id!(py, "getstate"))?;
        let found = self.find_cookie(py, &decoder, &mut cookie, input.as_slice(), skip);
        // The decoder goes on as if nothing had been asked, whatever happened.
        let pending = if found.is_err() { err::take(py) } else { None };
        let restored = decoder.call_method1(py, id!(py, "setstate"), &saved);
        if let Some(exc) = pending {
            return Err(err::restore(py, exc));
        }
        restored?;
        cookie.pack(py)
    }

    /// Finds a safe point to start from, as near before the position as possible.
    fn find_cookie(
        &self,
        py: Python,
        decoder: &PyObject,
        cookie: &mut Cookie,
        input: &[u8],
        mut skip: usize,
    ) -> PyResult<()> {
        // A guess first, by the average width of characters; then back in growing steps until it is a safe one.
        let mut guess = ((self.bytes_per_char.get() * skip as f64) as usize).min(input.len());
        let mut step = 1;
        let mut safe = false;
        while guess > 0 {
            set_decoder(py, decoder, cookie.start_pos, cookie.dec_flags)?;
            let chars = self.count_chars(py, &input[..guess], false)?;
            if chars <= skip {
                let (kept, flags) = decoder_state(py, decoder)?;
                if kept.len() == 0 {
                    // Nothing is waiting in the decoder: from here on can be decoded anew.
                    cookie.dec_flags = as_flags(py, &flags)?;
                    skip -= chars;
                    safe = true;
                    break;
                }
                guess = guess.saturating_sub(kept.len());
                step = 1;
            } else {
                guess = guess.saturating_sub(step);
                step *= 2;
            }
        }
        if !safe {
            guess = 0;
            set_decoder(py, decoder, cookie.start_pos, cookie.dec_flags)?;
        }
        cookie.start_pos += guess as i64;
        cookie.chars_to_skip = skip as i32;
        if skip == 0 {
            return Ok(());
        }
        // Then byte by byte, noting every point where the decoder has nothing in hand.
        let mut chars = 0;
        for &byte in &input[guess..] {
            chars += self.count_chars(py, &[byte], false)?;
            cookie.bytes_to_feed += 1;
            let (kept, flags) = decoder_state(py, decoder)?;
            if kept.len() == 0 && chars <= skip {
                cookie.start_pos += cookie.bytes_to_feed as i64;
                skip -= chars;
                cookie.dec_flags = as_flags(py, &flags)?;
                cookie.bytes_to_feed = 0;
                chars = 0;
            }
            if chars >= skip {
                cookie.chars_to_skip = skip as i32;
                return Ok(());
            }
        }
        // Some characters come only with the end of the input.
        chars += self.count_chars(py, b"", true)?;
        cookie.need_eof = true;
        cookie.chars_to_skip = skip as i32;
        if chars < skip {
            return Err(raise!(py, OSError, "can't reconstruct logical file position"));
        }
        Ok(())
    }

    fn reset_encoder(&self, py: Python, start: bool) -> PyResult<()> {
        let Some(encoder) = self.encoder.get() else { return Ok(()) };
        self.start_of_stream.set(start);
        if start {
            encoder.call_method0(py, id!(py, "reset"))?;
        } else {
            encoder.call_method1(py, id!(py, "setstate"), PyLong::from_i64(py, 0)?.as_object())?;
        }
        Ok(())
    }

    pub(super) fn seek_to(&self, py: Python, cookie: &PyObject, whence: i32) -> PyResult {
        self.check_open(py)?;
        if !self.seekable.get() {
            return Err(unsupported(py, "underlying stream is not seekable"));
        }
        let zero = PyLong::from_i64(py, 0)?;
        let here;
        let mut cookie = cookie;
        match whence {
            0 => {}
            1 => {
                if !cookie.eq(py, zero.as_object())? {
                    return Err(unsupported(py, "can't do nonzero cur-relative seeks"));
                }
                // Seeking to where it is brings buffer and decoder in line.
                here = self.call_method0(py, id!(py, "tell"))?;
                cookie = &here;
            }
            2 => {
                if !cookie.eq(py, zero.as_object())? {
                    return Err(unsupported(py, "can't do nonzero end-relative seeks"));
                }
                self.call_method0(py, id!(py, "flush"))?;
                self.forget_decoded(py);
                if let Some(decoder) = self.decoder.get() {
                    decoder.call_method0(py, id!(py, "reset"))?;
                }
                let two = PyLong::from_i64(py, 2)?;
                let end = self.stream(py)?.call_method(py, id!(py, "seek"), &[zero.as_object(), two.as_object()])?;
                // In an empty file the end is the start.
                self.reset_encoder(py, end.eq(py, zero.as_object())?)?;
                return Ok(end);
            }
            _ => {
                return Err(raise!(py, ValueError, "invalid whence ({whence}, should be 0, 1 or 2)"));
            }
        }
        if cookie.rich_compare_bool(py, zero.as_object(), CompareOp::Lt)? {
            return Err(raise!(py, ValueError, "negative seek position {}", cookie.repr(py)?));
        }
        self.call_method0(py, id!(py, "flush"))?;
        let number = number::index(py, cookie)?;
        let target = Cookie::unpack(py, &number)?;
        let buffer = self.stream(py)?;
        buffer.call_method1(py, id!(py, "seek"), PyLong::from_i64(py, target.start_pos)?.as_object())?;
        self.forget_decoded(py);
        let decoder = self.decoder.get();
        if let Some(decoder) = &decoder {
            set_decoder(py, decoder, target.start_pos, target.dec_flags)?;
        }
        let flags = PyLong::from_i64(py, target.dec_flags.into())?;
        if target.chars_to_skip != 0 {
            let n = PyLong::from_i64(py, target.bytes_to_feed.into())?;
            let input = buffer.call_method1(py, id!(py, "read"), n.as_object())?;
            if input.downcast::<PyBytes>().is_none() {
                return Err(raise!(
                    py,
                    TypeError,
                    "underlying read() should have returned a bytes object, not '{:.200}'",
                    input.ty().full_name()
                ));
            }
            self.snapshot.set(Some(PyTuple::from_slice(py, &[flags.as_object(), &input])?));
            let text = self.decode(py, &input, target.need_eof)?;
            let enough = text.len() >= target.chars_to_skip as usize;
            self.set_decoded(Some(text));
            if !enough {
                return Err(raise!(py, OSError, "can't restore logical file position"));
            }
            self.used.set(target.chars_to_skip as usize);
        } else {
            let nothing = PyBytes::new(py, b"")?;
            self.snapshot.set(Some(PyTuple::from_slice(py, &[flags.as_object(), nothing.as_object()])?));
        }
        self.reset_encoder(py, target.start_pos == 0 && target.dec_flags == 0)?;
        Ok(Py::new_ref(cookie))
    }
}
