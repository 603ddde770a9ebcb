//! Audit events (PEP 578).

use core::cell::{Cell, RefCell};
use taipan_object::declare::InterpLocal;
use taipan_object::{Args, Py, PyObject, PyResult, PyStr, PyTuple, Python, err, exceptions, pyfunction};

#[derive(Default)]
struct Hooks {
    /// Whether there are any: what an event costs while nobody listens.
    any: Cell<bool>,
    hooks: RefCell<Vec<Py>>,
}

static HOOKS: InterpLocal<Hooks> = InterpLocal::new();

/// Reports an event to the hooks. What one raises ends the operation that reports.
#[inline]
pub fn audit(py: Python, event: &str, args: &[&PyObject]) -> PyResult<()> {
    let hooks = HOOKS.get(py);
    if !hooks.any.get() {
        return Ok(());
    }
    let args = PyTuple::from_slice(py, args)?;
    report(py, hooks, event, &args)
}

#[cold]
fn report(py: Python, hooks: &Hooks, event: &str, args: &PyTuple) -> PyResult<()> {
    let event = PyStr::intern(py, event)?;
    let list = hooks.hooks.borrow().clone();
    let ts = py.tstate();
    for hook in list {
        // Hooks are not traced, unless they ask for it.
        let traced = match hook.getattr_opt(py, taipan_object::id!(py, "__cantrace__"))? {
            Some(v) => v.is_true(py)?,
            None => false,
        };
        let tracing = ts.tracing.get();
        if !traced {
            ts.tracing.set(tracing + 1);
        }
        let result = hook.call(py, &[&event, args]);
        ts.tracing.set(tracing);
        result?;
    }
    Ok(())
}

/// Passes the event to any audit hooks that are attached.
#[pyfunction("audit")]
#[signature("(event, /, *args)")]
pub fn sys_audit(py: Python, event: &PyStr, args: Args<'_>) -> PyResult<()> {
    let hooks = HOOKS.get(py);
    if !hooks.any.get() {
        return Ok(());
    }
    let args = PyTuple::from_slice(py, args.as_slice())?;
    report(py, hooks, &event.to_string_lossy(), &args)
}

/// Adds a new audit hook callback.
#[pyfunction]
#[signature("(hook)")]
pub fn addaudithook(py: Python, hook: &PyObject) -> PyResult<()> {
    // Those that are there may keep a new one out without a word.
    if let Err(raised) = audit(py, "sys.addaudithook", &[]) {
        if err::matches(py, exceptions::RuntimeError()) {
            err::clear(py);
            return Ok(());
        }
        return Err(raised);
    }
    let hooks = HOOKS.get(py);
    hooks.hooks.borrow_mut().push(Py::new_ref(hook));
    hooks.any.set(true);
    Ok(())
}
