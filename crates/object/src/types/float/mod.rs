//! `float`.

use crate::memory::alloc;
use crate::{Py, PyLayout, PyObject, PyResult, Python};

/// `PyFloatObject`.
#[repr(C)]
pub struct PyFloat {
    pub ob_base: PyObject,
    ob_fval: core::cell::Cell<f64>,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyFloat {}

impl core::ops::Deref for PyFloat {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyFloat {
    #[inline(always)]
    pub fn value(&self) -> f64 {
        self.ob_fval.get()
    }

    /// A new float, from the freelist if it can be had.
    #[inline(always)]
    pub fn new(py: Python, v: f64) -> PyResult<Py<PyFloat>> {
        let p = py.interp().freelists.floats.pop() as *mut PyFloat;
        // SAFETY: memory of a float, either from the freelist or new.
        unsafe {
            let p = if p.is_null() {
                alloc::new(py, &PyFloat_Type, size_of::<PyFloat>())? as *mut PyFloat
            } else {
                alloc::init(p as *mut PyObject, &PyFloat_Type);
                p
            };
            (*p).ob_fval.set(v);
            Ok(Py::from_owned(p))
        }
    }

    /// Overwrites the value of a float that only the caller refers to: the interpreter's in-place arithmetic.
    ///
    /// # Safety
    /// The object is an exact float with a count of one, owned by the caller.
    #[inline(always)]
    pub unsafe fn overwrite(&self, v: f64) {
        self.ob_fval.set(v);
    }
}
