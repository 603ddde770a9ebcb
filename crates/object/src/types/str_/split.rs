//! `split`, `rsplit`, `splitlines`, `partition`, `rpartition`.

use super::find::in_width;
use super::new::CodeUnit;
use super::{PyStr, PyUnicode_Type, StrData};
use crate::text::split;
use crate::{Py, PyList, PyObject, PyResult, PyTuple, Python, raise};
use core::ops::Range;

/// White space as `str.split` has it.
#[inline(always)]
pub(super) fn is_space<T: CodeUnit>(c: T) -> bool {
    let c: u32 = c.into();
    if c < 0x80 { matches!(c, 9..=13 | 28..=32) } else { taipan_unicode::is_space(c) }
}

/// Line breaks as `str.splitlines` has them.
#[inline(always)]
fn is_break<T: CodeUnit>(c: T) -> bool {
    let c: u32 = c.into();
    match c {
        0..0x80 => matches!(c, 10..=13 | 28..=30),
        _ => taipan_unicode::is_linebreak(c),
    }
}

impl PyStr {
    /// As [`PyStr::substring`] for a range within the length.
    #[inline]
    fn piece(&self, py: Python, range: Range<usize>) -> PyResult<Py> {
        self.substring(py, range.start, range.end).map(Py::into_object)
    }

    /// `split(sep, max)`; `None` splits at white space.
    pub fn split(&self, py: Python, sep: Option<&PyStr>, max: usize) -> PyResult<Py<PyList>> {
        let mut pieces = Vec::with_capacity(max.min(11) + 1);
        let emit = |r: Range<usize>| {
            pieces.push(self.piece(py, r)?);
            Ok(())
        };
        match sep {
            None => crate::with_chars!(self.data(), s => split::by_space(s, max, is_space, emit))?,
            Some(sep) if sep.len() == 0 => return Err(raise!(py, ValueError, "empty separator")),
            Some(sep) => in_width!(self.data(), sep.data(), |s, sep| split::by(s, sep, max, emit),
                else whole(self.len(), emit))?,
        }
        PyList::from_vec(py, pieces)
    }

    /// `rsplit(sep, max)`.
    pub fn rsplit(&self, py: Python, sep: Option<&PyStr>, max: usize) -> PyResult<Py<PyList>> {
        let mut pieces = Vec::with_capacity(max.min(11) + 1);
        let emit = |r: Range<usize>| {
            pieces.push(self.piece(py, r)?);
            Ok(())
        };
        match sep {
            None => crate::with_chars!(self.data(), s => split::rby_space(s, max, is_space, emit))?,
            Some(sep) if sep.len() == 0 => return Err(raise!(py, ValueError, "empty separator")),
            Some(sep) => in_width!(self.data(), sep.data(), |s, sep| split::rby(s, sep, max, emit),
                else whole(self.len(), emit))?,
        }
        pieces.reverse();
        PyList::from_vec(py, pieces)
    }

    /// `splitlines(keepends)`.
    pub fn split_lines(&self, py: Python, keep_ends: bool) -> PyResult<Py<PyList>> {
        let mut pieces = Vec::new();
        crate::with_chars!(self.data(), s => split::lines(s, keep_ends, is_break, |r| {
            pieces.push(self.piece(py, r)?);
            Ok(())
        }))?;
        PyList::from_vec(py, pieces)
    }

    /// `partition(sep)`, or `rpartition` if `backwards`.
    pub fn partition(&self, py: Python, sep: &PyObject, backwards: bool) -> PyResult<Py<PyTuple>> {
        let Some(sep) = sep.downcast::<PyStr>() else { return Err(super::must_be_str(py, sep)) };
        if sep.len() == 0 {
            return Err(raise!(py, ValueError, "empty separator"));
        }
        let found = if backwards { self.data().rfind(sep.data()) } else { self.data().find(sep.data()) };
        let empty = PyStr::empty(py).into_object();
        let parts = match found {
            None if backwards => [empty.clone(), empty, self.to_exact(py)?.into_object()],
            None => [self.to_exact(py)?.into_object(), empty.clone(), empty],
            Some(i) => {
                [self.piece(py, 0..i)?, Py::new_ref(sep).into_object(), self.piece(py, i + sep.len()..self.len())?]
            }
        };
        PyTuple::from_array(py, parts)
    }

    /// Without white space, or the characters of `chars`, at the ends.
    pub fn strip(&self, py: Python, chars: Option<&PyStr>, left: bool, right: bool) -> PyResult<Py<PyStr>> {
        let range = match chars {
            None => crate::with_chars!(self.data(), s => split::strip(s, left, right, is_space)),
            Some(chars) => {
                let set = CharSet::new(chars.data());
                crate::with_chars!(self.data(), s => split::strip(s, left, right, |c| set.has(c.code())))
            }
        };
        self.substring(py, range.start, range.end)
    }
}

/// A string in which a separator cannot occur.
fn whole(len: usize, mut emit: impl FnMut(Range<usize>) -> PyResult<()>) -> PyResult<()> {
    emit(0..len)
}

/// The argument of `strip`: characters below 128 in a bit set.
struct CharSet<'a> {
    ascii: u128,
    chars: StrData<'a>,
}

impl<'a> CharSet<'a> {
    fn new(chars: StrData<'a>) -> CharSet<'a> {
        let mut ascii = 0u128;
        for i in 0..chars.len() {
            let c = chars.get(i);
            if c < 0x80 {
                ascii |= 1 << c;
            }
        }
        CharSet { ascii, chars }
    }

    #[inline(always)]
    fn has(&self, c: u32) -> bool {
        if c < 0x80 { self.ascii >> c & 1 != 0 } else { self.chars.find_char(c).is_some() }
    }
}

/// The argument of a `strip` method.
pub(super) fn strip_chars<'a>(py: Python, name: &str, chars: Option<&'a PyObject>) -> PyResult<Option<&'a PyStr>> {
    match chars {
        None => Ok(None),
        Some(chars) => match chars.downcast::<PyStr>() {
            Some(chars) => Ok(Some(chars)),
            None => Err(raise!(py, TypeError, "{name} arg must be None or str")),
        },
    }
}

/// The separator of a `split` method.
pub(super) fn separator<'a>(py: Python, sep: Option<&'a PyObject>) -> PyResult<Option<&'a PyStr>> {
    match sep {
        None => Ok(None),
        Some(sep) => match sep.downcast::<PyStr>() {
            Some(sep) => Ok(Some(sep)),
            None => {
                let given = sep.ty().full_name();
                Err(raise!(py, TypeError, "must be str or None, not {given:.100}"))
            }
        },
    }
}

/// The bound of a `split` or `replace` method: a negative one is none.
#[inline]
pub(crate) fn limit(n: isize) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Is the object a str itself, not an instance of a subclass?
#[inline]
pub(super) fn is_exact(s: &PyStr) -> bool {
    s.is_type(&PyUnicode_Type)
}
