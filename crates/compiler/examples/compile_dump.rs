//! Compiles files and writes their marshalled code, for comparison with another implementation.
//!
//! usage: compile_dump LIST OUT [-O | -OO]
//!
//! LIST names a file per line. OUT gets a record per file: a tag (`c` code, `e` error), the number
//! of bytes as eight little-endian bytes, and the bytes: marshal, or the error as text.

use std::io::Write;
use std::sync::Arc;
use taipan_bytecode::marshal::dumps_code;
use taipan_compiler::{CompileOptions, IgnoreWarnings, Mode, compile_ast, parse};

fn compile(source: &[u8], filename: &str, optimize: u8) -> Result<Vec<u8>, String> {
    let mut warnings = IgnoreWarnings;
    let options = CompileOptions { optimize, flags: 0 };
    let mut tree = parse(source, filename, Mode::Exec, 0, &mut warnings).map_err(describe)?;
    let code = compile_ast(&mut tree, filename, &options, &mut warnings).map_err(describe)?;
    dumps_code(&Arc::new(code)).map_err(|error| format!("{error:?}"))
}

fn describe(error: taipan_compiler::CompileError) -> String {
    let number = |value: Option<i32>| value.map_or("None".to_owned(), |value| value.to_string());
    format!(
        "{}\t{}\t{}\t{}\t{}\t{}",
        error.kind.name(),
        error.message,
        number(error.lineno),
        number(error.col_offset),
        number(error.end_lineno),
        number(error.end_col_offset),
    )
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [list, out, rest @ ..] = &args[..] else {
        eprintln!("usage: compile_dump LIST OUT [-O | -OO]");
        std::process::exit(2);
    };
    let optimize = match rest.first().map(String::as_str) {
        Some("-OO") => 2,
        Some("-O") => 1,
        _ => 0,
    };
    let mut out = std::io::BufWriter::new(std::fs::File::create(out)?);
    for filename in std::fs::read_to_string(list)?.lines() {
        let source = std::fs::read(filename).unwrap_or_default();
        let (tag, bytes) = match compile(&source, filename, optimize) {
            Ok(bytes) => (b'c', bytes),
            Err(message) => (b'e', message.into_bytes()),
        };
        out.write_all(&[tag])?;
        out.write_all(&(bytes.len() as u64).to_le_bytes())?;
        out.write_all(&bytes)?;
    }
    out.flush()
}
