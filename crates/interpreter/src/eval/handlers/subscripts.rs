//! `a[b]`, `a[b] = c`, `del a[b]` and slices. `BINARY_OP` with the subscript operator has its forms here.

use crate::eval::frames;
use crate::eval::specialize::{self, adaptive};
use crate::{close_next, dispatch, goto, next, op, peek, pop, push, save_for_call, throw};
use core::ptr::null_mut;
use taipan_object::typeobj::PyHeapTypeObject;
use taipan_object::typeobj::flags;
use taipan_object::types::dict::{PyDict, PyDict_Type};
use taipan_object::types::frame::StackRef;
use taipan_object::types::int::{PyLong, PyLong_Type};
use taipan_object::types::list::{PyList, PyList_Type};
use taipan_object::types::slice::{PySlice, PySlice_Type};
use taipan_object::types::str_::{PyStr, PyUnicode_Type};
use taipan_object::types::tuple::{PyTuple, PyTuple_Type};
use taipan_object::{PyFunction, PyObject, PyResult, Python};

/// The value of an exact, compact, non-negative int; `usize::MAX` for anything else.
#[inline(always)]
unsafe fn small_index(v: StackRef) -> usize {
    // SAFETY: a live reference.
    unsafe {
        if !v.get().is_type(&PyLong_Type) {
            return usize::MAX;
        }
        let i = &*(v.as_ptr() as *const PyLong);
        if !i.is_compact() || i.is_negative() { usize::MAX } else { i.compact_value() as usize }
    }
}

op!(BINARY_OP_SUBSCR_LIST_INT(ip, sp, frame, ts, oparg) {
    let (list, index) = (peek!(sp, 2), peek!(sp, 1));
    if !list.get().is_type(&PyList_Type) {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    let i = small_index(index);
    let l = &*(list.as_ptr() as *const PyList);
    if i >= l.len() {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    let item = StackRef::new_ref(&**l.items_ptr().add(i));
    super::binary::close_int(ts, index);
    sp = sp.sub(1);
    peek!(sp, 1) = item;
    close_next!(list; ip, sp, frame, ts)
});
op!(BINARY_OP_SUBSCR_TUPLE_INT(ip, sp, frame, ts, oparg) {
    let (tuple, index) = (peek!(sp, 2), peek!(sp, 1));
    if !tuple.get().is_type(&PyTuple_Type) {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    let i = small_index(index);
    let t = &*(tuple.as_ptr() as *const PyTuple);
    if i >= t.len() {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    let item = StackRef::new_ref(t.get(i));
    super::binary::close_int(ts, index);
    sp = sp.sub(1);
    peek!(sp, 1) = item;
    close_next!(tuple; ip, sp, frame, ts)
});
op!(BINARY_OP_SUBSCR_STR_INT(ip, sp, frame, ts, oparg) {
    let (string, index) = (peek!(sp, 2), peek!(sp, 1));
    if !string.get().is_type(&PyUnicode_Type) {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    let i = small_index(index);
    let s = &*(string.as_ptr() as *const PyStr);
    if i >= s.len() {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    let c = s.char_at(i);
    if c >= 128 {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    let ch = taipan_object::types::str_::intern::latin1_char(Python::assume(), c as u8);
    super::binary::close_int(ts, index);
    sp = sp.sub(1);
    peek!(sp, 1) = StackRef::borrowed(ch as *const PyStr as *const PyObject);
    close_next!(string; ip, sp, frame, ts)
});
op!(BINARY_OP_SUBSCR_DICT(ip, sp, frame, ts, oparg) {
    let (dict, key) = (peek!(sp, 2), peek!(sp, 1));
    if !dict.get().is_type(&PyDict_Type) {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let item = dict_item(Python::assume(), dict, key);
    sp = sp.sub(2);
    if item.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(item));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn dict_item(py: Python, dict: StackRef, key: StackRef) -> *mut PyObject {
    // SAFETY: a dict and a live reference, given back here.
    unsafe {
        let result = match (*(dict.as_ptr() as *const PyDict)).get(py, key.get()) {
            Ok(Some(v)) => v.into_raw(),
            Ok(None) => {
                let _ = taipan_object::err::key_error(py, key.get());
                null_mut()
            }
            Err(_) => null_mut(),
        };
        dict.close();
        key.close();
        result
    }
}

op!(BINARY_OP_SUBSCR_LIST_SLICE(ip, sp, frame, ts, oparg) {
    let (list, index) = (peek!(sp, 2), peek!(sp, 1));
    if !list.get().is_type(&PyList_Type) || !index.get().is_type(&PySlice_Type) {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = super::calls::raw(list.get().get_item(Python::assume(), index.get()));
    super::calls::close_all(sp.sub(2), 2);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});
op!(BINARY_OP_SUBSCR_GETITEM(ip, sp, frame, ts, oparg) {
    // A class with a plain Python __getitem__: its frame is entered at once.
    let (container, key) = (peek!(sp, 2), peek!(sp, 1));
    let ty = container.get().ty();
    if !ty.has_feature(flags::HEAPTYPE) || ts.py_recursion_remaining.get() <= 1 {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    let cache = &(*(ty as *const _ as *const PyHeapTypeObject))._spec_cache;
    let getitem = cache.getitem.get() as *const PyFunction;
    if getitem.is_null() || (*getitem).func_version.get() != cache.getitem_version.get() {
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    let func = StackRef::new_ref(&*(getitem as *const PyObject));
    let new = frames::try_push_simple(ts, func, (*getitem).code(), 2, frame);
    if new.is_null() {
        func.close();
        goto!(super::binary::BINARY_OP, ip, sp, frame, ts, oparg)
    }
    *(*new).locals_ptr() = container;
    *(*new).locals_ptr().add(1) = key;
    save_for_call!(ip, sp.sub(2), frame, 1 + CACHES);
    ts.py_recursion_remaining.set(ts.py_recursion_remaining.get() - 1);
    ts.current_frame.set(new);
    let new: crate::eval::Frame = &*new;
    dispatch!(new.instr_ptr.get(), new.stackpointer.get(), new, ts)
});

op!(STORE_SUBSCR(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::subscr::store_subscr(ip, sp));
    // Stack: value, container, key.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let ok = store(Python::assume(), sp.sub(3)).is_ok();
    sp = sp.sub(3);
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn store(py: Python, base: crate::eval::Sp) -> PyResult<()> {
    // SAFETY: three live references, given back here.
    unsafe {
        let r = (*base.add(1)).get().set_item(py, (*base.add(2)).get(), (*base).get());
        super::calls::close_all(base, 3);
        r
    }
}

op!(STORE_SUBSCR_LIST_INT(ip, sp, frame, ts, oparg) {
    let (value, list, index) = (peek!(sp, 3), peek!(sp, 2), peek!(sp, 1));
    if !list.get().is_type(&PyList_Type) {
        goto!(STORE_SUBSCR, ip, sp, frame, ts, oparg)
    }
    let i = small_index(index);
    let l = &*(list.as_ptr() as *const PyList);
    if i >= l.len() {
        goto!(STORE_SUBSCR, ip, sp, frame, ts, oparg)
    }
    let slot = l.items_ptr().add(i);
    let old = *slot;
    *slot = value.into_py().into_raw();
    super::binary::close_int(ts, index);
    sp = sp.sub(3);
    list.close();
    let old = StackRef::steal(old);
    close_next!(old; ip, sp, frame, ts)
});
op!(STORE_SUBSCR_DICT(ip, sp, frame, ts, oparg) {
    let dict = peek!(sp, 2);
    if !dict.get().is_type(&PyDict_Type) {
        goto!(STORE_SUBSCR, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let ok = (*(dict.as_ptr() as *const PyDict)).set(Python::assume(), peek!(sp, 1).get(), peek!(sp, 3).get()).is_ok();
    super::calls::close_all(sp.sub(3), 3);
    sp = sp.sub(3);
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

op!(DELETE_SUBSCR(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let ok = peek!(sp, 2).get().del_item(Python::assume(), peek!(sp, 1).get()).is_ok();
    super::calls::close_all(sp.sub(2), 2);
    sp = sp.sub(2);
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

op!(BINARY_SLICE(ip, sp, frame, ts, oparg) {
    // Stack: container, start, stop.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = get_slice(Python::assume(), sp.sub(3));
    sp = sp.sub(3);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn get_slice(py: Python, base: crate::eval::Sp) -> *mut PyObject {
    // SAFETY: three live references, given back here.
    unsafe {
        let none = taipan_object::singletons::none();
        let result = PySlice::new(py, (*base.add(1)).get(), (*base.add(2)).get(), none)
            .and_then(|slice| (*base).get().get_item(py, &slice));
        super::calls::close_all(base, 3);
        super::calls::raw(result)
    }
}

op!(STORE_SLICE(ip, sp, frame, ts, oparg) {
    // Stack: value, container, start, stop.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let ok = set_slice(Python::assume(), sp.sub(4)).is_ok();
    sp = sp.sub(4);
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn set_slice(py: Python, base: crate::eval::Sp) -> PyResult<()> {
    // SAFETY: four live references, given back here.
    unsafe {
        let none = taipan_object::singletons::none();
        let r = PySlice::new(py, (*base.add(2)).get(), (*base.add(3)).get(), none)
            .and_then(|slice| (*base.add(1)).get().set_item(py, &slice, (*base).get()));
        super::calls::close_all(base, 4);
        r
    }
}

op!(BUILD_SLICE(ip, sp, frame, ts, oparg) {
    let step = if oparg == 3 { pop!(sp) } else { StackRef::none() };
    let (start, stop) = (peek!(sp, 2), peek!(sp, 1));
    let result = super::calls::raw(PySlice::new(Python::assume(), start.get(), stop.get(), step.get()));
    start.close();
    stop.close();
    step.close();
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});
