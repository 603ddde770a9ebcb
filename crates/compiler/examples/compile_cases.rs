//! Compiles many small sources and writes what becomes of each, for comparison with another
//! implementation.
//!
//! usage: compile_cases CASES OUT
//!
//! CASES holds records: mode (`e` exec, `v` eval, `s` single), optimisation level, flags as four
//! little-endian bytes, length of the source as eight, the source. OUT gets for each a record as
//! `compile_dump` writes it, and one with tag `w` for the warnings, a line each.

use std::io::Write;
use std::sync::Arc;
use taipan_bytecode::marshal::dumps_code;
use taipan_compiler::{CompileError, CompileOptions, CompileWarning, Mode, compile_ast, flags, parse};

fn number(value: Option<i32>) -> String {
    value.map_or("None".to_owned(), |value| value.to_string())
}

fn describe(error: CompileError) -> String {
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

fn compile(
    source: &[u8],
    mode: Mode,
    options: &CompileOptions,
    warnings: &mut Vec<CompileWarning>,
) -> Result<Vec<u8>, String> {
    let flags = options.flags | flags::PYCF_SOURCE_IS_UTF8;
    let mut tree = parse(source, "<case>", mode, flags, warnings).map_err(describe)?;
    let code = compile_ast(&mut tree, "<case>", options, warnings).map_err(describe)?;
    dumps_code(&Arc::new(code)).map_err(|error| format!("{error:?}"))
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [cases, out] = &args[..] else {
        eprintln!("usage: compile_cases CASES OUT");
        std::process::exit(2);
    };
    let cases = std::fs::read(cases)?;
    let mut rest = &cases[..];
    let mut out = std::io::BufWriter::new(std::fs::File::create(out)?);
    let mut write = |tag: u8, bytes: &[u8]| -> std::io::Result<()> {
        out.write_all(&[tag])?;
        out.write_all(&(bytes.len() as u64).to_le_bytes())?;
        out.write_all(bytes)
    };
    while let [mode, optimize, f0, f1, f2, f3, tail @ ..] = rest {
        let (length, tail) = tail.split_at(8);
        let length = u64::from_le_bytes(length.try_into().unwrap_or_default()) as usize;
        let (source, tail) = tail.split_at(length);
        rest = tail;
        let mode = match mode {
            b'v' => Mode::Eval,
            b's' => Mode::Single,
            _ => Mode::Exec,
        };
        let flags = u32::from_le_bytes([*f0, *f1, *f2, *f3]);
        let options = CompileOptions { optimize: *optimize, flags };
        let mut warnings = Vec::new();
        match compile(source, mode, &options, &mut warnings) {
            Ok(bytes) => write(b'c', &bytes)?,
            Err(message) => write(b'e', message.as_bytes())?,
        }
        let lines: Vec<String> =
            warnings.iter().map(|w| format!("{:?}\t{}\t{}", w.category, w.message, w.lineno)).collect();
        write(b'w', lines.join("\n").as_bytes())?;
    }
    Ok(())
}
