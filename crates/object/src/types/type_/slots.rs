//! Slots of classes whose special methods are written in Python: each looks its method up on the type and calls it.

use super::glue::c_fn;
use super::method_call::*;
pub use super::number_slots::*;
use crate::abstracts::number;
use crate::{Py, PyLong, PyObject, PyResult, PyStr, Python, err, id, raise};

pub use super::buffer_slots::{slot_bf_getbuffer, slot_bf_releasebuffer};

/// The name that Python gives the object's class in messages.
pub(super) fn type_name(obj: &PyObject) -> &str {
    obj.ty().full_name()
}

c_fn! {
    pub fn slot_tp_repr(py, this: obj) -> PyResult {
        if let Some(method) = find(py, this, id!(py, "__repr__"))? {
            return method.call(py, this, []);
        }
        Ok(PyStr::new(py, &format!("<{} object at {:#x}>", type_name(this), this.id()))?.into_object())
    }
    pub fn slot_tp_str(py, this: obj) -> PyResult {
        call(py, this, id!(py, "__str__"), [])
    }
    pub fn slot_tp_hash(py, this: obj) -> PyResult<isize> {
        let unhashable = || raise!(py, TypeError, "unhashable type: '{}'", this.ty().name());
        let Some(method) = find(py, this, id!(py, "__hash__"))? else { return Err(unhashable()) };
        if method.is_none() {
            return Err(unhashable());
        }
        let result = method.call(py, this, [])?;
        let Some(n) = result.downcast::<PyLong>() else {
            return Err(raise!(py, TypeError, "__hash__ method should return an integer"));
        };
        // A number too big for a hash is hashed itself; -1 is the error mark of C.
        let h = match n.try_i64() {
            Some(h) => h as isize,
            None => (n as &PyObject).hash(py)?,
        };
        Ok(if h == -1 { -2 } else { h })
    }
    pub fn slot_tp_setattro(py, this: obj, name: obj, value: opt) -> PyResult<()> {
        match value {
            None => call(py, this, id!(py, "__delattr__"), [name]),
            Some(value) => call(py, this, id!(py, "__setattr__"), [name, value]),
        }.map(drop)
    }
    pub fn slot_tp_richcompare(py, this: obj, other: obj, op: int) -> PyResult {
        let name = match op {
            0 => id!(py, "__lt__"),
            1 => id!(py, "__le__"),
            2 => id!(py, "__eq__"),
            3 => id!(py, "__ne__"),
            4 => id!(py, "__gt__"),
            _ => id!(py, "__ge__"),
        };
        match find(py, this, name)? {
            Some(method) => method.call(py, this, [other]),
            None => Ok(py.not_implemented()),
        }
    }
    pub fn slot_tp_iter(py, this: obj) -> PyResult {
        let not_iterable = || raise!(py, TypeError, "'{}' object is not iterable", type_name(this));
        if let Some(method) = find(py, this, id!(py, "__iter__"))? {
            if method.is_none() {
                return Err(not_iterable());
            }
            return method.call(py, this, []);
        }
        if find(py, this, id!(py, "__getitem__"))?.is_none() {
            return Err(not_iterable());
        }
        Ok(crate::types::seqiter::PySeqIter::new(py, this)?.into_object())
    }
    pub fn slot_tp_iternext(py, this: obj) -> PyResult {
        call(py, this, id!(py, "__next__"), [])
    }
    pub fn slot_tp_descr_get(py, this: obj, obj: opt, ty: opt) -> PyResult {
        // SAFETY: the method is called at once, through an owned handle.
        let Some(get) = this.ty().lookup(py, id!(py, "__get__")) else {
            // __get__ was deleted from the class: from now on instances are plain values.
            if this.ty().tp_descr_get.get().is_some_and(|f| core::ptr::fn_addr_eq(f, slot_tp_descr_get as crate::typeobj::descrgetfunc)) {
                this.ty().tp_descr_get.set(None);
            }
            return Ok(Py::new_ref(this));
        };
        let none = crate::singletons::none();
        get.call(py, &[this, obj.unwrap_or(none), ty.unwrap_or(none)])
    }
    pub fn slot_tp_descr_set(py, this: obj, target: obj, value: opt) -> PyResult<()> {
        match value {
            None => call(py, this, id!(py, "__delete__"), [target]),
            Some(value) => call(py, this, id!(py, "__set__"), [target, value]),
        }.map(drop)
    }
    pub fn slot_tp_call(py, this: obj, args: obj, kwargs: opt) -> PyResult {
        let Some(method) = find(py, this, id!(py, "__call__"))? else {
            return Err(raise!(py, AttributeError, "__call__"));
        };
        method.call_tuple(py, this, args, kwargs)
    }
    pub fn slot_tp_init(py, this: obj, args: obj, kwargs: opt) -> PyResult<()> {
        let Some(method) = find(py, this, id!(py, "__init__"))? else {
            return Err(raise!(py, AttributeError, "__init__"));
        };
        let result = method.call_tuple(py, this, args, kwargs)?;
        if !result.is_none() {
            return Err(raise!(py, TypeError, "__init__() should return None, not '{:.200}'", type_name(&result)));
        }
        Ok(())
    }
    pub fn slot_tp_getattro(py, this: obj, name: obj) -> PyResult {
        call(py, this, id!(py, "__getattribute__"), [name])
    }
    /// `tp_getattro` of a class that may define `__getattr__`: `__getattribute__` first, `__getattr__` after an
    /// AttributeError. A class that has only `__getattribute__` gets [`slot_tp_getattro`] at the first call.
    pub fn slot_tp_getattr_hook(py, this: obj, name: obj) -> PyResult {
        let ty = this.ty();
        let Some(getattr) = ty.lookup(py, id!(py, "__getattr__")) else {
            ty.tp_getattro.set(Some(slot_tp_getattro));
            // SAFETY: the two slots take the same arguments.
            return unsafe { Py::from_owned_or_raised(slot_tp_getattro(this.as_ptr(), name.as_ptr())) };
        };
        let getattribute = ty.lookup(py, id!(py, "__getattribute__"));
        let found = match &getattribute {
            // The usual case: object's own. No AttributeError is made for nothing.
            None => this.generic_getattr_suppress(py, name)?,
            Some(descr) if super::super::descr::wraps_generic_getattr(descr) => this.generic_getattr_suppress(py, name)?,
            Some(descr) => {
                let r = bind(py, this, descr.clone())?.call(py, this, [name]);
                err::suppress(py, r, crate::exceptions::AttributeError())?
            }
        };
        match found {
            Some(value) => Ok(value),
            None => bind(py, this, getattr)?.call(py, this, [name]),
        }
    }

    pub fn slot_sq_length(py, this: obj) -> PyResult<isize> {
        let result = call(py, this, id!(py, "__len__"), [])?;
        let index = number::index(py, &result)?;
        // SAFETY: `index` gives an int.
        if index.downcast::<PyLong>().is_some_and(|n| n.sign() < 0) {
            return Err(raise!(py, ValueError, "__len__() should return >= 0"));
        }
        number::as_ssize(py, &index, Some(crate::exceptions::OverflowError()))
    }
    pub fn slot_mp_length(py, this: obj) -> PyResult<isize> {
        // SAFETY: the same arguments.
        let n = unsafe { slot_sq_length(this.as_ptr()) };
        if n < 0 { Err(crate::Raised::assume()) } else { Ok(n) }
    }
    pub fn slot_sq_item(py, this: obj, i: ssize) -> PyResult {
        let index = PyLong::from_isize(py, i)?;
        call(py, this, id!(py, "__getitem__"), [&index])
    }
    pub fn slot_sq_ass_item(py, this: obj, i: ssize, value: opt) -> PyResult<()> {
        let index = PyLong::from_isize(py, i)?;
        match value {
            None => call(py, this, id!(py, "__delitem__"), [&index]),
            Some(value) => call(py, this, id!(py, "__setitem__"), [&index, value]),
        }.map(drop)
    }
    pub fn slot_sq_contains(py, this: obj, item: obj) -> PyResult<bool> {
        if let Some(method) = find(py, this, id!(py, "__contains__"))? {
            if method.is_none() {
                return Err(raise!(py, TypeError, "'{}' object is not a container", type_name(this)));
            }
            return method.call(py, this, [item])?.is_true(py);
        }
        let mut found = false;
        let it = this.iter(py)?;
        while let Some(value) = it.iter_next(py)? {
            if value.rich_compare_bool(py, item, crate::CompareOp::Eq)? {
                found = true;
                break;
            }
        }
        Ok(found)
    }
    pub fn slot_mp_subscript(py, this: obj, key: obj) -> PyResult {
        call(py, this, id!(py, "__getitem__"), [key])
    }
    pub fn slot_mp_ass_subscript(py, this: obj, key: obj, value: opt) -> PyResult<()> {
        match value {
            None => call(py, this, id!(py, "__delitem__"), [key]),
            Some(value) => call(py, this, id!(py, "__setitem__"), [key, value]),
        }.map(drop)
    }

    pub fn slot_am_await(py, this: obj) -> PyResult {
        match find(py, this, id!(py, "__await__"))? {
            Some(method) => method.call(py, this, []),
            None => Err(raise!(py, AttributeError, "object {:.50} does not have __await__ method", type_name(this))),
        }
    }
    pub fn slot_am_aiter(py, this: obj) -> PyResult {
        match find(py, this, id!(py, "__aiter__"))? {
            Some(method) => method.call(py, this, []),
            None => Err(raise!(py, AttributeError, "object {:.50} does not have __aiter__ method", type_name(this))),
        }
    }
    pub fn slot_am_anext(py, this: obj) -> PyResult {
        match find(py, this, id!(py, "__anext__"))? {
            Some(method) => method.call(py, this, []),
            None => Err(raise!(py, AttributeError, "object {:.50} does not have __anext__ method", type_name(this))),
        }
    }
}

/// `tp_new` of a class with a Python `__new__`.
pub unsafe extern "C" fn slot_tp_new(
    ty: *mut crate::PyTypeObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: called with the GIL held and live arguments.
    let (py, ty, args, kwargs) = unsafe { (Python::assume(), &*ty, &*args, kwargs.as_ref()) };
    let body = || -> PyResult {
        let new = (ty as &PyObject).getattr(py, id!(py, "__new__"))?;
        call_prepended(py, &new, ty, args, kwargs)
    };
    super::glue::CReturn::c_return(body())
}

/// `tp_finalize` of a class with a Python `__del__`. Errors go to `sys.unraisablehook`; an exception being raised is kept.
pub unsafe extern "C" fn slot_tp_finalize(this: *mut PyObject) {
    // SAFETY: called with the GIL held and a live object.
    let (py, this) = unsafe { (Python::assume(), &*this) };
    err::with_saved(py, || match find(py, this, id!(py, "__del__")) {
        Ok(Some(method)) => {
            if method.call(py, this, []).is_err() {
                report_finalizer(py, method.object());
            }
        }
        Ok(None) => {}
        Err(_) => err::write_unraisable(py, Some(this)),
    });
}

/// Reports what a `__del__` raised; the message names the method itself, as no object could be shown with it.
#[cold]
fn report_finalizer(py: Python, method: &PyObject) {
    let name = err::with_saved(py, || match method.repr(py) {
        Ok(text) => text.to_string_lossy().into_owned(),
        Err(_) => {
            err::clear(py);
            "<object repr() failed>".to_owned()
        }
    });
    err::write_unraisable_msg(py, &format!("Exception ignored while calling deallocator {name}"), None);
}
