//! Between Python objects and Rust values: parameters ([`FromArg`]), results ([`IntoReturn`]), comparison operators.

use crate::abstracts::number;
use crate::declare::args::ArgContext;
use crate::declare::class::PyClass;
use crate::header::PyObject;
use crate::typeobj::{PYGEN_ERROR, PYGEN_NEXT, PYGEN_RETURN, Py_buffer};
use crate::types::{float::PyFloat, int::PyLong, str_::PyStr};
use crate::{Py, PyLayout, PyResult, Python, Raised, err, exceptions, raise, singletons};
use core::cmp::Ordering;
use core::ffi::c_int;
use core::ptr::null_mut;

/// "Raised", where a C function returns an object.
pub const NULL: *mut PyObject = null_mut();

/// A comparison operator (`Py_LT` … `Py_GE`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(i32)]
pub enum CompareOp {
    Lt = 0,
    Le = 1,
    Eq = 2,
    Ne = 3,
    Gt = 4,
    Ge = 5,
}

impl CompareOp {
    /// The operator for C's number.
    ///
    /// # Safety
    /// `op` is one of the six, as in every call of `tp_richcompare`.
    #[inline(always)]
    pub unsafe fn from_c(op: c_int) -> CompareOp {
        debug_assert!((0..=5).contains(&op));
        // SAFETY: by contract.
        unsafe { core::mem::transmute::<i32, CompareOp>(op) }
    }

    /// The operator for any number that C code may pass.
    pub fn try_from_c(op: c_int) -> Option<CompareOp> {
        // SAFETY: checked.
        (0..=5).contains(&op).then(|| unsafe { CompareOp::from_c(op) })
    }

    /// The operator that gives the same with the operands exchanged.
    pub fn swapped(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            op => op,
        }
    }

    /// Does it hold between operands that compare so?
    #[inline]
    pub fn matches(self, ordering: Ordering) -> bool {
        match self {
            CompareOp::Lt => ordering.is_lt(),
            CompareOp::Le => ordering.is_le(),
            CompareOp::Eq => ordering.is_eq(),
            CompareOp::Ne => ordering.is_ne(),
            CompareOp::Gt => ordering.is_gt(),
            CompareOp::Ge => ordering.is_ge(),
        }
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Eq => "==",
            CompareOp::Ne => "!=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }
}

/// A Rust type that a Python argument can be converted to.
pub trait FromArg<'a>: Sized {
    /// Converts `obj`, which the caller keeps alive for `'a`. `context` names the argument in error messages.
    fn from_arg(py: Python<'a>, obj: &'a PyObject, context: ArgContext) -> PyResult<Self>;
}

impl<'a> FromArg<'a> for &'a PyObject {
    #[inline(always)]
    fn from_arg(_: Python<'a>, obj: &'a PyObject, _: ArgContext) -> PyResult<Self> {
        Ok(obj)
    }
}

/// An instance of the class or of a subclass; TypeError "f() argument 1 must be str, not int".
impl<'a, T: PyClass> FromArg<'a> for &'a T {
    #[inline(always)]
    fn from_arg(py: Python<'a>, obj: &'a PyObject, context: ArgContext) -> PyResult<Self> {
        if !T::check(obj) {
            return Err(context.bad_argument(py, T::NAME, obj));
        }
        // SAFETY: just checked.
        Ok(unsafe { &*(obj.as_ptr() as *const T) })
    }
}

impl<'a, T: PyLayout + 'a> FromArg<'a> for Py<T>
where
    &'a T: FromArg<'a>,
{
    #[inline(always)]
    fn from_arg(py: Python<'a>, obj: &'a PyObject, context: ArgContext) -> PyResult<Self> {
        <&'a T>::from_arg(py, obj, context).map(Py::new_ref)
    }
}

/// None gives `None`.
impl<'a, T: FromArg<'a>> FromArg<'a> for Option<T> {
    #[inline(always)]
    fn from_arg(py: Python<'a>, obj: &'a PyObject, context: ArgContext) -> PyResult<Self> {
        if obj.is_none() { Ok(None) } else { T::from_arg(py, obj, context).map(Some) }
    }
}

/// A str without null characters (they raise ValueError), as UTF-8.
impl<'a> FromArg<'a> for &'a str {
    fn from_arg(py: Python<'a>, obj: &'a PyObject, context: ArgContext) -> PyResult<Self> {
        let text = <&PyStr>::from_arg(py, obj, context)?.to_str(py)?;
        if text.as_bytes().contains(&0) {
            return Err(raise!(py, ValueError, "embedded null character"));
        }
        Ok(text)
    }
}

/// A str of length one that is not a lone surrogate.
impl<'a> FromArg<'a> for char {
    fn from_arg(py: Python<'a>, obj: &'a PyObject, context: ArgContext) -> PyResult<Self> {
        match obj.downcast::<PyStr>() {
            Some(s) if s.len() == 1 => match char::from_u32(s.char_at(0)) {
                Some(c) => Ok(c),
                None => Err(context.bad_argument(py, "a unicode character", obj)),
            },
            Some(s) => Err(raise!(
                py,
                TypeError,
                "{}(): {} must be a unicode character, not a string of length {}",
                context.function(),
                context.argument(),
                s.len()
            )),
            None => Err(context.bad_argument(py, "a unicode character", obj)),
        }
    }
}

/// The truth of any object.
impl<'a> FromArg<'a> for bool {
    #[inline]
    fn from_arg(py: Python<'a>, obj: &'a PyObject, _: ArgContext) -> PyResult<Self> {
        if obj.is(singletons::true_()) {
            return Ok(true);
        }
        if obj.is(singletons::false_()) {
            return Ok(false);
        }
        obj.is_true(py)
    }
}

/// A float, or what `__float__` or `__index__` gives; TypeError "must be real number, not str".
impl<'a> FromArg<'a> for f64 {
    #[inline]
    fn from_arg(py: Python<'a>, obj: &'a PyObject, _: ArgContext) -> PyResult<Self> {
        match obj.downcast_exact::<PyFloat>() {
            Some(f) => Ok(f.value()),
            None => real_number(py, obj),
        }
    }
}

/// The value of a float, or of what `__float__` or `__index__` gives (`PyFloat_AsDouble`).
pub fn real_number(py: Python, obj: &PyObject) -> PyResult<f64> {
    if let Some(f) = obj.downcast::<PyFloat>() {
        return Ok(f.value());
    }
    let name = obj.ty().full_name();
    let slots = obj.ty().as_number();
    if let Some(to_float) = slots.and_then(|n| n.nb_float.get()) {
        // SAFETY: a slot of the object's own type; it gives an owned reference or raises.
        let result: Py = unsafe { Py::from_owned_or_raised(to_float(obj.as_ptr()))? };
        let Some(value) = result.downcast::<PyFloat>() else {
            let given = result.ty().full_name();
            return Err(raise!(py, TypeError, "{name:.50}.__float__ returned non-float (type {given:.50})"));
        };
        if result.downcast_exact::<PyFloat>().is_none() {
            let given = result.ty().full_name();
            let message = format!(
                "{name:.50}.__float__ returned non-float (type {given:.50}).  The ability to return an instance of a \
                 strict subclass of float is deprecated, and may be removed in a future version of Python."
            );
            err::warn(py, exceptions::DeprecationWarning(), &message, 1)?;
        }
        return Ok(value.value());
    }
    if slots.is_some_and(|n| n.nb_index.get().is_some()) {
        return number::index(py, obj)?.as_f64(py);
    }
    Err(raise!(py, TypeError, "must be real number, not {name:.50}"))
}

impl<'a> FromArg<'a> for f32 {
    #[inline]
    fn from_arg(py: Python<'a>, obj: &'a PyObject, context: ArgContext) -> PyResult<Self> {
        f64::from_arg(py, obj, context).map(|v| v as f32)
    }
}

/// An integer through `__index__`: its value if it fits an i64, else the int itself.
#[inline]
fn integer(py: Python, obj: &PyObject) -> PyResult<Result<i64, Py<PyLong>>> {
    if let Some(n) = obj.downcast::<PyLong>() {
        return Ok(n.try_i64().ok_or_else(|| Py::new_ref(n)));
    }
    let n = number::index(py, obj)?;
    Ok(n.try_i64().ok_or(n))
}

#[cold]
#[inline(never)]
fn too_large(py: Python, c_type: &str) -> Raised {
    raise!(py, OverflowError, "Python int too large to convert to C {c_type}")
}

#[cold]
#[inline(never)]
fn negative(py: Python) -> Raised {
    raise!(py, ValueError, "Cannot convert negative int")
}

macro_rules! signed {
    ($($t:ty => $c:literal),*) => {$(
        /// Through `__index__`; OverflowError if it does not fit.
        impl<'a> FromArg<'a> for $t {
            #[inline]
            fn from_arg(py: Python<'a>, obj: &'a PyObject, _: ArgContext) -> PyResult<Self> {
                match integer(py, obj)? {
                    Ok(n) => <$t>::try_from(n).map_err(|_| too_large(py, $c)),
                    Err(_) => Err(too_large(py, $c)),
                }
            }
        }
    )*};
}
signed!(isize => "ssize_t", i64 => "long", i32 => "int");

macro_rules! unsigned {
    ($($t:ty => $c:literal),*) => {$(
        /// Through `__index__`; ValueError if negative, OverflowError if it does not fit.
        impl<'a> FromArg<'a> for $t {
            #[inline]
            fn from_arg(py: Python<'a>, obj: &'a PyObject, _: ArgContext) -> PyResult<Self> {
                let too_large = || raise!(py, OverflowError, "Python int too large for C {}", $c);
                match integer(py, obj)? {
                    Ok(n) if n < 0 => Err(negative(py)),
                    Ok(n) => <$t>::try_from(n).map_err(|_| too_large()),
                    Err(n) if n.sign() < 0 => Err(negative(py)),
                    Err(n) => n.try_u64().and_then(|n| <$t>::try_from(n).ok()).ok_or_else(too_large),
                }
            }
        }
    )*};
}
unsigned!(u64 => "unsigned long", usize => "size_t", u32 => "unsigned int", u16 => "unsigned short");

macro_rules! small {
    ($($t:ty => $c:literal),*) => {$(
        /// Through `__index__`; OverflowError if it does not fit.
        impl<'a> FromArg<'a> for $t {
            fn from_arg(py: Python<'a>, obj: &'a PyObject, _: ArgContext) -> PyResult<Self> {
                let (n, negative) = match integer(py, obj)? {
                    Ok(n) => (<$t>::try_from(n).ok(), n < 0),
                    Err(n) => (None, n.sign() < 0),
                };
                n.ok_or_else(|| {
                    let bound = if negative { "less than minimum" } else { "greater than maximum" };
                    raise!(py, OverflowError, "{} is {bound}", $c)
                })
            }
        }
    )*};
}
small!(u8 => "unsigned byte integer", i8 => "signed char", i16 => "signed short integer");

/// A Rust value that can be returned to Python.
pub trait IntoReturn {
    /// An owned reference, or null with an exception set.
    fn into_return(self, py: Python) -> *mut PyObject;
}

impl<T: PyLayout> IntoReturn for Py<T> {
    #[inline(always)]
    fn into_return(self, _: Python) -> *mut PyObject {
        self.into_raw_object()
    }
}

impl<R: IntoReturn> IntoReturn for PyResult<R> {
    #[inline(always)]
    fn into_return(self, py: Python) -> *mut PyObject {
        match self {
            Ok(v) => v.into_return(py),
            Err(_) => null_mut(),
        }
    }
}

impl<R: IntoReturn> IntoReturn for Option<R> {
    #[inline(always)]
    fn into_return(self, py: Python) -> *mut PyObject {
        match self {
            Some(v) => v.into_return(py),
            None => singletons::none().as_ptr(),
        }
    }
}

impl IntoReturn for () {
    #[inline(always)]
    fn into_return(self, py: Python) -> *mut PyObject {
        py.none().into_raw()
    }
}

impl IntoReturn for bool {
    #[inline(always)]
    fn into_return(self, py: Python) -> *mut PyObject {
        py.bool(self).into_raw()
    }
}

impl IntoReturn for f64 {
    #[inline]
    fn into_return(self, py: Python) -> *mut PyObject {
        PyFloat::new(py, self).into_return(py)
    }
}

macro_rules! integers {
    ($($t:ty => $make:ident as $wide:ty),*) => {$(
        impl IntoReturn for $t {
            #[inline]
            fn into_return(self, py: Python) -> *mut PyObject {
                PyLong::$make(py, self as $wide).into_return(py)
            }
        }
    )*};
}
integers!(
    i8 => from_i64 as i64, i16 => from_i64 as i64, i32 => from_i64 as i64, i64 => from_i64 as i64,
    isize => from_i64 as i64, u8 => from_i64 as i64, u16 => from_i64 as i64, u32 => from_i64 as i64,
    u64 => from_u64 as u64, usize => from_u64 as u64, i128 => from_i128 as i128
);

impl IntoReturn for &str {
    fn into_return(self, py: Python) -> *mut PyObject {
        PyStr::new(py, self).into_return(py)
    }
}

impl IntoReturn for String {
    fn into_return(self, py: Python) -> *mut PyObject {
        PyStr::new(py, &self).into_return(py)
    }
}

/// A result that C takes as 0 or -1.
pub trait IntoStatus {
    fn into_status(self) -> c_int;
}

impl IntoStatus for () {
    #[inline(always)]
    fn into_status(self) -> c_int {
        0
    }
}

impl IntoStatus for PyResult<()> {
    #[inline(always)]
    fn into_status(self) -> c_int {
        if self.is_ok() { 0 } else { -1 }
    }
}

/// A result that C takes as 1, 0 or -1.
pub trait IntoTruth {
    fn into_truth(self) -> c_int;
}

impl IntoTruth for bool {
    #[inline(always)]
    fn into_truth(self) -> c_int {
        self as c_int
    }
}

impl IntoTruth for PyResult<bool> {
    #[inline(always)]
    fn into_truth(self) -> c_int {
        self.map_or(-1, c_int::from)
    }
}

/// A result that C takes as a number, -1 if raised.
pub trait IntoSsize: Sized {
    fn into_ssize(self) -> isize;
    /// As a hash, of which -1 is none.
    fn into_hash(self) -> isize;
}

impl IntoSsize for isize {
    #[inline(always)]
    fn into_ssize(self) -> isize {
        self
    }
    #[inline(always)]
    fn into_hash(self) -> isize {
        if self == -1 { -2 } else { self }
    }
}

impl IntoSsize for usize {
    #[inline(always)]
    fn into_ssize(self) -> isize {
        self as isize
    }
    #[inline(always)]
    fn into_hash(self) -> isize {
        (self as isize).into_hash()
    }
}

impl<T: IntoSsize> IntoSsize for PyResult<T> {
    #[inline(always)]
    fn into_ssize(self) -> isize {
        self.map_or(-1, T::into_ssize)
    }
    #[inline(always)]
    fn into_hash(self) -> isize {
        self.map_or(-1, T::into_hash)
    }
}

/// What `tp_iternext` gives: null without an exception at the end.
pub trait IntoIterNext {
    fn into_iter_next(self, py: Python) -> *mut PyObject;
}

impl<R: IntoReturn> IntoIterNext for Option<R> {
    #[inline(always)]
    fn into_iter_next(self, py: Python) -> *mut PyObject {
        match self {
            Some(v) => v.into_return(py),
            None => null_mut(),
        }
    }
}

impl<R: IntoReturn> IntoIterNext for PyResult<Option<R>> {
    #[inline(always)]
    fn into_iter_next(self, py: Python) -> *mut PyObject {
        match self {
            Ok(v) => v.into_iter_next(py),
            Err(_) => null_mut(),
        }
    }
}

/// What a generator answers to `send`.
pub enum Send {
    /// It yielded.
    Next(Py),
    /// It returned.
    Return(Py),
}

/// `PySendResult` of a result; the value goes to `result`.
///
/// # Safety
/// `result` can be written.
pub unsafe fn send_status(value: PyResult<Send>, result: *mut *mut PyObject) -> c_int {
    let (status, value) = match value {
        Ok(Send::Next(v)) => (PYGEN_NEXT, v.into_raw()),
        Ok(Send::Return(v)) => (PYGEN_RETURN, v.into_raw()),
        Err(_) => (PYGEN_ERROR, null_mut()),
    };
    // SAFETY: by contract.
    unsafe { *result = value };
    status
}

/// A view that was not given has no owner.
///
/// # Safety
/// `view` is null or can be written.
pub unsafe fn buffer_status(status: c_int, view: *mut Py_buffer) -> c_int {
    if status < 0 && !view.is_null() {
        // SAFETY: by contract.
        unsafe { (*view).obj = null_mut() };
    }
    status
}
