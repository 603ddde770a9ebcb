//! What a compilation can end with, and what it may warn of on the way.

use crate::ast::Location;
use std::fmt;

/// The exception class that an error becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    SyntaxError,
    IndentationError,
    TabError,
    /// The REPL's mark for input that may still be completed (`PyCF_ALLOW_INCOMPLETE_INPUT`).
    IncompleteInputError,
    RecursionError,
    MemoryError,
    OverflowError,
    ValueError,
    TypeError,
    SystemError,
    UnicodeDecodeError,
    UnicodeEncodeError,
}

impl ErrorKind {
    /// The name of the exception class.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::SyntaxError => "SyntaxError",
            ErrorKind::IndentationError => "IndentationError",
            ErrorKind::TabError => "TabError",
            ErrorKind::IncompleteInputError => "_IncompleteInputError",
            ErrorKind::RecursionError => "RecursionError",
            ErrorKind::MemoryError => "MemoryError",
            ErrorKind::OverflowError => "OverflowError",
            ErrorKind::ValueError => "ValueError",
            ErrorKind::TypeError => "TypeError",
            ErrorKind::SystemError => "SystemError",
            ErrorKind::UnicodeDecodeError => "UnicodeDecodeError",
            ErrorKind::UnicodeEncodeError => "UnicodeEncodeError",
        }
    }

    /// Whether the exception is a `SyntaxError`, and so has a position.
    pub fn is_syntax_error(self) -> bool {
        matches!(
            self,
            ErrorKind::SyntaxError
                | ErrorKind::IndentationError
                | ErrorKind::TabError
                | ErrorKind::IncompleteInputError
        )
    }
}

/// Why a source was not compiled, with the attributes that a `SyntaxError` shows: lines and columns
/// from 1. `None` stands for the `None` that the exception's attribute then has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileError {
    pub kind: ErrorKind,
    pub message: String,
    pub lineno: Option<i32>,
    /// The column (`SyntaxError.offset`). The parser gives it in characters, as CPython's does; the
    /// symbol table and the code generator give UTF-8 bytes plus one, again as CPython's do.
    pub col_offset: Option<i32>,
    pub end_lineno: Option<i32>,
    pub end_col_offset: Option<i32>,
    /// The source line, where the one who raised it knew it.
    pub text: Option<String>,
    /// Of an error of the parser: line and column of the last statement with a block that it had
    /// read, or zeros. `SyntaxError._metadata` starts with it and ends with the source.
    pub last_statement: Option<(i32, i32)>,
}

/// How nearly everything in this crate returns.
pub type CompileResult<T> = Result<T, CompileError>;

impl CompileError {
    /// An error without a position.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> CompileError {
        CompileError {
            kind,
            message: message.into(),
            lineno: None,
            col_offset: None,
            end_lineno: None,
            end_col_offset: None,
            text: None,
            last_statement: None,
        }
    }

    /// A `SyntaxError` at a node of the tree.
    pub fn syntax(message: impl Into<String>, loc: Location) -> CompileError {
        CompileError {
            kind: ErrorKind::SyntaxError,
            message: message.into(),
            lineno: Some(loc.lineno),
            col_offset: Some(loc.col_offset + 1),
            end_lineno: Some(loc.end_lineno),
            end_col_offset: Some(loc.end_col_offset + 1),
            text: None,
            last_statement: None,
        }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.message)?;
        if let Some(line) = self.lineno {
            write!(f, " (line {line})")?;
        }
        Ok(())
    }
}

impl std::error::Error for CompileError {}

/// The category of a [`CompileWarning`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WarningCategory {
    SyntaxWarning,
    DeprecationWarning,
}

/// A warning that the parser or the compiler gives: lines and columns from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileWarning {
    pub category: WarningCategory,
    pub message: String,
    pub lineno: i32,
    pub col_offset: i32,
    pub end_lineno: i32,
    pub end_col_offset: i32,
}

impl CompileWarning {
    /// A `SyntaxWarning` at a node of the tree.
    pub fn syntax(message: impl Into<String>, loc: Location) -> CompileWarning {
        CompileWarning {
            category: WarningCategory::SyntaxWarning,
            message: message.into(),
            lineno: loc.lineno,
            col_offset: loc.col_offset + 1,
            end_lineno: loc.end_lineno,
            end_col_offset: loc.end_col_offset + 1,
        }
    }
}

/// Where warnings go. An implementation that turns warnings into errors (`-W error`) returns
/// `Err`; a `SyntaxWarning` so raised becomes a `SyntaxError` with the same text and position.
pub trait WarningSink {
    /// Takes one warning, in the order in which CPython would issue it.
    fn warn(&mut self, warning: CompileWarning) -> CompileResult<()>;
}

/// A sink that forgets everything.
#[derive(Clone, Copy, Default, Debug)]
pub struct IgnoreWarnings;

impl WarningSink for IgnoreWarnings {
    fn warn(&mut self, _warning: CompileWarning) -> CompileResult<()> {
        Ok(())
    }
}

/// A sink that keeps everything.
impl WarningSink for Vec<CompileWarning> {
    fn warn(&mut self, warning: CompileWarning) -> CompileResult<()> {
        self.push(warning);
        Ok(())
    }
}
