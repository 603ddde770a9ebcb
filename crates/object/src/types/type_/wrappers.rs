//! Calling C slots with Python arguments: the functions behind slot wrappers (`int.__add__`, `[].__len__` …).
//!
//! Each takes the object, the argument tuple and the slot as a plain pointer.

use super::glue::c_fn;
use crate::abstracts::number;
use crate::typeobj::*;
use crate::{Py, PyObject, PyResult, PyTuple, PyType, Python, Raised, err, raise};
use core::ffi::{c_int, c_void};

/// The arguments as a tuple.
fn tuple(args: &PyObject) -> &PyTuple {
    // SAFETY: slot wrappers are called with a tuple.
    unsafe { &*(args.as_ptr() as *const PyTuple) }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// Exactly `N` arguments, borrowed.
fn take<'a, const N: usize>(py: Python, args: &'a PyObject) -> PyResult<[&'a PyObject; N]> {
    let items = tuple(args).as_slice();
    if items.len() != N {
        return Err(raise!(py, TypeError, "expected {N} argument{}, got {}", plural(N), items.len()));
    }
    Ok(core::array::from_fn(|i| items[i].as_object()))
}

/// One argument and perhaps a second.
fn take_1_2<'a>(py: Python, args: &'a PyObject) -> PyResult<(&'a PyObject, Option<&'a PyObject>)> {
    match tuple(args).as_slice() {
        [a] => Ok((a, None)),
        [a, b] => Ok((a, Some(b.as_object()))),
        [] => Err(raise!(py, TypeError, "expected at least 1 argument, got 0")),
        more => Err(raise!(py, TypeError, "expected at most 2 arguments, got {}", more.len())),
    }
}

/// `F` is the function type of the slot that `p` is.
///
/// # Safety
/// `p` is a non-null function pointer of type `F`.
unsafe fn slot<F: Copy>(p: *mut c_void) -> F {
    const { assert!(size_of::<F>() == size_of::<*mut c_void>()) };
    // SAFETY: by contract.
    unsafe { core::mem::transmute_copy(&p) }
}

fn owned(p: *mut PyObject) -> PyResult {
    // SAFETY: slots give an owned reference, or null with an exception set.
    unsafe { Py::from_owned_or_raised(p) }
}

fn status(py: Python, code: c_int) -> PyResult {
    if code < 0 { Err(Raised::assume()) } else { Ok(py.none()) }
}

fn opt(obj: Option<&PyObject>) -> *mut PyObject {
    obj.map_or(core::ptr::null_mut(), PyObject::as_ptr)
}

/// Declares wrappers: the body gets the slot `f` as the function type named.
macro_rules! wrappers {
    ($(fn $name:ident($py:ident, $this:ident, $args:ident, $f:ident: $ty:ty) $body:block)*) => {$(
        pub unsafe extern "C" fn $name(this: *mut PyObject, args: *mut PyObject, wrapped: *mut c_void) -> *mut PyObject {
            // SAFETY: called with the GIL held, an object, a tuple and a slot of this wrapper's function type.
            let ($py, $this, $args, $f) = unsafe { (Python::assume(), &*this, &*args, slot::<$ty>(wrapped)) };
            let body = || -> PyResult { $body };
            super::glue::CReturn::c_return(body())
        }
    )*};
}

wrappers! {
    fn wrap_unaryfunc(py, this, args, f: unaryfunc) {
        take::<0>(py, args)?;
        // SAFETY: the slot gets the object it belongs to.
        owned(unsafe { f(this.as_ptr()) })
    }
    fn wrap_binaryfunc(py, this, args, f: binaryfunc) {
        let [other] = take(py, args)?;
        // SAFETY: as above.
        owned(unsafe { f(this.as_ptr(), other.as_ptr()) })
    }
    fn wrap_binaryfunc_l(py, this, args, f: binaryfunc) {
        let [other] = take(py, args)?;
        // SAFETY: as above.
        owned(unsafe { f(this.as_ptr(), other.as_ptr()) })
    }
    fn wrap_binaryfunc_r(py, this, args, f: binaryfunc) {
        let [other] = take(py, args)?;
        // SAFETY: as above; the reflected method has the operands exchanged.
        owned(unsafe { f(other.as_ptr(), this.as_ptr()) })
    }
    fn wrap_ternaryfunc(py, this, args, f: ternaryfunc) {
        let (other, third) = take_1_2(py, args)?;
        let third = third.unwrap_or(crate::singletons::none());
        // SAFETY: as above.
        owned(unsafe { f(this.as_ptr(), other.as_ptr(), third.as_ptr()) })
    }
    fn wrap_ternaryfunc_r(py, this, args, f: ternaryfunc) {
        let (other, third) = take_1_2(py, args)?;
        let third = third.unwrap_or(crate::singletons::none());
        // SAFETY: as above.
        owned(unsafe { f(other.as_ptr(), this.as_ptr(), third.as_ptr()) })
    }
    fn wrap_lenfunc(py, this, args, f: lenfunc) {
        take::<0>(py, args)?;
        // SAFETY: as above.
        let n = unsafe { f(this.as_ptr()) };
        if n == -1 && err::occurred(py) { return Err(Raised::assume()) }
        Ok(crate::PyLong::from_isize(py, n)?.into_object())
    }
    fn wrap_inquirypred(py, this, args, f: inquiry) {
        take::<0>(py, args)?;
        // SAFETY: as above.
        let r = unsafe { f(this.as_ptr()) };
        if r == -1 && err::occurred(py) { return Err(Raised::assume()) }
        Ok(py.bool(r != 0))
    }
    fn wrap_indexargfunc(py, this, args, f: ssizeargfunc) {
        let [count] = take(py, args)?;
        let n = number::as_ssize(py, count, Some(crate::exceptions::OverflowError()))?;
        // SAFETY: as above.
        owned(unsafe { f(this.as_ptr(), n) })
    }
    fn wrap_sq_item(py, this, args, f: ssizeargfunc) {
        let [index] = take(py, args)?;
        let i = sequence_index(py, this, index)?;
        // SAFETY: as above.
        owned(unsafe { f(this.as_ptr(), i) })
    }
    fn wrap_sq_setitem(py, this, args, f: ssizeobjargproc) {
        let [index, value] = take(py, args)?;
        let i = sequence_index(py, this, index)?;
        // SAFETY: as above.
        status(py, unsafe { f(this.as_ptr(), i, value.as_ptr()) })
    }
    fn wrap_sq_delitem(py, this, args, f: ssizeobjargproc) {
        let [index] = take(py, args)?;
        let i = sequence_index(py, this, index)?;
        // SAFETY: as above; null deletes.
        status(py, unsafe { f(this.as_ptr(), i, core::ptr::null_mut()) })
    }
    fn wrap_objobjproc(py, this, args, f: objobjproc) {
        let [value] = take(py, args)?;
        // SAFETY: as above.
        let r = unsafe { f(this.as_ptr(), value.as_ptr()) };
        if r == -1 && err::occurred(py) { return Err(Raised::assume()) }
        Ok(py.bool(r != 0))
    }
    fn wrap_objobjargproc(py, this, args, f: objobjargproc) {
        let [key, value] = take(py, args)?;
        // SAFETY: as above.
        status(py, unsafe { f(this.as_ptr(), key.as_ptr(), value.as_ptr()) })
    }
    fn wrap_delitem(py, this, args, f: objobjargproc) {
        let [key] = take(py, args)?;
        // SAFETY: as above; null deletes.
        status(py, unsafe { f(this.as_ptr(), key.as_ptr(), core::ptr::null_mut()) })
    }
    fn wrap_setattr(py, this, args, f: setattrofunc) {
        let [name, value] = take(py, args)?;
        hack_check(py, this, f, "__setattr__")?;
        // SAFETY: as above.
        status(py, unsafe { f(this.as_ptr(), name.as_ptr(), value.as_ptr()) })
    }
    fn wrap_delattr(py, this, args, f: setattrofunc) {
        let [name] = take(py, args)?;
        hack_check(py, this, f, "__delattr__")?;
        // SAFETY: as above; null deletes.
        status(py, unsafe { f(this.as_ptr(), name.as_ptr(), core::ptr::null_mut()) })
    }
    fn wrap_hashfunc(py, this, args, f: hashfunc) {
        take::<0>(py, args)?;
        // SAFETY: as above.
        let h = unsafe { f(this.as_ptr()) };
        if h == -1 && err::occurred(py) { return Err(Raised::assume()) }
        Ok(crate::PyLong::from_isize(py, h)?.into_object())
    }
    fn wrap_del(py, this, args, f: destructor) {
        take::<0>(py, args)?;
        // SAFETY: as above.
        unsafe { f(this.as_ptr()) };
        Ok(py.none())
    }
    fn wrap_next(py, this, args, f: iternextfunc) {
        take::<0>(py, args)?;
        // SAFETY: as above.
        let r = unsafe { f(this.as_ptr()) };
        if r.is_null() && !err::occurred(py) { return Err(err::stop_iteration(py, None)) }
        owned(r)
    }
    fn wrap_descr_get(py, this, args, f: descrgetfunc) {
        let (obj, ty) = take_1_2(py, args)?;
        let obj = Some(obj).filter(|o| !o.is_none());
        let ty = ty.filter(|t| !t.is_none());
        if obj.is_none() && ty.is_none() {
            return Err(raise!(py, TypeError, "__get__(None, None) is invalid"));
        }
        // SAFETY: as above.
        owned(unsafe { f(this.as_ptr(), opt(obj), opt(ty)) })
    }
    fn wrap_descr_set(py, this, args, f: descrsetfunc) {
        let [obj, value] = take(py, args)?;
        // SAFETY: as above.
        status(py, unsafe { f(this.as_ptr(), obj.as_ptr(), value.as_ptr()) })
    }
    fn wrap_descr_delete(py, this, args, f: descrsetfunc) {
        let [obj] = take(py, args)?;
        // SAFETY: as above; null deletes.
        status(py, unsafe { f(this.as_ptr(), obj.as_ptr(), core::ptr::null_mut()) })
    }
    fn wrap_buffer(py, this, args, f: getbufferproc) {
        let [flags] = take(py, args)?;
        let flags = number::as_ssize(py, flags, Some(crate::exceptions::OverflowError()))?;
        let Ok(flags) = c_int::try_from(flags) else {
            return Err(raise!(py, OverflowError, "buffer flags out of range"));
        };
        super::buffer_slots::expose(py, this, f, flags)
    }
    fn wrap_releasebuffer(py, this, args, _f: releasebufferproc) {
        let [buffer] = take(py, args)?;
        super::buffer_slots::release(py, this, buffer)
    }
    fn richcmp_lt(py, this, args, f: richcmpfunc) { compare(py, this, args, f, 0) }
    fn richcmp_le(py, this, args, f: richcmpfunc) { compare(py, this, args, f, 1) }
    fn richcmp_eq(py, this, args, f: richcmpfunc) { compare(py, this, args, f, 2) }
    fn richcmp_ne(py, this, args, f: richcmpfunc) { compare(py, this, args, f, 3) }
    fn richcmp_gt(py, this, args, f: richcmpfunc) { compare(py, this, args, f, 4) }
    fn richcmp_ge(py, this, args, f: richcmpfunc) { compare(py, this, args, f, 5) }
}

fn compare(py: Python, this: &PyObject, args: &PyObject, f: richcmpfunc, op: c_int) -> PyResult {
    let [other] = take(py, args)?;
    // SAFETY: the slot gets the object it belongs to.
    owned(unsafe { f(this.as_ptr(), other.as_ptr(), op) })
}

/// An index as `sq_item` takes it: negative ones count from the end.
fn sequence_index(py: Python, this: &PyObject, index: &PyObject) -> PyResult<isize> {
    let mut i = number::as_ssize(py, index, Some(crate::exceptions::OverflowError()))?;
    if i < 0 {
        if let Some(f) = this.ty().as_sequence().and_then(|s| s.sq_length.get()) {
            // SAFETY: the slot gets the object it belongs to.
            let n = unsafe { f(this.as_ptr()) };
            if n < 0 {
                return Err(Raised::assume());
            }
            i += n;
        }
    }
    Ok(i)
}

/// Keeps `object.__setattr__(int, 'x', 1)` from going around a type's own `tp_setattro`: `f` must be the slot of the
/// nearest class of the object's type that is not defined in Python.
fn hack_check(py: Python, this: &PyObject, f: setattrofunc, what: &str) -> PyResult<()> {
    let ty = this.ty();
    let Some(mro) = ty.try_mro() else { return Ok(()) };
    let items = mro.as_slice();
    let as_type = |p: &Py| -> *const PyType { p.as_ptr() as *const PyType };
    // The class furthest from the object's that defines a function of its own; from it the search goes along `tp_base`.
    let own = |t: &PyType| {
        t.tp_setattro.get().is_some_and(|g| !core::ptr::fn_addr_eq(g, super::slots::slot_tp_setattro as setattrofunc))
    };
    // SAFETY: an MRO holds types, and the tuple outlives the use.
    let Some(nearest) = items.iter().map(|p| unsafe { &*as_type(p) }).find(|t| own(t)) else { return Ok(()) };
    if !nearest.tp_setattro.get().is_some_and(|g| core::ptr::fn_addr_eq(g, f)) {
        return Err(raise!(py, TypeError, "can't apply this {what} to {} object", ty.full_name()));
    }
    Ok(())
}

/// `__call__` of a C type: keywords pass through.
pub unsafe extern "C" fn wrap_call(
    this: *mut PyObject,
    args: *mut PyObject,
    wrapped: *mut c_void,
    kwds: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the wrapper is entered for `tp_call`.
    unsafe { slot::<ternaryfunc>(wrapped)(this, args, kwds) }
}

/// `__init__` of a C type.
pub unsafe extern "C" fn wrap_init(
    this: *mut PyObject,
    args: *mut PyObject,
    wrapped: *mut c_void,
    kwds: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the wrapper is entered for `tp_init`.
    let code = unsafe { slot::<initproc>(wrapped)(this, args, kwds) };
    // SAFETY: called with the GIL held.
    let py = unsafe { Python::assume() };
    super::glue::CReturn::c_return(status(py, code))
}

/// The name that error messages give a type: `Cls` for `tp_name`'s last part.
fn plain_name(ty: &PyType) -> &str {
    ty.full_name()
}

c_fn! {
    /// The function of the `__new__` that every C type with a `tp_new` of its own has: checks the class and calls `tp_new`.
    fn new_wrapper_body(py, this: obj, args: obj, kwds: opt) -> PyResult {
        let Some(ty) = PyType::from_object(this) else {
            return Err(raise!(py, SystemError, "__new__() called with non-type 'self'"));
        };
        let items = tuple(args).as_slice();
        let Some((first, rest)) = items.split_first() else {
            return Err(raise!(py, TypeError, "{}.__new__(): not enough arguments", plain_name(ty)));
        };
        let Some(sub) = PyType::from_object(first) else {
            return Err(raise!(py, TypeError, "{}.__new__(X): X is not a type object ({})", plain_name(ty), first.ty().full_name()));
        };
        if !sub.is_subtype(ty) {
            return Err(raise!(
                py, TypeError, "{0}.__new__({1}): {1} is not a subtype of {0}", plain_name(ty), plain_name(sub)
            ));
        }
        // The nearest base that is not made by a class statement decides; its tp_new must be this type's.
        let mut base = sub;
        while base.tp_new.get().is_some_and(|f| core::ptr::fn_addr_eq(f, super::slots::slot_tp_new as newfunc)) {
            match base.base() {
                Some(b) => base = b,
                None => break,
            }
        }
        let same = match (base.tp_new.get(), ty.tp_new.get()) {
            (Some(a), Some(b)) => core::ptr::fn_addr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        if !same {
            return Err(raise!(
                py, TypeError, "{}.__new__({}) is not safe, use {}.__new__()", plain_name(ty), plain_name(sub), plain_name(base)
            ));
        }
        let Some(new) = ty.tp_new.get() else {
            return Err(raise!(py, TypeError, "cannot create '{}' instances", plain_name(ty)));
        };
        let rest: Vec<&PyObject> = rest.iter().map(|p| p.as_object()).collect();
        let rest = PyTuple::from_slice(py, &rest)?;
        // SAFETY: the class is a subtype of the type whose tp_new this is.
        owned(unsafe { new(core::ptr::from_ref(sub).cast_mut(), rest.as_ptr(), opt(kwds)) })
    }
}

/// The `tp_new_wrapper` method definition; its function's address marks C types' `__new__`.
pub static NEW_METHODDEF: PyMethodDef = PyMethodDef::new(
    c"__new__",
    new_wrapper_body as *const c_void,
    METH_VARARGS | METH_KEYWORDS,
    c"__new__($type, *args, **kwargs)\n--\n\nCreate and return a new object.  See help(type) for accurate signature.",
);

/// True if `def` is the `__new__` of a C type.
pub fn is_new_wrapper(def: *const PyMethodDef) -> bool {
    // SAFETY: method definitions live as long as what they define.
    unsafe { def.as_ref() }.is_some_and(|d| core::ptr::eq(d.ml_meth, new_wrapper_body as *const c_void))
}
