//! `BaseExceptionGroup` and `ExceptionGroup` (PEP 654), and what `except*` needs of them.

use super::base::PyBaseException;
use super::{as_base, exception_class, given_exception_matches, is_exception_instance};
use crate::types::generic_alias;
use crate::types::type_::PyType_GenericAlloc;
use crate::{
    Py, PyDict, PyList, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, abstracts, id, pyclass, raise,
};

/// `PyBaseExceptionGroupObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PyBaseExceptionGroup {
    pub ob_base: PyBaseException,
    pub msg: Slot,
    pub excs: Slot,
    pub excs_str: Slot,
}

/// A combination of multiple unrelated exceptions.
#[pyclass(
    name = "BaseExceptionGroup",
    static_name = _PyExc_BaseExceptionGroup,
    base = PyBaseException,
    flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
    members(msg as "message": OBJECT readonly "exception message", excs as "exceptions": OBJECT readonly "nested exceptions"),
)]
impl PyBaseExceptionGroup {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, _kwargs: Option<&PyDict>) -> PyResult {
        if args.len() != 2 {
            return Err(raise!(
                py,
                TypeError,
                "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
                args.len()
            ));
        }
        let (message, given) = (args.get(0), args.get(1));
        if message.downcast::<PyStr>().is_none() {
            return Err(raise!(
                py,
                TypeError,
                "BaseExceptionGroup.__new__() argument 1 must be str, not {}",
                message.ty().name()
            ));
        }
        if !abstracts::sequence::check(given) {
            return Err(raise!(py, TypeError, "second argument (exceptions) must be a sequence"));
        }
        let excs = abstracts::sequence::to_tuple(py, given)?;
        if excs.len() == 0 {
            return Err(raise!(py, ValueError, "second argument (exceptions) must be a non-empty sequence"));
        }
        let mut only_exceptions = true;
        for i in 0..excs.len() {
            let e = excs.get(i);
            if !is_exception_instance(e) {
                return Err(raise!(py, ValueError, "Item {i} of second argument (exceptions) is not an exception"));
            }
            only_exceptions &= e.ty().is_subtype(super::Exception());
        }
        let mut class = cls;
        if cls.is(super::ExceptionGroup()) {
            if !only_exceptions {
                return Err(raise!(py, TypeError, "Cannot nest BaseExceptions in an ExceptionGroup"));
            }
        } else if cls.is(&_PyExc_BaseExceptionGroup) {
            if only_exceptions {
                class = super::ExceptionGroup();
            }
        } else if cls.is_subtype(super::Exception()) && !only_exceptions {
            return Err(raise!(py, TypeError, "Cannot nest BaseExceptions in '{}'", cls.name()));
        }
        // SAFETY: the class's own allocator; zeroed memory is empty slots.
        let exc: Py = unsafe {
            let alloc = class.tp_alloc.get().unwrap_or(PyType_GenericAlloc);
            Py::from_owned_or_raised(alloc(class as *const PyType as *mut PyType, 0))?
        };
        // SAFETY: a group's layout.
        let this = unsafe { &*(exc.as_raw() as *const PyBaseExceptionGroup) };
        this.ob_base.args.set(Some(Py::new_ref(args)));
        this.msg.set(Some(Py::new_ref(message)));
        this.excs.set(Some(excs.into_object()));
        Ok(exc)
    }

    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        if kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "{}() takes no keyword arguments", self.ty().name()));
        }
        let _ = args;
        Ok(())
    }

    fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
        let n = self.excs.get().map_or(0, |e| e.downcast::<PyTuple>().map_or(0, PyTuple::len));
        let msg = match self.msg.get() {
            Some(m) => m.str(py)?,
            None => PyStr::empty(py),
        };
        PyStr::new(py, &format!("{msg} ({n} sub-exception{})", if n == 1 { "" } else { "s" }))
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let msg = match self.msg.get() {
            Some(m) => m.repr(py)?,
            None => py.none().repr(py)?,
        };
        // As it was given: a list shows as a list.
        let excs = match self.ob_base.args.get() {
            Some(args) if args.len() == 2 && args.get(1).downcast_exact::<PyList>().is_some() => {
                let list = match self.excs.get() {
                    Some(e) => abstracts::sequence::to_list(py, &e)?,
                    None => PyList::new(py)?,
                };
                list.repr(py)?
            }
            _ => match self.excs.get() {
                Some(e) => e.repr(py)?,
                None => PyTuple::empty(py).repr(py)?,
            },
        };
        PyStr::new(py, &format!("{}({msg}, {excs})", self.ty().name()))
    }

    /// Make a group of the same kind of other exceptions: subclasses override this.
    #[method]
    #[signature("(self, excs, /)")]
    fn derive(&self, py: Python, excs: &PyObject) -> PyResult {
        let msg = self.msg.get().unwrap_or_else(|| py.none());
        _PyExc_BaseExceptionGroup.call(py, &[&*msg, excs])
    }

    /// Split into the part that matches the condition and the rest.
    #[method]
    #[signature("(self, matcher_value, /)")]
    fn split(&self, py: Python, matcher_value: &PyObject) -> PyResult<Py<PyTuple>> {
        let matcher = Matcher::new(py, matcher_value)?;
        let (matched, rest) = split_recursive(py, self, &matcher, true)?;
        let or_none = |v: Option<Py>| v.unwrap_or_else(|| py.none());
        PyTuple::from_vec(py, vec![or_none(matched), or_none(rest)])
    }

    /// The part that matches the condition.
    #[method]
    #[signature("(self, matcher_value, /)")]
    fn subgroup(&self, py: Python, matcher_value: &PyObject) -> PyResult {
        let matcher = Matcher::new(py, matcher_value)?;
        let (matched, _) = split_recursive(py, self, &matcher, false)?;
        Ok(matched.unwrap_or_else(|| py.none()))
    }

    #[classmethod]
    #[signature("(cls, item, /)", hidden)]
    fn __class_getitem__(py: Python, cls: &PyType, item: &PyObject) -> PyResult {
        generic_alias::new(py, cls, item)
    }
}

/// What picks exceptions out of a group.
enum Matcher {
    /// A class or a tuple of classes.
    Type(Py),
    /// A callable.
    Predicate(Py),
    /// Certain instances, by identity.
    Instances(Vec<*const PyObject>),
}

impl Matcher {
    fn new(py: Python, value: &PyObject) -> PyResult<Matcher> {
        if exception_class(value).is_some() {
            return Ok(Matcher::Type(Py::new_ref(value)));
        }
        if let Some(t) = value.downcast::<PyTuple>() {
            if (0..t.len()).all(|i| exception_class(t.get(i)).is_some()) {
                return Ok(Matcher::Type(Py::new_ref(value)));
            }
        } else if value.is_callable() && PyType::from_object(value).is_none() {
            return Ok(Matcher::Predicate(Py::new_ref(value)));
        }
        Err(raise!(
            py,
            TypeError,
            "expected an exception type, a tuple of exception types, or a callable (other than a class)"
        ))
    }

    fn matches(&self, py: Python, exc: &PyObject) -> PyResult<bool> {
        match self {
            Matcher::Type(t) => Ok(given_exception_matches(exc, t)),
            Matcher::Predicate(f) => f.call(py, &[exc])?.is_true(py),
            Matcher::Instances(all) => Ok(all.contains(&(exc as *const PyObject))),
        }
    }
}

fn as_group(exc: &PyObject) -> Option<&PyBaseExceptionGroup> {
    if exc.ty().is_subtype(&_PyExc_BaseExceptionGroup) {
        // SAFETY: just checked.
        Some(unsafe { &*(exc.as_ptr() as *const PyBaseExceptionGroup) })
    } else {
        None
    }
}

/// Matching part and rest (only if wanted) of an exception or group.
fn split_recursive(
    py: Python,
    exc: &PyObject,
    matcher: &Matcher,
    want_rest: bool,
) -> PyResult<(Option<Py>, Option<Py>)> {
    let _guard = py.enter_recursive(" in exceptiongroup_split_recursive")?;
    if matcher.matches(py, exc)? {
        return Ok((Some(Py::new_ref(exc)), None));
    }
    let Some(group) = as_group(exc) else {
        return Ok((None, want_rest.then(|| Py::new_ref(exc))));
    };
    let (mut matched, mut rest) = (Vec::new(), Vec::new());
    let excs = group.excs.get();
    if let Some(excs) = excs.as_ref().and_then(|e| e.downcast::<PyTuple>()) {
        for i in 0..excs.len() {
            let (m, r) = split_recursive(py, excs.get(i), matcher, want_rest)?;
            matched.extend(m);
            rest.extend(r);
        }
    }
    let matched = subset(py, group, matched)?;
    let rest = if want_rest { subset(py, group, rest)? } else { None };
    Ok((matched, rest))
}

/// A group of some of the exceptions, with the original's context, cause, notes and traceback.
fn subset(py: Python, orig: &PyBaseExceptionGroup, excs: Vec<Py>) -> PyResult<Option<Py>> {
    if excs.is_empty() {
        return Ok(None);
    }
    let list = PyList::from_vec(py, excs)?;
    let group = orig.call_method(py, id!(py, "derive"), &[&list as &PyObject])?;
    let Some(new) = as_group(&group) else {
        return Err(raise!(py, TypeError, "derive must return an instance of BaseExceptionGroup"));
    };
    new.ob_base.traceback.set(orig.ob_base.traceback.get());
    new.ob_base.context.set(orig.ob_base.context.get());
    new.ob_base.cause.set(orig.ob_base.cause.get());
    new.ob_base.suppress_context.set(orig.ob_base.suppress_context.get());
    let notes = orig.getattr_opt(py, id!(py, "__notes__"))?;
    if let Some(notes) = notes.filter(abstracts_is_sequence) {
        let copy = abstracts::sequence::to_list(py, &notes)?;
        group.setattr(py, id!(py, "__notes__"), &copy)?;
    }
    Ok(Some(group))
}

fn abstracts_is_sequence(v: &Py) -> bool {
    abstracts::sequence::check(v)
}

/// All exceptions of a group that are no groups.
fn leaves(exc: &PyObject, out: &mut Vec<*const PyObject>) {
    match as_group(exc) {
        None => out.push(exc),
        Some(g) => {
            if let Some(excs) = g.excs.get().as_ref().and_then(|e| e.downcast::<PyTuple>()) {
                for i in 0..excs.len() {
                    leaves(excs.get(i), out);
                }
            }
        }
    }
}

/// True if both went through the same handling: same notes, traceback, context and cause.
fn same_metadata(a: &PyObject, b: &PyObject) -> bool {
    match (as_base(a), as_base(b)) {
        (Some(a), Some(b)) => {
            a.notes.as_raw() == b.notes.as_raw()
                && a.traceback.as_raw() == b.traceback.as_raw()
                && a.cause.as_raw() == b.cause.as_raw()
                && a.context.as_raw() == b.context.as_raw()
        }
        _ => false,
    }
}

/// What a `try`/`except*` statement raises in the end: the unhandled parts of `orig`, put together as they were, and what
/// handlers raised anew (`_PyExc_PrepReraiseStar`). None if there is nothing.
pub fn prep_reraise_star(py: Python, orig: &PyObject, excs: &PyObject) -> PyResult {
    let Some(list) = excs.downcast::<PyList>() else {
        return Err(raise!(py, TypeError, "the exceptions to re-raise must be a list"));
    };
    let all = list.to_vec();
    if all.is_empty() {
        return Ok(py.none());
    }
    if as_group(orig).is_none() {
        // A naked exception was caught: there is at most one part.
        return Ok(all[0].clone());
    }
    let (mut raised, mut reraised) = (Vec::new(), Vec::new());
    for e in all {
        if e.is_none() {
            continue;
        }
        if same_metadata(&e, orig) {
            reraised.push(e);
        } else {
            raised.push(e);
        }
    }
    let mut ids = Vec::new();
    for e in &reraised {
        leaves(e, &mut ids);
    }
    let projection =
        if reraised.is_empty() { None } else { split_recursive(py, orig, &Matcher::Instances(ids), false)?.0 };
    if raised.is_empty() {
        return Ok(projection.unwrap_or_else(|| py.none()));
    }
    raised.extend(projection);
    if raised.len() == 1 {
        return Ok(raised.swap_remove(0));
    }
    let list = PyList::from_vec(py, raised)?;
    _PyExc_BaseExceptionGroup.call(py, &[id!(py, "") as &PyObject, &list])
}

/// `ExceptionGroup` has two bases, so that it is made when the interpreter starts.
pub fn make_exception_group(py: Python) -> PyResult<Py<PyType>> {
    let bases = PyTuple::from_slice(py, &[&_PyExc_BaseExceptionGroup as &PyObject, super::Exception() as &PyObject])?;
    let dict = PyDict::new(py)?;
    dict.set(py, id!(py, "__module__"), id!(py, "builtins"))?;
    let class = crate::types::type_::new_type(py, "ExceptionGroup", &bases, &dict)?;
    Ok(class)
}
