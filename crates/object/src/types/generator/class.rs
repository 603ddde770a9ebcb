//! The declarations of `generator`, `coroutine` and `async_generator`.

use super::PyGenerator;
use crate::runtime::hooks::{self, Resume, Resumed};
use crate::typeobj::*;
use crate::types::generator::state;
use crate::{Py, PyObject, PyResult, Python, err, exceptions, raise, singletons};
use core::cell::Cell;

unsafe extern "C" fn iternext(this: *mut PyObject) -> *mut PyObject {
    // SAFETY: a slot called with the GIL held and a live generator.
    let (py, g) = unsafe { (Python::assume(), &*(this as *const PyGenerator)) };
    match send(py, g, Resume::Send(singletons::none())) {
        Ok(Resumed::Yielded(v)) => v.into_raw(),
        Ok(Resumed::Returned(v)) => {
            if !v.is_none() {
                let _ = err::stop_iteration(py, Some(&v));
            }
            core::ptr::null_mut()
        }
        Err(_) => core::ptr::null_mut(),
    }
}

/// Resumes a generator, after the checks for one that is running or finished (`gen_send_ex`).
pub fn send(py: Python, g: &PyGenerator, how: Resume<'_>) -> PyResult<Resumed> {
    match g.frame_state.get() {
        state::EXECUTING => Err(raise!(py, ValueError, "generator already executing")),
        s if s > state::EXECUTING => match how {
            Resume::Throw => Err(crate::Raised::assume()),
            Resume::Send(_) => Ok(Resumed::Returned(py.none())),
        },
        state::CREATED if matches!(&how, Resume::Send(v) if !v.is_none()) => {
            Err(raise!(py, TypeError, "can't send non-None value to a just-started generator"))
        }
        _ => {
            let result = (hooks::get().resume)(py, g, how);
            if result.is_err() && err::matches(py, exceptions::StopIteration()) {
                return Err(err::raise_from_cause(py, exceptions::RuntimeError(), "generator raised StopIteration"));
            }
            result
        }
    }
}

unsafe extern "C" fn dealloc(this: *mut PyObject) {
    // SAFETY: the generator's last count is gone.
    unsafe {
        crate::memory::gc::untrack(&*this);
        let g = &*(this as *const PyGenerator);
        if g.frame_state.get() < state::CLEARED {
            g.frame_state.set(state::CLEARED);
            (hooks::get().clear_frame)((&raw const g.iframe) as *mut _);
        }
        g.iframe.f_executable.get().close();
        g.name.clear();
        g.qualname.clear();
        g.origin_or_finalizer.clear();
        crate::memory::alloc::free(this);
    }
}

macro_rules! generator_type {
    ($static:ident, $name:literal, $iter:expr, $next:expr) => {
        #[doc = $name]
        #[unsafe(no_mangle)]
        pub static $static: PyTypeObject = PyTypeObject {
            tp_itemsize: Cell::new(8),
            tp_dealloc: Cell::new(Some(dealloc as destructor)),
            tp_flags: Cell::new(flags::DEFAULT | flags::HAVE_GC),
            tp_weaklistoffset: Cell::new(core::mem::offset_of!(PyGenerator, weakreflist) as isize),
            tp_iter: Cell::new($iter),
            tp_iternext: Cell::new($next),
            ..PyTypeObject::empty(
                // SAFETY: a literal with one NUL, at its end.
                unsafe { core::ffi::CStr::from_bytes_with_nul_unchecked(concat!($name, "\0").as_bytes()) },
                core::mem::offset_of!(PyGenerator, iframe) + core::mem::offset_of!(crate::types::frame::InterpreterFrame, localsplus),
            )
        };
    };
}
generator_type!(PyGen_Type, "generator", Some(self_iter as getiterfunc), Some(iternext as iternextfunc));
generator_type!(PyCoro_Type, "coroutine", None, None);
generator_type!(PyAsyncGen_Type, "async_generator", None, None);

unsafe extern "C" fn self_iter(this: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object.
    unsafe { (*this).incref() };
    this
}

/// The iterator that awaiting the object uses (`_PyCoro_GetAwaitableIter`).
pub fn awaitable_iter(py: Python, obj: &PyObject) -> PyResult {
    if obj.is_type(&PyCoro_Type) {
        return Ok(Py::new_ref(obj));
    }
    match obj.ty().as_async().and_then(|a| a.am_await.get()) {
        // SAFETY: a slot of the object's own type.
        Some(f) => unsafe { Py::from_owned_or_raised(f(obj.as_ptr())) },
        None => Err(raise!(py, TypeError, "'{}' object can't be awaited", obj.ty().name())),
    }
}

/// Is it exactly an asynchronous generator?
pub fn is_async_gen_exact(obj: &PyObject) -> bool {
    obj.is_type(&PyAsyncGen_Type)
}
