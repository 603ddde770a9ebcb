//! Modules from native definitions: the two phases of PEP 489.

use super::PyModule;
use crate::typeobj::*;
use crate::types::builtin_function::{PyCFunctionObject, c_text};
use crate::{Py, PyObject, PyResult, PyStr, PyTypeObject, Python, err, id, raise};
use core::ffi::{c_int, c_void};
use core::ptr::null_mut;

const PY_MOD_CREATE: c_int = 1;
const PY_MOD_EXEC: c_int = 2;
const PY_MOD_MULTIPLE_INTERPRETERS: c_int = 3;
const PY_MOD_GIL: c_int = 4;

/// The type of module definitions as objects, which `PyInit_…` functions give.
#[unsafe(no_mangle)]
pub static PyModuleDef_Type: PyTypeObject = PyTypeObject::empty(c"moduledef", size_of::<PyModuleDef>());

type CreateFunction = unsafe extern "C" fn(*mut PyObject, *const PyModuleDef) -> *mut PyObject;
type ExecFunction = unsafe extern "C" fn(*mut PyObject) -> c_int;

/// The slots of a definition.
fn slots(def: &'static PyModuleDef) -> impl Iterator<Item = &'static PyModuleDef_Slot> {
    let mut p = def.m_slots;
    core::iter::from_fn(move || {
        // SAFETY: the array is static and ends with slot 0.
        let slot: &'static PyModuleDef_Slot = unsafe { p.as_ref()? };
        if slot.slot == 0 {
            return None;
        }
        // SAFETY: not the end yet.
        p = unsafe { p.add(1) };
        Some(slot)
    })
}

/// The module's docstring, if there is one.
fn set_doc(py: Python, module: &PyObject, def: &PyModuleDef) -> PyResult<()> {
    if def.m_doc.is_null() {
        return Ok(());
    }
    let doc = PyStr::new(py, c_text(def.m_doc))?;
    module.setattr(py, id!(py, "__doc__"), &doc as &PyObject)
}

/// Adds the functions of a table to a module (`PyModule_AddFunctions`).
///
/// # Errors
/// ValueError for functions that say they are class or static methods.
pub fn add_functions(py: Python, module: &PyObject, name: &PyObject, table: *const PyMethodDef) -> PyResult<()> {
    let mut p = table;
    // SAFETY: the table is static and ends with an entry without name.
    while let Some(def) = unsafe { p.as_ref() }.filter(|d| !d.ml_name.is_null()) {
        if def.ml_flags & (METH_CLASS | METH_STATIC) != 0 {
            return Err(raise!(py, ValueError, "module functions cannot set METH_CLASS or METH_STATIC"));
        }
        let function = PyCFunctionObject::new(py, def, Some(module), Some(name), None)?;
        let key = PyStr::intern(py, c_text(def.ml_name))?;
        module.setattr(py, &key, &function as &PyObject)?;
        // SAFETY: not the end yet.
        p = unsafe { p.add(1) };
    }
    Ok(())
}

/// The first phase: makes the module (`PyModule_FromDefAndSpec`).
///
/// # Errors
/// SystemError if the definition contradicts itself; what its create function raises.
pub fn from_def_and_spec(py: Python, def: &'static PyModuleDef, spec: &PyObject) -> PyResult {
    let name = spec.getattr(py, id!(py, "name"))?;
    let shown = match name.downcast::<PyStr>() {
        Some(n) => n.to_string_lossy().into_owned(),
        None => return Err(raise!(py, TypeError, "module name must be a string")),
    };
    if def.m_size < 0 {
        return Err(raise!(
            py,
            SystemError,
            "module {shown}: m_size may not be negative for multi-phase initialization"
        ));
    }
    let mut create = None;
    let mut has_execution = false;
    for slot in slots(def) {
        match slot.slot {
            PY_MOD_CREATE => {
                if create.is_some() {
                    return Err(raise!(py, SystemError, "module {shown} has multiple create slots"));
                }
                create = Some(slot.value);
            }
            PY_MOD_EXEC => has_execution = true,
            PY_MOD_MULTIPLE_INTERPRETERS | PY_MOD_GIL => {}
            other => return Err(raise!(py, SystemError, "module {shown} uses unknown slot ID {other}")),
        }
    }
    let module = match create {
        Some(f) => {
            // SAFETY: the slot holds a create function.
            let f: CreateFunction = unsafe { core::mem::transmute::<*mut c_void, CreateFunction>(f) };
            // SAFETY: called as declared.
            let made = unsafe { Py::from_owned_nullable(f(spec.as_ptr(), def)) };
            match made {
                Some(m) if err::occurred(py) => {
                    drop(m);
                    return Err(err::raise_from_cause(
                        py,
                        crate::exceptions::SystemError(),
                        &format!("creation of module {shown} raised unreported exception"),
                    ));
                }
                Some(m) => m,
                None if err::occurred(py) => return Err(crate::Raised::assume()),
                None => {
                    return Err(raise!(
                        py,
                        SystemError,
                        "creation of module {shown} failed without setting an exception"
                    ));
                }
            }
        }
        None => PyModule::new_object(py, &name)?.into_object(),
    };
    match module.downcast::<PyModule>() {
        Some(m) => {
            m.md_state.set(null_mut());
            m.md_def.set(def);
        }
        None => {
            if def.m_size > 0
                || def.m_traverse.get().is_some()
                || def.m_clear.get().is_some()
                || def.m_free.get().is_some()
            {
                return Err(raise!(
                    py,
                    SystemError,
                    "module {shown} is not a module object, but requests module state"
                ));
            }
            if has_execution {
                return Err(raise!(
                    py,
                    SystemError,
                    "module {shown} specifies execution slots, but did not create a ModuleType instance"
                ));
            }
        }
    }
    if !def.m_methods.is_null() {
        add_functions(py, &module, &name, def.m_methods)?;
    }
    set_doc(py, &module, def)?;
    Ok(module)
}

/// The second phase: makes the state and runs the exec slots (`PyModule_ExecDef`).
pub fn exec_def(py: Python, module: &PyObject, def: &'static PyModuleDef) -> PyResult<()> {
    let Some(m) = module.downcast::<PyModule>() else { return Err(err::bad_internal_call(py)) };
    let name = m.name(py)?;
    let shown = name.to_string_lossy();
    if def.m_size >= 0 && m.md_state.get().is_null() {
        // One byte at least, so that the pointer says that the state was made.
        // SAFETY: plain allocation, zeroed.
        let state = unsafe { libc::calloc(1, (def.m_size as usize).max(1)) };
        if state.is_null() {
            return Err(err::no_memory(py));
        }
        m.md_state.set(state);
    }
    for slot in slots(def).filter(|s| s.slot == PY_MOD_EXEC) {
        // SAFETY: the slot holds an exec function.
        let f: ExecFunction = unsafe { core::mem::transmute::<*mut c_void, ExecFunction>(slot.value) };
        // SAFETY: called as declared.
        let code = unsafe { f(module.as_ptr()) };
        if code != 0 {
            if !err::occurred(py) {
                return Err(raise!(py, SystemError, "execution of module {shown} failed without setting an exception"));
            }
            return Err(crate::Raised::assume());
        }
        if err::occurred(py) {
            return Err(err::raise_from_cause(
                py,
                crate::exceptions::SystemError(),
                &format!("execution of module {shown} raised unreported exception"),
            ));
        }
    }
    Ok(())
}

/// A module made in one phase from a definition without slots (`PyModule_Create`).
pub fn create_single_phase(py: Python, def: &'static PyModuleDef) -> PyResult<Py<PyModule>> {
    if slots(def).next().is_some() {
        return Err(raise!(
            py,
            SystemError,
            "module {}: PyModule_Create is incompatible with m_slots",
            c_text(def.m_name)
        ));
    }
    let module = PyModule::new(py, c_text(def.m_name))?;
    if def.m_size > 0 {
        // SAFETY: plain allocation, zeroed.
        let state = unsafe { libc::calloc(1, def.m_size as usize) };
        if state.is_null() {
            return Err(err::no_memory(py));
        }
        module.md_state.set(state);
    }
    if !def.m_methods.is_null() {
        let name = module.name(py)?;
        add_functions(py, &module, &name, def.m_methods)?;
    }
    set_doc(py, &module, def)?;
    module.md_def.set(def);
    Ok(module)
}
