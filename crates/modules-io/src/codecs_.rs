//! `_codecs`: the registry of codecs and error handlers, and the native codecs as functions.

use crate::args::Text;
use taipan_object::abstracts::buffer::{self, Buffer};
use taipan_object::codecs::{self, charmap, decode as de, encode as en, errors as handlers, registry};
use taipan_object::{Py, PyBytes, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, pyfunction, pymodule};

/// `(object, length)`, as codec functions give it.
fn pair(py: Python, object: &PyObject, length: usize) -> PyResult<Py<PyTuple>> {
    let length = PyLong::from_usize(py, length)?;
    PyTuple::from_slice(py, &[object, length.as_object()])
}

fn decoded(py: Python, (text, used): (Py<PyStr>, usize)) -> PyResult<Py<PyTuple>> {
    pair(py, &text, used)
}

fn encoded(py: Python, bytes: Py<PyBytes>, text: &PyStr) -> PyResult<Py<PyTuple>> {
    pair(py, bytes.as_object(), text.len())
}

/// The memory of an argument.
fn view(py: Python, data: &PyObject) -> PyResult<Buffer> {
    Buffer::get(py, data, buffer::SIMPLE)
}

/// Runs `f` on the memory of an argument, or on the UTF-8 of a string.
fn with_data<R>(py: Python, data: &PyObject, f: impl FnOnce(&[u8]) -> PyResult<R>) -> PyResult<R> {
    match data.downcast::<PyStr>() {
        Some(s) => f(s.to_str(py)?.as_bytes()),
        None => f(view(py, data)?.as_slice()),
    }
}

/// Register a codec search function.
///
/// Search functions are expected to take one argument, the encoding name in
/// all lower case letters, and either return None, or a tuple of functions
/// (encoder, decoder, stream_reader, stream_writer) (or a CodecInfo object).
#[pyfunction]
#[signature("(search_function, /)")]
fn register(py: Python, search_function: &PyObject) -> PyResult<()> {
    registry::register(py, search_function)
}

/// Unregister a codec search function and clear the registry's cache.
///
/// If the search function is not registered, do nothing.
#[pyfunction]
#[signature("(search_function, /)")]
fn unregister(py: Python, search_function: &PyObject) -> PyResult<()> {
    registry::unregister(py, search_function)
}

/// Looks up a codec tuple in the Python codec registry and returns a CodecInfo object.
#[pyfunction]
#[signature("(encoding, /)")]
fn lookup(py: Python, encoding: &str) -> PyResult<Py<PyTuple>> {
    registry::lookup(py, encoding)
}

/// Encodes obj using the codec registered for encoding.
///
/// The default encoding is 'utf-8'.  errors may be given to set a
/// different error handling scheme.  Default is 'strict' meaning that encoding
/// errors raise a ValueError.  Other possible values are 'ignore', 'replace'
/// and 'backslashreplace' as well as any other name registered with
/// codecs.register_error that can handle ValueErrors.
#[pyfunction]
#[signature("(obj, encoding='utf-8', errors='strict')")]
fn encode(py: Python, obj: &PyObject, encoding: &str, errors: Option<&str>) -> PyResult {
    registry::encode(py, obj, encoding, errors)
}

/// Decodes obj using the codec registered for encoding.
///
/// Default encoding is 'utf-8'.  errors may be given to set a
/// different error handling scheme.  Default is 'strict' meaning that encoding
/// errors raise a ValueError.  Other possible values are 'ignore', 'replace'
/// and 'backslashreplace' as well as any other name registered with
/// codecs.register_error that can handle ValueErrors.
#[pyfunction]
#[signature("(obj, encoding='utf-8', errors='strict')")]
fn decode(py: Python, obj: &PyObject, encoding: &str, errors: Option<&str>) -> PyResult {
    registry::decode(py, obj, encoding, errors)
}

/// Register the specified error handler under the name errors.
///
/// handler must be a callable object, that
/// will be called with an exception instance containing
/// information about the location of the encoding/decoding
/// error and must return a (replacement, new position) tuple.
#[pyfunction]
#[signature("(errors, handler, /)")]
fn register_error(py: Python, errors: &PyStr, handler: &PyObject) -> PyResult<()> {
    handlers::register(py, errors, handler)
}

/// Un-register the specified error handler for the error handling `errors'.
///
/// Only custom error handlers can be un-registered. An exception is raised
/// if the error handling is a built-in one (e.g., 'strict'), or if an error
/// occurs.
///
/// Otherwise, this returns True if a custom handler has been successfully
/// un-registered, and False if no custom handler for the specified error
/// handling exists.
#[pyfunction]
#[signature("(errors, /)")]
fn _unregister_error(py: Python, errors: &PyStr) -> PyResult<bool> {
    handlers::unregister(py, errors)
}

/// lookup_error(errors) -> handler
///
/// Return the error handler for the specified error handling name or raise a
/// LookupError, if no handler exists under this name.
#[pyfunction]
#[signature("(name, /)")]
fn lookup_error(py: Python, name: &str) -> PyResult {
    handlers::lookup(py, Some(name))
}

#[pyfunction]
#[signature("(data, errors=None, /)")]
fn escape_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    with_data(py, data, |bytes| pair(py, de::decode_bytes_escape(py, bytes, errors)?.as_object(), bytes.len()))
}

#[pyfunction]
#[signature("(data, errors=None, /)")]
fn escape_encode(py: Python, data: &PyBytes, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let _ = errors;
    pair(py, en::encode_bytes_escape(py, data.as_slice())?.as_object(), data.len())
}

#[pyfunction]
#[signature("(data, errors=None, /)")]
fn readbuffer_encode(py: Python, data: &PyObject, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let _ = errors;
    with_data(py, data, |bytes| pair(py, PyBytes::new(py, bytes)?.as_object(), bytes.len()))
}

#[pyfunction]
#[signature("(data, errors=None, mapping=None, /)")]
fn charmap_decode(
    py: Python,
    data: &PyObject,
    errors: Option<Text<'_>>,
    mapping: Option<&PyObject>,
) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    let data = view(py, data)?;
    decoded(py, codecs::decode_charmap(py, data.as_slice(), errors, mapping)?)
}

#[pyfunction]
#[signature("(str, errors=None, mapping=None, /)")]
fn charmap_encode(
    py: Python,
    str: &PyStr,
    errors: Option<Text<'_>>,
    mapping: Option<&PyObject>,
) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_charmap(py, str, errors, mapping)?, str)
}

#[pyfunction]
#[signature("(map, /)")]
fn charmap_build(py: Python, map: &PyStr) -> PyResult {
    charmap::build(py, map)
}

#[pyfunction]
#[signature("(data, errors=None, byteorder=0, final=False, /)")]
fn utf_16_ex_decode(
    py: Python,
    data: &PyObject,
    errors: Option<Text<'_>>,
    byteorder: i32,
    r#final: bool,
) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    let data = view(py, data)?;
    ex_decoded(py, codecs::decode_utf16(py, data.as_slice(), errors, byteorder, r#final)?)
}

#[pyfunction]
#[signature("(data, errors=None, byteorder=0, final=False, /)")]
fn utf_32_ex_decode(
    py: Python,
    data: &PyObject,
    errors: Option<Text<'_>>,
    byteorder: i32,
    r#final: bool,
) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    let data = view(py, data)?;
    ex_decoded(py, codecs::decode_utf32(py, data.as_slice(), errors, byteorder, r#final)?)
}

/// `(text, length, byteorder)`.
fn ex_decoded(py: Python, (text, used, order): (Py<PyStr>, usize, i32)) -> PyResult<Py<PyTuple>> {
    let (used, order) = (PyLong::from_usize(py, used)?, PyLong::from_i64(py, order.into())?);
    PyTuple::from_slice(py, &[&text, used.as_object(), order.as_object()])
}

#[pyfunction]
#[signature("(data, errors=None, /)")]
fn latin_1_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let _ = errors;
    decoded(py, codecs::decode_latin1(py, view(py, data)?.as_slice())?)
}

#[pyfunction]
#[signature("(data, errors=None, /)")]
fn ascii_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    decoded(py, codecs::decode_ascii(py, view(py, data)?.as_slice(), errors)?)
}

#[pyfunction]
#[signature("(data, errors=None, final=False, /)")]
fn utf_7_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>, r#final: bool) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    decoded(py, codecs::decode_utf7(py, view(py, data)?.as_slice(), errors, r#final)?)
}

#[pyfunction]
#[signature("(data, errors=None, final=False, /)")]
fn utf_8_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>, r#final: bool) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    decoded(py, codecs::decode_utf8(py, view(py, data)?.as_slice(), errors, r#final)?)
}

#[pyfunction]
#[signature("(data, errors=None, final=False, /)")]
fn utf_16_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>, r#final: bool) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    let (text, used, _) = codecs::decode_utf16(py, view(py, data)?.as_slice(), errors, 0, r#final)?;
    decoded(py, (text, used))
}

#[pyfunction]
#[signature("(data, errors=None, final=False, /)")]
fn utf_16_le_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>, r#final: bool) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    let (text, used, _) = codecs::decode_utf16(py, view(py, data)?.as_slice(), errors, -1, r#final)?;
    decoded(py, (text, used))
}

#[pyfunction]
#[signature("(data, errors=None, final=False, /)")]
fn utf_16_be_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>, r#final: bool) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    let (text, used, _) = codecs::decode_utf16(py, view(py, data)?.as_slice(), errors, 1, r#final)?;
    decoded(py, (text, used))
}

#[pyfunction]
#[signature("(data, errors=None, final=False, /)")]
fn utf_32_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>, r#final: bool) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    let (text, used, _) = codecs::decode_utf32(py, view(py, data)?.as_slice(), errors, 0, r#final)?;
    decoded(py, (text, used))
}

#[pyfunction]
#[signature("(data, errors=None, final=False, /)")]
fn utf_32_le_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>, r#final: bool) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    let (text, used, _) = codecs::decode_utf32(py, view(py, data)?.as_slice(), errors, -1, r#final)?;
    decoded(py, (text, used))
}

#[pyfunction]
#[signature("(data, errors=None, final=False, /)")]
fn utf_32_be_decode(py: Python, data: &PyObject, errors: Option<Text<'_>>, r#final: bool) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    let (text, used, _) = codecs::decode_utf32(py, view(py, data)?.as_slice(), errors, 1, r#final)?;
    decoded(py, (text, used))
}

#[pyfunction]
#[signature("(data, errors=None, final=True, /)")]
fn unicode_escape_decode(
    py: Python,
    data: &PyObject,
    errors: Option<Text<'_>>,
    r#final: bool,
) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    with_data(py, data, |bytes| decoded(py, codecs::decode_unicode_escape(py, bytes, errors, r#final)?))
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn unicode_escape_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let _ = errors;
    encoded(py, codecs::encode_unicode_escape(py, str)?, str)
}

#[pyfunction]
#[signature("(data, errors=None, final=True, /)")]
fn raw_unicode_escape_decode(
    py: Python,
    data: &PyObject,
    errors: Option<Text<'_>>,
    r#final: bool,
) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    with_data(py, data, |bytes| decoded(py, codecs::decode_raw_unicode_escape(py, bytes, errors, r#final)?))
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn raw_unicode_escape_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let _ = errors;
    encoded(py, codecs::encode_raw_unicode_escape(py, str)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn utf_8_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_utf8(py, str, errors)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn ascii_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_ascii(py, str, errors)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn latin_1_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_latin1(py, str, errors)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn utf_7_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let _ = errors;
    encoded(py, codecs::encode_utf7(py, str)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, byteorder=0, /)")]
fn utf_16_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>, byteorder: i32) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_utf16(py, str, errors, byteorder)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn utf_16_le_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_utf16(py, str, errors, -1)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn utf_16_be_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_utf16(py, str, errors, 1)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, byteorder=0, /)")]
fn utf_32_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>, byteorder: i32) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_utf32(py, str, errors, byteorder)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn utf_32_le_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_utf32(py, str, errors, -1)?, str)
}

#[pyfunction]
#[signature("(str, errors=None, /)")]
fn utf_32_be_encode(py: Python, str: &PyStr, errors: Option<Text<'_>>) -> PyResult<Py<PyTuple>> {
    let errors = errors.map(|e| e.0);
    encoded(py, codecs::encode_utf32(py, str, errors, 1)?, str)
}

pymodule! {
    name: "_codecs",
    functions: [
        register, unregister, lookup, encode, decode, register_error, _unregister_error, lookup_error, escape_decode, escape_encode, readbuffer_encode, charmap_decode, charmap_encode, charmap_build, utf_16_ex_decode, utf_32_ex_decode, latin_1_decode, ascii_decode, utf_7_decode, utf_8_decode, utf_16_decode, utf_16_le_decode, utf_16_be_decode, utf_32_decode, utf_32_le_decode, utf_32_be_decode, unicode_escape_decode, unicode_escape_encode, raw_unicode_escape_decode, raw_unicode_escape_encode, utf_8_encode, ascii_encode, latin_1_encode, utf_7_encode, utf_16_encode, utf_16_le_encode, utf_16_be_encode, utf_32_encode, utf_32_le_encode, utf_32_be_encode,
    ],
}
