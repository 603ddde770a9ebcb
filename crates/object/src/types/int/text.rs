//! Texts of ints: literals read, decimal and other bases written, with the limit on digits (`sys.set_int_max_str_digits`).

use super::{PyLong, digits};
use crate::{Py, PyObject, PyResult, PyStr, Python, Raised, raise};

/// Texts up to this many digits are never refused (`_PY_LONG_MAX_STR_DIGITS_THRESHOLD`).
pub const MAX_STR_DIGITS_THRESHOLD: usize = 640;

/// The characters of a literal as ASCII: white space as spaces, decimal digits of any script as 0 to 9, anything else
/// outside ASCII as `?`, which no literal has (`_PyUnicode_TransformDecimalAndSpaceToASCII`).
pub fn to_ascii_literal(s: &PyStr) -> std::borrow::Cow<'_, [u8]> {
    if s.is_ascii() {
        return std::borrow::Cow::Borrowed(s.as_raw_bytes());
    }
    std::borrow::Cow::Owned(
        s.chars()
            .map(|c| {
                if c < 0x80 {
                    c as u8
                } else if taipan_unicode::is_space(c) {
                    b' '
                } else {
                    taipan_unicode::decimal(c).map_or(b'?', |d| b'0' + d)
                }
            })
            .collect(),
    )
}

/// White space as `str.isspace` has it, within ASCII.
#[inline]
pub fn is_ascii_space(c: u8) -> bool {
    matches!(c, b'\t'..=b'\r' | 0x1c..=0x1f | b' ')
}

/// "invalid literal for int() with base 10: '…'".
#[cold]
pub fn invalid_literal(py: Python, base: u32, shown: &PyObject) -> Raised {
    match shown.repr(py) {
        Ok(repr) => {
            let text: String = repr.to_string_lossy().chars().take(200).collect();
            raise!(py, ValueError, "invalid literal for int() with base {base}: {text}")
        }
        Err(raised) => raised,
    }
}

/// `int(s, base)` of a str.
pub fn from_str_object(py: Python, s: &PyStr, base: u32) -> PyResult<Py<PyLong>> {
    // Short plain decimals first.
    if let Some(text) = s.ascii_str()
        && base == 10
        && matches!(text.len(), 1..=9)
        && text.bytes().all(|c| c.is_ascii_digit())
    {
        return PyLong::from_i64(py, text.bytes().fold(0, |v, c| v * 10 + (c - b'0') as i64));
    }
    match parse_ascii(py, &to_ascii_literal(s), base)? {
        Some(n) => Ok(n),
        None => Err(invalid_literal(py, base, s)),
    }
}

/// `int(text, base)` of bytes.
pub fn from_bytes_object(py: Python, text: &[u8], base: u32) -> PyResult<Py<PyLong>> {
    match parse_ascii(py, text, base)? {
        Some(n) => Ok(n),
        None => {
            let shown = crate::PyBytes::new(py, text)?;
            Err(invalid_literal(py, base, shown.as_object()))
        }
    }
}

/// Reads a literal: white space, sign, prefix of the base, digits with single underscores between, white space. `None`
/// if it is none. `base` is 0 or 2 to 36.
///
/// # Errors
/// ValueError for more digits than the limit, in bases that are no power of two.
pub fn parse_ascii(py: Python, text: &[u8], base: u32) -> PyResult<Option<Py<PyLong>>> {
    let Some(literal) = split_literal(text, base) else { return Ok(None) };
    let base = literal.base;
    let cleaned;
    let body = if literal.underscores {
        cleaned = literal.digits.iter().copied().filter(|&c| c != b'_').collect::<Vec<u8>>();
        &cleaned[..]
    } else {
        literal.digits
    };
    if !base.is_power_of_two() && body.len() > MAX_STR_DIGITS_THRESHOLD {
        let max = py.interp().int_max_str_digits.get();
        if max > 0 && body.len() > max as usize {
            return Err(raise!(
                py,
                ValueError,
                "Exceeds the limit ({max} digits) for integer string conversion: value has {} digits; use \
                 sys.set_int_max_str_digits() to increase the limit",
                body.len()
            ));
        }
    }
    if base == 10 && body.len() <= 18 {
        let v = body.iter().fold(0i64, |v, &c| v * 10 + (c - b'0') as i64);
        return PyLong::from_i64(py, if literal.negative { -v } else { v }).map(Some);
    }
    PyLong::from_digits(py, literal.negative, &digits::radix::parse(body, base)).map(Some)
}

struct Literal<'a> {
    negative: bool,
    base: u32,
    /// At least one character; digits of the base and underscores between them.
    digits: &'a [u8],
    underscores: bool,
}

fn split_literal(text: &[u8], base: u32) -> Option<Literal<'_>> {
    let start = text.iter().position(|&c| !is_ascii_space(c))?;
    let end = text.iter().rposition(|&c| !is_ascii_space(c))? + 1;
    let mut s = &text[start..end];
    let negative = s[0] == b'-';
    if matches!(s[0], b'-' | b'+') {
        s = &s[1..];
    }
    let prefix = match s {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let mut old_octal = false;
    let base = if base != 0 {
        base
    } else if s.first() != Some(&b'0') {
        10
    } else if prefix != 0 {
        prefix
    } else {
        // "0", "00" and "0_0" only.
        old_octal = true;
        10
    };
    if prefix == base && prefix != 0 {
        s = &s[2..];
        // One underscore may follow the prefix.
        if s.first() == Some(&b'_') {
            s = &s[1..];
        }
    }
    if s.is_empty() || s[0] == b'_' || s[s.len() - 1] == b'_' {
        return None;
    }
    let mut underscores = false;
    let mut previous = 0;
    let mut zero = true;
    for &c in s {
        if c == b'_' {
            if previous == b'_' {
                return None;
            }
            underscores = true;
        } else {
            if digits::radix::char_value(c) >= base {
                return None;
            }
            zero &= c == b'0';
        }
        previous = c;
    }
    if old_octal && !zero {
        return None;
    }
    Some(Literal { negative, base, digits: s, underscores })
}

#[cold]
fn exceeds_limit(py: Python, max: i32) -> Raised {
    raise!(
        py,
        ValueError,
        "Exceeds the limit ({max} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
    )
}

/// Appends the decimal text with its sign; ValueError if there are more digits than the limit.
pub fn decimal(py: Python, n: &PyLong, out: &mut Vec<u8>) -> PyResult<()> {
    let max = py.interp().int_max_str_digits.get();
    let d = n.digits();
    // Known before the work is done, as far as the number of bits tells.
    let at_least = (digits::bit_length(d).saturating_sub(1) as f64 * core::f64::consts::LOG10_2) as usize;
    if max > 0 && at_least > MAX_STR_DIGITS_THRESHOLD && at_least > max as usize {
        return Err(exceeds_limit(py, max));
    }
    if n.is_negative() {
        out.push(b'-');
    }
    let start = out.len();
    digits::radix::to_decimal(d, out);
    let places = out.len() - start;
    if max > 0 && places > MAX_STR_DIGITS_THRESHOLD && places > max as usize {
        return Err(exceeds_limit(py, max));
    }
    Ok(())
}

/// The text in `base`, with sign, and with prefix if `prefix`.
pub fn to_str(py: Python, n: &PyLong, base: u32, prefix: bool) -> PyResult<Py<PyStr>> {
    let mut out = Vec::new();
    if base == 10 {
        decimal(py, n, &mut out)?;
        return PyStr::from_ascii(py, &out);
    }
    if n.is_negative() {
        out.push(b'-');
    }
    if prefix {
        out.extend_from_slice(match base {
            2 => b"0b",
            8 => b"0o",
            16 => b"0x",
            _ => b"",
        });
    }
    digits::radix::to_radix(n.digits(), base, &mut out);
    PyStr::from_ascii(py, &out)
}

/// `repr(n)`. Values of up to two digits are written without allocating in between.
#[inline]
pub fn repr(py: Python, n: &PyLong) -> PyResult<Py<PyStr>> {
    if let Some(v) = n.try_i64() {
        let mut buf = [0u8; 20];
        let mut at = digits::radix::write_u64(v.unsigned_abs(), &mut buf);
        if v < 0 {
            // The largest absolute value has 19 places.
            at -= 1;
            buf[at] = b'-';
        }
        return PyStr::from_ascii(py, &buf[at..]);
    }
    to_str(py, n, 10, false)
}
