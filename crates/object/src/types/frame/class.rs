//! The type `frame`.

use super::{
    InterpreterFrame, OWNED_BY_FRAME_OBJECT, OWNED_BY_GENERATOR, OWNED_BY_THREAD, PyFrame, StackRef, lineno, locals,
};
use crate::memory::{alloc, gc, trashcan};
use crate::types::generator::{PyGenerator, run, state};
use crate::{Py, PyLong, PyObject, PyResult, PyStr, Python, Stop, Trace, Visit, pyclass, raise};
use core::mem::offset_of;

/// The generator that a frame with `OWNED_BY_GENERATOR` is the last field of.
unsafe fn generator_of(frame: &InterpreterFrame) -> &PyGenerator {
    // SAFETY: by the caller.
    unsafe {
        &*((frame as *const InterpreterFrame as *const u8).sub(offset_of!(PyGenerator, iframe)) as *const PyGenerator)
    }
}

/// `tp_basicsize`, as CPython has it.
const FRAME_HEAD: usize = offset_of!(PyFrame, f_frame_data) + offset_of!(InterpreterFrame, localsplus);

impl PyFrame {
    /// The frame that the object stands for.
    #[inline]
    pub fn frame(&self) -> &InterpreterFrame {
        // SAFETY: a frame that ends hands its contents over to the object, if someone else has that.
        unsafe { &*self.f_frame.get() }
    }

    /// The line being executed: the one that a tracing function sees or has set, else the instruction's; -1 if it has none
    /// (`PyFrame_GetLineNumber`).
    pub fn line_number(&self) -> i32 {
        match self.f_lineno.get() {
            0 => self.frame().line_number(),
            line => line,
        }
    }

    /// The frame that called this one (`PyFrame_GetBack`).
    pub fn back(&self, py: Python) -> PyResult<Option<Py<PyFrame>>> {
        if let Some(back) = self.f_back.get() {
            return Ok(Some(back));
        }
        let previous = InterpreterFrame::first_complete(self.frame().previous.get());
        // SAFETY: null or a frame that is running.
        match unsafe { previous.as_ref() } {
            Some(frame) => PyFrame::of(py, frame).map(Some),
            None => Ok(None),
        }
    }

    /// Empties what a frame object of its own holds.
    unsafe fn clear_own(frame: &InterpreterFrame) {
        // SAFETY: every slot below the stack pointer holds a reference or null; the pointer is lowered before each is
        // given back, so that nobody sees a dead one.
        unsafe {
            let floor = frame.locals_ptr();
            while frame.stackpointer.get() > floor {
                let top = frame.stackpointer.get().sub(1);
                frame.stackpointer.set(top);
                (*top).xclose();
            }
            let locals = frame.f_locals.replace(core::ptr::null_mut());
            drop(Py::<PyObject>::from_owned_nullable(locals));
        }
    }
}

#[pyclass(
    name = "frame",
    static_name = PyFrame_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    basicsize = FRAME_HEAD,
    itemsize = 8,
    members(f_trace_lines: BOOL),
)]
impl PyFrame {
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the object's last count is gone. The frame is looked at only if it is in the object itself.
        unsafe {
            let f = &*this;
            if gc::is_tracked(f) {
                gc::untrack(f);
            }
            if !trashcan::begin(this as *mut PyObject) {
                return;
            }
            let own = (&raw const f.f_frame_data) as *mut InterpreterFrame;
            if f.f_frame.get() == own && (*own).owner.get() == OWNED_BY_FRAME_OBJECT {
                let code = (*own).f_executable.replace(StackRef::NULL);
                (*own).f_funcobj.replace(StackRef::NULL).xclose();
                PyFrame::clear_own(&*own);
                code.xclose();
            }
            f.f_back.clear();
            f.f_trace.clear();
            f.f_extra_locals.clear();
            f.f_locals_cache.clear();
            f.f_overwritten_fast_locals.clear();
            alloc::free(this as *mut PyObject);
            trashcan::end();
        }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let code = self.frame().code();
        let file = match code.co_filename.get() {
            Some(f) => f.repr(py)?,
            None => PyStr::empty(py),
        };
        let mut text = crate::StrBuilder::new();
        text.push_str(&format!("<frame at {self:p}, file "));
        text.push_pystr(&file);
        text.push_str(&format!(", line {}, code ", self.line_number()));
        if let Some(name) = code.co_name.get() {
            text.push_pystr(&name);
        }
        text.push_str(">");
        text.finish(py)
    }

    /// Let go of everything that a finished frame refers to.
    #[method]
    fn clear(&self, py: Python) -> PyResult<()> {
        let frame = self.frame();
        match frame.owner.get() {
            OWNED_BY_GENERATOR => {
                // SAFETY: the frame is part of a generator.
                let g = Py::new_ref(unsafe { generator_of(frame) });
                if g.frame_state.get() == state::EXECUTING {
                    return Err(raise!(py, RuntimeError, "cannot clear an executing frame"));
                }
                if g.is_suspended() {
                    return Err(raise!(py, RuntimeError, "cannot clear a suspended frame"));
                }
                run::finalize(py, &g);
            }
            OWNED_BY_FRAME_OBJECT => Trace::clear(self),
            _ => {
                debug_assert!(frame.owner.get() >= OWNED_BY_THREAD);
                return Err(raise!(py, RuntimeError, "cannot clear an executing frame"));
            }
        }
        Ok(())
    }

    /// Size of the frame in memory, in bytes.
    #[method]
    fn __sizeof__(&self, py: Python) -> PyResult<Py<PyLong>> {
        let slots = self.frame().code().co_framesize.get() as usize - super::FRAME_SPECIALS_SIZE;
        PyLong::from_usize(py, FRAME_HEAD + slots * size_of::<usize>())
    }

    #[getter]
    fn f_back(&self, py: Python) -> PyResult<Option<Py<PyFrame>>> {
        self.back(py)
    }

    /// The mapping that the frame's local variables are looked up in.
    #[getter]
    fn f_locals(&self, py: Python) -> PyResult {
        locals::of_frame(py, self)
    }

    /// The line being executed.
    #[getter]
    fn f_lineno(&self, py: Python) -> PyResult {
        match self.line_number() {
            line if line < 0 => Ok(py.none()),
            line => Ok(PyLong::from_i64(py, line.into())?.into_object()),
        }
    }
    #[setter]
    fn set_f_lineno(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        lineno::set(py, self, value)
    }

    /// The function called for events of this frame, or None.
    #[getter]
    fn f_trace(&self) -> Option<Py> {
        self.f_trace.get()
    }
    #[setter]
    fn set_f_trace(&self, _py: Python, value: Option<&PyObject>) {
        self.f_trace.set(value.filter(|v| !v.is_none()).map(Py::new_ref));
    }

    /// The index of the instruction attempted last.
    #[getter]
    fn f_lasti(&self) -> i32 {
        match self.frame().lasti() {
            i if i < 0 => -1,
            i => i as i32 * 2,
        }
    }

    /// The global variables.
    #[getter]
    fn f_globals(&self) -> Option<Py> {
        // SAFETY: kept alive by the frame's function.
        unsafe { Py::from_borrowed_nullable(self.frame().f_globals.get() as *mut PyObject) }
    }

    /// The built-in variables.
    #[getter]
    fn f_builtins(&self) -> Option<Py> {
        // SAFETY: kept alive by the frame's function.
        unsafe { Py::from_borrowed_nullable(self.frame().f_builtins.get()) }
    }

    /// The code object being executed.
    #[getter]
    fn f_code(&self, py: Python) -> PyResult {
        (crate::runtime::hooks::get().audit)(py, "object.__getattr__", &[self, crate::id!(py, "f_code")])?;
        Ok(Py::new_ref(self.frame().code()).into_object())
    }

    /// Whether each instruction is an event for the trace function.
    #[getter]
    fn f_trace_opcodes(&self) -> bool {
        self.f_trace_opcodes.get() != 0
    }
    #[setter]
    fn set_f_trace_opcodes(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        match value {
            Some(v) if v.is_type(&crate::types::bool_::PyBool_Type) => {
                self.f_trace_opcodes.set(v.is(crate::singletons::true_()) as u8);
                Ok(())
            }
            Some(_) => Err(raise!(py, TypeError, "attribute value type must be bool")),
            None => Err(raise!(py, AttributeError, "attribute 'f_trace_opcodes' of 'frame' objects cannot be deleted")),
        }
    }

    /// The generator or coroutine that the frame belongs to, or None.
    #[getter]
    fn f_generator(&self) -> Option<Py> {
        let frame = self.frame();
        if frame.owner.get() != OWNED_BY_GENERATOR {
            return None;
        }
        // SAFETY: the frame is part of a generator.
        Some(Py::new_ref(unsafe { generator_of(frame) }).into_object())
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
        if self.frame().owner.get() == OWNED_BY_FRAME_OBJECT {
            // SAFETY: the frame is the object's own and will not run.
            unsafe { PyFrame::clear_own(self.frame()) };
        }
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
