//! The stat family.

use super::path::{Target, failed, target};
use taipan_object::types::structseq::{Field, StructSeq};
use taipan_object::{Py, PyFloat, PyLong, PyObject, PyResult, PyTuple, Python, pyfunction, raise};

/// `os.stat_result`.
pub static STAT_RESULT: StructSeq = StructSeq::new(
    c"os.stat_result",
    c"stat_result: Result from stat, fstat, or lstat.\n\nThis object may be accessed either as a tuple of\n  (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime)\nor via the attributes st_mode, st_ino, st_dev, st_nlink, st_uid, and so on.",
    &[
        Field::new(c"st_mode", c"protection bits"),
        Field::new(c"st_ino", c"inode"),
        Field::new(c"st_dev", c"device"),
        Field::new(c"st_nlink", c"number of hard links"),
        Field::new(c"st_uid", c"user ID of owner"),
        Field::new(c"st_gid", c"group ID of owner"),
        Field::new(c"st_size", c"total size, in bytes"),
        Field::UNNAMED,
        Field::UNNAMED,
        Field::UNNAMED,
        Field::new(c"st_atime", c"time of last access"),
        Field::new(c"st_mtime", c"time of last modification"),
        Field::new(c"st_ctime", c"time of last change"),
        Field::new(c"st_atime_ns", c"time of last access in nanoseconds"),
        Field::new(c"st_mtime_ns", c"time of last modification in nanoseconds"),
        Field::new(c"st_ctime_ns", c"time of last change in nanoseconds"),
        Field::new(c"st_blksize", c"blocksize for filesystem I/O"),
        Field::new(c"st_blocks", c"number of blocks allocated"),
        Field::new(c"st_rdev", c"device type (if inode device)"),
    ],
    10,
);

fn result(py: Python, st: &libc::stat) -> PyResult<Py<PyTuple>> {
    let int = |v: i128| Ok(PyLong::from_i128(py, v)?.into_object());
    let times = [(st.st_atime, st.st_atime_nsec), (st.st_mtime, st.st_mtime_nsec), (st.st_ctime, st.st_ctime_nsec)];
    let mut values: Vec<Py> = vec![
        int(st.st_mode as i128)?,
        int(st.st_ino as i128)?,
        int(st.st_dev as i128)?,
        int(st.st_nlink as i128)?,
        int(st.st_uid as i128)?,
        int(st.st_gid as i128)?,
        int(st.st_size as i128)?,
    ];
    for (sec, _) in times {
        values.push(int(sec as i128)?);
    }
    for (sec, nsec) in times {
        values.push(PyFloat::new(py, sec as f64 + 1e-9 * nsec as f64)?.into_object());
    }
    for (sec, nsec) in times {
        values.push(int(sec as i128 * 1_000_000_000 + nsec as i128)?);
    }
    values.push(int(st.st_blksize as i128)?);
    values.push(int(st.st_blocks as i128)?);
    values.push(int(st.st_rdev as i128)?);
    STAT_RESULT.instance(py, values)
}

fn do_stat(py: Python, function: &str, path: &PyObject, dir_fd: Option<i32>, follow: bool) -> PyResult<Py<PyTuple>> {
    let target = target(py, function, path)?;
    if let Target::Descriptor(_) = target {
        if dir_fd.is_some() {
            return Err(raise!(py, ValueError, "{function}: can't specify dir_fd without matching path"));
        }
        if !follow {
            return Err(raise!(py, ValueError, "{function}: cannot use fd and follow_symlinks together"));
        }
    }
    // SAFETY: plain data, filled by the call.
    let mut st: libc::stat = unsafe { core::mem::zeroed() };
    let out = &mut st;
    let code = py.allow_threads(|| {
        // SAFETY: a terminated path and a place for the answer.
        unsafe {
            match &target {
                Target::Descriptor(fd) => libc::fstat(*fd, out),
                Target::Name(name) => {
                    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
                    libc::fstatat(dir_fd.unwrap_or(libc::AT_FDCWD), name.as_ptr(), out, flags)
                }
            }
        }
    });
    if code != 0 {
        return Err(failed(py, Some(path)));
    }
    result(py, &st)
}

/// Perform a stat system call on the given path.
///
///   path
///     Path to be examined; can be string, bytes, a path-like object or
///     open-file-descriptor int.
///   dir_fd
///     If not None, it should be a file descriptor open to a directory,
///     and path should be a relative string; path will then be relative to
///     that directory.
///   follow_symlinks
///     If False, and the last element of the path is a symbolic link,
///     stat will examine the symbolic link itself instead of the file
///     the link points to.
#[pyfunction]
#[signature("(path, *, dir_fd=None, follow_symlinks=True)")]
pub fn stat(py: Python, path: &PyObject, dir_fd: Option<i32>, follow_symlinks: bool) -> PyResult<Py<PyTuple>> {
    do_stat(py, "stat", path, dir_fd, follow_symlinks)
}

/// Perform a stat system call on the given path, without following symbolic links.
#[pyfunction]
#[signature("(path, *, dir_fd=None)")]
pub fn lstat(py: Python, path: &PyObject, dir_fd: Option<i32>) -> PyResult<Py<PyTuple>> {
    if path.downcast::<PyLong>().is_some() {
        return Err(raise!(py, TypeError, "lstat: path should be string, bytes or os.PathLike, not int"));
    }
    do_stat(py, "lstat", path, dir_fd, false)
}

/// Perform a stat system call on the given file descriptor.
#[pyfunction]
#[signature("(fd)")]
pub fn fstat(py: Python, fd: i32) -> PyResult<Py<PyTuple>> {
    // SAFETY: plain data, filled by the call.
    let mut st: libc::stat = unsafe { core::mem::zeroed() };
    let out = &mut st;
    // SAFETY: a place for the answer.
    let code = py.allow_threads(|| unsafe { libc::fstat(fd, out) });
    if code != 0 {
        return Err(failed(py, None));
    }
    result(py, &st)
}
