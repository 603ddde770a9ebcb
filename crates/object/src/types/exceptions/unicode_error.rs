//! `UnicodeEncodeError`, `UnicodeDecodeError`, `UnicodeTranslateError`.

use super::base::{PyBaseException, PyUnicodeErrorBase};
use crate::abstracts::number;
use crate::{
    Py, PyBytes, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, Raised, Slot, Trace, err, pyclass, raise,
};
use core::cell::Cell;

/// `PyUnicodeErrorObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyUnicodeError {
    pub ob_base: PyBaseException,
    pub encoding: Slot,
    pub object: Slot,
    pub start: Cell<isize>,
    pub end: Cell<isize>,
    pub reason: Slot,
}

macro_rules! variants {
    ($($(#[$doc:meta])* $name:ident, $python:literal, $static:ident, $init:ident, $str:ident;)*) => {$(
        /// Laid out as all Unicode errors.
        #[derive(Trace)]
        #[repr(C)]
        pub struct $name {
            pub ob_base: PyBaseException,
            encoding: Slot,
            object: Slot,
            start: Cell<isize>,
            end: Cell<isize>,
            reason: Slot,
        }

        $(#[$doc])*
        #[pyclass(
            name = $python,
            static_name = $static,
            base = PyUnicodeErrorBase,
            flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
            members(
                encoding: OBJECT "exception encoding",
                object: OBJECT "exception object",
                start: PYSSIZET "exception start",
                end: PYSSIZET "exception end",
                reason: OBJECT "exception reason",
            ),
        )]
        impl $name {
            fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
                if kwargs.is_some_and(|k| k.len() != 0) {
                    return Err(raise!(py, TypeError, "{}() takes no keyword arguments", self.ty().name()));
                }
                self.ob_base.args.set(Some(Py::new_ref(args)));
                $init(py, common(&self.ob_base), args)
            }
            fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
                $str(py, common(&self.ob_base))
            }
        }
    )*};
}
variants! {
    /// Unicode encoding error.
    PyUnicodeEncodeError, "UnicodeEncodeError", _PyExc_UnicodeEncodeError, init_encode, str_encode;
    /// Unicode decoding error.
    PyUnicodeDecodeError, "UnicodeDecodeError", _PyExc_UnicodeDecodeError, init_decode, str_decode;
    /// Unicode translation error.
    PyUnicodeTranslateError, "UnicodeTranslateError", _PyExc_UnicodeTranslateError, init_translate, str_translate;
}

/// All variants have one layout.
fn common(exc: &PyBaseException) -> &PyUnicodeError {
    // SAFETY: called on the variants only.
    unsafe { &*(exc as *const PyBaseException as *const PyUnicodeError) }
}

fn argument<'a>(py: Python, args: &'a PyTuple, i: usize, n: usize) -> PyResult<&'a PyObject> {
    if args.len() != n {
        return Err(raise!(py, TypeError, "function takes exactly {n} arguments ({} given)", args.len()));
    }
    Ok(args.get(i))
}

fn string(py: Python, args: &PyTuple, i: usize, n: usize) -> PyResult<Py> {
    let v = argument(py, args, i, n)?;
    if v.downcast::<PyStr>().is_none() {
        return Err(raise!(py, TypeError, "argument {} must be str, not {}", i + 1, v.ty().name()));
    }
    Ok(Py::new_ref(v))
}

fn init_encode(py: Python, e: &PyUnicodeError, args: &PyTuple) -> PyResult<()> {
    let encoding = string(py, args, 0, 5)?;
    let object = string(py, args, 1, 5)?;
    let start = number::as_ssize(py, args.get(2), Some(super::OverflowError()))?;
    let end = number::as_ssize(py, args.get(3), Some(super::OverflowError()))?;
    let reason = string(py, args, 4, 5)?;
    fill(e, Some(encoding), object, start, end, reason);
    Ok(())
}

fn init_decode(py: Python, e: &PyUnicodeError, args: &PyTuple) -> PyResult<()> {
    let encoding = string(py, args, 0, 5)?;
    let given = args.get(1);
    let object = if given.downcast::<PyBytes>().is_some() {
        Py::new_ref(given)
    } else {
        let buffer = crate::abstracts::buffer::Buffer::get(py, given, 0)?;
        PyBytes::new(py, buffer.as_slice())?.into_object()
    };
    let start = number::as_ssize(py, args.get(2), Some(super::OverflowError()))?;
    let end = number::as_ssize(py, args.get(3), Some(super::OverflowError()))?;
    let reason = string(py, args, 4, 5)?;
    fill(e, Some(encoding), object, start, end, reason);
    Ok(())
}

fn init_translate(py: Python, e: &PyUnicodeError, args: &PyTuple) -> PyResult<()> {
    let object = string(py, args, 0, 4)?;
    let start = number::as_ssize(py, args.get(1), Some(super::OverflowError()))?;
    let end = number::as_ssize(py, args.get(2), Some(super::OverflowError()))?;
    let reason = string(py, args, 3, 4)?;
    fill(e, None, object, start, end, reason);
    Ok(())
}

fn fill(e: &PyUnicodeError, encoding: Option<Py>, object: Py, start: isize, end: isize, reason: Py) {
    e.encoding.set(encoding);
    e.object.set(Some(object));
    e.start.set(start);
    e.end.set(end);
    e.reason.set(Some(reason));
}

fn text(py: Python, slot: &Slot) -> PyResult<String> {
    match slot.get() {
        Some(v) => Ok(v.str(py)?.to_string_lossy().into_owned()),
        None => Ok("None".into()),
    }
}

/// A character as the messages show it.
fn escaped(c: u32) -> String {
    match c {
        0..=0xff => format!("\\x{c:02x}"),
        0x100..=0xffff => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    }
}

fn str_encode(py: Python, e: &PyUnicodeError) -> PyResult<Py<PyStr>> {
    let Some(object) = e.object.get() else { return Ok(PyStr::empty(py)) };
    let (encoding, reason) = (text(py, &e.encoding)?, text(py, &e.reason)?);
    let Some(s) = object.downcast::<PyStr>() else {
        return Err(raise!(py, TypeError, "object attribute must be a string"));
    };
    let (start, end) = e.range(s.len());
    if end == start + 1 && start < s.len() {
        let c = escaped(s.char_at(start));
        return PyStr::new(
            py,
            &format!("'{encoding}' codec can't encode character '{c}' in position {start}: {reason}"),
        );
    }
    PyStr::new(
        py,
        &format!("'{encoding}' codec can't encode characters in position {start}-{}: {reason}", end as isize - 1),
    )
}

fn str_decode(py: Python, e: &PyUnicodeError) -> PyResult<Py<PyStr>> {
    let Some(object) = e.object.get() else { return Ok(PyStr::empty(py)) };
    let (encoding, reason) = (text(py, &e.encoding)?, text(py, &e.reason)?);
    let Some(b) = object.downcast::<PyBytes>() else {
        return Err(raise!(py, TypeError, "object attribute must be a bytes"));
    };
    let (start, end) = e.range(b.len());
    if end == start + 1 && start < b.len() {
        let c = b.as_slice()[start];
        return PyStr::new(
            py,
            &format!("'{encoding}' codec can't decode byte 0x{c:02x} in position {start}: {reason}"),
        );
    }
    PyStr::new(py, &format!("'{encoding}' codec can't decode bytes in position {start}-{}: {reason}", end as isize - 1))
}

fn str_translate(py: Python, e: &PyUnicodeError) -> PyResult<Py<PyStr>> {
    let Some(object) = e.object.get() else { return Ok(PyStr::empty(py)) };
    let reason = text(py, &e.reason)?;
    let Some(s) = object.downcast::<PyStr>() else {
        return Err(raise!(py, TypeError, "object attribute must be a string"));
    };
    let (start, end) = e.range(s.len());
    if end == start + 1 && start < s.len() {
        let c = escaped(s.char_at(start));
        return PyStr::new(py, &format!("can't translate character '{c}' in position {start}: {reason}"));
    }
    PyStr::new(py, &format!("can't translate characters in position {start}-{}: {reason}", end as isize - 1))
}

impl PyUnicodeError {
    /// The fields of an instance of one of the three classes.
    pub fn of(exc: &PyObject) -> Option<&PyUnicodeError> {
        let ty = exc.ty();
        if ty.is_subtype(super::UnicodeEncodeError())
            || ty.is_subtype(super::UnicodeDecodeError())
            || ty.is_subtype(super::UnicodeTranslateError())
        {
            // SAFETY: just checked; one layout.
            Some(unsafe { &*(exc.as_ptr() as *const PyUnicodeError) })
        } else {
            None
        }
    }

    /// Start and end, put within an object of `len` items as the accessors of the C API do.
    pub fn range(&self, len: usize) -> (usize, usize) {
        let len = len as isize;
        let start = self.start.get().clamp(0, (len - 1).max(0));
        let end = self.end.get().max(1).min(len).max(start);
        (start as usize, end as usize)
    }
}

/// UnicodeEncodeError.
#[cold]
pub fn raise_unicode_encode_error(
    py: Python,
    encoding: &str,
    object: &PyStr,
    start: usize,
    end: usize,
    reason: &str,
) -> Raised {
    let make = || -> PyResult {
        let encoding = PyStr::new(py, encoding)?;
        let (s, e) = (PyLong::from_usize(py, start)?, PyLong::from_usize(py, end)?);
        let reason = PyStr::new(py, reason)?;
        let args: [&PyObject; 5] = [&encoding, object, s.as_object(), e.as_object(), &reason];
        super::UnicodeEncodeError().call(py, &args)
    };
    match make() {
        Ok(exc) => err::raise_exception(py, exc),
        Err(raised) => raised,
    }
}

/// UnicodeDecodeError for bytes `start..end` of `object`.
#[cold]
pub fn raise_unicode_decode_error(
    py: Python,
    encoding: &str,
    object: &[u8],
    start: usize,
    end: usize,
    reason: &str,
) -> Raised {
    let make = || -> PyResult {
        let encoding = PyStr::new(py, encoding)?;
        let object = PyBytes::new(py, object)?;
        let (s, e) = (PyLong::from_usize(py, start)?, PyLong::from_usize(py, end)?);
        let reason = PyStr::new(py, reason)?;
        let args: [&PyObject; 5] = [&encoding, object.as_object(), s.as_object(), e.as_object(), &reason];
        super::UnicodeDecodeError().call(py, &args)
    };
    match make() {
        Ok(exc) => err::raise_exception(py, exc),
        Err(raised) => raised,
    }
}

/// UnicodeTranslateError.
#[cold]
pub fn raise_unicode_translate_error(py: Python, object: &PyStr, start: usize, end: usize, reason: &str) -> Raised {
    let make = || -> PyResult {
        let (s, e) = (PyLong::from_usize(py, start)?, PyLong::from_usize(py, end)?);
        let reason = PyStr::new(py, reason)?;
        let args: [&PyObject; 4] = [object, s.as_object(), e.as_object(), &reason];
        super::UnicodeTranslateError().call(py, &args)
    };
    match make() {
        Ok(exc) => err::raise_exception(py, exc),
        Err(raised) => raised,
    }
}
