//! `bytearray`.

use crate::{PyLayout, PyObject, PyVarObject};
use core::cell::Cell;

/// `PyByteArrayObject`.
#[repr(C)]
pub struct PyByteArray {
    pub ob_base: PyVarObject,
    pub ob_alloc: Cell<isize>,
    pub ob_bytes: Cell<*mut u8>,
    pub ob_start: Cell<*mut u8>,
    pub ob_exports: Cell<isize>,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyByteArray {}

impl core::ops::Deref for PyByteArray {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base.ob_base
    }
}
