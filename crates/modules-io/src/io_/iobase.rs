//! `_IOBase` and `_RawIOBase`: what all streams have, made of the few methods that each has of its own.

use super::{retry_eintr, unsupported};
use crate::args::Size;
use taipan_object::abstracts::buffer::{self, Buffer};
use taipan_object::abstracts::number;
use taipan_object::{
    Args, Py, PyBytes, PyDict, PyList, PyLong, PyObject, PyResult, PyStr, Python, Slot, Trace, err, exceptions, id,
    pyclass, raise, singletons,
};

/// Head of every stream.
#[derive(Trace)]
#[repr(C)]
pub struct PyIOBase {
    pub ob_base: PyObject,
    pub dict: Slot<PyDict>,
    #[trace(skip)]
    pub weakreflist: Slot,
}

/// Is the stream closed, in its own words?
pub fn is_closed(py: Python, obj: &PyObject) -> PyResult<bool> {
    match obj.getattr_opt(py, id!(py, "closed"))? {
        Some(closed) if closed.is(singletons::false_()) => Ok(false),
        Some(closed) => closed.is_true(py),
        None => Ok(false),
    }
}

/// ValueError if the stream is closed.
pub fn check_closed(py: Python, obj: &PyObject) -> PyResult<()> {
    if is_closed(py, obj)? {
        return Err(raise!(py, ValueError, "I/O operation on closed file."));
    }
    Ok(())
}

/// UnsupportedOperation unless the stream's `seekable()` gives True itself.
pub fn check_seekable(py: Python, obj: &PyObject) -> PyResult<()> {
    check_able(py, obj, id!(py, "seekable"), "File or stream is not seekable.")
}

pub fn check_readable(py: Python, obj: &PyObject) -> PyResult<()> {
    check_able(py, obj, id!(py, "readable"), "File or stream is not readable.")
}

pub fn check_writable(py: Python, obj: &PyObject) -> PyResult<()> {
    check_able(py, obj, id!(py, "writable"), "File or stream is not writable.")
}

fn check_able(py: Python, obj: &PyObject, question: &PyStr, message: &str) -> PyResult<()> {
    if obj.call_method0(py, question)?.is(singletons::true_()) {
        return Ok(());
    }
    Err(unsupported(py, message))
}

/// Closes a stream that nobody refers to any more; what goes wrong is reported as unraisable.
pub fn finalize(py: Python, obj: &PyObject) {
    err::with_saved(py, || {
        let closed = match obj.getattr_opt(py, id!(py, "closed")) {
            Ok(Some(closed)) => closed.is_true(py),
            Ok(None) => return,
            Err(raised) => Err(raised),
        };
        match closed {
            Ok(true) => return,
            Ok(false) => {}
            // Not initialised, or half taken apart: close() is tried anyway.
            Err(_) => err::clear(py),
        }
        // So that close() can warn.
        if obj.setattr(py, id!(py, "_finalizing"), singletons::true_()).is_err() {
            err::clear(py);
        }
        if obj.call_method0(py, id!(py, "close")).is_err() {
            let exc = err::take(py);
            let shown =
                obj.repr(py).map_or_else(|_| String::from("<unprintable>"), |r| r.to_string_lossy().into_owned());
            err::clear(py);
            if let Some(exc) = exc {
                let _ = err::restore(py, exc);
            }
            err::write_unraisable_msg(py, &format!("Exception ignored while finalizing file {shown}"), None);
        }
    });
}

/// `isatty` and its kin of a stream that passes the question on.
pub fn next_line(py: Python, obj: &PyObject) -> PyResult<Option<Py>> {
    let line = obj.call_method0(py, id!(py, "readline"))?;
    let n = match (line.downcast::<PyBytes>(), line.downcast::<PyStr>()) {
        (Some(b), _) => b.len() as isize,
        (_, Some(s)) => s.len() as isize,
        _ => line.len(py)?,
    };
    Ok(if n > 0 { Some(line) } else { None })
}

/// The abstract base class for all I/O classes.
///
/// This class provides dummy implementations for many methods that derived
/// classes can override selectively; the default implementations represent
/// a file that cannot be read, written or seeked.
///
/// Even though IOBase does not declare read, readinto, or write because
/// their signatures vary, implementations and clients should consider those
/// methods part of the interface. UnsupportedOperation may be raised when
/// operations that are not supported are called.
///
/// The basic type for binary data read from or written to a file is bytes.
/// Other bytes-like objects are accepted as method arguments too. Calling any
/// method (even inquiries) on a closed stream is undefined; ValueError may be
/// raised.
///
/// IOBase (and its subclasses) support the iterator protocol: an IOBase
/// object can be iterated over, yielding the lines in a stream. They are
/// context managers too: the file is closed after the with statement's suite
/// is finished, even if an exception was raised.
#[pyclass(
    name = "_io._IOBase",
    flags(GC, BASETYPE, IMMUTABLETYPE),
    weaklist = weakreflist,
    dict = dict,
)]
impl PyIOBase {
    fn tp_finalize(&self, py: Python) {
        finalize(py, self);
    }
    fn tp_iter(&self, py: Python) -> PyResult {
        check_closed(py, self)?;
        Ok(Py::new_ref(self).into_object())
    }
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        next_line(py, self)
    }

    #[getter]
    fn __dict__(&self, py: Python) -> PyResult {
        self.generic_get_dict(py)
    }

    #[getter]
    fn closed(&self, py: Python) -> PyResult<bool> {
        Ok(self.getattr_opt(py, id!(py, "__IOBase_closed"))?.is_some())
    }

    /// Change the stream position to the given byte offset.
    ///
    ///   offset
    ///     The stream position, relative to 'whence'.
    ///   whence
    ///     The relative position to seek from.
    ///
    /// The offset is interpreted relative to the position indicated by whence.
    /// Values for whence are:
    ///
    /// * os.SEEK_SET or 0 -- start of stream (the default); offset should be zero or positive
    /// * os.SEEK_CUR or 1 -- current stream position; offset may be negative
    /// * os.SEEK_END or 2 -- end of stream; offset is usually negative
    ///
    /// Return the new absolute position.
    #[method]
    #[signature("(self, offset, whence=0, /)", text = "($self, offset, whence=os.SEEK_SET, /)")]
    fn seek(&self, py: Python, offset: &PyObject, whence: Option<&PyObject>) -> PyResult {
        let _ = (offset, whence);
        Err(unsupported(py, "seek"))
    }

    /// Return current stream position.
    #[method]
    fn tell(&self, py: Python) -> PyResult {
        let (zero, one) = (PyLong::from_i64(py, 0)?, PyLong::from_i64(py, 1)?);
        self.call_method(py, id!(py, "seek"), &[zero.as_object(), one.as_object()])
    }

    /// Truncate file to size bytes.
    ///
    /// File pointer is left unchanged. Size defaults to the current IO position
    /// as reported by tell(). Return the new size.
    #[method]
    #[signature("(self, size=None, /)")]
    fn truncate(&self, py: Python, size: Option<&PyObject>) -> PyResult {
        let _ = size;
        Err(unsupported(py, "truncate"))
    }

    /// Flush write buffers, if applicable.
    ///
    /// This is not implemented for read-only and non-blocking streams.
    #[method]
    fn flush(&self, py: Python) -> PyResult<()> {
        if self.closed(py)? {
            return Err(raise!(py, ValueError, "I/O operation on closed file."));
        }
        Ok(())
    }

    /// Flush and close the IO object.
    ///
    /// This method has no effect if the file is already closed.
    #[method]
    pub fn close(&self, py: Python) -> PyResult<()> {
        if self.closed(py)? {
            return Ok(());
        }
        let flushed = self.call_method0(py, id!(py, "flush")).map(drop);
        super::then_even_if_raised(py, flushed, || self.setattr(py, id!(py, "__IOBase_closed"), singletons::true_()))
    }

    /// Return whether object supports random access.
    ///
    /// If False, seek(), tell() and truncate() will raise OSError.
    /// This method may need to do a test seek().
    #[method]
    fn seekable(&self) -> bool {
        false
    }

    /// Return whether object was opened for reading.
    ///
    /// If False, read() will raise OSError.
    #[method]
    fn readable(&self) -> bool {
        false
    }

    /// Return whether object was opened for writing.
    ///
    /// If False, write() will raise OSError.
    #[method]
    fn writable(&self) -> bool {
        false
    }

    #[method("_checkClosed")]
    fn check_closed_method(&self, py: Python) -> PyResult<()> {
        check_closed(py, self)
    }
    #[method("_checkSeekable")]
    fn check_seekable_method(&self, py: Python) -> PyResult<bool> {
        check_seekable(py, self).map(|()| true)
    }
    #[method("_checkReadable")]
    fn check_readable_method(&self, py: Python) -> PyResult<bool> {
        check_readable(py, self).map(|()| true)
    }
    #[method("_checkWritable")]
    fn check_writable_method(&self, py: Python) -> PyResult<bool> {
        check_writable(py, self).map(|()| true)
    }

    /// Return underlying file descriptor if one exists.
    ///
    /// Raise OSError if the IO object does not use a file descriptor.
    #[method]
    fn fileno(&self, py: Python) -> PyResult {
        Err(unsupported(py, "fileno"))
    }

    /// Return whether this is an 'interactive' stream.
    ///
    /// Return False if it can't be determined.
    #[method]
    fn isatty(&self, py: Python) -> PyResult<bool> {
        check_closed(py, self)?;
        Ok(false)
    }

    #[method]
    fn __enter__(&self, py: Python) -> PyResult {
        check_closed(py, self)?;
        Ok(Py::new_ref(self).into_object())
    }

    #[method]
    #[signature("(self, /, *args)", hidden)]
    fn __exit__(&self, py: Python, args: Args<'_>) -> PyResult {
        let _ = args;
        self.call_method0(py, id!(py, "close"))
    }

    /// Read and return a line from the stream.
    ///
    /// If size is specified, at most size bytes will be read.
    ///
    /// The line terminator is always b'\n' for binary files; for text
    /// files, the newlines argument to open can be used to select the line
    /// terminator(s) recognized.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn readline(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyBytes>> {
        let limit = usize::try_from(size.map_or(-1, |s| s.0)).unwrap_or(usize::MAX);
        let peek = self.getattr_opt(py, id!(py, "peek"))?;
        let one = PyLong::from_i64(py, 1)?;
        let mut line: Vec<u8> = Vec::new();
        while line.len() < limit {
            let mut wanted = 1;
            if let Some(peek) = &peek {
                let ahead = retry_eintr(py, || peek.call1(py, one.as_object()))?;
                let Some(ahead) = ahead.downcast::<PyBytes>() else {
                    return Err(raise!(
                        py,
                        OSError,
                        "peek() should have returned a bytes object, not '{:.200}'",
                        ahead.ty().full_name()
                    ));
                };
                let ahead = ahead.as_slice();
                let ahead = &ahead[..ahead.len().min(limit - line.len())];
                if !ahead.is_empty() {
                    wanted = memchr::memchr(b'\n', ahead).map_or(ahead.len(), |i| i + 1);
                }
            }
            let wanted = PyLong::from_usize(py, wanted)?;
            let read = retry_eintr(py, || self.call_method1(py, id!(py, "read"), wanted.as_object()))?;
            let Some(read) = read.downcast::<PyBytes>() else {
                return Err(raise!(
                    py,
                    OSError,
                    "read() should have returned a bytes object, not '{:.200}'",
                    read.ty().full_name()
                ));
            };
            if read.len() == 0 {
                break;
            }
            line.extend_from_slice(read.as_slice());
            if line.last() == Some(&b'\n') {
                break;
            }
        }
        PyBytes::new(py, &line)
    }

    /// Return a list of lines from the stream.
    ///
    /// hint can be specified to control the number of lines read: no more
    /// lines will be read if the total size (in bytes/characters) of all
    /// lines so far exceeds hint.
    #[method]
    #[signature("(self, hint=None, /)", text = "($self, hint=-1, /)")]
    fn readlines(&self, py: Python, hint: Option<Size>) -> PyResult<Py<PyList>> {
        let lines = PyList::new(py)?;
        let hint = hint.map_or(-1, |h| h.0);
        if hint <= 0 {
            lines.extend(py, self)?;
            return Ok(lines);
        }
        let iterator = self.iter(py)?;
        let mut total = 0;
        while let Some(line) = iterator.iter_next(py)? {
            let n = line.len(py)?;
            lines.push_owned(py, line)?;
            if n > hint - total {
                break;
            }
            total += n;
        }
        Ok(lines)
    }

    /// Write a list of lines to stream.
    ///
    /// Line separators are not added, so it is usual for each of the
    /// lines provided to have a line separator at the end.
    #[method]
    #[signature("(self, lines, /)")]
    fn writelines(&self, py: Python, lines: &PyObject) -> PyResult<()> {
        check_closed(py, self)?;
        let iterator = lines.iter(py)?;
        while let Some(line) = iterator.iter_next(py)? {
            retry_eintr(py, || self.call_method1(py, id!(py, "write"), &line))?;
        }
        Ok(())
    }
}

/// A raw stream: the layout of [`PyIOBase`].
#[derive(Trace)]
#[repr(C)]
pub struct PyRawIOBase {
    pub ob_base: PyObject,
    pub dict: Slot<PyDict>,
    #[trace(skip)]
    pub weakreflist: Slot,
}

/// Base class for raw binary I/O.
#[pyclass(
    name = "_io._RawIOBase",
    base = PyIOBase,
    flags(GC, BASETYPE, IMMUTABLETYPE),
    weaklist = weakreflist,
    dict = dict,
)]
impl PyRawIOBase {
    fn tp_finalize(&self, py: Python) {
        finalize(py, self);
    }

    #[method]
    #[signature("(self, size=-1, /)")]
    fn read(&self, py: Python, size: isize) -> PyResult {
        if size < 0 {
            return self.call_method0(py, id!(py, "readall"));
        }
        let n = PyLong::from_isize(py, size)?;
        let array = taipan_object::types::bytearray::PyByteArray_Type.call1(py, n.as_object())?;
        let got = self.call_method1(py, id!(py, "readinto"), &array)?;
        if got.is_none() {
            return Ok(got);
        }
        let got = number::as_ssize(py, &got, Some(exceptions::ValueError()))?;
        let view = Buffer::get(py, &array, buffer::SIMPLE)?;
        match usize::try_from(got) {
            Ok(n) if n <= size as usize && n <= view.len() => {
                Ok(PyBytes::new(py, &view.as_slice()[..n])?.into_object())
            }
            _ => Err(raise!(py, ValueError, "readinto returned {got} outside buffer size {size}")),
        }
    }

    /// Read until EOF, using multiple read() call.
    #[method]
    fn readall(&self, py: Python) -> PyResult {
        let size = PyLong::from_usize(py, super::DEFAULT_BUFFER_SIZE)?;
        let mut data: Vec<u8> = Vec::new();
        loop {
            let chunk = retry_eintr(py, || self.call_method1(py, id!(py, "read"), size.as_object()))?;
            if chunk.is_none() {
                if data.is_empty() {
                    return Ok(chunk);
                }
                break;
            }
            let Some(bytes) = chunk.downcast::<PyBytes>() else {
                return Err(raise!(py, TypeError, "read() should return bytes"));
            };
            if bytes.len() == 0 {
                break;
            }
            data.extend_from_slice(bytes.as_slice());
        }
        Ok(PyBytes::new(py, &data)?.into_object())
    }

    #[method]
    #[signature("(self, buffer, /)", hidden)]
    fn readinto(&self, py: Python, buffer: &PyObject) -> PyResult {
        let _ = buffer;
        Err(raise!(py, NotImplementedError, ""))
    }

    #[method]
    #[signature("(self, b, /)", hidden)]
    fn write(&self, py: Python, b: &PyObject) -> PyResult {
        let _ = b;
        Err(raise!(py, NotImplementedError, ""))
    }
}
