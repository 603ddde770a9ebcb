//! `cargo xtask install`: the installed layout.
//!
//! ```text
//! PREFIX/bin/taipan                  the binary; python3.14, python3 and python are links to it
//! PREFIX/lib/python3.14/             the pure-Python library as files
//! PREFIX/lib/python3.14/lib-dynload/ extension modules of the library (none: they are built in)
//! PREFIX/lib/python3.14/site-packages/
//! ```
//!
//! The files are the ones the binary carries inside; the installed tree is for tools that want to
//! see them, and stands in for the embedded library when the interpreter finds it.

use crate::Outcome;
use crate::util::{self, Arguments};
use std::path::{Path, PathBuf};

const NAMES: &[&str] = &["python3.14", "python3", "python"];

/// Makes or renews the installation at `--prefix`.
pub fn run(arguments: &[String]) -> Outcome {
    let mut arguments = Arguments::new(arguments);
    let prefix = PathBuf::from(arguments.option("--prefix")?.ok_or("--prefix is missing")?);
    let exe = arguments.option("--exe")?.map(PathBuf::from);
    let pyc = arguments.flag("--pyc");
    if !arguments.positional()?.is_empty() {
        return Err("too many arguments".into());
    }
    let exe = match exe {
        Some(exe) => exe,
        None => build()?,
    };
    install_binary(&exe, &prefix.join("bin"))?;
    let library = prefix.join("lib/python3.14");
    let files = install_library(&library)?;
    for folder in ["lib-dynload", "site-packages"] {
        let folder = library.join(folder);
        std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    println!("{}: {files} files", library.display());
    if pyc {
        let library = library.display().to_string();
        let compile = ["-m", "compileall", "-q", "-j", "0", &library];
        return util::run(prefix.join("bin/python3"), &compile);
    }
    Ok(true)
}

/// Builds the release binary and returns where it is.
fn build() -> Result<PathBuf, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let manifest = util::root().join("Cargo.toml").display().to_string();
    if !util::run(cargo, &["build", "--release", "--bin", "taipan", "--manifest-path", &manifest])? {
        return Err("the build failed".into());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| util::root().join("target"), PathBuf::from);
    Ok(target.join("release/taipan"))
}

fn install_binary(exe: &Path, bin: &Path) -> Result<(), String> {
    let fail = |path: &Path| {
        let path = path.display().to_string();
        move |e: std::io::Error| format!("{path}: {e}")
    };
    std::fs::create_dir_all(bin).map_err(fail(bin))?;
    let installed = bin.join("taipan");
    // A running interpreter keeps its own file: replace the name, do not write into the file.
    let fresh = bin.join(".taipan.new");
    std::fs::copy(exe, &fresh).map_err(fail(exe))?;
    std::fs::rename(&fresh, &installed).map_err(fail(&installed))?;
    for name in NAMES {
        let link = bin.join(name);
        match std::fs::remove_file(&link) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(fail(&link)(e)),
            _ => {}
        }
        std::os::unix::fs::symlink("taipan", &link).map_err(fail(&link))?;
    }
    Ok(())
}

/// Writes every file whose content differs, so that compiled files of the others stay valid.
fn install_library(library: &Path) -> Result<usize, String> {
    let files = taipan_stdlib::files();
    let count = files.len();
    for file in files {
        let path = library.join(file.path());
        let source = file.source();
        if std::fs::read(&path).is_ok_and(|old| old == *source) {
            continue;
        }
        util::write(&path, &source)?;
    }
    Ok(count)
}
