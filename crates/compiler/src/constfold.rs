//! Operators on constants, as the flow graph folds them.
//!
//! Each function gives `None` where Python would raise, and where the result would be larger than
//! CPython is willing to keep as a constant.

use crate::ast::Constant;
use num_bigint::BigInt as Big;
use num_bigint::Sign;
use std::sync::Arc;
use taipan_bytecode::operand::BinaryOp;
use taipan_bytecode::{BigInt, PyStr};

/// Bits of an int.
const MAX_INT_SIZE: u64 = 128;
/// Items of a collection.
const MAX_COLLECTION_SIZE: i64 = 256;
/// Characters of a string.
const MAX_STR_SIZE: i64 = 4096;
/// Items of a collection with all those nested in it.
const MAX_TOTAL_ITEMS: i64 = 1024;

/// A number, with ints that fit apart from those that do not.
enum Number {
    Small(i64),
    Big(Big),
    Float(f64),
    Complex(f64, f64),
}

fn number(value: &Constant) -> Option<Number> {
    Some(match value {
        Constant::True => Number::Small(1),
        Constant::False => Number::Small(0),
        Constant::Int(value) => Number::Small(*value),
        Constant::BigInt(value) => Number::Big(to_big(value)),
        Constant::Float(value) => Number::Float(*value),
        Constant::Complex(real, imag) => Number::Complex(*real, *imag),
        _ => return None,
    })
}

fn to_big(value: &BigInt) -> Big {
    let sign = if value.is_negative() { Sign::Minus } else { Sign::Plus };
    Big::from_bytes_le(sign, &value.to_bytes_le())
}

fn from_big(value: &Big) -> Constant {
    let (sign, bytes) = value.to_bytes_le();
    Constant::from_bigint(BigInt::from_bytes_le(sign == Sign::Minus, &bytes))
}

fn is_int(value: &Constant) -> bool {
    matches!(value, Constant::True | Constant::False | Constant::Int(_) | Constant::BigInt(_))
}

fn is_bool(value: &Constant) -> bool {
    matches!(value, Constant::True | Constant::False)
}

fn big(value: &Constant) -> Option<Big> {
    match number(value)? {
        Number::Small(value) => Some(Big::from(value)),
        Number::Big(value) => Some(value),
        _ => None,
    }
}

fn small(value: &Constant) -> Option<i64> {
    match value {
        Constant::True => Some(1),
        Constant::False => Some(0),
        Constant::Int(value) => Some(*value),
        _ => None,
    }
}

/// `bool(value)`.
pub(crate) fn is_true(value: &Constant) -> bool {
    match value {
        Constant::None | Constant::False | Constant::Int(0) => false,
        Constant::Float(value) => *value != 0.0,
        Constant::Complex(real, imag) => *real != 0.0 || *imag != 0.0,
        Constant::Str(text) => !text.is_empty(),
        Constant::Bytes(bytes) => !bytes.is_empty(),
        Constant::Tuple(items) | Constant::FrozenSet(items) => !items.is_empty(),
        _ => true,
    }
}

/// Whether Python's `==` holds between two constants that a set may contain.
pub(crate) fn equal(left: &Constant, right: &Constant) -> bool {
    if left == right {
        return true;
    }
    match (left, right) {
        (Constant::Tuple(a), Constant::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b))
        }
        _ => match (number(left), number(right)) {
            (Some(a), Some(b)) => equal_numbers(&a, &b),
            _ => false,
        },
    }
}

fn equal_numbers(left: &Number, right: &Number) -> bool {
    match (left, right) {
        (Number::Small(a), Number::Small(b)) => a == b,
        (Number::Big(a), Number::Big(b)) => a == b,
        (Number::Complex(a, ai), Number::Complex(b, bi)) => a == b && ai == bi,
        (Number::Complex(a, ai), b) | (b, Number::Complex(a, ai)) => *ai == 0.0 && equal_numbers(&Number::Float(*a), b),
        (Number::Float(a), Number::Float(b)) => a == b,
        (Number::Float(float), int) | (int, Number::Float(float)) => {
            // Exact: a float that is an int equals that int alone.
            let exact = match int {
                Number::Small(value) => Big::from(*value),
                Number::Big(value) => value.clone(),
                _ => return false,
            };
            float.is_finite() && float.fract() == 0.0 && big_of_float(*float) == exact
        }
        _ => false,
    }
}

/// The int that a float without a fraction is.
fn big_of_float(value: f64) -> Big {
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64;
    if exponent == 0 {
        return Big::from(0);
    }
    let mantissa = Big::from(bits & ((1 << 52) - 1) | 1 << 52);
    let shift = exponent - 1075;
    let magnitude = if shift >= 0 { mantissa << shift } else { mantissa >> -shift };
    if value < 0.0 { -magnitude } else { magnitude }
}

/// `-value`.
pub(crate) fn negative(value: &Constant) -> Option<Constant> {
    Some(match number(value)? {
        Number::Small(value) => match value.checked_neg() {
            Some(value) => Constant::Int(value),
            None => from_big(&-Big::from(value)),
        },
        Number::Big(value) => from_big(&-value),
        Number::Float(value) => Constant::Float(-value),
        Number::Complex(real, imag) => Constant::Complex(-real, -imag),
    })
}

/// `+value`.
pub(crate) fn positive(value: &Constant) -> Option<Constant> {
    match value {
        Constant::True => Some(Constant::Int(1)),
        Constant::False => Some(Constant::Int(0)),
        _ => number(value).map(|_| value.clone()),
    }
}

/// `~value`; not of a bool, which warns at run time.
pub(crate) fn invert(value: &Constant) -> Option<Constant> {
    match value {
        Constant::Int(value) => Some(Constant::Int(!value)),
        Constant::BigInt(value) => Some(from_big(&!to_big(value))),
        _ => None,
    }
}

/// `left op right` for an operator of `BINARY_OP` that is not an in-place one.
pub(crate) fn binary(op: BinaryOp, left: &Constant, right: &Constant) -> Option<Constant> {
    match op {
        BinaryOp::NB_ADD => add(left, right),
        BinaryOp::NB_MULTIPLY => multiply(left, right),
        BinaryOp::NB_REMAINDER if matches!(left, Constant::Str(_) | Constant::Bytes(_)) => None,
        BinaryOp::NB_SUBSCR => subscript(left, right),
        BinaryOp::NB_SUBTRACT
        | BinaryOp::NB_REMAINDER
        | BinaryOp::NB_FLOOR_DIVIDE
        | BinaryOp::NB_TRUE_DIVIDE
        | BinaryOp::NB_POWER => arithmetic(op, left, right),
        BinaryOp::NB_LSHIFT | BinaryOp::NB_RSHIFT => shift(op, left, right),
        BinaryOp::NB_AND | BinaryOp::NB_OR | BinaryOp::NB_XOR => bitwise(op, left, right),
        _ => None,
    }
}

fn add(left: &Constant, right: &Constant) -> Option<Constant> {
    match (left, right) {
        (Constant::Str(a), Constant::Str(b)) => {
            let joined = [a.as_wtf8(), b.as_wtf8()].concat();
            PyStr::from_wtf8(&joined).map(|text| Constant::Str(text.into_constant()))
        }
        (Constant::Bytes(a), Constant::Bytes(b)) => Some(Constant::Bytes([&a[..], &b[..]].concat().into())),
        (Constant::Tuple(a), Constant::Tuple(b)) => Some(Constant::Tuple([&a[..], &b[..]].concat().into())),
        _ => arithmetic(BinaryOp::NB_ADD, left, right),
    }
}

/// Whether a collection has no more than `limit` items, nested ones included; `None` if it has.
fn check_complexity(value: &Constant, mut limit: i64) -> Option<i64> {
    if let Constant::Tuple(items) = value {
        limit -= items.len() as i64;
        for item in items.iter() {
            if limit < 0 {
                return None;
            }
            limit = check_complexity(item, limit)?;
        }
    }
    (limit >= 0).then_some(limit)
}

fn multiply(left: &Constant, right: &Constant) -> Option<Constant> {
    if is_int(left) && is_int(right) {
        if is_true(left) && is_true(right) && bits(left)? + bits(right)? > MAX_INT_SIZE {
            return None;
        }
        return arithmetic(BinaryOp::NB_MULTIPLY, left, right);
    }
    let (count, sequence) = match (is_int(left), is_int(right)) {
        (true, false) => (left, right),
        (false, true) => (right, left),
        _ => return arithmetic(BinaryOp::NB_MULTIPLY, left, right),
    };
    let (size, limit) = match sequence {
        Constant::Tuple(items) => (items.len() as i64, MAX_COLLECTION_SIZE),
        Constant::Str(text) => (text.code_points().count() as i64, MAX_STR_SIZE),
        Constant::Bytes(bytes) => (bytes.len() as i64, MAX_STR_SIZE),
        _ => return arithmetic(BinaryOp::NB_MULTIPLY, left, right),
    };
    let n = small(count)?;
    if size != 0 && (n < 0 || n > limit / size) {
        return None;
    }
    let times = if size == 0 { 0 } else { n as usize };
    Some(match sequence {
        Constant::Tuple(items) => {
            if times != 0 {
                check_complexity(sequence, MAX_TOTAL_ITEMS / n)?;
            }
            Constant::Tuple(std::iter::repeat_n(&items[..], times).flatten().cloned().collect())
        }
        Constant::Str(text) => Constant::Str(PyStr::from_wtf8(&text.as_wtf8().repeat(times))?.into_constant()),
        Constant::Bytes(bytes) => Constant::Bytes(bytes.repeat(times).into()),
        _ => return None,
    })
}

/// Number of bits of an int's magnitude.
fn bits(value: &Constant) -> Option<u64> {
    match number(value)? {
        Number::Small(value) => Some(u64::from(64 - value.unsigned_abs().leading_zeros())),
        Number::Big(value) => Some(value.bits()),
        _ => None,
    }
}

fn shift(op: BinaryOp, left: &Constant, right: &Constant) -> Option<Constant> {
    if !is_int(left) || !is_int(right) {
        return None;
    }
    let count = match small(right) {
        Some(count) => u64::try_from(count).ok()?,
        // Too far to count: nothing is left but the sign.
        None if big(right)?.sign() == Sign::Minus => return None,
        None if op == BinaryOp::NB_RSHIFT || !is_true(left) => u64::MAX,
        None => return None,
    };
    let value = big(left)?;
    if op == BinaryOp::NB_LSHIFT {
        if !is_true(left) {
            return Some(Constant::Int(0));
        }
        if count != 0 && (count > MAX_INT_SIZE || value.bits() > MAX_INT_SIZE - count) {
            return None;
        }
        return Some(from_big(&(value << count)));
    }
    if count > value.bits() {
        return Some(Constant::Int(if value.sign() == Sign::Minus { -1 } else { 0 }));
    }
    Some(from_big(&(value >> count)))
}

fn bitwise(op: BinaryOp, left: &Constant, right: &Constant) -> Option<Constant> {
    if let (Some(a), Some(b)) = (small(left), small(right)) {
        let result = match op {
            BinaryOp::NB_AND => a & b,
            BinaryOp::NB_OR => a | b,
            _ => a ^ b,
        };
        if is_bool(left) && is_bool(right) {
            return Some(Constant::from_bool(result != 0));
        }
        return Some(Constant::Int(result));
    }
    let (a, b) = (big(left)?, big(right)?);
    Some(from_big(&match op {
        BinaryOp::NB_AND => a & b,
        BinaryOp::NB_OR => a | b,
        _ => a ^ b,
    }))
}

fn to_float(value: &Number) -> Option<f64> {
    match value {
        Number::Small(value) => Some(*value as f64),
        Number::Big(value) => big_ratio(value, &Big::from(1)),
        Number::Float(value) => Some(*value),
        Number::Complex(..) => None,
    }
}

fn arithmetic(op: BinaryOp, left: &Constant, right: &Constant) -> Option<Constant> {
    match (number(left)?, number(right)?) {
        (Number::Complex(..), _) | (_, Number::Complex(..)) => complex_op(op, left, right),
        (a @ Number::Float(_), b) | (a, b @ Number::Float(_)) => float_op(op, to_float(&a)?, to_float(&b)?),
        (Number::Small(a), Number::Small(b)) => int_op(op, a, b),
        _ => big_op(op, &big(left)?, &big(right)?),
    }
}

fn int_op(op: BinaryOp, a: i64, b: i64) -> Option<Constant> {
    let result = match op {
        BinaryOp::NB_ADD => a.checked_add(b),
        BinaryOp::NB_SUBTRACT => a.checked_sub(b),
        BinaryOp::NB_MULTIPLY => a.checked_mul(b),
        BinaryOp::NB_FLOOR_DIVIDE | BinaryOp::NB_REMAINDER if b != 0 && b != -1 => {
            let (quotient, remainder) = (a / b, a % b);
            let adjust = i64::from(remainder != 0 && (remainder < 0) != (b < 0));
            Some(if op == BinaryOp::NB_FLOOR_DIVIDE { quotient - adjust } else { remainder + adjust * b })
        }
        BinaryOp::NB_TRUE_DIVIDE if b != 0 && (a | b).unsigned_abs() < 1 << 52 => {
            return Some(Constant::Float(a as f64 / b as f64));
        }
        _ => None,
    };
    match result {
        Some(value) => Some(Constant::Int(value)),
        None => big_op(op, &Big::from(a), &Big::from(b)),
    }
}

fn big_op(op: BinaryOp, a: &Big, b: &Big) -> Option<Constant> {
    let zero = b.sign() == Sign::NoSign;
    Some(from_big(&match op {
        BinaryOp::NB_ADD => a + b,
        BinaryOp::NB_SUBTRACT => a - b,
        BinaryOp::NB_MULTIPLY => a * b,
        BinaryOp::NB_FLOOR_DIVIDE | BinaryOp::NB_REMAINDER if !zero => {
            let (quotient, remainder) = (a / b, a % b);
            let adjust = remainder.sign() != Sign::NoSign && remainder.sign() != b.sign();
            match (op == BinaryOp::NB_FLOOR_DIVIDE, adjust) {
                (true, true) => quotient - 1,
                (true, false) => quotient,
                (false, true) => remainder + b,
                (false, false) => remainder,
            }
        }
        BinaryOp::NB_TRUE_DIVIDE if !zero => return big_ratio(a, b).map(Constant::Float),
        BinaryOp::NB_POWER => return int_power(a, b),
        _ => return None,
    }))
}

fn int_power(a: &Big, b: &Big) -> Option<Constant> {
    match b.sign() {
        Sign::NoSign => Some(Constant::Int(1)),
        Sign::Minus => {
            let one = Big::from(1);
            float_op(BinaryOp::NB_POWER, big_ratio(a, &one)?, big_ratio(b, &one)?)
        }
        Sign::Plus if a.sign() == Sign::NoSign => Some(Constant::Int(0)),
        Sign::Plus => {
            let exponent = u64::try_from(b).ok()?;
            if a.bits() > MAX_INT_SIZE / exponent {
                return None;
            }
            Some(from_big(&a.pow(u32::try_from(exponent).ok()?)))
        }
    }
}

/// `a / b`, rounded once; `None` where the result does not fit.
fn big_ratio(a: &Big, b: &Big) -> Option<f64> {
    if a.sign() == Sign::NoSign {
        return Some(0.0);
    }
    let negative = a.sign() != b.sign();
    let (a, b) = (a.magnitude(), b.magnitude());
    // Scale so that the quotient has 66 or 67 bits: more than a float keeps. What is lost below
    // them matters only in being there or not.
    let exponent = a.bits() as i64 - b.bits() as i64 - 66;
    let (quotient, remainder) = if exponent > 0 {
        let b = b << exponent;
        (a / &b, a % &b)
    } else {
        let a = a << -exponent;
        (&a / b, &a % b)
    };
    let mut quotient = u128::try_from(quotient).ok()?;
    if remainder.bits() != 0 {
        quotient |= 1;
    }
    if !(-1200..=1024).contains(&exponent) {
        return if exponent > 0 { None } else { Some(if negative { -0.0 } else { 0.0 }) };
    }
    let bits = i64::from(u128::BITS - quotient.leading_zeros());
    if bits + exponent < f64::MIN_EXP.into() {
        // A subnormal number has fewer bits, and rounding twice could err.
        let shift = (-1074 - exponent) as u32;
        let (kept, lost) = (quotient.checked_shr(shift).unwrap_or(0), quotient & ((1 << shift.min(127)) - 1));
        let tie = 1u128 << (shift - 1).min(126);
        let up = lost > tie || (lost == tie && kept & 1 == 1);
        let value = f64::from_bits(kept as u64 + u64::from(up));
        return Some(if negative { -value } else { value });
    }
    let half = (exponent / 2) as i32;
    let value = quotient as f64 * 2f64.powi(half) * 2f64.powi(exponent as i32 - half);
    value.is_finite().then_some(if negative { -value } else { value })
}

fn float_op(op: BinaryOp, a: f64, b: f64) -> Option<Constant> {
    Some(Constant::Float(match op {
        BinaryOp::NB_ADD => a + b,
        BinaryOp::NB_SUBTRACT => a - b,
        BinaryOp::NB_MULTIPLY => a * b,
        BinaryOp::NB_TRUE_DIVIDE if b != 0.0 => a / b,
        BinaryOp::NB_FLOOR_DIVIDE if b != 0.0 => float_divmod(a, b).0,
        BinaryOp::NB_REMAINDER if b != 0.0 => float_divmod(a, b).1,
        BinaryOp::NB_POWER => return float_power(a, b),
        _ => return None,
    }))
}

fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder != 0.0 {
        if (b < 0.0) != (remainder < 0.0) {
            remainder += b;
            quotient -= 1.0;
        }
    } else {
        remainder = 0f64.copysign(b);
    }
    let floor = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0f64.copysign(a / b)
    };
    (floor, remainder)
}

fn float_power(a: f64, b: f64) -> Option<Constant> {
    if a == 0.0 && b < 0.0 {
        return None;
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        return complex_power((a, 0.0), (b, 0.0));
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        return None;
    }
    Some(Constant::Float(result))
}

/// Complex arithmetic. A real operand has no imaginary part, not one of zero (C99, annex G).
fn complex_op(op: BinaryOp, left: &Constant, right: &Constant) -> Option<Constant> {
    let part = |value: &Constant| match number(value)? {
        Number::Complex(real, imag) => Some((real, Some(imag))),
        other => Some((to_float(&other)?, None)),
    };
    let ((a, ai), (b, bi)) = (part(left)?, part(right)?);
    let (real, imag) = match op {
        BinaryOp::NB_ADD => match (ai, bi) {
            (Some(ai), Some(bi)) => (a + b, ai + bi),
            (ai, bi) => (a + b, ai.or(bi)?),
        },
        BinaryOp::NB_SUBTRACT => match (ai, bi) {
            (Some(ai), Some(bi)) => (a - b, ai - bi),
            (Some(ai), None) => (a - b, ai),
            (None, bi) => (a - b, -bi?),
        },
        BinaryOp::NB_MULTIPLY => match (ai, bi) {
            (Some(ai), Some(bi)) => complex_product((a, ai), (b, bi)),
            (Some(ai), None) => (a * b, ai * b),
            (None, bi) => (a * b, a * bi?),
        },
        BinaryOp::NB_TRUE_DIVIDE => match (ai, bi) {
            (_, Some(bi)) => complex_quotient((a, ai.unwrap_or(0.0)), (b, bi))?,
            (Some(ai), None) if b != 0.0 => (a / b, ai / b),
            _ => return None,
        },
        BinaryOp::NB_POWER => {
            return complex_power((a, ai.unwrap_or(0.0)), (b, bi.unwrap_or(0.0)));
        }
        _ => return None,
    };
    Some(Constant::Complex(real, imag))
}

type Complex = (f64, f64);

fn complex_product((a, b): Complex, (c, d): Complex) -> Complex {
    (a * c - b * d, a * d + b * c)
}

fn complex_quotient((a, ai): Complex, (b, bi): Complex) -> Option<Complex> {
    if b.abs() >= bi.abs() {
        if b == 0.0 {
            return None;
        }
        let ratio = bi / b;
        let denominator = b + bi * ratio;
        Some(((a + ai * ratio) / denominator, (ai - a * ratio) / denominator))
    } else {
        let ratio = b / bi;
        let denominator = b * ratio + bi;
        Some(((a * ratio + ai) / denominator, (ai * ratio - a) / denominator))
    }
}

fn complex_power(base: Complex, exponent: Complex) -> Option<Constant> {
    let (e, ei) = exponent;
    let (real, imag) = if ei == 0.0 && e == e.floor() && e.abs() <= 100.0 {
        let mut n = e.abs() as u32;
        let (mut result, mut power) = ((1.0, 0.0), base);
        while n != 0 {
            if n & 1 != 0 {
                result = complex_product(result, power);
            }
            n >>= 1;
            power = complex_product(power, power);
        }
        if e < 0.0 { complex_quotient((1.0, 0.0), result)? } else { result }
    } else if base == (0.0, 0.0) {
        if ei != 0.0 || e < 0.0 {
            return None;
        }
        (0.0, 0.0)
    } else {
        let length = base.0.hypot(base.1);
        let angle = base.1.atan2(base.0);
        let (mut len, mut phase) = (length.powf(e), angle * e);
        if ei != 0.0 {
            len *= (-angle * ei).exp();
            phase += ei * length.ln();
        }
        (len * phase.cos(), len * phase.sin())
    };
    (real.is_finite() && imag.is_finite()).then_some(Constant::Complex(real, imag))
}

fn subscript(left: &Constant, right: &Constant) -> Option<Constant> {
    match left {
        Constant::Tuple(items) => match pick(items.len(), right)? {
            Picked::Item(at) => Some(items[at].clone()),
            Picked::Slice(at) => Some(Constant::Tuple(at.into_iter().map(|at| items[at].clone()).collect())),
        },
        Constant::Bytes(bytes) => match pick(bytes.len(), right)? {
            Picked::Item(at) => Some(Constant::Int(bytes[at].into())),
            Picked::Slice(at) => {
                let picked: Arc<[u8]> = at.into_iter().map(|at| bytes[at]).collect();
                Some(Constant::Bytes(picked))
            }
        },
        Constant::Str(text) => {
            let points: Vec<u32> = text.code_points().collect();
            let picked = match pick(points.len(), right)? {
                Picked::Item(at) => vec![points[at]],
                Picked::Slice(at) => at.into_iter().map(|at| points[at]).collect(),
            };
            Some(Constant::Str(PyStr::from_code_points(picked)?.into_constant()))
        }
        _ => None,
    }
}

enum Picked {
    Item(usize),
    Slice(Vec<usize>),
}

/// What an index or a slice takes from a sequence of `len` items.
fn pick(len: usize, index: &Constant) -> Option<Picked> {
    let len = len as i64;
    let Constant::Slice(parts) = index else {
        let at = small(index)?;
        let at = if at < 0 { at + len } else { at };
        return (0..len).contains(&at).then_some(Picked::Item(at as usize));
    };
    // A bound that does not fit in 64 bits is as good as the largest one that does.
    let bound = |value: &Constant| match value {
        Constant::None => Some(None),
        Constant::BigInt(value) => Some(Some(if value.is_negative() { i64::MIN } else { i64::MAX })),
        _ => small(value).map(Some),
    };
    let (start, stop) = (bound(&parts[0])?, bound(&parts[1])?);
    let step = bound(&parts[2])?.unwrap_or(1);
    if step == 0 {
        return None;
    }
    let (lowest, highest) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |value: i64| {
        let value = if value < 0 { value.saturating_add(len) } else { value };
        value.clamp(lowest, highest)
    };
    let mut at = start.map_or(if step > 0 { lowest } else { highest }, clamp);
    let stop = stop.map_or(if step > 0 { highest } else { lowest }, clamp);
    let mut picked = Vec::new();
    while if step > 0 { at < stop } else { at > stop } {
        picked.push(at as usize);
        at = at.saturating_add(step);
    }
    Some(Picked::Slice(picked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(op: BinaryOp, a: i64, b: i64) -> Option<Constant> {
        binary(op, &Constant::Int(a), &Constant::Int(b))
    }

    #[test]
    fn ints_round_towards_minus_infinity() {
        assert_eq!(fold(BinaryOp::NB_FLOOR_DIVIDE, -7, 2), Some(Constant::Int(-4)));
        assert_eq!(fold(BinaryOp::NB_REMAINDER, -7, 2), Some(Constant::Int(1)));
        assert_eq!(fold(BinaryOp::NB_REMAINDER, 7, -2), Some(Constant::Int(-1)));
        assert_eq!(fold(BinaryOp::NB_REMAINDER, 7, 0), None);
    }

    #[test]
    fn large_results_are_left_alone() {
        assert!(fold(BinaryOp::NB_POWER, 2, 64).is_some());
        assert_eq!(fold(BinaryOp::NB_POWER, 2, 65), None);
        assert!(fold(BinaryOp::NB_LSHIFT, 1, 127).is_some());
        assert_eq!(fold(BinaryOp::NB_LSHIFT, 1, 128), None);
        let text = Constant::from_str("ab");
        assert!(binary(BinaryOp::NB_MULTIPLY, &text, &Constant::Int(2048)).is_some());
        assert_eq!(binary(BinaryOp::NB_MULTIPLY, &text, &Constant::Int(2049)), None);
    }

    #[test]
    fn true_division_rounds_once() {
        assert_eq!(fold(BinaryOp::NB_TRUE_DIVIDE, 1, 3), Some(Constant::Float(1.0 / 3.0)));
        let big = binary(BinaryOp::NB_POWER, &Constant::Int(10), &Constant::Int(30)).unwrap();
        let value = binary(BinaryOp::NB_TRUE_DIVIDE, &big, &Constant::Int(3));
        assert_eq!(value, Some(Constant::Float(1e30 / 3.0)));
        assert_eq!(fold(BinaryOp::NB_POWER, 10, -2), Some(Constant::Float(0.01)));
    }

    #[test]
    fn slices_clamp() {
        let text = Constant::from_str("hello");
        let slice = |a, b, c| Constant::Slice(Arc::new([a, b, c]));
        let reversed = slice(Constant::None, Constant::None, Constant::Int(-1));
        assert_eq!(subscript(&text, &reversed), Some(Constant::from_str("olleh")));
        let middle = slice(Constant::Int(1), Constant::Int(-1), Constant::None);
        assert_eq!(subscript(&text, &middle), Some(Constant::from_str("ell")));
        assert_eq!(subscript(&text, &Constant::Int(5)), None);
    }
}
