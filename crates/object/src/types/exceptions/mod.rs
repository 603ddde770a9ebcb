//! Exceptions.

use crate::types::traceback::PyTraceback;
use crate::types::tuple::PyTuple;
use crate::types::dict::PyDict;
use crate::{PyLayout, PyObject, Slot};
use core::cell::Cell;

/// `PyBaseExceptionObject`: the head of every exception.
#[repr(C)]
pub struct PyBaseException {
    pub ob_base: PyObject,
    pub dict: Slot<PyDict>,
    pub args: Slot<PyTuple>,
    pub notes: Slot,
    pub traceback: Slot<PyTraceback>,
    pub context: Slot,
    pub cause: Slot,
    pub suppress_context: Cell<i8>,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyBaseException {}

impl core::ops::Deref for PyBaseException {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}
