//! `staticmethod`, and what it shares with `classmethod`.

use crate::{Py, PyClass, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass, raise};

/// A function that is got from the class as it is.
#[derive(Trace)]
#[repr(C)]
pub struct PyStaticMethod {
    pub ob_base: PyObject,
    sm_callable: Slot,
    sm_dict: Slot<PyDict>,
}

/// Copies `__module__`, `__name__`, `__qualname__` and `__doc__` of the wrapped function.
pub(super) fn copy_wrapped_attributes(py: Python, wrapper: &PyObject, wrapped: &PyObject) -> PyResult<()> {
    for name in [id!(py, "__module__"), id!(py, "__name__"), id!(py, "__qualname__"), id!(py, "__doc__")] {
        if let Some(value) = wrapped.getattr_opt(py, name)? {
            wrapper.setattr(py, name, &value)?;
        }
    }
    Ok(())
}

/// The `__isabstractmethod__` of what is wrapped, as a truth value.
pub(super) fn abstract_flag(py: Python, wrapped: Option<Py>) -> PyResult<bool> {
    let Some(wrapped) = wrapped else { return Ok(false) };
    match wrapped.getattr_opt(py, id!(py, "__isabstractmethod__"))? {
        Some(flag) => flag.is_true(py),
        None => Ok(false),
    }
}

/// `__annotations__` or `__annotate__` of the wrapped function, kept in the wrapper's dict from then on.
pub(super) fn wrapped_annotation(py: Python, wrapper: &PyObject, wrapped: Py, name: &PyStr) -> PyResult {
    let dict = wrapper.generic_get_dict(py)?;
    let Some(dict) = dict.downcast::<PyDict>() else { return Err(crate::err::bad_internal_call(py)) };
    if let Some(found) = dict.get_str(py, name)? {
        return Ok(found);
    }
    let value = wrapped.getattr(py, name)?;
    dict.set(py, name, &value)?;
    Ok(value)
}

/// Sets or deletes `__annotations__` or `__annotate__` in the wrapper's dict.
pub(super) fn set_wrapped_annotation(
    py: Python,
    wrapper: &PyObject,
    name: &PyStr,
    value: Option<&PyObject>,
) -> PyResult<()> {
    let dict = wrapper.generic_get_dict(py)?;
    let Some(dict) = dict.downcast::<PyDict>() else { return Err(crate::err::bad_internal_call(py)) };
    match value {
        Some(value) => dict.set(py, name, value),
        None => match dict.pop(py, name)? {
            Some(_) => Ok(()),
            None => Err(raise!(py, AttributeError, "{}", name.to_string_lossy())),
        },
    }
}

impl PyStaticMethod {
    /// `staticmethod(callable)`.
    pub fn new(py: Python, callable: &PyObject) -> PyResult<Py<PyStaticMethod>> {
        let this = PyStaticMethod::alloc_exact(py, |ob_base: PyObject| PyStaticMethod {
            ob_base,
            sm_callable: Slot::some(Py::new_ref(callable)),
            sm_dict: Slot::empty(),
        })?;
        // A type that is being made wraps native functions, whose attributes need types that may not be ready yet.
        if callable.is_type(&crate::types::function::PyFunction_Type) {
            copy_wrapped_attributes(py, &this, callable)?;
        }
        Ok(this)
    }

    fn callable(&self, py: Python) -> PyResult {
        self.sm_callable.get().ok_or_else(|| raise!(py, RuntimeError, "uninitialized staticmethod object"))
    }
}

/// Makes a function get neither the instance nor the class when called through them.
#[pyclass(
    name = "staticmethod",
    static_name = PyStaticMethod_Type,
    flags(GC, BASETYPE),
    members(sm_callable as "__func__": OBJECT readonly, sm_callable as "__wrapped__": OBJECT readonly),
    dict = sm_dict,
    class_getitem,
)]
impl PyStaticMethod {
    fn tp_new(py: Python, cls: &PyType, _args: &PyTuple, _kwargs: Option<&PyDict>) -> PyResult<Py<PyStaticMethod>> {
        PyStaticMethod::alloc(py, cls, |ob_base: PyObject| PyStaticMethod {
            ob_base,
            sm_callable: Slot::empty(),
            sm_dict: Slot::empty(),
        })
    }
    #[signature("(function, /)")]
    fn tp_init(&self, py: Python, function: &PyObject) -> PyResult<()> {
        self.sm_callable.set(Some(Py::new_ref(function)));
        copy_wrapped_attributes(py, self, function)
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let inner = self.callable(py)?.repr(py)?;
        PyStr::new(py, &format!("<staticmethod({})>", inner.to_string_lossy()))
    }
    fn tp_call(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        self.callable(py)?.call_tuple(py, args, kwargs)
    }
    fn tp_descr_get(&self, py: Python, _obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        self.callable(py)
    }
    #[getter]
    fn __isabstractmethod__(&self, py: Python) -> PyResult<bool> {
        abstract_flag(py, self.sm_callable.get())
    }
    #[getter]
    fn __dict__(&self, py: Python) -> PyResult {
        self.generic_get_dict(py)
    }
    #[setter]
    fn set___dict__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        crate::abstracts::object::set_instance_dict(py, self, value)
    }
    #[getter]
    fn __annotations__(&self, py: Python) -> PyResult {
        wrapped_annotation(py, self, self.callable(py)?, id!(py, "__annotations__"))
    }
    #[setter]
    fn set___annotations__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        set_wrapped_annotation(py, self, id!(py, "__annotations__"), value)
    }
    #[getter]
    fn __annotate__(&self, py: Python) -> PyResult {
        wrapped_annotation(py, self, self.callable(py)?, id!(py, "__annotate__"))
    }
    #[setter]
    fn set___annotate__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        set_wrapped_annotation(py, self, id!(py, "__annotate__"), value)
    }
}
