//! Calling objects: vectorcall (PEP 590) and the conversions between it and argument tuples.

use crate::typeobj::{VECTORCALL_ARGUMENTS_OFFSET, flags, ternaryfunc, vectorcallfunc};
use crate::types::method::PyMethod;
use crate::{Py, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Raised, err, raise};
use core::ptr::null_mut;

/// Arguments that fit on the native stack with a word in front and one for a receiver.
const SMALL: usize = 8;

/// The object's vectorcall function, if it has one (`PyVectorcall_Function`).
#[inline(always)]
pub fn vectorcall_function(callable: &PyObject) -> Option<vectorcallfunc> {
    let ty = callable.ty();
    if !ty.has_feature(flags::HAVE_VECTORCALL) {
        return None;
    }
    // SAFETY: the flag says that the word at the offset is a vectorcall function or null.
    unsafe {
        let at = (callable.as_ptr() as *const u8).offset(ty.tp_vectorcall_offset.get());
        *at.cast::<Option<vectorcallfunc>>()
    }
}

/// Checks a result of C code: null must go with an exception, and only null (`_Py_CheckFunctionResult`).
#[inline(always)]
fn checked(py: Python, callable: &PyObject, result: *mut PyObject) -> PyResult {
    // SAFETY: slots give an owned reference or null.
    match unsafe { Py::from_owned_nullable(result) } {
        Some(value) => {
            if err::occurred(py) {
                return Err(result_with_error(py, callable, value));
            }
            Ok(value)
        }
        None => {
            if !err::occurred(py) {
                return Err(null_without_error(py, callable));
            }
            Err(Raised::assume())
        }
    }
}

#[cold]
#[inline(never)]
fn result_with_error(py: Python, callable: &PyObject, value: Py) -> Raised {
    drop(value);
    let shown = err::with_saved(py, || {
        callable.repr(py).map(|r| r.to_string_lossy().into_owned()).unwrap_or_else(|_| {
            err::clear(py);
            format!("<{} object>", callable.ty().full_name())
        })
    });
    err::raise_from_cause(
        py,
        crate::exceptions::SystemError(),
        &format!("{shown} returned a result with an exception set"),
    )
}

#[cold]
#[inline(never)]
fn null_without_error(py: Python, callable: &PyObject) -> Raised {
    let shown = match callable.repr(py) {
        Ok(r) => r.to_string_lossy().into_owned(),
        Err(_) => {
            err::clear(py);
            format!("<{} object>", callable.ty().full_name())
        }
    };
    raise!(py, SystemError, "{shown} returned NULL without setting an exception")
}

#[cold]
#[inline(never)]
fn not_callable(py: Python, callable: &PyObject) -> Raised {
    raise!(py, TypeError, "'{:.200}' object is not callable", callable.ty().full_name())
}

/// The arguments of a vectorcall as a tuple and, if there are keywords, a dict.
///
/// # Safety
/// `args` points to `nargs` live objects and as many more as `kwnames` has names.
pub unsafe fn as_tuple_and_dict(
    py: Python,
    args: *const *mut PyObject,
    nargs: usize,
    kwnames: Option<&PyTuple>,
) -> PyResult<(Py<PyTuple>, Option<Py<PyDict>>)> {
    // SAFETY: by contract; a borrowed object pointer is laid out as a reference.
    let slice = |start: usize, n: usize| -> &[&PyObject] {
        if n == 0 { &[] } else { unsafe { core::slice::from_raw_parts(args.add(start).cast(), n) } }
    };
    let tuple = PyTuple::from_slice(py, slice(0, nargs))?;
    let dict = match kwnames.filter(|k| k.len() != 0) {
        None => None,
        Some(names) => {
            let dict = PyDict::new(py)?;
            for (name, value) in names.as_slice().iter().zip(slice(nargs, names.len())) {
                dict.set(py, name, value)?;
            }
            Some(dict)
        }
    };
    Ok((tuple, dict))
}

/// Calls through `tp_call`, whatever vectorcall function the object has (`_PyObject_MakeTpCall`).
///
/// # Safety
/// As [`as_tuple_and_dict`].
pub unsafe fn make_tp_call(
    py: Python,
    callable: &PyObject,
    args: *const *mut PyObject,
    nargs: usize,
    kwnames: Option<&PyTuple>,
) -> PyResult {
    let Some(call) = callable.ty().tp_call.get() else { return Err(not_callable(py, callable)) };
    // SAFETY: by contract.
    let (tuple, dict) = unsafe { as_tuple_and_dict(py, args, nargs, kwnames)? };
    call_slot(py, callable, call, &tuple, dict.as_deref())
}

/// Calls through `tp_call` with the arguments of a vectorcall: for a `tp_vectorcall` that leaves a rare form of call to
/// `tp_new` and `tp_init`.
pub fn call_by_tuple(py: Python, callable: &PyObject, args: &crate::Args<'_>) -> PyResult {
    // SAFETY: `Args` are live arguments.
    unsafe { make_tp_call(py, callable, args.as_ptr(), args.as_slice().len(), args.kwnames()) }
}

fn call_slot(py: Python, callable: &PyObject, call: ternaryfunc, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
    let _guard = py.enter_recursive(" while calling a Python object")?;
    // SAFETY: the object's own slot, called with a tuple and a dict or null.
    let result = unsafe { call(callable.as_ptr(), args.as_ptr(), kwargs.map_or(null_mut(), |k| k.as_ptr())) };
    checked(py, callable, result)
}

/// Calls a vectorcall function with an argument tuple and a keyword dict (`PyVectorcall_Call`).
fn vectorcall_with_tuple(
    py: Python,
    callable: &PyObject,
    f: vectorcallfunc,
    args: &PyTuple,
    kwargs: Option<&PyDict>,
) -> PyResult {
    let items = args.as_slice();
    let kwargs = kwargs.filter(|k| k.len() != 0);
    let Some(kwargs) = kwargs else {
        // SAFETY: an owned handle is one pointer, so the items are an argument array.
        let result = unsafe { f(callable.as_ptr(), items.as_ptr().cast(), items.len(), null_mut()) };
        return checked(py, callable, result);
    };
    let mut all: Vec<*mut PyObject> = Vec::with_capacity(1 + items.len() + kwargs.len());
    all.push(null_mut());
    all.extend(items.iter().map(|p| p.as_ptr()));
    let (names, values) = split_keywords(py, kwargs)?;
    all.extend(values.iter().map(|v| v.as_ptr()));
    // SAFETY: all arguments are alive: by the tuple, and by `values`.
    let result =
        unsafe { f(callable.as_ptr(), all.as_ptr().add(1), items.len() | VECTORCALL_ARGUMENTS_OFFSET, names.as_ptr()) };
    checked(py, callable, result)
}

/// A keyword dict as names and values.
///
/// # Errors
/// TypeError "keywords must be strings".
fn split_keywords(py: Python, kwargs: &PyDict) -> PyResult<(Py<PyTuple>, Vec<Py>)> {
    let mut names = Vec::with_capacity(kwargs.len());
    let mut values = Vec::with_capacity(kwargs.len());
    let mut pos = 0;
    while let Some((name, value)) = kwargs.next(&mut pos) {
        if !name.ty().has_feature(flags::UNICODE_SUBCLASS) {
            return Err(raise!(py, TypeError, "keywords must be strings"));
        }
        names.push(name);
        values.push(value);
    }
    Ok((PyTuple::from_vec(py, names)?, values))
}

/// `PyVectorcall_Call`: `tp_call` of types that have vectorcall.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyVectorcall_Call(
    callable: *mut PyObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: called with the GIL held, a tuple and a dict or null.
    let (py, callable, args, kwargs) =
        unsafe { (Python::assume(), &*callable, &*(args as *const PyTuple), (kwargs as *const PyDict).as_ref()) };
    // SAFETY: types that use this as tp_call have the offset, though perhaps not the flag.
    let f = unsafe {
        let offset = callable.ty().tp_vectorcall_offset.get();
        if offset <= 0 {
            None
        } else {
            *(callable.as_ptr() as *const u8).offset(offset).cast::<Option<vectorcallfunc>>()
        }
    };
    let result = match f {
        Some(f) => vectorcall_with_tuple(py, callable, f, args, kwargs),
        None => Err(raise!(py, TypeError, "'{:.200}' object does not support vectorcall", callable.ty().full_name())),
    };
    match result {
        Ok(v) => v.into_raw(),
        Err(_) => null_mut(),
    }
}

/// A method to be called: with the receiver as first argument, or bound already.
pub enum BoundMethod {
    /// A function found on the type; the receiver goes in front of the arguments.
    Unbound(Py),
    /// Anything else.
    Bound(Py),
}

impl PyObject {
    /// Calls the object: the raw entry that everything else comes down to.
    ///
    /// # Safety
    /// `args` points to as many live objects as `nargsf` (its top bit aside) and `kwnames` say. If the top bit is set, the
    /// callee may change `args[-1]` for the length of the call.
    #[inline]
    pub unsafe fn vectorcall(
        &self,
        py: Python,
        args: *const *mut PyObject,
        nargsf: usize,
        kwnames: Option<&PyTuple>,
    ) -> PyResult {
        match vectorcall_function(self) {
            Some(f) => {
                // SAFETY: by contract.
                let result = unsafe { f(self.as_ptr(), args, nargsf, kwnames.map_or(null_mut(), |k| k.as_ptr())) };
                checked(py, self, result)
            }
            // SAFETY: by contract.
            None => unsafe { make_tp_call(py, self, args, nargsf & !VECTORCALL_ARGUMENTS_OFFSET, kwnames) },
        }
    }

    /// `self(*args)`.
    #[inline]
    pub fn call(&self, py: Python, args: &[&PyObject]) -> PyResult {
        if args.len() < SMALL {
            let mut stack = [null_mut(); SMALL + 1];
            for (to, from) in stack[1..].iter_mut().zip(args) {
                *to = from.as_ptr();
            }
            // SAFETY: live arguments, with a word of ours in front.
            return unsafe {
                self.vectorcall(py, stack.as_ptr().add(1), args.len() | VECTORCALL_ARGUMENTS_OFFSET, None)
            };
        }
        // SAFETY: a reference is a pointer; there is no word in front.
        unsafe { self.vectorcall(py, args.as_ptr().cast(), args.len(), None) }
    }

    /// `self()`.
    #[inline]
    pub fn call0(&self, py: Python) -> PyResult {
        self.call(py, &[])
    }

    /// `self(arg)`.
    #[inline]
    pub fn call1(&self, py: Python, arg: &PyObject) -> PyResult {
        self.call(py, &[arg])
    }

    /// Calls with `nargs` positional arguments followed by the values of the keywords in `kwnames`.
    #[inline]
    pub fn call_kw(&self, py: Python, args: &[&PyObject], nargs: usize, kwnames: Option<&PyTuple>) -> PyResult {
        debug_assert_eq!(args.len(), nargs + kwnames.map_or(0, PyTuple::len));
        // SAFETY: a reference is a pointer; there is no word in front.
        unsafe { self.vectorcall(py, args.as_ptr().cast(), nargs, kwnames) }
    }

    /// `self(*args, **kwargs)` (`PyObject_Call`).
    pub fn call_tuple(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        if let Some(f) = vectorcall_function(self) {
            return vectorcall_with_tuple(py, self, f, args, kwargs);
        }
        match self.ty().tp_call.get() {
            Some(call) => call_slot(py, self, call, args, kwargs),
            None => Err(not_callable(py, self)),
        }
    }

    /// `self(*args, **kwargs)` with the positional arguments in a slice (`PyObject_VectorcallDict`).
    pub fn call_dict(&self, py: Python, args: &[&PyObject], kwargs: Option<&PyDict>) -> PyResult {
        let Some(kwargs) = kwargs.filter(|k| k.len() != 0) else { return self.call(py, args) };
        let (names, values) = split_keywords(py, kwargs)?;
        let mut all: Vec<&PyObject> = Vec::with_capacity(args.len() + values.len());
        all.extend_from_slice(args);
        all.extend(values.iter().map(|v| v.as_object()));
        self.call_kw(py, &all, args.len(), Some(&names))
    }

    /// Finds the method `name` for a call, without making a bound method if it is a plain function of the type
    /// (`_PyObject_GetMethod`).
    ///
    /// # Errors
    /// AttributeError as `getattr`.
    pub fn get_method(&self, py: Python, name: &PyStr) -> PyResult<BoundMethod> {
        match self.get_method_opt(py, name)? {
            Some(m) => Ok(m),
            None => Err(super::object::no_attribute(py, self, name)),
        }
    }

    /// As [`PyObject::get_method`], `None` if a generic lookup finds nothing.
    fn get_method_opt(&self, py: Python, name: &PyStr) -> PyResult<Option<BoundMethod>> {
        let ty = self.ty();
        if !super::object::has_generic_getattr(ty) {
            return self.getattr(py, name).map(|m| Some(BoundMethod::Bound(m)));
        }
        let descr = ty.lookup(py, name);
        let mut is_method = false;
        let mut get = None;
        if let Some(d) = &descr {
            let dt = d.ty();
            if dt.has_feature(flags::METHOD_DESCRIPTOR) {
                is_method = true;
            } else {
                get = dt.tp_descr_get.get();
                if let Some(f) = get.filter(|_| dt.tp_descr_set.get().is_some()) {
                    // SAFETY: a data descriptor's slot called with live objects.
                    return unsafe { Py::from_owned_or_raised(f(d.as_ptr(), self.as_ptr(), ty.as_ptr())) }
                        .map(|m| Some(BoundMethod::Bound(m)));
                }
            }
        }
        if let Some(value) = super::object::instance_attribute(py, self, name)? {
            return Ok(Some(BoundMethod::Bound(value)));
        }
        Ok(match (descr, get) {
            (Some(d), _) if is_method => Some(BoundMethod::Unbound(d)),
            (Some(d), Some(f)) => {
                // SAFETY: as above.
                Some(BoundMethod::Bound(unsafe {
                    Py::from_owned_or_raised(f(d.as_ptr(), self.as_ptr(), ty.as_ptr()))?
                }))
            }
            (Some(d), None) => Some(BoundMethod::Bound(d)),
            (None, _) => None,
        })
    }

    /// `args[0].name(*args[1:])` without a bound method object (`PyObject_VectorcallMethod`).
    ///
    /// # Safety
    /// `args` points to at least one object and otherwise as in [`PyObject::vectorcall`].
    pub unsafe fn vectorcall_method(
        py: Python,
        name: &PyStr,
        args: *const *mut PyObject,
        nargsf: usize,
        kwnames: Option<&PyTuple>,
    ) -> PyResult {
        // SAFETY: by contract.
        unsafe {
            let receiver = &**args;
            match receiver.get_method(py, name)? {
                BoundMethod::Unbound(f) => f.vectorcall(py, args, nargsf & !VECTORCALL_ARGUMENTS_OFFSET, kwnames),
                BoundMethod::Bound(f) => {
                    // The receiver's own word can be lent to the callee.
                    let n = (nargsf & !VECTORCALL_ARGUMENTS_OFFSET) - 1;
                    f.vectorcall(py, args.add(1), n | VECTORCALL_ARGUMENTS_OFFSET, kwnames)
                }
            }
        }
    }

    /// `self.name(*args)`.
    pub fn call_method(&self, py: Python, name: &PyStr, args: &[&PyObject]) -> PyResult {
        match self.get_method(py, name)? {
            BoundMethod::Bound(f) => f.call(py, args),
            BoundMethod::Unbound(f) => {
                if args.len() < SMALL {
                    let mut stack = [null_mut(); SMALL + 2];
                    stack[1] = self.as_ptr();
                    for (to, from) in stack[2..].iter_mut().zip(args) {
                        *to = from.as_ptr();
                    }
                    // SAFETY: live arguments, with a word of ours in front.
                    return unsafe {
                        f.vectorcall(py, stack.as_ptr().add(1), (args.len() + 1) | VECTORCALL_ARGUMENTS_OFFSET, None)
                    };
                }
                let mut all = Vec::with_capacity(args.len() + 1);
                all.push(self);
                all.extend_from_slice(args);
                f.call(py, &all)
            }
        }
    }

    /// `self.name()`.
    pub fn call_method0(&self, py: Python, name: &PyStr) -> PyResult {
        self.call_method(py, name, &[])
    }

    /// `self.name(arg)`.
    pub fn call_method1(&self, py: Python, name: &PyStr, arg: &PyObject) -> PyResult {
        self.call_method(py, name, &[arg])
    }

    /// `callable(self)`.
    #[inline]
    pub fn is_callable(&self) -> bool {
        self.ty().tp_call.get().is_some()
    }

    /// The object bound as a method of `receiver`.
    pub fn bind_method(&self, py: Python, receiver: &PyObject) -> PyResult {
        Ok(PyMethod::new(py, self, receiver)?.into_object())
    }

    /// Calls a type: `T(*args)`; the same as [`PyObject::call`], named for clarity.
    pub fn instantiate(ty: &PyType, py: Python, args: &[&PyObject]) -> PyResult {
        (ty as &PyObject).call(py, args)
    }
}
