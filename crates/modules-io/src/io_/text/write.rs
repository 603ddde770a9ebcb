//! Writing text.

use super::PyTextIOWrapper;
use crate::io_::newline::{contains, replace_lf};
use crate::io_::{retry_eintr, unsupported};
use taipan_object::{Py, PyBytes, PyResult, PyStr, Python, id};

impl PyTextIOWrapper {
    /// Gives the buffer what was encoded.
    pub(super) fn write_pending(&self, py: Python) -> PyResult<()> {
        let pending = match self.pending.try_borrow_mut() {
            Ok(mut p) if !p.is_empty() => core::mem::take(&mut *p),
            _ => return Ok(()),
        };
        let bytes = PyBytes::new(py, &pending)?;
        let buffer = self.stream(py)?;
        retry_eintr(py, || buffer.call_method1(py, id!(py, "write"), bytes.as_object()))?;
        // The memory is used again, unless something has been written meanwhile.
        let mut empty = pending;
        empty.clear();
        if let Ok(mut p) = self.pending.try_borrow_mut()
            && p.capacity() == 0
        {
            *p = empty;
        }
        Ok(())
    }

    /// Encodes text and keeps it until there is enough.
    pub(super) fn write_text(&self, py: Python, text: &PyStr) -> PyResult<usize> {
        self.check_open(py)?;
        if self.encoder.is_none() {
            return Err(unsupported(py, "not writable"));
        }
        let length = text.len();
        let replacement = self.newline.get().written();
        let line_buffering = self.line_buffering.get();
        let has_lf = (replacement.is_some() || line_buffering) && contains(text, b'\n');
        let translated;
        let mut text = text;
        if let (true, Some(by)) = (has_lf, replacement) {
            translated = replace_lf(py, text, by)?;
            text = &translated;
        }
        let flush_below = line_buffering && (has_lf || contains(text, b'\r'));
        let chunk = self.chunk_size.get() as usize;
        let encoded: Py<PyBytes>;
        let bytes = if text.is_ascii() && self.fast_encoder.get().keeps_ascii() {
            self.start_of_stream.set(false);
            text.as_raw_bytes()
        } else {
            let encoder = self.encoder.get();
            let Some(encoder) = encoder else { return Err(unsupported(py, "not writable")) };
            encoded = self.encode(py, text, &encoder)?;
            encoded.as_slice()
        };
        let waiting = self.pending.borrow().len();
        if waiting > 0 && waiting + bytes.len() > chunk {
            self.write_pending(py)?;
        }
        let full = {
            let mut pending = self.pending.borrow_mut();
            pending.extend_from_slice(bytes);
            pending.len() >= chunk
        };
        if full || flush_below || self.write_through.get() {
            self.write_pending(py)?;
        }
        if flush_below {
            self.stream(py)?.call_method0(py, id!(py, "flush"))?;
        }
        // What was read ahead is no longer what comes next.
        if !self.snapshot.is_none() {
            self.set_decoded(None);
            self.snapshot.clear();
        }
        if let Some(decoder) = self.decoder.get() {
            decoder.call_method0(py, id!(py, "reset"))?;
        }
        Ok(length)
    }
}
