//! Literals of complex numbers.

use crate::numfmt::parse::{scan, value};

/// Reads `1`, `2j`, `1+2j`, `-j`, `(1+2j)` and so on, without underscores; white space may stand around it and within
/// the parentheses. `None` if it is none.
pub fn parse(text: &[u8]) -> Option<(f64, f64)> {
    let mut s = crate::types::float::trimmed(text);
    if let [b'(', inner @ .., b')'] = s {
        s = crate::types::float::trimmed(inner);
    }
    let is_j = |c: Option<&u8>| matches!(c, Some(b'j' | b'J'));
    // A number or a sign alone, before a `j`.
    let n = scan(s);
    if n > 0 {
        let first = value(&s[..n]);
        let rest = &s[n..];
        return match rest.first() {
            None => Some((first, 0.0)),
            Some(b'+' | b'-') => {
                let m = scan(rest);
                let (imag, after) =
                    if m > 0 { (value(&rest[..m]), m) } else { (if rest[0] == b'-' { -1.0 } else { 1.0 }, 1) };
                (is_j(rest.get(after)) && rest.len() == after + 1).then_some((first, imag))
            }
            _ if is_j(rest.first()) && rest.len() == 1 => Some((0.0, first)),
            _ => None,
        };
    }
    match s {
        [b'+', j] | [j] if is_j(Some(j)) => Some((0.0, 1.0)),
        [b'-', j] if is_j(Some(j)) => Some((0.0, -1.0)),
        _ => None,
    }
}
