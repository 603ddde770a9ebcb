//! Names of files, environment variables and arguments (PEP 383, PEP 519).

use super::{decode, decode_utf8, encode_str, encode_utf8};
use crate::{Py, PyBytes, PyObject, PyResult, PyStr, Python, id, raise};

/// The file system's encoding and error handler, as configured; `None`: UTF-8 with `surrogateescape`, the usual.
fn configured(py: Python) -> Option<(String, String)> {
    let config = py.interp().config.borrow();
    let usual = config.filesystem_encoding == "utf-8" && config.filesystem_errors == "surrogateescape";
    (!usual).then(|| (config.filesystem_encoding.clone(), config.filesystem_errors.clone()))
}

/// Bytes from the system as text (`os.fsdecode`, `PyUnicode_DecodeFSDefault`).
pub fn fs_decode(py: Python, bytes: &[u8]) -> PyResult<Py<PyStr>> {
    match configured(py) {
        None => Ok(decode_utf8(py, bytes, Some("surrogateescape"), true)?.0),
        Some((encoding, errors)) => decode(py, bytes, Some(&encoding), Some(&errors)),
    }
}

/// Text as bytes for the system (`os.fsencode`, `PyUnicode_EncodeFSDefault`).
pub fn fs_encode(py: Python, s: &PyStr) -> PyResult<Py<PyBytes>> {
    match configured(py) {
        None => encode_utf8(py, s, Some("surrogateescape")),
        Some((encoding, errors)) => encode_str(py, s, Some(&encoding), Some(&errors)),
    }
}

/// `os.fspath`: a str or bytes, of the object itself or of its `__fspath__`.
///
/// # Errors
/// TypeError "expected str, bytes or os.PathLike object, not …" and others.
pub fn fspath(py: Python, path: &PyObject) -> PyResult {
    let is_path = |o: &PyObject| o.downcast::<PyStr>().is_some() || o.downcast::<PyBytes>().is_some();
    if is_path(path) {
        return Ok(Py::new_ref(path));
    }
    let given = path.ty().full_name();
    let Some(method) = path.lookup_special(py, id!(py, "__fspath__"))?.filter(|m| !m.is_none()) else {
        return Err(raise!(py, TypeError, "expected str, bytes or os.PathLike object, not {given:.200}"));
    };
    let result = method.call0(py)?;
    if !is_path(&result) {
        return Err(raise!(
            py,
            TypeError,
            "expected {given:.200}.__fspath__() to return str or bytes, not {:.200}",
            result.ty().full_name()
        ));
    }
    Ok(result)
}

/// A path as bytes for the system (`PyUnicode_FSConverter`).
///
/// # Errors
/// ValueError "embedded null byte"; those of [`fspath`].
pub fn path_bytes(py: Python, path: &PyObject) -> PyResult<Py<PyBytes>> {
    let path = fspath(py, path)?;
    let bytes = match path.downcast_into::<PyBytes>() {
        Ok(bytes) => bytes,
        Err(path) => match path.downcast::<PyStr>() {
            Some(s) => fs_encode(py, s)?,
            None => return Err(raise!(py, TypeError, "path should be str or bytes")),
        },
    };
    if bytes.as_slice().contains(&0) {
        return Err(raise!(py, ValueError, "embedded null byte"));
    }
    Ok(bytes)
}

/// A path as text (`PyUnicode_FSDecoder`).
///
/// # Errors
/// ValueError "embedded null character"; those of [`fspath`].
pub fn path_str(py: Python, path: &PyObject) -> PyResult<Py<PyStr>> {
    let path = fspath(py, path)?;
    let text = match path.downcast_into::<PyStr>() {
        Ok(text) => text,
        Err(path) => match path.downcast::<PyBytes>() {
            Some(bytes) => fs_decode(py, bytes.as_slice())?,
            None => return Err(raise!(py, TypeError, "path should be str or bytes")),
        },
    };
    if text.data().find_char(0).is_some() {
        return Err(raise!(py, ValueError, "embedded null character"));
    }
    Ok(text)
}

/// A path of the system as a file name for errors and results.
pub fn from_os(py: Python, path: &std::ffi::OsStr) -> PyResult<Py<PyStr>> {
    fs_decode(py, std::os::unix::ffi::OsStrExt::as_bytes(path))
}

/// Text as a path of the system, which may hold no null.
pub fn to_os(py: Python, path: &PyObject) -> PyResult<std::ffi::OsString> {
    let bytes = path_bytes(py, path)?;
    Ok(std::os::unix::ffi::OsStringExt::from_vec(bytes.as_slice().to_vec()))
}
