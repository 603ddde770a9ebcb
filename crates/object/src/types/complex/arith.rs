//! Arithmetic of complex values, with C's Annex G: infinities are recovered where the textbook formulas give NaN, and a
//! real operand has no imaginary part at all.

use crate::{Python, Raised, raise};

/// Real and imaginary part.
pub type Value = (f64, f64);

/// Why there is no power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerError {
    /// Zero to a negative or complex power.
    ZeroDivision,
    Overflow,
}

/// The exception that belongs to it.
pub fn raise_power_error(py: Python, e: PowerError) -> Raised {
    match e {
        PowerError::ZeroDivision => raise!(py, ZeroDivisionError, "zero to a negative or complex power"),
        PowerError::Overflow => raise!(py, OverflowError, "complex exponentiation"),
    }
}

/// One for an infinity, zero for the rest, with the sign kept.
fn boxed(x: f64) -> f64 {
    f64::copysign(if x.is_infinite() { 1.0 } else { 0.0 }, x)
}

fn zero_if_nan(x: f64) -> f64 {
    if x.is_nan() { f64::copysign(0.0, x) } else { x }
}

fn is_infinite(z: Value) -> bool {
    z.0.is_infinite() || z.1.is_infinite()
}

fn is_finite(z: Value) -> bool {
    z.0.is_finite() && z.1.is_finite()
}

/// `z * w`.
pub fn mul(z: Value, w: Value) -> Value {
    let ((a, b), (c, d)) = (z, w);
    let products = [a * c, b * d, a * d, b * c];
    let r = (products[0] - products[1], products[2] + products[3]);
    if r.0.is_nan() && r.1.is_nan() { recover_product(z, w, products).unwrap_or(r) } else { r }
}

#[cold]
fn recover_product(z: Value, w: Value, products: [f64; 4]) -> Option<Value> {
    let ((mut a, mut b), (mut c, mut d)) = (z, w);
    let mut recover = false;
    if is_infinite(z) {
        (a, b) = (boxed(a), boxed(b));
        (c, d) = (zero_if_nan(c), zero_if_nan(d));
        recover = true;
    }
    if is_infinite((c, d)) {
        (c, d) = (boxed(c), boxed(d));
        (a, b) = (zero_if_nan(a), zero_if_nan(b));
        recover = true;
    }
    if !recover && products.iter().any(|p| p.is_infinite()) {
        (a, b, c, d) = (zero_if_nan(a), zero_if_nan(b), zero_if_nan(c), zero_if_nan(d));
        recover = true;
    }
    recover.then_some((f64::INFINITY * (a * c - b * d), f64::INFINITY * (a * d + b * c)))
}

/// `z / w`, by Smith's method; `None` for a divisor of zero.
pub fn div(z: Value, w: Value) -> Option<Value> {
    let r = if w.0.abs() >= w.1.abs() {
        if w.0 == 0.0 {
            return None;
        }
        let ratio = w.1 / w.0;
        let denominator = w.0 + w.1 * ratio;
        ((z.0 + z.1 * ratio) / denominator, (z.1 - z.0 * ratio) / denominator)
    } else if w.1.abs() >= w.0.abs() {
        let ratio = w.0 / w.1;
        let denominator = w.0 * ratio + w.1;
        ((z.0 * ratio + z.1) / denominator, (z.1 * ratio - z.0) / denominator)
    } else {
        (f64::NAN, f64::NAN)
    };
    if r.0.is_nan() && r.1.is_nan() {
        if is_infinite(z) && is_finite(w) {
            let (x, y) = (boxed(z.0), boxed(z.1));
            return Some((f64::INFINITY * (x * w.0 + y * w.1), f64::INFINITY * (y * w.0 - x * w.1)));
        }
        if is_infinite(w) && is_finite(z) {
            let (x, y) = (boxed(w.0), boxed(w.1));
            return Some((0.0 * (z.0 * x + z.1 * y), 0.0 * (z.1 * x - z.0 * y)));
        }
    }
    Some(r)
}

/// `a / w` for a real `a`; `None` for a divisor of zero.
pub fn div_real_by(a: f64, w: Value) -> Option<Value> {
    let r = if w.0.abs() >= w.1.abs() {
        if w.0 == 0.0 {
            return None;
        }
        let ratio = w.1 / w.0;
        let denominator = w.0 + w.1 * ratio;
        (a / denominator, (-a * ratio) / denominator)
    } else if w.1.abs() >= w.0.abs() {
        let ratio = w.0 / w.1;
        let denominator = w.0 * ratio + w.1;
        ((a * ratio) / denominator, -a / denominator)
    } else {
        (f64::NAN, f64::NAN)
    };
    if r.0.is_nan() && r.1.is_nan() && a.is_finite() && is_infinite(w) {
        let (x, y) = (boxed(w.0), boxed(w.1));
        return Some((0.0 * (a * x), 0.0 * (-a * y)));
    }
    Some(r)
}

/// `z ** n` for a positive `n`, by squaring.
fn pow_positive(z: Value, n: u32) -> Value {
    let mut result = (1.0, 0.0);
    let mut power = z;
    let mut mask = 1;
    while mask > 0 && n >= mask {
        if n & mask != 0 {
            result = mul(result, power);
        }
        mask <<= 1;
        power = mul(power, power);
    }
    result
}

/// `z ** w` through polar coordinates (`_Py_c_pow`).
pub fn pow_general(z: Value, w: Value) -> Result<Value, PowerError> {
    if w == (0.0, 0.0) {
        return Ok((1.0, 0.0));
    }
    if z == (0.0, 0.0) {
        if w.1 != 0.0 || w.0 < 0.0 {
            return Err(PowerError::ZeroDivision);
        }
        return Ok((0.0, 0.0));
    }
    let length = z.0.hypot(z.1);
    let mut r = length.powf(w.0);
    let angle = z.1.atan2(z.0);
    let mut phase = angle * w.0;
    if w.1 != 0.0 {
        r *= (-angle * w.1).exp();
        phase += w.1 * length.ln();
    }
    if phase.is_infinite() {
        // The C library calls this a domain error, which Python reports as the one it knows of powers.
        return Err(PowerError::ZeroDivision);
    }
    checked((r * phase.cos(), r * phase.sin()))
}

fn checked(r: Value) -> Result<Value, PowerError> {
    if is_infinite(r) { Err(PowerError::Overflow) } else { Ok(r) }
}

/// `z ** w`. Small whole exponents are multiplied out.
pub fn pow(z: Value, w: Value) -> Result<Value, PowerError> {
    if w.1 == 0.0 && w.0 == w.0.floor() && w.0.abs() <= 100.0 {
        let r = if w.0 > 0.0 {
            pow_positive(z, w.0 as u32)
        } else {
            div((1.0, 0.0), pow_positive(z, -w.0 as u32)).ok_or(PowerError::ZeroDivision)?
        };
        return checked(r);
    }
    pow_general(z, w)
}

/// The absolute value; `None` if it is too large.
pub fn abs(z: Value) -> Option<f64> {
    let r = z.0.hypot(z.1);
    if r.is_infinite() && is_finite(z) { None } else { Some(r) }
}
