//! `replace`, `join`, repetition, padding, tabs.

use super::find::in_width;
use super::new::{alloc_str, copy_into};
use super::split::is_exact;
use super::{PyStr, StrBuilder, StrData};
use crate::abstracts::sequence;
use crate::text::{search, split};
use crate::{Py, PyObject, PyResult, Python, err, raise};

/// The largest character that the kind of the data allows.
fn bound(data: StrData<'_>) -> u32 {
    match data {
        StrData::Ascii(_) => 0x7f,
        StrData::Latin1(_) => 0xff,
        StrData::Ucs2(_) => 0xffff,
        StrData::Ucs4(_) => 0x10_ffff,
    }
}

/// What is to be copied one after another into a new string.
struct Filler {
    s: Py<PyStr>,
    at: usize,
}

impl Filler {
    /// # Safety
    /// The caller writes `len` characters in all, none above `max`.
    unsafe fn new(py: Python, len: usize, max: u32) -> PyResult<Filler> {
        // SAFETY: by contract.
        Ok(Filler { s: unsafe { alloc_str(py, len, max)? }, at: 0 })
    }

    #[inline]
    fn push(&mut self, data: StrData<'_>) {
        assert!(self.at + data.len() <= self.s.len());
        // SAFETY: within the length, as just checked; the caller has promised the width.
        unsafe { copy_into(&self.s, self.at, data) };
        self.at += data.len();
    }

    /// The character `n` times.
    fn fill(&mut self, c: u32, n: usize) {
        assert!(self.at + n <= self.s.len());
        let p = self.s.data_ptr() as *mut u8;
        // SAFETY: within the length, as just checked; the caller has promised the width.
        unsafe {
            match self.s.kind() {
                1 => core::ptr::write_bytes(p.add(self.at), c as u8, n),
                2 => core::slice::from_raw_parts_mut((p as *mut u16).add(self.at), n).fill(c as u16),
                _ => core::slice::from_raw_parts_mut((p as *mut u32).add(self.at), n).fill(c),
            }
        }
        self.at += n;
    }

    /// The string, in a narrower kind if `may_shrink` and it fits one.
    fn finish(self, py: Python, may_shrink: bool) -> PyResult<Py<PyStr>> {
        debug_assert_eq!(self.at, self.s.len());
        if self.at == 1 {
            // Strings of one character below 256 are always the same objects.
            return PyStr::from_char(py, self.s.char_at(0));
        }
        if !may_shrink {
            return Ok(self.s);
        }
        self.s.narrowed(py)
    }
}

impl PyStr {
    /// The string in the narrowest kind: itself, if that is its own.
    fn narrowed(&self, py: Python) -> PyResult<Py<PyStr>> {
        let data = self.data();
        let needed = match data {
            StrData::Ascii(_) => 0x7f,
            StrData::Latin1(s) => super::new::max_of(s),
            StrData::Ucs2(s) => super::new::max_of(s),
            StrData::Ucs4(s) => super::new::max_of(s),
        };
        if needed >= bound(data) {
            return Ok(Py::new_ref(self));
        }
        crate::with_chars!(data, s => PyStr::from_units(py, s))
    }

    /// `replace(old, new, max)`.
    pub fn replace(&self, py: Python, old: &PyStr, new: &PyStr, max: usize) -> PyResult<Py<PyStr>> {
        let (s, o, n) = (self.data(), old.data(), new.data());
        if max == 0 || o.len() > s.len() || old.equals(new) {
            return self.to_exact(py);
        }
        if let (StrData::Ascii(_) | StrData::Latin1(_), 1, 1, Some(to)) = (s, o.len(), n.len(), n.one_byte()) {
            return self.replace_byte(py, o.get(0), to[0], bound(o), bound(n), max);
        }
        let count = s.count(o, max);
        if count == 0 {
            return self.to_exact(py);
        }
        let len = (s.len() - if o.len() == 0 { 0 } else { count * o.len() })
            .checked_add(count.checked_mul(n.len()).ok_or_else(|| too_long(py))?)
            .filter(|&n| n <= isize::MAX as usize)
            .ok_or_else(|| too_long(py))?;
        if len == 0 {
            return Ok(PyStr::empty(py));
        }
        let max_char = bound(s).max(bound(n));
        // Characters of the widest sort may have been taken away.
        let may_shrink = bound(s) > 0x7f && bound(o) == bound(s) && bound(n) < bound(s);
        // SAFETY: pieces of `self` and copies of `new` are written, whose length has just been summed up.
        let mut out = unsafe { Filler::new(py, len, max_char)? };
        if o.len() == 0 {
            for i in 0..count {
                out.push(n);
                if i < s.len() {
                    out.push(s.slice(i..i + 1));
                }
            }
            out.push(s.slice(count.min(s.len())..s.len()));
            return out.finish(py, false);
        }
        let mut from = 0;
        in_width!(s, o, |h, needle| search::each(h, needle, count, |i| {
            out.push(s.slice(from..i));
            out.push(n);
            from = i + o.len();
        }), else ());
        out.push(s.slice(from..s.len()));
        out.finish(py, may_shrink)
    }

    /// One character of a 1-byte string for another: a copy, written over.
    fn replace_byte(
        &self,
        py: Python,
        old: u32,
        new: u8,
        old_max: u32,
        new_max: u32,
        max: usize,
    ) -> PyResult<Py<PyStr>> {
        let (Some(bytes), Ok(old)) = (self.data().one_byte(), u8::try_from(old)) else { return self.to_exact(py) };
        let Some(first) = memchr::memchr(old, bytes) else { return self.to_exact(py) };
        let own_max = bound(self.data());
        // SAFETY: as long as `self`; all characters are copied, then some written over.
        let mut out = unsafe { Filler::new(py, bytes.len(), own_max.max(new_max))? };
        out.push(self.data());
        // SAFETY: nobody else has the new string.
        let target = unsafe { core::slice::from_raw_parts_mut(out.s.data_ptr() as *mut u8, bytes.len()) };
        let mut left = max;
        let mut at = first;
        loop {
            target[at] = new;
            left -= 1;
            if left == 0 {
                break;
            }
            match memchr::memchr(old, &bytes[at + 1..]) {
                Some(i) => at += 1 + i,
                None => break,
            }
        }
        let may_shrink = own_max > 0x7f && old_max == own_max && new_max < own_max;
        out.finish(py, may_shrink)
    }

    /// `self * n`.
    pub fn repeat(&self, py: Python, n: isize) -> PyResult<Py<PyStr>> {
        if n < 1 || self.len() == 0 {
            return Ok(PyStr::empty(py));
        }
        if n == 1 {
            return self.to_exact(py);
        }
        let len = self.len().checked_mul(n as usize).filter(|&n| n <= isize::MAX as usize);
        let Some(len) = len else { return Err(raise!(py, OverflowError, "repeated string is too long")) };
        // SAFETY: as many copies as fit the length.
        let mut out = unsafe { Filler::new(py, len, self.max_char_value())? };
        if self.len() == 1 {
            out.fill(self.char_at(0), len);
            return out.finish(py, false);
        }
        // Doubling what is there already.
        out.push(self.data());
        while out.at < len {
            let n = out.at.min(len - out.at);
            let kind = out.s.kind() as usize;
            let p = out.s.data_ptr() as *mut u8;
            // SAFETY: the part before `at` is written, and as much fits behind it.
            unsafe { core::ptr::copy_nonoverlapping(p, p.add(out.at * kind), n * kind) };
            out.at += n;
        }
        out.finish(py, false)
    }

    /// With `left` and `right` fill characters around it.
    pub(super) fn pad(&self, py: Python, left: usize, right: usize, fill: u32) -> PyResult<Py<PyStr>> {
        if left == 0 && right == 0 {
            return self.to_exact(py);
        }
        let len = left.checked_add(right).and_then(|n| n.checked_add(self.len())).filter(|&n| n <= isize::MAX as usize);
        let Some(len) = len else { return Err(raise!(py, OverflowError, "padded string is too long")) };
        let fill_max = match fill {
            0..=0x7f => 0x7f,
            0x80..=0xff => 0xff,
            0x100..=0xffff => 0xffff,
            _ => 0x10_ffff,
        };
        // SAFETY: fill characters and the string make up the length.
        let mut out = unsafe { Filler::new(py, len, self.max_char_value().max(fill_max))? };
        out.fill(fill, left);
        out.push(self.data());
        out.fill(fill, right);
        out.finish(py, false)
    }

    /// Fill characters needed for `width`.
    pub(super) fn missing(&self, width: isize) -> usize {
        usize::try_from(width).unwrap_or(0).saturating_sub(self.len())
    }

    /// `zfill(width)`: zeros behind a sign.
    pub(super) fn zero_fill(&self, py: Python, width: isize) -> PyResult<Py<PyStr>> {
        let missing = self.missing(width);
        let sign = self.data().len() > 0 && matches!(self.char_at(0), 0x2b | 0x2d);
        if missing == 0 || !sign {
            return self.pad(py, missing, 0, '0' as u32);
        }
        let len = missing + self.len();
        // SAFETY: sign, zeros and the rest make up the length.
        let mut out = unsafe { Filler::new(py, len, self.max_char_value())? };
        out.push(self.data().slice(0..1));
        out.fill('0' as u32, missing);
        out.push(self.data().slice(1..self.len()));
        out.finish(py, false)
    }

    /// `expandtabs(size)`.
    pub(super) fn expand_tabs(&self, py: Python, size: i32) -> PyResult<Py<PyStr>> {
        let size = usize::try_from(size).unwrap_or(0);
        let data = self.data();
        if data.find_char('\t' as u32).is_none() {
            return self.to_exact(py);
        }
        // First the length, so that what is too long is refused before it is made.
        let (mut len, mut column) = (0usize, 0usize);
        for c in self.chars() {
            let n = if c == '\t' as u32 { split::tab_width(column, size) } else { 1 };
            len = match len.checked_add(n).filter(|&n| n <= isize::MAX as usize) {
                Some(n) => n,
                None => return Err(raise!(py, OverflowError, "new string is too long")),
            };
            column = if matches!(c, 10 | 13) { 0 } else { column + n };
        }
        if len == 0 {
            return Ok(PyStr::empty(py));
        }
        // SAFETY: the length has just been summed up.
        let mut out = unsafe { Filler::new(py, len, self.max_char_value())? };
        let (mut start, mut column) = (0, 0);
        for (i, c) in self.chars().enumerate() {
            if c == '\t' as u32 {
                out.push(data.slice(start..i));
                let n = split::tab_width(column, size);
                out.fill(' ' as u32, n);
                column += n;
                start = i + 1;
            } else {
                column = if matches!(c, 10 | 13) { 0 } else { column + 1 };
            }
        }
        out.push(data.slice(start..data.len()));
        out.finish(py, false)
    }

    /// `self.join(iterable)` (`PyUnicode_Join`).
    pub fn join(&self, py: Python, iterable: &PyObject) -> PyResult<Py<PyStr>> {
        let fast = sequence::fast(py, iterable, "can only join an iterable")?;
        // SAFETY: nothing below runs Python code while the items are borrowed: strings are looked at and copied, and an
        // error is raised only when they are done with.
        let items = unsafe { fast.items() };
        join_items(py, self, items)
    }

    /// Joins strings with this one between them.
    pub fn join_strs(py: Python, sep: &PyStr, items: &[Py<PyStr>]) -> PyResult<Py<PyStr>> {
        // SAFETY: a handle of a str is a handle of an object.
        let items = unsafe { core::slice::from_raw_parts(items.as_ptr() as *const Py, items.len()) };
        join_items(py, sep, items)
    }
}

fn join_items(py: Python, sep: &PyStr, items: &[Py]) -> PyResult<Py<PyStr>> {
    let not_str = |i: usize, item: &PyObject| {
        let given = item.ty().full_name();
        raise!(py, TypeError, "sequence item {i}: expected str instance, {given:.80} found")
    };
    let (mut len, mut max) = (0usize, 0x7f);
    match items {
        [] => return Ok(PyStr::empty(py)),
        [one] => match one.downcast::<PyStr>() {
            Some(s) if is_exact(s) => return Ok(Py::new_ref(s)),
            _ => {}
        },
        _ if sep.len() > 0 => {
            max = sep.max_char_value();
            len = match sep.len().checked_mul(items.len() - 1) {
                Some(n) => n,
                None => return Err(join_too_long(py)),
            };
        }
        _ => {}
    }
    for (i, item) in items.iter().enumerate() {
        let Some(s) = item.downcast::<PyStr>() else { return Err(not_str(i, item)) };
        len = match len.checked_add(s.len()).filter(|&n| n <= isize::MAX as usize) {
            Some(n) => n,
            None => return Err(join_too_long(py)),
        };
        max = max.max(s.max_char_value());
    }
    match len {
        0 => return Ok(PyStr::empty(py)),
        1 => {
            // One of the parts is the one character.
            let mut parts = items.iter().filter_map(|item| item.downcast::<PyStr>()).chain([sep]);
            let Some(part) = parts.find(|s| s.len() == 1) else { return Ok(PyStr::empty(py)) };
            return PyStr::from_char(py, part.char_at(0));
        }
        _ => {}
    }
    // SAFETY: all items and separators are written, whose length has just been summed up.
    let mut out = unsafe { Filler::new(py, len, max)? };
    for (i, item) in items.iter().enumerate() {
        if i > 0 && sep.len() > 0 {
            out.push(sep.data());
        }
        if let Some(s) = item.downcast::<PyStr>() {
            out.push(s.data());
        }
    }
    out.finish(py, false)
}

#[cold]
fn join_too_long(py: Python) -> crate::Raised {
    raise!(py, OverflowError, "join() result is too long for a Python string")
}

#[cold]
fn too_long(py: Python) -> crate::Raised {
    raise!(py, OverflowError, "replace string is too long")
}

/// Every character through `map`, in the narrowest kind; memory for many more characters may run out.
pub(super) fn map_chars(
    py: Python,
    s: &PyStr,
    mut map: impl FnMut(usize, u32, &mut StrBuilder),
) -> PyResult<Py<PyStr>> {
    if s.len() > isize::MAX as usize / 3 {
        return Err(err::no_memory(py));
    }
    let mut out = StrBuilder::with_capacity(s.len());
    for (i, c) in s.chars().enumerate() {
        map(i, c, &mut out);
    }
    out.finish(py)
}
