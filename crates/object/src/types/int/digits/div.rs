//! Division.

use super::super::{BASE, MASK, SHIFT};
use super::{big, bit_length, normalized, shl, shl_len, shr, shr_len, to_u64};
use crate::numfmt::ieee;

/// Divisor and quotient with at least this many digits go to [`big`] (measured).
pub const BIG_CUTOFF: usize = 24;

/// `a / n` for a digit `n`, not zero; gives the remainder. `out` is as long as `a`.
#[inline]
pub fn div_small(a: &[u32], n: u32, out: &mut [u32]) -> u32 {
    let mut rem = 0u64;
    for (o, &x) in out.iter_mut().zip(a).rev() {
        let v = rem << SHIFT | x as u64;
        *o = (v / n as u64) as u32;
        rem = v % n as u64;
    }
    rem as u32
}

/// `a % n` for a digit `n`.
#[inline]
pub fn rem_small(a: &[u32], n: u32) -> u32 {
    a.iter().rev().fold(0, |rem, &x| (rem << SHIFT | x as u64) % n as u64) as u32
}

/// Quotient and remainder of normalized magnitudes, `b` not zero and not longer than `a`. `q` has
/// `a.len() - b.len() + 1` digits, `r` as many as `b`; both are written whole.
pub fn div_rem(a: &[u32], b: &[u32], q: &mut [u32], r: &mut [u32]) {
    debug_assert!(!b.is_empty() && a.len() >= b.len());
    debug_assert!(q.len() == a.len() - b.len() + 1 && r.len() == b.len());
    if b.len() == 1 {
        r[0] = div_small(a, b[0], q);
        return;
    }
    if b.len() >= BIG_CUTOFF && q.len() >= BIG_CUTOFF {
        return big::div_rem(a, b, q, r);
    }
    long_division(a, b, q, r);
}

/// As [`div_rem`] for a divisor of at least two digits, by schoolbook division.
pub fn long_division(a: &[u32], b: &[u32], q: &mut [u32], r: &mut [u32]) {
    // Long division, the divisor shifted so that its top digit is at least half the base: an estimate of a quotient
    // digit from two digits by one is then at most two too large, from three by two at most one.
    let shift = b[b.len() - 1].leading_zeros() as u64 - 2;
    let n = b.len();
    let mut stack = [0u32; 192];
    let mut heap;
    let need = a.len() + 1 + n;
    let work = if need <= stack.len() {
        &mut stack[..need]
    } else {
        heap = vec![0u32; need];
        &mut heap[..]
    };
    let (v, u) = work.split_at_mut(n);
    shl(b, shift, v);
    shl(a, shift, u);
    let (v1, v2) = (v[n - 1] as u64, v[n - 2] as u64);
    for j in (0..q.len()).rev() {
        let top = (u[j + n] as u64) << SHIFT | u[j + n - 1] as u64;
        let mut digit = top / v1;
        let mut rest = top - digit * v1;
        while digit >= BASE as u64 || digit * v2 > (rest << SHIFT | u[j + n - 2] as u64) {
            digit -= 1;
            rest += v1;
            if rest >= BASE as u64 {
                break;
            }
        }
        let mut borrow = 0i64;
        for (x, &y) in u[j..j + n].iter_mut().zip(&*v) {
            let t = *x as i64 - borrow - (digit * y as u64) as i64;
            *x = t as u32 & MASK;
            borrow = -(t >> SHIFT);
        }
        let t = u[j + n] as i64 - borrow;
        u[j + n] = t as u32 & MASK;
        if t < 0 {
            // One too large after all.
            digit -= 1;
            let mut carry = 0;
            for (x, &y) in u[j..j + n].iter_mut().zip(&*v) {
                carry += *x + y;
                *x = carry & MASK;
                carry >>= SHIFT;
            }
            u[j + n] = (u[j + n] + carry) & MASK;
        }
        q[j] = digit as u32;
    }
    shr(&u[..n], shift, r);
}

/// The nearest float to the quotient of normalized magnitudes, `b` not zero; `None` if it is too large.
pub fn to_f64(a: &[u32], b: &[u32]) -> Option<f64> {
    if a.is_empty() {
        return Some(0.0);
    }
    const EXACT: u64 = 1 << 53;
    if let (Some(x), Some(y)) = (to_u64(a), to_u64(b))
        && x <= EXACT
        && y <= EXACT
    {
        return Some(x as f64 / y as f64);
    }
    // A quotient of 63 or 64 bits, its lowest one set if anything is left: more than enough to round from.
    let diff = bit_length(a) as i64 - bit_length(b) as i64;
    if diff > 1025 {
        return None;
    }
    if diff < -1080 {
        return Some(0.0);
    }
    let shift = diff - 63;
    let (mut x, lost);
    if shift > 0 {
        x = vec![0; shr_len(a, shift as u64)];
        lost = shr(a, shift as u64, &mut x);
    } else {
        x = vec![0; shl_len(a, -shift as u64) as usize];
        shl(a, -shift as u64, &mut x);
        lost = false;
    }
    let x = normalized(&x);
    let (mut q, mut r) = (vec![0; x.len() - b.len() + 1], vec![0; b.len()]);
    div_rem(x, b, &mut q, &mut r);
    let q = to_u64(normalized(&q))?;
    let sticky = lost || r.iter().any(|&d| d != 0);
    let v = ieee::compose(q | sticky as u64, shift);
    v.is_finite().then_some(v)
}
