//! Numbers: the text of a token to its value.

use taipan_bytecode::code::{BigInt, Constant};

/// What is wrong with an integer literal that has too many decimal digits.
pub fn digit_limit_message(limit: usize, digits: usize) -> String {
    format!(
        "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} \
         digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for \
         huge integer literals to avoid decimal conversion limits."
    )
}

/// The value of a number token that the tokenizer found well-formed.
///
/// `max_digits` is `sys.get_int_max_str_digits()`: 0 stands for no limit. The error is the text of
/// the `SyntaxError`.
pub fn parse_number(text: &str, max_digits: usize) -> Result<Constant, String> {
    let bytes = text.as_bytes();
    if let [first, rest @ ..] = bytes
        && (matches!(first, b'1'..=b'9') && rest.len() < 18 || *first == b'0' && rest.is_empty())
        && rest.iter().all(u8::is_ascii_digit)
    {
        let start = i64::from(first - b'0');
        return Ok(Constant::Int(rest.iter().fold(start, |sum, &b| sum * 10 + i64::from(b - b'0'))));
    }
    let clean: String = text.chars().filter(|&c| c != '_').collect();
    let lower = clean.to_ascii_lowercase();
    let radix = match lower.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    if radix != 10 {
        let value = BigInt::from_str_radix(&lower[2..], radix);
        return Ok(Constant::from_bigint(value.unwrap_or_else(|| BigInt::from(0))));
    }
    if let Some(imaginary) = lower.strip_suffix('j') {
        return Ok(Constant::Complex(0.0, imaginary.parse().unwrap_or(0.0)));
    }
    if lower.contains(['.', 'e']) {
        return Ok(Constant::Float(lower.parse().unwrap_or(0.0)));
    }
    if max_digits != 0 && lower.len() > max_digits.max(640) {
        return Err(digit_limit_message(max_digits, lower.len()));
    }
    let value = BigInt::from_str_radix(&lower, 10);
    Ok(Constant::from_bigint(value.unwrap_or_else(|| BigInt::from(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let value = |text| parse_number(text, 4300).unwrap();
        assert!(matches!(value("0"), Constant::Int(0)));
        assert!(matches!(value("00_0"), Constant::Int(0)));
        assert!(matches!(value("1_000"), Constant::Int(1000)));
        assert!(matches!(value("0xFF_ff"), Constant::Int(0xffff)));
        assert!(matches!(value("1e3"), Constant::Float(1000.0)));
        assert!(matches!(value(".5J"), Constant::Complex(0.0, 0.5)));
        assert!(matches!(value("1_0.0_1"), Constant::Float(f) if f == 10.01));
        assert!(matches!(value("9223372036854775808"), Constant::BigInt(_)));
        assert!(matches!(value("9223372036854775807"), Constant::Int(i64::MAX)));
        assert!(parse_number(&"9".repeat(4301), 4300).is_err());
        assert!(parse_number(&"9".repeat(4301), 0).is_ok());
    }
}
