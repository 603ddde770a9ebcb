//! `float.hex` and `float.fromhex`: hexadecimal texts, exact both ways.

use crate::numfmt::ieee;

/// `v.hex()` of a finite float.
pub fn to_hex(v: f64) -> String {
    let sign = if v.is_sign_negative() { "-" } else { "" };
    if v == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = v.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let (lead, exponent) = if exponent == 0 { (0, -1022) } else { (1, exponent - 1023) };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

/// Why a text is no hexadecimal float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    Invalid,
    Overflow,
}

/// Reads a hexadecimal float; white space around it is taken off already.
pub fn from_hex(s: &[u8]) -> Result<f64, HexError> {
    let (negative, s) = match s {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let signed = |v: f64| if negative { -v } else { v };
    let lower = s.to_ascii_lowercase();
    match &lower[..] {
        b"inf" | b"infinity" => return Ok(signed(f64::INFINITY)),
        b"nan" => return Ok(signed(f64::NAN)),
        _ => {}
    }
    let s = lower.strip_prefix(b"0x").unwrap_or(&lower);
    let hex = |s: &[u8]| s.iter().take_while(|c| c.is_ascii_hexdigit()).count();
    let (whole, s) = s.split_at(hex(s));
    let (fraction, s) = match s {
        [b'.', rest @ ..] => rest.split_at(hex(rest)),
        rest => (&[][..], rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(HexError::Invalid);
    }
    let exponent = match s {
        [] => 0,
        [b'p', rest @ ..] => parse_exponent(rest).ok_or(HexError::Invalid)?,
        _ => return Err(HexError::Invalid),
    };
    // The first 16 significant digits; the rest only says whether there is more.
    let mut mantissa = 0u64;
    let mut scale = -4 * fraction.len() as i64;
    let mut significant = 0;
    let total = whole.len() + fraction.len();
    for (i, &c) in whole.iter().chain(fraction).enumerate() {
        let d = (c as char).to_digit(16).unwrap_or(0) as u64;
        if significant == 0 && d == 0 {
            continue;
        }
        if significant == 16 {
            let rest = whole.iter().chain(fraction).skip(i);
            if rest.clone().any(|&c| c != b'0') {
                mantissa |= 1;
            }
            scale += 4 * (total - i) as i64;
            break;
        }
        mantissa = mantissa << 4 | d;
        significant += 1;
    }
    if mantissa == 0 {
        return Ok(signed(0.0));
    }
    // With fewer than 56 bits nothing was cut off, so rounding is exact in any case.
    let v = ieee::compose(mantissa, scale.saturating_add(exponent));
    if v.is_infinite() { Err(HexError::Overflow) } else { Ok(signed(v)) }
}

/// A decimal exponent, far ones clipped.
fn parse_exponent(s: &[u8]) -> Option<i64> {
    let (negative, digits) = match s {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let v = digits.iter().fold(0i64, |v, &c| (v * 10 + (c - b'0') as i64).min(1 << 56));
    Some(if negative { -v } else { v })
}
