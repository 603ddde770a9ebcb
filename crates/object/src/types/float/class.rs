//! The Python class `float`.

use super::{PyFloat, div_mod, hex, power, remainder, round};
use crate::abstracts::{hash::hash_f64, number};
use crate::declare::{Args, CompareOp, convert::real_number};
use crate::numfmt::{self, float_text, ieee};
use crate::types::int::{arith, text::to_ascii_literal};
use crate::{Py, PyClass, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Raised, pack, pyclass, raise};
use core::ffi::c_void;

/// An operand as float: floats and ints. `None` for others, whose own slots are asked.
#[inline(always)]
fn operand(py: Python, obj: &PyObject) -> PyResult<Option<f64>> {
    if let Some(f) = obj.downcast::<PyFloat>() {
        return Ok(Some(f.value()));
    }
    match obj.downcast::<PyLong>() {
        Some(n) => n.as_f64(py).map(Some),
        None => Ok(None),
    }
}

/// Both operands as floats, else NotImplemented is given.
macro_rules! both {
    ($py:expr, $a:expr, $b:expr) => {
        match (operand($py, $a)?, operand($py, $b)?) {
            (Some(a), Some(b)) => (a, b),
            _ => return Ok($py.not_implemented()),
        }
    };
}

#[cold]
fn zero_division(py: Python) -> Raised {
    raise!(py, ZeroDivisionError, "division by zero")
}

#[inline(always)]
fn result(py: Python, v: f64) -> PyResult {
    PyFloat::new(py, v).map(Py::into_object)
}

impl PyFloat {
    /// Itself, or for an instance of a subclass the float of the same value.
    fn to_exact(&self, py: Python) -> PyResult<Py<PyFloat>> {
        if PyFloat::check_exact(self) { Ok(Py::new_ref(self)) } else { PyFloat::new(py, self.value()) }
    }
}

/// Convert a string or number to a floating-point number, if possible.
#[pyclass(name = "float", static_name = PyFloat_Type, flags(BASETYPE, MATCH_SELF))]
impl PyFloat {
    #[signature("(x=0, /)")]
    fn tp_new(py: Python, cls: &PyType, x: Option<Py>) -> PyResult<Py<PyFloat>> {
        let f = match x {
            Some(x) => number::float(py, &x)?,
            None => PyFloat::new(py, 0.0)?,
        };
        if cls.is(&PyFloat_Type) {
            return Ok(f);
        }
        PyFloat::alloc(py, cls, |ob_base: PyObject| PyFloat { ob_base, ob_fval: core::cell::Cell::new(f.value()) })
    }

    fn tp_vectorcall(py: Python, _callable: &PyObject, args: Args<'_>) -> PyResult<Py<PyFloat>> {
        args.no_keywords("float")?;
        match *args.as_slice() {
            [] => PyFloat::new(py, 0.0),
            [x] => number::float(py, x),
            ref all => Err(raise!(py, TypeError, "float expected at most 1 argument, got {}", all.len())),
        }
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the count is zero.
        unsafe {
            if PyFloat::check_exact(&*this) && Python::assume().interp().freelists.floats.push(this as *mut PyObject) {
                return;
            }
            if let Some(free) = (*this).ty().tp_free.get() {
                free(this as *mut c_void);
            }
        }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut out = Vec::with_capacity(24);
        float_text::write(self.value(), b'r', 0, float_text::ADD_DOT_0, &mut out);
        PyStr::from_ascii(py, &out)
    }

    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        Ok(hash_f64(self, self.value()))
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let order = if let Some(other) = other.downcast::<PyFloat>() {
            self.value().partial_cmp(&other.value())
        } else if let Some(n) = other.downcast::<PyLong>() {
            arith::compare_f64(n, self.value()).map(core::cmp::Ordering::reverse)
        } else {
            return Ok(py.not_implemented());
        };
        Ok(py.bool(match order {
            Some(order) => op.matches(order),
            None => op == CompareOp::Ne,
        }))
    }

    fn nb_add(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        result(py, a + b)
    }
    fn nb_subtract(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        result(py, a - b)
    }
    fn nb_multiply(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        result(py, a * b)
    }
    fn nb_true_divide(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        if b == 0.0 {
            return Err(zero_division(py));
        }
        result(py, a / b)
    }
    fn nb_floor_divide(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        if b == 0.0 {
            return Err(zero_division(py));
        }
        result(py, div_mod(a, b).0)
    }
    fn nb_remainder(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        if b == 0.0 {
            return Err(zero_division(py));
        }
        result(py, remainder(a, b))
    }
    fn nb_divmod(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        if b == 0.0 {
            return Err(zero_division(py));
        }
        let (q, r) = div_mod(a, b);
        PyTuple::from_array(py, [result(py, q)?, result(py, r)?]).map(Py::into_object)
    }
    fn nb_power(py: Python, a: &PyObject, b: &PyObject, modulus: &PyObject) -> PyResult {
        if !modulus.is_none() {
            return Err(raise!(py, TypeError, "pow() 3rd argument not allowed unless all arguments are integers"));
        }
        let (a, b) = both!(py, a, b);
        power(py, a, b)
    }
    fn nb_negative(&self, py: Python) -> PyResult {
        result(py, -self.value())
    }
    fn nb_positive(&self, py: Python) -> PyResult<Py<PyFloat>> {
        self.to_exact(py)
    }
    fn nb_absolute(&self, py: Python) -> PyResult {
        result(py, self.value().abs())
    }
    fn nb_bool(&self, _py: Python) -> PyResult<bool> {
        Ok(self.value() != 0.0)
    }
    fn nb_int(&self, py: Python) -> PyResult<Py<PyLong>> {
        PyLong::from_f64(py, self.value())
    }
    fn nb_float(&self, py: Python) -> PyResult<Py<PyFloat>> {
        self.to_exact(py)
    }

    /// Convert real number to a floating-point number.
    #[classmethod]
    #[signature("(type, number, /)")]
    fn from_number(py: Python, cls: &PyType, number: &PyObject) -> PyResult {
        if cls.is(&PyFloat_Type) && PyFloat::check_exact(number) {
            return Ok(Py::new_ref(number));
        }
        let f = PyFloat::new(py, real_number(py, number)?)?;
        if cls.is(&PyFloat_Type) { Ok(f.into_object()) } else { cls.call1(py, &f) }
    }

    /// Return self, the complex conjugate of any float.
    #[method]
    #[signature("(self, /)")]
    fn conjugate(&self, py: Python) -> PyResult<Py<PyFloat>> {
        self.to_exact(py)
    }

    /// Return the Integral closest to x between 0 and x.
    #[method]
    #[signature("(self, /)")]
    fn __trunc__(&self, py: Python) -> PyResult<Py<PyLong>> {
        PyLong::from_f64(py, self.value())
    }

    /// Return the floor as an Integral.
    #[method]
    #[signature("(self, /)")]
    fn __floor__(&self, py: Python) -> PyResult<Py<PyLong>> {
        PyLong::from_f64(py, self.value().floor())
    }

    /// Return the ceiling as an Integral.
    #[method]
    #[signature("(self, /)")]
    fn __ceil__(&self, py: Python) -> PyResult<Py<PyLong>> {
        PyLong::from_f64(py, self.value().ceil())
    }

    /// Return the Integral closest to x, rounding half toward even.
    ///
    /// When an argument is passed, work like built-in round(x, ndigits).
    #[method]
    #[signature("(self, ndigits=None, /)")]
    fn __round__(&self, py: Python, ndigits: Option<&PyObject>) -> PyResult {
        let v = self.value();
        let Some(ndigits) = ndigits else {
            return PyLong::from_f64(py, round::to_whole(v)).map(Py::into_object);
        };
        let places = number::as_ssize(py, ndigits, None)?;
        let rounded = round::to_places(v, places as i64);
        if rounded.is_infinite() && v.is_finite() {
            return Err(raise!(py, OverflowError, "rounded value too large to represent"));
        }
        result(py, rounded)
    }

    /// Return a pair of integers, whose ratio is exactly equal to the original float.
    ///
    /// The ratio is in lowest terms and has a positive denominator.  Raise
    /// OverflowError on infinities and a ValueError on NaNs.
    ///
    /// >>> (10.0).as_integer_ratio()
    /// (10, 1)
    /// >>> (0.0).as_integer_ratio()
    /// (0, 1)
    /// >>> (-.25).as_integer_ratio()
    /// (-1, 4)
    #[method]
    #[signature("(self, /)")]
    fn as_integer_ratio(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let v = self.value();
        if v.is_infinite() {
            return Err(raise!(py, OverflowError, "cannot convert Infinity to integer ratio"));
        }
        if v.is_nan() {
            return Err(raise!(py, ValueError, "cannot convert NaN to integer ratio"));
        }
        let (mut m, mut e) = ieee::decompose(v);
        if m == 0 {
            e = 0;
        } else {
            m >>= m.trailing_zeros();
            e += ieee::decompose(v).0.trailing_zeros() as i64;
        }
        let numerator = PyLong::from_magnitude(py, v < 0.0, m as u128)?;
        let one = PyLong::from_i64(py, 1)?;
        if e >= 0 {
            let numerator = arith::lshift_bits(py, &numerator, e as u64)?;
            return pack!(py, numerator, one);
        }
        let denominator = arith::lshift_bits(py, &one, -e as u64)?;
        pack!(py, numerator, denominator)
    }

    /// Create a floating-point number from a hexadecimal string.
    ///
    /// >>> float.fromhex('0x1.ffffp10')
    /// 2047.984375
    /// >>> float.fromhex('-0x1p-1074')
    /// -5e-324
    #[classmethod]
    #[signature("(type, string, /)")]
    fn fromhex(py: Python, cls: &PyType, string: &PyObject) -> PyResult {
        let Some(s) = string.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "bad argument type for built-in operation"));
        };
        // Digits of other scripts are none here.
        let text = if s.is_ascii() { to_ascii_literal(s) } else { s.to_str(py)?.as_bytes().into() };
        let v = match hex::from_hex(super::trimmed(&text)) {
            Ok(v) => v,
            Err(hex::HexError::Invalid) => {
                return Err(raise!(py, ValueError, "invalid hexadecimal floating-point string"));
            }
            Err(hex::HexError::Overflow) => {
                return Err(raise!(py, OverflowError, "hexadecimal value too large to represent as a float"));
            }
        };
        let f = PyFloat::new(py, v)?;
        if cls.is(&PyFloat_Type) { Ok(f.into_object()) } else { cls.call1(py, &f) }
    }

    /// Return a hexadecimal representation of a floating-point number.
    ///
    /// >>> (-0.1).hex()
    /// '-0x1.999999999999ap-4'
    /// >>> 3.14159.hex()
    /// '0x1.921f9f01b866ep+1'
    #[method("hex")]
    #[signature("(self, /)")]
    fn hex_method(&self, py: Python) -> PyResult<Py<PyStr>> {
        let v = self.value();
        if !v.is_finite() {
            return self.tp_repr(py);
        }
        PyStr::new(py, &hex::to_hex(v))
    }

    /// Return True if the float is an integer.
    #[method]
    #[signature("(self, /)")]
    fn is_integer(&self, _py: Python) -> bool {
        let v = self.value();
        v.is_finite() && v.floor() == v
    }

    #[method]
    #[signature("(self, /)")]
    fn __getnewargs__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let f = PyFloat::new(py, self.value())?;
        pack!(py, f)
    }

    /// You probably don't want to use this function.
    ///
    ///   typestr
    ///     Must be 'double' or 'float'.
    ///
    /// It exists mainly to be used in Python's test suite.
    ///
    /// This function returns whichever of 'unknown', 'IEEE, big-endian' or 'IEEE,
    /// little-endian' best describes the format of floating-point numbers used by the
    /// C type named by typestr.
    #[classmethod]
    #[signature("(type, typestr, /)")]
    fn __getformat__(py: Python, _cls: &PyType, typestr: &PyStr) -> PyResult<Py<PyStr>> {
        if !typestr.eq_str("double") && !typestr.eq_str("float") {
            return Err(raise!(py, ValueError, "__getformat__() argument 1 must be 'double' or 'float'"));
        }
        PyStr::new(py, if cfg!(target_endian = "little") { "IEEE, little-endian" } else { "IEEE, big-endian" })
    }

    /// Formats the float according to format_spec.
    #[method]
    #[signature("(self, format_spec, /)")]
    fn __format__(&self, py: Python, format_spec: &PyStr) -> PyResult<Py<PyStr>> {
        numfmt::object::format_float(py, self, format_spec)
    }

    /// the real part of a complex number
    #[getter]
    fn real(&self, py: Python) -> PyResult<Py<PyFloat>> {
        self.to_exact(py)
    }
    /// the imaginary part of a complex number
    #[getter]
    fn imag(&self, py: Python) -> PyResult<Py<PyFloat>> {
        PyFloat::new(py, 0.0)
    }
}
