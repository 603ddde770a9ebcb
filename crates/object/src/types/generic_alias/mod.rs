//! `types.GenericAlias` (PEP 585): `list[int]` and its like.

mod parameters;

pub use parameters::{make_parameters, subs_parameters, type_repr};

use crate::abstracts::object::attribute_name;
use crate::typeobj::{VECTORCALL_ARGUMENTS_OFFSET, vectorcallfunc};
use crate::{
    CompareOp, Py, PyClass, PyDict, PyList, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder,
    Trace, err, exceptions, id, pyclass, raise,
};
use core::cell::Cell;
use core::ptr::null_mut;

/// `gaobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyGenericAlias {
    pub ob_base: PyObject,
    origin: Slot,
    args: Slot<PyTuple>,
    /// The type variables among the arguments; made when asked for.
    parameters: Slot<PyTuple>,
    #[trace(skip)]
    weakreflist: Slot,
    /// `*tuple[int, …]`: unpacked.
    starred: Cell<bool>,
    #[trace(skip)]
    vectorcall: Cell<Option<vectorcallfunc>>,
}

/// `origin[args]` as an alias (`Py_GenericAlias`).
pub fn new(py: Python, origin: &PyObject, args: &PyObject) -> PyResult {
    Ok(make(py, &Py_GenericAliasType, origin, args, false)?.into_object())
}

fn make(py: Python, cls: &PyType, origin: &PyObject, args: &PyObject, starred: bool) -> PyResult<Py<PyGenericAlias>> {
    let args = match args.downcast::<PyTuple>() {
        Some(t) => Py::new_ref(t),
        None => PyTuple::from_slice(py, &[args])?,
    };
    let call = if crate::abstracts::call::vectorcall_function(origin).is_some() {
        Some(call_origin as vectorcallfunc)
    } else {
        None
    };
    PyGenericAlias::alloc(py, cls, |head| PyGenericAlias {
        ob_base: head,
        origin: Slot::some(Py::new_ref(origin)),
        args: Slot::some(args),
        parameters: Slot::empty(),
        weakreflist: Slot::empty(),
        starred: Cell::new(starred),
        vectorcall: Cell::new(call),
    })
}

/// Calls the origin and notes the alias in what it gives.
unsafe extern "C" fn call_origin(
    this: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the vectorcall protocol; the word in front of the arguments is not passed on as ours to give.
    unsafe {
        let py = Python::assume();
        let alias = &*(this as *const PyGenericAlias);
        let kwnames = (kwnames as *const PyTuple).as_ref();
        let result = alias.origin(py).vectorcall(py, args, nargsf & !VECTORCALL_ARGUMENTS_OFFSET, kwnames);
        match result.and_then(|r| alias.note_class(py, r)) {
            Ok(v) => v.into_raw(),
            Err(_) => null_mut(),
        }
    }
}

/// Attributes that are the alias's own; all others are the origin's.
const OWN: [&str; 10] = [
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__doc__",
];
/// Attributes that are neither.
const BLOCKED: [&str; 3] = ["__bases__", "__copy__", "__deepcopy__"];

impl PyGenericAlias {
    fn origin(&self, py: Python) -> Py {
        self.origin.get().unwrap_or_else(|| py.none())
    }

    fn args(&self, py: Python) -> Py<PyTuple> {
        self.args.get().unwrap_or_else(|| PyTuple::empty(py))
    }

    /// Sets `__orig_class__` where that can be done.
    fn note_class(&self, py: Python, made: Py) -> PyResult {
        match made.setattr(py, id!(py, "__orig_class__"), self) {
            Ok(()) => {}
            Err(raised) => {
                if !err::matches(py, exceptions::AttributeError()) && !err::matches(py, exceptions::TypeError()) {
                    return Err(raised);
                }
                err::clear(py);
            }
        }
        Ok(made)
    }

    fn parameters(&self, py: Python) -> PyResult<Py<PyTuple>> {
        if let Some(p) = self.parameters.get() {
            return Ok(p);
        }
        let made = make_parameters(py, &*self.args(py))?;
        self.parameters.set(Some(made.clone()));
        Ok(made)
    }
}

/// Represent a PEP 585 generic type
///
/// E.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).
#[pyclass(
    name = "types.GenericAlias",
    static_name = Py_GenericAliasType,
    flags(GC, BASETYPE, HAVE_VECTORCALL),
    weaklist = weakreflist,
    vectorcall_offset = vectorcall,
    members(origin as "__origin__": OBJECT readonly, args as "__args__": OBJECT readonly),
)]
impl PyGenericAlias {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyGenericAlias>> {
        if kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "GenericAlias() takes no keyword arguments"));
        }
        if args.len() != 2 {
            return Err(raise!(py, TypeError, "GenericAlias expected 2 arguments, got {}", args.len()));
        }
        make(py, cls, args.get(0), args.get(1), false)
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut b = StrBuilder::new();
        if self.starred.get() {
            b.push_str("*");
        }
        b.push_pystr(&*type_repr(py, &self.origin(py))?);
        b.push_str("[");
        let args = self.args(py);
        for i in 0..args.len() {
            if i > 0 {
                b.push_str(", ");
            }
            match args.get(i).downcast::<PyList>() {
                // The parameters of a callable.
                Some(list) => {
                    b.push_str("[");
                    for (k, item) in list.to_vec().iter().enumerate() {
                        if k > 0 {
                            b.push_str(", ");
                        }
                        b.push_pystr(&*type_repr(py, item)?);
                    }
                    b.push_str("]");
                }
                None => b.push_pystr(&*type_repr(py, args.get(i))?),
            }
        }
        if args.len() == 0 {
            b.push_str("()");
        }
        b.push_str("]");
        b.finish(py)
    }

    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        let h = self.origin(py).hash(py)? ^ self.args(py).hash(py)?;
        Ok(h)
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(o) = other.downcast::<PyGenericAlias>() else { return Ok(py.not_implemented()) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(py.not_implemented());
        }
        let equal = self.starred.get() == o.starred.get()
            && self.origin(py).eq(py, &o.origin(py))?
            && self.args(py).eq(py, &o.args(py))?;
        Ok(py.bool(equal == matches!(op, CompareOp::Eq)))
    }

    fn tp_call(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        let made = self.origin(py).call_tuple(py, args, kwargs)?;
        self.note_class(py, made)
    }

    fn tp_getattro(&self, py: Python, name: &PyObject) -> PyResult {
        let name = attribute_name(py, name)?;
        let is = |list: &[&str]| list.iter().any(|n| name.eq_str(n));
        if is(&BLOCKED) || is(&OWN) {
            return self.generic_getattr(py, name);
        }
        self.origin(py).getattr(py, name)
    }

    fn mp_subscript(&self, py: Python, item: &PyObject) -> PyResult {
        let parameters = self.parameters(py)?;
        let new_args = subs_parameters(py, self, &self.args(py), &parameters, item)?;
        Ok(make(py, &Py_GenericAliasType, &self.origin(py), &new_args, self.starred.get())?.into_object())
    }

    /// Iteration gives the unpacked form, once.
    fn tp_iter(&self, py: Python) -> PyResult {
        let starred = make(py, &Py_GenericAliasType, &self.origin(py), &*self.args(py), true)?;
        let one = PyTuple::from_slice(py, &[&starred as &PyObject])?;
        one.iter(py)
    }

    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        crate::types::union_::or_types(py, a, b)
    }

    #[method]
    #[signature("(self, bases, /)", hidden)]
    fn __mro_entries__(&self, py: Python, bases: &PyObject) -> PyResult<Py<PyTuple>> {
        let _ = bases;
        PyTuple::from_slice(py, &[&*self.origin(py)])
    }

    #[method]
    #[signature("(self, instance, /)", hidden)]
    fn __instancecheck__(&self, py: Python, instance: &PyObject) -> PyResult<bool> {
        let _ = instance;
        Err(raise!(py, TypeError, "isinstance() argument 2 cannot be a parameterized generic"))
    }

    #[method]
    #[signature("(self, cls, /)", hidden)]
    fn __subclasscheck__(&self, py: Python, cls: &PyObject) -> PyResult<bool> {
        let _ = cls;
        Err(raise!(py, TypeError, "issubclass() argument 2 cannot be a parameterized generic"))
    }

    #[method]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let (origin, args) = (self.origin(py), self.args(py));
        if self.starred.get() {
            let plain = make(py, &Py_GenericAliasType, &origin, &*args, false)?;
            let iter = plain.iter(py)?;
            let next = crate::abstracts::iter::builtin(py, id!(py, "next"))?;
            let inner = PyTuple::from_slice(py, &[&iter])?;
            return PyTuple::from_slice(py, &[&next, &inner as &PyObject]);
        }
        let inner = PyTuple::from_slice(py, &[&*origin, &args as &PyObject])?;
        PyTuple::from_slice(py, &[self.ty() as &PyObject, &inner])
    }

    #[method]
    fn __dir__(&self, py: Python) -> PyResult<Py<PyList>> {
        let names = self.origin(py).dir(py)?;
        for own in OWN {
            let name = PyStr::intern(py, own)?;
            if !names.contains(py, &name)? {
                names.append(py, &name)?;
            }
        }
        Ok(names)
    }

    #[getter]
    fn __parameters__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.parameters(py)
    }

    #[getter]
    fn __unpacked__(&self, _py: Python) -> bool {
        self.starred.get()
    }

    #[getter]
    fn __typing_unpacked_tuple_args__(&self, py: Python) -> PyResult {
        let is_tuple = self.origin(py).is(&crate::types::tuple::PyTuple_Type);
        Ok(if self.starred.get() && is_tuple { self.args(py).into_object() } else { py.none() })
    }
}
