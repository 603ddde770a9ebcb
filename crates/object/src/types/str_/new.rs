//! Making strings.

use super::{ASCII_HEAD, COMPACT_HEAD, KIND_1, KIND_2, KIND_4, PyCompactStr, PyStr, PyUnicode_Type, StrData, state};
use crate::memory::alloc;
use crate::{Py, PyObject, PyResult, Python, err};
use core::cell::Cell;
use taipan_textcodecs::text::{fill as fill_text, measure};

/// A width of characters.
pub trait CodeUnit: Copy + Ord + Into<u32> + 'static {
    const KIND: u32;
    fn from_u32(c: u32) -> Self;
    /// The code point.
    #[inline(always)]
    fn code(self) -> u32 {
        self.into()
    }
}
impl CodeUnit for u8 {
    const KIND: u32 = KIND_1;
    #[inline(always)]
    fn from_u32(c: u32) -> u8 {
        c as u8
    }
}
impl CodeUnit for u16 {
    const KIND: u32 = KIND_2;
    #[inline(always)]
    fn from_u32(c: u32) -> u16 {
        c as u16
    }
}
impl CodeUnit for u32 {
    const KIND: u32 = KIND_4;
    #[inline(always)]
    fn from_u32(c: u32) -> u32 {
        c
    }
}

/// Allocates a compact string of `len` characters for characters up to `max_char` (`PyUnicode_New`). The characters are
/// uninitialised, the terminator is written. The caller fills all of them before anything else sees the string, and at
/// least one must need the kind.
///
/// # Safety
/// As said.
pub unsafe fn alloc_str(py: Python, len: usize, max_char: u32) -> PyResult<Py<PyStr>> {
    let (kind, head, ascii) = match max_char {
        0..=0x7f => (KIND_1, ASCII_HEAD, state::ASCII),
        0x80..=0xff => (KIND_1, COMPACT_HEAD, 0),
        0x100..=0xffff => (KIND_2, COMPACT_HEAD, 0),
        _ => (KIND_4, COMPACT_HEAD, 0),
    };
    if len > (isize::MAX as usize - head - 8) / kind as usize {
        return Err(err::no_memory(py));
    }
    let size = head + (len + 1) * kind as usize;
    let p = alloc::new(py, &PyUnicode_Type, size)? as *mut PyStr;
    // SAFETY: the block is large enough for head, characters and terminator.
    unsafe {
        let head_part = (p as *mut u8).add(size_of::<PyObject>()) as *mut isize;
        *head_part = len as isize;
        *head_part.add(1) = -1;
        (&raw mut (*p).state).write(Cell::new((kind << state::KIND_SHIFT) | state::COMPACT | ascii));
        if ascii == 0 {
            let c = p as *mut PyCompactStr;
            (&raw mut (*c).utf8_length).write(Cell::new(0));
            (&raw mut (*c).utf8).write(Cell::new(core::ptr::null_mut()));
        }
        core::ptr::write_bytes((p as *mut u8).add(head + len * kind as usize), 0, kind as usize);
        Ok(Py::from_owned(p))
    }
}

/// Writes characters into a string being made.
///
/// # Safety
/// `s` is unshared, of kind `T`, and `at + chars.len()` is within its length.
unsafe fn fill<T: CodeUnit, S: CodeUnit>(s: &PyStr, at: usize, chars: &[S]) {
    // SAFETY: by contract.
    unsafe {
        let dst = (s.data_ptr() as *mut T).add(at);
        if T::KIND == S::KIND {
            core::ptr::copy_nonoverlapping(chars.as_ptr() as *const T, dst, chars.len());
        } else {
            for (i, &c) in chars.iter().enumerate() {
                *dst.add(i) = T::from_u32(c.into());
            }
        }
    }
}

/// Copies characters into a string being made, converting the width.
///
/// # Safety
/// `s` is unshared; `at + data.len()` is within its length; every character fits its kind.
pub unsafe fn copy_into(s: &PyStr, at: usize, data: StrData<'_>) {
    // SAFETY: by contract.
    unsafe {
        match s.kind() {
            KIND_1 => crate::with_chars!(data, c => fill::<u8, _>(s, at, c)),
            KIND_2 => crate::with_chars!(data, c => fill::<u16, _>(s, at, c)),
            _ => crate::with_chars!(data, c => fill::<u32, _>(s, at, c)),
        }
    }
}

pub(super) fn max_of<T: CodeUnit>(chars: &[T]) -> u32 {
    // Or-ing is enough: only the thresholds matter, and they are powers of two.
    let bits = chars.iter().fold(0u32, |m, &c| m | c.into());
    match bits {
        0..=0x7f => 0x7f,
        0x80..=0xff => 0xff,
        0x100..=0xffff => 0xffff,
        _ => 0x10_ffff,
    }
}

impl PyStr {
    /// `""`.
    #[inline]
    pub fn empty(py: Python) -> Py<PyStr> {
        Py::new_ref(crate::id!(py, ""))
    }

    /// From UTF-8 text.
    pub fn new(py: Python, text: &str) -> PyResult<Py<PyStr>> {
        let bytes = text.as_bytes();
        if bytes.is_ascii() {
            return PyStr::from_ascii(py, bytes);
        }
        let (n, max) = measure(text);
        if let (1, Some(c)) = (n, text.chars().next()) {
            return PyStr::from_char(py, c as u32);
        }
        // SAFETY: every character is written below; `max` is in the class of the highest.
        unsafe {
            let s = alloc_str(py, n, max)?;
            let p = s.data_ptr() as *mut u8;
            match s.kind() {
                KIND_1 => fill_text(text, core::slice::from_raw_parts_mut(p, n), |c| c as u8),
                KIND_2 => fill_text(text, core::slice::from_raw_parts_mut(p as *mut u16, n), |c| c as u16),
                _ => fill_text(text, core::slice::from_raw_parts_mut(p as *mut u32, n), |c| c),
            }
            Ok(s)
        }
    }

    /// From bytes known to be ASCII.
    #[inline]
    pub fn from_ascii(py: Python, bytes: &[u8]) -> PyResult<Py<PyStr>> {
        debug_assert!(bytes.is_ascii());
        match bytes {
            [] => Ok(PyStr::empty(py)),
            [c] => PyStr::from_char(py, *c as u32),
            // SAFETY: filled at once.
            _ => unsafe {
                let s = alloc_str(py, bytes.len(), 0x7f)?;
                core::ptr::copy_nonoverlapping(bytes.as_ptr(), s.data_ptr() as *mut u8, bytes.len());
                Ok(s)
            },
        }
    }

    /// From characters of any width, in the narrowest kind.
    pub fn from_units<T: CodeUnit>(py: Python, chars: &[T]) -> PyResult<Py<PyStr>> {
        match chars {
            [] => Ok(PyStr::empty(py)),
            [c] => PyStr::from_char(py, (*c).into()),
            // SAFETY: filled at once; the kind is that of the largest character.
            _ => unsafe {
                let s = alloc_str(py, chars.len(), max_of(chars))?;
                match s.kind() {
                    KIND_1 => fill::<u8, T>(&s, 0, chars),
                    KIND_2 => fill::<u16, T>(&s, 0, chars),
                    _ => fill::<u32, T>(&s, 0, chars),
                }
                Ok(s)
            },
        }
    }

    /// From Latin-1 characters.
    pub fn from_latin1(py: Python, chars: &[u8]) -> PyResult<Py<PyStr>> {
        PyStr::from_units(py, chars)
    }
    /// From UCS-2 characters (surrogates are characters here), in the narrowest kind.
    pub fn from_ucs2(py: Python, chars: &[u16]) -> PyResult<Py<PyStr>> {
        PyStr::from_units(py, chars)
    }
    /// From code points up to 0x10FFFF, in the narrowest kind.
    pub fn from_ucs4(py: Python, chars: &[u32]) -> PyResult<Py<PyStr>> {
        PyStr::from_units(py, chars)
    }

    /// The string of one character; below 256 always the same object.
    pub fn from_char(py: Python, c: u32) -> PyResult<Py<PyStr>> {
        if c < 256 {
            return Ok(Py::new_ref(super::intern::latin1_char(py, c as u8)));
        }
        // SAFETY: the one character is written.
        unsafe {
            let s = alloc_str(py, 1, c)?;
            copy_into(&s, 0, StrData::Ucs4(&[c]));
            Ok(s)
        }
    }

    /// Characters `start..end` (clamped to the length).
    pub fn substring(&self, py: Python, start: usize, end: usize) -> PyResult<Py<PyStr>> {
        let end = end.min(self.len());
        if start >= end {
            return Ok(PyStr::empty(py));
        }
        if start == 0 && end == self.len() && self.is_type(&PyUnicode_Type) {
            return Ok(Py::new_ref(self));
        }
        match self.data() {
            StrData::Ascii(s) => PyStr::from_ascii(py, &s[start..end]),
            StrData::Latin1(s) => PyStr::from_units(py, &s[start..end]),
            StrData::Ucs2(s) => PyStr::from_units(py, &s[start..end]),
            StrData::Ucs4(s) => PyStr::from_units(py, &s[start..end]),
        }
    }

    /// `self + other` (`PyUnicode_Concat`).
    pub fn concat(&self, py: Python, other: &PyStr) -> PyResult<Py<PyStr>> {
        if other.len() == 0 && self.is_type(&PyUnicode_Type) {
            return Ok(Py::new_ref(self));
        }
        if self.len() == 0 && other.is_type(&PyUnicode_Type) {
            return Ok(Py::new_ref(other));
        }
        let Some(len) = self.len().checked_add(other.len()).filter(|&n| n <= isize::MAX as usize) else {
            return Err(crate::raise!(py, OverflowError, "strings are too large to concat"));
        };
        // SAFETY: both parts are written; the kind is the wider one's.
        unsafe {
            let s = alloc_str(py, len, self.max_char_value().max(other.max_char_value()))?;
            copy_into(&s, 0, self.data());
            copy_into(&s, self.len(), other.data());
            Ok(s)
        }
    }
}

/// Appends `s` to a compact string that only the caller refers to and whose kind is wide enough, by reallocation.
pub(super) fn grow(py: Python, target: Py<PyStr>, s: &PyStr) -> PyResult<Py<PyStr>> {
    let (old, kind) = (target.len(), target.kind() as usize);
    let head = if target.is_ascii() { ASCII_HEAD } else { COMPACT_HEAD };
    let Some(new) = old.checked_add(s.len()).filter(|&n| n < (isize::MAX as usize - head - 8) / kind) else {
        return Err(crate::raise!(py, OverflowError, "strings are too large to concat"));
    };
    // SAFETY: nobody else refers to the string; it may move. Its cached UTF-8 and hash are dropped.
    unsafe {
        if !target.is_ascii() {
            let c = &*(target.as_raw() as *const PyCompactStr);
            crate::memory::obmalloc::free(c.utf8.replace(core::ptr::null_mut()));
            c.utf8_length.set(0);
        }
        let p = target.into_raw();
        let moved = crate::memory::obmalloc::realloc(p as *mut u8, head + (new + 1) * kind) as *mut PyStr;
        if moved.is_null() {
            drop(Py::from_owned(p));
            return Err(err::no_memory(py));
        }
        let result = Py::from_owned(moved);
        result.length.set(new as isize);
        result.hash.set(-1);
        copy_into(&result, old, s.data());
        core::ptr::write_bytes((moved as *mut u8).add(head + new * kind), 0, kind);
        Ok(result)
    }
}
