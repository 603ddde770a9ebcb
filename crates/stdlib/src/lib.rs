//! The pure-Python standard library, embedded in the binary.
//!
//! The build script collects the library (from the crate `rustpython-pylib`, corrected by the
//! declarations in `overlay/patches.toml`, completed by the files in `overlay/Lib`), compiles it and
//! packs it into one archive, which this crate carries as a `&'static [u8]`. Looking a file up is a
//! binary search in that archive: nothing is unpacked, allocated or initialised at start-up, and a
//! code object is read where it stands. Only source text is compressed, file by file, as it is wanted
//! for tracebacks and `inspect` alone.
//!
//! Paths are relative to the library's root with `/` between the parts: `asyncio/tasks.py`. Which
//! `__file__` and `co_filename` a module gets is the importer's affair: code objects carry
//! the relative path, to be replaced when they are loaded.

mod format;

use format::{DEFLATED, ENTRY_SIZE, HAS_CODE, HEADER_SIZE, MAGIC};
use std::borrow::Cow;

static ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.bin"));

/// A file of the embedded library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    index: usize,
}

/// What a folder of the library contains: a file or another folder, by its last part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// The name within the folder, without any `/`.
    pub name: &'static str,
    /// Whether it is a folder itself.
    pub is_dir: bool,
}

/// A module of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Module {
    /// The file that defines it: `NAME.py` or `NAME/__init__.py`.
    pub file: File,
    /// Whether it is a package.
    pub is_package: bool,
}

/// The number at `offset`, which lies within the archive.
fn number(offset: usize) -> usize {
    let bytes = &ARCHIVE[offset..offset + 4];
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize
}

/// The number of files.
fn count() -> usize {
    debug_assert!(ARCHIVE.starts_with(MAGIC));
    number(8)
}

/// The first index whose name is not before what `before` accepts.
fn partition(mut before: impl FnMut(&[u8]) -> bool) -> usize {
    let (mut low, mut high) = (0, count());
    while low < high {
        let middle = low + (high - low) / 2;
        if before(File { index: middle }.path().as_bytes()) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

impl File {
    fn field(self, field: usize) -> usize {
        number(HEADER_SIZE + self.index * ENTRY_SIZE + field * 4)
    }

    /// The path, relative to the library's root.
    pub fn path(self) -> &'static str {
        let start = HEADER_SIZE + count() * ENTRY_SIZE + self.field(0);
        let bytes = &ARCHIVE[start..start + self.field(1)];
        std::str::from_utf8(bytes).expect("the build script writes UTF-8 names")
    }

    /// The content as it was before compilation: a module's source text, or a data file's bytes.
    /// Borrowed where it is stored uncompressed.
    pub fn source(self) -> Cow<'static, [u8]> {
        let start = self.field(3);
        let stored = &ARCHIVE[start..start + self.field(4)];
        if self.field(2) as u32 & DEFLATED == 0 {
            return Cow::Borrowed(stored);
        }
        let text = miniz_oxide::inflate::decompress_to_vec_with_limit(stored, self.source_len())
            .expect("the build script writes sound streams");
        Cow::Owned(text)
    }

    /// The length of [`File::source`], without decompressing it.
    pub fn source_len(self) -> usize {
        self.field(5)
    }

    /// The module's marshalled code object (optimisation level 0), if one was compiled.
    pub fn code(self) -> Option<&'static [u8]> {
        if self.field(2) as u32 & HAS_CODE == 0 {
            return None;
        }
        let start = self.field(6);
        Some(&ARCHIVE[start..start + self.field(7)])
    }
}

/// The file with this path (`asyncio/tasks.py`).
pub fn find(path: &str) -> Option<File> {
    let file = File { index: partition(|name| name < path.as_bytes()) };
    (file.index < count() && file.path() == path).then_some(file)
}

/// The module with this dotted name: a package before a plain module, as the path finder has it.
pub fn find_module(name: &str) -> Option<Module> {
    // No module of the library has a longer name; a stack buffer spares the import path a String.
    let mut buffer = [0u8; 192];
    const INIT: &[u8] = b"/__init__.py";
    let length = name.len();
    if length == 0 || length + INIT.len() > buffer.len() || name.contains('/') {
        return None;
    }
    for (to, from) in buffer.iter_mut().zip(name.bytes()) {
        *to = if from == b'.' { b'/' } else { from };
    }
    let mut lookup = |suffix: &[u8]| {
        buffer[length..length + suffix.len()].copy_from_slice(suffix);
        find(std::str::from_utf8(&buffer[..length + suffix.len()]).ok()?)
    };
    if let Some(file) = lookup(INIT) {
        return Some(Module { file, is_package: true });
    }
    lookup(b".py").map(|file| Module { file, is_package: false })
}

/// Whether the module with this dotted name is a package of the library.
pub fn is_package(name: &str) -> bool {
    find_module(name).is_some_and(|m| m.is_package)
}

/// Whether this path is a folder of the library (`""` is the root).
pub fn is_dir(path: &str) -> bool {
    list_dir(path).is_some()
}

/// What the folder at this path contains, sorted by name; `""` is the root. `None` if there is no
/// such folder.
pub fn list_dir(path: &str) -> Option<impl Iterator<Item = DirEntry>> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let below = move |name: &[u8]| -> Option<usize> {
        if path.is_empty() {
            return Some(0);
        }
        let rest = name.strip_prefix(path.as_bytes())?;
        (rest.first() == Some(&b'/')).then_some(path.len() + 1)
    };
    let start = if path.is_empty() {
        0
    } else {
        partition(|name| {
            // Compares with `path + "/"`.
            let head = &name[..name.len().min(path.len())];
            match head.cmp(path.as_bytes()) {
                std::cmp::Ordering::Equal if name.len() > path.len() => name[path.len()] < b'/',
                std::cmp::Ordering::Equal => true,
                order => order.is_lt(),
            }
        })
    };
    let first = File { index: start };
    if start >= count() || below(first.path().as_bytes()).is_none() {
        return None;
    }
    let mut entries: Vec<DirEntry> = Vec::new();
    for index in start..count() {
        let full: &'static str = File { index }.path();
        let Some(skip) = below(full.as_bytes()) else {
            break;
        };
        let rest = &full[skip..];
        let entry = match rest.split_once('/') {
            Some((folder, _)) => DirEntry { name: folder, is_dir: true },
            None => DirEntry { name: rest, is_dir: false },
        };
        if entries.last() != Some(&entry) {
            entries.push(entry);
        }
    }
    // `a.py` sorts before `a/b.py`, which need not be the order of `a` and `a.py`.
    entries.sort_by_key(|e| e.name);
    entries.dedup();
    Some(entries.into_iter())
}

/// Every file, sorted by path.
pub fn files() -> impl ExactSizeIterator<Item = File> {
    (0..count()).map(|index| File { index })
}

/// Every file's path, sorted.
pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
    files().map(File::path)
}

/// The version of pip whose wheel is inside, for the `ensurepip` module.
pub fn pip_version() -> Option<&'static str> {
    names().find_map(|n| n.strip_prefix("ensurepip/_bundled/pip-")).and_then(|n| n.split('-').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_files_and_modules() {
        let os = find("os.py").expect("os.py");
        assert_eq!(os.path(), "os.py");
        assert_eq!(os.source().len(), os.source_len());
        assert!(find("os").is_none() && find("").is_none() && find("os.pyc").is_none());
        let tasks = find_module("asyncio.tasks").expect("asyncio.tasks");
        assert!(!tasks.is_package && tasks.file.path() == "asyncio/tasks.py");
        assert!(is_package("asyncio") && is_package("importlib.metadata") && !is_package("os"));
        assert!(find_module("asyncio/tasks").is_none() && find_module("").is_none());
        assert!(find_module(&"x".repeat(500)).is_none());
    }

    #[test]
    fn names_are_sorted_and_found() {
        let all: Vec<&str> = names().collect();
        assert!(all.is_sorted() && all.len() > 500);
        for name in all {
            assert_eq!(find(name).expect(name).path(), name);
        }
    }

    #[test]
    fn every_source_decompresses() {
        for file in files() {
            assert_eq!(file.source().len(), file.source_len(), "{}", file.path());
        }
    }

    #[test]
    fn every_module_is_compiled() {
        for file in files().filter(|f| f.path().ends_with(".py")) {
            let code = file.code().unwrap_or_else(|| panic!("{} has no code", file.path()));
            assert_eq!(code[0] & 0x7f, b'c', "{}", file.path());
        }
        assert!(find("LICENSE.txt").unwrap().code().is_none());
    }

    #[test]
    fn folders_are_listed() {
        let root: Vec<DirEntry> = list_dir("").expect("the root").collect();
        assert!(root.is_sorted_by_key(|e| e.name));
        assert!(root.contains(&DirEntry { name: "json", is_dir: true }));
        assert!(root.contains(&DirEntry { name: "os.py", is_dir: false }));
        let json: Vec<&str> = list_dir("json/").expect("json").map(|e| e.name).collect();
        assert_eq!(json, ["__init__.py", "__main__.py", "decoder.py", "encoder.py", "scanner.py", "tool.py"]);
        assert!(is_dir("importlib/resources") && is_dir("venv/scripts"));
        assert!(!is_dir("js") && !is_dir("os.py") && !is_dir("zz") && list_dir("json/x").is_none());
    }

    #[test]
    fn what_the_overlay_promises() {
        let text = |path| String::from_utf8(find(path).expect(path).source().into_owned());
        for path in ["site.py", "sysconfig/__init__.py", "io.py", "platform.py", "json/decoder.py"] {
            let source = text(path).expect("UTF-8");
            assert!(!source.to_uppercase().contains("RUSTPYTHON"), "{path}");
        }
        for gone in ["_dummy_os.py", "_dummy_thread.py", "dummy_threading.py", "_pycodecs.py"] {
            assert!(find(gone).is_none(), "{gone}");
        }
        assert!(find_module("_sysconfigdata__linux_x86_64-linux-gnu").is_some());
        assert!(find("LICENSE.txt").is_some());
    }

    #[test]
    fn pip_is_inside() {
        let wheel = format!("ensurepip/_bundled/pip-{}-py3-none-any.whl", pip_version().unwrap());
        assert!(find(&wheel).expect("the wheel").source().starts_with(b"PK"));
    }
}
