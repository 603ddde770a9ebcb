//! `float`.

mod class;
pub mod hex;
pub mod round;

pub use class::PyFloat_Type;

use crate::abstracts::buffer;
use crate::memory::alloc;
use crate::numfmt::parse;
use crate::types::int::text::{is_ascii_space, to_ascii_literal};
use crate::{Py, PyByteArray, PyBytes, PyComplex, PyLayout, PyObject, PyResult, PyStr, Python, err, exceptions, raise};

/// `PyFloatObject`.
#[repr(C)]
pub struct PyFloat {
    pub ob_base: PyObject,
    ob_fval: core::cell::Cell<f64>,
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyFloat {}

impl core::ops::Deref for PyFloat {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyFloat {
    #[inline(always)]
    pub fn value(&self) -> f64 {
        self.ob_fval.get()
    }

    /// A new float, from the freelist if it can be had.
    #[inline(always)]
    pub fn new(py: Python, v: f64) -> PyResult<Py<PyFloat>> {
        let p = py.interp().freelists.floats.pop() as *mut PyFloat;
        // SAFETY: memory of a float, either from the freelist or new.
        unsafe {
            let p = if p.is_null() {
                alloc::new(py, &PyFloat_Type, size_of::<PyFloat>())? as *mut PyFloat
            } else {
                alloc::init(p as *mut PyObject, &PyFloat_Type);
                p
            };
            (*p).ob_fval.set(v);
            Ok(Py::from_owned(p))
        }
    }

    /// Overwrites the value of a float that only the caller refers to: the interpreter's in-place arithmetic.
    ///
    /// # Safety
    /// The object is an exact float with a count of one, owned by the caller.
    #[inline(always)]
    pub unsafe fn overwrite(&self, v: f64) {
        self.ob_fval.set(v);
    }
}

/// `float(obj)` of a str, bytes or another buffer (`PyFloat_FromString`).
///
/// # Errors
/// ValueError "could not convert string to float: '…'"; TypeError for other objects.
pub fn from_text_object(py: Python, obj: &PyObject) -> PyResult<Py<PyFloat>> {
    if let Some(s) = obj.downcast::<PyStr>() {
        return from_text(py, obj, &to_ascii_literal(s));
    }
    if let Some(b) = obj.downcast::<PyBytes>() {
        return from_text(py, obj, b.as_slice());
    }
    if let Some(b) = obj.downcast::<PyByteArray>() {
        return b.with_slice(|s| from_text(py, obj, s));
    }
    if buffer::check(obj) {
        let view = buffer::Buffer::get(py, obj, buffer::SIMPLE)?;
        return from_text(py, obj, view.as_slice());
    }
    Err(raise!(
        py,
        TypeError,
        "float() argument must be a string or a real number, not '{:.200}'",
        obj.ty().full_name()
    ))
}

/// The text without white space around it.
pub(crate) fn trimmed(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|&c| !is_ascii_space(c)).unwrap_or(text.len());
    let end = text.iter().rposition(|&c| !is_ascii_space(c)).map_or(start, |i| i + 1);
    &text[start..end]
}

fn from_text(py: Python, obj: &PyObject, text: &[u8]) -> PyResult<Py<PyFloat>> {
    match parse::parse(trimmed(text)) {
        Some(v) => PyFloat::new(py, v),
        None => {
            let shown = obj.repr(py)?;
            Err(raise!(py, ValueError, "could not convert string to float: {shown}"))
        }
    }
}

/// The quotient rounded down and the remainder with the divisor's sign, as floats; the divisor is not zero.
pub fn div_mod(v: f64, w: f64) -> (f64, f64) {
    // The remainder is exact; what is left after it divides nearly evenly.
    let mut rem = v % w;
    let mut div = (v - rem) / w;
    if rem != 0.0 {
        if (w < 0.0) != (rem < 0.0) {
            rem += w;
            div -= 1.0;
        }
    } else {
        rem = 0f64.copysign(w);
    }
    let floor = if div != 0.0 {
        let f = div.floor();
        if div - f > 0.5 { f + 1.0 } else { f }
    } else {
        0f64.copysign(v / w)
    };
    (floor, rem)
}

/// `v % w` with the divisor's sign; `w` is not zero.
pub fn remainder(v: f64, w: f64) -> f64 {
    let rem = v % w;
    if rem == 0.0 {
        0f64.copysign(w)
    } else if (w < 0.0) != (rem < 0.0) {
        rem + w
    } else {
        rem
    }
}

/// `v ** w` as Python has it: a negative base with a fractional exponent gives a complex number.
///
/// # Errors
/// ZeroDivisionError "zero to a negative power"; OverflowError if the result is too large.
pub fn power(py: Python, v: f64, w: f64) -> PyResult {
    if w == 0.0 || v == 1.0 {
        return PyFloat::new(py, 1.0).map(Py::into_object);
    }
    let float = |x: f64| PyFloat::new(py, x).map(Py::into_object);
    if v.is_nan() {
        return float(v);
    }
    if w.is_nan() {
        return float(w);
    }
    let odd = |w: f64| (w.abs() % 2.0) == 1.0;
    if w.is_infinite() {
        let a = v.abs();
        return float(if a == 1.0 {
            1.0
        } else if (w > 0.0) == (a > 1.0) {
            w.abs()
        } else {
            0.0
        });
    }
    if v.is_infinite() {
        return float(match (w > 0.0, odd(w)) {
            (true, true) => v,
            (true, false) => v.abs(),
            (false, true) => 0f64.copysign(v),
            (false, false) => 0.0,
        });
    }
    if v == 0.0 {
        if w < 0.0 {
            return Err(raise!(py, ZeroDivisionError, "zero to a negative power"));
        }
        return float(if odd(w) { v } else { 0.0 });
    }
    let mut v = v;
    let mut negate = false;
    if v < 0.0 {
        if w != w.floor() {
            let result = crate::types::complex::arith::pow((v, 0.0), (w, 0.0));
            return match result {
                Ok((re, im)) => PyComplex::new(py, re, im).map(Py::into_object),
                Err(e) => Err(crate::types::complex::arith::raise_power_error(py, e)),
            };
        }
        v = -v;
        negate = odd(w);
    }
    if v == 1.0 {
        return float(if negate { -1.0 } else { 1.0 });
    }
    let result = v.powf(w);
    if result.is_infinite() {
        return Err(err::from_errno2(py, exceptions::OverflowError(), libc::ERANGE, None, None));
    }
    float(if negate { -result } else { result })
}
