//! The buffer protocol (PEP 3118): views of memory that objects export.

use crate::typeobj::Py_buffer;
use crate::{Py, PyObject, PyResult, Python, Raised, err, raise};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;

/// `PyBUF_*`: what the consumer of a view can deal with.
pub const SIMPLE: c_int = 0;
pub const WRITABLE: c_int = 0x1;
pub const FORMAT: c_int = 0x4;
pub const ND: c_int = 0x8;
pub const STRIDES: c_int = 0x10 | ND;
pub const C_CONTIGUOUS: c_int = 0x20 | STRIDES;
pub const F_CONTIGUOUS: c_int = 0x40 | STRIDES;
pub const ANY_CONTIGUOUS: c_int = 0x80 | STRIDES;
pub const INDIRECT: c_int = 0x100 | STRIDES;
pub const CONTIG: c_int = ND | WRITABLE;
pub const CONTIG_RO: c_int = ND;
pub const STRIDED: c_int = STRIDES | WRITABLE;
pub const STRIDED_RO: c_int = STRIDES;
pub const RECORDS: c_int = STRIDES | WRITABLE | FORMAT;
pub const RECORDS_RO: c_int = STRIDES | FORMAT;
pub const FULL: c_int = INDIRECT | WRITABLE | FORMAT;
pub const FULL_RO: c_int = INDIRECT | FORMAT;
/// For `PyMemoryView_FromMemory` alone.
pub const READ: c_int = 0x100;
pub const WRITE: c_int = 0x200;

/// Dimensions that a view can have.
pub const MAX_NDIM: usize = 64;

/// The format of unsigned bytes, which applies where a view has none.
pub const BYTES: &CStr = c"B";

/// True if the object exports buffers (`PyObject_CheckBuffer`).
#[inline]
pub fn check(obj: &PyObject) -> bool {
    obj.ty().as_buffer().is_some_and(|b| b.bf_getbuffer.get().is_some())
}

/// "a bytes-like object is required, not 'int'".
#[cold]
fn not_bytes_like(py: Python, obj: &PyObject) -> Raised {
    raise!(py, TypeError, "a bytes-like object is required, not '{:.100}'", obj.ty().full_name())
}

/// Fills `view` with a view of the object's memory; [`release`] gives it back.
///
/// # Safety
/// `view` can be written; it stays where it is until it is released.
pub unsafe fn fill(py: Python, obj: &PyObject, view: *mut Py_buffer, flags: c_int) -> PyResult<()> {
    if flags == READ || flags == WRITE {
        return Err(err::bad_internal_call(py));
    }
    let Some(get) = obj.ty().as_buffer().and_then(|b| b.bf_getbuffer.get()) else {
        return Err(not_bytes_like(py, obj));
    };
    // SAFETY: the slot of the object's type; the view is the caller's.
    if unsafe { get(obj.as_ptr(), view, flags) } < 0 { Err(Raised::assume()) } else { Ok(()) }
}

/// Gives a view back. Nothing happens to one that is empty or given back already.
///
/// # Safety
/// `view` was filled by an exporter, or has no owner; the GIL is held.
pub unsafe fn release(view: *mut Py_buffer) {
    // SAFETY: by contract; the owner is alive until its reference is dropped here.
    unsafe {
        let obj = (*view).obj;
        if obj.is_null() {
            return;
        }
        if let Some(f) = (*obj).ty().as_buffer().and_then(|b| b.bf_releasebuffer.get()) {
            f(obj, view);
        }
        (*view).obj = null_mut();
        PyObject::decref(obj);
    }
}

/// Fills a view of a plain stretch of memory: what most `bf_getbuffer` need (`PyBuffer_FillInfo`).
///
/// # Errors
/// BufferError "Object is not writable.".
///
/// # Safety
/// `view` can be written; `buf` holds `len` bytes for as long as the exporter `obj` says.
pub unsafe fn fill_info(
    py: Python,
    view: *mut Py_buffer,
    obj: Option<&PyObject>,
    buf: *mut c_void,
    len: isize,
    readonly: bool,
    flags: c_int,
) -> PyResult<()> {
    if view.is_null() {
        return Err(raise!(py, BufferError, "PyBuffer_FillInfo: view==NULL argument is obsolete"));
    }
    if flags == READ || flags == WRITE {
        return Err(err::bad_internal_call(py));
    }
    if flags & WRITABLE != 0 && readonly {
        return Err(raise!(py, BufferError, "Object is not writable."));
    }
    // SAFETY: the view is the caller's. Shape and strides point into the view itself.
    unsafe {
        *view = Py_buffer {
            buf,
            obj: obj.map_or(null_mut(), |o| Py::new_ref(o).into_raw()),
            len,
            itemsize: 1,
            readonly: readonly as c_int,
            ndim: 1,
            format: if flags & FORMAT != 0 { BYTES.as_ptr() as *mut c_char } else { null_mut() },
            shape: if flags & ND == ND { &raw mut (*view).len } else { null_mut() },
            strides: if flags & STRIDES == STRIDES { &raw mut (*view).itemsize } else { null_mut() },
            suboffsets: null_mut(),
            internal: null_mut(),
        };
    }
    Ok(())
}

impl Py_buffer {
    /// The array at `p`, one entry per dimension; empty for null.
    unsafe fn array(&self, p: *mut isize) -> &[isize] {
        if p.is_null() || self.ndim <= 0 {
            return &[];
        }
        // SAFETY: an exporter's arrays are as long as there are dimensions.
        unsafe { core::slice::from_raw_parts(p, self.ndim as usize) }
    }

    /// Lengths of the dimensions; empty for a scalar or if the view has none.
    #[inline]
    pub fn shape_slice(&self) -> &[isize] {
        // SAFETY: one of the view's arrays.
        unsafe { self.array(self.shape) }
    }

    /// Steps of the dimensions in bytes; empty if the view has none.
    #[inline]
    pub fn strides_slice(&self) -> &[isize] {
        // SAFETY: one of the view's arrays.
        unsafe { self.array(self.strides) }
    }

    /// Offsets after following a pointer, negative for none; empty if the view has none.
    #[inline]
    pub fn suboffsets_slice(&self) -> &[isize] {
        // SAFETY: one of the view's arrays.
        unsafe { self.array(self.suboffsets) }
    }

    /// The format of an item; `B` if the view has none.
    pub fn format_str(&self) -> &CStr {
        if self.format.is_null() {
            return BYTES;
        }
        // SAFETY: a NUL-terminated text, kept by the exporter.
        unsafe { CStr::from_ptr(self.format) }
    }

    fn is_c_contiguous(&self) -> bool {
        let (shape, strides) = (self.shape_slice(), self.strides_slice());
        if self.len == 0 || strides.is_empty() {
            return true;
        }
        let mut step = self.itemsize;
        for (&n, &stride) in shape.iter().zip(strides).rev() {
            if n > 1 && stride != step {
                return false;
            }
            step = step.wrapping_mul(n);
        }
        true
    }

    fn is_f_contiguous(&self) -> bool {
        let (shape, strides) = (self.shape_slice(), self.strides_slice());
        if self.len == 0 {
            return true;
        }
        if strides.is_empty() {
            // C-contiguous: also Fortran's order if only one dimension counts.
            return self.ndim <= 1 || shape.iter().filter(|&&n| n > 1).count() <= 1;
        }
        let mut step = self.itemsize;
        for (&n, &stride) in shape.iter().zip(strides) {
            if n > 1 && stride != step {
                return false;
            }
            step = step.wrapping_mul(n);
        }
        true
    }

    /// Is the memory contiguous in order `C`, `F` or either (`A`)?
    pub fn is_contiguous(&self, order: u8) -> bool {
        if !self.suboffsets.is_null() {
            return false;
        }
        match order {
            b'C' => self.is_c_contiguous(),
            b'F' => self.is_f_contiguous(),
            b'A' => self.is_c_contiguous() || self.is_f_contiguous(),
            _ => false,
        }
    }

    /// The strides, or those of a contiguous view of the shape.
    pub fn effective_strides(&self) -> Vec<isize> {
        let strides = self.strides_slice();
        if !strides.is_empty() {
            return strides.to_vec();
        }
        contiguous_strides(self.shape_slice(), self.itemsize, b'C')
    }

    /// Calls `f` with the address of every item, in C's order or (`fortran`) Fortran's.
    ///
    /// # Safety
    /// The view is alive.
    pub unsafe fn for_each_item(&self, fortran: bool, mut f: impl FnMut(*mut u8)) {
        let shape = self.shape_slice();
        if shape.is_empty() {
            // A scalar, or one dimension without a shape.
            let n = if self.ndim == 0 { 1 } else { self.len / self.itemsize.max(1) };
            for i in 0..n {
                // SAFETY: within the view's memory.
                f(unsafe { (self.buf as *mut u8).offset(i * self.itemsize) });
            }
            return;
        }
        if shape.contains(&0) {
            return;
        }
        let strides = self.effective_strides();
        let suboffsets = self.suboffsets_slice();
        let mut index = vec![0isize; shape.len()];
        loop {
            // SAFETY: the indices are within the shape.
            f(unsafe { item_pointer(self.buf, &strides, suboffsets, &index) });
            // The next index: the last one counts fastest, in Fortran's order the first.
            let mut k = 0;
            loop {
                if k == shape.len() {
                    return;
                }
                let d = if fortran { k } else { shape.len() - 1 - k };
                index[d] += 1;
                if index[d] < shape[d] {
                    break;
                }
                index[d] = 0;
                k += 1;
            }
        }
    }

    /// The items, one after the other in order `C`, `F`, or `A` (Fortran's if the memory is so, else C's).
    ///
    /// # Safety
    /// The view is alive; its memory does not change meanwhile.
    pub unsafe fn to_vec(&self, order: u8) -> Vec<u8> {
        let fortran = match order {
            b'F' => true,
            b'A' => self.is_contiguous(b'F'),
            _ => false,
        };
        if self.is_contiguous(if fortran { b'F' } else { b'C' }) {
            if self.len == 0 {
                return Vec::new();
            }
            // SAFETY: contiguous memory of that length.
            return unsafe { core::slice::from_raw_parts(self.buf as *const u8, self.len as usize) }.to_vec();
        }
        let mut out = Vec::with_capacity(self.len as usize);
        // SAFETY: each item is `itemsize` bytes.
        unsafe {
            self.for_each_item(fortran, |p| {
                out.extend_from_slice(core::slice::from_raw_parts(p, self.itemsize as usize));
            });
        }
        out
    }
}

/// The strides of contiguous memory (`PyBuffer_FillContiguousStrides`).
pub fn contiguous_strides(shape: &[isize], itemsize: isize, order: u8) -> Vec<isize> {
    let mut out = vec![0; shape.len()];
    let mut step = itemsize;
    let mut set = |i: usize| {
        out[i] = step;
        step = step.wrapping_mul(shape[i]);
    };
    if order == b'F' {
        (0..shape.len()).for_each(&mut set)
    } else {
        (0..shape.len()).rev().for_each(&mut set)
    }
    out
}

/// The address of an item.
///
/// # Safety
/// The indices are within the shape of the view that the other arguments are of.
pub unsafe fn item_pointer(buf: *mut c_void, strides: &[isize], suboffsets: &[isize], index: &[isize]) -> *mut u8 {
    let mut p = buf as *mut u8;
    for (d, (&i, &stride)) in index.iter().zip(strides).enumerate() {
        // SAFETY: by contract; a suboffset that is not negative stands for a pointer to follow.
        unsafe {
            p = p.offset(stride * i);
            if let Some(&sub) = suboffsets.get(d)
                && sub >= 0
            {
                p = (*(p as *const *mut u8)).offset(sub);
            }
        }
    }
    p
}

/// A view of an object's memory, given back on drop.
pub struct Buffer {
    /// Boxed: the view's own arrays may be inside of it.
    view: Box<Py_buffer>,
}

impl Buffer {
    /// A view of `obj`'s memory. `flags` are `PyBUF_*`.
    ///
    /// # Errors
    /// TypeError "a bytes-like object is required, not '…'"; BufferError as the exporter says.
    pub fn get(py: Python, obj: &PyObject, flags: c_int) -> PyResult<Buffer> {
        let mut view = Box::new(Py_buffer::EMPTY);
        // SAFETY: the view stays in its box.
        unsafe { fill(py, obj, &mut *view, flags)? };
        let buffer = Buffer { view };
        if flags & STRIDES != STRIDES && !buffer.view.is_contiguous(b'C') {
            return Err(raise!(py, BufferError, "contiguous buffer is required"));
        }
        Ok(buffer)
    }

    /// The view itself.
    pub fn view(&self) -> &Py_buffer {
        &self.view
    }

    /// Bytes in all.
    pub fn len(&self) -> usize {
        self.view.len as usize
    }

    pub fn is_readonly(&self) -> bool {
        self.view.readonly != 0
    }

    /// The memory of a contiguous view; empty for another. No Python code that writes to it may run while it is borrowed.
    pub fn as_slice(&self) -> &[u8] {
        if self.view.len <= 0 || self.view.buf.is_null() || !self.view.is_contiguous(b'A') {
            return &[];
        }
        // SAFETY: contiguous memory of that length, kept by the exporter until the view is given back.
        unsafe { core::slice::from_raw_parts(self.view.buf as *const u8, self.view.len as usize) }
    }

    /// The memory of a contiguous, writable view; empty for another. Nothing else may touch it while it is borrowed.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        if self.view.readonly != 0 || self.view.len <= 0 || self.view.buf.is_null() || !self.view.is_contiguous(b'A') {
            return &mut [];
        }
        // SAFETY: as above, and writable.
        unsafe { core::slice::from_raw_parts_mut(self.view.buf as *mut u8, self.view.len as usize) }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: the view was filled; handles live only while the GIL is held.
        unsafe { release(&mut *self.view) }
    }
}

/// Is the memory contiguous in order `C`, `F` or either (`A`)?
pub fn is_contiguous(view: &Py_buffer, order: u8) -> bool {
    view.is_contiguous(order)
}

fn status(result: PyResult<()>) -> c_int {
    if result.is_ok() { 0 } else { -1 }
}

/// `PyObject_CheckBuffer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_CheckBuffer(obj: *mut PyObject) -> c_int {
    // SAFETY: a live object.
    check(unsafe { &*obj }) as c_int
}

/// `PyObject_GetBuffer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetBuffer(obj: *mut PyObject, view: *mut Py_buffer, flags: c_int) -> c_int {
    // SAFETY: called with the GIL held, a live object and a view to fill.
    unsafe { status(fill(Python::assume(), &*obj, view, flags)) }
}

/// `PyBuffer_Release`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_Release(view: *mut Py_buffer) {
    // SAFETY: a view that was filled.
    unsafe { release(view) }
}

/// `PyBuffer_FillInfo`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_FillInfo(
    view: *mut Py_buffer,
    obj: *mut PyObject,
    buf: *mut c_void,
    len: isize,
    readonly: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: called with the GIL held.
    unsafe { status(fill_info(Python::assume(), view, obj.as_ref(), buf, len, readonly != 0, flags)) }
}

/// `PyBuffer_IsContiguous`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_IsContiguous(view: *const Py_buffer, order: c_char) -> c_int {
    // SAFETY: a filled view.
    unsafe { (*view).is_contiguous(order as u8) as c_int }
}

/// `PyBuffer_GetPointer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_GetPointer(view: *const Py_buffer, indices: *const isize) -> *mut c_void {
    // SAFETY: a filled view and as many indices as dimensions.
    unsafe {
        let view = &*view;
        let indices = core::slice::from_raw_parts(indices, view.ndim as usize);
        item_pointer(view.buf, view.strides_slice(), view.suboffsets_slice(), indices) as *mut c_void
    }
}

/// `PyBuffer_FillContiguousStrides`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_FillContiguousStrides(
    ndim: c_int,
    shape: *mut isize,
    strides: *mut isize,
    itemsize: c_int,
    order: c_char,
) {
    if ndim <= 0 {
        return;
    }
    // SAFETY: both arrays have `ndim` entries.
    unsafe {
        let shape = core::slice::from_raw_parts(shape, ndim as usize);
        let filled = contiguous_strides(shape, itemsize as isize, order as u8);
        core::ptr::copy_nonoverlapping(filled.as_ptr(), strides, filled.len());
    }
}

/// `PyBuffer_ToContiguous`: the items of a view, copied to `buf` in the order given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_ToContiguous(
    buf: *mut c_void,
    src: *const Py_buffer,
    len: isize,
    order: c_char,
) -> c_int {
    // SAFETY: called with the GIL held; `buf` holds `len` bytes.
    unsafe {
        let py = Python::assume();
        if (*src).len != len {
            let _ = raise!(py, ValueError, "PyBuffer_ToContiguous: len != view->len");
            return -1;
        }
        let data = (*src).to_vec(order as u8);
        core::ptr::copy_nonoverlapping(data.as_ptr(), buf as *mut u8, data.len());
        0
    }
}

/// `PyBuffer_FromContiguous`: bytes in the order given, copied to the items of a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_FromContiguous(
    view: *const Py_buffer,
    buf: *const c_void,
    len: isize,
    order: c_char,
) -> c_int {
    // SAFETY: `buf` holds `len` bytes; the view is alive and writable.
    unsafe {
        let view = &*view;
        let mut left = len.min(view.len);
        let mut from = buf as *const u8;
        let size = view.itemsize;
        view.for_each_item(order as u8 == b'F', |p| {
            if left >= size {
                core::ptr::copy_nonoverlapping(from, p, size as usize);
                from = from.offset(size);
                left -= size;
            }
        });
        0
    }
}

/// `PyObject_CopyData`: the bytes of `src`, copied to `dest`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_CopyData(dest: *mut PyObject, src: *mut PyObject) -> c_int {
    // SAFETY: called with the GIL held and live objects.
    let (py, dest, src) = unsafe { (Python::assume(), &*dest, &*src) };
    let body = || -> PyResult<()> {
        if !check(dest) || !check(src) {
            return Err(raise!(py, TypeError, "both destination and source must be bytes-like objects"));
        }
        let to = Buffer::get(py, dest, FULL)?;
        let from = Buffer::get(py, src, FULL_RO)?;
        if to.view().len < from.view().len {
            return Err(raise!(py, BufferError, "destination is too small to receive data from source"));
        }
        // SAFETY: both views are alive; the source is copied before anything is written.
        unsafe {
            let data = from.view().to_vec(b'C');
            PyBuffer_FromContiguous(to.view(), data.as_ptr().cast(), data.len() as isize, b'C' as c_char);
        }
        Ok(())
    };
    status(body())
}
