//! `ParamSpec` and its `args` and `kwargs`.

use super::evaluator::{evaluator_of, lazy};
use super::{call_typing, caller_module, no_default, no_subclass, show, union};
use crate::{
    CompareOp, Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass, raise,
    singletons,
};
use core::cell::Cell;

macro_rules! component {
    ($rust:ident, $python:literal, $suffix:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Trace)]
        #[repr(C)]
        pub struct $rust {
            pub ob_base: PyObject,
            origin: Slot,
        }

        #[doc = $doc]
        #[pyclass(name = $python, flags(GC, IMMUTABLETYPE, MANAGED_WEAKREF), members(origin as "__origin__": OBJECT readonly))]
        impl $rust {
            #[signature("(origin)")]
            fn tp_new(py: Python, _cls: &PyType, origin: &PyObject) -> PyResult<Py<$rust>> {
                $rust::alloc_exact(py, |head| $rust { ob_base: head, origin: Slot::some(Py::new_ref(origin)) })
            }
            fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
                let origin = self.origin.get().unwrap_or_else(|| py.none());
                match origin.downcast_exact::<PyParamSpec>() {
                    Some(p) => PyStr::new(py, &format!("{}{}", p.name_object(py), $suffix)),
                    None => PyStr::new(py, &format!("{}{}", origin.repr(py)?, $suffix)),
                }
            }
            fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
                let Some(o) = other.downcast_exact::<$rust>() else { return Ok(py.not_implemented()) };
                let (a, b) = (
                    self.origin.get().unwrap_or_else(|| py.none()),
                    o.origin.get().unwrap_or_else(|| py.none()),
                );
                match op {
                    CompareOp::Eq | CompareOp::Ne => a.rich_compare(py, &b, op),
                    _ => Ok(py.not_implemented()),
                }
            }
            fn tp_hash(&self, py: Python) -> PyResult<isize> {
                self.origin.get().unwrap_or_else(|| py.none()).hash(py)
            }
            #[method]
            #[signature("(self, bases, /)", hidden)]
            fn __mro_entries__(&self, py: Python, bases: &PyObject) -> PyResult<Py<PyTuple>> {
                let _ = bases;
                no_subclass(py, &$python[7..])
            }
        }
    };
}
component!(PyParamSpecArgs, "typing.ParamSpecArgs", ".args", "The args for a ParamSpec object.");
component!(PyParamSpecKwargs, "typing.ParamSpecKwargs", ".kwargs", "The kwargs for a ParamSpec object.");

/// `paramspecobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyParamSpec {
    pub ob_base: PyObject,
    name: Slot<PyStr>,
    bound: Slot,
    pub(super) default: Slot,
    pub(super) evaluate_default: Slot,
    covariant: Cell<bool>,
    contravariant: Cell<bool>,
    infer_variance: Cell<bool>,
}

impl PyParamSpec {
    /// What `class C[**P]` makes.
    pub fn new(py: Python, name: &PyStr) -> PyResult<Py<PyParamSpec>> {
        PyParamSpec::alloc_exact(py, |head| PyParamSpec {
            ob_base: head,
            name: Slot::some(Py::new_ref(name)),
            bound: Slot::empty(),
            default: Slot::empty(),
            evaluate_default: Slot::empty(),
            covariant: Cell::new(false),
            contravariant: Cell::new(false),
            infer_variance: Cell::new(true),
        })
    }

    fn name_object(&self, py: Python) -> Py<PyStr> {
        self.name.get().unwrap_or_else(|| PyStr::empty(py))
    }
}

/// Parameter specification variable.
#[pyclass(name = "typing.ParamSpec", flags(GC, IMMUTABLETYPE, MANAGED_DICT, MANAGED_WEAKREF))]
impl PyParamSpec {
    #[signature(
        "(name, /, *, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, infer_variance=False)"
    )]
    fn tp_new(
        py: Python,
        _cls: &PyType,
        name: &PyStr,
        bound: Option<&PyObject>,
        default: Option<&PyObject>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
    ) -> PyResult<Py<PyParamSpec>> {
        if covariant && contravariant {
            return Err(raise!(py, ValueError, "Bivariant types are not supported."));
        }
        if infer_variance && (covariant || contravariant) {
            return Err(raise!(py, ValueError, "Variance cannot be specified with infer_variance."));
        }
        let bound = match bound.filter(|b| !b.is_none()) {
            Some(b) => Some(call_typing(py, "_type_check", &[b, id!(py, "Bound must be a type.")])?),
            None => None,
        };
        let p = PyParamSpec::alloc_exact(py, |head| PyParamSpec {
            ob_base: head,
            name: Slot::some(Py::new_ref(name)),
            bound: Slot::new(bound),
            default: Slot::new(default.map(Py::new_ref)),
            evaluate_default: Slot::empty(),
            covariant: Cell::new(covariant),
            contravariant: Cell::new(contravariant),
            infer_variance: Cell::new(infer_variance),
        })?;
        let module = caller_module(py)?;
        if !module.is_none() {
            p.setattr(py, id!(py, "__module__"), &module)?;
        }
        Ok(p)
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let name = self.name_object(py);
        show(py, &name, self.infer_variance.get(), self.covariant.get(), self.contravariant.get())
    }
    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        union(py, a, b)
    }
    #[method]
    #[signature("(self, bases, /)", hidden)]
    fn __mro_entries__(&self, py: Python, bases: &PyObject) -> PyResult<Py<PyTuple>> {
        let _ = bases;
        no_subclass(py, "ParamSpec")
    }
    #[method]
    #[signature("(self, arg, /)")]
    fn __typing_subst__(&self, py: Python, arg: &PyObject) -> PyResult {
        call_typing(py, "_paramspec_subst", &[self, arg])
    }
    #[method]
    #[signature("(self, alias, args, /)")]
    fn __typing_prepare_subst__(&self, py: Python, alias: &PyObject, args: &PyObject) -> PyResult {
        call_typing(py, "_paramspec_prepare_subst", &[self, alias, args])
    }
    #[method]
    fn __reduce__(&self, py: Python) -> Py<PyStr> {
        self.name_object(py)
    }
    #[method]
    fn has_default(&self, _py: Python) -> bool {
        !self.evaluate_default.is_none() || self.default.get().is_some_and(|d| !d.is(no_default()))
    }
    #[getter]
    fn args(&self, py: Python) -> PyResult<Py<PyParamSpecArgs>> {
        PyParamSpecArgs::alloc_exact(py, |head| PyParamSpecArgs {
            ob_base: head,
            origin: Slot::some(Py::new_ref(self as &PyObject)),
        })
    }
    #[getter]
    fn kwargs(&self, py: Python) -> PyResult<Py<PyParamSpecKwargs>> {
        PyParamSpecKwargs::alloc_exact(py, |head| PyParamSpecKwargs {
            ob_base: head,
            origin: Slot::some(Py::new_ref(self as &PyObject)),
        })
    }
    #[getter]
    fn __name__(&self, py: Python) -> Py<PyStr> {
        self.name_object(py)
    }
    #[getter]
    fn __bound__(&self, _py: Python) -> Py {
        self.bound.get().unwrap_or_else(|| Py::new_ref(singletons::none()))
    }
    #[getter]
    fn __default__(&self, py: Python) -> PyResult {
        lazy(py, &self.default, &self.evaluate_default, no_default())
    }
    #[getter]
    fn evaluate_default(&self, py: Python) -> PyResult {
        evaluator_of(py, &self.default, &self.evaluate_default, |d| d.is(no_default()))
    }
    #[getter]
    fn __covariant__(&self, _py: Python) -> bool {
        self.covariant.get()
    }
    #[getter]
    fn __contravariant__(&self, _py: Python) -> bool {
        self.contravariant.get()
    }
    #[getter]
    fn __infer_variance__(&self, _py: Python) -> bool {
        self.infer_variance.get()
    }
}
