//! `TypeVarTuple`.

use super::evaluator::{evaluator_of, lazy};
use super::{call_typing, caller_module, no_default, no_subclass};
use crate::{Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass, raise};

/// `typevartupleobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyTypeVarTuple {
    pub ob_base: PyObject,
    name: Slot<PyStr>,
    pub(super) default: Slot,
    pub(super) evaluate_default: Slot,
}

impl PyTypeVarTuple {
    /// What `class C[*Ts]` makes.
    pub fn new(py: Python, name: &PyStr, default: Option<&PyObject>) -> PyResult<Py<PyTypeVarTuple>> {
        PyTypeVarTuple::alloc_exact(py, |head| PyTypeVarTuple {
            ob_base: head,
            name: Slot::some(Py::new_ref(name)),
            default: Slot::new(default.map(Py::new_ref)),
            evaluate_default: Slot::empty(),
        })
    }
}

/// Type variable tuple: a specialized form of type variable that enables variadic generics.
#[pyclass(name = "typing.TypeVarTuple", flags(GC, IMMUTABLETYPE, MANAGED_DICT, MANAGED_WEAKREF))]
impl PyTypeVarTuple {
    #[signature("(name, /, *, default=<unrepresentable>)")]
    fn tp_new(py: Python, _cls: &PyType, name: &PyStr, default: Option<&PyObject>) -> PyResult<Py<PyTypeVarTuple>> {
        let t = PyTypeVarTuple::new(py, name, default)?;
        let module = caller_module(py)?;
        if !module.is_none() {
            t.setattr(py, id!(py, "__module__"), &module)?;
        }
        Ok(t)
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(self.name.get().unwrap_or_else(|| PyStr::empty(py)))
    }
    /// Iteration gives the unpacked form, once.
    fn tp_iter(&self, py: Python) -> PyResult {
        let unpacked = call_typing(py, "_unpack", &[self as &PyObject])?;
        PyTuple::from_slice(py, &[&*unpacked])?.iter(py)
    }
    #[method]
    #[signature("(self, bases, /)", hidden)]
    fn __mro_entries__(&self, py: Python, bases: &PyObject) -> PyResult<Py<PyTuple>> {
        let _ = bases;
        no_subclass(py, "TypeVarTuple")
    }
    #[method]
    #[signature("(self, arg, /)")]
    fn __typing_subst__(&self, py: Python, arg: &PyObject) -> PyResult {
        let _ = arg;
        Err(raise!(py, TypeError, "Substitution of bare TypeVarTuple is not supported"))
    }
    #[method]
    #[signature("(self, alias, args, /)")]
    fn __typing_prepare_subst__(&self, py: Python, alias: &PyObject, args: &PyObject) -> PyResult {
        call_typing(py, "_typevartuple_prepare_subst", &[self, alias, args])
    }
    #[method]
    fn __reduce__(&self, py: Python) -> Py<PyStr> {
        self.name.get().unwrap_or_else(|| PyStr::empty(py))
    }
    #[method]
    fn has_default(&self, _py: Python) -> bool {
        !self.evaluate_default.is_none() || self.default.get().is_some_and(|d| !d.is(no_default()))
    }
    #[getter]
    fn __name__(&self, py: Python) -> Py<PyStr> {
        self.name.get().unwrap_or_else(|| PyStr::empty(py))
    }
    #[getter]
    fn __default__(&self, py: Python) -> PyResult {
        lazy(py, &self.default, &self.evaluate_default, no_default())
    }
    #[getter]
    fn evaluate_default(&self, py: Python) -> PyResult {
        evaluator_of(py, &self.default, &self.evaluate_default, |d| d.is(no_default()))
    }
}
