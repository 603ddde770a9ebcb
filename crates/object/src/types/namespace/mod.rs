//! `types.SimpleNamespace`.

use crate::abstracts::object::{PyObject_GenericGetAttr, PyObject_GenericSetAttr};
use crate::{
    CompareOp, Py, PyClass, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, pyclass, raise,
};

/// An object that is nothing but its attributes.
#[derive(Trace)]
#[repr(C)]
pub struct PyNamespace {
    pub ob_base: PyObject,
    ns_dict: Slot<PyDict>,
}

impl PyNamespace {
    /// `_PyNamespace_New`: with the attributes of `dict`.
    pub fn new(py: Python, dict: Option<&PyDict>) -> PyResult<Py<PyNamespace>> {
        let ns_dict = match dict {
            Some(dict) => dict.copy(py)?,
            None => PyDict::new(py)?,
        };
        PyNamespace::alloc_exact(py, |ob_base: PyObject| PyNamespace { ob_base, ns_dict: Slot::some(ns_dict) })
    }

    /// The attributes.
    pub fn dict(&self, py: Python) -> PyResult<Py<PyDict>> {
        match self.ns_dict.get() {
            Some(dict) => Ok(dict),
            None => {
                let dict = PyDict::new(py)?;
                self.ns_dict.set(Some(dict.clone()));
                Ok(dict)
            }
        }
    }
}

fn check_keys(py: Python, dict: &PyDict) -> PyResult<()> {
    if !dict.has_only_string_keys() {
        return Err(raise!(py, TypeError, "keywords must be strings"));
    }
    Ok(())
}

/// A simple attribute-based namespace.
#[pyclass(
    name = "types.SimpleNamespace",
    static_name = _PyNamespace_Type,
    flags(GC, BASETYPE),
    members(ns_dict as "__dict__": OBJECT readonly),
    dict = ns_dict,
    slots(tp_getattro = PyObject_GenericGetAttr, tp_setattro = PyObject_GenericSetAttr),
)]
impl PyNamespace {
    fn tp_new(py: Python, cls: &PyType, _args: &PyTuple, _kwargs: Option<&PyDict>) -> PyResult<Py<PyNamespace>> {
        let dict = PyDict::new(py)?;
        PyNamespace::alloc(py, cls, |ob_base: PyObject| PyNamespace { ob_base, ns_dict: Slot::some(dict) })
    }
    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        let own = self.dict(py)?;
        match args.as_slice() {
            [] => {}
            [source] => {
                let dict = match source.downcast::<PyDict>() {
                    Some(dict) => Py::new_ref(dict),
                    None => {
                        let made = (&crate::types::dict::PyDict_Type as &PyObject).call1(py, source)?;
                        match made.downcast_into::<PyDict>() {
                            Ok(dict) => dict,
                            Err(_) => return Err(crate::err::bad_internal_call(py)),
                        }
                    }
                };
                check_keys(py, &dict)?;
                own.update(py, &dict as &PyObject)?;
            }
            more => {
                let name = self.ty().name();
                return Err(raise!(py, TypeError, "{name} expected at most 1 argument, got {}", more.len()));
            }
        }
        if let Some(kwargs) = kwargs {
            check_keys(py, kwargs)?;
            own.update(py, kwargs)?;
        }
        Ok(())
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let name = if self.is_type(&_PyNamespace_Type) { "namespace" } else { self.ty().name() };
        let Some(_guard) = crate::abstracts::object::ReprGuard::enter(py, self) else {
            return PyStr::new(py, &format!("{name}(...)"));
        };
        let dict = self.dict(py)?;
        let mut parts = Vec::new();
        for key in dict.keys(py)?.to_vec() {
            let Some(key) = key.downcast::<PyStr>().filter(|k| k.len() != 0) else { continue };
            let Some(value) = dict.get_str(py, key)? else { continue };
            let mut part = crate::StrBuilder::new();
            part.push_pystr(key);
            part.push_str("=");
            let shown = value.repr(py)?;
            part.push_pystr(&shown);
            parts.push(part.finish(py)?);
        }
        let mut out = crate::StrBuilder::new();
        out.push_str(name);
        out.push_str("(");
        for (i, part) in parts.iter().enumerate() {
            if i != 0 {
                out.push_str(", ");
            }
            out.push_pystr(part);
        }
        out.push_str(")");
        out.finish(py)
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast::<PyNamespace>() else { return Ok(py.not_implemented()) };
        (&*self.dict(py)? as &PyObject).rich_compare(py, &*other.dict(py)?, op)
    }
    /// Return state information for pickling
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let args = PyTuple::empty(py);
        let dict = self.dict(py)?;
        PyTuple::from_slice(py, &[self.ty() as &PyObject, &args, &dict])
    }
    /// Return a copy of the namespace object with new values for the specified attributes.
    #[method]
    #[signature("(self, /, *args, **kwargs)")]
    fn __replace__(&self, py: Python, args: crate::Args, kwargs: Option<&PyDict>) -> PyResult {
        if args.len() != 0 {
            return Err(raise!(py, TypeError, "__replace__() takes no positional arguments"));
        }
        let copy = (self.ty() as &PyObject).call0(py)?;
        let Some(ns) = copy.downcast::<PyNamespace>() else {
            return Err(raise!(
                py,
                TypeError,
                "expect {} type, but {} returned",
                "SimpleNamespace",
                copy.ty().full_name()
            ));
        };
        let dict = ns.dict(py)?;
        dict.update(py, &self.dict(py)? as &PyObject)?;
        if let Some(kwargs) = kwargs {
            dict.update(py, kwargs)?;
        }
        Ok(copy)
    }
}
