//! `string.templatelib`'s `Template` and `Interpolation` (PEP 750).

use crate::{PyObject, PyResult, Python, raise};

/// A template of alternating strings and interpolations.
///
/// # Errors
/// NotImplementedError: template strings are not there yet.
pub fn new_template(py: Python, _strings: &PyObject, _interpolations: &PyObject) -> PyResult {
    Err(raise!(py, NotImplementedError, "template strings are not there yet"))
}

/// An interpolation.
///
/// # Errors
/// NotImplementedError: template strings are not there yet.
pub fn new_interpolation(
    py: Python,
    _value: &PyObject,
    _text: &PyObject,
    _conversion: u32,
    _format_spec: &PyObject,
) -> PyResult {
    Err(raise!(py, NotImplementedError, "template strings are not there yet"))
}
