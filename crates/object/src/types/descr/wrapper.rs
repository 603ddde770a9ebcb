//! `wrapper_descriptor` (`int.__add__`) and `method-wrapper` (`(1).__add__`): special methods backed by C slots.

use super::{qualname, reduce_by_getattr, text};
use crate::abstracts::object::PyObject_GenericGetAttr;
use crate::types::type_::slot_table::{WRAPPER_KEYWORDS, WrapperBase, wrapperfunc, wrapperfunc_kwds};
use crate::{
    CompareOp, Py, PyClass, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, pyclass, raise,
};
use core::ffi::c_void;
use core::ptr::null_mut;

/// A C slot as an unbound method.
#[derive(Trace)]
#[repr(C)]
pub struct PyWrapperDescr {
    pub ob_base: PyObject,
    d_type: Py<PyType>,
    d_name: Py<PyStr>,
    d_qualname: Slot,
    d_base: *const WrapperBase,
    d_wrapped: *const c_void,
}

/// A slot wrapper bound to an object.
#[derive(Trace)]
#[repr(C)]
pub struct PyMethodWrapper {
    pub ob_base: PyObject,
    descr: Py<PyWrapperDescr>,
    this: Py,
}

impl PyWrapperDescr {
    /// `PyDescr_NewWrapper`.
    pub fn new(
        py: Python,
        owner: &PyType,
        base: &'static WrapperBase,
        wrapped: *const c_void,
    ) -> PyResult<Py<PyWrapperDescr>> {
        let name = Py::new_ref(base.name(py));
        PyWrapperDescr::alloc_exact(py, |ob_base: PyObject| PyWrapperDescr {
            ob_base,
            d_type: Py::new_ref(owner),
            d_name: name,
            d_qualname: Slot::empty(),
            d_base: base,
            d_wrapped: wrapped,
        })
    }

    /// The row of the slot table.
    #[inline(always)]
    pub fn base(&self) -> &'static WrapperBase {
        // SAFETY: rows are static.
        unsafe { &*self.d_base }
    }

    /// The C function.
    #[inline(always)]
    pub fn wrapped(&self) -> *const c_void {
        self.d_wrapped
    }

    /// The type whose slot it is.
    #[inline(always)]
    pub fn owner(&self) -> &PyType {
        &self.d_type
    }

    /// The special method's name.
    pub fn name(&self) -> &PyStr {
        &self.d_name
    }

    /// Calls the slot for `this`, which was checked to be an instance.
    fn call_for(&self, py: Python, this: &PyObject, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        let base = self.base();
        let kw = kwargs.filter(|k| k.len() != 0);
        let wrapped = self.d_wrapped.cast_mut();
        // SAFETY: the row's flags say which of the two function types the wrapper is; it fits the slot.
        unsafe {
            if base.flags & WRAPPER_KEYWORDS != 0 {
                let f: wrapperfunc_kwds = core::mem::transmute(base.wrapper);
                let kw = kwargs.map_or(null_mut(), |k| k.as_ptr());
                return Py::from_owned_or_raised(f(this.as_ptr(), args.as_ptr(), wrapped, kw));
            }
            if kw.is_some() {
                return Err(raise!(
                    py,
                    TypeError,
                    "wrapper {}() takes no keyword arguments",
                    self.d_name.to_string_lossy()
                ));
            }
            let f: wrapperfunc = core::mem::transmute(base.wrapper);
            Py::from_owned_or_raised(f(this.as_ptr(), args.as_ptr(), wrapped))
        }
    }

    fn doc(&self) -> std::borrow::Cow<'static, str> {
        self.base().doc().to_string_lossy()
    }

    fn plain_name(&self) -> &'static str {
        crate::types::builtin_function::c_text(self.base().name)
    }
}

/// True if the object is the `__getattribute__` of a type that looks attributes up in the generic way.
pub fn wraps_generic_getattr(obj: &PyObject) -> bool {
    obj.is_type(&PyWrapperDescr_Type) && {
        // SAFETY: the type was just checked.
        let wrapper = unsafe { obj.downcast_unchecked::<PyWrapperDescr>() };
        core::ptr::eq(wrapper.d_wrapped, PyObject_GenericGetAttr as *const c_void)
    }
}

#[pyclass(
    name = "wrapper_descriptor",
    static_name = PyWrapperDescr_Type,
    flags(GC, METHOD_DESCRIPTOR, DISALLOW_INSTANTIATION),
    members(d_type as "__objclass__": OBJECT readonly, d_name as "__name__": OBJECT readonly),
    slots(tp_getattro = PyObject_GenericGetAttr),
    no_clear,
)]
impl PyWrapperDescr {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        PyStr::new(
            py,
            &format!("<slot wrapper '{}' of '{}' objects>", self.d_name.to_string_lossy(), self.d_type.full_name()),
        )
    }
    fn tp_call(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        let Some((this, rest)) = args.as_slice().split_first() else {
            return Err(raise!(
                py,
                TypeError,
                "descriptor '{}' of '{:.100}' object needs an argument",
                self.d_name.to_string_lossy(),
                self.d_type.full_name()
            ));
        };
        if !this.ty().is_subtype(&self.d_type) {
            return Err(raise!(
                py,
                TypeError,
                "descriptor '{}' requires a '{:.100}' object but received a '{:.100}'",
                self.d_name.to_string_lossy(),
                self.d_type.full_name(),
                this.ty().full_name()
            ));
        }
        let rest: Vec<&PyObject> = rest.iter().map(|a| a.as_object()).collect();
        let rest = PyTuple::from_slice(py, &rest)?;
        self.call_for(py, this, &rest, kwargs)
    }
    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        let Some(obj) = obj else { return Ok(Py::new_ref(self).into_object()) };
        super::check(py, &self.d_name, &self.d_type, obj)?;
        let bound = PyMethodWrapper::alloc_exact(py, |ob_base: PyObject| PyMethodWrapper {
            ob_base,
            descr: Py::new_ref(self),
            this: Py::new_ref(obj),
        })?;
        Ok(bound.into_object())
    }
    #[getter]
    fn __doc__(&self, py: Python) -> PyResult {
        text::doc_object(py, self.plain_name(), &self.doc())
    }
    #[getter]
    fn __text_signature__(&self, py: Python) -> PyResult {
        text::signature_object(py, self.plain_name(), &self.doc())
    }
    #[getter]
    fn __qualname__(&self, py: Python) -> PyResult {
        qualname(py, &self.d_qualname, &self.d_type, &self.d_name)
    }
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        reduce_by_getattr(py, &self.d_type, &self.d_name)
    }
}

#[pyclass(
    name = "method-wrapper",
    static_name = _PyMethodWrapper_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    members(this as "__self__": OBJECT readonly),
    slots(tp_getattro = PyObject_GenericGetAttr),
    no_clear,
)]
impl PyMethodWrapper {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        PyStr::new(
            py,
            &format!(
                "<method-wrapper '{}' of {} object at {:#x}>",
                self.descr.d_name.to_string_lossy(),
                self.this.ty().full_name(),
                self.this.id()
            ),
        )
    }
    fn tp_call(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        self.descr.call_for(py, &self.this, args, kwargs)
    }
    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        let a = crate::abstracts::hash::pointer_hash(&self.this);
        let b = crate::abstracts::hash::pointer_hash(&self.descr);
        Ok(a ^ b)
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast_exact::<PyMethodWrapper>() else { return Ok(py.not_implemented()) };
        let equal = self.descr.is(&other.descr) && self.this.is(&other.this);
        match op {
            CompareOp::Eq => Ok(py.bool(equal)),
            CompareOp::Ne => Ok(py.bool(!equal)),
            _ => Ok(py.not_implemented()),
        }
    }
    #[getter]
    fn __objclass__(&self, _py: Python) -> PyResult {
        Ok(self.descr.d_type.clone().into_object())
    }
    #[getter]
    fn __name__(&self, _py: Python) -> PyResult {
        Ok(self.descr.d_name.clone().into_object())
    }
    #[getter]
    fn __qualname__(&self, py: Python) -> PyResult {
        qualname(py, &self.descr.d_qualname, &self.descr.d_type, &self.descr.d_name)
    }
    #[getter]
    fn __doc__(&self, py: Python) -> PyResult {
        text::doc_object(py, self.descr.plain_name(), &self.descr.doc())
    }
    #[getter]
    fn __text_signature__(&self, py: Python) -> PyResult {
        text::signature_object(py, self.descr.plain_name(), &self.descr.doc())
    }
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        reduce_by_getattr(py, &self.this, &self.descr.d_name)
    }
}
