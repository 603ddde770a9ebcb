//! The way to `dashu-int` and back, for operands of many digits.

use super::super::{MASK, SHIFT};
use super::normalized;
use dashu_int::UBig;
use dashu_int::ops::DivRem;

/// Packs 30-bit digits into 64-bit words.
pub fn to_words(d: &[u32]) -> Vec<u64> {
    let mut out = Vec::with_capacity((d.len() * SHIFT as usize).div_ceil(64));
    let mut acc = 0u128;
    let mut bits = 0;
    for &x in d {
        acc |= (x as u128) << bits;
        bits += SHIFT;
        if bits >= 64 {
            out.push(acc as u64);
            acc >>= 64;
            bits -= 64;
        }
    }
    if bits > 0 && acc != 0 {
        out.push(acc as u64);
    }
    out
}

pub fn to_big(d: &[u32]) -> UBig {
    UBig::from_words(&to_words(d))
}

/// Digits that `words` words take, at most.
pub fn digits_of_words(words: usize) -> usize {
    (words * 64).div_ceil(SHIFT as usize)
}

/// Spreads words over 30-bit digits; what `out` has more is zero, what it has less is zero in `words`.
pub fn spread(words: &[u64], out: &mut [u32]) {
    let mut acc = 0u128;
    let mut bits = 0;
    let mut words = words.iter();
    for o in out {
        if bits < SHIFT {
            acc |= (words.next().copied().unwrap_or(0) as u128) << bits;
            bits += 64;
        }
        *o = acc as u32 & MASK;
        acc >>= SHIFT;
        bits -= SHIFT;
    }
}

/// The normalized digits of `v`.
pub fn to_digits(v: &UBig) -> Vec<u32> {
    let words = v.as_words();
    let mut out = vec![0; digits_of_words(words.len())];
    spread(words, &mut out);
    let n = normalized(&out).len();
    out.truncate(n);
    out
}

/// `a * b`; `out` has as many digits as both together.
pub fn mul(a: &[u32], b: &[u32], out: &mut [u32]) {
    let x = to_big(a);
    let product = if core::ptr::eq(a, b) { x.sqr() } else { x * to_big(b) };
    spread(product.as_words(), out);
}

/// As [`super::div::div_rem`].
pub fn div_rem(a: &[u32], b: &[u32], q: &mut [u32], r: &mut [u32]) {
    let (quotient, remainder) = to_big(a).div_rem(to_big(b));
    spread(quotient.as_words(), q);
    spread(remainder.as_words(), r);
}

/// `a ** n`. The caller has seen to it that the result fits memory.
pub fn pow(a: &[u32], n: usize) -> Vec<u32> {
    to_digits(&to_big(a).pow(n))
}

/// `a ** n % m` for `m` not zero.
pub fn pow_mod(a: &[u32], n: &[u32], m: &[u32]) -> Vec<u32> {
    let ring = dashu_int::fast_div::ConstDivisor::new(to_big(m));
    to_digits(&ring.reduce(to_big(a)).pow(&to_big(n)).residue())
}

/// The largest `r` with `r * r <= a`.
pub fn isqrt(a: &[u32]) -> Vec<u32> {
    use dashu_int::ops::SquareRoot;
    to_digits(&to_big(a).sqrt())
}

/// The greatest common divisor; zero for two zeros.
pub fn gcd(a: &[u32], b: &[u32]) -> Vec<u32> {
    use dashu_int::ops::Gcd;
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b.to_vec(),
        (_, true) => a.to_vec(),
        _ => to_digits(&to_big(a).gcd(to_big(b))),
    }
}

/// The inverse of `a` modulo `m > 1`, if there is one.
pub fn inverse(a: &[u32], m: &[u32]) -> Option<Vec<u32>> {
    let ring = dashu_int::fast_div::ConstDivisor::new(to_big(m));
    Some(to_digits(&ring.reduce(to_big(a)).inv()?.residue()))
}
