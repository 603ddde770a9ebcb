//! `StringIO`: a text stream in memory.

use super::bytesio::restore_dict;
use super::iobase;
use super::newline::{Newline, PyIncrementalNewlineDecoder, contains, line_end_in, replace_lf};
use super::text::base::PyTextIOBase;
use crate::args::Size;
use core::cell::{Cell, RefCell};
use taipan_object::{
    Py, PyClass, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder, Trace, err,
    pyclass, raise,
};

/// The contents.
enum Text {
    /// Only written so far, always at the end: in the narrowest width.
    Growing(StrBuilder),
    /// Anything goes: a word for each character.
    Chars(Vec<u32>),
}

#[derive(Trace)]
#[repr(C)]
pub struct PyStringIO {
    pub ob_base: PyObject,
    dict: Slot<PyDict>,
    #[trace(skip)]
    weakreflist: Slot,
    ok: Cell<bool>,
    closed: Cell<bool>,
    pos: Cell<usize>,
    #[trace(skip)]
    text: RefCell<Text>,
    #[trace(skip)]
    newline: Cell<Newline>,
    decoder: Slot<PyIncrementalNewlineDecoder>,
}

impl PyStringIO {
    fn check_open(&self, py: Python) -> PyResult<()> {
        if !self.ok.get() {
            return Err(raise!(py, ValueError, "I/O operation on uninitialized object"));
        }
        if self.closed.get() {
            return Err(raise!(py, ValueError, "I/O operation on closed file"));
        }
        Ok(())
    }

    fn len(&self) -> usize {
        match &*self.text.borrow() {
            Text::Growing(b) => b.len(),
            Text::Chars(v) => v.len(),
        }
    }

    /// The contents as an object.
    fn value(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut text = self.text.borrow_mut();
        match &mut *text {
            Text::Chars(v) => PyStr::from_ucs4(py, v),
            Text::Growing(b) => {
                let whole = core::mem::take(b).finish(py)?;
                b.push_pystr(&whole);
                Ok(whole)
            }
        }
    }

    /// Runs `f` on the characters.
    fn with_chars<R>(&self, py: Python, f: impl FnOnce(&mut Vec<u32>) -> R) -> PyResult<R> {
        let mut text = self.text.borrow_mut();
        if let Text::Growing(b) = &mut *text {
            let whole = core::mem::take(b).finish(py)?;
            *text = Text::Chars(whole.chars().collect());
        }
        match &mut *text {
            Text::Chars(v) => Ok(f(v)),
            Text::Growing(_) => Err(err::bad_internal_call(py)),
        }
    }

    /// Writes text at the position, as it is.
    fn put(&self, py: Python, text: &PyStr) -> PyResult<()> {
        let (pos, n) = (self.pos.get(), text.len());
        if n == 0 {
            return Ok(());
        }
        let Some(end) = pos.checked_add(n).filter(|&e| e <= isize::MAX as usize / 4) else {
            return Err(raise!(py, OverflowError, "new position too large"));
        };
        let at_end = match &mut *self.text.borrow_mut() {
            Text::Growing(b) if b.len() == pos => {
                if !b.try_reserve(n) {
                    return Err(err::no_memory(py));
                }
                b.push_pystr(text);
                true
            }
            _ => false,
        };
        if !at_end {
            let fits = self.with_chars(py, |chars| {
                if chars.try_reserve(end.saturating_sub(chars.len())).is_err() {
                    return false;
                }
                if chars.len() < end {
                    chars.resize(end, 0);
                }
                for (to, c) in chars[pos..end].iter_mut().zip(text.chars()) {
                    *to = c;
                }
                true
            })?;
            if !fits {
                return Err(err::no_memory(py));
            }
        }
        self.pos.set(end);
        Ok(())
    }

    /// Writes text with the newlines that the stream has.
    fn write_text(&self, py: Python, text: &PyStr) -> PyResult<()> {
        let mut text: Py<PyStr> = Py::new_ref(text);
        if let Some(decoder) = self.decoder.get() {
            text = decoder.treat(py, text, true)?;
        }
        if let Some(by) = self.newline.get().written()
            && contains(&text, b'\n')
        {
            text = replace_lf(py, &text, by)?;
        }
        self.put(py, &text)
    }

    fn take(&self, py: Python, n: usize) -> PyResult<Py<PyStr>> {
        let (pos, len) = (self.pos.get(), self.len());
        let end = pos.saturating_add(n).min(len);
        if pos >= end {
            return Ok(PyStr::empty(py));
        }
        let text = if pos == 0 && end == len {
            // All of it: no need to spread it out.
            self.value(py)?
        } else {
            self.with_chars(py, |chars| PyStr::from_ucs4(py, &chars[pos..end]))??
        };
        self.pos.set(end);
        Ok(text)
    }

    fn line(&self, py: Python, limit: isize) -> PyResult<Py<PyStr>> {
        let pos = self.pos.get();
        if pos >= self.len() {
            return Ok(PyStr::empty(py));
        }
        let newline = self.newline.get();
        let (line, end) = self.with_chars(py, |chars| {
            let mut end = line_end_in(chars, pos, newline).unwrap_or(chars.len());
            if let Ok(limit) = usize::try_from(limit) {
                end = end.min(pos.saturating_add(limit));
            }
            (PyStr::from_ucs4(py, &chars[pos..end]), end)
        })?;
        let line = line?;
        self.pos.set(end);
        Ok(line)
    }

    fn reset(&self, py: Python, newline: Newline) -> PyResult<()> {
        self.ok.set(false);
        *self.text.borrow_mut() = Text::Growing(StrBuilder::new());
        self.pos.set(0);
        self.newline.set(newline);
        let decoder = if newline.universal() {
            Some(PyIncrementalNewlineDecoder::new(py, taipan_object::singletons::none(), newline.translates())?)
        } else {
            None
        };
        self.decoder.set(decoder);
        Ok(())
    }
}

/// The newline argument of StringIO.
fn parse_newline(py: Python, newline: &PyObject) -> PyResult<Newline> {
    if newline.is_none() {
        return Ok(Newline::None);
    }
    let Some(text) = newline.downcast::<PyStr>() else {
        return Err(raise!(py, TypeError, "newline must be str or None, not {:.200}", newline.ty().full_name()));
    };
    match Newline::parse(Some(text)) {
        Some(n) => Ok(n),
        None => Err(raise!(py, ValueError, "illegal newline value: {}", newline.repr(py)?)),
    }
}

/// Text I/O implementation using an in-memory buffer.
///
/// The initial_value argument sets the value of object.  The newline
/// argument is like the one of TextIOWrapper's constructor.
#[pyclass(
    name = "_io.StringIO",
    base = PyTextIOBase,
    flags(GC, BASETYPE, IMMUTABLETYPE),
    weaklist = weakreflist,
    dict = dict,
)]
impl PyStringIO {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyStringIO>> {
        let _ = (args, kwargs);
        PyStringIO::alloc(py, cls, |head| PyStringIO {
            ob_base: head,
            dict: Slot::empty(),
            weakreflist: Slot::empty(),
            ok: Cell::new(false),
            closed: Cell::new(false),
            pos: Cell::new(0),
            text: RefCell::new(Text::Growing(StrBuilder::new())),
            newline: Cell::new(Newline::Lf),
            decoder: Slot::empty(),
        })
    }

    #[signature("(initial_value='', newline='\\n')")]
    fn tp_init(&self, py: Python, initial_value: Option<&PyObject>, newline: Option<&PyObject>) -> PyResult<()> {
        let newline = match newline {
            None => Newline::Lf,
            Some(n) => parse_newline(py, n)?,
        };
        let initial = match initial_value {
            Some(v) if !v.is_none() => match v.downcast::<PyStr>() {
                Some(s) => Some(s),
                None => {
                    let given = v.ty().full_name();
                    return Err(raise!(py, TypeError, "initial_value must be str or None, not {given:.200}"));
                }
            },
            _ => None,
        };
        self.reset(py, newline)?;
        self.closed.set(false);
        if let Some(text) = initial {
            self.write_text(py, text)?;
            self.pos.set(0);
        }
        self.ok.set(true);
        Ok(())
    }

    fn tp_finalize(&self, py: Python) {
        iobase::finalize(py, self);
    }

    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        self.check_open(py)?;
        if !self.ty().is(Self::type_object(py)) {
            return iobase::next_line(py, self);
        }
        let line = self.line(py, -1)?;
        Ok(if line.len() == 0 { None } else { Some(line.into_object()) })
    }

    #[getter]
    fn closed(&self, py: Python) -> PyResult<bool> {
        if !self.ok.get() {
            return Err(raise!(py, ValueError, "I/O operation on uninitialized object"));
        }
        Ok(self.closed.get())
    }
    #[getter]
    fn line_buffering(&self, py: Python) -> PyResult<bool> {
        self.check_open(py).map(|()| false)
    }
    #[getter]
    fn newlines(&self, py: Python) -> PyResult {
        self.check_open(py)?;
        match self.decoder.get() {
            Some(decoder) => decoder.seen_newlines(py),
            None => Ok(py.none()),
        }
    }

    /// Retrieve the entire contents of the object.
    #[method]
    fn getvalue(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.check_open(py)?;
        self.value(py)
    }

    /// Tell the current file position.
    #[method]
    fn tell(&self, py: Python) -> PyResult<usize> {
        self.check_open(py)?;
        Ok(self.pos.get())
    }

    /// Read at most size characters, returned as a string.
    ///
    /// If the argument is negative or omitted, read until EOF
    /// is reached. Return an empty string at EOF.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyStr>> {
        self.check_open(py)?;
        self.take(py, usize::try_from(size.map_or(-1, |s| s.0)).unwrap_or(usize::MAX))
    }

    /// Read until newline or EOF.
    ///
    /// Returns an empty string if EOF is hit immediately.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn readline(&self, py: Python, size: Option<Size>) -> PyResult<Py<PyStr>> {
        self.check_open(py)?;
        self.line(py, size.map_or(-1, |s| s.0))
    }

    /// Truncate size to pos.
    ///
    /// The pos argument defaults to the current file position, as
    /// returned by tell().  The current file position is unchanged.
    /// Returns the new absolute position.
    #[method]
    #[signature("(self, pos=None, /)")]
    fn truncate(&self, py: Python, pos: Option<Size>) -> PyResult<usize> {
        self.check_open(py)?;
        let size = match pos {
            None => self.pos.get() as isize,
            Some(size) => size.0,
        };
        let Ok(n) = usize::try_from(size) else {
            return Err(raise!(py, ValueError, "Negative size value {size}"));
        };
        if n < self.len() {
            self.with_chars(py, |chars| chars.truncate(n))?;
        }
        Ok(n)
    }

    /// Change stream position.
    ///
    /// Seek to character offset pos relative to position indicated by whence:
    ///     0  Start of stream (the default).  pos should be >= 0;
    ///     1  Current position - pos must be 0;
    ///     2  End of stream - pos must be 0.
    /// Returns the new absolute position.
    #[method]
    #[signature("(self, pos, whence=0, /)")]
    fn seek(&self, py: Python, pos: isize, whence: i32) -> PyResult<usize> {
        self.check_open(py)?;
        if !(0..=2).contains(&whence) {
            return Err(raise!(py, ValueError, "Invalid whence ({whence}, should be 0, 1 or 2)"));
        }
        if pos < 0 && whence == 0 {
            return Err(raise!(py, ValueError, "Negative seek position {pos}"));
        }
        if whence != 0 && pos != 0 {
            return Err(raise!(py, OSError, "Can't do nonzero cur-relative seeks"));
        }
        let new = match whence {
            0 => pos as usize,
            1 => self.pos.get(),
            _ => self.len(),
        };
        self.pos.set(new);
        Ok(new)
    }

    /// Write string to file.
    ///
    /// Returns the number of characters written, which is always equal to
    /// the length of the string.
    #[method]
    #[signature("(self, s, /)")]
    fn write(&self, py: Python, s: &PyObject) -> PyResult<usize> {
        self.check_open(py)?;
        let Some(text) = s.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "string argument expected, got '{}'", s.ty().full_name()));
        };
        if text.len() > 0 {
            self.write_text(py, text)?;
        }
        Ok(text.len())
    }

    /// Close the IO object.
    ///
    /// Attempting any further operation after the object is closed
    /// will raise a ValueError.
    ///
    /// This method has no effect if the file is already closed.
    #[method]
    fn close(&self, _py: Python) {
        self.closed.set(true);
        *self.text.borrow_mut() = Text::Growing(StrBuilder::new());
    }

    /// Returns True if the IO object can be read.
    #[method]
    fn readable(&self, py: Python) -> PyResult<bool> {
        self.check_open(py).map(|()| true)
    }
    /// Returns True if the IO object can be written.
    #[method]
    fn writable(&self, py: Python) -> PyResult<bool> {
        self.check_open(py).map(|()| true)
    }
    /// Returns True if the IO object can be seeked.
    #[method]
    fn seekable(&self, py: Python) -> PyResult<bool> {
        self.check_open(py).map(|()| true)
    }

    #[method]
    fn __getstate__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let value = self.getvalue(py)?;
        let newline = match self.newline.get().text() {
            Some(text) => PyStr::new(py, text)?.into_object(),
            None => py.none(),
        };
        let pos = PyLong::from_usize(py, self.pos.get())?;
        let dict = match self.dict.get() {
            Some(d) => d.copy(py)?.into_object(),
            None => py.none(),
        };
        PyTuple::from_slice(py, &[value.as_object(), &newline, pos.as_object(), &dict])
    }

    #[method]
    #[signature("(self, state, /)", hidden)]
    fn __setstate__(&self, py: Python, state: &PyObject) -> PyResult<()> {
        if self.closed.get() {
            return Err(raise!(py, ValueError, "I/O operation on closed file"));
        }
        let Some(parts) = state.downcast::<PyTuple>().filter(|t| t.len() >= 4) else {
            return Err(raise!(
                py,
                TypeError,
                "{:.200}.__setstate__ argument should be 4-tuple, got {:.200}",
                self.ty().full_name(),
                state.ty().full_name()
            ));
        };
        let newline = parse_newline(py, parts.get(1))?;
        let Some(value) = parts.get(0).downcast::<PyStr>() else {
            let given = parts.get(0).ty().full_name();
            return Err(raise!(py, TypeError, "initial_value must be str or None, not {given:.200}"));
        };
        self.reset(py, newline)?;
        // As it is: its newlines were translated when it was written.
        self.put(py, value)?;
        let Some(pos) = parts.get(2).downcast::<PyLong>() else {
            return Err(raise!(
                py,
                TypeError,
                "third item of state must be an integer, got {:.200}",
                parts.get(2).ty().full_name()
            ));
        };
        let Ok(pos) = usize::try_from(pos.as_isize(py)?) else {
            return Err(raise!(py, ValueError, "position value cannot be negative"));
        };
        self.pos.set(pos);
        self.ok.set(true);
        restore_dict(py, &self.dict, parts.get(3), "fourth")
    }
}
