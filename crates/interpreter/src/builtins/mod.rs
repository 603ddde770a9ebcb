//! The module `builtins`.

pub mod attributes;
mod build_class;
pub mod console;
mod core;
pub mod iteration;
pub mod lazy;
pub mod numbers;
pub mod source;

use ::core::ptr::null_mut;
use ::core::sync::atomic::{AtomicPtr, Ordering::Relaxed};
use taipan_object::types::descr::PyMethodDescr_Type;
use taipan_object::types::list::PyList_Type;
use taipan_object::{
    Py, PyDict, PyModule, PyObject, PyResult, PyStr, Python, exceptions, id, pymodule, raise, singletons,
};

pymodule! {
    name: "builtins",
    doc: "Built-in functions, types, exceptions, and other objects.",
    functions: [
        build_class::__build_class__,
        core::print,
        core::len,
        core::isinstance,
        core::issubclass,
        core::all,
        core::any,
        core::repr,
        core::__import__,
        attributes::getattr,
        attributes::setattr,
        attributes::delattr,
        attributes::hasattr,
        attributes::callable,
        attributes::hash,
        attributes::id,
        attributes::globals,
        attributes::locals,
        attributes::dir,
        attributes::vars,
        attributes::format,
        attributes::ascii,
        numbers::abs,
        numbers::bin,
        numbers::oct,
        numbers::hex,
        numbers::divmod,
        numbers::pow,
        numbers::round,
        numbers::chr,
        numbers::ord,
        numbers::sum,
        iteration::iter,
        iteration::next,
        iteration::aiter,
        iteration::anext,
        iteration::sorted,
        iteration::min,
        iteration::max,
        source::compile,
        source::eval,
        source::exec,
        console::input,
        console::breakpoint,
    ],
    classes: [],
    exec: exec,
}

/// Builtins that instructions know by identity.
static LEN: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());
static ISINSTANCE: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());
static LIST_APPEND: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());

/// The function `len` as it was made.
#[inline(always)]
pub fn len_function() -> *mut PyObject {
    LEN.load(Relaxed)
}
/// The function `isinstance`.
#[inline(always)]
pub fn isinstance_function() -> *mut PyObject {
    ISINSTANCE.load(Relaxed)
}
/// The method descriptor `list.append`.
#[inline(always)]
pub fn list_append_descriptor() -> *mut PyObject {
    LIST_APPEND.load(Relaxed)
}

fn by_name<'a>(py: Python, name: &PyStr) -> &'a PyObject {
    let found = py.interp().builtins.get().and_then(|b| b.get_str(py, name).ok().flatten());
    match found {
        // SAFETY: the builtins dict, or the program that took the function out of it, keeps it; functions of a built-in
        // module are never freed while their interpreter lives.
        Some(f) => unsafe { &*f.as_raw() },
        None => singletons::none(),
    }
}
/// The function `all`.
pub fn all_function<'a>(py: Python) -> &'a PyObject {
    by_name(py, id!(py, "all"))
}
/// The function `any`.
pub fn any_function<'a>(py: Python) -> &'a PyObject {
    by_name(py, id!(py, "any"))
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    let dict: &PyDict = module.dict();
    let set = |name: &str, value: &PyObject| -> PyResult<()> {
        let key = PyStr::intern(py, name)?;
        dict.set(py, &key, value)
    };
    set("None", singletons::none())?;
    set("Ellipsis", singletons::ellipsis())?;
    set("NotImplemented", singletons::not_implemented())?;
    set("False", singletons::false_())?;
    set("True", singletons::true_())?;
    let optimize = py.interp().config.borrow().optimization_level;
    set("__debug__", if optimize == 0 { singletons::true_() } else { singletons::false_() })?;
    for ty in crate::builtins::core::TYPES {
        set(ty.name(), ty)?;
    }
    for ty in exceptions::STATIC_TYPES.iter().chain(exceptions::SIMPLE) {
        set(ty.name(), ty)?;
    }
    for ty in [&lazy::PyFilter_Type, &lazy::PyMap_Type, &lazy::PyZip_Type] {
        taipan_object::types::type_::ready_static(py, ty)?;
        set(ty.name(), ty)?;
    }
    set("ExceptionGroup", exceptions::ExceptionGroup())?;
    set("EnvironmentError", exceptions::OSError())?;
    set("IOError", exceptions::OSError())?;
    for (cell, name) in [(&LEN, "len"), (&ISINSTANCE, "isinstance")] {
        let key = PyStr::intern(py, name)?;
        let Some(f) = dict.get_str(py, &key)? else {
            return Err(raise!(py, SystemError, "builtin {name} is missing"));
        };
        cell.store(f.as_raw(), Relaxed);
    }
    let append = PyList_Type.lookup(py, id!(py, "append"));
    if let Some(a) = append.filter(|a| a.is_type(&PyMethodDescr_Type)) {
        LIST_APPEND.store(a.as_raw(), Relaxed);
    }
    Ok(())
}

/// Makes the module and notes its dict as the interpreter's builtins.
pub fn create(py: Python) -> PyResult<Py<PyModule>> {
    let module = crate::import::create_native(py, &MODULE)?;
    py.interp().builtins.set(Some(Py::new_ref(module.dict())));
    MODULE.execute(py, &module)?;
    Ok(module)
}
