//! Floats as text, the form of marshal versions 0 and 1.

use super::{ErrorKind, MarshalError};

/// Reads a float as Python writes it, without white space and underscores.
///
/// `ValueError` if it is something else.
pub fn parse_float_text(bytes: &[u8]) -> Result<f64, MarshalError> {
    // The reference hands the bytes on as a C string.
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    let text = std::str::from_utf8(&bytes[..end]).ok();
    // Rust takes the same forms: decimal digits, "inf", "infinity" and "nan" in any case.
    text.and_then(|text| text.parse().ok()).ok_or_else(|| MarshalError {
        kind: ErrorKind::Value,
        message: format!("could not convert string to float: '{}'", String::from_utf8_lossy(&bytes[..end])).into(),
    })
}

/// A float with 17 significant digits, as C's `%.17g`.
pub fn float_text(value: f64) -> String {
    if !value.is_finite() {
        return crate::code::float_repr(value);
    }
    let text = format!("{value:.16e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |digits: &str| match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => digits.to_owned(),
    };
    if (-4..17).contains(&exponent) {
        trim(&format!("{value:.*}", (16 - exponent) as usize))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(mantissa), exponent.abs())
    }
}
