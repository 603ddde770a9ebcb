//! `hex` and `fromhex`.

use super::Arg;
use crate::abstracts::buffer;
use crate::{Py, PyBytes, PyObject, PyResult, PyStr, Python, err, raise};

/// The separator of `hex`.
pub fn separator(py: Python, sep: Option<&PyObject>) -> PyResult<Option<u8>> {
    let Some(sep) = sep else { return Ok(None) };
    if sep.len(py)? != 1 {
        return Err(raise!(py, ValueError, "sep must be length 1."));
    }
    let c = match (sep.downcast::<PyStr>(), sep.downcast::<PyBytes>()) {
        (Some(s), _) => s.char_at(0),
        (_, Some(b)) => b.as_slice()[0] as u32,
        _ => return Err(raise!(py, TypeError, "sep must be str or bytes.")),
    };
    match u8::try_from(c) {
        Ok(c @ 0..128) => Ok(Some(c)),
        _ => Err(raise!(py, ValueError, "sep must be ASCII.")),
    }
}

/// The hexadecimal digits, `sep` after groups of `group` bytes, counted from the right, or from the left if negative.
pub fn digits(bytes: &[u8], sep: Option<u8>, group: i32) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = Vec::with_capacity(bytes.len() * 3);
    let size = group.unsigned_abs() as usize;
    let sep = sep.filter(|_| size != 0);
    // The length of the first group.
    let first = match sep {
        Some(_) if group > 0 && !bytes.len().is_multiple_of(size) => bytes.len() % size,
        _ => size,
    };
    for (i, &b) in bytes.iter().enumerate() {
        if let Some(sep) = sep
            && i >= first
            && (i - first) % size == 0
        {
            out.push(sep);
        }
        out.extend_from_slice(&[DIGITS[b as usize >> 4], DIGITS[b as usize & 15]]);
    }
    out
}

/// `bytes.hex(sep, bytes_per_sep)`.
pub fn write(py: Python, bytes: &[u8], sep: Option<u8>, group: i32) -> PyResult<Py<PyStr>> {
    if bytes.len() > isize::MAX as usize / 3 {
        return Err(err::no_memory(py));
    }
    PyStr::from_ascii(py, &digits(bytes, sep, group))
}

/// Why hexadecimal digits are no bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum HexError {
    Odd,
    Bad(usize),
}

/// The bytes of pairs of digits, with white space between them.
pub fn read(text: &[u8]) -> Result<Vec<u8>, HexError> {
    let digit = |c: u8| (c as char).to_digit(16).map(|d| d as u8);
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut i = 0;
    loop {
        i += text[i..].iter().take_while(|&&c| super::ops::is_space(c)).count();
        let Some(&high) = text.get(i) else { return Ok(out) };
        let high = digit(high).ok_or(HexError::Bad(i))?;
        let low = *text.get(i + 1).ok_or(HexError::Odd)?;
        let low = digit(low).ok_or(HexError::Bad(i + 1))?;
        out.push(high << 4 | low);
        i += 2;
    }
}

/// The argument of `fromhex` as bytes.
pub fn parse(py: Python, string: &PyObject) -> PyResult<Vec<u8>> {
    let bad = |e| match e {
        HexError::Odd => {
            raise!(py, ValueError, "fromhex() arg must contain an even number of hexadecimal digits")
        }
        HexError::Bad(at) => {
            raise!(py, ValueError, "non-hexadecimal number found in fromhex() arg at position {at}")
        }
    };
    if let Some(s) = string.downcast::<PyStr>() {
        return match s.ascii_str() {
            Some(text) => read(text.as_bytes()).map_err(bad),
            None => Err(bad(HexError::Bad(s.chars().take_while(|&c| c < 0x80).count()))),
        };
    }
    if !buffer::check(string) {
        let given = string.ty().full_name();
        return Err(raise!(py, TypeError, "fromhex() argument must be str or bytes-like, not {given}"));
    }
    read(Arg::get(py, string)?.as_slice()).map_err(bad)
}
