//! `_io`: the native half of `io`. Raw files, buffers over them, text over those, and streams in memory.
//!
//! All stream classes start with the same three words, [`iobase::PyIOBase`]'s: head, `__dict__`, weak references.

pub mod buffered;
pub mod bytesio;
pub mod fileio;
pub mod iobase;
pub mod newline;
mod open;
pub mod stringio;
mod sys;
pub mod text;

use taipan_object::declare::InterpLocal;
use taipan_object::types::type_::new::new_type;
use taipan_object::{
    Py, PyDict, PyLong, PyModule, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Raised, Slot, err, exceptions,
    id, pymodule,
};

/// Size of the buffers of files, unless the caller says otherwise.
pub const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

/// What each interpreter has of its own.
#[derive(Default)]
struct State {
    unsupported_operation: Slot<PyType>,
}

static STATE: InterpLocal<State> = InterpLocal::new();

/// `io.UnsupportedOperation`, a subclass of both OSError and ValueError.
pub fn unsupported_operation(py: Python) -> PyResult<Py<PyType>> {
    let slot = &STATE.get(py).unsupported_operation;
    if let Some(ty) = slot.get() {
        return Ok(ty);
    }
    let bases = PyTuple::from_slice(py, &[exceptions::OSError(), exceptions::ValueError()])?;
    let dict = PyDict::new(py)?;
    dict.set(py, id!(py, "__module__"), id!(py, "io"))?;
    let ty = new_type(py, "UnsupportedOperation", &bases, &dict)?;
    slot.set(Some(ty.clone()));
    Ok(ty)
}

/// Raises `io.UnsupportedOperation(message)`.
#[cold]
pub fn unsupported(py: Python, message: &str) -> Raised {
    match unsupported_operation(py) {
        Ok(ty) => err::raise_fmt(py, &ty, format_args!("{message}")),
        Err(raised) => raised,
    }
}

/// After a failed call: was it an OSError for EINTR? Then it is cleared, and the call is to be made again.
pub fn trap_eintr(py: Python) -> bool {
    if !err::matches(py, exceptions::OSError()) {
        return false;
    }
    let Some(exc) = err::take(py) else { return false };
    if os_errno(&exc) == Some(libc::EINTR.into()) {
        return true;
    }
    let _ = err::restore(py, exc);
    false
}

/// The `errno` of an OSError.
fn os_errno(exc: &PyObject) -> Option<i64> {
    let error = exc.downcast::<taipan_object::types::exceptions::PyOSError>()?;
    error.myerrno.get()?.downcast::<PyLong>()?.try_i64()
}

/// Calls `f` until it does not fail with EINTR.
pub fn retry_eintr<T>(py: Python, mut f: impl FnMut() -> PyResult<T>) -> PyResult<T> {
    loop {
        match f() {
            Err(_) if trap_eintr(py) => {}
            other => return other,
        }
    }
}

/// Both of two steps are made whatever becomes of the first: gives the second's result, unless the first raised. The
/// first's exception is the second's context.
pub fn then_even_if_raised<T>(py: Python, first: PyResult<()>, second: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    if first.is_ok() {
        return second();
    }
    let pending = err::take(py);
    let result = second();
    let Some(pending) = pending else { return result };
    if result.is_ok() {
        return Err(err::restore(py, pending));
    }
    // The first one becomes the context of the second, unless that has one.
    if let Some(new) = err::take(py) {
        if let Some(e) = exceptions::as_base(&new)
            && e.context.is_none()
            && !new.is(&pending)
        {
            e.context.set(Some(pending));
        }
        return Err(err::restore(py, new));
    }
    result
}

/// An offset in a file: any object with `__index__`.
pub fn offset(py: Python, obj: &PyObject) -> PyResult<i64> {
    if let Some(n) = obj.downcast_exact::<PyLong>()
        && n.is_compact()
    {
        return Ok(n.compact_value());
    }
    Ok(taipan_object::abstracts::number::as_ssize(py, obj, Some(exceptions::ValueError()))? as i64)
}

/// The truth of what a method without arguments gives.
pub fn ask(py: Python, obj: &PyObject, name: &PyStr) -> PyResult<bool> {
    let answer = obj.call_method0(py, name)?;
    if answer.is(taipan_object::singletons::true_()) {
        return Ok(true);
    }
    answer.is_true(py)
}

/// TypeError for `__getstate__` of streams that cannot be pickled.
#[cold]
pub fn cannot_pickle(py: Python, obj: &PyObject) -> Raised {
    taipan_object::raise!(py, TypeError, "cannot pickle '{:.100}' instances", obj.ty().name())
}

fn exec(py: Python, module: &PyModule) -> PyResult<()> {
    module.add(py, "DEFAULT_BUFFER_SIZE", PyLong::from_usize(py, DEFAULT_BUFFER_SIZE)?.into_object())?;
    module.add(py, "UnsupportedOperation", unsupported_operation(py)?.into_object())?;
    module.add(py, "BlockingIOError", Py::new_ref(exceptions::BlockingIOError()).into_object())
}

pymodule! {
    name: "_io",
    doc: "Streams: raw files, buffers, text, and streams in memory.

The function open() makes the right stack of them for a file. The abstract base classes are in the module io.",
    functions: [open::open, open::open_code, open::text_encoding],
    classes: [
        iobase::PyIOBase, iobase::PyRawIOBase, buffered::base::PyBufferedIOBase, text::base::PyTextIOBase,
        fileio::PyFileIO, bytesio::PyBytesIO, bytesio::PyBytesIOBuffer, stringio::PyStringIO,
        buffered::PyBufferedReader, buffered::PyBufferedWriter, buffered::PyBufferedRandom,
        buffered::pair::PyBufferedRWPair, newline::PyIncrementalNewlineDecoder, text::PyTextIOWrapper,
    ],
    exec: exec,
}
