//! The declaration of `traceback`.

use super::PyTraceback;
use crate::types::frame::PyFrame;
use crate::{Py, PyClass, PyResult, Python, Slot, pyclass};
use core::cell::Cell;

#[pyclass(
    name = "traceback",
    static_name = PyTraceBack_Type,
    flags(GC),
    members(tb_frame: OBJECT readonly, tb_lasti: INT readonly),
)]
impl PyTraceback {
    #[getter]
    fn tb_next(&self, py: Python) -> PyResult {
        Ok(self.tb_next.get().map_or_else(|| py.none(), Py::into_object))
    }
}

impl PyTraceback {
    /// A new entry in front of `next` (`_PyTraceBack_FromFrame`).
    pub fn new(
        py: Python,
        next: Option<Py<PyTraceback>>,
        frame: Py<PyFrame>,
        lasti: i32,
        lineno: i32,
    ) -> PyResult<Py<PyTraceback>> {
        PyTraceback::alloc_exact(py, |head| PyTraceback {
            ob_base: head,
            tb_next: Slot::new(next),
            tb_frame: Slot::some(frame),
            tb_lasti: Cell::new(lasti),
            tb_lineno: Cell::new(lineno),
        })
    }
}
