//! System calls on file descriptors: without the GIL, again after a signal whose handler did not raise.

use taipan_object::codecs::fs;
use taipan_object::runtime::{errno, set_errno};
use taipan_object::{Py, PyBytes, PyObject, PyResult, Python, Raised, err, exceptions, raise};

/// What Linux transfers at most in one call.
pub const MAX_TRANSFER: usize = 0x7fff_f000;

/// OSError from this thread's errno.
#[cold]
pub fn os_error(py: Python, filename: Option<&PyObject>) -> Raised {
    err::from_errno(py, exceptions::OSError(), filename)
}

/// Calls `f` without the GIL until it does not fail with EINTR. A negative result is a failure whose reason is in errno.
pub fn call(py: Python, mut f: impl FnMut() -> i64) -> PyResult<Result<i64, i32>> {
    loop {
        let (result, error) = py.allow_threads(|| {
            set_errno(0);
            let result = f();
            (result, errno())
        });
        if result >= 0 {
            return Ok(Ok(result));
        }
        if error != libc::EINTR {
            set_errno(error);
            return Ok(Err(error));
        }
        py.check_signals()?;
    }
}

/// `read(2)`. `None`: nothing there yet, on a non-blocking descriptor.
///
/// # Safety
/// `buf` has room for `len` bytes, also while other threads run.
pub unsafe fn read(py: Python, fd: i32, buf: *mut u8, len: usize) -> PyResult<Option<usize>> {
    let len = len.min(MAX_TRANSFER);
    // SAFETY: by contract.
    transferred(py, call(py, || unsafe { libc::read(fd, buf.cast(), len) } as i64)?)
}

/// `write(2)`. `None`: no room, on a non-blocking descriptor.
///
/// # Safety
/// `buf` holds `len` bytes, also while other threads run.
pub unsafe fn write(py: Python, fd: i32, buf: *const u8, len: usize) -> PyResult<Option<usize>> {
    let len = len.min(MAX_TRANSFER);
    // SAFETY: by contract.
    transferred(py, call(py, || unsafe { libc::write(fd, buf.cast(), len) } as i64)?)
}

fn transferred(py: Python, result: Result<i64, i32>) -> PyResult<Option<usize>> {
    match result {
        Ok(n) => Ok(Some(n as usize)),
        Err(libc::EAGAIN) => Ok(None),
        Err(_) => Err(os_error(py, None)),
    }
}

/// The path of a file as the system takes it.
///
/// # Errors
/// TypeError if it is no path, ValueError for a NUL inside, UnicodeEncodeError.
pub fn fs_path(py: Python, path: &PyObject) -> PyResult<std::ffi::CString> {
    let bytes = fs::path_bytes(py, path)?;
    std::ffi::CString::new(bytes.as_slice()).map_err(|_| raise!(py, ValueError, "embedded null byte"))
}

/// A new bytes object that `fill` writes: at most `n` bytes, as many as it says. `None` from `fill` is passed on.
pub fn bytes_with(
    py: Python,
    n: usize,
    fill: impl FnOnce(*mut u8) -> PyResult<Option<usize>>,
) -> PyResult<Option<Py<PyBytes>>> {
    // SAFETY: what is not written is cut off below, before anyone else sees the object.
    let bytes = unsafe { PyBytes::alloc_uninit(py, n)? };
    match fill(bytes.data_ptr())? {
        None => Ok(None),
        Some(got) if got == n => Ok(Some(bytes)),
        // SAFETY: `got` bytes were written.
        Some(got) => PyBytes::new(py, unsafe { core::slice::from_raw_parts(bytes.data_ptr(), got) }).map(Some),
    }
}
