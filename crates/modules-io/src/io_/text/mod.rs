//! `TextIOWrapper`: text over a buffered stream.

pub mod base;
mod codec;
mod position;
mod read;
mod write;

use self::base::PyTextIOBase;
use super::buffered::{PyBufferedRandom, PyBufferedReader, PyBufferedWriter};
use super::fileio::PyFileIO;
use super::newline::Newline;
use super::{ask, cannot_pickle, iobase, then_even_if_raised, unsupported};
use crate::args::{Size, Text};
use codec::Encoder;
use core::cell::{Cell, RefCell};
use taipan_object::abstracts::number;
use taipan_object::abstracts::object::ReprGuard;
use taipan_object::{
    Py, PyClass, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder, Trace, err,
    exceptions, id, pyclass, raise,
};

#[derive(Trace)]
#[repr(C)]
pub struct PyTextIOWrapper {
    pub ob_base: PyObject,
    dict: Slot<PyDict>,
    #[trace(skip)]
    weakreflist: Slot,
    ok: Cell<bool>,
    detached: Cell<bool>,
    finalizing: Cell<bool>,
    line_buffering: Cell<bool>,
    write_through: Cell<bool>,
    seekable: Cell<bool>,
    /// False while lines are iterated over: then no snapshots are kept, and there is no `tell`.
    telling: Cell<bool>,
    has_read1: Cell<bool>,
    /// Nothing was written yet: the encoder may begin with a byte order mark.
    start_of_stream: Cell<bool>,
    #[trace(skip)]
    newline: Cell<Newline>,
    #[trace(skip)]
    fast_encoder: Cell<Encoder>,
    chunk_size: Cell<isize>,
    buffer: Slot,
    encoding: Slot,
    errors: Slot<PyStr>,
    encoder: Slot,
    decoder: Slot,
    /// The file at the bottom, if all below is of the usual types: says fast whether it is closed.
    file: Slot<PyFileIO>,
    /// What was decoded and not read yet begins in this at `used`.
    decoded: Slot<PyStr>,
    used: Cell<usize>,
    /// Decoder flags and input before the chunk that `decoded` is of.
    snapshot: Slot<PyTuple>,
    /// Bytes a character took in the last chunk.
    bytes_per_char: Cell<f64>,
    /// Encoded and not written yet.
    #[trace(skip)]
    pending: RefCell<Vec<u8>>,
}

impl PyTextIOWrapper {
    #[inline]
    fn check_attached(&self, py: Python) -> PyResult<()> {
        if self.ok.get() {
            return Ok(());
        }
        self.not_attached(py)
    }

    #[cold]
    fn not_attached(&self, py: Python) -> PyResult<()> {
        Err(if self.detached.get() {
            raise!(py, ValueError, "underlying buffer has been detached")
        } else {
            raise!(py, ValueError, "I/O operation on uninitialized object")
        })
    }

    fn stream(&self, py: Python) -> PyResult<Py> {
        self.check_attached(py)?;
        match self.buffer.get() {
            Some(buffer) => Ok(buffer),
            None => Err(raise!(py, ValueError, "underlying buffer has been detached")),
        }
    }

    fn check_initialized(&self, py: Python) -> PyResult<()> {
        if !self.ok.get() && !self.detached.get() {
            return Err(raise!(py, ValueError, "I/O operation on uninitialized object"));
        }
        Ok(())
    }

    /// ValueError if the stream is closed or has no buffer.
    #[inline]
    fn check_open(&self, py: Python) -> PyResult<()> {
        self.check_attached(py)?;
        // SAFETY: nothing runs while the file is looked at.
        let closed = match unsafe { self.file.borrow() } {
            Some(file) => file.is_closed(),
            None => self.stream(py)?.getattr(py, id!(py, "closed"))?.is_true(py)?,
        };
        if closed {
            return Err(raise!(py, ValueError, "I/O operation on closed file."));
        }
        Ok(())
    }

    fn set_decoded(&self, text: Option<Py<PyStr>>) {
        self.used.set(0);
        self.decoded.set(text);
    }

    /// Takes up to `n` characters of what was decoded.
    fn take_decoded(&self, py: Python, n: usize) -> PyResult<Py<PyStr>> {
        let Some(decoded) = self.decoded.get() else { return Ok(PyStr::empty(py)) };
        let start = self.used.get();
        let end = start.saturating_add(n).min(decoded.len());
        let part = decoded.substring(py, start, end)?;
        self.used.set(end);
        Ok(part)
    }

    fn flush_all(&self, py: Python) -> PyResult {
        self.check_open(py)?;
        self.telling.set(self.seekable.get());
        self.write_pending(py)?;
        self.stream(py)?.call_method0(py, id!(py, "flush"))
    }

    fn init(
        &self,
        py: Python,
        buffer: &PyObject,
        encoding: Option<&PyStr>,
        errors: Option<&PyObject>,
        newline: Newline,
        line_buffering: bool,
        write_through: bool,
    ) -> PyResult<()> {
        let errors: Py<PyStr> = match errors {
            None => Py::new_ref(id!(py, "strict")),
            Some(errors) => match errors.downcast::<PyStr>() {
                Some(errors) => codec::checked_name(py, errors)?,
                None => {
                    return Err(raise!(
                        py,
                        TypeError,
                        "TextIOWrapper() argument 'errors' must be str or None, not {:.50}",
                        errors.ty().full_name()
                    ));
                }
            },
        };
        let encoding = codec::choose_encoding(py, encoding)?;
        let info = codec::lookup(py, &encoding)?;
        self.chunk_size.set(8192);
        self.line_buffering.set(line_buffering);
        self.write_through.set(write_through);
        self.set_codec(py, &info, &encoding, &errors, newline, buffer)?;
        self.encoding.set(Some(encoding.into_object()));
        self.errors.set(Some(errors));
        self.buffer.set(Some(Py::new_ref(buffer)));
        self.file.set(file_below(buffer));
        let seekable = ask(py, buffer, id!(py, "seekable"))?;
        self.seekable.set(seekable);
        self.telling.set(seekable);
        self.has_read1.set(buffer.hasattr(py, id!(py, "read1"))?);
        self.start_of_stream.set(false);
        self.fix_encoder_state(py)?;
        self.ok.set(true);
        Ok(())
    }
}

/// The FileIO under a buffered stream, where both are of exactly these types.
fn file_below(buffer: &PyObject) -> Option<Py<PyFileIO>> {
    // SAFETY: whoever has an object holds the GIL.
    let py = unsafe { Python::assume() };
    let ty = buffer.ty();
    if !(ty.is(PyBufferedReader::type_object(py))
        || ty.is(PyBufferedWriter::type_object(py))
        || ty.is(PyBufferedRandom::type_object(py)))
    {
        return None;
    }
    let raw = match buffer.getattr(py, id!(py, "raw")) {
        Ok(raw) => raw,
        Err(_) => {
            err::clear(py);
            return None;
        }
    };
    raw.downcast_exact::<PyFileIO>().map(Py::new_ref)
}

/// Character and line based layer over a BufferedIOBase object, buffer.
///
/// encoding gives the name of the encoding that the stream will be
/// decoded or encoded with. It defaults to locale.getencoding().
///
/// errors determines the strictness of encoding and decoding (see
/// help(codecs.Codec) or the documentation for codecs.register) and
/// defaults to "strict".
///
/// newline controls how line endings are handled. It can be None, '',
/// '\n', '\r', and '\r\n'.  It works as follows:
///
/// * On input, if newline is None, universal newlines mode is
///   enabled. Lines in the input can end in '\n', '\r', or '\r\n', and
///   these are translated into '\n' before being returned to the
///   caller. If it is '', universal newline mode is enabled, but line
///   endings are returned to the caller untranslated. If it has any of
///   the other legal values, input lines are only terminated by the given
///   string, and the line ending is returned to the caller untranslated.
///
/// * On output, if newline is None, any '\n' characters written are
///   translated to the system default line separator, os.linesep. If
///   newline is '' or '\n', no translation takes place. If newline is any
///   of the other legal values, any '\n' characters written are translated
///   to the given string.
///
/// If line_buffering is True, a call to flush is implied when a call to
/// write contains a newline character.
#[pyclass(
    name = "_io.TextIOWrapper",
    base = PyTextIOBase,
    flags(GC, BASETYPE, IMMUTABLETYPE),
    weaklist = weakreflist,
    dict = dict,
    members(
        encoding: OBJECT readonly,
        line_buffering: BOOL readonly,
        write_through: BOOL readonly,
        finalizing as "_finalizing": BOOL,
    ),
)]
impl PyTextIOWrapper {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyTextIOWrapper>> {
        let _ = (args, kwargs);
        PyTextIOWrapper::alloc(py, cls, |head| PyTextIOWrapper {
            ob_base: head,
            dict: Slot::empty(),
            weakreflist: Slot::empty(),
            ok: Cell::new(false),
            detached: Cell::new(false),
            finalizing: Cell::new(false),
            line_buffering: Cell::new(false),
            write_through: Cell::new(false),
            seekable: Cell::new(false),
            telling: Cell::new(false),
            has_read1: Cell::new(false),
            start_of_stream: Cell::new(false),
            newline: Cell::new(Newline::None),
            fast_encoder: Cell::new(Encoder::Object),
            chunk_size: Cell::new(8192),
            buffer: Slot::empty(),
            encoding: Slot::empty(),
            errors: Slot::empty(),
            encoder: Slot::empty(),
            decoder: Slot::empty(),
            file: Slot::empty(),
            decoded: Slot::empty(),
            used: Cell::new(0),
            snapshot: Slot::empty(),
            bytes_per_char: Cell::new(0.0),
            pending: RefCell::new(Vec::new()),
        })
    }

    #[signature("(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)")]
    fn tp_init(
        &self,
        py: Python,
        buffer: &PyObject,
        encoding: Option<Text<'_>>,
        errors: Option<&PyObject>,
        newline: Option<Text<'_>>,
        line_buffering: bool,
        write_through: bool,
    ) -> PyResult<()> {
        self.ok.set(false);
        self.detached.set(false);
        if encoding.is_none() && py.interp().config.borrow().warn_default_encoding {
            err::warn(py, exceptions::EncodingWarning(), "'encoding' argument not specified", 1)?;
        }
        let as_object = |t: Option<Text<'_>>| t.map(|t| PyStr::new(py, t.0)).transpose();
        let (encoding, newline) = (as_object(encoding)?, as_object(newline)?);
        let newline = codec::parse_newline(py, newline.as_deref())?;
        for slot in [&self.buffer, &self.encoding, &self.encoder, &self.decoder] {
            slot.clear();
        }
        self.file.clear();
        self.set_decoded(None);
        self.snapshot.clear();
        self.errors.clear();
        self.pending.borrow_mut().clear();
        self.bytes_per_char.set(0.0);
        self.init(py, buffer, encoding.as_deref(), errors, newline, line_buffering, write_through)
    }

    fn tp_finalize(&self, py: Python) {
        iobase::finalize(py, self);
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        self.check_attached(py)?;
        self.telling.set(false);
        let line = if self.ty().is(Self::type_object(py)) {
            self.read_line(py, -1)?
        } else {
            let line = self.call_method0(py, id!(py, "readline"))?;
            line.downcast_into::<PyStr>().map_err(|other| {
                let given = other.ty().full_name();
                raise!(py, OSError, "readline() should have returned a str object, not '{given:.200}'")
            })?
        };
        if line.len() == 0 {
            self.snapshot.clear();
            self.telling.set(self.seekable.get());
            return Ok(None);
        }
        Ok(Some(line.into_object()))
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let class = self.ty().full_name();
        self.check_initialized(py)?;
        let Some(_guard) = ReprGuard::enter(py, self) else {
            return Err(raise!(py, RuntimeError, "reentrant call inside {class}.__repr__"));
        };
        let mut b = StrBuilder::new();
        b.push_str(&format!("<{class}"));
        for name in [id!(py, "name"), id!(py, "mode")] {
            let value = match self.getattr_opt(py, name) {
                Ok(Some(value)) => value,
                Ok(None) => continue,
                // Detached.
                Err(_) if err::matches(py, exceptions::ValueError()) => {
                    err::clear(py);
                    continue;
                }
                Err(raised) => return Err(raised),
            };
            b.push_str(&format!(" {}=", name.to_string_lossy()));
            b.push_pystr(&*value.repr(py)?);
        }
        b.push_str(" encoding=");
        b.push_pystr(&*self.encoding.get().unwrap_or_else(|| py.none()).repr(py)?);
        b.push_str(">");
        b.finish(py)
    }

    #[getter]
    fn buffer(&self, py: Python) -> PyResult {
        self.stream(py)
    }
    #[getter]
    fn name(&self, py: Python) -> PyResult {
        self.stream(py)?.getattr(py, id!(py, "name"))
    }
    #[getter]
    fn closed(&self, py: Python) -> PyResult {
        self.stream(py)?.getattr(py, id!(py, "closed"))
    }
    #[getter]
    fn newlines(&self, py: Python) -> PyResult {
        self.check_attached(py)?;
        let Some(decoder) = self.decoder.get() else { return Ok(py.none()) };
        Ok(decoder.getattr_opt(py, id!(py, "newlines"))?.unwrap_or_else(|| py.none()))
    }
    #[getter]
    fn errors(&self, py: Python) -> PyResult {
        self.check_initialized(py)?;
        Ok(self.errors.get().map_or_else(|| py.none(), Py::into_object))
    }
    #[getter("_CHUNK_SIZE")]
    fn chunk_size(&self, py: Python) -> PyResult<isize> {
        self.check_attached(py)?;
        Ok(self.chunk_size.get())
    }
    #[setter("_CHUNK_SIZE")]
    fn set_chunk_size(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.check_attached(py)?;
        let Some(value) = value else {
            return Err(raise!(py, AttributeError, "cannot delete attribute"));
        };
        let n = number::as_ssize(py, value, Some(exceptions::ValueError()))?;
        if n <= 0 {
            return Err(raise!(py, ValueError, "a strictly positive integer is required"));
        }
        self.chunk_size.set(n);
        Ok(())
    }

    /// Reconfigure the text stream with new parameters.
    ///
    /// This also does an implicit stream flush.
    #[method]
    #[signature(
        "(self, /, *, encoding=None, errors=None, newline=<unrepresentable>, line_buffering=None, write_through=None)",
        text = "($self, /, *, encoding=None, errors=None, newline=None,\n            line_buffering=None, write_through=None)"
    )]
    fn reconfigure(
        &self,
        py: Python,
        encoding: Option<&PyObject>,
        errors: Option<&PyObject>,
        newline: Option<&PyObject>,
        line_buffering: Option<&PyObject>,
        write_through: Option<&PyObject>,
    ) -> PyResult<()> {
        self.check_attached(py)?;
        let encoding = optional_text(py, encoding, "encoding")?;
        let errors = optional_text(py, errors, "errors")?;
        let newline = match newline {
            None => None,
            Some(n) if n.is_none() => Some(Newline::None),
            Some(n) => Some(codec::parse_newline(py, optional_text(py, Some(n), "newline")?)?),
        };
        if !self.decoded.is_none() && (encoding.is_some() || errors.is_some() || newline.is_some()) {
            return Err(unsupported(
                py,
                "It is not possible to set the encoding or newline of stream after the first read",
            ));
        }
        let truth = |value: Option<&PyObject>, now: bool| match value {
            Some(v) => v.downcast::<PyLong>().map_or_else(|| v.is_true(py), |n| Ok(!n.is_zero())),
            None => Ok(now),
        };
        let line_buffering = truth(line_buffering, self.line_buffering.get())?;
        let write_through = truth(write_through, self.write_through.get())?;
        self.call_method0(py, id!(py, "flush"))?;
        self.bytes_per_char.set(0.0);
        if encoding.is_some() || errors.is_some() || newline.is_some() {
            self.change_codec(py, encoding, errors, newline)?;
        }
        self.line_buffering.set(line_buffering);
        self.write_through.set(write_through);
        Ok(())
    }

    #[method]
    fn detach(&self, py: Python) -> PyResult {
        self.check_attached(py)?;
        self.call_method0(py, id!(py, "flush"))?;
        let buffer = self.buffer.take();
        self.file.clear();
        self.detached.set(true);
        self.ok.set(false);
        Ok(buffer.unwrap_or_else(|| py.none()))
    }

    #[method]
    #[signature("(self, text, /)")]
    fn write(&self, py: Python, text: &PyObject) -> PyResult<usize> {
        let Some(text) = text.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "write() argument must be str, not {:.50}", text.ty().full_name()));
        };
        self.write_text(py, text)
    }

    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyStr>> {
        self.read_text(py, size.map_or(-1, |s| s.0))
    }

    #[method]
    #[signature("(self, size=-1, /)")]
    fn readline(&self, py: Python, size: isize) -> PyResult<Py<PyStr>> {
        self.check_attached(py)?;
        self.read_line(py, size)
    }

    /// Set the stream position, and return the new stream position.
    ///
    ///   cookie
    ///     Zero or an opaque number returned by tell().
    ///   whence
    ///     The relative position to seek from.
    ///
    /// Four operations are supported, given by the following argument
    /// combinations:
    ///
    /// - seek(0, SEEK_SET): Rewind to the start of the stream.
    /// - seek(cookie, SEEK_SET): Restore a previous position;
    ///   'cookie' must be a number returned by tell().
    /// - seek(0, SEEK_END): Fast-forward to the end of the stream.
    /// - seek(0, SEEK_CUR): Leave the current stream position unchanged.
    ///
    /// Any other argument combinations are invalid,
    /// and may raise exceptions.
    #[method]
    #[signature("(self, cookie, whence=0, /)", text = "($self, cookie, whence=os.SEEK_SET, /)")]
    fn seek(&self, py: Python, cookie: &PyObject, whence: i32) -> PyResult {
        self.seek_to(py, cookie, whence)
    }

    /// Return the stream position as an opaque number.
    ///
    /// The return value of tell() can be given as input to seek(), to restore a
    /// previous stream position.
    #[method]
    fn tell(&self, py: Python) -> PyResult {
        self.tell_cookie(py)
    }

    #[method]
    #[signature("(self, pos=None, /)")]
    fn truncate(&self, py: Python, pos: Option<&PyObject>) -> PyResult {
        self.check_attached(py)?;
        self.call_method0(py, id!(py, "flush"))?;
        let none = py.none();
        self.stream(py)?.call_method1(py, id!(py, "truncate"), pos.unwrap_or(&none))
    }

    #[method]
    fn fileno(&self, py: Python) -> PyResult {
        self.stream(py)?.call_method0(py, id!(py, "fileno"))
    }
    #[method]
    fn seekable(&self, py: Python) -> PyResult {
        self.stream(py)?.call_method0(py, id!(py, "seekable"))
    }
    #[method]
    fn readable(&self, py: Python) -> PyResult {
        self.stream(py)?.call_method0(py, id!(py, "readable"))
    }
    #[method]
    fn writable(&self, py: Python) -> PyResult {
        self.stream(py)?.call_method0(py, id!(py, "writable"))
    }
    #[method]
    fn isatty(&self, py: Python) -> PyResult {
        self.stream(py)?.call_method0(py, id!(py, "isatty"))
    }
    #[method]
    fn flush(&self, py: Python) -> PyResult {
        self.flush_all(py)
    }

    #[method]
    fn close(&self, py: Python) -> PyResult {
        self.check_attached(py)?;
        // As an attribute: a subclass may have its own.
        if self.getattr(py, id!(py, "closed"))?.is_true(py)? {
            return Ok(py.none());
        }
        let buffer = self.stream(py)?;
        if self.finalizing.get() && buffer.call_method1(py, id!(py, "_dealloc_warn"), self).is_err() {
            err::clear(py);
        }
        let flushed = self.call_method0(py, id!(py, "flush")).map(drop);
        then_even_if_raised(py, flushed, || buffer.call_method0(py, id!(py, "close")))
    }

    #[method]
    fn __getstate__(&self, py: Python) -> PyResult {
        Err(cannot_pickle(py, self))
    }
}

/// An argument of `reconfigure` that is a str or None.
fn optional_text<'a>(py: Python, value: Option<&'a PyObject>, name: &str) -> PyResult<Option<&'a PyStr>> {
    match value {
        None => Ok(None),
        Some(v) => match v.downcast::<PyStr>() {
            Some(s) => Ok(Some(s)),
            None => Err(raise!(
                py,
                TypeError,
                "reconfigure() argument '{name}' must be str or None, not {:.50}",
                v.ty().full_name()
            )),
        },
    }
}
