//! Builtins about numbers.

use taipan_object::abstracts::number;
use taipan_object::types::bytearray::{PyByteArray, PyByteArray_Type};
use taipan_object::types::bytes::{PyBytes, PyBytes_Type};
use taipan_object::{Py, PyComplex, PyFloat, PyLong, PyObject, PyResult, PyStr, Python, id, pyfunction, raise};

/// Return the absolute value of the argument.
#[pyfunction]
#[signature("(x, /)")]
pub fn abs(py: Python, x: &PyObject) -> PyResult {
    number::absolute(py, x)
}

/// Return the binary representation of an integer.
///
///    >>> bin(2796202)
///    '0b1010101010101010101010'
#[pyfunction]
#[signature("(number, /)")]
pub fn bin(py: Python, number: &PyObject) -> PyResult<Py<PyStr>> {
    number::to_base(py, number, 2)
}

/// Return the octal representation of an integer.
///
///    >>> oct(342391)
///    '0o1234567'
#[pyfunction]
#[signature("(number, /)")]
pub fn oct(py: Python, number: &PyObject) -> PyResult<Py<PyStr>> {
    number::to_base(py, number, 8)
}

/// Return the hexadecimal representation of an integer.
///
///    >>> hex(12648430)
///    '0xc0ffee'
#[pyfunction]
#[signature("(number, /)")]
pub fn hex(py: Python, number: &PyObject) -> PyResult<Py<PyStr>> {
    number::to_base(py, number, 16)
}

/// Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.
#[pyfunction]
#[signature("(x, y, /)")]
pub fn divmod(py: Python, x: &PyObject, y: &PyObject) -> PyResult {
    number::divmod(py, x, y)
}

/// Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.
///
/// Some types, such as ints, are able to use a more efficient algorithm when
/// invoked using the three argument form.
#[pyfunction]
#[signature("(base, exp, mod=None)")]
pub fn pow(py: Python, base: &PyObject, exp: &PyObject, r#mod: &PyObject) -> PyResult {
    number::power(py, base, exp, r#mod)
}

/// Round a number to a given precision in decimal digits.
///
/// The return value is an integer if ndigits is omitted or None.  Otherwise
/// the return value has the same type as the number.  ndigits may be negative.
#[pyfunction]
#[signature("(number, ndigits=None)")]
pub fn round(py: Python, number: &PyObject, ndigits: Option<&PyObject>) -> PyResult {
    let Some(round) = number.lookup_special(py, id!(py, "__round__"))? else {
        return Err(raise!(py, TypeError, "type {} doesn't define __round__ method", number.ty().full_name()));
    };
    match ndigits {
        Some(n) if !n.is_none() => round.call1(py, n),
        _ => round.call0(py),
    }
}

/// Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.
#[pyfunction]
#[signature("(i, /)")]
pub fn chr(py: Python, i: &PyObject) -> PyResult<Py<PyStr>> {
    let i = number::index(py, i)?;
    match i.try_i64() {
        Some(c @ 0..=0x10_ffff) => PyStr::from_char(py, c as u32),
        _ => Err(raise!(py, ValueError, "chr() arg not in range(0x110000)")),
    }
}

/// Return the ordinal value of a character.
///
/// If the argument is a one-character string, return the Unicode code
/// point of that character.
///
/// If the argument is a bytes or bytearray object of length 1, return its
/// single byte value.
#[pyfunction]
#[signature("(character, /)")]
pub fn ord(py: Python, character: &PyObject) -> PyResult<i64> {
    let wrong = |n: usize| raise!(py, TypeError, "ord() expected a character, but string of length {n} found");
    if let Some(s) = character.downcast::<PyStr>() {
        return if s.len() == 1 { Ok(s.char_at(0) as i64) } else { Err(wrong(s.len())) };
    }
    if let Some(b) = character.downcast::<PyBytes>() {
        let b = b.as_slice();
        return if b.len() == 1 { Ok(b[0] as i64) } else { Err(wrong(b.len())) };
    }
    if let Some(b) = character.downcast::<PyByteArray>() {
        let (n, first) = b.with_slice(|s| (s.len(), s.first().copied()));
        return match first {
            Some(c) if n == 1 => Ok(c as i64),
            _ => Err(wrong(n)),
        };
    }
    Err(raise!(py, TypeError, "ord() expected string of length 1, but {} found", character.ty().full_name()))
}

/// A sum of floats that carries what rounding lost (Neumaier).
#[derive(Clone, Copy)]
struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    fn from_f64(x: f64) -> Compensated {
        Compensated { high: x, low: 0.0 }
    }
    #[inline]
    fn add(&mut self, x: f64) {
        let t = self.high + x;
        self.low += if self.high.abs() >= x.abs() { (self.high - t) + x } else { (x - t) + self.high };
        self.high = t;
    }
    /// The total. The correction is left out where it would turn an infinity into a NaN.
    fn value(self) -> f64 {
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

/// Where a sum stands.
enum Total {
    Int(i64),
    Float(Compensated),
    Complex(Compensated, Compensated),
    Any(Py),
}

impl Total {
    fn of(start: Py) -> Total {
        if let Some(n) = start.downcast_exact::<PyLong>().and_then(PyLong::try_i64) {
            return Total::Int(n);
        }
        if let Some(x) = start.downcast_exact::<PyFloat>() {
            return Total::Float(Compensated::from_f64(x.value()));
        }
        if let Some(z) = start.downcast_exact::<PyComplex>() {
            let (re, im) = z.value();
            return Total::Complex(Compensated::from_f64(re), Compensated::from_f64(im));
        }
        Total::Any(start)
    }

    fn object(&self, py: Python) -> PyResult {
        Ok(match self {
            Total::Int(n) => PyLong::from_i64(py, *n)?.into_object(),
            Total::Float(x) => PyFloat::new(py, x.value())?.into_object(),
            Total::Complex(re, im) => PyComplex::new(py, re.value(), im.value())?.into_object(),
            Total::Any(o) => o.clone(),
        })
    }

    /// Adds one item, by machine arithmetic as long as types and ranges allow.
    #[inline]
    fn add(&mut self, py: Python, item: &PyObject) -> PyResult<()> {
        match self {
            Total::Int(n) => {
                let value = match item.downcast_exact::<PyLong>() {
                    Some(v) => v.try_i64(),
                    None if item.is(taipan_object::singletons::true_()) => Some(1),
                    None if item.is(taipan_object::singletons::false_()) => Some(0),
                    None => None,
                };
                if let Some(sum) = value.and_then(|v| n.checked_add(v)) {
                    *n = sum;
                    return Ok(());
                }
            }
            Total::Float(x) => {
                if let Some(v) = item.downcast_exact::<PyFloat>() {
                    x.add(v.value());
                    return Ok(());
                }
                if let Some(v) = item.downcast::<PyLong>() {
                    x.add(v.as_f64(py)?);
                    return Ok(());
                }
            }
            Total::Complex(re, im) => {
                if let Some(v) = item.downcast_exact::<PyComplex>() {
                    let (a, b) = v.value();
                    re.add(a);
                    im.add(b);
                    return Ok(());
                }
                if let Some(v) = item.downcast::<PyLong>() {
                    re.add(v.as_f64(py)?);
                    return Ok(());
                }
                if let Some(v) = item.downcast::<PyFloat>() {
                    re.add(v.value());
                    return Ok(());
                }
            }
            Total::Any(o) => {
                *o = number::add(py, o, item)?;
                return Ok(());
            }
        }
        // The fast path ends here; the object that comes out may open another one.
        let total = self.object(py)?;
        let sum = number::add(py, &total, item)?;
        *self = match (&*self, Total::of(sum.clone())) {
            (Total::Int(_), next @ (Total::Float(_) | Total::Complex(..))) => next,
            (Total::Float(_), next @ Total::Complex(..)) => next,
            _ => Total::Any(sum),
        };
        Ok(())
    }
}

/// Return the sum of a 'start' value (default: 0) plus an iterable of numbers
///
/// When the iterable is empty, return the start value.
/// This function is intended specifically for use with numeric values and may
/// reject non-numeric types.
#[pyfunction]
#[signature("(iterable, /, start=0)")]
pub fn sum(py: Python, iterable: &PyObject, start: Option<&PyObject>) -> PyResult {
    let it = iterable.iter(py)?;
    let start = match start {
        None => PyLong::from_i64(py, 0)?.into_object(),
        Some(s) => {
            let hint = if s.downcast::<PyStr>().is_some() {
                Some(("strings", "''"))
            } else if s.ty().is_subtype(&PyBytes_Type) {
                Some(("bytes", "b''"))
            } else if s.ty().is_subtype(&PyByteArray_Type) {
                Some(("bytearray", "b''"))
            } else {
                None
            };
            if let Some((what, empty)) = hint {
                return Err(raise!(py, TypeError, "sum() can't sum {what} [use {empty}.join(seq) instead]"));
            }
            Py::new_ref(s)
        }
    };
    let mut total = Total::of(start);
    while let Some(item) = it.iter_next(py)? {
        total.add(py, &item)?;
    }
    total.object(py)
}
