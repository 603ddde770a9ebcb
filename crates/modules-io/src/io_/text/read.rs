//! Reading text.

use super::PyTextIOWrapper;
use crate::io_::newline::line_end;
use crate::io_::{trap_eintr, unsupported};
use taipan_object::abstracts::buffer::{self, Buffer};
use taipan_object::{Py, PyBytes, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, StrBuilder, err, id, raise};

/// Buffer and flags of a decoder's state.
pub(super) fn decoder_state(py: Python, decoder: &PyObject) -> PyResult<(Py<PyBytes>, Py)> {
    let state = decoder.call_method0(py, id!(py, "getstate"))?;
    let Some(state) = state.downcast::<PyTuple>().filter(|s| s.len() == 2) else {
        return Err(raise!(py, TypeError, "illegal decoder state"));
    };
    let Some(input) = state.get(0).downcast::<PyBytes>() else {
        return Err(raise!(
            py,
            TypeError,
            "illegal decoder state: the first item should be a bytes object, not '{:.200}'",
            state.get(0).ty().full_name()
        ));
    };
    Ok((Py::new_ref(input), Py::new_ref(state.get(1))))
}

impl PyTextIOWrapper {
    /// Reads and decodes one chunk; false at the end of the file.
    pub(super) fn read_chunk(&self, py: Python, chars_wanted: usize) -> PyResult<bool> {
        let Some(decoder) = self.decoder.get() else { return Err(unsupported(py, "not readable")) };
        // With the state before the chunk, tell() can find a position inside of it.
        let before = if self.telling.get() { Some(decoder_state(py, &decoder)?) } else { None };
        let mut size = self.chunk_size.get();
        if chars_wanted > 0 {
            size = size.max((self.bytes_per_char.get().max(1.0) * chars_wanted as f64) as isize);
        }
        let size = PyLong::from_isize(py, size)?;
        let method = if self.has_read1.get() { id!(py, "read1") } else { id!(py, "read") };
        let input = self.stream(py)?.call_method1(py, method, size.as_object())?;
        let nbytes = match input.downcast_exact::<PyBytes>() {
            Some(bytes) => bytes.len(),
            None => {
                if !buffer::check(&input) {
                    return Err(raise!(
                        py,
                        TypeError,
                        "underlying {}() should have returned a bytes-like object, not '{:.200}'",
                        method.to_string_lossy(),
                        input.ty().full_name()
                    ));
                }
                Buffer::get(py, &input, buffer::SIMPLE)?.len()
            }
        };
        let text = self.decode(py, &input, nbytes == 0)?;
        let nchars = text.len();
        self.set_decoded(Some(text));
        self.bytes_per_char.set(if nchars > 0 { nbytes as f64 / nchars as f64 } else { 0.0 });
        if let Some((kept, flags)) = before {
            let next_input = if kept.len() == 0 && input.downcast_exact::<PyBytes>().is_some() {
                input
            } else {
                let view = Buffer::get(py, &input, buffer::SIMPLE)?;
                PyBytes::new(py, &[kept.as_slice(), view.as_slice()].concat())?.into_object()
            };
            self.snapshot.set(Some(PyTuple::from_slice(py, &[&flags, &next_input])?));
        }
        Ok(nbytes > 0 || nchars > 0)
    }

    pub(super) fn read_text(&self, py: Python, n: isize) -> PyResult<Py<PyStr>> {
        self.check_open(py)?;
        if self.decoder.is_none() {
            return Err(unsupported(py, "not readable"));
        }
        self.write_pending(py)?;
        if n < 0 {
            let bytes = self.stream(py)?.call_method0(py, id!(py, "read"))?;
            let rest = self.decode(py, &bytes, true)?;
            let head = self.take_decoded(py, usize::MAX)?;
            let result = if head.len() == 0 { rest } else { head.concat(py, &rest)? };
            self.set_decoded(None);
            self.snapshot.clear();
            return Ok(result);
        }
        let wanted = n as usize;
        let first = self.take_decoded(py, wanted)?;
        if first.len() == wanted {
            return Ok(first);
        }
        let mut text = StrBuilder::new();
        text.push_pystr(&first);
        while text.len() < wanted {
            match self.read_chunk(py, wanted - text.len()) {
                Ok(true) => text.push_pystr(&*self.take_decoded(py, wanted - text.len())?),
                Ok(false) => break,
                Err(_) if trap_eintr(py) => {}
                Err(raised) => return Err(raised),
            }
        }
        text.finish(py)
    }

    /// A line of at most `limit` characters; negative: no limit.
    pub(super) fn read_line(&self, py: Python, limit: isize) -> PyResult<Py<PyStr>> {
        self.check_open(py)?;
        if !self.pending.borrow().is_empty() {
            self.write_pending(py)?;
        }
        let newline = self.newline.get();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        // Most lines are in the chunk.
        if let Some(text) = self.decoded.get() {
            let start = self.used.get();
            if let Ok(end) = line_end(&text, start, newline) {
                let end = end.min(start.saturating_add(limit));
                self.used.set(end);
                return text.substring(py, start, end);
            }
        }
        self.read_long_line(py, limit)
    }

    /// A line that goes over several chunks, or is the last one.
    fn read_long_line(&self, py: Python, limit: usize) -> PyResult<Py<PyStr>> {
        let newline = self.newline.get();
        let mut line = StrBuilder::new();
        // The end of a chunk that may be half of a newline.
        let mut half: Option<Py<PyStr>> = None;
        loop {
            let exhausted = self.decoded.get().is_none_or(|d| self.used.get() >= d.len());
            if exhausted {
                let more = loop {
                    match self.read_chunk(py, 0) {
                        Ok(true) if self.decoded.get().is_none_or(|d| d.len() == 0) => {}
                        Ok(more) => break more,
                        Err(_) if trap_eintr(py) => {}
                        Err(raised) => return Err(raised),
                    }
                };
                if !more {
                    self.set_decoded(None);
                    self.snapshot.clear();
                    break;
                }
            }
            let Some(decoded) = self.decoded.get() else { break };
            let (text, start, before) = match half.take() {
                // The half of a newline and what comes after it are looked at together.
                Some(h) => (h.concat(py, &decoded)?, 0, h.len()),
                None => (decoded, self.used.get(), 0),
            };
            let room = limit - line.len();
            let found = line_end(&text, start, newline);
            let certain = match found {
                Ok(end) | Err(end) => end.max(start),
            };
            if found.is_ok() || text.len() - start >= room {
                let end = if found.is_ok() { certain } else { text.len() }.min(start.saturating_add(room));
                push_part(&mut line, py, &text, start, end)?;
                self.used.set(end.saturating_sub(before));
                if end < before {
                    // The limit fell into the half: what is left of it comes first again.
                    let rest = text.substring(py, end, text.len())?;
                    self.set_decoded(Some(rest));
                }
                return line.finish(py);
            }
            push_part(&mut line, py, &text, start, certain)?;
            if certain < text.len() {
                half = Some(text.substring(py, certain, text.len())?);
            }
            self.set_decoded(None);
        }
        if let Some(half) = half {
            line.push_pystr(&half);
        }
        line.finish(py)
    }

    /// Forgets what was decoded, and any exception of trying to.
    pub(super) fn forget_decoded(&self, py: Python) {
        self.set_decoded(None);
        self.snapshot.clear();
        debug_assert!(!err::occurred(py));
    }
}

fn push_part(line: &mut StrBuilder, py: Python, text: &PyStr, start: usize, end: usize) -> PyResult<()> {
    if start < end {
        line.push_pystr(&*text.substring(py, start, end)?);
    }
    Ok(())
}
