//! The native stack guard: how much of this thread's stack is left (CPython's `_Py_ReachedRecursionLimit`).

use core::cell::Cell;

/// Kept free for the handling of the error and for code that does not ask (`_PyOS_STACK_MARGIN_BYTES`, doubled).
const MARGIN: usize = 96 * 1024;

thread_local! {
    static LIMIT: Cell<usize> = const { Cell::new(0) };
    static TOP: Cell<usize> = const { Cell::new(0) };
}

/// An address in the current stack frame. Taken from the register: the address of a local would keep the evaluation
/// loop's handlers from ending in tail calls.
#[inline(always)]
fn here() -> usize {
    let sp: usize;
    // SAFETY: reads a register.
    unsafe { core::arch::asm!("mov {}, rsp", out(reg) sp, options(nomem, nostack, preserves_flags)) };
    sp
}

/// True if less than the margin is left. One thread-local load and a comparison.
#[inline(always)]
pub fn near_limit() -> bool {
    let limit = LIMIT.get();
    here() < limit || (limit == 0 && measure())
}

/// The lowest address that code may use, for loops that keep it at hand.
pub fn limit() -> usize {
    if LIMIT.get() == 0 {
        measure();
    }
    LIMIT.get()
}

/// Bytes of stack in use.
pub fn used() -> usize {
    TOP.get().saturating_sub(here())
}

#[cold]
fn measure() -> bool {
    // SAFETY: plain pthread calls on the current thread with a local attribute object.
    unsafe {
        let mut attr: libc::pthread_attr_t = core::mem::zeroed();
        let mut addr = core::ptr::null_mut();
        let mut size = 0usize;
        if libc::pthread_getattr_np(libc::pthread_self(), &raw mut attr) == 0 {
            if libc::pthread_attr_getstack(&raw const attr, &raw mut addr, &raw mut size) == 0 && size > 0 {
                let low = addr as usize;
                TOP.set(low + size);
                LIMIT.set(low + MARGIN.min(size / 2));
            }
            libc::pthread_attr_destroy(&raw mut attr);
        }
    }
    if LIMIT.get() == 0 {
        TOP.set(here());
        LIMIT.set(here().saturating_sub(1 << 20));
    }
    here() < LIMIT.get()
}
