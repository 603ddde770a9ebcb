//! Frame objects: made when a program asks for one, or when an exception's traceback needs one.

use taipan_object::memory::alloc;
use taipan_object::types::frame::{InterpreterFrame, PyFrame, PyFrame_Type};
use taipan_object::{Py, PyResult, Python, Slot};

/// The frame object that stands for `frame` (`_PyFrame_GetFrameObject`).
pub fn get_or_make(py: Python, frame: &InterpreterFrame) -> PyResult<Py<PyFrame>> {
    let existing = frame.frame_obj.get();
    if !existing.is_null() {
        // SAFETY: the frame owns its reference to the object.
        return Ok(unsafe { Py::from_borrowed(existing) });
    }
    let words = frame.code().co_framesize.get() as usize;
    let size = core::mem::offset_of!(PyFrame, f_frame_data) + words * 8;
    let p = alloc::gc_new_var(py, &PyFrame_Type, size, words as isize)? as *mut PyFrame;
    // SAFETY: the block holds the object and room for the whole frame; all fields are written. The object does not own
    // what the frame holds until the frame ends: it is not tracked until then.
    unsafe {
        macro_rules! put {
            ($field:ident, $v:expr) => {
                (&raw mut (*p).$field).write($v)
            };
        }
        put!(f_back, Slot::empty());
        put!(f_frame, core::cell::Cell::new(frame as *const _ as *mut _));
        put!(f_trace, Slot::empty());
        put!(f_lineno, core::cell::Cell::new(0));
        put!(f_trace_lines, core::cell::Cell::new(1));
        put!(f_trace_opcodes, core::cell::Cell::new(0));
        put!(f_extra_locals, Slot::empty());
        put!(f_locals_cache, Slot::empty());
        put!(f_overwritten_fast_locals, Slot::empty());
        let obj = Py::from_owned(p);
        frame.frame_obj.set(obj.clone().into_raw());
        Ok(obj)
    }
}
