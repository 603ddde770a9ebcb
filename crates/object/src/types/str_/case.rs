//! Case: `lower`, `upper`, `title`, `capitalize`, `swapcase`, `casefold`, and the `is…` predicates.

use super::new::CodeUnit;
use super::replace::map_chars;
use super::{PyStr, StrBuilder};
use crate::{Py, PyResult, Python};
use taipan_unicode as ucd;
use taipan_unicode::case;

/// Appends a full mapping.
#[inline]
fn push_all(out: &mut StrBuilder, chars: &[u32]) {
    for &c in chars {
        out.push_char(c);
    }
}

impl PyStr {
    /// Through a function of ASCII bytes, if it is ASCII.
    #[inline]
    fn map_ascii(&self, py: Python, map: impl Fn(u8) -> u8) -> Option<PyResult<Py<PyStr>>> {
        let text = self.ascii_str()?.as_bytes();
        if let [] | [_] = text {
            return Some(match text.first() {
                Some(&c) => PyStr::from_char(py, map(c) as u32),
                None => Ok(PyStr::empty(py)),
            });
        }
        // SAFETY: every character is written at once, and the maps keep ASCII.
        Some(unsafe {
            super::new::alloc_str(py, text.len(), 0x7f).inspect(|s| {
                let target = core::slice::from_raw_parts_mut(s.data_ptr() as *mut u8, text.len());
                for (to, &from) in target.iter_mut().zip(text) {
                    *to = map(from) & 0x7f;
                }
            })
        })
    }

    /// The lower case of the character at `i`, sigma by its place.
    #[inline]
    fn push_lower(&self, i: usize, c: u32, out: &mut StrBuilder) {
        if c == case::CAPITAL_SIGMA {
            out.push_char(case::lower_sigma(self.len(), i, |i| self.char_at(i)));
        } else {
            push_all(out, &case::to_lower(c));
        }
    }

    /// `lower()`.
    pub fn to_lower(&self, py: Python) -> PyResult<Py<PyStr>> {
        if let Some(result) = self.map_ascii(py, |c| c.to_ascii_lowercase()) {
            return result;
        }
        map_chars(py, self, |i, c, out| self.push_lower(i, c, out))
    }

    /// `upper()`.
    pub fn to_upper(&self, py: Python) -> PyResult<Py<PyStr>> {
        if let Some(result) = self.map_ascii(py, |c| c.to_ascii_uppercase()) {
            return result;
        }
        map_chars(py, self, |_, c, out| push_all(out, &case::to_upper(c)))
    }

    /// `casefold()`.
    pub fn to_folded(&self, py: Python) -> PyResult<Py<PyStr>> {
        if let Some(result) = self.map_ascii(py, |c| c.to_ascii_lowercase()) {
            return result;
        }
        map_chars(py, self, |_, c, out| push_all(out, &case::to_folded(c)))
    }

    /// `swapcase()`.
    pub fn swap_case(&self, py: Python) -> PyResult<Py<PyStr>> {
        let swap = |c: u8| if c.is_ascii_alphabetic() { c ^ 0x20 } else { c };
        if let Some(result) = self.map_ascii(py, swap) {
            return result;
        }
        map_chars(py, self, |i, c, out| {
            if ucd::is_upper(c) {
                self.push_lower(i, c, out);
            } else if ucd::is_lower(c) {
                push_all(out, &case::to_upper(c));
            } else {
                out.push_char(c);
            }
        })
    }

    /// `title()`.
    pub fn to_title(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut in_word = false;
        map_chars(py, self, |i, c, out| {
            if in_word {
                self.push_lower(i, c, out);
            } else {
                push_all(out, &case::to_title(c));
            }
            in_word = ucd::is_cased(c);
        })
    }

    /// `capitalize()`.
    pub fn capitalize(&self, py: Python) -> PyResult<Py<PyStr>> {
        map_chars(py, self, |i, c, out| {
            if i == 0 {
                push_all(out, &case::to_title(c));
            } else {
                self.push_lower(i, c, out);
            }
        })
    }

    /// Not empty, and `test` holds for all characters.
    #[inline]
    pub(super) fn all(&self, test: impl Fn(u32) -> bool) -> bool {
        self.len() > 0 && crate::with_chars!(self.data(), s => s.iter().all(|&c| test(c.code())))
    }

    /// `isprintable()`.
    pub fn is_printable(&self) -> bool {
        crate::with_chars!(self.data(), s => s.iter().all(|&c| ucd::is_printable(c.code())))
    }

    /// `islower()`: there are cased characters, and all are lower case.
    pub fn is_lower(&self) -> bool {
        self.is_cased_as(ucd::is_lower, |c| ucd::is_upper(c) || ucd::is_title(c))
    }

    /// `isupper()`.
    pub fn is_upper(&self) -> bool {
        self.is_cased_as(ucd::is_upper, |c| ucd::is_lower(c) || ucd::is_title(c))
    }

    fn is_cased_as(&self, right: impl Fn(u32) -> bool, wrong: impl Fn(u32) -> bool) -> bool {
        let mut cased = false;
        for c in self.chars() {
            if wrong(c) {
                return false;
            }
            cased |= right(c);
        }
        cased
    }

    /// `istitle()`: upper-case characters only follow uncased ones, lower-case characters only cased ones.
    pub fn is_title(&self) -> bool {
        let (mut cased, mut previous_cased) = (false, false);
        for c in self.chars() {
            if ucd::is_upper(c) || ucd::is_title(c) {
                if previous_cased {
                    return false;
                }
                (cased, previous_cased) = (true, true);
            } else if ucd::is_lower(c) {
                if !previous_cased {
                    return false;
                }
                (cased, previous_cased) = (true, true);
            } else {
                previous_cased = false;
            }
        }
        cased
    }

    /// `isidentifier()` (PEP 3131).
    pub fn is_identifier(&self) -> bool {
        if let Some(text) = self.ascii_str() {
            let text = text.as_bytes();
            let word = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_';
            return text.first().is_some_and(|c| !c.is_ascii_digit()) && text.iter().all(word);
        }
        let mut chars = self.chars();
        match chars.next() {
            Some(c) if c == '_' as u32 || ucd::is_xid_start(c) => chars.all(ucd::is_xid_continue),
            _ => false,
        }
    }
}
