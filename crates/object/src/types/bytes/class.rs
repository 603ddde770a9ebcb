//! The declaration of `bytes`.

use super::PyBytes;
use super::iter::PyBytesIter;
use crate::abstracts::{buffer, call, hash::hash_bytes, sequence};
use crate::bytes_methods::{ByteSeq, byte_methods, ops};
use crate::typeobj::Py_buffer;
use crate::types::slice::PySlice;
use crate::types::str_::push_escape;
use crate::{
    Args, CompareOp, Py, PyList, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, StrBuilder, StrData, err,
    exceptions, pack, pyclass, raise,
};

byte_methods! {
    {
        /// bytes(iterable_of_ints) -> bytes
        /// bytes(string, encoding[, errors]) -> bytes
        /// bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer
        /// bytes(int) -> bytes object of size given by the parameter initialized with null bytes
        /// bytes() -> empty bytes object
        ///
        /// Construct an immutable array of bytes from:
        ///   - an iterable yielding integers in range(256)
        ///   - a text string encoded using the specified encoding
        ///   - any object implementing the buffer API.
        ///   - an integer
        #[pyclass(
            name = "bytes",
            static_name = PyBytes_Type,
            flags(BASETYPE, BYTES_SUBCLASS, MATCH_SELF),
            basicsize = crate::types::bytes::BYTES_HEAD,
            itemsize = 1,
        )]
    }
    impl PyBytes {
        #[signature("(source=b'', encoding='utf-8', errors='strict')", hidden)]
        fn tp_new(
            py: Python,
            cls: &PyType,
            source: Option<&PyObject>,
            encoding: Option<&str>,
            errors: Option<&str>,
        ) -> PyResult<Py<PyBytes>> {
            let bytes = PyBytes::construct(py, source, encoding, errors)?;
            if cls.is(&PyBytes_Type) { Ok(bytes) } else { PyBytes::for_subclass(py, cls, bytes.as_slice()) }
        }

        fn tp_vectorcall(py: Python, cls: &PyObject, args: Args) -> PyResult {
            if args.has_keywords() || args.as_slice().len() > 1 {
                return call::call_by_tuple(py, cls, &args);
            }
            PyBytes::construct(py, args.first().copied(), None, None).map(Py::into_object)
        }

        fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
            repr(py, self.as_slice(), "b", "")
        }

        fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
            if py.interp().config.borrow().bytes_warning != 0 {
                err::warn(py, exceptions::BytesWarning(), "str() on a bytes instance", 1)?;
            }
            repr(py, self.as_slice(), "b", "")
        }

        fn tp_hash(&self, _py: Python) -> PyResult<isize> {
            let cell = self.hash_cell();
            if cell.get() == -1 {
                cell.set(hash_bytes(self.as_slice()));
            }
            Ok(cell.get())
        }

        fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
            match other.downcast::<PyBytes>() {
                Some(o) if matches!(op, CompareOp::Eq | CompareOp::Ne) => {
                    Ok(py.bool((self.as_slice() == o.as_slice()) == (op == CompareOp::Eq)))
                }
                Some(o) => Ok(py.bool(op.matches(self.as_slice().cmp(o.as_slice())))),
                None => {
                    warn_comparison(py, other, op, "bytes", true)?;
                    Ok(py.not_implemented())
                }
            }
        }

        fn tp_iter(&self, py: Python) -> PyResult<Py<PyBytesIter>> {
            PyBytesIter::new(py, self)
        }

        fn sq_concat(&self, py: Python, other: &PyObject) -> PyResult<Py<PyBytes>> {
            // Optimize end cases: nothing is added.
            if let Some(o) = other.downcast_exact::<PyBytes>() {
                if self.len() == 0 {
                    return Ok(Py::new_ref(o));
                }
                if o.len() == 0 && self.is_type(&PyBytes_Type) {
                    return Ok(Py::new_ref(self));
                }
                return PyBytes::joined(py, self.as_slice(), o.as_slice());
            }
            ops::concat(py, self, other)
        }

        fn sq_repeat(&self, py: Python, n: isize) -> PyResult<Py<PyBytes>> {
            if n == 1 && self.is_type(&PyBytes_Type) {
                return Ok(Py::new_ref(self));
            }
            ops::repeat(py, self, n)
        }

        fn sq_item(&self, py: Python, i: isize) -> PyResult<Py<PyLong>> {
            match usize::try_from(i).ok().and_then(|i| self.as_slice().get(i)) {
                Some(&b) => PyLong::from_i64(py, b as i64),
                None => Err(raise!(py, IndexError, "index out of range")),
            }
        }

        fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult {
            if sequence::has_index(key) {
                let i = sequence::index_argument(py, key, self.len())?;
                return self.sq_item(py, i).map(Py::into_object);
            }
            let Some(slice) = key.downcast_exact::<PySlice>() else {
                let given = key.ty().full_name();
                return Err(raise!(py, TypeError, "byte indices must be integers or slices, not {given:.200}"));
            };
            let range = slice.range(py, || self.len())?;
            let s = self.as_slice();
            if range.step == 1 {
                if range.len == s.len() {
                    return self.unchanged(py).map(Py::into_object);
                }
                let start = range.start as usize;
                let end = start + range.len;
                return PyBytes::new(py, if range.len == 0 { &[] } else { &s[start..end] }).map(Py::into_object);
            }
            let picked: Vec<u8> = range.positions().map(|i| s[i]).collect();
            PyBytes::new(py, &picked).map(Py::into_object)
        }

        unsafe fn bf_getbuffer(&self, py: Python, view: *mut Py_buffer, flags: i32) -> PyResult<()> {
            // SAFETY: the view is the caller's; the bytes live as long as the object.
            unsafe {
                let data = self.data_ptr() as *mut core::ffi::c_void;
                buffer::fill_info(py, view, Some(self), data, self.len() as isize, true, flags)
            }
        }

        #[method]
        #[signature("(self, /)")]
        fn __getnewargs__(&self, py: Python) -> PyResult<Py<PyTuple>> {
            let copy = PyBytes::new(py, self.as_slice())?;
            pack!(py, copy)
        }

        /// Convert this value to exact type bytes.
        #[method]
        #[signature("(self, /)")]
        fn __bytes__(&self, py: Python) -> PyResult<Py<PyBytes>> {
            self.unchanged(py)
        }
    }
}

impl PyBytes {
    /// Two pieces as one.
    fn joined(py: Python, a: &[u8], b: &[u8]) -> PyResult<Py<PyBytes>> {
        let Some(n) = a.len().checked_add(b.len()).filter(|&n| n <= isize::MAX as usize) else {
            return Err(err::no_memory(py));
        };
        // SAFETY: both pieces are written, whose lengths have just been summed up.
        unsafe {
            let new = PyBytes::alloc_uninit(py, n)?;
            core::ptr::copy_nonoverlapping(a.as_ptr(), new.data_ptr(), a.len());
            core::ptr::copy_nonoverlapping(b.as_ptr(), new.data_ptr().add(a.len()), b.len());
            Ok(new)
        }
    }
}

/// With `-b`, the BytesWarning for comparing bytes with a str, or an int if `ints`.
pub(crate) fn warn_comparison(py: Python, other: &PyObject, op: CompareOp, name: &str, ints: bool) -> PyResult<()> {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || py.interp().config.borrow().bytes_warning == 0 {
        return Ok(());
    }
    let kind = if other.downcast::<PyStr>().is_some() {
        "string"
    } else if ints && other.downcast::<PyLong>().is_some() {
        "int"
    } else {
        return Ok(());
    };
    err::warn(py, exceptions::BytesWarning(), &format!("Comparison between {name} and {kind}"), 1)
}

/// `prefix'…'suffix` with non-printable bytes escaped (`PyBytes_Repr`).
fn repr(py: Python, data: &[u8], prefix: &str, suffix: &str) -> PyResult<Py<PyStr>> {
    let quote = if data.contains(&b'\'') && !data.contains(&b'"') { b'"' } else { b'\'' };
    repr_quoted(py, data, prefix, suffix, quote, &[quote])
}

/// As [`repr`] with a given quote; `escaped` are the bytes that get a backslash besides the backslash itself.
pub(crate) fn repr_quoted(
    py: Python,
    data: &[u8],
    prefix: &str,
    suffix: &str,
    quote: u8,
    escaped: &[u8],
) -> PyResult<Py<PyStr>> {
    let mut out = StrBuilder::with_capacity(data.len() + prefix.len() + suffix.len() + 2);
    out.push_str(prefix);
    out.push_char(quote as u32);
    let plain = |c: u8| matches!(c, 0x20..0x7f) && c != b'\\' && !escaped.contains(&c);
    let mut rest = data;
    loop {
        let run = rest.iter().take_while(|&&c| plain(c)).count();
        out.push_data(StrData::Ascii(&rest[..run]));
        let Some(&c) = rest.get(run) else { break };
        rest = &rest[run + 1..];
        match c {
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            0x20..0x7f => {
                out.push_char('\\' as u32);
                out.push_char(c as u32);
            }
            _ => push_escape(&mut out, c as u32),
        }
    }
    out.push_char(quote as u32);
    out.push_str(suffix);
    out.finish(py)
}
