//! The module `_warnings`: warnings are filtered, remembered and shown. The module `warnings`, once loaded, holds the
//! filters and does the showing; its attributes are looked at each time.

mod context;
mod lock;

use context::{Place, place};
use core::cell::Cell;
use lock::Lock;
use taipan_object::declare::InterpLocal;
use taipan_object::types::str_::PyUnicode_Type;
use taipan_object::{
    Py, PyDict, PyList, PyLong, PyModule, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, err, exceptions,
    id, pack, pyfunction, pymodule, raise, singletons,
};

#[derive(Default)]
struct State {
    filters: Slot,
    once_registry: Slot,
    default_action: Slot,
    /// The context variable with `catch_warnings`' own filters, where there are context variables.
    context: Slot,
    version: Cell<i64>,
    lock: Lock,
}

static STATE: InterpLocal<State> = InterpLocal::new();

pymodule! {
    name: "_warnings",
    doc: "_warnings provides basic warning filtering support.\nIt is a helper module to speed up interpreter start-up.",
    functions: [warn, warn_explicit, _filters_mutated_lock_held, _acquire_lock, _release_lock],
    classes: [],
    exec: exec,
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    let state = state(py)?;
    for (name, slot) in [
        ("filters", &state.filters),
        ("_onceregistry", &state.once_registry),
        ("_defaultaction", &state.default_action),
    ] {
        module.add(py, name, slot.get().unwrap_or_else(|| py.none()))?;
    }
    add_context(py, module)
}

/// `_warnings_context`, as soon as there are context variables.
fn add_context(py: Python, module: &PyModule) -> PyResult<()> {
    let state = state(py)?;
    if state.context.is_none() {
        state.context.set(context_variable(py)?);
    }
    match state.context.get() {
        Some(var) => module.add(py, "_warnings_context", var),
        None => Ok(()),
    }
}

/// To be called when the import system works: this module is there before it, and before context variables.
pub fn complete(py: Python) -> PyResult<()> {
    match crate::import::find_loaded(py, id!(py, "_warnings"))? {
        Some(m) => m.downcast::<PyModule>().map_or(Ok(()), |m| add_context(py, m)),
        None => Ok(()),
    }
}

/// Makes the module.
pub fn create(py: Python) -> PyResult<Py<PyModule>> {
    let module = crate::import::create_native(py, &MODULE)?;
    MODULE.execute(py, &module)?;
    Ok(module)
}

fn context_variable(py: Python) -> PyResult<Option<Py>> {
    let module = match crate::import::import_module(py, id!(py, "_contextvars")) {
        Ok(m) => m,
        Err(raised) => {
            if !err::matches(py, exceptions::ImportError()) {
                return Err(raised);
            }
            err::clear(py);
            return Ok(None);
        }
    };
    let class = module.getattr(py, id!(py, "ContextVar"))?;
    Ok(Some(class.call1(py, id!(py, "_warnings_context"))?))
}

/// The interpreter's state, made at first use.
fn state<'py>(py: Python<'py>) -> PyResult<&'py State> {
    let state = STATE.get(py);
    if state.filters.is_none() {
        let filters = PyList::new(py)?;
        let add = |category: &PyType, action: &str, module: &PyObject| -> PyResult<()> {
            let action = PyStr::intern(py, action)?;
            let zero = PyLong::from_i64(py, 0)?;
            let none = singletons::none();
            filters.push_owned(py, pack!(py, action, none, category, module, zero)?.into_object())
        };
        add(exceptions::DeprecationWarning(), "default", id!(py, "__main__"))?;
        for category in [
            exceptions::DeprecationWarning(),
            exceptions::PendingDeprecationWarning(),
            exceptions::ImportWarning(),
            exceptions::ResourceWarning(),
        ] {
            add(category, "ignore", singletons::none())?;
        }
        state.once_registry.set(Some(PyDict::new(py)?.into_object()));
        state.default_action.set(Some(PyStr::intern(py, "default")?.into_object()));
        state.filters.set(Some(filters.into_object()));
    }
    Ok(state)
}

/// An attribute of the module `warnings`, if that is loaded (or can be, when `import` says to try).
fn module_attr(py: Python, name: &PyStr, import: bool) -> PyResult<Option<Py>> {
    let key = id!(py, "warnings");
    let module = if import && !py.interp().finalizing.get() {
        match crate::import::import_module(py, key) {
            Ok(m) => m,
            Err(raised) => {
                if err::matches(py, exceptions::ImportError()) {
                    err::clear(py);
                    return Ok(None);
                }
                return Err(raised);
            }
        }
    } else {
        match crate::import::find_loaded(py, key)? {
            Some(m) => m,
            None => return Ok(None),
        }
    };
    module.getattr_opt(py, name)
}

/// What a filter says about a text: None fits all, a str only itself, anything else is asked (`match`).
fn fits(py: Python, pattern: &PyObject, text: &PyObject) -> PyResult<bool> {
    if pattern.is_none() {
        return Ok(true);
    }
    if pattern.is_type(&PyUnicode_Type) {
        return pattern.eq(py, text);
    }
    pattern.call_method1(py, id!(py, "match"), text)?.is_true(py)
}

/// The warning that is being dealt with.
struct Warning<'a> {
    category: Py,
    /// What the filters match and the registry keeps.
    text: Py,
    message: Py,
    filename: &'a PyObject,
    lineno: i64,
    module: Py,
}

/// The action of the first filter in the list that fits, and the filter.
fn search(py: Python, filters: &PyObject, name: &str, w: &Warning<'_>) -> PyResult<Option<(Py<PyStr>, Py)>> {
    let Some(list) = filters.downcast::<PyList>() else {
        return Err(raise!(py, ValueError, "{name} must be a list"));
    };
    let mut i = 0;
    while let Some(item) = list.get(i) {
        let parts = item.downcast::<PyTuple>().map(PyTuple::as_slice);
        let Some([action, message, category, module, lineno]) = parts else {
            return Err(raise!(py, ValueError, "{name} item {i} isn't a 5-tuple"));
        };
        let Some(action) = action.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "action must be a string, not '{}'", action.ty().full_name()));
        };
        let good =
            fits(py, message, &w.text)? && fits(py, module, &w.module)? && w.category.is_subclass(py, category)?;
        let line = taipan_object::abstracts::number::as_ssize(py, lineno, Some(exceptions::OverflowError()))? as i64;
        if good && (line == 0 || line == w.lineno) {
            return Ok(Some((Py::new_ref(action), item.clone())));
        }
        i += 1;
    }
    Ok(None)
}

/// The action for a warning: by the context's filters if there are any, else by the module's; else the default.
fn action_for(py: Python, w: &Warning<'_>) -> PyResult<(Py<PyStr>, Py)> {
    let state = state(py)?;
    let context = match state.context.get() {
        Some(var) => var.call_method1(py, id!(py, "get"), singletons::none())?,
        None => py.none(),
    };
    let found = if context.is_none() {
        if let Some(filters) = module_attr(py, id!(py, "filters"), false)? {
            state.filters.set(Some(filters));
        }
        let filters = state.filters.get().unwrap_or_else(|| py.none());
        search(py, &filters, "warnings.filters", w)?
    } else {
        let filters = context.getattr(py, id!(py, "_filters"))?;
        search(py, &filters, "warnings _filters", w)?
    };
    if let Some(found) = found {
        return Ok(found);
    }
    if let Some(action) = module_attr(py, id!(py, "defaultaction"), false)? {
        if action.downcast::<PyStr>().is_none() {
            return Err(raise!(
                py,
                TypeError,
                "warnings.defaultaction must be a string, not '{}'",
                action.ty().full_name()
            ));
        }
        state.default_action.set(Some(action));
    }
    match state.default_action.get().map(|a| a.downcast_into::<PyStr>()) {
        Some(Ok(action)) => Ok((action, py.none())),
        _ => Err(err::bad_internal_call(py)),
    }
}

/// True if the registry knows the key; a registry from before the filters were changed is emptied first.
fn already_warned(py: Python, registry: &PyDict, key: &PyObject, set: bool) -> PyResult<bool> {
    let state = state(py)?;
    let version = id!(py, "version");
    let known = registry.get_str(py, version)?;
    let current = known.as_ref().and_then(|v| v.downcast_exact::<PyLong>()).and_then(PyLong::try_i64);
    if current != Some(state.version.get()) {
        registry.clear(py);
        registry.set(py, version, PyLong::from_i64(py, state.version.get())?.as_object())?;
    } else if let Some(warned) = registry.get(py, key)? {
        if warned.is_true(py)? {
            return Ok(true);
        }
    }
    if set {
        registry.set(py, key, singletons::true_())?;
    }
    Ok(false)
}

fn once_registry(py: Python) -> PyResult<Py<PyDict>> {
    let state = state(py)?;
    if let Some(registry) = module_attr(py, id!(py, "onceregistry"), false)? {
        if registry.downcast::<PyDict>().is_none() {
            return Err(raise!(
                py,
                TypeError,
                "_warnings.onceregistry must be a dict, not '{}'",
                registry.ty().full_name()
            ));
        }
        state.once_registry.set(Some(registry));
    }
    match state.once_registry.get().map(|r| r.downcast_into::<PyDict>()) {
        Some(Ok(registry)) => Ok(registry),
        _ => Err(err::bad_internal_call(py)),
    }
}

/// `filename` without ".py".
fn module_of(py: Python, filename: &PyObject) -> PyResult {
    let Some(name) = filename.downcast::<PyStr>() else { return Ok(Py::new_ref(filename)) };
    if name.len() == 0 {
        return Ok(PyStr::new(py, "<unknown>")?.into_object());
    }
    if name.to_string_lossy().ends_with(".py") {
        return Ok(name.substring(py, 0, name.len() - 3)?.into_object());
    }
    Ok(Py::new_ref(filename))
}

/// A warning at a given place, filtered, remembered and shown.
#[allow(clippy::too_many_arguments)]
fn issue(
    py: Python,
    category: &PyObject,
    message: &PyObject,
    filename: &PyObject,
    lineno: i64,
    module: Option<&PyObject>,
    registry: Option<&PyObject>,
    source_line: Option<&PyObject>,
    source: Option<&PyObject>,
) -> PyResult<()> {
    // Late in the interpreter's end the module's name is gone already: nothing is left to decide by.
    if module.is_some_and(|m| m.is_none()) {
        return Ok(());
    }
    let registry = match registry.filter(|r| !r.is_none()) {
        None => None,
        Some(r) => match r.downcast::<PyDict>() {
            Some(dict) => Some(dict),
            None => return Err(raise!(py, TypeError, "'registry' must be a dict or None")),
        },
    };
    let module = match module {
        Some(m) => Py::new_ref(m),
        None => module_of(py, filename)?,
    };
    let w = if message.is_instance(py, exceptions::Warning())? {
        let text = message.str(py)?.into_object();
        let category = Py::new_ref(message.ty()).into_object();
        Warning { category, text, message: Py::new_ref(message), filename, lineno, module }
    } else {
        let made = category.call1(py, message)?;
        let (category, text) = (Py::new_ref(category), Py::new_ref(message));
        Warning { category, text, message: made, filename, lineno, module }
    };
    let line = PyLong::from_i64(py, lineno)?;
    let key = pack!(py, w.text, w.category, line)?;
    if let Some(registry) = registry {
        if already_warned(py, registry, &key, false)? {
            return Ok(());
        }
    }
    let (action, item) = action_for(py, &w)?;
    let action = action.to_string_lossy();
    match &*action {
        "error" => {
            return Err(match PyType::from_object(&w.category) {
                Some(category) => err::raise_value(py, category, &w.message),
                None => err::raise_exception(py, w.message),
            });
        }
        "ignore" => return Ok(()),
        "always" | "all" => {}
        other => {
            if let Some(registry) = registry {
                registry.set(py, &key, singletons::true_())?;
            }
            let short = pack!(py, w.text, w.category)?;
            let seen = match other {
                "once" => match registry {
                    Some(registry) => already_warned(py, registry, &short, true)?,
                    None => already_warned(py, &*once_registry(py)?, &short, true)?,
                },
                "module" => match registry {
                    Some(registry) => already_warned(py, registry, &short, true)?,
                    None => false,
                },
                "default" => false,
                _ => {
                    let action = PyStr::new(py, other)?;
                    return Err(raise!(
                        py,
                        RuntimeError,
                        "Unrecognized action ({}) in warnings.filters:\n {}",
                        action.repr(py)?,
                        item.repr(py)?
                    ));
                }
            };
            if seen {
                return Ok(());
            }
        }
    }
    show(py, &w, &line, source_line, source)
}

fn show(
    py: Python,
    w: &Warning<'_>,
    line: &PyLong,
    source_line: Option<&PyObject>,
    source: Option<&PyObject>,
) -> PyResult<()> {
    // Where the source object was made only Python code can find out.
    let Some(show) = module_attr(py, id!(py, "_showwarnmsg"), source.is_some())? else {
        context::show_natively(py, w.filename, w.lineno, &w.text, &w.category, source_line);
        return Ok(());
    };
    if !show.is_callable() {
        return Err(raise!(py, TypeError, "warnings._showwarnmsg() must be set to a callable"));
    }
    let Some(class) = module_attr(py, id!(py, "WarningMessage"), false)? else {
        return Err(raise!(py, RuntimeError, "unable to get warnings.WarningMessage"));
    };
    let none = singletons::none();
    let message = class.call(py, &[&w.message, &w.category, w.filename, line, none, none, source.unwrap_or(none)])?;
    show.call1(py, &message)?;
    Ok(())
}

/// Runs `f` with the lock held.
fn locked<R>(py: Python, f: impl FnOnce() -> PyResult<R>) -> PyResult<R> {
    let state = state(py)?;
    state.lock.acquire(py);
    let result = f();
    // It is held: this cannot fail.
    err::with_saved(py, || {
        if state.lock.release(py).is_err() {
            err::clear(py);
        }
    });
    result
}

/// A warning at the place that `stack_level` says (`PyErr_WarnEx`, `PyErr_ResourceWarning`): what `hooks::warn` does.
pub fn warn_from_native(
    py: Python,
    category: &PyType,
    message: &PyObject,
    stack_level: isize,
    source: Option<&PyObject>,
) -> PyResult<()> {
    warn_at(py, category, message, stack_level, source, &[])
}

fn warn_at(
    py: Python,
    category: &PyObject,
    message: &PyObject,
    stack_level: isize,
    source: Option<&PyObject>,
    skip: &[String],
) -> PyResult<()> {
    let Place { filename, lineno, module, registry } = place(py, stack_level, skip)?;
    locked(py, || issue(py, category, message, &filename, lineno, Some(&module), Some(&registry), None, source))
}

/// A warning at a given place (`PyErr_WarnExplicitObject`): what `hooks::warn_explicit` does.
pub fn warn_explicit_from_native(
    py: Python,
    category: &PyType,
    message: &PyObject,
    filename: &PyObject,
    lineno: i32,
    module: Option<&PyObject>,
    registry: Option<&PyObject>,
) -> PyResult<()> {
    locked(py, || issue(py, category, message, filename, lineno as i64, module, registry, None, None))
}

/// Issue a warning, or maybe ignore it or raise an exception.
///
///   message
///     Text of the warning message.
///   category
///     The Warning category subclass. Defaults to UserWarning.
///   stacklevel
///     How far up the call stack to make this warning appear. A value of 2 for
///     example attributes the warning to the caller of the code calling warn().
///   source
///     If supplied, the destroyed object which emitted a ResourceWarning
///   skip_file_prefixes
///     An optional tuple of module filename prefixes indicating frames to skip
///     during stacklevel computations for stack frame attribution.
#[pyfunction]
#[signature("(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())")]
fn warn(
    py: Python,
    message: &PyObject,
    category: Option<&PyObject>,
    stacklevel: isize,
    source: Option<&PyObject>,
    skip_file_prefixes: Option<&PyTuple>,
) -> PyResult<()> {
    let category = category.filter(|c| !c.is_none());
    let category: &PyObject = if message.is_instance(py, exceptions::Warning())? {
        message.ty()
    } else {
        category.unwrap_or(exceptions::UserWarning())
    };
    let is_warning = PyType::from_object(category).is_some() && category.is_subclass(py, exceptions::Warning())?;
    if !is_warning {
        return Err(raise!(py, TypeError, "category must be a Warning subclass, not '{}'", category.ty().full_name()));
    }
    let mut skip = Vec::new();
    for prefix in skip_file_prefixes.map_or(&[][..], |p| p.as_slice()) {
        match prefix.downcast::<PyStr>() {
            Some(s) => skip.push(s.to_string_lossy().into_owned()),
            None => {
                return Err(raise!(
                    py,
                    TypeError,
                    "Found non-str '{}' in skip_file_prefixes.",
                    prefix.ty().full_name()
                ));
            }
        }
    }
    // Whoever skips files means the caller's.
    let level = if skip.is_empty() { stacklevel } else { stacklevel.max(2) };
    warn_at(py, category, message, level, source.filter(|s| !s.is_none()), &skip)
}

/// Issue a warning, or maybe ignore it or raise an exception.
#[pyfunction]
#[signature(
    "(message, category, filename, lineno, module=<unrepresentable>, registry=None, module_globals=None, source=None)"
)]
#[allow(clippy::too_many_arguments)]
fn warn_explicit(
    py: Python,
    message: &PyObject,
    category: &PyObject,
    filename: &PyStr,
    lineno: i32,
    module: Option<&PyObject>,
    registry: Option<&PyObject>,
    module_globals: Option<&PyObject>,
    source: Option<&PyObject>,
) -> PyResult<()> {
    let line = match module_globals.filter(|g| !g.is_none()) {
        None => None,
        Some(globals) => {
            let Some(globals) = globals.downcast::<PyDict>() else {
                return Err(raise!(py, TypeError, "module_globals must be a dict, not '{}'", globals.ty().full_name()));
            };
            context::source_line(py, globals, lineno)?
        }
    };
    locked(py, || {
        issue(
            py,
            category,
            message,
            filename,
            lineno as i64,
            module,
            registry,
            line.as_deref(),
            source.filter(|s| !s.is_none()),
        )
    })
}

#[pyfunction]
#[signature("()")]
fn _filters_mutated_lock_held(py: Python) -> PyResult<()> {
    let state = state(py)?;
    if !state.lock.is_held(py) {
        return Err(raise!(py, RuntimeError, "warnings lock is not held"));
    }
    state.version.set(state.version.get() + 1);
    Ok(())
}

#[pyfunction]
#[signature("()")]
fn _acquire_lock(py: Python) -> PyResult<()> {
    state(py)?.lock.acquire(py);
    Ok(())
}

#[pyfunction]
#[signature("()")]
fn _release_lock(py: Python) -> PyResult<()> {
    state(py)?.lock.release(py)
}
