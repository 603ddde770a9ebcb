//! Searching: `find`, `count`, `in`, `startswith` and their like.

use super::{PyStr, StrData};
use crate::abstracts::sequence;
use crate::text::search;
use crate::{PyObject, PyResult, PyTuple, Python, raise};
use core::ops::Range;

/// Runs a block with a haystack and a needle as slices of one width, that of the haystack. A needle with characters that
/// the haystack cannot have gives the other value.
macro_rules! in_width {
    ($hay:expr, $needle:expr, |$h:ident, $n:ident| $body:expr, else $none:expr) => {{
        let needle: $crate::StrData<'_> = $needle;
        match $hay {
            $crate::StrData::Ascii($h) => match needle {
                $crate::StrData::Ascii($n) => $body,
                _ => $none,
            },
            $crate::StrData::Latin1($h) => match needle.one_byte() {
                Some($n) => $body,
                None => $none,
            },
            $crate::StrData::Ucs2($h) => match needle {
                $crate::StrData::Ucs2($n) => $body,
                $crate::StrData::Ucs4(_) => $none,
                $crate::StrData::Ascii(n) | $crate::StrData::Latin1(n) => {
                    let widened: Vec<u16> = n.iter().map(|&c| c as u16).collect();
                    let $n: &[u16] = &widened;
                    $body
                }
            },
            $crate::StrData::Ucs4($h) => match needle {
                $crate::StrData::Ucs4($n) => $body,
                $crate::StrData::Ucs2(n) => {
                    let widened: Vec<u32> = n.iter().map(|&c| c as u32).collect();
                    let $n: &[u32] = &widened;
                    $body
                }
                $crate::StrData::Ascii(n) | $crate::StrData::Latin1(n) => {
                    let widened: Vec<u32> = n.iter().map(|&c| c as u32).collect();
                    let $n: &[u32] = &widened;
                    $body
                }
            },
        }
    }};
}
pub(crate) use in_width;

/// A slice bound given to `find` and its like: absent or None is the default; counted from the end if negative.
fn bound(py: Python, arg: Option<&PyObject>, default: isize) -> PyResult<isize> {
    match arg {
        None => Ok(default),
        Some(arg) => sequence::slice_index(py, arg),
    }
}

/// The part of `len` items that optional start and end say; `None` if the start lies behind the end of all, or of the part,
/// where not even nothing is found.
pub(crate) fn part(
    py: Python,
    start: Option<&PyObject>,
    end: Option<&PyObject>,
    len: impl FnOnce() -> usize,
) -> PyResult<Option<Range<usize>>> {
    if start.is_none() && end.is_none() {
        return Ok(Some(0..len()));
    }
    let (start, end) = (bound(py, start, 0)?, bound(py, end, isize::MAX)?);
    Ok(clip(start, end, len()))
}

/// Start and end put within `len` items.
pub(crate) fn clip(start: isize, end: isize, len: usize) -> Option<Range<usize>> {
    let len = len as isize;
    let end = if end < 0 { (end + len).max(0) } else { end.min(len) };
    let start = if start < 0 { (start + len).max(0) } else { start };
    (start <= end).then_some(start as usize..end as usize)
}

impl<'a> StrData<'a> {
    /// The characters of a range within the length.
    #[inline]
    pub fn slice(self, range: Range<usize>) -> StrData<'a> {
        match self {
            StrData::Ascii(s) => StrData::Ascii(&s[range]),
            StrData::Latin1(s) => StrData::Latin1(&s[range]),
            StrData::Ucs2(s) => StrData::Ucs2(&s[range]),
            StrData::Ucs4(s) => StrData::Ucs4(&s[range]),
        }
    }

    /// Where `needle` first occurs.
    #[inline]
    pub fn find(self, needle: StrData<'_>) -> Option<usize> {
        if needle.len() > self.len() {
            return None;
        }
        if needle.len() == 1 {
            return self.find_char(needle.get(0));
        }
        in_width!(self, needle, |h, n| search::find(h, n), else None)
    }

    /// Where `needle` last occurs.
    pub fn rfind(self, needle: StrData<'_>) -> Option<usize> {
        if needle.len() > self.len() {
            return None;
        }
        in_width!(self, needle, |h, n| search::rfind(h, n), else None)
    }

    /// How often `needle` occurs without overlapping, up to `max`.
    pub fn count(self, needle: StrData<'_>, max: usize) -> usize {
        in_width!(self, needle, |h, n| search::count(h, n, max), else 0)
    }

    /// Where the character first occurs.
    #[inline]
    pub fn find_char(self, c: u32) -> Option<usize> {
        use search::Unit;
        match self {
            StrData::Ascii(s) | StrData::Latin1(s) => u8::try_from(c).ok()?.position(s),
            StrData::Ucs2(s) => u16::try_from(c).ok()?.position(s),
            StrData::Ucs4(s) => c.position(s),
        }
    }

    /// True if `other` stands at `at`.
    pub fn has_at(self, at: usize, other: StrData<'_>) -> bool {
        if at.checked_add(other.len()).is_none_or(|end| end > self.len()) {
            return false;
        }
        match (self, other) {
            (StrData::Ascii(s) | StrData::Latin1(s), StrData::Ascii(o) | StrData::Latin1(o)) => {
                s[at..at + o.len()] == *o
            }
            (StrData::Ucs2(s), StrData::Ucs2(o)) => s[at..at + o.len()] == *o,
            (StrData::Ucs4(s), StrData::Ucs4(o)) => s[at..at + o.len()] == *o,
            _ => (0..other.len()).all(|i| self.get(at + i) == other.get(i)),
        }
    }
}

impl PyStr {
    /// Where `needle` first occurs.
    pub fn find(&self, needle: &PyStr) -> Option<usize> {
        self.data().find(needle.data())
    }

    /// `needle in self`.
    pub fn contains_str(&self, needle: &PyStr) -> bool {
        self.find(needle).is_some()
    }

    /// What `find` and `index` look for.
    pub(super) fn find_in(
        &self,
        py: Python,
        sub: &PyStr,
        start: Option<&PyObject>,
        end: Option<&PyObject>,
        backwards: bool,
    ) -> PyResult<Option<usize>> {
        let Some(range) = part(py, start, end, || self.len())? else { return Ok(None) };
        let from = range.start;
        let hay = self.data().slice(range);
        let found = if backwards { hay.rfind(sub.data()) } else { hay.find(sub.data()) };
        Ok(found.map(|i| from + i))
    }

    pub(super) fn count_in(
        &self,
        py: Python,
        sub: &PyStr,
        start: Option<&PyObject>,
        end: Option<&PyObject>,
    ) -> PyResult<usize> {
        Ok(match part(py, start, end, || self.len())? {
            Some(range) => self.data().slice(range).count(sub.data(), usize::MAX),
            None => 0,
        })
    }

    /// `startswith`, or `endswith` if `at_end`.
    pub(super) fn tail_match(
        &self,
        py: Python,
        affix: &PyObject,
        start: Option<&PyObject>,
        end: Option<&PyObject>,
        at_end: bool,
    ) -> PyResult<bool> {
        let name = if at_end { "endswith" } else { "startswith" };
        let range = part(py, start, end, || self.len())?;
        let matches = |affix: &PyStr| {
            let Some(range) = range.clone() else { return false };
            let hay = self.data().slice(range);
            match hay.len().checked_sub(affix.len()) {
                Some(rest) => hay.has_at(if at_end { rest } else { 0 }, affix.data()),
                None => false,
            }
        };
        if let Some(affix) = affix.downcast::<PyStr>() {
            return Ok(matches(affix));
        }
        let Some(affixes) = affix.downcast::<PyTuple>() else {
            let given = affix.ty().full_name();
            return Err(raise!(py, TypeError, "{name} first arg must be str or a tuple of str, not {given:.100}"));
        };
        for affix in affixes.as_slice() {
            let Some(affix) = affix.downcast::<PyStr>() else {
                let given = affix.as_object().ty().full_name();
                return Err(raise!(py, TypeError, "tuple for {name} must only contain str, not {given:.100}"));
            };
            if matches(affix) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
