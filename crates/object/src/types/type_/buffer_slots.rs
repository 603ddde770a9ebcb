//! The buffer protocol of classes written in Python (PEP 688): `__buffer__` and `__release_buffer__`.

use super::method_call::{call, find};
use super::slots::type_name;
use crate::typeobj::{Py_buffer, flags, getbufferproc};
use crate::{Py, PyClass, PyLong, PyObject, PyResult, Python, Raised, Slot, Trace, err, id, pyclass, raise};
use core::ffi::c_int;

/// Stands as `obj` in a buffer that a Python `__buffer__` gave: releasing the buffer comes here.
#[derive(Trace)]
#[repr(C)]
pub struct PyBufferWrapper {
    pub ob_base: PyObject,
    view: Slot,
    obj: Slot,
}

#[pyclass(name = "_buffer_wrapper", static_name = _PyBufferWrapper_Type, flags(GC, DISALLOW_INSTANTIATION))]
impl PyBufferWrapper {
    unsafe fn bf_releasebuffer(&self, py: Python, view: *mut Py_buffer) {
        let (Some(mv), Some(obj)) = (self.view.take(), self.obj.take()) else { return };
        if let Some(f) = mv.ty().as_buffer().and_then(|b| b.bf_releasebuffer.get()) {
            // SAFETY: the view was got from the memoryview.
            unsafe { f(mv.as_ptr(), view) };
        }
        // A C release function of the object is called by the memoryview itself, when that one is released.
        if obj
            .ty()
            .lookup(py, id!(py, "__release_buffer__"))
            .is_some_and(|d| !d.is_type(&crate::types::descr::PyWrapperDescr_Type))
        {
            // SAFETY: by contract.
            unsafe { call_release(py, &obj, view) };
        }
    }
}

/// `bf_getbuffer` of a class with a Python `__buffer__`.
pub unsafe extern "C" fn slot_bf_getbuffer(this: *mut PyObject, view: *mut Py_buffer, request: c_int) -> c_int {
    // SAFETY: called with the GIL held and a live object.
    let (py, this) = unsafe { (Python::assume(), &*this) };
    let body = || -> PyResult<()> {
        let number = PyLong::from_i64(py, request.into())?;
        let mv = call(py, this, id!(py, "__buffer__"), [&*number])?;
        if !is_memoryview(&mv) {
            return Err(raise!(py, TypeError, "__buffer__ returned non-memoryview object"));
        }
        let wrapper = PyBufferWrapper::alloc_exact(py, |ob_base: PyObject| PyBufferWrapper {
            ob_base,
            view: Slot::empty(),
            obj: Slot::some(Py::new_ref(this)),
        })?;
        let Some(get) = mv.ty().as_buffer().and_then(|b| b.bf_getbuffer.get()) else {
            return Err(err::bad_internal_call(py));
        };
        // SAFETY: the memoryview's own slot fills the view and sets `obj` to a reference to itself, which moves over.
        unsafe {
            if get(mv.as_ptr(), view, request) < 0 {
                return Err(Raised::assume());
            }
            wrapper.view.set(Py::from_owned_nullable((*view).obj));
            (*view).obj = wrapper.into_raw_object();
        }
        Ok(())
    };
    let done = body().is_ok();
    if !done {
        // SAFETY: the caller gave a view to be filled.
        unsafe { (*view).obj = core::ptr::null_mut() };
    }
    if done { 0 } else { -1 }
}

/// `bf_releasebuffer` of a class with a Python `__release_buffer__`.
pub unsafe extern "C" fn slot_bf_releasebuffer(this: *mut PyObject, view: *mut Py_buffer) {
    // SAFETY: called with the GIL held, a live object and its view.
    unsafe { call_release(Python::assume(), &*this, view) }
}

/// Calls `__release_buffer__` with a memoryview over the buffer. Errors go to `sys.unraisablehook`.
///
/// # Safety
/// `view` is a buffer of `obj`.
unsafe fn call_release(py: Python, obj: &PyObject, view: *mut Py_buffer) {
    err::with_saved(py, || {
        let body = || -> PyResult<()> {
            if find(py, obj, id!(py, "__release_buffer__"))?.is_none() {
                return Ok(());
            }
            // SAFETY: the view stays valid during the call.
            let mv: Py = unsafe { over_buffer(py, &*view)? };
            call(py, obj, id!(py, "__release_buffer__"), [&mv])?;
            mv.call_method0(py, id!(py, "release")).map(drop)
        };
        if body().is_err() {
            err::write_unraisable_msg(
                py,
                &format!("Exception ignored in __release_buffer__ of {}", type_name(obj)),
                None,
            );
        }
    });
}

/// True for memoryviews.
fn is_memoryview(obj: &PyObject) -> bool {
    obj.ty().has_feature(flags::STATIC_BUILTIN) && obj.ty().full_name() == "memoryview"
}

#[cold]
fn unavailable(py: Python) -> Raised {
    raise!(py, NotImplementedError, "memoryviews over a given buffer are not supported yet")
}

/// A memoryview over a buffer that somebody else releases.
fn over_buffer(py: Python, _view: &Py_buffer) -> PyResult {
    Err(unavailable(py))
}

/// `obj.__buffer__(flags)` of a native type: a memoryview made with that type's own function.
pub(super) fn expose(py: Python, obj: &PyObject, get: getbufferproc, _flags: c_int) -> PyResult {
    // The type's own function is what memoryview() calls, unless a Python class has overridden it.
    let own = obj.ty().as_buffer().and_then(|b| b.bf_getbuffer.get());
    if own.is_some_and(|f| core::ptr::fn_addr_eq(f, get)) {
        return crate::types::descr::builtin(py, id!(py, "memoryview"))?.call1(py, obj);
    }
    Err(unavailable(py))
}

/// `obj.__release_buffer__(view)` of a native type.
pub(super) fn release(py: Python, obj: &PyObject, view: &PyObject) -> PyResult {
    if !is_memoryview(view) {
        return Err(raise!(py, TypeError, "expected a memoryview object"));
    }
    if !view.getattr(py, id!(py, "obj"))?.is(obj) {
        return Err(raise!(py, ValueError, "memoryview's buffer is not this object"));
    }
    view.call_method0(py, id!(py, "release"))
}
