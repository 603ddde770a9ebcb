//! `type`: making classes ([`new`], [`ready`], [`spec`]), the MRO ([`mro`]), looking attributes up ([`cache`]), calling classes
//! ([`call`]), and the slots of classes written in Python ([`slot_table`], [`slots`], [`update`]).

pub mod access;
pub mod attributes;
mod buffer_slots;
pub mod cache;
pub mod call;
mod getsets;
pub(crate) mod glue;
pub mod layout;
mod method_call;
pub mod mro;
pub mod new;
mod number_slots;
pub mod ready;
pub mod slot_table;
pub mod slots;
pub mod spec;
pub mod subclasses;
pub mod subtype;
pub mod update;
pub mod watchers;
pub mod wrappers;

pub use crate::typeobj::{PyHeapTypeObject, PyType, PyTypeObject};
pub use access::{static_state, weaklist_cell};
pub use buffer_slots::_PyBufferWrapper_Type;
pub use cache::StaticState;
pub use new::{new_type, resolve_bases};
pub use ready::ready_static;
pub use spec::{from_spec, type_from_decl};
pub use subtype::{PyType_GenericAlloc, PyType_GenericNew};

use crate::header::visitproc;
use crate::typeobj::*;
use crate::{Py, PyList, PyObject, PyResult, Python, err};
use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::mem::offset_of;
use glue::c_fn;

fn as_type(obj: &PyObject) -> &PyType {
    // SAFETY: the methods and slots of `type` get only types.
    unsafe { &*(obj.as_ptr() as *const PyType) }
}

c_fn! {
    fn method_mro(py, this: obj, _args: opt) -> PyResult<Py<PyList>> {
        PyList::from_vec(py, mro::compute(py, as_type(this))?)
    }
    fn method_subclasses(py, this: obj, _args: opt) -> PyResult<Py<PyList>> {
        subclasses::as_list(py, as_type(this))
    }
    fn method_instancecheck(py, this: obj, instance: obj) -> PyResult {
        Ok(py.bool(crate::abstracts::object::real_is_instance(py, instance, this)?))
    }
    fn method_subclasscheck(py, this: obj, subclass: obj) -> PyResult {
        Ok(py.bool(crate::abstracts::object::real_is_subclass(py, subclass, this)?))
    }
    fn method_dir(py, this: obj, _args: opt) -> PyResult<Py<PyList>> {
        let dict = crate::PyDict::new(py)?;
        crate::types::object_::merge_class_dict(py, &dict, this)?;
        dict.keys(py)
    }
    fn method_sizeof(py, this: obj, _args: opt) -> PyResult {
        let ty = as_type(this);
        let size = match ty.as_heap() {
            Some(heap) => {
                let keys = heap.ht_cached_keys.get();
                let base = size_of::<PyHeapTypeObject>();
                // SAFETY: ht_cached_keys is null or a key table.
                if keys.is_null() { base } else { base + unsafe { crate::types::dict::keys::Keys::from_raw(keys.cast()) }.byte_size() }
            }
            None => size_of::<PyTypeObject>(),
        };
        Ok(crate::PyLong::from_usize(py, size)?.into_object())
    }
}

/// `type.__prepare__(name, bases, **kwds)`: takes anything, gives an empty dict.
unsafe extern "C" fn method_prepare(
    _: *mut PyObject,
    _: *const *mut PyObject,
    _: isize,
    _: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: called with the GIL held.
    glue::CReturn::c_return(new::prepare(unsafe { Python::assume() }))
}

static METHODS: [PyMethodDef; 8] = [
    PyMethodDef::new(
        c"mro",
        method_mro as *const c_void,
        METH_NOARGS,
        c"mro($self, /)\n--\n\nCompute the method resolution order.",
    ),
    PyMethodDef::new(
        c"__subclasses__",
        method_subclasses as *const c_void,
        METH_NOARGS,
        c"__subclasses__($self, /)\n--\n\nReturn the direct subclasses that are alive.",
    ),
    PyMethodDef::new(
        c"__prepare__",
        method_prepare as *const c_void,
        METH_FASTCALL | METH_KEYWORDS | METH_CLASS,
        c"__prepare__($cls, name, bases, /, **kwds)\n--\n\nMake the namespace for a class statement.",
    ),
    PyMethodDef::new(
        c"__instancecheck__",
        method_instancecheck as *const c_void,
        METH_O,
        c"__instancecheck__($self, instance, /)\n--\n\nCheck if an object is an instance.",
    ),
    PyMethodDef::new(
        c"__subclasscheck__",
        method_subclasscheck as *const c_void,
        METH_O,
        c"__subclasscheck__($self, subclass, /)\n--\n\nCheck if a class is a subclass.",
    ),
    PyMethodDef::new(
        c"__dir__",
        method_dir as *const c_void,
        METH_NOARGS,
        c"__dir__($self, /)\n--\n\nThe attribute names of the class and its bases.",
    ),
    PyMethodDef::new(
        c"__sizeof__",
        method_sizeof as *const c_void,
        METH_NOARGS,
        c"__sizeof__($self, /)\n--\n\nReturn memory consumption of the type object.",
    ),
    PyMethodDef::END,
];

/// `type.__init__`: the work was done by `__new__`; only the arguments are checked.
unsafe extern "C" fn type_init(_this: *mut PyObject, args: *mut PyObject, kwds: *mut PyObject) -> c_int {
    // SAFETY: called with the GIL held, a tuple and a dict or null.
    let (py, n, kw) = unsafe {
        (
            Python::assume(),
            (*(args as *const crate::PyTuple)).len(),
            (kwds as *const crate::PyDict).as_ref().is_some_and(|k| k.len() != 0),
        )
    };
    if kw && n == 1 {
        let _ = crate::raise!(py, TypeError, "type.__init__() takes no keyword arguments");
        return -1;
    }
    if n != 1 && n != 3 {
        let _ = crate::raise!(py, TypeError, "type.__init__() takes 1 or 3 arguments");
        return -1;
    }
    0
}

/// `tp_is_gc`: only heap types have a collector head.
unsafe extern "C" fn type_is_gc(this: *mut PyObject) -> c_int {
    // SAFETY: called with a type.
    c_int::from(unsafe { (*(this as *const PyType)).is_heap_type() })
}

unsafe extern "C" fn type_traverse(this: *mut PyObject, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: called by the collector with a live type.
    let ty = unsafe { &*(this as *const PyType) };
    let Some(heap) = ty.as_heap() else { return 0 };
    for p in [
        ty.tp_dict.get(),
        ty.tp_cache.get(),
        ty.tp_mro.get(),
        ty.tp_bases.get(),
        ty.tp_base.get() as *mut PyObject,
        heap.ht_module.get(),
    ] {
        if !p.is_null() {
            // SAFETY: the type owns it.
            let code = unsafe { visit(p, arg) };
            if code != 0 {
                return code;
            }
        }
    }
    0
}

/// Breaks the cycles a class is part of: through its dictionary, its module and its MRO (whose first item it is).
unsafe extern "C" fn type_clear(this: *mut PyObject) -> c_int {
    // SAFETY: called with the GIL held and a live heap type.
    let (py, ty) = unsafe { (Python::assume(), &*(this as *const PyType)) };
    ty.modified();
    if let Some(dict) = ty.try_dict(py) {
        dict.clear(py);
    }
    if let Some(heap) = ty.as_heap() {
        attributes::replace_owned(&heap.ht_module, None);
    }
    attributes::replace_owned(&ty.tp_mro, None);
    0
}

unsafe extern "C" fn type_dealloc(this: *mut PyObject) {
    // SAFETY: called with the GIL held; the type's count is zero.
    let (py, ty) = unsafe { (Python::assume(), &*(this as *const PyType)) };
    let Some(heap) = ty.as_heap() else {
        // A static type never dies; only faulty native code drives its count to zero.
        ty.set_immortal();
        return;
    };
    // SAFETY: heap types have a collector head and are dead now.
    unsafe {
        crate::memory::gc::untrack(ty);
        ty.set_version(py, 0);
        err::with_saved(py, || {
            if !ty.tp_bases.get().is_null() {
                for base in ty.bases().as_slice() {
                    subclasses::remove(py, as_type(base), ty);
                }
            }
            crate::types::weakref::clear_weakrefs(ty);
        });
        let base = ty.tp_base.replace(core::ptr::null());
        if !base.is_null() {
            PyObject::decref(base as *const PyObject);
        }
        for cell in [
            &ty.tp_dict,
            &ty.tp_bases,
            &ty.tp_mro,
            &ty.tp_cache,
            &heap.ht_name,
            &heap.ht_qualname,
            &heap.ht_slots,
            &heap.ht_module,
        ] {
            attributes::replace_owned(cell, None);
        }
        subclasses::free(ty);
        let keys = heap.ht_cached_keys.replace(core::ptr::null_mut());
        if !keys.is_null() {
            crate::types::dict::keys::Keys::from_raw(keys.cast()).decref(py);
        }
        for p in [ty.tp_doc.replace(core::ptr::null()).cast_mut(), heap._ht_tpname.replace(core::ptr::null_mut())] {
            if !p.is_null() {
                crate::memory::obmalloc::free(p.cast());
            }
        }
        // Metaclasses in Python come here through subtype_dealloc, which gives the metaclass back itself.
        crate::memory::alloc::PyObject_GC_Del(this.cast());
    }
}

static AS_NUMBER: PyNumberMethods = PyNumberMethods { nb_or: Cell::new(Some(type_or)), ..PyNumberMethods::EMPTY };

/// `int | str`.
unsafe extern "C" fn type_or(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
    // SAFETY: called with the GIL held and live objects.
    let (py, a, b) = unsafe { (Python::assume(), &*a, &*b) };
    glue::CReturn::c_return(crate::types::object_::union_or(py, a, b))
}

/// The type of types.
#[unsafe(no_mangle)]
pub static PyType_Type: PyTypeObject = PyTypeObject {
    tp_itemsize: Cell::new(size_of::<PyMemberDef>() as isize),
    tp_dealloc: Cell::new(Some(type_dealloc)),
    tp_vectorcall_offset: Cell::new(offset_of!(PyTypeObject, tp_vectorcall) as isize),
    tp_repr: Cell::new(Some(attributes::type_repr)),
    tp_as_number: Cell::new(&raw const AS_NUMBER),
    tp_call: Cell::new(Some(call::type_call)),
    tp_getattro: Cell::new(Some(attributes::type_getattro)),
    tp_setattro: Cell::new(Some(attributes::type_setattro)),
    tp_flags: Cell::new(
        flags::DEFAULT
            | flags::HAVE_GC
            | flags::BASETYPE
            | flags::TYPE_SUBCLASS
            | flags::HAVE_VECTORCALL
            | flags::ITEMS_AT_END,
    ),
    tp_doc: Cell::new(c"type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type".as_ptr()),
    tp_traverse: Cell::new(Some(type_traverse)),
    tp_clear: Cell::new(Some(type_clear)),
    tp_weaklistoffset: Cell::new(offset_of!(PyTypeObject, tp_weaklist) as isize),
    tp_methods: Cell::new((&raw const METHODS).cast()),
    tp_members: Cell::new((&raw const attributes::MEMBERS).cast()),
    tp_getset: Cell::new((&raw const attributes::GETSETS).cast()),
    tp_init: Cell::new(Some(type_init)),
    tp_new: Cell::new(Some(new::type_new)),
    tp_free: Cell::new(Some(crate::memory::alloc::PyObject_GC_Del)),
    tp_is_gc: Cell::new(Some(type_is_gc)),
    tp_vectorcall: Cell::new(Some(call::type_vectorcall)),
    ..PyTypeObject::empty(c"type", size_of::<PyHeapTypeObject>())
};
