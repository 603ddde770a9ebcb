//! The Python class `complex`.

use super::{PyComplex, arith, by_special_method, parse, to_value};
use crate::abstracts::{hash, number};
use crate::declare::{Args, CompareOp, suggest::closest};
use crate::numfmt::{self, float_text, parse::strip_underscores};
use crate::types::int::{arith::compare_f64, text::to_ascii_literal};
use crate::{
    Py, PyClass, PyDict, PyFloat, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Raised, err, exceptions,
    pack, pyclass, raise,
};
use core::cell::Cell;
use core::ffi::c_void;

/// An operand of arithmetic.
enum Operand {
    Real(f64),
    Complex(arith::Value),
}

#[inline]
fn operand(py: Python, obj: &PyObject) -> PyResult<Option<Operand>> {
    if let Some(c) = obj.downcast::<PyComplex>() {
        return Ok(Some(Operand::Complex(c.value())));
    }
    if let Some(f) = obj.downcast::<PyFloat>() {
        return Ok(Some(Operand::Real(f.value())));
    }
    match obj.downcast::<PyLong>() {
        Some(n) => Ok(Some(Operand::Real(n.as_f64(py)?))),
        None => Ok(None),
    }
}

/// Both operands, else NotImplemented is given.
macro_rules! both {
    ($py:expr, $a:expr, $b:expr) => {
        match (operand($py, $a)?, operand($py, $b)?) {
            (Some(a), Some(b)) => (a, b),
            _ => return Ok($py.not_implemented()),
        }
    };
}

#[inline(always)]
fn result(py: Python, v: arith::Value) -> PyResult {
    PyComplex::new(py, v.0, v.1).map(Py::into_object)
}

impl PyComplex {
    fn make(py: Python, cls: &PyType, v: arith::Value) -> PyResult<Py<PyComplex>> {
        if cls.is(&PyComplex_Type) {
            return PyComplex::new(py, v.0, v.1);
        }
        PyComplex::alloc(py, cls, |ob_base: PyObject| PyComplex { ob_base, real: Cell::new(v.0), imag: Cell::new(v.1) })
    }

    fn from_str(py: Python, cls: &PyType, s: &PyStr) -> PyResult<Py<PyComplex>> {
        let text = to_ascii_literal(s);
        // Underscores are judged first, with an error of their own.
        let Some(text) = strip_underscores(&text) else {
            let shown = s.repr(py)?;
            return Err(raise!(py, ValueError, "could not convert string to complex: {shown}"));
        };
        match parse::parse(&text) {
            Some(v) => PyComplex::make(py, cls, v),
            None => Err(raise!(py, ValueError, "complex() arg is a malformed string")),
        }
    }

    /// `complex(x)`.
    fn from_one(py: Python, cls: &PyType, x: &PyObject) -> PyResult<Py<PyComplex>> {
        if let Some(c) = x.downcast_exact::<PyComplex>() {
            return if cls.is(&PyComplex_Type) { Ok(Py::new_ref(c)) } else { PyComplex::make(py, cls, c.value()) };
        }
        if let Some(s) = x.downcast::<PyStr>() {
            return PyComplex::from_str(py, cls, s);
        }
        if let Some(c) = by_special_method(py, x)? {
            return PyComplex::make(py, cls, c.value());
        }
        if let Some(c) = x.downcast::<PyComplex>() {
            return PyComplex::make(py, cls, c.value());
        }
        if !is_real(x) {
            return Err(raise!(
                py,
                TypeError,
                "complex() argument must be a string or a number, not {}",
                x.ty().full_name()
            ));
        }
        PyComplex::make(py, cls, (number::float(py, x)?.value(), 0.0))
    }

    /// `complex(real, imag)`: complex arguments are deprecated.
    fn from_two(py: Python, cls: &PyType, real: Option<&PyObject>, imag: Option<&PyObject>) -> PyResult<Py<PyComplex>> {
        let bad = |name: &str, obj: &PyObject| {
            raise!(py, TypeError, "complex() argument '{name}' must be a real number, not {}", obj.ty().full_name())
        };
        let warn = |name: &str, obj: &PyObject| {
            let message = format!("complex() argument '{name}' must be a real number, not {}", obj.ty().full_name());
            err::warn(py, exceptions::DeprecationWarning(), &message, 1)
        };
        let mut re = (0.0, 0.0);
        let mut re_object = None;
        if let Some(r) = real {
            let converted = match by_special_method(py, r)? {
                Some(c) => Some(c),
                None => r.downcast::<PyComplex>().map(Py::new_ref),
            };
            if converted.is_none() && !is_real(r) {
                return Err(bad("real", r));
            }
            re_object = Some((r, converted));
        }
        if let Some(i) = imag
            && i.downcast::<PyComplex>().is_none()
            && !is_real(i)
        {
            return Err(bad("imag", i));
        }
        let mut complex_real = false;
        match re_object {
            Some((r, Some(c))) => {
                warn("real", r)?;
                re = c.value();
                complex_real = true;
            }
            Some((r, None)) => re.0 = number::float(py, r)?.value(),
            None => {}
        }
        let Some(i) = imag else { return PyComplex::make(py, cls, re) };
        let im = match i.downcast::<PyComplex>() {
            Some(c) => {
                warn("imag", i)?;
                c.value()
            }
            None => (number::float(py, i)?.value(), 0.0),
        };
        // Only what was complex takes part in the other component: signs of zeros stay.
        let real = if PyComplex::check(i) { re.0 - im.1 } else { re.0 };
        let imag = if complex_real { im.0 + re.1 } else { im.0 };
        PyComplex::make(py, cls, (real, imag))
    }

    /// True for complex numbers and what has a `__complex__` (`PyNumber_Check`'s last case).
    pub fn check_instance(obj: &PyObject) -> bool {
        PyComplex::check(obj)
    }
}

/// Can it be taken for a float?
fn is_real(obj: &PyObject) -> bool {
    obj.ty().as_number().is_some_and(|n| n.nb_float.get().is_some() || n.nb_index.get().is_some())
}

#[cold]
fn zero_division(py: Python) -> Raised {
    raise!(py, ZeroDivisionError, "division by zero")
}

#[pyclass(name = "complex", static_name = PyComplex_Type, flags(BASETYPE),
    doc = "complex(real=0, imag=0)\n--\n\nCreate a complex number from a string or numbers.\n\nA string is read as a \
literal, a single number is converted.  With 'real' or\n'imag' the number has these components.",
    members(
        real: DOUBLE readonly "the real part of a complex number",
        imag: DOUBLE readonly "the imaginary part of a complex number",
    ))]
impl PyComplex {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyComplex>> {
        // A single positional argument may be a string; the same by name may not, so the list is read here.
        let keywords = kwargs.map_or(0, |k| k.len());
        if args.len() == 1 && keywords == 0 {
            return PyComplex::from_one(py, cls, args.get(0));
        }
        if args.len() + keywords > 2 {
            let given = args.len() + keywords;
            return Err(raise!(py, TypeError, "complex() takes at most 2 arguments ({given} given)"));
        }
        let mut found = [args.as_slice().first().cloned(), args.as_slice().get(1).cloned()];
        let names = ["real", "imag"];
        let mut pos = 0;
        while let Some((name, value)) = kwargs.and_then(|k| k.next(&mut pos)) {
            let Some(name) = name.downcast::<PyStr>() else {
                return Err(raise!(py, TypeError, "keywords must be strings"));
            };
            let Some(i) = names.iter().position(|n| name.eq_str(n)) else {
                let text = name.to_string_lossy();
                let hint =
                    closest(&text, names.into_iter()).map(|n| format!(". Did you mean '{n}'?")).unwrap_or_default();
                return Err(raise!(py, TypeError, "complex() got an unexpected keyword argument '{text}'{hint}"));
            };
            if found[i].replace(value).is_some() {
                let (name, place) = (names[i], i + 1);
                return Err(raise!(
                    py,
                    TypeError,
                    "argument for complex() given by name ('{name}') and position ({place})"
                ));
            }
        }
        PyComplex::from_two(py, cls, found[0].as_deref(), found[1].as_deref())
    }

    fn tp_vectorcall(py: Python, callable: &PyObject, args: Args<'_>) -> PyResult {
        if !args.has_keywords() {
            match *args.as_slice() {
                [] => return result(py, (0.0, 0.0)),
                [x] => return PyComplex::from_one(py, &PyComplex_Type, x).map(Py::into_object),
                _ => {}
            }
        }
        // SAFETY: the arguments are those of the call.
        unsafe { crate::abstracts::call::make_tp_call(py, callable, args.as_ptr(), args.len(), args.kwnames()) }
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the count is zero.
        unsafe {
            if PyComplex::check_exact(&*this)
                && Python::assume().interp().freelists.complexes.push(this as *mut PyObject)
            {
                return;
            }
            if let Some(free) = (*this).ty().tp_free.get() {
                free(this as *mut c_void);
            }
        }
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let (re, im) = self.value();
        let mut out = Vec::with_capacity(48);
        if re == 0.0 && re.is_sign_positive() {
            float_text::write(im, b'r', 0, 0, &mut out);
            out.push(b'j');
        } else {
            out.push(b'(');
            float_text::write(re, b'r', 0, 0, &mut out);
            float_text::write(im, b'r', 0, float_text::SIGN, &mut out);
            out.extend_from_slice(b"j)");
        }
        PyStr::from_ascii(py, &out)
    }

    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        let re = hash::hash_f64(self, self.real.get()) as u64;
        let im = hash::hash_f64(self, self.imag.get()) as u64;
        Ok(re.wrapping_add(hash::HASH_IMAG.wrapping_mul(im)) as isize)
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(py.not_implemented());
        }
        let (re, im) = self.value();
        let equal = if let Some(n) = other.downcast::<PyLong>() {
            im == 0.0 && compare_f64(n, re).is_some_and(core::cmp::Ordering::is_eq)
        } else if let Some(f) = other.downcast::<PyFloat>() {
            re == f.value() && im == 0.0
        } else if let Some(c) = other.downcast::<PyComplex>() {
            re == c.real.get() && im == c.imag.get()
        } else {
            return Ok(py.not_implemented());
        };
        Ok(py.bool(equal == (op == CompareOp::Eq)))
    }

    fn nb_add(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        use Operand::*;
        result(
            py,
            match both!(py, a, b) {
                (Complex(a), Complex(b)) => (a.0 + b.0, a.1 + b.1),
                (Complex(a), Real(b)) | (Real(b), Complex(a)) => (a.0 + b, a.1),
                (Real(a), Real(b)) => (a + b, 0.0),
            },
        )
    }
    fn nb_subtract(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        use Operand::*;
        result(
            py,
            match both!(py, a, b) {
                (Complex(a), Complex(b)) => (a.0 - b.0, a.1 - b.1),
                (Complex(a), Real(b)) => (a.0 - b, a.1),
                (Real(a), Complex(b)) => (a - b.0, -b.1),
                (Real(a), Real(b)) => (a - b, 0.0),
            },
        )
    }
    fn nb_multiply(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        use Operand::*;
        result(
            py,
            match both!(py, a, b) {
                (Complex(a), Complex(b)) => arith::mul(a, b),
                (Complex(a), Real(b)) | (Real(b), Complex(a)) => (a.0 * b, a.1 * b),
                (Real(a), Real(b)) => (a * b, 0.0),
            },
        )
    }
    fn nb_true_divide(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        use Operand::*;
        let quotient = match both!(py, a, b) {
            (Complex(a), Complex(b)) => arith::div(a, b),
            (Complex(_) | Real(_), Real(0.0)) => None,
            (Complex(a), Real(b)) => Some((a.0 / b, a.1 / b)),
            (Real(a), Complex(b)) => arith::div_real_by(a, b),
            (Real(a), Real(b)) => Some((a / b, 0.0)),
        };
        match quotient {
            Some(v) => result(py, v),
            None => Err(zero_division(py)),
        }
    }
    fn nb_power(py: Python, a: &PyObject, b: &PyObject, modulus: &PyObject) -> PyResult {
        let value = |o: Operand| match o {
            Operand::Real(v) => (v, 0.0),
            Operand::Complex(v) => v,
        };
        let (a, b) = both!(py, a, b);
        if !modulus.is_none() {
            return Err(raise!(py, ValueError, "complex modulo"));
        }
        match arith::pow(value(a), value(b)) {
            Ok(v) => result(py, v),
            Err(e) => Err(arith::raise_power_error(py, e)),
        }
    }
    fn nb_negative(&self, py: Python) -> PyResult {
        result(py, (-self.real.get(), -self.imag.get()))
    }
    fn nb_positive(&self, py: Python) -> PyResult<Py<PyComplex>> {
        if PyComplex::check_exact(self) {
            Ok(Py::new_ref(self))
        } else {
            PyComplex::new(py, self.real.get(), self.imag.get())
        }
    }
    fn nb_absolute(&self, py: Python) -> PyResult<Py<PyFloat>> {
        match arith::abs(self.value()) {
            Some(v) => PyFloat::new(py, v),
            None => Err(raise!(py, OverflowError, "absolute value too large")),
        }
    }
    fn nb_bool(&self, _py: Python) -> PyResult<bool> {
        Ok(self.value() != (0.0, 0.0))
    }

    /// Convert number to a complex floating-point number.
    #[classmethod]
    #[signature("(type, number, /)")]
    fn from_number(py: Python, cls: &PyType, number: &PyObject) -> PyResult {
        if cls.is(&PyComplex_Type) && PyComplex::check_exact(number) {
            return Ok(Py::new_ref(number));
        }
        let v = to_value(py, number)?;
        let c = PyComplex::new(py, v.0, v.1)?;
        if cls.is(&PyComplex_Type) { Ok(c.into_object()) } else { cls.call1(py, &c) }
    }

    /// Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.
    #[method]
    #[signature("(self, /)")]
    fn conjugate(&self, py: Python) -> PyResult {
        result(py, (self.real.get(), -self.imag.get()))
    }

    /// Convert this value to exact type complex.
    #[method]
    #[signature("(self, /)")]
    fn __complex__(&self, py: Python) -> PyResult<Py<PyComplex>> {
        self.nb_positive(py)
    }

    #[method]
    #[signature("(self, /)")]
    fn __getnewargs__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let (re, im) = (PyFloat::new(py, self.real.get())?, PyFloat::new(py, self.imag.get())?);
        pack!(py, re, im)
    }

    /// Convert to a string according to format_spec.
    #[method]
    #[signature("(self, format_spec, /)")]
    fn __format__(&self, py: Python, format_spec: &PyStr) -> PyResult<Py<PyStr>> {
        numfmt::object::format_complex(py, self, format_spec)
    }
}
