//! The parser against what the reference made of the same sources.
//!
//! The files in `golden/` have a case on each line, as JSON. They were recorded from CPython 3.14.

#[path = "support/dump.rs"]
mod dump;

use serde_json::{Value, json};
use taipan_compiler::tokenizer::TokenizerIter;
use taipan_compiler::{CompileError, CompileResult, CompileWarning, ErrorKind, Mode, WarningSink, parse};

/// The cases of a golden file.
fn cases(golden: &str) -> Vec<Value> {
    golden.lines().map(|line| serde_json::from_str(line).expect("golden files are JSON")).collect()
}

fn mode(value: &Value) -> Mode {
    match value.as_str() {
        Some("eval") => Mode::Eval,
        Some("single") => Mode::Single,
        Some("func_type") => Mode::FuncType,
        _ => Mode::Exec,
    }
}

fn flags(value: &Value) -> u32 {
    value.as_u64().and_then(|flags| u32::try_from(flags).ok()).unwrap_or(0)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

/// An error as golden files have it.
fn describe(error: &CompileError) -> Value {
    json!([
        error.kind.name(),
        error.message,
        error.lineno,
        error.col_offset,
        error.end_lineno,
        error.end_col_offset,
        error.text,
    ])
}

fn outcome<T>(result: CompileResult<T>) -> Value {
    result.map_or_else(|error| describe(&error), |_| Value::Null)
}

/// Fails with all differences, not only the first.
fn report(differences: Vec<String>) {
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

fn compare(source: &Value, ours: &Value, expected: &Value) -> Option<String> {
    (ours != expected).then(|| format!("{source}\n  ours      {ours}\n  reference {expected}"))
}

#[test]
fn syntax_errors() {
    let check = |case: &Value| {
        let source = text(&case[2]).as_bytes();
        let result = parse(source, "<f>", mode(&case[0]), flags(&case[1]), &mut Vec::new());
        compare(case, &outcome(result), &case[3])
    };
    report(cases(include_str!("golden/syntax_errors.jsonl")).iter().filter_map(check).collect());
}

#[test]
fn decoding() {
    let check = |case: &Value| {
        // Bytes are written as the characters of Latin-1.
        let source: Vec<u8> = text(&case[0]).chars().map(|c| c as u8).collect();
        let result = parse(&source, "<f>", Mode::Exec, 0, &mut Vec::new());
        compare(case, &outcome(result), &case[1])
    };
    report(cases(include_str!("golden/decoding.jsonl")).iter().filter_map(check).collect());
}

#[test]
fn trees() {
    let check = |case: &Value| {
        let source = text(&case[2]).as_bytes();
        let result = parse(source, "<f>", mode(&case[0]), flags(&case[1]), &mut Vec::new());
        let ours = result.map_or_else(|error| describe(&error), |tree| dump::dump(&tree).into());
        compare(&case[2], &ours, &case[3])
    };
    report(cases(include_str!("golden/trees.jsonl")).iter().filter_map(check).collect());
}

/// Makes errors of warnings.
struct AsErrors;

impl WarningSink for AsErrors {
    fn warn(&mut self, warning: CompileWarning) -> CompileResult<()> {
        Err(CompileError::new(ErrorKind::SyntaxError, warning.message))
    }
}

#[test]
fn warnings() {
    let check = |case: &Value| {
        let source = text(&case[0]).as_bytes();
        let mut given = Vec::new();
        let flags = taipan_compiler::flags::PYCF_SOURCE_IS_UTF8;
        let _ = parse(source, "<f>", Mode::Exec, flags, &mut given);
        let given: Vec<Value> = given.iter().map(|warning| json!([warning.message, warning.lineno])).collect();
        let mut as_error = outcome(parse(source, "<f>", Mode::Exec, flags, &mut AsErrors));
        // Where the reference itself points past the source, its position is not recorded.
        if case[2][5].is_null() && as_error[5].is_number() {
            (as_error[5], as_error[6]) = (Value::Null, Value::Null);
        }
        compare(&case[0], &json!([given, as_error]), &json!([case[1], case[2]]))
    };
    report(cases(include_str!("golden/warnings.jsonl")).iter().filter_map(check).collect());
}

#[test]
fn deep_nesting() {
    let kind = |source: String| {
        let result = parse(source.as_bytes(), "<f>", Mode::Exec, 0, &mut Vec::new());
        // Freeing a tree that is as deep as it may be must not need more stack than there is.
        result.err().map(|error| error.kind)
    };
    let count = 100_000;
    assert_eq!(kind(format!("{}a", "-".repeat(count))), Some(ErrorKind::MemoryError));
    assert_eq!(kind(format!("{}a", "not ".repeat(count))), Some(ErrorKind::MemoryError));
    assert_eq!(kind(format!("{}a", "lambda: ".repeat(count))), Some(ErrorKind::MemoryError));
    assert_eq!(kind(format!("a{}", ".b".repeat(count))), Some(ErrorKind::RecursionError));
    assert_eq!(kind(format!("a{}", "+a".repeat(count))), Some(ErrorKind::RecursionError));
    assert_eq!(kind(format!("a{}", "+a".repeat(1000))), None);
    assert_eq!(kind("(".repeat(count)), Some(ErrorKind::SyntaxError));
    assert_eq!(kind("f\"{".repeat(count)), Some(ErrorKind::SyntaxError));
    assert_eq!(kind(format!("{}\n", "a,".repeat(count))), None);
}

#[test]
fn last_statement() {
    let place = |source: &str| {
        let result = parse(source.as_bytes(), "<f>", Mode::Exec, 0, &mut Vec::new());
        result.err().and_then(|error| error.last_statement)
    };
    assert_eq!(place("a b"), Some((0, 0)));
    assert_eq!(place("def f(): pass\na b"), Some((0, 0)));
    assert_eq!(place("\n@d\nclass A: pass\na b"), Some((3, 0)));
    assert_eq!(place("class A:\n  if 1: pass\na b"), Some((2, 2)));
    assert_eq!(place("if 1: pass\ndef f(): pass\na b"), Some((1, 0)));
    assert_eq!(place("if 1: pass\nif 2:\n  a b"), Some((1, 0)));
    assert_eq!(place("with a: pass\nasync with b: pass\n a"), Some((2, 0)));
    assert_eq!(place("# coding: foo\n"), None);
}

#[test]
fn tokens() {
    let check = |case: &Value| {
        let mut source = text(&case[0]).to_string();
        let implicit_newline = !source.is_empty() && !source.ends_with('\n');
        if implicit_newline {
            source.push('\n');
        }
        let extra_tokens = case[1].as_bool() == Some(true);
        let mut iter = TokenizerIter::new(&source, extra_tokens, implicit_newline);
        let (mut tokens, mut raised) = (Vec::new(), Value::Null);
        loop {
            match iter.next_token() {
                Ok(None) => break,
                Ok(Some(token)) => {
                    tokens.push(json!([token.kind as u8, token.string, token.start, token.end, token.line]));
                }
                Err(error) => {
                    raised = json!([error.kind.name(), error.message, error.lineno, error.col_offset, error.text]);
                    break;
                }
            }
        }
        compare(case, &json!([tokens, raised]), &json!([case[2], case[3]]))
    };
    report(cases(include_str!("golden/tokens.jsonl")).iter().filter_map(check).collect());
}
