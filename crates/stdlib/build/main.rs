//! Collects, corrects, compiles and packs the pure-Python standard library.
//!
//! One stage a file: [`collect`] (which files, from where), [`patch`] (the declared corrections),
//! [`code`] (compilation) and [`archive`] (the layout of `src/format.rs`).

mod archive;
mod code;
mod collect;
#[path = "../src/format.rs"]
mod format;
mod patch;

use std::path::{Path, PathBuf};

/// A file of the library on its way into the archive.
struct File {
    /// Relative to the library's root, with `/`.
    path: String,
    source: Vec<u8>,
    code: Option<Vec<u8>>,
}

fn main() {
    if let Err(why) = build() {
        eprintln!("error: {why}");
        std::process::exit(1);
    }
}

fn build() -> Result<(), String> {
    let here = PathBuf::from(env("CARGO_MANIFEST_DIR")?);
    let overlay = here.join("overlay");
    for watched in ["overlay", "build", "src/format.rs"] {
        println!("cargo::rerun-if-changed={}", here.join(watched).display());
    }
    let corrections = patch::Corrections::read(&overlay.join("patches.toml"))?;
    let mut files = collect::collect(
        Path::new(rustpython_pylib::LIB_PATH),
        &overlay.join("Lib"),
        &corrections.omit,
    )?;
    corrections.apply(&mut files)?;
    for file in files.values_mut().filter(|f| f.path.ends_with(".py")) {
        file.code = code::compile(&file.path, &file.source)?;
    }
    let packed = archive::pack(files.values())?;
    let out = PathBuf::from(env("OUT_DIR")?).join("library.bin");
    std::fs::write(&out, packed).map_err(|e| format!("{}: {e}", out.display()))
}

fn env(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("{name} is not set"))
}
