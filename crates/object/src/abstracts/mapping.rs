//! Length, subscripts and membership of any object (`PyObject_Size`, `PyObject_GetItem`, …), and the mapping protocol
//! (`PyMapping_*`).

use super::{number, sequence};
use crate::header::PyObject;
use crate::types::generic_alias;
use crate::types::type_::PyType_Type;
use crate::{Py, PyDict, PyList, PyResult, PyStr, PyType, Python, Raised, err, exceptions, id, raise};

/// True if the object can be subscripted (`PyMapping_Check`): so can sequences that know slices.
pub fn check(obj: &PyObject) -> bool {
    obj.ty().as_mapping().is_some_and(|m| m.mp_subscript.get().is_some())
}

/// A list of what a method of the object gives (`method_output_as_list`).
fn method_as_list(py: Python, obj: &PyObject, name: &PyStr) -> PyResult<Py<PyList>> {
    let output = obj.call_method(py, name, &[])?;
    match output.iter(py) {
        Ok(it) => PyList::from_iterable(py, &it),
        Err(e) => {
            if !err::matches(py, exceptions::TypeError()) {
                return Err(e);
            }
            err::clear(py);
            Err(raise!(
                py,
                TypeError,
                "{}.{}() returned a non-iterable (type {})",
                obj.ty().full_name(),
                name.to_string_lossy(),
                output.ty().full_name()
            ))
        }
    }
}

/// A list of the keys (`PyMapping_Keys`).
pub fn keys(py: Python, obj: &PyObject) -> PyResult<Py<PyList>> {
    match obj.downcast_exact::<PyDict>() {
        Some(dict) => dict.keys(py),
        None => method_as_list(py, obj, id!(py, "keys")),
    }
}

/// A list of the values (`PyMapping_Values`).
pub fn values(py: Python, obj: &PyObject) -> PyResult<Py<PyList>> {
    match obj.downcast_exact::<PyDict>() {
        Some(dict) => dict.values(py),
        None => method_as_list(py, obj, id!(py, "values")),
    }
}

/// A list of the items (`PyMapping_Items`).
pub fn items(py: Python, obj: &PyObject) -> PyResult<Py<PyList>> {
    match obj.downcast_exact::<PyDict>() {
        Some(dict) => dict.items(py),
        None => method_as_list(py, obj, id!(py, "items")),
    }
}

/// `obj[key]`, `None` if that raises KeyError (`PyMapping_GetOptionalItem`).
pub fn get_optional_item(py: Python, obj: &PyObject, key: &PyObject) -> PyResult<Option<Py>> {
    if let Some(dict) = obj.downcast_exact::<PyDict>() {
        return dict.get(py, key);
    }
    err::suppress(py, obj.get_item(py, key), exceptions::KeyError())
}

impl PyObject {
    /// `len(self)`. TypeError if it has none.
    pub fn len(&self, py: Python) -> PyResult<isize> {
        let ty = self.ty();
        let slot = ty.as_sequence().and_then(|s| s.sq_length.get());
        let Some(f) = slot.or_else(|| ty.as_mapping().and_then(|m| m.mp_length.get())) else {
            return Err(raise!(py, TypeError, "object of type '{}' has no len()", ty.full_name()));
        };
        // SAFETY: the slot of a live object's type.
        let n = unsafe { f(self.as_ptr()) };
        if n < 0 { Err(Raised::assume()) } else { Ok(n) }
    }

    /// `self[key]`.
    pub fn get_item(&self, py: Python, key: &PyObject) -> PyResult {
        let ty = self.ty();
        if let Some(f) = ty.as_mapping().and_then(|m| m.mp_subscript.get()) {
            // SAFETY: the slot of a live object's type.
            return unsafe { Py::from_owned_or_raised(f(self.as_ptr(), key.as_ptr())) };
        }
        if ty.as_sequence().is_some_and(|s| s.sq_item.get().is_some()) {
            let i = sequence_index(py, key)?;
            return sequence::get_item(py, self, i);
        }
        if let Some(cls) = self.downcast::<PyType>() {
            return class_item(py, cls, key);
        }
        Err(raise!(py, TypeError, "'{}' object is not subscriptable", ty.full_name()))
    }

    /// `self[key] = value`.
    pub fn set_item(&self, py: Python, key: &PyObject, value: &PyObject) -> PyResult<()> {
        self.assign_item(py, key, Some(value))
    }

    /// `del self[key]`.
    pub fn del_item(&self, py: Python, key: &PyObject) -> PyResult<()> {
        self.assign_item(py, key, None)
    }

    fn assign_item(&self, py: Python, key: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
        let ty = self.ty();
        if let Some(f) = ty.as_mapping().and_then(|m| m.mp_ass_subscript.get()) {
            let value = value.map_or(core::ptr::null_mut(), PyObject::as_ptr);
            // SAFETY: the slot of a live object's type.
            let status = unsafe { f(self.as_ptr(), key.as_ptr(), value) };
            return if status < 0 { Err(Raised::assume()) } else { Ok(()) };
        }
        if ty.as_sequence().is_some_and(|s| s.sq_ass_item.get().is_some()) {
            let i = sequence_index(py, key)?;
            return match value {
                Some(value) => sequence::set_item(py, self, i, value),
                None => sequence::del_item(py, self, i),
            };
        }
        let what = if value.is_some() { "does not support item assignment" } else { "doesn't support item deletion" };
        Err(raise!(py, TypeError, "'{}' object {what}", ty.full_name()))
    }

    /// `item in self`.
    pub fn contains(&self, py: Python, item: &PyObject) -> PyResult<bool> {
        sequence::contains(py, self, item)
    }
}

/// The subscript of an object that takes only ints.
fn sequence_index(py: Python, key: &PyObject) -> PyResult<isize> {
    if sequence::has_index(key) {
        return number::as_ssize(py, key, Some(exceptions::IndexError()));
    }
    Err(raise!(py, TypeError, "sequence index must be integer, not '{}'", key.ty().full_name()))
}

/// `cls[key]` by `__class_getitem__` (PEP 560); `type[key]` is a generic alias.
fn class_item(py: Python, cls: &PyType, key: &PyObject) -> PyResult {
    if cls.is(&PyType_Type) {
        return generic_alias::new(py, cls, key);
    }
    let object: &PyObject = cls;
    match object.getattr_opt(py, id!(py, "__class_getitem__"))? {
        Some(method) if !method.is_none() => method.call(py, &[key]),
        _ => Err(raise!(py, TypeError, "type '{}' is not subscriptable", cls.full_name())),
    }
}
