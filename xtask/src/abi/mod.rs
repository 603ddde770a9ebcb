//! `cargo xtask abi`: the layout of CPython's structs, from the C compiler.
//!
//! The 3.14 headers are compiled with debug information; DWARF then names every struct with the
//! size, offset and bits of its fields, so no field is listed by hand here and none is forgotten.
//! Every struct that the public headers define is taken; of the internal headers only those in
//! [`INTERNAL`], which the interpreter shares with debuggers and profilers.
//!
//! The result stands in `crates/object/abi` as two tables of tab-separated text: `structs.tsv` and
//! `constants.tsv` (their first lines say how to read them). A run compares; `--write` renews.

mod constants;
mod layout;

use crate::Outcome;
use crate::util::{self, Arguments};
use object::{Object, ObjectSection};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Public headers that `Python.h` leaves out. (`pyexpat.h` and `py_curses.h` need foreign headers.)
const PUBLIC_HEADERS: &[&str] = &["structmember.h", "datetime.h", "frameobject.h", "marshal.h", "osdefs.h", "opcode.h"];

/// Internal headers that define the structs of [`INTERNAL`] and the internal constants.
const INTERNAL_HEADERS: &[&str] = &[
    "pycore_backoff.h",
    "pycore_capsule.h",
    "pycore_cell.h",
    "pycore_code.h",
    "pycore_context.h",
    "pycore_debug_offsets.h",
    "pycore_descrobject.h",
    "pycore_dict.h",
    "pycore_exceptions.h",
    "pycore_frame.h",
    "pycore_function.h",
    "pycore_gc.h",
    "pycore_genobject.h",
    "pycore_global_objects.h",
    "pycore_hamt.h",
    "pycore_interp.h",
    "pycore_intrinsics.h",
    "pycore_interpframe.h",
    "pycore_interpolation.h",
    "pycore_list.h",
    "pycore_long.h",
    "pycore_memoryobject.h",
    "pycore_moduleobject.h",
    "pycore_namespace.h",
    "pycore_object.h",
    "pycore_range.h",
    "pycore_runtime.h",
    "pycore_structseq.h",
    "pycore_template.h",
    "pycore_tstate.h",
    "pycore_tuple.h",
    "pycore_typeobject.h",
    "pycore_typevarobject.h",
    "pycore_ucnhash.h",
    "pycore_unicodeobject.h",
    "pycore_unionobject.h",
];

/// The structs of the internal headers whose layout Taipan keeps.
const INTERNAL: &[&str] = &[
    "PyDictKeyEntry",
    "PyDictKeysObject",
    "PyDictUnicodeEntry",
    "PyDictValues",
    "PyGC_Head",
    "PyGenObject",
    "PyCoroObject",
    "PyAsyncGenObject",
    "PyFrameObject",
    "PyModuleObject",
    "PyContext",
    "PyContextToken",
    "PyContextVar",
    "_PyContextTokenMissing",
    "PyHamtObject",
    "_PyInterpreterFrame",
    "_PyStackRef",
    "_PyThreadStateImpl",
    "_PyTupleIterObject",
    "_PyListIterObject",
    "_PyRangeIterObject",
    "_PyCoMonitoringData",
    "_PyUnicode_Name_CAPI",
    "_Py_DebugOffsets",
    "_PyCoCached",
    "propertyobject",
];

/// Where the tables stand.
fn table_path(name: &str) -> PathBuf {
    util::root().join("crates/object/abi").join(name)
}

/// The C compiler with the flags that every step here needs.
pub struct Compiler {
    program: String,
    include: PathBuf,
    version: PathBuf,
    work: PathBuf,
}

impl Compiler {
    fn new(include: &Path) -> Result<Self, String> {
        let version = include.join("python3.14");
        if !version.join("Python.h").is_file() {
            return Err(format!("{} holds no python3.14/Python.h", include.display()));
        }
        let work = std::env::temp_dir().join(format!("taipan-abi-{}", std::process::id()));
        std::fs::create_dir_all(&work).map_err(|e| format!("{}: {e}", work.display()))?;
        let program = std::env::var("CC").unwrap_or_else(|_| "cc".into());
        Ok(Compiler { program, include: include.to_path_buf(), version, work })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["-std=c11", "-w", "-DPy_BUILD_CORE"]);
        for folder in [&self.version, &self.include, &self.version.join("internal")] {
            command.arg("-I").arg(folder);
        }
        command
    }

    /// The lines that include every header of interest.
    pub fn prologue() -> String {
        let mut text = String::from("#include <Python.h>\n");
        for header in PUBLIC_HEADERS {
            text += &format!("#include <{header}>\n");
        }
        for header in INTERNAL_HEADERS {
            text += &format!("#include <internal/{header}>\n");
        }
        text
    }

    /// Compiles `source` to a shared object, whose debug information needs no relocation.
    fn shared_object(&self, name: &str, source: &str) -> Result<Vec<u8>, String> {
        let (c, so) = (self.work.join(format!("{name}.c")), self.work.join(format!("{name}.so")));
        util::write(&c, source.as_bytes())?;
        let mut command = self.command();
        command.args(["-g", "-gdwarf-5", "-fno-eliminate-unused-debug-types", "-shared", "-fPIC"]);
        util::output(command.arg(&c).arg("-o").arg(&so))?;
        std::fs::read(&so).map_err(|e| format!("{}: {e}", so.display()))
    }

    /// What the preprocessor defines, with the lines that name the file each definition is in.
    pub fn definitions(&self) -> Result<String, String> {
        let c = self.work.join("definitions.c");
        util::write(&c, Self::prologue().as_bytes())?;
        let text = util::output(self.command().args(["-E", "-dD"]).arg(&c))?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// The values of constant expressions: compiled into a table and read out of the object file,
    /// so nothing is executed and the compiler may be one for another machine.
    pub fn values(&self, expressions: &[String]) -> Result<Vec<i64>, String> {
        let mut source = Self::prologue();
        source += "__attribute__((used, section(\".taipan_abi\"))) const long long taipan_abi[] = {\n";
        for e in expressions {
            source += &format!("(long long)({e}),\n");
        }
        source += "};\n";
        let file = self.shared_object("values", &source)?;
        let object = object::File::parse(&*file).map_err(|e| e.to_string())?;
        let section = object.section_by_name(".taipan_abi").ok_or("the table was not emitted")?;
        let data = section.data().map_err(|e| e.to_string())?;
        Ok(data.chunks_exact(8).map(|word| i64::from_le_bytes(word.try_into().expect("8 bytes"))).collect())
    }

    /// A header's path as the tables name it: relative to `python3.14`, or none for a foreign one.
    pub fn header_name(&self, path: &str) -> Option<String> {
        let path = Path::new(path).strip_prefix(&self.version).ok()?;
        Some(path.to_str()?.to_owned())
    }
}

impl Drop for Compiler {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.work);
    }
}

/// Compares or renews the tables; true when they are what the headers say.
pub fn run(arguments: &[String]) -> Outcome {
    let mut arguments = Arguments::new(arguments);
    let headers = arguments.option("--headers")?.ok_or("--headers is missing")?;
    let write = arguments.flag("--write");
    if !arguments.positional()?.is_empty() {
        return Err("too many arguments".into());
    }
    let headers = std::fs::canonicalize(headers).map_err(|e| format!("{headers}: {e}"))?;
    let compiler = Compiler::new(&headers)?;

    let debug = compiler.shared_object("layout", &Compiler::prologue())?;
    let found = layout::read(&compiler, &debug, INTERNAL)?;
    let structs = layout::table(&compiler, &found)?;
    let constants = constants::table(&compiler, &found)?;

    let mut same = true;
    for (name, head, rows) in [("structs.tsv", layout::HEAD, structs), ("constants.tsv", constants::HEAD, constants)] {
        let path = table_path(name);
        let text = head.to_owned() + &rows.join("\n") + "\n";
        if write {
            util::write(&path, text.as_bytes())?;
            println!("{name}: {} rows written", rows.len());
        } else {
            same &= compare(name, &util::read(&path)?, &text);
        }
    }
    Ok(same)
}

/// Prints each row that differs between two tables (the name is all but a row's numbers).
fn compare(name: &str, kept: &str, derived: &str) -> bool {
    let rows = |text: &str| -> BTreeMap<String, String> {
        text.lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .map(|l| {
                let mut parts = l.splitn(3, '\t');
                let key = format!("{} {}", parts.next().unwrap_or(""), parts.next().unwrap_or(""));
                (key, parts.next().unwrap_or("").replace('\t', " "))
            })
            .collect()
    };
    let (kept, derived) = (rows(kept), rows(derived));
    let mut differences = 0;
    for (key, value) in &derived {
        match kept.get(key) {
            Some(k) if k == value => {}
            Some(k) => {
                differences += 1;
                println!("{name}: {key}: the table says {k}, the headers {value}");
            }
            None => {
                differences += 1;
                println!("{name}: {key}: not in the table, the headers say {value}");
            }
        }
    }
    for key in kept.keys().filter(|k| !derived.contains_key(*k)) {
        differences += 1;
        println!("{name}: {key}: in the table, but not in the headers");
    }
    println!("{name}: {} rows, {differences} differences", derived.len());
    differences == 0
}
