//! `compile`, `eval`, `exec`: running source text.

use super::attributes::caller;
use crate::compile::{ast_hooks, compile_source, compile_tree, parse};
use taipan_compiler::Mode;
use taipan_compiler::flags::*;
use taipan_object::abstracts::buffer::{self, Buffer};
use taipan_object::abstracts::mapping;
use taipan_object::runtime::hooks;
use taipan_object::types::cell::PyCell;
use taipan_object::{Py, PyBytes, PyCode, PyDict, PyObject, PyResult, PyStr, PyTuple, Python, id, pyfunction, raise};

/// `CO_NESTED`, once a future feature: accepted and ignored.
const CO_NESTED: u32 = 0x10;
/// The flags that `compile()` accepts.
const ACCEPTED: u32 = PYCF_MASK
    | CO_NESTED
    | PYCF_ONLY_AST
    | PYCF_OPTIMIZED_AST
    | PYCF_ALLOW_TOP_LEVEL_AWAIT
    | PYCF_TYPE_COMMENTS
    | PYCF_DONT_IMPLY_DEDENT
    | PYCF_ALLOW_INCOMPLETE_INPUT;

/// The future features that the calling code has switched on.
fn inherited_flags(py: Python) -> u32 {
    caller(py).map_or(0, |f| f.code().co_flags.get() as u32 & PYCF_MASK)
}

/// Source text as bytes, and the flags that belong to it: text is UTF-8 whatever a coding cookie says.
fn source_bytes(py: Python, source: &PyObject, function: &str, what: &str) -> PyResult<(Vec<u8>, u32)> {
    let (bytes, flags) = if let Some(s) = source.downcast::<PyStr>() {
        (s.to_str(py)?.as_bytes().to_vec(), PYCF_IGNORE_COOKIE)
    } else if let Some(b) = source.downcast::<PyBytes>() {
        (b.as_slice().to_vec(), 0)
    } else if buffer::check(source) {
        (Buffer::get(py, source, 0)?.as_slice().to_vec(), 0)
    } else {
        return Err(raise!(py, TypeError, "{function}() arg 1 must be a {what} object"));
    };
    if bytes.contains(&0) {
        return Err(raise!(py, SyntaxError, "source code string cannot contain null bytes"));
    }
    Ok((bytes, flags))
}

/// A file name argument (`PyUnicode_FSDecoder`).
fn file_name(py: Python, name: &PyObject) -> PyResult<Py<PyStr>> {
    let path = match name.downcast::<PyStr>() {
        Some(s) => return without_null(py, Py::new_ref(s)),
        None if name.downcast::<PyBytes>().is_some() => Py::new_ref(name),
        None => match name.lookup_special(py, id!(py, "__fspath__"))? {
            Some(f) => f.call0(py)?,
            None => {
                return Err(raise!(
                    py,
                    TypeError,
                    "expected str, bytes or os.PathLike object, not {}",
                    name.ty().full_name()
                ));
            }
        },
    };
    if let Some(s) = path.downcast::<PyStr>() {
        return without_null(py, Py::new_ref(s));
    }
    let Some(bytes) = path.downcast::<PyBytes>() else {
        return Err(raise!(
            py,
            TypeError,
            "expected {}.__fspath__() to return str or bytes, not {}",
            name.ty().full_name(),
            path.ty().full_name()
        ));
    };
    // Bytes that are not UTF-8 stand as lone surrogates (surrogateescape).
    let mut chars = Vec::with_capacity(bytes.as_slice().len());
    for chunk in bytes.as_slice().utf8_chunks() {
        chars.extend(chunk.valid().chars().map(u32::from));
        chars.extend(chunk.invalid().iter().map(|b| 0xdc00 + *b as u32));
    }
    without_null(py, PyStr::from_ucs4(py, &chars)?)
}

fn without_null(py: Python, name: Py<PyStr>) -> PyResult<Py<PyStr>> {
    if name.chars().any(|c| c == 0) {
        return Err(raise!(py, ValueError, "embedded null character"));
    }
    Ok(name)
}

/// Compile source into a code object that can be executed by exec() or eval().
///
/// The source code may represent a Python module, statement or expression.
/// The filename will be used for run-time error messages.
/// The mode must be 'exec' to compile a module, 'single' to compile a
/// single (interactive) statement, or 'eval' to compile an expression.
/// The flags argument, if present, controls which future statements influence
/// the compilation of the code.
/// The dont_inherit argument, if true, stops the compilation inheriting
/// the effects of any future statements in effect in the code calling
/// compile; if absent or false these statements do influence the compilation,
/// in addition to any features explicitly specified.
#[pyfunction]
#[signature("(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)")]
#[allow(clippy::too_many_arguments)]
pub fn compile(
    py: Python,
    source: &PyObject,
    filename: &PyObject,
    mode: &PyStr,
    flags: i32,
    dont_inherit: bool,
    optimize: i32,
    _feature_version: i32,
) -> PyResult {
    let filename = file_name(py, filename)?;
    let given = flags as u32;
    if given & !ACCEPTED != 0 {
        return Err(raise!(py, ValueError, "compile(): unrecognised flags"));
    }
    if !(-1..=2).contains(&optimize) {
        return Err(raise!(py, ValueError, "compile(): invalid optimize value"));
    }
    let flags = if dont_inherit { given } else { given | inherited_flags(py) };
    let only_tree = given & PYCF_ONLY_AST != 0;
    let mode = match &*mode.to_string_lossy() {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        "func_type" if only_tree => Mode::FuncType,
        "func_type" => {
            return Err(raise!(py, ValueError, "compile() mode 'func_type' requires flag PyCF_ONLY_AST"));
        }
        _ => {
            let modes =
                if only_tree { "'exec', 'eval', 'single' or 'func_type'" } else { "'exec', 'eval' or 'single'" };
            return Err(raise!(py, ValueError, "compile() mode must be {modes}"));
        }
    };
    let name = filename.to_string_lossy();
    if let Some(ast) = ast_hooks() {
        if (ast.is_node)(py, source)? {
            if only_tree && given & PYCF_OPTIMIZED_AST != PYCF_OPTIMIZED_AST {
                return Ok(Py::new_ref(source));
            }
            let mut tree = (ast.to_tree)(py, source, mode)?;
            if only_tree {
                return (ast.from_tree)(py, &tree);
            }
            return Ok(compile_tree(py, &mut tree, &name, flags, optimize)?.into_object());
        }
    }
    let (text, text_flags) = source_bytes(py, source, "compile", "string, bytes or AST")?;
    let flags = flags | text_flags;
    if only_tree {
        let Some(ast) = ast_hooks() else {
            return Err(raise!(py, NotImplementedError, "compile() to a syntax tree needs the module _ast"));
        };
        let tree = parse(py, &text, &name, mode, flags)?;
        return (ast.from_tree)(py, &tree);
    }
    Ok(compile_source(py, &text, &name, mode, flags, optimize)?.into_object())
}

/// The namespaces that code is to run in: those given, or the caller's.
fn namespaces(
    py: Python,
    globals: Option<&PyObject>,
    locals: Option<&PyObject>,
    function: &str,
) -> PyResult<(Py<PyDict>, Py)> {
    let globals = globals.filter(|g| !g.is_none());
    let locals = locals.filter(|l| !l.is_none());
    let (globals, locals) = match globals {
        Some(g) => {
            let Some(dict) = g.downcast::<PyDict>() else {
                return Err(bad_globals(py, g, function));
            };
            (Py::new_ref(dict), Py::new_ref(locals.unwrap_or(g)))
        }
        None => {
            let Some(frame) = caller(py) else {
                return Err(raise!(py, SystemError, "globals and locals cannot be NULL"));
            };
            let locals = match locals {
                Some(l) => Py::new_ref(l),
                None => taipan_object::types::frame::locals::snapshot(py, frame)?,
            };
            (Py::new_ref(frame.globals()), locals)
        }
    };
    let key = id!(py, "__builtins__");
    if globals.get_str(py, key)?.is_none() {
        if let Some(builtins) = current_builtins(py) {
            globals.set(py, key, &builtins)?;
        }
    }
    Ok((globals, locals))
}

fn bad_globals(py: Python, globals: &PyObject, function: &str) -> taipan_object::Raised {
    if function == "exec" {
        return raise!(py, TypeError, "exec() globals must be a dict, not {}", globals.ty().full_name());
    }
    if mapping::check(globals) {
        raise!(py, TypeError, "globals must be a real dict; try eval(expr, {{}}, mapping)")
    } else {
        raise!(py, TypeError, "globals must be a dict")
    }
}

/// The builtins of the calling code.
fn current_builtins(py: Python) -> Option<Py> {
    match caller(py) {
        Some(frame) => Some(Py::new_ref(frame.builtins())),
        None => py.interp().builtins.get().map(Py::into_object),
    }
}

/// Evaluate the given source in the context of globals and locals.
///
/// The source may be a string representing a Python expression
/// or a code object as returned by compile().
/// The globals must be a dictionary and locals can be any mapping,
/// defaulting to the current globals and locals.
/// If only globals is given, locals defaults to it.
#[pyfunction]
#[signature("(source, /, globals=None, locals=None)")]
pub fn eval(py: Python, source: &PyObject, globals: Option<&PyObject>, locals: Option<&PyObject>) -> PyResult {
    if locals.is_some_and(|l| !l.is_none() && !mapping::check(l)) {
        return Err(raise!(py, TypeError, "locals must be a mapping"));
    }
    let (globals, locals) = namespaces(py, globals, locals, "eval")?;
    if let Some(code) = source.downcast_exact::<PyCode>() {
        (hooks::get().audit)(py, "exec", &[source])?;
        if code.co_nfreevars.get() > 0 {
            return Err(raise!(py, TypeError, "code object passed to eval() may not contain free variables"));
        }
        return crate::eval::eval_code(py, code, &globals, Some(&locals), None);
    }
    let (text, flags) = source_bytes(py, source, "eval", "string, bytes or code")?;
    let blanks = text.iter().take_while(|c| matches!(c, b' ' | b'\t')).count();
    run_text(py, &text[blanks..], Mode::Eval, flags, &globals, &locals)
}

/// Compiles and runs a text, with the future features of the calling code.
fn run_text(py: Python, text: &[u8], mode: Mode, flags: u32, globals: &PyDict, locals: &PyObject) -> PyResult {
    let code = compile_source(py, text, "<string>", mode, flags | inherited_flags(py), -1)?;
    (hooks::get().audit)(py, "exec", &[&code])?;
    crate::eval::eval_code(py, &code, globals, Some(locals), None)
}

/// Execute the given source in the context of globals and locals.
///
/// The source may be a string representing one or more Python statements
/// or a code object as returned by compile().
/// The globals must be a dictionary and locals can be any mapping,
/// defaulting to the current globals and locals.
/// If only globals is given, locals defaults to it.
/// The closure must be a tuple of cellvars, and can only be used
/// when source is a code object requiring exactly that many cellvars.
#[pyfunction]
#[signature("(source, /, globals=None, locals=None, *, closure=None)")]
pub fn exec(
    py: Python,
    source: &PyObject,
    globals: Option<&PyObject>,
    locals: Option<&PyObject>,
    closure: Option<&PyObject>,
) -> PyResult<()> {
    if let Some(g) = globals.filter(|g| !g.is_none() && g.downcast::<PyDict>().is_none()) {
        return Err(bad_globals(py, g, "exec"));
    }
    if let Some(l) = locals.filter(|l| !l.is_none() && !mapping::check(l)) {
        return Err(raise!(py, TypeError, "locals must be a mapping or None, not {}", l.ty().full_name()));
    }
    let (globals, locals) = namespaces(py, globals, locals, "exec")?;
    let closure = closure.filter(|c| !c.is_none());
    if let Some(code) = source.downcast_exact::<PyCode>() {
        let cells = closure_of(py, code, closure)?;
        (hooks::get().audit)(py, "exec", &[source])?;
        crate::eval::eval_code(py, code, &globals, Some(&locals), cells)?;
        return Ok(());
    }
    if closure.is_some() {
        return Err(raise!(py, TypeError, "closure can only be used when source is a code object"));
    }
    let (text, flags) = source_bytes(py, source, "exec", "string, bytes or code")?;
    run_text(py, &text, Mode::Exec, flags, &globals, &locals)?;
    Ok(())
}

/// The closure given for a code object: as many cells as it has free variables.
fn closure_of<'a>(py: Python, code: &PyCode, closure: Option<&'a PyObject>) -> PyResult<Option<&'a PyTuple>> {
    let n = code.co_nfreevars.get() as usize;
    if n == 0 {
        return match closure {
            None => Ok(None),
            Some(_) => Err(raise!(py, TypeError, "cannot use a closure with this code object")),
        };
    }
    let cells = closure
        .and_then(|c| c.downcast_exact::<PyTuple>())
        .filter(|c| c.len() == n && c.as_slice().iter().all(|cell| cell.downcast_exact::<PyCell>().is_some()));
    match cells {
        Some(cells) => Ok(Some(cells)),
        None => Err(raise!(py, TypeError, "code object requires a closure of exactly length {n}")),
    }
}
