//! The object header: `PyObject` and `PyVarObject`, and the reference count.
//!
//! Layout and meaning are those of CPython 3.14's GIL build on 64-bit Linux (PEP 683 immortal objects): the count is
//! the low 32 bits of the first word; an object whose count has its top bit set is immortal and is never counted.
//! **Nothing outside this file and [`crate::handle`] touches `ob_refcnt`.**

use crate::typeobj::PyTypeObject;
use core::cell::Cell;
use core::ffi::c_void;

/// Initial count of an immortal heap object (`_Py_IMMORTAL_INITIAL_REFCNT`).
pub const IMMORTAL_INITIAL_REFCNT: u32 = 3 << 30;
/// Smallest count that makes an object immortal (`_Py_IMMORTAL_MINIMUM_REFCNT`).
pub const IMMORTAL_MINIMUM_REFCNT: u32 = 1 << 31;
/// `ob_flags`: the object lives in static memory.
pub const STATICALLY_ALLOCATED_FLAG: u16 = 1 << 2;
/// `ob_flags`: immortal marks of a static object (`_Py_IMMORTAL_FLAGS`).
pub const IMMORTAL_FLAGS: u16 = 1;

/// The head of every Python object.
///
/// A `&PyObject` is a borrowed reference: it costs nothing and cannot outlive the owner it came from. All fields are
/// cells, so that sharing is sound while the GIL is held.
#[repr(C)]
pub struct PyObject {
    ob_refcnt: Cell<u32>,
    ob_overflow: Cell<u16>,
    ob_flags: Cell<u16>,
    ob_type: Cell<*const PyTypeObject>,
}

/// The head of an object whose size varies: lists, tuples, ints, bytes.
#[repr(C)]
pub struct PyVarObject {
    pub ob_base: PyObject,
    ob_size: Cell<isize>,
}

// SAFETY: objects are shared between threads, but touched only by the thread that holds the interpreter's GIL; a
// reference to one can be obtained only through a `Python` token or an owned handle, neither of which is `Send`.
// The impl is needed for objects that live in statics.
unsafe impl Sync for PyObject {}
// SAFETY: as for `PyObject`.
unsafe impl Sync for PyVarObject {}

impl PyObject {
    /// The header of an immortal object in static memory (`PyObject_HEAD_INIT`).
    pub const fn static_head(ty: *const PyTypeObject) -> PyObject {
        PyObject {
            ob_refcnt: Cell::new(IMMORTAL_INITIAL_REFCNT),
            ob_overflow: Cell::new(0),
            ob_flags: Cell::new(STATICALLY_ALLOCATED_FLAG | IMMORTAL_FLAGS),
            ob_type: Cell::new(ty),
        }
    }

    /// The header of a new mortal object with one reference.
    pub const fn new_head(ty: *const PyTypeObject) -> PyObject {
        PyObject { ob_refcnt: Cell::new(1), ob_overflow: Cell::new(0), ob_flags: Cell::new(0), ob_type: Cell::new(ty) }
    }

    /// The object's type, borrowed (`Py_TYPE`).
    #[inline(always)]
    pub fn ty(&self) -> &PyTypeObject {
        // SAFETY: `ob_type` always points to a live type; an object keeps its type alive.
        unsafe { &*self.ob_type.get() }
    }

    /// Replaces the type pointer without counting (`Py_SET_TYPE`). The caller takes care of the counts.
    #[inline(always)]
    pub fn set_ty_raw(&self, ty: *const PyTypeObject) {
        self.ob_type.set(ty);
    }

    /// True if the object's type is exactly `ty` (`Py_IS_TYPE`).
    #[inline(always)]
    pub fn is_type(&self, ty: &PyTypeObject) -> bool {
        core::ptr::eq(self.ob_type.get(), ty)
    }

    /// Object identity: Python's `is`.
    #[inline(always)]
    pub fn is(&self, other: &PyObject) -> bool {
        core::ptr::eq(self, other)
    }

    /// The reference count as `sys.getrefcount` sees it. Immortal objects report their fixed number.
    #[inline(always)]
    pub fn refcnt(&self) -> isize {
        self.ob_refcnt.get() as isize
    }

    /// True if nobody but the one reference at hand refers to the object, so that it may be changed in place.
    #[inline(always)]
    pub fn is_unique(&self) -> bool {
        self.ob_refcnt.get() == 1
    }

    #[inline(always)]
    pub fn is_immortal(&self) -> bool {
        (self.ob_refcnt.get() as i32) < 0
    }

    /// Makes the object immortal (`_Py_SetImmortal`); it is never freed from now on.
    pub fn set_immortal(&self) {
        self.ob_refcnt.set(IMMORTAL_INITIAL_REFCNT);
        self.ob_flags.set(self.ob_flags.get() | IMMORTAL_FLAGS);
    }

    /// Sets the count outright (`Py_SET_REFCNT`). For the collector, resurrection and freelists only.
    #[inline(always)]
    pub fn set_refcnt(&self, n: u32) {
        self.ob_refcnt.set(n);
    }

    /// Takes one more reference (`Py_INCREF`). Prefer [`crate::Py`], which pairs it.
    #[inline(always)]
    pub fn incref(&self) {
        let n = self.ob_refcnt.get();
        if n < IMMORTAL_INITIAL_REFCNT {
            self.ob_refcnt.set(n + 1);
        }
    }

    /// Gives back one reference; at zero the object is deallocated at once (`Py_DECREF`).
    ///
    /// # Safety
    /// The caller owns a reference and does not use it afterwards; the GIL is held.
    #[inline(always)]
    pub unsafe fn decref(this: *const PyObject) {
        // SAFETY: the caller owns a reference, so the object is alive here.
        let count = unsafe { &(*this).ob_refcnt };
        let n = count.get();
        if (n as i32) < 0 {
            return;
        }
        count.set(n - 1);
        if n == 1 {
            // SAFETY: the last reference is gone, the object is ours to free.
            unsafe { dealloc(this as *mut PyObject) }
        }
    }

    /// Gives back a reference that is known not to be the last one, or to an object that is freed elsewhere.
    ///
    /// # Safety
    /// The caller owns a reference; if it was the last one the object leaks with a count of zero.
    #[inline(always)]
    pub unsafe fn decref_no_dealloc(this: *const PyObject) {
        // SAFETY: see above.
        let count = unsafe { &(*this).ob_refcnt };
        let n = count.get();
        if (n as i32) >= 0 {
            count.set(n - 1);
        }
    }

    #[inline(always)]
    pub fn as_ptr(&self) -> *mut PyObject {
        self as *const PyObject as *mut PyObject
    }

    /// `id(obj)`.
    #[inline(always)]
    pub fn id(&self) -> usize {
        self as *const PyObject as usize
    }
}

/// Calls the type's `tp_dealloc` (`_Py_Dealloc`).
///
/// # Safety
/// The object's count is zero and nobody refers to it.
#[inline(never)]
pub unsafe fn dealloc(this: *mut PyObject) {
    // SAFETY: the object is still whole; every ready type has a tp_dealloc.
    unsafe {
        let ty = (*this).ob_type.get();
        match (*ty).tp_dealloc.get() {
            Some(f) => f(this),
            None => debug_assert!(false, "type without tp_dealloc"),
        }
    }
}

impl PyVarObject {
    pub const fn static_head(ty: *const PyTypeObject, size: isize) -> PyVarObject {
        PyVarObject { ob_base: PyObject::static_head(ty), ob_size: Cell::new(size) }
    }

    /// `Py_SIZE`.
    #[inline(always)]
    pub fn size(&self) -> isize {
        self.ob_size.get()
    }

    /// `Py_SET_SIZE`.
    #[inline(always)]
    pub fn set_size(&self, n: isize) {
        self.ob_size.set(n);
    }
}

impl core::ops::Deref for PyVarObject {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

/// The two words in front of every object that the collector knows (`PyGC_Head`).
#[repr(C)]
pub struct PyGcHead {
    pub(crate) next: Cell<usize>,
    pub(crate) prev: Cell<usize>,
}

impl PyGcHead {
    /// The head in front of `obj`.
    ///
    /// # Safety
    /// `obj` was allocated with a collector head (its type has `Py_TPFLAGS_HAVE_GC`).
    #[inline(always)]
    pub unsafe fn of(obj: *const PyObject) -> *mut PyGcHead {
        // SAFETY: see above.
        unsafe { (obj as *mut PyGcHead).sub(1) }
    }

    #[inline(always)]
    pub fn object(&self) -> *mut PyObject {
        // SAFETY: the object follows its head.
        unsafe { (self as *const PyGcHead).add(1) as *mut PyObject }
    }
}

/// `visitproc`.
pub type visitproc = unsafe extern "C" fn(*mut PyObject, *mut c_void) -> core::ffi::c_int;
