//! The declaration of `frame`.

use super::PyFrame;
use crate::types::frame::{InterpreterFrame, OWNED_BY_FRAME_OBJECT};
use crate::{Py, PyResult, PyStr, Python, Stop, Trace, Visit, pyclass};

#[pyclass(name = "frame", static_name = PyFrame_Type, flags(GC), itemsize = 8)]
impl PyFrame {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        PyStr::new(py, &format!("<frame at {self:p}>"))
    }
}

impl Trace for PyFrame {
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        self.f_back.trace(visit)?;
        self.f_trace.trace(visit)?;
        self.f_extra_locals.trace(visit)?;
        self.f_locals_cache.trace(visit)?;
        self.f_overwritten_fast_locals.trace(visit)?;
        // SAFETY: the frame it stands for is alive as long as `f_frame` says so.
        match unsafe { self.f_frame.get().as_ref() } {
            Some(frame) if frame.owner.get() == OWNED_BY_FRAME_OBJECT => visit_frame(frame, visit),
            _ => Ok(()),
        }
    }

    fn clear(&self) {
        self.f_trace.clear();
        self.f_extra_locals.clear();
        self.f_locals_cache.clear();
        self.f_overwritten_fast_locals.clear();
    }
}

/// Visits what a frame that is not running holds (`_PyFrame_Traverse`).
pub fn visit_frame(frame: &InterpreterFrame, visit: &mut Visit) -> Result<(), Stop> {
    // SAFETY: every slot below the stack pointer holds a reference, null, or a tagged int.
    unsafe {
        visit.raw(frame.f_locals.get())?;
        let func = frame.f_funcobj.get();
        if func.is_counted() {
            visit.raw(func.as_ptr())?;
        }
        let executable = frame.f_executable.get();
        if executable.is_counted() {
            visit.raw(executable.as_ptr())?;
        }
        let mut p = frame.locals_ptr();
        while p < frame.stackpointer.get() {
            if (*p).is_counted() {
                visit.raw((*p).as_ptr())?;
            }
            p = p.add(1);
        }
    }
    Ok(())
}
