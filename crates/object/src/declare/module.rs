//! Native modules, and values that each interpreter has its own of.

use crate::declare::class::ClassDecl;
use crate::header::PyObject;
use crate::runtime::interp::{self, InterpreterState};
use crate::typeobj::{PyMethodDef, PyModuleDef, PyModuleDef_Base, PyModuleDef_Slot};
use crate::types::module::{PyModule, PyModuleDef_Type};
use crate::{Py, PyResult, Python};
use core::cell::Cell;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// `Py_mod_exec`.
const MOD_EXEC: c_int = 2;
/// `Py_mod_multiple_interpreters`, and that each may have its own GIL.
const MOD_MULTIPLE_INTERPRETERS: c_int = 3;
const PER_INTERPRETER_GIL_SUPPORTED: usize = 2;
/// `Py_mod_gil`, and that the module uses it.
const MOD_GIL: c_int = 4;
const GIL_USED: usize = 0;

/// What runs when a module is executed, after its functions and classes are in place.
pub type ExecFn = fn(Python<'_>, &PyModule) -> PyResult<()>;

/// A module declared with `pymodule!`: a multi-phase definition (PEP 489).
pub struct NativeModule {
    def: PyModuleDef,
    name: &'static CStr,
    classes: &'static [fn() -> &'static ClassDecl],
    exec: Option<ExecFn>,
}

// SAFETY: the definition is touched with the GIL held only, the rest is constant.
unsafe impl Sync for NativeModule {}

/// The slots of a declared module.
pub const fn module_slots(execute: unsafe extern "C" fn(*mut PyObject) -> c_int) -> [PyModuleDef_Slot; 4] {
    [
        PyModuleDef_Slot { slot: MOD_EXEC, value: execute as *mut c_void },
        PyModuleDef_Slot {
            slot: MOD_MULTIPLE_INTERPRETERS,
            value: core::ptr::without_provenance_mut(PER_INTERPRETER_GIL_SUPPORTED),
        },
        PyModuleDef_Slot { slot: MOD_GIL, value: core::ptr::without_provenance_mut(GIL_USED) },
        PyModuleDef_Slot { slot: 0, value: null_mut() },
    ]
}

impl NativeModule {
    /// `methods` ends with [`PyMethodDef::END`].
    pub const fn new(
        name: &'static CStr,
        doc: Option<&'static CStr>,
        methods: &'static [PyMethodDef],
        slots: &'static [PyModuleDef_Slot; 4],
        classes: &'static [fn() -> &'static ClassDecl],
        exec: Option<ExecFn>,
    ) -> NativeModule {
        let doc: *const c_char = match doc {
            Some(d) => d.as_ptr(),
            None => null(),
        };
        NativeModule {
            def: PyModuleDef {
                m_base: PyModuleDef_Base {
                    ob_base: PyObject::static_head(&raw const PyModuleDef_Type),
                    m_init: Cell::new(None),
                    m_index: Cell::new(0),
                    m_copy: Cell::new(null_mut()),
                },
                m_name: name.as_ptr(),
                m_doc: doc,
                m_size: 0,
                m_methods: methods.as_ptr(),
                m_slots: slots.as_ptr(),
                m_traverse: Cell::new(None),
                m_clear: Cell::new(None),
                m_free: Cell::new(None),
            },
            name,
            classes,
            exec,
        }
    }

    /// The name it is imported by.
    pub fn name(&self) -> &'static str {
        self.name.to_str().unwrap_or("?")
    }

    /// The definition, as `PyInit_…` would give it.
    pub fn def(&'static self) -> &'static PyModuleDef {
        &self.def
    }

    /// Adds the classes and runs `exec`; the functions are there already.
    pub fn execute(&'static self, py: Python, module: &PyModule) -> PyResult<()> {
        for decl in self.classes {
            let ty = decl().get(py, Some(module))?;
            module.add(py, ty.name(), Py::new_ref(ty).into_object())?;
        }
        match self.exec {
            Some(f) => f(py, module),
            None => Ok(()),
        }
    }
}

/// `Py_mod_exec` of every declared module.
///
/// # Safety
/// `module` is a module made from `declaration`.
pub unsafe fn execute_module(declaration: &'static NativeModule, module: *mut PyObject) -> c_int {
    // SAFETY: called by the import system with the GIL held.
    let py = unsafe { Python::assume() };
    // SAFETY: by contract.
    let module = unsafe { &*(module as *const PyModule) };
    if declaration.execute(py, module).is_ok() { 0 } else { -1 }
}

/// A value of which each interpreter has its own, made at first use; what C modules keep in their module state.
///
/// `static STATE: InterpLocal<State> = InterpLocal::new();` … `STATE.get(py)`. It lives until the interpreter ends, and
/// what it holds is invisible to the cycle collector.
pub struct InterpLocal<T: 'static> {
    /// One more than the number that interpreters know the value by; 0: none yet.
    index: AtomicUsize,
    /// The main interpreter's value, for speed.
    main: AtomicPtr<Held<T>>,
}

/// A value in an interpreter's keeping, which takes itself out of the short cut when it goes.
struct Held<T: 'static> {
    value: T,
    owner: *const AtomicPtr<Held<T>>,
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        let this: *mut Held<T> = self;
        // SAFETY: the owner is a static.
        let main = unsafe { &*self.owner };
        let _ = main.compare_exchange(this, null_mut(), Ordering::AcqRel, Ordering::Relaxed);
    }
}

// SAFETY: each value stays with its interpreter, whose GIL guards it.
unsafe impl<T> Sync for InterpLocal<T> {}

impl<T> InterpLocal<T> {
    pub const fn new() -> InterpLocal<T> {
        InterpLocal { index: AtomicUsize::new(0), main: AtomicPtr::new(null_mut()) }
    }

    fn index(&self) -> usize {
        let i = self.index.load(Ordering::Relaxed);
        if i != 0 {
            return i - 1;
        }
        let new = interp::next_local_index() + 1;
        match self.index.compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => new - 1,
            Err(first) => first - 1,
        }
    }

    /// This interpreter's value, made by `init` if there is none.
    #[inline]
    pub fn get_or_init<'py>(&'static self, py: Python<'py>, init: impl FnOnce() -> T) -> &'py T {
        let interp: *const InterpreterState = py.interp();
        let is_main = core::ptr::eq(interp, interp::main_interpreter());
        if is_main {
            let held = self.main.load(Ordering::Relaxed);
            if !held.is_null() {
                // SAFETY: the pointer is taken out before the value is dropped.
                return unsafe { &(*held).value };
            }
        }
        self.slow(py, is_main, init)
    }

    #[cold]
    fn slow<'py>(&'static self, py: Python<'py>, is_main: bool, init: impl FnOnce() -> T) -> &'py T {
        let owner: *const AtomicPtr<Held<T>> = &self.main;
        let held = py.interp().local::<Held<T>>(self.index(), || Held { value: init(), owner });
        if is_main {
            self.main.store(held as *const Held<T> as *mut Held<T>, Ordering::Relaxed);
        }
        &held.value
    }
}

impl<T: Default> InterpLocal<T> {
    /// This interpreter's value.
    #[inline]
    pub fn get<'py>(&'static self, py: Python<'py>) -> &'py T {
        self.get_or_init(py, T::default)
    }
}

impl<T> Default for InterpLocal<T> {
    fn default() -> Self {
        InterpLocal::new()
    }
}
