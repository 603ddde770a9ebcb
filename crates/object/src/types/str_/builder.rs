//! Building a string of unknown length and kind (`_PyUnicodeWriter`).

use super::new::{alloc_str, copy_into};
use super::{PyStr, StrData};
use crate::{Py, PyResult, Python};
use taipan_textcodecs::text::{fill, measure};
use taipan_textcodecs::{Output, Units};

/// Grows as characters come, in the narrowest width that holds them.
pub struct StrBuilder {
    buf: Buf,
}

enum Buf {
    One(Vec<u8>, bool),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Default for StrBuilder {
    fn default() -> Self {
        StrBuilder::new()
    }
}

impl StrBuilder {
    pub fn new() -> StrBuilder {
        StrBuilder { buf: Buf::One(Vec::new(), true) }
    }

    pub fn with_capacity(n: usize) -> StrBuilder {
        StrBuilder { buf: Buf::One(Vec::with_capacity(n), true) }
    }

    pub fn len(&self) -> usize {
        match &self.buf {
            Buf::One(v, _) => v.len(),
            Buf::Two(v) => v.len(),
            Buf::Four(v) => v.len(),
        }
    }

    #[inline]
    pub fn push_char(&mut self, c: u32) {
        match &mut self.buf {
            Buf::One(v, ascii) if c < 0x100 => {
                *ascii &= c < 0x80;
                v.push(c as u8);
            }
            Buf::Two(v) if c < 0x10000 => v.push(c as u16),
            Buf::Four(v) => v.push(c),
            _ => self.widen_and_push(c),
        }
    }

    #[cold]
    fn widen_and_push(&mut self, c: u32) {
        self.widen(c);
        self.push_char(c);
    }

    /// Makes room for characters up to `max`.
    fn widen(&mut self, max: u32) {
        let old = core::mem::replace(&mut self.buf, Buf::Four(Vec::new()));
        self.buf = match old {
            Buf::One(v, _) if max >= 0x10000 => Buf::Four(v.into_iter().map(u32::from).collect()),
            Buf::One(v, _) if max >= 0x100 => Buf::Two(v.into_iter().map(u16::from).collect()),
            Buf::Two(v) if max >= 0x10000 => Buf::Four(v.into_iter().map(u32::from).collect()),
            same => same,
        };
    }

    pub fn push_str(&mut self, s: &str) {
        if let (Buf::One(v, _), true) = (&mut self.buf, s.is_ascii()) {
            v.extend_from_slice(s.as_bytes());
            return;
        }
        Output::text(self, s);
    }

    pub fn push_pystr(&mut self, s: &PyStr) {
        self.push_data(s.data());
    }

    pub fn push_data(&mut self, data: StrData<'_>) {
        if data.len() == 0 {
            return;
        }
        match data {
            StrData::Ascii(_) => {}
            StrData::Latin1(_) => self.widen(0xff),
            StrData::Ucs2(_) => self.widen(0x100),
            StrData::Ucs4(_) => self.widen(0x10000),
        }
        match (&mut self.buf, data) {
            (Buf::One(v, ascii), StrData::Ascii(s) | StrData::Latin1(s)) => {
                *ascii &= matches!(data, StrData::Ascii(_));
                v.extend_from_slice(s);
            }
            (Buf::Two(v), StrData::Ascii(s) | StrData::Latin1(s)) => v.extend(s.iter().map(|&c| c as u16)),
            (Buf::Two(v), StrData::Ucs2(s)) => v.extend_from_slice(s),
            (Buf::Four(v), StrData::Ascii(s) | StrData::Latin1(s)) => v.extend(s.iter().map(|&c| c as u32)),
            (Buf::Four(v), StrData::Ucs2(s)) => v.extend(s.iter().map(|&c| c as u32)),
            (Buf::Four(v), StrData::Ucs4(s)) => v.extend_from_slice(s),
            _ => {
                for i in 0..data.len() {
                    self.push_char(data.get(i));
                }
            }
        }
    }

    /// Makes room for `n` more characters; false if there is not that much memory.
    pub fn try_reserve(&mut self, n: usize) -> bool {
        match &mut self.buf {
            Buf::One(v, _) => v.try_reserve(n).is_ok(),
            Buf::Two(v) => v.try_reserve(n).is_ok(),
            Buf::Four(v) => v.try_reserve(n).is_ok(),
        }
    }

    /// A character `n` times.
    pub fn push_repeated(&mut self, c: u32, n: usize) {
        if n == 0 {
            return;
        }
        self.widen(c);
        match &mut self.buf {
            Buf::One(v, ascii) => {
                *ascii &= c < 0x80;
                v.resize(v.len() + n, c as u8);
            }
            Buf::Two(v) => v.resize(v.len() + n, c as u16),
            Buf::Four(v) => v.resize(v.len() + n, c),
        }
    }

    /// Shortens to `n` characters.
    pub fn truncate(&mut self, n: usize) {
        match &mut self.buf {
            Buf::One(v, _) => v.truncate(n),
            Buf::Two(v) => v.truncate(n),
            Buf::Four(v) => v.truncate(n),
        }
    }

    /// The string.
    pub fn finish(self, py: Python) -> PyResult<Py<PyStr>> {
        match &self.buf {
            Buf::One(v, true) => PyStr::from_ascii(py, v),
            Buf::One(v, false) => PyStr::from_latin1(py, v),
            Buf::Two(v) => PyStr::from_ucs2(py, v),
            Buf::Four(v) => PyStr::from_ucs4(py, v),
        }
    }
}

/// So that decoders write into a builder.
impl Output for StrBuilder {
    #[inline(always)]
    fn push(&mut self, ch: u32) {
        self.push_char(ch);
    }

    fn text(&mut self, text: &str) {
        let (len, bound) = measure(text);
        if bound >= 0x100 {
            self.widen(bound);
        }
        match &mut self.buf {
            Buf::One(v, ascii) => {
                *ascii &= bound < 0x80;
                fill(text, extended(v, len), |ch| ch as u8);
            }
            Buf::Two(v) => fill(text, extended(v, len), |ch| ch as u16),
            Buf::Four(v) => fill(text, extended(v, len), |ch| ch),
        }
    }

    fn latin1(&mut self, bytes: &[u8]) {
        self.push_data(if bytes.is_ascii() { StrData::Ascii(bytes) } else { StrData::Latin1(bytes) });
    }

    fn units(&mut self, units: Units<'_>) {
        let bound = units.bound();
        if bound >= 0x100 {
            self.widen(bound);
        }
        match &mut self.buf {
            Buf::One(v, ascii) => {
                *ascii &= bound < 0x80;
                units.fill(extended(v, units.len()), |u| u as u8);
            }
            Buf::Two(v) => units.fill(extended(v, units.len()), |u| u),
            Buf::Four(v) => units.fill(extended(v, units.len()), |u| u as u32),
        }
    }
}

/// Adds room for `more` characters and gives it.
fn extended<T: Clone + Default>(v: &mut Vec<T>, more: usize) -> &mut [T] {
    let len = v.len();
    v.resize(len + more, T::default());
    &mut v[len..]
}

impl core::fmt::Write for StrBuilder {
    fn write_str(&mut self, s: &str) -> core::fmt::Result {
        self.push_str(s);
        Ok(())
    }
}

/// Joins pieces into one string with a single allocation.
pub fn concat_all(py: Python, parts: &[&PyStr]) -> PyResult<Py<PyStr>> {
    match parts {
        [] => return Ok(PyStr::empty(py)),
        [one] if one.is_type(&super::PyUnicode_Type) => return Ok(Py::new_ref(*one)),
        _ => {}
    }
    let (mut len, mut max) = (0usize, 0x7f);
    for p in parts {
        len = match len.checked_add(p.len()) {
            Some(n) => n,
            None => return Err(crate::err::no_memory(py)),
        };
        if p.len() > 0 {
            max = max.max(p.max_char_value());
        }
    }
    if len == 0 {
        return Ok(PyStr::empty(py));
    }
    // SAFETY: all parts are written, `len` characters in all; the kind is the widest part's.
    unsafe {
        let s = alloc_str(py, len, max)?;
        let mut at = 0;
        for p in parts {
            copy_into(&s, at, p.data());
            at += p.len();
        }
        Ok(s)
    }
}
