//! Literals of floats.

/// The length of the longest decimal literal, infinity or NaN at the start of `s`, sign included; 0 if there is none.
pub fn scan(s: &[u8]) -> usize {
    let digits = |from: usize| s[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut i = matches!(s.first(), Some(b'+' | b'-')) as usize;
    for word in [&b"infinity"[..], b"inf", b"nan"] {
        if s.len() >= i + word.len() && s[i..i + word.len()].eq_ignore_ascii_case(word) {
            return i + word.len();
        }
    }
    let whole = digits(i);
    i += whole;
    let mut fraction = 0;
    if s.get(i) == Some(&b'.') {
        fraction = digits(i + 1);
        if whole + fraction == 0 {
            return 0;
        }
        i += 1 + fraction;
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(s.get(i), Some(b'e' | b'E')) {
        let sign = matches!(s.get(i + 1), Some(b'+' | b'-')) as usize;
        let n = digits((i + 1 + sign).min(s.len()));
        if n > 0 {
            i += 1 + sign + n;
        }
    }
    i
}

/// The value of what [`scan`] found, correctly rounded; infinity if it is too large.
pub fn value(literal: &[u8]) -> f64 {
    let (negative, body) = match literal {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let v = match body.first().map(u8::to_ascii_lowercase) {
        Some(b'i') => f64::INFINITY,
        Some(b'n') => f64::NAN,
        // Digits, point and exponent are ASCII and in the form that Rust reads.
        _ => core::str::from_utf8(body).ok().and_then(|t| t.parse().ok()).unwrap_or(0.0),
    };
    if negative { -v } else { v }
}

/// The text without underscores; `None` if one of them does not stand between two digits.
pub fn strip_underscores(s: &[u8]) -> Option<std::borrow::Cow<'_, [u8]>> {
    if !s.contains(&b'_') {
        return Some(std::borrow::Cow::Borrowed(s));
    }
    let mut out = Vec::with_capacity(s.len());
    for (i, &c) in s.iter().enumerate() {
        if c != b'_' {
            out.push(c);
            continue;
        }
        let digit = |c: Option<&u8>| c.is_some_and(u8::is_ascii_digit);
        if i == 0 || !digit(s.get(i - 1)) || !digit(s.get(i + 1)) {
            return None;
        }
    }
    Some(std::borrow::Cow::Owned(out))
}

/// A whole text as a float, underscores between digits allowed, white space not.
pub fn parse(s: &[u8]) -> Option<f64> {
    let s = strip_underscores(s)?;
    let n = scan(&s);
    (n == s.len() && n > 0).then(|| value(&s))
}
