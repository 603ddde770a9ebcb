//! `classmethod`.

use super::staticmethod::{abstract_flag, copy_wrapped_attributes};
use crate::{Py, PyClass, PyDict, PyObject, PyResult, PyStr, PyType, Python, Slot, Trace, id, pyclass, raise};

/// Convert a function to be a class method.
#[derive(Trace)]
#[repr(C)]
pub struct PyClassMethod {
    pub ob_base: PyObject,
    cm_callable: Slot,
    cm_dict: Slot<PyDict>,
}

impl PyClassMethod {
    /// `classmethod(callable)`.
    pub fn new(py: Python, callable: &PyObject) -> PyResult<Py<PyClassMethod>> {
        let this = PyClassMethod::alloc_exact(py, |ob_base: PyObject| PyClassMethod {
            ob_base,
            cm_callable: Slot::some(Py::new_ref(callable)),
            cm_dict: Slot::empty(),
        })?;
        copy_wrapped_attributes(py, &this, callable)?;
        Ok(this)
    }

    fn callable(&self, py: Python) -> PyResult {
        self.cm_callable.get().ok_or_else(|| raise!(py, RuntimeError, "uninitialized classmethod object"))
    }
}

/// Makes a function get the class as first argument when called, whether through the class or an instance of it.
#[pyclass(
    name = "classmethod",
    static_name = PyClassMethod_Type,
    flags(GC, BASETYPE),
    members(cm_callable as "__func__": OBJECT readonly, cm_callable as "__wrapped__": OBJECT readonly),
    dict = cm_dict,
    class_getitem,
)]
impl PyClassMethod {
    fn tp_new(
        py: Python,
        cls: &PyType,
        _args: &crate::PyTuple,
        _kwargs: Option<&PyDict>,
    ) -> PyResult<Py<PyClassMethod>> {
        PyClassMethod::alloc(py, cls, |ob_base: PyObject| PyClassMethod {
            ob_base,
            cm_callable: Slot::empty(),
            cm_dict: Slot::empty(),
        })
    }
    #[signature("(function, /)")]
    fn tp_init(&self, py: Python, function: &PyObject) -> PyResult<()> {
        self.cm_callable.set(Some(Py::new_ref(function)));
        copy_wrapped_attributes(py, self, function)
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let inner = self.callable(py)?.repr(py)?;
        PyStr::new(py, &format!("<classmethod({})>", inner.to_string_lossy()))
    }
    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, ty: Option<&PyObject>) -> PyResult {
        let callable = self.callable(py)?;
        let cls = match (ty, obj) {
            (Some(ty), _) => ty,
            (None, Some(obj)) => obj.ty(),
            (None, None) => crate::singletons::none(),
        };
        callable.bind_method(py, cls)
    }
    #[getter]
    fn __isabstractmethod__(&self, py: Python) -> PyResult<bool> {
        abstract_flag(py, self.cm_callable.get())
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
        super::staticmethod::wrapped_annotation(py, self, self.callable(py)?, id!(py, "__annotations__"))
    }
    #[setter]
    fn set___annotations__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        super::staticmethod::set_wrapped_annotation(py, self, id!(py, "__annotations__"), value)
    }
    #[getter]
    fn __annotate__(&self, py: Python) -> PyResult {
        super::staticmethod::wrapped_annotation(py, self, self.callable(py)?, id!(py, "__annotate__"))
    }
    #[setter]
    fn set___annotate__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        super::staticmethod::set_wrapped_annotation(py, self, id!(py, "__annotate__"), value)
    }
}
