//! `_weakref`: weak references and proxies; the types are the object crate's.

use taipan_object::types::weakref::{self, _PyWeakref_CallableProxyType, _PyWeakref_ProxyType, _PyWeakref_RefType};
use taipan_object::{
    Py, PyDict, PyList, PyModule, PyObject, PyResult, Python, err, exceptions, pyfunction, pymodule, raise,
};

/// Return the number of weak references to 'object'.
#[pyfunction]
fn getweakrefcount(_py: Python, object: &PyObject) -> isize {
    if weakref::supports(object.ty()) { weakref::count(object) as isize } else { 0 }
}

/// Return a list of all weak reference objects pointing to 'object'.
#[pyfunction]
fn getweakrefs(py: Python, object: &PyObject) -> PyResult<Py<PyList>> {
    let refs = if weakref::supports(object.ty()) { weakref::references(object) } else { Vec::new() };
    PyList::from_vec(py, refs)
}

/// Create a proxy object that weakly references 'object'.
///
/// 'callback', if given, is called with a reference to the
/// proxy when 'object' is about to be finalized.
#[pyfunction]
#[signature("(object, callback=None, /)")]
fn proxy(py: Python, object: &PyObject, callback: Option<&PyObject>) -> PyResult {
    Ok(weakref::new_proxy(py, object, callback)?.into_object())
}

/// Atomically remove key from dict if it points to a dead weakref.
#[pyfunction]
fn _remove_dead_weakref(py: Python, dct: &PyDict, key: &PyObject) -> PyResult<()> {
    let result = dct.del_if(py, key, |value| {
        if !weakref::is_reference(value) {
            return Err(raise!(py, TypeError, "not a weakref"));
        }
        Ok(weakref::get_ref(value).is_none())
    });
    match result {
        Ok(_) => Ok(()),
        // The item may be gone already, which is as good.
        Err(_) if err::matches(py, exceptions::KeyError()) => {
            err::clear(py);
            Ok(())
        }
        Err(raised) => Err(raised),
    }
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    module.add(py, "ref", Py::new_ref(&_PyWeakref_RefType as &PyObject))?;
    module.add(py, "ReferenceType", Py::new_ref(&_PyWeakref_RefType as &PyObject))?;
    module.add(py, "ProxyType", Py::new_ref(&_PyWeakref_ProxyType as &PyObject))?;
    module.add(py, "CallableProxyType", Py::new_ref(&_PyWeakref_CallableProxyType as &PyObject))
}

pymodule! {
    name: "_weakref",
    doc: "Weak-reference support module.",
    functions: [getweakrefcount, getweakrefs, proxy, _remove_dead_weakref],
    exec: exec,
}
