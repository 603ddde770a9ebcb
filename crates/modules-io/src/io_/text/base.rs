//! `_TextIOBase`.

use crate::io_::{iobase, unsupported};
use taipan_object::{Py, PyDict, PyObject, PyResult, Python, Slot, Trace, pyclass};

/// A text stream: the layout of `_IOBase`.
#[derive(Trace)]
#[repr(C)]
pub struct PyTextIOBase {
    pub ob_base: PyObject,
    dict: Slot<PyDict>,
    #[trace(skip)]
    weakreflist: Slot,
}

/// Base class for text I/O.
///
/// This class provides a character and line based interface to stream
/// I/O. There is no readinto method because Python's character strings
/// are immutable.
#[pyclass(
    name = "_io._TextIOBase",
    base = iobase::PyIOBase,
    flags(GC, BASETYPE, IMMUTABLETYPE),
    weaklist = weakreflist,
    dict = dict,
)]
impl PyTextIOBase {
    fn tp_finalize(&self, py: Python) {
        iobase::finalize(py, self);
    }

    /// Separate the underlying buffer from the TextIOBase and return it.
    ///
    /// After the underlying buffer has been detached, the TextIO is in an unusable state.
    #[method]
    fn detach(&self, py: Python) -> PyResult {
        Err(unsupported(py, "detach"))
    }

    /// Read at most size characters from stream.
    ///
    /// Read from underlying buffer until we have size characters or we hit EOF.
    /// If size is negative or omitted, read until EOF.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read(&self, py: Python, size: Option<&PyObject>) -> PyResult {
        let _ = size;
        Err(unsupported(py, "read"))
    }

    /// Read until newline or EOF.
    ///
    /// Return an empty string if EOF is hit immediately.
    /// If size is specified, at most size characters will be read.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn readline(&self, py: Python, size: Option<&PyObject>) -> PyResult {
        let _ = size;
        Err(unsupported(py, "readline"))
    }

    /// Write string s to stream.
    ///
    /// Return the number of characters written
    /// (which is always equal to the length of the string).
    #[method]
    #[signature("(self, s, /)")]
    fn write(&self, py: Python, s: &PyObject) -> PyResult {
        let _ = s;
        Err(unsupported(py, "write"))
    }

    /// Encoding of the text stream.
    ///
    /// Subclasses should override.
    #[getter]
    fn encoding(&self, py: Python) -> Py {
        py.none()
    }
    /// Line endings translated so far.
    ///
    /// Only line endings translated during reading are considered.
    /// Subclasses should override.
    #[getter]
    fn newlines(&self, py: Python) -> Py {
        py.none()
    }
    /// The error setting of the decoder or encoder.
    ///
    /// Subclasses should override.
    #[getter]
    fn errors(&self, py: Python) -> Py {
        py.none()
    }
}
