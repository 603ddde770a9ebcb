//! `BufferedRWPair`: a reader and a writer over two raw streams, as one object.

use super::base::PyBufferedIOBase;
use super::{PyBufferedReader, PyBufferedWriter};
use crate::io_::{ask, iobase, then_even_if_raised};
use taipan_object::{
    Args, Py, PyClass, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, id, pyclass,
    raise,
};

#[derive(Trace)]
#[repr(C)]
pub struct PyBufferedRWPair {
    pub ob_base: PyObject,
    dict: Slot<PyDict>,
    #[trace(skip)]
    weakreflist: Slot,
    reader: Slot,
    writer: Slot,
}

impl PyBufferedRWPair {
    fn part(&self, py: Python, part: &Slot) -> PyResult<Py> {
        let _ = self;
        part.get().ok_or_else(|| raise!(py, ValueError, "I/O operation on uninitialized object"))
    }
    fn of_reader(&self, py: Python, name: &PyStr, args: &[&PyObject]) -> PyResult {
        self.part(py, &self.reader)?.call_method(py, name, args)
    }
    fn of_writer(&self, py: Python, name: &PyStr, args: &[&PyObject]) -> PyResult {
        self.part(py, &self.writer)?.call_method(py, name, args)
    }
}

/// A buffered reader and writer object together.
///
/// A buffered reader object and buffered writer object put together to
/// form a sequential IO object that can read and write. This is typically
/// used with a socket or two-way pipe.
///
/// reader and writer are RawIOBase objects that are readable and
/// writeable respectively. If the buffer_size is omitted it defaults to
/// DEFAULT_BUFFER_SIZE.
#[pyclass(
    name = "_io.BufferedRWPair",
    base = PyBufferedIOBase,
    flags(GC, BASETYPE, IMMUTABLETYPE),
    weaklist = weakreflist,
    dict = dict,
)]
impl PyBufferedRWPair {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyBufferedRWPair>> {
        let _ = (args, kwargs);
        PyBufferedRWPair::alloc(py, cls, |head| PyBufferedRWPair {
            ob_base: head,
            dict: Slot::empty(),
            weakreflist: Slot::empty(),
            reader: Slot::empty(),
            writer: Slot::empty(),
        })
    }
    #[signature(
        "(reader, writer, buffer_size=131072, /)",
        text = "(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)"
    )]
    fn tp_init(&self, py: Python, reader: &PyObject, writer: &PyObject, buffer_size: isize) -> PyResult<()> {
        iobase::check_readable(py, reader)?;
        iobase::check_writable(py, writer)?;
        let size = PyLong::from_isize(py, buffer_size)?;
        let reader = PyBufferedReader::type_object(py).call(py, &[reader, size.as_object()])?;
        let writer = PyBufferedWriter::type_object(py).call(py, &[writer, size.as_object()])?;
        self.reader.set(Some(reader));
        self.writer.set(Some(writer));
        Ok(())
    }
    fn tp_finalize(&self, py: Python) {
        iobase::finalize(py, self);
    }

    #[getter]
    fn closed(&self, py: Python) -> PyResult {
        self.part(py, &self.writer)?.getattr(py, id!(py, "closed"))
    }
    #[method]
    #[signature("(self, /, *args)", hidden)]
    fn read(&self, py: Python, args: Args<'_>) -> PyResult {
        self.of_reader(py, id!(py, "read"), args.as_slice())
    }
    #[method]
    #[signature("(self, /, *args)", hidden)]
    fn peek(&self, py: Python, args: Args<'_>) -> PyResult {
        self.of_reader(py, id!(py, "peek"), args.as_slice())
    }
    #[method]
    #[signature("(self, /, *args)", hidden)]
    fn read1(&self, py: Python, args: Args<'_>) -> PyResult {
        self.of_reader(py, id!(py, "read1"), args.as_slice())
    }
    #[method]
    #[signature("(self, /, *args)", hidden)]
    fn readinto(&self, py: Python, args: Args<'_>) -> PyResult {
        self.of_reader(py, id!(py, "readinto"), args.as_slice())
    }
    #[method]
    #[signature("(self, /, *args)", hidden)]
    fn readinto1(&self, py: Python, args: Args<'_>) -> PyResult {
        self.of_reader(py, id!(py, "readinto1"), args.as_slice())
    }
    #[method]
    #[signature("(self, /, *args)", hidden)]
    fn write(&self, py: Python, args: Args<'_>) -> PyResult {
        self.of_writer(py, id!(py, "write"), args.as_slice())
    }
    #[method]
    fn flush(&self, py: Python) -> PyResult {
        self.of_writer(py, id!(py, "flush"), &[])
    }
    #[method]
    fn readable(&self, py: Python) -> PyResult {
        self.of_reader(py, id!(py, "readable"), &[])
    }
    #[method]
    fn writable(&self, py: Python) -> PyResult {
        self.of_writer(py, id!(py, "writable"), &[])
    }
    #[method]
    fn close(&self, py: Python) -> PyResult {
        let written = self.of_writer(py, id!(py, "close"), &[]).map(drop);
        then_even_if_raised(py, written, || self.of_reader(py, id!(py, "close"), &[]))
    }
    #[method]
    fn isatty(&self, py: Python) -> PyResult<bool> {
        Ok(ask(py, &*self.part(py, &self.writer)?, id!(py, "isatty"))?
            || ask(py, &*self.part(py, &self.reader)?, id!(py, "isatty"))?)
    }
}
