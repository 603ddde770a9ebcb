//! Managed buffers, and memoryviews made of them.

use super::{MANAGED_RELEASED, PyManagedBuffer, PyMemoryView, PyMemoryView_Type};
use crate::abstracts::buffer;
use crate::declare::{Stop, Visit};
use crate::header::PyVarObject;
use crate::memory::{alloc, gc};
use crate::typeobj::Py_buffer;
use crate::types::slice::SliceRange;
use crate::{Py, PyBytes, PyClass, PyObject, PyResult, Python, Raised, Slot, pyclass, raise};
use core::cell::{Cell, UnsafeCell};
use core::ffi::{CStr, c_char, c_int};
use core::ptr::null_mut;

impl PyManagedBuffer {
    pub(super) fn new(py: Python) -> PyResult<Py<PyManagedBuffer>> {
        PyManagedBuffer::alloc_exact(py, |ob_base: PyObject| PyManagedBuffer {
            ob_base,
            flags: Cell::new(0),
            exports: Cell::new(0),
            master: UnsafeCell::new(Py_buffer::EMPTY),
        })
    }

    /// Gives the buffer back to its exporter.
    pub(super) fn release(&self) {
        if self.flags.get() & MANAGED_RELEASED != 0 {
            return;
        }
        self.flags.set(self.flags.get() | MANAGED_RELEASED);
        // SAFETY: filled, or without owner; handles live only while the GIL is held.
        unsafe { buffer::release(self.master.get()) }
    }
}

impl Drop for PyManagedBuffer {
    fn drop(&mut self) {
        self.release();
    }
}

/// The buffer behind memoryviews.
#[pyclass(name = "managedbuffer", static_name = _PyManagedBuffer_Type, flags(GC, DISALLOW_INSTANTIATION))]
impl PyManagedBuffer {
    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: alive.
        visit.raw(unsafe { (*(*this).master.get()).obj })
    }

    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: alive. Views that are left see that it is released.
        unsafe { (*this).release() }
    }
}

/// A memoryview with room for `ndim` dimensions, whose buffer is a copy of `src` apart from the arrays.
fn incomplete(py: Python, m: &PyManagedBuffer, src: &Py_buffer, ndim: usize) -> PyResult<Py<PyMemoryView>> {
    if ndim > buffer::MAX_NDIM {
        return Err(too_many_dimensions(py));
    }
    let size = size_of::<PyMemoryView>() + 3 * ndim * size_of::<isize>();
    let p = alloc::gc_new_var(py, &PyMemoryView_Type, size, 3 * ndim as isize)? as *mut PyMemoryView;
    // SAFETY: memory of that size; all fields are written before the object is lent or tracked.
    let mv = unsafe {
        (&raw mut (*p).mbuf).write(Slot::some(Py::new_ref(m)));
        (&raw mut (*p).hash).write(Cell::new(-1));
        (&raw mut (*p).flags).write(Cell::new(0));
        (&raw mut (*p).exports).write(Cell::new(0));
        (&raw mut (*p).weakreflist).write(Slot::empty());
        let array = (p as *mut u8).add(size_of::<PyMemoryView>()) as *mut isize;
        core::ptr::write_bytes(array, 0, 3 * ndim);
        let view = Py_buffer {
            buf: src.buf,
            obj: src.obj,
            len: src.len,
            itemsize: src.itemsize,
            readonly: src.readonly,
            ndim: ndim as c_int,
            format: src.format_str().as_ptr() as *mut c_char,
            shape: if ndim == 0 { null_mut() } else { array },
            strides: if ndim == 0 { null_mut() } else { array.add(ndim) },
            suboffsets: null_mut(),
            internal: src.internal,
        };
        (&raw mut (*p).view).write(UnsafeCell::new(view));
        m.exports.set(m.exports.get() + 1);
        Py::from_owned(p)
    };
    // SAFETY: whole, and not tracked yet.
    unsafe { gc::track(&mv) };
    Ok(mv)
}

fn too_many_dimensions(py: Python) -> Raised {
    raise!(py, ValueError, "memoryview: number of dimensions must not exceed {}", buffer::MAX_NDIM)
}

/// The buffer of a memoryview that is being made.
///
/// # Safety
/// Nobody else looks at it meanwhile.
unsafe fn unfinished<'a>(mv: &Py<PyMemoryView>) -> &'a mut Py_buffer {
    // SAFETY: by contract.
    unsafe { &mut *(*mv.as_raw()).view.get() }
}

/// The arrays of a memoryview that is being made.
///
/// # Safety
/// Nobody else looks at them meanwhile.
unsafe fn arrays<'a>(mv: &Py<PyMemoryView>) -> [&'a mut [isize]; 3] {
    let n = mv.view().ndim as usize;
    // SAFETY: `3 * ndim` words follow the struct.
    unsafe {
        let p = (mv.as_raw() as *mut u8).add(size_of::<PyMemoryView>()) as *mut isize;
        [0, 1, 2].map(|i| core::slice::from_raw_parts_mut(p.add(i * n), n))
    }
}

/// A new memoryview of the managed buffer that shows what `src` shows.
pub(super) fn add_view(py: Python, m: &PyManagedBuffer, src: &Py_buffer) -> PyResult<Py<PyMemoryView>> {
    let mv = incomplete(py, m, src, src.ndim.max(0) as usize)?;
    // SAFETY: just made.
    unsafe {
        let [shape, strides, suboffsets] = arrays(&mv);
        match src.shape_slice() {
            // One dimension without a shape.
            [] if !shape.is_empty() => shape[0] = src.len / src.itemsize.max(1),
            given => shape.copy_from_slice(given),
        }
        match src.strides_slice() {
            [] => strides.copy_from_slice(&buffer::contiguous_strides(shape, src.itemsize, b'C')),
            given => strides.copy_from_slice(given),
        }
        let given = src.suboffsets_slice();
        if !given.is_empty() {
            suboffsets.copy_from_slice(given);
            unfinished(&mv).suboffsets = suboffsets.as_mut_ptr();
        }
    }
    mv.note_order();
    Ok(mv)
}

/// The same memory, not to be written to.
pub(super) fn read_only(py: Python, mv: &PyMemoryView) -> PyResult<Py<PyMemoryView>> {
    let new = add_view(py, &*mv.managed(py)?, mv.view())?;
    // SAFETY: just made.
    unsafe { unfinished(&new).readonly = 1 };
    Ok(new)
}

/// A memoryview of some rows: `mv[start:stop:step]` in the first dimension.
pub(super) fn sliced(py: Python, mv: &PyMemoryView, range: SliceRange) -> PyResult<Py<PyMemoryView>> {
    let new = add_view(py, &*mv.managed(py)?, mv.view())?;
    // SAFETY: just made.
    unsafe {
        let [shape, strides, _] = arrays(&new);
        slice_first(unfinished(&new), shape, strides, range);
    }
    new.note_order();
    Ok(new)
}

/// Cuts the first dimension of a view down to a slice. Pointers that are followed come after that step.
pub(super) fn slice_first(view: &mut Py_buffer, shape: &mut [isize], strides: &mut [isize], range: SliceRange) {
    view.buf = (view.buf as *mut u8).wrapping_offset(strides[0].wrapping_mul(range.start)).cast();
    shape[0] = range.len as isize;
    strides[0] = strides[0].wrapping_mul(range.step);
    view.len = shape.iter().product::<isize>() * view.itemsize;
}

/// The same memory with another format and shape; the sizes fit.
pub(super) fn cast(
    py: Python,
    mv: &PyMemoryView,
    format: &'static CStr,
    itemsize: isize,
    shape: Option<&[isize]>,
) -> PyResult<Py<PyMemoryView>> {
    let ndim = shape.map_or(1, <[isize]>::len);
    let new = incomplete(py, &*mv.managed(py)?, mv.view(), ndim)?;
    // SAFETY: just made.
    unsafe {
        let view = unfinished(&new);
        view.format = format.as_ptr() as *mut c_char;
        view.itemsize = itemsize;
        let [to, strides, _] = arrays(&new);
        match shape {
            Some(shape) => to.copy_from_slice(shape),
            None => to[0] = view.len / itemsize,
        }
        strides.copy_from_slice(&buffer::contiguous_strides(to, itemsize, b'C'));
    }
    new.note_order();
    Ok(new)
}

/// See `PyMemoryView_GetContiguous`.
pub(super) fn contiguous(py: Python, obj: &PyObject, buffertype: c_int, order: u8) -> PyResult<Py<PyMemoryView>> {
    let mv = super::from_object(py, obj)?;
    let view = mv.view();
    if buffertype == buffer::WRITE && view.readonly != 0 {
        return Err(raise!(py, BufferError, "underlying buffer is not writable"));
    }
    if view.is_contiguous(order) {
        return Ok(mv);
    }
    if buffertype == buffer::WRITE {
        return Err(raise!(py, BufferError, "writable contiguous buffer requested for a non-contiguous object."));
    }
    // SAFETY: the view is alive.
    let bytes = PyBytes::new(py, &unsafe { view.to_vec(order) })?;
    let m = PyManagedBuffer::new(py)?;
    let (format, itemsize) = (view.format, view.itemsize);
    // SAFETY: the buffer stays where it is; its shape is that of the view it was copied from, which is only read here.
    unsafe {
        buffer::fill(py, bytes.as_object(), m.master.get(), buffer::FULL_RO)?;
        let mut src = core::ptr::read(m.master.get());
        (src.format, src.itemsize, src.ndim) = (format, itemsize, view.ndim);
        let mut shape = view.shape_slice().to_vec();
        let mut strides = buffer::contiguous_strides(&shape, itemsize, order);
        src.shape = shape.as_mut_ptr();
        src.strides = strides.as_mut_ptr();
        let new = add_view(py, &m, &src)?;
        // The format is the exporter's, which may go away before the copy does.
        let kept = super::items::native(CStr::from_ptr(format)).map_or(buffer::BYTES, |f| f.name);
        unfinished(&new).format = kept.as_ptr() as *mut c_char;
        Ok(new)
    }
}

const _: () = assert!(core::mem::offset_of!(PyMemoryView, mbuf) == size_of::<PyVarObject>());
