//! `sys.monitoring` (PEP 669): tools and their names. Events are not reported yet, so that none can be switched on.

use core::cell::RefCell;
use taipan_object::declare::InterpLocal;
use taipan_object::types::namespace::PyNamespace;
use taipan_object::{
    Py, PyCode, PyDict, PyLong, PyModule, PyObject, PyResult, PyStr, Python, pyfunction, pymodule, raise,
};

const TOOLS: usize = 6;

/// Names of the events and their bits, in order.
const EVENTS: [(&str, i64); 20] = [
    ("PY_START", 1),
    ("PY_RESUME", 1 << 1),
    ("PY_RETURN", 1 << 2),
    ("PY_YIELD", 1 << 3),
    ("CALL", 1 << 4),
    ("LINE", 1 << 5),
    ("INSTRUCTION", 1 << 6),
    ("JUMP", 1 << 7),
    ("BRANCH_LEFT", 1 << 8),
    ("BRANCH_RIGHT", 1 << 9),
    ("STOP_ITERATION", 1 << 10),
    ("RAISE", 1 << 11),
    ("EXCEPTION_HANDLED", 1 << 12),
    ("PY_UNWIND", 1 << 13),
    ("PY_THROW", 1 << 14),
    ("RERAISE", 1 << 15),
    ("C_RETURN", 1 << 16),
    ("C_RAISE", 1 << 17),
    ("BRANCH", 1 << 18),
    ("NO_EVENTS", 0),
];
const ALL_EVENTS: i64 = (1 << 19) - 1;

#[derive(Default)]
struct State {
    names: RefCell<[Option<Py>; TOOLS]>,
    callbacks: RefCell<Vec<(usize, i64, Py)>>,
}

static STATE: InterpLocal<State> = InterpLocal::new();

pymodule! {
    name: "sys.monitoring",
    doc: "",
    functions: [
        use_tool_id,
        clear_tool_id,
        free_tool_id,
        get_tool,
        register_callback,
        get_events,
        set_events,
        get_local_events,
        set_local_events,
        restart_events,
        _all_events,
    ],
    classes: [],
    exec: exec,
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    let object = |_: &str| taipan_object::types::object_::PyBaseObject_Type.as_packed().call0(py);
    module.add(py, "DISABLE", object("DISABLE")?)?;
    module.add(py, "MISSING", object("MISSING")?)?;
    let dict = PyDict::new(py)?;
    for (name, bit) in EVENTS {
        dict.set(py, &*PyStr::intern(py, name)?, PyLong::from_i64(py, bit)?.as_object())?;
    }
    module.add(py, "events", PyNamespace::new(py, Some(&dict))?.into_object())?;
    for (name, id) in [("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)] {
        module.add(py, name, PyLong::from_i64(py, id)?.into_object())?;
    }
    module.dict().set(py, taipan_object::id!(py, "__doc__"), taipan_object::singletons::none())
}

/// Makes the module.
pub fn create(py: Python) -> PyResult<Py<PyModule>> {
    let module = crate::import::create_native(py, &MODULE)?;
    MODULE.execute(py, &module)?;
    Ok(module)
}

fn tool(py: Python, id: i32) -> PyResult<usize> {
    match usize::try_from(id) {
        Ok(i) if i < TOOLS => Ok(i),
        _ => Err(raise!(py, ValueError, "invalid tool {id} (must be between 0 and 5)")),
    }
}

fn tool_in_use(py: Python, id: i32) -> PyResult<usize> {
    let i = tool(py, id)?;
    if STATE.get(py).names.borrow()[i].is_none() {
        return Err(raise!(py, ValueError, "tool {id} is not in use"));
    }
    Ok(i)
}

#[pyfunction]
#[signature("(tool_id, name, /)")]
fn use_tool_id(py: Python, tool_id: i32, name: &PyObject) -> PyResult<()> {
    let i = tool(py, tool_id)?;
    if name.downcast::<PyStr>().is_none() {
        return Err(raise!(py, ValueError, "tool name must be a str"));
    }
    let mut names = STATE.get(py).names.borrow_mut();
    if names[i].is_some() {
        return Err(raise!(py, ValueError, "tool {tool_id} is already in use"));
    }
    names[i] = Some(Py::new_ref(name));
    Ok(())
}

/// Forgets a tool's callbacks.
fn clear(py: Python, i: usize) {
    let state = STATE.get(py);
    let all = state.callbacks.take();
    let (gone, kept): (Vec<_>, Vec<_>) = all.into_iter().partition(|(t, _, _)| *t == i);
    state.callbacks.replace(kept);
    drop(gone);
}

#[pyfunction]
#[signature("(tool_id, /)")]
fn clear_tool_id(py: Python, tool_id: i32) -> PyResult<()> {
    let i = tool(py, tool_id)?;
    clear(py, i);
    Ok(())
}

#[pyfunction]
#[signature("(tool_id, /)")]
fn free_tool_id(py: Python, tool_id: i32) -> PyResult<()> {
    let i = tool(py, tool_id)?;
    clear(py, i);
    let name = STATE.get(py).names.borrow_mut()[i].take();
    drop(name);
    Ok(())
}

/// Return the name of the tool registered under the given id, or None.
#[pyfunction]
#[signature("(tool_id, /)")]
fn get_tool(py: Python, tool_id: i32) -> PyResult {
    let i = tool(py, tool_id)?;
    let name = STATE.get(py).names.borrow()[i].clone();
    Ok(name.unwrap_or_else(|| py.none()))
}

/// Register a callback function for the given tool and event; the one before is returned.
#[pyfunction]
#[signature("(tool_id, event, func, /)")]
fn register_callback(py: Python, tool_id: i32, event: i64, func: &PyObject) -> PyResult {
    let i = tool(py, tool_id)?;
    if event.count_ones() != 1 {
        return Err(raise!(py, ValueError, "The callback can only be set for one event at a time"));
    }
    if event & !ALL_EVENTS != 0 {
        return Err(raise!(py, ValueError, "invalid event {event}"));
    }
    let mut callbacks = STATE.get(py).callbacks.borrow_mut();
    let old = callbacks.iter().position(|(t, e, _)| *t == i && *e == event).map(|at| callbacks.swap_remove(at).2);
    if !func.is_none() {
        callbacks.push((i, event, Py::new_ref(func)));
    }
    drop(callbacks);
    Ok(old.unwrap_or_else(|| py.none()))
}

#[pyfunction]
#[signature("(tool_id, /)")]
fn get_events(py: Python, tool_id: i32) -> PyResult<i64> {
    tool_in_use(py, tool_id)?;
    Ok(0)
}

/// Refuses events: there is nothing yet that would report them.
fn check_events(py: Python, events: i64) -> PyResult<()> {
    if !(0..=ALL_EVENTS).contains(&events) {
        return Err(raise!(py, ValueError, "invalid event set 0x{events:x}"));
    }
    if events != 0 {
        return Err(raise!(py, NotImplementedError, "sys.monitoring: events of running code are not reported yet"));
    }
    Ok(())
}

#[pyfunction]
#[signature("(tool_id, event_set, /)")]
fn set_events(py: Python, tool_id: i32, event_set: i64) -> PyResult<()> {
    tool_in_use_or_zero(py, tool_id, event_set)
}

fn tool_in_use_or_zero(py: Python, tool_id: i32, events: i64) -> PyResult<()> {
    tool(py, tool_id)?;
    if !(0..=ALL_EVENTS).contains(&events) {
        return check_events(py, events);
    }
    tool_in_use(py, tool_id)?;
    check_events(py, events)
}

fn code(py: Python, code: &PyObject) -> PyResult<()> {
    match code.downcast_exact::<PyCode>() {
        Some(_) => Ok(()),
        None => Err(raise!(py, TypeError, "code must be a code object")),
    }
}

#[pyfunction]
#[signature("(tool_id, code, /)")]
fn get_local_events(py: Python, tool_id: i32, code: &PyObject) -> PyResult<i64> {
    self::code(py, code)?;
    tool_in_use(py, tool_id)?;
    Ok(0)
}

#[pyfunction]
#[signature("(tool_id, code, event_set, /)")]
fn set_local_events(py: Python, tool_id: i32, code: &PyObject, event_set: i64) -> PyResult<()> {
    self::code(py, code)?;
    tool_in_use_or_zero(py, tool_id, event_set)
}

#[pyfunction]
#[signature("()")]
fn restart_events(_py: Python) {}

#[pyfunction]
#[signature("()")]
fn _all_events(py: Python) -> PyResult<Py<PyDict>> {
    PyDict::new(py)
}
