//! From source to code objects: parser, symbol table, code generator, flow graph, assembler.
//!
//! The code that comes out is CPython 3.14's, field for field. Nothing in here knows about objects
//! in memory: a compilation takes text and gives data ([`taipan_bytecode`]).

mod assemble;
pub mod ast;
mod code;
mod codegen;
mod constfold;
pub mod error;
pub mod flags;
mod flowgraph;
mod future;
mod parser;
mod preprocess;
mod recursion;
mod sequence;
pub mod source;
pub mod symtable;
mod tree;
mod unparse;
mod validate;

pub use error::{CompileError, CompileResult, CompileWarning, ErrorKind, IgnoreWarnings, WarningCategory, WarningSink};
pub use flags::{CompileOptions, Mode};
pub use parser::{ParseOptions, parse, parse_with, tokenizer};
pub use recursion::MAX_DEPTH;

use taipan_bytecode::CodeObject;

/// Compiles a tree to a code object (`_PyAST_Compile`).
///
/// The tree is preprocessed in place on the way. `options.flags` are `PYCF_*` and `CO_FUTURE_*`
/// bits; future statements of the tree add to them. Warnings go to `warnings` in CPython's order.
///
/// Raises `SyntaxError`, `RecursionError` for a tree that is too deep, and `TypeError`,
/// `ValueError` or `SystemError` for trees that no parser makes.
pub fn compile_ast(
    tree: &mut ast::Mod,
    filename: &str,
    options: &CompileOptions,
    warnings: &mut dyn WarningSink,
) -> CompileResult<CodeObject> {
    codegen::compile(tree, filename, options, warnings)
}

/// Checks a tree that a program built (`_PyAST_Validate`); `compile()` does so before anything else
/// that it does with one. Trees that the parser made need no check.
///
/// Raises `ValueError`, `TypeError` and `RecursionError`.
pub fn validate_ast(tree: &ast::Mod) -> CompileResult<()> {
    validate::validate(tree)
}

/// Prepares a tree that `compile()` is to return instead of code (`PyCF_ONLY_AST`).
///
/// Without `PyCF_OPTIMIZED_AST` in the flags the tree is checked and its docstrings are dropped
/// under `-OO`, but nothing is folded. Raises `SyntaxError` and `RecursionError`.
pub fn preprocess_ast(
    tree: &mut ast::Mod,
    options: &CompileOptions,
    warnings: &mut dyn WarningSink,
) -> CompileResult<()> {
    let future = future::from_ast(tree)?;
    let features = future.features | options.flags;
    let check_only = options.flags & flags::PYCF_OPTIMIZED_AST == flags::PYCF_ONLY_AST;
    preprocess::preprocess(tree, options.optimize, features, check_only, warnings)
}

/// The symbol table of a tree, as the module `symtable` shows it.
///
/// Raises `SyntaxError` and `RecursionError`.
pub fn build_symtable(tree: &ast::Mod, options: &CompileOptions) -> CompileResult<symtable::Symtable> {
    let mut future = future::from_ast(tree)?;
    future.features |= options.flags;
    symtable::build(tree, &future)
}
