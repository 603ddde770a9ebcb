//! Raising and handling exceptions, and `with`.

use super::calls::{close_all, raw};
use crate::eval::unwind;
use crate::{close_next, goto, next, op, peek, pop, push, throw};
use core::ptr::null_mut;
use taipan_object::exceptions::{self, as_base};
use taipan_object::types::frame::StackRef;
use taipan_object::{Py, PyObject, PyResult, PyTuple, PyType, Python, Raised, err, raise, singletons};

op!(RAISE_VARARGS(ip, sp, frame, ts, oparg) {
    // 0: re-raise what is being handled. 1: the exception. 2: exception and cause.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let py = Python::assume();
    let base = sp.sub(oparg);
    let reraised = match oparg {
        0 => do_raise(py, None, None),
        1 => do_raise(py, Some(*base), None),
        _ => do_raise(py, Some(*base), Some(*base.add(1))),
    };
    close_all(base, oparg);
    sp = base;
    if reraised {
        goto!(unwind::exception_reraised, ip, sp, frame, ts, 0)
    }
    throw!(ip, sp, frame, ts)
});

/// Sets the exception; true if it is one that was being handled and goes on.
#[inline(never)]
unsafe fn do_raise(py: Python, exc: Option<StackRef>, cause: Option<StackRef>) -> bool {
    // SAFETY: live references.
    let (exc, cause) = unsafe { (exc.map(|e| e.get()), cause.map(|c| c.get())) };
    let Some(exc) = exc else {
        return match err::handled_exception(py) {
            Some(e) => {
                let _ = err::restore(py, e);
                true
            }
            None => {
                let _ = raise!(py, RuntimeError, "No active exception to reraise");
                false
            }
        };
    };
    let _ = raise_with_cause(py, exc, cause);
    false
}

fn raise_with_cause(py: Python, exc: &PyObject, cause: Option<&PyObject>) -> Raised {
    let instance: Py = if let Some(class) = exceptions::exception_class(exc) {
        match class.call(py, &[]) {
            Ok(v) if exceptions::is_exception_instance(&v) => v,
            Ok(v) => {
                return match class.repr(py) {
                    Ok(r) => raise!(
                        py,
                        TypeError,
                        "calling {r} should have returned an instance of BaseException, not {}",
                        type_repr(py, v.ty())
                    ),
                    Err(raised) => raised,
                };
            }
            Err(raised) => return raised,
        }
    } else if exceptions::is_exception_instance(exc) {
        Py::new_ref(exc)
    } else {
        return raise!(py, TypeError, "exceptions must derive from BaseException");
    };
    if let Some(cause) = cause {
        let fixed: Option<Py> = if let Some(class) = exceptions::exception_class(cause) {
            match class.call(py, &[]) {
                Ok(v) if exceptions::is_exception_instance(&v) => Some(v),
                Ok(v) => {
                    return match class.repr(py) {
                        Ok(r) => raise!(
                            py,
                            TypeError,
                            "calling {r} should have returned an instance of BaseException, not {}",
                            type_repr(py, v.ty())
                        ),
                        Err(raised) => raised,
                    };
                }
                Err(raised) => return raised,
            }
        } else if exceptions::is_exception_instance(cause) {
            Some(Py::new_ref(cause))
        } else if cause.is_none() {
            None
        } else {
            return raise!(py, TypeError, "exception causes must derive from BaseException");
        };
        if let Some(e) = as_base(&instance) {
            e.suppress_context.set(1);
            e.cause.set(fixed);
        }
    }
    err::raise_exception(py, instance)
}

fn type_repr(py: Python, ty: &PyType) -> String {
    match ty.repr(py) {
        Ok(r) => r.to_string(),
        Err(_) => {
            err::clear(py);
            ty.name().to_owned()
        }
    }
}

op!(RERAISE(ip, sp, frame, ts, oparg) {
    // Stack: … lasti (if oparg), … the exception on top.
    let exc = pop!(sp);
    let mut at = ip;
    if oparg != 0 {
        let lasti = peek!(sp, oparg);
        if lasti.is_tagged_int() {
            at = frame.code().code_ptr().add(lasti.untag_int() as usize);
        }
    }
    let _ = err::restore(Python::assume(), exc.into_py());
    // Handlers are looked for from here; tracebacks show where it was raised.
    frame.instr_ptr.set(at);
    goto!(unwind::reraise_at, ip, sp, frame, ts, 0)
});

op!(PUSH_EXC_INFO(ip, sp, frame, ts, oparg) {
    // The exception on top becomes the one being handled; what was handled before goes below it.
    let exc = peek!(sp, 1);
    let info = &*ts.exc_info.get();
    let previous = info.exc_value.replace(exc.dup().into_py().into_raw());
    peek!(sp, 1) = if previous.is_null() { StackRef::none() } else { StackRef::steal(previous) };
    push!(sp, exc);
    next!(ip, sp, frame, ts)
});
op!(POP_EXCEPT(ip, sp, frame, ts, oparg) {
    let previous = pop!(sp);
    let info = &*ts.exc_info.get();
    let new = if previous.is_none() { null_mut() } else { previous.into_py().into_raw() };
    let old = info.exc_value.replace(new);
    if old.is_null() {
        next!(ip, sp, frame, ts)
    }
    let old = StackRef::steal(old);
    close_next!(old; ip, sp, frame, ts)
});

op!(CHECK_EXC_MATCH(ip, sp, frame, ts, oparg) {
    // Stack: the exception, what it is compared with. The latter becomes a bool.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let wanted = peek!(sp, 1);
    let result = matches(Python::assume(), peek!(sp, 2), wanted);
    wanted.close();
    sp = sp.sub(1);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::borrowed(result));
    next!(ip, sp, frame, ts)
});

const CANNOT_CATCH: &str = "catching classes that do not inherit from BaseException is not allowed";

#[inline(never)]
unsafe fn matches(py: Python, exc: StackRef, wanted: StackRef) -> *mut PyObject {
    // SAFETY: live references.
    let (exc, wanted) = unsafe { (exc.get(), wanted.get()) };
    let is_class = |o: &PyObject| exceptions::exception_class(o).is_some();
    let allowed = match wanted.downcast::<PyTuple>() {
        Some(t) => (0..t.len()).all(|i| is_class(t.get(i))),
        None => is_class(wanted),
    };
    if !allowed {
        let _ = raise!(py, TypeError, "{CANNOT_CATCH}");
        return null_mut();
    }
    StackRef::bool(exceptions::given_exception_matches(exc, wanted)).as_ptr()
}

op!(CHECK_EG_MATCH(ip, sp, frame, ts, oparg) {
    // Stack: the exception (group), what it is compared with. Leaves the rest and the match.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let (exc, wanted) = (peek!(sp, 2), peek!(sp, 1));
    let ok = match_group(Python::assume(), sp);
    exc.close();
    wanted.close();
    if !ok {
        sp = sp.sub(2);
        throw!(ip, sp, frame, ts)
    }
    next!(ip, sp, frame, ts)
});

/// Overwrites the two slots below `sp` by rest and match (the references there are the caller's to close, from copies).
#[inline(never)]
unsafe fn match_group(py: Python, sp: crate::eval::Sp) -> bool {
    // SAFETY: live references.
    unsafe {
        let (exc, wanted) = (peek!(sp, 2).get(), peek!(sp, 1).get());
        match crate::exception_groups::check_match(py, exc, wanted) {
            Ok((matched, rest)) => {
                if !matched.is_none() {
                    // What is matched is what is being handled.
                    let info = &*py.tstate().exc_info.get();
                    let old = info.exc_value.replace(matched.clone().into_raw());
                    drop(Py::<PyObject>::from_owned_nullable(old));
                }
                peek!(sp, 2) = StackRef::from_owned(rest);
                peek!(sp, 1) = StackRef::from_owned(matched);
                true
            }
            Err(_) => false,
        }
    }
}

op!(WITH_EXCEPT_START(ip, sp, frame, ts, oparg) {
    // Stack: exit function, its self or null, lasti, previous exception, the exception. Calls exit(type, value, traceback).
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = raw(call_exit(Python::assume(), sp));
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn call_exit(py: Python, sp: crate::eval::Sp) -> PyResult {
    // SAFETY: live references.
    unsafe {
        let (exit, this, exc) = (peek!(sp, 5).get(), peek!(sp, 4), peek!(sp, 1).get());
        let traceback: Py = match as_base(exc).and_then(|e| e.traceback.get()) {
            Some(tb) => tb.into_object(),
            None => Py::new_ref(singletons::none()),
        };
        let class: &PyObject = exc.ty();
        if this.is_null() {
            exit.call(py, &[class, exc, &traceback])
        } else {
            exit.call(py, &[this.get(), class, exc, &traceback])
        }
    }
}
