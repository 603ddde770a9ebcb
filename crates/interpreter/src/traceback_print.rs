//! Printing exceptions: by the module `traceback` where it can be had, natively where not, and what becomes of an
//! exception that nobody caught.

use crate::builtins::console::sys_attr;
use core::ffi::c_void;
use taipan_object::runtime::hooks;
use taipan_object::types::traceback::PyTraceback;
use taipan_object::{Py, PyBaseException, PyList, PyLong, PyObject, PyResult, PyStr, Python, err, exceptions, id};

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";
/// Entries of a traceback that are printed unless `sys.tracebacklimit` says otherwise.
const DEFAULT_LIMIT: i64 = 1000;
/// Equal entries in a row that are printed.
const REPEATS: usize = 3;

/// Where reports go.
enum Output {
    /// `sys.stderr`.
    Stream(Py),
    /// The file descriptor, when `sys` has no such stream.
    Descriptor,
    /// Nowhere: `sys.stderr` is None.
    Nowhere,
}

impl Output {
    fn stderr(py: Python) -> Output {
        match sys_attr(py, id!(py, "stderr")) {
            Ok(Some(s)) if s.is_none() => Output::Nowhere,
            Ok(Some(s)) => Output::Stream(s),
            Ok(None) => Output::Descriptor,
            Err(_) => {
                err::clear(py);
                Output::Descriptor
            }
        }
    }

    fn write(&self, py: Python, text: &str) {
        match self {
            Output::Nowhere => {}
            Output::Descriptor => write_descriptor(text),
            Output::Stream(stream) => {
                let written = PyStr::new(py, text).and_then(|t| stream.call_method1(py, id!(py, "write"), &t));
                if written.is_err() {
                    err::clear(py);
                }
            }
        }
    }

    fn flush(&self, py: Python) {
        if let Output::Stream(stream) = self {
            if stream.call_method0(py, id!(py, "flush")).is_err() {
                err::clear(py);
            }
        }
    }
}

fn write_descriptor(text: &str) {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        // SAFETY: the buffer is as long as said.
        let n = unsafe { libc::write(2, rest.as_ptr() as *const c_void, rest.len()) };
        if n <= 0 {
            return;
        }
        rest = &rest[n as usize..];
    }
}

/// Prints an exception with its traceback and the exceptions it came from to `sys.stderr` (`PyErr_Display`). `tb` becomes
/// the exception's traceback if it has none.
pub fn display(py: Python, value: &PyObject, tb: Option<&PyObject>) {
    let output = Output::stderr(py);
    if let Output::Nowhere = output {
        return;
    }
    if let (Some(base), Some(tb)) = (exceptions::as_base(value), tb.and_then(|t| t.downcast::<PyTraceback>())) {
        if base.traceback.is_none() {
            base.traceback.set(Some(Py::new_ref(tb)));
        }
    }
    if by_module(py, value) {
        return;
    }
    let mut text = String::new();
    format_chain(py, value, &mut text, &mut Vec::new());
    output.write(py, &text);
    output.flush(py);
}

/// Lets the module `traceback` print; false if it could not.
fn by_module(py: Python, value: &PyObject) -> bool {
    // Without an import system there is no module to ask.
    if py.interp().importlib.get().is_none() {
        return false;
    }
    let print = || -> PyResult<()> {
        let module = crate::import::import_module(py, id!(py, "traceback"))?;
        module.call_method1(py, id!(py, "_print_exception_bltin"), value)?;
        Ok(())
    };
    let printed = print().is_ok();
    if !printed {
        err::clear(py);
    }
    printed
}

/// Reports an exception that cannot be raised, with what could not raise it (`sys.__unraisablehook__`).
pub fn write_unraisable(py: Python, value: &PyObject, message: Option<&str>, obj: &PyObject) {
    let output = Output::stderr(py);
    let mut text = String::new();
    if !obj.is_none() {
        text.push_str(message.unwrap_or("Exception ignored in"));
        text.push_str(": ");
        text.push_str(&shown(py, obj.repr(py), "<object repr() failed>"));
        text.push('\n');
    } else if let Some(message) = message {
        text.push_str(message);
        text.push_str(":\n");
    }
    output.write(py, &text);
    if value.is_none() {
        return;
    }
    if !by_module(py, value) {
        let mut text = String::new();
        if let Some(base) = exceptions::as_base(value) {
            format_traceback(py, base, &mut text);
        }
        format_only(py, value, &mut text);
        output.write(py, &text);
    }
    output.flush(py);
}

/// A text, or a stand-in if it could not be made.
fn shown(py: Python, text: PyResult<Py<PyStr>>, instead: &str) -> String {
    match text {
        Ok(t) => t.to_string_lossy().into_owned(),
        Err(_) => {
            err::clear(py);
            instead.to_owned()
        }
    }
}

/// The exception, after those that it came from.
fn format_chain(py: Python, value: &PyObject, out: &mut String, seen: &mut Vec<usize>) {
    let Some(base) = exceptions::as_base(value) else {
        out.push_str("TypeError: print_exception(): Exception expected for value, ");
        out.push_str(value.ty().name());
        out.push_str(" found\n");
        return;
    };
    seen.push(value.id());
    // Deep chains are cut rather than printed by deep recursion.
    if seen.len() < 500 {
        let context = base.context.get().filter(|_| base.suppress_context.get() == 0);
        for (earlier, text) in [(base.cause.get(), CAUSE), (context, CONTEXT)] {
            if let Some(e) = earlier.filter(|e| !seen.contains(&e.id())) {
                format_chain(py, &e, out, seen);
                out.push_str(text);
                break;
            }
        }
    }
    format_traceback(py, base, out);
    format_only(py, value, out);
}

fn format_traceback(py: Python, base: &PyBaseException, out: &mut String) {
    let mut limit = DEFAULT_LIMIT;
    match sys_attr(py, id!(py, "tracebacklimit")) {
        Ok(Some(n)) => {
            if let Some(n) = n.downcast::<PyLong>() {
                limit = n.try_i64().unwrap_or(if n.is_negative() { 0 } else { i64::MAX });
            }
        }
        Ok(None) => {}
        Err(_) => err::clear(py),
    }
    if limit <= 0 {
        return;
    }
    let mut entries = Vec::new();
    let mut next = base.traceback.get();
    while let Some(entry) = next {
        next = entry.tb_next.get();
        entries.push(entry);
    }
    if entries.is_empty() {
        return;
    }
    out.push_str("Traceback (most recent call last):\n");
    let skip = entries.len().saturating_sub(limit as usize);
    let mut last = (String::new(), 0, String::new());
    let mut count = 0;
    for entry in &entries[skip..] {
        let Some(place) = place_of(entry) else { continue };
        if place == last {
            count += 1;
        } else {
            repeated(count, out);
            last = place;
            count = 1;
        }
        if count <= REPEATS {
            let (file, line, name) = &last;
            out.push_str(&format!("  File \"{file}\", line {line}, in {name}\n"));
            source_line(entry, file, *line, out);
        }
    }
    repeated(count, out);
}

fn repeated(count: usize, out: &mut String) {
    if count > REPEATS {
        let more = count - REPEATS;
        let s = if more == 1 { "" } else { "s" };
        out.push_str(&format!("  [Previous line repeated {more} more time{s}]\n"));
    }
}

/// File, line and name of an entry.
fn place_of(entry: &PyTraceback) -> Option<(String, i32, String)> {
    let frame = entry.tb_frame.get()?;
    // SAFETY: a frame object stands for a live frame or its own copy.
    let f = unsafe { frame.f_frame.get().as_ref() }?;
    let code = f.code();
    let line = match entry.tb_lineno.get() {
        -1 => crate::traceback::line_of(code, entry.tb_lasti.get() as isize / 2),
        line => line,
    };
    let text = |s: Option<Py<PyStr>>| s.map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    Some((text(code.co_filename.get()), line, text(code.co_name.get())))
}

/// The source line of an entry, and carets under the part that was being executed if that is not the whole line.
fn source_line(entry: &PyTraceback, file: &str, line: i32, out: &mut String) {
    if line < 1 || file.starts_with('<') {
        return;
    }
    let Ok(bytes) = std::fs::read(file) else { return };
    let Some(source) = bytes.split(|b| *b == b'\n').nth(line as usize - 1) else { return };
    let source = source.strip_suffix(b"\r").unwrap_or(source);
    let indent = source.iter().take_while(|b| matches!(b, b' ' | b'\t' | 0x0c)).count();
    let end = source.iter().rposition(|b| !b.is_ascii_whitespace()).map_or(indent, |i| i + 1);
    if end <= indent {
        return;
    }
    out.push_str("    ");
    out.push_str(&String::from_utf8_lossy(&source[indent..end]));
    out.push('\n');
    let Some((from, to)) = columns(entry, line) else { return };
    let (from, to) = (from.max(indent), to.unwrap_or(end).min(end));
    if from >= to || (from == indent && to == end) {
        return;
    }
    let width = |part: &[u8]| String::from_utf8_lossy(part).chars().count();
    out.push_str("    ");
    out.push_str(&" ".repeat(width(&source[indent..from])));
    out.push_str(&"^".repeat(width(&source[from..to])));
    out.push('\n');
}

/// The byte columns of an entry's instruction, if it begins on that line; no end if it goes on on another one.
fn columns(entry: &PyTraceback, line: i32) -> Option<(usize, Option<usize>)> {
    let frame = entry.tb_frame.get()?;
    // SAFETY: as in `place_of`.
    let code = unsafe { frame.f_frame.get().as_ref() }?.code();
    let lasti = usize::try_from(entry.tb_lasti.get() / 2).ok()?;
    let place = code.location_of(lasti);
    let from = usize::try_from(place.column).ok()?;
    let to = usize::try_from(place.end_column).ok()?;
    (place.line == line).then_some((from, (place.end_line == line).then_some(to)))
}

/// `module.Class: message`, with the place of a SyntaxError before and the notes behind it.
fn format_only(py: Python, value: &PyObject, out: &mut String) {
    syntax_error_place(py, value, out);
    out.push_str(&shown(py, qualified_name(py, value), "<unknown>"));
    let is_syntax = value.ty().is_subtype(exceptions::SyntaxError());
    let text = match value.getattr_opt(py, id!(py, "msg")) {
        Ok(Some(msg)) if is_syntax && msg.downcast::<PyStr>().is_some() => shown(py, msg.str(py), ""),
        Ok(_) => shown(py, value.str(py), "<exception str() failed>"),
        Err(_) => {
            err::clear(py);
            shown(py, value.str(py), "<exception str() failed>")
        }
    };
    if !text.is_empty() {
        out.push_str(": ");
        out.push_str(&text);
    }
    out.push('\n');
    let notes = value.getattr_opt(py, id!(py, "__notes__")).unwrap_or_else(|_| {
        err::clear(py);
        None
    });
    if let Some(notes) = notes.as_ref().and_then(|n| n.downcast::<PyList>()) {
        for note in notes.to_vec() {
            out.push_str(&shown(py, note.str(py), "<note str() failed>"));
            out.push('\n');
        }
    }
}

fn qualified_name(py: Python, value: &PyObject) -> PyResult<Py<PyStr>> {
    let ty = value.ty();
    let name = ty.qualname_object(py)?;
    let module = (ty as &PyObject).getattr_opt(py, id!(py, "__module__"))?;
    match module.as_ref().and_then(|m| m.downcast::<PyStr>()) {
        Some(m) if m.eq_str("builtins") || m.eq_str("__main__") => Ok(name),
        Some(m) => PyStr::new(py, &format!("{}.{}", m.to_string_lossy(), name.to_string_lossy())),
        None => PyStr::new(py, &format!("<unknown>.{}", name.to_string_lossy())),
    }
}

/// File, line and text of a SyntaxError.
fn syntax_error_place(py: Python, value: &PyObject, out: &mut String) {
    if !value.ty().is_subtype(exceptions::SyntaxError()) {
        return;
    }
    let get = |name: &'static PyStr| -> Option<Py> {
        value.getattr_opt(py, name).unwrap_or_else(|_| {
            err::clear(py);
            None
        })
    };
    let number = |name: &'static PyStr| get(name).and_then(|n| n.downcast::<PyLong>().and_then(PyLong::try_i64));
    let Some(line) = number(id!(py, "lineno")) else { return };
    let file = match get(id!(py, "filename")) {
        Some(f) if !f.is_none() => shown(py, f.str(py), "<string>"),
        _ => "<string>".to_owned(),
    };
    out.push_str(&format!("  File \"{file}\", line {line}\n"));
    let Some(text) = get(id!(py, "text")) else { return };
    let Some(text) = text.downcast::<PyStr>() else { return };
    let text = text.to_string_lossy().into_owned();
    let text = text.trim_end();
    let stripped = text.trim_start_matches([' ', '\t', '\x0c']);
    let indent = text.chars().count() - stripped.chars().count();
    if stripped.is_empty() {
        return;
    }
    out.push_str(&format!("    {stripped}\n"));
    let Some(offset) = number(id!(py, "offset")).filter(|o| *o >= 1) else { return };
    let end_line = number(id!(py, "end_lineno")).unwrap_or(line);
    let length = stripped.chars().count() + 1;
    let from = (offset as usize - 1).saturating_sub(indent).min(length);
    let to = match number(id!(py, "end_offset")) {
        Some(end) if end_line == line && end > offset => (end as usize - 1).saturating_sub(indent).min(length),
        _ if end_line != line => length - 1,
        _ => from + 1,
    };
    out.push_str(&format!("    {}{}\n", " ".repeat(from), "^".repeat(to.saturating_sub(from).max(1))));
}

/// The exit status that a SystemExit asks for; what is neither a number nor None is printed (`_Py_HandleSystemExit`).
pub fn exit_status(py: Python, exc: &PyObject) -> i32 {
    let code = match exc.getattr_opt(py, id!(py, "code")) {
        Ok(Some(code)) => code,
        Ok(None) => Py::new_ref(exc),
        Err(_) => {
            err::clear(py);
            Py::new_ref(exc)
        }
    };
    if code.is_none() {
        return 0;
    }
    if let Some(n) = code.downcast::<PyLong>() {
        return n.try_i64().map_or(-1, |n| n as i32);
    }
    let output = Output::stderr(py);
    let text = shown(py, code.str(py), "");
    output.write(py, &text);
    output.write(py, "\n");
    output.flush(py);
    1
}

/// Deals with the exception that is set and that nobody caught (`PyErr_Print`): `sys.excepthook` shows it. Gives the
/// status to exit with.
pub fn print_uncaught(py: Python) -> i32 {
    let Some(exc) = err::take(py) else { return 0 };
    if exc.ty().is_subtype(exceptions::SystemExit()) {
        return exit_status(py, &exc);
    }
    let tb = exceptions::as_base(&exc).and_then(|e| e.traceback.get()).map_or_else(|| py.none(), Py::into_object);
    if let Some(sys) = py.interp().sysdict.get() {
        for (name, value) in [
            (id!(py, "last_exc"), &*exc),
            (id!(py, "last_type"), exc.ty() as &PyObject),
            (id!(py, "last_value"), &*exc),
            (id!(py, "last_traceback"), &*tb),
        ] {
            if sys.set(py, name, value).is_err() {
                err::clear(py);
            }
        }
    }
    let output = Output::stderr(py);
    let hook = sys_attr(py, id!(py, "excepthook")).unwrap_or_else(|_| {
        err::clear(py);
        None
    });
    let Some(hook) = hook else {
        output.write(py, "sys.excepthook is missing\n");
        display(py, &exc, Some(&tb));
        return 1;
    };
    let args: [&PyObject; 3] = [exc.ty(), &exc, &tb];
    let called = (hooks::get().audit)(py, "sys.excepthook", &[&hook, args[0], args[1], args[2]])
        .and_then(|()| hook.call(py, &args));
    if called.is_err() {
        let Some(inner) = err::take(py) else { return 1 };
        if inner.ty().is_subtype(exceptions::SystemExit()) {
            return exit_status(py, &inner);
        }
        output.write(py, "Error in sys.excepthook:\n");
        display(py, &inner, None);
        output.write(py, "\nOriginal exception was:\n");
        display(py, &exc, Some(&tb));
    }
    1
}
