//! `complex`.

use crate::memory::alloc;
use crate::{Py, PyLayout, PyObject, PyResult, Python};

/// `PyComplexObject`.
#[repr(C)]
pub struct PyComplex {
    pub ob_base: PyObject,
    pub real: core::cell::Cell<f64>,
    pub imag: core::cell::Cell<f64>,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyComplex {}

impl core::ops::Deref for PyComplex {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyComplex {
    pub fn new(py: Python, re: f64, im: f64) -> PyResult<Py<PyComplex>> {
        let p = alloc::new(py, &PyComplex_Type, size_of::<PyComplex>())? as *mut PyComplex;
        // SAFETY: just allocated.
        unsafe {
            (*p).real.set(re);
            (*p).imag.set(im);
            Ok(Py::from_owned(p))
        }
    }
}
