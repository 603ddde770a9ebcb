//! `typing.Union`, which is `types.UnionType` too (PEP 604): `X | Y`.

use crate::abstracts::object::attribute_name;
use crate::types::generic_alias::{self, make_parameters, subs_parameters, type_repr};
use crate::types::set::PyFrozenSet;
use crate::types::singleton_types::_PyNone_Type;
use crate::{
    CompareOp, Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder, Trace, id, pyclass,
    raise, typeobj::flags,
};

/// `unionobject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyUnion {
    pub ob_base: PyObject,
    /// All members, in order of appearance, none twice.
    args: Slot<PyTuple>,
    parameters: Slot<PyTuple>,
    #[trace(skip)]
    weakreflist: Slot,
}

/// May the object stand in a union made by `|`?
fn is_unionable(obj: &PyObject) -> bool {
    obj.is_none()
        || PyType::from_object(obj).is_some()
        || obj.is_type(&generic_alias::Py_GenericAliasType)
        || obj.is_type(&_PyUnion_Type)
        || obj.ty().full_name() == "typing.TypeAliasType"
}

/// `a | b` of types and their like; NotImplemented for anything else.
pub fn or_types(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    if !is_unionable(a) || !is_unionable(b) {
        return Ok(py.not_implemented());
    }
    from_members(py, &[a, b])
}

fn add(py: Python, members: &mut Vec<Py>, arg: &PyObject) -> PyResult<()> {
    if arg.is_none() {
        return add(py, members, &_PyNone_Type);
    }
    if let Some(u) = arg.downcast_exact::<PyUnion>() {
        let args = u.args(py);
        for i in 0..args.len() {
            add(py, members, args.get(i))?;
        }
        return Ok(());
    }
    for m in members.iter() {
        // An alias is the same as another only if both are unpacked or not: equality says so.
        if m.eq(py, arg)? {
            return Ok(());
        }
    }
    members.push(Py::new_ref(arg));
    Ok(())
}

/// The union of the members; a single one stands for itself (`_Py_union_from_tuple`).
pub fn from_members(py: Python, given: &[&PyObject]) -> PyResult {
    let mut members = Vec::new();
    for m in given {
        add(py, &mut members, m)?;
    }
    if members.len() == 1 {
        return Ok(members.swap_remove(0));
    }
    let args = PyTuple::from_vec(py, members)?;
    let union = PyUnion::alloc_exact(py, |head| PyUnion {
        ob_base: head,
        args: Slot::some(args),
        parameters: Slot::empty(),
        weakreflist: Slot::empty(),
    })?;
    Ok(union.into_object())
}

impl PyUnion {
    fn args(&self, py: Python) -> Py<PyTuple> {
        self.args.get().unwrap_or_else(|| PyTuple::empty(py))
    }

    fn parameters(&self, py: Python) -> PyResult<Py<PyTuple>> {
        if let Some(p) = self.parameters.get() {
            return Ok(p);
        }
        let made = make_parameters(py, &self.args(py))?;
        self.parameters.set(Some(made.clone()));
        Ok(made)
    }
}

/// Represent a union type
///
/// E.g. for int | str
#[pyclass(
    name = "typing.Union",
    static_name = _PyUnion_Type,
    flags(GC, DISALLOW_INSTANTIATION),
    weaklist = weakreflist,
    members(args as "__args__": OBJECT readonly),
)]
impl PyUnion {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut b = StrBuilder::new();
        let args = self.args(py);
        for i in 0..args.len() {
            if i > 0 {
                b.push_str(" | ");
            }
            b.push_pystr(&*type_repr(py, args.get(i))?);
        }
        b.finish(py)
    }

    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        PyFrozenSet::from_iterable(py, &self.args(py))?.hash(py)
    }

    /// Unions are equal as sets.
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(o) = other.downcast_exact::<PyUnion>() else { return Ok(py.not_implemented()) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(py.not_implemented());
        }
        let (a, b) = (self.args(py), o.args(py));
        let mut equal = a.len() == b.len();
        for i in 0..a.len() {
            equal = equal && b.contains(py, a.get(i))?;
        }
        Ok(py.bool(equal == matches!(op, CompareOp::Eq)))
    }

    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        or_types(py, a, b)
    }

    fn tp_getattro(&self, py: Python, name: &PyObject) -> PyResult {
        let name = attribute_name(py, name)?;
        if name.eq_str("__module__") {
            return self.ty().getattr(py, name);
        }
        self.generic_getattr(py, name)
    }

    fn mp_subscript(&self, py: Python, item: &PyObject) -> PyResult {
        let parameters = self.parameters(py)?;
        let new = subs_parameters(py, self, &self.args(py), &parameters, item)?;
        let members: Vec<&PyObject> = (0..new.len()).map(|i| new.get(i)).collect();
        from_members(py, &members)
    }

    #[method]
    #[signature("(self, instance, /)", hidden)]
    fn __instancecheck__(&self, py: Python, instance: &PyObject) -> PyResult<bool> {
        let args = self.args(py);
        check_plain(py, &args, "isinstance() argument 2 cannot be a parameterized generic")?;
        for i in 0..args.len() {
            if instance.is_instance(py, args.get(i))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[method]
    #[signature("(self, cls, /)", hidden)]
    fn __subclasscheck__(&self, py: Python, cls: &PyObject) -> PyResult<bool> {
        if PyType::from_object(cls).is_none() {
            return Err(raise!(py, TypeError, "issubclass() arg 1 must be a class"));
        }
        let args = self.args(py);
        check_plain(py, &args, "issubclass() argument 2 cannot be a parameterized generic")?;
        for i in 0..args.len() {
            if cls.is_subclass(py, args.get(i))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[method]
    #[signature("(self, bases, /)", hidden)]
    fn __mro_entries__(&self, py: Python, bases: &PyObject) -> PyResult<Py<PyTuple>> {
        let _ = bases;
        Err(raise!(py, TypeError, "Cannot subclass {}", self.repr(py)?))
    }

    #[classmethod]
    #[signature("(cls, item, /)", hidden)]
    fn __class_getitem__(py: Python, _cls: &PyType, item: &PyObject) -> PyResult {
        let members: Vec<Py> = match item.downcast::<PyTuple>() {
            Some(t) => (0..t.len()).map(|i| Py::new_ref(t.get(i))).collect(),
            None => vec![Py::new_ref(item)],
        };
        if members.is_empty() {
            return Err(raise!(py, TypeError, "Cannot take a Union of no types."));
        }
        let refs: Vec<&PyObject> = members.iter().map(|m| &**m).collect();
        from_members(py, &refs)
    }

    #[getter]
    fn __parameters__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.parameters(py)
    }

    #[getter]
    fn __name__(&self, py: Python) -> Py<PyStr> {
        Py::new_ref(id!(py, "Union"))
    }

    #[getter]
    fn __qualname__(&self, py: Python) -> Py<PyStr> {
        Py::new_ref(id!(py, "Union"))
    }

    #[getter]
    fn __origin__(&self, _py: Python) -> Py<PyType> {
        Py::new_ref(&_PyUnion_Type)
    }
}

fn check_plain(py: Python, args: &PyTuple, message: &str) -> PyResult<()> {
    for i in 0..args.len() {
        let arg = args.get(i);
        if arg.is_type(&generic_alias::Py_GenericAliasType) && !arg.ty().has_feature(flags::TYPE_SUBCLASS) {
            return Err(raise!(py, TypeError, "{message}"));
        }
    }
    Ok(())
}
