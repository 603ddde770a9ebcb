//! Calling a type: `tp_new`, then `tp_init`; and the same without argument tuples for classes written in Python.

use super::method_call::{call_prepended, find};
use super::slots::{slot_tp_init, slot_tp_new};
use super::{PyType, PyType_Type};
use crate::typeobj::*;
use crate::types::object_::{self, object_init, object_new};
use crate::{Py, PyDict, PyObject, PyResult, PyTuple, Python, Raised, id, raise};
use core::ptr::{eq, fn_addr_eq, null_mut};

/// `tp_call` of `type`.
pub unsafe extern "C" fn type_call(this: *mut PyObject, args: *mut PyObject, kwds: *mut PyObject) -> *mut PyObject {
    // SAFETY: called with the GIL held, a type, a tuple and a dict or null.
    let (py, ty, args, kwds) = unsafe {
        (Python::assume(), &*(this as *const PyType), &*(args as *const PyTuple), (kwds as *const PyDict).as_ref())
    };
    super::glue::CReturn::c_return(call(py, ty, args, kwds))
}

fn call(py: Python, ty: &PyType, args: &PyTuple, kwds: Option<&PyDict>) -> PyResult {
    if eq(ty, &PyType_Type) {
        // type(x) is not a construction.
        let no_keywords = kwds.is_none_or(|k| k.len() == 0);
        match args.as_slice() {
            [x] if no_keywords => return Ok(Py::new_ref(x.ty()).into_object()),
            [_] => return Err(raise!(py, TypeError, "type() takes no keyword arguments")),
            [_, _, _] => {}
            _ => return Err(raise!(py, TypeError, "type() takes 1 or 3 arguments")),
        }
    }
    let Some(new) = ty.tp_new.get() else {
        return Err(raise!(py, TypeError, "cannot create '{}' instances", ty.full_name()));
    };
    let kw = kwds.map_or(null_mut(), |k| k.as_ptr());
    // SAFETY: the type's own slot, called with live objects.
    let obj = unsafe { Py::from_owned_or_raised(new(core::ptr::from_ref(ty).cast_mut(), args.as_ptr(), kw))? };
    // `__new__` may give an object of another class, which is not initialised.
    if !obj.ty().is_subtype(ty) {
        return Ok(obj);
    }
    if let Some(init) = obj.ty().tp_init.get() {
        // SAFETY: as above.
        if unsafe { init(obj.as_ptr(), args.as_ptr(), kw) } < 0 {
            return Err(Raised::assume());
        }
    }
    Ok(obj)
}

/// `tp_vectorcall` of `type` itself: `type(x)` without a tuple.
pub unsafe extern "C" fn type_vectorcall(
    this: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    let nargs = nargsf & !VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: called with the GIL held and as many live arguments as said.
    unsafe {
        if nargs == 1 && kwnames.is_null() {
            return Py::new_ref((**args).ty()).into_raw_object();
        }
        let py = Python::assume();
        super::glue::CReturn::c_return(crate::abstracts::call::make_tp_call(
            py,
            &*this,
            args,
            nargs,
            (kwnames as *const PyTuple).as_ref(),
        ))
    }
}

/// `tp_vectorcall` of classes made by `class`: a Python `__new__` or `__init__` is called with the arguments as they are,
/// without a tuple or dict in between. Reads the slots anew each time, so that assignments to the class take effect.
pub unsafe extern "C" fn class_vectorcall(
    this: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: called with the GIL held and live arguments.
    let (py, ty, kwnames) =
        unsafe { (Python::assume(), &*(this as *const PyType), (kwnames as *const PyTuple).as_ref()) };
    let nargs = nargsf & !VECTORCALL_ARGUMENTS_OFFSET;
    super::glue::CReturn::c_return(class_call(py, ty, args, nargs, kwnames))
}

fn class_call(
    py: Python,
    ty: &PyType,
    args: *const *mut PyObject,
    nargs: usize,
    kwnames: Option<&PyTuple>,
) -> PyResult {
    let total = nargs + kwnames.map_or(0, PyTuple::len);
    let (Some(new), Some(init)) = (ty.tp_new.get(), ty.tp_init.get()) else {
        // SAFETY: the arguments are those of the call.
        return unsafe { crate::abstracts::call::make_tp_call(py, ty, args, nargs, kwnames) };
    };
    let plain_new = fn_addr_eq(new, object_new as newfunc);
    let python_new = fn_addr_eq(new, slot_tp_new as newfunc);
    let plain_init = fn_addr_eq(init, object_init as initproc);
    let python_init = fn_addr_eq(init, slot_tp_init as initproc);
    if !(plain_new || python_new) || !(plain_init || python_init) || ty.has_feature(flags::IS_ABSTRACT) {
        // SAFETY: as above.
        return unsafe { crate::abstracts::call::make_tp_call(py, ty, args, nargs, kwnames) };
    }
    // SAFETY: as many live arguments as said.
    let given: &[*mut PyObject] = if total == 0 { &[] } else { unsafe { core::slice::from_raw_parts(args, total) } };
    let obj = if plain_new {
        if plain_init && total != 0 {
            return Err(object_::takes_no_arguments(py, ty));
        }
        object_::allocate(py, ty)?
    } else {
        let new = (ty as &PyObject).getattr(py, id!(py, "__new__"))?;
        let obj = with_first(py, &new, ty, given, nargs, kwnames)?;
        if !obj.ty().is_subtype(ty) {
            return Ok(obj);
        }
        obj
    };
    let init = obj.ty().tp_init.get();
    match init {
        Some(f) if fn_addr_eq(f, slot_tp_init as initproc) => {
            let Some(method) = find(py, &obj, id!(py, "__init__"))? else {
                return Err(raise!(py, AttributeError, "__init__"));
            };
            let result = match &method {
                super::method_call::Method::Unbound(f) => with_first(py, f, &obj, given, nargs, kwnames)?,
                // SAFETY: the arguments are those of the call.
                super::method_call::Method::Bound(f) => unsafe { f.vectorcall(py, args, nargs, kwnames)? },
            };
            if !result.is_none() {
                return Err(raise!(
                    py,
                    TypeError,
                    "__init__() should return None, not '{:.200}'",
                    result.ty().full_name()
                ));
            }
        }
        // object.__init__ has nothing to say: with a Python __new__ any arguments were that one's affair.
        Some(f) if fn_addr_eq(f, object_init as initproc) => {}
        None => {}
        Some(f) => {
            // The object's class is a subclass with another initialiser.
            // SAFETY: as above.
            let (tuple, dict) = unsafe { crate::abstracts::call::as_tuple_and_dict(py, args, nargs, kwnames)? };
            // SAFETY: the type's own slot.
            if unsafe { f(obj.as_ptr(), tuple.as_ptr(), dict.as_ref().map_or(null_mut(), |d| d.as_ptr())) } < 0 {
                return Err(Raised::assume());
            }
        }
    }
    Ok(obj)
}

/// Calls `f(first, *given)`, on the stack for up to seven arguments.
fn with_first(
    py: Python,
    f: &PyObject,
    first: &PyObject,
    given: &[*mut PyObject],
    nargs: usize,
    kwnames: Option<&PyTuple>,
) -> PyResult {
    const SMALL: usize = 8;
    if given.len() < SMALL {
        let mut stack = [null_mut(); SMALL + 1];
        stack[1] = first.as_ptr();
        stack[2..2 + given.len()].copy_from_slice(given);
        // SAFETY: all live; the word in front may be borrowed by the callee.
        return unsafe { f.vectorcall(py, stack.as_ptr().add(1), (nargs + 1) | VECTORCALL_ARGUMENTS_OFFSET, kwnames) };
    }
    let mut all = Vec::with_capacity(given.len() + 2);
    all.push(null_mut());
    all.push(first.as_ptr());
    all.extend_from_slice(given);
    // SAFETY: as above.
    unsafe { f.vectorcall(py, all.as_ptr().add(1), (nargs + 1) | VECTORCALL_ARGUMENTS_OFFSET, kwnames) }
}

/// Calls `f(first, *args, **kwargs)`.
pub fn prepended(py: Python, f: &PyObject, first: &PyObject, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
    call_prepended(py, f, first, args, kwargs.map(|k| k as &PyObject))
}
