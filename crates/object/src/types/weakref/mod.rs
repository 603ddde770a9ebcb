//! Weak references: layout.

use crate::typeobj::vectorcallfunc;
use crate::{PyLayout, PyObject, Slot};
use core::cell::Cell;

/// `PyWeakReference`: a node in the doubly linked list that starts at the referent's weak list word.
#[repr(C)]
pub struct PyWeakReference {
    pub ob_base: PyObject,
    /// Borrowed; None once the referent is gone.
    pub wr_object: Cell<*const PyObject>,
    pub wr_callback: Slot,
    pub hash: Cell<isize>,
    pub wr_prev: Cell<*mut PyWeakReference>,
    pub wr_next: Cell<*mut PyWeakReference>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyWeakReference {}

impl core::ops::Deref for PyWeakReference {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}
