//! Setting `frame.f_lineno`: a debugger lets the frame go on at another line.

use super::PyFrame;
use crate::{PyObject, PyResult, Python, raise};

/// `frame.f_lineno = value`.
pub fn set(py: Python, _f: &PyFrame, value: Option<&PyObject>) -> PyResult<()> {
    if value.is_none() {
        return Err(raise!(py, AttributeError, "cannot delete attribute"));
    }
    Err(raise!(py, NotImplementedError, "jumps by f_lineno are not there yet"))
}
