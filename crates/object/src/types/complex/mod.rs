//! `complex`.

pub mod arith;
mod class;
pub mod parse;

pub use class::PyComplex_Type;

use crate::memory::alloc;
use crate::{Py, PyLayout, PyObject, PyResult, Python, err, exceptions, id, raise};

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
    /// A new complex number, from the freelist if it can be had.
    pub fn new(py: Python, re: f64, im: f64) -> PyResult<Py<PyComplex>> {
        let p = py.interp().freelists.complexes.pop() as *mut PyComplex;
        // SAFETY: memory of a complex number, either from the freelist or new.
        unsafe {
            let p = if p.is_null() {
                alloc::new(py, &PyComplex_Type, size_of::<PyComplex>())? as *mut PyComplex
            } else {
                alloc::init(p as *mut PyObject, &PyComplex_Type);
                p
            };
            (*p).real.set(re);
            (*p).imag.set(im);
            Ok(Py::from_owned(p))
        }
    }

    /// Real and imaginary part.
    #[inline]
    pub fn value(&self) -> (f64, f64) {
        (self.real.get(), self.imag.get())
    }
}

/// What `obj.__complex__()` gives; `None` if there is no such method (`try_complex_special_method`).
///
/// # Errors
/// TypeError "__complex__ returned non-complex (type …)".
pub fn by_special_method(py: Python, obj: &PyObject) -> PyResult<Option<Py<PyComplex>>> {
    let Some(method) = obj.lookup_special(py, id!(py, "__complex__"))? else { return Ok(None) };
    let result = method.call0(py)?;
    let exact = result.is_type(&PyComplex_Type);
    match result.downcast_into::<PyComplex>() {
        Ok(c) => {
            if !exact {
                let message = format!(
                    "__complex__ returned non-complex (type {:.200}).  The ability to return an instance of a strict \
                     subclass of complex is deprecated, and may be removed in a future version of Python.",
                    c.as_object().ty().full_name()
                );
                err::warn(py, exceptions::DeprecationWarning(), &message, 1)?;
            }
            Ok(Some(c))
        }
        Err(other) => {
            Err(raise!(py, TypeError, "__complex__ returned non-complex (type {:.200})", other.ty().full_name()))
        }
    }
}

/// Any number as a complex value: `__complex__`, `__float__` or `__index__` is asked (`PyComplex_AsCComplex`).
pub fn to_value(py: Python, obj: &PyObject) -> PyResult<(f64, f64)> {
    if let Some(c) = obj.downcast::<PyComplex>() {
        return Ok(c.value());
    }
    match by_special_method(py, obj)? {
        Some(c) => Ok(c.value()),
        None => Ok((crate::declare::convert::real_number(py, obj)?, 0.0)),
    }
}
