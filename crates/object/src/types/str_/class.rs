//! The declaration of `str`: slots and methods, each a line that calls the file of its family.

use super::{PyCompactStr, PyLegacyStr, PyStr, StrBuilder, StrData, state};
use crate::memory::{alloc, obmalloc};
use crate::{CompareOp, Py, PyObject, PyResult, Python, pyclass, raise};
use core::cmp::Ordering;

#[pyclass(
    name = "str",
    static_name = PyUnicode_Type,
    flags(BASETYPE, UNICODE_SUBCLASS, MATCH_SELF),
    basicsize = size_of::<PyLegacyStr>(),
)]
impl PyStr {
    fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.to_exact(py)
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let quote = if self.chars().any(|c| c == '\'' as u32) && !self.chars().any(|c| c == '"' as u32) { '"' } else { '\'' };
        let mut b = StrBuilder::with_capacity(self.len() + 2);
        b.push_char(quote as u32);
        for c in self.chars() {
            match c {
                0x5c => b.push_str("\\\\"),
                0x0a => b.push_str("\\n"),
                0x0d => b.push_str("\\r"),
                0x09 => b.push_str("\\t"),
                c if c == quote as u32 => {
                    b.push_char('\\' as u32);
                    b.push_char(c);
                }
                0x20..0x7f => b.push_char(c),
                c if c >= 0x7f && taipan_unicode::is_printable(c) => b.push_char(c),
                0..=0xff => b.push_str(&format!("\\x{c:02x}")),
                0x100..=0xffff => b.push_str(&format!("\\u{c:04x}")),
                _ => b.push_str(&format!("\\U{c:08x}")),
            }
        }
        b.push_char(quote as u32);
        b.finish(py)
    }

    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        Ok(self.hash_value())
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast::<PyStr>() else { return Ok(py.not_implemented()) };
        let result = match op {
            CompareOp::Eq => core::ptr::eq(self, other) || self.equals(other),
            CompareOp::Ne => !(core::ptr::eq(self, other) || self.equals(other)),
            CompareOp::Lt => self.compare(other) == Ordering::Less,
            CompareOp::Le => self.compare(other) != Ordering::Greater,
            CompareOp::Gt => self.compare(other) == Ordering::Greater,
            CompareOp::Ge => self.compare(other) != Ordering::Less,
        };
        Ok(py.bool(result))
    }

    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }

    fn sq_concat(&self, py: Python, other: &PyObject) -> PyResult<Py<PyStr>> {
        match other.downcast::<PyStr>() {
            Some(other) => self.concat(py, other),
            None => Err(raise!(py, TypeError, "can only concatenate str (not \"{}\") to str", other.ty().name())),
        }
    }

    fn sq_item(&self, py: Python, i: isize) -> PyResult<Py<PyStr>> {
        if i < 0 || i as usize >= self.len() {
            return Err(raise!(py, IndexError, "string index out of range"));
        }
        PyStr::from_char(py, self.char_at(i as usize))
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the string's last count is gone; what it points to is its own.
        unsafe {
            let s = &*this;
            if s.state() & state::INTERNED_MASK == state::INTERNED_MORTAL {
                Python::assume().interp().interned.remove(s);
            }
            if !s.is_compact() || !s.is_ascii() {
                let c = &*(this as *const PyCompactStr);
                let data = if s.is_compact() { core::ptr::null_mut() } else { (*(this as *const PyLegacyStr)).data.get() };
                let utf8 = c.utf8.get();
                if !utf8.is_null() && utf8 != data {
                    obmalloc::free(utf8);
                }
                obmalloc::free(data);
            }
            let obj = this as *mut PyObject;
            match (*obj).ty().tp_free.get() {
                Some(free) => free(this as *mut core::ffi::c_void),
                None => alloc::free(obj),
            }
        }
    }
}

impl PyStr {
    /// An exact str with this text: itself, unless it is an instance of a subclass (`_PyUnicode_Copy`).
    pub fn to_exact(&self, py: Python) -> PyResult<Py<PyStr>> {
        if self.is_type(&PyUnicode_Type) {
            return Ok(Py::new_ref(self));
        }
        match self.data() {
            StrData::Ascii(s) => PyStr::from_ascii(py, s),
            StrData::Latin1(s) => PyStr::from_latin1(py, s),
            StrData::Ucs2(s) => PyStr::from_ucs2(py, s),
            StrData::Ucs4(s) => PyStr::from_ucs4(py, s),
        }
    }

    /// True for a valid identifier (PEP 3131).
    pub fn is_identifier(&self) -> bool {
        let mut chars = self.chars();
        match chars.next() {
            Some(c) if c == '_' as u32 || taipan_unicode::is_xid_start(c) => {}
            _ => return false,
        }
        chars.all(taipan_unicode::is_xid_continue)
    }

}

/// `target + s`, growing `target` in place when nobody else refers to it (`PyUnicode_Append`).
pub fn append(py: Python, target: Py<PyStr>, s: &PyStr) -> PyResult<Py<PyStr>> {
    let can_grow = target.is_unique()
        && target.is_type(&PyUnicode_Type)
        && target.is_compact()
        && !target.is_interned()
        && target.len() > 0
        && s.len() > 0
        && target.kind() >= s.kind()
        && (!target.is_ascii() || s.is_ascii())
        && !core::ptr::eq(&*target, s);
    if !can_grow {
        return target.concat(py, s);
    }
    super::new::grow(py, target, s)
}
