//! `bytes(…)`: of text, counts, buffers, iterables and objects with `__bytes__`.

use super::{PyBytes, PyBytes_Type};
use crate::abstracts::{buffer, buffer::Buffer, number, sequence};
use crate::{Py, PyObject, PyResult, PyStr, Python, codecs, err, exceptions, id, raise};

/// The contents of a buffer of any shape.
pub(crate) fn buffer_contents(py: Python, obj: &PyObject) -> PyResult<Vec<u8>> {
    let view = Buffer::get(py, obj, buffer::FULL_RO)?;
    // SAFETY: the view is alive until the end of the function.
    Ok(unsafe { view.view().to_vec(b'C') })
}

/// The items of an iterable as bytes; `what` is the range's subject in the error: "bytes" or "byte".
pub(crate) fn iterable_contents(py: Python, obj: &PyObject, what: &str) -> PyResult<Vec<u8>> {
    let hint = obj.length_hint(py, 64)?;
    let mut out = Vec::new();
    if out.try_reserve(hint.min(1 << 30)).is_err() {
        return Err(err::no_memory(py));
    }
    obj.iterate(py, |item| {
        let n = number::as_ssize(py, &item, None)?;
        match u8::try_from(n) {
            Ok(b) => out.push(b),
            Err(_) => return Err(raise!(py, ValueError, "{what} must be in range(0, 256)")),
        }
        Ok(())
    })?;
    Ok(out)
}

/// The count that an object with `__index__` says; `None` if it has none that works.
pub(crate) fn count(py: Python, source: &PyObject) -> PyResult<Option<usize>> {
    if !sequence::has_index(source) {
        return Ok(None);
    }
    match number::as_ssize(py, source, Some(exceptions::OverflowError())) {
        Ok(n) => match usize::try_from(n) {
            Ok(n) => Ok(Some(n)),
            Err(_) => Err(raise!(py, ValueError, "negative count")),
        },
        Err(_) if err::matches(py, exceptions::TypeError()) => {
            err::clear(py);
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

/// Zeros, or MemoryError.
pub(crate) fn zeros(py: Python, n: usize) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    if out.try_reserve_exact(n).is_err() {
        return Err(err::no_memory(py));
    }
    out.resize(n, 0);
    Ok(out)
}

/// Checks encoding and errors against the source, and encodes a str.
pub(crate) fn encoded(
    py: Python,
    source: Option<&PyObject>,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> PyResult<Option<Py<PyBytes>>> {
    let text = source.and_then(|s| s.downcast::<PyStr>());
    match (text, encoding, errors) {
        (Some(s), Some(_), _) => codecs::encode_str(py, s, encoding, errors).map(Some),
        (Some(_), None, Some(_)) => Err(raise!(py, TypeError, "string argument without an encoding")),
        (None, Some(_), _) => Err(raise!(py, TypeError, "encoding without a string argument")),
        (None, None, Some(_)) => Err(raise!(py, TypeError, "errors without a string argument")),
        (_, None, None) => Ok(None),
    }
}

impl PyBytes {
    /// `bytes(source, encoding, errors)`, exactly bytes.
    pub(crate) fn construct(
        py: Python,
        source: Option<&PyObject>,
        encoding: Option<&str>,
        errors: Option<&str>,
    ) -> PyResult<Py<PyBytes>> {
        if let Some(bytes) = encoded(py, source, encoding, errors)? {
            return Ok(bytes);
        }
        let Some(source) = source else { return PyBytes::empty(py) };
        if let Some(bytes) = source.downcast_exact::<PyBytes>() {
            return Ok(Py::new_ref(bytes));
        }
        if let Some(method) = source.lookup_special(py, id!(py, "__bytes__"))? {
            return method.call0(py)?.downcast_into::<PyBytes>().map_err(|other| {
                let given = other.ty().full_name();
                raise!(py, TypeError, "__bytes__ returned non-bytes (type {given:.200})")
            });
        }
        if source.downcast::<PyStr>().is_some() {
            return Err(raise!(py, TypeError, "string argument without an encoding"));
        }
        if let Some(n) = count(py, source)? {
            return PyBytes::new(py, &zeros(py, n)?);
        }
        PyBytes::from_object(py, source)
    }

    /// The bytes of a buffer or of an iterable of ints (`PyBytes_FromObject`).
    ///
    /// # Errors
    /// TypeError "cannot convert '…' object to bytes", ValueError "bytes must be in range(0, 256)".
    pub fn from_object(py: Python, obj: &PyObject) -> PyResult<Py<PyBytes>> {
        if obj.is_type(&PyBytes_Type) {
            // SAFETY: checked.
            return Ok(Py::new_ref(unsafe { obj.downcast_unchecked::<PyBytes>() }));
        }
        if buffer::check(obj) {
            return PyBytes::new(py, &buffer_contents(py, obj)?);
        }
        if obj.downcast::<PyStr>().is_none() {
            match obj.iter(py) {
                Ok(it) => return PyBytes::new(py, &iterable_contents(py, &it, "bytes")?),
                Err(raised) => {
                    if !err::matches(py, exceptions::TypeError()) {
                        return Err(raised);
                    }
                    err::clear(py);
                }
            }
        }
        let given = obj.ty().full_name();
        Err(raise!(py, TypeError, "cannot convert '{given:.200}' object to bytes"))
    }
}
