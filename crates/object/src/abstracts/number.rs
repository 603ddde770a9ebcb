//! The number protocol (CPython's `PyNumber_*`): operators with their rules of priority, conversions to int and float.

use super::{buffer, sequence};
use crate::typeobj::{PyNumberMethods, binaryfunc, ssizeargfunc, ternaryfunc, unaryfunc};
use crate::types::float::PyFloat_Type;
use crate::types::int::{PyLong_Type, text};
use crate::{
    Py, PyByteArray, PyBytes, PyFloat, PyLong, PyObject, PyResult, PyStr, PyType, Python, Raised, err, exceptions,
    raise, singletons,
};
use core::ptr::fn_addr_eq;

/// True if the object can be taken for a number (`PyNumber_Check`).
pub fn check(obj: &PyObject) -> bool {
    obj.ty()
        .as_number()
        .is_some_and(|n| n.nb_index.get().is_some() || n.nb_int.get().is_some() || n.nb_float.get().is_some())
        || crate::types::complex::PyComplex::check_instance(obj)
}

#[cold]
#[inline(never)]
fn unsupported(py: Python, op: &str, a: &PyObject, b: &PyObject) -> Raised {
    raise!(
        py,
        TypeError,
        "unsupported operand type(s) for {op}: '{:.100}' and '{:.100}'",
        a.ty().full_name(),
        b.ty().full_name()
    )
}

#[inline(always)]
unsafe fn call2(f: binaryfunc, a: &PyObject, b: &PyObject) -> PyResult {
    // SAFETY: a binary slot takes any two objects of which one is of the slot's type.
    unsafe { Py::from_owned_or_raised(f(a.as_ptr(), b.as_ptr())) }
}

/// The operation by the slots of both operands; NotImplemented if neither knows it. A right operand whose class is a
/// subclass of the left one's is asked first.
#[inline(always)]
fn by_slots(py: Python, a: &PyObject, b: &PyObject, slot: impl Fn(&PyNumberMethods) -> Option<binaryfunc>) -> PyResult {
    let (ta, tb) = (a.ty(), b.ty());
    let fa = ta.as_number().and_then(&slot);
    let mut fb = None;
    if !core::ptr::eq(ta, tb) {
        fb = tb.as_number().and_then(&slot);
        if let (Some(x), Some(y)) = (fa, fb)
            && fn_addr_eq(x, y)
        {
            fb = None;
        }
    }
    // SAFETY: the slots of the operands' types.
    unsafe {
        if let Some(fa) = fa {
            if let Some(f) = fb
                && tb.is_subtype(ta)
            {
                let result = call2(f, a, b)?;
                if !result.is_not_implemented() {
                    return Ok(result);
                }
                fb = None;
            }
            let result = call2(fa, a, b)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
        }
        if let Some(fb) = fb {
            return call2(fb, a, b);
        }
    }
    Ok(py.not_implemented())
}

/// As [`by_slots`] with the in-place slot of the left operand first.
#[inline(always)]
fn in_place_by_slots(
    py: Python,
    a: &PyObject,
    b: &PyObject,
    in_place: impl Fn(&PyNumberMethods) -> Option<binaryfunc>,
    slot: impl Fn(&PyNumberMethods) -> Option<binaryfunc>,
) -> PyResult {
    if let Some(f) = a.ty().as_number().and_then(in_place) {
        // SAFETY: the slot of the left operand's type.
        let result = unsafe { call2(f, a, b)? };
        if !result.is_not_implemented() {
            return Ok(result);
        }
    }
    by_slots(py, a, b, slot)
}

macro_rules! binary {
    ($($(#[$m:meta])* $name:ident, $slot:ident, $in_place:ident, $in_place_slot:ident, $symbol:literal;)*) => {$(
        $(#[$m])*
        ///
        /// # Errors
        /// TypeError "unsupported operand type(s) for …" if neither operand knows the operation; what they raise.
        #[inline]
        pub fn $name(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
            let result = by_slots(py, a, b, |n| n.$slot.get())?;
            if result.is_not_implemented() {
                return Err(unsupported(py, $symbol, a, b));
            }
            Ok(result)
        }
        /// The same as an augmented assignment: the left operand's in-place slot is asked first.
        #[inline]
        pub fn $in_place(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
            let result = in_place_by_slots(py, a, b, |n| n.$in_place_slot.get(), |n| n.$slot.get())?;
            if result.is_not_implemented() {
                return Err(unsupported(py, concat!($symbol, "="), a, b));
            }
            Ok(result)
        }
    )*};
}

binary! {
    /// `a - b`.
    subtract, nb_subtract, inplace_subtract, nb_inplace_subtract, "-";
    /// `a @ b`.
    matrix_multiply, nb_matrix_multiply, inplace_matrix_multiply, nb_inplace_matrix_multiply, "@";
    /// `a // b`.
    floor_divide, nb_floor_divide, inplace_floor_divide, nb_inplace_floor_divide, "//";
    /// `a / b`.
    true_divide, nb_true_divide, inplace_true_divide, nb_inplace_true_divide, "/";
    /// `a % b`.
    remainder, nb_remainder, inplace_remainder, nb_inplace_remainder, "%";
    /// `a << b`.
    lshift, nb_lshift, inplace_lshift, nb_inplace_lshift, "<<";
    /// `a >> b`.
    rshift, nb_rshift, inplace_rshift, nb_inplace_rshift, ">>";
    /// `a & b`.
    and, nb_and, inplace_and, nb_inplace_and, "&";
    /// `a | b`.
    or, nb_or, inplace_or, nb_inplace_or, "|";
    /// `a ^ b`.
    xor, nb_xor, inplace_xor, nb_inplace_xor, "^";
}

/// `divmod(a, b)`.
pub fn divmod(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    let result = by_slots(py, a, b, |n| n.nb_divmod.get())?;
    if result.is_not_implemented() {
        return Err(unsupported(py, "divmod()", a, b));
    }
    Ok(result)
}

/// `a + b`; sequences without number slots are concatenated.
pub fn add(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    let result = by_slots(py, a, b, |n| n.nb_add.get())?;
    if !result.is_not_implemented() {
        return Ok(result);
    }
    match a.ty().as_sequence().and_then(|s| s.sq_concat.get()) {
        // SAFETY: the slot of the left operand's type.
        Some(f) => unsafe { call2(f, a, b) },
        None => Err(unsupported(py, "+", a, b)),
    }
}

/// `a += b`.
pub fn inplace_add(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    let result = in_place_by_slots(py, a, b, |n| n.nb_inplace_add.get(), |n| n.nb_add.get())?;
    if !result.is_not_implemented() {
        return Ok(result);
    }
    match a.ty().as_sequence().and_then(|s| s.sq_inplace_concat.get().or(s.sq_concat.get())) {
        // SAFETY: the slot of the left operand's type.
        Some(f) => unsafe { call2(f, a, b) },
        None => Err(unsupported(py, "+=", a, b)),
    }
}

/// A sequence times a number.
fn repeat(py: Python, f: ssizeargfunc, seq: &PyObject, n: &PyObject) -> PyResult {
    if !sequence::has_index(n) {
        return Err(raise!(py, TypeError, "can't multiply sequence by non-int of type '{:.200}'", n.ty().full_name()));
    }
    let n = as_ssize(py, n, Some(exceptions::OverflowError()))?;
    // SAFETY: the slot of the sequence's type.
    unsafe { Py::from_owned_or_raised(f(seq.as_ptr(), n)) }
}

/// `a * b`; a sequence is repeated.
pub fn multiply(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    let result = by_slots(py, a, b, |n| n.nb_multiply.get())?;
    if !result.is_not_implemented() {
        return Ok(result);
    }
    if let Some(f) = a.ty().as_sequence().and_then(|s| s.sq_repeat.get()) {
        return repeat(py, f, a, b);
    }
    if let Some(f) = b.ty().as_sequence().and_then(|s| s.sq_repeat.get()) {
        return repeat(py, f, b, a);
    }
    Err(unsupported(py, "*", a, b))
}

/// `a *= b`.
pub fn inplace_multiply(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    let result = in_place_by_slots(py, a, b, |n| n.nb_inplace_multiply.get(), |n| n.nb_multiply.get())?;
    if !result.is_not_implemented() {
        return Ok(result);
    }
    if let Some(s) = a.ty().as_sequence() {
        if let Some(f) = s.sq_inplace_repeat.get().or(s.sq_repeat.get()) {
            return repeat(py, f, a, b);
        }
    } else if let Some(f) = b.ty().as_sequence().and_then(|s| s.sq_repeat.get()) {
        // Not the in-place slot: the right operand must not change.
        return repeat(py, f, b, a);
    }
    Err(unsupported(py, "*=", a, b))
}

/// `pow(a, b, modulus)`; `modulus` is None for `a ** b`.
pub fn power(py: Python, a: &PyObject, b: &PyObject, modulus: &PyObject) -> PyResult {
    power_named(py, a, b, modulus, "** or pow()")
}

fn power_named(py: Python, a: &PyObject, b: &PyObject, modulus: &PyObject, op: &str) -> PyResult {
    let slot = |o: &PyObject| o.ty().as_number().and_then(|n| n.nb_power.get());
    let same =
        |x: Option<ternaryfunc>, y: Option<ternaryfunc>| matches!((x, y), (Some(x), Some(y)) if fn_addr_eq(x, y));
    let fa = slot(a);
    let mut fb = if core::ptr::eq(a.ty(), b.ty()) { None } else { slot(b) };
    if same(fa, fb) {
        fb = None;
    }
    // SAFETY: the slots of the operands' types, which take any objects.
    let call = |f: ternaryfunc| unsafe {
        Py::from_owned_or_raised(f(a.as_ptr(), b.as_ptr(), modulus.as_ptr()))
            .map(|r: Py| if r.is_not_implemented() { None } else { Some(r) })
    };
    if let Some(f) = fa {
        if let Some(g) = fb
            && b.ty().is_subtype(a.ty())
        {
            if let Some(result) = call(g)? {
                return Ok(result);
            }
            fb = None;
        }
        if let Some(result) = call(f)? {
            return Ok(result);
        }
    }
    if let Some(g) = fb {
        if let Some(result) = call(g)? {
            return Ok(result);
        }
    }
    let fm = slot(modulus);
    if let Some(h) = fm
        && !same(fm, fa)
        && !same(fm, fb)
    {
        if let Some(result) = call(h)? {
            return Ok(result);
        }
    }
    if modulus.is_none() {
        return Err(unsupported(py, op, a, b));
    }
    Err(raise!(
        py,
        TypeError,
        "unsupported operand type(s) for {op}: '{:.100}', '{:.100}', '{:.100}'",
        a.ty().full_name(),
        b.ty().full_name(),
        modulus.ty().full_name()
    ))
}

/// `a **= b`.
pub fn inplace_power(py: Python, a: &PyObject, b: &PyObject, modulus: &PyObject) -> PyResult {
    if let Some(f) = a.ty().as_number().and_then(|n| n.nb_inplace_power.get()) {
        // SAFETY: the slot of the left operand's type.
        let result: Py = unsafe { Py::from_owned_or_raised(f(a.as_ptr(), b.as_ptr(), modulus.as_ptr()))? };
        if !result.is_not_implemented() {
            return Ok(result);
        }
    }
    power_named(py, a, b, modulus, "**=")
}

fn power2(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    power(py, a, b, singletons::none())
}

fn inplace_power2(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    inplace_power(py, a, b, singletons::none())
}

/// The `NB_*` numbers that are the argument of `BINARY_OP`.
pub mod nb {
    pub const ADD: u32 = 0;
    pub const AND: u32 = 1;
    pub const FLOOR_DIVIDE: u32 = 2;
    pub const LSHIFT: u32 = 3;
    pub const MATRIX_MULTIPLY: u32 = 4;
    pub const MULTIPLY: u32 = 5;
    pub const REMAINDER: u32 = 6;
    pub const OR: u32 = 7;
    pub const POWER: u32 = 8;
    pub const RSHIFT: u32 = 9;
    pub const SUBTRACT: u32 = 10;
    pub const TRUE_DIVIDE: u32 = 11;
    pub const XOR: u32 = 12;
    pub const INPLACE_ADD: u32 = 13;
    pub const SUBSCR: u32 = 26;
}

type Operation = fn(Python, &PyObject, &PyObject) -> PyResult;

/// `BINARY_OP`'s operations by its argument.
static OPERATIONS: [Operation; 27] = [
    add,
    and,
    floor_divide,
    lshift,
    matrix_multiply,
    multiply,
    remainder,
    or,
    power2,
    rshift,
    subtract,
    true_divide,
    xor,
    inplace_add,
    inplace_and,
    inplace_floor_divide,
    inplace_lshift,
    inplace_matrix_multiply,
    inplace_multiply,
    inplace_remainder,
    inplace_or,
    inplace_power2,
    inplace_rshift,
    inplace_subtract,
    inplace_true_divide,
    inplace_xor,
    subscript,
];

fn subscript(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
    a.get_item(py, b)
}

/// The operation with the number `oparg` of the instruction `BINARY_OP` (see [`nb`]).
///
/// # Errors
/// SystemError for a number that there is not; otherwise as the operation.
#[inline]
pub fn binary_op(py: Python, oparg: u32, a: &PyObject, b: &PyObject) -> PyResult {
    match OPERATIONS.get(oparg as usize) {
        Some(f) => f(py, a, b),
        None => Err(raise!(py, SystemError, "unknown binary operation {oparg}")),
    }
}

#[inline(always)]
fn unary(py: Python, obj: &PyObject, slot: impl Fn(&PyNumberMethods) -> Option<unaryfunc>, what: &str) -> PyResult {
    match obj.ty().as_number().and_then(slot) {
        // SAFETY: the slot of the operand's type.
        Some(f) => unsafe { Py::from_owned_or_raised(f(obj.as_ptr())) },
        None => Err(raise!(py, TypeError, "bad operand type for {what}: '{:.200}'", obj.ty().full_name())),
    }
}

/// `-obj`.
pub fn negative(py: Python, obj: &PyObject) -> PyResult {
    unary(py, obj, |n| n.nb_negative.get(), "unary -")
}
/// `+obj`.
pub fn positive(py: Python, obj: &PyObject) -> PyResult {
    unary(py, obj, |n| n.nb_positive.get(), "unary +")
}
/// `~obj`.
pub fn invert(py: Python, obj: &PyObject) -> PyResult {
    unary(py, obj, |n| n.nb_invert.get(), "unary ~")
}
/// `abs(obj)`.
pub fn absolute(py: Python, obj: &PyObject) -> PyResult {
    unary(py, obj, |n| n.nb_absolute.get(), "abs()")
}

/// What `__int__` or `__index__` (`method`) gave, which must be an int; an instance of a subclass is deprecated.
fn checked_int(py: Python, result: Py, method: &str) -> PyResult<Py<PyLong>> {
    let exact = result.is_type(&PyLong_Type);
    let result = match result.downcast_into::<PyLong>() {
        Ok(n) => n,
        Err(other) => {
            return Err(raise!(py, TypeError, "{method} returned non-int (type {:.200})", other.ty().full_name()));
        }
    };
    if !exact {
        let message = format!(
            "{method} returned non-int (type {:.200}).  The ability to return an instance of a strict subclass of int is \
             deprecated, and may be removed in a future version of Python.",
            result.as_object().ty().full_name()
        );
        err::warn(py, exceptions::DeprecationWarning(), &message, 1)?;
    }
    Ok(result)
}

/// The int that `obj` stands for by `__index__`; may be an instance of a subclass of int (`_PyNumber_Index`).
///
/// # Errors
/// TypeError "'…' object cannot be interpreted as an integer".
#[inline]
pub fn index(py: Python, obj: &PyObject) -> PyResult<Py<PyLong>> {
    if let Some(n) = obj.downcast::<PyLong>() {
        return Ok(Py::new_ref(n));
    }
    let Some(f) = obj.ty().as_number().and_then(|n| n.nb_index.get()) else {
        return Err(raise!(
            py,
            TypeError,
            "'{:.200}' object cannot be interpreted as an integer",
            obj.ty().full_name()
        ));
    };
    // SAFETY: the slot of the object's type.
    let result = unsafe { Py::from_owned_or_raised(f(obj.as_ptr()))? };
    checked_int(py, result, "__index__")
}

/// As [`index`], an instance of exactly int (`PyNumber_Index`).
pub fn index_exact(py: Python, obj: &PyObject) -> PyResult<Py<PyLong>> {
    let n = index(py, obj)?;
    n.to_exact(py)
}

/// `obj` as a word through `__index__`. What does not fit raises `overflow` ("cannot fit '…' into an index-sized
/// integer"), or is clipped if that is `None` (`PyNumber_AsSsize_t`).
#[inline]
pub fn as_ssize(py: Python, obj: &PyObject, overflow: Option<&PyType>) -> PyResult<isize> {
    if let Some(n) = obj.downcast_exact::<PyLong>()
        && n.is_compact()
    {
        return Ok(n.compact_value() as isize);
    }
    let n = index(py, obj)?;
    match n.try_i64() {
        Some(v) => Ok(v as isize),
        None => match overflow {
            None => Ok(if n.is_negative() { isize::MIN } else { isize::MAX }),
            Some(exc) => Err(err::raise_fmt(
                py,
                exc,
                format_args!("cannot fit '{:.200}' into an index-sized integer", obj.ty().full_name()),
            )),
        },
    }
}

/// `int(obj)` (`PyNumber_Long`).
///
/// # Errors
/// TypeError "int() argument must be a string, a bytes-like object or a real number, not '…'", ValueError for a bad literal.
pub fn long(py: Python, obj: &PyObject) -> PyResult<Py<PyLong>> {
    if let Some(n) = obj.downcast_exact::<PyLong>() {
        return Ok(Py::new_ref(n));
    }
    let slots = obj.ty().as_number();
    if let Some(f) = slots.and_then(|n| n.nb_int.get()) {
        // SAFETY: the slot of the object's type.
        let result = unsafe { Py::from_owned_or_raised(f(obj.as_ptr()))? };
        return checked_int(py, result, "__int__")?.to_exact(py);
    }
    if slots.is_some_and(|n| n.nb_index.get().is_some()) {
        return index_exact(py, obj);
    }
    if let Some(s) = obj.downcast::<PyStr>() {
        return text::from_str_object(py, s, 10);
    }
    if let Some(b) = obj.downcast::<PyBytes>() {
        return text::from_bytes_object(py, b.as_slice(), 10);
    }
    if let Some(b) = obj.downcast::<PyByteArray>() {
        return b.with_slice(|s| text::from_bytes_object(py, s, 10));
    }
    if buffer::check(obj) {
        let view = buffer::Buffer::get(py, obj, buffer::SIMPLE)?;
        return text::from_bytes_object(py, view.as_slice(), 10);
    }
    Err(raise!(
        py,
        TypeError,
        "int() argument must be a string, a bytes-like object or a real number, not '{:.200}'",
        obj.ty().full_name()
    ))
}

/// `float(obj)` (`PyNumber_Float`).
///
/// # Errors
/// TypeError "float() argument must be a string or a real number, not '…'", ValueError for a bad literal.
pub fn float(py: Python, obj: &PyObject) -> PyResult<Py<PyFloat>> {
    if obj.is_type(&PyFloat_Type) {
        // SAFETY: checked.
        return Ok(Py::new_ref(unsafe { obj.downcast_unchecked::<PyFloat>() }));
    }
    let convertible = obj.ty().as_number().is_some_and(|n| n.nb_float.get().is_some() || n.nb_index.get().is_some());
    if convertible {
        return PyFloat::new(py, crate::declare::convert::real_number(py, obj)?);
    }
    crate::types::float::from_text_object(py, obj)
}

/// The text of an int in base 2, 8, 10 or 16, with its prefix (`PyNumber_ToBase`): `bin`, `oct`, `hex`.
pub fn to_base(py: Python, obj: &PyObject, base: u32) -> PyResult<Py<PyStr>> {
    let n = index(py, obj)?;
    text::to_str(py, &n, base, true)
}
