//! The native encoders.

use super::errors::{self, Action};
use crate::exceptions::{self, raise_unicode_encode_error, unicode_error::PyUnicodeError};
use crate::{Py, PyBytes, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, Raised, StrData, raise};
use taipan_textcodecs::{ByteOrder, Char, EncodeError, escape, single, utf7, utf8, utf16, utf32};

/// Why an encoder stopped.
pub(super) enum Stop {
    Encode(EncodeError),
    Raised(Raised),
}

impl From<Raised> for Stop {
    fn from(raised: Raised) -> Stop {
        Stop::Raised(raised)
    }
}

impl From<EncodeError> for Stop {
    fn from(e: EncodeError) -> Stop {
        Stop::Encode(e)
    }
}

/// An encoder, for characters of any width.
pub(super) trait Encoder {
    /// The encoding's name in errors.
    const NAME: &'static str;
    /// Bytes that make up a unit: what an error handler gives must consist of whole ones.
    const UNIT: usize = 1;
    /// Replacements may have any characters that the encoder takes; otherwise only ASCII ones.
    const ANY_REPLACEMENT: bool = false;
    fn encode<C: Char>(&self, text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), Stop>;
    /// The name in errors, where it depends on the instance.
    fn name(&self) -> &'static str {
        Self::NAME
    }
}

/// The error handler of one run of an encoder.
struct Handler<'e> {
    errors: Option<&'e str>,
    action: Action,
    callable: Option<Py>,
    exception: Option<Py>,
}

impl Handler<'_> {
    /// Deals with an error: appends what stands for the characters and gives where to go on.
    fn handle<E: Encoder>(
        &mut self,
        py: Python,
        encoder: &E,
        s: &PyStr,
        mut e: EncodeError,
        out: &mut Vec<u8>,
    ) -> PyResult<usize> {
        let strict = |e: EncodeError| raise_unicode_encode_error(py, encoder.name(), s, e.start, e.end, e.reason);
        match self.action {
            Action::Strict => return Err(strict(e)),
            Action::Ignore => return Ok(e.end),
            Action::Replace => {
                for _ in e.start..e.end {
                    self.push_text(py, encoder, StrData::Ascii(b"?"), out).map_err(|stop| match stop {
                        Stop::Raised(raised) => raised,
                        Stop::Encode(_) => strict(e),
                    })?;
                }
                return Ok(e.end);
            }
            Action::SurrogateEscape if E::UNIT == 1 => {
                while e.start < e.end {
                    let c = s.char_at(e.start);
                    if !(0xdc80..0xdd00).contains(&c) {
                        break;
                    }
                    out.push((c - 0xdc00) as u8);
                    e.start += 1;
                }
                if e.start == e.end {
                    return Ok(e.end);
                }
            }
            _ => {}
        }
        let callable = match &self.callable {
            Some(c) => c.clone(),
            None => self.callable.insert(errors::lookup(py, self.errors)?).clone(),
        };
        let exception = self.exception(py, encoder.name(), s, e)?;
        let result = callable.call1(py, &exception)?;
        let wrong = || raise!(py, TypeError, "encoding error handler must return (str/bytes, int) tuple");
        let Some(pair) = result.downcast::<PyTuple>().filter(|t| t.len() == 2) else { return Err(wrong()) };
        let Some(position) = pair.get(1).downcast::<PyLong>() else { return Err(wrong()) };
        let (text, bytes) = (pair.get(0).downcast::<PyStr>(), pair.get(0).downcast::<PyBytes>());
        if text.is_none() && bytes.is_none() {
            return Err(wrong());
        }
        let position = position.as_isize(py)?;
        let len = s.len() as isize;
        let at = if position < 0 { position + len } else { position };
        if at < 0 || at > len {
            return Err(raise!(py, IndexError, "position {position} from error handler out of bounds"));
        }
        if let Some(bytes) = bytes {
            if bytes.len() % E::UNIT != 0 {
                return Err(strict(e));
            }
            out.extend_from_slice(bytes.as_slice());
        } else if let Some(text) = text {
            if !E::ANY_REPLACEMENT && !text.is_ascii() {
                return Err(strict(e));
            }
            self.push_text(py, encoder, text.data(), out).map_err(|stop| match stop {
                Stop::Raised(raised) => raised,
                Stop::Encode(_) => strict(e),
            })?;
        }
        Ok(at as usize)
    }

    fn push_text<E: Encoder>(
        &self,
        _py: Python,
        encoder: &E,
        text: StrData<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Stop> {
        let mut at = 0;
        crate::with_chars!(text, chars => encoder.encode(chars, &mut at, out))
    }

    /// The UnicodeEncodeError for the handler.
    fn exception(&mut self, py: Python, encoding: &str, s: &PyStr, e: EncodeError) -> PyResult {
        if let Some(exc) = &self.exception {
            if let Some(error) = PyUnicodeError::of(exc) {
                error.start.set(e.start as isize);
                error.end.set(e.end as isize);
                error.reason.set(Some(PyStr::new(py, e.reason)?.into_object()));
            }
            return Ok(exc.clone());
        }
        let encoding = PyStr::new(py, encoding)?;
        let (start, end) = (PyLong::from_usize(py, e.start)?, PyLong::from_usize(py, e.end)?);
        let reason = PyStr::new(py, e.reason)?;
        let args: [&PyObject; 5] = [&encoding, s, start.as_object(), end.as_object(), &reason];
        let exc = exceptions::UnicodeEncodeError().call(py, &args)?;
        Ok(self.exception.insert(exc).clone())
    }
}

/// Encodes a string behind what is in `out` already.
pub(super) fn run<E: Encoder>(
    py: Python,
    encoder: &E,
    s: &PyStr,
    errors: Option<&str>,
    mut out: Vec<u8>,
) -> PyResult<Py<PyBytes>> {
    let mut handler = Handler { errors, action: Action::of(errors), callable: None, exception: None };
    let mut at = 0;
    loop {
        let step = crate::with_chars!(s.data(), chars => encoder.encode(chars, &mut at, &mut out));
        match step {
            Ok(()) => return PyBytes::new(py, &out),
            Err(Stop::Raised(raised)) => return Err(raised),
            Err(Stop::Encode(e)) => at = handler.handle(py, encoder, s, e, &mut out)?,
        }
    }
}

struct Utf8;
impl Encoder for Utf8 {
    const NAME: &'static str = "utf-8";
    fn encode<C: Char>(&self, text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), Stop> {
        Ok(utf8::encode(text, at, out)?)
    }
}

struct Ascii;
impl Encoder for Ascii {
    const NAME: &'static str = "ascii";
    fn encode<C: Char>(&self, text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), Stop> {
        Ok(single::encode_ascii(text, at, out)?)
    }
}

struct Latin1;
impl Encoder for Latin1 {
    const NAME: &'static str = "latin-1";
    const ANY_REPLACEMENT: bool = true;
    fn encode<C: Char>(&self, text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), Stop> {
        Ok(single::encode_latin1(text, at, out)?)
    }
}

/// The order, and whether a mark was asked for, which decides on the name.
struct Utf16(ByteOrder, bool);
impl Encoder for Utf16 {
    const NAME: &'static str = "utf-16";
    const UNIT: usize = 2;
    fn encode<C: Char>(&self, text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), Stop> {
        Ok(utf16::encode(text, at, self.0, out)?)
    }
    fn name(&self) -> &'static str {
        match self {
            Utf16(_, true) => "utf-16",
            Utf16(ByteOrder::Little, _) => "utf-16-le",
            Utf16(ByteOrder::Big, _) => "utf-16-be",
        }
    }
}

struct Utf32(ByteOrder, bool);
impl Encoder for Utf32 {
    const NAME: &'static str = "utf-32";
    const UNIT: usize = 4;
    fn encode<C: Char>(&self, text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), Stop> {
        Ok(utf32::encode(text, at, self.0, out)?)
    }
    fn name(&self) -> &'static str {
        match self {
            Utf32(_, true) => "utf-32",
            Utf32(ByteOrder::Little, _) => "utf-32-le",
            Utf32(ByteOrder::Big, _) => "utf-32-be",
        }
    }
}

/// UTF-8.
pub fn encode_utf8(py: Python, s: &PyStr, errors: Option<&str>) -> PyResult<Py<PyBytes>> {
    match s.cached_utf8() {
        Some(text) => PyBytes::new(py, text.as_bytes()),
        None => run(py, &Utf8, s, errors, Vec::new()),
    }
}

/// ASCII.
pub fn encode_ascii(py: Python, s: &PyStr, errors: Option<&str>) -> PyResult<Py<PyBytes>> {
    match s.data() {
        StrData::Ascii(text) => PyBytes::new(py, text),
        _ => run(py, &Ascii, s, errors, Vec::with_capacity(s.len())),
    }
}

/// Latin-1.
pub fn encode_latin1(py: Python, s: &PyStr, errors: Option<&str>) -> PyResult<Py<PyBytes>> {
    match s.data() {
        StrData::Ascii(text) | StrData::Latin1(text) => PyBytes::new(py, text),
        _ => run(py, &Latin1, s, errors, Vec::with_capacity(s.len())),
    }
}

/// The order for C's number, and whether it was left open, so that a mark is to be written.
fn order(byte_order: i32) -> (ByteOrder, bool) {
    match byte_order {
        0 => (ByteOrder::NATIVE, true),
        n if n < 0 => (ByteOrder::Little, false),
        _ => (ByteOrder::Big, false),
    }
}

/// UTF-16; `byte_order` -1 little, 1 big, 0: the machine's, with a mark in front.
pub fn encode_utf16(py: Python, s: &PyStr, errors: Option<&str>, byte_order: i32) -> PyResult<Py<PyBytes>> {
    let (order, mark) = order(byte_order);
    let mut out = Vec::with_capacity(2 * s.len() + 2);
    if mark {
        out.extend_from_slice(&0xfeffu16.to_ne_bytes());
    }
    run(py, &Utf16(order, mark), s, errors, out)
}

/// UTF-32, as [`encode_utf16`].
pub fn encode_utf32(py: Python, s: &PyStr, errors: Option<&str>, byte_order: i32) -> PyResult<Py<PyBytes>> {
    let (order, mark) = order(byte_order);
    let mut out = Vec::with_capacity(4 * s.len() + 4);
    if mark {
        out.extend_from_slice(&0xfeffu32.to_ne_bytes());
    }
    run(py, &Utf32(order, mark), s, errors, out)
}

/// UTF-7, in which every string can be written.
pub fn encode_utf7(py: Python, s: &PyStr) -> PyResult<Py<PyBytes>> {
    let mut out = Vec::new();
    crate::with_chars!(s.data(), chars => utf7::encode(chars, &mut out));
    PyBytes::new(py, &out)
}

/// `unicode_escape`, in which every string can be written.
pub fn encode_unicode_escape(py: Python, s: &PyStr) -> PyResult<Py<PyBytes>> {
    let mut out = Vec::new();
    crate::with_chars!(s.data(), chars => escape::encode(chars, &mut out));
    PyBytes::new(py, &out)
}

/// `raw_unicode_escape`, in which every string can be written.
pub fn encode_raw_unicode_escape(py: Python, s: &PyStr) -> PyResult<Py<PyBytes>> {
    let mut out = Vec::new();
    crate::with_chars!(s.data(), chars => escape::encode_raw(chars, &mut out));
    PyBytes::new(py, &out)
}

/// A bytes literal's inside (`codecs.escape_encode`).
pub fn encode_bytes_escape(py: Python, bytes: &[u8]) -> PyResult<Py<PyBytes>> {
    let mut out = Vec::with_capacity(bytes.len());
    escape::encode_bytes(bytes, &mut out);
    PyBytes::new(py, &out)
}
