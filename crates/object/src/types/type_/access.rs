//! Reading a type object: its dictionary, bases, MRO and heap part.

use super::StaticState;
use crate::typeobj::{PyHeapTypeObject, flags};
use crate::{Py, PyDict, PyObject, PyStr, PyTuple, PyType, PyTypeObject, Python};

/// This interpreter's part of a built-in static type.
#[inline]
pub fn static_state<'py>(py: Python<'py>, ty: &PyType) -> Option<&'py StaticState> {
    let index = (ty.tp_subclasses.get() as usize).checked_sub(1)?;
    let state = super::cache::of(py).static_state(index)?;
    // SAFETY: static states live as long as the interpreter.
    Some(unsafe { &*core::ptr::from_ref(state) })
}

/// Where the weak references to `ty` hang: in the type, or for built-in static types in the interpreter.
pub fn weaklist_cell<'a>(py: Python<'a>, ty: &'a PyType) -> &'a core::cell::Cell<*mut PyObject> {
    if ty.has_feature(flags::STATIC_BUILTIN) {
        if let Some(state) = static_state(py, ty) {
            return &state.weaklist;
        }
    }
    &ty.tp_weaklist
}

impl PyTypeObject {
    /// The class dictionary, `None` before the type is ready.
    #[inline]
    pub fn try_dict<'a>(&'a self, py: Python<'a>) -> Option<&'a PyDict> {
        if self.has_feature(flags::STATIC_BUILTIN) {
            // SAFETY: a type's dictionary is never replaced; it lives as long as the interpreter.
            return static_state(py, self).and_then(|s| unsafe { s.dict.borrow() });
        }
        // SAFETY: tp_dict is null or a dict that the type owns.
        unsafe { (self.tp_dict.get() as *const PyDict).as_ref() }
    }

    /// The class dictionary of a ready type (`PyType_GetDict`, borrowed). Whoever changes it calls
    /// [`PyTypeObject::modified`].
    #[inline]
    pub fn dict(&self) -> &PyDict {
        // SAFETY: types are used only with the GIL held.
        let py = unsafe { Python::assume() };
        // SAFETY: the dictionary lives as long as the type.
        unsafe { &*core::ptr::from_ref(self.try_dict(py).unwrap_or_else(|| unready(self))) }
    }

    /// The method resolution order of a ready type.
    #[inline(always)]
    pub fn mro(&self) -> &PyTuple {
        self.try_mro().unwrap_or_else(|| unready(self))
    }

    /// The method resolution order, `None` before the type is ready and after it was cleared.
    #[inline(always)]
    pub fn try_mro(&self) -> Option<&PyTuple> {
        // SAFETY: tp_mro is null or a tuple that the type owns.
        unsafe { (self.tp_mro.get() as *const PyTuple).as_ref() }
    }

    /// The direct bases of a ready type.
    #[inline(always)]
    pub fn bases(&self) -> &PyTuple {
        // SAFETY: tp_bases is null or a tuple that the type owns.
        unsafe { (self.tp_bases.get() as *const PyTuple).as_ref() }.unwrap_or_else(|| unready(self))
    }

    /// Any object as a type, if it is one.
    #[inline(always)]
    pub fn from_object(obj: &PyObject) -> Option<&PyType> {
        // SAFETY: the flag says that the object is a type.
        obj.ty().has_feature(flags::TYPE_SUBCLASS).then(|| unsafe { &*(obj.as_ptr() as *const PyType) })
    }

    /// True if `other` is this type or one of its bases (`PyType_IsSubtype`).
    #[inline]
    pub fn is_subtype(&self, other: &PyType) -> bool {
        if core::ptr::eq(self, other) {
            return true;
        }
        match self.try_mro() {
            Some(mro) => mro.as_slice().iter().any(|base| core::ptr::addr_eq(base.as_ptr(), other)),
            None => {
                let mut ty = self.base();
                while let Some(base) = ty {
                    if core::ptr::eq(base, other) {
                        return true;
                    }
                    ty = base.base();
                }
                core::ptr::eq(other, &crate::types::object_::PyBaseObject_Type)
            }
        }
    }

    /// The heap part, if the type was made at run time.
    #[inline(always)]
    pub fn as_heap(&self) -> Option<&PyHeapTypeObject> {
        // SAFETY: heap types are PyHeapTypeObjects.
        self.is_heap_type().then(|| unsafe { &*core::ptr::from_ref(self).cast::<PyHeapTypeObject>() })
    }

    /// The type of types made of this one's instances: its own type.
    #[inline(always)]
    pub fn metatype(&self) -> &PyType {
        (self as &PyObject).ty()
    }

    /// `__name__` as a string object.
    pub fn name_object(&self, py: Python) -> crate::PyResult<Py<PyStr>> {
        match self.as_heap() {
            // SAFETY: ht_name is a str.
            Some(heap) => Ok(unsafe { Py::from_borrowed(heap.ht_name.get() as *const PyStr) }),
            None => PyStr::intern(py, self.name()),
        }
    }

    /// `__qualname__` as a string object.
    pub fn qualname_object(&self, py: Python) -> crate::PyResult<Py<PyStr>> {
        match self.as_heap() {
            // SAFETY: ht_qualname is a str.
            Some(heap) => Ok(unsafe { Py::from_borrowed(heap.ht_qualname.get() as *const PyStr) }),
            None => self.name_object(py),
        }
    }

    /// `module.qualname`, without the module where it is `builtins` or `__main__` (`PyType_GetFullyQualifiedName`).
    pub fn fully_qualified_name(&self, py: Python) -> crate::PyResult<Py<PyStr>> {
        if !self.is_heap_type() {
            return PyStr::new(py, self.full_name());
        }
        let qualname = self.qualname_object(py)?;
        let module = super::attributes::module_of(py, self)?;
        let Some(module) = module.downcast::<PyStr>() else { return Ok(qualname) };
        if module.eq_str("builtins") || module.eq_str("__main__") {
            return Ok(qualname);
        }
        PyStr::new(py, &format!("{}.{}", module.to_string_lossy(), qualname.to_string_lossy()))
    }
}

/// Asking a type that is not ready is a bug of native code: `PyType_Ready` was not called.
#[cold]
#[inline(never)]
fn unready(ty: &PyType) -> ! {
    eprintln!("Fatal Python error: type '{}' is used before PyType_Ready()", ty.full_name());
    std::process::abort()
}
