//! `round(x, n)` of floats: exact in decimal.

/// Rounds to `places` decimal places, ties of the exact value to even. May give an infinity.
pub fn to_places(v: f64, places: i64) -> f64 {
    // More places than any float has, or more than its whole range.
    if !v.is_finite() || places > 323 {
        return v;
    }
    if places < -308 {
        return 0.0 * v;
    }
    let rounded = if places >= 0 {
        let places = places as usize;
        // Rust rounds the exact value half to even, and reads what it wrote exactly.
        format!("{:.places$}", v.abs()).parse().unwrap_or(v)
    } else {
        whole_places(v.abs(), -places as usize)
    };
    f64::copysign(rounded, v)
}

/// Rounds to a multiple of `10 ** zeros`.
fn whole_places(v: f64, zeros: usize) -> f64 {
    if v < 1.0 {
        return 0.0;
    }
    // A float of at least 1 has at most 52 places after the point: the text is exact.
    let text = format!("{v:.52}");
    let Some(point) = text.find('.') else { return v };
    let Some(kept) = point.checked_sub(zeros) else { return 0.0 };
    let (head, tail) = text.split_at(kept);
    let tail = tail.as_bytes();
    let half_or_more = tail[0] >= b'5';
    let exactly_half = tail[0] == b'5' && tail[1..].iter().all(|&c| c == b'0' || c == b'.');
    let odd = head.as_bytes().last().is_some_and(|c| c & 1 != 0);
    let up = half_or_more && (!exactly_half || odd);
    let mut digits: Vec<u8> = std::iter::once(b'0').chain(head.bytes()).collect();
    if up {
        for d in digits.iter_mut().rev() {
            if *d == b'9' {
                *d = b'0';
            } else {
                *d += 1;
                break;
            }
        }
    }
    let digits = String::from_utf8(digits).unwrap_or_default();
    format!("{digits}e{zeros}").parse().unwrap_or(v)
}

/// Rounds to the nearest whole number, ties to even.
pub fn to_whole(v: f64) -> f64 {
    v.round_ties_even()
}
