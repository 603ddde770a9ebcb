//! The layout of type objects and of the tables they point to: `PyTypeObject`, the slot suites, method, member and
//! getset definitions (CPython's `Include/cpython/object.h`, `methodobject.h`, `descrobject.h`).
//!
//! What types *do* (creation, inheritance, MRO, attribute lookup) is in [`crate::types::type_`].

use crate::header::{PyObject, PyVarObject, visitproc};
use core::cell::Cell;
use core::ffi::{CStr, c_char, c_int, c_uint, c_ulong, c_void};
use core::ptr::null_mut;

pub type unaryfunc = unsafe extern "C" fn(*mut PyObject) -> *mut PyObject;
pub type binaryfunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> *mut PyObject;
pub type ternaryfunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject;
pub type inquiry = unsafe extern "C" fn(*mut PyObject) -> c_int;
pub type lenfunc = unsafe extern "C" fn(*mut PyObject) -> isize;
pub type ssizeargfunc = unsafe extern "C" fn(*mut PyObject, isize) -> *mut PyObject;
pub type ssizeobjargproc = unsafe extern "C" fn(*mut PyObject, isize, *mut PyObject) -> c_int;
pub type objobjargproc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> c_int;
pub type objobjproc = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> c_int;
pub type traverseproc = unsafe extern "C" fn(*mut PyObject, visitproc, *mut c_void) -> c_int;
pub type freefunc = unsafe extern "C" fn(*mut c_void);
pub type destructor = unsafe extern "C" fn(*mut PyObject);
pub type getattrfunc = unsafe extern "C" fn(*mut PyObject, *mut c_char) -> *mut PyObject;
pub type getattrofunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> *mut PyObject;
pub type setattrfunc = unsafe extern "C" fn(*mut PyObject, *mut c_char, *mut PyObject) -> c_int;
pub type setattrofunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> c_int;
pub type reprfunc = unsafe extern "C" fn(*mut PyObject) -> *mut PyObject;
pub type hashfunc = unsafe extern "C" fn(*mut PyObject) -> isize;
pub type richcmpfunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, c_int) -> *mut PyObject;
pub type getiterfunc = unsafe extern "C" fn(*mut PyObject) -> *mut PyObject;
pub type iternextfunc = unsafe extern "C" fn(*mut PyObject) -> *mut PyObject;
pub type descrgetfunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject;
pub type descrsetfunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> c_int;
pub type initproc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> c_int;
pub type newfunc = unsafe extern "C" fn(*mut PyTypeObject, *mut PyObject, *mut PyObject) -> *mut PyObject;
pub type allocfunc = unsafe extern "C" fn(*mut PyTypeObject, isize) -> *mut PyObject;
pub type vectorcallfunc =
    unsafe extern "C" fn(*mut PyObject, *const *mut PyObject, usize, *mut PyObject) -> *mut PyObject;
pub type getbufferproc = unsafe extern "C" fn(*mut PyObject, *mut Py_buffer, c_int) -> c_int;
pub type releasebufferproc = unsafe extern "C" fn(*mut PyObject, *mut Py_buffer);
pub type sendfunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut *mut PyObject) -> c_int;
pub type getter = unsafe extern "C" fn(*mut PyObject, *mut c_void) -> *mut PyObject;
pub type setter = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut c_void) -> c_int;

/// Top bit of a vectorcall's `nargsf`: the callee may use the word before the arguments (`PY_VECTORCALL_ARGUMENTS_OFFSET`).
pub const VECTORCALL_ARGUMENTS_OFFSET: usize = 1 << 63;

/// A cell with a nullable function pointer or plain word.
pub type SlotFn<F> = Cell<Option<F>>;

/// `PySendResult`.
pub const PYGEN_RETURN: c_int = 0;
pub const PYGEN_ERROR: c_int = -1;
pub const PYGEN_NEXT: c_int = 1;

macro_rules! suite {
    ($(#[$m:meta])* $name:ident { $($field:ident : $ty:ty),* $(,)? }) => {
        $(#[$m])*
        #[repr(C)]
        pub struct $name { $(pub $field: SlotFn<$ty>,)* }
        impl $name {
            /// All slots empty.
            pub const EMPTY: $name = $name { $($field: Cell::new(None),)* };
        }
        // SAFETY: slots are written while the type is made or changed, with the GIL held.
        unsafe impl Sync for $name {}
    };
}

suite!(PyAsyncMethods { am_await: unaryfunc, am_aiter: unaryfunc, am_anext: unaryfunc, am_send: sendfunc });
suite!(PyNumberMethods {
    nb_add: binaryfunc,
    nb_subtract: binaryfunc,
    nb_multiply: binaryfunc,
    nb_remainder: binaryfunc,
    nb_divmod: binaryfunc,
    nb_power: ternaryfunc,
    nb_negative: unaryfunc,
    nb_positive: unaryfunc,
    nb_absolute: unaryfunc,
    nb_bool: inquiry,
    nb_invert: unaryfunc,
    nb_lshift: binaryfunc,
    nb_rshift: binaryfunc,
    nb_and: binaryfunc,
    nb_xor: binaryfunc,
    nb_or: binaryfunc,
    nb_int: unaryfunc,
    nb_reserved: unaryfunc,
    nb_float: unaryfunc,
    nb_inplace_add: binaryfunc,
    nb_inplace_subtract: binaryfunc,
    nb_inplace_multiply: binaryfunc,
    nb_inplace_remainder: binaryfunc,
    nb_inplace_power: ternaryfunc,
    nb_inplace_lshift: binaryfunc,
    nb_inplace_rshift: binaryfunc,
    nb_inplace_and: binaryfunc,
    nb_inplace_xor: binaryfunc,
    nb_inplace_or: binaryfunc,
    nb_floor_divide: binaryfunc,
    nb_true_divide: binaryfunc,
    nb_inplace_floor_divide: binaryfunc,
    nb_inplace_true_divide: binaryfunc,
    nb_index: unaryfunc,
    nb_matrix_multiply: binaryfunc,
    nb_inplace_matrix_multiply: binaryfunc,
});
suite!(PySequenceMethods {
    sq_length: lenfunc,
    sq_concat: binaryfunc,
    sq_repeat: ssizeargfunc,
    sq_item: ssizeargfunc,
    was_sq_slice: unaryfunc,
    sq_ass_item: ssizeobjargproc,
    was_sq_ass_slice: unaryfunc,
    sq_contains: objobjproc,
    sq_inplace_concat: binaryfunc,
    sq_inplace_repeat: ssizeargfunc,
});
suite!(PyMappingMethods { mp_length: lenfunc, mp_subscript: binaryfunc, mp_ass_subscript: objobjargproc });
suite!(PyBufferProcs { bf_getbuffer: getbufferproc, bf_releasebuffer: releasebufferproc });

/// A buffer view (PEP 3118).
#[repr(C)]
pub struct Py_buffer {
    pub buf: *mut c_void,
    pub obj: *mut PyObject,
    pub len: isize,
    pub itemsize: isize,
    pub readonly: c_int,
    pub ndim: c_int,
    pub format: *mut c_char,
    pub shape: *mut isize,
    pub strides: *mut isize,
    pub suboffsets: *mut isize,
    pub internal: *mut c_void,
}

impl Py_buffer {
    pub const EMPTY: Py_buffer = Py_buffer {
        buf: null_mut(),
        obj: null_mut(),
        len: 0,
        itemsize: 0,
        readonly: 0,
        ndim: 0,
        format: null_mut(),
        shape: null_mut(),
        strides: null_mut(),
        suboffsets: null_mut(),
        internal: null_mut(),
    };
}

/// A function of a module or method of a type, as C describes it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyMethodDef {
    pub ml_name: *const c_char,
    /// One of several function types, as `ml_flags` says.
    pub ml_meth: *const c_void,
    pub ml_flags: c_int,
    pub ml_doc: *const c_char,
}
// SAFETY: plain static data.
unsafe impl Sync for PyMethodDef {}

impl PyMethodDef {
    pub const END: PyMethodDef =
        PyMethodDef { ml_name: core::ptr::null(), ml_meth: core::ptr::null(), ml_flags: 0, ml_doc: core::ptr::null() };

    pub const fn new(name: &'static CStr, meth: *const c_void, flags: c_int, doc: &'static CStr) -> PyMethodDef {
        PyMethodDef { ml_name: name.as_ptr(), ml_meth: meth, ml_flags: flags, ml_doc: doc.as_ptr() }
    }
}

pub const METH_VARARGS: c_int = 0x0001;
pub const METH_KEYWORDS: c_int = 0x0002;
pub const METH_NOARGS: c_int = 0x0004;
pub const METH_O: c_int = 0x0008;
pub const METH_CLASS: c_int = 0x0010;
pub const METH_STATIC: c_int = 0x0020;
pub const METH_COEXIST: c_int = 0x0040;
pub const METH_FASTCALL: c_int = 0x0080;
pub const METH_METHOD: c_int = 0x0200;

/// `METH_NOARGS` and `METH_O` (the argument is null for the former), and `METH_VARARGS`.
pub type PyCFunction = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> *mut PyObject;
/// `METH_VARARGS | METH_KEYWORDS`.
pub type PyCFunctionWithKeywords = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject;
/// `METH_FASTCALL`.
pub type PyCFunctionFast = unsafe extern "C" fn(*mut PyObject, *const *mut PyObject, isize) -> *mut PyObject;
/// `METH_FASTCALL | METH_KEYWORDS`.
pub type PyCFunctionFastWithKeywords =
    unsafe extern "C" fn(*mut PyObject, *const *mut PyObject, isize, *mut PyObject) -> *mut PyObject;
/// `METH_METHOD | METH_FASTCALL | METH_KEYWORDS`.
pub type PyCMethod =
    unsafe extern "C" fn(*mut PyObject, *mut PyTypeObject, *const *mut PyObject, usize, *mut PyObject) -> *mut PyObject;

/// A field of the C struct that shows as an attribute.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyMemberDef {
    pub name: *const c_char,
    pub type_: c_int,
    pub offset: isize,
    pub flags: c_int,
    pub doc: *const c_char,
}
// SAFETY: plain static data.
unsafe impl Sync for PyMemberDef {}

impl PyMemberDef {
    pub const END: PyMemberDef =
        PyMemberDef { name: core::ptr::null(), type_: 0, offset: 0, flags: 0, doc: core::ptr::null() };
}

/// `Py_T_*` of `descrobject.h`.
pub mod member_type {
    use core::ffi::c_int;
    pub const SHORT: c_int = 0;
    pub const INT: c_int = 1;
    pub const LONG: c_int = 2;
    pub const FLOAT: c_int = 3;
    pub const DOUBLE: c_int = 4;
    pub const STRING: c_int = 5;
    /// `_Py_T_OBJECT`: a null field reads as None.
    pub const OBJECT: c_int = 6;
    pub const CHAR: c_int = 7;
    pub const BYTE: c_int = 8;
    pub const UBYTE: c_int = 9;
    pub const USHORT: c_int = 10;
    pub const UINT: c_int = 11;
    pub const ULONG: c_int = 12;
    pub const STRING_INPLACE: c_int = 13;
    pub const BOOL: c_int = 14;
    /// `Py_T_OBJECT_EX`: a null field raises AttributeError.
    pub const OBJECT_EX: c_int = 16;
    pub const LONGLONG: c_int = 17;
    pub const ULONGLONG: c_int = 18;
    pub const PYSSIZET: c_int = 19;
    pub const NONE: c_int = 20;
}
/// `Py_READONLY` and friends.
pub mod member_flags {
    use core::ffi::c_int;
    pub const READONLY: c_int = 1;
    pub const AUDIT_READ: c_int = 2;
    pub const RELATIVE_OFFSET: c_int = 8;
}

/// A computed attribute.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyGetSetDef {
    pub name: *const c_char,
    pub get: Option<getter>,
    pub set: Option<setter>,
    pub doc: *const c_char,
    pub closure: *mut c_void,
}
// SAFETY: plain static data.
unsafe impl Sync for PyGetSetDef {}

impl PyGetSetDef {
    pub const END: PyGetSetDef =
        PyGetSetDef { name: core::ptr::null(), get: None, set: None, doc: core::ptr::null(), closure: null_mut() };
}

/// `Py_TPFLAGS_*`.
pub mod flags {
    pub const STATIC_BUILTIN: u64 = 1 << 1;
    pub const INLINE_VALUES: u64 = 1 << 2;
    pub const MANAGED_WEAKREF: u64 = 1 << 3;
    pub const MANAGED_DICT: u64 = 1 << 4;
    pub const PREHEADER: u64 = MANAGED_WEAKREF | MANAGED_DICT;
    pub const SEQUENCE: u64 = 1 << 5;
    pub const MAPPING: u64 = 1 << 6;
    pub const DISALLOW_INSTANTIATION: u64 = 1 << 7;
    pub const IMMUTABLETYPE: u64 = 1 << 8;
    pub const HEAPTYPE: u64 = 1 << 9;
    pub const BASETYPE: u64 = 1 << 10;
    pub const HAVE_VECTORCALL: u64 = 1 << 11;
    pub const READY: u64 = 1 << 12;
    pub const READYING: u64 = 1 << 13;
    pub const HAVE_GC: u64 = 1 << 14;
    pub const METHOD_DESCRIPTOR: u64 = 1 << 17;
    pub const VALID_VERSION_TAG: u64 = 1 << 19;
    pub const IS_ABSTRACT: u64 = 1 << 20;
    pub const MATCH_SELF: u64 = 1 << 22;
    pub const ITEMS_AT_END: u64 = 1 << 23;
    pub const LONG_SUBCLASS: u64 = 1 << 24;
    pub const LIST_SUBCLASS: u64 = 1 << 25;
    pub const TUPLE_SUBCLASS: u64 = 1 << 26;
    pub const BYTES_SUBCLASS: u64 = 1 << 27;
    pub const UNICODE_SUBCLASS: u64 = 1 << 28;
    pub const DICT_SUBCLASS: u64 = 1 << 29;
    pub const BASE_EXC_SUBCLASS: u64 = 1 << 30;
    pub const TYPE_SUBCLASS: u64 = 1 << 31;
    pub const DEFAULT: u64 = 0;
}

/// A type object. Every field is a cell: types are changed (with the GIL held) when they are made ready, when a class
/// attribute is set, and by the attribute cache.
#[repr(C)]
pub struct PyTypeObject {
    pub ob_base: PyVarObject,
    pub tp_name: Cell<*const c_char>,
    pub tp_basicsize: Cell<isize>,
    pub tp_itemsize: Cell<isize>,
    pub tp_dealloc: SlotFn<destructor>,
    pub tp_vectorcall_offset: Cell<isize>,
    pub tp_getattr: SlotFn<getattrfunc>,
    pub tp_setattr: SlotFn<setattrfunc>,
    pub tp_as_async: Cell<*const PyAsyncMethods>,
    pub tp_repr: SlotFn<reprfunc>,
    pub tp_as_number: Cell<*const PyNumberMethods>,
    pub tp_as_sequence: Cell<*const PySequenceMethods>,
    pub tp_as_mapping: Cell<*const PyMappingMethods>,
    pub tp_hash: SlotFn<hashfunc>,
    pub tp_call: SlotFn<ternaryfunc>,
    pub tp_str: SlotFn<reprfunc>,
    pub tp_getattro: SlotFn<getattrofunc>,
    pub tp_setattro: SlotFn<setattrofunc>,
    pub tp_as_buffer: Cell<*const PyBufferProcs>,
    pub tp_flags: Cell<u64>,
    pub tp_doc: Cell<*const c_char>,
    pub tp_traverse: SlotFn<traverseproc>,
    pub tp_clear: SlotFn<inquiry>,
    pub tp_richcompare: SlotFn<richcmpfunc>,
    pub tp_weaklistoffset: Cell<isize>,
    pub tp_iter: SlotFn<getiterfunc>,
    pub tp_iternext: SlotFn<iternextfunc>,
    pub tp_methods: Cell<*const PyMethodDef>,
    pub tp_members: Cell<*const PyMemberDef>,
    pub tp_getset: Cell<*const PyGetSetDef>,
    pub tp_base: Cell<*const PyTypeObject>,
    pub tp_dict: Cell<*mut PyObject>,
    pub tp_descr_get: SlotFn<descrgetfunc>,
    pub tp_descr_set: SlotFn<descrsetfunc>,
    pub tp_dictoffset: Cell<isize>,
    pub tp_init: SlotFn<initproc>,
    pub tp_alloc: SlotFn<allocfunc>,
    pub tp_new: SlotFn<newfunc>,
    pub tp_free: SlotFn<freefunc>,
    pub tp_is_gc: SlotFn<inquiry>,
    pub tp_bases: Cell<*mut PyObject>,
    pub tp_mro: Cell<*mut PyObject>,
    pub tp_cache: Cell<*mut PyObject>,
    pub tp_subclasses: Cell<*mut c_void>,
    pub tp_weaklist: Cell<*mut PyObject>,
    pub tp_del: SlotFn<destructor>,
    pub tp_version_tag: Cell<c_uint>,
    pub tp_finalize: SlotFn<destructor>,
    pub tp_vectorcall: SlotFn<vectorcallfunc>,
    pub tp_watched: Cell<u8>,
    pub tp_versions_used: Cell<u16>,
}

// SAFETY: as for `PyObject`: touched only with the GIL held. Immutable static types are written only while they are
// made ready, before a second interpreter can exist.
unsafe impl Sync for PyTypeObject {}
// SAFETY: starts with a PyVarObject.
unsafe impl crate::handle::PyLayout for PyTypeObject {}

/// `&PyType` is how code that does not care about the C name spells it.
pub type PyType = PyTypeObject;

impl core::ops::Deref for PyTypeObject {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base.ob_base
    }
}

impl PyTypeObject {
    /// A static type with everything empty; `..PyTypeObject::empty(name, size)` completes a declaration. Its own type is
    /// `type` (or the type that the macro sets), its base is set by `PyType_Ready`.
    pub const fn empty(name: &'static CStr, basicsize: usize) -> PyTypeObject {
        PyTypeObject {
            ob_base: PyVarObject::static_head(&raw const crate::types::type_::PyType_Type, 0),
            tp_name: Cell::new(name.as_ptr()),
            tp_basicsize: Cell::new(basicsize as isize),
            tp_itemsize: Cell::new(0),
            tp_dealloc: Cell::new(None),
            tp_vectorcall_offset: Cell::new(0),
            tp_getattr: Cell::new(None),
            tp_setattr: Cell::new(None),
            tp_as_async: Cell::new(null_mut()),
            tp_repr: Cell::new(None),
            tp_as_number: Cell::new(null_mut()),
            tp_as_sequence: Cell::new(null_mut()),
            tp_as_mapping: Cell::new(null_mut()),
            tp_hash: Cell::new(None),
            tp_call: Cell::new(None),
            tp_str: Cell::new(None),
            tp_getattro: Cell::new(None),
            tp_setattro: Cell::new(None),
            tp_as_buffer: Cell::new(null_mut()),
            tp_flags: Cell::new(0),
            tp_doc: Cell::new(core::ptr::null()),
            tp_traverse: Cell::new(None),
            tp_clear: Cell::new(None),
            tp_richcompare: Cell::new(None),
            tp_weaklistoffset: Cell::new(0),
            tp_iter: Cell::new(None),
            tp_iternext: Cell::new(None),
            tp_methods: Cell::new(core::ptr::null()),
            tp_members: Cell::new(core::ptr::null()),
            tp_getset: Cell::new(core::ptr::null()),
            tp_base: Cell::new(core::ptr::null()),
            tp_dict: Cell::new(null_mut()),
            tp_descr_get: Cell::new(None),
            tp_descr_set: Cell::new(None),
            tp_dictoffset: Cell::new(0),
            tp_init: Cell::new(None),
            tp_alloc: Cell::new(None),
            tp_new: Cell::new(None),
            tp_free: Cell::new(None),
            tp_is_gc: Cell::new(None),
            tp_bases: Cell::new(null_mut()),
            tp_mro: Cell::new(null_mut()),
            tp_cache: Cell::new(null_mut()),
            tp_subclasses: Cell::new(null_mut()),
            tp_weaklist: Cell::new(null_mut()),
            tp_del: Cell::new(None),
            tp_version_tag: Cell::new(0),
            tp_finalize: Cell::new(None),
            tp_vectorcall: Cell::new(None),
            tp_watched: Cell::new(0),
            tp_versions_used: Cell::new(0),
        }
    }

    /// True if all of `mask` is set (`PyType_HasFeature`).
    #[inline(always)]
    pub fn has_feature(&self, mask: u64) -> bool {
        self.tp_flags.get() & mask != 0
    }

    /// `tp_name` up to its last dot: the class's plain name (`_PyType_Name`).
    pub fn name(&self) -> &str {
        let full = self.full_name();
        full.rsplit('.').next().unwrap_or(full)
    }

    /// `tp_name` as it stands.
    pub fn full_name(&self) -> &str {
        // SAFETY: tp_name is a NUL-terminated string that lives as long as the type.
        let c = unsafe { CStr::from_ptr(self.tp_name.get()) };
        c.to_str().unwrap_or("?")
    }

    /// The base class, `None` for `object` (and for types not ready).
    #[inline]
    pub fn base(&self) -> Option<&PyType> {
        // SAFETY: a type keeps its base alive.
        unsafe { self.tp_base.get().as_ref() }
    }

    #[inline(always)]
    pub fn is_heap_type(&self) -> bool {
        self.has_feature(flags::HEAPTYPE)
    }

    /// The number suite, if any.
    #[inline(always)]
    pub fn as_number(&self) -> Option<&PyNumberMethods> {
        // SAFETY: suites live as long as their type.
        unsafe { self.tp_as_number.get().as_ref() }
    }
    #[inline(always)]
    pub fn as_sequence(&self) -> Option<&PySequenceMethods> {
        // SAFETY: as above.
        unsafe { self.tp_as_sequence.get().as_ref() }
    }
    #[inline(always)]
    pub fn as_mapping(&self) -> Option<&PyMappingMethods> {
        // SAFETY: as above.
        unsafe { self.tp_as_mapping.get().as_ref() }
    }
    #[inline(always)]
    pub fn as_async(&self) -> Option<&PyAsyncMethods> {
        // SAFETY: as above.
        unsafe { self.tp_as_async.get().as_ref() }
    }
    #[inline(always)]
    pub fn as_buffer(&self) -> Option<&PyBufferProcs> {
        // SAFETY: as above.
        unsafe { self.tp_as_buffer.get().as_ref() }
    }
}

/// `struct _specialization_cache`.
#[repr(C)]
pub struct SpecializationCache {
    pub getitem: Cell<*mut PyObject>,
    pub getitem_version: Cell<u32>,
    pub init: Cell<*mut PyObject>,
}

/// A type made at run time (`class` statements, `type(...)`, `PyType_FromSpec`).
#[repr(C)]
pub struct PyHeapTypeObject {
    pub ht_type: PyTypeObject,
    pub as_async: PyAsyncMethods,
    pub as_number: PyNumberMethods,
    pub as_mapping: PyMappingMethods,
    pub as_sequence: PySequenceMethods,
    pub as_buffer: PyBufferProcs,
    pub ht_name: Cell<*mut PyObject>,
    pub ht_slots: Cell<*mut PyObject>,
    pub ht_qualname: Cell<*mut PyObject>,
    pub ht_cached_keys: Cell<*mut c_void>,
    pub ht_module: Cell<*mut PyObject>,
    pub _ht_tpname: Cell<*mut c_char>,
    pub ht_token: Cell<*mut c_void>,
    pub _spec_cache: SpecializationCache,
}

// SAFETY: starts with a PyTypeObject.
unsafe impl crate::handle::PyLayout for PyHeapTypeObject {}

impl core::ops::Deref for PyHeapTypeObject {
    type Target = PyTypeObject;
    fn deref(&self) -> &PyTypeObject {
        &self.ht_type
    }
}

/// One `Py_tp_*` entry of a type spec.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyType_Slot {
    pub slot: c_int,
    pub pfunc: *mut c_void,
}
// SAFETY: plain static data.
unsafe impl Sync for PyType_Slot {}

/// What `PyType_FromSpec` takes.
#[repr(C)]
pub struct PyType_Spec {
    pub name: *const c_char,
    pub basicsize: c_int,
    pub itemsize: c_int,
    pub flags: c_uint,
    pub slots: *mut PyType_Slot,
}
// SAFETY: plain static data.
unsafe impl Sync for PyType_Spec {}

/// `PyModuleDef_Base`.
#[repr(C)]
pub struct PyModuleDef_Base {
    pub ob_base: PyObject,
    pub m_init: SlotFn<unsafe extern "C" fn() -> *mut PyObject>,
    pub m_index: Cell<isize>,
    pub m_copy: Cell<*mut PyObject>,
}

/// `PyModuleDef_Slot`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyModuleDef_Slot {
    pub slot: c_int,
    pub value: *mut c_void,
}
// SAFETY: plain static data.
unsafe impl Sync for PyModuleDef_Slot {}

/// `PyModuleDef` (PEP 489).
#[repr(C)]
pub struct PyModuleDef {
    pub m_base: PyModuleDef_Base,
    pub m_name: *const c_char,
    pub m_doc: *const c_char,
    pub m_size: isize,
    pub m_methods: *const PyMethodDef,
    pub m_slots: *const PyModuleDef_Slot,
    pub m_traverse: SlotFn<traverseproc>,
    pub m_clear: SlotFn<inquiry>,
    pub m_free: SlotFn<freefunc>,
}
// SAFETY: touched with the GIL held only.
unsafe impl Sync for PyModuleDef {}

const _: () = {
    assert!(size_of::<PyTypeObject>() == 416);
    assert!(size_of::<c_ulong>() == size_of::<u64>());
};
