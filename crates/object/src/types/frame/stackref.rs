//! References on the evaluation stack and in locals (`_PyStackRef`).

use crate::singletons;
use crate::{Py, PyLayout, PyObject};

/// A word that refers to an object. Bit 0 says that the reference is not counted: it is borrowed (from a local that
/// outlives it) or the object is immortal. Bits 0 and 1 both set: a small integer (the index pushed with `lasti`).
///
/// `Copy`, with no destructor: the evaluation loop moves these about, and [`StackRef::close`] gives one back.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StackRef(pub usize);

const UNCOUNTED: usize = 1;

impl StackRef {
    /// The empty slot.
    pub const NULL: StackRef = StackRef(UNCOUNTED);

    #[inline(always)]
    pub fn is_null(self) -> bool {
        self.0 == UNCOUNTED
    }

    /// Takes over an owned reference.
    #[inline(always)]
    pub fn from_owned<T: PyLayout>(obj: Py<T>) -> StackRef {
        StackRef::steal(obj.into_raw() as *mut PyObject)
    }

    /// Takes over an owned raw reference. Immortal objects are marked uncounted.
    #[inline(always)]
    pub fn steal(p: *mut PyObject) -> StackRef {
        // SAFETY: an owned reference is alive.
        let immortal = unsafe { (*p).is_immortal() };
        StackRef(p as usize | immortal as usize)
    }

    /// Takes over an owned reference to an object known to be mortal.
    #[inline(always)]
    pub fn steal_mortal(p: *mut PyObject) -> StackRef {
        StackRef(p as usize)
    }

    /// A new counted reference to a borrowed object.
    #[inline(always)]
    pub fn new_ref(obj: &PyObject) -> StackRef {
        if obj.is_immortal() {
            StackRef(obj.id() | UNCOUNTED)
        } else {
            obj.incref();
            StackRef(obj.id())
        }
    }

    /// An uncounted reference; the object must outlive it.
    #[inline(always)]
    pub fn borrowed(p: *const PyObject) -> StackRef {
        StackRef(p as usize | UNCOUNTED)
    }

    /// An uncounted copy of this reference, which must outlive it.
    #[inline(always)]
    pub fn borrow(self) -> StackRef {
        StackRef(self.0 | UNCOUNTED)
    }

    #[inline(always)]
    pub fn is_counted(self) -> bool {
        self.0 & UNCOUNTED == 0
    }

    /// The object's address; null for [`StackRef::NULL`].
    #[inline(always)]
    pub fn as_ptr(self) -> *mut PyObject {
        (self.0 & !UNCOUNTED) as *mut PyObject
    }

    /// Borrows the object.
    ///
    /// # Safety
    /// The reference is not null nor a tagged int, and the object outlives `'a`.
    #[inline(always)]
    pub unsafe fn get<'a>(self) -> &'a PyObject {
        // SAFETY: by contract.
        unsafe { &*self.as_ptr() }
    }

    /// A second reference: counted if this one is.
    ///
    /// # Safety
    /// The reference is alive and not null.
    #[inline(always)]
    pub unsafe fn dup(self) -> StackRef {
        if self.is_counted() {
            // SAFETY: alive.
            unsafe { (*(self.0 as *const PyObject)).incref() };
        }
        self
    }

    /// Gives the reference back. Not for null.
    ///
    /// # Safety
    /// The reference is alive and not used afterwards.
    #[inline(always)]
    pub unsafe fn close(self) {
        if self.is_counted() {
            // SAFETY: a counted reference owns one count.
            unsafe { PyObject::decref(self.0 as *const PyObject) }
        }
    }

    /// As [`StackRef::close`]; null is allowed (it is uncounted).
    ///
    /// # Safety
    /// As [`StackRef::close`].
    #[inline(always)]
    pub unsafe fn xclose(self) {
        // SAFETY: null has the uncounted bit.
        unsafe { self.close() }
    }

    /// Turns the reference into an owned handle (`PyStackRef_AsPyObjectSteal`).
    ///
    /// # Safety
    /// Alive and not null; not used afterwards.
    #[inline(always)]
    pub unsafe fn into_py(self) -> Py {
        // SAFETY: by contract.
        unsafe { if self.is_counted() { Py::from_owned(self.as_ptr()) } else { Py::from_borrowed(self.as_ptr()) } }
    }

    /// A counted reference in its place, fit to be stored where it may outlive its source.
    ///
    /// # Safety
    /// Alive and not null; the old one is not used afterwards.
    #[inline(always)]
    pub unsafe fn heap_safe(self) -> StackRef {
        if self.is_counted() {
            return self;
        }
        // SAFETY: alive.
        unsafe { if (*self.as_ptr()).is_immortal() { self } else { StackRef::new_ref(self.get()) } }
    }

    /// A small integer.
    #[inline(always)]
    pub fn tagged_int(v: isize) -> StackRef {
        StackRef(((v << 2) | 3) as usize)
    }
    #[inline(always)]
    pub fn is_tagged_int(self) -> bool {
        self.0 & 3 == 3
    }
    #[inline(always)]
    pub fn untag_int(self) -> isize {
        self.0 as isize >> 2
    }

    #[inline(always)]
    pub fn none() -> StackRef {
        StackRef::borrowed(singletons::none())
    }
    #[inline(always)]
    pub fn true_() -> StackRef {
        StackRef::borrowed(singletons::true_())
    }
    #[inline(always)]
    pub fn false_() -> StackRef {
        StackRef::borrowed(singletons::false_())
    }
    #[inline(always)]
    pub fn bool(b: bool) -> StackRef {
        if b { StackRef::true_() } else { StackRef::false_() }
    }
    #[inline(always)]
    pub fn is_none(self) -> bool {
        self.as_ptr() as *const PyObject == singletons::none() as *const PyObject
    }
    #[inline(always)]
    pub fn is_true(self) -> bool {
        self.as_ptr() as *const PyObject == singletons::true_() as *const PyObject
    }
    #[inline(always)]
    pub fn is_false(self) -> bool {
        self.as_ptr() as *const PyObject == singletons::false_() as *const PyObject
    }
}
