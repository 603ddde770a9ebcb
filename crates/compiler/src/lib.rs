//! From source to code objects: parser, symbol table, code generator, flow graph, assembler.
//!
//! The code that comes out is CPython 3.14's, field for field. Nothing in here knows about objects
//! in memory: a compilation takes text and gives data ([`taipan_bytecode`]).

pub mod ast;
pub mod error;
pub mod flags;
mod parser;
pub mod source;

pub use error::{
    CompileError, CompileResult, CompileWarning, ErrorKind, IgnoreWarnings, WarningCategory,
    WarningSink,
};
pub use flags::{CompileOptions, Mode};
pub use parser::{ParseOptions, parse, parse_with, tokenizer};
