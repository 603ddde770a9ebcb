//! Text of magnitudes in bases 2 to 36, and back.

use super::super::{MASK, SHIFT};
use super::{big, bit_length, to_u64};
use crate::types::int::digits::div::div_small;

const LOWER: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Magnitudes of at least this many digits are converted to decimal by `dashu-int` (measured).
const BIG_CUTOFF: usize = 70;
/// Literals of at least this many characters are read by it.
const BIG_LITERAL: usize = 160;

/// Decimal places of a limb of [`to_decimal`].
const DECIMAL_PLACES: usize = 9;
const DECIMAL_BASE: u64 = 10u64.pow(DECIMAL_PLACES as u32);
/// Limbs that so many digits take: their bits, by the bits of a limb, which are a little less than 30.
const DECIMAL_LIMBS: usize = BIG_CUTOFF * 300 / 298 + 2;

/// Writes `v` in decimal to the end of `out`; gives where it starts.
#[inline]
pub fn write_u64(mut v: u64, out: &mut [u8; 20]) -> usize {
    static PAIRS: [[u8; 2]; 100] = {
        let mut t = [[0; 2]; 100];
        let mut i = 0;
        while i < 100 {
            t[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
            i += 1;
        }
        t
    };
    let mut i = out.len();
    while v >= 100 {
        i -= 2;
        out[i..i + 2].copy_from_slice(&PAIRS[(v % 100) as usize]);
        v /= 100;
    }
    if v >= 10 {
        i -= 2;
        out[i..i + 2].copy_from_slice(&PAIRS[v as usize]);
    } else {
        i -= 1;
        out[i] = b'0' + v as u8;
    }
    i
}

/// Appends the decimal text.
pub fn to_decimal(d: &[u32], out: &mut Vec<u8>) {
    if let Some(v) = to_u64(d) {
        let mut buf = [0; 20];
        let at = write_u64(v, &mut buf);
        out.extend_from_slice(&buf[at..]);
        return;
    }
    if d.len() >= BIG_CUTOFF {
        out.extend_from_slice(big::to_big(d).to_string().as_bytes());
        return;
    }
    // Limbs in base 10**9: the operand is short.
    let mut limbs = [0u32; DECIMAL_LIMBS];
    let mut n = 0;
    for &digit in d.iter().rev() {
        let mut carry = digit as u64;
        for limb in &mut limbs[..n] {
            carry |= (*limb as u64) << SHIFT;
            let high = carry / DECIMAL_BASE;
            *limb = (carry - high * DECIMAL_BASE) as u32;
            carry = high;
        }
        while carry != 0 {
            limbs[n] = (carry % DECIMAL_BASE) as u32;
            carry /= DECIMAL_BASE;
            n += 1;
        }
    }
    for (i, &limb) in limbs[..n].iter().rev().enumerate() {
        let mut buf = [b'0'; 20];
        let at = write_u64(limb as u64, &mut buf);
        out.extend_from_slice(&buf[if i == 0 { at } else { buf.len() - DECIMAL_PLACES }..]);
    }
}

/// Appends the text in base 2, 8 or 16 (or 4, 32).
pub fn to_power_of_two(d: &[u32], bits_per_char: u32, out: &mut Vec<u8>) {
    let total = bit_length(d);
    if total == 0 {
        out.push(b'0');
        return;
    }
    let chars = total.div_ceil(bits_per_char as u64) as usize;
    let start = out.len();
    out.resize(start + chars, b'0');
    let mask = (1u64 << bits_per_char) - 1;
    let mut acc = 0u64;
    let mut bits = 0;
    let mut digits = d.iter();
    for o in out[start..].iter_mut().rev() {
        if bits < bits_per_char {
            acc |= (digits.next().copied().unwrap_or(0) as u64) << bits;
            bits += SHIFT;
        }
        *o = LOWER[(acc & mask) as usize];
        acc >>= bits_per_char;
        bits -= bits_per_char;
    }
}

/// Appends the text in any base from 2 to 36, lower case.
pub fn to_radix(d: &[u32], base: u32, out: &mut Vec<u8>) {
    match base {
        10 => to_decimal(d, out),
        _ if base.is_power_of_two() => to_power_of_two(d, base.trailing_zeros(), out),
        _ if d.len() >= BIG_CUTOFF => {
            out.extend_from_slice(big::to_big(d).in_radix(base as u8).to_string().as_bytes());
        }
        _ => {
            let start = out.len();
            let mut rest = d.to_vec();
            let mut n = rest.len();
            while n > 0 {
                let (from, to) = (rest[..n].to_vec(), &mut rest[..n]);
                out.push(LOWER[div_small(&from, base, to) as usize]);
                while n > 0 && rest[n - 1] == 0 {
                    n -= 1;
                }
            }
            if out.len() == start {
                out.push(b'0');
            }
            out[start..].reverse();
        }
    }
}

/// The value of a character in bases up to 36; 37 or more for others.
#[inline(always)]
pub fn char_value(c: u8) -> u32 {
    match c {
        b'0'..=b'9' => (c - b'0') as u32,
        b'a'..=b'z' => (c - b'a') as u32 + 10,
        b'A'..=b'Z' => (c - b'A') as u32 + 10,
        _ => 37,
    }
}

/// The digits of a literal: characters of the base only, at least one.
pub fn parse(text: &[u8], base: u32) -> Vec<u32> {
    if base.is_power_of_two() {
        let bits_per_char = base.trailing_zeros();
        let mut out = Vec::with_capacity((text.len() * bits_per_char as usize).div_ceil(SHIFT as usize));
        let mut acc = 0u64;
        let mut bits = 0;
        for &c in text.iter().rev() {
            acc |= (char_value(c) as u64) << bits;
            bits += bits_per_char;
            if bits >= SHIFT {
                out.push(acc as u32 & MASK);
                acc >>= SHIFT;
                bits -= SHIFT;
            }
        }
        if acc != 0 {
            out.push(acc as u32);
        }
        return out;
    }
    if text.len() >= BIG_LITERAL
        && let Ok(s) = core::str::from_utf8(text)
        && let Ok(v) = dashu_int::UBig::from_str_radix(s, base)
    {
        return big::to_digits(&v);
    }
    // As many characters at a time as fit a digit.
    let per_digit = if base == 10 { 9 } else { (MASK as f64).log(base as f64) as usize };
    let mut out: Vec<u32> = Vec::with_capacity(text.len() / 4 + 2);
    let mut rest = text;
    while !rest.is_empty() {
        let n = match rest.len() % per_digit {
            0 => per_digit,
            n => n,
        };
        let (part, tail) = rest.split_at(n);
        rest = tail;
        let mut carry = part.iter().fold(0, |v, &c| v * base as u64 + char_value(c) as u64);
        let factor = (base as u64).pow(n as u32);
        for x in &mut out {
            carry += *x as u64 * factor;
            *x = carry as u32 & MASK;
            carry >>= SHIFT;
        }
        while carry != 0 {
            out.push(carry as u32 & MASK);
            carry >>= SHIFT;
        }
    }
    out
}
