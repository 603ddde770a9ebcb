//! Division of ints: floor division and remainder, true division, rounding.

use super::{PyLong, digits};
use crate::{Py, PyFloat, PyResult, Python, Raised, raise};
use core::cmp::Ordering;

#[cold]
fn zero_division(py: Python) -> Raised {
    raise!(py, ZeroDivisionError, "division by zero")
}

/// Both as words, with a quotient that is one too.
#[inline(always)]
fn words(a: &PyLong, b: &PyLong) -> Option<(i64, i64)> {
    match (a.try_i64()?, b.try_i64()?) {
        (i64::MIN, _) => None,
        pair => Some(pair),
    }
}

/// Quotient rounded down, of words.
#[inline(always)]
fn floor_div_words(a: i64, b: i64) -> i64 {
    let q = a / b;
    if (a % b != 0) && ((a < 0) != (b < 0)) { q - 1 } else { q }
}

#[inline(always)]
fn floor_mod_words(a: i64, b: i64) -> i64 {
    let r = a % b;
    if r != 0 && ((r < 0) != (b < 0)) { r + b } else { r }
}

/// `a // b`. ZeroDivisionError.
#[inline]
pub fn floor_div(py: Python, a: &PyLong, b: &PyLong) -> PyResult<Py<PyLong>> {
    if b.is_zero() {
        return Err(zero_division(py));
    }
    if let Some((x, y)) = words(a, b) {
        return PyLong::from_i64(py, floor_div_words(x, y));
    }
    let (x, y) = (a.digits(), b.digits());
    let negative = a.is_negative() != b.is_negative();
    if digits::cmp(x, y).is_lt() {
        return PyLong::from_i64(py, if negative && !x.is_empty() { -1 } else { 0 });
    }
    let mut r = scratch(y.len());
    let r = &mut r.as_mut()[..y.len()];
    // One digit more for the carry of rounding down.
    let n = x.len() - y.len() + 1;
    PyLong::build(py, n + 1, |q| {
        digits::div::div_rem(x, y, &mut q[..n], r);
        if negative && r.iter().any(|&d| d != 0) {
            digits::add_small(q, 1);
        }
        negative
    })
}

/// `a % b`: the sign is that of `b`. ZeroDivisionError.
#[inline]
pub fn floor_mod(py: Python, a: &PyLong, b: &PyLong) -> PyResult<Py<PyLong>> {
    if b.is_zero() {
        return Err(zero_division(py));
    }
    if let Some((x, y)) = words(a, b) {
        return PyLong::from_i64(py, floor_mod_words(x, y));
    }
    let (x, y) = (a.digits(), b.digits());
    let differ = a.is_negative() != b.is_negative();
    if digits::cmp(x, y).is_lt() && (!differ || x.is_empty()) {
        return a.to_exact(py);
    }
    PyLong::build(py, y.len(), |r| {
        if x.len() < y.len() {
            r[..x.len()].copy_from_slice(x);
        } else {
            let mut q = scratch(x.len() - y.len() + 1);
            digits::div::div_rem(x, y, &mut q.as_mut()[..x.len() - y.len() + 1], r);
        }
        complement_remainder(r, y, differ);
        b.is_negative()
    })
}

/// `divmod(a, b)`. ZeroDivisionError.
pub fn divmod(py: Python, a: &PyLong, b: &PyLong) -> PyResult<(Py<PyLong>, Py<PyLong>)> {
    if b.is_zero() {
        return Err(zero_division(py));
    }
    if let Some((x, y)) = words(a, b) {
        return Ok((PyLong::from_i64(py, floor_div_words(x, y))?, PyLong::from_i64(py, floor_mod_words(x, y))?));
    }
    let (x, y) = (a.digits(), b.digits());
    let differ = a.is_negative() != b.is_negative();
    if x.len() < y.len() {
        return Ok((floor_div(py, a, b)?, floor_mod(py, a, b)?));
    }
    let n = x.len() - y.len() + 1;
    let mut quotient = scratch(n + 1);
    let q = &mut quotient.as_mut()[..n + 1];
    let r = PyLong::build(py, y.len(), |r| {
        digits::div::div_rem(x, y, &mut q[..n], r);
        if complement_remainder(r, y, differ) {
            digits::add_small(q, 1);
        }
        b.is_negative()
    })?;
    Ok((PyLong::from_digits(py, differ, q)?, r))
}

/// Makes the remainder of magnitudes that of operands of different signs: `y - r` unless zero. True if it did.
fn complement_remainder(r: &mut [u32], y: &[u32], differ: bool) -> bool {
    if !differ || r.iter().all(|&d| d == 0) {
        return false;
    }
    let mut old = scratch(r.len());
    let old = &mut old.as_mut()[..r.len()];
    old.copy_from_slice(r);
    digits::sub(y, old, r);
    true
}

/// Room for digits: on the stack if they are few.
struct Scratch {
    stack: [u32; 64],
    heap: Vec<u32>,
}

impl Scratch {
    fn as_mut(&mut self) -> &mut [u32] {
        if self.heap.is_empty() { &mut self.stack } else { &mut self.heap }
    }
}

#[inline]
fn scratch(n: usize) -> Scratch {
    Scratch { stack: [0; 64], heap: if n <= 64 { Vec::new() } else { vec![0; n] } }
}

/// `a % b` on digits, for `b` not zero; the sign of the result is that of `b`.
pub(super) fn floor_mod_digits(a: (bool, &[u32]), b: (bool, &[u32])) -> Vec<u32> {
    let (x, y) = (a.1, b.1);
    let mut r = vec![0; y.len()];
    if x.len() < y.len() {
        r[..x.len()].copy_from_slice(x);
    } else {
        let mut q = vec![0; x.len() - y.len() + 1];
        digits::div::div_rem(x, y, &mut q, &mut r);
    }
    complement_remainder(&mut r, y, a.0 != b.0);
    let n = digits::normalized(&r).len();
    r.truncate(n);
    r
}

/// `a / b` as the nearest float, ties to even.
///
/// # Errors
/// ZeroDivisionError; OverflowError "integer division result too large for a float".
pub fn true_divide(py: Python, a: &PyLong, b: &PyLong) -> PyResult<Py<PyFloat>> {
    if b.is_zero() {
        return Err(zero_division(py));
    }
    if PyLong::both_compact(a, b) {
        // Both are exact floats, so their quotient is rounded once.
        return PyFloat::new(py, a.compact_value() as f64 / b.compact_value() as f64);
    }
    let v = match digits::div::to_f64(a.digits(), b.digits()) {
        Some(v) => v,
        None => return Err(raise!(py, OverflowError, "integer division result too large for a float")),
    };
    PyFloat::new(py, if a.is_negative() != b.is_negative() { -v } else { v })
}

/// Quotient rounded to the nearest, ties to even, and the remainder that belongs to it (`_PyLong_DivmodNear`).
pub fn divmod_near(py: Python, a: &PyLong, b: &PyLong) -> PyResult<(Py<PyLong>, Py<PyLong>)> {
    let (q, r) = divmod(py, a, b)?;
    // 0 <= r < b (or b < r <= 0): up if 2r is beyond b.
    let twice = super::arith::lshift_bits(py, &r, 1)?;
    let mut order = super::arith::compare(&twice, b);
    if b.is_negative() {
        order = order.reverse();
    }
    if order == Ordering::Greater || (order == Ordering::Equal && q.is_odd()) {
        let one = PyLong::from_i64(py, 1)?;
        let q = super::fast_add(py, &q, &one)?;
        let r = super::fast_subtract(py, &r, b)?;
        return Ok((q, r));
    }
    Ok((q, r))
}
