//! The type `traceback`.

use super::PyTraceback;
use crate::types::frame::PyFrame;
use crate::{Py, PyClass, PyList, PyLong, PyObject, PyResult, PyStr, PyType, Python, Slot, pyclass, raise};
use core::cell::Cell;

/// Create a traceback object.
#[pyclass(
    name = "traceback",
    static_name = PyTraceBack_Type,
    flags(GC),
    members(tb_frame: OBJECT readonly, tb_lasti: INT readonly),
)]
impl PyTraceback {
    #[signature("(tb_next, tb_frame, tb_lasti, tb_lineno)")]
    fn tp_new(
        py: Python,
        cls: &PyType,
        tb_next: &PyObject,
        tb_frame: &PyFrame,
        tb_lasti: i32,
        tb_lineno: i32,
    ) -> PyResult<Py<PyTraceback>> {
        let next = traceback_or_none(py, tb_next, " or None")?;
        let frame = Py::new_ref(tb_frame);
        PyTraceback::alloc(py, cls, |head| PyTraceback {
            ob_base: head,
            tb_next: Slot::new(next),
            tb_frame: Slot::some(frame),
            tb_lasti: Cell::new(tb_lasti),
            tb_lineno: Cell::new(tb_lineno),
        })
    }

    #[method]
    fn __dir__(&self, py: Python) -> PyResult<Py<PyList>> {
        let list = PyList::new(py)?;
        for name in ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"] {
            let name = PyStr::intern(py, name)?;
            list.append(py, &name)?;
        }
        Ok(list)
    }

    #[getter]
    fn tb_next(&self) -> Option<Py<PyTraceback>> {
        self.tb_next.get()
    }
    #[setter]
    fn set_tb_next(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let Some(value) = value else { return Err(raise!(py, TypeError, "can't delete tb_next attribute")) };
        let next = traceback_or_none(py, value, "")?;
        let mut cursor = next.clone();
        while let Some(tb) = cursor {
            if tb.is(self) {
                return Err(raise!(py, ValueError, "traceback loop detected"));
            }
            cursor = tb.tb_next.get();
        }
        self.tb_next.set(next);
        Ok(())
    }

    /// Computed from `tb_lasti` when it is asked for.
    #[getter]
    fn tb_lineno(&self, py: Python) -> PyResult {
        match self.line() {
            -1 => Ok(py.none()),
            line => Ok(PyLong::from_i64(py, line.into())?.into_object()),
        }
    }
}

fn traceback_or_none(py: Python, obj: &PyObject, or_none: &str) -> PyResult<Option<Py<PyTraceback>>> {
    if obj.is_none() {
        return Ok(None);
    }
    match obj.downcast::<PyTraceback>() {
        Some(tb) => Ok(Some(Py::new_ref(tb))),
        None => Err(raise!(py, TypeError, "expected traceback object{or_none}, got '{}'", obj.ty().full_name())),
    }
}

impl PyTraceback {
    /// A new entry in front of `next` (`_PyTraceBack_FromFrame`). A line of -1 is computed when it is asked for.
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

    /// The line; -1 if there is none.
    pub fn line(&self) -> i32 {
        if self.tb_lineno.get() != -1 {
            return self.tb_lineno.get();
        }
        match self.tb_frame.get() {
            Some(f) => {
                let code = f.frame().code();
                match self.tb_lasti.get() {
                    lasti if lasti < 0 => code.co_firstlineno.get(),
                    lasti => code.line_of(lasti as usize / 2),
                }
            }
            None => -1,
        }
    }
}
