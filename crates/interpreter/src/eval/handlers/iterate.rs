//! Iteration and unpacking.

use super::calls::raw;
use crate::eval::specialize::{self, adaptive};
use crate::{close_next, dispatch, enter_generator, goto, next, op, peek, push, throw};
use core::ptr::null_mut;
use taipan_object::types::frame::StackRef;
use taipan_object::types::generator::{PyGen_Type, PyGenerator, state};
use taipan_object::types::int::PyLong;
use taipan_object::types::list::{PyList, PyList_Type, PyListIter, PyListIter_Type};
use taipan_object::types::range::{PyRangeIter, PyRangeIter_Type};
use taipan_object::types::tuple::{PyTuple, PyTuple_Type, PyTupleIter, PyTupleIter_Type};
use taipan_object::{Py, PyObject, PyResult, Python, err, exceptions, raise};

op!(GET_ITER(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let v = peek!(sp, 1);
    let result = raw(v.get().iter(Python::assume()));
    v.close();
    sp = sp.sub(1);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});
op!(GET_LEN(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let n = get_len(Python::assume(), peek!(sp, 1));
    if n.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(n));
    next!(ip, sp, frame, ts)
});
#[inline(never)]
unsafe fn get_len(py: Python, v: StackRef) -> *mut PyObject {
    // SAFETY: a live reference.
    raw(unsafe { v.get() }.len(py).and_then(|n| PyLong::from_isize(py, n)))
}

op!(FOR_ITER(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::iter::for_iter(ip, sp, oparg));
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let item = next_item(Python::assume(), peek!(sp, 1));
    if item.is_null() {
        if !ts.current_exception.get().is_null() {
            throw!(ip, sp, frame, ts)
        }
        // Exhausted: past the END_FOR; the POP_ITER behind it drops the iterator.
        dispatch!(ip.add(2 + oparg + 1), sp, frame, ts)
    }
    push!(sp, StackRef::steal(item));
    next!(ip, sp, frame, ts)
});

/// The next item; null at the end and when an exception is set. A StopIteration is the end.
#[inline(never)]
unsafe fn next_item(py: Python, iter: StackRef) -> *mut PyObject {
    // SAFETY: the compiler put an iterator there.
    unsafe {
        let obj = iter.get();
        let item = match obj.ty().tp_iternext.get() {
            Some(f) => f(obj.as_ptr()),
            None => {
                let _ = raise!(py, TypeError, "'{}' object is not an iterator", obj.ty().name());
                return null_mut();
            }
        };
        if item.is_null() && err::occurred(py) && err::matches(py, exceptions::StopIteration()) {
            crate::monitor::stop_iteration_in_for(py);
            err::clear(py);
        }
        item
    }
}

op!(FOR_ITER_LIST(ip, sp, frame, ts, oparg) {
    let iter = peek!(sp, 1);
    if !iter.get().is_type(&PyListIter_Type) {
        goto!(FOR_ITER, ip, sp, frame, ts, oparg)
    }
    let it = &*(iter.as_ptr() as *const PyListIter);
    let list = it.it_seq.as_raw() as *const PyList;
    let i = it.it_index.get() as usize;
    if list.is_null() || i >= (*list).len() {
        if !list.is_null() {
            it.it_index.set(-1);
            it.it_seq.clear();
        }
        dispatch!(ip.add(2 + oparg + 1), sp, frame, ts)
    }
    it.it_index.set(i as isize + 1);
    push!(sp, StackRef::new_ref(&**(*list).items_ptr().add(i)));
    next!(ip, sp, frame, ts)
});
op!(FOR_ITER_TUPLE(ip, sp, frame, ts, oparg) {
    let iter = peek!(sp, 1);
    if !iter.get().is_type(&PyTupleIter_Type) {
        goto!(FOR_ITER, ip, sp, frame, ts, oparg)
    }
    let it = &*(iter.as_ptr() as *const PyTupleIter);
    let tuple = it.it_seq.as_raw() as *const PyTuple;
    let i = it.it_index.get() as usize;
    if tuple.is_null() || i >= (*tuple).len() {
        if !tuple.is_null() {
            it.it_seq.clear();
        }
        dispatch!(ip.add(2 + oparg + 1), sp, frame, ts)
    }
    it.it_index.set(i as isize + 1);
    push!(sp, StackRef::new_ref((*tuple).get(i)));
    next!(ip, sp, frame, ts)
});
op!(FOR_ITER_RANGE(ip, sp, frame, ts, oparg) {
    let iter = peek!(sp, 1);
    if !iter.get().is_type(&PyRangeIter_Type) {
        goto!(FOR_ITER, ip, sp, frame, ts, oparg)
    }
    let it = &*(iter.as_ptr() as *const PyRangeIter);
    if it.len.get() <= 0 {
        dispatch!(ip.add(2 + oparg + 1), sp, frame, ts)
    }
    let v = it.start.get();
    it.start.set(v.wrapping_add(it.step.get()));
    it.len.set(it.len.get() - 1);
    let item = raw(PyLong::from_i64(Python::assume(), v));
    if item.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(item));
    next!(ip, sp, frame, ts)
});
op!(FOR_ITER_GEN(ip, sp, frame, ts, oparg) {
    let iter = peek!(sp, 1);
    if !iter.get().is_type(&PyGen_Type) || oparg > 60_000 {
        goto!(FOR_ITER, ip, sp, frame, ts, oparg)
    }
    let generator = &*(iter.as_ptr() as *const PyGenerator);
    if generator.frame_state.get() >= state::EXECUTING || ts.py_recursion_remaining.get() <= 1 {
        goto!(FOR_ITER, ip, sp, frame, ts, oparg)
    }
    // Its return value goes to the END_FOR, which drops it.
    enter_generator!(generator, StackRef::none(), ip, sp, frame, ts, 2 + oparg)
});

op!(END_FOR(ip, sp, frame, ts, oparg) {
    let v = peek!(sp, 1);
    sp = sp.sub(1);
    close_next!(v; ip, sp, frame, ts)
});
op!(POP_ITER(ip, sp, frame, ts, oparg) {
    let v = peek!(sp, 1);
    sp = sp.sub(1);
    close_next!(v; ip, sp, frame, ts)
});

op!(UNPACK_SEQUENCE(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::iter::unpack_sequence(ip, sp, oparg));
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let seq = peek!(sp, 1);
    sp = sp.sub(1);
    let ok = unpack(Python::assume(), seq, oparg, -1, sp.add(oparg)).is_ok();
    seq.close();
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    sp = sp.add(oparg);
    next!(ip, sp, frame, ts)
});
op!(UNPACK_EX(ip, sp, frame, ts, oparg) {
    // Low byte: targets before the starred one; the rest: targets behind it.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let seq = peek!(sp, 1);
    sp = sp.sub(1);
    let n = (oparg & 0xff) + 1 + (oparg >> 8);
    let ok = unpack(Python::assume(), seq, oparg & 0xff, (oparg >> 8) as isize, sp.add(n)).is_ok();
    seq.close();
    if !ok {
        throw!(ip, sp, frame, ts)
    }
    sp = sp.add(n);
    next!(ip, sp, frame, ts)
});

/// Unpacks into the slots below `top`, first item uppermost. `after` < 0: exactly `before` items; else `before`, a list of
/// the middle ones, and `after` more.
#[inline(never)]
unsafe fn unpack(py: Python, seq: StackRef, before: usize, after: isize, top: crate::eval::Sp) -> PyResult<()> {
    // SAFETY: a live reference; there is room for the items.
    unsafe {
        let obj = seq.get();
        let iter = match obj.iter(py) {
            Ok(i) => i,
            Err(raised) => {
                if err::matches(py, exceptions::TypeError())
                    && obj.ty().tp_iter.get().is_none()
                    && !taipan_object::abstracts::sequence::check(obj)
                {
                    err::clear(py);
                    return Err(raise!(py, TypeError, "cannot unpack non-iterable {} object", obj.ty().name()));
                }
                return Err(raised);
            }
        };
        let mut items: Vec<Py> = Vec::with_capacity(before);
        while items.len() < before {
            match iter.iter_next(py)? {
                Some(v) => items.push(v),
                None => {
                    let got = items.len();
                    return Err(if after < 0 {
                        raise!(py, ValueError, "not enough values to unpack (expected {before}, got {got})")
                    } else {
                        raise!(
                            py,
                            ValueError,
                            "not enough values to unpack (expected at least {}, got {got})",
                            before + after as usize
                        )
                    });
                }
            }
        }
        if after < 0 {
            if iter.iter_next(py)?.is_some() {
                // The length, where it is known without running code, makes the message more helpful.
                let known = if obj.is_type(&PyList_Type)
                    || obj.is_type(&PyTuple_Type)
                    || obj.is_type(&taipan_object::types::dict::PyDict_Type)
                {
                    Some(obj.len(py)?)
                } else {
                    None
                };
                return Err(match known {
                    Some(n) if n as usize > before => {
                        raise!(py, ValueError, "too many values to unpack (expected {before}, got {n})")
                    }
                    _ => raise!(py, ValueError, "too many values to unpack (expected {before})"),
                });
            }
            for (i, v) in items.into_iter().enumerate() {
                *top.sub(1 + i) = StackRef::from_owned(v);
            }
            return Ok(());
        }
        let after = after as usize;
        let mut rest: Vec<Py> = Vec::new();
        while let Some(v) = iter.iter_next(py)? {
            rest.push(v);
        }
        if rest.len() < after {
            return Err(raise!(
                py,
                ValueError,
                "not enough values to unpack (expected at least {}, got {})",
                before + after,
                before + rest.len()
            ));
        }
        let tail = rest.split_off(rest.len() - after);
        let middle = PyList::from_vec(py, rest)?;
        let mut at = top;
        for v in items.into_iter().chain(core::iter::once(middle.into_object())).chain(tail) {
            at = at.sub(1);
            *at = StackRef::from_owned(v);
        }
        Ok(())
    }
}

op!(UNPACK_SEQUENCE_TWO_TUPLE(ip, sp, frame, ts, oparg) {
    let seq = peek!(sp, 1);
    if !seq.get().is_type(&PyTuple_Type) || (*(seq.as_ptr() as *const PyTuple)).len() != 2 || oparg != 2 {
        goto!(UNPACK_SEQUENCE, ip, sp, frame, ts, oparg)
    }
    let t = &*(seq.as_ptr() as *const PyTuple);
    peek!(sp, 1) = StackRef::new_ref(t.get(1));
    push!(sp, StackRef::new_ref(t.get(0)));
    close_next!(seq; ip, sp, frame, ts)
});
op!(UNPACK_SEQUENCE_TUPLE(ip, sp, frame, ts, oparg) {
    let seq = peek!(sp, 1);
    if !seq.get().is_type(&PyTuple_Type) || (*(seq.as_ptr() as *const PyTuple)).len() != oparg {
        goto!(UNPACK_SEQUENCE, ip, sp, frame, ts, oparg)
    }
    let t = &*(seq.as_ptr() as *const PyTuple);
    sp = sp.sub(1);
    let mut i = oparg;
    while i > 0 {
        i -= 1;
        push!(sp, StackRef::new_ref(t.get(i)));
    }
    close_next!(seq; ip, sp, frame, ts)
});
op!(UNPACK_SEQUENCE_LIST(ip, sp, frame, ts, oparg) {
    let seq = peek!(sp, 1);
    if !seq.get().is_type(&PyList_Type) || (*(seq.as_ptr() as *const PyList)).len() != oparg {
        goto!(UNPACK_SEQUENCE, ip, sp, frame, ts, oparg)
    }
    let l = &*(seq.as_ptr() as *const PyList);
    sp = sp.sub(1);
    let mut i = oparg;
    while i > 0 {
        i -= 1;
        push!(sp, StackRef::new_ref(&**l.items_ptr().add(i)));
    }
    close_next!(seq; ip, sp, frame, ts)
});
