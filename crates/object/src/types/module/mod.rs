//! `module`: module objects, making them from definitions (PEP 489), and what they say when an attribute is missing.

pub mod def;
mod missing;

pub use def::{PyModuleDef_Type, exec_def, from_def_and_spec};

use crate::abstracts::object::{PyObject_GenericSetAttr, generic_lookup};
use crate::typeobj::PyModuleDef;
use crate::{
    Py, PyClass, PyDict, PyLayout, PyList, PyObject, PyResult, PyStr, PyType, Python, Slot, Stop, Visit, err, id,
    pyclass, raise,
};
use core::cell::Cell;
use core::ffi::c_void;
use core::ptr::null_mut;

/// A module.
#[repr(C)]
pub struct PyModule {
    pub ob_base: PyObject,
    md_dict: Slot<PyDict>,
    md_def: Cell<*const PyModuleDef>,
    md_state: Cell<*mut c_void>,
    md_weaklist: Cell<*mut PyObject>,
    /// The name, for messages when the dict is gone.
    md_name: Slot,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyModule {}

impl core::ops::Deref for PyModule {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyModule {
    /// A module with an empty namespace (`PyModule_New`).
    pub fn new(py: Python, name: &str) -> PyResult<Py<PyModule>> {
        PyModule::new_object(py, &*PyStr::intern(py, name)?)
    }

    /// As [`PyModule::new`] (`PyModule_NewObject`).
    pub fn new_object(py: Python, name: &PyObject) -> PyResult<Py<PyModule>> {
        let module = PyModule::empty(py, &PyModule_Type)?;
        module.init_dict(py, name, None)?;
        Ok(module)
    }

    fn empty(py: Python, cls: &PyType) -> PyResult<Py<PyModule>> {
        let dict = PyDict::new(py)?;
        PyModule::alloc(py, cls, |ob_base: PyObject| PyModule {
            ob_base,
            md_dict: Slot::some(dict),
            md_def: Cell::new(core::ptr::null()),
            md_state: Cell::new(null_mut()),
            md_weaklist: Cell::new(null_mut()),
            md_name: Slot::empty(),
        })
    }

    fn init_dict(&self, py: Python, name: &PyObject, doc: Option<&PyObject>) -> PyResult<()> {
        let none = crate::singletons::none();
        let dict = self.own_dict(py)?;
        dict.set(py, id!(py, "__name__"), name)?;
        dict.set(py, id!(py, "__doc__"), doc.unwrap_or(none))?;
        dict.set(py, id!(py, "__package__"), none)?;
        dict.set(py, id!(py, "__loader__"), none)?;
        dict.set(py, id!(py, "__spec__"), none)?;
        if name.is_type(&crate::types::str_::PyUnicode_Type) {
            self.md_name.set(Some(Py::new_ref(name)));
        }
        Ok(())
    }

    fn own_dict(&self, py: Python) -> PyResult<Py<PyDict>> {
        if let Some(dict) = self.md_dict.get() {
            return Ok(dict);
        }
        let dict = PyDict::new(py)?;
        self.md_dict.set(Some(dict.clone()));
        Ok(dict)
    }

    /// The namespace.
    #[inline]
    pub fn dict(&self) -> &PyDict {
        // SAFETY: the dict is set when the module is made and emptied only by the collector, when the module is garbage.
        unsafe { self.md_dict.borrow() }.unwrap_or_else(|| cleared())
    }

    /// The namespace, `None` once the collector has taken the module apart.
    pub fn try_dict(&self) -> Option<Py<PyDict>> {
        self.md_dict.get()
    }

    /// Adds a name (`PyModule_Add`).
    pub fn add(&self, py: Python, name: &str, value: Py) -> PyResult<()> {
        let name = PyStr::intern(py, name)?;
        self.dict().set(py, &*name, &value)
    }

    /// `__name__`.
    ///
    /// # Errors
    /// SystemError "nameless module".
    pub fn name(&self, py: Python) -> PyResult<Py<PyStr>> {
        let name = match self.try_dict() {
            Some(dict) => dict.get_str(py, id!(py, "__name__"))?,
            None => None,
        };
        match name.map(Py::downcast_into::<PyStr>) {
            Some(Ok(name)) => Ok(name),
            _ => Err(raise!(py, SystemError, "nameless module")),
        }
    }

    /// `__file__`.
    ///
    /// # Errors
    /// SystemError "module filename missing".
    pub fn filename(&self, py: Python) -> PyResult<Py<PyStr>> {
        let name = self.dict().get_str(py, id!(py, "__file__"))?;
        match name.map(Py::downcast_into::<PyStr>) {
            Some(Ok(name)) => Ok(name),
            _ => Err(raise!(py, SystemError, "module filename missing")),
        }
    }

    /// The definition the module was made from, if any.
    pub fn def(&self) -> Option<&'static PyModuleDef> {
        // SAFETY: definitions live as long as the process.
        unsafe { self.md_def.get().as_ref() }
    }

    /// The native state that belongs to the definition.
    pub fn state(&self) -> *mut c_void {
        self.md_state.get()
    }
}

#[cold]
fn cleared() -> ! {
    eprintln!("Fatal Python error: a module is used after the collector took it apart");
    std::process::abort()
}

/// An attribute of a module; `None` for "not there" and where the module's own `__getattr__` says so.
pub fn getattr_opt(py: Python, module: &PyModule, name: &PyStr) -> PyResult<Option<Py>> {
    let found = match generic_lookup(py, module, name) {
        Ok(found) => found,
        Err(raised) if !err::matches(py, crate::exceptions::AttributeError()) => return Err(raised),
        Err(_) => {
            err::clear(py);
            None
        }
    };
    if found.is_some() {
        return Ok(found);
    }
    match module_level_getattr(py, module)? {
        Some(f) => match f.call1(py, name) {
            Ok(v) => Ok(Some(v)),
            Err(_) if err::matches(py, crate::exceptions::AttributeError()) => {
                err::clear(py);
                Ok(None)
            }
            Err(raised) => Err(raised),
        },
        None => Ok(None),
    }
}

/// The function `__getattr__` of the module (PEP 562).
fn module_level_getattr(py: Python, module: &PyModule) -> PyResult<Option<Py>> {
    match module.try_dict() {
        Some(dict) => dict.get_str(py, id!(py, "__getattr__")),
        None => Ok(None),
    }
}

/// `tp_getattro` of modules.
pub unsafe extern "C" fn module_getattro(this: *mut PyObject, name: *mut PyObject) -> *mut PyObject {
    // SAFETY: called with the GIL held, a module and a live object.
    let (py, module, name) = unsafe { (Python::assume(), &*(this as *const PyModule), &*name) };
    let body = || -> PyResult {
        let name = crate::abstracts::object::attribute_name(py, name)?;
        match generic_lookup(py, module, name) {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(raised) if !err::matches(py, crate::exceptions::AttributeError()) => return Err(raised),
            Err(_) => err::clear(py),
        }
        if let Some(f) = module_level_getattr(py, module)? {
            return f.call1(py, name);
        }
        Err(missing::no_attribute(py, module, name))
    };
    match body() {
        Ok(v) => v.into_raw(),
        Err(_) => null_mut(),
    }
}

/// `__annotations__` in the namespace or made by `__annotate__`.
fn annotations(py: Python, module: &PyModule) -> PyResult {
    let dict = module.dict();
    let key = id!(py, "__annotations__");
    if let Some(found) = dict.get_str(py, key)? {
        return Ok(found);
    }
    let mut keep = true;
    let made = match dict.get_str(py, id!(py, "__annotate__"))?.filter(|a| a.is_callable()) {
        Some(annotate) => {
            // A module that is still being executed may get more of them.
            if let Some(spec) = dict.get_str(py, id!(py, "__spec__"))? {
                keep = !missing::is_initializing(py, &spec)?;
            }
            let format = crate::PyLong::from_i64(py, 1)?;
            let result = annotate.call1(py, &*format)?;
            if !PyDict::check(&result) {
                return Err(raise!(
                    py,
                    TypeError,
                    "__annotate__ returned non-dict of type '{}'",
                    result.ty().fully_qualified_name(py)?.to_string_lossy()
                ));
            }
            result
        }
        None => PyDict::new(py)?.into_object(),
    };
    if keep {
        dict.set(py, key, &made)?;
    }
    Ok(made)
}

/// Create a module object.
///
/// The name must be a string; the optional docstring can have any type.
#[pyclass(
    name = "module",
    static_name = PyModule_Type,
    flags(GC, BASETYPE),
    members(md_dict as "__dict__": OBJECT readonly),
    weaklist = md_weaklist,
    dict = md_dict,
    slots(tp_getattro = module_getattro, tp_setattro = PyObject_GenericSetAttr),
)]
impl PyModule {
    fn tp_new(py: Python, cls: &PyType, _args: &crate::PyTuple, _kwargs: Option<&PyDict>) -> PyResult<Py<PyModule>> {
        PyModule::empty(py, cls)
    }
    #[signature("(name, doc=None)")]
    fn tp_init(&self, py: Python, name: &PyStr, doc: &PyObject) -> PyResult<()> {
        self.init_dict(py, name, Some(doc))
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        missing::module_repr(py, self)
    }
    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the module is dead but whole.
        unsafe {
            crate::memory::gc::untrack(&(*this).ob_base);
            if !(*this).md_weaklist.get().is_null() {
                crate::types::weakref::clear_weakrefs(&(*this).ob_base);
            }
            if let Some(free) = (*this).def().and_then(|d| d.m_free.get()) {
                // A state that was never made is not freed.
                if (*this).def().is_some_and(|d| d.m_size <= 0) || !(*this).md_state.get().is_null() {
                    free(this.cast());
                }
            }
            (*this).md_dict.clear();
            (*this).md_name.clear();
            let state = (*this).md_state.replace(null_mut());
            if !state.is_null() {
                libc::free(state);
            }
            if let Some(free) = (*this).ty().tp_free.get() {
                free(this.cast());
            }
        }
    }
    unsafe fn tp_traverse(this: *mut Self, visit: &mut Visit) -> Result<(), Stop> {
        // SAFETY: the module is alive.
        unsafe {
            if let Some(def) = (*this).def() {
                if let Some(traverse) = def.m_traverse.get() {
                    if def.m_size <= 0 || !(*this).md_state.get().is_null() {
                        let (function, arg) = visit.parts();
                        Visit::result(traverse(this.cast(), function, arg))?;
                    }
                }
            }
            visit.raw((*this).md_dict.as_raw() as *mut PyObject)
        }
    }
    unsafe fn tp_clear(this: *mut Self) {
        // SAFETY: the module is garbage but whole.
        unsafe {
            if let Some(def) = (*this).def() {
                if let Some(clear) = def.m_clear.get() {
                    if def.m_size <= 0 || !(*this).md_state.get().is_null() {
                        clear(this.cast());
                    }
                }
            }
            (*this).md_dict.clear();
        }
    }

    /// __dir__() -> list
    /// specialized dir() implementation
    #[method]
    fn __dir__(&self, py: Python) -> PyResult<Py<PyList>> {
        let dict = (self as &PyObject).getattr(py, id!(py, "__dict__"))?;
        let Some(dict) = dict.downcast::<PyDict>() else {
            return Err(raise!(py, TypeError, "<module>.__dict__ is not a dictionary"));
        };
        if let Some(f) = dict.get_str(py, id!(py, "__dir__"))? {
            let names = f.call0(py)?;
            return match names.downcast_into::<PyList>() {
                Ok(list) => Ok(list),
                Err(other) => crate::abstracts::sequence::to_list(py, &other),
            };
        }
        dict.keys(py)
    }
    #[getter]
    fn __annotations__(&self, py: Python) -> PyResult {
        annotations(py, self)
    }
    #[setter]
    fn set___annotations__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let dict = self.dict();
        let key = id!(py, "__annotations__");
        match value {
            Some(value) => dict.set(py, key, value)?,
            None => {
                if dict.pop(py, key)?.is_none() {
                    return Err(raise!(py, AttributeError, "__annotations__"));
                }
            }
        }
        dict.pop(py, id!(py, "__annotate__")).map(drop)
    }
    #[getter]
    fn __annotate__(&self, py: Python) -> PyResult {
        let dict = self.dict();
        let key = id!(py, "__annotate__");
        if let Some(found) = dict.get_str(py, key)? {
            return Ok(found);
        }
        dict.set(py, key, crate::singletons::none())?;
        Ok(py.none())
    }
    #[setter]
    fn set___annotate__(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(py, TypeError, "cannot delete __annotate__ attribute"));
        };
        if !value.is_none() && !value.is_callable() {
            return Err(raise!(py, TypeError, "__annotate__ must be callable or None"));
        }
        self.dict().set(py, id!(py, "__annotate__"), value)?;
        if !value.is_none() {
            self.dict().pop(py, id!(py, "__annotations__"))?;
        }
        Ok(())
    }
}

/// Sets every name of the namespace to None, in two passes: first those that begin with one underscore, then all others
/// but `__builtins__` (`_PyModule_ClearDict`). What is left at the interpreter's end comes here.
pub fn clear_dict(py: Python, dict: &PyDict) -> PyResult<()> {
    let none = crate::singletons::none();
    for pass in 0..2 {
        let mut pos = 0;
        while let Some((key, value)) = dict.next(&mut pos) {
            let Some(name) = key.downcast::<PyStr>() else { continue };
            if value.is_none() || name.len() == 0 {
                continue;
            }
            let underscore = u32::from('_');
            let first = name.char_at(0) == underscore;
            let second = name.len() > 1 && name.char_at(1) == underscore;
            let due = if pass == 0 { first && !second } else { !name.eq_str("__builtins__") };
            if due {
                dict.set(py, &key, none)?;
            }
        }
    }
    Ok(())
}
