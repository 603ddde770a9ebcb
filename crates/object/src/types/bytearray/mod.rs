//! `bytearray`.

mod class;

pub use class::PyByteArray_Type;

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

impl PyByteArray {
    /// Runs `f` on the contents; it must not run Python code.
    pub fn with_slice<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        let n = self.ob_base.size() as usize;
        if n == 0 {
            return f(&[]);
        }
        // SAFETY: `ob_size` bytes begin at `ob_start`; nothing changes them while `f` runs.
        f(unsafe { core::slice::from_raw_parts(self.ob_start.get(), n) })
    }
}
