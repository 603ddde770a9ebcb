//! Arithmetic on magnitudes: slices of 30-bit digits, least significant first. Pure functions, no objects.
//!
//! *Normalized* means without leading zeros; zero is the empty slice. Small operands are worked on in place and on the
//! stack; past measured lengths the work goes to `dashu-int` ([`big`]), whose algorithms are better than quadratic.

pub mod big;
pub mod div;
pub mod mul;
pub mod radix;

#[cfg(test)]
mod tests;

use super::{MASK, SHIFT};
use crate::numfmt::ieee;
use core::cmp::Ordering;

/// Without leading zeros.
#[inline]
pub fn normalized(d: &[u32]) -> &[u32] {
    let n = d.iter().rposition(|&x| x != 0).map_or(0, |i| i + 1);
    &d[..n]
}

/// Order of two normalized magnitudes.
#[inline]
pub fn cmp(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// `a + b`; `out` has one digit more than the longer operand. All of `out` is written.
#[inline]
pub fn add(a: &[u32], b: &[u32], out: &mut [u32]) {
    let (a, b) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    debug_assert_eq!(out.len(), a.len() + 1);
    let (low, high) = a.split_at(b.len());
    let mut carry = 0;
    for ((o, &x), &y) in out.iter_mut().zip(low).zip(b) {
        carry += x + y;
        *o = carry & MASK;
        carry >>= SHIFT;
    }
    for (o, &x) in out[b.len()..].iter_mut().zip(high) {
        carry += x;
        *o = carry & MASK;
        carry >>= SHIFT;
    }
    out[a.len()] = carry;
}

/// `a - b` for `a >= b`; `out` is as long as `a`.
#[inline]
pub fn sub(a: &[u32], b: &[u32], out: &mut [u32]) {
    debug_assert!(out.len() == a.len() && a.len() >= b.len());
    let (low, high) = a.split_at(b.len());
    let mut borrow = 0u32;
    for ((o, &x), &y) in out.iter_mut().zip(low).zip(b) {
        let d = x.wrapping_sub(y).wrapping_sub(borrow);
        *o = d & MASK;
        borrow = d >> 31;
    }
    for (o, &x) in out[b.len()..].iter_mut().zip(high) {
        let d = x.wrapping_sub(borrow);
        *o = d & MASK;
        borrow = d >> 31;
    }
    debug_assert_eq!(borrow, 0);
}

/// Adds `n` in place; gives the carry out.
pub fn add_small(d: &mut [u32], n: u32) -> u32 {
    let mut carry = n;
    for x in d {
        if carry == 0 {
            break;
        }
        let s = *x + carry;
        *x = s & MASK;
        carry = s >> SHIFT;
    }
    carry
}

/// Number of bits of a normalized magnitude.
#[inline]
pub fn bit_length(d: &[u32]) -> u64 {
    match d.last() {
        Some(&top) => (d.len() as u64 - 1) * SHIFT as u64 + (32 - top.leading_zeros()) as u64,
        None => 0,
    }
}

/// Number of zero bits below the lowest one of a non-zero magnitude.
pub fn trailing_zeros(d: &[u32]) -> u64 {
    let i = d.iter().position(|&x| x != 0).unwrap_or(0);
    i as u64 * SHIFT as u64 + d.get(i).map_or(0, |x| x.trailing_zeros()) as u64
}

/// Digits of `a << bits`, at most.
#[inline]
pub fn shl_len(a: &[u32], bits: u64) -> u64 {
    (bit_length(a) + bits).div_ceil(SHIFT as u64)
}

/// `a << bits`; `out` has at least [`shl_len`] digits and is written whole.
pub fn shl(a: &[u32], bits: u64, out: &mut [u32]) {
    let (words, rest) = ((bits / SHIFT as u64) as usize, (bits % SHIFT as u64) as u32);
    if a.is_empty() {
        return out.fill(0);
    }
    out[..words].fill(0);
    let mut carry = 0u64;
    let mut i = words;
    for &x in a {
        carry |= (x as u64) << rest;
        out[i] = carry as u32 & MASK;
        carry >>= SHIFT;
        i += 1;
        if i == out.len() {
            debug_assert!(carry == 0);
            return;
        }
    }
    out[i] = carry as u32;
    out[i + 1..].fill(0);
}

/// `a >> bits`, cut off; gives whether a one was shifted out. `out` has `shr_len` digits.
pub fn shr(a: &[u32], bits: u64, out: &mut [u32]) -> bool {
    let (words, rest) = ((bits / SHIFT as u64) as usize, (bits % SHIFT as u64) as u32);
    debug_assert_eq!(out.len(), shr_len(a, bits));
    if words >= a.len() {
        return a.iter().any(|&x| x != 0);
    }
    let lost = a[..words].iter().any(|&x| x != 0) || a[words] & ((1 << rest) - 1) != 0;
    let tail = &a[words..];
    for (i, o) in out.iter_mut().enumerate() {
        let next = tail.get(i + 1).copied().unwrap_or(0);
        *o = ((tail[i] >> rest) as u64 | (next as u64) << (SHIFT - rest)) as u32 & MASK;
    }
    lost
}

/// Digits that [`shr`] writes.
#[inline]
pub fn shr_len(a: &[u32], bits: u64) -> usize {
    a.len().saturating_sub(usize::try_from(bits / SHIFT as u64).unwrap_or(usize::MAX))
}

/// A magnitude of at most 64 bits.
#[inline]
pub fn to_u64(d: &[u32]) -> Option<u64> {
    match *d {
        [] => Some(0),
        [a] => Some(a as u64),
        [a, b] => Some(a as u64 | (b as u64) << SHIFT),
        [a, b, c] if c < 16 => Some(a as u64 | (b as u64) << SHIFT | (c as u64) << (2 * SHIFT)),
        _ => None,
    }
}

/// The digits of `v` and their number.
#[inline]
pub fn from_u64(v: u64) -> ([u32; 3], usize) {
    let d = [v as u32 & MASK, (v >> SHIFT) as u32 & MASK, (v >> (2 * SHIFT)) as u32];
    (d, normalized(&d).len())
}

/// The upper 64 bits of a magnitude of more than 64, the lowest of them set if any bit below is; and the number of bits
/// below.
pub fn top_bits(d: &[u32]) -> (u64, u64) {
    let shift = bit_length(d) - 64;
    let mut out = [0u32; 4];
    let from = (shift / SHIFT as u64) as usize;
    let n = d.len() - from;
    let lost = d[..from].iter().any(|&x| x != 0);
    let lost = shr(&d[from..], shift % SHIFT as u64, &mut out[..n]) | lost;
    let v = out[0] as u64 | (out[1] as u64) << SHIFT | (out[2] as u64) << (2 * SHIFT);
    (v | lost as u64, shift)
}

/// The nearest float, ties to even; `None` if there is none that large.
pub fn to_f64(d: &[u32]) -> Option<f64> {
    if let Some(v) = to_u64(d) {
        return Some(v as f64);
    }
    let (m, shift) = top_bits(d);
    if shift > 2048 {
        return None;
    }
    let v = ieee::compose(m, shift as i64);
    v.is_finite().then_some(v)
}

/// Mantissa in [0.5, 1) rounded half to even, and exponent of a non-zero magnitude.
pub fn frexp(d: &[u32]) -> (f64, u64) {
    let (m, shift) = match to_u64(d) {
        Some(v) => (v, 0),
        None => top_bits(d),
    };
    let (m, e) = crate::abstracts::hash::frexp(m as f64);
    (m, shift + e as u64)
}

/// Compares a magnitude with a finite, non-negative float, exactly.
pub fn cmp_f64(d: &[u32], v: f64) -> Ordering {
    if v == 0.0 {
        return if d.is_empty() { Ordering::Equal } else { Ordering::Greater };
    }
    let (m, e) = crate::abstracts::hash::frexp(v);
    let bits = bit_length(d) as i64;
    if bits != e.max(0) as i64 {
        return bits.cmp(&(e.max(0) as i64));
    }
    // As many bits before the point: at most 1024, so both as digits.
    let fraction = v.fract() != 0.0;
    let mut whole = [0u32; 36];
    let m = (m * 9_007_199_254_740_992.0) as u64;
    let shift = e as i64 - 53;
    let n = if shift >= 0 {
        let (md, n) = from_u64(m);
        let len = shl_len(&md[..n], shift as u64) as usize;
        shl(&md[..n], shift as u64, &mut whole[..len]);
        len
    } else {
        let (md, n) = from_u64(if shift > -64 { m >> -shift } else { 0 });
        whole[..n].copy_from_slice(&md[..n]);
        n
    };
    let order = cmp(d, normalized(&whole[..n]));
    if order.is_eq() && fraction { Ordering::Less } else { order }
}

/// The magnitude modulo the prime of numeric hashes.
pub fn hash(d: &[u32]) -> u64 {
    use crate::abstracts::hash::{HASH_BITS, HASH_MODULUS};
    let mut x = 0u64;
    for &digit in d.iter().rev() {
        x = ((x << SHIFT) & HASH_MODULUS) | (x >> (HASH_BITS - SHIFT));
        x += digit as u64;
        if x >= HASH_MODULUS {
            x -= HASH_MODULUS;
        }
    }
    x
}

/// The digits of an int as two's complement, sign-extended without end.
struct TwosComplement<'a> {
    digits: core::slice::Iter<'a, u32>,
    negative: bool,
    carry: u32,
}

impl<'a> TwosComplement<'a> {
    fn new(negative: bool, d: &'a [u32]) -> Self {
        TwosComplement { digits: d.iter(), negative, carry: 1 }
    }

    #[inline(always)]
    fn next(&mut self) -> u32 {
        let x = self.digits.next().copied().unwrap_or(0);
        if !self.negative {
            return x;
        }
        let v = (x ^ MASK) + self.carry;
        self.carry = v >> SHIFT;
        v & MASK
    }
}

/// `&`, `|` or `^` of two ints in two's complement, by `op` on digits. `out` has one digit more than the longer operand;
/// gives whether the result is negative.
#[inline(always)]
pub fn bitwise(a: (bool, &[u32]), b: (bool, &[u32]), out: &mut [u32], op: impl Fn(u32, u32) -> u32) -> bool {
    let (mut x, mut y) = (TwosComplement::new(a.0, a.1), TwosComplement::new(b.0, b.1));
    for o in out.iter_mut() {
        *o = op(x.next(), y.next()) & MASK;
    }
    let negative = op(a.0 as u32, b.0 as u32) & 1 != 0;
    if negative {
        let mut carry = 1;
        for o in out {
            let v = (*o ^ MASK) + carry;
            *o = v & MASK;
            carry = v >> SHIFT;
        }
    }
    negative
}

/// Writes an int in two's complement, little-endian; false if it does not fit (what fits is written).
pub fn to_le_bytes(negative: bool, d: &[u32], out: &mut [u8], signed: bool) -> bool {
    let mut digits = TwosComplement::new(negative, d);
    let mut acc = 0u64;
    let mut bits = 0;
    for o in out.iter_mut() {
        if bits < 8 {
            acc |= (digits.next() as u64) << bits;
            bits += SHIFT;
        }
        *o = acc as u8;
        acc >>= 8;
        bits -= 8;
    }
    let room = out.len() as u64 * 8;
    let needed = bit_length(d);
    if !signed {
        return !negative && needed <= room;
    }
    if needed < room || d.is_empty() {
        return true;
    }
    // The one value that takes the sign bit itself: -2**(room - 1).
    negative && needed == room && trailing_zeros(d) == room - 1
}

/// The digits of a two's complement number, little-endian, into `out` of [`from_le_bytes_len`] digits; gives whether it
/// is negative.
pub fn from_le_bytes(bytes: &[u8], signed: bool, out: &mut [u32]) -> bool {
    let negative = signed && bytes.last().is_some_and(|&b| b & 0x80 != 0);
    let mut acc = 0u64;
    let mut bits = 0;
    let mut carry = 1u64;
    let mut i = 0;
    for &b in bytes {
        let mut b = b as u64;
        if negative {
            b = (b ^ 0xff) + carry;
            carry = b >> 8;
            b &= 0xff;
        }
        acc |= b << bits;
        bits += 8;
        if bits >= SHIFT {
            out[i] = acc as u32 & MASK;
            i += 1;
            acc >>= SHIFT;
            bits -= SHIFT;
        }
    }
    if i < out.len() {
        out[i] = acc as u32;
        i += 1;
    }
    out[i..].fill(0);
    // -2**(8 * n - 1) and the like carry out of the bytes only for zero, which is not negative.
    negative
}

/// Digits that hold `n` bytes.
pub fn from_le_bytes_len(n: usize) -> usize {
    (n * 8).div_ceil(SHIFT as usize)
}
