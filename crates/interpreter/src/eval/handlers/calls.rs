//! Calls. The stack holds the callable, `self` (or null), then the arguments.
//!
//! A call of a Python function pushes a frame and goes on in it. Everything else goes through vectorcall.

use crate::eval::dispatch::{cache_u32, handler_at};
use crate::eval::specialize::{self, adaptive};
use crate::eval::{Flow, Frame, Ip, Sp, Ts, frames};
use crate::{dispatch, goto, next, op, peek, push, throw};
use core::ptr::null_mut;
use core::sync::atomic::Ordering::Relaxed;
use taipan_object::runtime::gil_lock::EVAL_EVENTS_MASK;
use taipan_object::typeobj::{PyCFunction, PyCFunctionFast, PyCFunctionFastWithKeywords, VECTORCALL_ARGUMENTS_OFFSET};
use taipan_object::types::builtin_function::{PyCFunction_Type, PyCFunctionObject};
use taipan_object::types::descr::{PyMethodDescr, PyMethodDescr_Type};
use taipan_object::types::frame::{InterpreterFrame, StackRef};
use taipan_object::types::function::PyFunction_Type;
use taipan_object::types::list::PyList;
use taipan_object::types::method::{PyMethod, PyMethod_Type};
use taipan_object::types::str_::PyUnicode_Type;
use taipan_object::types::tuple::PyTuple_Type;
use taipan_object::types::type_::PyType_Type;
use taipan_object::{Py, PyCode, PyDict, PyFunction, PyObject, PyResult, PyTuple, PyType, Python, Raised};

/// Goes on in a frame that was pushed for a call made by `$frame`, whose own state has been saved.
#[macro_export]
macro_rules! enter_frame {
    ($new:expr, $ts:expr) => {{
        let new_: $crate::eval::Frame = &*($new as *const taipan_object::types::frame::InterpreterFrame);
        $ts.current_frame.set(new_ as *const _ as *mut _);
        if !$crate::eval::frames::enter_recursion($ts) {
            $crate::goto!(
                $crate::eval::handlers::calls::recursion_limit,
                new_.instr_ptr.get(),
                new_.stackpointer.get(),
                new_,
                $ts,
                0
            )
        }
        $crate::dispatch!(new_.instr_ptr.get(), new_.stackpointer.get(), new_, $ts)
    }};
}

/// The frame just entered is one too many.
///
/// # Safety
/// A handler's contract.
#[cold]
pub unsafe fn recursion_limit(ip: Ip, sp: Sp, frame: Frame, ts: Ts, _oparg: usize) -> Flow {
    // SAFETY: by contract. The frame has not begun: it leaves no traceback entry of its own.
    unsafe {
        let _ = frames::recursion_error(Python::assume());
        goto!(crate::eval::unwind::leave_frame, ip, sp, frame, ts, 0)
    }
}

/// Saves the caller's state for a call made at `ip` whose result replaces everything above `sp`.
#[macro_export]
macro_rules! save_for_call {
    ($ip:expr, $sp:expr, $frame:expr, $units:expr) => {{
        $frame.instr_ptr.set($ip);
        $frame.stackpointer.set($sp);
        $frame.return_offset.set($units as u16);
    }};
}

/// After native code has run: pending events are looked at, then on to the next instruction.
macro_rules! next_after_call {
    ($ip:expr, $sp:expr, $frame:expr, $ts:expr) => {{
        if $ts.eval_breaker.load(Relaxed) & EVAL_EVENTS_MASK != 0 {
            goto!(events_then_next, $ip, $sp, $frame, $ts, CACHES)
        }
        next!($ip, $sp, $frame, $ts)
    }};
}

/// Handles pending events after the call at `ip`, then goes on.
///
/// # Safety
/// A handler's contract; `caches` is the number of the instruction's cache units.
#[cold]
pub unsafe fn events_then_next(ip: Ip, sp: Sp, frame: Frame, ts: Ts, caches: usize) -> Flow {
    // SAFETY: by contract.
    unsafe {
        frame.instr_ptr.set(ip);
        frame.stackpointer.set(sp);
        if crate::events::handle_pending(Python::assume(), ts).is_err() {
            throw!(ip, sp, frame, ts)
        }
        dispatch!(ip.add(1 + caches), sp, frame, ts)
    }
}

/// True if calling the object means running Python code in a frame of this loop.
#[inline(always)]
unsafe fn is_python_function(callable: StackRef) -> bool {
    // SAFETY: a live reference.
    unsafe {
        callable.get().is_type(&PyFunction_Type)
            && (*(callable.as_ptr() as *const PyFunction)).vectorcall.get().is_some_and(|f| {
                core::ptr::fn_addr_eq(f, frames::function_vectorcall as taipan_object::typeobj::vectorcallfunc)
            })
    }
}

op!(CALL(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::call::call(Python::assume(), ip, sp, oparg));
    goto!(call_general, ip, sp, frame, ts, oparg)
});

/// `CALL` without counting: what the specialised forms fall back to as well.
unsafe fn call_general(ip: Ip, sp: Sp, frame: Frame, ts: Ts, oparg: usize) -> Flow {
    const CACHES: usize = taipan_bytecode::Opcode::CALL.caches();
    // SAFETY: a handler's contract.
    unsafe {
        let mut sp = sp;
        frame.instr_ptr.set(ip);
        if peek!(sp, oparg + 1).is_null() && peek!(sp, oparg + 2).get().is_type(&PyMethod_Type) {
            unpack_method(sp, oparg);
        }
        let callable = peek!(sp, oparg + 2);
        let has_self = !peek!(sp, oparg + 1).is_null() as usize;
        let base = sp.sub(oparg + 2);
        if is_python_function(callable) {
            let args = sp.sub(oparg + has_self);
            save_for_call!(ip, base, frame, 1 + CACHES);
            let new = push_python_frame(callable, args, oparg + has_self, None, frame);
            if new.is_null() {
                throw!(ip, base, frame, ts)
            }
            enter_frame!(new, ts)
        }
        let result = call_native(Python::assume(), base, oparg, None);
        sp = base;
        if result.is_null() {
            throw!(ip, sp, frame, ts)
        }
        push!(sp, StackRef::steal(result));
        next_after_call!(ip, sp, frame, ts)
    }
}

/// Replaces a bound method and the null above it by its function and its self.
#[inline(never)]
unsafe fn unpack_method(sp: Sp, nargs: usize) {
    // SAFETY: the callable is a bound method, alive until closed here.
    unsafe {
        let method = peek!(sp, nargs + 2);
        let m = &*(method.as_ptr() as *const PyMethod);
        peek!(sp, nargs + 1) = StackRef::new_ref(m.receiver());
        peek!(sp, nargs + 2) = StackRef::new_ref(m.function());
        method.close();
    }
}

/// Pushes a frame for a Python function; null if that raised. Takes over callable and arguments.
#[inline(never)]
unsafe fn push_python_frame(
    callable: StackRef,
    args: *const StackRef,
    nargs: usize,
    kwnames: Option<&PyTuple>,
    frame: Frame,
) -> *mut InterpreterFrame {
    // SAFETY: by the caller.
    unsafe {
        let previous = frame as *const InterpreterFrame as *mut _;
        frames::push_and_init(Python::assume(), callable, null_mut(), args, nargs, kwnames, previous)
            .unwrap_or(null_mut())
    }
}

/// Words of arguments that are copied to the native stack; more go to the heap.
const SCRATCH: usize = 10;

/// Calls the object at `base[0]` with `base[1]` (self, or null) and `nargs` arguments behind it, the last ones named by
/// `kwnames`, by vectorcall. All of them are given back. Null if it raised.
#[inline(never)]
pub(super) unsafe fn call_native(py: Python, base: Sp, nargs: usize, kwnames: Option<&PyTuple>) -> *mut PyObject {
    // SAFETY: by the caller: `nargs + 2` references.
    unsafe {
        let callable = *base;
        let has_self = !(*base.add(1)).is_null() as usize;
        let total = nargs + has_self;
        let args = base.add(2 - has_self);
        let nkw = kwnames.map_or(0, |k| k.len());
        let mut scratch = [null_mut::<PyObject>(); SCRATCH + 1];
        let mut heap: Vec<*mut PyObject> = Vec::new();
        let words: *mut *mut PyObject = if total <= SCRATCH {
            scratch.as_mut_ptr()
        } else {
            heap.resize(total + 1, null_mut());
            heap.as_mut_ptr()
        };
        // The word in front is the callee's to use.
        for i in 0..total {
            *words.add(1 + i) = (*args.add(i)).as_ptr();
        }
        let result = callable.get().vectorcall(py, words.add(1), (total - nkw) | VECTORCALL_ARGUMENTS_OFFSET, kwnames);
        callable.close();
        (*base.add(1)).xclose();
        for i in 0..nargs {
            (*base.add(2 + i)).close();
        }
        match result {
            Ok(v) => v.into_raw(),
            Err(_) => null_mut(),
        }
    }
}

op!(CALL_KW(ip, sp, frame, ts, oparg) {
    adaptive!(ip, sp, frame, ts, oparg, specialize::call::call_kw(Python::assume(), ip, sp, oparg));
    goto!(call_kw_general, ip, sp, frame, ts, oparg)
});

/// `CALL_KW`: a tuple of names on top.
unsafe fn call_kw_general(ip: Ip, sp: Sp, frame: Frame, ts: Ts, oparg: usize) -> Flow {
    const CACHES: usize = taipan_bytecode::Opcode::CALL_KW.caches();
    // SAFETY: a handler's contract.
    unsafe {
        frame.instr_ptr.set(ip);
        let names = peek!(sp, 1);
        let mut sp = sp.sub(1);
        if peek!(sp, oparg + 1).is_null() && peek!(sp, oparg + 2).get().is_type(&PyMethod_Type) {
            unpack_method(sp, oparg);
        }
        let kwnames = &*(names.as_ptr() as *const PyTuple);
        let callable = peek!(sp, oparg + 2);
        let has_self = !peek!(sp, oparg + 1).is_null() as usize;
        let base = sp.sub(oparg + 2);
        if is_python_function(callable) {
            let args = sp.sub(oparg + has_self);
            save_for_call!(ip, base, frame, 1 + CACHES);
            let positional = oparg + has_self - kwnames.len();
            let new = push_python_frame(callable, args, positional, Some(kwnames), frame);
            names.close();
            if new.is_null() {
                throw!(ip, base, frame, ts)
            }
            enter_frame!(new, ts)
        }
        let result = call_native(Python::assume(), base, oparg, Some(kwnames));
        names.close();
        sp = base;
        if result.is_null() {
            throw!(ip, sp, frame, ts)
        }
        push!(sp, StackRef::steal(result));
        next_after_call!(ip, sp, frame, ts)
    }
}

op!(CALL_KW_PY(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, oparg + 3);
    if !callable.get().is_type(&PyFunction_Type)
        || (*(callable.as_ptr() as *const PyFunction)).func_version.get() != cache_u32(ip, 2)
    {
        goto!(CALL_KW, ip, sp, frame, ts, oparg)
    }
    goto!(call_kw_general, ip, sp, frame, ts, oparg)
});
op!(CALL_KW_BOUND_METHOD(ip, sp, frame, ts, oparg) {
    if !peek!(sp, oparg + 2).is_null() || !peek!(sp, oparg + 3).get().is_type(&PyMethod_Type) {
        goto!(CALL_KW, ip, sp, frame, ts, oparg)
    }
    goto!(call_kw_general, ip, sp, frame, ts, oparg)
});
op!(CALL_KW_NON_PY(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, oparg + 3).get();
    if callable.is_type(&PyFunction_Type) || callable.is_type(&PyMethod_Type) {
        goto!(CALL_KW, ip, sp, frame, ts, oparg)
    }
    goto!(call_kw_general, ip, sp, frame, ts, oparg)
});

op!(CALL_FUNCTION_EX(ip, sp, frame, ts, oparg) {
    // Stack: callable, null, positional arguments, keyword mapping or null.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let base = sp.sub(4);
    let py = Python::assume();
    if normalize_ex_arguments(py, sp, frame).is_err() {
        close_all(base, 4);
        sp = base;
        throw!(ip, sp, frame, ts)
    }
    let callable = peek!(sp, 4);
    if is_python_function(callable) {
        save_for_call!(ip, base, frame, 1 + CACHES);
        let new = push_python_frame_ex(py, callable, peek!(sp, 2), peek!(sp, 1), frame);
        if new.is_null() {
            throw!(ip, base, frame, ts)
        }
        enter_frame!(new, ts)
    }
    let result = call_native_ex(py, base);
    sp = base;
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next_after_call!(ip, sp, frame, ts)
});

/// Gives back `n` references from `base` upwards.
pub(super) unsafe fn close_all(base: Sp, n: usize) {
    for i in 0..n {
        // SAFETY: by the caller.
        unsafe { (*base.add(i)).xclose() };
    }
}

/// Makes the positional part of a `f(*args, **kwargs)` call a tuple.
#[inline(never)]
unsafe fn normalize_ex_arguments(py: Python, sp: Sp, _frame: Frame) -> PyResult<()> {
    // SAFETY: the four references of the call.
    unsafe {
        let args = peek!(sp, 2);
        if args.get().is_type(&PyTuple_Type) {
            return Ok(());
        }
        let callable = peek!(sp, 4).get();
        if args.get().ty().tp_iter.get().is_none() && !taipan_object::abstracts::sequence::check(args.get()) {
            return Err(taipan_object::raise!(
                py,
                TypeError,
                "{} argument after * must be an iterable, not {}",
                taipan_object::types::builtin_function::function_text(py, callable),
                args.get().ty().name()
            ));
        }
        let tuple = taipan_object::abstracts::sequence::to_tuple(py, args.get())?;
        peek!(sp, 2) = StackRef::from_owned(tuple);
        args.close();
        Ok(())
    }
}

#[inline(never)]
unsafe fn call_native_ex(py: Python, base: Sp) -> *mut PyObject {
    // SAFETY: the four references of the call; the positional part is a tuple, the other null or a dict.
    unsafe {
        let args = &*((*base.add(2)).as_ptr() as *const PyTuple);
        let kwargs = ((*base.add(3)).as_ptr() as *const PyDict).as_ref();
        let result = (*base).get().call_tuple(py, args, kwargs);
        close_all(base, 4);
        match result {
            Ok(v) => v.into_raw(),
            Err(_) => null_mut(),
        }
    }
}

/// A frame for `f(*args, **kwargs)`; takes over all three.
#[inline(never)]
unsafe fn push_python_frame_ex(
    py: Python,
    callable: StackRef,
    args: StackRef,
    kwargs: StackRef,
    frame: Frame,
) -> *mut InterpreterFrame {
    // SAFETY: the callable is a function, args a tuple, kwargs null or a dict.
    unsafe {
        let tuple = &*(args.as_ptr() as *const PyTuple);
        let mut refs: Vec<StackRef> = (0..tuple.len()).map(|i| StackRef::new_ref(tuple.get(i))).collect();
        let nargs = refs.len();
        let mut names: Vec<Py> = Vec::new();
        if let Some(kwargs) = (kwargs.as_ptr() as *const PyDict).as_ref() {
            let mut pos = 0;
            while let Some((k, v)) = kwargs.next(&mut pos) {
                names.push(k);
                refs.push(StackRef::from_owned(v));
            }
        }
        let previous = frame as *const InterpreterFrame as *mut _;
        let kwnames = if names.is_empty() { Ok(None) } else { PyTuple::from_vec(py, names).map(Some) };
        let result = match kwnames {
            Ok(kwnames) => {
                frames::push_and_init(py, callable, null_mut(), refs.as_ptr(), nargs, kwnames.as_deref(), previous)
            }
            Err(raised) => {
                for r in refs {
                    r.close();
                }
                callable.close();
                Err(raised)
            }
        };
        args.close();
        kwargs.xclose();
        result.unwrap_or(null_mut())
    }
}

/// Pushes the frame of a call whose arguments fit exactly, copying them into its locals.
macro_rules! enter_exact {
    ($ip:expr, $sp:expr, $frame:expr, $ts:expr, $callable:expr, $args:expr, $n:expr, $base:expr) => {{
        let code: &PyCode = (*($callable.as_ptr() as *const PyFunction)).code();
        let n = $n;
        if $ts.py_recursion_remaining.get() <= 1 {
            goto!(call_general, $ip, $sp, $frame, $ts, $sp.offset_from($base) as usize - 2)
        }
        let new = frames::try_push_simple($ts, $callable, code, n, $frame);
        if new.is_null() {
            goto!(call_general, $ip, $sp, $frame, $ts, $sp.offset_from($base) as usize - 2)
        }
        let slots = (*new).locals_ptr();
        let mut i = 0;
        while i < n {
            *slots.add(i) = *$args.add(i);
            i += 1;
        }
        save_for_call!($ip, $base, $frame, 1 + CACHES);
        $ts.py_recursion_remaining.set($ts.py_recursion_remaining.get() - 1);
        $ts.current_frame.set(new);
        let new: Frame = &*new;
        dispatch!(code.code_ptr(), new.stackpointer.get(), new, $ts)
    }};
}

op!(CALL_PY_EXACT_ARGS(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, oparg + 2);
    if !callable.get().is_type(&PyFunction_Type)
        || (*(callable.as_ptr() as *const PyFunction)).func_version.get() != cache_u32(ip, 2)
    {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    let has_self = !peek!(sp, oparg + 1).is_null() as usize;
    let n = oparg + has_self;
    if (*(callable.as_ptr() as *const PyFunction)).code().co_argcount.get() as usize != n {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    enter_exact!(ip, sp, frame, ts, callable, sp.sub(n), n, sp.sub(oparg + 2))
});

op!(CALL_BOUND_METHOD_EXACT_ARGS(ip, sp, frame, ts, oparg) {
    let method = peek!(sp, oparg + 2);
    if !peek!(sp, oparg + 1).is_null() || !method.get().is_type(&PyMethod_Type) {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    let func: *const PyObject = (*(method.as_ptr() as *const PyMethod)).function();
    if !(*func).is_type(&PyFunction_Type)
        || (*(func as *const PyFunction)).func_version.get() != cache_u32(ip, 2)
        || (*(func as *const PyFunction)).code().co_argcount.get() as usize != oparg + 1
    {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    unpack_method(sp, oparg);
    let callable = peek!(sp, oparg + 2);
    enter_exact!(ip, sp, frame, ts, callable, sp.sub(oparg + 1), oparg + 1, sp.sub(oparg + 2))
});

op!(CALL_PY_GENERAL(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, oparg + 2);
    if !callable.get().is_type(&PyFunction_Type)
        || (*(callable.as_ptr() as *const PyFunction)).func_version.get() != cache_u32(ip, 2)
    {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    goto!(call_general, ip, sp, frame, ts, oparg)
});
op!(CALL_BOUND_METHOD_GENERAL(ip, sp, frame, ts, oparg) {
    if !peek!(sp, oparg + 1).is_null() || !peek!(sp, oparg + 2).get().is_type(&PyMethod_Type) {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    goto!(call_general, ip, sp, frame, ts, oparg)
});
op!(CALL_NON_PY_GENERAL(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, oparg + 2).get();
    if callable.is_type(&PyFunction_Type) || (callable.is_type(&PyMethod_Type) && peek!(sp, oparg + 1).is_null()) {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let base = sp.sub(oparg + 2);
    let result = call_native(Python::assume(), base, oparg, None);
    sp = base;
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next_after_call!(ip, sp, frame, ts)
});

/// Replaces `n` references from `base` on by `result`, then goes on; throws if it is null.
macro_rules! finish_native {
    ($result:expr, $base:expr, $n:expr, $ip:expr, $sp:ident, $frame:expr, $ts:expr) => {{
        let result: *mut PyObject = $result;
        close_all($base, $n);
        $sp = $base;
        if result.is_null() {
            throw!($ip, $sp, $frame, $ts)
        }
        push!($sp, StackRef::steal(result));
        next_after_call!($ip, $sp, $frame, $ts)
    }};
}

/// The flags of a method definition that say how it is called.
const CALL_FLAGS: i32 = taipan_object::typeobj::METH_VARARGS
    | taipan_object::typeobj::METH_FASTCALL
    | taipan_object::typeobj::METH_NOARGS
    | taipan_object::typeobj::METH_O
    | taipan_object::typeobj::METH_KEYWORDS
    | taipan_object::typeobj::METH_METHOD;

op!(CALL_BUILTIN_O(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, oparg + 2);
    let has_self = !peek!(sp, oparg + 1).is_null() as usize;
    if oparg + has_self != 1 || !callable.get().is_type(&PyCFunction_Type) {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    let f = &*(callable.as_ptr() as *const PyCFunctionObject);
    if f.def().ml_flags & CALL_FLAGS != taipan_object::typeobj::METH_O || taipan_object::runtime::stack::near_limit() {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let meth: PyCFunction = core::mem::transmute(f.def().ml_meth);
    let base = sp.sub(oparg + 2);
    let result = meth(f.receiver(), peek!(sp, 1).as_ptr());
    finish_native!(result, base, oparg + 2, ip, sp, frame, ts)
});

/// Copies references as plain pointers to `out`.
#[inline(always)]
unsafe fn strip(args: *const StackRef, n: usize, out: *mut *mut PyObject) {
    for i in 0..n {
        // SAFETY: by the caller.
        unsafe { *out.add(i) = (*args.add(i)).as_ptr() };
    }
}

#[inline(never)]
unsafe fn call_fast(
    meth: *const core::ffi::c_void,
    self_: *mut PyObject,
    args: *const StackRef,
    n: usize,
) -> *mut PyObject {
    // SAFETY: `meth` is a METH_FASTCALL function, `args` holds `n` references.
    unsafe {
        let meth: PyCFunctionFast = core::mem::transmute(meth);
        let mut words = [null_mut(); SCRATCH];
        if n <= SCRATCH {
            strip(args, n, words.as_mut_ptr());
            meth(self_, words.as_ptr(), n as isize)
        } else {
            let words: Vec<_> = (0..n).map(|i| (*args.add(i)).as_ptr()).collect();
            meth(self_, words.as_ptr(), n as isize)
        }
    }
}

#[inline(never)]
unsafe fn call_fast_kw(
    meth: *const core::ffi::c_void,
    self_: *mut PyObject,
    args: *const StackRef,
    n: usize,
) -> *mut PyObject {
    // SAFETY: `meth` is a METH_FASTCALL | METH_KEYWORDS function, `args` holds `n` references.
    unsafe {
        let meth: PyCFunctionFastWithKeywords = core::mem::transmute(meth);
        let mut words = [null_mut(); SCRATCH];
        if n <= SCRATCH {
            strip(args, n, words.as_mut_ptr());
            meth(self_, words.as_ptr(), n as isize, null_mut())
        } else {
            let words: Vec<_> = (0..n).map(|i| (*args.add(i)).as_ptr()).collect();
            meth(self_, words.as_ptr(), n as isize, null_mut())
        }
    }
}

macro_rules! builtin_fast {
    ($name:ident, $flags:expr, $call:ident) => {
        op!($name(ip, sp, frame, ts, oparg) {
            let callable = peek!(sp, oparg + 2);
            if !callable.get().is_type(&PyCFunction_Type) {
                goto!(CALL, ip, sp, frame, ts, oparg)
            }
            let f = &*(callable.as_ptr() as *const PyCFunctionObject);
            if f.def().ml_flags & CALL_FLAGS != $flags {
                goto!(CALL, ip, sp, frame, ts, oparg)
            }
            frame.instr_ptr.set(ip);
            let n = oparg + !peek!(sp, oparg + 1).is_null() as usize;
            let base = sp.sub(oparg + 2);
            let result = $call(f.def().ml_meth, f.receiver(), sp.sub(n), n);
            finish_native!(result, base, oparg + 2, ip, sp, frame, ts)
        });
    };
}
builtin_fast!(CALL_BUILTIN_FAST, taipan_object::typeobj::METH_FASTCALL, call_fast);
builtin_fast!(
    CALL_BUILTIN_FAST_WITH_KEYWORDS,
    taipan_object::typeobj::METH_FASTCALL | taipan_object::typeobj::METH_KEYWORDS,
    call_fast_kw
);

op!(CALL_BUILTIN_CLASS(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, oparg + 2);
    if !callable.get().is_type(&PyType_Type) || (*(callable.as_ptr() as *const PyType)).tp_vectorcall.get().is_none() {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let base = sp.sub(oparg + 2);
    let result = call_native(Python::assume(), base, oparg, None);
    sp = base;
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next_after_call!(ip, sp, frame, ts)
});

op!(CALL_TYPE_1(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, 3);
    if oparg != 1
        || !peek!(sp, 2).is_null()
        || callable.as_ptr() as *const PyType != &raw const PyType_Type
    {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    let arg = peek!(sp, 1);
    sp = sp.sub(3);
    push!(sp, StackRef::new_ref(arg.get().ty()));
    callable.close();
    crate::close_next!(arg; ip, sp, frame, ts)
});
op!(CALL_STR_1(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, 3);
    if oparg != 1 || !peek!(sp, 2).is_null() || callable.as_ptr() as *const PyType != &raw const PyUnicode_Type {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let base = sp.sub(3);
    let result = raw(peek!(sp, 1).get().str(Python::assume()));
    finish_native!(result, base, 3, ip, sp, frame, ts)
});
op!(CALL_TUPLE_1(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, 3);
    if oparg != 1 || !peek!(sp, 2).is_null() || callable.as_ptr() as *const PyType != &raw const PyTuple_Type {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let base = sp.sub(3);
    let result = raw(taipan_object::abstracts::sequence::to_tuple(Python::assume(), peek!(sp, 1).get()));
    finish_native!(result, base, 3, ip, sp, frame, ts)
});

/// An owned pointer, or null if it raised.
#[inline(always)]
pub(crate) fn raw<T: taipan_object::PyLayout>(r: Result<Py<T>, Raised>) -> *mut PyObject {
    match r {
        Ok(v) => v.into_raw_object(),
        Err(_) => null_mut(),
    }
}

op!(CALL_LEN(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, oparg + 2);
    let has_self = !peek!(sp, oparg + 1).is_null() as usize;
    if oparg + has_self != 1 || callable.as_ptr() != crate::builtins::len_function() {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let base = sp.sub(oparg + 2);
    let result = length(Python::assume(), peek!(sp, 1));
    finish_native!(result, base, oparg + 2, ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn length(py: Python, v: StackRef) -> *mut PyObject {
    // SAFETY: a live reference.
    match unsafe { v.get() }.len(py) {
        Ok(n) => raw(taipan_object::PyLong::from_isize(py, n)),
        Err(_) => null_mut(),
    }
}

op!(CALL_ISINSTANCE(ip, sp, frame, ts, oparg) {
    let callable = peek!(sp, oparg + 2);
    let has_self = !peek!(sp, oparg + 1).is_null() as usize;
    if oparg + has_self != 2 || callable.as_ptr() != crate::builtins::isinstance_function() {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    frame.instr_ptr.set(ip);
    let base = sp.sub(oparg + 2);
    let result = match peek!(sp, 2).get().is_instance(Python::assume(), peek!(sp, 1).get()) {
        Ok(b) => StackRef::bool(b).as_ptr(),
        Err(_) => null_mut(),
    };
    finish_native!(result, base, oparg + 2, ip, sp, frame, ts)
});

op!(CALL_LIST_APPEND(ip, sp, frame, ts, oparg) {
    // Only made where the result is thrown away at once: the POP_TOP behind is skipped.
    let callable = peek!(sp, 3);
    let list = peek!(sp, 2);
    if oparg != 1
        || callable.as_ptr() != crate::builtins::list_append_descriptor()
        || list.is_null()
        || !list.get().is_type(&taipan_object::types::list::PyList_Type)
    {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    let item = peek!(sp, 1);
    if append(Python::assume(), list, item).is_err() {
        close_all(sp.sub(3), 2);
        sp = sp.sub(3);
        throw!(ip, sp, frame, ts)
    }
    sp = sp.sub(3);
    callable.close();
    if list.is_counted() && crate::eval::dispatch::count_down(list) {
        goto!(crate::eval::dispatch::free_then_dispatch, ip.add(2 + CACHES), sp, frame, ts, list.0)
    }
    dispatch!(ip.add(2 + CACHES), sp, frame, ts)
});

/// Appends, taking over `item`.
#[inline(always)]
unsafe fn append(py: Python, list: StackRef, item: StackRef) -> PyResult<()> {
    // SAFETY: an exact list and a live reference.
    unsafe { (*(list.as_ptr() as *const PyList)).push_owned(py, item.into_py()) }
}

/// The method descriptor being called, if the receiver is of its type and it is called the way `flags` says.
macro_rules! descriptor {
    ($ip:expr, $sp:expr, $frame:expr, $ts:expr, $oparg:expr, $flags:expr) => {{
        let callable = peek!($sp, $oparg + 2);
        let has_self = !peek!($sp, $oparg + 1).is_null() as usize;
        let n = $oparg + has_self;
        if n == 0 || !callable.get().is_type(&PyMethodDescr_Type) {
            goto!(CALL, $ip, $sp, $frame, $ts, $oparg)
        }
        let d = &*(callable.as_ptr() as *const PyMethodDescr);
        if d.def().ml_flags & CALL_FLAGS != $flags
            || !core::ptr::eq(peek!($sp, n).get().ty(), d.owner())
            || taipan_object::runtime::stack::near_limit()
        {
            goto!(CALL, $ip, $sp, $frame, $ts, $oparg)
        }
        $frame.instr_ptr.set($ip);
        (d, n)
    }};
}

op!(CALL_METHOD_DESCRIPTOR_NOARGS(ip, sp, frame, ts, oparg) {
    let (d, n) = descriptor!(ip, sp, frame, ts, oparg, taipan_object::typeobj::METH_NOARGS);
    if n != 1 {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    let meth: PyCFunction = core::mem::transmute(d.def().ml_meth);
    let base = sp.sub(oparg + 2);
    let result = meth(peek!(sp, 1).as_ptr(), null_mut());
    finish_native!(result, base, oparg + 2, ip, sp, frame, ts)
});
op!(CALL_METHOD_DESCRIPTOR_O(ip, sp, frame, ts, oparg) {
    let (d, n) = descriptor!(ip, sp, frame, ts, oparg, taipan_object::typeobj::METH_O);
    if n != 2 {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    let meth: PyCFunction = core::mem::transmute(d.def().ml_meth);
    let base = sp.sub(oparg + 2);
    let result = meth(peek!(sp, 2).as_ptr(), peek!(sp, 1).as_ptr());
    finish_native!(result, base, oparg + 2, ip, sp, frame, ts)
});
op!(CALL_METHOD_DESCRIPTOR_FAST(ip, sp, frame, ts, oparg) {
    let (d, n) = descriptor!(ip, sp, frame, ts, oparg, taipan_object::typeobj::METH_FASTCALL);
    let base = sp.sub(oparg + 2);
    let result = call_fast(d.def().ml_meth, peek!(sp, n).as_ptr(), sp.sub(n - 1), n - 1);
    finish_native!(result, base, oparg + 2, ip, sp, frame, ts)
});
op!(CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS(ip, sp, frame, ts, oparg) {
    let (d, n) = descriptor!(
        ip, sp, frame, ts, oparg,
        taipan_object::typeobj::METH_FASTCALL | taipan_object::typeobj::METH_KEYWORDS
    );
    let base = sp.sub(oparg + 2);
    let result = call_fast_kw(d.def().ml_meth, peek!(sp, n).as_ptr(), sp.sub(n - 1), n - 1);
    finish_native!(result, base, oparg + 2, ip, sp, frame, ts)
});

op!(CALL_ALLOC_AND_ENTER_INIT(ip, sp, frame, ts, oparg) {
    // Stack: the class, null, arguments. The instance is made, a shim frame (whose EXIT_INIT_CHECK looks at what
    // `__init__` gives) is pushed, and `__init__`'s frame on top of it.
    let callable = peek!(sp, oparg + 2);
    if !peek!(sp, oparg + 1).is_null()
        || !callable.get().is_type(&PyType_Type)
        || (*(callable.as_ptr() as *const PyType)).tp_version_tag.get() != cache_u32(ip, 2)
        || ts.py_recursion_remaining.get() <= 2
    {
        goto!(CALL, ip, sp, frame, ts, oparg)
    }
    let base = sp.sub(oparg + 2);
    save_for_call!(ip, base, frame, 1 + CACHES);
    let new = crate::eval::init_shim::push_init_frames(Python::assume(), ts, callable, sp.sub(oparg), oparg, frame);
    if new.is_null() {
        throw!(ip, base, frame, ts)
    }
    ts.py_recursion_remaining.set(ts.py_recursion_remaining.get() - 2);
    ts.current_frame.set(new);
    let new: Frame = &*new;
    dispatch!(new.instr_ptr.get(), new.stackpointer.get(), new, ts)
});
op!(EXIT_INIT_CHECK(ip, sp, frame, ts, oparg) {
    // Stack: the new instance below, what __init__ gave on top.
    let v = pop_top(sp);
    if !v.is_none() {
        frame.instr_ptr.set(ip);
        let _ = taipan_object::raise!(
            Python::assume(),
            TypeError,
            "__init__() should return None, not '{}'",
            v.get().ty().name()
        );
        v.close();
        sp = sp.sub(1);
        throw!(ip, sp, frame, ts)
    }
    sp = sp.sub(1);
    next!(ip, sp, frame, ts)
});

#[inline(always)]
unsafe fn pop_top(sp: Sp) -> StackRef {
    // SAFETY: the stack is not empty.
    unsafe { *sp.sub(1) }
}

op!(ENTER_EXECUTOR(ip, sp, frame, ts, oparg) {
    // Made by a tier above this one only.
    goto!(super::unknown_opcode, ip, sp, frame, ts, oparg)
});

/// Runs the handler of the instruction at `ip`: for instrumented forms.
///
/// # Safety
/// A handler's contract.
pub unsafe fn redispatch(ip: Ip, sp: Sp, frame: Frame, ts: Ts, oparg: usize) -> Flow {
    // SAFETY: by contract.
    unsafe { goto!(handler_at(ip), ip, sp, frame, ts, oparg) }
}
