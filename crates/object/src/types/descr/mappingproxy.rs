//! `mappingproxy`: a read-only view of a mapping, such as a class's `__dict__`.

use crate::abstracts::{mapping, sequence};
use crate::{CompareOp, Py, PyClass, PyDict, PyObject, PyResult, PyStr, PyType, Python, Trace, id, pyclass, raise};

/// The view.
#[derive(Trace)]
#[repr(C)]
pub struct PyMappingProxy {
    pub ob_base: PyObject,
    mapping: Py,
}

impl PyMappingProxy {
    /// `PyDictProxy_New` for a dict.
    pub fn new(py: Python, mapping: &PyDict) -> PyResult<Py<PyMappingProxy>> {
        PyMappingProxy::alloc_exact(py, |ob_base: PyObject| PyMappingProxy {
            ob_base,
            mapping: Py::new_ref(mapping).into_object(),
        })
    }

    /// `PyDictProxy_New`: TypeError for what is not a mapping.
    pub fn from_object(py: Python, mapping: &PyObject) -> PyResult<Py<PyMappingProxy>> {
        check_mapping(py, mapping)?;
        PyMappingProxy::alloc_exact(py, |ob_base: PyObject| PyMappingProxy { ob_base, mapping: Py::new_ref(mapping) })
    }

    /// What is shown.
    pub fn mapping(&self) -> &PyObject {
        &self.mapping
    }
}

/// Lists and tuples have `__getitem__`, but are no mappings.
fn check_mapping(py: Python, obj: &PyObject) -> PyResult<()> {
    let sequence = obj.ty().has_feature(crate::typeobj::flags::LIST_SUBCLASS | crate::typeobj::flags::TUPLE_SUBCLASS);
    if !mapping::check(obj) || sequence {
        return Err(raise!(py, TypeError, "mappingproxy() argument must be a mapping, not {}", obj.ty().full_name()));
    }
    Ok(())
}

/// The mapping behind a proxy, so that an operator's other side cannot get at it through a reflected method.
fn unwrap(obj: &PyObject) -> &PyObject {
    match obj.downcast_exact::<PyMappingProxy>() {
        Some(proxy) => &proxy.mapping,
        None => obj,
    }
}

/// Read-only proxy of a mapping.
#[pyclass(name = "mappingproxy", static_name = PyDictProxy_Type, flags(GC, MAPPING), class_getitem, no_clear)]
impl PyMappingProxy {
    #[signature("(mapping)")]
    fn tp_new(py: Python, cls: &PyType, mapping: &PyObject) -> PyResult<Py<PyMappingProxy>> {
        check_mapping(py, mapping)?;
        PyMappingProxy::alloc(py, cls, |ob_base: PyObject| PyMappingProxy { ob_base, mapping: Py::new_ref(mapping) })
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let inner = self.mapping.repr(py)?;
        PyStr::new(py, &format!("mappingproxy({})", inner.to_string_lossy()))
    }
    fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.mapping.str(py)
    }
    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        self.mapping.hash(py)
    }
    fn tp_iter(&self, py: Python) -> PyResult {
        self.mapping.iter(py)
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        self.mapping.rich_compare(py, unwrap(other), op)
    }
    fn mp_length(&self, py: Python) -> PyResult<isize> {
        self.mapping.len(py)
    }
    fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult {
        self.mapping.get_item(py, key)
    }
    fn sq_contains(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        match self.mapping.downcast_exact::<PyDict>() {
            Some(dict) => dict.contains(py, key),
            None => sequence::contains(py, &self.mapping, key),
        }
    }
    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        crate::abstracts::number::or(py, unwrap(a), unwrap(b))
    }
    fn nb_inplace_or(&self, py: Python, _other: &PyObject) -> PyResult {
        Err(raise!(py, TypeError, "'|=' is not supported by mappingproxy; use '|' instead"))
    }

    /// Return the value for key if it is in the mapping, the default otherwise.
    #[method]
    #[signature("(self, key, default=None, /)")]
    fn get(&self, py: Python, key: &PyObject, default: &PyObject) -> PyResult {
        self.mapping.call_method(py, id!(py, "get"), &[key, default])
    }
    /// The keys of the mapping.
    #[method]
    #[signature("(self, /)")]
    fn keys(&self, py: Python) -> PyResult {
        self.mapping.call_method0(py, id!(py, "keys"))
    }
    /// The values of the mapping.
    #[method]
    #[signature("(self, /)")]
    fn values(&self, py: Python) -> PyResult {
        self.mapping.call_method0(py, id!(py, "values"))
    }
    /// The items of the mapping, as (key, value) pairs.
    #[method]
    #[signature("(self, /)")]
    fn items(&self, py: Python) -> PyResult {
        self.mapping.call_method0(py, id!(py, "items"))
    }
    /// A shallow copy of the mapping.
    #[method]
    #[signature("(self, /)")]
    fn copy(&self, py: Python) -> PyResult {
        self.mapping.call_method0(py, id!(py, "copy"))
    }
    /// Iterate over the keys from the last to the first.
    #[method]
    #[signature("(self, /)")]
    fn __reversed__(&self, py: Python) -> PyResult {
        self.mapping.call_method0(py, id!(py, "__reversed__"))
    }
}
