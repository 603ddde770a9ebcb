//! `__dict__` and `__weakref__` of instances of classes made by `class`.

use super::PyType;
use super::glue::c_fn;
use super::subtype::subtype_dealloc;
use crate::abstracts::object;
use crate::typeobj::{PyGetSetDef, destructor};
use crate::{Py, PyObject, PyResult, Python, raise};
use core::ptr::{fn_addr_eq, null_mut};

/// The first base that is not made by `class` but gives its instances a `__dict__` with a descriptor of its own
/// (exceptions, modules): its descriptor is asked.
fn builtin_base_with_dict(ty: &PyType) -> Option<&PyType> {
    let mut ty = ty;
    while let Some(base) = ty.base() {
        let made_by_class = ty.tp_dealloc.get().is_some_and(|f| fn_addr_eq(f, subtype_dealloc as destructor));
        if ty.tp_dictoffset.get() != 0 && !made_by_class {
            return Some(ty);
        }
        ty = base;
    }
    None
}

/// The data descriptor `__dict__` of such a base.
fn dict_descriptor(py: Python, ty: &PyType) -> Option<Py> {
    ty.lookup(py, crate::id!(py, "__dict__")).filter(|d| d.ty().tp_descr_set.get().is_some())
}

fn no_dict(py: Python, obj: &PyObject) -> crate::Raised {
    raise!(py, TypeError, "this __dict__ descriptor does not support '{:.200}' objects", obj.ty().full_name())
}

c_fn! {
    fn get_dict(py, this: obj, _c: ptr) -> PyResult {
        if let Some(base) = builtin_base_with_dict(this.ty()) {
            let Some(descr) = dict_descriptor(py, base) else { return Err(no_dict(py, this)) };
            let Some(get) = descr.ty().tp_descr_get.get() else { return Err(no_dict(py, this)) };
            // SAFETY: a slot called with live objects.
            return unsafe { Py::from_owned_or_raised(get(descr.as_ptr(), this.as_ptr(), this.ty().as_ptr())) };
        }
        this.generic_get_dict(py)
    }
    fn set_dict(py, this: obj, value: opt, _c: ptr) -> PyResult<()> {
        if let Some(base) = builtin_base_with_dict(this.ty()) {
            let Some(descr) = dict_descriptor(py, base) else { return Err(no_dict(py, this)) };
            let Some(set) = descr.ty().tp_descr_set.get() else { return Err(no_dict(py, this)) };
            // SAFETY: a slot called with live objects.
            let code = unsafe { set(descr.as_ptr(), this.as_ptr(), value.map_or(null_mut(), |v| v.as_ptr())) };
            return if code < 0 { Err(crate::Raised::assume()) } else { Ok(()) };
        }
        object::set_instance_dict(py, this, value)
    }
    fn get_weakref(py, this: obj, _c: ptr) -> PyResult {
        let offset = this.ty().tp_weaklistoffset.get();
        if offset == 0 {
            return Err(raise!(py, AttributeError, "This object has no __weakref__"));
        }
        // SAFETY: the list head is null or the first weak reference, at the offset that the type says.
        let first = unsafe { *(this.as_ptr() as *const u8).offset(offset).cast::<*mut PyObject>() };
        // SAFETY: as above.
        Ok(unsafe { Py::from_borrowed_nullable(first) }.unwrap_or_else(|| py.none()))
    }
}

const DICT: PyGetSetDef = PyGetSetDef {
    name: c"__dict__".as_ptr(),
    get: Some(get_dict),
    set: Some(set_dict),
    doc: c"dictionary for instance variables".as_ptr(),
    closure: null_mut(),
};
const WEAKREF: PyGetSetDef = PyGetSetDef {
    name: c"__weakref__".as_ptr(),
    get: Some(get_weakref),
    set: None,
    doc: c"list of weak references to the object".as_ptr(),
    closure: null_mut(),
};

pub(super) static FULL: [PyGetSetDef; 3] = [DICT, WEAKREF, PyGetSetDef::END];
pub(super) static DICT_ONLY: [PyGetSetDef; 2] = [DICT, PyGetSetDef::END];
pub(super) static WEAKREF_ONLY: [PyGetSetDef; 2] = [WEAKREF, PyGetSetDef::END];
