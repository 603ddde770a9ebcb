//! Error handlers (PEP 293, PEP 383): the registry, and those that are built in.

use crate::exceptions::{self, unicode_error::PyUnicodeError};
use crate::typeobj::PyMethodDef;
use crate::types::builtin_function::PyCFunctionObject;
use crate::types::str_::push_escape;
use crate::{
    Py, PyBytes, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, StrBuilder, err, id, pack, pyfunction,
    raise,
};
use taipan_unicode::Version;

/// The handlers that codecs deal with themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Strict,
    Ignore,
    Replace,
    SurrogateEscape,
    /// Any other: a function is called.
    Call,
}

impl Action {
    pub(super) fn of(errors: Option<&str>) -> Action {
        match errors {
            None | Some("strict") => Action::Strict,
            Some("ignore") => Action::Ignore,
            Some("replace") => Action::Replace,
            Some("surrogateescape") => Action::SurrogateEscape,
            Some(_) => Action::Call,
        }
    }
}

static BUILT_IN: [(&str, PyMethodDef); 8] = [
    ("strict", __pyfunction_strict_errors),
    ("ignore", __pyfunction_ignore_errors),
    ("replace", __pyfunction_replace_errors),
    ("xmlcharrefreplace", __pyfunction_xmlcharrefreplace_errors),
    ("backslashreplace", __pyfunction_backslashreplace_errors),
    ("namereplace", __pyfunction_namereplace_errors),
    ("surrogatepass", __pyfunction_surrogatepass),
    ("surrogateescape", __pyfunction_surrogateescape),
];

/// This interpreter's handlers by name.
fn registry(py: Python) -> PyResult<Py<PyDict>> {
    let slot = &py.interp().codec_error_registry;
    if let Some(dict) = slot.get() {
        return Ok(dict);
    }
    let dict = PyDict::new(py)?;
    for (name, def) in &BUILT_IN {
        let function = PyCFunctionObject::new(py, def, None, None, None)?;
        dict.set(py, &*PyStr::intern(py, name)?, function.as_object())?;
    }
    slot.set(Some(dict.clone()));
    Ok(dict)
}

/// Registers a handler (`codecs.register_error`).
///
/// # Errors
/// TypeError "handler must be callable".
pub fn register(py: Python, name: &PyStr, handler: &PyObject) -> PyResult<()> {
    if !handler.is_callable() {
        return Err(raise!(py, TypeError, "handler must be callable"));
    }
    registry(py)?.set(py, name, handler)
}

/// Forgets a handler (`codecs._unregister_error`); false if there was none.
///
/// # Errors
/// ValueError for the built-in ones.
pub fn unregister(py: Python, name: &PyStr) -> PyResult<bool> {
    if BUILT_IN.iter().any(|(n, _)| name.eq_str(n)) {
        return Err(raise!(py, ValueError, "cannot un-register built-in error handler '{name}'"));
    }
    Ok(registry(py)?.pop(py, name)?.is_some())
}

/// The handler of a name (`codecs.lookup_error`); no name is `strict`.
///
/// # Errors
/// LookupError "unknown error handler name '…'".
pub fn lookup(py: Python, name: Option<&str>) -> PyResult {
    let name = name.unwrap_or("strict");
    let key = PyStr::new(py, name)?;
    match registry(py)?.get(py, &key)? {
        Some(handler) => Ok(handler),
        None => Err(raise!(py, LookupError, "unknown error handler name '{name:.400}'")),
    }
}

/// Which of the three exceptions a handler was given.
enum Kind {
    Encode(Py<PyStr>),
    Decode(Py<PyBytes>),
    Translate(Py<PyStr>),
}

/// What a handler works on.
struct Problem<'a> {
    exc: &'a PyObject,
    error: &'a PyUnicodeError,
    kind: Kind,
    start: usize,
    end: usize,
}

impl<'a> Problem<'a> {
    fn of(py: Python, exc: &'a PyObject) -> PyResult<Problem<'a>> {
        let Some(error) = PyUnicodeError::of(exc) else { return Err(wrong_type(py, exc)) };
        let is = |class: &crate::PyType| exc.ty().is_subtype(class);
        let object = error.object.get();
        let Some(object) = object else {
            return Err(raise!(py, TypeError, "UnicodeError 'object' attribute is not set"));
        };
        let not = |what: &str| raise!(py, TypeError, "UnicodeError 'object' attribute must be a {what}");
        let (kind, len) = if is(exceptions::UnicodeDecodeError()) {
            let bytes = object.downcast_into::<PyBytes>().map_err(|_| not("bytes"))?;
            let len = bytes.len();
            (Kind::Decode(bytes), len)
        } else {
            let text = object.downcast_into::<PyStr>().map_err(|_| not("string"))?;
            let len = text.len();
            (if is(exceptions::UnicodeEncodeError()) { Kind::Encode(text) } else { Kind::Translate(text) }, len)
        };
        let (start, end) = error.range(len);
        Ok(Problem { exc, error, kind, start, end })
    }

    /// "don't know how to handle UnicodeDecodeError in error callback".
    fn refuse<T>(&self, py: Python) -> PyResult<T> {
        Err(wrong_type(py, self.exc))
    }

    /// Raises the exception itself.
    fn raise<T>(&self, py: Python) -> PyResult<T> {
        Err(err::raise_exception(py, Py::new_ref(self.exc)))
    }

    /// The encoding's name.
    fn encoding(&self) -> String {
        match self.error.encoding.get() {
            Some(name) => name.downcast::<PyStr>().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default(),
            None => String::new(),
        }
    }
}

#[cold]
fn wrong_type(py: Python, exc: &PyObject) -> crate::Raised {
    raise!(py, TypeError, "don't know how to handle {:.200} in error callback", exc.ty().full_name())
}

fn answer(py: Python, replacement: &PyObject, position: usize) -> PyResult<Py<PyTuple>> {
    let position = PyLong::from_usize(py, position)?;
    pack!(py, replacement, position)
}

/// Implements the 'strict' error handling, which raises a UnicodeError on coding errors.
#[pyfunction]
#[signature("(exception, /)", hidden)]
fn strict_errors(py: Python, exception: &PyObject) -> PyResult {
    if !exceptions::is_exception_instance(exception) {
        return Err(raise!(py, TypeError, "codec must pass exception instance"));
    }
    Err(err::raise_exception(py, Py::new_ref(exception)))
}

/// Implements the 'ignore' error handling, which ignores malformed data and continues.
#[pyfunction]
#[signature("(exception, /)", hidden)]
fn ignore_errors(py: Python, exception: &PyObject) -> PyResult<Py<PyTuple>> {
    let p = Problem::of(py, exception)?;
    answer(py, id!(py, ""), p.end)
}

/// Implements the 'replace' error handling, which replaces malformed data with a replacement marker.
#[pyfunction]
#[signature("(exception, /)", hidden)]
fn replace_errors(py: Python, exception: &PyObject) -> PyResult<Py<PyTuple>> {
    let p = Problem::of(py, exception)?;
    let (c, n) = match p.kind {
        Kind::Encode(_) => ('?' as u32, p.end - p.start),
        Kind::Decode(_) => (0xfffd, 1),
        Kind::Translate(_) => (0xfffd, p.end - p.start),
    };
    let mut out = StrBuilder::new();
    out.push_repeated(c, n);
    answer(py, &*out.finish(py)?, p.end)
}

/// Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference.
#[pyfunction]
#[signature("(exception, /)", hidden)]
fn xmlcharrefreplace_errors(py: Python, exception: &PyObject) -> PyResult<Py<PyTuple>> {
    let p = Problem::of(py, exception)?;
    let Kind::Encode(text) = &p.kind else { return p.refuse(py) };
    let mut out = String::new();
    for i in p.start..p.end {
        out.push_str(&format!("&#{};", text.char_at(i)));
    }
    answer(py, &*PyStr::new(py, &out)?, p.end)
}

/// Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence.
#[pyfunction]
#[signature("(exception, /)", hidden)]
fn backslashreplace_errors(py: Python, exception: &PyObject) -> PyResult<Py<PyTuple>> {
    let p = Problem::of(py, exception)?;
    let mut out = StrBuilder::new();
    match &p.kind {
        Kind::Decode(bytes) => {
            bytes.as_slice()[p.start..p.end].iter().for_each(|&b| push_escape(&mut out, b as u32));
        }
        Kind::Encode(text) | Kind::Translate(text) => {
            (p.start..p.end).for_each(|i| push_escape(&mut out, text.char_at(i)));
        }
    }
    answer(py, &*out.finish(py)?, p.end)
}

/// Implements the 'namereplace' error handling, which replaces an unencodable character with a \N{...} escape sequence.
#[pyfunction]
#[signature("(exception, /)", hidden)]
fn namereplace_errors(py: Python, exception: &PyObject) -> PyResult<Py<PyTuple>> {
    let p = Problem::of(py, exception)?;
    let Kind::Encode(text) = &p.kind else { return p.refuse(py) };
    let mut out = StrBuilder::new();
    for i in p.start..p.end {
        let c = text.char_at(i);
        match Version::Current.name(c) {
            Some(name) => {
                out.push_str("\\N{");
                out.push_str(&name);
                out.push_str("}");
            }
            None => push_escape(&mut out, c),
        }
    }
    answer(py, &*out.finish(py)?, p.end)
}

/// How a surrogate is written in one of the encodings that `surrogatepass` knows.
#[derive(Clone, Copy)]
enum Surrogates {
    Utf8,
    Utf16 { big: bool },
    Utf32 { big: bool },
}

impl Surrogates {
    fn of(encoding: &str) -> Option<Surrogates> {
        let name: String = super::normalize(encoding).chars().filter(|&c| c != '_').collect();
        let native = cfg!(target_endian = "big");
        Some(match name.as_str() {
            "utf8" => Surrogates::Utf8,
            "utf16" => Surrogates::Utf16 { big: native },
            "utf16le" => Surrogates::Utf16 { big: false },
            "utf16be" => Surrogates::Utf16 { big: true },
            "utf32" => Surrogates::Utf32 { big: native },
            "utf32le" => Surrogates::Utf32 { big: false },
            "utf32be" => Surrogates::Utf32 { big: true },
            _ => return None,
        })
    }

    fn push(self, c: u32, out: &mut Vec<u8>) {
        match self {
            Surrogates::Utf8 => taipan_textcodecs::utf8::push(c, out),
            Surrogates::Utf16 { big: false } => out.extend_from_slice(&(c as u16).to_le_bytes()),
            Surrogates::Utf16 { big: true } => out.extend_from_slice(&(c as u16).to_be_bytes()),
            Surrogates::Utf32 { big: false } => out.extend_from_slice(&c.to_le_bytes()),
            Surrogates::Utf32 { big: true } => out.extend_from_slice(&c.to_be_bytes()),
        }
    }

    /// The character at the start of `bytes`, whatever it is, and its length.
    fn read(self, bytes: &[u8]) -> Option<(u32, usize)> {
        match self {
            Surrogates::Utf8 => match *bytes {
                [a @ 0xe0..0xf0, b @ 0x80..0xc0, c @ 0x80..0xc0, ..] => {
                    Some(((a as u32 & 0xf) << 12 | (b as u32 & 0x3f) << 6 | c as u32 & 0x3f, 3))
                }
                _ => None,
            },
            Surrogates::Utf16 { big } => {
                let pair = *bytes.first_chunk::<2>()?;
                Some((if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) } as u32, 2))
            }
            Surrogates::Utf32 { big } => {
                let word = *bytes.first_chunk::<4>()?;
                Some((if big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }, 4))
            }
        }
    }
}

fn is_surrogate(c: u32) -> bool {
    (0xd800..0xe000).contains(&c)
}

#[pyfunction]
#[signature("(exception, /)", hidden)]
fn surrogatepass(py: Python, exception: &PyObject) -> PyResult<Py<PyTuple>> {
    let p = Problem::of(py, exception)?;
    let Some(code) = Surrogates::of(&p.encoding()) else {
        return if matches!(p.kind, Kind::Translate(_)) { p.refuse(py) } else { p.raise(py) };
    };
    match &p.kind {
        Kind::Encode(text) => {
            let mut out = Vec::new();
            for i in p.start..p.end {
                let c = text.char_at(i);
                if !is_surrogate(c) {
                    return p.raise(py);
                }
                code.push(c, &mut out);
            }
            answer(py, PyBytes::new(py, &out)?.as_object(), p.end)
        }
        Kind::Decode(bytes) => match code.read(&bytes.as_slice()[p.start..]) {
            Some((c, n)) if is_surrogate(c) => answer(py, &*PyStr::from_char(py, c)?, p.start + n),
            _ => p.raise(py),
        },
        Kind::Translate(_) => p.refuse(py),
    }
}

#[pyfunction]
#[signature("(exception, /)", hidden)]
fn surrogateescape(py: Python, exception: &PyObject) -> PyResult<Py<PyTuple>> {
    let p = Problem::of(py, exception)?;
    match &p.kind {
        Kind::Encode(text) => {
            let mut out = Vec::new();
            for i in p.start..p.end {
                match text.char_at(i) {
                    c @ 0xdc80..=0xdcff => out.push((c - 0xdc00) as u8),
                    _ => return p.raise(py),
                }
            }
            answer(py, PyBytes::new(py, &out)?.as_object(), p.end)
        }
        Kind::Decode(bytes) => {
            // Bytes below 128 are not escaped, and not more than four at a time.
            let bytes = &bytes.as_slice()[p.start..p.end.min(p.start + 4)];
            let chars: Vec<u32> = bytes.iter().take_while(|b| !b.is_ascii()).map(|&b| 0xdc00 + b as u32).collect();
            if chars.is_empty() {
                return p.raise(py);
            }
            answer(py, &*PyStr::from_ucs4(py, &chars)?, p.start + chars.len())
        }
        Kind::Translate(_) => p.refuse(py),
    }
}
