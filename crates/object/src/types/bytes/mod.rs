//! `bytes`: layout, access, making.

mod class;
pub mod from;
pub mod iter;

pub use class::PyBytes_Type;
pub(crate) use class::{repr_quoted, warn_comparison};

use crate::bytes_methods::ByteSeq;
use crate::memory::alloc;
use crate::{Py, PyLayout, PyObject, PyResult, PyVarObject, Python};
use core::cell::Cell;
use core::sync::atomic::{AtomicPtr, Ordering};

/// `PyBytesObject`: the bytes and a terminating NUL follow the hash.
#[repr(C)]
pub struct PyBytes {
    pub ob_base: PyVarObject,
    ob_shash: Cell<isize>,
    ob_sval: [Cell<u8>; 1],
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyBytes {}

impl core::ops::Deref for PyBytes {
    type Target = PyVarObject;
    #[inline(always)]
    fn deref(&self) -> &PyVarObject {
        &self.ob_base
    }
}

/// Bytes of an empty object, terminator included (`PyBytesObject_SIZE`).
pub const BYTES_HEAD: usize = core::mem::offset_of!(PyBytes, ob_sval) + 1;

/// The one object of each byte, and the empty one: immortal.
static CHARACTERS: [AtomicPtr<PyBytes>; 257] = [const { AtomicPtr::new(core::ptr::null_mut()) }; 257];

impl PyBytes {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ob_base.size() as usize
    }

    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: `ob_size` bytes follow, and never change once the object is shared.
        unsafe { core::slice::from_raw_parts(self.ob_sval.as_ptr() as *const u8, self.len()) }
    }

    /// A new object of `n` uninitialised bytes, terminator written.
    ///
    /// # Safety
    /// The caller writes all bytes (through [`PyBytes::data_ptr`]) before anything else sees the object.
    pub unsafe fn alloc_uninit(py: Python, n: usize) -> PyResult<Py<PyBytes>> {
        if n > isize::MAX as usize - BYTES_HEAD {
            return Err(crate::raise!(py, OverflowError, "byte string is too large"));
        }
        let p = alloc::new_var(py, &PyBytes_Type, BYTES_HEAD + n, n as isize)? as *mut PyBytes;
        // SAFETY: the block is large enough.
        unsafe {
            (*p).ob_shash.set(-1);
            *((&raw mut (*p).ob_sval) as *mut u8).add(n) = 0;
            Ok(Py::from_owned(p))
        }
    }

    #[inline(always)]
    pub fn data_ptr(&self) -> *mut u8 {
        self.ob_sval.as_ptr() as *mut u8
    }

    /// A copy of `data`. Empty ones and those of one byte are always the same objects.
    #[inline]
    pub fn new(py: Python, data: &[u8]) -> PyResult<Py<PyBytes>> {
        match data {
            [] => PyBytes::character(py, 256, data),
            [c] => PyBytes::character(py, *c as usize, data),
            _ => PyBytes::copy(py, data),
        }
    }

    fn copy(py: Python, data: &[u8]) -> PyResult<Py<PyBytes>> {
        // SAFETY: filled at once.
        unsafe {
            let b = PyBytes::alloc_uninit(py, data.len())?;
            core::ptr::copy_nonoverlapping(data.as_ptr(), b.data_ptr(), data.len());
            Ok(b)
        }
    }

    /// The shared object number `i` of [`CHARACTERS`], whose contents are `data`.
    #[inline]
    fn character(py: Python, i: usize, data: &[u8]) -> PyResult<Py<PyBytes>> {
        let p = CHARACTERS[i].load(Ordering::Relaxed);
        if !p.is_null() {
            // SAFETY: immortal.
            return Ok(unsafe { Py::from_borrowed(p) });
        }
        let new = PyBytes::copy(py, data)?;
        new.set_immortal();
        CHARACTERS[i].store(new.as_raw(), Ordering::Relaxed);
        Ok(new)
    }

    /// `b""`.
    #[inline]
    pub fn empty(py: Python) -> PyResult<Py<PyBytes>> {
        PyBytes::new(py, &[])
    }

    /// An instance of `cls`, a subclass, with these bytes.
    pub(crate) fn for_subclass(py: Python, cls: &crate::PyType, data: &[u8]) -> PyResult<Py<PyBytes>> {
        let Some(alloc) = cls.tp_alloc.get() else {
            return Err(crate::raise!(py, SystemError, "type '{}' is not ready", cls.full_name()));
        };
        // SAFETY: `tp_alloc` takes its own type and makes room for the items and one more byte.
        unsafe {
            let obj = alloc(cls as *const crate::PyType as *mut crate::PyType, data.len() as isize) as *mut PyBytes;
            let new: Py<PyBytes> = Py::from_owned_or_raised(obj)?;
            new.ob_shash.set(-1);
            core::ptr::copy_nonoverlapping(data.as_ptr(), new.data_ptr(), data.len());
            *new.data_ptr().add(data.len()) = 0;
            Ok(new)
        }
    }

    /// The cached hash cell, -1 if not computed.
    pub(crate) fn hash_cell(&self) -> &Cell<isize> {
        &self.ob_shash
    }
}

impl ByteSeq for PyBytes {
    const NAME: &'static str = "bytes";
    #[inline]
    fn view<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        f(self.as_slice())
    }
    fn make(py: Python, bytes: &[u8]) -> PyResult<Py<PyBytes>> {
        PyBytes::new(py, bytes)
    }
    fn unchanged(&self, py: Python) -> PyResult<Py<PyBytes>> {
        if self.is_type(&PyBytes_Type) { Ok(Py::new_ref(self)) } else { PyBytes::new(py, self.as_slice()) }
    }
    fn as_object(&self) -> &PyObject {
        self
    }
}
