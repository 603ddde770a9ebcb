//! The operators of ints, on objects.

use super::{BASE, MASK, PyLong, SHIFT, digits};
use crate::declare::CompareOp;
use crate::{Py, PyResult, Python, err, raise};
use core::cmp::Ordering;

/// `a + b` of any two ints. Compact operands take a few instructions.
#[inline]
pub fn fast_add(py: Python, a: &PyLong, b: &PyLong) -> PyResult<Py<PyLong>> {
    if PyLong::both_compact(a, b) {
        return from_two_digits(py, a.compact_value() + b.compact_value());
    }
    add_signed(py, a, b, b.is_negative())
}

/// `a - b`.
#[inline]
pub fn fast_subtract(py: Python, a: &PyLong, b: &PyLong) -> PyResult<Py<PyLong>> {
    if PyLong::both_compact(a, b) {
        return from_two_digits(py, a.compact_value() - b.compact_value());
    }
    add_signed(py, a, b, !b.is_negative())
}

/// `a * b`.
#[inline]
pub fn fast_multiply(py: Python, a: &PyLong, b: &PyLong) -> PyResult<Py<PyLong>> {
    if PyLong::both_compact(a, b) {
        return from_two_digits(py, a.compact_value() * b.compact_value());
    }
    multiply_large(py, a, b)
}

/// From what two compact operands give: at most 60 bits.
#[inline(always)]
fn from_two_digits(py: Python, v: i64) -> PyResult<Py<PyLong>> {
    if let Some(small) = super::small_int(v) {
        return Ok(Py::new_ref(small));
    }
    let magnitude = v.unsigned_abs();
    if magnitude < BASE as u64 {
        return PyLong::from_medium(py, v);
    }
    PyLong::from_digits(py, v < 0, &[magnitude as u32 & MASK, (magnitude >> SHIFT) as u32])
}

/// `a + b` with the sign of `b` as said.
#[inline(never)]
fn add_signed(py: Python, a: &PyLong, b: &PyLong, b_negative: bool) -> PyResult<Py<PyLong>> {
    let (x, y) = (a.digits(), b.digits());
    if a.is_negative() == b_negative || b.is_zero() {
        let negative = if a.is_zero() { b_negative } else { a.is_negative() };
        return PyLong::build(py, x.len().max(y.len()) + 1, |out| {
            digits::add(x, y, out);
            negative
        });
    }
    match digits::cmp(x, y) {
        Ordering::Equal => PyLong::from_i64(py, 0),
        Ordering::Greater => PyLong::build(py, x.len(), |out| {
            digits::sub(x, y, out);
            a.is_negative()
        }),
        Ordering::Less => PyLong::build(py, y.len(), |out| {
            digits::sub(y, x, out);
            b_negative
        }),
    }
}

#[inline(never)]
fn multiply_large(py: Python, a: &PyLong, b: &PyLong) -> PyResult<Py<PyLong>> {
    let (x, y) = (a.digits(), b.digits());
    if x.is_empty() || y.is_empty() {
        return PyLong::from_i64(py, 0);
    }
    PyLong::build(py, x.len() + y.len(), |out| {
        digits::mul::mul(x, y, out);
        a.is_negative() != b.is_negative()
    })
}

/// `-a`, an exact int.
pub fn negative(py: Python, a: &PyLong) -> PyResult<Py<PyLong>> {
    if a.is_compact() {
        return PyLong::from_i64(py, -a.compact_value());
    }
    PyLong::from_digits(py, !a.is_negative(), a.digits())
}

/// `abs(a)`, an exact int.
pub fn absolute(py: Python, a: &PyLong) -> PyResult<Py<PyLong>> {
    if a.is_negative() { negative(py, a) } else { a.to_exact(py) }
}

/// `~a`.
pub fn invert(py: Python, a: &PyLong) -> PyResult<Py<PyLong>> {
    if a.is_compact() {
        return PyLong::from_i64(py, !a.compact_value());
    }
    // -(a + 1)
    let (neg, x) = a.parts();
    if neg {
        return PyLong::build(py, x.len(), |out| {
            digits::sub(x, &[1], out);
            false
        });
    }
    PyLong::build(py, x.len() + 1, |out| {
        digits::add(x, &[1], out);
        true
    })
}

/// Order of two ints.
#[inline]
pub fn compare(a: &PyLong, b: &PyLong) -> Ordering {
    if PyLong::both_compact(a, b) {
        return a.compact_value().cmp(&b.compact_value());
    }
    match a.sign().cmp(&b.sign()) {
        Ordering::Equal if a.is_negative() => digits::cmp(b.digits(), a.digits()),
        Ordering::Equal => digits::cmp(a.digits(), b.digits()),
        order => order,
    }
}

/// Order of an int and a float, exactly; `None` for a NaN.
pub fn compare_f64(a: &PyLong, v: f64) -> Option<Ordering> {
    if v.is_nan() {
        return None;
    }
    let sign = if v == 0.0 {
        0
    } else if v > 0.0 {
        1
    } else {
        -1
    };
    let order = a.sign().cmp(&sign);
    if order.is_ne() || sign == 0 {
        return Some(order);
    }
    if a.is_compact() {
        return (a.compact_value() as f64).partial_cmp(&v);
    }
    if v.is_infinite() {
        return Some(if v > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let order = digits::cmp_f64(a.digits(), v.abs());
    Some(if sign < 0 { order.reverse() } else { order })
}

/// Does `a <op> b` hold?
#[inline]
pub fn holds(a: &PyLong, b: &PyLong, op: CompareOp) -> bool {
    op.matches(compare(a, b))
}

/// Bits as shift count: `None` if more than any int has.
fn shift_count(py: Python, n: &PyLong) -> PyResult<Option<u64>> {
    if n.is_negative() {
        return Err(raise!(py, ValueError, "negative shift count"));
    }
    Ok(n.try_u64())
}

/// `a << n`. ValueError "negative shift count"; OverflowError, MemoryError if the result is too large.
pub fn lshift(py: Python, a: &PyLong, n: &PyLong) -> PyResult<Py<PyLong>> {
    let count = shift_count(py, n)?;
    if a.is_zero() {
        return PyLong::from_i64(py, 0);
    }
    lshift_bits(py, a, count.unwrap_or(u64::MAX))
}

/// `a << bits`.
pub fn lshift_bits(py: Python, a: &PyLong, bits: u64) -> PyResult<Py<PyLong>> {
    if a.is_compact() && bits < 32 {
        return PyLong::from_i64(py, a.compact_value() << bits);
    }
    if bits < 64
        && let Some(v) = a.try_i64()
    {
        return PyLong::from_i128(py, (v as i128) << bits);
    }
    let x = a.digits();
    let len = digits::bit_length(x).checked_add(bits).map(|b| b.div_ceil(SHIFT as u64));
    match len {
        Some(len) if len <= super::MAX_DIGITS as u64 => PyLong::build(py, len as usize, |out| {
            digits::shl(x, bits, out);
            a.is_negative()
        }),
        _ => Err(super::too_many_digits(py)),
    }
}

/// `a >> n`, rounded down.
pub fn rshift(py: Python, a: &PyLong, n: &PyLong) -> PyResult<Py<PyLong>> {
    let count = shift_count(py, n)?;
    rshift_bits(py, a, count.unwrap_or(u64::MAX))
}

/// `a >> bits`, rounded down.
pub fn rshift_bits(py: Python, a: &PyLong, bits: u64) -> PyResult<Py<PyLong>> {
    if let Some(v) = a.try_i64() {
        return PyLong::from_i64(py, v >> bits.min(63));
    }
    let (neg, x) = a.parts();
    let len = digits::shr_len(x, bits);
    if len == 0 {
        return PyLong::from_i64(py, -(neg as i64));
    }
    // One digit more for the carry of rounding down.
    PyLong::build(py, len + neg as usize, |out| {
        let lost = digits::shr(x, bits, &mut out[..len]);
        if neg && lost {
            digits::add_small(out, 1);
        }
        neg
    })
}

macro_rules! bitwise {
    ($($(#[$m:meta])* $name:ident, $op:tt;)*) => {$(
        $(#[$m])*
        #[inline]
        pub fn $name(py: Python, a: &PyLong, b: &PyLong) -> PyResult<Py<PyLong>> {
            if let (Some(x), Some(y)) = (a.try_i64(), b.try_i64()) {
                return PyLong::from_i64(py, x $op y);
            }
            PyLong::build(py, a.digit_count().max(b.digit_count()) + 1, |out| {
                digits::bitwise(a.parts(), b.parts(), out, |x, y| x $op y)
            })
        }
    )*};
}

bitwise! {
    /// `a & b`.
    and, &;
    /// `a | b`.
    or, |;
    /// `a ^ b`.
    xor, ^;
}

/// `a ** n` for `n` not negative.
///
/// # Errors
/// MemoryError if the result cannot be held.
pub fn pow(py: Python, a: &PyLong, n: &PyLong) -> PyResult<Py<PyLong>> {
    let negative = a.is_negative() && n.is_odd();
    let x = a.digits();
    if n.is_zero() {
        return PyLong::from_i64(py, 1);
    }
    if x.is_empty() || x == [1] {
        return PyLong::from_i64(py, if negative { -1 } else { !x.is_empty() as i64 });
    }
    let Some(n) = n.try_u64() else { return Err(err::no_memory(py)) };
    let zeros = digits::trailing_zeros(x);
    if zeros + 1 == digits::bit_length(x) {
        // A power of two.
        let Some(bits) = zeros.checked_mul(n) else { return Err(super::too_many_digits(py)) };
        let one = if negative { -1 } else { 1 };
        return lshift_bits(py, &*PyLong::from_i64(py, one)?, bits);
    }
    if let (Some(v), Ok(n)) = (digits::to_u64(x), u32::try_from(n))
        && let Some(v) = (v as u128).checked_pow(n)
    {
        return PyLong::from_magnitude(py, negative, v);
    }
    let bits = (digits::bit_length(x) as u128) * n as u128;
    let words = bits / 64 + 2;
    // Room for the result and what making it takes; asked for beforehand, because the arithmetic cannot fail halfway.
    if words > (isize::MAX / 64) as u128 || Vec::<u64>::new().try_reserve_exact(words as usize * 4).is_err() {
        return Err(err::no_memory(py));
    }
    PyLong::from_digits(py, negative, &digits::big::pow(x, n as usize))
}

/// `pow(a, n, m)`: the sign is that of `m`. A negative `n` takes the inverse of `a`.
///
/// # Errors
/// ValueError "pow() 3rd argument cannot be 0", "base is not invertible for the given modulus".
pub fn pow_mod(py: Python, a: &PyLong, n: &PyLong, m: &PyLong) -> PyResult<Py<PyLong>> {
    let md = m.digits();
    if md.is_empty() {
        return Err(raise!(py, ValueError, "pow() 3rd argument cannot be 0"));
    }
    if md == [1] {
        return PyLong::from_i64(py, 0);
    }
    // The base as a remainder in 0 ..= m - 1.
    let reduced = super::divide::floor_mod_digits(a.parts(), (false, md));
    let result = match (digits::to_u64(md), digits::to_u64(n.digits())) {
        (Some(mod64), Some(exp)) if !n.is_negative() && mod64 < 1 << 60 => {
            let base = digits::to_u64(&reduced).unwrap_or(0);
            let (d, len) = digits::from_u64(pow_mod_u64(base, exp, mod64));
            d[..len].to_vec()
        }
        _ => {
            let base = if n.is_negative() {
                match digits::big::inverse(&reduced, md) {
                    Some(inverse) => inverse,
                    None => {
                        return Err(raise!(py, ValueError, "base is not invertible for the given modulus"));
                    }
                }
            } else {
                reduced
            };
            digits::big::pow_mod(&base, n.digits(), md)
        }
    };
    if m.is_negative() && !result.is_empty() {
        // r - |m|
        return PyLong::build(py, md.len(), |out| {
            digits::sub(md, &result, out);
            true
        });
    }
    PyLong::from_digits(py, false, &result)
}

fn pow_mod_u64(mut base: u64, mut exp: u64, m: u64) -> u64 {
    let mul = |a: u64, b: u64| {
        if m < 1 << 32 { a * b % m } else { (a as u128 * b as u128 % m as u128) as u64 }
    };
    let mut result = 1 % m;
    while exp > 0 {
        if exp & 1 != 0 {
            result = mul(result, base);
        }
        base = mul(base, base);
        exp >>= 1;
    }
    result
}

/// The greatest common divisor, not negative (`_PyLong_GCD`).
pub fn gcd(py: Python, a: &PyLong, b: &PyLong) -> PyResult<Py<PyLong>> {
    match (digits::to_u64(a.digits()), digits::to_u64(b.digits())) {
        (Some(mut x), Some(mut y)) => {
            while y != 0 {
                (x, y) = (y, x % y);
            }
            PyLong::from_u64(py, x)
        }
        _ => PyLong::from_digits(py, false, &digits::big::gcd(a.digits(), b.digits())),
    }
}

/// The integer part of the square root of an int that is not negative.
pub fn isqrt(py: Python, a: &PyLong) -> PyResult<Py<PyLong>> {
    match digits::to_u64(a.digits()) {
        Some(v) => PyLong::from_u64(py, v.isqrt()),
        None => PyLong::from_digits(py, false, &digits::big::isqrt(a.digits())),
    }
}
