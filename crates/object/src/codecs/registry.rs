//! The codec registry: search functions, codecs found, calling them.

use super::normalize;
use crate::exceptions::PyBaseException;
use crate::runtime::hooks;
use crate::{
    Py, PyByteArray, PyBytes, PyDict, PyList, PyObject, PyResult, PyStr, PyTuple, Python, Raised, err, exceptions, id,
    raise,
};

/// This interpreter's search functions; the package `encodings`, which registers the first one, is imported when they are
/// asked for the first time.
fn search_path(py: Python) -> PyResult<Py<PyList>> {
    let slot = &py.interp().codec_search_path;
    let path = match slot.get() {
        Some(path) => path.downcast_into::<PyList>(),
        None => {
            let path = PyList::new(py)?;
            slot.set(Some(path.clone().into_object()));
            Ok(path)
        }
    };
    path.map_err(|_| raise!(py, SystemError, "the codec search path is no list"))
}

fn cache(py: Python) -> PyResult<Py<PyDict>> {
    let slot = &py.interp().codec_search_cache;
    if let Some(cache) = slot.get() {
        return Ok(cache);
    }
    let cache = PyDict::new(py)?;
    slot.set(Some(cache.clone()));
    Ok(cache)
}

/// Registers a search function (`codecs.register`).
///
/// # Errors
/// TypeError "argument must be callable".
pub fn register(py: Python, function: &PyObject) -> PyResult<()> {
    if !function.is_callable() {
        return Err(raise!(py, TypeError, "argument must be callable"));
    }
    search_path(py)?.append(py, function)
}

/// Forgets a search function and all codecs found (`codecs.unregister`).
pub fn unregister(py: Python, function: &PyObject) -> PyResult<()> {
    let path = search_path(py)?;
    for (i, f) in path.to_vec().iter().enumerate() {
        if f.is(function) {
            cache(py)?.clear(py);
            crate::abstracts::sequence::del_item(py, &path, i as isize)?;
            break;
        }
    }
    Ok(())
}

/// The codec of an encoding: a `CodecInfo`, or another tuple of four (`codecs.lookup`).
///
/// # Errors
/// LookupError "unknown encoding: …".
pub fn lookup(py: Python, encoding: &str) -> PyResult<Py<PyTuple>> {
    let name = PyStr::intern(py, &normalize(encoding))?;
    let cache = cache(py)?;
    if let Some(found) = cache.get(py, &name)? {
        return found.downcast_into::<PyTuple>().map_err(|_| raise!(py, SystemError, "bad codec in the cache"));
    }
    let path = search_path(py)?;
    if path.len() == 0 {
        // `encodings` registers its search function when it is imported.
        (hooks::get().import_module)(py, id!(py, "encodings"))?;
        if path.len() == 0 {
            return Err(raise!(py, LookupError, "no codec search functions registered: can't find encoding"));
        }
    }
    let mut i = 0;
    while let Some(search) = path.get(i) {
        i += 1;
        let result = search.call1(py, &name)?;
        if result.is_none() {
            continue;
        }
        let codec = match result.downcast_into::<PyTuple>() {
            Ok(t) if t.len() == 4 => t,
            _ => return Err(raise!(py, TypeError, "codec search functions must return 4-tuples")),
        };
        cache.set(py, &name, &codec)?;
        return Ok(codec);
    }
    Err(raise!(py, LookupError, "unknown encoding: {encoding}"))
}

/// True if there is a codec of that name.
pub fn is_known(py: Python, encoding: &str) -> bool {
    match lookup(py, encoding) {
        Ok(_) => true,
        Err(_) => {
            err::clear(py);
            false
        }
    }
}

/// Adds "encoding with '…' codec failed" to the exception that is set.
#[cold]
fn note_failure(py: Python, operation: &str, encoding: &str, raised: Raised) -> Raised {
    let Some(exc) = err::take(py) else { return raised };
    if let Some(e) = exc.downcast::<PyBaseException>() {
        e.add_note_text(py, &format!("{operation} with '{encoding}' codec failed"));
    }
    err::restore(py, exc)
}

/// Calls an encoder or decoder: the first item of the tuple it gives.
fn run(
    py: Python,
    function: &PyObject,
    object: &PyObject,
    encoding: &str,
    errors: Option<&str>,
    encoder: bool,
) -> PyResult {
    let call = || match errors {
        Some(errors) => function.call(py, &[object, &*PyStr::new(py, errors)?]),
        None => function.call1(py, object),
    };
    let operation = if encoder { "encoding" } else { "decoding" };
    let result = call().map_err(|raised| note_failure(py, operation, encoding, raised))?;
    match result.downcast::<PyTuple>() {
        Some(pair) if pair.len() == 2 => Ok(Py::new_ref(pair.get(0))),
        _ => {
            let what = if encoder {
                "encoder must return a tuple (object, integer)"
            } else {
                "decoder must return a tuple (object,integer)"
            };
            Err(raise!(py, TypeError, "{what}"))
        }
    }
}

/// `codecs.encode(object, encoding, errors)`.
pub fn encode(py: Python, object: &PyObject, encoding: &str, errors: Option<&str>) -> PyResult {
    let codec = lookup(py, encoding)?;
    run(py, codec.get(0), object, encoding, errors, true)
}

/// `codecs.decode(object, encoding, errors)`.
pub fn decode(py: Python, object: &PyObject, encoding: &str, errors: Option<&str>) -> PyResult {
    let codec = lookup(py, encoding)?;
    run(py, codec.get(1), object, encoding, errors, false)
}

/// The codec of a text encoding (`_PyCodec_LookupTextEncoding`); `alternative` can deal with the others.
///
/// # Errors
/// LookupError "'hex' is not a text encoding; use codecs.encode() to handle arbitrary codecs".
pub fn lookup_text(py: Python, encoding: &str, alternative: &str) -> PyResult<Py<PyTuple>> {
    let codec = lookup(py, encoding)?;
    // Plain tuples are from before there was a difference.
    if !PyTuple::check_exact(&codec) {
        if let Some(flag) = codec.getattr_opt(py, id!(py, "_is_text_encoding"))? {
            if !flag.is_true(py)? {
                return Err(raise!(
                    py,
                    LookupError,
                    "'{encoding:.400}' is not a text encoding; use {alternative} to handle arbitrary codecs"
                ));
            }
        }
    }
    Ok(codec)
}

/// `str.encode` through the registry.
pub fn encode_text(py: Python, s: &PyStr, encoding: &str, errors: Option<&str>) -> PyResult<Py<PyBytes>> {
    let codec = lookup_text(py, encoding, "codecs.encode()")?;
    let result = run(py, codec.get(0), s, encoding, errors, true)?;
    let result = match result.downcast_into::<PyBytes>() {
        Ok(bytes) => return Ok(bytes),
        Err(other) => other,
    };
    if let Some(array) = result.downcast::<PyByteArray>() {
        let message = format!(
            "encoder {encoding} returned bytearray instead of bytes; use codecs.encode() to encode to arbitrary types"
        );
        err::warn(py, exceptions::RuntimeWarning(), &message, 1)?;
        return array.with_slice(|b| PyBytes::new(py, b));
    }
    Err(raise!(
        py,
        TypeError,
        "'{encoding:.400}' encoder returned '{:.400}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
        result.ty().full_name()
    ))
}

/// `bytes.decode` through the registry.
pub fn decode_text(py: Python, bytes: &[u8], encoding: &str, errors: Option<&str>) -> PyResult<Py<PyStr>> {
    let codec = lookup_text(py, encoding, "codecs.decode()")?;
    let object = PyBytes::new(py, bytes)?;
    let result = run(py, codec.get(1), object.as_object(), encoding, errors, false)?;
    result.downcast_into::<PyStr>().map_err(|other| {
        raise!(
            py,
            TypeError,
            "'{encoding:.400}' decoder returned '{:.400}' instead of 'str'; use codecs.decode() to decode to arbitrary types",
            other.ty().full_name()
        )
    })
}

/// An incremental encoder or decoder of a codec: `name` is `incrementalencoder` or `incrementaldecoder`.
pub fn incremental(py: Python, codec: &PyTuple, name: &PyStr, errors: Option<&str>) -> PyResult {
    let factory = codec.getattr(py, name)?;
    match errors {
        Some(errors) => factory.call1(py, &*PyStr::new(py, errors)?),
        None => factory.call0(py),
    }
}
