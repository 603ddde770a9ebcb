//! `traceback`: layout.

use crate::types::frame::PyFrame;
use crate::{PyLayout, PyObject, Slot};
use core::cell::Cell;

/// `PyTracebackObject`.
#[repr(C)]
pub struct PyTraceback {
    pub ob_base: PyObject,
    pub tb_next: Slot<PyTraceback>,
    pub tb_frame: Slot<PyFrame>,
    pub tb_lasti: Cell<i32>,
    /// -1: to be computed from `tb_lasti`.
    pub tb_lineno: Cell<i32>,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyTraceback {}

impl core::ops::Deref for PyTraceback {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}
