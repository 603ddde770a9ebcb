//! `method`: a function bound to its first argument; `instancemethod` of the C API.

use crate::abstracts::call::PyVectorcall_Call;
use crate::typeobj::{VECTORCALL_ARGUMENTS_OFFSET, vectorcallfunc};
use crate::types::descr::reduce_by_getattr;
use crate::{
    CompareOp, Py, PyClass, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass, raise,
};
use core::cell::Cell;
use core::ptr::null_mut;

/// A bound method.
#[derive(Trace)]
#[repr(C)]
pub struct PyMethod {
    pub ob_base: PyObject,
    im_func: Py,
    im_self: Py,
    im_weakreflist: Cell<*mut PyObject>,
    #[trace(skip)]
    vectorcall: Option<vectorcallfunc>,
}

impl PyMethod {
    /// `PyMethod_New`.
    #[inline]
    pub fn new(py: Python, func: &PyObject, this: &PyObject) -> PyResult<Py<PyMethod>> {
        PyMethod::alloc_exact(py, |ob_base: PyObject| PyMethod {
            ob_base,
            im_func: Py::new_ref(func),
            im_self: Py::new_ref(this),
            im_weakreflist: Cell::new(null_mut()),
            vectorcall: Some(method_vectorcall),
        })
    }

    /// `__func__`.
    #[inline(always)]
    pub fn function(&self) -> &PyObject {
        &self.im_func
    }

    /// `__self__`.
    #[inline(always)]
    pub fn receiver(&self) -> &PyObject {
        &self.im_self
    }
}

/// Calls the function with the receiver put in front: in the word before the arguments, if the caller lends it.
unsafe extern "C" fn method_vectorcall(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: entered in methods only; called with the GIL held and live arguments.
    let (py, method, kwnames) =
        unsafe { (Python::assume(), &*(callable as *const PyMethod), (kwnames as *const PyTuple).as_ref()) };
    let nargs = nargsf & !VECTORCALL_ARGUMENTS_OFFSET;
    let function = method.function();
    let this = method.receiver().as_ptr();
    let result = if nargsf & VECTORCALL_ARGUMENTS_OFFSET != 0 {
        // SAFETY: the caller lends the word; it is put back.
        unsafe {
            let front = args.sub(1).cast_mut();
            let lent = core::ptr::replace(front, this);
            let result = function.vectorcall(py, front, nargs + 1, kwnames);
            *front = lent;
            result
        }
    } else {
        let total = nargs + kwnames.map_or(0, PyTuple::len);
        const SMALL: usize = 8;
        let copy = |to: *mut *mut PyObject| {
            // SAFETY: there is room for the receiver and all arguments.
            unsafe {
                *to = this;
                if total != 0 {
                    core::ptr::copy_nonoverlapping(args, to.add(1), total);
                }
            }
        };
        if total < SMALL {
            let mut stack = [null_mut(); SMALL];
            copy(stack.as_mut_ptr());
            // SAFETY: all live.
            unsafe { function.vectorcall(py, stack.as_ptr(), nargs + 1, kwnames) }
        } else {
            let mut all = vec![null_mut(); total + 1];
            copy(all.as_mut_ptr());
            // SAFETY: all live.
            unsafe { function.vectorcall(py, all.as_ptr(), nargs + 1, kwnames) }
        }
    };
    match result {
        Ok(v) => v.into_raw(),
        Err(_) => null_mut(),
    }
}

/// Looks an attribute up on the method's type, then on what it wraps.
fn getattr_through(py: Python, this: &PyObject, inner: &PyObject, name: &PyObject) -> PyResult {
    let name = crate::abstracts::object::attribute_name(py, name)?;
    if let Some(descr) = this.ty().lookup(py, name) {
        return match descr.ty().tp_descr_get.get() {
            // SAFETY: a slot called with live objects.
            Some(f) => unsafe { Py::from_owned_or_raised(f(descr.as_ptr(), this.as_ptr(), this.ty().as_ptr())) },
            None => Ok(descr),
        };
    }
    inner.getattr(py, name)
}

/// The docstring of what is wrapped.
fn inner_doc(py: Python, inner: &PyObject) -> PyResult {
    Ok(inner.getattr_opt(py, id!(py, "__doc__"))?.unwrap_or_else(|| py.none()))
}

/// Create a bound instance method object.
#[pyclass(
    name = "method",
    static_name = PyMethod_Type,
    flags(GC),
    members(
        im_func as "__func__": OBJECT readonly "the function implementing a method",
        im_self as "__self__": OBJECT readonly "the instance to which a method is bound",
    ),
    weaklist = im_weakreflist,
    vectorcall_offset = vectorcall,
    slots(tp_call = PyVectorcall_Call),
    no_clear,
)]
impl PyMethod {
    #[signature("(function, instance, /)")]
    fn tp_new(py: Python, _cls: &PyType, function: &PyObject, instance: &PyObject) -> PyResult<Py<PyMethod>> {
        if !function.is_callable() {
            return Err(raise!(py, TypeError, "first argument must be callable"));
        }
        if instance.is_none() {
            return Err(raise!(py, TypeError, "instance must not be None"));
        }
        PyMethod::new(py, function, instance)
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut name = self.im_func.getattr_opt(py, id!(py, "__qualname__"))?;
        if name.is_none() {
            name = self.im_func.getattr_opt(py, id!(py, "__name__"))?;
        }
        let name = match name.as_ref().and_then(|n| n.downcast::<PyStr>()) {
            Some(n) => n.to_string_lossy().into_owned(),
            None => "?".to_owned(),
        };
        let this = self.im_self.repr(py)?;
        PyStr::new(py, &format!("<bound method {name} of {}>", this.to_string_lossy()))
    }
    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        let this = crate::abstracts::hash::pointer_hash(&self.im_self);
        Ok(this ^ self.im_func.hash(py)?)
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast_exact::<PyMethod>() else { return Ok(py.not_implemented()) };
        if op != CompareOp::Eq && op != CompareOp::Ne {
            return Ok(py.not_implemented());
        }
        let equal = self.im_func.eq(py, &other.im_func)? && self.im_self.is(&other.im_self);
        Ok(py.bool(equal == (op == CompareOp::Eq)))
    }
    fn tp_getattro(&self, py: Python, name: &PyObject) -> PyResult {
        getattr_through(py, self, &self.im_func, name)
    }
    /// A bound method stays bound.
    fn tp_descr_get(&self, _py: Python, _obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        Ok(Py::new_ref(self).into_object())
    }
    #[getter]
    fn __doc__(&self, py: Python) -> PyResult {
        inner_doc(py, &self.im_func)
    }
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let name = self.im_func.getattr(py, id!(py, "__name__"))?;
        reduce_by_getattr(py, &self.im_self, &name)
    }
}

/// A callable that becomes a bound method when got from an instance, whatever it is (`PyInstanceMethod_New`).
#[derive(Trace)]
#[repr(C)]
pub struct PyInstanceMethod {
    pub ob_base: PyObject,
    func: Slot,
}

impl PyInstanceMethod {
    /// `PyInstanceMethod_New`.
    pub fn new(py: Python, func: &PyObject) -> PyResult<Py<PyInstanceMethod>> {
        PyInstanceMethod::alloc_exact(py, |ob_base: PyObject| PyInstanceMethod {
            ob_base,
            func: Slot::some(Py::new_ref(func)),
        })
    }

    fn function(&self, py: Python) -> PyResult {
        self.func.get().ok_or_else(|| raise!(py, RuntimeError, "uninitialized instancemethod object"))
    }
}

/// Bind a function to a class.
#[pyclass(
    name = "instancemethod",
    static_name = PyInstanceMethod_Type,
    flags(GC),
    members(func as "__func__": OBJECT readonly "the function (or other callable) implementing a method"),
)]
impl PyInstanceMethod {
    #[signature("(func, /)")]
    fn tp_new(py: Python, _cls: &PyType, func: &PyObject) -> PyResult<Py<PyInstanceMethod>> {
        if !func.is_callable() {
            return Err(raise!(py, TypeError, "first argument must be callable"));
        }
        PyInstanceMethod::new(py, func)
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let func = self.function(py)?;
        let name = func.getattr_opt(py, id!(py, "__name__"))?;
        let name = match name.as_ref().and_then(|n| n.downcast::<PyStr>()) {
            Some(n) => n.to_string_lossy().into_owned(),
            None => "?".to_owned(),
        };
        PyStr::new(py, &format!("<instancemethod {name} at {:#x}>", self.id()))
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast_exact::<PyInstanceMethod>() else { return Ok(py.not_implemented()) };
        if op != CompareOp::Eq && op != CompareOp::Ne {
            return Ok(py.not_implemented());
        }
        let equal = self.function(py)?.eq(py, &*other.function(py)?)?;
        Ok(py.bool(equal == (op == CompareOp::Eq)))
    }
    fn tp_call(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        self.function(py)?.call_tuple(py, args, kwargs)
    }
    fn tp_getattro(&self, py: Python, name: &PyObject) -> PyResult {
        getattr_through(py, self, &*self.function(py)?, name)
    }
    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        let func = self.function(py)?;
        match obj {
            Some(obj) => Ok(PyMethod::new(py, &func, obj)?.into_object()),
            None => Ok(func),
        }
    }
    #[getter]
    fn __doc__(&self, py: Python) -> PyResult {
        inner_doc(py, &*self.function(py)?)
    }
}
