//! Capsules: opaque pointers that C extension modules pass to one another under a name.

use crate::header::visitproc;
use crate::typeobj::{inquiry, traverseproc};
use crate::{Py, PyObject, PyResult, PyStr, Python, Stop, Visit, pyclass, raise};
use crate::{PyClass, PyLayout};
use core::cell::Cell;
use core::ffi::{CStr, c_char, c_void};
use core::ptr::null_mut;

/// `PyCapsule_Destructor`.
pub type Destructor = unsafe extern "C" fn(*mut PyObject);

/// A named pointer.
#[repr(C)]
pub struct PyCapsule {
    pub ob_base: PyObject,
    pointer: Cell<*mut c_void>,
    /// Null or a C string that outlives the capsule.
    name: Cell<*const c_char>,
    context: Cell<*mut c_void>,
    destructor: Cell<Option<Destructor>>,
    traverse_func: Cell<Option<traverseproc>>,
    clear_func: Cell<Option<inquiry>>,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyCapsule {}

impl core::ops::Deref for PyCapsule {
    type Target = PyObject;
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyCapsule {
    /// `PyCapsule_New`.
    ///
    /// # Safety
    /// `name` is null or a C string that outlives the capsule.
    ///
    /// # Errors
    /// ValueError for a null pointer.
    pub unsafe fn new(
        py: Python,
        pointer: *mut c_void,
        name: *const c_char,
        destructor: Option<Destructor>,
    ) -> PyResult<Py<PyCapsule>> {
        if pointer.is_null() {
            return Err(raise!(py, ValueError, "PyCapsule_New called with null pointer"));
        }
        PyCapsule::alloc_exact(py, |ob_base: PyObject| PyCapsule {
            ob_base,
            pointer: Cell::new(pointer),
            name: Cell::new(name),
            context: Cell::new(null_mut()),
            destructor: Cell::new(destructor),
            traverse_func: Cell::new(None),
            clear_func: Cell::new(None),
        })
    }

    /// True if the capsule has this name.
    ///
    /// # Safety
    /// `name` is null or a C string.
    pub unsafe fn has_name(&self, name: *const c_char) -> bool {
        let own = self.name.get();
        if own.is_null() || name.is_null() {
            return own == name;
        }
        // SAFETY: both are C strings.
        unsafe { CStr::from_ptr(own) == CStr::from_ptr(name) }
    }

    /// The pointer, for those who know the name.
    ///
    /// # Safety
    /// `name` is null or a C string.
    ///
    /// # Errors
    /// ValueError for a wrong name.
    pub unsafe fn get(&self, py: Python, name: *const c_char) -> PyResult<*mut c_void> {
        // SAFETY: by contract.
        if !unsafe { self.has_name(name) } {
            return Err(raise!(py, ValueError, "PyCapsule_GetPointer called with incorrect name"));
        }
        Ok(self.pointer.get())
    }

    /// The cells that the C API's getters and setters work on.
    pub fn pointer(&self) -> &Cell<*mut c_void> {
        &self.pointer
    }
    pub fn name(&self) -> &Cell<*const c_char> {
        &self.name
    }
    pub fn context(&self) -> &Cell<*mut c_void> {
        &self.context
    }
    pub fn destructor(&self) -> &Cell<Option<Destructor>> {
        &self.destructor
    }

    /// `_PyCapsule_SetTraverse`: from now on the collector looks into the capsule.
    pub fn set_traverse(&self, traverse: traverseproc, clear: inquiry) {
        self.traverse_func.set(Some(traverse));
        self.clear_func.set(Some(clear));
    }
}

/// A pointer that native code passes around.
#[pyclass(name = "PyCapsule", static_name = PyCapsule_Type, flags(GC, DISALLOW_INSTANTIATION))]
impl PyCapsule {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let name = self.name.get();
        let (quote, name) = if name.is_null() {
            ("", "NULL".into())
        } else {
            // SAFETY: a C string that outlives the capsule.
            ("\"", unsafe { CStr::from_ptr(name) }.to_string_lossy())
        };
        PyStr::new(py, &format!("<capsule object {quote}{name}{quote} at {:#x}>", self.id()))
    }
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the capsule is dead but whole; its destructor may look into it.
        unsafe {
            crate::memory::gc::untrack(&(*this).ob_base);
            if let Some(destructor) = (*this).destructor.get() {
                destructor(this.cast());
            }
            crate::memory::alloc::free(this.cast());
        }
    }
    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: the capsule is alive; the function was set for it.
        unsafe {
            match (*this).traverse_func.get() {
                Some(f) => {
                    let (function, arg): (visitproc, *mut c_void) = visit.parts();
                    Visit::result(f(this.cast(), function, arg))
                }
                None => Ok(()),
            }
        }
    }
    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: as above.
        unsafe {
            if let Some(f) = (*this).clear_func.get() {
                f(this.cast());
            }
        }
    }
}

/// `PyCapsule_Import`: the pointer of the capsule at `module.attribute`.
pub fn import(py: Python, dotted: &str) -> PyResult<*mut c_void> {
    let mut parts = dotted.split('.');
    let first = parts.next().unwrap_or_default();
    let name = PyStr::new(py, first)?;
    let mut object = (crate::runtime::hooks::get().import_module)(py, &name)?;
    for part in parts {
        object = object.getattr(py, &*PyStr::intern(py, part)?)?;
    }
    let c_name = std::ffi::CString::new(dotted).unwrap_or_default();
    if let Some(capsule) = object.downcast::<PyCapsule>() {
        // SAFETY: a C string.
        if unsafe { capsule.has_name(c_name.as_ptr()) } {
            return Ok(capsule.pointer.get());
        }
    }
    Err(raise!(py, AttributeError, "PyCapsule_Import \"{dotted}\" is not valid"))
}
