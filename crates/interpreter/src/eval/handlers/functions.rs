//! Making functions, returning from them, and the intrinsics.

use crate::eval::{frames, set_result};
use crate::{dispatch, goto, leave, next, op, peek, pop, push, throw};
use core::ptr::null_mut;
use taipan_object::types::frame::{InterpreterFrame, OWNED_BY_THREAD, StackRef};
use taipan_object::{Py, PyFunction, PyObject, PyTuple, Python};

op!(RETURN_VALUE(ip, sp, frame, ts, oparg) {
    let value = peek!(sp, 1).heap_safe();
    sp = sp.sub(1);
    frame.stackpointer.set(sp);
    let caller: crate::eval::Frame = &*frame.previous.get();
    ts.current_frame.set(frame.previous.get());
    if frame.owner.get() == OWNED_BY_THREAD {
        frames::end_thread_frame(Python::assume(), ts, frame);
    } else {
        frames::end_generator_frame(Python::assume(), ts, frame);
    }
    let mut sp = caller.stackpointer.get();
    push!(sp, value);
    dispatch!(caller.instr_ptr.get().add(caller.return_offset.get() as usize), sp, caller, ts)
});

op!(INTERPRETER_EXIT(ip, sp, frame, ts, oparg) {
    let value = pop!(sp);
    set_result(value.heap_safe());
    leave!(ip, sp, frame)
});

op!(MAKE_FUNCTION(ip, sp, frame, ts, oparg) {
    let code = peek!(sp, 1);
    frame.instr_ptr.set(ip);
    let f = make_function(Python::assume(), code, frame);
    code.close();
    sp = sp.sub(1);
    if f.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal_mortal(f));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn make_function(py: Python, code: StackRef, frame: &InterpreterFrame) -> *mut PyObject {
    // SAFETY: the compiler puts a code object there.
    let code = unsafe { &*(code.as_ptr() as *const taipan_object::PyCode) };
    super::calls::raw(crate::function::new(py, code, frame.globals()))
}

op!(SET_FUNCTION_ATTRIBUTE(ip, sp, frame, ts, oparg) {
    // Stack: the value, the function on top.
    let func = pop!(sp);
    let value = pop!(sp).into_py();
    set_attribute(&*(func.as_ptr() as *const PyFunction), oparg, value);
    push!(sp, func);
    next!(ip, sp, frame, ts)
});

/// Stores what the flag says; the field is empty in a function just made.
#[inline(never)]
unsafe fn set_attribute(func: &PyFunction, flag: usize, value: Py<PyObject>) {
    // SAFETY: the compiler builds values of the right types.
    unsafe {
        match flag {
            1 => func.func_defaults.set(Some(value.cast_unchecked::<PyTuple>())),
            2 => func.func_kwdefaults.set(Some(value.cast_unchecked())),
            4 => func.func_annotations.set(Some(value)),
            8 => func.func_closure.set(Some(value.cast_unchecked::<PyTuple>())),
            16 => func.func_annotate.set(Some(value)),
            _ => drop(value),
        }
    }
}

op!(CALL_INTRINSIC_1(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let arg = peek!(sp, 1);
    let result = crate::intrinsics::call_1(Python::assume(), oparg, arg.get());
    arg.close();
    sp = sp.sub(1);
    let result = super::calls::raw(result);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

op!(CALL_INTRINSIC_2(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let (a, b) = (peek!(sp, 2), peek!(sp, 1));
    let result = crate::intrinsics::call_2(Python::assume(), oparg, a.get(), b.get());
    a.close();
    b.close();
    sp = sp.sub(2);
    let result = super::calls::raw(result);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

op!(SETUP_ANNOTATIONS(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    if crate::intrinsics::setup_annotations(Python::assume(), frame).is_err() {
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

op!(LOAD_LOCALS(ip, sp, frame, ts, oparg) {
    let locals = frame.f_locals.get();
    if locals.is_null() {
        let _ = taipan_object::raise!(Python::assume(), SystemError, "no locals found");
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::new_ref(&*locals));
    next!(ip, sp, frame, ts)
});

op!(LOAD_COMMON_CONSTANT(ip, sp, frame, ts, oparg) {
    push!(sp, StackRef::new_ref(crate::intrinsics::common_constant(Python::assume(), oparg)));
    next!(ip, sp, frame, ts)
});

op!(LOAD_BUILD_CLASS(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    let result = super::calls::raw(crate::intrinsics::load_build_class(Python::assume(), frame));
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

op!(RETURN_GENERATOR(ip, sp, frame, ts, oparg) {
    // The frame moves into a new generator, which is what the call gives.
    frame.instr_ptr.set(ip.add(1));
    frame.stackpointer.set(sp);
    let generator = crate::generator::from_frame(Python::assume(), frame);
    if generator.is_null() {
        throw!(ip, sp, frame, ts)
    }
    let caller: crate::eval::Frame = &*frame.previous.get();
    ts.current_frame.set(frame.previous.get());
    ts.py_recursion_remaining.set(ts.py_recursion_remaining.get() + 1);
    crate::eval::datastack::pop(ts, frame);
    let mut sp = caller.stackpointer.get();
    push!(sp, StackRef::steal_mortal(generator));
    dispatch!(caller.instr_ptr.get().add(caller.return_offset.get() as usize), sp, caller, ts)
});

op!(BUILD_INTERPOLATION(ip, sp, frame, ts, oparg) {
    goto!(super::build::build_interpolation, ip, sp, frame, ts, oparg)
});
