//! `BytesIO`: a binary stream in memory.

use super::buffered::base::PyBufferedIOBase;
use super::fileio::writable_buffer;
use super::iobase;
use crate::args::Size;
use core::cell::{Cell, UnsafeCell};
use taipan_object::abstracts::buffer::{self, Buffer};
use taipan_object::abstracts::number;
use taipan_object::typeobj::Py_buffer;
use taipan_object::types::memoryview::{self, PyMemoryView};
use taipan_object::{
    Py, PyBytes, PyClass, PyDict, PyList, PyLong, PyObject, PyResult, PyTuple, PyType, Python, Slot, Trace, err,
    exceptions, pyclass, raise,
};

#[derive(Trace)]
#[repr(C)]
pub struct PyBytesIO {
    pub ob_base: PyObject,
    dict: Slot<PyDict>,
    #[trace(skip)]
    weakreflist: Slot,
    closed: Cell<bool>,
    /// The contents, as long as nobody changes them: shared with whoever gave them or asked for them.
    shared: Slot<PyBytes>,
    /// The contents otherwise.
    #[trace(skip)]
    data: UnsafeCell<Vec<u8>>,
    pos: Cell<usize>,
    /// Views of the contents: while there are any, the memory stays where it is.
    exports: Cell<usize>,
}

impl PyBytesIO {
    fn check_open(&self, py: Python) -> PyResult<()> {
        if self.closed.get() {
            return Err(raise!(py, ValueError, "I/O operation on closed file."));
        }
        Ok(())
    }

    fn check_exports(&self, py: Python) -> PyResult<()> {
        if self.exports.get() > 0 {
            return Err(raise!(py, BufferError, "Existing exports of data: object cannot be re-sized"));
        }
        Ok(())
    }

    /// The contents. Valid until the stream is changed: no Python code may run meanwhile.
    fn contents(&self) -> &[u8] {
        // SAFETY: as the comment says.
        unsafe {
            match self.shared.borrow() {
                Some(bytes) => bytes.as_slice(),
                None => &*self.data.get(),
            }
        }
    }

    /// Runs `f` on contents that are this stream's alone.
    fn change<R>(&self, py: Python, f: impl FnOnce(&mut Vec<u8>) -> R) -> PyResult<R> {
        self.unshare(py)?;
        // SAFETY: the GIL is held and `f` runs no Python code, so nobody else looks at the contents.
        Ok(f(unsafe { &mut *self.data.get() }))
    }

    fn unshare(&self, py: Python) -> PyResult<()> {
        if let Some(bytes) = self.shared.take() {
            let mut own = Vec::new();
            if own.try_reserve(bytes.len()).is_err() {
                self.shared.set(Some(bytes));
                return Err(err::no_memory(py));
            }
            own.extend_from_slice(bytes.as_slice());
            // SAFETY: as in `change`.
            unsafe { *self.data.get() = own };
        }
        Ok(())
    }

    /// The contents as an object, shared from now on if nothing forbids it.
    fn value(&self, py: Python) -> PyResult<Py<PyBytes>> {
        if let Some(bytes) = self.shared.get() {
            return Ok(bytes);
        }
        let bytes = PyBytes::new(py, self.contents())?;
        if self.exports.get() == 0 {
            self.shared.set(Some(bytes.clone()));
            // SAFETY: as in `change`.
            unsafe { *self.data.get() = Vec::new() };
        }
        Ok(bytes)
    }

    fn rest(&self) -> &[u8] {
        let all = self.contents();
        &all[self.pos.get().min(all.len())..]
    }

    fn take(&self, py: Python, n: usize) -> PyResult<Py<PyBytes>> {
        let n = n.min(self.rest().len());
        let bytes = match self.shared.get() {
            // All of it, at once: the object itself.
            Some(all) if n > 1 && n == all.len() => all,
            _ => PyBytes::new(py, &self.rest()[..n])?,
        };
        self.pos.set(self.pos.get() + n);
        Ok(bytes)
    }

    /// The length of the next line, at most `limit`.
    fn line_len(&self, limit: isize) -> usize {
        let rest = self.rest();
        let n = memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
        usize::try_from(limit).map_or(n, |limit| n.min(limit))
    }

    fn write_slice(&self, py: Python, bytes: &[u8]) -> PyResult<()> {
        let pos = self.pos.get();
        let Some(end) = pos.checked_add(bytes.len()).filter(|&e| e <= isize::MAX as usize) else {
            return Err(raise!(py, OverflowError, "new buffer size too large"));
        };
        let written = self.change(py, |data| {
            if data.try_reserve(end.saturating_sub(data.len())).is_err() {
                return false;
            }
            if pos > data.len() {
                data.resize(pos, 0);
            }
            let overlap = bytes.len().min(data.len() - pos);
            data[pos..pos + overlap].copy_from_slice(&bytes[..overlap]);
            data.extend_from_slice(&bytes[overlap..]);
            true
        })?;
        if !written {
            return Err(err::no_memory(py));
        }
        self.pos.set(end);
        Ok(())
    }

    fn write_object(&self, py: Python, b: &PyObject) -> PyResult<usize> {
        self.check_open(py)?;
        self.check_exports(py)?;
        if let Some(bytes) = b.downcast_exact::<PyBytes>() {
            // All the contents there are, at the start: shared instead of copied.
            if self.pos.get() == 0 && self.contents().is_empty() && bytes.len() > 0 {
                self.shared.set(Some(Py::new_ref(bytes)));
                self.pos.set(bytes.len());
                return Ok(bytes.len());
            }
            if bytes.len() > 0 {
                self.write_slice(py, bytes.as_slice())?;
            }
            return Ok(bytes.len());
        }
        let view = Buffer::get(py, b, buffer::CONTIG_RO)?;
        // Getting the view may have run code.
        self.check_open(py)?;
        self.check_exports(py)?;
        if view.len() > 0 {
            self.write_slice(py, view.as_slice())?;
        }
        Ok(view.len())
    }
}

/// Buffered I/O implementation using an in-memory bytes buffer.
#[pyclass(
    name = "_io.BytesIO",
    base = PyBufferedIOBase,
    flags(GC, BASETYPE, IMMUTABLETYPE),
    weaklist = weakreflist,
    dict = dict,
)]
impl PyBytesIO {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyBytesIO>> {
        let _ = (args, kwargs);
        PyBytesIO::alloc(py, cls, |head| PyBytesIO {
            ob_base: head,
            dict: Slot::empty(),
            weakreflist: Slot::empty(),
            closed: Cell::new(false),
            shared: Slot::empty(),
            data: UnsafeCell::new(Vec::new()),
            pos: Cell::new(0),
            exports: Cell::new(0),
        })
    }

    #[signature("(initial_bytes=None)", text = "(initial_bytes=b'')")]
    fn tp_init(&self, py: Python, initial_bytes: Option<&PyObject>) -> PyResult<()> {
        self.check_exports(py)?;
        self.shared.clear();
        self.change(py, Vec::clear)?;
        self.pos.set(0);
        if let Some(initial) = initial_bytes {
            if let Some(bytes) = initial.downcast_exact::<PyBytes>() {
                self.shared.set(Some(Py::new_ref(bytes)));
            } else {
                self.write_object(py, initial)?;
                self.pos.set(0);
            }
        }
        Ok(())
    }

    fn tp_finalize(&self, py: Python) {
        iobase::finalize(py, self);
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py<PyBytes>>> {
        self.check_open(py)?;
        let n = self.line_len(-1);
        Ok(if n == 0 { None } else { Some(self.take(py, n)?) })
    }

    /// True if the file is closed.
    #[getter]
    fn closed(&self) -> bool {
        self.closed.get()
    }

    /// Returns True if the IO object can be read.
    #[method]
    fn readable(&self, py: Python) -> PyResult<bool> {
        self.check_open(py).map(|()| true)
    }
    /// Returns True if the IO object can be written.
    #[method]
    fn writable(&self, py: Python) -> PyResult<bool> {
        self.check_open(py).map(|()| true)
    }
    /// Returns True if the IO object can be seeked.
    #[method]
    fn seekable(&self, py: Python) -> PyResult<bool> {
        self.check_open(py).map(|()| true)
    }
    /// Does nothing.
    #[method]
    fn flush(&self, py: Python) -> PyResult<()> {
        self.check_open(py)
    }
    /// Always returns False.
    ///
    /// BytesIO objects are not connected to a TTY-like device.
    #[method]
    fn isatty(&self, py: Python) -> PyResult<bool> {
        self.check_open(py).map(|()| false)
    }
    /// Current file position, an integer.
    #[method]
    fn tell(&self, py: Python) -> PyResult<usize> {
        self.check_open(py)?;
        Ok(self.pos.get())
    }

    /// Get a read-write view over the contents of the BytesIO object.
    #[method]
    fn getbuffer(&self, py: Python) -> PyResult<Py<PyMemoryView>> {
        self.check_open(py)?;
        let holder = PyBytesIOBuffer::alloc_exact(py, |head| PyBytesIOBuffer {
            ob_base: head,
            source: Slot::some(Py::new_ref(self)),
        })?;
        memoryview::from_object(py, &holder)
    }

    /// Retrieve the entire contents of the BytesIO object.
    #[method]
    fn getvalue(&self, py: Python) -> PyResult<Py<PyBytes>> {
        self.check_open(py)?;
        self.value(py)
    }

    /// Read at most size bytes, returned as a bytes object.
    ///
    /// If the size argument is negative, read until EOF is reached.
    /// Return an empty bytes object at EOF.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyBytes>> {
        self.check_open(py)?;
        let n = usize::try_from(size.map_or(-1, |s| s.0)).unwrap_or(usize::MAX);
        self.take(py, n)
    }

    /// Read at most size bytes, returned as a bytes object.
    ///
    /// If the size argument is negative or omitted, read until EOF is reached.
    /// Return an empty bytes object at EOF.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read1(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyBytes>> {
        self.read(py, size)
    }

    /// Next line from the file, as a bytes object.
    ///
    /// Retain newline.  A non-negative size argument limits the maximum
    /// number of bytes to return (an incomplete line may be returned then).
    /// Return an empty bytes object at EOF.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn readline(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyBytes>> {
        self.check_open(py)?;
        self.take(py, self.line_len(size.map_or(-1, |s| s.0)))
    }

    /// List of bytes objects, each a line from the file.
    ///
    /// Call readline() repeatedly and return a list of the lines so read.
    /// The optional size argument, if given, is an approximate bound on the
    /// total number of bytes in the lines returned.
    #[method]
    #[signature("(self, size=None, /)")]
    fn readlines(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyList>> {
        self.check_open(py)?;
        let limit = size.map_or(-1, |s| s.0);
        let list = PyList::new(py)?;
        let mut total = 0;
        loop {
            let n = self.line_len(-1);
            if n == 0 {
                return Ok(list);
            }
            list.push_owned(py, self.take(py, n)?.into_object())?;
            total += n as isize;
            if limit > 0 && total >= limit {
                return Ok(list);
            }
        }
    }

    /// Read bytes into buffer.
    ///
    /// Returns number of bytes read (0 for EOF), or None if the object
    /// is set not to block and has no data to read.
    #[method]
    #[signature("(self, buffer, /)")]
    fn readinto(&self, py: Python, buffer: &PyObject) -> PyResult<usize> {
        let view = writable_buffer(py, buffer, "readinto() argument")?;
        self.check_open(py)?;
        let rest = self.rest();
        let n = rest.len().min(view.len());
        // SAFETY: the view has room for them; it may be a view of this very stream.
        unsafe { core::ptr::copy(rest.as_ptr(), view.view().buf as *mut u8, n) };
        self.pos.set(self.pos.get() + n);
        Ok(n)
    }

    /// Truncate the file to at most size bytes.
    ///
    /// Size defaults to the current file position, as returned by tell().
    /// The current file position is unchanged.  Returns the new size.
    #[method]
    #[signature("(self, size=None, /)")]
    fn truncate(&self, py: Python, size: Option<&PyObject>) -> PyResult<usize> {
        self.check_open(py)?;
        self.check_exports(py)?;
        let size = match size {
            None => self.pos.get() as isize,
            Some(size) => number::as_ssize(py, size, Some(exceptions::OverflowError()))?,
        };
        let Ok(n) = usize::try_from(size) else {
            return Err(raise!(py, ValueError, "negative size value {size}"));
        };
        // The conversion may have run code.
        self.check_exports(py)?;
        if n < self.contents().len() {
            self.change(py, |data| data.truncate(n))?;
        }
        Ok(n)
    }

    /// Change stream position.
    ///
    /// Seek to byte offset pos relative to position indicated by whence:
    ///      0  Start of stream (the default).  pos should be >= 0;
    ///      1  Current position - pos may be negative;
    ///      2  End of stream - pos usually negative.
    /// Returns the new absolute position.
    #[method]
    #[signature("(self, pos, whence=0, /)")]
    fn seek(&self, py: Python, pos: isize, whence: i32) -> PyResult<usize> {
        self.check_open(py)?;
        if pos < 0 && whence == 0 {
            return Err(raise!(py, ValueError, "negative seek value {pos}"));
        }
        let base = match whence {
            0 => 0,
            1 => self.pos.get(),
            2 => self.contents().len(),
            _ => return Err(raise!(py, ValueError, "invalid whence ({whence}, should be 0, 1 or 2)")),
        };
        let Some(new) = (base as isize).checked_add(pos) else {
            return Err(raise!(py, OverflowError, "new position too large"));
        };
        self.pos.set(new.max(0) as usize);
        Ok(self.pos.get())
    }

    /// Write bytes to file.
    ///
    /// Return the number of bytes written.
    #[method]
    #[signature("(self, b, /)")]
    fn write(&self, py: Python, b: &PyObject) -> PyResult<usize> {
        self.write_object(py, b)
    }

    /// Write lines to the file.
    ///
    /// Note that newlines are not added.  lines can be any iterable object
    /// producing bytes-like objects. This is equivalent to calling write() for
    /// each element.
    #[method]
    #[signature("(self, lines, /)")]
    fn writelines(&self, py: Python, lines: &PyObject) -> PyResult<()> {
        self.check_open(py)?;
        let iterator = lines.iter(py)?;
        while let Some(line) = iterator.iter_next(py)? {
            self.write_object(py, &line)?;
        }
        Ok(())
    }

    /// Disable all I/O operations.
    #[method]
    fn close(&self, py: Python) -> PyResult<()> {
        self.check_exports(py)?;
        self.shared.clear();
        self.change(py, |data| *data = Vec::new())?;
        self.closed.set(true);
        Ok(())
    }

    #[method]
    fn __getstate__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let value = self.getvalue(py)?;
        let pos = PyLong::from_usize(py, self.pos.get())?;
        let dict = match self.dict.get() {
            Some(d) => d.copy(py)?.into_object(),
            None => py.none(),
        };
        PyTuple::from_slice(py, &[value.as_object(), pos.as_object(), &dict])
    }

    #[method]
    #[signature("(self, state, /)", hidden)]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        let Some(parts) = state.downcast::<PyTuple>().filter(|t| t.len() >= 3) else {
            return Err(raise!(
                py,
                TypeError,
                "{:.200}.__setstate__ argument should be 3-tuple, got {:.200}",
                self.ty().full_name(),
                state.ty().full_name()
            ));
        };
        self.check_exports(py)?;
        self.shared.clear();
        self.change(py, Vec::clear)?;
        self.pos.set(0);
        self.write_object(py, parts.get(0))?;
        let Some(pos) = parts.get(1).downcast::<PyLong>() else {
            return Err(raise!(
                py,
                TypeError,
                "second item of state must be an integer, not {:.200}",
                parts.get(1).ty().full_name()
            ));
        };
        let Ok(pos) = usize::try_from(pos.as_isize(py)?) else {
            return Err(raise!(py, ValueError, "position value cannot be negative"));
        };
        self.pos.set(pos);
        restore_dict(py, &self.dict, parts.get(2), "third")
    }

    #[method]
    fn __sizeof__(&self, _py: Python) -> usize {
        // SAFETY: nothing runs meanwhile.
        let own = unsafe { (*self.data.get()).capacity() };
        size_of::<Self>() + own + self.shared.get().map_or(0, |b| b.len())
    }
}

/// Takes the attributes of a pickled stream.
pub fn restore_dict(py: Python, slot: &Slot<PyDict>, dict: &PyObject, which: &str) -> PyResult<()> {
    if dict.is_none() {
        return Ok(());
    }
    let Some(dict) = dict.downcast::<PyDict>() else {
        return Err(raise!(
            py,
            TypeError,
            "{which} item of state should be a dict, got a {:.200}",
            dict.ty().full_name()
        ));
    };
    match slot.get() {
        Some(own) => own.update(py, dict),
        None => {
            slot.set(Some(Py::new_ref(dict)));
            Ok(())
        }
    }
}

/// What a view of a BytesIO's contents is got from: keeps count of the views.
#[derive(Trace)]
#[repr(C)]
pub struct PyBytesIOBuffer {
    pub ob_base: PyObject,
    source: Slot<PyBytesIO>,
}

#[pyclass(name = "_io._BytesIOBuffer", flags(GC, IMMUTABLETYPE, DISALLOW_INSTANTIATION))]
impl PyBytesIOBuffer {
    unsafe fn bf_getbuffer(&self, py: Python, view: *mut Py_buffer, flags: i32) -> PyResult<()> {
        let Some(source) = self.source.get() else {
            return Err(raise!(py, BufferError, "the stream is gone"));
        };
        if view.is_null() {
            return Err(raise!(py, BufferError, "bytesiobuf_getbuffer: view==NULL argument is obsolete"));
        }
        source.unshare(py)?;
        // SAFETY: nobody else looks at the contents; they stay where they are while there are exports.
        let data = unsafe { &mut *source.data.get() };
        // SAFETY: the view is the caller's.
        unsafe {
            buffer::fill_info(py, view, Some(self), data.as_mut_ptr().cast(), data.len() as isize, false, flags)?
        };
        source.exports.set(source.exports.get() + 1);
        Ok(())
    }
    unsafe fn bf_releasebuffer(&self, _py: Python, _view: *mut Py_buffer) {
        if let Some(source) = self.source.get() {
            source.exports.set(source.exports.get() - 1);
        }
    }
}
