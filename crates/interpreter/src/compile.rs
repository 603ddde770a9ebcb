//! From source to code objects: the compiler, its warnings and errors as Python's.

use std::sync::OnceLock;
use taipan_compiler::ast::Mod;
use taipan_compiler::{CompileError, CompileOptions, CompileWarning, ErrorKind, Mode, ParseOptions, WarningSink};
use taipan_object::types::code::from_code_object;
use taipan_object::{Py, PyCode, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, Raised, err, exceptions};

/// What `compile()` needs of the module `_ast`, which installs it when it is first imported.
pub struct AstHooks {
    /// True if the object is an instance of `ast.AST`.
    pub is_node: fn(Python, &PyObject) -> PyResult<bool>,
    /// The tree that a node stands for, checked to be complete and of the kind that the mode asks for.
    pub to_tree: fn(Python, &PyObject, Mode) -> PyResult<Mod>,
    /// The node that stands for a tree.
    pub from_tree: fn(Python, &Mod) -> PyResult,
}

static AST: OnceLock<AstHooks> = OnceLock::new();

/// Installs the functions of `_ast`; the first ones stay.
pub fn install_ast(hooks: AstHooks) {
    let _ = AST.set(hooks);
}

/// The functions of `_ast`, if it has been imported.
pub fn ast_hooks() -> Option<&'static AstHooks> {
    AST.get()
}

/// Compiles source text. SyntaxError and its kin; warnings go through the `warnings` machinery.
pub fn compile_source(
    py: Python,
    source: &[u8],
    filename: &str,
    mode: Mode,
    flags: u32,
    optimize: i32,
) -> PyResult<Py<PyCode>> {
    let mut tree = parse(py, source, filename, mode, flags)?;
    compile_tree(py, &mut tree, filename, flags, optimize)
}

/// Parses source text into a tree.
pub fn parse(py: Python, source: &[u8], filename: &str, mode: Mode, flags: u32) -> PyResult<Mod> {
    let mut sink = Warnings { py, filename, raised: false };
    let digits = py.interp().int_max_str_digits.get().max(0) as usize;
    let parse_options = ParseOptions { flags, int_max_str_digits: digits, ..ParseOptions::default() };
    let parsed = taipan_compiler::parse_with(source, mode, parse_options, &mut sink);
    if sink.raised {
        return Err(Raised::assume());
    }
    parsed.map_err(|e| raise_compile_error(py, &e, filename))
}

/// Compiles a tree. `optimize` -1 is the interpreter's own level.
pub fn compile_tree(py: Python, tree: &mut Mod, filename: &str, flags: u32, optimize: i32) -> PyResult<Py<PyCode>> {
    let mut sink = Warnings { py, filename, raised: false };
    let options = CompileOptions { optimize: optimization_level(py, optimize), flags };
    let compiled = taipan_compiler::compile_ast(tree, filename, &options, &mut sink);
    if sink.raised {
        return Err(Raised::assume());
    }
    let code = compiled.map_err(|e| raise_compile_error(py, &e, filename))?;
    from_code_object(py, &code)
}

/// The level that the argument *optimize* stands for.
pub fn optimization_level(py: Python, optimize: i32) -> u8 {
    let level = if optimize < 0 { py.interp().config.borrow().optimization_level } else { optimize };
    level.clamp(0, 2) as u8
}

/// Passes the compiler's warnings on; one that the filters turn into an error stops the compilation.
struct Warnings<'a> {
    py: Python<'a>,
    filename: &'a str,
    raised: bool,
}

impl WarningSink for Warnings<'_> {
    fn warn(&mut self, warning: CompileWarning) -> Result<(), CompileError> {
        let py = self.py;
        let category = match warning.category {
            taipan_compiler::WarningCategory::SyntaxWarning => exceptions::SyntaxWarning(),
            taipan_compiler::WarningCategory::DeprecationWarning => exceptions::DeprecationWarning(),
        };
        let issue = || -> PyResult<()> {
            let text = PyStr::new(py, &warning.message)?;
            let file = PyStr::new(py, self.filename)?;
            (taipan_object::runtime::hooks::get().warn_explicit)(py, category, &text, &file, warning.lineno, None, None)
        };
        match issue() {
            Ok(()) => Ok(()),
            Err(_) => {
                if err::matches(py, category) {
                    // A warning turned into an error is a SyntaxError at the place.
                    err::clear(py);
                    return Err(as_error(&warning));
                }
                self.raised = true;
                Err(as_error(&warning))
            }
        }
    }
}

/// The SyntaxError that a warning becomes when the filters make it an error.
fn as_error(warning: &CompileWarning) -> CompileError {
    CompileError {
        kind: ErrorKind::SyntaxError,
        message: warning.message.clone(),
        lineno: Some(warning.lineno),
        col_offset: Some(warning.col_offset),
        end_lineno: Some(warning.end_lineno),
        end_col_offset: Some(warning.end_col_offset),
        text: None,
        last_statement: None,
    }
}

/// Raises what the compiler reports.
#[cold]
pub fn raise_compile_error(py: Python, e: &CompileError, filename: &str) -> Raised {
    let class = match e.kind {
        ErrorKind::SyntaxError => exceptions::SyntaxError(),
        ErrorKind::IndentationError => exceptions::IndentationError(),
        ErrorKind::TabError => exceptions::TabError(),
        ErrorKind::IncompleteInputError => exceptions::_IncompleteInputError(),
        ErrorKind::RecursionError => exceptions::RecursionError(),
        ErrorKind::MemoryError => exceptions::MemoryError(),
        ErrorKind::TypeError => exceptions::TypeError(),
        ErrorKind::ValueError => exceptions::ValueError(),
        ErrorKind::OverflowError => exceptions::OverflowError(),
        ErrorKind::SystemError => exceptions::SystemError(),
        // Raised with their message alone: the exact objects are known to the decoder only.
        ErrorKind::UnicodeDecodeError | ErrorKind::UnicodeEncodeError => exceptions::UnicodeError(),
    };
    let build = || -> PyResult {
        let message = PyStr::new(py, &e.message)?;
        if !class.is_subtype(exceptions::SyntaxError()) {
            return class.call(py, &[&message as &PyObject]);
        }
        let number = |n: Option<i32>| -> PyResult {
            match n {
                Some(n) => Ok(PyLong::from_i64(py, n as i64)?.into_object()),
                None => Ok(py.none()),
            }
        };
        let text = match &e.text {
            Some(t) => PyStr::new(py, t)?.into_object(),
            None => py.none(),
        };
        let info = PyTuple::from_vec(
            py,
            vec![
                PyStr::new(py, filename)?.into_object(),
                number(e.lineno)?,
                number(e.col_offset)?,
                text,
                number(e.end_lineno)?,
                number(e.end_col_offset)?,
            ],
        )?;
        class.call(py, &[&message as &PyObject, &info])
    };
    match build() {
        Ok(exc) => err::raise_exception(py, exc),
        Err(raised) => raised,
    }
}
