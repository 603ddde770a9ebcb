//! Where a warning belongs: the frame that it is attributed to, its module and registry; and its source line.

use crate::builtins::attributes::caller;
use crate::builtins::console::sys_attr;
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::{Py, PyDict, PyObject, PyResult, PyStr, Python, err, id};

/// The place of a warning.
pub(super) struct Place {
    pub filename: Py,
    pub lineno: i64,
    pub module: Py,
    pub registry: Py,
}

fn file_of(frame: &InterpreterFrame) -> Option<Py<PyStr>> {
    frame.code().co_filename.get()
}

/// Frames of the import system's own code are not what a program is warned about.
fn is_internal(frame: &InterpreterFrame) -> bool {
    file_of(frame).is_some_and(|f| {
        let name = f.to_string_lossy();
        name.contains("importlib") && name.contains("_bootstrap")
    })
}

fn is_skipped(frame: &InterpreterFrame, skip: &[String]) -> bool {
    !skip.is_empty()
        && file_of(frame).is_some_and(|f| {
            let name = f.to_string_lossy();
            skip.iter().any(|prefix| name.starts_with(prefix.as_str()))
        })
}

fn outer(frame: &InterpreterFrame) -> Option<&InterpreterFrame> {
    // SAFETY: frames in the chain are alive as long as the inner ones run.
    unsafe { InterpreterFrame::first_complete(frame.previous.get()).as_ref() }
}

/// The place `stack_level` frames up, 1 being the running one.
pub(super) fn place(py: Python, stack_level: isize, skip: &[String]) -> PyResult<Place> {
    let mut frame = caller(py);
    let plain = stack_level <= 0 || frame.is_some_and(is_internal);
    for _ in 1..stack_level {
        let Some(inner) = frame else { break };
        frame = outer(inner);
        if !plain {
            while let Some(f) = frame.filter(|f| is_internal(f) || is_skipped(f, skip)) {
                frame = outer(f);
            }
        }
    }
    let (globals, filename, lineno) = match frame {
        Some(f) => {
            let line = crate::traceback::line_of(f.code(), f.lasti());
            let file = file_of(f).map_or_else(|| py.none(), Py::into_object);
            (Py::new_ref(f.globals()), file, line as i64)
        }
        None => {
            let globals = match py.interp().sysdict.get() {
                Some(sys) => sys,
                None => PyDict::new(py)?,
            };
            (globals, PyStr::new(py, "<sys>")?.into_object(), 0)
        }
    };
    let key = id!(py, "__warningregistry__");
    let registry = match globals.get_str(py, key)? {
        Some(registry) => registry,
        None => {
            let registry = PyDict::new(py)?.into_object();
            globals.set(py, key, &registry)?;
            registry
        }
    };
    let module = match globals.get_str(py, id!(py, "__name__"))? {
        Some(name) if name.is_none() || name.downcast::<PyStr>().is_some() => name,
        _ => PyStr::new(py, "<string>")?.into_object(),
    };
    Ok(Place { filename, lineno, module, registry })
}

/// A line of a module's source, as its loader has it.
pub(super) fn source_line(py: Python, globals: &PyDict, lineno: i32) -> PyResult<Option<Py>> {
    let Some(name) = globals.get_str(py, id!(py, "__name__"))? else { return Ok(None) };
    let from_spec = match globals.get_str(py, id!(py, "__spec__"))?.filter(|s| !s.is_none()) {
        Some(spec) => spec.getattr_opt(py, id!(py, "loader"))?,
        None => None,
    };
    let loader = match from_spec.filter(|l| !l.is_none()) {
        Some(loader) => Some(loader),
        None => globals.get_str(py, id!(py, "__loader__"))?.filter(|l| !l.is_none()),
    };
    let Some(loader) = loader else { return Ok(None) };
    let Some(get_source) = loader.getattr_opt(py, id!(py, "get_source"))? else { return Ok(None) };
    let source = get_source.call1(py, &name)?;
    let Some(source) = source.downcast::<PyStr>() else { return Ok(None) };
    let lines = source.split_lines(py, false)?;
    Ok(usize::try_from(lineno - 1).ok().and_then(|i| lines.get(i)))
}

/// `file:line: Category: text` and the source line, on `sys.stderr`.
pub(super) fn show_natively(
    py: Python,
    filename: &PyObject,
    lineno: i64,
    text: &PyObject,
    category: &PyObject,
    source_line: Option<&PyObject>,
) {
    let show = || -> PyResult<()> {
        let name = category.getattr(py, id!(py, "__name__"))?;
        let file = filename.str(py)?;
        let mut out = format!("{file}:{lineno}: {}: {}\n", name.str(py)?, text.str(py)?);
        let line = match source_line {
            Some(line) => Some(line.str(py)?.to_string_lossy().into_owned()),
            None => line_of_file(&file.to_string_lossy(), lineno),
        };
        if let Some(line) = line.as_deref().map(str::trim).filter(|l| !l.is_empty()) {
            out.push_str(&format!("  {line}\n"));
        }
        let stderr = sys_attr(py, id!(py, "stderr"))?.filter(|s| !s.is_none());
        if let Some(stderr) = stderr {
            stderr.call_method1(py, id!(py, "write"), &*PyStr::new(py, &out)?)?;
        }
        Ok(())
    };
    if show().is_err() {
        err::clear(py);
    }
}

fn line_of_file(file: &str, lineno: i64) -> Option<String> {
    if file.starts_with('<') {
        return None;
    }
    let bytes = std::fs::read(file).ok()?;
    let line = bytes.split(|b| *b == b'\n').nth(usize::try_from(lineno - 1).ok()?)?;
    Some(String::from_utf8_lossy(line).into_owned())
}
