//! Generators, coroutines and asynchronous iteration.

use crate::eval::specialize::{self, adaptive};
use crate::{close_next, dispatch, goto, next, op, peek, pop, push, throw};
use core::ptr::{null, null_mut};
use taipan_object::types::frame::{InterpreterFrame, StackRef};
use taipan_object::types::generator::{PyCoro_Type, PyGen_Type, PyGenerator, state};
use taipan_object::{Py, PyObject, PyResult, Python, err, exceptions, raise};

op!(YIELD_VALUE(ip, sp, frame, ts, oparg) {
    let value = peek!(sp, 1).heap_safe();
    sp = sp.sub(1);
    // oparg 1: the frame is suspended in a `yield from` or `await`.
    let generator = crate::eval::frames::generator_of(frame);
    generator.frame_state.set(state::SUSPENDED + oparg as i8);
    frame.instr_ptr.set(ip.add(1));
    frame.stackpointer.set(sp);
    ts.exc_info.set(generator.exc_state.previous_item.replace(null()));
    ts.py_recursion_remaining.set(ts.py_recursion_remaining.get() + 1);
    let caller: crate::eval::Frame = &*frame.previous.replace(null_mut());
    ts.current_frame.set(caller as *const _ as *mut _);
    let mut sp = caller.stackpointer.get();
    push!(sp, value);
    // Behind a SEND or FOR_ITER with its one cache unit, or in the entry frame.
    dispatch!(caller.instr_ptr.get().add(2), sp, caller, ts)
});

/// Enters the suspended generator, pushing `$value`; its yield goes on behind the current instruction, its return at
/// `$return_units` from it.
#[macro_export]
macro_rules! enter_generator {
    ($gen:expr, $value:expr, $ip:expr, $sp:expr, $frame:expr, $ts:expr, $return_units:expr) => {{
        let gen_: &taipan_object::types::generator::PyGenerator = $gen;
        let new_: $crate::eval::Frame = &*(&raw const gen_.iframe);
        let mut top_ = new_.stackpointer.get();
        *top_ = $value;
        top_ = top_.add(1);
        gen_.frame_state.set(taipan_object::types::generator::state::EXECUTING);
        gen_.exc_state.previous_item.set($ts.exc_info.get());
        $ts.exc_info.set(&raw const gen_.exc_state);
        $frame.instr_ptr.set($ip);
        $frame.stackpointer.set($sp);
        $frame.return_offset.set($return_units as u16);
        new_.previous.set($frame as *const _ as *mut _);
        $ts.py_recursion_remaining.set($ts.py_recursion_remaining.get() - 1);
        $ts.current_frame.set(new_ as *const _ as *mut _);
        $crate::dispatch!(new_.instr_ptr.get(), top_, new_, $ts)
    }};
}

op!(SEND(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::iter::send(Python::assume(), ip, sp, oparg));
    // Stack: the receiver, the value to send.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let receiver = peek!(sp, 2);
    let value = peek!(sp, 1);
    let result = send(Python::assume(), receiver, value);
    value.close();
    sp = sp.sub(1);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    if result_returned() {
        dispatch!(ip.add(2 + oparg), sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

thread_local! {
    /// Whether the last [`send`] ended its receiver. A cell, so that the handler passes no address of a local.
    static RETURNED: core::cell::Cell<bool> = const { core::cell::Cell::new(false) };
}
#[inline(always)]
fn result_returned() -> bool {
    RETURNED.get()
}

/// Sends `value` to `receiver`. Null if that raised; else [`result_returned`] says whether the receiver is finished.
#[inline(never)]
unsafe fn send(py: Python, receiver: StackRef, value: StackRef) -> *mut PyObject {
    // SAFETY: live references.
    let (receiver, value) = unsafe { (receiver.get(), value.get()) };
    match iter_send(py, receiver, value) {
        Ok(taipan_object::declare::Send::Next(v)) => {
            RETURNED.set(false);
            v.into_raw()
        }
        Ok(taipan_object::declare::Send::Return(v)) => {
            RETURNED.set(true);
            v.into_raw()
        }
        Err(_) => null_mut(),
    }
}

/// `PyIter_Send`: through `am_send`, `__next__` for None, or the method `send`; a StopIteration is the end.
fn iter_send(py: Python, receiver: &PyObject, value: &PyObject) -> PyResult<taipan_object::declare::Send> {
    use taipan_object::declare::Send;
    use taipan_object::typeobj::{PYGEN_NEXT, PYGEN_RETURN};
    if let Some(f) = receiver.ty().as_async().and_then(|a| a.am_send.get()) {
        let mut result = null_mut();
        // SAFETY: a slot of the object's own type; it gives an owned reference or raises.
        return unsafe {
            match f(receiver.as_ptr(), value.as_ptr(), &raw mut result) {
                PYGEN_NEXT => Ok(Send::Next(Py::from_owned(result))),
                PYGEN_RETURN => Ok(Send::Return(Py::from_owned(result))),
                _ => Err(taipan_object::Raised::assume()),
            }
        };
    }
    let result = match receiver.ty().tp_iternext.get() {
        Some(_) if value.is_none() => match receiver.iter_next(py) {
            Ok(Some(v)) => return Ok(Send::Next(v)),
            Ok(None) => return Ok(Send::Return(py.none())),
            Err(raised) => Err(raised),
        },
        _ => receiver.call_method(py, taipan_object::id!(py, "send"), &[value]),
    };
    match result {
        Ok(v) => Ok(Send::Next(v)),
        Err(raised) => {
            if err::matches(py, exceptions::StopIteration()) {
                if let Some(exc) = err::take(py) {
                    return Ok(Send::Return(exceptions::stop_iteration_value(&exc)));
                }
            }
            Err(raised)
        }
    }
}

op!(SEND_GEN(ip, sp, frame, ts, oparg) {
    let receiver = peek!(sp, 2);
    let obj = receiver.get();
    if !(obj.is_type(&PyGen_Type) || obj.is_type(&PyCoro_Type)) || oparg > 60_000 {
        goto!(SEND, ip, sp, frame, ts, oparg)
    }
    let generator = &*(receiver.as_ptr() as *const PyGenerator);
    if generator.frame_state.get() >= state::EXECUTING || ts.py_recursion_remaining.get() <= 1 {
        goto!(SEND, ip, sp, frame, ts, oparg)
    }
    let value = pop!(sp).heap_safe();
    enter_generator!(generator, value, ip, sp, frame, ts, 2 + oparg)
});

op!(END_SEND(ip, sp, frame, ts, oparg) {
    // Stack: the receiver, the result.
    let receiver = peek!(sp, 2);
    peek!(sp, 2) = peek!(sp, 1);
    sp = sp.sub(1);
    close_next!(receiver; ip, sp, frame, ts)
});

op!(CLEANUP_THROW(ip, sp, frame, ts, oparg) {
    // Stack: the sub-iterator, the last sent value, the exception. A StopIteration gives its value.
    frame.instr_ptr.set(ip);
    let exc = peek!(sp, 1);
    let py = Python::assume();
    if !exc.get().ty().is_subtype(exceptions::StopIteration()) {
        // The exception goes on as it is: the stack is left to the unwinder, which drops it.
        let _ = err::restore(py, exc.into_py());
        sp = sp.sub(1);
        goto!(crate::eval::unwind::exception_reraised, ip, sp, frame, ts, 0)
    }
    let value = stop_iteration_value(exc);
    super::calls::close_all(sp.sub(3), 3);
    sp = sp.sub(3);
    push!(sp, StackRef::none());
    push!(sp, value);
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn stop_iteration_value(exc: StackRef) -> StackRef {
    // SAFETY: an instance of StopIteration.
    unsafe { StackRef::from_owned(exceptions::stop_iteration_value(exc.get())) }
}

/// Replaces the top of the stack by what `$f` makes of it.
macro_rules! unary {
    ($(#[$m:meta])* $name:ident, $f:path) => {
        op!($(#[$m])* $name(ip, sp, frame, ts, oparg) {
            frame.instr_ptr.set(ip);
            frame.stackpointer.set(sp);
            let v = peek!(sp, 1);
            let result = super::calls::raw($f(Python::assume(), v.get(), oparg, frame));
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

unary!(GET_AITER, get_aiter);
unary!(GET_AWAITABLE, get_awaitable);

#[inline(never)]
fn get_aiter(py: Python, obj: &PyObject, _oparg: usize, _frame: &InterpreterFrame) -> PyResult {
    let Some(f) = obj.ty().as_async().and_then(|a| a.am_aiter.get()) else {
        return Err(raise!(
            py,
            TypeError,
            "'async for' requires an object with __aiter__ method, got {}",
            obj.ty().name()
        ));
    };
    // SAFETY: a slot of the object's own type.
    let iter: Py = unsafe { Py::from_owned_or_raised(f(obj.as_ptr()))? };
    if iter.ty().as_async().and_then(|a| a.am_anext.get()).is_none() {
        return Err(raise!(
            py,
            TypeError,
            "'async for' received an object from __aiter__ that does not implement __anext__: {}",
            iter.ty().name()
        ));
    }
    Ok(iter)
}

#[inline(never)]
fn get_awaitable(py: Python, obj: &PyObject, oparg: usize, _frame: &InterpreterFrame) -> PyResult {
    let iter = match taipan_object::types::generator::awaitable_iter(py, obj) {
        Ok(i) => i,
        Err(raised) => {
            // Inside `async with` the message says which method misbehaved.
            let ty = obj.ty();
            if ty.as_async().and_then(|a| a.am_await.get()).is_none() {
                let what = match oparg {
                    1 => Some("__aenter__"),
                    2 => Some("__aexit__"),
                    _ => None,
                };
                if let Some(method) = what {
                    return Err(raise!(
                        py,
                        TypeError,
                        "'async with' received an object from {method} that does not implement __await__: {}",
                        ty.name()
                    ));
                }
            }
            return Err(raised);
        }
    };
    if iter.is_type(&PyCoro_Type) {
        // SAFETY: just checked.
        let coro = unsafe { &*(iter.as_raw() as *const PyGenerator) };
        if coro.frame_state.get() == state::SUSPENDED_YIELD_FROM {
            return Err(raise!(py, RuntimeError, "coroutine is being awaited already"));
        }
    }
    Ok(iter)
}

op!(GET_ANEXT(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = super::calls::raw(get_anext(Python::assume(), peek!(sp, 1)));
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn get_anext(py: Python, aiter: StackRef) -> PyResult {
    // SAFETY: a live reference.
    let obj = unsafe { aiter.get() };
    let Some(f) = obj.ty().as_async().and_then(|a| a.am_anext.get()) else {
        return Err(raise!(
            py,
            TypeError,
            "'async for' requires an iterator with __anext__ method, got {}",
            obj.ty().name()
        ));
    };
    // SAFETY: a slot of the object's own type.
    let next: Py = unsafe { Py::from_owned_or_raised(f(obj.as_ptr()))? };
    if taipan_object::types::generator::is_async_gen_exact(obj) {
        return Ok(next);
    }
    match taipan_object::types::generator::awaitable_iter(py, &next) {
        Ok(i) => Ok(i),
        Err(_) => Err(err::raise_from_cause(
            py,
            exceptions::TypeError(),
            &format!("'async for' received an invalid object from __anext__: {}", next.ty().name()),
        )),
    }
}

op!(GET_YIELD_FROM_ITER(ip, sp, frame, ts, oparg) {
    let v = peek!(sp, 1);
    if v.get().is_type(&PyGen_Type) {
        next!(ip, sp, frame, ts)
    }
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = super::calls::raw(yield_from_iter(Python::assume(), v, frame));
    v.close();
    sp = sp.sub(1);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn yield_from_iter(py: Python, v: StackRef, frame: &InterpreterFrame) -> PyResult {
    // SAFETY: a live reference.
    let obj = unsafe { v.get() };
    if obj.is_type(&PyCoro_Type) {
        const CO_ANY_COROUTINE: i32 = 0x80 | 0x100;
        if frame.code().co_flags.get() & CO_ANY_COROUTINE == 0 {
            return Err(raise!(py, TypeError, "cannot 'yield from' a coroutine object in a non-coroutine generator"));
        }
        return Ok(Py::new_ref(obj));
    }
    obj.iter(py)
}

op!(END_ASYNC_FOR(ip, sp, frame, ts, oparg) {
    // Stack: the asynchronous iterator, the exception that ended it.
    let exc = peek!(sp, 1);
    if exc.get().ty().is_subtype(exceptions::StopAsyncIteration()) {
        super::calls::close_all(sp.sub(2), 2);
        sp = sp.sub(2);
        next!(ip, sp, frame, ts)
    }
    let _ = err::restore(Python::assume(), exc.into_py());
    sp = sp.sub(1);
    // Shown at the iteration, not here: the unwinder reports the place that raised.
    frame.instr_ptr.set(ip);
    goto!(crate::eval::unwind::exception_reraised, ip, sp, frame, ts, 0)
});

/// Runs a suspended generator from native code; see `Hooks::resume`.
pub fn resume(
    py: Python,
    generator: &PyGenerator,
    how: taipan_object::runtime::hooks::Resume<'_>,
) -> PyResult<taipan_object::runtime::hooks::Resumed> {
    use taipan_object::runtime::hooks::{Resume, Resumed};
    let ts = py.tstate();
    let frame = &generator.iframe;
    let throw = match how {
        Resume::Send(v) => {
            // SAFETY: a suspended frame has room for the value sent.
            unsafe {
                *frame.stackpointer.get() = StackRef::new_ref(v);
                frame.stackpointer.set(frame.stackpointer.get().add(1));
            }
            false
        }
        Resume::Throw => true,
    };
    let previous = ts.exc_info.get();
    generator.exc_state.previous_item.set(previous);
    ts.exc_info.set(&raw const generator.exc_state);
    generator.frame_state.set(state::EXECUTING);
    let hold = Py::new_ref(generator);
    // SAFETY: the frame is whole and suspended.
    let result = unsafe { crate::eval::run(py, frame, throw) };
    let suspended = hold.frame_state.get() < state::EXECUTING;
    if hold.frame_state.get() == state::EXECUTING {
        // Refused before it began (recursion limit): it stays unstarted or suspended nowhere; it is finished.
        ts.exc_info.set(previous);
        generator.exc_state.previous_item.set(null());
        hold.frame_state.set(state::COMPLETED);
    }
    match result {
        Ok(v) if suspended => Ok(Resumed::Yielded(v)),
        Ok(v) => Ok(Resumed::Returned(v)),
        Err(raised) => Err(raised),
    }
}
