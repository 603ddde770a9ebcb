//! Making Python functions.

use taipan_object::types::function::PyFunction;
pub use taipan_object::types::function::builtins_of;
use taipan_object::{Py, PyCode, PyDict, PyResult, PyTuple, Python};

/// A function of `code` with the given globals (`PyFunction_New`).
#[inline]
pub fn new(py: Python, code: &PyCode, globals: &PyDict) -> PyResult<Py<PyFunction>> {
    PyFunction::new(py, code, globals)
}

/// A function for one evaluation: `exec`, a module's body.
pub fn new_for_eval(
    py: Python,
    code: &PyCode,
    globals: &PyDict,
    closure: Option<&PyTuple>,
) -> PyResult<Py<PyFunction>> {
    let f = new(py, code, globals)?;
    f.func_closure.set(closure.map(Py::new_ref));
    Ok(f)
}

/// The function's version for inline caches, given out if need be; 0 if it cannot have one (`_PyFunction_GetVersionForCurrentState`).
pub fn version(py: Python, func: &PyFunction) -> u32 {
    let v = func.func_version.get();
    if v != 0 {
        return v;
    }
    let next = &py.interp().next_func_version;
    let v = next.get();
    if v == 0 {
        return 0;
    }
    next.set(v.wrapping_add(1));
    func.func_version.set(v);
    v
}
