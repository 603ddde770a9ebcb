//! Encoder and decoder of a text stream.

use super::PyTextIOWrapper;
use crate::io_::ask;
use crate::io_::newline::{Newline, PyIncrementalNewlineDecoder};
use taipan_object::codecs::{self, registry};
use taipan_object::{Py, PyBytes, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, id, raise};

/// Encodings that are called directly instead of through the encoder object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Encoder {
    /// None of these.
    Object,
    Ascii,
    Latin1,
    Utf8,
    /// Byte order as for `encode_utf16`: 0 native, with a mark at the start of the stream.
    Utf16(i32),
    Utf32(i32),
}

/// The machine's own byte order, said explicitly: no mark is written.
const NATIVE: i32 = if cfg!(target_endian = "little") { -1 } else { 1 };

impl Encoder {
    fn named(name: &str) -> Encoder {
        match name {
            "ascii" => Encoder::Ascii,
            "iso8859-1" => Encoder::Latin1,
            "utf-8" => Encoder::Utf8,
            "utf-16" => Encoder::Utf16(0),
            "utf-16-le" => Encoder::Utf16(-1),
            "utf-16-be" => Encoder::Utf16(1),
            "utf-32" => Encoder::Utf32(0),
            "utf-32-le" => Encoder::Utf32(-1),
            "utf-32-be" => Encoder::Utf32(1),
            _ => Encoder::Object,
        }
    }

    /// ASCII text is its own encoding.
    #[inline]
    pub fn keeps_ascii(self) -> bool {
        matches!(self, Encoder::Ascii | Encoder::Latin1 | Encoder::Utf8)
    }
}

/// ValueError for a NUL in a name.
pub fn checked_name(py: Python, name: &PyStr) -> PyResult<Py<PyStr>> {
    if name.to_str(py)?.contains('\0') {
        return Err(raise!(py, ValueError, "embedded null character"));
    }
    Ok(Py::new_ref(name))
}

/// ValueError for what no newline is.
pub fn parse_newline(py: Python, newline: Option<&PyStr>) -> PyResult<Newline> {
    Newline::parse(newline).ok_or_else(|| {
        let shown = newline.map_or_else(Default::default, |n| n.to_string_lossy());
        raise!(py, ValueError, "illegal newline value: {shown}")
    })
}

/// The locale's encoding (`locale.getencoding()`).
fn locale_encoding(py: Python) -> PyResult<Py<PyStr>> {
    // SAFETY: the text lives until the locale changes, which takes the GIL.
    let name = unsafe { core::ffi::CStr::from_ptr(libc::nl_langinfo(libc::CODESET)) };
    match name.to_bytes() {
        b"" => PyStr::new(py, "utf-8"),
        _ => PyStr::new(py, &name.to_string_lossy()),
    }
}

/// The encoding to be used where `given` is asked for.
pub fn choose_encoding(py: Python, given: Option<&PyStr>) -> PyResult<Py<PyStr>> {
    match given {
        None if py.interp().config.borrow().utf8_mode => PyStr::new(py, "utf-8"),
        None => locale_encoding(py),
        Some(name) if name.eq_str("locale") => locale_encoding(py),
        Some(name) => checked_name(py, name),
    }
}

/// The codec of a text encoding.
pub fn lookup(py: Python, encoding: &PyStr) -> PyResult<Py<PyTuple>> {
    let name = encoding.to_str(py)?;
    let info = registry::lookup(py, name)?;
    if !PyTuple::check_exact(&info)
        && let Some(flag) = info.getattr_opt(py, id!(py, "_is_text_encoding"))?
        && !flag.is_true(py)?
    {
        return Err(raise!(py, LookupError, "'{name:.400}' is not a text encoding"));
    }
    Ok(info)
}

impl PyTextIOWrapper {
    /// Makes decoder and encoder, as far as the buffer can be read and written.
    pub(super) fn set_codec(
        &self,
        py: Python,
        info: &PyTuple,
        encoding: &PyStr,
        errors: &PyStr,
        newline: Newline,
        buffer: &PyObject,
    ) -> PyResult<()> {
        let _ = encoding;
        let handler = errors.to_str(py)?;
        self.newline.set(newline);
        if ask(py, buffer, id!(py, "readable"))? {
            let mut decoder = registry::incremental(py, info, id!(py, "incrementaldecoder"), Some(handler))?;
            if newline.universal() {
                decoder = PyIncrementalNewlineDecoder::new(py, &decoder, newline.translates())?.into_object();
            }
            self.decoder.set(Some(decoder));
        }
        self.fast_encoder.set(Encoder::Object);
        if ask(py, buffer, id!(py, "writable"))? {
            let encoder = registry::incremental(py, info, id!(py, "incrementalencoder"), Some(handler))?;
            self.encoder.set(Some(encoder));
            if let Some(name) = info.getattr_opt(py, id!(py, "name"))?
                && let Some(name) = name.downcast::<PyStr>()
            {
                self.fast_encoder.set(Encoder::named(&name.to_string_lossy()));
            }
        }
        Ok(())
    }

    /// Another encoding, error handler or newline.
    pub(super) fn change_codec(
        &self,
        py: Python,
        encoding: Option<&PyStr>,
        errors: Option<&PyStr>,
        newline: Option<Newline>,
    ) -> PyResult<()> {
        let old_errors = self.errors.get().unwrap_or_else(|| Py::new_ref(id!(py, "strict")));
        let (encoding, errors) = match encoding {
            None => {
                let old = self.encoding.get().and_then(|e| e.downcast_into::<PyStr>().ok());
                let encoding = match old {
                    Some(e) => e,
                    None => locale_encoding(py)?,
                };
                (encoding, errors.map_or(old_errors, Py::new_ref))
            }
            Some(e) => {
                let encoding = if e.eq_str("locale") { locale_encoding(py)? } else { checked_name(py, e)? };
                (encoding, errors.map_or_else(|| Py::new_ref(id!(py, "strict")), Py::new_ref))
            }
        };
        let errors = checked_name(py, &errors)?;
        let info = lookup(py, &encoding)?;
        let buffer = self.stream(py)?;
        let newline = newline.unwrap_or(self.newline.get());
        self.set_codec(py, &info, &encoding, &errors, newline, &buffer)?;
        self.encoding.set(Some(encoding.into_object()));
        self.errors.set(Some(errors));
        self.fix_encoder_state(py)
    }

    /// In the middle of a stream, the encoder must write no byte order mark.
    pub(super) fn fix_encoder_state(&self, py: Python) -> PyResult<()> {
        let (true, Some(encoder), Some(buffer)) = (self.seekable.get(), self.encoder.get(), self.buffer.get()) else {
            return Ok(());
        };
        self.start_of_stream.set(true);
        let position = buffer.call_method0(py, id!(py, "tell"))?;
        let zero = PyLong::from_i64(py, 0)?;
        if !position.eq(py, zero.as_object())? {
            self.start_of_stream.set(false);
            encoder.call_method1(py, id!(py, "setstate"), zero.as_object())?;
        }
        Ok(())
    }

    /// Bytes of text.
    pub(super) fn encode(&self, py: Python, text: &PyStr, encoder: &PyObject) -> PyResult<Py<PyBytes>> {
        let errors = self.errors.get();
        let errors = match &errors {
            Some(e) => Some(e.to_str(py)?),
            None => None,
        };
        // Only the first write has a mark, and only at the start of the stream.
        let order = |order: i32| if order == 0 && !self.start_of_stream.get() { NATIVE } else { order };
        let bytes = match self.fast_encoder.get() {
            Encoder::Utf8 => codecs::encode_utf8(py, text, errors)?,
            Encoder::Ascii => codecs::encode_ascii(py, text, errors)?,
            Encoder::Latin1 => codecs::encode_latin1(py, text, errors)?,
            Encoder::Utf16(o) => codecs::encode_utf16(py, text, errors, order(o))?,
            Encoder::Utf32(o) => codecs::encode_utf32(py, text, errors, order(o))?,
            Encoder::Object => {
                let result = encoder.call_method1(py, id!(py, "encode"), text)?;
                return result.downcast_into::<PyBytes>().map_err(|other| {
                    let given = other.ty().full_name();
                    raise!(py, TypeError, "encoder should return a bytes object, not '{given:.200}'")
                });
            }
        };
        self.start_of_stream.set(false);
        Ok(bytes)
    }

    /// Text of bytes through the decoder object.
    pub(super) fn decode(&self, py: Python, input: &PyObject, last: bool) -> PyResult<Py<PyStr>> {
        let Some(decoder) = self.decoder.get() else {
            return Err(crate::io_::unsupported(py, "not readable"));
        };
        if let Some(decoder) = decoder.downcast_exact::<PyIncrementalNewlineDecoder>() {
            return decoder.decode_input(py, input, last);
        }
        let text = decoder.call_method(py, id!(py, "decode"), &[input, &py.bool(last)])?;
        crate::io_::newline::decoded_text(py, text)
    }
}
