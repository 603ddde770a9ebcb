//! Sign, prefix, digits in groups, fraction, padding: the parts of a formatted number put together.

use super::spec::{FormatSpec, Grouping};
use crate::StrBuilder;

/// How the locale writes numbers, for type `n`; otherwise what the specification's grouping means.
#[derive(Clone, Debug)]
pub struct Marks {
    pub point: Vec<u32>,
    pub separator: Vec<u32>,
    /// Sizes of the groups from the right, as C's `lconv.grouping`: the last one goes on, 127 ends grouping.
    pub groups: Vec<u8>,
    /// Separator of the digits after the point, in threes; empty for none.
    pub fraction_separator: Vec<u32>,
}

impl Marks {
    /// What a specification asks for.
    pub fn of(spec: &FormatSpec) -> Marks {
        let symbol = |g: Grouping| match g {
            Grouping::None => Vec::new(),
            g => vec![g.symbol() as u32],
        };
        Marks {
            point: vec!['.' as u32],
            separator: symbol(spec.grouping),
            groups: match spec.grouping {
                Grouping::None => vec![],
                Grouping::UnderscoreFour => vec![4],
                _ => vec![3],
            },
            fraction_separator: symbol(spec.fraction_grouping),
        }
    }
}

/// A number taken apart: ASCII throughout, upper case already where it is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'a> {
    pub negative: bool,
    /// `0x` and the like.
    pub prefix: &'a str,
    /// Digits before the point.
    pub whole: &'a str,
    pub point: bool,
    /// Digits after the point.
    pub fraction: &'a str,
    /// Exponent, `%`, `inf`, `nan`.
    pub rest: &'a str,
}

impl<'a> Parts<'a> {
    /// Takes a text of [`super::float_text`] apart.
    pub fn of_float(text: &'a str) -> Parts<'a> {
        let (negative, body) = match text.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, text),
        };
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, body) = body.split_at(digits(body));
        let (point, body) = match body.strip_prefix('.') {
            Some(body) => (true, body),
            None => (false, body),
        };
        let (fraction, rest) = body.split_at(if point { digits(body) } else { 0 });
        Parts { negative, prefix: "", whole, point, fraction, rest }
    }
}

/// The characters of the digits before the point, with separators and zeros in front up to `min_width` characters.
fn group(whole: &str, marks: &Marks, min_width: usize, fill: u32) -> Vec<u32> {
    let digits = whole.as_bytes();
    // From the right.
    let mut out = Vec::with_capacity(digits.len().max(min_width) * 4 / 3 + 1);
    let mut left = digits.len();
    let mut width = min_width as isize;
    let mut sizes = marks.groups.iter().copied();
    let mut size = 0usize;
    let mut first = true;
    loop {
        match sizes.next() {
            Some(127) => {
                size = usize::MAX;
                sizes = [].iter().copied();
            }
            Some(n) if n > 0 => size = n as usize,
            _ if size == 0 => size = usize::MAX,
            _ => {}
        }
        if !first {
            out.extend(marks.separator.iter().rev());
        }
        let n = size.min(left.max(width.max(1) as usize));
        for _ in 0..n {
            if left > 0 {
                left -= 1;
                out.push(digits[left] as u32);
            } else {
                out.push(fill);
            }
        }
        width -= n as isize;
        if left == 0 && width <= 0 {
            break;
        }
        width -= marks.separator.len() as isize;
        first = false;
    }
    out.reverse();
    out
}

/// The characters of the digits after the point, with separators.
fn group_fraction(fraction: &str, separator: &[u32]) -> Vec<u32> {
    let mut out = Vec::with_capacity(fraction.len() * 4 / 3 + 1);
    for (i, c) in fraction.bytes().enumerate() {
        if i > 0 && i % 3 == 0 {
            out.extend_from_slice(separator);
        }
        out.push(c as u32);
    }
    out
}

fn fill(out: &mut StrBuilder, n: usize, c: u32) {
    for _ in 0..n {
        out.push_char(c);
    }
}

/// Appends the number as the specification says. `spec.width` above what memory holds is the caller's affair.
pub fn number(spec: &FormatSpec, marks: &Marks, parts: &Parts<'_>, out: &mut StrBuilder) {
    characters(spec, marks, parts).into_iter().for_each(|c| out.push_char(c));
}

/// The number as the specification says, as ASCII, if it is no more than sign, digits and padding: no groups, no fill
/// outside ASCII. Nearly all specifications are so.
pub fn plain(spec: &FormatSpec, parts: &Parts<'_>) -> Option<Vec<u8>> {
    if spec.grouping != Grouping::None || spec.fraction_grouping != Grouping::None || spec.fill >= 0x80 {
        return None;
    }
    let sign: &[u8] = match (parts.negative, spec.sign) {
        (true, _) => b"-",
        (false, b'+') => b"+",
        (false, b' ') => b" ",
        _ => b"",
    };
    let len = sign.len()
        + parts.prefix.len()
        + parts.whole.len()
        + parts.point as usize
        + parts.fraction.len()
        + parts.rest.len();
    let (left, inner, right) = padding(spec.align, spec.width.unwrap_or(0).saturating_sub(len));
    let mut out = Vec::with_capacity(len + left + inner + right);
    let pad = |out: &mut Vec<u8>, n: usize| out.resize(out.len() + n, spec.fill as u8);
    pad(&mut out, left);
    out.extend_from_slice(sign);
    out.extend_from_slice(parts.prefix.as_bytes());
    pad(&mut out, inner);
    out.extend_from_slice(parts.whole.as_bytes());
    if parts.point {
        out.push(b'.');
    }
    out.extend_from_slice(parts.fraction.as_bytes());
    out.extend_from_slice(parts.rest.as_bytes());
    pad(&mut out, right);
    Some(out)
}

/// Padding on the left, behind the sign, and on the right.
fn padding(align: u8, n: usize) -> (usize, usize, usize) {
    match align {
        b'<' => (0, 0, n),
        b'^' => (n / 2, 0, n - n / 2),
        b'=' => (0, n, 0),
        _ => (n, 0, 0),
    }
}

/// The characters of the number as the specification says.
pub fn characters(spec: &FormatSpec, marks: &Marks, parts: &Parts<'_>) -> Vec<u32> {
    let sign = match (parts.negative, spec.sign) {
        (true, _) => Some('-'),
        (false, b'+') => Some('+'),
        (false, b' ') => Some(' '),
        _ => None,
    };
    let fraction = group_fraction(parts.fraction, &marks.fraction_separator);
    let fixed = sign.is_some() as usize
        + parts.prefix.len()
        + if parts.point { marks.point.len() } else { 0 }
        + fraction.len()
        + parts.rest.len();
    let zero_padded = spec.fill == b'0' as u32 && spec.align == b'=';
    let min_width = if zero_padded { spec.width.unwrap_or(0).saturating_sub(fixed) } else { 0 };
    let whole = if parts.whole.is_empty() { Vec::new() } else { group(parts.whole, marks, min_width, spec.fill) };
    let missing = spec.width.unwrap_or(0).saturating_sub(fixed + whole.len());
    let (left, inner, right) = padding(spec.align, missing);
    let mut out = Vec::with_capacity(fixed + whole.len() + missing);
    let pad = |out: &mut Vec<u32>, n: usize| out.resize(out.len() + n, spec.fill);
    pad(&mut out, left);
    out.extend(sign.map(u32::from));
    out.extend(parts.prefix.bytes().map(u32::from));
    pad(&mut out, inner);
    out.extend_from_slice(&whole);
    if parts.point {
        out.extend_from_slice(&marks.point);
    }
    out.extend_from_slice(&fraction);
    out.extend(parts.rest.bytes().map(u32::from));
    pad(&mut out, right);
    out
}

/// Appends what `write` writes, padded to the width on the outside. `len` is the number of its characters.
pub fn padded(spec: &FormatSpec, len: usize, out: &mut StrBuilder, write: impl FnOnce(&mut StrBuilder)) {
    let padding = spec.width.unwrap_or(0).saturating_sub(len);
    let left = match spec.align {
        b'>' => padding,
        b'^' => padding / 2,
        _ => 0,
    };
    fill(out, left, spec.fill);
    write(out);
    fill(out, padding - left, spec.fill);
}
