//! `TypeAliasType`: what `type X = …` makes.

use super::caller_module;
use super::evaluator::{evaluator_of, lazy};
use crate::types::generic_alias;
use crate::{
    Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass, raise, singletons,
};

/// `typealiasobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyTypeAlias {
    pub ob_base: PyObject,
    name: Slot<PyStr>,
    /// A tuple, or nothing.
    type_params: Slot,
    evaluate_value: Slot,
    value: Slot,
    module: Slot,
}

impl PyTypeAlias {
    /// From name, type parameters (a tuple or None) and evaluator.
    pub fn new(py: Python, name: &PyStr, params: &PyObject, evaluate: &PyObject) -> PyResult<Py<PyTypeAlias>> {
        let module = caller_module(py)?;
        PyTypeAlias::alloc_exact(py, |head| PyTypeAlias {
            ob_base: head,
            name: Slot::some(Py::new_ref(name)),
            type_params: Slot::new(if params.is_none() { None } else { Some(Py::new_ref(params)) }),
            evaluate_value: Slot::some(Py::new_ref(evaluate)),
            value: Slot::empty(),
            module: Slot::new(if module.is_none() { None } else { Some(module) }),
        })
    }

    fn params(&self, py: Python) -> Py {
        self.type_params.get().unwrap_or_else(|| PyTuple::empty(py).into_object())
    }
}

/// Type alias.
///
/// Type aliases are created through the type statement.
#[pyclass(name = "typing.TypeAliasType", flags(GC, IMMUTABLETYPE, MANAGED_WEAKREF))]
impl PyTypeAlias {
    #[signature("(name, value, *, type_params=())")]
    fn tp_new(
        py: Python,
        _cls: &PyType,
        name: &PyStr,
        value: &PyObject,
        type_params: Option<&PyObject>,
    ) -> PyResult<Py<PyTypeAlias>> {
        let params = match type_params {
            None => None,
            Some(p) => match p.downcast::<PyTuple>() {
                Some(t) if t.len() == 0 => None,
                Some(_) => Some(Py::new_ref(p)),
                None => return Err(raise!(py, TypeError, "type_params must be a tuple")),
            },
        };
        if let Some(t) = params.as_ref().and_then(|p| p.downcast::<PyTuple>()) {
            let mut default_seen = false;
            for i in 0..t.len() {
                let p = t.get(i);
                let kind = p.ty().full_name();
                if !matches!(kind, "typing.TypeVar" | "typing.ParamSpec" | "typing.TypeVarTuple") {
                    return Err(raise!(py, TypeError, "Expected a type param, got {}", p.repr(py)?));
                }
                let default = p.getattr(py, id!(py, "__default__"))?;
                if default.is(super::no_default()) {
                    if default_seen {
                        return Err(raise!(
                            py,
                            TypeError,
                            "non-default type parameter '{}' follows default type parameter",
                            p.repr(py)?
                        ));
                    }
                } else {
                    default_seen = true;
                }
            }
        }
        let module = caller_module(py)?;
        PyTypeAlias::alloc_exact(py, |head| PyTypeAlias {
            ob_base: head,
            name: Slot::some(Py::new_ref(name)),
            type_params: Slot::new(params),
            evaluate_value: Slot::empty(),
            value: Slot::some(Py::new_ref(value)),
            module: Slot::new(if module.is_none() { None } else { Some(module) }),
        })
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        Ok(self.name.get().unwrap_or_else(|| PyStr::empty(py)))
    }
    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        crate::types::union_::or_types(py, a, b)
    }
    fn mp_subscript(&self, py: Python, args: &PyObject) -> PyResult {
        if self.type_params.is_none() {
            return Err(raise!(py, TypeError, "Only generic type aliases are subscriptable"));
        }
        generic_alias::new(py, self, args)
    }
    fn tp_iter(&self, py: Python) -> PyResult {
        let unpacked = super::call_typing(py, "_unpack", &[self as &PyObject])?;
        PyTuple::from_slice(py, &[&*unpacked])?.iter(py)
    }
    #[method]
    fn __reduce__(&self, py: Python) -> Py<PyStr> {
        self.name.get().unwrap_or_else(|| PyStr::empty(py))
    }
    #[getter]
    fn __name__(&self, py: Python) -> Py<PyStr> {
        self.name.get().unwrap_or_else(|| PyStr::empty(py))
    }
    #[getter]
    fn __type_params__(&self, py: Python) -> Py {
        self.params(py)
    }
    #[getter]
    fn __parameters__(&self, py: Python) -> PyResult {
        let params = self.params(py);
        let Some(t) = params.downcast::<PyTuple>() else { return Ok(params) };
        let mut out = Vec::new();
        for i in 0..t.len() {
            // A TypeVarTuple stands unpacked among parameters.
            if t.get(i).ty().full_name() == "typing.TypeVarTuple" {
                let it = t.get(i).iter(py)?;
                while let Some(v) = it.iter_next(py)? {
                    out.push(v);
                }
            } else {
                out.push(Py::new_ref(t.get(i)));
            }
        }
        Ok(PyTuple::from_vec(py, out)?.into_object())
    }
    #[getter]
    fn __value__(&self, py: Python) -> PyResult {
        lazy(py, &self.value, &self.evaluate_value, singletons::none())
    }
    #[getter]
    fn evaluate_value(&self, py: Python) -> PyResult {
        evaluator_of(py, &self.value, &self.evaluate_value, |_| false)
    }
    #[getter]
    fn __module__(&self, py: Python) -> Py {
        self.module.get().unwrap_or_else(|| py.none())
    }
}
