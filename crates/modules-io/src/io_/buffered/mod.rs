//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`: one raw stream behind a buffer.

pub mod base;
mod core;
mod lock;
pub mod pair;

use self::base::PyBufferedIOBase;
use self::core::Core;
use super::{cannot_pickle, iobase};
use crate::args::Size;
use ::core::cell::Cell;
use taipan_object::{
    Py, PyBytes, PyClass, PyDict, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass,
};

/// Declares one of the classes: what they have in common, and its own methods.
macro_rules! buffered_class {
    ($(#[$doc:meta])* $class:ident, $name:tt; $($own:tt)*) => {
        #[derive(Trace)]
        #[repr(C)]
        pub struct $class {
            pub ob_base: PyObject,
            dict: Slot<PyDict>,
            #[trace(skip)]
            weakreflist: Slot,
            finalizing: Cell<bool>,
            core: Core,
        }

        $(#[$doc])*
        #[pyclass(
            name = $name,
            base = PyBufferedIOBase,
            flags(GC, BASETYPE, IMMUTABLETYPE),
            weaklist = weakreflist,
            dict = dict,
            members(finalizing as "_finalizing": BOOL),
        )]
        impl $class {
            fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<$class>> {
                let _ = (args, kwargs);
                $class::alloc(py, cls, |head| $class {
                    ob_base: head,
                    dict: Slot::empty(),
                    weakreflist: Slot::empty(),
                    finalizing: Cell::new(false),
                    core: Core::new(),
                })
            }
            fn tp_finalize(&self, py: Python) {
                iobase::finalize(py, self);
            }
            fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
                self.core.repr(py, self)
            }

            #[getter]
            fn raw(&self, _py: Python) -> Option<Py> {
                self.core.raw.get()
            }
            #[getter]
            fn closed(&self, py: Python) -> PyResult {
                self.core.raw_attribute(py, id!(py, "closed"))
            }
            #[getter]
            fn name(&self, py: Python) -> PyResult {
                self.core.raw_attribute(py, id!(py, "name"))
            }
            #[getter]
            fn mode(&self, py: Python) -> PyResult {
                self.core.raw_attribute(py, id!(py, "mode"))
            }

            #[method]
            fn detach(&self, py: Python) -> PyResult {
                self.core.detach(py, self)
            }
            #[method]
            fn close(&self, py: Python) -> PyResult {
                self.core.close(py, self, self.finalizing.get())
            }
            #[method]
            fn seekable(&self, py: Python) -> PyResult {
                self.core.ask_raw(py, id!(py, "seekable"))
            }
            #[method]
            fn fileno(&self, py: Python) -> PyResult {
                self.core.ask_raw(py, id!(py, "fileno"))
            }
            #[method]
            fn isatty(&self, py: Python) -> PyResult {
                self.core.ask_raw(py, id!(py, "isatty"))
            }
            #[method]
            fn tell(&self, py: Python) -> PyResult<i64> {
                self.core.tell(py)
            }
            #[method]
            #[signature("(self, target, whence=0, /)")]
            fn seek(&self, py: Python, target: &PyObject, whence: i32) -> PyResult<i64> {
                self.core.seek(py, self, target, whence)
            }
            #[method]
            #[signature("(self, pos=None, /)")]
            fn truncate(&self, py: Python, pos: Option<&PyObject>) -> PyResult {
                self.core.truncate(py, self, pos)
            }
            #[method]
            #[signature("(self, source, /)", hidden)]
            fn _dealloc_warn(&self, py: Python, source: &PyObject) -> PyResult<()> {
                self.core.dealloc_warn(py, source)
            }
            #[method]
            fn __sizeof__(&self, _py: Python) -> usize {
                size_of::<Self>() + self.core.size_of_buffer()
            }
            #[method]
            fn __getstate__(&self, py: Python) -> PyResult {
                Err(cannot_pickle(py, self))
            }

            $($own)*
        }
    };
}

buffered_class! {
    /// Create a new buffered reader using the given readable raw IO object.
    PyBufferedReader, "_io.BufferedReader";

    #[signature("(raw, buffer_size=131072)", text = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)")]
    fn tp_init(&self, py: Python, raw: &PyObject, buffer_size: isize) -> PyResult<()> {
        self.core.init(py, self, raw, buffer_size, true, false)
    }
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        next(py, self, &self.core, self.ty().is(Self::type_object(py)))
    }
    #[method]
    fn flush(&self, py: Python) -> PyResult {
        self.core.ask_raw(py, id!(py, "flush"))
    }
    #[method]
    fn readable(&self, py: Python) -> PyResult {
        self.core.ask_raw(py, id!(py, "readable"))
    }
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read(&self, py: Python, size: Option<Size>) -> PyResult<Option<Py>> {
        self.core.read(py, self, size.map(|s| s.0))
    }
    #[method]
    #[signature("(self, size=0, /)")]
    fn peek(&self, py: Python, size: isize) -> PyResult<Py<PyBytes>> {
        let _ = size;
        self.core.peek(py, self)
    }
    #[method]
    #[signature("(self, size=-1, /)")]
    fn read1(&self, py: Python, size: isize) -> PyResult<Py<PyBytes>> {
        self.core.read1(py, self, size)
    }
    #[method]
    #[signature("(self, buffer, /)")]
    fn readinto(&self, py: Python, buffer: &PyObject) -> PyResult<Option<usize>> {
        self.core.readinto(py, self, buffer, false)
    }
    #[method]
    #[signature("(self, buffer, /)")]
    fn readinto1(&self, py: Python, buffer: &PyObject) -> PyResult<Option<usize>> {
        self.core.readinto(py, self, buffer, true)
    }
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn readline(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyBytes>> {
        self.core.readline(py, self, size.map_or(-1, |s| s.0))
    }
}

buffered_class! {
    /// A buffer for a writeable sequential RawIO object.
    ///
    /// The constructor creates a BufferedWriter for the given writeable raw
    /// stream. If the buffer_size is not given, it defaults to
    /// DEFAULT_BUFFER_SIZE.
    PyBufferedWriter, "_io.BufferedWriter";

    #[signature("(raw, buffer_size=131072)", text = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)")]
    fn tp_init(&self, py: Python, raw: &PyObject, buffer_size: isize) -> PyResult<()> {
        self.core.init(py, self, raw, buffer_size, false, true)
    }
    #[method]
    fn flush(&self, py: Python) -> PyResult<()> {
        self.core.flush(py, self)
    }
    #[method]
    fn writable(&self, py: Python) -> PyResult {
        self.core.ask_raw(py, id!(py, "writable"))
    }
    /// Write the given buffer to the IO stream.
    ///
    /// Return the number of bytes written, which is always the length of b
    /// in bytes.
    ///
    /// Raise BlockingIOError if the buffer is full and the
    /// underlying raw stream cannot accept more data at the moment.
    #[method]
    #[signature("(self, buffer, /)")]
    fn write(&self, py: Python, buffer: &PyObject) -> PyResult<usize> {
        self.core.write(py, self, buffer)
    }
}

buffered_class! {
    /// A buffered interface to random access streams.
    ///
    /// The constructor creates a reader and writer for a seekable stream,
    /// raw, given in the first argument. If the buffer_size is omitted it
    /// defaults to DEFAULT_BUFFER_SIZE.
    PyBufferedRandom, "_io.BufferedRandom";

    #[signature("(raw, buffer_size=131072)", text = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)")]
    fn tp_init(&self, py: Python, raw: &PyObject, buffer_size: isize) -> PyResult<()> {
        self.core.init(py, self, raw, buffer_size, true, true)
    }
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        next(py, self, &self.core, self.ty().is(Self::type_object(py)))
    }
    #[method]
    fn flush(&self, py: Python) -> PyResult<()> {
        self.core.flush(py, self)
    }
    #[method]
    fn readable(&self, py: Python) -> PyResult {
        self.core.ask_raw(py, id!(py, "readable"))
    }
    #[method]
    fn writable(&self, py: Python) -> PyResult {
        self.core.ask_raw(py, id!(py, "writable"))
    }
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read(&self, py: Python, size: Option<Size>) -> PyResult<Option<Py>> {
        self.core.read(py, self, size.map(|s| s.0))
    }
    #[method]
    #[signature("(self, size=0, /)")]
    fn peek(&self, py: Python, size: isize) -> PyResult<Py<PyBytes>> {
        let _ = size;
        self.core.peek(py, self)
    }
    #[method]
    #[signature("(self, size=-1, /)")]
    fn read1(&self, py: Python, size: isize) -> PyResult<Py<PyBytes>> {
        self.core.read1(py, self, size)
    }
    #[method]
    #[signature("(self, buffer, /)")]
    fn readinto(&self, py: Python, buffer: &PyObject) -> PyResult<Option<usize>> {
        self.core.readinto(py, self, buffer, false)
    }
    #[method]
    #[signature("(self, buffer, /)")]
    fn readinto1(&self, py: Python, buffer: &PyObject) -> PyResult<Option<usize>> {
        self.core.readinto(py, self, buffer, true)
    }
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn readline(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyBytes>> {
        self.core.readline(py, self, size.map_or(-1, |s| s.0))
    }
    #[method]
    #[signature("(self, buffer, /)")]
    fn write(&self, py: Python, buffer: &PyObject) -> PyResult<usize> {
        self.core.write(py, self, buffer)
    }
}

/// The next line: directly, unless the object is of a subclass, which may have a `readline` of its own.
fn next(py: Python, this: &PyObject, core: &Core, exact: bool) -> PyResult<Option<Py>> {
    if !exact {
        return iobase::next_line(py, this);
    }
    let line = core.readline(py, this, -1)?;
    Ok(if line.len() == 0 { None } else { Some(line.into_object()) })
}
