//! The types of `None`, `NotImplemented` and `...`, and their only instances.

use crate::abstracts::hash::pointer_hash;
use crate::err;
use crate::header::PyObject;
use crate::{Py, PyDict, PyLayout, PyResult, PyStr, PyTuple, PyType, Python, id, pyclass, raise, singletons};

/// `None`.
#[unsafe(no_mangle)]
pub static _Py_NoneStruct: PyObject = PyObject::static_head(&raw const _PyNone_Type);
/// `NotImplemented`.
#[unsafe(no_mangle)]
pub static _Py_NotImplementedStruct: PyObject = PyObject::static_head(&raw const _PyNotImplemented_Type);
/// `...`.
#[unsafe(no_mangle)]
pub static _Py_EllipsisObject: PyObject = PyObject::static_head(&raw const PyEllipsis_Type);

macro_rules! unit {
    ($($name:ident),*) => {$(
        /// The single value of its type; nothing but the header.
        #[repr(C)]
        pub struct $name {
            pub ob_base: PyObject,
        }
        // SAFETY: just the header.
        unsafe impl PyLayout for $name {}
    )*};
}
unit!(PyNone, PyNotImplemented, PyEllipsis);

fn no_arguments(py: Python, name: &str, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
    if args.len() != 0 || kwargs.is_some_and(|k| k.len() != 0) {
        return Err(raise!(py, TypeError, "{name} takes no arguments"));
    }
    Ok(())
}

/// The type of the None singleton.
#[pyclass(name = "NoneType", static_name = _PyNone_Type)]
impl PyNone {
    fn tp_new(py: Python, _cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        no_arguments(py, "NoneType", args, kwargs)?;
        Ok(py.none())
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(Py::new_ref(id!(py, "None")))
    }
    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        Ok(0xFCA8_6420)
    }
    fn nb_bool(&self, _py: Python) -> PyResult<bool> {
        Ok(false)
    }
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the object is static, so it is alive; its count was driven to zero by faulty native code.
        unsafe { (*this).ob_base.set_immortal() }
    }
}

/// The type of the NotImplemented singleton.
#[pyclass(name = "NotImplementedType", static_name = _PyNotImplemented_Type)]
impl PyNotImplemented {
    fn tp_new(py: Python, _cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        no_arguments(py, "NotImplementedType", args, kwargs)?;
        Ok(py.not_implemented())
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(Py::new_ref(id!(py, "NotImplemented")))
    }
    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        Ok(pointer_hash(&self.ob_base))
    }
    fn nb_bool(&self, py: Python) -> PyResult<bool> {
        Err(raise!(py, TypeError, "NotImplemented should not be used in a boolean context"))
    }
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(Py::new_ref(id!(py, "NotImplemented")))
    }
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: as for None.
        unsafe { (*this).ob_base.set_immortal() }
    }
}

/// The type of the Ellipsis singleton.
#[pyclass(name = "ellipsis", static_name = PyEllipsis_Type)]
impl PyEllipsis {
    fn tp_new(py: Python, _cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        no_arguments(py, "EllipsisType", args, kwargs)?;
        Ok(py.ellipsis())
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(Py::new_ref(id!(py, "Ellipsis")))
    }
    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        Ok(pointer_hash(&self.ob_base))
    }
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(Py::new_ref(id!(py, "Ellipsis")))
    }
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: as for None.
        unsafe { (*this).ob_base.set_immortal() }
    }
}
