//! Memory for objects: the header is written, a collector head (and the pre-header of managed dict and weak references)
//! is put in front where the type asks for it.

use crate::header::{PyGcHead, PyObject, PyVarObject};
use crate::memory::{gc, obmalloc};
use crate::typeobj::{PyTypeObject, flags};
use crate::{Python, Raised, err};

/// Bytes in front of an object of this type: managed weak reference list and dict pointers, then the collector head.
#[inline(always)]
pub fn presize(ty: &PyTypeObject) -> usize {
    let f = ty.tp_flags.get();
    (if f & flags::PREHEADER != 0 { 2 * size_of::<usize>() } else { 0 })
        + (if f & flags::HAVE_GC != 0 { size_of::<PyGcHead>() } else { 0 })
}

/// Bytes of an instance with `nitems` items, rounded up to words (`_PyObject_VAR_SIZE`).
#[inline(always)]
pub fn var_size(ty: &PyTypeObject, nitems: isize) -> Option<usize> {
    let items = (nitems as usize).checked_mul(ty.tp_itemsize.get() as usize)?;
    let size = (ty.tp_basicsize.get() as usize).checked_add(items)?;
    if size > isize::MAX as usize - 64 { None } else { Some((size + 7) & !7) }
}

/// Memory for an object without collector head, header written, one reference (`_PyObject_New`). The rest is uninitialised.
#[inline]
pub fn new(py: Python, ty: &PyTypeObject, size: usize) -> Result<*mut PyObject, Raised> {
    debug_assert!(!ty.has_feature(flags::HAVE_GC));
    // SAFETY: the GIL is held, as `py` proves; the block is large enough for a header.
    unsafe {
        let p = obmalloc::malloc(size) as *mut PyObject;
        if p.is_null() {
            return Err(err::no_memory(py));
        }
        init(p, ty);
        Ok(p)
    }
}

/// As [`new`] for an object with a size field.
#[inline]
pub fn new_var(py: Python, ty: &PyTypeObject, size: usize, nitems: isize) -> Result<*mut PyVarObject, Raised> {
    let p = new(py, ty, size)? as *mut PyVarObject;
    // SAFETY: just allocated with at least a var header.
    unsafe { set_size(p, nitems) };
    Ok(p)
}

/// Memory for an object with collector head (`_PyObject_GC_New`): not tracked yet; counts towards the next collection.
#[inline]
pub fn gc_new(py: Python, ty: &PyTypeObject, size: usize) -> Result<*mut PyObject, Raised> {
    let pre = presize(ty);
    // SAFETY: the GIL is held; the block holds the words in front and the header.
    unsafe {
        let block = obmalloc::malloc(size + pre);
        if block.is_null() {
            return Err(err::no_memory(py));
        }
        let obj = block.add(pre) as *mut PyObject;
        // All words in front are cleared: no dict, no weak references, not tracked.
        let words = block as *mut usize;
        *words.add(pre / 8 - 1) = 0;
        *words.add(pre / 8 - 2) = 0;
        if pre > size_of::<PyGcHead>() {
            *words = 0;
            *words.add(1) = 0;
        }
        init(obj, ty);
        gc::count_allocation(py);
        Ok(obj)
    }
}

/// As [`gc_new`] for an object with a size field.
#[inline]
pub fn gc_new_var(py: Python, ty: &PyTypeObject, size: usize, nitems: isize) -> Result<*mut PyVarObject, Raised> {
    let p = gc_new(py, ty, size)? as *mut PyVarObject;
    // SAFETY: just allocated with at least a var header.
    unsafe { set_size(p, nitems) };
    Ok(p)
}

unsafe fn set_size(p: *mut PyVarObject, nitems: isize) {
    // SAFETY: by the caller; the field follows the header.
    unsafe { *((p as *mut u8).add(size_of::<PyObject>()) as *mut isize) = nitems };
}

/// Writes the header of a new object; a heap type gains a reference (`_PyObject_Init`).
///
/// # Safety
/// `p` is memory for an instance of `ty`.
#[inline(always)]
pub unsafe fn init(p: *mut PyObject, ty: &PyTypeObject) {
    // SAFETY: by contract.
    unsafe { core::ptr::write(p, PyObject::new_head(ty)) };
    if ty.is_heap_type() {
        ty.incref();
    }
}

/// Gives back the memory of a dead object whose type is still readable; the type's reference is the caller's affair.
///
/// # Safety
/// The object is dead and untracked.
#[inline]
pub unsafe fn free(obj: *mut PyObject) {
    // SAFETY: by contract; the words in front belong to the block.
    unsafe {
        let ty = (*obj).ty();
        let pre = presize(ty);
        if ty.has_feature(flags::HAVE_GC) {
            gc::count_free();
        }
        obmalloc::free((obj as *mut u8).sub(pre));
    }
}

/// Frees a dead, untracked object through its type's `tp_free`, and the reference that an instance of a heap type holds to
/// its type, unless a subclass's own dealloc gives that back.
///
/// # Safety
/// As [`free`].
pub unsafe fn free_by_type(obj: *mut PyObject) {
    // SAFETY: by contract.
    unsafe {
        match (*obj).ty().tp_free.get() {
            Some(f) => f(obj as *mut core::ffi::c_void),
            None => free(obj),
        }
    }
}

/// Gives back memory from a freelist, where the type word is not valid any more.
///
/// # Safety
/// The memory came from [`new`] or [`gc_new`] of a type without pre-header, `gc` saying which.
pub unsafe fn free_memory(obj: *mut PyObject, gc: bool) {
    let pre = if gc { size_of::<PyGcHead>() } else { 0 };
    // SAFETY: by contract.
    unsafe { obmalloc::free((obj as *mut u8).sub(pre)) };
}

/// `tp_free` of types without collector head (`PyObject_Free`).
///
/// # Safety
/// As [`obmalloc::free`].
pub unsafe extern "C" fn PyObject_Free(p: *mut core::ffi::c_void) {
    // SAFETY: by contract.
    unsafe { obmalloc::free(p as *mut u8) };
}

/// `tp_free` of types with collector head (`PyObject_GC_Del`): untracks if need be.
///
/// # Safety
/// `p` is a dead object of such a type.
pub unsafe extern "C" fn PyObject_GC_Del(p: *mut core::ffi::c_void) {
    let obj = p as *mut PyObject;
    // SAFETY: by contract.
    unsafe {
        gc::untrack(&*obj);
        free(obj);
    }
}
