//! Parses sources from the standard input and prints what is wrong with each, as a line of JSON.
//!
//! A source comes as a line `MODE FLAGS LENGTH` and that many bytes; MODE is a letter: `x` for
//! `exec`, `v` for `eval`, `s` for `single`, `f` for `func_type`. The answer is `null`, or the
//! exception's class, message, line, column, end line, end column and text. With `--warnings` the
//! messages and lines of warnings follow; with `--error` warnings are errors.

use std::io::{Read, Write};

use taipan_compiler::{CompileError, CompileResult, CompileWarning, ErrorKind, Mode, WarningSink, parse};

/// Makes errors of warnings.
struct AsErrors;

impl WarningSink for AsErrors {
    fn warn(&mut self, warning: CompileWarning) -> CompileResult<()> {
        Err(CompileError::new(ErrorKind::SyntaxError, warning.message))
    }
}

fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ b' '..=b'~') if byte != b'"' && byte != b'\\' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}

fn number(value: Option<i32>) -> String {
    value.map_or("null".into(), |value| value.to_string())
}

fn describe(error: &CompileError) -> String {
    format!(
        "[{}, {}, {}, {}, {}, {}, {}]",
        quote(error.kind.name()),
        quote(&error.message),
        number(error.lineno),
        number(error.col_offset),
        number(error.end_lineno),
        number(error.end_col_offset),
        error.text.as_deref().map_or("null".into(), quote)
    )
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut rest = &input[..];
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let mut words = head.split(' ');
        let mode = match words.next() {
            Some("v") => Mode::Eval,
            Some("s") => Mode::Single,
            Some("f") => Mode::FuncType,
            _ => Mode::Exec,
        };
        let mut numbers = words.map(|word| word.parse::<usize>().unwrap_or(0));
        let flags = numbers.next().unwrap_or(0) as u32;
        let length = numbers.next().unwrap_or(0);
        let source = &rest[end + 1..end + 1 + length];
        rest = &rest[end + 1 + length..];
        let mut warnings = Vec::new();
        let result = match has("--error") {
            true => parse(source, "<f>", mode, flags, &mut AsErrors),
            false => parse(source, "<f>", mode, flags, &mut warnings),
        };
        let answer = result.map_or_else(|error| describe(&error), |_| "null".to_string());
        if has("--warnings") {
            let warnings: Vec<String> =
                warnings.iter().map(|w| format!("[{}, {}]", quote(&w.message), w.lineno)).collect();
            writeln!(out, "[{answer}, [{}]]", warnings.join(", "))?;
        } else {
            writeln!(out, "{answer}")?;
        }
        // Who feeds this wants to know where it stopped, if it crashed.
        out.flush()?;
    }
    Ok(())
}
