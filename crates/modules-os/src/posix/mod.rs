//! `posix`: the system calls behind `os`.
//!
//! * [`path`]: path arguments, and pure operations on paths.
//! * [`stat`]: the stat family.
//! * [`files`]: descriptors, folders, links, names.
//! * [`process`]: environment, identifiers, randomness.

pub mod files;
pub mod path;
pub mod process;
pub mod stat;

use taipan_object::{Py, PyList, PyLong, PyModule, PyObject, PyResult, PyStr, Python, exceptions, pymodule};

/// What `os` asks `_have_functions` for, as far as the functions here take the arguments it stands for.
static HAVE_FUNCTIONS: &[&str] = &["HAVE_FSTATAT", "HAVE_LSTAT"];

macro_rules! constants {
    ($($name:ident),* $(,)?) => { &[$((stringify!($name), libc::$name as i64)),*] };
}

static CONSTANTS: &[(&str, i64)] = constants![
    F_OK,
    R_OK,
    W_OK,
    X_OK,
    O_RDONLY,
    O_WRONLY,
    O_RDWR,
    O_NDELAY,
    O_NONBLOCK,
    O_APPEND,
    O_DSYNC,
    O_RSYNC,
    O_SYNC,
    O_NOCTTY,
    O_CREAT,
    O_EXCL,
    O_TRUNC,
    O_LARGEFILE,
    O_PATH,
    O_TMPFILE,
    O_CLOEXEC,
    O_ACCMODE,
    O_ASYNC,
    O_DIRECT,
    O_DIRECTORY,
    O_NOFOLLOW,
    O_NOATIME,
    SEEK_DATA,
    SEEK_HOLE,
    WNOHANG,
    WUNTRACED,
    WCONTINUED,
    WEXITED,
    WSTOPPED,
    WNOWAIT,
];

/// `sysexits.h`.
static EXIT_CODES: &[(&str, i64)] = &[
    ("EX_OK", 0),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_NOUSER", 67),
    ("EX_NOHOST", 68),
    ("EX_UNAVAILABLE", 69),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_OSFILE", 72),
    ("EX_CANTCREAT", 73),
    ("EX_IOERR", 74),
    ("EX_TEMPFAIL", 75),
    ("EX_PROTOCOL", 76),
    ("EX_NOPERM", 77),
    ("EX_CONFIG", 78),
];

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    for (name, value) in CONSTANTS.iter().chain(EXIT_CODES) {
        module.add(py, name, PyLong::from_i64(py, *value)?.into_object())?;
    }
    // Not in every version of the crate.
    module.add(py, "TMP_MAX", PyLong::from_i64(py, 238_328)?.into_object())?;
    let have = HAVE_FUNCTIONS.iter().map(|n| Ok(PyStr::new(py, n)?.into_object())).collect::<PyResult<Vec<Py>>>()?;
    module.add(py, "_have_functions", PyList::from_vec(py, have)?.into_object())?;
    module.add(py, "error", Py::new_ref(exceptions::OSError() as &PyObject))?;
    module.add(py, "stat_result", Py::new_ref(stat::STAT_RESULT.ty(py)?).into_object())?;
    module.add(py, "terminal_size", Py::new_ref(process::TERMINAL_SIZE.ty(py)?).into_object())?;
    module.add(py, "uname_result", Py::new_ref(process::UNAME_RESULT.ty(py)?).into_object())?;
    module.add(py, "environ", process::environ(py)?.into_object())
}

pymodule! {
    name: "posix",
    doc: "This module provides access to operating system functionality that is\nstandardized by the C Standard and the POSIX standard (a thinly\ndisguised Unix interface).  Refer to the library manual and\ncorresponding Unix manual entries for more information on calls.",
    functions: [
        path::fspath, path::_path_normpath, path::_path_splitroot_ex,
        stat::stat, stat::lstat, stat::fstat,
        files::listdir, files::getcwd, files::getcwdb, files::chdir, files::open, files::read, files::write, files::close,
        files::lseek, files::isatty, files::mkdir, files::rmdir, files::unlink, files::remove, files::rename,
        files::replace, files::readlink, files::access, files::symlink, files::link, files::chmod, files::umask,
        files::dup, files::pipe, files::fsync, files::ftruncate, files::get_inheritable, files::set_inheritable,
        process::getpid, process::getppid, process::getuid, process::geteuid, process::getgid, process::getegid,
        process::urandom, process::cpu_count, process::_exit, process::putenv, process::unsetenv, process::strerror,
        process::get_terminal_size, process::uname, process::kill, process::abort, process::_create_environ,
    ],
    exec: exec,
}
