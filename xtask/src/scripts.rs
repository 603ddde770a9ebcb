//! `cargo xtask conformance` and `compare-code`: thin fronts for measuring scripts.
//!
//! The scripts are Python programs that run outside the interpreter they measure and are no part
//! of this repository; their paths are arguments. `PYTHON` names the Python that runs them.

use crate::Outcome;
use crate::util;
use std::path::Path;

/// Scores an interpreter on CPython's test suite: `SCRIPT EXE [ARGUMENT ...]`.
pub fn conformance(arguments: &[String]) -> Outcome {
    script(arguments, 2)
}

/// Compares two interpreters' code objects: `SCRIPT EXE REFERENCE PATH [ARGUMENT ...]`.
pub fn compare_code(arguments: &[String]) -> Outcome {
    script(arguments, 4)
}

fn script(arguments: &[String], least: usize) -> Outcome {
    if arguments.len() < least {
        return Err("arguments are missing".into());
    }
    if !Path::new(&arguments[0]).is_file() {
        return Err(format!("{}: no such script", arguments[0]));
    }
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    util::run(python, arguments)
}
