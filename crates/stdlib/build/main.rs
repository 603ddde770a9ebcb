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

use std::collections::BTreeMap;
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
    let mut files = collect::collect(Path::new(rustpython_pylib::LIB_PATH), &overlay.join("Lib"), &corrections.omit)?;
    corrections.apply(&mut files)?;
    compile(&mut files)?;
    let packed = archive::pack(files.values())?;
    let out = PathBuf::from(env("OUT_DIR")?).join("library.bin");
    std::fs::write(&out, packed).map_err(|e| format!("{}: {e}", out.display()))
}

/// Compiles every module. One that the compiler refuses is carried as source alone, with a warning,
/// unless interpreters cannot start without it.
fn compile(files: &mut BTreeMap<String, File>) -> Result<(), String> {
    let mut modules: Vec<&mut File> = files.values_mut().filter(|f| f.path.ends_with(".py")).collect();
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let share = modules.len().div_ceil(threads).max(1);
    let refused = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for part in modules.chunks_mut(share) {
            // Parser and code generator recurse along the source's nesting.
            let worker = std::thread::Builder::new().stack_size(64 << 20);
            let refused = &refused;
            worker
                .spawn_scoped(scope, move || {
                    for file in part {
                        match code::compile(&file.path, &file.source) {
                            code::Compiled::Code(code) => file.code = Some(code),
                            code::Compiled::Refused(why) => {
                                refused.lock().unwrap().push(format!("{}: {why}", file.path));
                            }
                        }
                    }
                })
                .expect("a thread can be started");
        }
    });
    let mut refused = refused.into_inner().unwrap();
    refused.sort();
    for why in &refused {
        println!("cargo::warning={why}");
    }
    match refused.iter().find(|why| !why.contains('/') || why.starts_with("importlib/")) {
        Some(why) => Err(format!("the compiler refuses {why}")),
        None => Ok(()),
    }
}

fn env(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("{name} is not set"))
}
