//! Frame objects: made when a program asks for one, or when an exception's traceback needs one.

use taipan_object::types::frame::{InterpreterFrame, PyFrame};
use taipan_object::{Py, PyResult, Python};

/// The frame object that stands for `frame` (`_PyFrame_GetFrameObject`).
pub fn get_or_make(py: Python, frame: &InterpreterFrame) -> PyResult<Py<PyFrame>> {
    PyFrame::of(py, frame)
}
