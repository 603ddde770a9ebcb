//! `super`.

use crate::abstracts::call::BoundMethod;
use crate::typeobj::flags;
use crate::types::cell::{PyCell, PyCell_Type};
use crate::types::frame::InterpreterFrame;
use crate::{Args, Py, PyClass, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass, raise};

/// `CO_FAST_CELL` of `co_localspluskinds`: the local lives in a cell.
const CO_FAST_CELL: u8 = 0x40;

/// `super(type, obj)`: the attributes of `obj` behind `type` in the MRO.
#[derive(Trace)]
#[repr(C)]
pub struct PySuper {
    pub ob_base: PyObject,
    /// The class the search starts behind.
    start: Slot<PyType>,
    obj: Slot,
    /// The class whose MRO is searched.
    obj_type: Slot<PyType>,
}

/// The class whose MRO `super(start, obj)` searches.
///
/// # Errors
/// TypeError if `obj` is neither an instance nor a subclass of `start`.
pub fn check(py: Python, start: &PyType, obj: &PyObject) -> PyResult<Py<PyType>> {
    let as_class = PyType::from_object(obj);
    if let Some(cls) = as_class.filter(|c| c.is_subtype(start)) {
        return Ok(Py::new_ref(cls));
    }
    if obj.ty().is_subtype(start) {
        return Ok(Py::new_ref(obj.ty()));
    }
    // A proxy may claim another class.
    if let Some(claimed) = obj.getattr_opt(py, id!(py, "__class__"))? {
        if let Some(cls) = PyType::from_object(&claimed).filter(|c| !core::ptr::eq(*c, obj.ty()) && c.is_subtype(start))
        {
            return Ok(Py::new_ref(cls));
        }
    }
    let (kind, name) = match as_class {
        Some(cls) => ("type", cls.full_name()),
        None => ("instance of", obj.ty().full_name()),
    };
    Err(raise!(
        py,
        TypeError,
        "super(type, obj): obj ({kind} {name:.200}) is not an instance or subtype of type ({:.200}).",
        start.full_name()
    ))
}

/// Finds `name` in the MRO of `obj_type` behind `start`: the raw class attribute.
fn find(py: Python, start: &PyType, obj_type: &PyType, name: &PyStr) -> PyResult<Option<Py>> {
    // `__class__` is that of the super object itself.
    if name.eq_str("__class__") {
        return Ok(None);
    }
    let Some(mro) = obj_type.try_mro().map(Py::new_ref) else { return Ok(None) };
    let items = mro.as_slice();
    let Some(at) = items.iter().position(|t| core::ptr::addr_eq(t.as_raw(), start)) else { return Ok(None) };
    for base in &items[at + 1..] {
        // SAFETY: an MRO holds only types.
        let base = unsafe { base.downcast_unchecked::<PyType>() };
        if let Some(dict) = base.try_dict(py) {
            if let Some(found) = dict.get_str(py, name)? {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// `super(start, obj).name` where `obj_type` is what [`check`] gave; `None` if no class behind `start` has it.
pub fn lookup(py: Python, start: &PyType, obj: &PyObject, obj_type: &PyType, name: &PyStr) -> PyResult<Option<Py>> {
    let Some(found) = find(py, start, obj_type, name)? else { return Ok(None) };
    match found.ty().tp_descr_get.get() {
        None => Ok(Some(found)),
        Some(get) => {
            // Through a class the attribute is got unbound.
            let instance = if core::ptr::addr_eq(obj, obj_type) { core::ptr::null_mut() } else { obj.as_ptr() };
            // SAFETY: a slot called with live objects.
            unsafe { Py::from_owned_or_raised(get(found.as_ptr(), instance, obj_type.as_ptr())) }.map(Some)
        }
    }
}

/// As [`lookup`] for a call: a plain method comes back unbound (`_PySuper_Lookup`). AttributeError if there is none.
pub fn lookup_method(py: Python, start: &PyType, obj: &PyObject, name: &PyStr) -> PyResult<BoundMethod> {
    let obj_type = check(py, start, obj)?;
    if let Some(found) = find(py, start, &obj_type, name)? {
        if found.ty().has_feature(flags::METHOD_DESCRIPTOR) && !core::ptr::addr_eq(obj, &*obj_type) {
            return Ok(BoundMethod::Unbound(found));
        }
    }
    attribute(py, start, obj, name).map(BoundMethod::Bound)
}

/// `super(start, obj).name`, as the LOAD_SUPER_ATTR instruction gets it, without making the super object unless the
/// attribute is the object's own.
pub fn attribute(py: Python, start: &PyType, obj: &PyObject, name: &PyStr) -> PyResult {
    let obj_type = check(py, start, obj)?;
    if let Some(found) = lookup(py, start, obj, &obj_type, name)? {
        return Ok(found);
    }
    let this = PySuper::new(py, start, obj, &obj_type)?;
    this.generic_getattr(py, name)
}

/// Class and receiver for `super()` without arguments, from the running function's `__class__` cell and first argument.
fn from_frame(py: Python) -> PyResult<(Py<PyType>, Py)> {
    let frame = InterpreterFrame::first_complete(py.tstate().current_frame.get());
    // SAFETY: a frame in the chain is alive.
    let Some(frame) = (unsafe { frame.as_ref() }) else {
        return Err(raise!(py, RuntimeError, "super(): no current frame"));
    };
    let code = frame.code();
    if code.co_argcount.get() == 0 {
        return Err(raise!(py, RuntimeError, "super(): no arguments"));
    }
    let local = |i: usize| -> Option<Py> {
        // SAFETY: the index is below the number of locals; a local is null or alive.
        unsafe {
            let r = *frame.locals_ptr().add(i);
            if r.is_null() { None } else { Some(Py::from_borrowed(r.as_ptr())) }
        }
    };
    // SAFETY: a code object's fields are never replaced.
    let (kinds, names) = unsafe { (code.co_localspluskinds.borrow(), code.co_localsplusnames.borrow()) };
    let mut first = local(0);
    let in_cell = kinds.and_then(|k| k.as_slice().first().copied()).is_some_and(|k| k & CO_FAST_CELL != 0);
    if in_cell {
        first = match first {
            // SAFETY: the type is checked.
            Some(cell) if cell.is_type(&PyCell_Type) => unsafe { cell.downcast_unchecked::<PyCell>() }.get(),
            other => other,
        };
    }
    let Some(first) = first else { return Err(raise!(py, RuntimeError, "super(): arg[0] deleted")) };
    let (n, free) = (code.co_nlocalsplus.get() as usize, code.co_nfreevars.get() as usize);
    for i in n - free..n {
        let is_class = names
            .and_then(|t| t.as_slice().get(i))
            .and_then(|name| name.downcast::<PyStr>())
            .is_some_and(|name| name.eq_str("__class__"));
        if !is_class {
            continue;
        }
        let Some(cell) = local(i).filter(|c| c.is_type(&PyCell_Type)) else {
            return Err(raise!(py, RuntimeError, "super(): bad __class__ cell"));
        };
        // SAFETY: the type was just checked.
        let Some(class) = unsafe { cell.downcast_unchecked::<PyCell>() }.get() else {
            return Err(raise!(py, RuntimeError, "super(): empty __class__ cell"));
        };
        return match class.downcast_into::<PyType>() {
            Ok(class) => Ok((class, first)),
            Err(other) => {
                Err(raise!(py, RuntimeError, "super(): __class__ is not a type ({})", other.ty().full_name()))
            }
        };
    }
    Err(raise!(py, RuntimeError, "super(): __class__ cell not found"))
}

impl PySuper {
    fn new(py: Python, start: &PyType, obj: &PyObject, obj_type: &PyType) -> PyResult<Py<PySuper>> {
        PySuper::alloc_exact(py, |ob_base: PyObject| PySuper {
            ob_base,
            start: Slot::some(Py::new_ref(start)),
            obj: Slot::some(Py::new_ref(obj)),
            obj_type: Slot::some(Py::new_ref(obj_type)),
        })
    }

    fn init(&self, py: Python, start: Option<&PyObject>, obj: Option<&PyObject>) -> PyResult<()> {
        let (start, obj) = match start {
            None => {
                let (start, obj) = from_frame(py)?;
                (start, Some(obj))
            }
            Some(start) => match PyType::from_object(start) {
                Some(ty) => (Py::new_ref(ty), obj.map(Py::new_ref)),
                None => {
                    return Err(raise!(
                        py,
                        TypeError,
                        "super() argument 1 must be a type, not {}",
                        start.ty().full_name()
                    ));
                }
            },
        };
        let obj = obj.filter(|o| !o.is_none());
        let obj_type = match &obj {
            Some(obj) => Some(check(py, &start, obj)?),
            None => None,
        };
        self.start.set(Some(start));
        self.obj.set(obj);
        self.obj_type.set(obj_type);
        Ok(())
    }

    /// The arguments of a call, checked.
    fn arguments<'a>(
        py: Python,
        args: &[&'a PyObject],
        has_keywords: bool,
    ) -> PyResult<(Option<&'a PyObject>, Option<&'a PyObject>)> {
        if has_keywords {
            return Err(raise!(py, TypeError, "super() takes no keyword arguments"));
        }
        match args {
            [] => Ok((None, None)),
            [start] => Ok((Some(*start), None)),
            [start, obj] => Ok((Some(*start), Some(*obj))),
            more => Err(raise!(py, TypeError, "super() expected at most 2 arguments, got {}", more.len())),
        }
    }
}

/// super() -> same as super(__class__, <first argument>)
/// super(type) -> unbound super object
/// super(type, obj) -> bound super object; requires isinstance(obj, type)
/// super(type, type2) -> bound super object; requires
///     issubclass(type2, type)
/// Calls the next class's version of a method:
/// class C(B):
///     def meth(self, arg):
///         super().meth(arg)
/// The same in a class method:
/// class C(B):
///     @classmethod
///     def cmeth(cls, arg):
///         super().cmeth(arg)
#[pyclass(
    name = "super",
    static_name = PySuper_Type,
    flags(GC, BASETYPE),
    members(
        start as "__thisclass__": OBJECT readonly "the class invoking super()",
        obj as "__self__": OBJECT readonly "the instance invoking super(); may be None",
        obj_type as "__self_class__": OBJECT readonly "the type of the instance invoking super(); may be None",
    ),
)]
impl PySuper {
    fn tp_new(py: Python, cls: &PyType, _args: &PyTuple, _kwargs: Option<&crate::PyDict>) -> PyResult<Py<PySuper>> {
        PySuper::alloc(py, cls, |ob_base: PyObject| PySuper {
            ob_base,
            start: Slot::empty(),
            obj: Slot::empty(),
            obj_type: Slot::empty(),
        })
    }
    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&crate::PyDict>) -> PyResult<()> {
        let given: Vec<&PyObject> = args.as_slice().iter().map(|a| a.as_object()).collect();
        let (start, obj) = PySuper::arguments(py, &given, kwargs.is_some_and(|k| k.len() != 0))?;
        self.init(py, start, obj)
    }
    fn tp_vectorcall(py: Python, _callable: &PyObject, args: Args) -> PyResult {
        let (start, obj) = PySuper::arguments(py, args.as_slice(), args.kwnames().is_some_and(|k| k.len() != 0))?;
        let this = PySuper::alloc_exact(py, |ob_base: PyObject| PySuper {
            ob_base,
            start: Slot::empty(),
            obj: Slot::empty(),
            obj_type: Slot::empty(),
        })?;
        this.init(py, start, obj)?;
        Ok(this.into_object())
    }
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let start = self.start.get();
        let start = start.as_ref().map_or("NULL", |t| t.name());
        match self.obj_type.get() {
            Some(ty) => PyStr::new(py, &format!("<super: <class '{start}'>, <{} object>>", ty.name())),
            None => PyStr::new(py, &format!("<super: <class '{start}'>, NULL>")),
        }
    }
    fn tp_getattro(&self, py: Python, name: &PyObject) -> PyResult {
        let name = crate::abstracts::object::attribute_name(py, name)?;
        if let (Some(start), Some(obj), Some(obj_type)) = (self.start.get(), self.obj.get(), self.obj_type.get()) {
            if let Some(found) = lookup(py, &start, &obj, &obj_type, name)? {
                return Ok(found);
            }
        }
        self.generic_getattr(py, name)
    }
    fn tp_descr_get(&self, py: Python, obj: Option<&PyObject>, _ty: Option<&PyObject>) -> PyResult {
        let (Some(obj), true) = (obj.filter(|o| !o.is_none()), self.obj.is_none()) else {
            return Ok(Py::new_ref(self).into_object());
        };
        let Some(start) = self.start.get() else { return Err(raise!(py, RuntimeError, "super(): no type")) };
        if !self.is_type(&PySuper_Type) {
            // A subclass may want more than the two.
            return (self.ty() as &PyObject).call(py, &[&start as &PyObject, obj]);
        }
        let obj_type = check(py, &start, obj)?;
        Ok(PySuper::new(py, &start, obj, &obj_type)?.into_object())
    }
}
