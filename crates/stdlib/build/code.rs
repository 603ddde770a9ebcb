//! Compilation of the library's modules by Taipan's own compiler.

use std::sync::Arc;
use taipan_bytecode::marshal::dumps_code;
use taipan_compiler::{CompileOptions, IgnoreWarnings, Mode, compile_ast, parse};

/// What came of a module.
pub enum Compiled {
    /// Its marshalled code object.
    Code(Vec<u8>),
    /// It does not compile, for this reason: importing it will say so.
    Refused(String),
}

/// Compiles a module at optimisation level 0.
///
/// `path` becomes `co_filename`; the importer replaces it by the file's place.
pub fn compile(path: &str, source: &[u8]) -> Compiled {
    let refused = |why: &dyn std::fmt::Debug| Compiled::Refused(format!("{why:?}"));
    let mut warnings = IgnoreWarnings;
    let mut tree = match parse(source, path, Mode::Exec, 0, &mut warnings) {
        Ok(tree) => tree,
        Err(why) => return refused(&why),
    };
    let code = match compile_ast(&mut tree, path, &CompileOptions::default(), &mut warnings) {
        Ok(code) => code,
        Err(why) => return refused(&why),
    };
    match dumps_code(&Arc::new(code)) {
        Ok(bytes) => Compiled::Code(bytes),
        Err(why) => refused(&why),
    }
}
