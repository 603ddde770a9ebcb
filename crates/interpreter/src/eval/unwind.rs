//! Exceptions in the evaluation loop: from the raising instruction to its handler, found in the code's exception table
//! (PEP 626's zero-cost tables), or out of the frame.

use super::{Flow, Frame, Ip, Sp, Ts, frames};
use crate::{dispatch, goto, leave};
use core::ptr::null_mut;
use taipan_object::exceptions::{PyBaseException, as_base};
use taipan_object::types::frame::{OWNED_BY_INTERPRETER, StackRef};
use taipan_object::types::traceback;
use taipan_object::{PyCode, Python, err};

/// An exception is set; `ip` is the instruction that raised it.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn exception_raised(ip: Ip, sp: Sp, frame: Frame, ts: Ts, _oparg: usize) -> Flow {
    // SAFETY: by contract.
    unsafe {
        let py = Python::assume();
        frame.instr_ptr.set(ip);
        frame.stackpointer.set(sp);
        add_traceback(py, frame);
        crate::monitor::raise_event(py, frame, ip);
        goto!(unwind, ip, sp, frame, ts, 0)
    }
}

/// As [`exception_raised`] for an exception that goes on rather than begins: no traceback entry is added if the frame has
/// one already for a bare re-raise, and no RAISE event is reported.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn exception_reraised(ip: Ip, sp: Sp, frame: Frame, ts: Ts, _oparg: usize) -> Flow {
    // SAFETY: by contract.
    unsafe {
        frame.instr_ptr.set(ip);
        frame.stackpointer.set(sp);
        crate::monitor::reraise_event(Python::assume(), frame, ip);
        goto!(unwind, ip, sp, frame, ts, 0)
    }
}

/// The way in for a frame that is resumed by throwing.
///
/// # Safety
/// A handler's contract; the frame is suspended at `ip`.
pub unsafe fn resume_with_exception(ip: Ip, sp: Sp, frame: Frame, ts: Ts, _oparg: usize) -> Flow {
    // SAFETY: by contract.
    unsafe {
        let py = Python::assume();
        add_traceback(py, frame);
        crate::monitor::throw_event(py, frame, ip);
        // A suspended frame points behind its YIELD_VALUE, which is what raises; one not begun, behind RETURN_GENERATOR.
        goto!(unwind, ip.sub(1), sp, frame, ts, 0)
    }
}

#[inline(never)]
unsafe fn add_traceback(py: Python, frame: Frame) {
    if !frame.is_incomplete() {
        crate::traceback::add_frame(py, frame);
    }
}

/// Looks for the handler in this frame; leaves the frame if there is none.
///
/// # Safety
/// A handler's contract; an exception is set.
unsafe fn unwind(ip: Ip, sp: Sp, frame: Frame, ts: Ts, _oparg: usize) -> Flow {
    // SAFETY: by contract; the exception table was verified against the code.
    unsafe {
        let py = Python::assume();
        let code = frame.code();
        let offset = ip.offset_from(code.code_ptr()) as usize;
        match find_handler(code, offset) {
            None => goto!(leave_frame, ip, sp, frame, ts, 0),
            Some(entry) => {
                let mut sp = sp;
                let floor = frame.stack_base().add(entry.depth);
                while sp > floor {
                    sp = sp.sub(1);
                    (*sp).xclose();
                }
                if entry.push_lasti {
                    *sp = StackRef::tagged_int(offset as isize);
                    sp = sp.add(1);
                }
                let exc = match err::take(py) {
                    Some(e) => e,
                    None => taipan_object::singletons::none().into(),
                };
                *sp = StackRef::from_owned(exc);
                sp = sp.add(1);
                let target = code.code_ptr().add(entry.target);
                frame.stackpointer.set(sp);
                if crate::monitor::handled_event(py, frame, target).is_err() {
                    goto!(exception_raised, target, sp, frame, ts, 0)
                }
                dispatch!(target, sp, frame, ts)
            }
        }
    }
}

/// The exception leaves the frame: its caller sees it at its call instruction.
///
/// # Safety
/// As [`unwind`].
pub unsafe fn leave_frame(ip: Ip, sp: Sp, frame: Frame, ts: Ts, _oparg: usize) -> Flow {
    // SAFETY: by contract.
    unsafe {
        let py = Python::assume();
        crate::monitor::unwind_event(py, frame, ip);
        // The stack is closed with the exception put aside, lest destructors see it.
        let floor = frame.stack_base();
        let mut sp = sp;
        while sp > floor {
            sp = sp.sub(1);
            let v = *sp;
            frame.stackpointer.set(sp);
            v.xclose();
        }
        let caller: Frame = &*frame.previous.get();
        ts.current_frame.set(frame.previous.get());
        err::with_saved(py, || frames::end(py, ts, frame));
        if caller.owner.get() == OWNED_BY_INTERPRETER {
            super::set_result(StackRef::NULL);
            leave!(null_mut(), sp, caller)
        }
        goto!(caller_sees_exception, caller.instr_ptr.get(), caller.stackpointer.get(), caller, ts, 0)
    }
}

/// An exception arrives from a callee: this frame gets its traceback entry and unwinds.
unsafe fn caller_sees_exception(ip: Ip, sp: Sp, frame: Frame, ts: Ts, _oparg: usize) -> Flow {
    // SAFETY: by contract.
    unsafe {
        let py = Python::assume();
        add_traceback(py, frame);
        crate::monitor::raise_event(py, frame, ip);
        goto!(unwind, ip, sp, frame, ts, 0)
    }
}

/// An entry of the exception table.
pub struct HandlerEntry {
    /// Code unit to go on at.
    pub target: usize,
    /// Stack depth to unwind to.
    pub depth: usize,
    /// Whether the raising instruction's offset is pushed under the exception.
    pub push_lasti: bool,
}

/// The innermost handler covering the code unit at `offset` (the format is in CPython's InternalDocs/exception_handling.md:
/// entries of four varints, 6 bits a byte, big end first, bit 7 marking an entry's first byte, bit 6 continuation).
pub fn find_handler(code: &PyCode, offset: usize) -> Option<HandlerEntry> {
    // SAFETY: the code object keeps its table; nothing runs meanwhile.
    let table = unsafe { code.co_exceptiontable.borrow() }?.as_slice();
    if table.is_empty() {
        return None;
    }
    // Entries are sorted by start: bisect down to a short run, finding entry starts by their mark.
    let (mut low, mut high) = (0usize, table.len());
    let read = |pos: &mut usize| -> usize {
        let Some(&b) = table.get(*pos) else { return usize::MAX };
        let mut v = (b & 63) as usize;
        let mut b = b;
        *pos += 1;
        while b & 64 != 0 {
            let Some(&n) = table.get(*pos) else { break };
            b = n;
            v = (v << 6) | (b & 63) as usize;
            *pos += 1;
        }
        v
    };
    while high - low > 40 {
        let mut mid = (low + high) / 2;
        while mid > low && table[mid] & 128 == 0 {
            mid -= 1;
        }
        if mid == low {
            break;
        }
        let mut p = mid;
        if read(&mut p) > offset {
            high = mid;
        } else {
            low = mid;
        }
    }
    let mut pos = low;
    while pos < table.len() {
        let start = read(&mut pos);
        if start > offset {
            return None;
        }
        let length = read(&mut pos);
        let target = read(&mut pos);
        let depth_lasti = read(&mut pos);
        if offset < start.saturating_add(length) {
            return Some(HandlerEntry { target, depth: depth_lasti >> 1, push_lasti: depth_lasti & 1 != 0 });
        }
    }
    None
}

/// The exception value on the stack as the base layout.
///
/// # Safety
/// `v` is an exception instance.
pub unsafe fn exception_at<'a>(v: StackRef) -> Option<&'a PyBaseException> {
    // SAFETY: by contract.
    unsafe { as_base(v.get()) }
}

/// Sets the traceback of the exception at hand to what `RERAISE` had saved.
pub fn keep_traceback(exc: &PyBaseException, tb: Option<taipan_object::Py<traceback::PyTraceback>>) {
    exc.traceback.set(tb);
}

/// `RERAISE`: handlers are looked for at `ip`, while the frame's instruction is the one that raised first.
///
/// # Safety
/// A handler's contract; `frame.instr_ptr` is set.
#[cold]
#[inline(never)]
pub unsafe fn reraise_at(ip: Ip, sp: Sp, frame: Frame, ts: Ts, _oparg: usize) -> Flow {
    // SAFETY: by contract.
    unsafe {
        frame.stackpointer.set(sp);
        crate::monitor::reraise_event(Python::assume(), frame, ip);
        goto!(unwind, ip, sp, frame, ts, 0)
    }
}
