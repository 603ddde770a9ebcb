//! `bytes`.

mod class;

pub use class::PyBytes_Type;

use crate::memory::alloc;
use crate::{Py, PyLayout, PyResult, PyVarObject, Python};
use core::cell::Cell;

/// `PyBytesObject`: the bytes and a terminating NUL follow the hash.
#[repr(C)]
pub struct PyBytes {
    pub ob_base: PyVarObject,
    ob_shash: Cell<isize>,
    ob_sval: [Cell<u8>; 1],
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyBytes {}

impl core::ops::Deref for PyBytes {
    type Target = PyVarObject;
    #[inline(always)]
    fn deref(&self) -> &PyVarObject {
        &self.ob_base
    }
}

/// Bytes of an empty object, terminator included (`PyBytesObject_SIZE`).
pub const BYTES_HEAD: usize = core::mem::offset_of!(PyBytes, ob_sval) + 1;

impl PyBytes {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ob_base.size() as usize
    }

    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: `ob_size` bytes follow, and never change once the object is shared.
        unsafe { core::slice::from_raw_parts(self.ob_sval.as_ptr() as *const u8, self.len()) }
    }

    /// A new object of `n` uninitialised bytes, terminator written.
    ///
    /// # Safety
    /// The caller writes all bytes (through [`PyBytes::data_ptr`]) before anything else sees the object.
    pub unsafe fn alloc_uninit(py: Python, n: usize) -> PyResult<Py<PyBytes>> {
        if n > isize::MAX as usize - BYTES_HEAD {
            return Err(crate::raise!(py, OverflowError, "byte string is too large"));
        }
        let p = alloc::new_var(py, &PyBytes_Type, BYTES_HEAD + n, n as isize)? as *mut PyBytes;
        // SAFETY: the block is large enough.
        unsafe {
            (*p).ob_shash.set(-1);
            *((&raw mut (*p).ob_sval) as *mut u8).add(n) = 0;
            Ok(Py::from_owned(p))
        }
    }

    #[inline(always)]
    pub fn data_ptr(&self) -> *mut u8 {
        self.ob_sval.as_ptr() as *mut u8
    }

    /// A copy of `data`.
    pub fn new(py: Python, data: &[u8]) -> PyResult<Py<PyBytes>> {
        // SAFETY: filled at once.
        unsafe {
            let b = PyBytes::alloc_uninit(py, data.len())?;
            core::ptr::copy_nonoverlapping(data.as_ptr(), b.data_ptr(), data.len());
            Ok(b)
        }
    }

    /// The cached hash cell, -1 if not computed.
    pub(crate) fn hash_cell(&self) -> &Cell<isize> {
        &self.ob_shash
    }
}
