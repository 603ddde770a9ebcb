//! `charmap`: codecs given by a decoding table (a str), an encoding map, or a mapping from numbers.

use super::decode::{StepError, run_steps};
use super::encode::{Encoder, Stop, encode_latin1, run};
use crate::header::PyObject;
use crate::{
    Py, PyBytes, PyClass, PyDict, PyLong, PyResult, PyStr, Python, StrBuilder, err, exceptions, pyclass, raise,
};
use taipan_textcodecs::single::{self, EncodingMap, UNDEFINED_ENTRY};
use taipan_textcodecs::{Char, DecodeError, EncodeError};

const UNDEFINED: &str = "character maps to <undefined>";

/// An inverted decoding table (`codecs.charmap_build`).
#[repr(C)]
pub struct PyEncodingMap {
    pub ob_base: PyObject,
    map: EncodingMap,
}

// SAFETY: starts with the header; never changes.
unsafe impl crate::PyLayout for PyEncodingMap {}

impl core::ops::Deref for PyEncodingMap {
    type Target = PyObject;
    fn deref(&self) -> &PyObject {
        &self.ob_base
    }
}

#[pyclass(name = "EncodingMap", static_name = EncodingMapType, flags(DISALLOW_INSTANTIATION))]
impl PyEncodingMap {
    /// Return the size (in bytes) of this object.
    #[method]
    #[signature("(self, /)")]
    fn size(&self) -> usize {
        size_of::<PyEncodingMap>()
    }
}

/// Inverts a decoding table of 256 characters (`PyUnicode_BuildEncodingMap`): an `EncodingMap`, or a dict where one byte's
/// character is above U+FFFF.
pub fn build(py: Python, table: &PyStr) -> PyResult {
    if table.len() == 0 {
        return Err(err::bad_internal_call(py));
    }
    let len = table.len().min(256);
    // CPython's map has room for 16-bit characters and takes NUL at the first place for granted.
    let plain = table.char_at(0) == 0 && (1..len).all(|i| !matches!(table.char_at(i), 0 | 0x10000..));
    if plain {
        let map = crate::with_chars!(table.data(), chars => EncodingMap::new(chars));
        return Ok(PyEncodingMap::alloc_exact(py, |ob_base| PyEncodingMap { ob_base, map })?.into_object());
    }
    let dict = PyDict::new(py)?;
    for i in 0..len {
        let c = PyLong::from_i64(py, table.char_at(i) as i64)?;
        dict.set(py, c.as_object(), PyLong::from_usize(py, i)?.as_object())?;
    }
    Ok(dict.into_object())
}

/// Decodes by a table or mapping; without one it is Latin-1 (`codecs.charmap_decode`).
pub fn decode_charmap(
    py: Python,
    bytes: &[u8],
    errors: Option<&str>,
    mapping: Option<&PyObject>,
) -> PyResult<(Py<PyStr>, usize)> {
    let Some(mapping) = mapping else { return super::decode_latin1(py, bytes) };
    if let Some(table) = mapping.downcast_exact::<PyStr>() {
        return run_steps(py, "charmap", bytes, errors, |input, at, out| {
            crate::with_chars!(table.data(), chars => single::decode_table(input, at, chars, out))
                .map_err(StepError::Decode)
        });
    }
    run_steps(py, "charmap", bytes, errors, |input, at, out| {
        while let Some(&byte) = input.get(*at) {
            if !push_mapped(py, mapping, byte, out)? {
                return Err(StepError::Decode(DecodeError { start: *at, end: *at + 1, reason: UNDEFINED }));
            }
            *at += 1;
        }
        Ok(())
    })
}

/// Appends what a mapping has for a byte; false if it is undefined.
fn push_mapped(py: Python, mapping: &PyObject, byte: u8, out: &mut StrBuilder) -> PyResult<bool> {
    let value = match mapping.get_item(py, PyLong::from_i64(py, byte as i64)?.as_object()) {
        Ok(value) => value,
        Err(_) if err::matches(py, exceptions::LookupError()) => {
            err::clear(py);
            return Ok(false);
        }
        Err(raised) => return Err(raised),
    };
    if value.is_none() {
        return Ok(false);
    }
    if let Some(n) = value.downcast::<PyLong>() {
        return match n.try_i64() {
            Some(n) if n == UNDEFINED_ENTRY as i64 => Ok(false),
            Some(n @ 0..0x110000) => {
                out.push_char(n as u32);
                Ok(true)
            }
            _ => Err(raise!(py, TypeError, "character mapping must be in range(0x110000)")),
        };
    }
    match value.downcast::<PyStr>() {
        Some(s) if s.len() == 1 && s.char_at(0) == UNDEFINED_ENTRY => Ok(false),
        Some(s) => {
            out.push_pystr(s);
            Ok(true)
        }
        None => Err(raise!(py, TypeError, "character mapping must return integer, None or str")),
    }
}

struct Table<'a>(&'a EncodingMap);

impl Encoder for Table<'_> {
    const NAME: &'static str = "charmap";
    const ANY_REPLACEMENT: bool = true;
    fn encode<C: Char>(&self, text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), Stop> {
        Ok(single::encode_map(text, at, self.0, out)?)
    }
}

struct Mapping<'a, 'py>(Python<'py>, &'a PyObject);

impl Mapping<'_, '_> {
    /// Appends what the mapping has for a character; false if it is undefined.
    fn push(&self, c: u32, out: &mut Vec<u8>) -> PyResult<bool> {
        let Mapping(py, mapping) = *self;
        let value = match mapping.get_item(py, PyLong::from_i64(py, c as i64)?.as_object()) {
            Ok(value) => value,
            Err(_) if err::matches(py, exceptions::LookupError()) => {
                err::clear(py);
                return Ok(false);
            }
            Err(raised) => return Err(raised),
        };
        if value.is_none() {
            return Ok(false);
        }
        if let Some(n) = value.downcast::<PyLong>() {
            let Some(byte) = n.try_i64().and_then(|n| u8::try_from(n).ok()) else {
                return Err(raise!(py, TypeError, "character mapping must be in range(256)"));
            };
            out.push(byte);
            return Ok(true);
        }
        match value.downcast::<PyBytes>() {
            Some(bytes) => {
                out.extend_from_slice(bytes.as_slice());
                Ok(true)
            }
            None => Err(raise!(
                py,
                TypeError,
                "character mapping must return integer, bytes or None, not {:.400}",
                value.ty().full_name()
            )),
        }
    }
}

impl Encoder for Mapping<'_, '_> {
    const NAME: &'static str = "charmap";
    const ANY_REPLACEMENT: bool = true;
    fn encode<C: Char>(&self, text: &[C], at: &mut usize, out: &mut Vec<u8>) -> Result<(), Stop> {
        while let Some(c) = text.get(*at) {
            if !self.push(c.code(), out)? {
                // The run of characters that the mapping lacks.
                let (start, mut end) = (*at, *at + 1);
                let mut scratch = Vec::new();
                while let Some(c) = text.get(end)
                    && !self.push(c.code(), &mut scratch)?
                {
                    end += 1;
                }
                return Err(EncodeError { start, end, reason: UNDEFINED }.into());
            }
            *at += 1;
        }
        Ok(())
    }
}

/// Encodes by an encoding map or mapping; without one it is Latin-1 (`codecs.charmap_encode`).
pub fn encode_charmap(
    py: Python,
    s: &PyStr,
    errors: Option<&str>,
    mapping: Option<&PyObject>,
) -> PyResult<Py<PyBytes>> {
    let Some(mapping) = mapping else { return encode_latin1(py, s, errors) };
    match mapping.downcast_exact::<PyEncodingMap>() {
        Some(map) => run(py, &Table(&map.map), s, errors, Vec::with_capacity(s.len())),
        None => run(py, &Mapping(py, mapping), s, errors, Vec::with_capacity(s.len())),
    }
}
