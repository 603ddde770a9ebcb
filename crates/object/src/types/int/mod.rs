//! `int`: sign, 30-bit digits (`PyLongObject`).

use crate::memory::alloc;
use crate::{Py, PyLayout, PyObject, PyResult, Python};
use core::cell::Cell;

/// Bits of a digit.
pub const SHIFT: u32 = 30;
/// One more than the largest digit.
pub const BASE: u32 = 1 << SHIFT;
/// The largest digit.
pub const MASK: u32 = BASE - 1;

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
        let size = core::mem::offset_of!(PyLong, ob_digit) + n * 4;
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
}
