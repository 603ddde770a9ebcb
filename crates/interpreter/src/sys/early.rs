//! What `sys.stdout` and `sys.stderr` are before `io` can be imported (and when it cannot): unbuffered, UTF-8.

use core::cell::Cell;
use taipan_object::{Py, PyClass, PyObject, PyResult, PyStr, Python, Trace, err, exceptions, pyclass};

/// Writes text straight to a file descriptor.
#[derive(Trace)]
#[repr(C)]
pub struct EarlyWriter {
    pub ob_base: PyObject,
    fd: Cell<i32>,
}

/// Unbuffered text output, in place while the io module is not there.
#[pyclass(name = "sys.EarlyWriter", flags(DISALLOW_INSTANTIATION))]
impl EarlyWriter {
    /// Write the text.
    #[method]
    #[signature("(self, text, /)")]
    fn write(&self, py: Python, text: &PyStr) -> PyResult<isize> {
        let data = text.to_string_lossy();
        let mut rest = data.as_bytes();
        while !rest.is_empty() {
            // SAFETY: the buffer is as long as said.
            let n = unsafe { libc::write(self.fd.get(), rest.as_ptr().cast(), rest.len()) };
            if n < 0 {
                if taipan_object::runtime::errno() == libc::EINTR {
                    py.check_signals()?;
                    continue;
                }
                return Err(err::from_errno(py, exceptions::OSError(), None));
            }
            rest = &rest[n as usize..];
        }
        Ok(text.len() as isize)
    }

    /// Nothing is buffered.
    #[method]
    fn flush(&self, _py: Python) {}

    /// The file descriptor.
    #[method]
    fn fileno(&self, _py: Python) -> i32 {
        self.fd.get()
    }
}

/// A writer to `fd`.
pub fn writer(py: Python, fd: i32) -> PyResult<Py<EarlyWriter>> {
    EarlyWriter::alloc_exact(py, |head| EarlyWriter { ob_base: head, fd: Cell::new(fd) })
}
