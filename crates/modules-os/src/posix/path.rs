//! Path arguments, and pure operations on paths.

use std::ffi::CString;
use taipan_object::codecs::fs;
use taipan_object::{
    Py, PyBytes, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, Raised, err, exceptions, pyfunction, raise,
};

/// What a system call takes for a file: a name or a descriptor.
pub enum Target {
    Name(CString),
    Descriptor(i32),
}

/// A path argument as a C text.
///
/// # Errors
/// TypeError "FUNCTION: path should be string, bytes or os.PathLike, not …", ValueError for embedded nulls.
pub fn c_path(py: Python, function: &str, path: &PyObject) -> PyResult<CString> {
    c_path_or(py, function, path, "string, bytes or os.PathLike")
}

fn c_path_or(py: Python, function: &str, path: &PyObject, expected: &str) -> PyResult<CString> {
    let is_path = path.downcast::<PyStr>().is_some()
        || path.downcast::<PyBytes>().is_some()
        || path.lookup_special(py, taipan_object::id!(py, "__fspath__"))?.is_some();
    if !is_path {
        return Err(raise!(py, TypeError, "{function}: path should be {expected}, not {}", path.ty().full_name()));
    }
    let path = fs::fspath(py, path)?;
    let bytes = match path.downcast::<PyStr>() {
        Some(s) => fs::fs_encode(py, s)?,
        None => fs::path_bytes(py, &path)?,
    };
    CString::new(bytes.as_slice()).map_err(|_| {
        let what = if path.downcast::<PyStr>().is_some() { "character" } else { "byte" };
        raise!(py, ValueError, "{function}: embedded null {what} in path")
    })
}

/// A path or a descriptor.
pub fn target(py: Python, function: &str, path: &PyObject) -> PyResult<Target> {
    if path.downcast::<PyLong>().is_some() {
        let fd = taipan_object::abstracts::number::as_ssize(py, path, Some(exceptions::OverflowError()))?;
        return match i32::try_from(fd) {
            Ok(fd) => Ok(Target::Descriptor(fd)),
            Err(_) if fd > 0 => Err(raise!(py, OverflowError, "fd is greater than maximum")),
            Err(_) => Err(raise!(py, OverflowError, "fd is less than minimum")),
        };
    }
    Ok(Target::Name(c_path_or(py, function, path, "string, bytes, os.PathLike or integer")?))
}

/// The error of a system call, with the path.
#[cold]
pub fn failed(py: Python, path: Option<&PyObject>) -> Raised {
    err::from_errno(py, exceptions::OSError(), path)
}

/// Bytes of the system in the type of the argument: bytes for bytes, else str.
pub fn like(py: Python, bytes: &[u8], model: &PyObject) -> PyResult {
    if model.downcast::<PyBytes>().is_some() {
        return Ok(PyBytes::new(py, bytes)?.into_object());
    }
    Ok(fs::fs_decode(py, bytes)?.into_object())
}

/// Return the file system path representation of the object.
///
/// If the object is str or bytes, then allow it to pass through as-is. If the
/// object defines __fspath__(), then return the result of that method. All other
/// types raise a TypeError.
#[pyfunction]
#[signature("(path)")]
pub fn fspath(py: Python, path: &PyObject) -> PyResult {
    fs::fspath(py, path)
}

/// Root of a path: nothing, one slash, or the two that POSIX gives a meaning of its own.
fn root_length(is_slash: impl Fn(usize) -> bool) -> usize {
    match (is_slash(0), is_slash(1), is_slash(2)) {
        (false, ..) => 0,
        (true, true, false) => 2,
        _ => 1,
    }
}

/// The normalised form of a path of characters or bytes: no empty parts, no `.`, no `..` that can be resolved in the text.
fn normalize(chars: &[u32]) -> Vec<u32> {
    const SLASH: u32 = b'/' as u32;
    const DOT: u32 = b'.' as u32;
    if chars.is_empty() {
        return vec![DOT];
    }
    let root = root_length(|i| chars.get(i) == Some(&SLASH));
    let mut parts: Vec<&[u32]> = Vec::new();
    for part in chars[root..].split(|c| *c == SLASH) {
        match part {
            [] | [DOT] => {}
            [DOT, DOT] => match parts.last() {
                Some(&[DOT, DOT]) => parts.push(part),
                Some(_) => {
                    parts.pop();
                }
                None if root == 0 => parts.push(part),
                None => {}
            },
            _ => parts.push(part),
        }
    }
    let mut out = vec![SLASH; root];
    out.extend(parts.join(&SLASH));
    if out.is_empty() { vec![DOT] } else { out }
}

/// Normalize path, eliminating double slashes, etc.
#[pyfunction]
#[signature("(path)")]
pub fn _path_normpath(py: Python, path: &PyObject) -> PyResult {
    let path = fs::fspath(py, path)?;
    match (path.downcast::<PyStr>(), path.downcast::<PyBytes>()) {
        (Some(s), _) => {
            let chars: Vec<u32> = s.chars().collect();
            Ok(PyStr::from_ucs4(py, &normalize(&chars))?.into_object())
        }
        (_, Some(b)) => {
            let chars: Vec<u32> = b.as_slice().iter().map(|c| *c as u32).collect();
            let bytes: Vec<u8> = normalize(&chars).into_iter().map(|c| c as u8).collect();
            Ok(PyBytes::new(py, &bytes)?.into_object())
        }
        _ => Err(raise!(py, TypeError, "path should be str or bytes")),
    }
}

/// Split a pathname into drive, root and tail.
///
/// The tail contains anything after the root.
#[pyfunction]
#[signature("(path, /)")]
pub fn _path_splitroot_ex(py: Python, path: &PyObject) -> PyResult<Py<PyTuple>> {
    let path = fs::fspath(py, path)?;
    let items = match (path.downcast::<PyStr>(), path.downcast::<PyBytes>()) {
        (Some(s), _) => {
            let root = root_length(|i| i < s.len() && s.char_at(i) == b'/' as u32);
            vec![
                PyStr::empty(py).into_object(),
                s.substring(py, 0, root)?.into_object(),
                s.substring(py, root, s.len())?.into_object(),
            ]
        }
        (_, Some(b)) => {
            let bytes = b.as_slice();
            let root = root_length(|i| bytes.get(i) == Some(&b'/'));
            vec![
                PyBytes::new(py, b"")?.into_object(),
                PyBytes::new(py, &bytes[..root])?.into_object(),
                PyBytes::new(py, &bytes[root..])?.into_object(),
            ]
        }
        _ => return Err(raise!(py, TypeError, "path should be str or bytes")),
    };
    PyTuple::from_vec(py, items)
}
