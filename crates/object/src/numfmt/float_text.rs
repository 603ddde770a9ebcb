//! Floats as text.

use core::fmt::Write;

/// Always write a sign (`Py_DTSF_SIGN`).
pub const SIGN: u32 = 1;
/// Write ".0" after what would look like an int (`Py_DTSF_ADD_DOT_0`).
pub const ADD_DOT_0: u32 = 2;
/// Keep the point and trailing zeros, as `#` asks for (`Py_DTSF_ALT`).
pub const ALT: u32 = 4;
/// No sign for what was rounded to zero (`Py_DTSF_NO_NEG_0`).
pub const NO_NEG_0: u32 = 8;

/// More places than this are zeros in every float.
const MAX_PLACES: usize = 1100;

/// A text on the stack.
struct Buffer<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

/// Room for what has few digits.
const SHORT: usize = 64;
/// Room for everything: 309 digits, the point, [`MAX_PLACES`] more, an exponent.
const LONG: usize = 1600;

impl<const N: usize> Buffer<N> {
    /// The text of some arguments, which fits.
    #[inline]
    fn of(args: core::fmt::Arguments<'_>) -> Buffer<N> {
        let mut buf = Buffer { bytes: [0; N], len: 0 };
        let done = buf.write_fmt(args);
        debug_assert!(done.is_ok());
        buf
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl<const N: usize> Write for Buffer<N> {
    fn write_str(&mut self, s: &str) -> core::fmt::Result {
        let end = self.len + s.len();
        self.bytes.get_mut(self.len..end).ok_or(core::fmt::Error)?.copy_from_slice(s.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// Decimal digits without leading and trailing zeros (but at least one), and the place of the point after the first
/// `point` of them.
struct Digits<'a> {
    digits: &'a [u8],
    point: i32,
}

/// Takes `d.ddde±x` apart; moves the digits together at the start of the buffer.
fn split_scientific<const N: usize>(buf: &mut Buffer<N>) -> Digits<'_> {
    let n = buf.len;
    let e = buf.text().iter().position(|&c| c == b'e').unwrap_or(n);
    let mut exponent = 0i32;
    let mut negative = false;
    for &c in &buf.bytes[(e + 1).min(n)..n] {
        match c {
            b'-' => negative = true,
            b'0'..=b'9' => exponent = exponent * 10 + (c - b'0') as i32,
            _ => {}
        }
    }
    if negative {
        exponent = -exponent;
    }
    let mut len = e;
    if len > 1 {
        buf.bytes.copy_within(2..len, 1);
        len -= 1;
    }
    while len > 1 && buf.bytes[len - 1] == b'0' {
        len -= 1;
    }
    Digits { digits: &buf.bytes[..len], point: exponent + 1 }
}

/// Appends the text of `v` in the form `code`: one of `e E f F g G r`, the last being `repr` (`PyOS_double_to_string`).
/// `precision` is ignored for `r`.
pub fn write(v: f64, code: u8, precision: usize, flags: u32, out: &mut Vec<u8>) {
    let upper = code.is_ascii_uppercase();
    let start = out.len();
    if !v.is_finite() {
        if v.is_nan() {
            if flags & SIGN != 0 {
                out.push(b'+');
            }
            out.extend_from_slice(b"nan");
        } else {
            if v < 0.0 {
                out.push(b'-');
            } else if flags & SIGN != 0 {
                out.push(b'+');
            }
            out.extend_from_slice(b"inf");
        }
    } else {
        if v.is_sign_negative() {
            out.push(b'-');
        } else if flags & SIGN != 0 {
            out.push(b'+');
        }
        let body = out.len();
        let magnitude = v.abs();
        match code.to_ascii_lowercase() {
            b'f' => fixed(magnitude, precision, flags, out),
            b'e' => scientific(magnitude, precision, flags, out),
            b'g' => general(magnitude, precision.max(1), flags, out),
            _ => shortest(magnitude, flags, out),
        }
        if flags & NO_NEG_0 != 0 && body > start && out[start] == b'-' {
            let zero = out[body..].iter().take_while(|&&c| c != b'e').all(|&c| c == b'0' || c == b'.');
            if zero {
                if flags & SIGN != 0 {
                    out[start] = b'+';
                } else {
                    out.remove(start);
                }
            }
        }
    }
    if upper {
        out[start..].make_ascii_uppercase();
    }
}

/// `repr(v)`.
pub fn repr(v: f64) -> String {
    let mut out = Vec::with_capacity(24);
    write(v, b'r', 0, ADD_DOT_0, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

fn push_zeros(out: &mut Vec<u8>, n: usize) {
    out.resize(out.len() + n, b'0');
}

fn fixed(v: f64, precision: usize, flags: u32, out: &mut Vec<u8>) {
    let places = precision.min(MAX_PLACES);
    // Rust writes the exact value, rounded half to even.
    if v < 1e17 && places <= 40 {
        out.extend_from_slice(Buffer::<SHORT>::of(format_args!("{v:.places$}")).text());
    } else {
        out.extend_from_slice(Buffer::<LONG>::of(format_args!("{v:.places$}")).text());
    }
    if precision > places {
        push_zeros(out, precision - places);
    }
    if precision == 0 && flags & ALT != 0 {
        out.push(b'.');
    }
}

fn push_exponent(exponent: i32, out: &mut Vec<u8>) {
    out.push(b'e');
    out.push(if exponent < 0 { b'-' } else { b'+' });
    let e = exponent.unsigned_abs();
    if e >= 100 {
        out.push(b'0' + (e / 100) as u8);
    }
    out.push(b'0' + (e / 10 % 10) as u8);
    out.push(b'0' + (e % 10) as u8);
}

/// `digits` as one digit, point, `places` digits, exponent.
fn push_scientific(d: &Digits<'_>, places: usize, alt: bool, out: &mut Vec<u8>) {
    out.push(d.digits[0]);
    if places > 0 || alt {
        out.push(b'.');
    }
    let rest = &d.digits[1..];
    out.extend_from_slice(rest);
    push_zeros(out, places.saturating_sub(rest.len()));
    push_exponent(d.point - 1, out);
}

fn scientific(v: f64, precision: usize, flags: u32, out: &mut Vec<u8>) {
    let places = precision.min(MAX_PLACES);
    let alt = flags & ALT != 0;
    if places <= 40 {
        let mut buf = Buffer::<SHORT>::of(format_args!("{v:.places$e}"));
        push_scientific(&split_scientific(&mut buf), precision, alt, out);
    } else {
        let mut buf = Buffer::<LONG>::of(format_args!("{v:.places$e}"));
        push_scientific(&split_scientific(&mut buf), precision, alt, out);
    }
}

/// `digits` without exponent, with at least `places` digits after the point.
fn push_plain(d: &Digits<'_>, places: usize, point_at_end: bool, out: &mut Vec<u8>) {
    let n = d.digits.len();
    if d.point <= 0 {
        out.extend_from_slice(b"0.");
        push_zeros(out, -d.point as usize);
        out.extend_from_slice(d.digits);
        let written = n + -d.point as usize;
        push_zeros(out, places.saturating_sub(written));
        return;
    }
    let point = d.point as usize;
    if n > point {
        out.extend_from_slice(&d.digits[..point]);
        out.push(b'.');
        out.extend_from_slice(&d.digits[point..]);
        push_zeros(out, places.saturating_sub(n - point));
        return;
    }
    out.extend_from_slice(d.digits);
    push_zeros(out, point - n);
    if places > 0 || point_at_end {
        out.push(b'.');
        push_zeros(out, places);
    }
}

fn general(v: f64, precision: usize, flags: u32, out: &mut Vec<u8>) {
    let places = (precision - 1).min(MAX_PLACES);
    if places <= 40 {
        let mut buf = Buffer::<SHORT>::of(format_args!("{v:.places$e}"));
        push_general(&split_scientific(&mut buf), precision, flags, out);
    } else {
        let mut buf = Buffer::<LONG>::of(format_args!("{v:.places$e}"));
        push_general(&split_scientific(&mut buf), precision, flags, out);
    }
}

fn push_general(d: &Digits<'_>, precision: usize, flags: u32, out: &mut Vec<u8>) {
    let alt = flags & ALT != 0;
    let dot_0 = flags & ADD_DOT_0 != 0;
    if d.point <= -4 || d.point as i64 > precision as i64 - dot_0 as i64 {
        let places = if alt { precision - 1 } else { d.digits.len() - 1 };
        push_scientific(d, places, alt, out);
    } else {
        let places = if alt { (precision as i64 - d.point as i64).max(0) as usize } else { dot_0 as usize };
        push_plain(d, places, alt, out);
    }
}

fn shortest(v: f64, flags: u32, out: &mut Vec<u8>) {
    let mut buf = Buffer::<SHORT>::of(format_args!("{v:e}"));
    let d = split_scientific(&mut buf);
    if is_tie(v, &d)
        && let Some(mut even) = nearest_even(v, d.digits.len())
    {
        return push_shortest(&split_scientific(&mut even), flags, out);
    }
    push_shortest(&d, flags, out);
}

/// May `v` lie halfway between the digits and their neighbour? Then its exact decimal text is one digit longer, which
/// for an odd multiple of `2**e` is so only if that digit has the weight `10**e`.
fn is_tie(v: f64, d: &Digits<'_>) -> bool {
    let (m, e) = super::ieee::decompose(v);
    m != 0 && e + m.trailing_zeros() as i64 == d.point as i64 - d.digits.len() as i64 - 1
}

/// The text with `n` digits, ties to even, if it still reads back as `v`.
#[cold]
fn nearest_even(v: f64, n: usize) -> Option<Buffer<SHORT>> {
    let places = n - 1;
    let buf = Buffer::<SHORT>::of(format_args!("{v:.places$e}"));
    let back: f64 = core::str::from_utf8(buf.text()).ok()?.parse().ok()?;
    (back == v).then_some(buf)
}

fn push_shortest(d: &Digits<'_>, flags: u32, out: &mut Vec<u8>) {
    let alt = flags & ALT != 0;
    if d.point <= -4 || d.point > 16 {
        push_scientific(d, d.digits.len() - 1, alt, out);
    } else {
        push_plain(d, (flags & ADD_DOT_0 != 0) as usize, alt, out);
    }
}
