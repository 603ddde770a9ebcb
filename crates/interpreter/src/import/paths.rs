//! Where things are: CPython's path configuration (`getpath`), with one addition, the library inside the binary.
//!
//! The executable is looked for as the shell would. A `pyvenv.cfg` beside or above it makes its folder the prefix and names
//! the home. The library is at `PREFIX/lib/python3.14` when `PYTHONHOME` says so or a landmark (`os.py`) is found from the
//! executable upwards; otherwise it is the embedded one, which programs see at the path
//! `EXECUTABLE/lib/python3.14`. Nothing on a disk can be there, since the executable is a file.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use taipan_object::runtime::interp::Config;

/// The part of every library path behind its prefix.
pub const LIBRARY: &str = "lib/python3.14";

/// What the path configuration found.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// `sys.executable`.
    pub executable: PathBuf,
    /// `sys._base_executable`: outside of any virtual environment.
    pub base_executable: PathBuf,
    /// `sys.prefix`: the virtual environment's folder, or the base prefix.
    pub prefix: PathBuf,
    /// `sys.base_prefix`.
    pub base_prefix: PathBuf,
    /// `sys._stdlib_dir`.
    pub stdlib_dir: PathBuf,
    /// Whether the library is the one inside the binary.
    pub embedded: bool,
    /// `sys.path` before the program's own entry.
    pub search_path: Vec<PathBuf>,
}

fn is_executable(path: &Path) -> bool {
    path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// The path of the running program, from `argv[0]` and `PATH`; absolute, links not resolved.
fn find_executable(program: &Path) -> PathBuf {
    let here = |p: &Path| std::env::current_dir().map_or_else(|_| p.to_path_buf(), |cwd| normalize(&cwd.join(p)));
    if program.as_os_str().is_empty() {
        return PathBuf::new();
    }
    if program.components().count() > 1 || program.is_absolute() {
        return here(program);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    match std::env::split_paths(&path).map(|dir| dir.join(program)).find(|p| is_executable(p)) {
        Some(found) => here(&found),
        None => std::env::current_exe().unwrap_or_default(),
    }
}

/// Without `.` and `..`, textually.
fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The value of `key = value` in a `pyvenv.cfg`.
fn venv_setting(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (k, v) = line.split_once('=')?;
        k.trim().eq_ignore_ascii_case(key).then(|| v.trim().to_owned())
    })
}

/// The configuration for a program started as `config.executable` (or `argv[0]`).
pub fn compute(config: &Config) -> Paths {
    let given: PathBuf = if config.executable.is_empty() {
        config.orig_argv.first().map(PathBuf::from).unwrap_or_default()
    } else {
        PathBuf::from(&config.executable)
    };
    let executable = find_executable(&given);
    let folder = executable.parent().map(Path::to_path_buf).unwrap_or_default();

    // A virtual environment: its pyvenv.cfg is beside the executable or one folder up.
    let mut venv: Option<(PathBuf, PathBuf)> = None;
    if config.home.is_none() {
        for dir in [Some(folder.as_path()), folder.parent()].into_iter().flatten() {
            if let Ok(text) = std::fs::read_to_string(dir.join("pyvenv.cfg")) {
                if let Some(home) = venv_setting(&text, "home") {
                    let named = venv_setting(&text, "executable").map(PathBuf::from).filter(|p| p.is_file());
                    let base = named.unwrap_or_else(|| {
                        let beside = Path::new(&home).join(executable.file_name().unwrap_or_default());
                        if beside.is_file() { beside } else { real(&executable) }
                    });
                    venv = Some((dir.to_path_buf(), base));
                    break;
                }
            }
        }
    }
    let base_executable = venv.as_ref().map_or_else(|| executable.clone(), |(_, base)| base.clone());
    let real_base = real(&base_executable);

    let landmark = |prefix: &Path| prefix.join(LIBRARY).join("os.py").is_file();
    let home = config.home.as_ref().map(|h| {
        let text = h.to_string_lossy();
        PathBuf::from(text.split(':').next().unwrap_or_default())
    });
    let on_disk = match home {
        Some(home) => Some(home),
        None => real_base.ancestors().skip(1).find(|dir| landmark(dir)).map(Path::to_path_buf),
    };
    let embedded = on_disk.is_none();
    let base_prefix = on_disk.unwrap_or_else(|| {
        let dir = real_base.parent().unwrap_or(Path::new("/"));
        if dir.file_name().is_some_and(|n| n == "bin") {
            dir.parent().unwrap_or(dir).to_path_buf()
        } else {
            dir.to_path_buf()
        }
    });
    let stdlib_dir = if embedded { real_base.join(LIBRARY) } else { base_prefix.join(LIBRARY) };
    let prefix = venv.map_or_else(|| base_prefix.clone(), |(dir, _)| dir);

    let mut search_path: Vec<PathBuf> = Vec::new();
    if config.use_environment {
        if let Some(extra) = std::env::var_os("PYTHONPATH").filter(|p| !p.is_empty()) {
            search_path.extend(std::env::split_paths(&extra));
        }
    }
    search_path.push(base_prefix.join("lib/python314.zip"));
    search_path.push(stdlib_dir.clone());
    search_path.push(base_prefix.join(LIBRARY).join("lib-dynload"));
    Paths { executable, base_executable, prefix, base_prefix, stdlib_dir, embedded, search_path }
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// `sys.path[0]` of a script: its folder, links of the script itself resolved.
pub fn script_folder(script: &Path) -> OsString {
    let target = std::fs::read_link(script)
        .map_or_else(|_| script.to_path_buf(), |link| script.parent().map_or_else(|| link.clone(), |p| p.join(&link)));
    let target = target.canonicalize().unwrap_or(target);
    target.parent().map(|p| p.as_os_str().to_owned()).unwrap_or_default()
}
