//! The methods of `bytes` and `bytearray`.

use super::{Arg, ByteSeq, Needle};
use crate::abstracts::{buffer, sequence};
use crate::text::{search, split as cut};
use crate::types::str_::find::part;
use crate::{Py, PyByteArray, PyBytes, PyList, PyObject, PyResult, PyTuple, Python, err, raise};
use core::ops::Range;

/// White space within ASCII, as C's `isspace` in the C locale.
#[inline(always)]
pub fn is_space(c: u8) -> bool {
    matches!(c, 9..=13 | 32)
}

/// Not empty, and `test` holds for all bytes.
pub fn all(s: &[u8], test: impl Fn(u8) -> bool) -> bool {
    !s.is_empty() && s.iter().all(|&c| test(c))
}

/// Upper-case letters only follow other characters, lower-case ones only letters, and there is one.
pub fn is_title(s: &[u8]) -> bool {
    let (mut cased, mut in_word) = (false, false);
    for c in s {
        if (c.is_ascii_uppercase() && in_word) || (c.is_ascii_lowercase() && !in_word) {
            return false;
        }
        in_word = c.is_ascii_alphabetic();
        cased |= in_word;
    }
    cased
}

/// A negative number is no limit.
fn limit(n: isize) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Memory for `n` bytes, or MemoryError.
fn reserve(py: Python, n: usize) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    match out.try_reserve_exact(n) {
        Ok(()) => Ok(out),
        Err(_) => Err(err::no_memory(py)),
    }
}

/// Every byte through `f`.
pub fn map<T: ByteSeq>(py: Python, this: &T, f: impl Fn(u8) -> u8) -> PyResult<Py<T>> {
    this.view(|s| {
        let out: Vec<u8> = s.iter().map(|&c| f(c)).collect();
        T::make(py, &out)
    })
}

pub fn capitalize<T: ByteSeq>(py: Python, this: &T) -> PyResult<Py<T>> {
    this.view(|s| {
        let mut out = s.to_ascii_lowercase();
        if let Some(c) = out.first_mut() {
            c.make_ascii_uppercase();
        }
        T::make(py, &out)
    })
}

pub fn title<T: ByteSeq>(py: Python, this: &T) -> PyResult<Py<T>> {
    this.view(|s| {
        let mut in_word = false;
        let change = |c: &u8| {
            let out = if in_word { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
            in_word = c.is_ascii_alphabetic();
            out
        };
        let out: Vec<u8> = s.iter().map(change).collect();
        T::make(py, &out)
    })
}

/// `left` and `right` fill bytes around the bytes.
fn pad<T: ByteSeq>(py: Python, this: &T, left: usize, right: usize, fill: u8) -> PyResult<Py<T>> {
    if left == 0 && right == 0 {
        return this.unchanged(py);
    }
    this.view(|s| {
        let mut out = reserve(py, left.saturating_add(s.len()).saturating_add(right))?;
        out.resize(left, fill);
        out.extend_from_slice(s);
        out.resize(out.len() + right, fill);
        T::make(py, &out)
    })
}

fn missing<T: ByteSeq>(this: &T, width: isize) -> usize {
    usize::try_from(width).unwrap_or(0).saturating_sub(this.view(<[u8]>::len))
}

/// The fill byte of `ljust` and its like.
pub fn fill_byte(py: Python, name: &str, fill: Option<&PyObject>) -> PyResult<u8> {
    let Some(fill) = fill else { return Ok(b' ') };
    let one = |s: &[u8], kind: &str| match s {
        [c] => Ok(*c),
        _ => Err(raise!(
            py,
            TypeError,
            "{name}(): argument 2 must be a byte string of length 1, not a {kind} object of length {}",
            s.len()
        )),
    };
    if let Some(b) = fill.downcast::<PyBytes>() {
        return one(b.as_slice(), "bytes");
    }
    if let Some(b) = fill.downcast::<PyByteArray>() {
        return b.with_slice(|s| one(s, "bytearray"));
    }
    let given = if fill.is_none() { "None" } else { fill.ty().full_name() };
    Err(raise!(py, TypeError, "{name}() argument 2 must be a byte string of length 1, not {given}"))
}

pub fn center<T: ByteSeq>(py: Python, this: &T, width: isize, fill: u8) -> PyResult<Py<T>> {
    let missing = missing(this, width);
    let left = missing / 2 + (missing & width as usize & 1);
    pad(py, this, left, missing - left, fill)
}

/// `ljust`, or `rjust` if `right`.
pub fn justify<T: ByteSeq>(py: Python, this: &T, width: isize, fill: u8, right: bool) -> PyResult<Py<T>> {
    let missing = missing(this, width);
    if right { pad(py, this, missing, 0, fill) } else { pad(py, this, 0, missing, fill) }
}

pub fn zero_fill<T: ByteSeq>(py: Python, this: &T, width: isize) -> PyResult<Py<T>> {
    let missing = missing(this, width);
    if missing == 0 {
        return this.unchanged(py);
    }
    this.view(|s| {
        let sign = matches!(s.first(), Some(b'+' | b'-')) as usize;
        let mut out = reserve(py, missing.saturating_add(s.len()))?;
        out.extend_from_slice(&s[..sign]);
        out.resize(sign + missing, b'0');
        out.extend_from_slice(&s[sign..]);
        T::make(py, &out)
    })
}

pub fn expand_tabs<T: ByteSeq>(py: Python, this: &T, size: i32) -> PyResult<Py<T>> {
    let size = usize::try_from(size).unwrap_or(0);
    this.view(|s| {
        let (mut out, mut column) = (Vec::with_capacity(s.len()), 0);
        for &c in s {
            if c == b'\t' {
                let n = cut::tab_width(column, size);
                if out.try_reserve(n).is_err() {
                    return Err(raise!(py, OverflowError, "result too long"));
                }
                out.resize(out.len() + n, b' ');
                column += n;
            } else {
                out.push(c);
                column = if matches!(c, b'\n' | b'\r') { 0 } else { column + 1 };
            }
        }
        T::make(py, &out)
    })
}

/// Where a needle is, within the part given by start and end.
pub fn find<T: ByteSeq>(
    py: Python,
    this: &T,
    sub: &PyObject,
    start: Option<&PyObject>,
    end: Option<&PyObject>,
    backwards: bool,
) -> PyResult<Option<usize>> {
    let needle = Needle::get(py, sub)?;
    let Some(range) = part(py, start, end, || this.view(<[u8]>::len))? else { return Ok(None) };
    Ok(this.view(|s| {
        let (from, needle) = (range.start, needle.as_slice());
        let s = &s[range];
        let found = if backwards { search::rfind(s, needle) } else { search::find(s, needle) };
        found.map(|i| from + i)
    }))
}

/// As [`find`]; ValueError if there is none.
pub fn index<T: ByteSeq>(
    py: Python,
    this: &T,
    sub: &PyObject,
    start: Option<&PyObject>,
    end: Option<&PyObject>,
    backwards: bool,
) -> PyResult<usize> {
    match find(py, this, sub, start, end, backwards)? {
        Some(i) => Ok(i),
        None => Err(raise!(py, ValueError, "subsection not found")),
    }
}

pub fn count<T: ByteSeq>(
    py: Python,
    this: &T,
    sub: &PyObject,
    start: Option<&PyObject>,
    end: Option<&PyObject>,
) -> PyResult<usize> {
    let needle = Needle::get(py, sub)?;
    let Some(range) = part(py, start, end, || this.view(<[u8]>::len))? else { return Ok(0) };
    Ok(this.view(|s| search::count(&s[range], needle.as_slice(), usize::MAX)))
}

/// `item in this`.
pub fn contains<T: ByteSeq>(py: Python, this: &T, item: &PyObject) -> PyResult<bool> {
    if sequence::has_index(item) {
        let byte = [super::arg::byte_value(py, item)?];
        return Ok(this.view(|s| search::find(s, &byte).is_some()));
    }
    let needle = Arg::get(py, item)?;
    Ok(this.view(|s| search::find(s, needle.as_slice()).is_some()))
}

/// `startswith`, or `endswith` if `at_end`.
pub fn tail_match<T: ByteSeq>(
    py: Python,
    this: &T,
    affix: &PyObject,
    start: Option<&PyObject>,
    end: Option<&PyObject>,
    at_end: bool,
) -> PyResult<bool> {
    let matches = |affix: &PyObject| -> PyResult<bool> {
        let affix = Arg::get(py, affix)?;
        let Some(range) = part(py, start, end, || this.view(<[u8]>::len))? else { return Ok(false) };
        Ok(this.view(|s| {
            let (s, affix) = (&s[range], affix.as_slice());
            if at_end { s.ends_with(affix) } else { s.starts_with(affix) }
        }))
    };
    if let Some(affixes) = affix.downcast::<PyTuple>() {
        for affix in affixes.as_slice() {
            if matches(affix)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if !buffer::check(affix) {
        let name = if at_end { "endswith" } else { "startswith" };
        let given = affix.ty().full_name();
        return Err(raise!(py, TypeError, "{name} first arg must be bytes or a tuple of bytes, not {given:.100}"));
    }
    matches(affix)
}

/// `removeprefix`, or `removesuffix` if `at_end`.
pub fn remove_affix<T: ByteSeq>(py: Python, this: &T, affix: &PyObject, at_end: bool) -> PyResult<Py<T>> {
    let affix = Arg::get(py, affix)?;
    let rest = |s: &[u8]| -> Option<Range<usize>> {
        let affix = affix.as_slice();
        if affix.is_empty() {
            None
        } else if at_end {
            s.ends_with(affix).then(|| 0..s.len() - affix.len())
        } else {
            s.starts_with(affix).then_some(affix.len()..s.len())
        }
    };
    match this.view(rest) {
        Some(range) => this.view(|s| T::make(py, &s[range])),
        None => this.unchanged(py),
    }
}

pub fn strip<T: ByteSeq>(py: Python, this: &T, chars: Option<&PyObject>, left: bool, right: bool) -> PyResult<Py<T>> {
    let chars = chars.map(|c| Arg::get(py, c)).transpose()?;
    let range = this.view(|s| match &chars {
        None => cut::strip(s, left, right, is_space),
        Some(chars) => {
            let mut set = [false; 256];
            chars.as_slice().iter().for_each(|&c| set[c as usize] = true);
            cut::strip(s, left, right, |c| set[c as usize])
        }
    });
    if range.len() == this.view(<[u8]>::len) {
        return this.unchanged(py);
    }
    this.view(|s| T::make(py, &s[range]))
}

/// `split`, or `rsplit` if `backwards`.
pub fn split<T: ByteSeq>(
    py: Python,
    this: &T,
    sep: Option<&PyObject>,
    max: isize,
    backwards: bool,
) -> PyResult<Py<PyList>> {
    let max = limit(max);
    let sep = sep.map(|s| Arg::get(py, s)).transpose()?;
    let mut pieces: Vec<Py> = Vec::with_capacity(max.min(11) + 1);
    this.view(|s| {
        let emit = |r: Range<usize>| -> PyResult<()> {
            // All of it is the object itself, if that cannot change.
            let piece = if r.len() == s.len() { this.unchanged(py)? } else { T::make(py, &s[r])? };
            pieces.push(piece.into_object());
            Ok(())
        };
        match sep.as_ref().map(Arg::as_slice) {
            None if backwards => cut::rby_space(s, max, is_space, emit),
            None => cut::by_space(s, max, is_space, emit),
            Some([]) => Err(raise!(py, ValueError, "empty separator")),
            Some(sep) if backwards => cut::rby(s, sep, max, emit),
            Some(sep) => cut::by(s, sep, max, emit),
        }
    })?;
    if backwards {
        pieces.reverse();
    }
    PyList::from_vec(py, pieces)
}

pub fn split_lines<T: ByteSeq>(py: Python, this: &T, keep_ends: bool) -> PyResult<Py<PyList>> {
    let mut pieces: Vec<Py> = Vec::new();
    this.view(|s| {
        cut::lines(
            s,
            keep_ends,
            |c| matches!(c, b'\n' | b'\r'),
            |r| -> PyResult<()> {
                let piece = if r.len() == s.len() { this.unchanged(py)? } else { T::make(py, &s[r])? };
                pieces.push(piece.into_object());
                Ok(())
            },
        )
    })?;
    PyList::from_vec(py, pieces)
}

/// `partition`, or `rpartition` if `backwards`.
pub fn partition<T: ByteSeq>(py: Python, this: &T, sep: &PyObject, backwards: bool) -> PyResult<Py<PyTuple>> {
    let arg = Arg::get(py, sep)?;
    if arg.as_slice().is_empty() {
        return Err(raise!(py, ValueError, "empty separator"));
    }
    let make = |s: &[u8]| T::make(py, s).map(Py::into_object);
    let parts = this.view(|s| {
        let needle = arg.as_slice();
        let found = if backwards { search::rfind(s, needle) } else { search::find(s, needle) };
        Ok(match found {
            None if backwards => [make(&[])?, make(&[])?, this.unchanged(py)?.into_object()],
            None => [this.unchanged(py)?.into_object(), make(&[])?, make(&[])?],
            Some(i) => {
                // A separator that is bytes itself is the one given.
                let middle = match &arg {
                    Arg::Bytes(b) if T::NAME == "bytes" => Py::new_ref(*b).into_object(),
                    _ => make(needle)?,
                };
                [make(&s[..i])?, middle, make(&s[i + needle.len()..])?]
            }
        })
    })?;
    PyTuple::from_array(py, parts)
}

/// `replace(old, new, count)`.
pub fn replace<T: ByteSeq>(py: Python, this: &T, old: &PyObject, new: &PyObject, max: isize) -> PyResult<Py<T>> {
    let (old, new) = (Arg::get(py, old)?, Arg::get(py, new)?);
    let (old, new) = (old.as_slice(), new.as_slice());
    let max = limit(max);
    let replaced = this.view(|s| -> PyResult<Option<Vec<u8>>> {
        if max == 0 || old.len() > s.len() || (old.is_empty() && new.is_empty()) || old == new {
            return Ok(None);
        }
        let n = search::count(s, old, max);
        if n == 0 {
            return Ok(None);
        }
        let len = n.checked_mul(new.len()).and_then(|added| added.checked_add(s.len() - n * old.len()));
        let Some(len) = len.filter(|&n| n <= isize::MAX as usize) else {
            return Err(raise!(py, OverflowError, "replace bytes is too long"));
        };
        let mut out = reserve(py, len)?;
        if old.is_empty() {
            for i in 0..n {
                out.extend_from_slice(new);
                out.extend(s.get(i));
            }
            out.extend_from_slice(&s[n.min(s.len())..]);
            return Ok(Some(out));
        }
        if let ([from], [to]) = (old, new) {
            out.extend_from_slice(s);
            search::each(s, &[*from], n, |i| out[i] = *to);
            return Ok(Some(out));
        }
        let mut from = 0;
        search::each(s, old, n, |i| {
            out.extend_from_slice(&s[from..i]);
            out.extend_from_slice(new);
            from = i + old.len();
        });
        out.extend_from_slice(&s[from..]);
        Ok(Some(out))
    })?;
    match replaced {
        Some(out) => T::make(py, &out),
        None => this.unchanged(py),
    }
}

/// `join(iterable)`.
pub fn join<T: ByteSeq>(py: Python, this: &T, iterable: &PyObject) -> PyResult<Py<T>> {
    // Getting at the items' bytes may run Python code, which may change a list.
    let items = sequence::fast(py, iterable, "can only join an iterable")?.to_vec();
    if let [one] = items.as_slice()
        && one.downcast_exact::<PyBytes>().is_some()
        && T::NAME == "bytes"
    {
        // SAFETY: `T` is bytes, as the name says, and so is the item.
        return Ok(unsafe { one.clone().cast_unchecked() });
    }
    let mut args = Vec::with_capacity(items.len());
    let mut len = 0usize;
    for (i, item) in items.iter().enumerate() {
        if item.downcast_exact::<PyBytes>().is_none() && !buffer::check(item) {
            let given = item.as_object().ty().full_name();
            return Err(raise!(py, TypeError, "sequence item {i}: expected a bytes-like object, {given:.80} found"));
        }
        let arg = Arg::get(py, item)?;
        len = len.saturating_add(arg.as_slice().len());
        args.push(arg);
    }
    this.view(|sep| {
        let total = sep.len().saturating_mul(args.len().saturating_sub(1)).saturating_add(len);
        if total > isize::MAX as usize {
            return Err(raise!(py, OverflowError, "join() result is too long"));
        }
        let mut out = reserve(py, total)?;
        for (i, arg) in args.iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(sep);
            }
            out.extend_from_slice(arg.as_slice());
        }
        T::make(py, &out)
    })
}

/// `translate(table, delete)`.
pub fn translate<T: ByteSeq>(py: Python, this: &T, table: &PyObject, delete: Option<&PyObject>) -> PyResult<Py<T>> {
    let table = if table.is_none() { None } else { Some(Arg::get(py, table)?) };
    let table = table.as_ref().map(Arg::as_slice);
    if table.is_some_and(|t| t.len() != 256) {
        return Err(raise!(py, ValueError, "translation table must be 256 characters long"));
    }
    let delete = delete.map(|d| Arg::get(py, d)).transpose()?;
    let mut deleted = [false; 256];
    delete.iter().flat_map(|d| d.as_slice()).for_each(|&c| deleted[c as usize] = true);
    let out: Vec<u8> = this.view(|s| {
        let kept = s.iter().filter(|&&c| !deleted[c as usize]);
        match table {
            Some(table) => kept.map(|&c| table[c as usize]).collect(),
            None => kept.copied().collect(),
        }
    });
    if this.view(|s| s == out) { this.unchanged(py) } else { T::make(py, &out) }
}

/// `bytes.maketrans(frm, to)`.
pub fn make_table(py: Python, from: &PyObject, to: &PyObject) -> PyResult<Py<PyBytes>> {
    let (from, to) = (Arg::get(py, from)?, Arg::get(py, to)?);
    let (from, to) = (from.as_slice(), to.as_slice());
    if from.len() != to.len() {
        return Err(raise!(py, ValueError, "maketrans arguments must have same length"));
    }
    let mut table: [u8; 256] = core::array::from_fn(|i| i as u8);
    for (&f, &t) in from.iter().zip(to) {
        table[f as usize] = t;
    }
    PyBytes::new(py, &table)
}

/// `this * n`.
pub fn repeat<T: ByteSeq>(py: Python, this: &T, n: isize) -> PyResult<Py<T>> {
    let n = usize::try_from(n).unwrap_or(0);
    this.view(|s| match s.len().checked_mul(n).filter(|&n| n <= isize::MAX as usize) {
        None => Err(err::no_memory(py)),
        Some(len) => {
            let mut out = reserve(py, len)?;
            match s {
                [c] => out.resize(len, *c),
                _ => {
                    if n > 0 {
                        out.extend_from_slice(s);
                    }
                    while out.len() < len {
                        let more = out.len().min(len - out.len());
                        out.extend_from_within(..more);
                    }
                }
            }
            T::make(py, &out)
        }
    })
}

/// `this + other`; the error names both types.
pub fn concat<T: ByteSeq>(py: Python, this: &T, other: &PyObject) -> PyResult<Py<T>> {
    if other.downcast::<PyBytes>().is_none() && !buffer::check(other) {
        return Err(cannot_concat(py, this.as_object(), other));
    }
    let other = Arg::get(py, other)?;
    let other = other.as_slice();
    this.view(|s| {
        let mut out = reserve(py, s.len().saturating_add(other.len()))?;
        out.extend_from_slice(s);
        out.extend_from_slice(other);
        T::make(py, &out)
    })
}

/// "can't concat int to bytes".
#[cold]
pub fn cannot_concat(py: Python, this: &PyObject, other: &PyObject) -> crate::Raised {
    raise!(py, TypeError, "can't concat {:.100} to {:.100}", other.ty().full_name(), this.ty().full_name())
}
