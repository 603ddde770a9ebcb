//! `types.UnionType`: `X | Y` (PEP 604).

use crate::typeobj::PyTypeObject;
use crate::{PyObject, PyResult, Python, raise};

/// The type of unions, under its C name.
#[unsafe(no_mangle)]
pub static _PyUnion_Type: PyTypeObject = PyTypeObject::empty(c"typing.Union", size_of::<PyObject>());

/// `a | b` of types and their like.
///
/// # Errors
/// NotImplementedError: unions are not there yet.
pub fn or_types(py: Python, _a: &PyObject, _b: &PyObject) -> PyResult {
    Err(raise!(py, NotImplementedError, "types.UnionType is not there yet"))
}
