//! Arithmetic: `BINARY_OP` and its forms, unary operators, truth.

use crate::eval::dispatch::cache_u64;
use crate::eval::specialize::{self, adaptive};
use crate::{dispatch, goto, local, next, op, peek, push, throw};
use core::ptr::null_mut;
use taipan_object::abstracts::number;
use taipan_object::types::float::{PyFloat, PyFloat_Type};
use taipan_object::types::frame::StackRef;
use taipan_object::types::int::{PyLong, PyLong_Type, small_int};
use taipan_object::types::str_::{PyStr, PyUnicode_Type};
use taipan_object::{Py, PyObject, Python};

op!(BINARY_OP(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::binary::binary_op(Python::assume(), ip, sp, oparg, frame));
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    let result = binary(Python::assume(), oparg, a, b);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

/// The general operation; gives both operands back.
#[inline(never)]
unsafe fn binary(py: Python, op: usize, a: StackRef, b: StackRef) -> *mut PyObject {
    // SAFETY: live references.
    unsafe {
        let result = number::binary_op(py, op as u32, a.get(), b.get());
        a.close();
        b.close();
        super::calls::raw(result)
    }
}

#[inline(always)]
unsafe fn is_int(v: StackRef) -> bool {
    // SAFETY: a live reference.
    unsafe { v.get().is_type(&PyLong_Type) }
}
#[inline(always)]
unsafe fn as_int(v: StackRef) -> &'static PyLong {
    // SAFETY: checked by the caller.
    unsafe { &*(v.as_ptr() as *const PyLong) }
}
#[inline(always)]
unsafe fn is_float(v: StackRef) -> bool {
    // SAFETY: a live reference.
    unsafe { v.get().is_type(&PyFloat_Type) }
}
#[inline(always)]
unsafe fn as_float(v: StackRef) -> &'static PyFloat {
    // SAFETY: checked by the caller.
    unsafe { &*(v.as_ptr() as *const PyFloat) }
}

/// Gives back a compact int: its memory goes to the freelist without a call.
#[inline(always)]
pub(super) unsafe fn close_int(ts: crate::eval::Ts, v: StackRef) {
    // SAFETY: an exact int.
    unsafe {
        if v.is_counted() && crate::eval::dispatch::count_down(v) {
            if !as_int(v).is_compact() || !ts.interp().freelists.ints.push(v.as_ptr()) {
                taipan_object::header::dealloc(v.as_ptr());
            }
        }
    }
}

/// As [`close_int`] for a float.
#[inline(always)]
pub(super) unsafe fn close_float(ts: crate::eval::Ts, v: StackRef) {
    // SAFETY: an exact float.
    unsafe {
        if v.is_counted() && crate::eval::dispatch::count_down(v) && !ts.interp().freelists.floats.push(v.as_ptr()) {
            taipan_object::header::dealloc(v.as_ptr());
        }
    }
}

/// A new int of a value that two compact operands gave.
#[inline(always)]
unsafe fn new_int(v: i64) -> StackRef {
    // SAFETY: the GIL is held in handlers.
    unsafe {
        if let Some(s) = small_int(v) {
            return StackRef::borrowed(s as *const PyLong as *const PyObject);
        }
        let r = if v.unsigned_abs() < (1 << 30) {
            PyLong::from_medium(Python::assume(), v)
        } else {
            PyLong::from_i64(Python::assume(), v)
        };
        match r {
            Ok(p) => StackRef::steal_mortal(p.into_raw_object()),
            Err(_) => StackRef::NULL,
        }
    }
}

macro_rules! int_op {
    ($name:ident, |$x:ident, $y:ident| $e:expr) => {
        op!($name(ip, sp, frame, ts, oparg) {
            let (a, b) = (peek!(sp, 2), peek!(sp, 1));
            if !is_int(a) || !is_int(b) || !PyLong::both_compact(as_int(a), as_int(b)) {
                goto!(BINARY_OP, ip, sp, frame, ts, oparg)
            }
            let ($x, $y) = (as_int(a).compact_value(), as_int(b).compact_value());
            let r = new_int($e);
            close_int(ts, a);
            close_int(ts, b);
            sp = sp.sub(2);
            if r.is_null() {
                throw!(ip, sp, frame, ts)
            }
            push!(sp, r);
            next!(ip, sp, frame, ts)
        });
    };
}
// The product of two 30-bit values fits easily.
int_op!(BINARY_OP_ADD_INT, |x, y| x + y);
int_op!(BINARY_OP_SUBTRACT_INT, |x, y| x - y);
int_op!(BINARY_OP_MULTIPLY_INT, |x, y| x * y);

macro_rules! float_op {
    ($name:ident, |$x:ident, $y:ident| $e:expr) => {
        op!($name(ip, sp, frame, ts, oparg) {
            let (a, b) = (peek!(sp, 2), peek!(sp, 1));
            if !is_float(a) || !is_float(b) {
                goto!(BINARY_OP, ip, sp, frame, ts, oparg)
            }
            let ($x, $y) = (as_float(a).value(), as_float(b).value());
            let v: f64 = $e;
            // An operand that nobody else refers to takes the result.
            if a.is_counted() && a.get().is_unique() {
                as_float(a).overwrite(v);
                close_float(ts, b);
                sp = sp.sub(1);
                next!(ip, sp, frame, ts)
            }
            if b.is_counted() && b.get().is_unique() {
                as_float(b).overwrite(v);
                peek!(sp, 2) = b;
                sp = sp.sub(1);
                close_float(ts, a);
                next!(ip, sp, frame, ts)
            }
            let r = new_float(v);
            close_float(ts, a);
            close_float(ts, b);
            sp = sp.sub(2);
            if r.is_null() {
                throw!(ip, sp, frame, ts)
            }
            push!(sp, r);
            next!(ip, sp, frame, ts)
        });
    };
}
float_op!(BINARY_OP_ADD_FLOAT, |x, y| x + y);
float_op!(BINARY_OP_SUBTRACT_FLOAT, |x, y| x - y);
float_op!(BINARY_OP_MULTIPLY_FLOAT, |x, y| x * y);

#[inline(always)]
unsafe fn new_float(v: f64) -> StackRef {
    // SAFETY: the GIL is held in handlers.
    match PyFloat::new(unsafe { Python::assume() }, v) {
        Ok(p) => StackRef::steal_mortal(p.into_raw_object()),
        Err(_) => StackRef::NULL,
    }
}

#[inline(always)]
unsafe fn is_str(v: StackRef) -> bool {
    // SAFETY: a live reference.
    unsafe { v.get().is_type(&PyUnicode_Type) }
}

op!(BINARY_OP_ADD_UNICODE(ip, sp, frame, ts, oparg) {
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    if !is_str(a) || !is_str(b) {
        goto!(BINARY_OP, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let result = concat(Python::assume(), a, b);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn concat(py: Python, a: StackRef, b: StackRef) -> *mut PyObject {
    // SAFETY: two strings.
    unsafe {
        let r = (*(a.as_ptr() as *const PyStr)).concat(py, &*(b.as_ptr() as *const PyStr));
        a.close();
        b.close();
        super::calls::raw(r)
    }
}

op!(BINARY_OP_INPLACE_ADD_UNICODE(ip, sp, frame, ts, oparg) {
    // `s = s + t` with `s` a local: the STORE_FAST behind is done here too, so that the string can grow in place.
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    let store = ip.add(1 + CACHES);
    if !is_str(a)
        || !is_str(b)
        || (*store).op != taipan_bytecode::Opcode::STORE_FAST as u8
        || local!(frame, (*store).arg as usize).as_ptr() != a.as_ptr()
    {
        goto!(BINARY_OP, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let slot = (*store).arg as usize;
    // The local's reference is the one that grows; the stack's own goes first.
    a.close();
    let target = local!(frame, slot);
    local!(frame, slot) = StackRef::NULL;
    let result = append(Python::assume(), target, b);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    local!(frame, slot) = StackRef::steal(result);
    dispatch!(store.add(1), sp, frame, ts)
});

#[inline(never)]
unsafe fn append(py: Python, target: StackRef, b: StackRef) -> *mut PyObject {
    // SAFETY: two strings; `target` is moved.
    unsafe {
        let t: Py<PyStr> = target.into_py().cast_unchecked();
        let r = taipan_object::types::str_::append(py, t, &*(b.as_ptr() as *const PyStr));
        b.close();
        super::calls::raw(r)
    }
}

op!(BINARY_OP_EXTEND(ip, sp, frame, ts, oparg) {
    // The cache holds a pair of functions for types that have no form of their own (int with float, and so on).
    let form = cache_u64(ip, 2) as *const specialize::binary::ExtendedForm;
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    if form.is_null() || !((*form).guard)(a.get(), b.get()) {
        goto!(BINARY_OP, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let result = ((*form).run)(a.get(), b.get());
    a.close();
    b.close();
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

macro_rules! unary_op {
    ($name:ident, $f:path) => {
        op!($name(ip, sp, frame, ts, oparg) {
            frame.instr_ptr.set(ip);
            frame.stackpointer.set(sp);
            let v = peek!(sp, 1);
            let result = super::calls::raw($f(Python::assume(), v.get()));
            v.close();
            sp = sp.sub(1);
            if result.is_null() {
                throw!(ip, sp, frame, ts)
            }
            push!(sp, StackRef::steal(result));
            next!(ip, sp, frame, ts)
        });
    };
}
unary_op!(UNARY_NEGATIVE, number::negative);
unary_op!(UNARY_INVERT, number::invert);

op!(TO_BOOL(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::compare::to_bool(ip, sp));
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let v = peek!(sp, 1);
    let result = truth(Python::assume(), v);
    sp = sp.sub(1);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::borrowed(result));
    next!(ip, sp, frame, ts)
});

/// `True`, `False`, or null if that raised.
#[inline(never)]
unsafe fn truth(py: Python, v: StackRef) -> *mut PyObject {
    // SAFETY: a live reference, given back here.
    unsafe {
        let r = v.get().is_true(py);
        v.close();
        match r {
            Ok(b) => StackRef::bool(b).as_ptr(),
            Err(_) => null_mut(),
        }
    }
}

op!(TO_BOOL_BOOL(ip, sp, frame, ts, oparg) {
    let v = peek!(sp, 1);
    if !v.is_true() && !v.is_false() {
        goto!(TO_BOOL, ip, sp, frame, ts, oparg)
    }
    next!(ip, sp, frame, ts)
});
op!(TO_BOOL_NONE(ip, sp, frame, ts, oparg) {
    if !peek!(sp, 1).is_none() {
        goto!(TO_BOOL, ip, sp, frame, ts, oparg)
    }
    peek!(sp, 1) = StackRef::false_();
    next!(ip, sp, frame, ts)
});
op!(TO_BOOL_INT(ip, sp, frame, ts, oparg) {
    let v = peek!(sp, 1);
    if !is_int(v) {
        goto!(TO_BOOL, ip, sp, frame, ts, oparg)
    }
    peek!(sp, 1) = StackRef::bool(!as_int(v).is_zero());
    crate::close_next!(v; ip, sp, frame, ts)
});
op!(TO_BOOL_LIST(ip, sp, frame, ts, oparg) {
    let v = peek!(sp, 1);
    if !v.get().is_type(&taipan_object::types::list::PyList_Type) {
        goto!(TO_BOOL, ip, sp, frame, ts, oparg)
    }
    peek!(sp, 1) = StackRef::bool((*(v.as_ptr() as *const taipan_object::PyList)).len() != 0);
    crate::close_next!(v; ip, sp, frame, ts)
});
op!(TO_BOOL_STR(ip, sp, frame, ts, oparg) {
    let v = peek!(sp, 1);
    if !is_str(v) {
        goto!(TO_BOOL, ip, sp, frame, ts, oparg)
    }
    peek!(sp, 1) = StackRef::bool((*(v.as_ptr() as *const PyStr)).len() != 0);
    crate::close_next!(v; ip, sp, frame, ts)
});
op!(TO_BOOL_ALWAYS_TRUE(ip, sp, frame, ts, oparg) {
    let v = peek!(sp, 1);
    if v.get().ty().tp_version_tag.get() != crate::eval::dispatch::cache_u32(ip, 2) {
        goto!(TO_BOOL, ip, sp, frame, ts, oparg)
    }
    peek!(sp, 1) = StackRef::true_();
    crate::close_next!(v; ip, sp, frame, ts)
});
