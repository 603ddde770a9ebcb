//! Descriptors of native attributes: methods, class methods, members, getsets and slot wrappers, with their bound
//! counterpart `method-wrapper`; and in files of their own `property`, `classmethod`, `staticmethod` and `mappingproxy`.

pub mod classmethod;
pub mod fields;
mod mappingproxy;
mod property;
pub mod staticmethod;
pub mod text;
mod wrapper;

pub use classmethod::{PyClassMethod, PyClassMethod_Type};
pub use mappingproxy::{PyDictProxy_Type, PyMappingProxy};
pub use property::{PyProperty, PyProperty_Type};
pub use staticmethod::{PyStaticMethod, PyStaticMethod_Type};
pub use wrapper::{_PyMethodWrapper_Type, PyMethodWrapper, PyWrapperDescr, PyWrapperDescr_Type, wraps_generic_getattr};

use crate::abstracts::call::PyVectorcall_Call;
use crate::abstracts::object::PyObject_GenericGetAttr;
use crate::typeobj::*;
use crate::types::builtin_function::{PyCFunctionObject, c_text};
use crate::{Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Raised, Slot, Trace, id, pyclass, raise};
use core::ffi::{CStr, c_char, c_void};
use core::ptr::null_mut;

/// "descriptor 'x' for 'T' objects doesn't apply to a 'U' object".
#[cold]
fn does_not_apply(py: Python, name: &PyStr, owner: &PyType, obj: &PyObject) -> Raised {
    raise!(
        py,
        TypeError,
        "descriptor '{}' for '{:.100}' objects doesn't apply to a '{:.100}' object",
        name.to_string_lossy(),
        owner.full_name(),
        obj.ty().full_name()
    )
}

/// Refuses objects that are not instances of `owner`.
#[inline(always)]
fn check(py: Python, name: &PyStr, owner: &PyType, obj: &PyObject) -> PyResult<()> {
    if obj.is_type(owner) || obj.ty().is_subtype(owner) {
        return Ok(());
    }
    Err(does_not_apply(py, name, owner, obj))
}

/// `__qualname__`, made at first use and kept.
fn qualname(py: Python, cache: &Slot, owner: &PyType, name: &PyStr) -> PyResult {
    if let Some(q) = cache.get() {
        return Ok(q);
    }
    let class = (owner as &PyObject).getattr(py, id!(py, "__qualname__"))?;
    let Some(class) = class.downcast::<PyStr>() else {
        return Err(raise!(py, TypeError, "<descriptor>.__objclass__.__qualname__ is not a unicode object"));
    };
    let text = PyStr::new(py, &format!("{}.{}", class.to_string_lossy(), name.to_string_lossy()))?.into_object();
    cache.set(Some(text.clone()));
    Ok(text)
}

/// `(getattr, (obj, name))`, how descriptors and bound methods are pickled.
pub fn reduce_by_getattr(py: Python, obj: &PyObject, name: &PyObject) -> PyResult<Py<PyTuple>> {
    let getattr = builtin(py, id!(py, "getattr"))?;
    let args = PyTuple::from_slice(py, &[obj, name])?;
    PyTuple::from_slice(py, &[&getattr, &args])
}

/// A function of the `builtins` module.
pub fn builtin(py: Python, name: &PyStr) -> PyResult {
    let found = match py.interp().builtins.get() {
        Some(builtins) => builtins.get_str(py, name)?,
        None => None,
    };
    found.ok_or_else(|| raise!(py, AttributeError, "module 'builtins' has no attribute '{}'", name.to_string_lossy()))
}

fn new_name(py: Python, name: *const c_char) -> PyResult<Py<PyStr>> {
    PyStr::intern(py, c_text(name))
}

/// A method of a native type: `list.append`.
#[derive(Trace)]
#[repr(C)]
pub struct PyMethodDescr {
    pub ob_base: PyObject,
    d_type: Py<PyType>,
    d_name: Py<PyStr>,
    d_qualname: Slot,
    d_method: *const PyMethodDef,
    #[trace(skip)]
    vectorcall: Option<vectorcallfunc>,
}

/// A class method of a native type, as it stands in the type's dictionary: `dict.__dict__['fromkeys']`.
#[derive(Trace)]
#[repr(C)]
pub struct PyClassMethodDescr {
    pub ob_base: PyObject,
    d_type: Py<PyType>,
    d_name: Py<PyStr>,
    d_qualname: Slot,
    d_method: *const PyMethodDef,
    #[trace(skip)]
    vectorcall: Option<vectorcallfunc>,
}

/// A field of a native type shown as an attribute.
#[derive(Trace)]
#[repr(C)]
pub struct PyMemberDescr {
    pub ob_base: PyObject,
    d_type: Py<PyType>,
    d_name: Py<PyStr>,
    d_qualname: Slot,
    d_member: *const PyMemberDef,
}

/// A computed attribute of a native type.
#[derive(Trace)]
#[repr(C)]
pub struct PyGetSetDescr {
    pub ob_base: PyObject,
    d_type: Py<PyType>,
    d_name: Py<PyStr>,
    d_qualname: Slot,
    d_getset: *const PyGetSetDef,
}

/// The five ways a method descriptor calls its function; the receiver is checked to be an instance of the type.
mod method_call {
    use super::*;

    /// `list.append()`: how errors name the method.
    fn shown(py: Python, descr: &PyMethodDescr) -> String {
        match qualname(py, &descr.d_qualname, &descr.d_type, &descr.d_name) {
            Ok(q) => format!("{}()", q.downcast::<PyStr>().map_or_else(Default::default, |s| s.to_string_lossy())),
            Err(_) => {
                crate::err::clear(py);
                format!("{}()", descr.d_name.to_string_lossy())
            }
        }
    }

    #[cold]
    fn needs_argument(py: Python, descr: &PyMethodDescr) -> Raised {
        raise!(py, TypeError, "unbound method {} needs an argument", shown(py, descr))
    }

    /// Checks receiver and keywords.
    #[inline(always)]
    fn enter<'a>(
        py: Python,
        descr: &PyMethodDescr,
        args: *const *mut PyObject,
        nargs: usize,
        kwnames: Option<&PyTuple>,
        keywords: bool,
    ) -> PyResult<&'a PyObject> {
        if nargs < 1 {
            return Err(needs_argument(py, descr));
        }
        // SAFETY: there is a first argument, alive during the call.
        let this = unsafe { &**args };
        check(py, &descr.d_name, &descr.d_type, this)?;
        if !keywords && kwnames.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "{} takes no keyword arguments", shown(py, descr)));
        }
        Ok(this)
    }

    /// Declares one way: the body gives the raw result.
    macro_rules! ways {
        ($($(#[$m:meta])* fn $name:ident($py:ident, $d:ident, $this:ident, $args:ident, $nargs:ident, $kw:ident; $keywords:literal) $body:block)*) => {$(
            $(#[$m])*
            pub unsafe extern "C" fn $name(
                callable: *mut PyObject, $args: *const *mut PyObject, nargsf: usize, kwnames: *mut PyObject,
            ) -> *mut PyObject {
                // SAFETY: entered in method descriptors only; called with the GIL held and live arguments.
                let ($py, $d, $kw) = unsafe {
                    (Python::assume(), &*(callable as *const PyMethodDescr), (kwnames as *const PyTuple).as_ref())
                };
                let $nargs = nargsf & !VECTORCALL_ARGUMENTS_OFFSET;
                let Ok($this) = enter($py, $d, $args, $nargs, $kw, $keywords) else { return null_mut() };
                $body
            }
        )*};
    }

    /// The function behind the definition, as the type its flags say.
    macro_rules! function {
        ($d:ident, $ty:ty) => {
            // SAFETY: the flags of the definition, by which the way of calling was chosen, say that it is one.
            unsafe { core::mem::transmute::<*const c_void, $ty>((*$d.d_method).ml_meth) }
        };
    }

    ways! {
        fn varargs(py, d, this, args, nargs, kw; false) {
            let _ = kw;
            let Ok((rest, _)) = (unsafe {
                // SAFETY: the arguments behind the receiver.
                crate::abstracts::call::as_tuple_and_dict(py, args.add(1), nargs - 1, None)
            }) else { return null_mut() };
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let f = function!(d, PyCFunction);
            // SAFETY: a native method called as declared.
            unsafe { f(this.as_ptr(), rest.as_ptr()) }
        }
        fn varargs_keywords(py, d, this, args, nargs, kw; true) {
            let Ok((rest, dict)) = (unsafe {
                // SAFETY: the arguments behind the receiver.
                crate::abstracts::call::as_tuple_and_dict(py, args.add(1), nargs - 1, kw)
            }) else { return null_mut() };
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let f = function!(d, PyCFunctionWithKeywords);
            // SAFETY: a native method called as declared.
            unsafe { f(this.as_ptr(), rest.as_ptr(), dict.as_ref().map_or(null_mut(), |k| k.as_ptr())) }
        }
        fn fastcall(py, d, this, args, nargs, kw; false) {
            let _ = kw;
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let f = function!(d, PyCFunctionFast);
            // SAFETY: a native method called as declared.
            unsafe { f(this.as_ptr(), args.add(1), (nargs - 1) as isize) }
        }
        fn fastcall_keywords(py, d, this, args, nargs, kw; true) {
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let f = function!(d, PyCFunctionFastWithKeywords);
            // SAFETY: a native method called as declared.
            unsafe { f(this.as_ptr(), args.add(1), (nargs - 1) as isize, kw.map_or(null_mut(), |k| k.as_ptr())) }
        }
        /// `METH_METHOD`: the function also gets the class that defines it.
        fn method(py, d, this, args, nargs, kw; true) {
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let f = function!(d, PyCMethod);
            // SAFETY: a native method called as declared.
            unsafe { f(this.as_ptr(), d.d_type.as_raw(), args.add(1), nargs - 1, kw.map_or(null_mut(), |k| k.as_ptr())) }
        }
        fn noargs(py, d, this, args, nargs, kw; false) {
            let _ = (args, kw);
            if nargs != 1 {
                let _ = raise!(py, TypeError, "{} takes no arguments ({} given)", shown(py, d), nargs - 1);
                return null_mut();
            }
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let f = function!(d, PyCFunction);
            // SAFETY: a native method called as declared.
            unsafe { f(this.as_ptr(), null_mut()) }
        }
        fn one(py, d, this, args, nargs, kw; false) {
            let _ = kw;
            if nargs != 2 {
                let _ = raise!(py, TypeError, "{} takes exactly one argument ({} given)", shown(py, d), nargs - 1);
                return null_mut();
            }
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let f = function!(d, PyCFunction);
            // SAFETY: a native method called as declared; there are two arguments.
            unsafe { f(this.as_ptr(), *args.add(1)) }
        }
    }

    /// The way that the flags ask for.
    pub fn choose(py: Python, def: &PyMethodDef) -> PyResult<vectorcallfunc> {
        const MASK: core::ffi::c_int =
            METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD;
        const VARARGS_KEYWORDS: core::ffi::c_int = METH_VARARGS | METH_KEYWORDS;
        const FASTCALL_KEYWORDS: core::ffi::c_int = METH_FASTCALL | METH_KEYWORDS;
        const METHOD: core::ffi::c_int = METH_METHOD | METH_FASTCALL | METH_KEYWORDS;
        Ok(match def.ml_flags & MASK {
            METH_VARARGS => varargs,
            VARARGS_KEYWORDS => varargs_keywords,
            METH_FASTCALL => fastcall,
            FASTCALL_KEYWORDS => fastcall_keywords,
            METHOD => method,
            METH_NOARGS => noargs,
            METH_O => one,
            _ => return Err(raise!(py, SystemError, "{}() method: bad call flags", c_text(def.ml_name))),
        })
    }
}

/// The attributes that all these descriptors show, in one `impl` each.
macro_rules! common {
    ($t:ident) => {
        impl $t {
            /// The type that the attribute belongs to (`__objclass__`).
            #[inline(always)]
            pub fn owner(&self) -> &PyType {
                &self.d_type
            }
            #[inline(always)]
            pub fn name(&self) -> &PyStr {
                &self.d_name
            }
        }
    };
}
common!(PyMethodDescr);
common!(PyClassMethodDescr);
common!(PyMemberDescr);
common!(PyGetSetDescr);

/// A native docstring, empty if there is none.
fn doc_text<'a>(doc: *const c_char) -> std::borrow::Cow<'a, str> {
    if doc.is_null() {
        return "".into();
    }
    // SAFETY: docstrings of definitions are C strings that live as long as the definition.
    unsafe { CStr::from_ptr(doc) }.to_string_lossy()
}

impl PyMethodDescr {
    /// `PyDescr_NewMethod`.
    pub fn new(py: Python, owner: &PyType, def: &'static PyMethodDef) -> PyResult<Py<PyMethodDescr>> {
        let vectorcall = method_call::choose(py, def)?;
        let name = new_name(py, def.ml_name)?;
        PyMethodDescr::alloc_exact(py, |ob_base: PyObject| PyMethodDescr {
            ob_base,
            d_type: Py::new_ref(owner),
            d_name: name,
            d_qualname: Slot::empty(),
            d_method: def,
            vectorcall: Some(vectorcall),
        })
    }

    /// `PyDescr_NewClassMethod`.
    pub fn new_classmethod(py: Python, owner: &PyType, def: &'static PyMethodDef) -> PyResult<Py<PyClassMethodDescr>> {
        let name = new_name(py, def.ml_name)?;
        PyClassMethodDescr::alloc_exact(py, |ob_base: PyObject| PyClassMethodDescr {
            ob_base,
            d_type: Py::new_ref(owner),
            d_name: name,
            d_qualname: Slot::empty(),
            d_method: def,
            vectorcall: None,
        })
    }

    /// The definition.
    #[inline(always)]
    pub fn def(&self) -> &PyMethodDef {
        // SAFETY: definitions outlive the descriptors made of them.
        unsafe { &*self.d_method }
    }
}

impl PyClassMethodDescr {
    fn def(&self) -> &'static PyMethodDef {
        // SAFETY: definitions outlive the descriptors made of them.
        unsafe { &*self.d_method }
    }

    /// The function bound to a class.
    fn bind(&self, py: Python, obj: Option<&PyObject>, ty: Option<&PyObject>) -> PyResult<Py<PyCFunctionObject>> {
        let name = || self.d_name.to_string_lossy();
        let ty = match (ty, obj) {
            (Some(ty), _) => ty,
            (None, Some(obj)) => obj.ty(),
            (None, None) => {
                return Err(raise!(
                    py,
                    TypeError,
                    "descriptor '{}' for type '{:.100}' needs either an object or a type",
                    name(),
                    self.d_type.full_name()
                ));
            }
        };
        let Some(cls) = PyType::from_object(ty) else {
            return Err(raise!(
                py,
                TypeError,
                "descriptor '{}' for type '{:.100}' needs a type, not a '{:.100}' as arg 2",
                name(),
                self.d_type.full_name(),
                ty.ty().full_name()
            ));
        };
        if !cls.is_subtype(&self.d_type) {
            return Err(raise!(
                py,
                TypeError,
                "descriptor '{}' requires a subtype of '{:.100}' but received '{:.100}'",
                name(),
                self.d_type.full_name(),
                cls.full_name()
            ));
        }
        let class = (self.def().ml_flags & METH_METHOD != 0).then_some(&*self.d_type);
        PyCFunctionObject::new(py, self.def(), Some(cls), None, class)
    }
}

impl PyMemberDescr {
    /// `PyDescr_NewMember`.
    pub fn new(py: Python, owner: &PyType, def: &'static PyMemberDef) -> PyResult<Py<PyMemberDescr>> {
        if def.flags & member_flags::RELATIVE_OFFSET != 0 {
            return Err(raise!(py, SystemError, "PyDescr_NewMember used with Py_RELATIVE_OFFSET"));
        }
        let name = new_name(py, def.name)?;
        PyMemberDescr::alloc_exact(py, |ob_base: PyObject| PyMemberDescr {
            ob_base,
            d_type: Py::new_ref(owner),
            d_name: name,
            d_qualname: Slot::empty(),
            d_member: def,
        })
    }

    /// The definition.
    #[inline(always)]
    pub fn def(&self) -> &PyMemberDef {
        // SAFETY: a definition lives as long as its type, which the descriptor keeps.
        unsafe { &*self.d_member }
    }
}

impl PyGetSetDescr {
    /// `PyDescr_NewGetSet`.
    pub fn new(py: Python, owner: &PyType, def: &'static PyGetSetDef) -> PyResult<Py<PyGetSetDescr>> {
        let name = new_name(py, def.name)?;
        PyGetSetDescr::alloc_exact(py, |ob_base: PyObject| PyGetSetDescr {
            ob_base,
            d_type: Py::new_ref(owner),
            d_name: name,
            d_qualname: Slot::empty(),
            d_getset: def,
        })
    }

    /// The definition.
    #[inline(always)]
    pub fn def(&self) -> &PyGetSetDef {
        // SAFETY: a definition lives as long as its type, which the descriptor keeps.
        unsafe { &*self.d_getset }
    }
}

#[pyclass(
    name = "method_descriptor",
    static_name = PyMethodDescr_Type,
    flags(GC, METHOD_DESCRIPTOR, DISALLOW_INSTANTIATION),
    members(d_type as "__objclass__": OBJECT readonly, d_name as "__name__": OBJECT readonly),
    vectorcall_offset = vectorcall,
    slots(tp_call = PyVectorcall_Call, tp_getattro = PyObject_GenericGetAttr),
    no_clear,
)]
impl PyMethodDescr {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        PyStr::new(
            py,
            &format!("<method '{}' of '{}' objects>", self.d_name.to_string_lossy(), self.d_type.full_name()),
        )
    }
    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        let Some(obj) = obj else { return Ok(Py::new_ref(self).into_object()) };
        check(py, &self.d_name, &self.d_type, obj)?;
        let class = (self.def().ml_flags & METH_METHOD != 0).then_some(&*self.d_type);
        // SAFETY: definitions outlive the descriptors made of them.
        let def = unsafe { &*self.d_method };
        Ok(PyCFunctionObject::new(py, def, Some(obj), None, class)?.into_object())
    }
    #[getter]
    fn __doc__(&self, py: Python) -> PyResult {
        text::doc_object(py, c_text(self.def().ml_name), &doc_text(self.def().ml_doc))
    }
    #[getter]
    fn __text_signature__(&self, py: Python) -> PyResult {
        text::signature_object(py, c_text(self.def().ml_name), &doc_text(self.def().ml_doc))
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
    name = "classmethod_descriptor",
    static_name = PyClassMethodDescr_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    members(d_type as "__objclass__": OBJECT readonly, d_name as "__name__": OBJECT readonly),
    slots(tp_getattro = PyObject_GenericGetAttr),
    no_clear,
)]
impl PyClassMethodDescr {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        PyStr::new(
            py,
            &format!("<method '{}' of '{}' objects>", self.d_name.to_string_lossy(), self.d_type.full_name()),
        )
    }
    fn tp_call(&self, py: Python, args: &PyTuple, kwargs: Option<&crate::PyDict>) -> PyResult {
        let Some((cls, rest)) = args.as_slice().split_first() else {
            return Err(raise!(
                py,
                TypeError,
                "descriptor '{}' of '{:.100}' object needs an argument",
                self.d_name.to_string_lossy(),
                self.d_type.full_name()
            ));
        };
        let function = self.bind(py, None, Some(cls))?;
        let rest: Vec<&PyObject> = rest.iter().map(|a| a.as_object()).collect();
        function.call_dict(py, &rest, kwargs)
    }
    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, ty: Option<&PyObject>) -> PyResult {
        Ok(self.bind(py, obj, ty)?.into_object())
    }
    #[getter]
    fn __doc__(&self, py: Python) -> PyResult {
        text::doc_object(py, c_text(self.def().ml_name), &doc_text(self.def().ml_doc))
    }
    #[getter]
    fn __text_signature__(&self, py: Python) -> PyResult {
        text::signature_object(py, c_text(self.def().ml_name), &doc_text(self.def().ml_doc))
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
    name = "member_descriptor",
    static_name = PyMemberDescr_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    members(d_type as "__objclass__": OBJECT readonly, d_name as "__name__": OBJECT readonly),
    slots(tp_getattro = PyObject_GenericGetAttr),
    no_clear,
)]
impl PyMemberDescr {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        PyStr::new(
            py,
            &format!("<member '{}' of '{}' objects>", self.d_name.to_string_lossy(), self.d_type.full_name()),
        )
    }
    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        let Some(obj) = obj else { return Ok(Py::new_ref(self).into_object()) };
        check(py, &self.d_name, &self.d_type, obj)?;
        fields::get(py, obj, self.def())
    }
    fn tp_descr_set(&self, py: Python, obj: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
        check(py, &self.d_name, &self.d_type, obj)?;
        fields::set(py, obj, self.def(), value)
    }
    #[getter]
    fn __doc__(&self, py: Python) -> PyResult {
        let doc = self.def().doc;
        if doc.is_null() { Ok(py.none()) } else { Ok(PyStr::new(py, &doc_text(doc))?.into_object()) }
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
    name = "getset_descriptor",
    static_name = PyGetSetDescr_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    members(d_type as "__objclass__": OBJECT readonly, d_name as "__name__": OBJECT readonly),
    slots(tp_getattro = PyObject_GenericGetAttr),
    no_clear,
)]
impl PyGetSetDescr {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        PyStr::new(
            py,
            &format!("<attribute '{}' of '{}' objects>", self.d_name.to_string_lossy(), self.d_type.full_name()),
        )
    }
    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        let Some(obj) = obj else { return Ok(Py::new_ref(self).into_object()) };
        check(py, &self.d_name, &self.d_type, obj)?;
        match self.def().get {
            // SAFETY: the getter of the object's own type.
            Some(f) => unsafe { Py::from_owned_or_raised(f(obj.as_ptr(), self.def().closure)) },
            None => Err(raise!(
                py,
                AttributeError,
                "attribute '{}' of '{:.100}' objects is not readable",
                self.d_name.to_string_lossy(),
                self.d_type.full_name()
            )),
        }
    }
    fn tp_descr_set(&self, py: Python, obj: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
        check(py, &self.d_name, &self.d_type, obj)?;
        match self.def().set {
            Some(f) => {
                // SAFETY: the setter of the object's own type; null deletes.
                let code = unsafe { f(obj.as_ptr(), value.map_or(null_mut(), |v| v.as_ptr()), self.def().closure) };
                if code < 0 { Err(Raised::assume()) } else { Ok(()) }
            }
            None => Err(raise!(
                py,
                AttributeError,
                "attribute '{}' of '{:.100}' objects is not writable",
                self.d_name.to_string_lossy(),
                self.d_type.full_name()
            )),
        }
    }
    #[getter]
    fn __doc__(&self, py: Python) -> PyResult {
        let doc = self.def().doc;
        if doc.is_null() { Ok(py.none()) } else { Ok(PyStr::new(py, &doc_text(doc))?.into_object()) }
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

/// True if the object is a data descriptor (`PyDescr_IsData`).
pub fn is_data(obj: &PyObject) -> bool {
    obj.ty().tp_descr_set.get().is_some()
}
