//! What several commands need: the repository's root, running a program, reading options.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies inside the workspace").to_path_buf()
}

/// Runs a program with inherited output and says whether it ended with status 0.
pub fn run<S: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: &[S]) -> Result<bool, String> {
    let program = program.as_ref();
    let status = Command::new(program).args(arguments).status().map_err(|e| format!("{}: {e}", program.display()))?;
    Ok(status.success())
}

/// Runs a program and returns its standard output; its failure is an error with its last words.
pub fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let out = command.output().map_err(|e| format!("{}: {e}", command.get_program().display()))?;
    if !out.status.success() {
        return Err(format!(
            "{} ended with {}\n{}",
            command.get_program().display(),
            out.status,
            String::from_utf8_lossy(&out.stderr)
        ));
    }
    Ok(out.stdout)
}

/// Reads a file's text, naming the file where that fails.
pub fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Writes a file and the folders it lies in, naming the file where that fails.
pub fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{}: {e}", path.display());
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    std::fs::write(path, content).map_err(fail)
}

/// A command's arguments, taken apart: `--name value`, `--name`, and the rest in order.
pub struct Arguments<'a> {
    rest: Vec<&'a str>,
}

impl<'a> Arguments<'a> {
    pub fn new(arguments: &'a [String]) -> Self {
        Arguments { rest: arguments.iter().map(String::as_str).collect() }
    }

    /// Takes `name VALUE` out of the arguments.
    pub fn option(&mut self, name: &str) -> Result<Option<&'a str>, String> {
        let Some(at) = self.rest.iter().position(|a| *a == name) else {
            return Ok(None);
        };
        if at + 1 >= self.rest.len() {
            return Err(format!("{name} needs a value"));
        }
        self.rest.remove(at);
        Ok(Some(self.rest.remove(at)))
    }

    /// Takes `name` out of the arguments and says whether it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|a| *a != name);
        self.rest.len() != before
    }

    /// What is left, none of which may look like an option.
    pub fn positional(self) -> Result<Vec<&'a str>, String> {
        match self.rest.iter().find(|a| a.starts_with("--")) {
            Some(unknown) => Err(format!("there is no option {unknown}")),
            None => Ok(self.rest),
        }
    }
}
