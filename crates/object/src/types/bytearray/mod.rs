//! `bytearray`: layout, memory. The memory begins at `ob_bytes`, the contents at `ob_start`, so that taking bytes from
//! the front moves nothing.

mod class;
pub mod iter;
mod slices;

pub use class::PyByteArray_Type;

use crate::bytes_methods::ByteSeq;
use crate::memory::obmalloc;
use crate::{Py, PyClass, PyLayout, PyObject, PyResult, PyVarObject, Python, err, raise};
use core::cell::Cell;
use core::ptr::null_mut;

/// `PyByteArrayObject`.
#[repr(C)]
pub struct PyByteArray {
    pub ob_base: PyVarObject,
    /// Bytes of memory at `ob_bytes`.
    pub ob_alloc: Cell<isize>,
    /// Null if there is none.
    pub ob_bytes: Cell<*mut u8>,
    pub ob_start: Cell<*mut u8>,
    /// Views that others hold: while there are some, the memory stays where it is.
    pub ob_exports: Cell<isize>,
}

const _: () = assert!(size_of::<PyByteArray>() == 56);

// SAFETY: starts with the header.
unsafe impl PyLayout for PyByteArray {}

impl core::ops::Deref for PyByteArray {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base.ob_base
    }
}

impl PyByteArray {
    /// A new one with a copy of `data`.
    pub fn new(py: Python, data: &[u8]) -> PyResult<Py<PyByteArray>> {
        let this = PyByteArray::empty(py, &PyByteArray_Type)?;
        this.append_slice(py, data)?;
        Ok(this)
    }

    /// An empty instance of `cls`.
    fn empty(py: Python, cls: &crate::PyType) -> PyResult<Py<PyByteArray>> {
        PyByteArray::alloc(py, cls, |ob_base| PyByteArray {
            ob_base,
            ob_alloc: Cell::new(0),
            ob_bytes: Cell::new(null_mut()),
            ob_start: Cell::new(null_mut()),
            ob_exports: Cell::new(0),
        })
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ob_base.size() as usize
    }

    /// Runs `f` on the contents; it must not run Python code.
    #[inline]
    pub fn with_slice<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        let n = self.len();
        if n == 0 {
            return f(&[]);
        }
        // SAFETY: `ob_size` bytes begin at `ob_start`; nothing changes them while `f` runs.
        f(unsafe { core::slice::from_raw_parts(self.ob_start.get(), n) })
    }

    /// Runs `f` on the contents to change them; it must not run Python code.
    #[inline]
    pub fn with_mut_slice<R>(&self, f: impl FnOnce(&mut [u8]) -> R) -> R {
        let n = self.len();
        if n == 0 {
            return f(&mut []);
        }
        // SAFETY: `ob_size` bytes begin at `ob_start`; nothing else touches them while `f` runs.
        f(unsafe { core::slice::from_raw_parts_mut(self.ob_start.get(), n) })
    }

    /// The byte at `i`.
    #[inline]
    pub fn get(&self, i: usize) -> Option<u8> {
        self.with_slice(|s| s.get(i).copied())
    }

    /// BufferError if somebody holds a view.
    pub(crate) fn check_resizable(&self, py: Python) -> PyResult<()> {
        if self.ob_exports.get() > 0 {
            return Err(raise!(py, BufferError, "Existing exports of data: object cannot be re-sized"));
        }
        Ok(())
    }

    /// Changes the length (`PyByteArray_Resize`); new bytes at the end are not initialised.
    ///
    /// # Errors
    /// BufferError "Existing exports of data: object cannot be re-sized", MemoryError.
    ///
    /// # Safety
    /// The caller writes the new bytes before anything else sees them.
    pub(crate) unsafe fn resize_uninit(&self, py: Python, size: usize) -> PyResult<()> {
        let old = self.len();
        if size == old {
            return Ok(());
        }
        self.check_resizable(py)?;
        let alloc = self.ob_alloc.get() as usize;
        let offset = self.ob_start.get().addr() - self.ob_bytes.get().addr();
        if size >= isize::MAX as usize - 1 {
            return Err(err::no_memory(py));
        }
        let wanted = if size + offset < alloc {
            if size >= alloc / 2 {
                self.ob_base.set_size(size as isize);
                // SAFETY: there is room for the contents and the terminator.
                unsafe { *self.ob_start.get().add(size) = 0 };
                return Ok(());
            }
            // Much smaller: down to what is needed.
            size + 1
        } else if size as f64 <= alloc as f64 * 1.125 {
            // A little larger: room for more, as it will probably go on.
            size + (size >> 3) + if size < 9 { 3 } else { 6 }
        } else {
            size + 1
        };
        // SAFETY: the memory is the object's own; what is kept fits both old and new memory.
        unsafe {
            let new = if offset > 0 {
                let new = obmalloc::malloc(wanted);
                if new.is_null() {
                    return Err(err::no_memory(py));
                }
                core::ptr::copy_nonoverlapping(self.ob_start.get(), new, size.min(old));
                obmalloc::free(self.ob_bytes.get());
                new
            } else {
                let new = obmalloc::realloc(self.ob_bytes.get(), wanted);
                if new.is_null() {
                    return Err(err::no_memory(py));
                }
                new
            };
            self.ob_bytes.set(new);
            self.ob_start.set(new);
            self.ob_alloc.set(wanted as isize);
            self.ob_base.set_size(size as isize);
            *new.add(size) = 0;
        }
        Ok(())
    }

    /// Changes the length; new bytes at the end are zero.
    pub fn resize(&self, py: Python, size: usize) -> PyResult<()> {
        let old = self.len();
        // SAFETY: the new bytes are written at once.
        unsafe {
            self.resize_uninit(py, size)?;
            if size > old {
                core::ptr::write_bytes(self.ob_start.get().add(old), 0, size - old);
            }
        }
        Ok(())
    }

    /// Appends bytes, which are not the object's own.
    pub fn append_slice(&self, py: Python, data: &[u8]) -> PyResult<()> {
        if data.is_empty() {
            return Ok(());
        }
        let old = self.len();
        let Some(size) = old.checked_add(data.len()) else { return Err(err::no_memory(py)) };
        // SAFETY: the new bytes are written at once.
        unsafe {
            self.resize_uninit(py, size)?;
            core::ptr::copy_nonoverlapping(data.as_ptr(), self.ob_start.get().add(old), data.len());
        }
        Ok(())
    }
}

impl ByteSeq for PyByteArray {
    const NAME: &'static str = "bytearray";
    #[inline]
    fn view<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        self.with_slice(f)
    }
    fn make(py: Python, bytes: &[u8]) -> PyResult<Py<PyByteArray>> {
        PyByteArray::new(py, bytes)
    }
    fn unchanged(&self, py: Python) -> PyResult<Py<PyByteArray>> {
        self.with_slice(|s| PyByteArray::new(py, s))
    }
    fn as_object(&self) -> &PyObject {
        self
    }
}
