//! `weakref.proxy`: an object that passes every operation on to its referent.

use super::reference::PyWeakReference;
use crate::abstracts::number;
use crate::typeobj::*;
use crate::{CompareOp, Py, PyDict, PyObject, PyResult, PyStr, PyTuple, Python, id, raise};
use core::cell::Cell;
use core::ptr::null_mut;

/// A proxy of the right kind (`PyWeakref_NewProxy`).
pub fn new_proxy(py: Python, obj: &PyObject, callback: Option<&PyObject>) -> PyResult<Py<PyWeakReference>> {
    let ty = if obj.is_callable() { &_PyWeakref_CallableProxyType } else { &_PyWeakref_ProxyType };
    super::reference::make(py, ty, obj, callback)
}

fn is_proxy(obj: &PyObject) -> bool {
    obj.is_type(&_PyWeakref_ProxyType) || obj.is_type(&_PyWeakref_CallableProxyType)
}

/// The referent of a proxy; any other object itself. ReferenceError if the referent is gone.
fn unwrap(py: Python, obj: &PyObject) -> PyResult {
    if !is_proxy(obj) {
        return Ok(Py::new_ref(obj));
    }
    // SAFETY: just checked.
    let r = unsafe { &*(obj.as_ptr() as *const PyWeakReference) };
    r.get().ok_or_else(|| raise!(py, ReferenceError, "weakly-referenced object no longer exists"))
}

fn out(r: PyResult) -> *mut PyObject {
    match r {
        Ok(v) => v.into_raw(),
        Err(_) => null_mut(),
    }
}

macro_rules! unary {
    ($($name:ident => $f:expr;)*) => {$(
        unsafe extern "C" fn $name(a: *mut PyObject) -> *mut PyObject {
            // SAFETY: a slot called with the GIL held and a live object.
            let (py, a) = unsafe { (Python::assume(), &*a) };
            let f: fn(Python, &PyObject) -> PyResult = $f;
            out(unwrap(py, a).and_then(|a| f(py, &a)))
        }
    )*};
}
macro_rules! binary {
    ($($name:ident => $f:expr;)*) => {$(
        unsafe extern "C" fn $name(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
            // SAFETY: a slot called with the GIL held and live objects.
            let (py, a, b) = unsafe { (Python::assume(), &*a, &*b) };
            let f: fn(Python, &PyObject, &PyObject) -> PyResult = $f;
            out(unwrap(py, a).and_then(|a| unwrap(py, b).and_then(|b| f(py, &a, &b))))
        }
    )*};
}

unary! {
    negative => number::negative;
    positive => number::positive;
    absolute => number::absolute;
    invert => number::invert;
    to_int => |py, a| number::long(py, a).map(Py::into_object);
    to_float => |py, a| number::float(py, a).map(Py::into_object);
    to_index => |py, a| number::index(py, a).map(Py::into_object);
    str_ => |py, a| a.str(py).map(Py::into_object);
    iter => |py, a| a.iter(py);
}
binary! {
    add => number::add;
    subtract => number::subtract;
    multiply => number::multiply;
    remainder => number::remainder;
    divmod => number::divmod;
    lshift => number::lshift;
    rshift => number::rshift;
    and => number::and;
    xor => number::xor;
    or => number::or;
    floor_divide => number::floor_divide;
    true_divide => number::true_divide;
    matrix_multiply => number::matrix_multiply;
    inplace_add => number::inplace_add;
    inplace_subtract => number::inplace_subtract;
    inplace_multiply => number::inplace_multiply;
    inplace_remainder => number::inplace_remainder;
    inplace_lshift => number::inplace_lshift;
    inplace_rshift => number::inplace_rshift;
    inplace_and => number::inplace_and;
    inplace_xor => number::inplace_xor;
    inplace_or => number::inplace_or;
    inplace_floor_divide => number::inplace_floor_divide;
    inplace_true_divide => number::inplace_true_divide;
    inplace_matrix_multiply => number::inplace_matrix_multiply;
    subscript => |py, a, b| a.get_item(py, b);
    getattro => |py, a, name| match name.downcast::<PyStr>() {
        Some(name) => a.getattr(py, name),
        None => Err(raise!(py, TypeError, "attribute name must be string, not '{}'", name.ty().name())),
    };
}

macro_rules! ternary {
    ($($name:ident => $f:path;)*) => {$(
        unsafe extern "C" fn $name(a: *mut PyObject, b: *mut PyObject, c: *mut PyObject) -> *mut PyObject {
            // SAFETY: a slot called with the GIL held and live objects.
            let (py, a, b, c) = unsafe { (Python::assume(), &*a, &*b, &*c) };
            let run = || $f(py, &*unwrap(py, a)?, &*unwrap(py, b)?, &*unwrap(py, c)?);
            out(run())
        }
    )*};
}
ternary! {
    power => number::power;
    inplace_power => number::inplace_power;
}

unsafe extern "C" fn truth(a: *mut PyObject) -> i32 {
    // SAFETY: as above.
    let (py, a) = unsafe { (Python::assume(), &*a) };
    unwrap(py, a).and_then(|a| a.is_true(py)).map_or(-1, i32::from)
}
unsafe extern "C" fn length(a: *mut PyObject) -> isize {
    // SAFETY: as above.
    let (py, a) = unsafe { (Python::assume(), &*a) };
    unwrap(py, a).and_then(|a| a.len(py)).unwrap_or(-1)
}
unsafe extern "C" fn contains(a: *mut PyObject, b: *mut PyObject) -> i32 {
    // SAFETY: as above.
    let (py, a, b) = unsafe { (Python::assume(), &*a, &*b) };
    unwrap(py, a).and_then(|a| a.contains(py, b)).map_or(-1, i32::from)
}
unsafe extern "C" fn ass_subscript(a: *mut PyObject, key: *mut PyObject, value: *mut PyObject) -> i32 {
    // SAFETY: as above; the value may be null.
    let (py, a, key, value) = unsafe { (Python::assume(), &*a, &*key, value.as_ref()) };
    let r = unwrap(py, a).and_then(|a| match value {
        Some(v) => a.set_item(py, key, v),
        None => a.del_item(py, key),
    });
    r.map_or(-1, |()| 0)
}
unsafe extern "C" fn setattro(a: *mut PyObject, name: *mut PyObject, value: *mut PyObject) -> i32 {
    // SAFETY: as above; the value may be null.
    let (py, a, name, value) = unsafe { (Python::assume(), &*a, &*name, value.as_ref()) };
    let r = unwrap(py, a).and_then(|a| {
        let Some(name) = name.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "attribute name must be string, not '{}'", name.ty().name()));
        };
        match value {
            Some(v) => a.setattr(py, name, v),
            None => a.delattr(py, name),
        }
    });
    r.map_or(-1, |()| 0)
}
unsafe extern "C" fn iternext(a: *mut PyObject) -> *mut PyObject {
    // SAFETY: as above.
    let (py, a) = unsafe { (Python::assume(), &*a) };
    let r = unwrap(py, a).and_then(|a| match a.ty().tp_iternext.get() {
        None => Err(raise!(py, TypeError, "Weakref proxy referenced a non-iterator '{}' object", a.ty().full_name())),
        Some(_) => a.iter_next(py),
    });
    match r {
        Ok(Some(v)) => v.into_raw(),
        _ => null_mut(),
    }
}
unsafe extern "C" fn richcompare(a: *mut PyObject, b: *mut PyObject, op: i32) -> *mut PyObject {
    // SAFETY: as above.
    let (py, a, b) = unsafe { (Python::assume(), &*a, &*b) };
    // SAFETY: the operator is one of the six.
    let run = || unsafe { unwrap(py, a)?.rich_compare(py, &*unwrap(py, b)?, CompareOp::from_c(op)) };
    out(run())
}
unsafe extern "C" fn call(a: *mut PyObject, args: *mut PyObject, kwargs: *mut PyObject) -> *mut PyObject {
    // SAFETY: as above; a tuple and a dict or null.
    let (py, a, args, kwargs) =
        unsafe { (Python::assume(), &*a, &*(args as *const PyTuple), (kwargs as *const PyDict).as_ref()) };
    out(unwrap(py, a).and_then(|a| a.call_tuple(py, args, kwargs)))
}
unsafe extern "C" fn repr(a: *mut PyObject) -> *mut PyObject {
    // SAFETY: as above; a proxy.
    let (py, r) = unsafe { (Python::assume(), &*(a as *const PyWeakReference)) };
    let text = match r.get() {
        Some(obj) => format!("<weakproxy at {a:p}; to '{}' at {:p}>", obj.ty().full_name(), obj.as_raw()),
        None => format!("<weakproxy at {a:p}; dead>"),
    };
    out(PyStr::new(py, &text).map(Py::into_object))
}
unsafe extern "C" fn bytes_method(a: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: as above.
    let (py, a) = unsafe { (Python::assume(), &*a) };
    out(unwrap(py, a).and_then(|a| a.call_method(py, id!(py, "__bytes__"), &[])))
}
unsafe extern "C" fn reversed_method(a: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: as above.
    let (py, a) = unsafe { (Python::assume(), &*a) };
    out(unwrap(py, a).and_then(|a| a.call_method(py, id!(py, "__reversed__"), &[])))
}

const fn some<F: Copy>(f: F) -> Cell<Option<F>> {
    Cell::new(Some(f))
}

static NUMBER: PyNumberMethods = PyNumberMethods {
    nb_add: some(add as binaryfunc),
    nb_subtract: some(subtract as binaryfunc),
    nb_multiply: some(multiply as binaryfunc),
    nb_remainder: some(remainder as binaryfunc),
    nb_divmod: some(divmod as binaryfunc),
    nb_power: some(power as ternaryfunc),
    nb_negative: some(negative as unaryfunc),
    nb_positive: some(positive as unaryfunc),
    nb_absolute: some(absolute as unaryfunc),
    nb_bool: some(truth as inquiry),
    nb_invert: some(invert as unaryfunc),
    nb_lshift: some(lshift as binaryfunc),
    nb_rshift: some(rshift as binaryfunc),
    nb_and: some(and as binaryfunc),
    nb_xor: some(xor as binaryfunc),
    nb_or: some(or as binaryfunc),
    nb_int: some(to_int as unaryfunc),
    nb_float: some(to_float as unaryfunc),
    nb_inplace_add: some(inplace_add as binaryfunc),
    nb_inplace_subtract: some(inplace_subtract as binaryfunc),
    nb_inplace_multiply: some(inplace_multiply as binaryfunc),
    nb_inplace_remainder: some(inplace_remainder as binaryfunc),
    nb_inplace_power: some(inplace_power as ternaryfunc),
    nb_inplace_lshift: some(inplace_lshift as binaryfunc),
    nb_inplace_rshift: some(inplace_rshift as binaryfunc),
    nb_inplace_and: some(inplace_and as binaryfunc),
    nb_inplace_xor: some(inplace_xor as binaryfunc),
    nb_inplace_or: some(inplace_or as binaryfunc),
    nb_floor_divide: some(floor_divide as binaryfunc),
    nb_true_divide: some(true_divide as binaryfunc),
    nb_inplace_floor_divide: some(inplace_floor_divide as binaryfunc),
    nb_inplace_true_divide: some(inplace_true_divide as binaryfunc),
    nb_index: some(to_index as unaryfunc),
    nb_matrix_multiply: some(matrix_multiply as binaryfunc),
    nb_inplace_matrix_multiply: some(inplace_matrix_multiply as binaryfunc),
    ..PyNumberMethods::EMPTY
};
static SEQUENCE: PySequenceMethods = PySequenceMethods {
    sq_length: some(length as lenfunc),
    sq_contains: some(contains as objobjproc),
    ..PySequenceMethods::EMPTY
};
static MAPPING: PyMappingMethods = PyMappingMethods {
    mp_length: some(length as lenfunc),
    mp_subscript: some(subscript as binaryfunc),
    mp_ass_subscript: some(ass_subscript as objobjargproc),
};
static METHODS: [PyMethodDef; 3] = [
    PyMethodDef::new(c"__bytes__", bytes_method as *const core::ffi::c_void, METH_NOARGS, c""),
    PyMethodDef::new(c"__reversed__", reversed_method as *const core::ffi::c_void, METH_NOARGS, c""),
    PyMethodDef::END,
];

macro_rules! proxy_type {
    ($static:ident, $name:literal, $call:expr) => {
        #[doc = "A type of weak proxies, under its C name."]
        #[unsafe(no_mangle)]
        pub static $static: PyTypeObject = PyTypeObject {
            tp_dealloc: some(dealloc as destructor),
            tp_repr: some(repr as reprfunc),
            tp_as_number: Cell::new(&raw const NUMBER),
            tp_as_sequence: Cell::new(&raw const SEQUENCE),
            tp_as_mapping: Cell::new(&raw const MAPPING),
            tp_call: Cell::new($call),
            tp_str: some(str_ as reprfunc),
            tp_getattro: some(getattro as getattrofunc),
            tp_setattro: some(setattro as setattrofunc),
            tp_flags: Cell::new(flags::DEFAULT | flags::HAVE_GC),
            tp_traverse: some(traverse as traverseproc),
            tp_clear: some(clear as inquiry),
            tp_richcompare: some(richcompare as richcmpfunc),
            tp_iter: some(iter as getiterfunc),
            tp_iternext: some(iternext as iternextfunc),
            tp_methods: Cell::new(&raw const METHODS as *const PyMethodDef),
            tp_hash: some(crate::types::object_::PyObject_HashNotImplemented as hashfunc),
            ..PyTypeObject::empty($name, size_of::<PyWeakReference>())
        };
    };
}
proxy_type!(_PyWeakref_ProxyType, c"weakref.ProxyType", None);
proxy_type!(_PyWeakref_CallableProxyType, c"weakref.CallableProxyType", Some(call as ternaryfunc));

unsafe extern "C" fn traverse(
    this: *mut PyObject,
    visit: crate::header::visitproc,
    arg: *mut core::ffi::c_void,
) -> i32 {
    // SAFETY: a live proxy.
    unsafe {
        let callback = (*(this as *const PyWeakReference)).wr_callback.as_raw();
        if callback.is_null() { 0 } else { visit(callback, arg) }
    }
}
unsafe extern "C" fn clear(this: *mut PyObject) -> i32 {
    // SAFETY: a live proxy.
    unsafe {
        (*(this as *const PyWeakReference)).detach();
        (*(this as *const PyWeakReference)).wr_callback.clear();
    }
    0
}
unsafe extern "C" fn dealloc(this: *mut PyObject) {
    // SAFETY: the proxy's last count is gone.
    unsafe {
        crate::memory::gc::untrack(&*this);
        (*(this as *const PyWeakReference)).detach();
        (*(this as *const PyWeakReference)).wr_callback.clear();
        crate::memory::alloc::free(this);
    }
}
