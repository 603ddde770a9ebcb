//! `repr` and `__sizeof__`, and making instances of subclasses.

use super::new::CodeUnit;
use super::{ASCII_HEAD, COMPACT_HEAD, PyCompactStr, PyLegacyStr, PyStr, PyUnicode_Type, StrBuilder, state};
use crate::memory::obmalloc;
use crate::{Py, PyObject, PyResult, PyType, Python, Raised, err, raise};

/// Appends `\xhh`, `\uhhhh` or `\Uhhhhhhhh`.
pub fn push_escape(out: &mut StrBuilder, c: u32) {
    let (letter, digits) = match c {
        0..=0xff => ('x', 2),
        0x100..=0xffff => ('u', 4),
        _ => ('U', 8),
    };
    out.push_char('\\' as u32);
    out.push_char(letter as u32);
    for place in (0..digits).rev() {
        out.push_char(b"0123456789abcdef"[(c >> (4 * place)) as usize & 15] as u32);
    }
}

/// Is the character shown as it is between these quotes?
#[inline(always)]
fn is_plain(c: u32, quote: u32) -> bool {
    match c {
        0x20..0x7f => c != quote && c != '\\' as u32,
        _ => c > 0x7f && taipan_unicode::is_printable(c),
    }
}

fn push_repr<T: CodeUnit>(s: &PyStr, chars: &[T], quote: u32, out: &mut StrBuilder) {
    let mut start = 0;
    while start < chars.len() {
        let run = chars[start..].iter().take_while(|&&c| is_plain(c.into(), quote)).count();
        out.push_data(s.data().slice(start..start + run));
        start += run;
        let Some(&c) = chars.get(start) else { return };
        start += 1;
        match c.into() {
            0x0a => out.push_str("\\n"),
            0x0d => out.push_str("\\r"),
            0x09 => out.push_str("\\t"),
            c @ 0x20..0x7f => {
                out.push_char('\\' as u32);
                out.push_char(c);
            }
            c => push_escape(out, c),
        }
    }
}

/// `repr(s)`.
pub(super) fn repr(py: Python, s: &PyStr) -> PyResult<Py<PyStr>> {
    let data = s.data();
    let double = data.find_char('\'' as u32).is_some() && data.find_char('"' as u32).is_none();
    let quote = if double { '"' } else { '\'' } as u32;
    let mut out = StrBuilder::with_capacity(s.len() + 2);
    out.push_char(quote);
    crate::with_chars!(data, chars => push_repr(s, chars, quote, &mut out));
    out.push_char(quote);
    out.finish(py)
}

impl PyStr {
    /// The bytes of memory the object takes (`str.__sizeof__`).
    pub fn size_of(&self) -> usize {
        let chars = (self.len() + 1) * self.kind() as usize;
        if self.is_compact() && self.is_ascii() {
            return ASCII_HEAD + chars;
        }
        let head = if self.is_compact() { COMPACT_HEAD } else { size_of::<PyLegacyStr>() };
        // SAFETY: a string that is not compact ASCII has the utf8 fields.
        let c = unsafe { &*(self as *const PyStr as *const PyCompactStr) };
        let utf8 = c.utf8.get() as *const u8;
        let cached =
            if utf8.is_null() || core::ptr::eq(utf8, self.data_ptr()) { 0 } else { c.utf8_length.get() as usize + 1 };
        head + chars + cached
    }

    /// An instance of `cls`, a subclass, with this text (`unicode_subtype_new`).
    pub(super) fn to_subclass(&self, py: Python, cls: &PyType) -> PyResult<Py<PyStr>> {
        let Some(alloc) = cls.tp_alloc.get() else {
            return Err(raise!(py, SystemError, "type '{}' is not ready", cls.full_name()));
        };
        let kind = self.kind();
        let bytes = (self.len() + 1) * kind as usize;
        // SAFETY: the memory is as long as the characters and their terminator; `tp_alloc` takes its own type and clears
        // the object, whose fields are then set so that it is whole.
        unsafe {
            let obj = alloc(cls as *const PyType as *mut PyType, 0) as *mut PyLegacyStr;
            if obj.is_null() {
                return Err(Raised::assume());
            }
            let new: Py<PyStr> = Py::from_owned(obj as *const PyStr);
            let legacy = &*obj;
            // Whole, if empty, should the memory for the characters not be there.
            new.hash.set(-1);
            new.state.set(kind << state::KIND_SHIFT);
            let data = obmalloc::malloc(bytes);
            if data.is_null() {
                return Err(err::no_memory(py));
            }
            core::ptr::copy_nonoverlapping(self.data_ptr(), data, bytes - kind as usize);
            core::ptr::write_bytes(data.add(bytes - kind as usize), 0, kind as usize);
            legacy.data.set(data);
            new.length.set(self.len() as isize);
            new.hash.set(self.hash_value());
            let ascii = if self.is_ascii() { state::ASCII } else { 0 };
            new.state.set(kind << state::KIND_SHIFT | ascii);
            if ascii != 0 {
                legacy.base.utf8.set(data);
                legacy.base.utf8_length.set(self.len() as isize);
            }
            Ok(new)
        }
    }

    /// `str(object, encoding, errors)`, exactly a str (`PyUnicode_FromEncodedObject` with either of the two given).
    pub(super) fn from_encoded(
        py: Python,
        object: &PyObject,
        encoding: Option<&str>,
        errors: Option<&str>,
    ) -> PyResult<Py<PyStr>> {
        if object.downcast::<PyStr>().is_some() {
            return Err(raise!(py, TypeError, "decoding str is not supported"));
        }
        crate::codecs::decode_buffer(py, object, encoding, errors)
    }
}

/// True if the type is str itself.
#[inline]
pub(super) fn is_str_type(cls: &PyType) -> bool {
    cls.is(&PyUnicode_Type)
}
