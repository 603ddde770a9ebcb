//! Finding a special method on the type and calling it without making a bound method (`lookup_maybe_method`,
//! `vectorcall_method` of CPython's `typeobject.c`).

use crate::typeobj::{VECTORCALL_ARGUMENTS_OFFSET, flags};
use crate::{Py, PyDict, PyObject, PyResult, PyStr, PyTuple, Python, raise};

/// A special method of an object.
pub(super) enum Method {
    /// A function that takes the object as first argument.
    Unbound(Py),
    /// Anything else, bound already.
    Bound(Py),
}

impl Method {
    /// Calls the method of `this`. At most three arguments: nothing is allocated for the call.
    #[inline]
    pub fn call<const N: usize>(&self, py: Python, this: &PyObject, args: [&PyObject; N]) -> PyResult {
        let mut stack: [*mut PyObject; 6] = [core::ptr::null_mut(); 6];
        const { assert!(N <= 4) };
        stack[1] = this.as_ptr();
        for (i, a) in args.iter().enumerate() {
            stack[i + 2] = a.as_ptr();
        }
        match self {
            // SAFETY: the arguments are live; the word in front of them is ours to lend.
            Method::Unbound(f) => unsafe {
                f.vectorcall(py, stack.as_ptr().add(1), (N + 1) | VECTORCALL_ARGUMENTS_OFFSET, None)
            },
            // SAFETY: as above; the word in front is that of `this`, which is not read again.
            Method::Bound(f) => unsafe {
                f.vectorcall(py, stack.as_ptr().add(2), N | VECTORCALL_ARGUMENTS_OFFSET, None)
            },
        }
    }

    /// Calls with an argument tuple and keywords.
    pub fn call_tuple(&self, py: Python, this: &PyObject, args: &PyObject, kwargs: Option<&PyObject>) -> PyResult {
        match self {
            Method::Unbound(f) => call_prepended(py, f, this, args, kwargs),
            Method::Bound(f) => f.call_tuple(py, as_tuple(args), kwargs.map(as_dict)),
        }
    }

    /// True if the class sets the name to None, which says "not supported".
    pub fn is_none(&self) -> bool {
        self.object().is_none()
    }

    /// The function or bound method.
    pub fn object(&self) -> &PyObject {
        match self {
            Method::Unbound(f) | Method::Bound(f) => f,
        }
    }
}

fn as_tuple(args: &PyObject) -> &PyTuple {
    // SAFETY: tp_call and tp_init get a tuple.
    unsafe { &*(args.as_ptr() as *const PyTuple) }
}

fn as_dict(kwargs: &PyObject) -> &PyDict {
    // SAFETY: tp_call and tp_init get a dict or null.
    unsafe { &*(kwargs.as_ptr() as *const PyDict) }
}

/// Binds what the type's dictionary gave: functions stay as they are, other descriptors are asked.
#[inline]
pub(super) fn bind(_py: Python, this: &PyObject, descr: Py) -> PyResult<Method> {
    let ty = descr.ty();
    if ty.has_feature(flags::METHOD_DESCRIPTOR) {
        return Ok(Method::Unbound(descr));
    }
    match ty.tp_descr_get.get() {
        None => Ok(Method::Bound(descr)),
        // SAFETY: a slot called with live objects.
        Some(get) => unsafe {
            Py::from_owned_or_raised(get(descr.as_ptr(), this.as_ptr(), this.ty().as_ptr())).map(Method::Bound)
        },
    }
}

/// The method `name` of the object's type, `None` if there is none.
#[inline]
pub(super) fn find(py: Python, this: &PyObject, name: &PyStr) -> PyResult<Option<Method>> {
    match this.ty().lookup(py, name) {
        None => Ok(None),
        Some(descr) => bind(py, this, descr).map(Some),
    }
}

/// Calls the method `name`; AttributeError with the bare name if there is none.
#[inline]
pub(super) fn call<const N: usize>(py: Python, this: &PyObject, name: &PyStr, args: [&PyObject; N]) -> PyResult {
    match find(py, this, name)? {
        Some(method) => method.call(py, this, args),
        None => Err(raise!(py, AttributeError, "{}", name.to_string_lossy())),
    }
}

/// Calls `f(first, *args, **kwargs)`.
pub(super) fn call_prepended(
    py: Python,
    f: &PyObject,
    first: &PyObject,
    args: &PyObject,
    kwargs: Option<&PyObject>,
) -> PyResult {
    let args = as_tuple(args).as_slice();
    let kwargs = kwargs.map(as_dict).filter(|k| k.len() != 0);
    let mut all: Vec<&PyObject> = Vec::with_capacity(args.len() + 1);
    all.push(first);
    all.extend(args.iter().map(|a| a.as_object()));
    match kwargs {
        None => f.call(py, &all),
        Some(kwargs) => f.call_dict(py, &all, Some(kwargs)),
    }
}
