//! The Python class `int`.

use super::{DIGITS_OFFSET, PyLong, arith, bytes, divide, text};
use crate::abstracts::number;
use crate::declare::CompareOp;
use crate::{
    Args, Py, PyByteArray, PyBytes, PyFloat, PyObject, PyResult, PyStr, PyTuple, PyType, Python, numfmt, pack, pyclass,
    raise,
};
use core::ffi::c_void;

/// Both operands as ints, else NotImplemented is given.
macro_rules! both {
    ($py:expr, $a:expr, $b:expr) => {
        match ($a.downcast::<PyLong>(), $b.downcast::<PyLong>()) {
            (Some(a), Some(b)) => (a, b),
            _ => return Ok($py.not_implemented()),
        }
    };
}

impl PyLong {
    /// `int(x, base)` for an exact int; `base` 0 is taken from the literal's prefix.
    fn with_base(py: Python, x: &PyObject, base: &PyObject) -> PyResult<Py<PyLong>> {
        let base = number::as_ssize(py, base, None)?;
        if base != 0 && !(2..=36).contains(&base) {
            return Err(raise!(py, ValueError, "int() base must be >= 2 and <= 36, or 0"));
        }
        let base = base as u32;
        if let Some(s) = x.downcast::<PyStr>() {
            return text::from_str_object(py, s, base);
        }
        if let Some(b) = x.downcast::<PyBytes>() {
            return text::from_bytes_object(py, b.as_slice(), base);
        }
        if let Some(b) = x.downcast::<PyByteArray>() {
            return b.with_slice(|s| text::from_bytes_object(py, s, base));
        }
        Err(raise!(py, TypeError, "int() can't convert non-string with explicit base"))
    }

    fn construct(py: Python, x: Option<&PyObject>, base: Option<&PyObject>) -> PyResult<Py<PyLong>> {
        match (x, base) {
            (None, None) => PyLong::from_i64(py, 0),
            (None, Some(_)) => Err(raise!(py, TypeError, "int() missing string argument")),
            (Some(x), None) => number::long(py, x),
            (Some(x), Some(base)) => PyLong::with_base(py, x, base),
        }
    }
}

/// int([x]) -> integer
/// int(x, base=10) -> integer
///
/// Make an int of a number or a string; without arguments, 0.  A number gives
/// what its __int__() says, which for floats cuts off towards zero.
///
/// If x is not a number, or if base is given, x must be a string, bytes or
/// bytearray object with an integer literal in that base, with an optional
/// sign and white space around it.  The base is 10 unless given; it may be
/// 2 to 36, or 0 to go by the literal's prefix.
/// >>> int('0b100', base=0)
/// 4
#[pyclass(name = "int", static_name = PyLong_Type, basicsize = DIGITS_OFFSET, itemsize = 4,
    flags(BASETYPE, LONG_SUBCLASS, MATCH_SELF))]
impl PyLong {
    #[signature("(x=<unrepresentable>, /, base=<unrepresentable>)", hidden)]
    fn tp_new(py: Python, cls: &PyType, x: Option<Py>, base: Option<Py>) -> PyResult<Py<PyLong>> {
        let n = PyLong::construct(py, x.as_deref(), base.as_deref())?;
        if cls.is(&PyLong_Type) { Ok(n) } else { n.to_subclass(py, cls) }
    }

    fn tp_vectorcall(py: Python, callable: &PyObject, args: Args<'_>) -> PyResult {
        if args.has_keywords() {
            // SAFETY: the arguments are those of the call.
            return unsafe {
                crate::abstracts::call::make_tp_call(py, callable, args.as_ptr(), args.len(), args.kwnames())
            };
        }
        match *args.as_slice() {
            [] => PyLong::from_i64(py, 0).map(Py::into_object),
            [x] => number::long(py, x).map(Py::into_object),
            [x, base] => PyLong::with_base(py, x, base).map(Py::into_object),
            ref all => Err(raise!(py, TypeError, "int expected at most 2 arguments, got {}", all.len())),
        }
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the count is zero.
        unsafe {
            if (*this).is_type(&PyLong_Type) {
                if (*this).is_small_int() {
                    // A static int: native code has given back a reference too many.
                    return (*this).set_immortal();
                }
                if (*this).is_compact() && Python::assume().interp().freelists.ints.push(this as *mut PyObject) {
                    return;
                }
            }
            if let Some(free) = (*this).ty().tp_free.get() {
                free(this as *mut c_void);
            }
        }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        text::repr(py, self)
    }

    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        Ok(self.hash_value())
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        match other.downcast::<PyLong>() {
            Some(other) => Ok(py.bool(arith::holds(self, other, op))),
            None => Ok(py.not_implemented()),
        }
    }

    fn nb_add(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        arith::fast_add(py, a, b).map(Py::into_object)
    }
    fn nb_subtract(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        arith::fast_subtract(py, a, b).map(Py::into_object)
    }
    fn nb_multiply(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        arith::fast_multiply(py, a, b).map(Py::into_object)
    }
    fn nb_floor_divide(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        divide::floor_div(py, a, b).map(Py::into_object)
    }
    fn nb_remainder(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        divide::floor_mod(py, a, b).map(Py::into_object)
    }
    fn nb_divmod(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        let (q, r) = divide::divmod(py, a, b)?;
        PyTuple::from_array(py, [q.into_object(), r.into_object()]).map(Py::into_object)
    }
    fn nb_true_divide(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        divide::true_divide(py, a, b).map(Py::into_object)
    }
    fn nb_power(py: Python, a: &PyObject, b: &PyObject, modulus: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        if modulus.is_none() {
            if b.is_negative() {
                // A negative exponent makes it an operation of floats.
                let (x, y) = (a.as_f64(py)?, b.as_f64(py)?);
                return crate::types::float::power(py, x, y);
            }
            return arith::pow(py, a, b).map(Py::into_object);
        }
        match modulus.downcast::<PyLong>() {
            Some(m) => arith::pow_mod(py, a, b, m).map(Py::into_object),
            None => Ok(py.not_implemented()),
        }
    }
    fn nb_lshift(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        arith::lshift(py, a, b).map(Py::into_object)
    }
    fn nb_rshift(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        arith::rshift(py, a, b).map(Py::into_object)
    }
    fn nb_and(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        arith::and(py, a, b).map(Py::into_object)
    }
    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        arith::or(py, a, b).map(Py::into_object)
    }
    fn nb_xor(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        let (a, b) = both!(py, a, b);
        arith::xor(py, a, b).map(Py::into_object)
    }
    fn nb_negative(&self, py: Python) -> PyResult<Py<PyLong>> {
        arith::negative(py, self)
    }
    fn nb_positive(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.to_exact(py)
    }
    fn nb_absolute(&self, py: Python) -> PyResult<Py<PyLong>> {
        arith::absolute(py, self)
    }
    fn nb_invert(&self, py: Python) -> PyResult<Py<PyLong>> {
        arith::invert(py, self)
    }
    fn nb_bool(&self, _py: Python) -> PyResult<bool> {
        Ok(!self.is_zero())
    }
    fn nb_int(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.to_exact(py)
    }
    fn nb_index(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.to_exact(py)
    }
    fn nb_float(&self, py: Python) -> PyResult<Py<PyFloat>> {
        PyFloat::new(py, self.as_f64(py)?)
    }

    /// Returns self, the complex conjugate of any int.
    #[method]
    #[signature("(self, /)")]
    fn conjugate(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.to_exact(py)
    }

    /// Number of bits necessary to represent self in binary.
    ///
    /// >>> bin(37)
    /// '0b100101'
    /// >>> (37).bit_length()
    /// 6
    #[method("bit_length")]
    #[signature("(self, /)")]
    fn bit_length_method(&self, py: Python) -> PyResult<Py<PyLong>> {
        PyLong::from_u64(py, self.bit_length())
    }

    /// Number of ones in the binary representation of the absolute value of self.
    ///
    /// Also known as the population count.
    ///
    /// >>> bin(13)
    /// '0b1101'
    /// >>> (13).bit_count()
    /// 3
    #[method]
    #[signature("(self, /)")]
    fn bit_count(&self, py: Python) -> PyResult<Py<PyLong>> {
        PyLong::from_u64(py, self.digits().iter().map(|d| d.count_ones() as u64).sum())
    }

    /// Return an array of bytes representing an integer.
    ///
    ///   length
    ///     Length of bytes object to use.  An OverflowError is raised if the
    ///     integer is not representable with the given number of bytes.
    ///   byteorder
    ///     'big' puts the most significant byte first, 'little' last.
    ///     sys.byteorder is the order of this machine.
    ///   signed
    ///     Use two's complement.  If False, a negative integer raises
    ///     OverflowError.
    #[method]
    #[signature("(self, /, length=1, byteorder='big', *, signed=False)")]
    fn to_bytes(&self, py: Python, length: isize, byteorder: &PyStr, signed: bool) -> PyResult<Py<PyBytes>> {
        let little = bytes::is_little_endian(py, byteorder)?;
        bytes::to_bytes(py, self, length, little, signed)
    }

    /// Return the integer represented by the given array of bytes.
    ///
    ///   bytes
    ///     A bytes-like object, or what gives one: an iterable of bytes or an
    ///     object with __bytes__().
    ///   byteorder
    ///     'big' takes the most significant byte first, 'little' last.
    ///     sys.byteorder is the order of this machine.
    ///   signed
    ///     The bytes are in two's complement.
    #[classmethod]
    #[signature("(type, /, bytes, byteorder='big', *, signed=False)")]
    fn from_bytes(py: Python, cls: &PyType, bytes: &PyObject, byteorder: &PyStr, signed: bool) -> PyResult {
        let little = bytes::is_little_endian(py, byteorder)?;
        let n = bytes::from_bytes(py, bytes, little, signed)?;
        if cls.is(&PyLong_Type) { Ok(n.into_object()) } else { cls.call1(py, &n) }
    }

    /// Return a pair of integers, whose ratio is equal to the original int.
    ///
    /// The ratio is in lowest terms and has a positive denominator.
    ///
    /// >>> (10).as_integer_ratio()
    /// (10, 1)
    /// >>> (-10).as_integer_ratio()
    /// (-10, 1)
    /// >>> (0).as_integer_ratio()
    /// (0, 1)
    #[method]
    #[signature("(self, /)")]
    fn as_integer_ratio(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let numerator = self.to_exact(py)?;
        let one = PyLong::from_i64(py, 1)?;
        pack!(py, numerator, one)
    }

    /// Returns True. Exists for duck type compatibility with float.is_integer.
    #[method]
    #[signature("(self, /)")]
    fn is_integer(&self, py: Python) -> Py {
        py.bool(true)
    }

    /// Truncating an Integral returns itself.
    #[method]
    #[signature("(self, /)")]
    fn __trunc__(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.to_exact(py)
    }

    /// Flooring an Integral returns itself.
    #[method]
    #[signature("(self, /)")]
    fn __floor__(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.to_exact(py)
    }

    /// Ceiling of an Integral returns itself.
    #[method]
    #[signature("(self, /)")]
    fn __ceil__(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.to_exact(py)
    }

    /// Rounding an Integral returns itself.
    ///
    /// Rounding with an ndigits argument also returns an integer.
    #[method]
    #[signature("(self, ndigits=None, /)")]
    fn __round__(&self, py: Python, ndigits: Option<&PyObject>) -> PyResult<Py<PyLong>> {
        let Some(ndigits) = ndigits else { return self.to_exact(py) };
        let ndigits = number::index(py, ndigits)?;
        if !ndigits.is_negative() {
            return self.to_exact(py);
        }
        // self - what is left of it after division by 10**-ndigits.
        let places = arith::negative(py, &ndigits)?;
        // Far more places than self has round to zero.
        if places.try_u64().is_none_or(|p| p > self.bit_length() + 2) {
            return PyLong::from_i64(py, 0);
        }
        let ten = PyLong::from_i64(py, 10)?;
        let unit = arith::pow(py, &ten, &places)?;
        let (_, rest) = divide::divmod_near(py, self, &unit)?;
        arith::fast_subtract(py, self, &rest)
    }

    /// Convert to a string according to format_spec.
    #[method]
    #[signature("(self, format_spec, /)")]
    fn __format__(&self, py: Python, format_spec: &PyStr) -> PyResult<Py<PyStr>> {
        numfmt::object::format_int(py, self, format_spec)
    }

    #[method]
    #[signature("(self, /)")]
    fn __getnewargs__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let n = PyLong::from_digits(py, self.is_negative(), self.digits())?;
        pack!(py, n)
    }

    /// Returns size in memory, in bytes.
    #[method]
    #[signature("(self, /)")]
    fn __sizeof__(&self, _py: Python) -> PyResult<usize> {
        Ok(self.ty().tp_basicsize.get() as usize + self.digit_count().max(1) * 4)
    }

    /// the real part of a complex number
    #[getter]
    fn real(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.to_exact(py)
    }
    /// the imaginary part of a complex number
    #[getter]
    fn imag(&self, py: Python) -> PyResult<Py<PyLong>> {
        PyLong::from_i64(py, 0)
    }
    /// the numerator of a rational number in lowest terms
    #[getter]
    fn numerator(&self, py: Python) -> PyResult<Py<PyLong>> {
        self.to_exact(py)
    }
    /// the denominator of a rational number in lowest terms
    #[getter]
    fn denominator(&self, py: Python) -> PyResult<Py<PyLong>> {
        PyLong::from_i64(py, 1)
    }
}
