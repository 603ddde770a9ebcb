//! The table of slots: which special method stands for which C slot, through which dispatcher and wrapper.
//!
//! One row per special name and slot, as [`WrapperBase`] (CPython's `struct wrapperbase`). Rows of one slot stand together;
//! a name may have several slots (`__len__`, `__getitem__`, `__add__` …).

use super::slots::*;
use super::wrappers::*;
use crate::typeobj::*;
use crate::{PyObject, PyStr, PyTypeObject, Python};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::mem::offset_of;
use core::sync::atomic::{AtomicPtr, Ordering};

#[allow(non_camel_case_types)]
/// `wrapperfunc`; also stands for `wrapperfunc_kwds` (a fourth argument) where [`WRAPPER_KEYWORDS`] is set.
pub type wrapperfunc = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut c_void) -> *mut PyObject;
/// `wrapperfunc_kwds`.
#[allow(non_camel_case_types)]
pub type wrapperfunc_kwds =
    unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut c_void, *mut PyObject) -> *mut PyObject;
/// `PyWrapperFlag_KEYWORDS`.
pub const WRAPPER_KEYWORDS: c_int = 1;

/// A special method backed by a C slot (`struct wrapperbase`).
#[repr(C)]
pub struct WrapperBase {
    pub name: *const c_char,
    /// Offset of the slot in `PyHeapTypeObject`.
    pub offset: c_int,
    /// What the slot becomes when Python code defines the method.
    pub function: *const c_void,
    /// Calls the slot with Python arguments; null: the method is not offered as a slot wrapper.
    pub wrapper: *const c_void,
    pub doc: *const c_char,
    pub flags: c_int,
    pub name_strobj: AtomicPtr<PyStr>,
}
// SAFETY: constant but for the cached name, which is an immortal string.
unsafe impl Sync for WrapperBase {}

impl WrapperBase {
    const fn new(
        name: &'static CStr,
        offset: usize,
        function: *const c_void,
        wrapper: *const c_void,
        doc: &'static CStr,
        flags: c_int,
    ) -> Self {
        WrapperBase {
            name: name.as_ptr(),
            offset: offset as c_int,
            function,
            wrapper,
            doc: doc.as_ptr(),
            flags,
            name_strobj: AtomicPtr::new(core::ptr::null_mut()),
        }
    }

    /// The interned name.
    #[inline]
    pub fn name(&self, py: Python) -> &'static PyStr {
        let p = self.name_strobj.load(Ordering::Relaxed);
        if p.is_null() {
            // SAFETY: the name is a static C string.
            let text = unsafe { CStr::from_ptr(self.name) }.to_str().unwrap_or_default();
            let s = crate::types::str_::intern::intern_static(py, text);
            self.name_strobj.store(core::ptr::from_ref(s).cast_mut(), Ordering::Relaxed);
            return s;
        }
        // SAFETY: immortal, stored above.
        unsafe { &*p }
    }

    /// The documentation with its signature line.
    pub fn doc(&self) -> &'static CStr {
        // SAFETY: a static C string.
        unsafe { CStr::from_ptr(self.doc) }
    }
}

/// The cell of the slot at `offset` (counted as in `PyHeapTypeObject`) in `ty`, `None` if `ty` lacks the suite.
#[inline]
pub fn slot_cell(ty: &PyTypeObject, offset: usize) -> Option<&SlotCell> {
    const SEQUENCE: usize = offset_of!(PyHeapTypeObject, as_sequence);
    const MAPPING: usize = offset_of!(PyHeapTypeObject, as_mapping);
    const NUMBER: usize = offset_of!(PyHeapTypeObject, as_number);
    const ASYNC: usize = offset_of!(PyHeapTypeObject, as_async);
    const BUFFER: usize = offset_of!(PyHeapTypeObject, as_buffer);
    let (start, within): (*const u8, usize) = if offset < ASYNC {
        (core::ptr::from_ref(ty).cast(), offset)
    } else if offset < NUMBER {
        (ty.tp_as_async.get().cast(), offset - ASYNC)
    } else if offset < MAPPING {
        (ty.tp_as_number.get().cast(), offset - NUMBER)
    } else if offset < SEQUENCE {
        (ty.tp_as_mapping.get().cast(), offset - MAPPING)
    } else if offset < BUFFER {
        (ty.tp_as_sequence.get().cast(), offset - SEQUENCE)
    } else {
        (ty.tp_as_buffer.get().cast(), offset - BUFFER)
    };
    if start.is_null() {
        return None;
    }
    // SAFETY: the offset lies in the type or in the suite it was resolved to; every slot is a nullable pointer in a cell.
    Some(unsafe { &*start.add(within).cast::<SlotCell>() })
}

/// A slot as a plain nullable pointer.
pub type SlotCell = core::cell::Cell<*const c_void>;

macro_rules! tp {
    ($f:ident) => {
        offset_of!(PyHeapTypeObject, ht_type) + offset_of!(PyTypeObject, $f)
    };
}
macro_rules! am {
    ($f:ident) => {
        offset_of!(PyHeapTypeObject, as_async) + offset_of!(PyAsyncMethods, $f)
    };
}
macro_rules! nb {
    ($f:ident) => {
        offset_of!(PyHeapTypeObject, as_number) + offset_of!(PyNumberMethods, $f)
    };
}
macro_rules! mp {
    ($f:ident) => {
        offset_of!(PyHeapTypeObject, as_mapping) + offset_of!(PyMappingMethods, $f)
    };
}
macro_rules! sq {
    ($f:ident) => {
        offset_of!(PyHeapTypeObject, as_sequence) + offset_of!(PySequenceMethods, $f)
    };
}
macro_rules! bf {
    ($f:ident) => {
        offset_of!(PyHeapTypeObject, as_buffer) + offset_of!(PyBufferProcs, $f)
    };
}

/// `row!(name, offset, dispatcher, wrapper, "(signature)", "doc")`; `_` for a dispatcher or wrapper that is not there.
macro_rules! row {
    (@f _) => { core::ptr::null() };
    (@f $f:ident) => { $f as *const c_void };
    ($name:literal, $offset:expr, $f:tt, $w:tt, $sig:literal, $doc:literal) => {
        row!($name, $offset, $f, $w, $sig, $doc, 0)
    };
    ($name:literal, $offset:expr, $f:tt, $w:tt, $sig:literal, $doc:literal, $flags:expr) => {
        WrapperBase::new(
            match CStr::from_bytes_with_nul(concat!($name, "\0").as_bytes()) { Ok(s) => s, Err(_) => c"" },
            $offset,
            row!(@f $f),
            row!(@f $w),
            match CStr::from_bytes_with_nul(concat!($name, $sig, "\n--\n\n", $doc, "\0").as_bytes()) { Ok(s) => s, Err(_) => c"" },
            $flags,
        )
    };
}

/// Every slot that a special method can fill, grouped by slot.
pub static SLOTS: [WrapperBase; 94] = [
    row!("__getattribute__", tp!(tp_getattr), _, _, "", ""),
    row!("__getattr__", tp!(tp_getattr), _, _, "", ""),
    row!("__setattr__", tp!(tp_setattr), _, _, "", ""),
    row!("__delattr__", tp!(tp_setattr), _, _, "", ""),
    row!("__repr__", tp!(tp_repr), slot_tp_repr, wrap_unaryfunc, "($self, /)", "Return repr(self)."),
    row!("__hash__", tp!(tp_hash), slot_tp_hash, wrap_hashfunc, "($self, /)", "Return hash(self)."),
    row!(
        "__call__",
        tp!(tp_call),
        slot_tp_call,
        wrap_call,
        "($self, /, *args, **kwargs)",
        "Call self as a function.",
        WRAPPER_KEYWORDS
    ),
    row!("__str__", tp!(tp_str), slot_tp_str, wrap_unaryfunc, "($self, /)", "Return str(self)."),
    row!(
        "__getattribute__",
        tp!(tp_getattro),
        slot_tp_getattr_hook,
        wrap_binaryfunc,
        "($self, name, /)",
        "Return getattr(self, name)."
    ),
    row!("__getattr__", tp!(tp_getattro), slot_tp_getattr_hook, _, "", ""),
    row!(
        "__setattr__",
        tp!(tp_setattro),
        slot_tp_setattro,
        wrap_setattr,
        "($self, name, value, /)",
        "Implement setattr(self, name, value)."
    ),
    row!(
        "__delattr__",
        tp!(tp_setattro),
        slot_tp_setattro,
        wrap_delattr,
        "($self, name, /)",
        "Implement delattr(self, name)."
    ),
    row!("__lt__", tp!(tp_richcompare), slot_tp_richcompare, richcmp_lt, "($self, value, /)", "Return self<value."),
    row!("__le__", tp!(tp_richcompare), slot_tp_richcompare, richcmp_le, "($self, value, /)", "Return self<=value."),
    row!("__eq__", tp!(tp_richcompare), slot_tp_richcompare, richcmp_eq, "($self, value, /)", "Return self==value."),
    row!("__ne__", tp!(tp_richcompare), slot_tp_richcompare, richcmp_ne, "($self, value, /)", "Return self!=value."),
    row!("__gt__", tp!(tp_richcompare), slot_tp_richcompare, richcmp_gt, "($self, value, /)", "Return self>value."),
    row!("__ge__", tp!(tp_richcompare), slot_tp_richcompare, richcmp_ge, "($self, value, /)", "Return self>=value."),
    row!("__iter__", tp!(tp_iter), slot_tp_iter, wrap_unaryfunc, "($self, /)", "Implement iter(self)."),
    row!("__next__", tp!(tp_iternext), slot_tp_iternext, wrap_next, "($self, /)", "Implement next(self)."),
    row!(
        "__get__",
        tp!(tp_descr_get),
        slot_tp_descr_get,
        wrap_descr_get,
        "($self, instance, owner=None, /)",
        "Return the attribute of instance, whose class is owner."
    ),
    row!(
        "__set__",
        tp!(tp_descr_set),
        slot_tp_descr_set,
        wrap_descr_set,
        "($self, instance, value, /)",
        "Set an attribute of instance to value."
    ),
    row!(
        "__delete__",
        tp!(tp_descr_set),
        slot_tp_descr_set,
        wrap_descr_delete,
        "($self, instance, /)",
        "Delete an attribute of instance."
    ),
    row!(
        "__init__",
        tp!(tp_init),
        slot_tp_init,
        wrap_init,
        "($self, /, *args, **kwargs)",
        "Initialize self.  See help(type(self)) for accurate signature.",
        WRAPPER_KEYWORDS
    ),
    row!(
        "__new__",
        tp!(tp_new),
        slot_tp_new,
        _,
        "(type, /, *args, **kwargs)",
        "Create and return new object.  See help(type) for accurate signature."
    ),
    row!(
        "__del__",
        tp!(tp_finalize),
        slot_tp_finalize,
        wrap_del,
        "($self, /)",
        "Called when the instance is about to be destroyed."
    ),
    row!(
        "__buffer__",
        bf!(bf_getbuffer),
        slot_bf_getbuffer,
        wrap_buffer,
        "($self, flags, /)",
        "Return a buffer over the memory of the object."
    ),
    row!(
        "__release_buffer__",
        bf!(bf_releasebuffer),
        slot_bf_releasebuffer,
        wrap_releasebuffer,
        "($self, buffer, /)",
        "Give back a buffer got from __buffer__."
    ),
    row!(
        "__await__",
        am!(am_await),
        slot_am_await,
        wrap_unaryfunc,
        "($self, /)",
        "Return the iterator that an await expression drives."
    ),
    row!(
        "__aiter__",
        am!(am_aiter),
        slot_am_aiter,
        wrap_unaryfunc,
        "($self, /)",
        "Return an asynchronous iterator over self."
    ),
    row!(
        "__anext__",
        am!(am_anext),
        slot_am_anext,
        wrap_unaryfunc,
        "($self, /)",
        "Return a value or raise StopAsyncIteration."
    ),
    row!("__add__", nb!(nb_add), slot_nb_add, wrap_binaryfunc_l, "($self, value, /)", "Return self+value."),
    row!("__radd__", nb!(nb_add), slot_nb_add, wrap_binaryfunc_r, "($self, value, /)", "Return value+self."),
    row!("__sub__", nb!(nb_subtract), slot_nb_subtract, wrap_binaryfunc_l, "($self, value, /)", "Return self-value."),
    row!("__rsub__", nb!(nb_subtract), slot_nb_subtract, wrap_binaryfunc_r, "($self, value, /)", "Return value-self."),
    row!("__mul__", nb!(nb_multiply), slot_nb_multiply, wrap_binaryfunc_l, "($self, value, /)", "Return self*value."),
    row!("__rmul__", nb!(nb_multiply), slot_nb_multiply, wrap_binaryfunc_r, "($self, value, /)", "Return value*self."),
    row!("__mod__", nb!(nb_remainder), slot_nb_remainder, wrap_binaryfunc_l, "($self, value, /)", "Return self%value."),
    row!(
        "__rmod__",
        nb!(nb_remainder),
        slot_nb_remainder,
        wrap_binaryfunc_r,
        "($self, value, /)",
        "Return value%self."
    ),
    row!(
        "__divmod__",
        nb!(nb_divmod),
        slot_nb_divmod,
        wrap_binaryfunc_l,
        "($self, value, /)",
        "Return divmod(self, value)."
    ),
    row!(
        "__rdivmod__",
        nb!(nb_divmod),
        slot_nb_divmod,
        wrap_binaryfunc_r,
        "($self, value, /)",
        "Return divmod(value, self)."
    ),
    row!(
        "__pow__",
        nb!(nb_power),
        slot_nb_power,
        wrap_ternaryfunc,
        "($self, value, mod=None, /)",
        "Return pow(self, value, mod)."
    ),
    row!(
        "__rpow__",
        nb!(nb_power),
        slot_nb_power,
        wrap_ternaryfunc_r,
        "($self, value, mod=None, /)",
        "Return pow(value, self, mod)."
    ),
    row!("__neg__", nb!(nb_negative), slot_nb_negative, wrap_unaryfunc, "($self, /)", "-self"),
    row!("__pos__", nb!(nb_positive), slot_nb_positive, wrap_unaryfunc, "($self, /)", "+self"),
    row!("__abs__", nb!(nb_absolute), slot_nb_absolute, wrap_unaryfunc, "($self, /)", "abs(self)"),
    row!("__bool__", nb!(nb_bool), slot_nb_bool, wrap_inquirypred, "($self, /)", "True if self else False"),
    row!("__invert__", nb!(nb_invert), slot_nb_invert, wrap_unaryfunc, "($self, /)", "~self"),
    row!("__lshift__", nb!(nb_lshift), slot_nb_lshift, wrap_binaryfunc_l, "($self, value, /)", "Return self<<value."),
    row!("__rlshift__", nb!(nb_lshift), slot_nb_lshift, wrap_binaryfunc_r, "($self, value, /)", "Return value<<self."),
    row!("__rshift__", nb!(nb_rshift), slot_nb_rshift, wrap_binaryfunc_l, "($self, value, /)", "Return self>>value."),
    row!("__rrshift__", nb!(nb_rshift), slot_nb_rshift, wrap_binaryfunc_r, "($self, value, /)", "Return value>>self."),
    row!("__and__", nb!(nb_and), slot_nb_and, wrap_binaryfunc_l, "($self, value, /)", "Return self&value."),
    row!("__rand__", nb!(nb_and), slot_nb_and, wrap_binaryfunc_r, "($self, value, /)", "Return value&self."),
    row!("__xor__", nb!(nb_xor), slot_nb_xor, wrap_binaryfunc_l, "($self, value, /)", "Return self^value."),
    row!("__rxor__", nb!(nb_xor), slot_nb_xor, wrap_binaryfunc_r, "($self, value, /)", "Return value^self."),
    row!("__or__", nb!(nb_or), slot_nb_or, wrap_binaryfunc_l, "($self, value, /)", "Return self|value."),
    row!("__ror__", nb!(nb_or), slot_nb_or, wrap_binaryfunc_r, "($self, value, /)", "Return value|self."),
    row!("__int__", nb!(nb_int), slot_nb_int, wrap_unaryfunc, "($self, /)", "int(self)"),
    row!("__float__", nb!(nb_float), slot_nb_float, wrap_unaryfunc, "($self, /)", "float(self)"),
    row!(
        "__iadd__",
        nb!(nb_inplace_add),
        slot_nb_inplace_add,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self+=value."
    ),
    row!(
        "__isub__",
        nb!(nb_inplace_subtract),
        slot_nb_inplace_subtract,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self-=value."
    ),
    row!(
        "__imul__",
        nb!(nb_inplace_multiply),
        slot_nb_inplace_multiply,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self*=value."
    ),
    row!(
        "__imod__",
        nb!(nb_inplace_remainder),
        slot_nb_inplace_remainder,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self%=value."
    ),
    row!(
        "__ipow__",
        nb!(nb_inplace_power),
        slot_nb_inplace_power,
        wrap_ternaryfunc,
        "($self, value, /)",
        "Return self**=value."
    ),
    row!(
        "__ilshift__",
        nb!(nb_inplace_lshift),
        slot_nb_inplace_lshift,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self<<=value."
    ),
    row!(
        "__irshift__",
        nb!(nb_inplace_rshift),
        slot_nb_inplace_rshift,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self>>=value."
    ),
    row!(
        "__iand__",
        nb!(nb_inplace_and),
        slot_nb_inplace_and,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self&=value."
    ),
    row!(
        "__ixor__",
        nb!(nb_inplace_xor),
        slot_nb_inplace_xor,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self^=value."
    ),
    row!(
        "__ior__",
        nb!(nb_inplace_or),
        slot_nb_inplace_or,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self|=value."
    ),
    row!(
        "__floordiv__",
        nb!(nb_floor_divide),
        slot_nb_floor_divide,
        wrap_binaryfunc_l,
        "($self, value, /)",
        "Return self//value."
    ),
    row!(
        "__rfloordiv__",
        nb!(nb_floor_divide),
        slot_nb_floor_divide,
        wrap_binaryfunc_r,
        "($self, value, /)",
        "Return value//self."
    ),
    row!(
        "__truediv__",
        nb!(nb_true_divide),
        slot_nb_true_divide,
        wrap_binaryfunc_l,
        "($self, value, /)",
        "Return self/value."
    ),
    row!(
        "__rtruediv__",
        nb!(nb_true_divide),
        slot_nb_true_divide,
        wrap_binaryfunc_r,
        "($self, value, /)",
        "Return value/self."
    ),
    row!(
        "__ifloordiv__",
        nb!(nb_inplace_floor_divide),
        slot_nb_inplace_floor_divide,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self//=value."
    ),
    row!(
        "__itruediv__",
        nb!(nb_inplace_true_divide),
        slot_nb_inplace_true_divide,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self/=value."
    ),
    row!(
        "__index__",
        nb!(nb_index),
        slot_nb_index,
        wrap_unaryfunc,
        "($self, /)",
        "Return the integer that self stands for where an index is wanted."
    ),
    row!(
        "__matmul__",
        nb!(nb_matrix_multiply),
        slot_nb_matrix_multiply,
        wrap_binaryfunc_l,
        "($self, value, /)",
        "Return self@value."
    ),
    row!(
        "__rmatmul__",
        nb!(nb_matrix_multiply),
        slot_nb_matrix_multiply,
        wrap_binaryfunc_r,
        "($self, value, /)",
        "Return value@self."
    ),
    row!(
        "__imatmul__",
        nb!(nb_inplace_matrix_multiply),
        slot_nb_inplace_matrix_multiply,
        wrap_binaryfunc,
        "($self, value, /)",
        "Return self@=value."
    ),
    row!("__len__", mp!(mp_length), slot_mp_length, wrap_lenfunc, "($self, /)", "Return len(self)."),
    row!("__getitem__", mp!(mp_subscript), slot_mp_subscript, wrap_binaryfunc, "($self, key, /)", "Return self[key]."),
    row!(
        "__setitem__",
        mp!(mp_ass_subscript),
        slot_mp_ass_subscript,
        wrap_objobjargproc,
        "($self, key, value, /)",
        "Set self[key] to value."
    ),
    row!(
        "__delitem__",
        mp!(mp_ass_subscript),
        slot_mp_ass_subscript,
        wrap_delitem,
        "($self, key, /)",
        "Delete self[key]."
    ),
    row!("__len__", sq!(sq_length), slot_sq_length, wrap_lenfunc, "($self, /)", "Return len(self)."),
    row!("__add__", sq!(sq_concat), _, wrap_binaryfunc, "($self, value, /)", "Return self+value."),
    row!("__mul__", sq!(sq_repeat), _, wrap_indexargfunc, "($self, value, /)", "Return self*value."),
    row!("__rmul__", sq!(sq_repeat), _, wrap_indexargfunc, "($self, value, /)", "Return value*self."),
    row!("__getitem__", sq!(sq_item), slot_sq_item, wrap_sq_item, "($self, key, /)", "Return self[key]."),
    row!(
        "__setitem__",
        sq!(sq_ass_item),
        slot_sq_ass_item,
        wrap_sq_setitem,
        "($self, key, value, /)",
        "Set self[key] to value."
    ),
    row!("__delitem__", sq!(sq_ass_item), slot_sq_ass_item, wrap_sq_delitem, "($self, key, /)", "Delete self[key]."),
    row!(
        "__contains__",
        sq!(sq_contains),
        slot_sq_contains,
        wrap_objobjproc,
        "($self, key, /)",
        "Return bool(key in self)."
    ),
    row!("__iadd__", sq!(sq_inplace_concat), _, wrap_binaryfunc, "($self, value, /)", "Implement self+=value."),
    row!("__imul__", sq!(sq_inplace_repeat), _, wrap_indexargfunc, "($self, value, /)", "Implement self*=value."),
];

/// Offset of `tp_hash`, for the special cases of `__hash__`.
pub const HASH_OFFSET: usize = tp!(tp_hash);
/// Offset of `tp_iternext`.
pub const ITERNEXT_OFFSET: usize = tp!(tp_iternext);
/// Offset of `tp_new`.
pub const NEW_OFFSET: usize = tp!(tp_new);
