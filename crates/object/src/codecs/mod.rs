//! Encodings (PEP 100, PEP 293, PEP 383): between `str` and bytes.
//!
//! * [`registry`]: codecs by name, and calling them: `codecs.register`, `lookup`, `encode`, `decode`.
//! * [`errors`]: error handlers by name, and the ones that are built in.
//! * [`decode`], [`encode`]: the native codecs, which let error handlers decide about what they cannot code. Decoding
//!   functions give the text and how many bytes they used, as those of the `_codecs` module do.
//! * [`charmap`]: codecs given by a mapping or a table.
//! * [`fs`]: names of files.
//!
//! What `str.encode` and `bytes.decode` are asked for most often goes straight to the native codecs.

pub mod charmap;
pub mod decode;
pub mod encode;
pub mod errors;
pub mod fs;
pub mod registry;
#[cfg(test)]
mod tests;

pub use charmap::{decode_charmap, encode_charmap};
pub use decode::{
    decode_ascii, decode_latin1, decode_raw_unicode_escape, decode_unicode_escape, decode_utf7, decode_utf8,
    decode_utf16, decode_utf32,
};
pub use encode::{
    encode_ascii, encode_latin1, encode_raw_unicode_escape, encode_unicode_escape, encode_utf7, encode_utf8,
    encode_utf16, encode_utf32,
};
pub use fs::{fs_decode, fs_encode};

use crate::abstracts::buffer::{self, Buffer};
use crate::{Py, PyBytes, PyObject, PyResult, PyStr, Python, raise};

/// Encodings with a short cut.
enum Known {
    Utf8,
    Utf16,
    Utf32,
    Ascii,
    Latin1,
}

/// A name of an encoding in lower case with `_` for each run of other characters (`_Py_normalize_encoding`).
pub fn normalize(encoding: &str) -> String {
    let mut out = String::with_capacity(encoding.len());
    let mut separator = false;
    for c in encoding.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if separator && !out.is_empty() {
                out.push('_');
            }
            separator = false;
            out.push(c.to_ascii_lowercase());
        } else {
            separator = true;
        }
    }
    out
}

fn known(encoding: &str) -> Option<Known> {
    // The longest name with a short cut has eleven characters.
    if encoding.len() > 11 {
        return None;
    }
    Some(match encoding {
        "utf-8" => Known::Utf8,
        _ => match normalize(encoding).as_str() {
            "utf8" | "utf_8" => Known::Utf8,
            "utf16" | "utf_16" => Known::Utf16,
            "utf32" | "utf_32" => Known::Utf32,
            "ascii" | "us_ascii" => Known::Ascii,
            "latin1" | "latin_1" | "iso_8859_1" | "iso8859_1" => Known::Latin1,
            _ => return None,
        },
    })
}

/// `s.encode(encoding, errors)` (`PyUnicode_AsEncodedString`).
pub fn encode_str(py: Python, s: &PyStr, encoding: Option<&str>, errors: Option<&str>) -> PyResult<Py<PyBytes>> {
    let Some(encoding) = encoding else { return encode_utf8(py, s, errors) };
    check_names(py, encoding, errors)?;
    match known(encoding) {
        Some(Known::Utf8) => encode_utf8(py, s, errors),
        Some(Known::Utf16) => encode_utf16(py, s, errors, 0),
        Some(Known::Utf32) => encode_utf32(py, s, errors, 0),
        Some(Known::Ascii) => encode_ascii(py, s, errors),
        Some(Known::Latin1) => encode_latin1(py, s, errors),
        None => registry::encode_text(py, s, encoding, errors),
    }
}

/// Text of bytes in an encoding (`PyUnicode_Decode`).
pub fn decode(py: Python, bytes: &[u8], encoding: Option<&str>, errors: Option<&str>) -> PyResult<Py<PyStr>> {
    let Some(encoding) = encoding else { return Ok(decode_utf8(py, bytes, errors, true)?.0) };
    check_names(py, encoding, errors)?;
    let (text, _) = match known(encoding) {
        Some(Known::Utf8) => decode_utf8(py, bytes, errors, true)?,
        Some(Known::Utf16) => {
            let (text, used, _) = decode_utf16(py, bytes, errors, 0, true)?;
            (text, used)
        }
        Some(Known::Utf32) => {
            let (text, used, _) = decode_utf32(py, bytes, errors, 0, true)?;
            (text, used)
        }
        Some(Known::Ascii) => decode_ascii(py, bytes, errors)?,
        Some(Known::Latin1) => decode_latin1(py, bytes)?,
        None => return registry::decode_text(py, bytes, encoding, errors),
    };
    Ok(text)
}

/// Text of a bytes-like object (`PyUnicode_FromEncodedObject`). Nothing is decoded where there are no bytes, whatever the
/// encoding.
///
/// # Errors
/// TypeError "decoding to str: need a bytes-like object, … found".
pub fn decode_buffer(
    py: Python,
    object: &PyObject,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> PyResult<Py<PyStr>> {
    let text = |bytes: &[u8]| {
        if bytes.is_empty() {
            if let Some(encoding) = encoding {
                check_names(py, encoding, errors)?;
            }
            return Ok(PyStr::empty(py));
        }
        decode(py, bytes, encoding, errors)
    };
    if let Some(bytes) = object.downcast::<PyBytes>() {
        return text(bytes.as_slice());
    }
    if !buffer::check(object) {
        let given = object.ty().full_name();
        return Err(raise!(py, TypeError, "decoding to str: need a bytes-like object, {given:.80} found"));
    }
    let view = Buffer::get(py, object, buffer::SIMPLE)?;
    text(view.as_slice())
}

/// In development mode, sees that encoding and error handler exist even where nothing has to be coded.
fn check_names(py: Python, encoding: &str, errors: Option<&str>) -> PyResult<()> {
    let interp = py.interp();
    if !interp.config.borrow().dev_mode || interp.codec_search_path.is_none() {
        return Ok(());
    }
    if known(encoding).is_none() {
        registry::lookup(py, encoding)?;
    }
    match errors {
        None | Some("strict" | "ignore" | "replace" | "surrogateescape" | "surrogatepass") => Ok(()),
        Some(name) => errors::lookup(py, Some(name)).map(drop),
    }
}
