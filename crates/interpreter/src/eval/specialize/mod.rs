//! Specialisation (PEP 659): an adaptive instruction counts down in its first cache entry; at zero the functions of this
//! folder look at the operands and rewrite the instruction into a form for them, if there is one. A specialised form
//! whose guards fail goes to its base instruction, which goes on counting.

pub mod attr;
pub mod binary;
pub mod call;
pub mod compare;
pub mod global;
pub mod iter;
pub mod subscr;

use super::dispatch::{cache_u16, set_cache_u16};
use super::{Ip, Opcode};
use taipan_bytecode::MIN_INSTRUMENTED_OPCODE;

/// Counters are a 12-bit value above a 4-bit backoff exponent (`pycore_backoff.h`).
const fn counter(value: u16, backoff: u16) -> u16 {
    (value << 4) | backoff
}

/// Counter of code that has not run yet (`adaptive_counter_warmup`).
pub const WARMUP: u16 = counter(1, 1);
/// Counter of an instruction just specialised (`adaptive_counter_cooldown`).
pub const COOLDOWN: u16 = counter(52, 0);
const MAX_BACKOFF: u16 = 12;
/// Backoff that never triggers.
const UNREACHABLE: u16 = 15;

/// The counter after a failed attempt: the next attempt is twice as far away (`restart_backoff_counter`).
pub const fn restart(c: u16) -> u16 {
    let b = c & 15;
    let b = if b < MAX_BACKOFF { b + 1 } else { MAX_BACKOFF };
    counter(((1u32 << b) - 1) as u16, b)
}

/// True if the counter has run down.
#[inline(always)]
pub const fn triggers(c: u16) -> bool {
    c < UNREACHABLE
}

/// One step down.
#[inline(always)]
pub const fn advance(c: u16) -> u16 {
    c.wrapping_sub(1 << 4)
}

/// True if the instruction may be replaced by another form: not while it is instrumented.
///
/// # Safety
/// `ip` points into code.
#[inline(always)]
pub unsafe fn may_rewrite(ip: Ip) -> bool {
    // SAFETY: by contract.
    unsafe { (*ip).op < MIN_INSTRUMENTED_OPCODE }
}

/// Rewrites the instruction at `ip`.
///
/// # Safety
/// `ip` is an adaptive instruction of `to`'s family.
#[inline(always)]
pub unsafe fn specialized(ip: Ip, to: Opcode) {
    // SAFETY: by contract; the counter is the first cache entry.
    unsafe {
        (*ip).op = to as u8;
        set_cache_u16(ip, 1, COOLDOWN);
    }
}

/// No form fits: tries again later, each time twice as late. A specialised instruction goes back to its base form.
///
/// # Safety
/// As [`specialized`].
pub unsafe fn failed(ip: Ip) {
    // SAFETY: by contract.
    unsafe {
        if let Some(op) = Opcode::from_u8((*ip).op) {
            (*ip).op = op.deopt() as u8;
        }
        set_cache_u16(ip, 1, restart(cache_u16(ip, 1)));
    }
}

/// At the start of an adaptive instruction: counts, and when the counter has run down calls `$specialize` (which must
/// rewrite the instruction or call [`failed`]) and runs whatever the instruction is now.
#[macro_export]
macro_rules! adaptive {
    ($ip:expr, $sp:expr, $frame:expr, $ts:expr, $oparg:expr, $specialize:expr) => {{
        let counter_ = $crate::eval::dispatch::cache_u16($ip, 1);
        if $crate::eval::specialize::triggers(counter_) && $crate::eval::specialize::may_rewrite($ip) {
            $frame.stackpointer.set($sp);
            $specialize;
            $crate::goto!($crate::eval::dispatch::handler_at($ip), $ip, $sp, $frame, $ts, $oparg)
        }
        $crate::eval::dispatch::set_cache_u16($ip, 1, $crate::eval::specialize::advance(counter_));
    }};
}
pub use crate::adaptive;
