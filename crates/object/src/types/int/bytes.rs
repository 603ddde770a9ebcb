//! `int.from_bytes`, `int.to_bytes`.

use super::PyLong;
use crate::{Py, PyBytes, PyObject, PyResult, PyStr, Python, raise};

/// Reads the `byteorder` argument: true for little-endian.
pub(super) fn is_little_endian(py: Python, byteorder: &PyStr) -> PyResult<bool> {
    if byteorder.eq_str("little") {
        Ok(true)
    } else if byteorder.eq_str("big") {
        Ok(false)
    } else {
        Err(raise!(py, ValueError, "byteorder must be either 'little' or 'big'"))
    }
}

pub(super) fn from_bytes(py: Python, bytes: &PyObject, little: bool, signed: bool) -> PyResult<Py<PyLong>> {
    let bytes = bytes.bytes(py)?;
    let Some(bytes) = bytes.downcast::<PyBytes>() else {
        return Err(raise!(py, TypeError, "cannot convert '{:.200}' object to bytes", bytes.ty().full_name()));
    };
    if little {
        return PyLong::from_le_bytes(py, bytes.as_slice(), signed);
    }
    let reversed: Vec<u8> = bytes.as_slice().iter().rev().copied().collect();
    PyLong::from_le_bytes(py, &reversed, signed)
}

pub(super) fn to_bytes(py: Python, n: &PyLong, length: isize, little: bool, signed: bool) -> PyResult<Py<PyBytes>> {
    if length < 0 {
        return Err(raise!(py, ValueError, "length argument must be non-negative"));
    }
    if n.is_negative() && !signed {
        return Err(raise!(py, OverflowError, "can't convert negative int to unsigned"));
    }
    // SAFETY: all bytes are written before the object is shown to anyone; cleared before they are lent.
    unsafe {
        let out = PyBytes::alloc_uninit(py, length as usize)?;
        core::ptr::write_bytes(out.data_ptr(), 0, length as usize);
        let slice = core::slice::from_raw_parts_mut(out.data_ptr(), length as usize);
        if !n.to_le_bytes(slice, signed) {
            return Err(raise!(py, OverflowError, "int too big to convert"));
        }
        if !little {
            slice.reverse();
        }
        Ok(out)
    }
}
