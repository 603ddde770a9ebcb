//! `input` and `breakpoint`, and the streams of `sys` that builtins use.

use core::sync::atomic::{AtomicPtr, Ordering};
use taipan_object::runtime::hooks;
use taipan_object::{
    Args, KwArgs, Py, PyBytes, PyLong, PyObject, PyResult, PyStr, Python, err, exceptions, id, pyfunction, raise,
};

/// `sys.<name>`; RuntimeError if it is gone.
pub fn required_sys_attr(py: Python, name: &PyStr) -> PyResult {
    let found = match py.interp().sysdict.get() {
        Some(sys) => sys.get_str(py, name)?,
        None => None,
    };
    found.ok_or_else(|| raise!(py, RuntimeError, "lost sys.{}", name.to_string_lossy()))
}

/// `sys.<name>` if there is one.
pub fn sys_attr(py: Python, name: &PyStr) -> PyResult<Option<Py>> {
    match py.interp().sysdict.get() {
        Some(sys) => sys.get_str(py, name),
        None => Ok(None),
    }
}

/// What edits lines on a terminal (`PyOS_ReadlineFunctionPointer`): takes the prompt, gives the line with its newline;
/// `None` at the end of input. Raises KeyboardInterrupt.
pub type LineReader = fn(Python, &[u8]) -> PyResult<Option<Vec<u8>>>;

static READER: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());

/// Installs the reader of the module `readline`.
pub fn install_line_reader(reader: LineReader) {
    READER.store(reader as *mut (), Ordering::Release);
}

/// Reads a line from the terminal by the reader that is installed, or plainly.
fn read_terminal_line(py: Python, prompt: &[u8]) -> PyResult<Option<Vec<u8>>> {
    let reader = READER.load(Ordering::Acquire);
    if !reader.is_null() {
        // SAFETY: only `install_line_reader` stores, and what it stores is such a function.
        let reader: LineReader = unsafe { core::mem::transmute(reader) };
        return reader(py, prompt);
    }
    let mut rest = prompt;
    while !rest.is_empty() {
        // SAFETY: the buffer is as long as said.
        let n = unsafe { libc::write(2, rest.as_ptr().cast(), rest.len()) };
        if n <= 0 {
            break;
        }
        rest = &rest[n as usize..];
    }
    let mut line = Vec::new();
    loop {
        let mut byte = 0u8;
        // SAFETY: one byte of room.
        let n = py.allow_threads(|| unsafe { libc::read(0, (&raw mut byte).cast(), 1) });
        match n {
            1 => {
                line.push(byte);
                if byte == b'\n' {
                    return Ok(Some(line));
                }
            }
            0 => return Ok(if line.is_empty() { None } else { Some(line) }),
            _ if taipan_object::runtime::errno() == libc::EINTR => py.check_signals()?,
            _ => return Err(err::from_errno(py, exceptions::OSError(), None)),
        }
    }
}

/// The file descriptor of a stream; -1 if it has none.
fn descriptor(py: Python, stream: &PyObject) -> PyResult<i64> {
    let number = match stream.call_method0(py, id!(py, "fileno")) {
        Ok(n) => n,
        Err(_) => {
            err::clear(py);
            return Ok(-1);
        }
    };
    match number.downcast::<PyLong>() {
        Some(n) => n.as_i64(py),
        None => Ok(-1),
    }
}

fn flush(py: Python, stream: &PyObject) {
    if stream.call_method0(py, id!(py, "flush")).is_err() {
        err::clear(py);
    }
}

/// Read a string from standard input.  The trailing newline is stripped.
///
/// The prompt string, if given, is printed to standard output without a
/// trailing newline before reading input.
///
/// If the user hits EOF (*nix: Ctrl-D, Windows: Ctrl-Z+Return), raise EOFError.
/// On *nix systems, readline is used if available.
#[pyfunction]
#[signature("(prompt='', /)")]
pub fn input(py: Python, prompt: Option<&PyObject>) -> PyResult {
    let stream = |name: &'static PyStr| -> PyResult {
        let stream = required_sys_attr(py, name)?;
        if stream.is_none() {
            return Err(raise!(py, RuntimeError, "lost sys.{}", name.to_string_lossy()));
        }
        Ok(stream)
    };
    let stdin = stream(id!(py, "stdin"))?;
    let stdout = stream(id!(py, "stdout"))?;
    let stderr = stream(id!(py, "stderr"))?;
    let shown = prompt.unwrap_or(id!(py, ""));
    (hooks::get().audit)(py, "builtins.input", &[shown])?;
    flush(py, &stderr);
    // SAFETY: plain system calls.
    let terminal = descriptor(py, &stdin)? == 0
        && descriptor(py, &stdout)? == 1
        && unsafe { libc::isatty(0) == 1 && libc::isatty(1) == 1 };
    let line = if terminal { terminal_input(py, &stdin, &stdout, prompt)? } else { None };
    let line = match line {
        Some(line) => line,
        None => {
            if let Some(prompt) = prompt {
                let text = prompt.str(py)?;
                stdout.call_method1(py, id!(py, "write"), &text)?;
            }
            flush(py, &stdout);
            read_line(py, &stdin)?
        }
    };
    (hooks::get().audit)(py, "builtins.input/result", &[&line])?;
    Ok(line)
}

/// Input by way of the line reader; `None` if the streams do not say how to encode.
fn terminal_input(py: Python, stdin: &PyObject, stdout: &PyObject, prompt: Option<&PyObject>) -> PyResult<Option<Py>> {
    let setting = |stream: &PyObject, name: &'static PyStr| -> PyResult<Option<Py>> {
        Ok(stream.getattr_opt(py, name)?.filter(|v| v.downcast::<PyStr>().is_some()))
    };
    let (encoding, errors) = (id!(py, "encoding"), id!(py, "errors"));
    let (Some(in_encoding), Some(in_errors)) = (setting(stdin, encoding)?, setting(stdin, errors)?) else {
        return Ok(None);
    };
    let (Some(out_encoding), Some(out_errors)) = (setting(stdout, encoding)?, setting(stdout, errors)?) else {
        return Ok(None);
    };
    flush(py, stdout);
    let prompt: Vec<u8> = match prompt {
        None => Vec::new(),
        Some(p) => {
            let text = p.str(py)?;
            let bytes = text.call_method(py, id!(py, "encode"), &[&out_encoding, &out_errors])?;
            bytes.downcast::<PyBytes>().map_or_else(Vec::new, |b| b.as_slice().to_vec())
        }
    };
    if prompt.contains(&0) {
        return Err(raise!(py, ValueError, "input: prompt string cannot contain null characters"));
    }
    let Some(mut line) = read_terminal_line(py, &prompt)? else {
        return Err(err::raise_value(py, exceptions::EOFError(), taipan_object::singletons::none()));
    };
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    let bytes = PyBytes::new(py, &line)?;
    Ok(Some(bytes.call_method(py, id!(py, "decode"), &[&in_encoding, &in_errors])?))
}

/// One line of a stream without its newline (`PyFile_GetLine` with n < 0).
fn read_line(py: Python, stream: &PyObject) -> PyResult {
    let line = stream.call_method0(py, id!(py, "readline"))?;
    let eof = || raise!(py, EOFError, "EOF when reading a line");
    if let Some(s) = line.downcast::<PyStr>() {
        return match s.len() {
            0 => Err(eof()),
            n if s.char_at(n - 1) == '\n' as u32 => Ok(s.substring(py, 0, n - 1)?.into_object()),
            _ => Ok(line),
        };
    }
    if let Some(b) = line.downcast::<PyBytes>() {
        return match b.as_slice() {
            [] => Err(eof()),
            [front @ .., b'\n'] => Ok(PyBytes::new(py, front)?.into_object()),
            _ => Ok(line),
        };
    }
    Err(raise!(py, TypeError, "object.readline() returned non-string"))
}

/// Call sys.breakpointhook(*args, **kws).
///
/// sys.breakpointhook() must accept whatever arguments are passed.
///
/// By default, this drops you into the pdb debugger.
#[pyfunction]
#[signature("(*args, **kws)")]
pub fn breakpoint(py: Python, args: Args<'_>, kws: KwArgs<'_>) -> PyResult {
    let hook = required_sys_attr(py, id!(py, "breakpointhook"))?;
    (hooks::get().audit)(py, "builtins.breakpoint", &[&hook])?;
    let kws = kws.to_dict(py)?;
    hook.call_dict(py, args.as_slice(), Some(&kws))
}
