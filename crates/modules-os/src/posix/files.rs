//! Descriptors, folders, links, names.

use super::path::{Target, c_path, failed, like, target};
use taipan_object::abstracts::buffer::{Buffer, SIMPLE};
use taipan_object::codecs::fs;
use taipan_object::{
    Py, PyBytes, PyList, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, err, exceptions, pyfunction,
};

/// The directory that a call with `dir_fd` starts at.
fn at(dir_fd: Option<i32>) -> i32 {
    dir_fd.unwrap_or(libc::AT_FDCWD)
}

/// Calls until it is not interrupted by a signal (PEP 475).
fn retry(py: Python, mut call: impl FnMut() -> isize) -> PyResult<isize> {
    loop {
        let (n, errno) = py.allow_threads(|| {
            let n = call();
            (n, taipan_object::runtime::errno())
        });
        if n < 0 && errno == libc::EINTR {
            py.check_signals()?;
            continue;
        }
        if n < 0 {
            taipan_object::runtime::set_errno(errno);
        }
        return Ok(n);
    }
}

fn check(py: Python, code: isize, path: Option<&PyObject>) -> PyResult<()> {
    if code < 0 { Err(failed(py, path)) } else { Ok(()) }
}

/// Return a list containing the names of the files in the directory.
///
/// The list is in arbitrary order. It does not include the special
/// entries '.' and '..' even if they are present in the directory.
#[pyfunction]
#[signature("(path=None)")]
pub fn listdir(py: Python, path: Option<&PyObject>) -> PyResult<Py<PyList>> {
    let here = PyStr::new(py, ".")?;
    let path: &PyObject = path.unwrap_or(&here);
    let target = target(py, "listdir", path)?;
    let names = py.allow_threads(|| -> Result<Vec<Vec<u8>>, i32> {
        // SAFETY: a terminated path; the stream is closed below; an entry's name is terminated and copied at once.
        unsafe {
            let dir = match &target {
                Target::Name(name) => libc::opendir(name.as_ptr()),
                Target::Descriptor(fd) => {
                    let copy = libc::fcntl(*fd, libc::F_DUPFD_CLOEXEC, 0);
                    if copy < 0 { core::ptr::null_mut() } else { libc::fdopendir(copy) }
                }
            };
            if dir.is_null() {
                return Err(taipan_object::runtime::errno());
            }
            if matches!(target, Target::Descriptor(_)) {
                libc::rewinddir(dir);
            }
            let mut names = Vec::new();
            let result = loop {
                taipan_object::runtime::set_errno(0);
                let entry = libc::readdir(dir);
                if entry.is_null() {
                    break match taipan_object::runtime::errno() {
                        0 => Ok(names),
                        e => Err(e),
                    };
                }
                let name = core::ffi::CStr::from_ptr((*entry).d_name.as_ptr()).to_bytes();
                if name != b"." && name != b".." {
                    names.push(name.to_vec());
                }
            };
            libc::closedir(dir);
            result
        }
    });
    match names {
        Ok(names) => {
            let model = if path.downcast::<PyBytes>().is_some() { Py::new_ref(path) } else { py.none() };
            PyList::from_vec(py, names.iter().map(|n| like(py, n, &model)).collect::<PyResult<Vec<Py>>>()?)
        }
        Err(errno) => {
            taipan_object::runtime::set_errno(errno);
            Err(failed(py, Some(path)))
        }
    }
}

fn cwd(py: Python) -> PyResult<Vec<u8>> {
    let mut buffer = vec![0u8; 1024];
    loop {
        // SAFETY: a buffer of the length said.
        let p = unsafe { libc::getcwd(buffer.as_mut_ptr().cast(), buffer.len()) };
        if !p.is_null() {
            let end = buffer.iter().position(|b| *b == 0).unwrap_or(buffer.len());
            buffer.truncate(end);
            return Ok(buffer);
        }
        if taipan_object::runtime::errno() != libc::ERANGE {
            return Err(failed(py, None));
        }
        buffer.resize(buffer.len() * 2, 0);
    }
}

/// Return a unicode string representing the current working directory.
#[pyfunction]
pub fn getcwd(py: Python) -> PyResult<Py<PyStr>> {
    fs::fs_decode(py, &cwd(py)?)
}

/// Return a bytes string representing the current working directory.
#[pyfunction]
pub fn getcwdb(py: Python) -> PyResult<Py<PyBytes>> {
    PyBytes::new(py, &cwd(py)?)
}

/// Change the current working directory to the specified path.
#[pyfunction]
#[signature("(path)")]
pub fn chdir(py: Python, path: &PyObject) -> PyResult<()> {
    let target = target(py, "chdir", path)?;
    // SAFETY: a terminated path.
    let code = py.allow_threads(|| unsafe {
        match &target {
            Target::Name(n) => libc::chdir(n.as_ptr()),
            Target::Descriptor(fd) => libc::fchdir(*fd),
        }
    });
    check(py, code as isize, Some(path))
}

/// Open a file for low level IO.  Returns a file descriptor (integer).
///
/// If dir_fd is not None, it should be a file descriptor open to a directory,
///   and path should be relative; path will then be relative to that directory.
#[pyfunction]
#[signature("(path, flags, mode=511, *, dir_fd=None)")]
pub fn open(py: Python, path: &PyObject, flags: i32, mode: i32, dir_fd: Option<i32>) -> PyResult<i32> {
    let name = c_path(py, "open", path)?;
    let fd = retry(py, || {
        // SAFETY: a terminated path. PEP 446: not inherited.
        unsafe { libc::openat(at(dir_fd), name.as_ptr(), flags | libc::O_CLOEXEC, mode as libc::c_uint) as isize }
    })?;
    check(py, fd, Some(path))?;
    Ok(fd as i32)
}

/// Read from a file descriptor.  Returns a bytes object.
#[pyfunction]
pub fn read(py: Python, fd: i32, length: isize) -> PyResult<Py<PyBytes>> {
    if length < 0 {
        taipan_object::runtime::set_errno(libc::EINVAL);
        return Err(failed(py, None));
    }
    let mut buffer = Vec::new();
    let length = (length as usize).min(0x7fff_f000);
    if buffer.try_reserve_exact(length).is_err() {
        return Err(err::no_memory(py));
    }
    buffer.resize(length, 0u8);
    let out = buffer.as_mut_ptr() as usize;
    // SAFETY: a buffer of the length said.
    let n = retry(py, || unsafe { libc::read(fd, out as *mut libc::c_void, length) })?;
    check(py, n, None)?;
    PyBytes::new(py, &buffer[..n as usize])
}

/// Write a bytes object to a file descriptor.
#[pyfunction]
pub fn write(py: Python, fd: i32, data: &PyObject) -> PyResult<isize> {
    let buffer = Buffer::get(py, data, SIMPLE)?;
    let bytes = buffer.as_slice();
    let (from, length) = (bytes.as_ptr() as usize, bytes.len().min(0x7fff_f000));
    // SAFETY: the buffer is held meanwhile.
    let n = retry(py, || unsafe { libc::write(fd, from as *const libc::c_void, length) })?;
    check(py, n, None)?;
    Ok(n)
}

/// Close a file descriptor.
#[pyfunction]
#[signature("(fd)")]
pub fn close(py: Python, fd: i32) -> PyResult<()> {
    // SAFETY: closing is the program's decision. Not retried: the descriptor is gone even when interrupted.
    let code = py.allow_threads(|| unsafe { libc::close(fd) });
    if code < 0 && taipan_object::runtime::errno() != libc::EINTR { Err(failed(py, None)) } else { Ok(()) }
}

/// Set the position of a file descriptor.  Return the new position.
#[pyfunction]
pub fn lseek(py: Python, fd: i32, position: i64, how: i32) -> PyResult<i64> {
    // SAFETY: a plain system call.
    let n = py.allow_threads(|| unsafe { libc::lseek(fd, position, how) });
    check(py, n as isize, None)?;
    Ok(n)
}

/// Return True if the fd is connected to a terminal.
#[pyfunction]
pub fn isatty(py: Python, fd: i32) -> bool {
    // SAFETY: a plain system call.
    py.allow_threads(|| unsafe { libc::isatty(fd) == 1 })
}

/// Force write of fd to disk.
#[pyfunction]
#[signature("(fd)")]
pub fn fsync(py: Python, fd: i32) -> PyResult<()> {
    // SAFETY: a plain system call.
    let code = retry(py, || unsafe { libc::fsync(fd) as isize })?;
    check(py, code, None)
}

/// Truncate a file, specified by file descriptor, to a specific length.
#[pyfunction]
pub fn ftruncate(py: Python, fd: i32, length: i64) -> PyResult<()> {
    // SAFETY: a plain system call.
    let code = retry(py, || unsafe { libc::ftruncate(fd, length) as isize })?;
    check(py, code, None)
}

/// Return a duplicate of a file descriptor.
#[pyfunction]
pub fn dup(py: Python, fd: i32) -> PyResult<i32> {
    // SAFETY: a plain system call.
    let new = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) };
    check(py, new as isize, None)?;
    Ok(new)
}

/// Create a pipe.
///
/// Returns a tuple of two file descriptors:
///   (read_fd, write_fd)
#[pyfunction]
pub fn pipe(py: Python) -> PyResult<Py<PyTuple>> {
    let mut fds = [0; 2];
    // SAFETY: a place for two.
    let code = unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC) };
    check(py, code as isize, None)?;
    let items =
        fds.iter().map(|f| Ok(PyLong::from_i64(py, *f as i64)?.into_object())).collect::<PyResult<Vec<Py>>>()?;
    PyTuple::from_vec(py, items)
}

/// Get the close-on-exe flag of the specified file descriptor.
#[pyfunction]
pub fn get_inheritable(py: Python, fd: i32) -> PyResult<bool> {
    // SAFETY: a plain system call.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFD) };
    check(py, flags as isize, None)?;
    Ok(flags & libc::FD_CLOEXEC == 0)
}

/// Set the inheritable flag of the specified file descriptor.
#[pyfunction]
pub fn set_inheritable(py: Python, fd: i32, inheritable: i32) -> PyResult<()> {
    // SAFETY: plain system calls.
    let code = unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFD);
        let new = if inheritable != 0 { flags & !libc::FD_CLOEXEC } else { flags | libc::FD_CLOEXEC };
        if flags < 0 { flags } else { libc::fcntl(fd, libc::F_SETFD, new) }
    };
    check(py, code as isize, None)
}

/// Create a directory.
///
/// If dir_fd is not None, it should be a file descriptor open to a directory,
///   and path should be relative; path will then be relative to that directory.
#[pyfunction]
#[signature("(path, mode=511, *, dir_fd=None)")]
pub fn mkdir(py: Python, path: &PyObject, mode: i32, dir_fd: Option<i32>) -> PyResult<()> {
    let name = c_path(py, "mkdir", path)?;
    // SAFETY: a terminated path.
    let code = py.allow_threads(|| unsafe { libc::mkdirat(at(dir_fd), name.as_ptr(), mode as libc::mode_t) });
    check(py, code as isize, Some(path))
}

fn unlink_at(py: Python, function: &str, path: &PyObject, dir_fd: Option<i32>, flags: i32) -> PyResult<()> {
    let name = c_path(py, function, path)?;
    // SAFETY: a terminated path.
    let code = py.allow_threads(|| unsafe { libc::unlinkat(at(dir_fd), name.as_ptr(), flags) });
    check(py, code as isize, Some(path))
}

/// Remove a directory.
#[pyfunction]
#[signature("(path, *, dir_fd=None)")]
pub fn rmdir(py: Python, path: &PyObject, dir_fd: Option<i32>) -> PyResult<()> {
    unlink_at(py, "rmdir", path, dir_fd, libc::AT_REMOVEDIR)
}

/// Remove a file (same as remove()).
#[pyfunction]
#[signature("(path, *, dir_fd=None)")]
pub fn unlink(py: Python, path: &PyObject, dir_fd: Option<i32>) -> PyResult<()> {
    unlink_at(py, "unlink", path, dir_fd, 0)
}

/// Remove a file (same as unlink()).
#[pyfunction]
#[signature("(path, *, dir_fd=None)")]
pub fn remove(py: Python, path: &PyObject, dir_fd: Option<i32>) -> PyResult<()> {
    unlink_at(py, "remove", path, dir_fd, 0)
}

fn do_rename(
    py: Python,
    function: &str,
    src: &PyObject,
    dst: &PyObject,
    from: Option<i32>,
    to: Option<i32>,
) -> PyResult<()> {
    let (a, b) = (c_path(py, function, src)?, c_path(py, function, dst)?);
    // SAFETY: terminated paths.
    let code = py.allow_threads(|| unsafe { libc::renameat(at(from), a.as_ptr(), at(to), b.as_ptr()) });
    if code != 0 {
        Err(err::from_errno2(py, exceptions::OSError(), taipan_object::runtime::errno(), Some(src), Some(dst)))
    } else {
        Ok(())
    }
}

/// Rename a file or directory.
#[pyfunction]
#[signature("(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
pub fn rename(
    py: Python,
    src: &PyObject,
    dst: &PyObject,
    src_dir_fd: Option<i32>,
    dst_dir_fd: Option<i32>,
) -> PyResult<()> {
    do_rename(py, "rename", src, dst, src_dir_fd, dst_dir_fd)
}

/// Rename a file or directory, overwriting the destination.
#[pyfunction]
#[signature("(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
pub fn replace(
    py: Python,
    src: &PyObject,
    dst: &PyObject,
    src_dir_fd: Option<i32>,
    dst_dir_fd: Option<i32>,
) -> PyResult<()> {
    do_rename(py, "replace", src, dst, src_dir_fd, dst_dir_fd)
}

/// Create a symbolic link pointing to src named dst.
#[pyfunction]
#[signature("(src, dst, target_is_directory=False, *, dir_fd=None)")]
pub fn symlink(
    py: Python,
    src: &PyObject,
    dst: &PyObject,
    target_is_directory: bool,
    dir_fd: Option<i32>,
) -> PyResult<()> {
    let _ = target_is_directory;
    let (a, b) = (c_path(py, "symlink", src)?, c_path(py, "symlink", dst)?);
    // SAFETY: terminated paths.
    let code = py.allow_threads(|| unsafe { libc::symlinkat(a.as_ptr(), at(dir_fd), b.as_ptr()) });
    if code != 0 {
        Err(err::from_errno2(py, exceptions::OSError(), taipan_object::runtime::errno(), Some(src), Some(dst)))
    } else {
        Ok(())
    }
}

/// Create a hard link to a file.
#[pyfunction]
#[signature("(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)")]
pub fn link(
    py: Python,
    src: &PyObject,
    dst: &PyObject,
    src_dir_fd: Option<i32>,
    dst_dir_fd: Option<i32>,
    follow_symlinks: bool,
) -> PyResult<()> {
    let (a, b) = (c_path(py, "link", src)?, c_path(py, "link", dst)?);
    let flags = if follow_symlinks { libc::AT_SYMLINK_FOLLOW } else { 0 };
    // SAFETY: terminated paths.
    let code =
        py.allow_threads(|| unsafe { libc::linkat(at(src_dir_fd), a.as_ptr(), at(dst_dir_fd), b.as_ptr(), flags) });
    if code != 0 {
        Err(err::from_errno2(py, exceptions::OSError(), taipan_object::runtime::errno(), Some(src), Some(dst)))
    } else {
        Ok(())
    }
}

/// Return a string representing the path to which the symbolic link points.
#[pyfunction]
#[signature("(path, *, dir_fd=None)")]
pub fn readlink(py: Python, path: &PyObject, dir_fd: Option<i32>) -> PyResult {
    let name = c_path(py, "readlink", path)?;
    let mut buffer = vec![0u8; libc::PATH_MAX as usize + 1];
    // SAFETY: a terminated path and a buffer of the length said.
    let n = unsafe { libc::readlinkat(at(dir_fd), name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len()) };
    check(py, n, Some(path))?;
    like(py, &buffer[..n as usize], &*fs::fspath(py, path)?)
}

/// Use the real uid/gid to test for access to a path.
#[pyfunction]
#[signature("(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)")]
pub fn access(
    py: Python,
    path: &PyObject,
    mode: i32,
    dir_fd: Option<i32>,
    effective_ids: bool,
    follow_symlinks: bool,
) -> PyResult<bool> {
    let name = c_path(py, "access", path)?;
    let mut flags = 0;
    if effective_ids {
        flags |= libc::AT_EACCESS;
    }
    if !follow_symlinks {
        flags |= libc::AT_SYMLINK_NOFOLLOW;
    }
    // SAFETY: a terminated path.
    Ok(py.allow_threads(|| unsafe { libc::faccessat(at(dir_fd), name.as_ptr(), mode, flags) }) == 0)
}

/// Change the access permissions of a file.
#[pyfunction]
#[signature("(path, mode, *, dir_fd=None, follow_symlinks=True)")]
pub fn chmod(py: Python, path: &PyObject, mode: i32, dir_fd: Option<i32>, follow_symlinks: bool) -> PyResult<()> {
    let target = target(py, "chmod", path)?;
    let flags = if follow_symlinks { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: a terminated path.
    let code = py.allow_threads(|| unsafe {
        match &target {
            Target::Name(n) => libc::fchmodat(at(dir_fd), n.as_ptr(), mode as libc::mode_t, flags),
            Target::Descriptor(fd) => libc::fchmod(*fd, mode as libc::mode_t),
        }
    });
    check(py, code as isize, Some(path))
}

/// Set the current numeric umask and return the previous umask.
#[pyfunction]
pub fn umask(_py: Python, mask: i32) -> i32 {
    // SAFETY: always allowed.
    unsafe { libc::umask(mask as libc::mode_t) as i32 }
}
