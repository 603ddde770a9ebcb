//! [`PyStr`]: a Python `str` as data.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::marshal::{ErrorKind, MarshalError};

/// A Python string: Unicode code points, lone surrogates included, stored as WTF-8.
///
/// Cheap to clone. `interned` says that the string is to be interned when it becomes an object; it
/// is no part of the string's value: equality, order and hash look at the text alone.
#[derive(Clone)]
pub struct PyStr {
    wtf8: Arc<[u8]>,
    interned: bool,
}

impl PyStr {
    /// A string that is not interned.
    pub fn new(text: &str) -> Self {
        Self { wtf8: text.as_bytes().into(), interned: false }
    }

    /// An interned string, as every name in a code object is.
    pub fn interned(text: &str) -> Self {
        Self { wtf8: text.as_bytes().into(), interned: true }
    }

    /// A string as it stands among a code object's constants: interned if it could be a name.
    pub fn constant(text: &str) -> Self {
        Self::new(text).into_constant()
    }

    /// A string of code points (surrogates allowed); `None` if one is above U+10FFFF.
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Option<Self> {
        let mut wtf8 = Vec::new();
        for point in points {
            // A surrogate pair stays two code points, as in Python: strictly this is generalised
            // UTF-8, of which WTF-8 is the part without such pairs.
            push_code_point(&mut wtf8, point)?;
        }
        Some(Self { wtf8: wtf8.into(), interned: false })
    }

    /// A string from UTF-8 where surrogates may stand in their three byte form (`surrogatepass`).
    ///
    /// `None` if the bytes are anything else.
    pub fn from_wtf8(bytes: &[u8]) -> Option<Self> {
        check_wtf8(bytes).ok()?;
        Some(Self { wtf8: bytes.into(), interned: false })
    }

    /// The same text with the interned mark set or not.
    #[must_use]
    pub fn with_interned(mut self, interned: bool) -> Self {
        self.interned = interned;
        self
    }

    /// Marks the string as interned if CPython interns such a constant.
    ///
    /// These are the strings that are made of ASCII letters, digits and underscores alone, and those
    /// of a single code point below 256.
    #[must_use]
    pub fn into_constant(self) -> Self {
        let name = self.wtf8.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let single = match *self.wtf8 {
            [_] => true,
            [lead, _] => matches!(lead, 0xC2 | 0xC3),
            _ => false,
        };
        let interned = self.interned || name || single;
        self.with_interned(interned)
    }

    /// Whether the string is to be interned.
    pub fn is_interned(&self) -> bool {
        self.interned
    }

    /// The text, unless it has a lone surrogate.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.wtf8).ok()
    }

    /// The text with lone surrogates replaced by U+FFFD.
    pub fn to_string_lossy(&self) -> String {
        match self.as_str() {
            Some(text) => text.to_owned(),
            None => self.code_points().map(|p| char::from_u32(p).unwrap_or('\u{fffd}')).collect(),
        }
    }

    /// The bytes of the string: UTF-8, lone surrogates in their three byte form.
    pub fn as_wtf8(&self) -> &[u8] {
        &self.wtf8
    }

    /// Whether all code points are below 128.
    pub fn is_ascii(&self) -> bool {
        self.wtf8.is_ascii()
    }

    /// Whether the string is empty.
    pub fn is_empty(&self) -> bool {
        self.wtf8.is_empty()
    }

    /// The code points of the string.
    pub fn code_points(&self) -> CodePoints<'_> {
        CodePoints(&self.wtf8)
    }

    /// Whether both are the same allocation.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.wtf8, &other.wtf8)
    }
}

/// Iterator over the code points of a [`PyStr`].
#[derive(Clone)]
pub struct CodePoints<'a>(&'a [u8]);

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.0.is_empty() {
            return None;
        }
        let (point, size) = decode_one(self.0)?;
        self.0 = &self.0[size..];
        Some(point)
    }
}

fn push_code_point(out: &mut Vec<u8>, point: u32) -> Option<()> {
    match char::from_u32(point) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None if (0xD800..0xE000).contains(&point) => {
            let low = |shift: u32| 0x80 | (point >> shift & 0x3F) as u8;
            out.extend_from_slice(&[0xE0 | (point >> 12) as u8, low(6), low(0)]);
        }
        None => return None,
    }
    Some(())
}

/// Decodes the first code point of generalised UTF-8: its value and size.
fn decode_one(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = u32::from(*bytes.first()?);
    let (size, start, second) = match first {
        0..0x80 => return Some((first, 1)),
        0xC2..0xE0 => (2, first & 0x1F, 0x80..=0xBF),
        0xE0 => (3, 0, 0xA0..=0xBF),
        0xE1..0xF0 => (3, first & 0x0F, 0x80..=0xBF),
        0xF0 => (4, 0, 0x90..=0xBF),
        0xF1..0xF4 => (4, first & 0x07, 0x80..=0xBF),
        0xF4 => (4, 4, 0x80..=0x8F),
        _ => return None,
    };
    let mut point = start;
    for (i, &byte) in bytes.get(1..size)?.iter().enumerate() {
        let valid = if i == 0 { second.contains(&byte) } else { byte & 0xC0 == 0x80 };
        if !valid {
            return None;
        }
        point = point << 6 | u32::from(byte & 0x3F);
    }
    Some((point, size))
}

/// Where and why bytes are not generalised UTF-8.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Utf8Error {
    /// The first byte of the bad sequence.
    pub start: usize,
    /// Behind its last byte.
    pub end: usize,
    /// The reason, in the codec's words.
    pub reason: &'static str,
}

impl Utf8Error {
    /// As the exception of marshal's reader.
    pub(crate) fn into_marshal(self, bytes: &[u8]) -> MarshalError {
        let Self { start, end, reason } = self;
        let message = if end == start + 1 {
            format!("'utf-8' codec can't decode byte 0x{:02x} in position {start}: {reason}", bytes[start])
        } else {
            format!("'utf-8' codec can't decode bytes in position {start}-{}: {reason}", end - 1)
        };
        MarshalError { kind: ErrorKind::UnicodeDecode, message: message.into() }
    }
}

/// Checks that bytes are UTF-8 in which surrogates may have their three byte form.
pub(crate) fn check_wtf8(bytes: &[u8]) -> Result<(), Utf8Error> {
    let mut start = 0;
    loop {
        let Err(error) = std::str::from_utf8(&bytes[start..]) else {
            return Ok(());
        };
        start += error.valid_up_to();
        if let Some((_, size)) = decode_one(&bytes[start..]) {
            start += size;
            continue;
        }
        let first = bytes[start];
        return Err(match error.error_len() {
            None => Utf8Error { start, end: bytes.len(), reason: "unexpected end of data" },
            Some(_) if !(0xC2..0xF5).contains(&first) => {
                Utf8Error { start, end: start + 1, reason: "invalid start byte" }
            }
            Some(len) => Utf8Error { start, end: start + len, reason: "invalid continuation byte" },
        });
    }
}

impl PartialEq for PyStr {
    fn eq(&self, other: &Self) -> bool {
        self.wtf8 == other.wtf8
    }
}

impl Eq for PyStr {}

impl Hash for PyStr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.wtf8.hash(state);
    }
}

impl PartialEq<str> for PyStr {
    fn eq(&self, other: &str) -> bool {
        &*self.wtf8 == other.as_bytes()
    }
}

impl PartialEq<&str> for PyStr {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl From<&str> for PyStr {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// As Python's `repr()`, but with every printable character of Unicode left to Rust's judgement.
impl fmt::Debug for PyStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points: Vec<u32> = self.code_points().collect();
        let has = |c: char| points.contains(&(c as u32));
        let quote = if has('\'') && !has('"') { '"' } else { '\'' };
        write!(f, "{quote}")?;
        for point in points {
            match char::from_u32(point) {
                Some('\n') => f.write_str("\\n")?,
                Some('\r') => f.write_str("\\r")?,
                Some('\t') => f.write_str("\\t")?,
                Some('\\') => f.write_str("\\\\")?,
                Some(c) if c == quote => write!(f, "\\{c}")?,
                Some(c @ ' '..='~') => write!(f, "{c}")?,
                Some(c) if point >= 0xA1 && point != 0xAD && is_shown(c) => write!(f, "{c}")?,
                _ if point < 0x100 => write!(f, "\\x{point:02x}")?,
                _ if point < 0x1_0000 => write!(f, "\\u{point:04x}")?,
                _ => write!(f, "\\U{point:08x}")?,
            }
        }
        write!(f, "{quote}")
    }
}

/// Whether Rust's debug form shows a character as itself.
fn is_shown(c: char) -> bool {
    // A mark that extends the character before it is only escaped where there is none.
    String::from_iter(['a', c]).escape_debug().nth(1) == Some(c)
}

impl fmt::Display for PyStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_string_lossy())
    }
}
