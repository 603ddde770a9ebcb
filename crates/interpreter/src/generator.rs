//! Making generator objects from frames.

use crate::eval::frames;
use core::cell::Cell;
use core::ptr::{null, null_mut};
use taipan_object::memory::{alloc, gc};
use taipan_object::runtime::tstate::ErrStackItem;
use taipan_object::types::frame::{FRAME_SPECIALS_SIZE, InterpreterFrame, OWNED_BY_GENERATOR};
use taipan_object::types::generator::{
    CO_ASYNC_GENERATOR, CO_COROUTINE, PyAsyncGen_Type, PyCoro_Type, PyGen_Type, PyGenerator, state,
};
use taipan_object::{Py, PyFunction, PyLong, PyObject, PyResult, PyTuple, Python, Slot, pack};

/// Moves the frame at hand into a new generator, coroutine or asynchronous generator, as its code says; null if that
/// raised. The frame's memory is left to the caller, its contents are moved.
///
/// # Safety
/// The frame is at its `RETURN_GENERATOR`, its stack empty.
#[inline(never)]
pub unsafe fn from_frame(py: Python, frame: &InterpreterFrame) -> *mut PyObject {
    // SAFETY: by contract.
    match unsafe { make(py, frame) } {
        Ok(g) => g.into_raw_object(),
        Err(_) => null_mut(),
    }
}

unsafe fn make(py: Python, frame: &InterpreterFrame) -> PyResult<Py<PyGenerator>> {
    let code = frame.code();
    let flags = code.co_flags.get();
    let ty = if flags & CO_COROUTINE != 0 {
        &PyCoro_Type
    } else if flags & CO_ASYNC_GENERATOR != 0 {
        &PyAsyncGen_Type
    } else {
        &PyGen_Type
    };
    let origin = match py.tstate().coroutine_origin_tracking_depth.get() {
        depth if depth > 0 && flags & CO_COROUTINE != 0 => Some(origin(py, depth as usize, frame.previous.get())?),
        _ => None,
    };
    let slots = code.co_framesize.get() as usize - FRAME_SPECIALS_SIZE;
    let size = core::mem::offset_of!(PyGenerator, iframe)
        + core::mem::offset_of!(InterpreterFrame, localsplus)
        // One word more than the stack can fill: loads that may push a second reference write it before they know.
        + (slots + 1) * 8;
    let p = alloc::gc_new(py, ty, size)? as *mut PyGenerator;
    // SAFETY: the block holds the object with its frame; all fields are written before it is tracked.
    unsafe {
        let function = &*(frame.f_funcobj.get().as_ptr() as *const PyFunction);
        macro_rules! put {
            ($field:ident, $v:expr) => {
                (&raw mut (*p).$field).write($v)
            };
        }
        put!(weakreflist, Slot::empty());
        put!(name, Slot::new(function.func_name.get()));
        put!(qualname, Slot::new(function.func_qualname.get()));
        put!(exc_state, ErrStackItem { exc_value: Cell::new(null_mut()), previous_item: Cell::new(null()) });
        put!(origin_or_finalizer, Slot::new(origin));
        put!(hooks_inited, Cell::new(0));
        put!(closed, Cell::new(0));
        put!(running_async, Cell::new(0));
        put!(frame_state, Cell::new(state::CREATED));
        frames::copy_frame(frame, &raw mut (*p).iframe);
        (*p).iframe.owner.set(OWNED_BY_GENERATOR);
        (*p).iframe.previous.set(null_mut());
        (*p).iframe.frame_obj.set(null_mut());
        // A frame object that stands for the frame moves along.
        let obj = frame.frame_obj.replace(null_mut());
        if !obj.is_null() {
            (*obj).f_frame.set(&raw mut (*p).iframe);
            (*p).iframe.frame_obj.set(obj);
        }
        let g = Py::from_owned(p);
        gc::track(&g);
        Ok(g)
    }
}

/// Where a coroutine was made (`cr_origin`): file name, line and function of up to `depth` frames, the innermost first.
fn origin(py: Python, depth: usize, mut frame: *mut InterpreterFrame) -> PyResult<Py> {
    let mut entries = Vec::new();
    while entries.len() < depth {
        // SAFETY: null or a running frame.
        let Some(f) = (unsafe { InterpreterFrame::first_complete(frame).as_ref() }) else { break };
        let code = f.code();
        let (Some(file), Some(name)) = (code.co_filename.get(), code.co_name.get()) else { break };
        let line = PyLong::from_i64(py, f.line_number().into())?;
        entries.push(pack!(py, file, line, name)?.into_object());
        frame = f.previous.get();
    }
    Ok(PyTuple::from_vec(py, entries)?.into_object())
}
