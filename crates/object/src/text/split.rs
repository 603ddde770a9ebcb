//! Where strings are cut. Pieces are given as ranges, one call for each; the callback's error stops the work.

use super::search::{self, Find, Unit};
use core::ops::Range;

/// Splits at each `sep`, which is not empty, at most `max` times.
pub fn by<T: Unit, E>(
    s: &[T],
    sep: &[T],
    max: usize,
    mut emit: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let (mut start, mut n) = (0, 0);
    if let [c] = sep {
        while n < max {
            let Some(i) = c.position(&s[start..]) else { break };
            emit(start..start + i)?;
            start += i + 1;
            n += 1;
        }
    } else if sep.len() <= s.len() && max > 0 {
        let finder = T::finder(sep);
        while n < max {
            let Some(i) = finder.find(&s[start..]) else { break };
            emit(start..start + i)?;
            start += i + sep.len();
            n += 1;
        }
    }
    emit(start..s.len())
}

/// As [`by`] from the end: the pieces come last one first.
pub fn rby<T: Unit, E>(
    s: &[T],
    sep: &[T],
    max: usize,
    mut emit: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let (mut end, mut n) = (s.len(), 0);
    while n < max {
        let Some(i) = search::rfind(&s[..end], sep) else { break };
        emit(i + sep.len()..end)?;
        end = i;
        n += 1;
    }
    emit(0..end)
}

/// Splits at runs of white space, at most `max` times; there are no empty pieces. What is left after `max` splits keeps the
/// white space at its end.
pub fn by_space<T: Copy, E>(
    s: &[T],
    max: usize,
    is_space: impl Fn(T) -> bool,
    mut emit: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let (mut at, mut n) = (0, 0);
    loop {
        at += s[at..].iter().take_while(|&&c| is_space(c)).count();
        if at == s.len() {
            return Ok(());
        }
        if n == max {
            return emit(at..s.len());
        }
        let end = at + s[at..].iter().take_while(|&&c| !is_space(c)).count();
        emit(at..end)?;
        at = end;
        n += 1;
    }
}

/// As [`by_space`] from the end: the pieces come last one first, and what is left keeps the white space at its start.
pub fn rby_space<T: Copy, E>(
    s: &[T],
    max: usize,
    is_space: impl Fn(T) -> bool,
    mut emit: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let (mut end, mut n) = (s.len(), 0);
    loop {
        end -= s[..end].iter().rev().take_while(|&&c| is_space(c)).count();
        if end == 0 {
            return Ok(());
        }
        if n == max {
            return emit(0..end);
        }
        let start = end - s[..end].iter().rev().take_while(|&&c| !is_space(c)).count();
        emit(start..end)?;
        end = start;
        n += 1;
    }
}

/// The lines; `\r\n` is one break. A break at the very end begins no further line.
pub fn lines<T: Unit, E>(
    s: &[T],
    keep_ends: bool,
    is_break: impl Fn(T) -> bool,
    mut emit: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let mut start = 0;
    while start < s.len() {
        let end = start + s[start..].iter().take_while(|&&c| !is_break(c)).count();
        let mut next = end;
        if let Some(&c) = s.get(end) {
            let pair = c.into() == 13 && s.get(end + 1).is_some_and(|&c| c.into() == 10);
            next += 1 + pair as usize;
        }
        emit(start..if keep_ends { next } else { end })?;
        start = next;
    }
    Ok(())
}

/// What is left without the characters at the ends for which `strip` holds.
pub fn strip<T: Copy>(s: &[T], left: bool, right: bool, strip: impl Fn(T) -> bool) -> Range<usize> {
    let start = if left { s.iter().take_while(|&&c| strip(c)).count() } else { 0 };
    let end = if right { s.len() - s[start..].iter().rev().take_while(|&&c| strip(c)).count() } else { s.len() };
    start..end
}

/// The spaces that a tab becomes in column `column`.
#[inline]
pub fn tab_width(column: usize, tab_size: usize) -> usize {
    if tab_size == 0 { 0 } else { tab_size - column % tab_size }
}
