//! Multiplication.

use super::super::{MASK, SHIFT};
use super::big;

/// Two digits in one word.
const LIMB_BITS: u32 = 2 * SHIFT;
const LIMB_MASK: u64 = (1 << LIMB_BITS) - 1;

/// Limbs that are worked on on the stack: products of up to twice as many digits. Sums of this many products of limbs
/// fit 128 bits.
const STACK_LIMBS: usize = 40;

/// Operands with at least this many digits go to [`big`] (measured: the conversion pays from here on).
pub const BIG_CUTOFF: usize = 64;

/// `a * b` of normalized magnitudes; `out` has as many digits as both together and is written whole.
pub fn mul(a: &[u32], b: &[u32], out: &mut [u32]) {
    debug_assert_eq!(out.len(), a.len() + b.len());
    let (a, b) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    match b.len() {
        0 => out.fill(0),
        1 => out[a.len()] = mul_small(a, b[0], 0, &mut out[..a.len()]),
        2 if a.len() == 2 => {
            let pair = |d: &[u32]| (d[0] as u64 | (d[1] as u64) << SHIFT) as u128;
            let mut product = pair(a) * pair(b);
            for o in out {
                *o = product as u32 & MASK;
                product >>= SHIFT;
            }
        }
        n if n >= BIG_CUTOFF => big::mul(a, b, out),
        _ if a.len() <= 2 * STACK_LIMBS => columns(a, b, out),
        // A long operand times a short one: piece by piece.
        _ => {
            out.fill(0);
            let mut piece = [0u32; 4 * STACK_LIMBS];
            for (i, part) in a.chunks(2 * STACK_LIMBS).enumerate() {
                let product = &mut piece[..part.len() + b.len()];
                columns(part, b, product);
                add_at(&mut out[i * 2 * STACK_LIMBS..], product);
            }
        }
    }
}

/// Adds `part` to the lower digits of `out`; the sum fits.
fn add_at(out: &mut [u32], part: &[u32]) {
    let mut carry = 0;
    for (o, &p) in out.iter_mut().zip(part) {
        let s = *o + p + carry;
        *o = s & MASK;
        carry = s >> SHIFT;
    }
    if carry != 0 && part.len() < out.len() {
        super::add_small(&mut out[part.len()..], carry);
    }
}

/// `a * n + add`; gives the carry out.
#[inline]
pub fn mul_small(a: &[u32], n: u32, add: u32, out: &mut [u32]) -> u32 {
    let mut carry = add as u64;
    for (o, &x) in out.iter_mut().zip(a) {
        carry += x as u64 * n as u64;
        *o = carry as u32 & MASK;
        carry >>= SHIFT;
    }
    carry as u32
}

#[inline(always)]
fn pack(d: &[u32], out: &mut [u64; STACK_LIMBS]) -> usize {
    let n = d.len().div_ceil(2);
    for (o, pair) in out.iter_mut().zip(d.chunks(2)) {
        *o = pair[0] as u64 | (pair.get(1).copied().unwrap_or(0) as u64) << SHIFT;
    }
    n
}

/// Schoolbook multiplication, a column of the result at a time, on pairs of digits.
fn columns(a: &[u32], b: &[u32], out: &mut [u32]) {
    let (mut x, mut y) = ([0u64; STACK_LIMBS], [0u64; STACK_LIMBS]);
    let (n, m) = (pack(a, &mut x), pack(b, &mut y));
    let mut carry = 0u128;
    for k in 0..n + m {
        let first = (k + 1).saturating_sub(m);
        let last = k.min(n - 1);
        let mut sum = carry;
        if first <= last {
            for (p, q) in x[first..=last].iter().zip(y[k - last..=k - first].iter().rev()) {
                sum += *p as u128 * *q as u128;
            }
        }
        let limb = sum as u64 & LIMB_MASK;
        carry = sum >> LIMB_BITS;
        match out.get_mut(2 * k..2 * k + 2) {
            Some(pair) => {
                pair[0] = limb as u32 & MASK;
                pair[1] = (limb >> SHIFT) as u32;
            }
            // An odd number of digits, or none left: the rest is zero.
            None => {
                if let Some(o) = out.get_mut(2 * k) {
                    *o = limb as u32 & MASK;
                }
            }
        }
    }
}
