//! `frame.f_locals` (PEP 667): for functions a proxy that reads and writes the frame's variables themselves. Names that the
//! code does not know go to a dict of the frame object's own.

use super::{InterpreterFrame, PyFrame, PyFrame_Type, StackRef};
use crate::abstracts::mapping;
use crate::abstracts::sequence::ReprGuard;
use crate::types::cell::PyCell;
use crate::{
    Args, CompareOp, Py, PyClass, PyDict, PyList, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, err,
    pyclass, raise, singletons,
};
use taipan_bytecode::code::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN};

const CO_OPTIMIZED: i32 = 0x1;

/// `f_locals`: the namespace itself of a module or class body, a proxy for a function (and for such a body while it runs an
/// inlined comprehension) (`_PyFrame_GetLocals`).
pub fn of_frame(py: Python, f: &PyFrame) -> PyResult {
    let frame = f.frame();
    if frame.code().co_flags.get() & CO_OPTIMIZED != 0 || has_hidden_locals(frame) {
        return new_proxy(py, f);
    }
    if frame.f_locals.get().is_null() {
        frame.f_locals.set(PyDict::new(py)?.into_raw_object());
    }
    // SAFETY: just seen to be there; the frame owns it.
    Ok(unsafe { Py::from_borrowed(frame.f_locals.get()) })
}

/// What `locals()` gives for a frame: as [`of_frame`], a snapshot in the place of a proxy (`_PyEval_GetFrameLocals`).
pub fn snapshot(py: Python, frame: &InterpreterFrame) -> PyResult {
    let f = PyFrame::of(py, frame)?;
    let locals = of_frame(py, &f)?;
    match locals.downcast::<PyFrameLocalsProxy>() {
        Some(proxy) => Ok(proxy.to_dict(py)?.into_object()),
        None => Ok(locals),
    }
}

/// `FrameLocalsProxy`.
#[derive(Trace)]
#[repr(C)]
pub struct PyFrameLocalsProxy {
    pub ob_base: PyObject,
    frame: Slot<PyFrame>,
}

fn new_proxy(py: Python, f: &PyFrame) -> PyResult {
    let frame = Py::new_ref(f);
    let proxy =
        PyFrameLocalsProxy::alloc_exact(py, |head| PyFrameLocalsProxy { ob_base: head, frame: Slot::some(frame) })?;
    Ok(proxy.into_object())
}

fn kinds(frame: &InterpreterFrame) -> &[u8] {
    // SAFETY: a code object never replaces its kinds, and the frame keeps the code.
    unsafe { frame.code().co_localspluskinds.borrow() }.map_or(&[], |k| k.as_slice())
}

fn names(frame: &InterpreterFrame) -> &[Py] {
    // SAFETY: a code object never replaces its names, and the frame keeps the code.
    unsafe { frame.code().co_localsplusnames.borrow() }.map_or(&[], |n| n.as_slice())
}

/// The cell in a slot of that kind, if one has been put there.
fn cell_in(kind: u8, slot: StackRef) -> Option<Py<PyCell>> {
    if kind & (CO_FAST_CELL | CO_FAST_FREE) == 0 || slot.is_null() {
        return None;
    }
    // SAFETY: slots hold live references.
    unsafe { slot.get() }.downcast::<PyCell>().map(Py::new_ref)
}

/// The value of variable `i`; `None` if it has none.
fn value_of(frame: &InterpreterFrame, i: usize) -> Option<Py> {
    let kind = kinds(frame)[i];
    // SAFETY: `i` is the index of a variable, and its slot holds a live reference or null.
    unsafe {
        let slot = *frame.locals_ptr().add(i);
        match cell_in(kind, slot) {
            Some(cell) => cell.get(),
            None if slot.is_null() => None,
            None => Some(Py::new_ref(slot.get())),
        }
    }
}

fn has_hidden_locals(frame: &InterpreterFrame) -> bool {
    kinds(frame).iter().enumerate().any(|(i, k)| k & CO_FAST_HIDDEN != 0 && value_of(frame, i).is_some())
}

/// What a key is to the frame.
enum Variable {
    /// A variable of the code, by its index.
    Fast(usize),
    /// None of them, or one that does not count.
    Other,
}

/// Looks `key` up among the code's variables. To be read, a variable must have a value; to be written, it must not be
/// hidden.
fn find(py: Python, frame: &InterpreterFrame, key: &PyObject, read: bool) -> PyResult<Variable> {
    let hash = key.hash(py)?;
    let counts = |i: usize| if read { value_of(frame, i).is_some() } else { kinds(frame)[i] & CO_FAST_HIDDEN == 0 };
    let mut found = false;
    for (i, name) in names(frame).iter().enumerate() {
        if name.is(key) {
            if counts(i) {
                return Ok(Variable::Fast(i));
            }
            found = true;
        }
    }
    if found {
        return Ok(Variable::Other);
    }
    // Not the interned string: compare, which may run Python code.
    for i in 0..names(frame).len() {
        let name = names(frame)[i].clone();
        if name.hash(py)? == hash && name.rich_compare_bool(py, key, CompareOp::Eq)? && counts(i) {
            return Ok(Variable::Fast(i));
        }
    }
    Ok(Variable::Other)
}

fn one_or_two(py: Python, method: &str, args: &Args<'_>) -> PyResult<()> {
    if (1..=2).contains(&args.len()) {
        return Ok(());
    }
    Err(raise!(py, TypeError, "{method} expected 1 or 2 arguments"))
}

const NOT_REMOVED: &str = "cannot remove local variables from FrameLocalsProxy";

impl PyFrameLocalsProxy {
    fn frame(&self, py: Python) -> PyResult<Py<PyFrame>> {
        // Empty only while the collector takes a cycle apart.
        self.frame.get().ok_or_else(|| err::bad_internal_call(py))
    }

    fn lookup(&self, py: Python, key: &PyObject) -> PyResult<Option<Py>> {
        let f = self.frame(py)?;
        if let Variable::Fast(i) = find(py, f.frame(), key, true)?
            && let Some(value) = value_of(f.frame(), i)
        {
            return Ok(Some(value));
        }
        match f.f_extra_locals.get() {
            Some(extra) => extra.get(py, key),
            None => Ok(None),
        }
    }

    fn store(&self, py: Python, key: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
        let f = self.frame(py)?;
        if let Variable::Fast(i) = find(py, f.frame(), key, false)? {
            let Some(value) = value else { return Err(raise!(py, ValueError, "{NOT_REMOVED}")) };
            return store_fast(py, &f, i, value);
        }
        let extra = match f.f_extra_locals.get() {
            Some(extra) => extra,
            None if value.is_none() => return Err(err::key_error(py, key)),
            None => {
                let extra = PyDict::new(py)?;
                f.f_extra_locals.set(Some(extra.clone()));
                extra
            }
        };
        match value {
            Some(value) => extra.set(py, key, value),
            None => extra.del(py, key),
        }
    }

    /// Names and values of all variables that have one, then the extra ones.
    fn for_each(&self, py: Python, mut f: impl FnMut(Py, Py) -> PyResult<()>) -> PyResult<()> {
        let object = self.frame(py)?;
        for i in 0..names(object.frame()).len() {
            if let Some(value) = value_of(object.frame(), i) {
                f(names(object.frame())[i].clone(), value)?;
            }
        }
        if let Some(extra) = object.f_extra_locals.get() {
            let mut pos = 0;
            while let Some((key, value)) = extra.next(&mut pos) {
                f(key, value)?;
            }
        }
        Ok(())
    }

    fn to_dict(&self, py: Python) -> PyResult<Py<PyDict>> {
        let dict = PyDict::new(py)?;
        self.for_each(py, |key, value| dict.set(py, &key, &value))?;
        Ok(dict)
    }

    fn list(&self, py: Python, item: impl Fn(Py, Py) -> PyResult) -> PyResult<Py<PyList>> {
        let list = PyList::new(py)?;
        self.for_each(py, |key, value| {
            let item = item(key, value)?;
            list.append(py, &item)
        })?;
        Ok(list)
    }

    /// Takes over the items of a dict or another proxy; false for anything else.
    fn merge(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        if !is_dict_or_proxy(other) {
            return Ok(false);
        }
        let keys = mapping::keys(py, other)?;
        keys.iterate(py, |key| {
            let value = other.get_item(py, &key)?;
            self.store(py, &key, Some(&value))
        })?;
        Ok(true)
    }
}

fn is_dict_or_proxy(obj: &PyObject) -> bool {
    obj.downcast::<PyDict>().is_some() || obj.downcast::<PyFrameLocalsProxy>().is_some()
}

/// Sets variable `i`. The value that is replaced may be borrowed by the frame's stack: the frame object keeps it.
fn store_fast(py: Python, f: &PyFrame, i: usize, value: &PyObject) -> PyResult<()> {
    let frame = f.frame();
    // SAFETY: `i` is the index of a variable, whose slot holds a live reference or null.
    unsafe {
        let slot = frame.locals_ptr().add(i);
        let old = *slot;
        if let Some(cell) = cell_in(kinds(frame)[i], old) {
            cell.set(Some(Py::new_ref(value)));
            return Ok(());
        }
        if !old.is_null() {
            if old.get().is(value) {
                return Ok(());
            }
            if !old.get().is_immortal() {
                let kept = match f.f_overwritten_fast_locals.get() {
                    Some(list) => list,
                    None => {
                        let list = PyList::new(py)?.into_object();
                        f.f_overwritten_fast_locals.set(Some(list.clone()));
                        list
                    }
                };
                if let Some(list) = kept.downcast::<PyList>() {
                    list.append(py, old.get())?;
                }
            }
        }
        *slot = StackRef::new_ref(value);
        old.xclose();
    }
    Ok(())
}

#[pyclass(
    name = "FrameLocalsProxy",
    static_name = PyFrameLocalsProxy_Type,
    flags(GC, MAPPING),
    unhashable,
)]
impl PyFrameLocalsProxy {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyFrameLocalsProxy>> {
        if args.len() != 1 {
            return Err(raise!(py, TypeError, "FrameLocalsProxy expected 1 argument, got {}", args.len()));
        }
        let arg = args.get(0);
        if !arg.is_type(&PyFrame_Type) {
            return Err(raise!(py, TypeError, "expect frame, not {}", arg.ty().full_name()));
        }
        if kwargs.is_some_and(|k| k.len() > 0) {
            return Err(raise!(py, TypeError, "FrameLocalsProxy takes no keyword arguments"));
        }
        // SAFETY: just checked.
        let frame: Py<PyFrame> = unsafe { Py::new_ref(arg).cast_unchecked() };
        PyFrameLocalsProxy::alloc(py, cls, |head| PyFrameLocalsProxy { ob_base: head, frame: Slot::some(frame) })
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        match ReprGuard::enter(py, self) {
            Some(_guard) => self.to_dict(py)?.repr(py),
            None => PyStr::new(py, "{...}"),
        }
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        if let Some(other) = other.downcast::<PyFrameLocalsProxy>() {
            let same = core::ptr::eq(self.frame.as_raw(), other.frame.as_raw());
            return Ok(match op {
                CompareOp::Eq => py.bool(same),
                CompareOp::Ne => py.bool(!same),
                _ => py.not_implemented(),
            });
        }
        if other.downcast::<PyDict>().is_some() {
            return self.to_dict(py)?.rich_compare(py, other, op);
        }
        Ok(py.not_implemented())
    }

    fn tp_iter(&self, py: Python) -> PyResult {
        self.keys(py)?.iter(py)
    }

    fn nb_or(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        if !is_dict_or_proxy(a) || !is_dict_or_proxy(b) {
            return Ok(py.not_implemented());
        }
        let result = PyDict::new(py)?;
        result.update(py, a)?;
        result.update(py, b)?;
        Ok(result.into_object())
    }

    fn nb_inplace_or(&self, py: Python, other: &PyObject) -> PyResult {
        if !self.merge(py, other)? {
            return Ok(py.not_implemented());
        }
        Ok(Py::new_ref(self as &PyObject))
    }

    fn mp_length(&self, py: Python) -> PyResult<isize> {
        let mut n = 0;
        self.for_each(py, |_, _| {
            n += 1;
            Ok(())
        })?;
        Ok(n)
    }

    fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult {
        self.__getitem__(py, key)
    }

    fn mp_ass_subscript(&self, py: Python, key: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
        self.store(py, key, value)
    }

    fn sq_contains(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        Ok(self.lookup(py, key)?.is_some())
    }

    #[method(coexist)]
    #[signature("($self, object, /)")]
    fn __contains__(&self, py: Python, key: &PyObject) -> PyResult<bool> {
        Ok(self.lookup(py, key)?.is_some())
    }

    #[method(coexist)]
    #[signature("($self, object, /)")]
    fn __getitem__(&self, py: Python, key: &PyObject) -> PyResult {
        match self.lookup(py, key)? {
            Some(value) => Ok(value),
            None => {
                let key = key.repr(py)?;
                Err(raise!(py, KeyError, "local variable '{}' is not defined", key.to_string_lossy()))
            }
        }
    }

    #[method]
    #[signature("($self, object, /)")]
    fn update(&self, py: Python, other: &PyObject) -> PyResult<()> {
        if matches!(self.merge(py, other), Ok(true)) {
            return Ok(());
        }
        Err(raise!(py, TypeError, "update() argument must be dict or another FrameLocalsProxy"))
    }

    #[method]
    fn __reversed__(&self, py: Python) -> PyResult {
        let keys = self.keys(py)?;
        keys.reverse();
        keys.iter(py)
    }

    #[method]
    fn copy(&self, py: Python) -> PyResult<Py<PyDict>> {
        self.to_dict(py)
    }

    #[method]
    fn keys(&self, py: Python) -> PyResult<Py<PyList>> {
        self.list(py, |key, _| Ok(key))
    }

    #[method]
    fn values(&self, py: Python) -> PyResult<Py<PyList>> {
        self.list(py, |_, value| Ok(value))
    }

    #[method]
    fn items(&self, py: Python) -> PyResult<Py<PyList>> {
        self.list(py, |key, value| Ok(PyTuple::from_array(py, [key, value])?.into_object()))
    }

    #[method]
    #[signature("($self, /, *args)", hidden)]
    fn get(&self, py: Python, args: Args<'_>) -> PyResult {
        one_or_two(py, "get", &args)?;
        match self.lookup(py, args[0])? {
            Some(value) => Ok(value),
            None => Ok(Py::new_ref(args.get(1).copied().unwrap_or(singletons::none()))),
        }
    }

    #[method]
    #[signature("($self, /, *args)", hidden)]
    fn pop(&self, py: Python, args: Args<'_>) -> PyResult {
        one_or_two(py, "pop", &args)?;
        let key = args[0];
        let f = self.frame(py)?;
        if let Variable::Fast(_) = find(py, f.frame(), key, false)? {
            return Err(raise!(py, ValueError, "{NOT_REMOVED}"));
        }
        let popped = match f.f_extra_locals.get() {
            Some(extra) => extra.pop(py, key)?,
            None => None,
        };
        match (popped, args.get(1)) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(Py::new_ref(*default)),
            (None, None) => Err(err::key_error(py, key)),
        }
    }

    #[method]
    #[signature("($self, /, *args)", hidden)]
    fn setdefault(&self, py: Python, args: Args<'_>) -> PyResult {
        one_or_two(py, "setdefault", &args)?;
        if let Some(value) = self.lookup(py, args[0])? {
            return Ok(value);
        }
        let default = args.get(1).copied().unwrap_or(singletons::none());
        self.store(py, args[0], Some(default))?;
        Ok(Py::new_ref(default))
    }
}
