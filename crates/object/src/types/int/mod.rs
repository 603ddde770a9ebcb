//! `int`: sign, 30-bit digits (`PyLongObject`).
//!
//! Here: the layout, constructors and conversions that Rust code uses. [`digits`] is arithmetic on magnitudes without
//! objects, [`arith`] the operators, [`text`] literals and texts, [`class`] the Python class.

pub mod arith;
pub mod bytes;
pub mod class;
pub mod digits;
pub mod divide;
pub mod text;

pub use arith::{fast_add, fast_multiply, fast_subtract};
pub use class::PyLong_Type;

use crate::memory::alloc;
use crate::{Py, PyLayout, PyObject, PyResult, Python, err, raise};
use core::cell::Cell;

/// Bits of a digit.
pub const SHIFT: u32 = 30;
/// One more than the largest digit.
pub const BASE: u32 = 1 << SHIFT;
/// The largest digit.
pub const MASK: u32 = BASE - 1;

/// Digits that an int can have.
pub const MAX_DIGITS: usize = (isize::MAX as usize - 64) / 4;

const TAG_ZERO: usize = 1;
const TAG_NEGATIVE: usize = 2;
const TAG_SIGN_MASK: usize = 3;
const TAG_SMALL_INT: usize = 4;
/// Bits of `lv_tag` below the digit count.
pub const TAG_SHIFT: u32 = 3;

/// `PyLongObject`. `lv_tag`: digit count << 3 | small-int flag << 2 | sign (0 positive, 1 zero, 2 negative).
#[repr(C)]
pub struct PyLong {
    pub ob_base: PyObject,
    lv_tag: Cell<usize>,
    ob_digit: [Cell<u32>; 1],
}

// SAFETY: starts with the header.
unsafe impl PyLayout for PyLong {}

impl core::ops::Deref for PyLong {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

/// Where the digits start: `tp_basicsize` of int.
pub const DIGITS_OFFSET: usize = core::mem::offset_of!(PyLong, ob_digit);

#[cold]
fn too_many_digits(py: Python) -> crate::Raised {
    raise!(py, OverflowError, "too many digits in integer")
}

const SMALL_NEG: i64 = 5;
const SMALL_POS: i64 = 257;
const SMALL_COUNT: usize = (SMALL_NEG + SMALL_POS) as usize;

/// The small ints -5 to 256: static and immortal.
static SMALL_INTS: [PyLong; SMALL_COUNT] = {
    let mut table = [const {
        PyLong {
            ob_base: PyObject::static_head(&raw const PyLong_Type),
            lv_tag: Cell::new(TAG_ZERO | TAG_SMALL_INT),
            ob_digit: [Cell::new(0)],
        }
    }; SMALL_COUNT];
    let mut i = 0;
    while i < SMALL_COUNT {
        let v = i as i64 - SMALL_NEG;
        let (tag, digit) = if v < 0 {
            (TAG_NEGATIVE | (1 << TAG_SHIFT), -v)
        } else if v == 0 {
            (TAG_ZERO, 0)
        } else {
            (1 << TAG_SHIFT, v)
        };
        table[i].lv_tag = Cell::new(tag | TAG_SMALL_INT);
        table[i].ob_digit = [Cell::new(digit as u32)];
        i += 1;
    }
    table
};

/// The layout of `True` and `False`: static ints 1 and 0 of another type.
pub const fn bool_layout(ty: *const crate::PyType, value: bool) -> PyLong {
    PyLong {
        ob_base: PyObject::static_head(ty),
        lv_tag: Cell::new(if value { 1 << TAG_SHIFT } else { TAG_ZERO }),
        ob_digit: [Cell::new(value as u32)],
    }
}

/// The static small int.
#[inline(always)]
pub fn small_int(v: i64) -> Option<&'static PyLong> {
    if (-SMALL_NEG..SMALL_POS).contains(&v) { Some(&SMALL_INTS[(v + SMALL_NEG) as usize]) } else { None }
}

// SAFETY: objects are touched only with the GIL held; needed for the static table.
unsafe impl Sync for PyLong {}

impl PyLong {
    /// At most one digit, so that [`PyLong::compact_value`] applies.
    #[inline(always)]
    pub fn is_compact(&self) -> bool {
        self.lv_tag.get() < (2 << TAG_SHIFT)
    }

    /// The value of a compact int.
    #[inline(always)]
    pub fn compact_value(&self) -> i64 {
        debug_assert!(self.is_compact());
        (1 - (self.lv_tag.get() & TAG_SIGN_MASK) as i64) * self.ob_digit[0].get() as i64
    }

    /// Both are compact: one test for two operands (`_PyLong_BothAreCompact`).
    #[inline(always)]
    pub fn both_compact(a: &PyLong, b: &PyLong) -> bool {
        (a.lv_tag.get() | b.lv_tag.get()) < (2 << TAG_SHIFT)
    }

    #[inline(always)]
    pub fn digit_count(&self) -> usize {
        self.lv_tag.get() >> TAG_SHIFT
    }
    #[inline(always)]
    pub fn is_negative(&self) -> bool {
        self.lv_tag.get() & TAG_SIGN_MASK == TAG_NEGATIVE
    }
    #[inline(always)]
    pub fn is_zero(&self) -> bool {
        self.lv_tag.get() & TAG_SIGN_MASK == TAG_ZERO
    }
    /// -1, 0 or 1.
    #[inline(always)]
    pub fn sign(&self) -> i32 {
        1 - (self.lv_tag.get() & TAG_SIGN_MASK) as i32
    }

    /// The digits of the absolute value, least significant first; none for zero.
    #[inline(always)]
    pub fn digits(&self) -> &[u32] {
        // SAFETY: `digit_count` digits follow the tag, and never change once the object is shared.
        unsafe { core::slice::from_raw_parts(self.ob_digit.as_ptr() as *const u32, self.digit_count()) }
    }

    /// From sign and digits (least significant first, leading zeros allowed).
    pub fn from_digits(py: Python, negative: bool, digits: &[u32]) -> PyResult<Py<PyLong>> {
        let n = digits.iter().rposition(|&d| d != 0).map_or(0, |i| i + 1);
        if n <= 1 {
            let v = digits.first().copied().unwrap_or(0) as i64;
            return PyLong::from_i64(py, if negative { -v } else { v });
        }
        // SAFETY: all digits are written.
        unsafe {
            let p = PyLong::alloc_digits(py, n, negative)?;
            core::ptr::copy_nonoverlapping(digits.as_ptr(), (*p).ob_digit.as_ptr() as *mut u32, n);
            Ok(Py::from_owned(p))
        }
    }

    /// Memory for `n` (at least one) digits, tag written, digits not.
    unsafe fn alloc_digits(py: Python, n: usize, negative: bool) -> Result<*mut PyLong, crate::Raised> {
        if n > MAX_DIGITS {
            return Err(too_many_digits(py));
        }
        let size = DIGITS_OFFSET + n * 4;
        let p = alloc::new(py, &PyLong_Type, size.max(size_of::<PyLong>()))? as *mut PyLong;
        // SAFETY: just allocated, large enough.
        unsafe {
            (&raw mut (*p).lv_tag).write(Cell::new((n << TAG_SHIFT) | if negative { TAG_NEGATIVE } else { 0 }));
        }
        Ok(p)
    }

    /// From a value that fits a digit and is no small int: no checks, freelist first.
    #[inline(always)]
    pub fn from_medium(py: Python, v: i64) -> PyResult<Py<PyLong>> {
        let p = py.interp().freelists.ints.pop() as *mut PyLong;
        // SAFETY: memory of a compact int, either from the freelist or new.
        unsafe {
            let p = if p.is_null() {
                alloc::new(py, &PyLong_Type, size_of::<PyLong>())? as *mut PyLong
            } else {
                alloc::init(p as *mut PyObject, &PyLong_Type);
                p
            };
            let negative = v < 0;
            (&raw mut (*p).lv_tag).write(Cell::new((1 << TAG_SHIFT) | if negative { TAG_NEGATIVE } else { 0 }));
            (&raw mut (*p).ob_digit).write([Cell::new(v.unsigned_abs() as u32)]);
            Ok(Py::from_owned(p))
        }
    }

    #[inline]
    pub fn from_i64(py: Python, v: i64) -> PyResult<Py<PyLong>> {
        if let Some(s) = small_int(v) {
            return Ok(Py::new_ref(s));
        }
        if v.unsigned_abs() < BASE as u64 {
            return PyLong::from_medium(py, v);
        }
        PyLong::from_magnitude(py, v < 0, v.unsigned_abs() as u128)
    }
    pub fn from_u64(py: Python, v: u64) -> PyResult<Py<PyLong>> {
        PyLong::from_magnitude(py, false, v as u128)
    }
    #[inline]
    pub fn from_isize(py: Python, v: isize) -> PyResult<Py<PyLong>> {
        PyLong::from_i64(py, v as i64)
    }
    pub fn from_usize(py: Python, v: usize) -> PyResult<Py<PyLong>> {
        PyLong::from_magnitude(py, false, v as u128)
    }
    pub fn from_i128(py: Python, v: i128) -> PyResult<Py<PyLong>> {
        PyLong::from_magnitude(py, v < 0, v.unsigned_abs())
    }

    /// From sign and absolute value.
    pub fn from_magnitude(py: Python, negative: bool, mut v: u128) -> PyResult<Py<PyLong>> {
        if v < BASE as u128 {
            let v = v as i64;
            let v = if negative { -v } else { v };
            return match small_int(v) {
                Some(s) => Ok(Py::new_ref(s)),
                None => PyLong::from_medium(py, v),
            };
        }
        let mut digits = [0u32; 5];
        let mut n = 0;
        while v != 0 {
            digits[n] = (v & MASK as u128) as u32;
            v >>= SHIFT;
            n += 1;
        }
        PyLong::from_digits(py, negative, &digits[..n])
    }

    /// The value if it fits; raises nothing.
    #[inline]
    pub fn try_i64(&self) -> Option<i64> {
        if self.is_compact() {
            return Some(self.compact_value());
        }
        let digits = self.digits();
        if digits.len() > 3 {
            return None;
        }
        let mut v: i128 = 0;
        for &d in digits.iter().rev() {
            v = (v << SHIFT) | d as i128;
        }
        i64::try_from(if self.is_negative() { -v } else { v }).ok()
    }

    /// The value if it fits; raises nothing.
    pub fn try_u64(&self) -> Option<u64> {
        if self.is_negative() || self.digit_count() > 3 {
            return None;
        }
        let mut v: u128 = 0;
        for &d in self.digits().iter().rev() {
            v = (v << SHIFT) | d as u128;
        }
        u64::try_from(v).ok()
    }

    /// A new int whose `n` digits `fill` writes, all of them; leading zeros may result. The digits are written in the
    /// object itself. `fill` gives the sign.
    #[inline]
    pub fn build(py: Python, n: usize, fill: impl FnOnce(&mut [u32]) -> bool) -> PyResult<Py<PyLong>> {
        if n == 0 {
            return PyLong::from_i64(py, 0);
        }
        // SAFETY: memory for the digits, cleared so that it can be lent; nobody else has the object yet.
        unsafe {
            let p = PyLong::alloc_digits(py, n, false)?;
            let obj = Py::from_owned(p);
            let digits = (&raw mut (*p).ob_digit) as *mut u32;
            core::ptr::write_bytes(digits, 0, n);
            let slice = core::slice::from_raw_parts_mut(digits, n);
            let negative = fill(slice);
            let used = digits::normalized(slice).len();
            if used <= 1 {
                let v = if used == 0 { 0 } else { slice[0] as i64 };
                if let Some(small) = small_int(if negative { -v } else { v }) {
                    return Ok(Py::new_ref(small));
                }
            }
            (*p).lv_tag.set((used << TAG_SHIFT) | if negative { TAG_NEGATIVE } else { 0 });
            Ok(obj)
        }
    }

    /// Sign and digits.
    #[inline(always)]
    pub fn parts(&self) -> (bool, &[u32]) {
        (self.is_negative(), self.digits())
    }

    /// Bits of the absolute value; 0 for zero.
    #[inline]
    pub fn bit_length(&self) -> u64 {
        digits::bit_length(self.digits())
    }

    /// Is the value odd?
    #[inline]
    pub fn is_odd(&self) -> bool {
        self.digits().first().is_some_and(|d| d & 1 != 0)
    }

    /// The value. OverflowError "Python int too large to convert to C long".
    #[inline]
    pub fn as_i64(&self, py: Python) -> PyResult<i64> {
        self.try_i64().ok_or_else(|| raise!(py, OverflowError, "Python int too large to convert to C long"))
    }

    /// The value. OverflowError "Python int too large to convert to C ssize_t".
    #[inline]
    pub fn as_isize(&self, py: Python) -> PyResult<isize> {
        match self.try_i64() {
            Some(v) => Ok(v as isize),
            None => Err(raise!(py, OverflowError, "Python int too large to convert to C ssize_t")),
        }
    }

    /// The value as `c_int`. OverflowError "Python int too large to convert to C int".
    pub fn as_i32(&self, py: Python) -> PyResult<i32> {
        match self.try_i64().and_then(|v| i32::try_from(v).ok()) {
            Some(v) => Ok(v),
            None => Err(raise!(py, OverflowError, "Python int too large to convert to C int")),
        }
    }

    /// The value (`PyLong_AsUnsignedLong`). OverflowError "can't convert negative value to unsigned int" or "Python int
    /// too large to convert to C unsigned long".
    pub fn as_u64(&self, py: Python) -> PyResult<u64> {
        if self.is_negative() {
            return Err(raise!(py, OverflowError, "can't convert negative value to unsigned int"));
        }
        self.try_u64().ok_or_else(|| raise!(py, OverflowError, "Python int too large to convert to C unsigned long"))
    }

    /// As [`PyLong::as_u64`] for a size (`PyLong_AsSize_t`).
    pub fn as_usize(&self, py: Python) -> PyResult<usize> {
        if self.is_negative() {
            return Err(raise!(py, OverflowError, "can't convert negative value to size_t"));
        }
        match self.try_u64() {
            Some(v) => Ok(v as usize),
            None => Err(raise!(py, OverflowError, "Python int too large to convert to C size_t")),
        }
    }

    /// The low 64 bits of the two's complement (`PyLong_AsUnsignedLongMask`).
    pub fn as_u64_mask(&self) -> u64 {
        let mut v = 0u64;
        for &d in self.digits().iter().take(3).rev() {
            v = (v << SHIFT) | d as u64;
        }
        if self.is_negative() { v.wrapping_neg() } else { v }
    }

    /// The nearest float. OverflowError "int too large to convert to float".
    #[inline]
    pub fn as_f64(&self, py: Python) -> PyResult<f64> {
        if self.is_compact() {
            return Ok(self.compact_value() as f64);
        }
        match digits::to_f64(self.digits()) {
            Some(v) => Ok(if self.is_negative() { -v } else { v }),
            None => Err(raise!(py, OverflowError, "int too large to convert to float")),
        }
    }

    /// Mantissa with 0.5 <= abs(m) < 1 and exponent, so that `m * 2**e` is the value rounded (`_PyLong_Frexp`). Zero
    /// gives zeros.
    pub fn frexp(&self) -> (f64, i64) {
        if self.is_zero() {
            return (0.0, 0);
        }
        let (m, e) = digits::frexp(self.digits());
        (if self.is_negative() { -m } else { m }, e as i64)
    }

    /// A float cut off towards zero. ValueError for a NaN, OverflowError for an infinity (`PyLong_FromDouble`).
    pub fn from_f64(py: Python, v: f64) -> PyResult<Py<PyLong>> {
        // Every float in between has an exact i64.
        if v > -9_223_372_036_854_775_808.0 && v < 9_223_372_036_854_775_808.0 {
            return PyLong::from_i64(py, v as i64);
        }
        if v.is_infinite() {
            return Err(raise!(py, OverflowError, "cannot convert float infinity to integer"));
        }
        if v.is_nan() {
            return Err(raise!(py, ValueError, "cannot convert float NaN to integer"));
        }
        let bits = v.to_bits();
        let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
        let shift = (bits >> 52 & 0x7ff) - 1075;
        let (m, n) = digits::from_u64(mantissa);
        PyLong::build(py, digits::shl_len(&m[..n], shift) as usize, |out| {
            digits::shl(&m[..n], shift, out);
            v < 0.0
        })
    }

    /// Reads a literal in `base` (0: from its prefix), white space around it allowed.
    ///
    /// # Errors
    /// ValueError "invalid literal for int() with base 10: '…'", also for too many digits.
    pub fn parse(py: Python, s: &str, base: u32) -> PyResult<Py<PyLong>> {
        match text::parse_ascii(py, s.as_bytes(), base)? {
            Some(n) => Ok(n),
            None => {
                let shown = crate::PyStr::new(py, s)?;
                Err(text::invalid_literal(py, base, shown.as_object()))
            }
        }
    }

    /// The decimal text. ValueError if it is longer than `sys.set_int_max_str_digits()` allows.
    pub fn to_decimal_string(&self, py: Python) -> PyResult<String> {
        let mut out = Vec::new();
        text::decimal(py, self, &mut out)?;
        // SAFETY: digits and a sign.
        Ok(unsafe { String::from_utf8_unchecked(out) })
    }

    /// From two's complement (`signed`) or plain binary, little-endian.
    pub fn from_le_bytes(py: Python, bytes: &[u8], signed: bool) -> PyResult<Py<PyLong>> {
        PyLong::build(py, digits::from_le_bytes_len(bytes.len()), |out| digits::from_le_bytes(bytes, signed, out))
    }

    /// The value in two's complement, little-endian; false if it does not fit `out` (what fits is written).
    pub fn to_le_bytes(&self, out: &mut [u8], signed: bool) -> bool {
        digits::to_le_bytes(self.is_negative(), self.digits(), out, signed)
    }

    /// Itself, or for an instance of a subclass the int of the same value.
    #[inline]
    pub fn to_exact(&self, py: Python) -> PyResult<Py<PyLong>> {
        if self.is_type(&PyLong_Type) {
            return Ok(Py::new_ref(self));
        }
        PyLong::from_digits(py, self.is_negative(), self.digits())
    }

    /// An instance of `cls`, a subclass, of the same value.
    pub(crate) fn to_subclass(&self, py: Python, cls: &crate::PyType) -> PyResult<Py<PyLong>> {
        let n = self.digit_count();
        let Some(alloc) = cls.tp_alloc.get() else { return Err(err::bad_internal_call(py)) };
        // SAFETY: `tp_alloc` makes room for the digits and clears it; zero has one too.
        unsafe {
            let p = alloc(cls.as_ptr() as *mut crate::PyType, n.max(1) as isize) as *mut PyLong;
            let obj = Py::from_owned_or_raised(p)?;
            (*p).lv_tag.set(self.lv_tag.get() & !TAG_SMALL_INT);
            core::ptr::copy_nonoverlapping(
                self.ob_digit.as_ptr(),
                (&raw mut (*p).ob_digit) as *mut Cell<u32>,
                n.max(1),
            );
            Ok(obj)
        }
    }

    /// One of the static ints?
    #[inline(always)]
    pub fn is_small_int(&self) -> bool {
        self.lv_tag.get() & TAG_SMALL_INT != 0
    }

    /// The hash: the value modulo `2**61 - 1`.
    #[inline]
    pub fn hash_value(&self) -> isize {
        if self.is_compact() {
            let v = self.compact_value() as isize;
            return if v == -1 { -2 } else { v };
        }
        let h = digits::hash(self.digits()) as isize;
        let h = if self.is_negative() { -h } else { h };
        if h == -1 { -2 } else { h }
    }
}
