//! "Did you mean": the closest of several names (CPython's `suggestions.c`).

/// Cost of inserting, deleting or replacing a byte.
const MOVE_COST: usize = 2;
/// Cost of changing only the case of a letter.
const CASE_COST: usize = 1;
/// Longer differing parts are not compared.
const MAX_STRING_SIZE: usize = 40;
/// Longer lists are not searched.
const MAX_CANDIDATES: usize = 750;

/// The candidate most like `name`, if one is like enough; the first among equals, never `name` itself.
pub fn closest<'a>(name: &str, candidates: impl ExactSizeIterator<Item = &'a str>) -> Option<&'a str> {
    if candidates.len() >= MAX_CANDIDATES {
        return None;
    }
    let mut best: Option<(&str, usize)> = None;
    for candidate in candidates.filter(|c| *c != name) {
        // No more than a third of the characters may need changing.
        let mut limit = (name.len() + candidate.len() + 3) * MOVE_COST / 6;
        if let Some((_, distance)) = best {
            limit = limit.min(distance - 1);
        }
        if let Some(distance) = distance(name.as_bytes(), candidate.as_bytes(), limit) {
            if best.is_none_or(|(_, d)| distance < d) {
                if distance == 0 {
                    return Some(candidate);
                }
                best = Some((candidate, distance));
            }
        }
    }
    best.map(|(c, _)| c)
}

/// As [`closest`] for a list of owned names.
pub fn suggestion<'a, S: AsRef<str>>(candidates: &'a [S], name: &str) -> Option<&'a str> {
    closest(name, candidates.iter().map(AsRef::as_ref))
}

fn substitution_cost(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

/// The weighted edit distance, if it is at most `limit`.
pub fn distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        let d = (a.len() + b.len()) * MOVE_COST;
        return (d <= limit).then_some(d);
    }
    if a.len() > MAX_STRING_SIZE || b.len() > MAX_STRING_SIZE || a.len().abs_diff(b.len()) * MOVE_COST > limit {
        return None;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut row = [0usize; MAX_STRING_SIZE];
    for (i, cell) in row.iter_mut().enumerate() {
        *cell = (i + 1) * MOVE_COST;
    }
    let mut result = 0;
    for (i, &y) in long.iter().enumerate() {
        let mut diagonal = i * MOVE_COST;
        result = diagonal;
        let mut left = diagonal + MOVE_COST;
        let mut minimum = usize::MAX;
        for (cell, &x) in row.iter_mut().zip(short) {
            let above = *cell;
            result = (diagonal + substitution_cost(x, y)).min(above.min(left) + MOVE_COST);
            diagonal = above;
            left = result;
            *cell = result;
            minimum = minimum.min(result);
        }
        if minimum > limit {
            return None;
        }
    }
    (result <= limit).then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_cpython_finds() {
        assert_eq!(closest("exp1", ["base", "exp", "mod"].into_iter()), Some("exp"));
        assert_eq!(closest("star", ["start"].into_iter()), Some("start"));
        assert_eq!(closest("Start", ["start", "stare"].into_iter()), Some("start"));
        assert_eq!(closest("x", ["start", "stop"].into_iter()), None);
        assert_eq!(closest("seo", ["sep", "end"].into_iter()), Some("sep"));
    }
}
