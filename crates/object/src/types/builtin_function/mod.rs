//! `builtin_function_or_method`: native functions, and native methods bound to their object.

use crate::abstracts::call::PyVectorcall_Call;
use crate::abstracts::object::PyObject_GenericGetAttr;
use crate::typeobj::*;
use crate::types::descr::{reduce_by_getattr, text};
use crate::types::module::PyModule_Type;
use crate::{
    CompareOp, Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass, raise,
};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;

/// A C string of a definition as text; what is not UTF-8 counts as empty.
pub fn c_text(p: *const c_char) -> &'static str {
    if p.is_null() {
        return "";
    }
    // SAFETY: definitions and what they point to live as long as the process or as the objects made of them.
    unsafe { CStr::from_ptr(p) }.to_str().unwrap_or("")
}

/// A native function.
#[derive(Trace)]
#[repr(C)]
pub struct PyCFunctionObject {
    pub ob_base: PyObject,
    m_ml: *const PyMethodDef,
    m_self: Slot,
    m_module: Slot,
    m_weakreflist: Cell0,
    #[trace(skip)]
    vectorcall: Option<vectorcallfunc>,
}

/// The head of a list of weak references: not owned.
type Cell0 = core::cell::Cell<*mut PyObject>;

/// A native function that knows the class defining it (`PyCMethodObject`).
#[derive(Trace)]
#[repr(C)]
pub struct PyCMethodObject {
    #[trace(base)]
    pub ob_base: PyCFunctionObject,
    mm_class: Slot<PyType>,
}

/// `list.append()`: how errors name a function (`_PyObject_FunctionStr`).
pub fn function_text(py: Python, f: &PyObject) -> String {
    let describe = || -> PyResult<String> {
        let Some(qualname) = f.getattr_opt(py, id!(py, "__qualname__"))? else {
            return Ok(f.str(py)?.to_string_lossy().into_owned());
        };
        let qualname = qualname.str(py)?;
        if let Some(module) = f.getattr_opt(py, id!(py, "__module__"))?.filter(|m| !m.is_none()) {
            let module = module.str(py)?;
            if !module.eq_str("builtins") {
                return Ok(format!("{}.{}()", module.to_string_lossy(), qualname.to_string_lossy()));
            }
        }
        Ok(format!("{}()", qualname.to_string_lossy()))
    };
    describe().unwrap_or_else(|_| {
        crate::err::clear(py);
        "function()".to_owned()
    })
}

/// The ways of calling, one for each combination of flags.
mod function_call {
    use super::*;

    fn refuse_keywords(py: Python, f: &PyObject, kwnames: *mut PyObject) -> PyResult<()> {
        // SAFETY: kwnames is null or a tuple.
        if unsafe { (kwnames as *const PyTuple).as_ref() }.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "{} takes no keyword arguments", function_text(py, f)));
        }
        Ok(())
    }

    macro_rules! ways {
        ($($(#[$m:meta])* fn $name:ident($py:ident, $f:ident, $this:ident, $args:ident, $nargs:ident, $kw:ident) $body:block)*) => {$(
            $(#[$m])*
            pub unsafe extern "C" fn $name(
                callable: *mut PyObject, $args: *const *mut PyObject, nargsf: usize, $kw: *mut PyObject,
            ) -> *mut PyObject {
                // SAFETY: entered in native functions only; called with the GIL held and live arguments.
                let ($py, $f) = unsafe { (Python::assume(), &*(callable as *const PyCFunctionObject)) };
                let $nargs = nargsf & !VECTORCALL_ARGUMENTS_OFFSET;
                let $this = $f.receiver();
                $body
            }
        )*};
    }

    /// The function behind the definition, as the type its flags say.
    macro_rules! function {
        ($f:ident, $ty:ty) => {
            // SAFETY: the flags of the definition, by which the way of calling was chosen, say that it is one.
            unsafe { core::mem::transmute::<*const c_void, $ty>($f.def().ml_meth) }
        };
    }

    ways! {
        fn fastcall(py, f, this, args, nargs, kw) {
            if !kw.is_null() && refuse_keywords(py, f, kw).is_err() { return null_mut() }
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let function = function!(f, PyCFunctionFast);
            // SAFETY: a native function called as declared.
            unsafe { function(this, args, nargs as isize) }
        }
        fn fastcall_keywords(py, f, this, args, nargs, kw) {
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let function = function!(f, PyCFunctionFastWithKeywords);
            // SAFETY: a native function called as declared.
            unsafe { function(this, args, nargs as isize, kw) }
        }
        /// `METH_METHOD`: the function also gets the class that defines it.
        fn method(py, f, this, args, nargs, kw) {
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            // SAFETY: `METH_METHOD` functions are PyCMethodObjects.
            let class = unsafe { (*core::ptr::from_ref(f).cast::<PyCMethodObject>()).mm_class.as_raw() };
            let function = function!(f, PyCMethod);
            // SAFETY: a native function called as declared.
            unsafe { function(this, class, args, nargs, kw) }
        }
        fn noargs(py, f, this, args, nargs, kw) {
            let _ = args;
            if !kw.is_null() && refuse_keywords(py, f, kw).is_err() { return null_mut() }
            if nargs != 0 {
                let _ = raise!(py, TypeError, "{} takes no arguments ({nargs} given)", function_text(py, f));
                return null_mut();
            }
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let function = function!(f, PyCFunction);
            // SAFETY: a native function called as declared.
            unsafe { function(this, null_mut()) }
        }
        fn one(py, f, this, args, nargs, kw) {
            if !kw.is_null() && refuse_keywords(py, f, kw).is_err() { return null_mut() }
            if nargs != 1 {
                let _ = raise!(py, TypeError, "{} takes exactly one argument ({nargs} given)", function_text(py, f));
                return null_mut();
            }
            let Ok(_guard) = py.enter_recursive(" while calling a Python object") else { return null_mut() };
            let function = function!(f, PyCFunction);
            // SAFETY: a native function called as declared; there is one argument.
            unsafe { function(this, *args) }
        }
    }

    /// `tp_call`: straight to the function for those that want a tuple, through vectorcall for the others.
    pub unsafe extern "C" fn call(
        callable: *mut PyObject,
        args: *mut PyObject,
        kwargs: *mut PyObject,
    ) -> *mut PyObject {
        // SAFETY: called with the GIL held, a native function, a tuple and a dict or null.
        let (py, f) = unsafe { (Python::assume(), &*(callable as *const PyCFunctionObject)) };
        if f.vectorcall.is_some() {
            // SAFETY: as above.
            return unsafe { PyVectorcall_Call(callable, args, kwargs) };
        }
        if f.def().ml_flags & METH_KEYWORDS != 0 {
            let function = function!(f, PyCFunctionWithKeywords);
            // SAFETY: a native function called as declared.
            return unsafe { function(f.receiver(), args, kwargs) };
        }
        // SAFETY: kwargs is null or a dict.
        if unsafe { (kwargs as *const crate::PyDict).as_ref() }.is_some_and(|k| k.len() != 0) {
            let _ = raise!(py, TypeError, "{} takes no keyword arguments", function_text(py, f));
            return null_mut();
        }
        let function = function!(f, PyCFunction);
        // SAFETY: a native function called as declared.
        unsafe { function(f.receiver(), args) }
    }

    /// The way that the flags ask for; `None`: through [`call`].
    pub fn choose(py: Python, def: &PyMethodDef) -> PyResult<Option<vectorcallfunc>> {
        const MASK: c_int = METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD;
        const VARARGS_KEYWORDS: c_int = METH_VARARGS | METH_KEYWORDS;
        const FASTCALL_KEYWORDS: c_int = METH_FASTCALL | METH_KEYWORDS;
        const METHOD: c_int = METH_METHOD | METH_FASTCALL | METH_KEYWORDS;
        Ok(match def.ml_flags & MASK {
            METH_VARARGS | VARARGS_KEYWORDS => None,
            METH_FASTCALL => Some(fastcall),
            FASTCALL_KEYWORDS => Some(fastcall_keywords),
            METH_NOARGS => Some(noargs),
            METH_O => Some(one),
            METHOD => Some(method),
            _ => return Err(raise!(py, SystemError, "{}() method: bad call flags", c_text(def.ml_name))),
        })
    }
}

impl PyCFunctionObject {
    /// `PyCMethod_New`: the function, bound to `this` if given, with its `__module__` and, for `METH_METHOD`, its class.
    ///
    /// # Errors
    /// SystemError if the flags and the class do not go together.
    pub fn new(
        py: Python,
        def: &'static PyMethodDef,
        this: Option<&PyObject>,
        module: Option<&PyObject>,
        class: Option<&PyType>,
    ) -> PyResult<Py<PyCFunctionObject>> {
        let vectorcall = function_call::choose(py, def)?;
        let make = |ob_base: PyObject| PyCFunctionObject {
            ob_base,
            m_ml: def,
            m_self: Slot::new(this.map(Py::new_ref)),
            m_module: Slot::new(module.map(Py::new_ref)),
            m_weakreflist: Cell0::new(null_mut()),
            vectorcall,
        };
        if def.ml_flags & METH_METHOD != 0 {
            let Some(class) = class else {
                return Err(raise!(
                    py,
                    SystemError,
                    "attempting to create PyCMethod with a METH_METHOD flag but no class"
                ));
            };
            let f = PyCMethodObject::alloc_exact(py, |ob_base: PyObject| PyCMethodObject {
                ob_base: make(ob_base),
                mm_class: Slot::some(Py::new_ref(class)),
            })?;
            // SAFETY: a PyCMethodObject starts with a PyCFunctionObject.
            return Ok(unsafe { f.cast_unchecked() });
        }
        if class.is_some() {
            return Err(raise!(py, SystemError, "attempting to create PyCFunction with class but no METH_METHOD flag"));
        }
        PyCFunctionObject::alloc_exact(py, make)
    }

    /// The definition.
    #[inline(always)]
    pub fn def(&self) -> &'static PyMethodDef {
        // SAFETY: definitions outlive the functions made of them.
        unsafe { &*self.m_ml }
    }

    /// The definition's address.
    #[inline(always)]
    pub fn def_ptr(&self) -> *const PyMethodDef {
        self.m_ml
    }

    /// True if the native function is `f`.
    pub fn is_function(&self, f: *const c_void) -> bool {
        core::ptr::eq(self.def().ml_meth, f)
    }

    /// What is passed as first argument (`PyCFunction_GET_SELF`): null for static methods.
    #[inline(always)]
    pub fn receiver(&self) -> *mut PyObject {
        if self.def().ml_flags & METH_STATIC != 0 { null_mut() } else { self.m_self.as_raw() }
    }

    /// What the function is bound to: an object, a module, or nothing.
    #[inline]
    pub fn self_object(&self) -> Option<&PyObject> {
        // SAFETY: the field is emptied only when the function dies.
        unsafe { self.m_self.borrow() }
    }

    /// `__module__`.
    pub fn set_module(&self, module: Option<Py>) {
        self.m_module.set(module);
    }

    fn name(&self) -> &'static str {
        c_text(self.def().ml_name)
    }
}

#[pyclass(
    name = "builtin_function_or_method",
    static_name = PyCFunction_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    members(m_module as "__module__": OBJECT),
    weaklist = m_weakreflist,
    vectorcall_offset = vectorcall,
    slots(tp_call = function_call::call, tp_getattro = PyObject_GenericGetAttr),
)]
impl PyCFunctionObject {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let name = self.name();
        match self.self_object().filter(|s| !s.ty().is_subtype(&PyModule_Type)) {
            None => PyStr::new(py, &format!("<built-in function {name}>")),
            Some(this) => PyStr::new(
                py,
                &format!("<built-in method {name} of {} object at {:#x}>", this.ty().full_name(), this.id()),
            ),
        }
    }
    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        let this = self.self_object().map_or(0, crate::abstracts::hash::pointer_hash);
        let function = (self.def().ml_meth as usize).rotate_right(4) as isize;
        Ok(this ^ function)
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast::<PyCFunctionObject>() else { return Ok(py.not_implemented()) };
        let equal = self.m_self.as_raw() == other.m_self.as_raw() && self.is_function(other.def().ml_meth);
        match op {
            CompareOp::Eq => Ok(py.bool(equal)),
            CompareOp::Ne => Ok(py.bool(!equal)),
            _ => Ok(py.not_implemented()),
        }
    }
    #[getter]
    fn __doc__(&self, py: Python) -> PyResult {
        text::doc_object(py, self.name(), c_text(self.def().ml_doc))
    }
    #[getter]
    fn __name__(&self, py: Python) -> PyResult<Py<PyStr>> {
        PyStr::new(py, self.name())
    }
    #[getter]
    fn __qualname__(&self, py: Python) -> PyResult<Py<PyStr>> {
        let owner = match self.self_object() {
            Some(this) if !this.ty().is_subtype(&PyModule_Type) => this,
            _ => return PyStr::new(py, self.name()),
        };
        // A method of a class is named after it, one of an instance after the instance's class.
        let class = if PyType::from_object(owner).is_some() { owner } else { owner.ty() };
        let qualname = class.getattr(py, id!(py, "__qualname__"))?;
        let Some(qualname) = qualname.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "<method>.__class__.__qualname__ is not a unicode object"));
        };
        PyStr::new(py, &format!("{}.{}", qualname.to_string_lossy(), self.name()))
    }
    #[getter]
    fn __self__(&self, py: Python) -> PyResult {
        // SAFETY: null or what the function owns.
        Ok(unsafe { Py::from_borrowed_nullable(self.receiver()) }.unwrap_or_else(|| py.none()))
    }
    #[getter]
    fn __text_signature__(&self, py: Python) -> PyResult {
        text::signature_object(py, self.name(), c_text(self.def().ml_doc))
    }
    #[method]
    #[signature("(self, /)")]
    fn __reduce__(&self, py: Python) -> PyResult {
        let name = PyStr::new(py, self.name())?;
        match self.self_object() {
            Some(this) if !this.ty().is_subtype(&PyModule_Type) => {
                Ok(reduce_by_getattr(py, this, &name)?.into_object())
            }
            _ => Ok(name.into_object()),
        }
    }
}

#[pyclass(
    name = "builtin_method",
    static_name = PyCMethod_Type,
    base = PyCFunctionObject,
    flags(GC, DISALLOW_INSTANTIATION),
)]
impl PyCMethodObject {}

/// A module-level function (`PyCFunction_NewEx`).
pub fn new_function(
    py: Python,
    def: &'static PyMethodDef,
    module: &PyObject,
    name: &PyObject,
) -> PyResult<Py<PyCFunctionObject>> {
    PyCFunctionObject::new(py, def, Some(module), Some(name), None)
}
