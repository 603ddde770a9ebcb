//! Items of native formats: what a memoryview reads and writes.

use crate::abstracts::number;
use crate::declare::convert::real_number;
use crate::numfmt::ieee;
use crate::{Py, PyBytes, PyFloat, PyLong, PyObject, PyResult, Python, Raised, err, exceptions, raise};
use core::ffi::CStr;

/// A native single-character format, with or without `@`.
#[derive(Clone, Copy, Debug)]
pub struct Native {
    /// The character.
    pub code: u8,
    pub size: isize,
    /// The whole format, static.
    pub name: &'static CStr,
}

macro_rules! formats {
    ($($code:literal $plain:literal $at:literal $size:expr;)*) => {
        static FORMATS: &[(Native, Native)] = &[$((
            Native { code: $code, size: $size, name: $plain },
            Native { code: $code, size: $size, name: $at },
        )),*];
    };
}

formats! {
    b'c' c"c" c"@c" 1;
    b'b' c"b" c"@b" 1;
    b'B' c"B" c"@B" 1;
    b'h' c"h" c"@h" 2;
    b'H' c"H" c"@H" 2;
    b'i' c"i" c"@i" 4;
    b'I' c"I" c"@I" 4;
    b'l' c"l" c"@l" 8;
    b'L' c"L" c"@L" 8;
    b'q' c"q" c"@q" 8;
    b'Q' c"Q" c"@Q" 8;
    b'n' c"n" c"@n" 8;
    b'N' c"N" c"@N" 8;
    b'f' c"f" c"@f" 4;
    b'd' c"d" c"@d" 8;
    b'e' c"e" c"@e" 2;
    b'?' c"?" c"@?" 1;
    b'P' c"P" c"@P" 8;
}

/// The native format that a text stands for.
pub fn native(format: &CStr) -> Option<Native> {
    let bytes = format.to_bytes();
    let (code, at) = match *bytes {
        [code] => (code, false),
        [b'@', code] => (code, true),
        _ => return None,
    };
    FORMATS.iter().find(|f| f.0.code == code).map(|f| if at { f.1 } else { f.0 })
}

/// The character of a format of one character; NotImplementedError for another.
pub fn single_code(py: Python, format: &CStr) -> PyResult<u8> {
    match *format.to_bytes() {
        [code] | [b'@', code] => Ok(code),
        _ => Err(raise!(py, NotImplementedError, "memoryview: unsupported format {}", format.to_string_lossy())),
    }
}

#[cold]
fn not_supported(py: Python, code: u8) -> Raised {
    raise!(py, NotImplementedError, "memoryview: format {} not supported", code as char)
}

/// The bytes of an item, at most eight.
#[inline(always)]
unsafe fn load<const N: usize>(p: *const u8) -> [u8; N] {
    // SAFETY: the item is that long; it need not be aligned.
    unsafe { core::ptr::read_unaligned(p as *const [u8; N]) }
}

/// A value as C has it, for comparisons.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Bool(bool),
    Byte(u8),
}

/// Reads an item; `None` for a format that there is not.
///
/// # Safety
/// `p` points to an item of that format.
#[inline]
pub unsafe fn read(code: u8, p: *const u8) -> Option<Value> {
    use Value::*;
    // SAFETY: by contract.
    unsafe {
        Some(match code {
            b'B' => Unsigned(*p as u64),
            b'b' => Signed(*p as i8 as i64),
            b'c' => Byte(*p),
            b'?' => Bool(*p != 0),
            b'h' => Signed(i16::from_ne_bytes(load(p)) as i64),
            b'H' => Unsigned(u16::from_ne_bytes(load(p)) as u64),
            b'i' => Signed(i32::from_ne_bytes(load(p)) as i64),
            b'I' => Unsigned(u32::from_ne_bytes(load(p)) as u64),
            b'l' | b'q' | b'n' => Signed(i64::from_ne_bytes(load(p))),
            b'L' | b'Q' | b'N' | b'P' => Unsigned(u64::from_ne_bytes(load(p))),
            b'f' => Float(f32::from_ne_bytes(load(p)) as f64),
            b'd' => Float(f64::from_ne_bytes(load(p))),
            b'e' => Float(ieee::from_f16(u16::from_ne_bytes(load(p)))),
            _ => return None,
        })
    }
}

/// The object for an item. NotImplementedError for a format that there is not.
///
/// # Safety
/// `p` points to an item of that format.
pub unsafe fn unpack(py: Python, code: u8, p: *const u8) -> PyResult {
    // SAFETY: by contract.
    match unsafe { read(code, p) } {
        Some(Value::Signed(v)) => PyLong::from_i64(py, v).map(Py::into_object),
        Some(Value::Unsigned(v)) => PyLong::from_u64(py, v).map(Py::into_object),
        Some(Value::Float(v)) => PyFloat::new(py, v).map(Py::into_object),
        Some(Value::Bool(v)) => Ok(py.bool(v)),
        Some(Value::Byte(v)) => PyBytes::new(py, &[v]).map(Py::into_object),
        None => Err(not_supported(py, code)),
    }
}

/// Why an object does not fit an item.
enum Misfit {
    Type,
    Value,
    Raised(Raised),
}

impl From<Raised> for Misfit {
    fn from(raised: Raised) -> Misfit {
        Misfit::Raised(raised)
    }
}

fn integer(py: Python, item: &PyObject, min: i128, max: i128) -> Result<i128, Misfit> {
    let n = number::index(py, item)?;
    let v = match (n.try_i64(), n.try_u64()) {
        (Some(v), _) => v as i128,
        (_, Some(v)) => v as i128,
        _ => return Err(Misfit::Value),
    };
    if v < min || v > max { Err(Misfit::Value) } else { Ok(v) }
}

fn bytes_of(py: Python, code: u8, item: &PyObject) -> Result<([u8; 8], usize), Misfit> {
    let mut out = [0u8; 8];
    let mut put = |bytes: &[u8]| {
        out[..bytes.len()].copy_from_slice(bytes);
        bytes.len()
    };
    let n = match code {
        b'B' => put(&[integer(py, item, 0, 255)? as u8]),
        b'b' => put(&[integer(py, item, -128, 127)? as u8]),
        b'h' => put(&(integer(py, item, i16::MIN as i128, i16::MAX as i128)? as i16).to_ne_bytes()),
        b'H' => put(&(integer(py, item, 0, u16::MAX as i128)? as u16).to_ne_bytes()),
        b'i' => put(&(integer(py, item, i32::MIN as i128, i32::MAX as i128)? as i32).to_ne_bytes()),
        b'I' => put(&(integer(py, item, 0, u32::MAX as i128)? as u32).to_ne_bytes()),
        b'l' | b'q' | b'n' => put(&(integer(py, item, i64::MIN as i128, i64::MAX as i128)? as i64).to_ne_bytes()),
        b'L' | b'Q' | b'N' => put(&(integer(py, item, 0, u64::MAX as i128)? as u64).to_ne_bytes()),
        // An address may be given as a negative number.
        b'P' => put(&(integer(py, item, i64::MIN as i128, u64::MAX as i128)? as u64).to_ne_bytes()),
        b'f' => put(&(real_number(py, item)? as f32).to_ne_bytes()),
        b'd' => put(&real_number(py, item)?.to_ne_bytes()),
        b'e' => match ieee::to_f16(real_number(py, item)?) {
            Some(v) => put(&v.to_ne_bytes()),
            None => return Err(Misfit::Value),
        },
        b'?' => put(&[item.is_true(py)? as u8]),
        b'c' => match item.downcast::<PyBytes>() {
            Some(b) if b.len() == 1 => put(b.as_slice()),
            Some(_) => return Err(Misfit::Value),
            None => return Err(Misfit::Type),
        },
        _ => return Err(not_supported(py, code).into()),
    };
    Ok((out, n))
}

/// Writes an object into an item.
///
/// # Errors
/// TypeError "memoryview: invalid type for format 'B'", ValueError "memoryview: invalid value for format 'B'".
///
/// # Safety
/// `p` points to a writable item of that format, also after Python code has run.
pub unsafe fn pack(py: Python, code: u8, p: *mut u8, item: &PyObject) -> PyResult<()> {
    let misfit = match bytes_of(py, code, item) {
        Ok((bytes, n)) => {
            // SAFETY: by contract.
            unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), p, n) };
            return Ok(());
        }
        Err(Misfit::Raised(_)) if err::matches(py, exceptions::TypeError()) => {
            err::clear(py);
            Misfit::Type
        }
        Err(Misfit::Raised(_))
            if err::matches(py, exceptions::OverflowError()) || err::matches(py, exceptions::ValueError()) =>
        {
            err::clear(py);
            Misfit::Value
        }
        Err(other) => other,
    };
    let code = code as char;
    match misfit {
        Misfit::Type => Err(raise!(py, TypeError, "memoryview: invalid type for format '{code}'")),
        Misfit::Value => Err(raise!(py, ValueError, "memoryview: invalid value for format '{code}'")),
        Misfit::Raised(raised) => Err(raised),
    }
}
