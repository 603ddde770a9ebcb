//! `TypeVar`.

use super::evaluator::{evaluator_of, lazy};
use super::{call_typing, caller_module, no_default, no_subclass, show, union};
use crate::{
    Args, Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass, raise, singletons,
};
use core::cell::Cell;

/// `typevarobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyTypeVar {
    pub ob_base: PyObject,
    name: Slot<PyStr>,
    bound: Slot,
    evaluate_bound: Slot,
    constraints: Slot,
    evaluate_constraints: Slot,
    pub(super) default: Slot,
    pub(super) evaluate_default: Slot,
    covariant: Cell<bool>,
    contravariant: Cell<bool>,
    infer_variance: Cell<bool>,
}

impl PyTypeVar {
    /// What `class C[T: bound]` makes: bound and constraints are evaluators.
    pub fn new(
        py: Python,
        name: &PyStr,
        evaluate_bound: Option<&PyObject>,
        evaluate_constraints: Option<&PyObject>,
    ) -> PyResult<Py<PyTypeVar>> {
        PyTypeVar::alloc_exact(py, |head| PyTypeVar {
            ob_base: head,
            name: Slot::some(Py::new_ref(name)),
            bound: Slot::empty(),
            evaluate_bound: Slot::new(evaluate_bound.map(Py::new_ref)),
            constraints: Slot::empty(),
            evaluate_constraints: Slot::new(evaluate_constraints.map(Py::new_ref)),
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

/// Type variable.
///
/// The preferred way to construct a type variable is via the dedicated syntax for generic functions, classes, and type aliases.
#[pyclass(name = "typing.TypeVar", flags(GC, IMMUTABLETYPE, MANAGED_DICT, MANAGED_WEAKREF))]
impl PyTypeVar {
    #[signature(
        "(name, /, *constraints, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, infer_variance=False)"
    )]
    fn tp_new(
        py: Python,
        _cls: &PyType,
        name: &PyStr,
        constraints: Args<'_>,
        bound: Option<&PyObject>,
        default: Option<&PyObject>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
    ) -> PyResult<Py<PyTypeVar>> {
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
        let given = constraints.as_slice();
        if given.len() == 1 {
            return Err(raise!(py, TypeError, "A single constraint is not allowed"));
        }
        if !given.is_empty() && bound.is_some() {
            return Err(raise!(py, TypeError, "Constraints cannot be combined with bound=..."));
        }
        let constraints = if given.is_empty() { None } else { Some(PyTuple::from_slice(py, given)?.into_object()) };
        let t = PyTypeVar::alloc_exact(py, |head| PyTypeVar {
            ob_base: head,
            name: Slot::some(Py::new_ref(name)),
            bound: Slot::new(bound),
            evaluate_bound: Slot::empty(),
            constraints: Slot::new(constraints),
            evaluate_constraints: Slot::empty(),
            default: Slot::new(default.map(Py::new_ref)),
            evaluate_default: Slot::empty(),
            covariant: Cell::new(covariant),
            contravariant: Cell::new(contravariant),
            infer_variance: Cell::new(infer_variance),
        })?;
        let module = caller_module(py)?;
        if !module.is_none() {
            t.setattr(py, id!(py, "__module__"), &module)?;
        }
        Ok(t)
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
        no_subclass(py, "TypeVar")
    }
    #[method]
    #[signature("(self, arg, /)")]
    fn __typing_subst__(&self, py: Python, arg: &PyObject) -> PyResult {
        call_typing(py, "_typevar_subst", &[self, arg])
    }
    #[method]
    #[signature("(self, alias, args, /)")]
    fn __typing_prepare_subst__(&self, py: Python, alias: &PyObject, args: &PyObject) -> PyResult {
        let params = alias.getattr(py, id!(py, "__parameters__"))?;
        let Some(given) = args.downcast::<PyTuple>() else { return Ok(Py::new_ref(args)) };
        let index = crate::abstracts::sequence::index(py, &params, self)? as usize;
        if index < given.len() {
            return Ok(Py::new_ref(args));
        }
        if index == given.len() {
            let default = lazy(py, &self.default, &self.evaluate_default, no_default())?;
            if default.is(no_default()) {
                return Err(raise!(py, TypeError, "Too few arguments for {}", alias.repr(py)?));
            }
            let mut all: Vec<Py> = (0..given.len()).map(|i| Py::new_ref(given.get(i))).collect();
            all.push(default);
            return Ok(PyTuple::from_vec(py, all)?.into_object());
        }
        Err(raise!(py, TypeError, "Too few arguments for {}", alias.repr(py)?))
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
    fn __name__(&self, py: Python) -> Py<PyStr> {
        self.name_object(py)
    }
    #[getter]
    fn __bound__(&self, py: Python) -> PyResult {
        lazy(py, &self.bound, &self.evaluate_bound, singletons::none())
    }
    #[getter]
    fn __constraints__(&self, py: Python) -> PyResult {
        let empty = PyTuple::empty(py);
        lazy(py, &self.constraints, &self.evaluate_constraints, &empty)
    }
    #[getter]
    fn __default__(&self, py: Python) -> PyResult {
        lazy(py, &self.default, &self.evaluate_default, no_default())
    }
    #[getter]
    fn evaluate_bound(&self, py: Python) -> PyResult {
        evaluator_of(py, &self.bound, &self.evaluate_bound, PyObject::is_none)
    }
    #[getter]
    fn evaluate_constraints(&self, py: Python) -> PyResult {
        evaluator_of(py, &self.constraints, &self.evaluate_constraints, |_| false)
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
