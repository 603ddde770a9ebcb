//! `object`: the base of everything.

pub mod reduce;

use crate::abstracts::object as protocol;
use crate::typeobj::*;
use crate::types::type_::PyType_GenericAlloc;
use crate::types::type_::glue::c_fn;
use crate::types::type_::layout::{self, Assignment};
use crate::{
    Py, PyDict, PyList, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, PyTypeObject, Python, Raised, err, id,
    raise,
};
use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::ptr::{fn_addr_eq, null_mut};

/// `tp_hash` of types whose `__hash__` is None.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_HashNotImplemented(this: *mut PyObject) -> isize {
    // SAFETY: called with the GIL held and a live object.
    let (py, this) = unsafe { (Python::assume(), &*this) };
    let _ = raise!(py, TypeError, "unhashable type: '{:.200}'", this.ty().full_name());
    -1
}

fn excess_args(args: &PyTuple, kwargs: Option<&PyDict>) -> bool {
    args.len() != 0 || kwargs.is_some_and(|k| k.len() != 0)
}

fn new_is_plain(ty: &PyType) -> bool {
    ty.tp_new.get().is_some_and(|f| fn_addr_eq(f, object_new as newfunc))
}

fn init_is_plain(ty: &PyType) -> bool {
    ty.tp_init.get().is_some_and(|f| fn_addr_eq(f, object_init as initproc))
}

/// "X() takes no arguments".
#[cold]
pub fn takes_no_arguments(py: Python, ty: &PyType) -> Raised {
    raise!(py, TypeError, "{:.200}() takes no arguments", ty.name())
}

/// `object.__init__`: nothing, but superfluous arguments are refused unless `__new__` took them.
pub unsafe extern "C" fn object_init(this: *mut PyObject, args: *mut PyObject, kwds: *mut PyObject) -> c_int {
    // SAFETY: called with the GIL held, a tuple and a dict or null.
    let (py, this, args, kwds) =
        unsafe { (Python::assume(), &*this, &*(args as *const PyTuple), (kwds as *const PyDict).as_ref()) };
    if excess_args(args, kwds) {
        let ty = this.ty();
        if !init_is_plain(ty) {
            let _ = raise!(py, TypeError, "object.__init__() takes exactly one argument (the instance to initialize)");
            return -1;
        }
        if new_is_plain(ty) {
            let _ = raise!(
                py,
                TypeError,
                "{:.200}.__init__() takes exactly one argument (the instance to initialize)",
                ty.full_name()
            );
            return -1;
        }
    }
    0
}

/// `object.__new__`.
pub unsafe extern "C" fn object_new(ty: *mut PyTypeObject, args: *mut PyObject, kwds: *mut PyObject) -> *mut PyObject {
    // SAFETY: called with the GIL held, a type, a tuple and a dict or null.
    let (py, ty, args, kwds) =
        unsafe { (Python::assume(), &*ty, &*(args as *const PyTuple), (kwds as *const PyDict).as_ref()) };
    if excess_args(args, kwds) {
        if !new_is_plain(ty) {
            let _ = raise!(py, TypeError, "object.__new__() takes exactly one argument (the type to instantiate)");
            return null_mut();
        }
        if init_is_plain(ty) {
            let _ = takes_no_arguments(py, ty);
            return null_mut();
        }
    }
    match allocate(py, ty) {
        Ok(obj) => obj.into_raw(),
        Err(_) => null_mut(),
    }
}

/// An instance of `ty`, unless the class is abstract.
pub fn allocate(py: Python, ty: &PyType) -> PyResult {
    if ty.has_feature(flags::IS_ABSTRACT) {
        return Err(abstract_class(py, ty));
    }
    match ty.tp_alloc.get() {
        // SAFETY: the type's own slot; zeroed memory is a whole instance.
        Some(alloc) => unsafe { Py::from_owned_or_raised(alloc(core::ptr::from_ref(ty).cast_mut(), 0)) },
        None => Err(raise!(py, SystemError, "type '{}' is not ready", ty.full_name())),
    }
}

#[cold]
fn abstract_class(py: Python, ty: &PyType) -> Raised {
    let describe = || -> PyResult<String> {
        let methods = (ty as &PyObject).getattr(py, id!(py, "__abstractmethods__"))?;
        let names = crate::abstracts::sequence::to_list(py, &methods)?;
        names.sort(py, None, false)?;
        let mut shown = Vec::new();
        for name in names.to_vec() {
            shown.push(format!("'{}'", name.str(py)?.to_string_lossy()));
        }
        let s = if shown.len() > 1 { "s" } else { "" };
        Ok(format!(
            "Can't instantiate abstract class {} without an implementation for abstract method{s} {}",
            ty.name(),
            shown.join(", ")
        ))
    };
    match describe() {
        Ok(text) => raise!(py, TypeError, "{text}"),
        Err(raised) => raised,
    }
}

unsafe extern "C" fn object_dealloc(this: *mut PyObject) {
    // SAFETY: the object is dead; its type frees its kind of memory.
    unsafe {
        if let Some(free) = (*this).ty().tp_free.get() {
            free(this.cast());
        }
    }
}

/// `tp_iter` of iterators: the object itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_SelfIter(this: *mut PyObject) -> *mut PyObject {
    // SAFETY: called with a live object.
    Py::new_ref(unsafe { &*this }).into_raw()
}

c_fn! {
    fn object_repr(py, this: obj) -> PyResult<Py<PyStr>> {
        let ty = this.ty();
        let module = match crate::types::type_::attributes::module_of(py, ty) {
            Ok(m) => Some(m),
            Err(_) => {
                err::clear(py);
                None
            }
        };
        let module = module.as_ref().and_then(|m| m.downcast::<PyStr>());
        let qualname = ty.qualname_object(py)?;
        match module {
            Some(m) if !m.eq_str("builtins") => PyStr::new(
                py, &format!("<{}.{} object at {:#x}>", m.to_string_lossy(), qualname.to_string_lossy(), this.id()),
            ),
            _ => PyStr::new(py, &format!("<{} object at {:#x}>", ty.full_name(), this.id())),
        }
    }
    /// `object.__str__` is `repr`.
    fn object_str(py, this: obj) -> PyResult<Py<PyStr>> {
        // A type whose tp_repr is this one's tp_str would recurse; the guard of `repr` ends it.
        this.repr(py)
    }
    fn object_hash(py, this: obj) -> PyResult<isize> {
        Ok(crate::abstracts::hash::pointer_hash(this))
    }
    pub fn object_richcompare(py, this: obj, other: obj, op: int) -> PyResult {
        match op {
            // Identity; NotImplemented lets the other operand decide.
            2 => Ok(if this.is(other) { py.bool(true) } else { py.not_implemented() }),
            // != is the inverse of ==, unless that is not defined.
            3 => {
                let Some(f) = this.ty().tp_richcompare.get() else { return Ok(py.not_implemented()) };
                // SAFETY: the object's own slot.
                let equal = unsafe { Py::from_owned_or_raised(f(this.as_ptr(), other.as_ptr(), 2))? };
                if equal.is_not_implemented() {
                    return Ok(equal);
                }
                Ok(py.bool(!equal.is_true(py)?))
            }
            _ => Ok(py.not_implemented()),
        }
    }
    fn get_class(py, this: obj, _c: ptr) -> PyResult { Ok(Py::new_ref(this.ty()).into_object()) }
    fn set_class(py, this: obj, value: opt, _c: ptr) -> PyResult<()> { assign_class(py, this, value) }

    fn method_reduce_ex(py, this: obj, protocol: obj) -> PyResult {
        let protocol = crate::abstracts::number::as_ssize(py, protocol, Some(crate::exceptions::OverflowError()))?;
        reduce::reduce_ex(py, this, protocol)
    }
    fn method_reduce(py, this: obj, _a: opt) -> PyResult { reduce::common_reduce(py, this, 0) }
    fn method_getstate(py, this: obj, _a: opt) -> PyResult { reduce::getstate_default(py, this, false) }
    fn method_init_subclass(py, _cls: obj, _a: opt) -> PyResult { Ok(py.none()) }
    fn method_subclasshook(py, _cls: obj, _args: opt) -> PyResult { Ok(py.not_implemented()) }
    fn method_format(py, this: obj, spec: obj) -> PyResult<Py<PyStr>> {
        let Some(spec) = spec.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "__format__() argument must be str, not {}", spec.ty().full_name()));
        };
        if spec.len() > 0 {
            return Err(raise!(
                py, TypeError, "unsupported format string passed to {:.200}.__format__", this.ty().full_name()
            ));
        }
        this.str(py)
    }
    fn method_sizeof(py, this: obj, _a: opt) -> PyResult<Py<PyLong>> {
        let ty = this.ty();
        let mut size = ty.tp_basicsize.get();
        if ty.tp_itemsize.get() > 0 {
            // SAFETY: a type with items has instances with a size field.
            let n = unsafe { (*(this.as_ptr() as *const crate::PyVarObject)).size() };
            size += n.abs() * ty.tp_itemsize.get();
        }
        if ty.has_feature(flags::INLINE_VALUES) {
            size += crate::types::dict::inline_values::byte_size(ty) as isize;
        }
        PyLong::from_isize(py, size)
    }
    fn method_dir(py, this: obj, _a: opt) -> PyResult<Py<PyList>> {
        let names = match this.getattr_opt(py, id!(py, "__dict__"))? {
            Some(dict) => match dict.downcast::<PyDict>() {
                Some(dict) => dict.copy(py)?,
                None => PyDict::new(py)?,
            },
            None => PyDict::new(py)?,
        };
        if let Some(class) = this.getattr_opt(py, id!(py, "__class__"))? {
            merge_class_dict(py, &names, &class)?;
        }
        names.keys(py)
    }
}

/// Adds the names of a class's dictionary and of its bases' to `names`.
pub fn merge_class_dict(py: Python, names: &PyDict, class: &PyObject) -> PyResult<()> {
    if let Some(dict) = class.getattr_opt(py, id!(py, "__dict__"))? {
        names.update(py, &dict)?;
    }
    let Some(bases) = class.getattr_opt(py, id!(py, "__bases__"))? else { return Ok(()) };
    // Anything with a length and items passes for bases.
    for i in 0..crate::abstracts::sequence::size(py, &bases)? {
        let base = crate::abstracts::sequence::get_item(py, &bases, i)?;
        merge_class_dict(py, names, &base)?;
    }
    Ok(())
}

/// `obj.__class__ = value`.
fn assign_class(py: Python, obj: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(raise!(py, TypeError, "can't delete __class__ attribute"));
    };
    let Some(new) = PyType::from_object(value) else {
        return Err(raise!(
            py,
            TypeError,
            "__class__ must be set to a class, not '{:.200}' object",
            value.ty().full_name()
        ));
    };
    (crate::runtime::hooks::get().audit)(py, "object.__setattr__", &[obj, id!(py, "__class__"), value])?;
    let old = obj.ty();
    let module = &crate::types::module::PyModule_Type;
    let both_modules = old.is_subtype(module) && new.is_subtype(module);
    if !both_modules && (new.has_feature(flags::IMMUTABLETYPE) || old.has_feature(flags::IMMUTABLETYPE)) {
        return Err(raise!(
            py,
            TypeError,
            "__class__ assignment only supported for mutable types or ModuleType subclasses"
        ));
    }
    layout::check_compatible(py, old, new, Assignment::Class)?;
    if old.has_feature(flags::INLINE_VALUES) {
        // The inline values go by the old class's keys: move them into a dict of its own.
        // SAFETY: as the flag says.
        unsafe {
            use crate::types::dict::inline_values;
            let dict = inline_values::materialize_dict(py, obj)?;
            inline_values::detach(py, &dict, obj)?;
        }
    }
    if new.is_heap_type() {
        new.incref();
    }
    let old: *const PyType = old;
    obj.set_ty_raw(new);
    // SAFETY: the object held a reference to its heap type.
    unsafe {
        if (*old).is_heap_type() {
            PyObject::decref(old as *const PyObject);
        }
    }
    Ok(())
}

const fn method(
    name: &'static core::ffi::CStr,
    f: *const c_void,
    flags: c_int,
    doc: &'static core::ffi::CStr,
) -> PyMethodDef {
    PyMethodDef::new(name, f, flags, doc)
}

static METHODS: [PyMethodDef; 9] = [
    method(c"__reduce_ex__", method_reduce_ex as *const c_void, METH_O, c"__reduce_ex__($self, protocol, /)\n--\n\nHelper for pickle."),
    method(c"__reduce__", method_reduce as *const c_void, METH_NOARGS, c"__reduce__($self, /)\n--\n\nHelper for pickle."),
    method(c"__getstate__", method_getstate as *const c_void, METH_NOARGS, c"__getstate__($self, /)\n--\n\nHelper for pickle."),
    method(c"__subclasshook__", method_subclasshook as *const c_void, METH_CLASS | METH_O, c"__subclasshook__($cls, subclass, /)\n--\n\nAbstract classes can override this to customize issubclass().\n\nA result of NotImplemented leaves the decision to the usual algorithm;\nany other result is final and is cached."),
    method(c"__init_subclass__", method_init_subclass as *const c_void, METH_CLASS | METH_NOARGS, c"__init_subclass__($type, /)\n--\n\nThis method is called when a class is subclassed.\n\nThe default implementation does nothing. It may be\noverridden to extend subclasses."),
    method(c"__format__", method_format as *const c_void, METH_O, c"__format__($self, format_spec, /)\n--\n\nDefault object formatter.\n\nGives str(self) for an empty format_spec and raises TypeError otherwise."),
    method(c"__sizeof__", method_sizeof as *const c_void, METH_NOARGS, c"__sizeof__($self, /)\n--\n\nSize of object in memory, in bytes."),
    method(c"__dir__", method_dir as *const c_void, METH_NOARGS, c"__dir__($self, /)\n--\n\nDefault dir() implementation."),
    PyMethodDef::END,
];

static GETSETS: [PyGetSetDef; 2] = [
    PyGetSetDef {
        name: c"__class__".as_ptr(),
        get: Some(get_class),
        set: Some(set_class),
        doc: c"the object's class".as_ptr(),
        closure: null_mut(),
    },
    PyGetSetDef::END,
];

/// `object`.
#[unsafe(no_mangle)]
pub static PyBaseObject_Type: PyTypeObject = PyTypeObject {
    tp_dealloc: Cell::new(Some(object_dealloc)),
    tp_repr: Cell::new(Some(object_repr)),
    tp_hash: Cell::new(Some(object_hash)),
    tp_str: Cell::new(Some(object_str)),
    tp_getattro: Cell::new(Some(protocol::PyObject_GenericGetAttr)),
    tp_setattro: Cell::new(Some(protocol::PyObject_GenericSetAttr)),
    tp_flags: Cell::new(flags::DEFAULT | flags::BASETYPE),
    tp_doc: Cell::new(c"object()\n--\n\nThe base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n".as_ptr()),
    tp_richcompare: Cell::new(Some(object_richcompare)),
    tp_methods: Cell::new((&raw const METHODS).cast()),
    tp_getset: Cell::new((&raw const GETSETS).cast()),
    tp_init: Cell::new(Some(object_init)),
    tp_alloc: Cell::new(Some(PyType_GenericAlloc)),
    tp_new: Cell::new(Some(object_new)),
    tp_free: Cell::new(Some(crate::memory::alloc::PyObject_Free)),
    ..PyTypeObject::empty(c"object", size_of::<PyObject>())
};

/// `X | Y` of types and their like.
pub fn union_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    crate::types::union_::or_types(py, a, b)
}

/// The members of a union, if the object is one.
pub fn union_args(py: Python, obj: &PyObject) -> PyResult<Option<Py<PyTuple>>> {
    let _ = py;
    if !obj.is_type(&crate::types::union_::_PyUnion_Type) {
        return Ok(None);
    }
    obj.getattr(py, id!(py, "__args__")).map(|a| a.downcast_into::<PyTuple>().ok())
}
