//! Frozen modules: those that the import system itself and the way to `site` need, under CPython's names.

use taipan_object::{Py, PyCode, PyObject, PyResult, PyStr, PyTuple, Python, marshal, raise};

/// A frozen module.
#[derive(Clone, Copy, Debug)]
pub struct Frozen {
    /// What it is imported as.
    pub name: &'static str,
    /// Whether it is a package.
    pub is_package: bool,
    /// The module of the library that it is made from.
    pub source: &'static str,
    /// What `_imp.find_frozen` says of its origin; with `<` in front where the name is a package's `__init__`.
    pub origname: Option<&'static str>,
}

const fn plain(name: &'static str) -> Frozen {
    Frozen { name, is_package: false, source: name, origname: Some(name) }
}

const fn of(name: &'static str, is_package: bool, source: &'static str, origname: Option<&'static str>) -> Frozen {
    Frozen { name, is_package, source, origname }
}

/// All of them, in CPython's order.
pub static MODULES: &[Frozen] = &[
    of("_frozen_importlib", false, "importlib._bootstrap", Some("importlib._bootstrap")),
    of("_frozen_importlib_external", false, "importlib._bootstrap_external", Some("importlib._bootstrap_external")),
    plain("zipimport"),
    plain("abc"),
    plain("codecs"),
    plain("io"),
    plain("_collections_abc"),
    plain("_sitebuiltins"),
    plain("genericpath"),
    plain("ntpath"),
    plain("posixpath"),
    plain("os"),
    plain("site"),
    plain("stat"),
    plain("importlib.util"),
    plain("importlib.machinery"),
    plain("runpy"),
    // Taipan's own: the finder of the embedded library cannot be found by itself.
    plain("_embedded_library"),
    plain("__hello__"),
    of("__hello_alias__", false, "__hello__", Some("__hello__")),
    of("__phello_alias__", true, "__hello__", Some("__hello__")),
    of("__phello_alias__.spam", false, "__hello__", Some("__hello__")),
    of("__phello__", true, "__phello__", Some("__phello__")),
    of("__phello__.__init__", false, "__phello__", Some("<__phello__")),
    of("__phello__.ham", true, "__phello__.ham", Some("__phello__.ham")),
    of("__phello__.ham.__init__", false, "__phello__.ham", Some("<__phello__.ham")),
    of("__phello__.ham.eggs", false, "__phello__.ham.eggs", Some("__phello__.ham.eggs")),
    of("__phello__.spam", false, "__phello__.spam", Some("__phello__.spam")),
    of("__hello_only__", false, "__hello__", None),
];

/// The frozen module with this name, if the library has what it is made from.
pub fn find(name: &str) -> Option<&'static Frozen> {
    MODULES.iter().find(|m| m.name == name).filter(|m| taipan_stdlib::find_module(m.source).is_some())
}

/// The module's code object; its `co_filename` is `<frozen NAME>`.
///
/// # Errors
/// ImportError if the module did not compile when the library was built.
pub fn code(py: Python, module: &Frozen) -> PyResult<Py<PyCode>> {
    let data = taipan_stdlib::find_module(module.source).and_then(|m| m.file.code());
    let Some(data) = data else {
        return Err(raise!(py, ImportError, "Frozen object named '{}' is invalid", module.name));
    };
    load(py, data, &format!("<frozen {}>", module.source))
}

/// A code object from the embedded library's marshalled form, with another file name in it and in all that it contains.
///
/// # Errors
/// ImportError for data that is no code object.
pub fn load(py: Python, data: &[u8], filename: &str) -> PyResult<Py<PyCode>> {
    let Ok(code) = marshal::loads(py, data, true)?.downcast_into::<PyCode>() else {
        return Err(raise!(py, ImportError, "{filename} is not a code object"));
    };
    let old = code.co_filename.get();
    let new = PyStr::intern(py, filename)?;
    if let Some(old) = old {
        replace_filename(&code, &old, &new);
    }
    Ok(code)
}

/// Replaces `co_filename` where it is `old`, in a code object and those among its constants (`update_code_filenames`).
pub fn replace_filename(code: &PyCode, old: &PyStr, new: &PyStr) {
    if !code.co_filename.get().is_some_and(|f| f.equals(old)) {
        return;
    }
    code.co_filename.set(Some(Py::new_ref(new)));
    let Some(consts): Option<Py<PyTuple>> = code.co_consts.get() else { return };
    for i in 0..consts.len() {
        let item: &PyObject = consts.get(i);
        if let Some(inner) = item.downcast::<PyCode>() {
            replace_filename(inner, old, new);
        }
    }
}
