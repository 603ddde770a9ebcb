//! `OSError`, whose constructor picks the subclass for the error number (PEP 3151).

use super::base::{PyBaseException, PyException};
use super::hierarchy as classes;
use crate::abstracts::number;
use crate::types::type_::PyType_GenericAlloc;
use crate::{
    Py, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder, Trace, pyclass, raise,
};
use core::cell::Cell;
use core::ptr::fn_addr_eq;

/// `PyOSErrorObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyOSError {
    pub ob_base: PyBaseException,
    pub myerrno: Slot,
    pub strerror: Slot,
    pub filename: Slot,
    pub filename2: Slot,
    /// Of BlockingIOError; -1 otherwise.
    pub written: Cell<isize>,
}

/// The class for an error number.
fn class_for(errno: i64) -> Option<&'static PyType> {
    Some(match i32::try_from(errno).ok()? {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => classes::BlockingIOError(),
        libc::EPIPE | libc::ESHUTDOWN => classes::BrokenPipeError(),
        libc::ECHILD => classes::ChildProcessError(),
        libc::ECONNABORTED => classes::ConnectionAbortedError(),
        libc::ECONNREFUSED => classes::ConnectionRefusedError(),
        libc::ECONNRESET => classes::ConnectionResetError(),
        libc::EEXIST => classes::FileExistsError(),
        libc::ENOENT => classes::FileNotFoundError(),
        libc::EISDIR => classes::IsADirectoryError(),
        libc::ENOTDIR => classes::NotADirectoryError(),
        libc::EINTR => classes::InterruptedError(),
        libc::EACCES | libc::EPERM => classes::PermissionError(),
        libc::ESRCH => classes::ProcessLookupError(),
        libc::ETIMEDOUT => classes::TimeoutError(),
        _ => return None,
    })
}

/// The class initialises in `__init__` because a subclass overrides that and not `__new__` (`oserror_use_init`).
fn uses_init(ty: &PyType) -> bool {
    let own = super::OSError();
    let same_init = match (ty.tp_init.get(), own.tp_init.get()) {
        (Some(a), Some(b)) => fn_addr_eq(a, b),
        _ => false,
    };
    let same_new = match (ty.tp_new.get(), own.tp_new.get()) {
        (Some(a), Some(b)) => fn_addr_eq(a, b),
        _ => false,
    };
    !same_init && same_new
}

impl PyOSError {
    fn fill(&self, py: Python, args: &PyTuple) -> PyResult<()> {
        let n = args.len();
        let mut stored: Py<PyTuple> = Py::new_ref(args);
        if (2..=5).contains(&n) {
            let item = |i: usize| if i < n { Some(args.get(i)) } else { None };
            let filename = item(2).filter(|f| !f.is_none());
            if let Some(f) = filename {
                let is_blocking = self.ty().is(classes::BlockingIOError());
                if is_blocking && f.ty().as_number().is_some_and(|s| s.nb_index.get().is_some()) {
                    // The third argument of BlockingIOError is a count.
                    self.written.set(number::as_ssize(py, f, Some(super::ValueError()))?);
                } else {
                    self.filename.set(Some(Py::new_ref(f)));
                    self.filename2.set(item(4).filter(|f| !f.is_none()).map(Py::new_ref));
                    // The file names are not in `args`.
                    stored = PyTuple::from_slice(py, &[args.get(0), args.get(1)])?;
                }
            }
            self.myerrno.set(Some(Py::new_ref(args.get(0))));
            self.strerror.set(Some(Py::new_ref(args.get(1))));
        }
        self.ob_base.args.set(Some(stored));
        Ok(())
    }
}

/// Base class for I/O related errors.
#[pyclass(
    name = "OSError",
    static_name = _PyExc_OSError,
    base = PyException,
    flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
    members(
        myerrno as "errno": OBJECT "POSIX exception code",
        strerror: OBJECT "exception strerror",
        filename: OBJECT "exception filename",
        filename2: OBJECT "second exception filename",
    ),
)]
impl PyOSError {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult {
        let in_init = uses_init(cls);
        let mut class = cls;
        if !in_init {
            if kwargs.is_some_and(|k| k.len() != 0) {
                return Err(raise!(py, TypeError, "{}() takes no keyword arguments", cls.name()));
            }
            if (2..=5).contains(&args.len()) && cls.is(super::OSError()) {
                let errno = args.get(0).downcast::<PyLong>().and_then(|e| e.try_i64());
                class = errno.and_then(class_for).unwrap_or(cls);
            }
        }
        // SAFETY: the class's own allocator; zeroed memory is empty slots.
        let exc: Py = unsafe {
            let alloc = class.tp_alloc.get().unwrap_or(PyType_GenericAlloc);
            Py::from_owned_or_raised(alloc(class as *const PyType as *mut PyType, 0))?
        };
        // SAFETY: OSError's layout.
        let this = unsafe { &*(exc.as_raw() as *const PyOSError) };
        this.written.set(-1);
        if in_init {
            this.ob_base.args.set(Some(PyTuple::empty(py)));
        } else {
            this.fill(py, args)?;
        }
        Ok(exc)
    }

    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        if !uses_init(self.ty()) {
            // Done in __new__.
            return Ok(());
        }
        if kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "{}() takes no keyword arguments", self.ty().name()));
        }
        self.fill(py, args)
    }

    fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
        let or_none = |s: &Slot| s.get().unwrap_or_else(|| py.none());
        let (errno, strerror) = (or_none(&self.myerrno), or_none(&self.strerror));
        if let Some(filename) = self.filename.get() {
            let mut b = StrBuilder::new();
            b.push_str("[Errno ");
            b.push_pystr(&*errno.str(py)?);
            b.push_str("] ");
            b.push_pystr(&*strerror.str(py)?);
            b.push_str(": ");
            b.push_pystr(&*filename.repr(py)?);
            if let Some(second) = self.filename2.get() {
                b.push_str(" -> ");
                b.push_pystr(&*second.repr(py)?);
            }
            return b.finish(py);
        }
        if !self.myerrno.is_none() && !self.strerror.is_none() {
            let mut b = StrBuilder::new();
            b.push_str("[Errno ");
            b.push_pystr(&*errno.str(py)?);
            b.push_str("] ");
            b.push_pystr(&*strerror.str(py)?);
            return b.finish(py);
        }
        match self.ob_base.args.get() {
            Some(args) if args.len() == 1 => args.get(0).str(py),
            Some(args) if args.len() > 1 => args.str(py),
            _ => Ok(PyStr::empty(py)),
        }
    }

    /// Helper for pickle.
    #[method]
    fn __reduce__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let mut args = self.ob_base.args.get().unwrap_or_else(|| PyTuple::empty(py));
        if let (2, Some(filename)) = (args.len(), self.filename.get()) {
            let none = py.none();
            args = match self.filename2.get() {
                Some(second) => PyTuple::from_slice(py, &[args.get(0), args.get(1), &filename, &none, &second])?,
                None => PyTuple::from_slice(py, &[args.get(0), args.get(1), &filename])?,
            };
        }
        let class: &PyObject = self.ty();
        match self.ob_base.dict.get() {
            Some(d) => PyTuple::from_slice(py, &[class, args.as_object(), d.as_object()]),
            None => PyTuple::from_slice(py, &[class, args.as_object()]),
        }
    }

    #[getter]
    fn characters_written(&self, py: Python) -> PyResult<Py<PyLong>> {
        if self.written.get() == -1 {
            return Err(raise!(py, AttributeError, "characters_written"));
        }
        PyLong::from_isize(py, self.written.get())
    }
    #[setter]
    fn set_characters_written(&self, py: Python, value: Option<&PyObject>) -> PyResult<()> {
        match value {
            None if self.written.get() == -1 => Err(raise!(py, AttributeError, "characters_written")),
            None => {
                self.written.set(-1);
                Ok(())
            }
            Some(v) => {
                self.written.set(number::as_ssize(py, v, Some(super::ValueError()))?);
                Ok(())
            }
        }
    }
}
