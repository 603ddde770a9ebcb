//! Attributes: `LOAD_ATTR`, `STORE_ATTR`, `DELETE_ATTR`, `LOAD_SUPER_ATTR` and their forms.
//!
//! Cache of `LOAD_ATTR`, in units behind the instruction: 1 counter, 2–3 type version, 4–5 keys version (or 4: offset or
//! index), 6–9 the descriptor, borrowed: the type's version says whether it is still there.

use super::calls::{close_all, raw};
use crate::eval::dispatch::{cache_u16, cache_u32, cache_u64};
use crate::eval::frames;
use crate::eval::specialize::{self, adaptive};
use crate::{close_next, dispatch, goto, next, op, peek, push, save_for_call, throw};
use core::ptr::null_mut;
use taipan_object::abstracts::call::BoundMethod;
use taipan_object::types::dict::inline_values;
use taipan_object::types::dict::{PyDict, keys::Keys};
use taipan_object::types::frame::StackRef;
use taipan_object::types::module::{PyModule, PyModule_Type};
use taipan_object::{PyFunction, PyObject, PyResult, PyStr, PyType, Python};

/// The name with this index.
#[inline(always)]
pub(super) unsafe fn name_at(frame: crate::eval::Frame, i: usize) -> &'static PyStr {
    // SAFETY: the operand was verified; names are strings that live as long as the code.
    unsafe { &*((*frame.code().co_names.as_raw()).get(i) as *const PyObject as *const PyStr) }
}

op!(LOAD_ATTR(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::attr::load_attr(Python::assume(), ip, sp, name_at(frame, oparg >> 1), oparg));
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    if oparg & 1 != 0 {
        // Leaves the method and its receiver, or the attribute and null, for a call.
        if load_method(Python::assume(), sp, name_at(frame, oparg >> 1)) {
            sp = sp.add(1);
            next!(ip, sp, frame, ts)
        }
        sp = sp.sub(1);
        throw!(ip, sp, frame, ts)
    }
    let result = load_attr(Python::assume(), peek!(sp, 1), name_at(frame, oparg >> 1));
    sp = sp.sub(1);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn load_attr(py: Python, owner: StackRef, name: &PyStr) -> *mut PyObject {
    // SAFETY: a live reference, given back here.
    unsafe {
        let r = raw(owner.get().getattr(py, name));
        owner.close();
        r
    }
}

/// Replaces the owner on top by the pair for a call; false (and the owner given back) if that raised.
#[inline(never)]
unsafe fn load_method(py: Python, sp: crate::eval::Sp, name: &PyStr) -> bool {
    // SAFETY: the owner is on top, there is room for one more.
    unsafe {
        let owner = *sp.sub(1);
        match owner.get().get_method(py, name) {
            Ok(BoundMethod::Unbound(f)) => {
                *sp.sub(1) = StackRef::from_owned(f);
                *sp = owner;
                true
            }
            Ok(BoundMethod::Bound(m)) => {
                *sp.sub(1) = StackRef::from_owned(m);
                *sp = StackRef::NULL;
                owner.close();
                true
            }
            Err(_) => {
                owner.close();
                false
            }
        }
    }
}

/// The attribute replaces the owner; a null goes on top if a call follows.
macro_rules! loaded {
    ($attr:expr, $owner:expr, $ip:expr, $sp:ident, $frame:expr, $ts:expr, $oparg:expr) => {{
        peek!($sp, 1) = $attr;
        *$sp = StackRef::NULL;
        $sp = $sp.add($oparg & 1);
        close_next!($owner; $ip, $sp, $frame, $ts)
    }};
}

/// Goes to the base instruction unless the owner's type has the cached version.
macro_rules! check_version {
    ($base:ident, $owner:expr, $ip:expr, $sp:expr, $frame:expr, $ts:expr, $oparg:expr) => {
        if $owner.get().ty().tp_version_tag.get() != cache_u32($ip, 2) {
            goto!($base, $ip, $sp, $frame, $ts, $oparg)
        }
    };
}

op!(LOAD_ATTR_INSTANCE_VALUE(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    if !inline_values::of(owner.get()).is_valid() {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    let attr = *((owner.as_ptr() as *const u8).add(cache_u16(ip, 4) as usize) as *const *mut PyObject);
    if attr.is_null() {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    loaded!(StackRef::new_ref(&*attr), owner, ip, sp, frame, ts, oparg)
});
op!(LOAD_ATTR_SLOT(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    let attr = *((owner.as_ptr() as *const u8).add(cache_u16(ip, 4) as usize) as *const *mut PyObject);
    if attr.is_null() {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    loaded!(StackRef::new_ref(&*attr), owner, ip, sp, frame, ts, oparg)
});
op!(LOAD_ATTR_MODULE(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    if !owner.get().is_type(&PyModule_Type) {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    let dict: &PyDict = (*(owner.as_ptr() as *const PyModule)).dict();
    let keys = dict.table();
    if keys.version() != cache_u32(ip, 2) {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    let attr = (*keys.unicode_entries().add(cache_u16(ip, 4) as usize)).me_value;
    if attr.is_null() {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    loaded!(StackRef::new_ref(&*attr), owner, ip, sp, frame, ts, oparg)
});
op!(LOAD_ATTR_WITH_HINT(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    let attr = hinted(owner, name_at(frame, oparg >> 1), cache_u16(ip, 4) as usize);
    if attr.is_null() {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    loaded!(StackRef::new_ref(&*attr), owner, ip, sp, frame, ts, oparg)
});

/// The value of entry `hint` of the owner's dict, if it is the one for `name`; else null.
#[inline(always)]
unsafe fn hinted(owner: StackRef, name: &PyStr, hint: usize) -> *mut PyObject {
    // SAFETY: the type's version says that the object has a managed dict.
    unsafe {
        let Some(dict) = inline_values::managed_dict(owner.as_ptr()) else { return null_mut() };
        let keys = dict.table();
        if hint >= keys.nentries() || !keys.is_unicode() || dict.split_values().is_some() {
            return null_mut();
        }
        let entry = &*keys.unicode_entries().add(hint);
        if entry.me_key as *const PyObject != name.as_ptr() { null_mut() } else { entry.me_value }
    }
}

op!(LOAD_ATTR_CLASS(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    if PyType::from_object(owner.get()).is_none_or(|t| t.tp_version_tag.get() != cache_u32(ip, 2)) {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    let descr = cache_u64(ip, 6) as *mut PyObject;
    loaded!(StackRef::new_ref(&*descr), owner, ip, sp, frame, ts, oparg)
});
op!(LOAD_ATTR_CLASS_WITH_METACLASS_CHECK(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    // The version of the metaclass is where the keys version is.
    if PyType::from_object(owner.get()).is_none_or(|t| t.tp_version_tag.get() != cache_u32(ip, 2))
        || owner.get().ty().tp_version_tag.get() != cache_u32(ip, 4)
    {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    let descr = cache_u64(ip, 6) as *mut PyObject;
    loaded!(StackRef::new_ref(&*descr), owner, ip, sp, frame, ts, oparg)
});

/// The shared keys of a heap type's instances have the cached version.
#[inline(always)]
unsafe fn keys_version_is(owner: StackRef, version: u32) -> bool {
    // SAFETY: the specialiser has seen a heap type with cached keys.
    unsafe {
        match owner.get().ty().as_heap() {
            Some(h) => {
                let keys = h.ht_cached_keys.get() as *mut taipan_object::types::dict::keys::DictKeys;
                !keys.is_null() && Keys::from_raw(keys).version() == version
            }
            None => false,
        }
    }
}

op!(LOAD_ATTR_METHOD_WITH_VALUES(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    if !inline_values::of(owner.get()).is_valid() || !keys_version_is(owner, cache_u32(ip, 4)) {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    peek!(sp, 1) = StackRef::new_ref(&*(cache_u64(ip, 6) as *const PyObject));
    push!(sp, owner);
    next!(ip, sp, frame, ts)
});
op!(LOAD_ATTR_METHOD_NO_DICT(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    peek!(sp, 1) = StackRef::new_ref(&*(cache_u64(ip, 6) as *const PyObject));
    push!(sp, owner);
    next!(ip, sp, frame, ts)
});
op!(LOAD_ATTR_METHOD_LAZY_DICT(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    // The object's dict, where it has one, is not made yet.
    let dict = *((owner.as_ptr() as *const u8).offset(cache_u16(ip, 4) as i16 as isize) as *const *mut PyObject);
    if !dict.is_null() {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    peek!(sp, 1) = StackRef::new_ref(&*(cache_u64(ip, 6) as *const PyObject));
    push!(sp, owner);
    next!(ip, sp, frame, ts)
});
op!(LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    if !inline_values::of(owner.get()).is_valid() || !keys_version_is(owner, cache_u32(ip, 4)) {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    peek!(sp, 1) = StackRef::new_ref(&*(cache_u64(ip, 6) as *const PyObject));
    close_next!(owner; ip, sp, frame, ts)
});
op!(LOAD_ATTR_NONDESCRIPTOR_NO_DICT(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    peek!(sp, 1) = StackRef::new_ref(&*(cache_u64(ip, 6) as *const PyObject));
    close_next!(owner; ip, sp, frame, ts)
});
op!(LOAD_ATTR_PROPERTY(ip, sp, frame, ts, oparg) {
    // The property's getter is a plain Python function: its frame is entered at once.
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    let f = cache_u64(ip, 6) as *const PyFunction;
    if (*f).func_version.get() != cache_u32(ip, 4) || ts.py_recursion_remaining.get() <= 1 {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    let func = StackRef::new_ref(&*(f as *const PyObject));
    let new = frames::try_push_simple(ts, func, (*f).code(), 1, frame);
    if new.is_null() {
        func.close();
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    *(*new).locals_ptr() = owner;
    save_for_call!(ip, sp.sub(1), frame, 1 + CACHES);
    ts.py_recursion_remaining.set(ts.py_recursion_remaining.get() - 1);
    ts.current_frame.set(new);
    let new: crate::eval::Frame = &*new;
    dispatch!(new.instr_ptr.get(), new.stackpointer.get(), new, ts)
});
op!(LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(LOAD_ATTR, owner, ip, sp, frame, ts, oparg);
    let f = cache_u64(ip, 6) as *const PyFunction;
    if (*f).func_version.get() != cache_u32(ip, 4) || ts.py_recursion_remaining.get() <= 1 {
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    let func = StackRef::new_ref(&*(f as *const PyObject));
    let new = frames::try_push_simple(ts, func, (*f).code(), 2, frame);
    if new.is_null() {
        func.close();
        goto!(LOAD_ATTR, ip, sp, frame, ts, oparg)
    }
    *(*new).locals_ptr() = owner;
    *(*new).locals_ptr().add(1) = StackRef::new_ref(name_at(frame, oparg >> 1));
    save_for_call!(ip, sp.sub(1), frame, 1 + CACHES);
    ts.py_recursion_remaining.set(ts.py_recursion_remaining.get() - 1);
    ts.current_frame.set(new);
    let new: crate::eval::Frame = &*new;
    dispatch!(new.instr_ptr.get(), new.stackpointer.get(), new, ts)
});

op!(STORE_ATTR(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::attr::store_attr(Python::assume(), ip, sp, name_at(frame, oparg)));
    // Stack: the value, the owner.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let ok = store_attr(Python::assume(), peek!(sp, 1), name_at(frame, oparg), peek!(sp, 2)).is_ok();
    sp = sp.sub(2);
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn store_attr(py: Python, owner: StackRef, name: &PyStr, value: StackRef) -> PyResult<()> {
    // SAFETY: live references, given back here.
    unsafe {
        let r = owner.get().setattr(py, name, value.get());
        value.close();
        owner.close();
        r
    }
}

op!(STORE_ATTR_INSTANCE_VALUE(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(STORE_ATTR, owner, ip, sp, frame, ts, oparg);
    let values = inline_values::of(owner.get());
    if inline_values::managed_dict(owner.as_ptr()).is_some() || !values.is_valid() {
        goto!(STORE_ATTR, ip, sp, frame, ts, oparg)
    }
    let i = cache_u16(ip, 4) as usize;
    let old = values.get(i);
    values.put(i, peek!(sp, 2).into_py().into_raw());
    sp = sp.sub(2);
    if old.is_null() {
        values.note_added(i);
    } else {
        StackRef::steal(old).close();
    }
    close_next!(owner; ip, sp, frame, ts)
});
op!(STORE_ATTR_SLOT(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(STORE_ATTR, owner, ip, sp, frame, ts, oparg);
    let slot = (owner.as_ptr() as *mut u8).add(cache_u16(ip, 4) as usize) as *mut *mut PyObject;
    let old = *slot;
    *slot = peek!(sp, 2).into_py().into_raw();
    sp = sp.sub(2);
    if !old.is_null() {
        StackRef::steal(old).close();
    }
    close_next!(owner; ip, sp, frame, ts)
});
op!(STORE_ATTR_WITH_HINT(ip, sp, frame, ts, oparg) {
    let owner = peek!(sp, 1);
    check_version!(STORE_ATTR, owner, ip, sp, frame, ts, oparg);
    let old = hinted(owner, name_at(frame, oparg), cache_u16(ip, 4) as usize);
    if old.is_null() || specialize::attr::dict_is_watched(owner) {
        goto!(STORE_ATTR, ip, sp, frame, ts, oparg)
    }
    let value = peek!(sp, 2).into_py();
    specialize::attr::overwrite_hinted(owner, cache_u16(ip, 4) as usize, value);
    sp = sp.sub(2);
    StackRef::steal(old).close();
    close_next!(owner; ip, sp, frame, ts)
});

op!(DELETE_ATTR(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let owner = peek!(sp, 1);
    let ok = owner.get().delattr(Python::assume(), name_at(frame, oparg)).is_ok();
    owner.close();
    sp = sp.sub(1);
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

op!(LOAD_SUPER_ATTR(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::attr::load_super_attr(ip, sp, oparg));
    // Stack: the global `super`, the class, self. oparg: name << 2 | two-argument call << 1 | method.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = super_attr(Python::assume(), sp.sub(3), name_at(frame, oparg >> 2), oparg & 2 != 0);
    sp = sp.sub(3);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    *sp = StackRef::NULL;
    sp = sp.add(oparg & 1);
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn super_attr(py: Python, base: crate::eval::Sp, name: &PyStr, two_args: bool) -> *mut PyObject {
    // SAFETY: three live references, given back here.
    unsafe {
        let (global, class, this) = ((*base).get(), (*base.add(1)).get(), (*base.add(2)).get());
        let result =
            if two_args { global.call(py, &[class, this]) } else { global.call0(py) }.and_then(|s| s.getattr(py, name));
        close_all(base, 3);
        raw(result)
    }
}

op!(LOAD_SUPER_ATTR_ATTR(ip, sp, frame, ts, oparg) {
    let base = sp.sub(3);
    if !specialize::attr::is_builtin_super(*base) || PyType::from_object((*base.add(1)).get()).is_none() {
        goto!(LOAD_SUPER_ATTR, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = super_lookup(Python::assume(), base, name_at(frame, oparg >> 2));
    sp = base;
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn super_lookup(py: Python, base: crate::eval::Sp, name: &PyStr) -> *mut PyObject {
    // SAFETY: three live references, given back here; the class was checked.
    unsafe {
        let class = &*((*base.add(1)).as_ptr() as *const PyType);
        let result = taipan_object::types::super_::attribute(py, class, (*base.add(2)).get(), name);
        close_all(base, 3);
        raw(result)
    }
}

op!(LOAD_SUPER_ATTR_METHOD(ip, sp, frame, ts, oparg) {
    let base = sp.sub(3);
    if !specialize::attr::is_builtin_super(*base) || PyType::from_object((*base.add(1)).get()).is_none() {
        goto!(LOAD_SUPER_ATTR, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    sp = base;
    if !super_method(Python::assume(), base, name_at(frame, oparg >> 2)) {
        throw!(ip, sp, frame, ts)
    }
    sp = sp.add(2);
    next!(ip, sp, frame, ts)
});

/// Leaves the method and self, or the attribute and null, at `base`; false (all given back) if that raised.
#[inline(never)]
unsafe fn super_method(py: Python, base: crate::eval::Sp, name: &PyStr) -> bool {
    // SAFETY: three live references; the class was checked.
    unsafe {
        let (global, class_ref, this) = (*base, *base.add(1), *base.add(2));
        let class = &*(class_ref.as_ptr() as *const PyType);
        let found = taipan_object::types::super_::lookup_method(py, class, this.get(), name);
        global.close();
        match found {
            Ok(BoundMethod::Unbound(f)) => {
                class_ref.close();
                *base = StackRef::from_owned(f);
                *base.add(1) = this;
                true
            }
            Ok(BoundMethod::Bound(m)) => {
                class_ref.close();
                this.close();
                *base = StackRef::from_owned(m);
                *base.add(1) = StackRef::NULL;
                true
            }
            Err(_) => {
                class_ref.close();
                this.close();
                false
            }
        }
    }
}

op!(LOAD_SPECIAL(ip, sp, frame, ts, oparg) {
    // `__enter__`, `__exit__`, `__aenter__`, `__aexit__` of the object on top: leaves the method and self, or a bound one
    // and null.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    if !load_special(Python::assume(), sp, oparg) {
        sp = sp.sub(1);
        throw!(ip, sp, frame, ts)
    }
    sp = sp.add(1);
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn load_special(py: Python, sp: crate::eval::Sp, which: usize) -> bool {
    // SAFETY: the owner is on top, there is room for one more.
    unsafe {
        let owner = *sp.sub(1);
        let name = crate::intrinsics::special_name(py, which);
        match crate::intrinsics::lookup_special_method(py, owner.get(), name) {
            Ok(Some(BoundMethod::Unbound(f))) => {
                *sp.sub(1) = StackRef::from_owned(f);
                // The compiler emits this for borrowed values too, and the local may change inside the `with`.
                *sp = owner.heap_safe();
                true
            }
            Ok(Some(BoundMethod::Bound(m))) => {
                *sp.sub(1) = StackRef::from_owned(m);
                *sp = StackRef::NULL;
                owner.close();
                true
            }
            Ok(None) => {
                let _ = crate::intrinsics::no_special_method(py, owner.get(), which);
                owner.close();
                false
            }
            Err(_) => {
                owner.close();
                false
            }
        }
    }
}
