//! Handles: who owns a reference.
//!
//! * [`Py<T>`] owns one reference: `clone` counts up, `drop` counts down. It is one machine word and never null.
//! * `&T` borrows: free, and cannot outlive its owner. Every object type derefs to [`PyObject`].
//! * [`Slot<T>`] is a field that can be replaced through a shared reference (`Py_XSETREF` done right).
//! * [`PyResult<T>`] is `Result<T, Raised>`: `Raised` is a zero-sized mark; the exception itself is in the thread state.
//!   `PyResult<Py<T>>` and C's `PyObject *` with NULL for "raised" are the same machine word.
//!
//! Raw pointers enter and leave through the functions of this file, whose names say *owned*, *borrowed*, *nullable*.

use crate::header::PyObject;
use core::cell::Cell;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::ptr::NonNull;

/// A type whose values are laid out as Python objects: `#[repr(C)]` with a `PyObject` (or a struct that starts with one)
/// as first field.
///
/// # Safety
/// The layout must be as said; `T` must be sound to use through `&T` while the GIL is held (interior mutability only).
pub unsafe trait PyLayout {}

// SAFETY: the header itself.
unsafe impl PyLayout for PyObject {}
// SAFETY: starts with the header.
unsafe impl PyLayout for crate::header::PyVarObject {}

/// An owned reference.
#[repr(transparent)]
pub struct Py<T: PyLayout = PyObject> {
    ptr: NonNull<T>,
    _not_send: PhantomData<*const T>,
}

/// A Python exception is set in the thread state. Zero-sized; made only by raising.
#[derive(Debug)]
#[must_use]
pub struct Raised(());

/// What a fallible operation gives.
pub type PyResult<T = Py> = Result<T, Raised>;

impl Raised {
    /// States that an exception has just been set in the current thread state (by C code or by the functions of
    /// [`crate::err`], which are the only regular callers).
    #[inline(always)]
    pub fn assume() -> Raised {
        Raised(())
    }
}

impl<T: PyLayout> Py<T> {
    /// Takes over an owned, non-null pointer.
    ///
    /// # Safety
    /// `ptr` is a live `T`, and the caller gives up one reference to it.
    #[inline(always)]
    pub unsafe fn from_owned(ptr: *const T) -> Py<T> {
        // SAFETY: non-null by contract.
        Py { ptr: unsafe { NonNull::new_unchecked(ptr as *mut T) }, _not_send: PhantomData }
    }

    /// Takes over an owned pointer that is null when an exception was raised (what a C slot returns).
    ///
    /// # Safety
    /// As [`Py::from_owned`]; if null, an exception is set.
    #[inline(always)]
    pub unsafe fn from_owned_or_raised(ptr: *const T) -> PyResult<Py<T>> {
        match NonNull::new(ptr as *mut T) {
            Some(ptr) => Ok(Py { ptr, _not_send: PhantomData }),
            None => Err(Raised(())),
        }
    }

    /// Takes over an owned pointer that may be null.
    ///
    /// # Safety
    /// As [`Py::from_owned`] if not null.
    #[inline(always)]
    pub unsafe fn from_owned_nullable(ptr: *const T) -> Option<Py<T>> {
        NonNull::new(ptr as *mut T).map(|ptr| Py { ptr, _not_send: PhantomData })
    }

    /// Makes an owned handle from a borrowed pointer (counts up).
    ///
    /// # Safety
    /// `ptr` is a live `T`.
    #[inline(always)]
    pub unsafe fn from_borrowed(ptr: *const T) -> Py<T> {
        // SAFETY: live by contract.
        unsafe {
            (*(ptr as *const PyObject)).incref();
            Py::from_owned(ptr)
        }
    }

    /// As [`Py::from_borrowed`], `None` for null.
    ///
    /// # Safety
    /// `ptr` is null or a live `T`.
    #[inline(always)]
    pub unsafe fn from_borrowed_nullable(ptr: *const T) -> Option<Py<T>> {
        // SAFETY: live by contract.
        if ptr.is_null() { None } else { Some(unsafe { Py::from_borrowed(ptr) }) }
    }

    /// A new owned reference to a borrowed object (`Py_NewRef`).
    #[inline(always)]
    pub fn new_ref(obj: &T) -> Py<T> {
        // SAFETY: a reference is live.
        unsafe { Py::from_borrowed(obj) }
    }

    /// Gives up the handle: the caller now owns the reference as a raw pointer.
    #[inline(always)]
    pub fn into_raw(self) -> *mut T {
        ManuallyDrop::new(self).ptr.as_ptr()
    }

    /// As [`Py::into_raw`], as a `PyObject` pointer: what a C slot returns.
    #[inline(always)]
    pub fn into_raw_object(self) -> *mut PyObject {
        self.into_raw() as *mut PyObject
    }

    /// The pointer, still owned by the handle.
    #[inline(always)]
    pub fn as_raw(&self) -> *mut T {
        self.ptr.as_ptr()
    }

    /// Forgets the static type.
    #[inline(always)]
    pub fn into_object(self) -> Py {
        // SAFETY: every PyLayout starts with a PyObject; ownership moves over.
        unsafe { Py::from_owned(self.into_raw() as *const PyObject) }
    }

    #[inline(always)]
    pub fn as_object(&self) -> &PyObject {
        // SAFETY: every PyLayout starts with a PyObject.
        unsafe { &*(self.ptr.as_ptr() as *const PyObject) }
    }

    /// States the static type of an object.
    ///
    /// # Safety
    /// The object is laid out as `U`.
    #[inline(always)]
    pub unsafe fn cast_unchecked<U: PyLayout>(self) -> Py<U> {
        // SAFETY: by contract.
        unsafe { Py::from_owned(self.into_raw() as *const U) }
    }

    /// Keeps the object alive for ever.
    pub fn leak<'a>(self) -> &'a T {
        // SAFETY: the reference is never given back.
        unsafe { &*self.into_raw() }
    }
}

impl<T: PyLayout> Clone for Py<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        self.as_object().incref();
        Py { ptr: self.ptr, _not_send: PhantomData }
    }
}

impl<T: PyLayout> Drop for Py<T> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the handle owns one reference; handles exist only while the GIL is held.
        unsafe { PyObject::decref(self.ptr.as_ptr() as *const PyObject) }
    }
}

impl<T: PyLayout> Deref for Py<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the handle keeps the object alive.
        unsafe { self.ptr.as_ref() }
    }
}

impl<T: PyLayout> AsRef<T> for Py<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: PyLayout> From<&T> for Py<T> {
    fn from(obj: &T) -> Py<T> {
        Py::new_ref(obj)
    }
}

impl<T: PyLayout + core::fmt::Display> core::fmt::Display for Py<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        T::fmt(self, f)
    }
}

impl<T: PyLayout> core::fmt::Debug for Py<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "<{} object at {:p}>", self.as_object().ty().name(), self.ptr)
    }
}

/// A field holding an owned reference or nothing, replaceable through `&self`. One nullable machine word, so it can
/// stand where the C struct has a `PyObject *`.
#[repr(transparent)]
pub struct Slot<T: PyLayout = PyObject>(Cell<*mut T>, PhantomData<Py<T>>);

impl<T: PyLayout> Slot<T> {
    pub const fn empty() -> Slot<T> {
        Slot(Cell::new(core::ptr::null_mut()), PhantomData)
    }

    #[inline]
    pub fn new(value: Option<Py<T>>) -> Slot<T> {
        Slot(Cell::new(value.map_or(core::ptr::null_mut(), Py::into_raw)), PhantomData)
    }

    #[inline]
    pub fn some(value: Py<T>) -> Slot<T> {
        Slot(Cell::new(value.into_raw()), PhantomData)
    }

    #[inline(always)]
    pub fn is_none(&self) -> bool {
        self.0.get().is_null()
    }

    /// A new owned reference to what the field holds.
    #[inline]
    pub fn get(&self) -> Option<Py<T>> {
        // SAFETY: the field owns a reference to what it points to.
        unsafe { Py::from_borrowed_nullable(self.0.get()) }
    }

    /// The raw pointer, borrowed, may be null.
    #[inline(always)]
    pub fn as_raw(&self) -> *mut T {
        self.0.get()
    }

    /// Borrows what the field holds.
    ///
    /// # Safety
    /// The field must not be replaced while the borrow lives: no Python code may run that could do so.
    #[inline(always)]
    pub unsafe fn borrow(&self) -> Option<&T> {
        // SAFETY: by contract.
        unsafe { self.0.get().as_ref() }
    }

    /// Replaces the value and gives back the old one; drop it only when the object is consistent again.
    #[inline]
    pub fn replace(&self, value: Option<Py<T>>) -> Option<Py<T>> {
        let new = value.map_or(core::ptr::null_mut(), Py::into_raw);
        // SAFETY: the field owned the old pointer.
        unsafe { Py::from_owned_nullable(self.0.replace(new)) }
    }

    /// Sets the value; the old one is dropped after the new one is in place (`Py_XSETREF`).
    #[inline]
    pub fn set(&self, value: Option<Py<T>>) {
        drop(self.replace(value));
    }

    /// Empties the field (`Py_CLEAR`).
    #[inline]
    pub fn clear(&self) {
        drop(self.replace(None));
    }

    #[inline]
    pub fn take(&self) -> Option<Py<T>> {
        self.replace(None)
    }
}

impl<T: PyLayout> Drop for Slot<T> {
    fn drop(&mut self) {
        self.clear();
    }
}

impl<T: PyLayout> Default for Slot<T> {
    fn default() -> Self {
        Slot::empty()
    }
}
