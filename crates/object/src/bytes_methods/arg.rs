//! Arguments that are bytes-like objects.

use crate::abstracts::{buffer, buffer::Buffer, number, sequence};
use crate::{PyBytes, PyObject, PyResult, Python, raise};

/// The bytes of a bytes-like object, held as long as the value lives.
pub enum Arg<'a> {
    Bytes(&'a PyBytes),
    Buffer(Buffer),
}

impl<'a> Arg<'a> {
    /// # Errors
    /// TypeError "a bytes-like object is required, not '…'".
    #[inline]
    pub fn get(py: Python, obj: &'a PyObject) -> PyResult<Arg<'a>> {
        match obj.downcast_exact::<PyBytes>() {
            Some(bytes) => Ok(Arg::Bytes(bytes)),
            None => Ok(Arg::Buffer(Buffer::get(py, obj, buffer::SIMPLE)?)),
        }
    }

    /// The bytes.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        match self {
            Arg::Bytes(b) => b.as_slice(),
            Arg::Buffer(b) => b.as_slice(),
        }
    }
}

/// What can be looked for: a byte or bytes.
pub enum Needle<'a> {
    Byte([u8; 1]),
    Bytes(Arg<'a>),
}

impl<'a> Needle<'a> {
    /// # Errors
    /// TypeError "argument should be integer or bytes-like object, not '…'", ValueError "byte must be in range(0, 256)".
    pub fn get(py: Python, obj: &'a PyObject) -> PyResult<Needle<'a>> {
        if obj.downcast_exact::<PyBytes>().is_some() || buffer::check(obj) {
            return Ok(Needle::Bytes(Arg::get(py, obj)?));
        }
        if !sequence::has_index(obj) {
            let given = obj.ty().full_name();
            return Err(raise!(py, TypeError, "argument should be integer or bytes-like object, not '{given:.200}'"));
        }
        let n = number::as_ssize(py, obj, None)?;
        Ok(Needle::Byte([byte(py, n)?]))
    }

    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        match self {
            Needle::Byte(b) => b,
            Needle::Bytes(b) => b.as_slice(),
        }
    }
}

/// A number as a byte.
///
/// # Errors
/// ValueError "byte must be in range(0, 256)".
pub fn byte(py: Python, n: isize) -> PyResult<u8> {
    u8::try_from(n).map_err(|_| raise!(py, ValueError, "byte must be in range(0, 256)"))
}

/// An item of a bytearray (`_getbytevalue`).
pub fn byte_value(py: Python, obj: &PyObject) -> PyResult<u8> {
    byte(py, number::as_ssize(py, obj, None)?)
}
