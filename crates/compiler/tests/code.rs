//! Code objects, errors and warnings, compared with what CPython 3.14 makes of the same sources.
//!
//! `golden/code/*.cases` hold the sources, and the `.txt` files beside them what was recorded. With
//! `TAIPAN_BLESS` set to the path of a CPython 3.14 they are recorded anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use taipan_bytecode::{CodeObject, Constant, dis};
use taipan_compiler::{CompileError, CompileOptions, CompileWarning, ErrorKind, Mode, compile_ast, flags, parse};

/// A source, and how it is to be compiled.
struct Case {
    header: String,
    source: String,
    mode: Mode,
    options: CompileOptions,
}

fn case(header: &str, source: String) -> Case {
    let mut case =
        Case { header: header.to_owned(), source, mode: Mode::Exec, options: CompileOptions { optimize: 0, flags: 0 } };
    let (_, settings) = header.split_once('[').unwrap_or_default();
    for word in settings.trim_end_matches(']').split_whitespace() {
        match word {
            "eval" => case.mode = Mode::Eval,
            "single" => case.mode = Mode::Single,
            "-O" => case.options.optimize = 1,
            "-OO" => case.options.optimize = 2,
            "annotations" => case.options.flags |= flags::CO_FUTURE_ANNOTATIONS,
            "top_level_await" => case.options.flags |= flags::PYCF_ALLOW_TOP_LEVEL_AWAIT,
            word => panic!("what is {word}?"),
        }
    }
    case
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for part in format!("\n{text}").split("\n#: ").skip(1) {
        let (header, source) = part.split_once('\n').unwrap_or((part, ""));
        cases.push(case(header, source.trim_end_matches('\n').to_owned() + "\n"));
    }
    cases
}

fn show_position(position: Option<i32>) -> String {
    position.map_or("?".to_owned(), |position| position.to_string())
}

fn show_code(code: &CodeObject, out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "code {} ({}), line {}, flags {:#x}, counts {},{},{},{}, stack {}",
        code.qualname,
        code.name,
        code.firstlineno,
        code.flags.0,
        code.argcount,
        code.posonlyargcount,
        code.kwonlyargcount,
        code.varnames().count(),
        code.stacksize,
    )?;
    let lists: [(&str, Vec<String>); 4] = [
        ("names", code.names.iter().map(|name| name.to_string()).collect()),
        ("varnames", code.varnames().map(|name| name.to_string()).collect()),
        ("cellvars", code.cellvars().map(|name| name.to_string()).collect()),
        ("freevars", code.freevars().map(|name| name.to_string()).collect()),
    ];
    for (what, names) in lists {
        if !names.is_empty() {
            writeln!(out, "  {what}: {}", names.join(" "))?;
        }
    }
    if !code.consts.is_empty() {
        let consts: Vec<String> = code.consts.iter().map(|constant| format!("{constant:?}")).collect();
        writeln!(out, "  consts: {}", consts.join(", "))?;
    }
    let mut listing = String::new();
    dis::write_code(code, &mut listing)?;
    for line in listing.lines() {
        let indent = if line.is_empty() { "" } else { "  " };
        writeln!(out, "{indent}{line}")?;
    }
    let mut runs: Vec<(usize, String)> = Vec::new();
    for at in code.co_positions() {
        let [line, column, end_line, end_column] =
            [at.line, at.column, at.end_line, at.end_column].map(|part| show_position((part >= 0).then_some(part)));
        let text = format!("{line}:{column}-{end_line}:{end_column}");
        match runs.last_mut() {
            Some((count, last)) if *last == text => *count += 1,
            _ => runs.push((1, text)),
        }
    }
    let runs: Vec<String> = runs.into_iter().map(|(count, position)| format!("{count}@{position}")).collect();
    writeln!(out, "  positions: {}", runs.join(" "))?;
    for constant in &code.consts {
        if let Constant::Code(code) = constant {
            show_code(code, out)?;
        }
    }
    Ok(())
}

fn show_error(error: &CompileError) -> String {
    let kind = error.kind.name();
    if !matches!(error.kind, ErrorKind::SyntaxError | ErrorKind::IndentationError | ErrorKind::TabError) {
        return format!("{kind}: {}\n", error.message);
    }
    let [line, column, end_line, end_column] =
        [error.lineno, error.col_offset, error.end_lineno, error.end_col_offset].map(show_position);
    format!("{kind}: {} ({line}:{column}-{end_line}:{end_column})\n", error.message)
}

fn run(case: &Case) -> String {
    let mut out = format!("#: {}\n", case.header);
    for line in case.source.trim_end_matches('\n').split('\n') {
        out += format!("| {line}").trim_end();
        out.push('\n');
    }
    let mut warnings: Vec<CompileWarning> = Vec::new();
    let parse_flags = case.options.flags | flags::PYCF_SOURCE_IS_UTF8;
    let result = parse(case.source.as_bytes(), "<case>", case.mode, parse_flags, &mut warnings)
        .and_then(|mut tree| compile_ast(&mut tree, "<case>", &case.options, &mut warnings));
    for warning in &warnings {
        writeln!(out, "{:?}: {} (line {})", warning.category, warning.message, warning.lineno).unwrap();
    }
    match result {
        Ok(code) => show_code(&code, &mut out).unwrap(),
        Err(error) => out += &show_error(&error),
    }
    out
}

/// The part of a recorded file that belongs to each case.
fn recorded(text: &str) -> Vec<String> {
    text.split("\n\n#: ")
        .enumerate()
        .map(|(at, part)| {
            let prefix = if at == 0 { "" } else { "#: " };
            format!("{prefix}{}\n", part.trim_end_matches('\n'))
        })
        .collect()
}

/// Lines that are the same but for spaces at their ends.
fn same(ours: &str, recorded: &str) -> bool {
    ours.lines().map(str::trim_end).eq(recorded.lines().map(str::trim_end))
}

fn check(theme: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/code");
    let source: PathBuf = folder.join(theme).with_extension("cases");
    let golden = source.with_extension("txt");
    if let Some(reference) = std::env::var_os("TAIPAN_BLESS") {
        let output = Command::new(reference).arg(folder.join("record.py")).arg(&source).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::write(&golden, output.stdout).unwrap();
    }
    let cases = cases(&std::fs::read_to_string(&source).unwrap());
    let recorded = recorded(&std::fs::read_to_string(&golden).unwrap());
    assert_eq!(cases.len(), recorded.len(), "{theme}: record the cases again (TAIPAN_BLESS)");
    let mut failures = String::new();
    for (case, recorded) in cases.iter().zip(&recorded) {
        let ours = run(case);
        if !same(&ours, recorded) {
            write!(failures, "--- recorded\n{recorded}--- but here\n{ours}\n").unwrap();
        }
    }
    assert!(failures.is_empty(), "{theme}\n{failures}");
}

macro_rules! themes {
    ($($theme:ident)+) => {
        $(#[test]
        fn $theme() {
            check(stringify!($theme));
        })+

        #[test]
        fn every_file_is_a_theme() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/code");
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|extension| extension == "cases"))
                .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
                .collect();
            files.sort_unstable();
            assert_eq!(files, [$(stringify!($theme)),+]);
        }
    };
}

themes! {
    annotations classes comprehensions errors exceptions expressions folding fstrings functions
    matching optimized statements type_params warnings
}
