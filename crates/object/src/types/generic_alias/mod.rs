//! `types.GenericAlias` (PEP 585).

use crate::{PyObject, PyResult, Python, raise};

/// `origin[args]` as an alias.
///
/// # Errors
/// NotImplementedError: the type is not there yet.
pub fn new(py: Python, origin: &PyObject, _args: &PyObject) -> PyResult {
    Err(raise!(py, NotImplementedError, "types.GenericAlias is not there yet (of {})", origin.ty().name()))
}
