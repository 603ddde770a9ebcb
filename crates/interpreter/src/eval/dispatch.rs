//! How one handler goes on to the next: by tail call, or (unoptimised builds) by returning to a trampoline.

use super::HANDLERS;
use taipan_object::runtime::tstate::PyThreadState;
use taipan_object::types::frame::{CodeUnit, InterpreterFrame, StackRef};

/// The instruction being executed.
pub type Ip = *mut CodeUnit;
/// The first free slot of the evaluation stack.
pub type Sp = *mut StackRef;
/// The running frame. `'static` stands for "as long as it is the running frame".
pub type Frame = &'static InterpreterFrame;
/// The thread state.
pub type Ts = &'static PyThreadState;

/// An instruction. See [`crate::eval`] for what it may rely on.
pub type Handler = unsafe fn(Ip, Sp, Frame, Ts, usize) -> Flow;

/// What a handler gives back: nothing, where it tail-calls its successor.
#[cfg(not(taipan_trampoline))]
pub type Flow = ();

/// What a handler gives back to the trampoline: its successor and the state for it.
#[cfg(taipan_trampoline)]
#[derive(Clone, Copy)]
pub struct Flow {
    pub handler: Option<Handler>,
    pub ip: Ip,
    pub sp: Sp,
    pub frame: Frame,
    pub oparg: usize,
}

/// Goes on with `handler` in the given state.
#[cfg(not(taipan_trampoline))]
#[macro_export]
macro_rules! goto {
    ($handler:expr, $ip:expr, $sp:expr, $frame:expr, $ts:expr, $oparg:expr) => {
        return ($handler)($ip, $sp, $frame, $ts, $oparg)
    };
}
#[cfg(taipan_trampoline)]
#[macro_export]
macro_rules! goto {
    ($handler:expr, $ip:expr, $sp:expr, $frame:expr, $ts:expr, $oparg:expr) => {{
        let _ = $ts;
        return $crate::eval::Flow { handler: Some($handler), ip: $ip, sp: $sp, frame: $frame, oparg: $oparg };
    }};
}

/// Ends the chain of handlers.
#[cfg(not(taipan_trampoline))]
#[macro_export]
macro_rules! leave {
    ($ip:expr, $sp:expr, $frame:expr) => {
        return
    };
}
#[cfg(taipan_trampoline)]
#[macro_export]
macro_rules! leave {
    ($ip:expr, $sp:expr, $frame:expr) => {
        return $crate::eval::Flow { handler: None, ip: $ip, sp: $sp, frame: $frame, oparg: 0 }
    };
}

/// Starts a chain of handlers; comes back when it ends.
///
/// # Safety
/// The state is consistent: see [`crate::eval`].
#[inline(never)]
pub unsafe fn start(handler: Handler, ip: Ip, sp: Sp, frame: Frame, ts: Ts) {
    #[cfg(not(taipan_trampoline))]
    // SAFETY: by contract. The first instruction of a chain is never behind an EXTENDED_ARG.
    unsafe {
        handler(ip, sp, frame, ts, (*ip).arg as usize);
    }
    #[cfg(taipan_trampoline)]
    // SAFETY: by contract; each handler gives a consistent state to the next.
    unsafe {
        let mut flow = handler(ip, sp, frame, ts, (*ip).arg as usize);
        while let Some(next) = flow.handler {
            flow = next(flow.ip, flow.sp, flow.frame, ts, flow.oparg);
        }
    }
}

/// The handler of the instruction at `ip`.
///
/// # Safety
/// `ip` points into code.
#[inline(always)]
pub unsafe fn handler_at(ip: Ip) -> Handler {
    // SAFETY: by contract; the table has an entry for every byte.
    unsafe { *HANDLERS.get_unchecked((*ip).op as usize) }
}

/// Declares the handler of an instruction:
///
/// ```text
/// op!(POP_TOP(ip, sp, frame, ts, oparg) {
///     let value = pop!(sp);
///     close_next!(value; ip, sp, frame, ts)
/// });
/// ```
/// The body runs under the contract of [`crate::eval`] (it may use unsafe operations); `CACHES` is the number of its inline
/// cache units.
#[macro_export]
macro_rules! op {
    ($(#[$meta:meta])* $name:ident($ip:ident, $sp:ident, $frame:ident, $ts:ident, $oparg:ident) $body:block) => {
        $(#[$meta])*
        #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments)]
        pub unsafe fn $name(
            mut $ip: $crate::eval::Ip,
            mut $sp: $crate::eval::Sp,
            mut $frame: $crate::eval::Frame,
            $ts: $crate::eval::Ts,
            mut $oparg: usize,
        ) -> $crate::eval::Flow {
            #[allow(dead_code)]
            const CACHES: usize = taipan_bytecode::Opcode::$name.caches();
            // SAFETY: the contract of handlers, stated in `crate::eval`.
            #[allow(unused_unsafe)]
            unsafe { $body }
        }
    };
}

/// Goes on with the instruction at `ip`, fetching its argument.
#[macro_export]
macro_rules! dispatch {
    ($ip:expr, $sp:expr, $frame:expr, $ts:expr) => {{
        let ip_: $crate::eval::Ip = $ip;
        $crate::goto!($crate::eval::dispatch::handler_at(ip_), ip_, $sp, $frame, $ts, (*ip_).arg as usize)
    }};
}

/// Goes on with the instruction after this one.
#[macro_export]
macro_rules! next {
    ($ip:expr, $sp:expr, $frame:expr, $ts:expr) => {
        $crate::dispatch!($ip.add(1 + CACHES), $sp, $frame, $ts)
    };
}

/// Gives back the reference `v`, then goes on with the next instruction. Freeing is a tail call too, which keeps the
/// handler free of a stack frame.
#[macro_export]
macro_rules! close_next {
    ($v:expr; $ip:expr, $sp:expr, $frame:expr, $ts:expr) => {{
        let v_: taipan_object::types::frame::StackRef = $v;
        if v_.is_counted() && $crate::eval::dispatch::count_down(v_) {
            $crate::goto!($crate::eval::dispatch::free_then_dispatch, $ip.add(1 + CACHES), $sp, $frame, $ts, v_.0)
        }
        $crate::next!($ip, $sp, $frame, $ts)
    }};
}

/// An exception is set: unwinds. Inputs must have been given back and `sp` lowered.
#[macro_export]
macro_rules! throw {
    ($ip:expr, $sp:expr, $frame:expr, $ts:expr) => {
        $crate::goto!($crate::eval::unwind::exception_raised, $ip, $sp, $frame, $ts, 0)
    };
}

/// The reference in slot `sp[-n]` (`n` from 1: the top).
#[macro_export]
macro_rules! peek {
    ($sp:expr, $n:expr) => {
        *$sp.sub($n)
    };
}
/// Takes the top of the stack.
#[macro_export]
macro_rules! pop {
    ($sp:ident) => {{
        $sp = $sp.sub(1);
        *$sp
    }};
}
/// Pushes.
#[macro_export]
macro_rules! push {
    ($sp:ident, $v:expr) => {{
        let v_ = $v;
        *$sp = v_;
        $sp = $sp.add(1);
    }};
}
/// The cell of local variable `i`.
#[macro_export]
macro_rules! local {
    ($frame:expr, $i:expr) => {
        *$frame.locals_ptr().add($i)
    };
}

/// Counts a counted reference down; true if that was the last one, then the object is to be freed.
///
/// # Safety
/// A live counted reference, not used afterwards.
#[inline(always)]
pub unsafe fn count_down(v: StackRef) -> bool {
    // SAFETY: alive by contract.
    unsafe {
        let obj = &*v.as_ptr();
        let n = obj.refcnt() as u32;
        if (n as i32) < 0 {
            return false;
        }
        obj.set_refcnt(n - 1);
        n == 1
    }
}

/// Frees the object at address `dead`, then goes on at `ip`.
///
/// # Safety
/// A handler's contract; `dead` is an object whose count is zero.
#[cold]
pub unsafe fn free_then_dispatch(ip: Ip, sp: Sp, frame: Frame, ts: Ts, dead: usize) -> Flow {
    // SAFETY: by contract.
    unsafe {
        taipan_object::header::dealloc(dead as *mut taipan_object::PyObject);
        crate::dispatch!(ip, sp, frame, ts)
    }
}

/// A 16-bit inline cache entry, `i` units behind the instruction (1 is the first).
///
/// # Safety
/// The instruction has that many cache units.
#[inline(always)]
pub unsafe fn cache_u16(ip: Ip, i: usize) -> u16 {
    // SAFETY: by contract; code units are two bytes.
    unsafe { *(ip.add(i) as *const u16) }
}
/// A 32-bit entry.
///
/// # Safety
/// As [`cache_u16`].
#[inline(always)]
pub unsafe fn cache_u32(ip: Ip, i: usize) -> u32 {
    // SAFETY: by contract; entries are aligned to two bytes.
    unsafe { (ip.add(i) as *const u32).read_unaligned() }
}
/// A 64-bit entry.
///
/// # Safety
/// As [`cache_u16`].
#[inline(always)]
pub unsafe fn cache_u64(ip: Ip, i: usize) -> u64 {
    // SAFETY: by contract.
    unsafe { (ip.add(i) as *const u64).read_unaligned() }
}
/// Writes a 16-bit entry.
///
/// # Safety
/// As [`cache_u16`].
#[inline(always)]
pub unsafe fn set_cache_u16(ip: Ip, i: usize, v: u16) {
    // SAFETY: by contract.
    unsafe { *(ip.add(i) as *mut u16) = v }
}
/// Writes a 32-bit entry.
///
/// # Safety
/// As [`cache_u16`].
#[inline(always)]
pub unsafe fn set_cache_u32(ip: Ip, i: usize, v: u32) {
    // SAFETY: by contract.
    unsafe { (ip.add(i) as *mut u32).write_unaligned(v) }
}
/// Writes a 64-bit entry.
///
/// # Safety
/// As [`cache_u16`].
#[inline(always)]
pub unsafe fn set_cache_u64(ip: Ip, i: usize, v: u64) {
    // SAFETY: by contract.
    unsafe { (ip.add(i) as *mut u64).write_unaligned(v) }
}
