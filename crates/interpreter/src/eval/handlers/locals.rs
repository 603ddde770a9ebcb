//! Locals, cells, constants and the stack itself.

use crate::eval::Opcode;
use crate::{close_next, goto, local, next, op, peek, pop, push, throw};
use taipan_object::types::cell::PyCell;
use taipan_object::types::frame::StackRef;
use taipan_object::types::int::small_int;
use taipan_object::{PyObject, PyResult, Python, Raised, raise};

op!(NOP(ip, sp, frame, ts, oparg) { next!(ip, sp, frame, ts) });
op!(NOT_TAKEN(ip, sp, frame, ts, oparg) { next!(ip, sp, frame, ts) });
op!(CACHE(ip, sp, frame, ts, oparg) { goto!(super::unknown_opcode, ip, sp, frame, ts, oparg) });
op!(RESERVED(ip, sp, frame, ts, oparg) { goto!(super::unknown_opcode, ip, sp, frame, ts, oparg) });

op!(EXTENDED_ARG(ip, sp, frame, ts, oparg) {
    let ip = ip.add(1);
    let oparg = (oparg << 8) | (*ip).arg as usize;
    goto!(crate::eval::dispatch::handler_at(ip), ip, sp, frame, ts, oparg)
});

op!(POP_TOP(ip, sp, frame, ts, oparg) {
    let v = pop!(sp);
    close_next!(v; ip, sp, frame, ts)
});
op!(PUSH_NULL(ip, sp, frame, ts, oparg) {
    push!(sp, StackRef::NULL);
    next!(ip, sp, frame, ts)
});
op!(COPY(ip, sp, frame, ts, oparg) {
    push!(sp, peek!(sp, oparg).dup());
    next!(ip, sp, frame, ts)
});
op!(SWAP(ip, sp, frame, ts, oparg) {
    core::ptr::swap(sp.sub(1), sp.sub(oparg));
    next!(ip, sp, frame, ts)
});

op!(LOAD_FAST(ip, sp, frame, ts, oparg) {
    push!(sp, local!(frame, oparg).dup());
    next!(ip, sp, frame, ts)
});
op!(LOAD_FAST_BORROW(ip, sp, frame, ts, oparg) {
    push!(sp, local!(frame, oparg).borrow());
    next!(ip, sp, frame, ts)
});
op!(LOAD_FAST_CHECK(ip, sp, frame, ts, oparg) {
    let v = local!(frame, oparg);
    if v.is_null() {
        let _ = unbound_local(Python::assume(), frame, oparg);
        throw!(ip, sp, frame, ts)
    }
    push!(sp, v.dup());
    next!(ip, sp, frame, ts)
});
op!(LOAD_FAST_AND_CLEAR(ip, sp, frame, ts, oparg) {
    push!(sp, local!(frame, oparg));
    local!(frame, oparg) = StackRef::NULL;
    next!(ip, sp, frame, ts)
});
op!(LOAD_FAST_LOAD_FAST(ip, sp, frame, ts, oparg) {
    push!(sp, local!(frame, oparg >> 4).dup());
    push!(sp, local!(frame, oparg & 15).dup());
    next!(ip, sp, frame, ts)
});
op!(LOAD_FAST_BORROW_LOAD_FAST_BORROW(ip, sp, frame, ts, oparg) {
    push!(sp, local!(frame, oparg >> 4).borrow());
    push!(sp, local!(frame, oparg & 15).borrow());
    next!(ip, sp, frame, ts)
});
op!(STORE_FAST(ip, sp, frame, ts, oparg) {
    let v = pop!(sp);
    let old = local!(frame, oparg);
    local!(frame, oparg) = v;
    close_next!(old; ip, sp, frame, ts)
});
op!(STORE_FAST_LOAD_FAST(ip, sp, frame, ts, oparg) {
    let old = local!(frame, oparg >> 4);
    local!(frame, oparg >> 4) = peek!(sp, 1);
    peek!(sp, 1) = local!(frame, oparg & 15).dup();
    close_next!(old; ip, sp, frame, ts)
});
op!(STORE_FAST_STORE_FAST(ip, sp, frame, ts, oparg) {
    let first = pop!(sp);
    let second = pop!(sp);
    let old1 = local!(frame, oparg >> 4);
    local!(frame, oparg >> 4) = first;
    old1.xclose();
    let old2 = local!(frame, oparg & 15);
    local!(frame, oparg & 15) = second;
    close_next!(old2; ip, sp, frame, ts)
});
op!(DELETE_FAST(ip, sp, frame, ts, oparg) {
    let v = local!(frame, oparg);
    if v.is_null() {
        let _ = unbound_local(Python::assume(), frame, oparg);
        throw!(ip, sp, frame, ts)
    }
    local!(frame, oparg) = StackRef::NULL;
    close_next!(v; ip, sp, frame, ts)
});

op!(LOAD_CONST(ip, sp, frame, ts, oparg) {
    // Mortal constants get an instruction of their own, which need not look at the count's top bit; immortal ones too.
    let obj = const_at(frame, oparg);
    if crate::eval::specialize::may_rewrite(ip) {
        (*ip).op = if obj.is_immortal() { Opcode::LOAD_CONST_IMMORTAL } else { Opcode::LOAD_CONST_MORTAL } as u8;
    }
    push!(sp, StackRef::new_ref(obj));
    next!(ip, sp, frame, ts)
});
op!(LOAD_CONST_MORTAL(ip, sp, frame, ts, oparg) {
    let obj = const_at(frame, oparg);
    obj.incref();
    push!(sp, StackRef::steal_mortal(obj.as_ptr()));
    next!(ip, sp, frame, ts)
});
op!(LOAD_CONST_IMMORTAL(ip, sp, frame, ts, oparg) {
    push!(sp, StackRef::borrowed(const_at(frame, oparg)));
    next!(ip, sp, frame, ts)
});
op!(LOAD_SMALL_INT(ip, sp, frame, ts, oparg) {
    // The table of small ints reaches to 256, an unprefixed argument to 255.
    let v = small_int(oparg as i64);
    push!(sp, v.map_or(StackRef::NULL, |v| StackRef::borrowed(v as *const _ as *const PyObject)));
    next!(ip, sp, frame, ts)
});

op!(MAKE_CELL(ip, sp, frame, ts, oparg) {
    // The parameter that the cell is for, if it is one, moves into it.
    let initial = local!(frame, oparg);
    local!(frame, oparg) = StackRef::NULL;
    let cell = make_cell(Python::assume(), initial);
    if cell.is_null() {
        throw!(ip, sp, frame, ts)
    }
    local!(frame, oparg) = cell;
    next!(ip, sp, frame, ts)
});
op!(COPY_FREE_VARS(ip, sp, frame, ts, oparg) {
    let closure = &*frame.function().func_closure.as_raw();
    let base = frame.locals_ptr().add(frame.code().co_nlocalsplus.get() as usize - oparg);
    let mut i = 0;
    while i < oparg {
        *base.add(i) = StackRef::new_ref(closure.get(i));
        i += 1;
    }
    next!(ip, sp, frame, ts)
});
op!(LOAD_DEREF(ip, sp, frame, ts, oparg) {
    let v = cell_value(cell_at(frame, oparg));
    if v.is_null() {
        let _ = unbound_deref(Python::assume(), frame, oparg);
        throw!(ip, sp, frame, ts)
    }
    push!(sp, v);
    next!(ip, sp, frame, ts)
});
op!(STORE_DEREF(ip, sp, frame, ts, oparg) {
    let v = pop!(sp);
    let old = set_cell(cell_at(frame, oparg), v.into_py().into_raw());
    close_next!(old; ip, sp, frame, ts)
});
op!(DELETE_DEREF(ip, sp, frame, ts, oparg) {
    let old = set_cell(cell_at(frame, oparg), core::ptr::null_mut());
    if old.is_null() {
        let _ = unbound_deref(Python::assume(), frame, oparg);
        throw!(ip, sp, frame, ts)
    }
    close_next!(old; ip, sp, frame, ts)
});
op!(LOAD_FROM_DICT_OR_DEREF(ip, sp, frame, ts, oparg) {
    let class_dict = pop!(sp);
    let r = from_dict_or_deref(Python::assume(), frame, oparg, class_dict);
    if r.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, r);
    next!(ip, sp, frame, ts)
});

#[inline(always)]
unsafe fn const_at(frame: crate::eval::Frame, i: usize) -> &'static PyObject {
    // SAFETY: the operand was verified; constants live as long as the code.
    unsafe { &*((*frame.code().co_consts.as_raw()).get(i) as *const PyObject) }
}

#[inline(always)]
unsafe fn cell_at(frame: crate::eval::Frame, i: usize) -> &'static PyCell {
    // SAFETY: MAKE_CELL or COPY_FREE_VARS has put a cell there.
    unsafe { &*(local!(frame, i).as_ptr() as *const PyCell) }
}

/// A new reference to what the cell holds, or null.
#[inline(always)]
unsafe fn cell_value(cell: &PyCell) -> StackRef {
    // SAFETY: the cell owns what it points to.
    unsafe {
        match cell.slot().as_raw().as_ref() {
            Some(v) => StackRef::new_ref(v),
            None => StackRef::NULL,
        }
    }
}

/// Puts an owned reference (or null) into the cell and gives the old one.
#[inline(always)]
unsafe fn set_cell(cell: &PyCell, new: *mut PyObject) -> StackRef {
    // SAFETY: ownership moves both ways.
    unsafe {
        match cell.replace(taipan_object::Py::from_owned_nullable(new)) {
            Some(old) => StackRef::from_owned(old),
            None => StackRef::NULL,
        }
    }
}

#[inline(never)]
unsafe fn make_cell(py: Python, initial: StackRef) -> StackRef {
    // SAFETY: the reference is moved into the cell.
    let value = if initial.is_null() { None } else { Some(unsafe { initial.into_py() }) };
    match PyCell::new(py, value) {
        Ok(c) => StackRef::from_owned(c),
        Err(_) => StackRef::NULL,
    }
}

/// The name of slot `i`.
unsafe fn slot_name(frame: crate::eval::Frame, i: usize) -> String {
    // SAFETY: names are strings, one for each slot.
    unsafe { (*frame.code().co_localsplusnames.as_raw()).get(i) }
        .downcast::<taipan_object::PyStr>()
        .map_or_else(|| "?".into(), |s| s.to_string())
}

#[cold]
#[inline(never)]
unsafe fn unbound_local(py: Python, frame: crate::eval::Frame, i: usize) -> Raised {
    // SAFETY: by the caller.
    let name = unsafe { slot_name(frame, i) };
    raise!(py, UnboundLocalError, "cannot access local variable '{name}' where it is not associated with a value")
}

#[cold]
#[inline(never)]
pub(super) unsafe fn unbound_deref(py: Python, frame: crate::eval::Frame, i: usize) -> Raised {
    // SAFETY: by the caller.
    unsafe {
        let code = frame.code();
        let first_free = (code.co_nlocalsplus.get() - code.co_nfreevars.get()) as usize;
        if i < first_free {
            return unbound_local(py, frame, i);
        }
        let name = slot_name(frame, i);
        raise!(
            py,
            NameError,
            "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
        )
    }
}

#[inline(never)]
unsafe fn from_dict_or_deref(py: Python, frame: crate::eval::Frame, i: usize, class_dict: StackRef) -> StackRef {
    // SAFETY: the operands are an object and a cell slot.
    unsafe {
        let names = &*frame.code().co_localsplusnames.as_raw();
        let found = taipan_object::abstracts::mapping::get_optional_item(py, class_dict.get(), names.get(i));
        class_dict.close();
        let result: PyResult<StackRef> = match found {
            Ok(Some(v)) => Ok(StackRef::from_owned(v)),
            Ok(None) => {
                let v = cell_value(cell_at(frame, i));
                if v.is_null() { Err(unbound_deref(py, frame, i)) } else { Ok(v) }
            }
            Err(raised) => Err(raised),
        };
        result.unwrap_or(StackRef::NULL)
    }
}
