//! `_BufferedIOBase`.

use super::super::{iobase, unsupported};
use taipan_object::abstracts::buffer::Buffer;
use taipan_object::{PyBytes, PyDict, PyLong, PyObject, PyResult, PyStr, Python, Slot, Trace, id, pyclass, raise};

/// A buffered stream: the layout of `_IOBase`.
#[derive(Trace)]
#[repr(C)]
pub struct PyBufferedIOBase {
    pub ob_base: PyObject,
    dict: Slot<PyDict>,
    #[trace(skip)]
    weakreflist: Slot,
}

/// What `readinto` does with a stream that can only `read`.
fn readinto_by(py: Python, stream: &PyObject, target: &PyObject, method: &PyStr) -> PyResult<usize> {
    let mut view: Buffer = super::super::fileio::writable_buffer(py, target, &method_into(method))?;
    let n = PyLong::from_usize(py, view.len())?;
    let data = stream.call_method1(py, method, n.as_object())?;
    let Some(bytes) = data.downcast::<PyBytes>() else {
        return Err(raise!(py, TypeError, "read() should return bytes"));
    };
    if bytes.len() > view.len() {
        return Err(raise!(
            py,
            ValueError,
            "read() returned too much data: {} bytes requested, {} returned",
            view.len(),
            bytes.len()
        ));
    }
    view.as_mut_slice()[..bytes.len()].copy_from_slice(bytes.as_slice());
    Ok(bytes.len())
}

fn method_into(method: &PyStr) -> String {
    if method.len() == 4 { "readinto() argument".into() } else { "readinto1() argument".into() }
}

/// Base class for buffered IO objects.
///
/// The main difference with RawIOBase is that the read() method
/// supports omitting the size argument, and does not have a default
/// implementation that defers to readinto().
///
/// In addition, read(), readinto() and write() may raise
/// BlockingIOError if the underlying raw stream is in non-blocking
/// mode and not ready; unlike their raw counterparts, they will never
/// return None.
///
/// A typical implementation should not inherit from a RawIOBase
/// implementation, but wrap one.
#[pyclass(
    name = "_io._BufferedIOBase",
    base = iobase::PyIOBase,
    flags(GC, BASETYPE, IMMUTABLETYPE),
    weaklist = weakreflist,
    dict = dict,
)]
impl PyBufferedIOBase {
    fn tp_finalize(&self, py: Python) {
        iobase::finalize(py, self);
    }

    /// Disconnect this buffer from its underlying raw stream and return it.
    ///
    /// After the raw stream has been detached, the buffer is in an unusable
    /// state.
    #[method]
    fn detach(&self, py: Python) -> PyResult {
        Err(unsupported(py, "detach"))
    }

    /// Read and return up to n bytes.
    ///
    /// If the size argument is omitted, None, or negative, read and
    /// return all data until EOF.
    ///
    /// If the size argument is positive, and the underlying raw stream is
    /// not 'interactive', multiple raw reads may be issued to satisfy
    /// the byte count (unless EOF is reached first).
    /// However, for interactive raw streams (as well as sockets and pipes),
    /// at most one raw read will be issued, and a short result does not
    /// imply that EOF is imminent.
    ///
    /// Return an empty bytes object on EOF.
    ///
    /// Return None if the underlying raw stream was open in non-blocking
    /// mode and no data is available at the moment.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read(&self, py: Python, size: Option<&PyObject>) -> PyResult {
        let _ = size;
        Err(unsupported(py, "read"))
    }

    /// Read and return up to size bytes, with at most one read() call to the underlying raw stream.
    ///
    /// Return an empty bytes object on EOF.
    /// A short result does not imply that EOF is imminent.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read1(&self, py: Python, size: Option<&PyObject>) -> PyResult {
        let _ = size;
        Err(unsupported(py, "read1"))
    }

    /// Write buffer b to the IO stream.
    ///
    /// Return the number of bytes written, which is always
    /// the length of b in bytes.
    ///
    /// Raise BlockingIOError if the buffer is full and the
    /// underlying raw stream cannot accept more data at the moment.
    #[method]
    #[signature("(self, b, /)")]
    fn write(&self, py: Python, b: &PyObject) -> PyResult {
        let _ = b;
        Err(unsupported(py, "write"))
    }

    #[method]
    #[signature("(self, buffer, /)")]
    fn readinto(&self, py: Python, buffer: &PyObject) -> PyResult<usize> {
        readinto_by(py, self, buffer, id!(py, "read"))
    }

    #[method]
    #[signature("(self, buffer, /)")]
    fn readinto1(&self, py: Python, buffer: &PyObject) -> PyResult<usize> {
        readinto_by(py, self, buffer, id!(py, "read1"))
    }
}
