//! Comparisons, identity and membership.

use crate::eval::specialize::{self, adaptive};
use crate::{goto, next, op, peek, push, throw};
use core::ptr::null_mut;
use taipan_object::types::dict::{PyDict, PyDict_Type};
use taipan_object::types::float::{PyFloat, PyFloat_Type};
use taipan_object::types::frame::StackRef;
use taipan_object::types::int::{PyLong, PyLong_Type};
use taipan_object::types::set::{PyFrozenSet_Type, PySet, PySet_Type};
use taipan_object::types::str_::{PyStr, PyUnicode_Type};
use taipan_object::{CompareOp, PyObject, Python};

// oparg: the operator << 5 | "convert to bool" << 4 | mask of the outcomes that are true (less, greater, equal, unordered:
// bits 1, 2, 3, 0 …) used by the specialised forms.

op!(COMPARE_OP(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::compare::compare_op(ip, sp, oparg));
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    let result = compare(Python::assume(), oparg, a, b);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn compare(py: Python, oparg: usize, a: StackRef, b: StackRef) -> *mut PyObject {
    // SAFETY: live references, given back here.
    unsafe {
        let op = CompareOp::from_c((oparg >> 5) as i32);
        let r = a.get().rich_compare(py, b.get(), op);
        a.close();
        b.close();
        let Ok(v) = r else { return null_mut() };
        if oparg & 16 == 0 || v.is(taipan_object::singletons::true_()) || v.is(taipan_object::singletons::false_()) {
            return v.into_raw();
        }
        match v.is_true(py) {
            Ok(b) => StackRef::bool(b).as_ptr(),
            Err(_) => null_mut(),
        }
    }
}

/// Outcome bits in the low part of the oparg.
const UNORDERED: usize = 1;
const LESS: usize = 2;
const GREATER: usize = 4;
const EQUAL: usize = 8;

op!(COMPARE_OP_INT(ip, sp, frame, ts, oparg) {
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    if !a.get().is_type(&PyLong_Type) || !b.get().is_type(&PyLong_Type) {
        goto!(COMPARE_OP, ip, sp, frame, ts, oparg)
    }
    let (x, y) = (&*(a.as_ptr() as *const PyLong), &*(b.as_ptr() as *const PyLong));
    if !PyLong::both_compact(x, y) {
        goto!(COMPARE_OP, ip, sp, frame, ts, oparg)
    }
    let (x, y) = (x.compact_value(), y.compact_value());
    let outcome = if x == y { EQUAL } else if x < y { LESS } else { GREATER };
    super::binary::close_int(ts, a);
    super::binary::close_int(ts, b);
    sp = sp.sub(1);
    peek!(sp, 1) = StackRef::bool(outcome & oparg != 0);
    next!(ip, sp, frame, ts)
});
op!(COMPARE_OP_FLOAT(ip, sp, frame, ts, oparg) {
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    if !a.get().is_type(&PyFloat_Type) || !b.get().is_type(&PyFloat_Type) {
        goto!(COMPARE_OP, ip, sp, frame, ts, oparg)
    }
    let (x, y) = ((*(a.as_ptr() as *const PyFloat)).value(), (*(b.as_ptr() as *const PyFloat)).value());
    let outcome = if x == y {
        EQUAL
    } else if x < y {
        LESS
    } else if x > y {
        GREATER
    } else {
        UNORDERED
    };
    super::binary::close_float(ts, a);
    super::binary::close_float(ts, b);
    sp = sp.sub(1);
    peek!(sp, 1) = StackRef::bool(outcome & oparg != 0);
    next!(ip, sp, frame, ts)
});
op!(COMPARE_OP_STR(ip, sp, frame, ts, oparg) {
    // Only for == and !=.
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    if !a.get().is_type(&PyUnicode_Type) || !b.get().is_type(&PyUnicode_Type) {
        goto!(COMPARE_OP, ip, sp, frame, ts, oparg)
    }
    let equal = a.as_ptr() == b.as_ptr() || (*(a.as_ptr() as *const PyStr)).equals(&*(b.as_ptr() as *const PyStr));
    // Unequal is both less and greater here: the mask of != has both.
    let outcome = if equal { EQUAL } else { LESS | GREATER };
    a.close();
    sp = sp.sub(1);
    peek!(sp, 1) = StackRef::bool(outcome & oparg != 0);
    crate::close_next!(b; ip, sp, frame, ts)
});

op!(IS_OP(ip, sp, frame, ts, oparg) {
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    let same = a.as_ptr() == b.as_ptr();
    sp = sp.sub(1);
    peek!(sp, 1) = StackRef::bool(same != (oparg != 0));
    a.close();
    crate::close_next!(b; ip, sp, frame, ts)
});

op!(CONTAINS_OP(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::compare::contains_op(ip, sp));
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = contains(Python::assume(), peek!(sp, 2), peek!(sp, 1), oparg != 0);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::borrowed(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn contains(py: Python, item: StackRef, container: StackRef, invert: bool) -> *mut PyObject {
    // SAFETY: live references, given back here.
    unsafe {
        let r = container.get().contains(py, item.get());
        finish(r, item, container, invert)
    }
}

unsafe fn finish(r: taipan_object::PyResult<bool>, a: StackRef, b: StackRef, invert: bool) -> *mut PyObject {
    // SAFETY: live references, given back here.
    unsafe {
        a.close();
        b.close();
    }
    match r {
        Ok(found) => StackRef::bool(found != invert).as_ptr(),
        Err(_) => null_mut(),
    }
}

op!(CONTAINS_OP_DICT(ip, sp, frame, ts, oparg) {
    let container = peek!(sp, 1);
    if !container.get().is_type(&PyDict_Type) {
        goto!(CONTAINS_OP, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let item = peek!(sp, 2);
    let result = dict_contains(Python::assume(), item, container, oparg != 0);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::borrowed(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn dict_contains(py: Python, item: StackRef, dict: StackRef, invert: bool) -> *mut PyObject {
    // SAFETY: an exact dict and a live reference, given back here.
    unsafe {
        let r = (*(dict.as_ptr() as *const PyDict)).contains(py, item.get());
        finish(r, item, dict, invert)
    }
}

op!(CONTAINS_OP_SET(ip, sp, frame, ts, oparg) {
    let container = peek!(sp, 1);
    if !container.get().is_type(&PySet_Type) && !container.get().is_type(&PyFrozenSet_Type) {
        goto!(CONTAINS_OP, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let item = peek!(sp, 2);
    let r = (*(container.as_ptr() as *const PySet)).contains(Python::assume(), item.get());
    let result = finish(r, item, container, oparg != 0);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::borrowed(result));
    next!(ip, sp, frame, ts)
});
