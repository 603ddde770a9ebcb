//! Integer constants: macros of the headers by prefix, and enumerators.

use super::{Compiler, layout::Found};
use std::collections::BTreeMap;

/// The head of `constants.tsv`.
pub const HEAD: &str = "\
# Integer constants of the CPython 3.14 headers (x86-64 Linux, GIL build).
# Renewed with: cargo xtask abi --headers DIR/usr/include --write
# const <name> <value> <header>
";

/// Object-like macros whose names start like this and that are integer constants.
const PREFIXES: &[&str] = &[
    "ADAPTIVE_",
    "COMPARISON_",
    "CONSTANT_",
    "DKIX_",
    "FVC_",
    "INTRINSIC_",
    "JUMP_BACKWARD_",
    "NB_",
    "RESUME_",
    "SPECIAL_",
    "SIDE_EXIT_",
    "CO_",
    "DICT_KEYS_",
    "FRAME_",
    "METH_",
    "MANAGED_",
    "PYTHON_A",
    "PY_MAJOR_",
    "PY_MICRO_",
    "PY_MINOR_",
    "PY_MONITORING_",
    "PY_RELEASE_",
    "PY_VECTORCALL_",
    "PY_VERSION_HEX",
    "PyBUF_",
    "PyCF_",
    "PyDict_",
    "PyGC_",
    "PyHASH_",
    "PyLong_",
    "PySet_",
    "PyTrace_",
    "PyUnicode_",
    "PyWrapperFlag_",
    "PyInterpreterConfig_",
    "Py_ASNATIVEBYTES_",
    "Py_AUDIT_",
    "Py_CLEANUP_",
    "Py_CONSTANT_",
    "Py_EQ",
    "Py_G",
    "Py_IMMORTAL",
    "Py_L",
    "Py_MARSHAL_",
    "Py_MOD_",
    "Py_NE",
    "Py_PRINT_",
    "Py_READONLY",
    "Py_RELATIVE_",
    "Py_RTFLAGS",
    "Py_T_",
    "Py_TPFLAGS_",
    "Py_am_",
    "Py_bf_",
    "Py_eval_",
    "Py_file_",
    "Py_func_",
    "Py_mod_",
    "Py_mp_",
    "Py_nb_",
    "Py_single_",
    "Py_sq_",
    "Py_tp_",
    "SHARED_KEYS_",
    "SSTATE_",
    "T_",
    "_PyCode_",
    "_PyGC_",
    "_PyHASH_",
    "_PyLong_",
    "_PyObject_",
    "_PY_NSMALL",
    "_Py_IMMORTAL",
    "_Py_MONITORING_",
    "_Py_STATIC_",
    "_Py_TPFLAGS_",
    "_Py_TAG",
    "Py_TAG_",
];

/// The enumerators of internal headers that are kept, by prefix.
const INTERNAL_ENUMERATORS: &[&str] = &["DICT_KEYS_", "FRAME_", "PYGEN_", "_PyFrame", "EVAL_"];

/// Matches of [`PREFIXES`] that are no integer constants (types, functions, strings, variables).
const NOT_CONSTANT: &[&str] = &["PyLong_AsPid", "PyLong_FromPid", "_PyGC_Head_UNUSED"];

/// The rows of `constants.tsv`.
pub fn table(compiler: &Compiler, found: &Found) -> Result<Vec<String>, String> {
    let mut macros = BTreeMap::new();
    let mut header = None;
    for line in compiler.definitions()?.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            header = rest.split('"').nth(1).and_then(|path| compiler.header_name(path));
            continue;
        }
        let (Some(header), Some(rest)) = (&header, line.strip_prefix("#define ")) else {
            continue;
        };
        let Some((name, body)) = rest.split_once(' ') else {
            continue;
        };
        let wanted = PREFIXES.iter().any(|p| name.starts_with(p))
            && !NOT_CONSTANT.contains(&name)
            && !name.contains('(')
            && !body.trim().is_empty();
        if wanted && looks_integer(body) {
            macros.insert(name.to_owned(), header.clone());
        }
    }
    let names: Vec<String> = macros.keys().cloned().collect();
    let values = compiler.values(&names)?;
    let mut rows: BTreeMap<String, (i64, String)> =
        macros.into_iter().zip(values).map(|((name, header), value)| (name, (value, header))).collect();
    for (name, value, header) in &found.enumerators {
        let internal = header.starts_with("internal/");
        if !internal || INTERNAL_ENUMERATORS.iter().any(|p| name.starts_with(p)) {
            rows.insert(name.clone(), (*value, header.clone()));
        }
    }
    Ok(rows.into_iter().map(|(name, (value, header))| format!("const\t{name}\t{value}\t{header}")).collect())
}

/// Whether a macro's body can be an integer constant: no string, no address, no other function's
/// name (aliases such as `#define PyX_Check _PyX_Check` are told apart by having no digit, operator
/// or capitals-only name).
fn looks_integer(body: &str) -> bool {
    let body = body.trim();
    if body.contains('"') || body.contains('&') && !body.contains('(') || body.contains("->") {
        return false;
    }
    let identifier = body.chars().all(|c| c.is_alphanumeric() || c == '_');
    let number = body.starts_with(|c: char| c.is_ascii_digit());
    !identifier || number || body.chars().all(|c| !c.is_lowercase()) || PREFIXES.iter().any(|p| body.starts_with(p))
}
