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

/// In this range of words the crate's transform is several times slower than its Toom-Cook multiplication would be
/// (measured; from above on the transform's better growth pays): products are split until their parts are below.
const SPLIT: core::ops::Range<usize> = 4000..150_000;

/// `a * b`.
fn product(a: &UBig, b: &UBig) -> UBig {
    let shorter = a.as_words().len().min(b.as_words().len());
    if !SPLIT.contains(&shorter) {
        return a * b;
    }
    // Karatsuba.
    let half = a.as_words().len().max(b.as_words().len()).div_ceil(2) * 64;
    let ((a0, a1), (b0, b1)) = (a.clone().split_bits(half), b.clone().split_bits(half));
    let (low, high) = (product(&a0, &b0), product(&a1, &b1));
    let middle = product(&(a0 + a1), &(b0 + b1)) - &low - &high;
    low + (middle << half) + (high << (2 * half))
}

/// `a * a`.
fn square(a: &UBig) -> UBig {
    let words = a.as_words().len();
    if !SPLIT.contains(&words) {
        return a.sqr();
    }
    let half = words.div_ceil(2) * 64;
    let (a0, a1) = a.clone().split_bits(half);
    let (low, high) = (square(&a0), square(&a1));
    let middle = square(&(a0 + a1)) - &low - &high;
    low + (middle << half) + (high << (2 * half))
}

/// `a * b`; `out` has as many digits as both together.
pub fn mul(a: &[u32], b: &[u32], out: &mut [u32]) {
    let x = to_big(a);
    let p = if core::ptr::eq(a, b) { square(&x) } else { product(&x, &to_big(b)) };
    spread(p.as_words(), out);
}

/// As [`super::div::div_rem`].
pub fn div_rem(a: &[u32], b: &[u32], q: &mut [u32], r: &mut [u32]) {
    let (quotient, remainder) = to_big(a).div_rem(to_big(b));
    spread(quotient.as_words(), q);
    spread(remainder.as_words(), r);
}

/// `a ** n` for `n` not zero. The caller has seen to it that the result fits memory.
pub fn pow(a: &[u32], n: usize) -> Vec<u32> {
    let base = to_big(a);
    // The trailing zeros of the base only shift the result.
    let zeros = base.trailing_zeros().unwrap_or(0);
    let odd = base >> zeros;
    let mut result = odd.clone();
    for bit in (0..n.ilog2()).rev() {
        result = square(&result);
        if n >> bit & 1 != 0 {
            result = product(&result, &odd);
        }
    }
    to_digits(&(result << (zeros * n)))
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
