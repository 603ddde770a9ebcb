//! `memoryview` and the managed buffer behind it (PEP 3118).
//!
//! A managed buffer holds one view got from an exporter; any number of memoryviews show it, each with its own shape. When
//! the last of them is released, the exporter gets its view back.

mod class;
pub mod compare;
pub mod items;
mod iter;
mod views;

pub use class::PyMemoryView_Type;
pub use iter::_PyMemoryIter_Type;
pub use views::_PyManagedBuffer_Type;

use crate::abstracts::buffer;
use crate::header::PyVarObject;
use crate::typeobj::{Py_buffer, getbufferproc};
use crate::{Py, PyLayout, PyObject, PyResult, Python, Raised, Slot, raise};
use core::cell::{Cell, UnsafeCell};
use core::ffi::{c_char, c_int, c_void};

/// `_PyManagedBufferObject`.
#[repr(C)]
pub struct PyManagedBuffer {
    pub ob_base: PyObject,
    flags: Cell<c_int>,
    /// Memoryviews that show the buffer.
    exports: Cell<isize>,
    master: UnsafeCell<Py_buffer>,
}

const MANAGED_RELEASED: c_int = 1;

const RELEASED: c_int = 1;
const C_ORDER: c_int = 2;
const F_ORDER: c_int = 4;
const SCALAR: c_int = 8;
const POINTERS: c_int = 0x10;
const RESTRICTED: c_int = 0x20;

/// `PyMemoryViewObject`; shape, strides and suboffsets follow.
#[repr(C)]
pub struct PyMemoryView {
    pub ob_base: PyVarObject,
    mbuf: Slot<PyManagedBuffer>,
    /// Cached hash, -1 if there is none yet.
    hash: Cell<isize>,
    flags: Cell<c_int>,
    /// Buffers got from this view.
    exports: Cell<isize>,
    view: UnsafeCell<Py_buffer>,
    weakreflist: Slot,
    ob_array: [Cell<isize>; 0],
}

const _: () = assert!(size_of::<PyMemoryView>() == 144);

// SAFETY: starts with the header.
unsafe impl PyLayout for PyMemoryView {}
// SAFETY: starts with the header.
unsafe impl PyLayout for PyManagedBuffer {}

impl core::ops::Deref for PyMemoryView {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base.ob_base
    }
}

impl core::ops::Deref for PyManagedBuffer {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyMemoryView {
    /// The buffer it shows.
    #[inline(always)]
    pub fn view(&self) -> &Py_buffer {
        // SAFETY: written only while the view is made, before anyone else has it.
        unsafe { &*self.view.get() }
    }

    /// Released, or about to be collected.
    #[inline]
    pub fn is_released(&self) -> bool {
        if self.flags.get() & RELEASED != 0 {
            return true;
        }
        // SAFETY: the borrow ends here.
        match unsafe { self.mbuf.borrow() } {
            Some(m) => m.flags.get() & MANAGED_RELEASED != 0,
            None => true,
        }
    }

    /// ValueError if it is released.
    #[inline]
    pub fn check_released(&self, py: Python) -> PyResult<()> {
        if self.is_released() {
            return Err(raise!(py, ValueError, "operation forbidden on released memoryview object"));
        }
        Ok(())
    }

    fn managed(&self, py: Python) -> PyResult<Py<PyManagedBuffer>> {
        self.check_released(py)?;
        match self.mbuf.get() {
            Some(m) if self.flags.get() & RESTRICTED == 0 => Ok(m),
            _ => Err(raise!(py, ValueError, "cannot create new view on restricted memoryview")),
        }
    }

    #[inline]
    fn is_c_contiguous(&self) -> bool {
        self.flags.get() & (C_ORDER | SCALAR) != 0
    }

    #[inline]
    fn is_f_contiguous(&self) -> bool {
        self.flags.get() & (F_ORDER | SCALAR) != 0
    }

    /// Notes what order the memory has.
    fn note_order(&self) {
        let view = self.view();
        let mut flags = self.flags.get() & !(C_ORDER | F_ORDER | SCALAR | POINTERS);
        match view.ndim {
            0 => flags |= SCALAR | C_ORDER | F_ORDER,
            _ => {
                if view.is_contiguous(b'C') {
                    flags |= C_ORDER;
                }
                if view.is_contiguous(b'F') {
                    flags |= F_ORDER;
                }
            }
        }
        if !view.suboffsets.is_null() {
            flags |= POINTERS;
        }
        self.flags.set(flags);
    }

    /// Gives the buffer up (`memoryview.release`).
    ///
    /// # Errors
    /// BufferError if there are buffers got from this view.
    pub fn release(&self, py: Python) -> PyResult<()> {
        if self.flags.get() & RELEASED != 0 {
            return Ok(());
        }
        let n = self.exports.get();
        if n > 0 {
            let s = if n == 1 { "" } else { "s" };
            return Err(raise!(py, BufferError, "memoryview has {n} exported buffer{s}"));
        }
        self.give_up();
        Ok(())
    }

    fn give_up(&self) {
        if self.flags.get() & RELEASED != 0 {
            return;
        }
        self.flags.set(self.flags.get() | RELEASED);
        // The handle keeps the buffer alive while its exporter's code runs.
        if let Some(m) = self.mbuf.get() {
            m.exports.set(m.exports.get() - 1);
            if m.exports.get() == 0 {
                m.release();
            }
        }
    }
}

impl Drop for PyMemoryView {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// A memoryview of anything that exports a buffer (`PyMemoryView_FromObject`).
///
/// # Errors
/// TypeError "memoryview: a bytes-like object is required, not '…'"; what the exporter raises.
pub fn from_object(py: Python, obj: &PyObject) -> PyResult<Py<PyMemoryView>> {
    from_object_flags(py, obj, buffer::FULL_RO)
}

/// As [`from_object`], with the flags that the exporter is asked with (`_PyMemoryView_FromFlags`-like).
pub fn from_object_flags(py: Python, obj: &PyObject, flags: c_int) -> PyResult<Py<PyMemoryView>> {
    if let Some(mv) = obj.downcast::<PyMemoryView>() {
        let m = mv.managed(py)?;
        return views::add_view(py, &m, mv.view());
    }
    let Some(get) = obj.ty().as_buffer().and_then(|b| b.bf_getbuffer.get()) else {
        return Err(raise!(
            py,
            TypeError,
            "memoryview: a bytes-like object is required, not '{:.200}'",
            obj.ty().full_name()
        ));
    };
    from_buffer_proc_typed(py, obj, get, flags)
}

fn from_buffer_proc_typed(py: Python, obj: &PyObject, get: getbufferproc, flags: c_int) -> PyResult<Py<PyMemoryView>> {
    let m = PyManagedBuffer::new(py)?;
    // SAFETY: the slot of the object's type fills the buffer, which stays where it is.
    if unsafe { get(obj.as_ptr(), m.master.get(), flags) } < 0 {
        // SAFETY: nothing was got.
        unsafe { (*m.master.get()).obj = core::ptr::null_mut() };
        return Err(Raised::assume());
    }
    // SAFETY: filled just now.
    views::add_view(py, &m, unsafe { &*m.master.get() })
}

/// A memoryview of what a given `bf_getbuffer` exports (`_PyMemoryView_FromBufferProc`).
pub fn from_buffer_proc(py: Python, obj: &PyObject, get: getbufferproc, flags: c_int) -> PyResult {
    from_buffer_proc_typed(py, obj, get, flags).map(Py::into_object)
}

/// A memoryview of a filled buffer that stays the caller's (`PyMemoryView_FromBuffer`).
///
/// # Errors
/// ValueError if there is no memory in it.
///
/// # Safety
/// The buffer outlives the memoryview.
pub unsafe fn from_buffer(py: Python, info: &Py_buffer) -> PyResult<Py<PyMemoryView>> {
    if info.buf.is_null() {
        return Err(raise!(py, ValueError, "PyMemoryView_FromBuffer(): info->buf must not be NULL"));
    }
    let m = PyManagedBuffer::new(py)?;
    // SAFETY: a copy without an owner, so nothing is given back twice.
    unsafe {
        core::ptr::copy_nonoverlapping(info, m.master.get(), 1);
        (*m.master.get()).obj = core::ptr::null_mut();
        views::add_view(py, &m, &*m.master.get())
    }
}

/// As [`from_buffer`], of a buffer that is being given back: no further view can be made of it.
///
/// # Safety
/// The buffer outlives the memoryview.
pub unsafe fn from_borrowed_buffer(py: Python, info: &Py_buffer) -> PyResult {
    // SAFETY: by contract.
    let mv = unsafe { from_buffer(py, info)? };
    mv.flags.set(mv.flags.get() | RESTRICTED);
    Ok(mv.into_object())
}

/// A memoryview of a stretch of memory (`PyMemoryView_FromMemory`).
///
/// # Safety
/// The memory outlives the memoryview.
pub unsafe fn from_memory(py: Python, mem: *mut u8, size: isize, writable: bool) -> PyResult<Py<PyMemoryView>> {
    let m = PyManagedBuffer::new(py)?;
    let flags = if writable { buffer::FULL } else { buffer::FULL_RO };
    // SAFETY: by contract; the buffer stays where it is.
    unsafe {
        buffer::fill_info(py, m.master.get(), None, mem as *mut c_void, size, !writable, flags)?;
        views::add_view(py, &m, &*m.master.get())
    }
}

/// The object whose buffer a memoryview shows; `None` if it is released or there is none.
pub fn exporter(view: &PyObject) -> Option<&PyObject> {
    let mv = view.downcast::<PyMemoryView>()?;
    if mv.is_released() {
        return None;
    }
    // SAFETY: alive as long as the view is not released.
    unsafe { mv.mbuf.borrow().and_then(|m| (*m.master.get()).obj.as_ref()) }
}

/// `PyMemoryView_FromObject`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMemoryView_FromObject(obj: *mut PyObject) -> *mut PyObject {
    // SAFETY: called with the GIL held and a live object.
    let (py, obj) = unsafe { (Python::assume(), &*obj) };
    from_object(py, obj).map_or(core::ptr::null_mut(), Py::into_raw_object)
}

/// `PyMemoryView_FromMemory`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMemoryView_FromMemory(mem: *mut c_char, size: isize, flags: c_int) -> *mut PyObject {
    // SAFETY: called with the GIL held; the memory is the caller's affair.
    unsafe { from_memory(Python::assume(), mem as *mut u8, size, flags == buffer::WRITE) }
        .map_or(core::ptr::null_mut(), Py::into_raw_object)
}

/// `PyMemoryView_FromBuffer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMemoryView_FromBuffer(info: *const Py_buffer) -> *mut PyObject {
    // SAFETY: called with the GIL held and a filled buffer.
    unsafe { from_buffer(Python::assume(), &*info) }.map_or(core::ptr::null_mut(), Py::into_raw_object)
}

/// `PyMemoryView_GetContiguous`: the object's memory, copied into a bytes object if it is not contiguous.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMemoryView_GetContiguous(
    obj: *mut PyObject,
    buffertype: c_int,
    order: c_char,
) -> *mut PyObject {
    // SAFETY: called with the GIL held and a live object.
    let (py, obj) = unsafe { (Python::assume(), &*obj) };
    views::contiguous(py, obj, buffertype, order as u8).map_or(core::ptr::null_mut(), Py::into_raw_object)
}
