//! `cargo xtask tidy`: what neither the compiler nor clippy checks.
//!
//! Each check is a function from the repository to the list of what is wrong. They also run as tests
//! of this crate, so `cargo test --workspace` covers them.

use crate::Outcome;
use crate::util;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// No source file is longer: past this it is several files.
const MAX_LINES: usize = 2500;

/// Documents whose code spans must name things that exist.
const CHECKED_DOCUMENTS: &[&str] = &["ARCHITECTURE.md", "CONTRIBUTING.md"];

type Check = fn(&Repository) -> Vec<String>;

const CHECKS: &[(&str, Check)] = &[
    ("machine paths", machine_paths),
    ("file lengths", file_lengths),
    ("unfinished code", unfinished_code),
    ("documents", documents),
    ("licences and lints", manifests),
];

/// Runs every check and prints what is wrong.
pub fn run(arguments: &[String]) -> Outcome {
    if !arguments.is_empty() {
        return Err("no arguments, please".into());
    }
    let repository = Repository::read()?;
    let mut clean = true;
    for (name, check) in CHECKS {
        let wrong = check(&repository);
        println!("{name}: {}", if wrong.is_empty() { "ok" } else { "FAILED" });
        for line in &wrong {
            println!("  {line}");
        }
        clean &= wrong.is_empty();
    }
    Ok(clean)
}

/// The text files of the repository.
struct Repository {
    root: PathBuf,
    /// Path relative to the root, and text.
    files: Vec<(String, String)>,
}

impl Repository {
    fn read() -> Result<Self, String> {
        let root = util::root();
        let mut files = Vec::new();
        walk(&root, "", &mut files)?;
        files.sort();
        Ok(Repository { root, files })
    }

    fn with_extension(&self, extension: &str) -> impl Iterator<Item = &(String, String)> {
        self.files.iter().filter(move |(path, _)| Path::new(path).extension().is_some_and(|e| e == extension))
    }
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{}: {e}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let skipped = ["target", ".git", "__pycache__", "corpus", "artifacts"];
        if skipped.contains(&name.as_str()) {
            continue;
        }
        if entry.file_type().map_err(fail)?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), files)?;
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            files.push((path, text)); // what is not UTF-8 is no text
        }
    }
    Ok(())
}

/// The folders of the machine that something was written on have no place in the repository.
fn machine_paths(repository: &Repository) -> Vec<String> {
    let foreign = ["root", "work", "Users"].map(|folder| format!("/{folder}/"));
    let mut wrong = Vec::new();
    for (path, text) in &repository.files {
        for (number, line) in text.lines().enumerate() {
            for folder in &foreign {
                let at_start =
                    |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-*}>/".contains(c));
                if line.match_indices(folder.as_str()).any(|(at, _)| at_start(at)) {
                    wrong.push(format!("{path}:{}: names {folder}", number + 1));
                }
            }
        }
    }
    wrong
}

fn file_lengths(repository: &Repository) -> Vec<String> {
    let mut wrong = Vec::new();
    for extension in ["rs", "py", "md", "toml"] {
        for (path, text) in repository.with_extension(extension) {
            let lines = text.lines().count();
            if lines > MAX_LINES {
                wrong.push(format!("{path}: {lines} lines, more than {MAX_LINES}"));
            }
        }
    }
    wrong
}

/// What is missing raises a Python error that says so; it does not panic.
fn unfinished_code(repository: &Repository) -> Vec<String> {
    let macros = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!("));
    let mut wrong = Vec::new();
    for (path, text) in repository.with_extension("rs") {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            for name in &macros {
                let called = code
                    .match_indices(name.as_str())
                    .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
                if called {
                    wrong.push(format!("{path}:{}: {name}…)", number + 1));
                }
            }
        }
    }
    wrong
}

/// Every path and every Rust symbol in the documents' code spans exists.
///
/// A span with a `/` in it, or with a file's ending, is a path; one with `::` in it, with `()` at its end, or in
/// capitalised words is a symbol. Other spans (commands, Python text) are not looked at, nor are
/// fenced blocks.
fn documents(repository: &Repository) -> Vec<String> {
    let symbols = defined_symbols(repository);
    let mut wrong = Vec::new();
    for document in CHECKED_DOCUMENTS {
        let Some((_, text)) = repository.files.iter().find(|(path, _)| path == document) else {
            wrong.push(format!("{document} is missing"));
            continue;
        };
        for (line, span) in code_spans(text) {
            if let Some(path) = as_path(span) {
                if !repository.root.join(path).exists() {
                    wrong.push(format!("{document}:{line}: there is no {path}"));
                }
            } else if let Some(symbol) = as_symbol(span)
                && !symbols.contains(symbol)
            {
                wrong.push(format!("{document}:{line}: nothing defines {symbol}"));
            }
        }
    }
    wrong
}

/// The code spans of a document outside fenced blocks, with their line numbers.
fn code_spans(text: &str) -> Vec<(usize, &str)> {
    let mut spans = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            spans.extend(line.split('`').skip(1).step_by(2).map(|span| (number + 1, span)));
        }
    }
    spans
}

fn as_path(span: &str) -> Option<&str> {
    let plain = span.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let ending = [".rs", ".toml", ".md", ".tsv", ".lock"].iter().any(|e| span.ends_with(e));
    (plain && (span.contains('/') || ending) && !span.starts_with('/')).then_some(span)
}

fn as_symbol(span: &str) -> Option<&str> {
    let called = span.ends_with("()") || span.ends_with("!");
    let name = span.split(['<', '(', '!']).next()?;
    let last = name.rsplit("::").next()?;
    let identifier = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let camel = last.starts_with(|c: char| c.is_ascii_uppercase())
        && last.contains(|c: char| c.is_ascii_lowercase())
        && !last.contains('_');
    let symbol = name.contains("::") || called || camel;
    (symbol && name.split("::").all(identifier)).then_some(last)
}

/// Every name that the workspace's Rust sources define.
fn defined_symbols(repository: &Repository) -> HashSet<&str> {
    const KEYWORDS: &[&str] = &[
        "proc_macro_derive",
        "fn",
        "struct",
        "enum",
        "union",
        "trait",
        "type",
        "mod",
        "const",
        "static",
        "macro_rules!",
    ];
    let mut symbols = HashSet::new();
    for (_, text) in repository.with_extension("rs") {
        let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '!'));
        let mut previous = "";
        while let Some(word) = words.by_ref().find(|w| !w.is_empty()) {
            if KEYWORDS.contains(&previous) || previous == "mut" {
                symbols.insert(word);
            }
            previous = word;
        }
        // Variants and fields: an identifier that opens its line.
        for line in text.lines() {
            let line = line.trim_start();
            let end = line.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(line.len());
            symbols.insert(&line[..end]);
        }
    }
    symbols
}

fn manifests(repository: &Repository) -> Vec<String> {
    let mut wrong = Vec::new();
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        if !repository.root.join(licence).is_file() {
            wrong.push(format!("{licence} is missing"));
        }
    }
    for (path, text) in repository.with_extension("toml") {
        if !path.ends_with("Cargo.toml") || path.starts_with("fuzz/") || !text.contains("[package]") {
            continue;
        }
        if !text.contains("license.workspace = true") {
            wrong.push(format!("{path}: no license.workspace"));
        }
        if !text.contains("[lints]\nworkspace = true") {
            wrong.push(format!("{path}: does not take the workspace's lints"));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_apart() {
        assert_eq!(as_path("crates/object"), Some("crates/object"));
        assert_eq!(as_path("Cargo.toml"), Some("Cargo.toml"));
        assert_eq!(as_path("cargo test"), None);
        assert_eq!(as_symbol("Py<T>"), Some("Py"));
        assert_eq!(as_symbol("taipan_stdlib::find"), Some("find"));
        assert_eq!(as_symbol("run()"), Some("run"));
        assert_eq!(as_symbol("PyResult"), Some("PyResult"));
        assert_eq!(as_symbol("cargo test"), None);
        let text = "a `b` c `d`\n```\n`e`\n```\n`f`";
        assert_eq!(code_spans(text), [(1, "b"), (1, "d"), (5, "f")]);
    }

    #[test]
    fn the_repository_is_tidy() {
        let repository = Repository::read().expect("the repository can be read");
        let wrong: Vec<String> = CHECKS.iter().flat_map(|(_, check)| check(&repository)).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
