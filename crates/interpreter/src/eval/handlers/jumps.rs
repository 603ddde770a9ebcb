//! Jumps, and the checks for pending events that loops make.

use crate::eval::specialize::{self, adaptive};
use crate::{close_next, dispatch, goto, next, op, peek, pop, throw};
use core::sync::atomic::Ordering::Relaxed;
use taipan_object::Python;
use taipan_object::runtime::gil_lock::EVAL_EVENTS_MASK;

op!(JUMP_FORWARD(ip, sp, frame, ts, oparg) {
    dispatch!(ip.add(1 + oparg), sp, frame, ts)
});
op!(JUMP_BACKWARD(ip, sp, frame, ts, oparg) {
    // No tier above this one counts loops yet: from now on the form without a counter runs.
    if specialize::may_rewrite(ip) {
        (*ip).op = taipan_bytecode::Opcode::JUMP_BACKWARD_NO_JIT as u8;
    }
    goto!(JUMP_BACKWARD_NO_JIT, ip, sp, frame, ts, oparg)
});
op!(JUMP_BACKWARD_NO_JIT(ip, sp, frame, ts, oparg) {
    if ts.eval_breaker.load(Relaxed) & EVAL_EVENTS_MASK != 0 {
        goto!(jump_backward_with_events, ip, sp, frame, ts, oparg)
    }
    dispatch!(ip.add(2).sub(oparg), sp, frame, ts)
});
op!(JUMP_BACKWARD_JIT(ip, sp, frame, ts, oparg) {
    goto!(JUMP_BACKWARD_NO_JIT, ip, sp, frame, ts, oparg)
});
op!(JUMP_BACKWARD_NO_INTERRUPT(ip, sp, frame, ts, oparg) {
    dispatch!(ip.add(1).sub(oparg), sp, frame, ts)
});

/// Handles pending events, then jumps.
#[cold]
unsafe fn jump_backward_with_events(
    ip: crate::eval::Ip,
    sp: crate::eval::Sp,
    frame: crate::eval::Frame,
    ts: crate::eval::Ts,
    oparg: usize,
) -> crate::eval::Flow {
    // SAFETY: a handler's contract.
    unsafe {
        // The jump has happened as far as tracebacks and signal handlers are concerned.
        frame.instr_ptr.set(ip);
        frame.stackpointer.set(sp);
        if crate::events::handle_pending(Python::assume(), ts).is_err() {
            throw!(ip, sp, frame, ts)
        }
        dispatch!(ip.add(2).sub(oparg), sp, frame, ts)
    }
}

op!(RESUME(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    goto!(resume_slow, ip, sp, frame, ts, oparg)
});
op!(RESUME_CHECK(ip, sp, frame, ts, oparg) {
    // The version of the instrumentation and all pending events in one comparison.
    if ts.eval_breaker.load(Relaxed) != frame.code()._co_instrumentation_version.get() {
        goto!(RESUME, ip, sp, frame, ts, oparg)
    }
    next!(ip, sp, frame, ts)
});

#[inline(never)]
unsafe fn resume_slow(
    ip: crate::eval::Ip,
    sp: crate::eval::Sp,
    frame: crate::eval::Frame,
    ts: crate::eval::Ts,
    oparg: usize,
) -> crate::eval::Flow {
    // SAFETY: a handler's contract.
    unsafe {
        let py = Python::assume();
        let global = ts.eval_breaker.load(Relaxed) & !EVAL_EVENTS_MASK;
        frame.stackpointer.set(sp);
        if frame.code()._co_instrumentation_version.get() != global {
            if crate::monitor::instrument(py, frame.code()).is_err() {
                throw!(ip, sp, frame, ts)
            }
            // The instruction may have become another one.
            dispatch!(ip, sp, frame, ts)
        }
        if (*ip).op == taipan_bytecode::Opcode::RESUME as u8 && specialize::may_rewrite(ip) {
            (*ip).op = taipan_bytecode::Opcode::RESUME_CHECK as u8;
        }
        // Resuming in a `yield from` or `await` (2 and 3) does not look at events: the innermost frame has.
        if oparg & 3 < 2 && ts.eval_breaker.load(Relaxed) & EVAL_EVENTS_MASK != 0 {
            if crate::events::handle_pending(py, ts).is_err() {
                throw!(ip, sp, frame, ts)
            }
        }
        dispatch!(ip.add(1), sp, frame, ts)
    }
}

op!(POP_JUMP_IF_TRUE(ip, sp, frame, ts, oparg) {
    let v = pop!(sp);
    dispatch!(ip.add(2 + if v.is_true() { oparg } else { 0 }), sp, frame, ts)
});
op!(POP_JUMP_IF_FALSE(ip, sp, frame, ts, oparg) {
    let v = pop!(sp);
    dispatch!(ip.add(2 + if v.is_false() { oparg } else { 0 }), sp, frame, ts)
});
op!(POP_JUMP_IF_NONE(ip, sp, frame, ts, oparg) {
    let v = pop!(sp);
    if v.is_none() {
        dispatch!(ip.add(2 + oparg), sp, frame, ts)
    }
    close_next!(v; ip, sp, frame, ts)
});
op!(POP_JUMP_IF_NOT_NONE(ip, sp, frame, ts, oparg) {
    let v = pop!(sp);
    if v.is_none() {
        next!(ip, sp, frame, ts)
    }
    if v.is_counted() && crate::eval::dispatch::count_down(v) {
        goto!(crate::eval::dispatch::free_then_dispatch, ip.add(2 + oparg), sp, frame, ts, v.0)
    }
    dispatch!(ip.add(2 + oparg), sp, frame, ts)
});

op!(UNARY_NOT(ip, sp, frame, ts, oparg) {
    // TO_BOOL came before: the operand is True or False.
    let v = peek!(sp, 1);
    peek!(sp, 1) = taipan_object::types::frame::StackRef::bool(v.is_false());
    next!(ip, sp, frame, ts)
});
