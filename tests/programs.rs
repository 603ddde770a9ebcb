//! Runs every Python program below `tests/programs` and compares what it prints with what CPython
//! printed.
//!
//! `tests/programs/AREA/NAME.py` is a program. Beside it stand `NAME.out`, its standard output; where it
//! does not end with status 0, `NAME.status`; and where that matters, `NAME.err`, its standard error.
//! `tests/expected-failures.toml` lists what is known to fail, with the reason; an entry that
//! nothing fails under any more is itself an error, so the list only ever shrinks.
//!
//! Environment variables:
//! - `TAIPAN_PROGRAMS=TEXT` runs only the programs whose `AREA/NAME` contains TEXT;
//! - `TAIPAN_TEST_THREADS=N` runs N at a time (2 unless told);
//! - `TAIPAN_LIST_FAILURES=1` prints an entry for each program that fails, to be put into the list with
//!   its reason, and compares with nothing;
//! - `TAIPAN_BLESS=PYTHON` runs the reference interpreter instead and records what it prints.

use serde::Deserialize;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A way of running every program.
struct Mode {
    name: &'static str,
    options: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const MODES: &[Mode] = &[Mode { name: "normal", options: &[], environment: &[] }];

/// A program that takes longer hangs.
const TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFailures {
    #[serde(default)]
    failure: Vec<ExpectedFailure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFailure {
    /// `AREA/NAME`; a `*` stands for any text.
    program: String,
    /// The modes it fails in; all, if this is left out.
    #[serde(default)]
    modes: Vec<String>,
    reason: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    /// The exit status, or how else it ended.
    status: String,
}

struct Program {
    /// `AREA/NAME`.
    name: String,
    path: PathBuf,
}

#[test]
fn programs_print_what_cpython_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folder = root.join("programs").canonicalize().expect("tests/programs exists");
    let filter = std::env::var("TAIPAN_PROGRAMS").unwrap_or_default();
    let mut programs = find(&folder);
    let total = programs.len();
    programs.retain(|p| p.name.contains(&filter));
    assert!(!programs.is_empty(), "no program matches {filter:?}");

    if let Some(reference) = std::env::var_os("TAIPAN_BLESS") {
        let reference = std::fs::canonicalize(reference).expect("TAIPAN_BLESS names an interpreter");
        in_parallel(&programs, |p| record(&folder, &reference, p));
        return;
    }

    let expected: ExpectedFailures = {
        let path = root.join("expected-failures.toml");
        let text = std::fs::read_to_string(path).expect("tests/expected-failures.toml");
        toml::from_str(&text).expect("tests/expected-failures.toml is sound")
    };
    let taipan = Path::new(env!("CARGO_BIN_EXE_taipan"));
    let list = std::env::var_os("TAIPAN_LIST_FAILURES").is_some();
    let mut report = String::new();
    let mut failing = vec![0; expected.failure.len()];
    for mode in MODES {
        let results = in_parallel(&programs, |p| check(&folder, taipan, mode, p));
        for (program, result) in programs.iter().zip(results) {
            if list {
                if let Err(why) = result {
                    println!("# {why}\n[[failure]]\nprogram = {:?}\nreason = \"\"\n", program.name);
                }
                continue;
            }
            let entry = expected.failure.iter().position(|e| {
                matches(&e.program, &program.name) && (e.modes.is_empty() || e.modes.iter().any(|m| m == mode.name))
            });
            match (result, entry) {
                (Ok(()), None) => {}
                (Err(_), Some(entry)) => failing[entry] += 1,
                (Ok(()), Some(entry)) => {
                    let entry = &expected.failure[entry];
                    if !entry.program.contains('*') {
                        writeln!(report, "{} ({}): passes now", program.name, mode.name).unwrap();
                    }
                }
                (Err(why), None) => {
                    writeln!(report, "{} ({}): {why}", program.name, mode.name).unwrap();
                }
            }
        }
    }
    if programs.len() == total && !list {
        for (entry, failing) in expected.failure.iter().zip(&failing) {
            if *failing == 0 {
                let ExpectedFailure { program, reason, .. } = entry;
                writeln!(report, "expected-failures.toml: nothing under {program} fails: take it out ({reason})")
                    .unwrap();
            }
        }
    }
    println!("{} programs, {} expected failures", programs.len(), failing.iter().sum::<usize>());
    assert!(report.is_empty(), "\n{report}");
}

/// Every `AREA/NAME.py`, sorted. Files whose name starts with `_` are there to be imported.
fn find(folder: &Path) -> Vec<Program> {
    let list = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).expect("tests/programs can be read");
        let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
        paths.sort();
        paths
    };
    let mut programs = Vec::new();
    for area in list(folder).into_iter().filter(|p| p.is_dir()) {
        for path in list(&area) {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if path.extension().is_some_and(|e| e == "py") && !stem.starts_with('_') {
                let area = area.file_name().unwrap_or_default().to_string_lossy();
                programs.push(Program { name: format!("{area}/{stem}"), path });
            }
        }
    }
    programs
}

/// Applies `work` to each program, a few at a time, and returns the results in order.
fn in_parallel<T: Send>(programs: &[Program], work: impl Fn(&Program) -> T + Sync) -> Vec<T> {
    let threads = std::env::var("TAIPAN_TEST_THREADS").ok().and_then(|n| n.parse().ok());
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.unwrap_or(2).max(1) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(program) = programs.get(index) else {
                        break;
                    };
                    let result = work(program);
                    results.lock().unwrap().push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Runs a program in the folder of all programs. That folder is taken out of what it prints, so that
/// messages name the program `AREA/NAME.py`.
fn run(folder: &Path, exe: &Path, mode: &Mode, program: &Program) -> Outcome {
    let mut command = Command::new(exe);
    command
        .args(mode.options)
        .arg(format!("{}.py", program.name))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PYTHON") {
            command.env_remove(name);
        }
    }
    command
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .env("NO_COLOR", "1")
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .envs(mode.environment.iter().copied());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{}: {e}", exe.display()));
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let start = Instant::now();
    std::thread::scope(|scope| {
        let reader = |mut from: Box<dyn Read + Send>| {
            move || {
                let mut bytes = Vec::new();
                let _ = from.read_to_end(&mut bytes);
                bytes
            }
        };
        let stdout = scope.spawn(reader(Box::new(std::io::BufReader::new(&mut out))));
        let stderr = scope.spawn(reader(Box::new(std::io::BufReader::new(&mut err))));
        let mut pause = Duration::from_millis(1);
        let status = loop {
            match child.try_wait().expect("the child can be waited for") {
                Some(status) => break status.code().map_or(status.to_string(), |c| c.to_string()),
                None if start.elapsed() > TIMEOUT => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break format!("killed after {} s", TIMEOUT.as_secs());
                }
                None => std::thread::sleep(pause),
            }
            pause = (pause * 2).min(Duration::from_millis(20));
        };
        let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
        let place = format!("{}/", folder.display());
        Outcome { stdout: without(stdout, &place), stderr: without(stderr, &place), status }
    })
}

/// `bytes` with every `part` taken out.
fn without(bytes: Vec<u8>, part: &str) -> Vec<u8> {
    match String::from_utf8(bytes) {
        Ok(text) => text.replace(part, "").into_bytes(),
        Err(e) => e.into_bytes(),
    }
}

/// Runs a program and says how it differs from what was recorded.
fn check(folder: &Path, exe: &Path, mode: &Mode, program: &Program) -> Result<(), String> {
    let recorded = |ending: &str| std::fs::read(program.path.with_extension(ending)).ok();
    let outcome = run(folder, exe, mode, program);
    let mut why = String::new();
    let status = recorded("status").map_or("0".into(), |s| String::from_utf8_lossy(&s).into_owned());
    if outcome.status != status.trim() {
        write!(why, "ended with {}, not {}. ", outcome.status, status.trim()).unwrap();
    }
    let Some(stdout) = recorded("out") else {
        return Err("there is no .out file: record one with TAIPAN_BLESS".into());
    };
    why += &difference("stdout", &stdout, &outcome.stdout);
    if let Some(stderr) = recorded("err") {
        why += &difference("stderr", &stderr, &outcome.stderr);
    } else if !why.is_empty() && !outcome.stderr.is_empty() {
        let text = String::from_utf8_lossy(&outcome.stderr);
        let last = text.trim_end().lines().next_back().unwrap_or("");
        write!(why, "It said: {last}").unwrap();
    }
    if why.is_empty() { Ok(()) } else { Err(why.trim_end().to_owned()) }
}

/// The first line in which two outputs differ, or nothing.
fn difference(what: &str, expected: &[u8], printed: &[u8]) -> String {
    if expected == printed {
        return String::new();
    }
    let (expected, printed) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(printed));
    let (mut left, mut right) = (expected.lines(), printed.lines());
    for number in 1.. {
        match (left.next(), right.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => {
                let show = |line: Option<&str>| line.map_or("the end".into(), |l| format!("{l:?}"));
                return format!("{what} line {number}: {}, not {}. ", show(b), show(a));
            }
        }
    }
    format!("{what}: the line ends differ. ")
}

/// Records what the reference prints: `.out` always, `.status` and `.err` where it fails.
fn record(folder: &Path, reference: &Path, program: &Program) {
    let outcome = run(folder, reference, &MODES[0], program);
    let write = |ending: &str, content: Option<&[u8]>| {
        let path = program.path.with_extension(ending);
        match content {
            Some(content) => std::fs::write(&path, content).expect("the record can be written"),
            None if path.exists() => std::fs::remove_file(&path).expect("it can be removed"),
            None => {}
        }
    };
    let failed = outcome.status != "0";
    write("out", Some(&outcome.stdout));
    write("status", failed.then_some(format!("{}\n", outcome.status).as_bytes()));
    if failed || program.path.with_extension("err").exists() {
        write("err", Some(&outcome.stderr));
    } else if !outcome.stderr.is_empty() {
        println!("{}: {}", program.name, String::from_utf8_lossy(&outcome.stderr));
    }
}

/// Whether `name` is what `pattern` describes, in which `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => {
            let Some(rest) = name.strip_prefix(head) else {
                return false;
            };
            (0..=rest.len()).any(|n| rest.is_char_boundary(n) && matches(tail, &rest[n..]))
        }
    }
}

#[test]
fn patterns_match() {
    assert!(matches("int/*", "int/pow") && matches("*", "int/pow") && matches("int/pow", "int/pow"));
    assert!(!matches("int/*", "list/sort") && !matches("int/po", "int/pow") && matches("*/p*w", "int/pow"));
}
