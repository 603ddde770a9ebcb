//! Environment, identifiers, randomness, the terminal's size.

use super::path::failed;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use taipan_object::codecs::fs;
use taipan_object::types::structseq::{Field, StructSeq};
use taipan_object::{Py, PyBytes, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, err, pyfunction, raise};

/// `os.terminal_size`.
pub static TERMINAL_SIZE: StructSeq = StructSeq::new(
    c"os.terminal_size",
    c"A tuple of (columns, lines) for holding terminal window size",
    &[
        Field::new(c"columns", c"width of the terminal window in characters"),
        Field::new(c"lines", c"height of the terminal window in characters"),
    ],
    2,
);

/// `posix.uname_result`.
pub static UNAME_RESULT: StructSeq = StructSeq::new(
    c"posix.uname_result",
    c"uname_result: Result from os.uname().\n\nThis object may be accessed either as a tuple of\n  (sysname, nodename, release, version, machine),\nor via the attributes sysname, nodename, release, version, and machine.",
    &[
        Field::new(c"sysname", c"operating system name"),
        Field::new(c"nodename", c"name of machine on network (implementation-defined)"),
        Field::new(c"release", c"operating system release"),
        Field::new(c"version", c"operating system version"),
        Field::new(c"machine", c"hardware identifier"),
    ],
    5,
);

/// The environment, bytes to bytes; the first of several settings of a name counts.
pub fn environ(py: Python) -> PyResult<Py<PyDict>> {
    let dict = PyDict::new(py)?;
    for (name, value) in std::env::vars_os() {
        let key = PyBytes::new(py, name.as_bytes())?;
        let value = PyBytes::new(py, value.as_bytes())?;
        dict.set_default(py, &key, &value)?;
    }
    Ok(dict)
}

/// Create the environment dictionary.
#[pyfunction]
pub fn _create_environ(py: Python) -> PyResult<Py<PyDict>> {
    environ(py)
}

fn c_text(py: Python, text: &PyObject) -> PyResult<CString> {
    let bytes = fs::path_bytes(py, text)?;
    CString::new(bytes.as_slice()).map_err(|_| raise!(py, ValueError, "embedded null byte"))
}

fn c_name(py: Python, name: &PyObject) -> PyResult<CString> {
    let name = c_text(py, name)?;
    if name.as_bytes().contains(&b'=') {
        return Err(raise!(py, ValueError, "illegal environment variable name"));
    }
    Ok(name)
}

/// Change or add an environment variable.
#[pyfunction]
pub fn putenv(py: Python, name: &PyObject, value: &PyObject) -> PyResult<()> {
    let (name, value) = (c_name(py, name)?, c_text(py, value)?);
    // SAFETY: terminated texts; the GIL serialises the program's own changes.
    let code = unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 1) };
    if code != 0 { Err(failed(py, None)) } else { Ok(()) }
}

/// Delete an environment variable.
#[pyfunction]
pub fn unsetenv(py: Python, name: &PyObject) -> PyResult<()> {
    let name = c_name(py, name)?;
    // SAFETY: as above.
    let code = unsafe { libc::unsetenv(name.as_ptr()) };
    if code != 0 { Err(failed(py, None)) } else { Ok(()) }
}

/// Translate an error code to a message string.
#[pyfunction]
pub fn strerror(_py: Python, code: i32) -> String {
    err::strerror(code)
}

/// Return the current process id.
#[pyfunction]
pub fn getpid(_py: Python) -> i64 {
    std::process::id() as i64
}
/// Return the parent's process id.
#[pyfunction]
pub fn getppid(_py: Python) -> i32 {
    std::os::unix::process::parent_id() as i32
}
/// Return the current process's user id.
#[pyfunction]
pub fn getuid(_py: Python) -> u32 {
    // SAFETY: always allowed.
    unsafe { libc::getuid() }
}
/// Return the current process's effective user id.
#[pyfunction]
pub fn geteuid(_py: Python) -> u32 {
    // SAFETY: always allowed.
    unsafe { libc::geteuid() }
}
/// Return the current process's group id.
#[pyfunction]
pub fn getgid(_py: Python) -> u32 {
    // SAFETY: always allowed.
    unsafe { libc::getgid() }
}
/// Return the current process's effective group id.
#[pyfunction]
pub fn getegid(_py: Python) -> u32 {
    // SAFETY: always allowed.
    unsafe { libc::getegid() }
}

/// Return a bytes object containing random bytes suitable for cryptographic use.
#[pyfunction]
pub fn urandom(py: Python, size: isize) -> PyResult<Py<PyBytes>> {
    if size < 0 {
        return Err(raise!(py, ValueError, "negative argument not allowed"));
    }
    let mut buffer = Vec::new();
    if buffer.try_reserve_exact(size as usize).is_err() {
        return Err(err::no_memory(py));
    }
    buffer.resize(size as usize, 0u8);
    let mut filled = 0;
    while filled < buffer.len() {
        let rest = &mut buffer[filled..];
        // SAFETY: a buffer of the length said.
        let n = unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) };
        if n < 0 {
            if taipan_object::runtime::errno() == libc::EINTR {
                py.check_signals()?;
                continue;
            }
            return Err(failed(py, None));
        }
        filled += n as usize;
    }
    PyBytes::new(py, &buffer)
}

/// Return the number of logical CPUs in the system.
///
/// Return None if indeterminable.
#[pyfunction]
pub fn cpu_count(_py: Python) -> Option<i64> {
    // SAFETY: always allowed.
    let n = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
    (n > 0).then_some(n)
}

/// Exit to the system with specified status, without normal exit processing.
#[pyfunction]
#[signature("(status)")]
pub fn _exit(_py: Python, status: i32) {
    // SAFETY: ends the process.
    unsafe { libc::_exit(status) }
}

/// Abort the interpreter immediately.
///
/// This function 'dumps core' or otherwise fails in the hardest way possible
/// on the hosting operating system.  This function never returns.
#[pyfunction]
pub fn abort(_py: Python) {
    std::process::abort()
}

/// Kill a process with a signal.
#[pyfunction]
pub fn kill(py: Python, pid: i32, signal: i32) -> PyResult<()> {
    // SAFETY: a plain system call.
    if unsafe { libc::kill(pid, signal) } != 0 {
        return Err(failed(py, None));
    }
    py.check_signals()
}

/// Return the size of the terminal window as (columns, lines).
///
/// The optional argument fd (default standard output) specifies
/// which file descriptor should be queried.
#[pyfunction]
#[signature("(fd=1, /)")]
pub fn get_terminal_size(py: Python, fd: i32) -> PyResult<Py<PyTuple>> {
    // SAFETY: plain data, filled by the call.
    let mut size: libc::winsize = unsafe { core::mem::zeroed() };
    // SAFETY: a place for the answer.
    if unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut size) } != 0 {
        return Err(failed(py, None));
    }
    let int = |v: u16| Ok(PyLong::from_i64(py, v as i64)?.into_object());
    TERMINAL_SIZE.instance(py, vec![int(size.ws_col)?, int(size.ws_row)?])
}

/// Return an object identifying the current operating system.
#[pyfunction]
pub fn uname(py: Python) -> PyResult<Py<PyTuple>> {
    // SAFETY: plain data, filled by the call.
    let mut info: libc::utsname = unsafe { core::mem::zeroed() };
    // SAFETY: a place for the answer.
    if unsafe { libc::uname(&mut info) } != 0 {
        return Err(failed(py, None));
    }
    let text = |chars: &[libc::c_char]| -> PyResult {
        let bytes: Vec<u8> = chars.iter().map(|c| *c as u8).take_while(|c| *c != 0).collect();
        let s: Py<PyStr> = fs::fs_decode(py, &bytes)?;
        Ok(s.into_object())
    };
    let fields = [&info.sysname, &info.nodename, &info.release, &info.version, &info.machine];
    UNAME_RESULT.instance(py, fields.iter().map(|f| text(*f)).collect::<PyResult<Vec<Py>>>()?)
}
