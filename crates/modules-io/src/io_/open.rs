//! `open` and what belongs to it.

use super::buffered::{PyBufferedRandom, PyBufferedReader, PyBufferedWriter};
use super::fileio::PyFileIO;
use super::text::PyTextIOWrapper;
use super::{DEFAULT_BUFFER_SIZE, ask};
use crate::args::Text;
use taipan_object::abstracts::number;
use taipan_object::codecs::fs::fspath;
use taipan_object::{
    Py, PyClass, PyLong, PyObject, PyResult, PyStr, PyType, Python, err, exceptions, id, pyfunction, raise, singletons,
};

/// Open file and return a stream.  Raise OSError upon failure.
///
/// file is either a text or byte string giving the name (and the path if the
/// file isn't in the current working directory) of the file to be opened or an
/// integer file descriptor of the file to be wrapped. (If a file descriptor is
/// given, it is closed when the returned I/O object is closed, unless closefd
/// is set to False.)
///
/// mode is an optional string that specifies the mode in which the file is
/// opened. The available modes are:
///
/// ========= ===============================================================
/// Character Meaning
/// --------- ---------------------------------------------------------------
/// 'r'       open for reading (default)
/// 'w'       open for writing, truncating the file first
/// 'x'       create a new file and open it for writing
/// 'a'       open for writing, appending to the end of the file if it exists
/// 'b'       binary mode
/// 't'       text mode (default)
/// '+'       open a disk file for updating (reading and writing)
/// ========= ===============================================================
///
/// buffering is 0 to switch buffering off (only in binary mode), 1 for line
/// buffering (only in text mode), a greater integer for the size of the buffer;
/// by default the buffer has io.DEFAULT_BUFFER_SIZE bytes or the file's block
/// size, and text files on a terminal are line buffered.
///
/// encoding, errors and newline are for text mode only: the name of the
/// encoding (by default the locale's), how encoding errors are handled (see
/// codecs.register), and how newlines are: None, '', '\n', '\r' or '\r\n'.
/// Reading with None, lines end in '\n', '\r' or '\r\n', which are translated
/// to '\n'; with '' they are left as they are; with another value lines end in
/// that alone. Writing with None, '\n' becomes os.linesep; with '' or '\n'
/// nothing is translated; with another value '\n' becomes that.
///
/// If closefd is False, the underlying file descriptor will be kept open when
/// the file is closed. This does not work when a file name is given.
///
/// A custom opener can be given as a callable, which is called with (file,
/// flags) and returns an open file descriptor.
#[pyfunction]
#[signature("(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)")]
pub fn open(
    py: Python,
    file: &PyObject,
    mode: &str,
    buffering: i32,
    encoding: Option<Text<'_>>,
    errors: Option<Text<'_>>,
    newline: Option<Text<'_>>,
    closefd: bool,
    opener: Option<&PyObject>,
) -> PyResult {
    let path = if number::check(file) { Py::new_ref(file) } else { fspath(py, file)? };
    let has = |c: char| mode.contains(c);
    for (i, c) in mode.char_indices() {
        if !"xrwa+tb".contains(c) || mode[i + 1..].contains(c) {
            return Err(raise!(py, ValueError, "invalid mode: '{mode}'"));
        }
    }
    let (text, binary, updating) = (has('t'), has('b'), has('+'));
    let raw_mode: String = "xrwa+".chars().filter(|&c| has(c)).collect();
    let complaint = if text && binary {
        "can't have text and binary mode at once"
    } else if "xrwa".chars().filter(|&c| has(c)).count() > 1 {
        "must have exactly one of create/read/write/append mode"
    } else if binary && encoding.is_some() {
        "binary mode doesn't take an encoding argument"
    } else if binary && errors.is_some() {
        "binary mode doesn't take an errors argument"
    } else if binary && newline.is_some() {
        "binary mode doesn't take a newline argument"
    } else {
        ""
    };
    if !complaint.is_empty() {
        return Err(raise!(py, ValueError, "{complaint}"));
    }
    if binary && buffering == 1 {
        let message =
            "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";
        err::warn(py, exceptions::RuntimeWarning(), message, 1)?;
    }

    let raw_mode = PyStr::new(py, &raw_mode)?;
    let opener = opener.unwrap_or(singletons::none());
    let raw = PyFileIO::type_object(py).call(py, &[&path, &raw_mode, &py.bool(closefd), opener])?;
    // From here on a failure closes the outermost stream there is.
    let mut outermost = raw.clone();
    let build = |outermost: &mut Py| -> PyResult<()> {
        let terminal = buffering < 0 && ask(py, &raw, id!(py, "_isatty_open_only"))?;
        let line_buffering = buffering == 1 || terminal;
        let mut size = if line_buffering { -1 } else { buffering as isize };
        if size < 0 {
            let block = raw.getattr(py, id!(py, "_blksize"))?;
            let block = number::as_ssize(py, &block, Some(exceptions::OverflowError()))?;
            if block < 0 {
                return Err(raise!(py, ValueError, "invalid buffering size"));
            }
            size = block.min(8192 * 1024).max(DEFAULT_BUFFER_SIZE as isize);
        }
        if size == 0 {
            if !binary {
                return Err(raise!(py, ValueError, "can't have unbuffered text I/O"));
            }
            return Ok(());
        }
        let class: &PyType = if updating {
            PyBufferedRandom::type_object(py)
        } else if has('x') || has('w') || has('a') {
            PyBufferedWriter::type_object(py)
        } else if has('r') {
            PyBufferedReader::type_object(py)
        } else {
            return Err(raise!(py, ValueError, "unknown mode: '{mode}'"));
        };
        let size = PyLong::from_isize(py, size)?;
        *outermost = class.call(py, &[&raw, size.as_object()])?;
        if binary {
            return Ok(());
        }
        let string = |s: Option<Text<'_>>| match s {
            Some(s) => Ok(PyStr::new(py, s.0)?.into_object()),
            None => PyResult::Ok(py.none()),
        };
        *outermost = PyTextIOWrapper::type_object(py).call(
            py,
            &[&*outermost, &*string(encoding)?, &*string(errors)?, &*string(newline)?, &py.bool(line_buffering)],
        )?;
        outermost.setattr(py, id!(py, "mode"), &*PyStr::new(py, mode)?)
    };
    match build(&mut outermost) {
        Ok(()) => Ok(outermost),
        Err(raised) => super::then_even_if_raised(py, Err(raised), || outermost.call_method0(py, id!(py, "close"))),
    }
}

/// Opens the provided file with the intent to import the contents.
///
/// This may perform extra validation beyond open(), but is otherwise interchangeable
/// with calling open(path, 'rb').
#[pyfunction]
#[signature("(path)")]
pub fn open_code(py: Python, path: &PyStr) -> PyResult {
    open(py, path, "rb", -1, None, None, None, true, None)
}

/// A helper function to choose the text encoding.
///
/// When encoding is not None, this function returns it.
/// Otherwise, this function returns the default text encoding
/// (i.e. "locale" or "utf-8" depends on UTF-8 mode).
///
/// This function emits an EncodingWarning if encoding is None and
/// sys.flags.warn_default_encoding is true.
///
/// This can be used in APIs with an encoding=None parameter.
/// However, please consider using encoding="utf-8" for new APIs.
#[pyfunction]
#[signature("(encoding, stacklevel=2, /)")]
pub fn text_encoding(py: Python, encoding: Option<&PyObject>, stacklevel: i32) -> PyResult {
    if let Some(encoding) = encoding {
        return Ok(Py::new_ref(encoding));
    }
    let config = &py.interp().config;
    let (warn, utf8_mode) = {
        let config = config.borrow();
        (config.warn_default_encoding, config.utf8_mode)
    };
    if warn {
        err::warn(py, exceptions::EncodingWarning(), "'encoding' argument not specified", stacklevel as isize)?;
    }
    Ok(Py::new_ref(if utf8_mode { id!(py, "utf-8") } else { id!(py, "locale") }).into_object())
}
