//! `str` (PEP 393): layout and access. Constructors are in [`new`], interning in [`intern`], building in [`builder`].

pub mod builder;
mod case;
mod class;
pub(crate) mod find;
pub mod format;
pub mod intern;
pub mod iter;
pub mod new;
pub(crate) mod percent;
mod replace;
mod repr;
mod split;
mod translate;

pub use builder::StrBuilder;
pub use class::{PyUnicode_Type, append};
pub use percent::format as percent_format;
pub use repr::push_escape;

use crate::abstracts::hash::hash_bytes;
use crate::{PyLayout, PyObject, PyResult, Python};
use core::cell::Cell;
use core::cmp::Ordering;
use std::borrow::Cow;

/// `PyUnicode_1BYTE_KIND`, 2, 4: bytes of a character.
pub const KIND_1: u32 = 1;
pub const KIND_2: u32 = 2;
pub const KIND_4: u32 = 4;

/// Bits of [`PyStr`]'s state word.
pub mod state {
    pub const INTERNED_MASK: u32 = 3;
    pub const INTERNED_MORTAL: u32 = 1;
    pub const INTERNED_IMMORTAL: u32 = 2;
    pub const INTERNED_IMMORTAL_STATIC: u32 = 3;
    pub const KIND_SHIFT: u32 = 2;
    pub const KIND_MASK: u32 = 7 << 2;
    pub const COMPACT: u32 = 1 << 5;
    pub const ASCII: u32 = 1 << 6;
    pub const STATIC: u32 = 1 << 7;
}

/// The head common to all strings (`PyASCIIObject`). What follows depends on the state word:
/// compact ASCII: the characters; compact: `utf8_length`, `utf8`, then the characters; otherwise (subclasses):
/// `utf8_length`, `utf8`, and a pointer to the characters.
#[repr(C)]
pub struct PyStr {
    pub ob_base: PyObject,
    length: Cell<isize>,
    hash: Cell<isize>,
    state: Cell<u32>,
}

/// `PyCompactUnicodeObject`.
#[repr(C)]
pub struct PyCompactStr {
    pub base: PyStr,
    pub utf8_length: Cell<isize>,
    pub utf8: Cell<*mut u8>,
}

/// `PyUnicodeObject`: instances of subclasses.
#[repr(C)]
pub struct PyLegacyStr {
    pub base: PyCompactStr,
    pub data: Cell<*mut u8>,
}

// SAFETY: start with the header.
unsafe impl PyLayout for PyStr {}

/// Bytes in front of the characters of a compact ASCII string.
pub const ASCII_HEAD: usize = size_of::<PyStr>();
/// Bytes in front of the characters of another compact string.
pub const COMPACT_HEAD: usize = size_of::<PyCompactStr>();
const _: () = assert!(ASCII_HEAD == 40 && COMPACT_HEAD == 56 && size_of::<PyLegacyStr>() == 64);

/// A string's characters.
#[derive(Clone, Copy, Debug)]
pub enum StrData<'a> {
    /// All below U+0080.
    Ascii(&'a [u8]),
    /// All below U+0100, at least one not ASCII.
    Latin1(&'a [u8]),
    /// All below U+10000, at least one not Latin-1. Surrogates may stand alone.
    Ucs2(&'a [u16]),
    Ucs4(&'a [u32]),
}

impl<'a> StrData<'a> {
    /// The 1-byte characters, if that is the kind.
    #[inline]
    pub fn one_byte(self) -> Option<&'a [u8]> {
        match self {
            StrData::Ascii(s) | StrData::Latin1(s) => Some(s),
            _ => None,
        }
    }
    #[inline]
    pub fn len(self) -> usize {
        match self {
            StrData::Ascii(s) | StrData::Latin1(s) => s.len(),
            StrData::Ucs2(s) => s.len(),
            StrData::Ucs4(s) => s.len(),
        }
    }
    #[inline]
    pub fn get(self, i: usize) -> u32 {
        match self {
            StrData::Ascii(s) | StrData::Latin1(s) => s[i] as u32,
            StrData::Ucs2(s) => s[i] as u32,
            StrData::Ucs4(s) => s[i],
        }
    }
}

/// Runs a block with the characters of a [`StrData`] bound to a slice of whatever width.
#[macro_export]
macro_rules! with_chars {
    ($data:expr, $s:ident => $body:expr) => {
        match $data {
            $crate::StrData::Ascii($s) | $crate::StrData::Latin1($s) => $body,
            $crate::StrData::Ucs2($s) => $body,
            $crate::StrData::Ucs4($s) => $body,
        }
    };
}

impl core::ops::Deref for PyStr {
    type Target = PyObject;
    #[inline(always)]
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

impl PyStr {
    /// Number of characters.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.length.get() as usize
    }
    #[inline(always)]
    pub fn state(&self) -> u32 {
        self.state.get()
    }
    /// Bytes per character: 1, 2 or 4.
    #[inline(always)]
    pub fn kind(&self) -> u32 {
        (self.state.get() & state::KIND_MASK) >> state::KIND_SHIFT
    }
    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.state.get() & state::ASCII != 0
    }
    #[inline(always)]
    pub fn is_compact(&self) -> bool {
        self.state.get() & state::COMPACT != 0
    }
    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.state.get() & state::INTERNED_MASK != 0
    }
    pub(crate) fn set_interned(&self, how: u32) {
        self.state.set((self.state.get() & !state::INTERNED_MASK) | how);
    }

    /// Address of the first character.
    #[inline(always)]
    pub fn data_ptr(&self) -> *const u8 {
        let s = self.state.get();
        let base = self as *const PyStr as *const u8;
        // SAFETY: the state word says where the characters are.
        unsafe {
            if s & state::COMPACT != 0 {
                base.add(if s & state::ASCII != 0 { ASCII_HEAD } else { COMPACT_HEAD })
            } else {
                (*(base as *const PyLegacyStr)).data.get()
            }
        }
    }

    /// The characters.
    #[inline(always)]
    pub fn data(&self) -> StrData<'_> {
        let (p, n) = (self.data_ptr(), self.len());
        // SAFETY: `length` characters of the kind's width are there, and never change once the string is shared.
        unsafe {
            match self.kind() {
                KIND_1 if self.is_ascii() => StrData::Ascii(core::slice::from_raw_parts(p, n)),
                KIND_1 => StrData::Latin1(core::slice::from_raw_parts(p, n)),
                KIND_2 => StrData::Ucs2(core::slice::from_raw_parts(p as *const u16, n)),
                _ => StrData::Ucs4(core::slice::from_raw_parts(p as *const u32, n)),
            }
        }
    }

    /// The characters as memory.
    #[inline(always)]
    pub fn as_raw_bytes(&self) -> &[u8] {
        // SAFETY: as for `data`.
        unsafe { core::slice::from_raw_parts(self.data_ptr(), self.len() * self.kind() as usize) }
    }

    /// The ASCII text, if it is.
    #[inline(always)]
    pub fn ascii_str(&self) -> Option<&str> {
        if self.is_ascii() {
            // SAFETY: ASCII is UTF-8.
            Some(unsafe { core::str::from_utf8_unchecked(self.as_raw_bytes()) })
        } else {
            None
        }
    }

    /// The character at `i`, which must be below the length.
    #[inline(always)]
    pub fn char_at(&self, i: usize) -> u32 {
        self.data().get(i)
    }

    /// The characters one by one.
    pub fn chars(&self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + '_ {
        let data = self.data();
        (0..self.len()).map(move |i| data.get(i))
    }

    /// Largest character the kind allows (`PyUnicode_MAX_CHAR_VALUE`).
    pub fn max_char_value(&self) -> u32 {
        match self.data() {
            StrData::Ascii(_) => 0x7f,
            StrData::Latin1(_) => 0xff,
            StrData::Ucs2(_) => 0xffff,
            StrData::Ucs4(_) => 0x10_ffff,
        }
    }

    /// The hash, computed at first use; never -1.
    #[inline(always)]
    pub fn hash_value(&self) -> isize {
        let h = self.hash.get();
        if h != -1 { h } else { self.compute_hash() }
    }

    /// The hash if it was computed already, else -1.
    #[inline(always)]
    pub fn cached_hash(&self) -> isize {
        self.hash.get()
    }

    #[inline(never)]
    fn compute_hash(&self) -> isize {
        let h = hash_bytes(self.as_raw_bytes());
        self.hash.set(h);
        h
    }

    /// Equality of contents.
    #[inline]
    pub fn equals(&self, other: &PyStr) -> bool {
        self.len() == other.len() && self.kind() == other.kind() && self.as_raw_bytes() == other.as_raw_bytes()
    }

    /// Equality with a Rust string.
    pub fn eq_str(&self, s: &str) -> bool {
        match self.ascii_str() {
            Some(a) => a == s,
            None => self.chars().eq(s.chars().map(|c| c as u32)),
        }
    }

    /// Order by code points.
    pub fn compare(&self, other: &PyStr) -> Ordering {
        match (self.data(), other.data()) {
            (StrData::Ascii(a) | StrData::Latin1(a), StrData::Ascii(b) | StrData::Latin1(b)) => a.cmp(b),
            (StrData::Ucs2(a), StrData::Ucs2(b)) => a.cmp(b),
            (StrData::Ucs4(a), StrData::Ucs4(b)) => a.cmp(b),
            _ => self.chars().cmp(other.chars()),
        }
    }

    /// The text as UTF-8, cached in the object. UnicodeEncodeError if there is a lone surrogate.
    pub fn to_str(&self, py: Python) -> PyResult<&str> {
        match self.ascii_str() {
            Some(s) => Ok(s),
            None => self.utf8_cached(py),
        }
    }

    /// The text as UTF-8, if it is at hand: ASCII, or cached before.
    pub fn cached_utf8(&self) -> Option<&str> {
        if let Some(s) = self.ascii_str() {
            return Some(s);
        }
        // SAFETY: a string that is not ASCII has the utf8 fields; the cache holds valid UTF-8 of that length.
        unsafe {
            let this = &*(self as *const PyStr as *const PyCompactStr);
            let p = this.utf8.get();
            if p.is_null() {
                return None;
            }
            let n = this.utf8_length.get() as usize;
            Some(core::str::from_utf8_unchecked(core::slice::from_raw_parts(p, n)))
        }
    }

    #[inline(never)]
    fn utf8_cached(&self, py: Python) -> PyResult<&str> {
        // SAFETY: a string that is not compact ASCII has the utf8 fields; a legacy ASCII string was answered by the caller.
        let this = unsafe { &*(self as *const PyStr as *const PyCompactStr) };
        if this.utf8.get().is_null() {
            let (mut text, mut at) = (Vec::new(), 0);
            if crate::with_chars!(self.data(), c => taipan_textcodecs::utf8::encode(c, &mut at, &mut text)).is_err() {
                return Err(self.surrogate_error(py, at));
            }
            let n = text.len();
            // SAFETY: the block is n + 1 bytes long; it is freed with the string.
            unsafe {
                let p = crate::memory::obmalloc::malloc(n + 1);
                if p.is_null() {
                    return Err(crate::err::no_memory(py));
                }
                core::ptr::copy_nonoverlapping(text.as_ptr(), p, n);
                *p.add(n) = 0;
                this.utf8_length.set(n as isize);
                this.utf8.set(p);
            }
        }
        // SAFETY: the cache holds valid UTF-8 of that length and lives as long as the string.
        Ok(unsafe {
            core::str::from_utf8_unchecked(core::slice::from_raw_parts(
                this.utf8.get(),
                this.utf8_length.get() as usize,
            ))
        })
    }

    #[cold]
    fn surrogate_error(&self, py: Python, start: usize) -> crate::Raised {
        let end = start + self.chars().skip(start).take_while(|c| (0xd800..0xe000).contains(c)).count();
        crate::exceptions::raise_unicode_encode_error(py, "utf-8", self, start, end, "surrogates not allowed")
    }

    /// The text for messages: lone surrogates become U+FFFD.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        match self.ascii_str() {
            Some(s) => Cow::Borrowed(s),
            None => Cow::Owned(self.chars().map(|c| char::from_u32(c).unwrap_or('\u{fffd}')).collect()),
        }
    }
}

/// "must be str, not int".
#[cold]
fn must_be_str(py: Python, given: &PyObject) -> crate::Raised {
    crate::raise!(py, TypeError, "must be str, not {:.100}", given.ty().full_name())
}

impl core::fmt::Display for PyStr {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.to_string_lossy())
    }
}
