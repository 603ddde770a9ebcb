//! `SyntaxError`.

use super::base::{PyBaseException, PyException};
use crate::{Py, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, Slot, Trace, pyclass, raise};

/// `PySyntaxErrorObject`.
#[derive(Trace)]
#[repr(C)]
pub struct PySyntaxError {
    pub ob_base: PyBaseException,
    pub msg: Slot,
    pub filename: Slot,
    pub lineno: Slot,
    pub offset: Slot,
    pub end_lineno: Slot,
    pub end_offset: Slot,
    pub text: Slot,
    pub print_file_and_line: Slot,
    pub metadata: Slot,
}

/// Invalid syntax.
#[pyclass(
    name = "SyntaxError",
    static_name = _PyExc_SyntaxError,
    base = PyException,
    flags(GC, BASETYPE, BASE_EXC_SUBCLASS),
    members(
        msg: OBJECT "exception msg",
        filename: OBJECT "exception filename",
        lineno: OBJECT "exception lineno",
        offset: OBJECT "exception offset",
        text: OBJECT "exception text",
        end_lineno: OBJECT "exception end lineno",
        end_offset: OBJECT "exception end offset",
        print_file_and_line: OBJECT "exception print_file_and_line",
        metadata as "_metadata": OBJECT "exception private metadata",
    ),
)]
impl PySyntaxError {
    fn tp_init(&self, py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        if kwargs.is_some_and(|k| k.len() != 0) {
            return Err(raise!(py, TypeError, "{}() takes no keyword arguments", self.ty().name()));
        }
        self.ob_base.args.set(Some(Py::new_ref(args)));
        if args.len() >= 1 {
            self.msg.set(Some(Py::new_ref(args.get(0))));
        }
        if args.len() == 2 {
            let info = crate::abstracts::sequence::to_tuple(py, args.get(1))?;
            let n = info.len();
            if n < 4 {
                return Err(raise!(
                    py,
                    TypeError,
                    "function missing required argument '{}' (pos {})",
                    ["filename", "lineno", "offset", "text"][n],
                    n + 1
                ));
            }
            if n > 7 {
                return Err(raise!(py, TypeError, "function takes at most 7 arguments ({n} given)"));
            }
            let item = |i: usize| if i < n { Some(Py::new_ref(info.get(i))) } else { None };
            self.filename.set(item(0));
            self.lineno.set(item(1));
            self.offset.set(item(2));
            self.text.set(item(3));
            self.end_lineno.set(item(4));
            self.end_offset.set(item(5));
            self.metadata.set(item(6));
            if self.end_lineno.get().is_some() && self.end_offset.is_none() {
                return Err(raise!(py, TypeError, "end_offset must be provided when end_lineno is provided"));
            }
        }
        Ok(())
    }

    fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
        let filename = self.filename.get();
        let name = filename.as_ref().and_then(|f| f.downcast::<PyStr>()).map(|s| {
            let s = s.to_string_lossy().into_owned();
            s.rsplit('/').next().unwrap_or("").to_owned()
        });
        let lineno = self
            .lineno
            .get()
            .and_then(|l| l.downcast_exact::<PyLong>().map(|l| l.try_i64()))
            .map(|l| l.map_or_else(|| "?".to_owned(), |v| v.to_string()));
        let msg = match self.msg.get() {
            Some(m) => m.str(py)?,
            None => py.none().str(py)?,
        };
        let text = match (name, lineno) {
            (Some(f), Some(l)) => format!("{msg} ({f}, line {l})"),
            (Some(f), None) => format!("{msg} ({f})"),
            (None, Some(l)) => format!("{msg} (line {l})"),
            (None, None) => return Ok(msg),
        };
        PyStr::new(py, &text)
    }
}

impl PySyntaxError {
    /// The fields of an instance.
    pub fn of(exc: &PyObject) -> Option<&PySyntaxError> {
        if exc.ty().is_subtype(super::SyntaxError()) {
            // SAFETY: just checked.
            Some(unsafe { &*(exc.as_ptr() as *const PySyntaxError) })
        } else {
            None
        }
    }
}
