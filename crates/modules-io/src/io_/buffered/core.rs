//! What the three buffered streams over one raw stream have in common: the buffer and how it is filled and emptied.
//!
//! Positions in the buffer are as in CPython's `buffered` object: `pos` is where reading and writing go on; up to
//! `read_end` (-1: nothing) it holds what was read; from `write_pos` to `write_end` (-1: nothing) what is to be written;
//! `raw_pos` is where the raw stream stands, `abs_pos` is that as an absolute position (-1: not known).

use super::lock::{Guard, Lock};
use crate::io_::fileio::PyFileIO;
use crate::io_::{self, iobase, retry_eintr, sys, then_even_if_raised, unsupported};
use core::cell::Cell;
use taipan_object::abstracts::buffer::{self, Buffer};
use taipan_object::abstracts::number;
use taipan_object::abstracts::object::ReprGuard;
use taipan_object::types::memoryview;
use taipan_object::{
    Py, PyBytes, PyLong, PyObject, PyResult, PyStr, Python, Raised, Slot, Stop, Trace, Visit, err, exceptions, id,
    raise,
};

/// The fields behind the stream's head.
pub struct Core {
    pub raw: Slot,
    ok: Cell<bool>,
    detached: Cell<bool>,
    readable: Cell<bool>,
    writable: Cell<bool>,
    /// The raw stream is a FileIO and not of a subclass: it is asked directly.
    fast_raw: Cell<bool>,
    abs_pos: Cell<i64>,
    /// `size` bytes, null if closed or not initialised.
    buffer: Cell<*mut u8>,
    size: Cell<isize>,
    pos: Cell<isize>,
    raw_pos: Cell<isize>,
    read_end: Cell<isize>,
    write_pos: Cell<isize>,
    write_end: Cell<isize>,
    lock: Lock,
}

impl Trace for Core {
    fn trace(&self, visit: &mut Visit) -> Result<(), Stop> {
        self.raw.trace(visit)
    }
    fn clear(&self) {
        self.ok.set(false);
        self.raw.clear();
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.free_buffer();
    }
}

/// What a transfer of the raw stream came to.
#[derive(Clone, Copy, PartialEq)]
enum Moved {
    Bytes(usize),
    /// Nothing now: the stream is non-blocking.
    Blocked,
}

const EAGAIN_TEXT: &str = "write could not complete without blocking";

/// BlockingIOError with the number of bytes that were taken.
#[cold]
fn blocking_error(py: Python, written: usize) -> Raised {
    let make = || -> PyResult {
        let (errno, n) = (PyLong::from_i64(py, libc::EAGAIN.into())?, PyLong::from_usize(py, written)?);
        let text = PyStr::new(py, EAGAIN_TEXT)?;
        exceptions::BlockingIOError().call(py, &[errno.as_object(), &text, n.as_object()])
    };
    match make() {
        Ok(exc) => err::raise_exception(py, exc),
        Err(raised) => raised,
    }
}

impl Core {
    pub fn new() -> Core {
        Core {
            raw: Slot::empty(),
            ok: Cell::new(false),
            detached: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            fast_raw: Cell::new(false),
            abs_pos: Cell::new(-1),
            buffer: Cell::new(core::ptr::null_mut()),
            size: Cell::new(0),
            pos: Cell::new(0),
            raw_pos: Cell::new(0),
            read_end: Cell::new(-1),
            write_pos: Cell::new(0),
            write_end: Cell::new(-1),
            lock: Lock::default(),
        }
    }

    /// Takes a raw stream; the buffer is empty.
    pub fn init(
        &self,
        py: Python,
        this: &PyObject,
        raw: &PyObject,
        size: isize,
        readable: bool,
        writable: bool,
    ) -> PyResult<()> {
        self.ok.set(false);
        self.detached.set(false);
        if readable && writable {
            iobase::check_seekable(py, raw)?;
        }
        if readable {
            iobase::check_readable(py, raw)?;
        }
        if writable {
            iobase::check_writable(py, raw)?;
        }
        if size <= 0 {
            return Err(raise!(py, ValueError, "buffer size must be strictly positive"));
        }
        let guard = self.lock.enter(py, this)?;
        let old = self.raw.replace(Some(Py::new_ref(raw)));
        self.readable.set(readable);
        self.writable.set(writable);
        self.fast_raw.set(raw.downcast_exact::<PyFileIO>().is_some());
        self.free_buffer();
        // SAFETY: a block of its own, freed by `free_buffer`. It is not cleared: what is read from it was put there.
        let block = unsafe { libc::malloc(size as usize) } as *mut u8;
        if block.is_null() {
            return Err(err::no_memory(py));
        }
        self.buffer.set(block);
        self.size.set(size);
        self.pos.set(0);
        self.raw_pos.set(0);
        self.abs_pos.set(-1);
        self.reset_read();
        self.write_pos.set(0);
        self.write_end.set(-1);
        // Where the stream stands, if it can tell.
        if self.raw_tell(py).is_err() {
            err::clear(py);
        }
        self.ok.set(true);
        drop(guard);
        drop(old);
        Ok(())
    }

    fn free_buffer(&self) {
        // SAFETY: allocated by `init`, or null.
        unsafe { libc::free(self.buffer.replace(core::ptr::null_mut()).cast()) };
    }

    /// The raw stream, borrowed: it is replaced only by `init`, `detach` and the collector.
    fn raw(&self, py: Python) -> PyResult<Py> {
        self.check_initialized(py)?;
        match self.raw.get() {
            Some(raw) => Ok(raw),
            None => Err(raise!(py, ValueError, "I/O operation on uninitialized object")),
        }
    }

    #[inline]
    pub fn check_initialized(&self, py: Python) -> PyResult<()> {
        if self.ok.get() {
            return Ok(());
        }
        if self.detached.get() {
            return Err(raise!(py, ValueError, "raw stream has been detached"));
        }
        Err(raise!(py, ValueError, "I/O operation on uninitialized object"))
    }

    /// Closed, or without a buffer.
    fn is_closed(&self, py: Python) -> PyResult<bool> {
        if self.buffer.get().is_null() {
            return Ok(true);
        }
        // SAFETY: nothing runs while the raw stream is looked at.
        if let (true, Some(raw)) = (self.fast_raw.get(), unsafe { self.raw.borrow() }) {
            // SAFETY: noted at `init`.
            return Ok(unsafe { raw.downcast_unchecked::<PyFileIO>() }.is_closed());
        }
        self.closed(py)
    }

    pub fn closed(&self, py: Python) -> PyResult<bool> {
        self.raw(py)?.getattr(py, id!(py, "closed"))?.is_true(py)
    }

    /// ValueError `message` if the stream is closed and nothing is left to be read.
    #[inline]
    fn check_open(&self, py: Python, message: &str) -> PyResult<()> {
        self.check_initialized(py)?;
        if self.is_closed(py)? && self.ahead() == 0 {
            return Err(raise!(py, ValueError, "{message}"));
        }
        Ok(())
    }

    fn enter(&self, py: Python, this: &PyObject) -> PyResult<Guard<'_>> {
        self.lock.enter(py, this)
    }

    /// Bytes in the buffer that can be read.
    #[inline]
    fn ahead(&self) -> usize {
        if self.valid_read() { (self.read_end.get() - self.pos.get()).max(0) as usize } else { 0 }
    }
    #[inline]
    fn valid_read(&self) -> bool {
        self.readable.get() && self.read_end.get() != -1
    }
    #[inline]
    fn valid_write(&self) -> bool {
        self.writable.get() && self.write_end.get() != -1
    }
    /// How far the raw stream is ahead of the logical position.
    fn raw_offset(&self) -> isize {
        if (self.valid_read() || self.valid_write()) && self.raw_pos.get() >= 0 {
            self.raw_pos.get() - self.pos.get()
        } else {
            0
        }
    }
    fn reset_read(&self) {
        self.read_end.set(-1);
    }
    fn reset_write(&self) {
        self.write_pos.set(0);
        self.write_end.set(-1);
    }
    fn adjust_position(&self, pos: isize) {
        self.pos.set(pos);
        if self.valid_read() && self.read_end.get() < pos {
            self.read_end.set(pos);
        }
    }
    fn whole_blocks(&self, n: usize) -> usize {
        n - n % self.size.get() as usize
    }

    /// What the buffer has to read, at most `n` bytes of it. Valid until anything is done with the stream.
    fn unread(&self, n: usize) -> &[u8] {
        let n = n.min(self.ahead());
        if n == 0 {
            return &[];
        }
        // SAFETY: `pos + ahead` is within the buffer, and those bytes were written.
        unsafe { core::slice::from_raw_parts(self.buffer.get().offset(self.pos.get()), n) }
    }

    /// Copies into the buffer at `at`; a caller makes sure that it fits.
    fn put(&self, at: isize, data: &[u8]) {
        debug_assert!(at >= 0 && at + data.len() as isize <= self.size.get());
        // SAFETY: within the buffer; the source may be part of a buffer that overlaps.
        unsafe { core::ptr::copy(data.as_ptr(), self.buffer.get().offset(at), data.len()) }
    }

    // The raw stream.

    fn position(&self, py: Python, n: i64) -> PyResult<i64> {
        if n < 0 {
            return Err(raise!(py, OSError, "Raw stream returned invalid position {n}"));
        }
        self.abs_pos.set(n);
        Ok(n)
    }

    fn raw_tell(&self, py: Python) -> PyResult<i64> {
        let raw = self.raw.get().ok_or_else(|| raise!(py, ValueError, "raw stream has been detached"))?;
        if self.fast_raw.get()
            && let Some(file) = raw.downcast_exact::<PyFileIO>()
        {
            let n = file.seek_raw(py, 0, libc::SEEK_CUR)?;
            return self.position(py, n);
        }
        let answer = raw.call_method0(py, id!(py, "tell"))?;
        let n = io_::offset(py, &answer)?;
        self.position(py, n)
    }

    fn raw_seek(&self, py: Python, target: i64, whence: i32) -> PyResult<i64> {
        let raw = self.raw(py)?;
        if self.fast_raw.get()
            && let Some(file) = raw.downcast_exact::<PyFileIO>()
        {
            let n = file.seek_raw(py, target, whence)?;
            return self.position(py, n);
        }
        let (target, whence) = (PyLong::from_i64(py, target)?, PyLong::from_i64(py, whence.into())?);
        let answer = raw.call_method(py, id!(py, "seek"), &[target.as_object(), whence.as_object()])?;
        let n = io_::offset(py, &answer)?;
        self.position(py, n)
    }

    /// One `readinto` of the raw stream.
    ///
    /// # Safety
    /// `to` has room for `len` bytes.
    unsafe fn raw_read(&self, py: Python, to: *mut u8, len: usize) -> PyResult<Moved> {
        let raw = self.raw(py)?;
        let n = if self.fast_raw.get()
            && let Some(file) = raw.downcast_exact::<PyFileIO>()
        {
            // SAFETY: by contract; the lock is held.
            match unsafe { file.read_raw(py, to, len)? } {
                Some(n) => n,
                None => return Ok(Moved::Blocked),
            }
        } else {
            // SAFETY: by contract; like every view of memory it must not be kept.
            let view = unsafe { memoryview::from_memory(py, to, len as isize, true)? };
            let answer = retry_eintr(py, || raw.call_method1(py, id!(py, "readinto"), &view))?;
            if answer.is_none() {
                return Ok(Moved::Blocked);
            }
            let n = match number::as_ssize(py, &answer, Some(exceptions::ValueError())) {
                Ok(n) => n,
                Err(_) => return Err(err::raise_from_cause(py, exceptions::OSError(), "raw readinto() failed")),
            };
            match usize::try_from(n) {
                Ok(n) if n <= len => n,
                _ => {
                    return Err(raise!(
                        py,
                        OSError,
                        "raw readinto() returned invalid length {n} (should have been between 0 and {len})"
                    ));
                }
            }
        };
        if n > 0 && self.abs_pos.get() != -1 {
            self.abs_pos.set(self.abs_pos.get() + n as i64);
        }
        Ok(Moved::Bytes(n))
    }

    /// One `write` of the raw stream.
    ///
    /// # Safety
    /// `from` holds `len` bytes.
    unsafe fn raw_write(&self, py: Python, from: *const u8, len: usize) -> PyResult<Moved> {
        let raw = self.raw(py)?;
        let n = if self.fast_raw.get()
            && let Some(file) = raw.downcast_exact::<PyFileIO>()
        {
            // SAFETY: by contract; the lock is held.
            match unsafe { file.write_raw(py, from, len)? } {
                Some(n) => n,
                None => return Ok(Moved::Blocked),
            }
        } else {
            // SAFETY: by contract; like every view of memory it must not be kept.
            let view = unsafe { memoryview::from_memory(py, from as *mut u8, len as isize, false)? };
            let answer = retry_eintr(py, || raw.call_method1(py, id!(py, "write"), &view))?;
            if answer.is_none() {
                return Ok(Moved::Blocked);
            }
            let n = number::as_ssize(py, &answer, Some(exceptions::ValueError()))?;
            match usize::try_from(n) {
                Ok(n) if n <= len => n,
                _ => {
                    return Err(raise!(
                        py,
                        OSError,
                        "raw write() returned invalid length {n} (should have been between 0 and {len})"
                    ));
                }
            }
        };
        if n > 0 && self.abs_pos.get() != -1 {
            self.abs_pos.set(self.abs_pos.get() + n as i64);
        }
        Ok(Moved::Bytes(n))
    }

    /// Reads into the free end of the buffer.
    fn fill(&self, py: Python) -> PyResult<Moved> {
        let start = if self.valid_read() { self.read_end.get() } else { 0 };
        let room = (self.size.get() - start).max(0) as usize;
        // SAFETY: the buffer's end.
        let moved = unsafe { self.raw_read(py, self.buffer.get().offset(start), room)? };
        if let Moved::Bytes(n @ 1..) = moved {
            self.read_end.set(start + n as isize);
            self.raw_pos.set(start + n as isize);
        }
        Ok(moved)
    }

    // Writing out.

    /// Gives the raw stream what is to be written.
    fn flush_written(&self, py: Python) -> PyResult<()> {
        if self.valid_write() && self.write_pos.get() != self.write_end.get() {
            let rewind = self.raw_offset() + (self.pos.get() - self.write_pos.get());
            if rewind != 0 {
                self.raw_seek(py, -(rewind as i64), libc::SEEK_CUR)?;
                self.raw_pos.set(self.raw_pos.get() - rewind);
            }
            while self.write_pos.get() < self.write_end.get() {
                let (start, len) = (self.write_pos.get(), self.write_end.get() - self.write_pos.get());
                // SAFETY: within the buffer.
                match unsafe { self.raw_write(py, self.buffer.get().offset(start), len as usize)? } {
                    Moved::Blocked => return Err(blocking_error(py, 0)),
                    Moved::Bytes(n) => {
                        // The logical position stays where it is.
                        self.write_pos.set(start + n as isize);
                        self.raw_pos.set(start + n as isize);
                    }
                }
                // A short write may be due to a signal.
                py.check_signals()?;
            }
        }
        // Also after closing, so that the buffer can be used again.
        self.reset_write();
        Ok(())
    }

    /// Writes out, and brings the raw stream to the logical position.
    fn flush_and_rewind(&self, py: Python) -> PyResult<()> {
        self.flush_written(py)?;
        if self.readable.get() {
            // What was read ahead is forgotten.
            let done = self.raw_seek(py, -(self.raw_offset() as i64), libc::SEEK_CUR).map(drop);
            self.reset_read();
            done?;
        }
        Ok(())
    }

    pub fn flush(&self, py: Python, this: &PyObject) -> PyResult<()> {
        self.check_initialized(py)?;
        if self.is_closed(py)? {
            return Err(raise!(py, ValueError, "flush of closed file"));
        }
        let _guard = self.enter(py, this)?;
        self.flush_and_rewind(py)
    }

    pub fn write(&self, py: Python, this: &PyObject, data: &PyObject) -> PyResult<usize> {
        self.check_initialized(py)?;
        let view = Buffer::get(py, data, buffer::SIMPLE)?;
        let data = view.as_slice();
        let _guard = self.enter(py, this)?;
        // Closed perhaps while this thread waited.
        if self.is_closed(py)? {
            return Err(raise!(py, ValueError, "write to closed file"));
        }
        let size = self.size.get();
        if !self.valid_read() && !self.valid_write() {
            self.pos.set(0);
            self.raw_pos.set(0);
        }
        let available = size - self.pos.get();
        if data.len() as isize <= available && (data.len() as isize) < size {
            self.put(self.pos.get(), data);
            if !self.valid_write() || self.write_pos.get() > self.pos.get() {
                self.write_pos.set(self.pos.get());
            }
            self.adjust_position(self.pos.get() + data.len() as isize);
            if self.write_end.get() < self.pos.get() {
                self.write_end.set(self.pos.get());
            }
            return Ok(data.len());
        }
        if self.flush_written(py).is_err() {
            return self.keep_what_fits(py, data);
        }
        // The raw stream must be where the data goes.
        let offset = self.raw_offset();
        if offset != 0 {
            self.raw_seek(py, -(offset as i64), libc::SEEK_CUR)?;
            self.raw_pos.set(self.raw_pos.get() - offset);
        }
        // Then whatever is more than a buffer directly.
        let mut written = 0;
        while data.len() - written > size as usize {
            // SAFETY: the rest of the data, kept by the view.
            let moved = unsafe { self.raw_write(py, data.as_ptr().add(written), data.len() - written)? };
            match moved {
                Moved::Bytes(n) => written += n,
                Moved::Blocked if data.len() - written > size as usize => {
                    // Cannot be taken whole: a buffer of it is.
                    self.put(0, &data[written..written + size as usize]);
                    self.raw_pos.set(0);
                    self.adjust_position(size);
                    self.write_pos.set(0);
                    self.write_end.set(size);
                    written += size as usize;
                    return Err(blocking_error(py, written));
                }
                Moved::Blocked => break,
            }
            py.check_signals()?;
        }
        if self.readable.get() {
            self.reset_read();
        }
        let rest = &data[written..];
        if !rest.is_empty() {
            self.put(0, rest);
        }
        self.write_pos.set(0);
        self.write_end.set(rest.len() as isize);
        self.adjust_position(rest.len() as isize);
        self.raw_pos.set(0);
        Ok(data.len())
    }

    /// The raw stream would block: the buffer takes what it has room for, or the BlockingIOError goes on.
    fn keep_what_fits(&self, py: Python, data: &[u8]) -> PyResult<usize> {
        if !err::matches(py, exceptions::BlockingIOError()) {
            return Err(Raised::assume());
        }
        err::clear(py);
        if self.readable.get() {
            self.reset_read();
        }
        // Room is made at the end.
        let (start, len) = (self.write_pos.get(), self.write_end.get() - self.write_pos.get());
        // SAFETY: within the buffer.
        let waiting = unsafe { core::slice::from_raw_parts(self.buffer.get().offset(start), len.max(0) as usize) };
        self.put(0, waiting);
        self.write_end.set(len);
        self.raw_pos.set(self.raw_pos.get() - start);
        self.pos.set(self.pos.get() - start);
        self.write_pos.set(0);
        let room = (self.size.get() - len) as usize;
        let taken = data.len().min(room);
        self.put(len, &data[..taken]);
        self.write_end.set(len + taken as isize);
        self.pos.set(self.pos.get() + taken as isize);
        if taken < data.len() {
            return Err(blocking_error(py, taken));
        }
        Ok(taken)
    }

    // Reading.

    /// Takes `n` bytes that the buffer has.
    fn take(&self, py: Python, n: usize) -> PyResult<Py<PyBytes>> {
        let bytes = PyBytes::new(py, self.unread(n))?;
        self.pos.set(self.pos.get() + n as isize);
        Ok(bytes)
    }

    /// `read(n)`; `None`: all. Gives `None` for a non-blocking stream that has nothing.
    pub fn read(&self, py: Python, this: &PyObject, n: Option<isize>) -> PyResult<Option<Py>> {
        let n = n.unwrap_or(-1);
        self.check_initialized(py)?;
        if n < -1 {
            return Err(raise!(py, ValueError, "read length must be non-negative or -1"));
        }
        self.check_open(py, "read of closed file")?;
        if n == -1 {
            let _guard = self.enter(py, this)?;
            return self.read_all(py).map(Some);
        }
        let n = n as usize;
        if n <= self.ahead() {
            return Ok(Some(self.take(py, n)?.into_object()));
        }
        let _guard = self.enter(py, this)?;
        Ok(self.read_generic(py, n)?.map(Py::into_object))
    }

    fn read_all(&self, py: Python) -> PyResult {
        let raw = self.raw(py)?;
        let head = self.unread(usize::MAX).to_vec();
        self.pos.set(self.pos.get() + head.len() as isize);
        if self.writable.get() {
            self.flush_and_rewind(py)?;
        }
        self.reset_read();
        if let Some(readall) = raw.getattr_opt(py, id!(py, "readall"))? {
            let rest = readall.call0(py)?;
            if rest.is_none() {
                return if head.is_empty() { Ok(rest) } else { Ok(PyBytes::new(py, &head)?.into_object()) };
            }
            let Some(bytes) = rest.downcast::<PyBytes>() else {
                return Err(raise!(py, TypeError, "readall() should return bytes"));
            };
            if head.is_empty() {
                return Ok(rest);
            }
            let joined = sys::bytes_with(py, head.len() + bytes.len(), |to| {
                // SAFETY: the object has room for both.
                unsafe {
                    core::ptr::copy_nonoverlapping(head.as_ptr(), to, head.len());
                    core::ptr::copy_nonoverlapping(bytes.as_slice().as_ptr(), to.add(head.len()), bytes.len());
                }
                Ok(Some(head.len() + bytes.len()))
            })?;
            return Ok(joined.map_or_else(|| py.none(), Py::into_object));
        }
        let mut data = head;
        loop {
            let chunk = raw.call_method0(py, id!(py, "read"))?;
            if chunk.is_none() {
                if data.is_empty() {
                    return Ok(chunk);
                }
                break;
            }
            let Some(bytes) = chunk.downcast::<PyBytes>() else {
                return Err(raise!(py, TypeError, "read() should return bytes"));
            };
            if bytes.len() == 0 {
                break;
            }
            data.extend_from_slice(bytes.as_slice());
            if self.abs_pos.get() != -1 {
                self.abs_pos.set(self.abs_pos.get() + bytes.len() as i64);
            }
        }
        Ok(PyBytes::new(py, &data)?.into_object())
    }

    /// More than the buffer has: whole blocks go straight into the result.
    fn read_generic(&self, py: Python, n: usize) -> PyResult<Option<Py<PyBytes>>> {
        if n <= self.ahead() {
            return self.take(py, n).map(Some);
        }
        sys::bytes_with(py, n, |to| {
            let mut written = 0;
            let head = self.unread(n);
            // SAFETY: all writes go to the result's memory, of `n` bytes.
            unsafe {
                if !head.is_empty() {
                    core::ptr::copy_nonoverlapping(head.as_ptr(), to, head.len());
                    written = head.len();
                    self.pos.set(self.pos.get() + written as isize);
                }
                if self.writable.get() {
                    self.flush_and_rewind(py)?;
                }
                self.reset_read();
                loop {
                    let whole = self.whole_blocks(n - written);
                    if whole == 0 {
                        break;
                    }
                    match self.raw_read(py, to.add(written), whole)? {
                        Moved::Blocked if written == 0 => return Ok(None),
                        Moved::Blocked | Moved::Bytes(0) => return Ok(Some(written)),
                        Moved::Bytes(got) => written += got,
                    }
                }
                self.pos.set(0);
                self.raw_pos.set(0);
                self.read_end.set(0);
                while written < n && self.read_end.get() < self.size.get() {
                    match self.fill(py)? {
                        Moved::Blocked if written == 0 => return Ok(None),
                        Moved::Blocked | Moved::Bytes(0) => return Ok(Some(written)),
                        Moved::Bytes(_) => {
                            let part = self.unread(n - written);
                            core::ptr::copy_nonoverlapping(part.as_ptr(), to.add(written), part.len());
                            written += part.len();
                            self.pos.set(self.pos.get() + part.len() as isize);
                        }
                    }
                }
            }
            Ok(Some(written))
        })
    }

    pub fn peek(&self, py: Python, this: &PyObject) -> PyResult<Py<PyBytes>> {
        self.check_open(py, "peek of closed file")?;
        let _guard = self.enter(py, this)?;
        if self.writable.get() {
            self.flush_and_rewind(py)?;
        }
        if self.ahead() == 0 {
            self.reset_read();
            self.fill(py)?;
            self.pos.set(0);
        }
        PyBytes::new(py, self.unread(usize::MAX))
    }

    pub fn read1(&self, py: Python, this: &PyObject, n: isize) -> PyResult<Py<PyBytes>> {
        self.check_initialized(py)?;
        let n = if n < 0 { self.size.get() as usize } else { n as usize };
        self.check_open(py, "read of closed file")?;
        if n == 0 {
            return PyBytes::new(py, b"");
        }
        let ahead = self.ahead();
        if ahead > 0 {
            return self.take(py, n.min(ahead));
        }
        let _guard = self.enter(py, this)?;
        self.reset_read();
        let read = sys::bytes_with(py, n, |to| {
            // SAFETY: the object's memory, of `n` bytes.
            match unsafe { self.raw_read(py, to, n)? } {
                Moved::Bytes(got) => Ok(Some(got)),
                Moved::Blocked => Ok(Some(0)),
            }
        })?;
        read.map_or_else(|| PyBytes::new(py, b""), Ok)
    }

    /// `readinto`, and with `once` `readinto1`.
    pub fn readinto(&self, py: Python, this: &PyObject, target: &PyObject, once: bool) -> PyResult<Option<usize>> {
        self.check_initialized(py)?;
        let view = io_::fileio::writable_buffer(
            py,
            target,
            if once { "readinto1() argument" } else { "readinto() argument" },
        )?;
        self.check_open(py, "readinto of closed file")?;
        let (to, len) = (view.view().buf as *mut u8, view.len());
        let mut written = self.ahead().min(len);
        // SAFETY: all writes go to the view's memory, of `len` bytes; it may be the same as the buffer's only through
        // a view that was kept, hence `copy`.
        unsafe {
            core::ptr::copy(self.unread(len).as_ptr(), to, written);
            self.pos.set(self.pos.get() + written as isize);
            if written == len {
                return Ok(Some(written));
            }
            let _guard = self.enter(py, this)?;
            if self.writable.get() {
                self.flush_and_rewind(py)?;
            }
            self.reset_read();
            self.pos.set(0);
            while written < len {
                let moved = if len - written > self.size.get() as usize {
                    self.raw_read(py, to.add(written), len - written)?
                } else if !(once && written > 0) {
                    // Through the buffer.
                    match self.fill(py)? {
                        Moved::Bytes(n @ 1..) => {
                            let n = n.min(len - written);
                            core::ptr::copy(self.buffer.get().offset(self.pos.get()), to.add(written), n);
                            self.pos.set(self.pos.get() + n as isize);
                            Moved::Bytes(n)
                        }
                        other => other,
                    }
                } else {
                    Moved::Bytes(0)
                };
                match moved {
                    Moved::Bytes(0) => break,
                    Moved::Blocked if written > 0 => break,
                    Moved::Blocked => return Ok(None),
                    Moved::Bytes(n) => written += n,
                }
                if once {
                    break;
                }
            }
        }
        Ok(Some(written))
    }

    /// A line of at most `limit` bytes; negative: no limit.
    pub fn readline(&self, py: Python, this: &PyObject, limit: isize) -> PyResult<Py<PyBytes>> {
        self.check_open(py, "readline of closed file")?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        // Most lines are in the buffer.
        let unread = self.unread(limit);
        if let Some(i) = memchr::memchr(b'\n', unread) {
            return self.take(py, i + 1);
        }
        if unread.len() == limit {
            return self.take(py, limit);
        }
        let _guard = self.enter(py, this)?;
        let mut line = self.unread(limit).to_vec();
        self.pos.set(self.pos.get() + line.len() as isize);
        if self.writable.get() {
            self.flush_and_rewind(py)?;
        }
        while line.len() < limit {
            self.reset_read();
            let moved = self.fill(py)?;
            if matches!(moved, Moved::Blocked | Moved::Bytes(0)) {
                break;
            }
            self.pos.set(0);
            let unread = self.unread(limit - line.len());
            let end = memchr::memchr(b'\n', unread).map(|i| i + 1);
            let n = end.unwrap_or(unread.len());
            line.extend_from_slice(&unread[..n]);
            self.pos.set(n as isize);
            if end.is_some() {
                break;
            }
        }
        PyBytes::new(py, &line)
    }

    // Position.

    pub fn tell(&self, py: Python) -> PyResult<i64> {
        self.check_initialized(py)?;
        let position = self.raw_tell(py)? - self.raw_offset() as i64;
        // A raw stream that can be anywhere (a device) may answer anything.
        Ok(position.max(0))
    }

    pub fn seek(&self, py: Python, this: &PyObject, target: &PyObject, whence: i32) -> PyResult<i64> {
        self.check_initialized(py)?;
        if !matches!(whence, 0..=2 | libc::SEEK_DATA | libc::SEEK_HOLE) {
            return Err(raise!(py, ValueError, "whence value {whence} unsupported"));
        }
        if self.is_closed(py)? {
            return Err(raise!(py, ValueError, "seek of closed file"));
        }
        let raw = self.raw(py)?;
        if !self.fast_raw.get() || self.abs_pos.get() == -1 {
            iobase::check_seekable(py, &raw)?;
        }
        let mut target = io_::offset(py, target)?;
        // Within what was read, nothing has to be asked of the raw stream.
        if matches!(whence, 0 | 1) && self.readable.get() {
            let current = match self.abs_pos.get() {
                -1 => self.raw_tell(py)?,
                n => n,
            };
            let ahead = self.ahead() as i64;
            if ahead > 0 {
                let logical = current - self.raw_offset() as i64;
                let offset = if whence == 0 { target.wrapping_sub(logical) } else { target };
                if offset >= -(self.pos.get() as i64) && offset <= ahead {
                    self.pos.set(self.pos.get() + offset as isize);
                    return Ok(logical + offset);
                }
            }
        }
        let _guard = self.enter(py, this)?;
        if self.writable.get() {
            self.flush_written(py)?;
        }
        if whence == 1 {
            target = target.wrapping_sub(self.raw_offset() as i64);
        }
        let n = self.raw_seek(py, target, whence)?;
        self.raw_pos.set(-1);
        if self.readable.get() {
            self.reset_read();
        }
        Ok(n)
    }

    pub fn truncate(&self, py: Python, this: &PyObject, size: Option<&PyObject>) -> PyResult {
        self.check_initialized(py)?;
        if self.is_closed(py)? {
            return Err(raise!(py, ValueError, "truncate of closed file"));
        }
        if !self.writable.get() {
            return Err(unsupported(py, "truncate"));
        }
        let _guard = self.enter(py, this)?;
        self.flush_and_rewind(py)?;
        let none = py.none();
        let result = self.raw(py)?.call_method1(py, id!(py, "truncate"), size.unwrap_or(&none))?;
        // The raw stream may have moved.
        if self.raw_tell(py).is_err() {
            err::clear(py);
        }
        Ok(result)
    }

    // Ends.

    pub fn close(&self, py: Python, this: &PyObject, finalizing: bool) -> PyResult {
        self.check_initialized(py)?;
        let guard = self.enter(py, this)?;
        if self.closed(py)? {
            return Ok(py.none());
        }
        if finalizing && self.dealloc_warn(py, this).is_err() {
            err::clear(py);
        }
        drop(guard);
        // As a method: a subclass may have its own.
        let flushed = this.call_method0(py, id!(py, "flush")).map(drop);
        let pending = if flushed.is_err() { err::take(py) } else { None };
        let guard = self.enter(py, this);
        let closed = self.raw(py).and_then(|raw| raw.call_method0(py, id!(py, "close")));
        self.free_buffer();
        self.reset_read();
        self.reset_write();
        drop(guard);
        let first = match pending {
            Some(exc) => {
                // The close may have raised too; the flush's exception comes back below.
                let raised = if closed.is_err() { err::take(py) } else { None };
                let first = Err(err::restore(py, exc));
                return then_even_if_raised(py, first, || match raised {
                    Some(exc) => Err(err::restore(py, exc)),
                    None => Ok(py.none()),
                });
            }
            None => Ok(()),
        };
        then_even_if_raised(py, first, || closed)
    }

    pub fn dealloc_warn(&self, py: Python, source: &PyObject) -> PyResult<()> {
        if self.ok.get()
            && let Some(raw) = self.raw.get()
        {
            raw.call_method1(py, id!(py, "_dealloc_warn"), source)?;
        }
        Ok(())
    }

    pub fn detach(&self, py: Python, this: &PyObject) -> PyResult {
        self.check_initialized(py)?;
        this.call_method0(py, id!(py, "flush"))?;
        let raw = self.raw.take();
        self.detached.set(true);
        self.ok.set(false);
        Ok(raw.unwrap_or_else(|| py.none()))
    }

    /// `<_io.BufferedReader name='…'>`.
    pub fn repr(&self, py: Python, this: &PyObject) -> PyResult<Py<PyStr>> {
        let class = this.ty().full_name();
        let name = match this.getattr_opt(py, id!(py, "name")) {
            Ok(name) => name,
            // Detached or not initialised.
            Err(_) if err::matches(py, exceptions::ValueError()) => {
                err::clear(py);
                None
            }
            Err(raised) => return Err(raised),
        };
        let Some(name) = name else { return PyStr::new(py, &format!("<{class}>")) };
        let Some(_guard) = ReprGuard::enter(py, this) else {
            return Err(raise!(py, RuntimeError, "reentrant call inside {class}.__repr__"));
        };
        let name = name.repr(py)?;
        let start = PyStr::new(py, &format!("<{class} name="))?.concat(py, &name)?;
        start.concat(py, &*PyStr::new(py, ">")?)
    }

    /// Bytes of the buffer.
    pub fn size_of_buffer(&self) -> usize {
        if self.buffer.get().is_null() { 0 } else { self.size.get() as usize }
    }

    /// What the raw stream says to a question without arguments.
    pub fn ask_raw(&self, py: Python, question: &PyStr) -> PyResult {
        self.raw(py)?.call_method0(py, question)
    }

    /// An attribute of the raw stream.
    pub fn raw_attribute(&self, py: Python, name: &PyStr) -> PyResult {
        self.raw(py)?.getattr(py, name)
    }
}
