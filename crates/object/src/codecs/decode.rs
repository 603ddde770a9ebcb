//! The native decoders.

use super::errors::{self, Action};
use crate::exceptions::{self, raise_unicode_decode_error, unicode_error::PyUnicodeError};
use crate::{Py, PyBytes, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, Raised, StrBuilder, err, raise};
use taipan_textcodecs::escape::{self, InvalidEscape};
use taipan_textcodecs::{ByteOrder, DecodeError, single, utf7, utf8, utf16, utf32};
use taipan_unicode::{Found, Version};

/// What is being decoded: error handlers may put other bytes in its place.
pub(super) enum Input<'a> {
    Given(&'a [u8]),
    Replaced(Py<PyBytes>),
}

impl Input<'_> {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Input::Given(b) => b,
            Input::Replaced(b) => b.as_slice(),
        }
    }
}

/// The error handler of one run of a decoder: found when it is first needed, given the same exception each time.
pub(super) struct Handler<'e> {
    pub(super) encoding: &'static str,
    errors: Option<&'e str>,
    action: Action,
    callable: Option<Py>,
    exception: Option<Py>,
}

impl<'e> Handler<'e> {
    pub(super) fn new(encoding: &'static str, errors: Option<&'e str>) -> Handler<'e> {
        Handler { encoding, errors, action: Action::of(errors), callable: None, exception: None }
    }

    /// Deals with an error: appends what stands for the bytes and gives where to go on.
    pub(super) fn handle(
        &mut self,
        py: Python,
        input: &mut Input<'_>,
        e: DecodeError,
        out: &mut StrBuilder,
    ) -> PyResult<usize> {
        let bytes = input.bytes();
        match self.action {
            Action::Strict => {
                return Err(raise_unicode_decode_error(py, self.encoding, bytes, e.start, e.end, e.reason));
            }
            Action::Ignore => return Ok(e.end),
            Action::Replace => {
                out.push_char(0xfffd);
                return Ok(e.end);
            }
            Action::SurrogateEscape if bytes[e.start..e.end.min(e.start + 4)].iter().all(|b| !b.is_ascii()) => {
                let end = e.end.min(e.start + 4);
                bytes[e.start..end].iter().for_each(|&b| out.push_char(0xdc00 + b as u32));
                return Ok(end);
            }
            _ => {}
        }
        let callable = match &self.callable {
            Some(c) => c.clone(),
            None => self.callable.insert(errors::lookup(py, self.errors)?).clone(),
        };
        let exception = self.exception(py, bytes, e)?;
        let result = callable.call1(py, &exception)?;
        let (text, position) = match result.downcast::<PyTuple>() {
            Some(t) if t.len() == 2 => (t.get(0).downcast::<PyStr>(), t.get(1).downcast::<PyLong>()),
            _ => (None, None),
        };
        let (Some(text), Some(position)) = (text, position) else {
            return Err(raise!(py, TypeError, "decoding error handler must return (str, int) tuple"));
        };
        let position = position.as_isize(py)?;
        if let Some(error) = PyUnicodeError::of(&exception) {
            let object = error.object.get().map(|o| o.downcast_into::<PyBytes>());
            match object {
                Some(Ok(object)) => {
                    let same = core::ptr::eq(object.as_slice().as_ptr(), input.bytes().as_ptr());
                    if !same {
                        *input = Input::Replaced(object);
                    }
                }
                _ => return Err(raise!(py, TypeError, "UnicodeError 'object' attribute must be a bytes")),
            }
        }
        let len = input.bytes().len() as isize;
        let at = if position < 0 { position + len } else { position };
        if at < 0 || at > len {
            return Err(raise!(py, IndexError, "position {position} from error handler out of bounds"));
        }
        out.push_pystr(text);
        Ok(at as usize)
    }

    /// The UnicodeDecodeError for the handler.
    fn exception(&mut self, py: Python, bytes: &[u8], e: DecodeError) -> PyResult {
        if let Some(exc) = &self.exception {
            if let Some(error) = PyUnicodeError::of(exc) {
                error.start.set(e.start as isize);
                error.end.set(e.end as isize);
                error.reason.set(Some(PyStr::new(py, e.reason)?.into_object()));
            }
            return Ok(exc.clone());
        }
        let encoding = PyStr::new(py, self.encoding)?;
        let object = PyBytes::new(py, bytes)?;
        let (start, end) = (PyLong::from_usize(py, e.start)?, PyLong::from_usize(py, e.end)?);
        let reason = PyStr::new(py, e.reason)?;
        let args: [&PyObject; 5] = [&encoding, object.as_object(), start.as_object(), end.as_object(), &reason];
        let exc = exceptions::UnicodeDecodeError().call(py, &args)?;
        Ok(self.exception.insert(exc).clone())
    }
}

/// Runs a decoder, which goes on from the position until it meets an error. Gives the text and how far it went.
fn run(
    py: Python,
    encoding: &'static str,
    bytes: &[u8],
    errors: Option<&str>,
    mut at: usize,
    mut step: impl FnMut(&[u8], &mut usize, &mut StrBuilder) -> Result<(), DecodeError>,
) -> PyResult<(Py<PyStr>, usize)> {
    let mut out = StrBuilder::with_capacity(bytes.len());
    let mut input = Input::Given(bytes);
    let mut handler = Handler::new(encoding, errors);
    while let Err(e) = step(input.bytes(), &mut at, &mut out) {
        at = handler.handle(py, &mut input, e, &mut out)?;
    }
    Ok((out.finish(py)?, at))
}

/// UTF-8. Without `last`, an incomplete sequence at the end is left.
pub fn decode_utf8(py: Python, bytes: &[u8], errors: Option<&str>, last: bool) -> PyResult<(Py<PyStr>, usize)> {
    if bytes.is_ascii() {
        return Ok((PyStr::from_ascii(py, bytes)?, bytes.len()));
    }
    run(py, "utf-8", bytes, errors, 0, |input, at, out| utf8::decode(input, at, last, out))
}

/// ASCII.
pub fn decode_ascii(py: Python, bytes: &[u8], errors: Option<&str>) -> PyResult<(Py<PyStr>, usize)> {
    if bytes.is_ascii() {
        return Ok((PyStr::from_ascii(py, bytes)?, bytes.len()));
    }
    run(py, "ascii", bytes, errors, 0, single::decode_ascii)
}

/// Latin-1, which never fails.
pub fn decode_latin1(py: Python, bytes: &[u8]) -> PyResult<(Py<PyStr>, usize)> {
    Ok((PyStr::from_latin1(py, bytes)?, bytes.len()))
}

/// The byte order for C's number: -1 little, 1 big.
fn order(byte_order: i32) -> Option<ByteOrder> {
    match byte_order {
        0 => None,
        n if n < 0 => Some(ByteOrder::Little),
        _ => Some(ByteOrder::Big),
    }
}

fn order_number(order: ByteOrder) -> i32 {
    match order {
        ByteOrder::Little => -1,
        ByteOrder::Big => 1,
    }
}

/// UTF-16; `byte_order` -1 little, 1 big, 0: as the mark at the start says, else the machine's. The last result is the
/// order found, 0 without a mark.
pub fn decode_utf16(
    py: Python,
    bytes: &[u8],
    errors: Option<&str>,
    byte_order: i32,
    last: bool,
) -> PyResult<(Py<PyStr>, usize, i32)> {
    let marked = if byte_order == 0 { utf16::byte_order_mark(bytes) } else { None };
    let start = if marked.is_some() { 2 } else { 0 };
    let found = order(byte_order).or(marked);
    let order = found.unwrap_or(ByteOrder::NATIVE);
    let name = match order {
        ByteOrder::Little => "utf-16-le",
        ByteOrder::Big => "utf-16-be",
    };
    let step = |input: &[u8], at: &mut usize, out: &mut StrBuilder| utf16::decode(input, at, order, last, out);
    let (text, used) = run(py, name, bytes, errors, start, step)?;
    Ok((text, used, found.map_or(0, order_number)))
}

/// UTF-32, as [`decode_utf16`].
pub fn decode_utf32(
    py: Python,
    bytes: &[u8],
    errors: Option<&str>,
    byte_order: i32,
    last: bool,
) -> PyResult<(Py<PyStr>, usize, i32)> {
    let marked = if byte_order == 0 { utf32::byte_order_mark(bytes) } else { None };
    let start = if marked.is_some() { 4 } else { 0 };
    let found = order(byte_order).or(marked);
    let order = found.unwrap_or(ByteOrder::NATIVE);
    let name = match order {
        ByteOrder::Little => "utf-32-le",
        ByteOrder::Big => "utf-32-be",
    };
    let step = |input: &[u8], at: &mut usize, out: &mut StrBuilder| utf32::decode(input, at, order, last, out);
    let (text, used) = run(py, name, bytes, errors, start, step)?;
    Ok((text, used, found.map_or(0, order_number)))
}

/// UTF-7.
pub fn decode_utf7(py: Python, bytes: &[u8], errors: Option<&str>, last: bool) -> PyResult<(Py<PyStr>, usize)> {
    let mut decoder = utf7::Decoder::new();
    run(py, "utf7", bytes, errors, 0, |input, at, out| decoder.decode(input, at, last, out))
}

/// The character that `\N{name}` stands for.
fn named_character(name: &[u8]) -> Option<u32> {
    match Version::Current.lookup(core::str::from_utf8(name).ok()?)? {
        Found::Character(c) | Found::Alias(c) => Some(c),
        Found::Sequence(_) => None,
    }
}

/// The DeprecationWarning for an invalid escape.
fn warn_escape(py: Python, input: &[u8], invalid: InvalidEscape) -> PyResult<()> {
    let message = match invalid.octal {
        Some(value) => format!("\"\\{value:o}\" is an invalid octal escape sequence"),
        None => {
            let c = input.get(invalid.position).map_or('?', |&b| b as char);
            format!("\"\\{c}\" is an invalid escape sequence")
        }
    };
    err::warn(py, exceptions::DeprecationWarning(), &message, 1)
}

/// `unicode_escape`, with a DeprecationWarning for the first escape that is none.
pub fn decode_unicode_escape(
    py: Python,
    bytes: &[u8],
    errors: Option<&str>,
    last: bool,
) -> PyResult<(Py<PyStr>, usize)> {
    let mut invalid = None;
    let (text, used) = run(py, "unicodeescape", bytes, errors, 0, |input, at, out| {
        escape::decode(input, at, last, named_character, &mut invalid, out)
    })?;
    if let Some(invalid) = invalid {
        warn_escape(py, bytes, invalid)?;
    }
    Ok((text, used))
}

/// `raw_unicode_escape`.
pub fn decode_raw_unicode_escape(
    py: Python,
    bytes: &[u8],
    errors: Option<&str>,
    last: bool,
) -> PyResult<(Py<PyStr>, usize)> {
    run(py, "rawunicodeescape", bytes, errors, 0, |input, at, out| escape::decode_raw(input, at, last, out))
}

/// The bytes of an escaped bytes literal (`codecs.escape_decode`).
///
/// # Errors
/// ValueError "Trailing \ in string", "invalid \x escape at position …", "decoding error; unknown error handling code: …".
pub fn decode_bytes_escape(py: Python, bytes: &[u8], errors: Option<&str>) -> PyResult<Py<PyBytes>> {
    let (mut at, mut invalid, mut out) = (0, None, Vec::with_capacity(bytes.len()));
    while let Err(e) = escape::decode_bytes(bytes, &mut at, &mut invalid, &mut out) {
        match e {
            escape::BytesError::Trailing => return Err(raise!(py, ValueError, "Trailing \\ in string")),
            escape::BytesError::InvalidHexadecimal(position) => match errors {
                None | Some("strict") => {
                    return Err(raise!(py, ValueError, "invalid \\x escape at position {position}"));
                }
                Some("replace") => out.push(b'?'),
                Some("ignore") => {}
                Some(name) => {
                    return Err(raise!(py, ValueError, "decoding error; unknown error handling code: {name:.400}"));
                }
            },
        }
    }
    if let Some(invalid) = invalid {
        warn_escape(py, bytes, invalid)?;
    }
    PyBytes::new(py, &out)
}

/// Runs the steps of a decoder of this crate: for [`super::charmap`].
pub(super) fn run_steps(
    py: Python,
    encoding: &'static str,
    bytes: &[u8],
    errors: Option<&str>,
    mut step: impl FnMut(&[u8], &mut usize, &mut StrBuilder) -> Result<(), StepError>,
) -> PyResult<(Py<PyStr>, usize)> {
    let mut out = StrBuilder::with_capacity(bytes.len());
    let mut input = Input::Given(bytes);
    let mut handler = Handler::new(encoding, errors);
    let mut at = 0;
    loop {
        match step(input.bytes(), &mut at, &mut out) {
            Ok(()) => return Ok((out.finish(py)?, at)),
            Err(StepError::Raised(raised)) => return Err(raised),
            Err(StepError::Decode(e)) => at = handler.handle(py, &mut input, e, &mut out)?,
        }
    }
}

/// Why a step that can run Python code stopped.
pub(super) enum StepError {
    Decode(DecodeError),
    Raised(Raised),
}

impl From<Raised> for StepError {
    fn from(raised: Raised) -> StepError {
        StepError::Raised(raised)
    }
}
