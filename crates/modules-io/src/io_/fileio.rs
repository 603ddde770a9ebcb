//! `FileIO`: a raw stream on a file descriptor.

use super::sys::{self, os_error};
use super::{DEFAULT_BUFFER_SIZE, iobase, unsupported};
use crate::args::Size;
use core::cell::Cell;
use taipan_object::abstracts::buffer::{self, Buffer};
use taipan_object::abstracts::object::ReprGuard;
use taipan_object::runtime::{hooks, set_errno};
use taipan_object::types::bool_::PyBool;
use taipan_object::{
    Py, PyBytes, PyClass, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace, err,
    exceptions, id, pyclass, raise,
};

/// What `fstat` said when the file was opened.
#[derive(Clone, Copy)]
struct Stat {
    size: i64,
    mode: libc::mode_t,
}

#[derive(Trace)]
#[repr(C)]
pub struct PyFileIO {
    pub ob_base: PyObject,
    dict: Slot<PyDict>,
    #[trace(skip)]
    weakreflist: Slot,
    /// -1: closed.
    fd: Cell<i32>,
    blksize: Cell<u32>,
    created: Cell<bool>,
    readable: Cell<bool>,
    writable: Cell<bool>,
    appending: Cell<bool>,
    closefd: Cell<bool>,
    finalizing: Cell<bool>,
    /// `None`: not asked yet.
    #[trace(skip)]
    seekable: Cell<Option<bool>>,
    #[trace(skip)]
    stat_at_open: Cell<Option<Stat>>,
}

/// A mode, taken apart.
#[derive(Clone, Copy, Default)]
struct Mode {
    created: bool,
    readable: bool,
    writable: bool,
    appending: bool,
    flags: i32,
}

fn parse_mode(py: Python, mode: &str) -> PyResult<Mode> {
    let mut m = Mode::default();
    let (mut kinds, mut plus, mut bad) = (0, 0, false);
    for c in mode.chars() {
        match c {
            'x' => {
                (m.created, m.writable) = (true, true);
                m.flags |= libc::O_EXCL | libc::O_CREAT;
                kinds += 1;
            }
            'r' => {
                m.readable = true;
                kinds += 1;
            }
            'w' => {
                m.writable = true;
                m.flags |= libc::O_CREAT | libc::O_TRUNC;
                kinds += 1;
            }
            'a' => {
                (m.writable, m.appending) = (true, true);
                m.flags |= libc::O_APPEND | libc::O_CREAT;
                kinds += 1;
            }
            'b' => {}
            '+' => plus += 1,
            _ => bad = true,
        }
        if kinds > 1 || plus > 1 {
            break;
        }
    }
    if bad {
        return Err(raise!(py, ValueError, "invalid mode: {mode:.200}"));
    }
    if kinds != 1 || plus > 1 {
        return Err(raise!(
            py,
            ValueError,
            "Must have exactly one of create/read/write/append mode and at most one plus"
        ));
    }
    if plus == 1 {
        (m.readable, m.writable) = (true, true);
    }
    m.flags |= match (m.readable, m.writable) {
        (true, true) => libc::O_RDWR,
        (true, false) => libc::O_RDONLY,
        _ => libc::O_WRONLY,
    };
    m.flags |= libc::O_CLOEXEC;
    Ok(m)
}

impl PyFileIO {
    /// The descriptor, -1 if closed.
    #[inline]
    pub fn descriptor(&self) -> i32 {
        self.fd.get()
    }

    /// The file is closed.
    #[inline]
    pub fn is_closed(&self) -> bool {
        self.fd.get() < 0
    }

    fn open_fd(&self, py: Python) -> PyResult<i32> {
        match self.fd.get() {
            fd if fd < 0 => Err(raise!(py, ValueError, "I/O operation on closed file")),
            fd => Ok(fd),
        }
    }

    /// The descriptor of a file open for reading.
    fn reading(&self, py: Python) -> PyResult<i32> {
        let fd = self.open_fd(py)?;
        if !self.readable.get() {
            return Err(unsupported(py, "File not open for reading"));
        }
        Ok(fd)
    }

    /// The descriptor of a file open for writing.
    fn writing(&self, py: Python) -> PyResult<i32> {
        let fd = self.open_fd(py)?;
        if !self.writable.get() {
            return Err(unsupported(py, "File not open for writing"));
        }
        Ok(fd)
    }

    /// Reads into memory; see [`sys::read`].
    ///
    /// # Safety
    /// As for that.
    pub unsafe fn read_raw(&self, py: Python, buf: *mut u8, len: usize) -> PyResult<Option<usize>> {
        let fd = self.reading(py)?;
        // SAFETY: by contract.
        unsafe { sys::read(py, fd, buf, len) }
    }

    /// Writes memory; see [`sys::write`].
    ///
    /// # Safety
    /// As for that.
    pub unsafe fn write_raw(&self, py: Python, buf: *const u8, len: usize) -> PyResult<Option<usize>> {
        let fd = self.writing(py)?;
        // SAFETY: by contract.
        unsafe { sys::write(py, fd, buf, len) }
    }

    /// `lseek(2)`; notes whether the file is seekable.
    pub fn seek_raw(&self, py: Python, offset: i64, whence: i32) -> PyResult<i64> {
        let fd = self.open_fd(py)?;
        // SAFETY: a plain system call.
        let position = py.allow_threads(|| unsafe { libc::lseek(fd, offset, whence) });
        if self.seekable.get().is_none() {
            self.seekable.set(Some(position >= 0));
        }
        if position < 0 {
            return Err(os_error(py, None));
        }
        Ok(position)
    }

    /// Closes the descriptor.
    fn close_fd(&self, py: Python) -> PyResult<()> {
        let fd = self.fd.replace(-1);
        if fd < 0 {
            return Ok(());
        }
        // SAFETY: a descriptor of ours. Whatever close says, it is gone.
        let result = py.allow_threads(|| unsafe { libc::close(fd) });
        if result < 0 {
            return Err(os_error(py, None));
        }
        Ok(())
    }

    fn mode_text(&self) -> &'static str {
        match (self.created.get(), self.appending.get(), self.readable.get(), self.writable.get()) {
            (true, _, false, _) => "xb",
            (true, _, true, _) => "xb+",
            (_, true, false, _) => "ab",
            (_, true, true, _) => "ab+",
            (_, _, true, true) => "rb+",
            (_, _, true, false) => "rb",
            _ => "wb",
        }
    }

    /// "unclosed file", if there is a descriptor to close.
    fn warn_unclosed(&self, py: Python, source: &PyObject) {
        if self.fd.get() < 0 || !self.closefd.get() {
            return;
        }
        err::with_saved(py, || {
            let warned = (|| {
                let shown = source.repr(py)?;
                let text = PyStr::new(py, "unclosed file ")?.concat(py, &shown)?;
                (hooks::get().warn)(py, exceptions::ResourceWarning(), &text, 1, Some(source))
            })();
            if warned.is_err() {
                if err::matches(py, exceptions::Warning()) {
                    err::write_unraisable(py, Some(self));
                } else {
                    err::clear(py);
                }
            }
        });
    }

    fn open(
        &self,
        py: Python,
        file: &PyObject,
        mode: &str,
        closefd: bool,
        opener: Option<&PyObject>,
        own_fd: &Cell<bool>,
    ) -> PyResult<()> {
        let parsed = parse_mode(py, mode)?;
        let number = given_descriptor(py, file)?;
        let path = if number.is_none() { Some(sys::fs_path(py, file)?) } else { None };
        self.created.set(parsed.created);
        self.readable.set(parsed.readable);
        self.writable.set(parsed.writable);
        self.appending.set(parsed.appending);
        self.seekable.set(None);
        self.stat_at_open.set(None);

        let flags = PyLong::from_i64(py, parsed.flags.into())?;
        let shown_mode = PyStr::new(py, mode)?;
        (hooks::get().audit)(py, "open", &[file, &shown_mode, flags.as_object()])?;
        match (number, &path) {
            (Some(fd), _) => {
                self.fd.set(fd);
                self.closefd.set(closefd);
                own_fd.set(false);
            }
            (None, Some(path)) => {
                self.closefd.set(true);
                if !closefd {
                    return Err(raise!(py, ValueError, "Cannot use closefd=False with file name"));
                }
                match opener {
                    None => {
                        // SAFETY: the path is a C string.
                        let opened =
                            sys::call(py, || unsafe { libc::open(path.as_ptr(), parsed.flags, 0o666) } as i64)?;
                        match opened {
                            Ok(fd) => self.fd.set(fd as i32),
                            Err(_) => return Err(os_error(py, Some(file))),
                        }
                    }
                    Some(opener) => self.open_through(py, opener, file, flags.as_object())?,
                }
                own_fd.set(true);
            }
            (None, None) => return Err(err::bad_internal_call(py)),
        }
        self.blksize.set(DEFAULT_BUFFER_SIZE as u32);
        self.look_at(py, file)?;
        self.setattr(py, id!(py, "name"), file)?;
        if parsed.appending {
            // So that tell() gives the end. A pipe has none.
            let fd = self.fd.get();
            // SAFETY: a plain system call.
            let position = py.allow_threads(|| unsafe { libc::lseek(fd, 0, libc::SEEK_END) });
            self.seekable.set(Some(position >= 0));
            if position < 0 && taipan_object::runtime::errno() != libc::ESPIPE {
                return Err(os_error(py, None));
            }
        }
        Ok(())
    }

    fn open_through(&self, py: Python, opener: &PyObject, file: &PyObject, flags: &PyObject) -> PyResult<()> {
        let given = opener.call(py, &[file, flags])?;
        let Some(fd) = given.downcast::<PyLong>() else {
            return Err(raise!(py, TypeError, "expected integer from opener"));
        };
        let fd = fd.as_i32(py)?;
        if fd < 0 {
            // The opener may have come back with an exception's errno, but it did not raise.
            return Err(raise!(py, ValueError, "opener returned {fd}"));
        }
        self.fd.set(fd);
        // SAFETY: plain system calls.
        let old = unsafe { libc::fcntl(fd, libc::F_GETFD) };
        if old >= 0 && old & libc::FD_CLOEXEC == 0 {
            // SAFETY: a plain system call.
            unsafe { libc::fcntl(fd, libc::F_SETFD, old | libc::FD_CLOEXEC) };
        }
        Ok(())
    }

    /// Size and kind of the file; directories are refused.
    fn look_at(&self, py: Python, file: &PyObject) -> PyResult<()> {
        let fd = self.fd.get();
        let mut stat = core::mem::MaybeUninit::<libc::stat>::uninit();
        // SAFETY: there is room for the answer.
        let result = py.allow_threads(|| unsafe { libc::fstat(fd, stat.as_mut_ptr()) });
        if result < 0 {
            // Anything but a bad descriptor is not our affair.
            if taipan_object::runtime::errno() == libc::EBADF {
                return Err(os_error(py, Some(file)));
            }
            return Ok(());
        }
        // SAFETY: the call wrote it.
        let stat = unsafe { stat.assume_init() };
        if stat.st_mode & libc::S_IFMT == libc::S_IFDIR {
            set_errno(libc::EISDIR);
            return Err(os_error(py, Some(file)));
        }
        if stat.st_blksize > 1 {
            self.blksize.set(stat.st_blksize as u32);
        }
        self.stat_at_open.set(Some(Stat { size: stat.st_size, mode: stat.st_mode }));
        Ok(())
    }

    /// How many bytes are left to read, if the file says so.
    fn bytes_left(&self, py: Python, fd: i32) -> usize {
        let Some(stat) = self.stat_at_open.get() else { return 0 };
        let position = if self.seekable.get() == Some(false) {
            0
        } else {
            // SAFETY: a plain system call.
            py.allow_threads(|| unsafe { libc::lseek(fd, 0, libc::SEEK_CUR) }).max(0)
        };
        (stat.size - position).clamp(0, sys::MAX_TRANSFER as i64) as usize
    }
}

/// The descriptor, if the file is given as one.
fn given_descriptor(py: Python, file: &PyObject) -> PyResult<Option<i32>> {
    let Some(number) = file.downcast::<PyLong>() else { return Ok(None) };
    if file.downcast::<PyBool>().is_some() {
        err::warn(py, exceptions::RuntimeWarning(), "bool is used as a file descriptor", 1)?;
    }
    let fd = number.as_i32(py)?;
    if fd < 0 {
        return Err(raise!(py, ValueError, "negative file descriptor"));
    }
    Ok(Some(fd))
}

/// Open a file.
///
/// The mode can be 'r' (default), 'w', 'x' or 'a' for reading,
/// writing, exclusive creation or appending.  The file will be created if it
/// doesn't exist when opened for writing or appending; it will be truncated
/// when opened for writing.  A FileExistsError will be raised if it already
/// exists when opened for creating. Opening a file for creating implies
/// writing so this mode behaves in a similar way to 'w'. Add a '+' to the mode
/// to allow simultaneous reading and writing. A custom opener can be used by
/// passing a callable as *opener*: it is called with (*name*, *flags*) and
/// must return an open file descriptor.
#[pyclass(
    name = "_io.FileIO",
    base = iobase::PyRawIOBase,
    flags(GC, BASETYPE, IMMUTABLETYPE),
    weaklist = weakreflist,
    dict = dict,
    members(blksize as "_blksize": UINT, finalizing as "_finalizing": BOOL),
)]
impl PyFileIO {
    fn tp_new(py: Python, cls: &PyType, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Py<PyFileIO>> {
        let _ = (args, kwargs);
        PyFileIO::alloc(py, cls, |head| PyFileIO {
            ob_base: head,
            dict: Slot::empty(),
            weakreflist: Slot::empty(),
            fd: Cell::new(-1),
            blksize: Cell::new(0),
            created: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            appending: Cell::new(false),
            closefd: Cell::new(true),
            finalizing: Cell::new(false),
            seekable: Cell::new(None),
            stat_at_open: Cell::new(None),
        })
    }

    #[signature("(file, mode='r', closefd=True, opener=None)")]
    fn tp_init(
        &self,
        py: Python,
        file: &PyObject,
        mode: &str,
        closefd: bool,
        opener: Option<&PyObject>,
    ) -> PyResult<()> {
        if self.fd.get() >= 0 {
            if self.closefd.get() {
                self.close_fd(py)?;
            } else {
                self.fd.set(-1);
            }
        }
        // Whether the descriptor is to be closed if something goes wrong.
        let own_fd = Cell::new(true);
        let opened = self.open(py, file, mode, closefd, opener, &own_fd);
        if opened.is_err() {
            if !own_fd.get() {
                self.fd.set(-1);
            }
            if self.fd.get() >= 0 {
                return super::then_even_if_raised(py, opened, || self.close_fd(py));
            }
        }
        opened
    }

    fn tp_finalize(&self, py: Python) {
        iobase::finalize(py, self);
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let class = self.ty().full_name();
        let fd = self.fd.get();
        if fd < 0 {
            return PyStr::new(py, &format!("<{class} [closed]>"));
        }
        let closefd = if self.closefd.get() { "True" } else { "False" };
        let mode = self.mode_text();
        let Some(name) = self.getattr_opt(py, id!(py, "name"))? else {
            return PyStr::new(py, &format!("<{class} fd={fd} mode='{mode}' closefd={closefd}>"));
        };
        let Some(_guard) = ReprGuard::enter(py, self) else {
            return Err(raise!(py, RuntimeError, "reentrant call inside {class}.__repr__"));
        };
        let name = name.repr(py)?;
        let start = PyStr::new(py, &format!("<{class} name="))?.concat(py, &name)?;
        start.concat(py, &*PyStr::new(py, &format!(" mode='{mode}' closefd={closefd}>"))?)
    }

    #[getter]
    fn closed(&self) -> bool {
        self.fd.get() < 0
    }
    /// True if the file descriptor will be closed by close().
    #[getter("closefd")]
    fn get_closefd(&self) -> bool {
        self.closefd.get()
    }
    /// String giving the file mode.
    #[getter]
    fn mode(&self) -> &'static str {
        self.mode_text()
    }

    /// Close the file.
    ///
    /// A closed file cannot be used for further I/O operations.  close() may be
    /// called more than once without error.
    #[method]
    fn close(&self, py: Python) -> PyResult<()> {
        // As an IOBase first: flushes, and notes that it is closed.
        // SAFETY: the class derives from _IOBase and starts with its fields.
        let base = unsafe { self.downcast_unchecked::<iobase::PyIOBase>() };
        let flushed = base.close(py);
        if !self.closefd.get() {
            self.fd.set(-1);
            return flushed;
        }
        super::then_even_if_raised(py, flushed, || {
            if self.finalizing.get() {
                self.warn_unclosed(py, self);
            }
            self.close_fd(py)
        })
    }

    /// True if file supports random-access.
    #[method]
    fn seekable(&self, py: Python) -> PyResult<bool> {
        self.open_fd(py)?;
        match self.seekable.get() {
            Some(known) => Ok(known),
            None => {
                if self.seek_raw(py, 0, libc::SEEK_CUR).is_err() {
                    err::clear(py);
                }
                Ok(self.seekable.get() == Some(true))
            }
        }
    }

    /// True if file was opened in a read mode.
    #[method]
    fn readable(&self, py: Python) -> PyResult<bool> {
        self.open_fd(py)?;
        Ok(self.readable.get())
    }

    /// True if file was opened in a write mode.
    #[method]
    fn writable(&self, py: Python) -> PyResult<bool> {
        self.open_fd(py)?;
        Ok(self.writable.get())
    }

    /// Return the underlying file descriptor (an integer).
    #[method]
    fn fileno(&self, py: Python) -> PyResult<i32> {
        self.open_fd(py)
    }

    /// Same as RawIOBase.readinto().
    #[method]
    #[signature("(self, buffer, /)")]
    fn readinto(&self, py: Python, buffer: &PyObject) -> PyResult<Option<usize>> {
        self.reading(py)?;
        let view = writable_buffer(py, buffer, "readinto() argument 1")?;
        // SAFETY: the view keeps the memory.
        unsafe { self.read_raw(py, view.view().buf.cast(), view.len()) }
    }

    /// Read all data from the file, returned as bytes.
    ///
    /// Reads until either there is an error or read() returns size 0 (indicates EOF).
    /// If the file is already at EOF, returns an empty bytes object.
    ///
    /// In non-blocking mode, returns as much data as could be read before EAGAIN. If no
    /// data is available (EAGAIN is returned before bytes are read) returns None.
    #[method]
    fn readall(&self, py: Python) -> PyResult<Option<Py<PyBytes>>> {
        let fd = self.reading(py)?;
        let expected = self.bytes_left(py, fd);
        let mut small = [0u8; 512];
        let mut more: Vec<u8> = Vec::new();
        let mut blocked = false;
        // What the file says it has goes straight to where it stays.
        let head = if expected > 0 {
            let mut done = 0;
            sys::bytes_with(py, expected, |to| {
                while done < expected {
                    // SAFETY: within the object's memory, which only this call knows.
                    match unsafe { sys::read(py, fd, to.add(done), expected - done)? } {
                        Some(0) => break,
                        Some(n) => done += n,
                        None if done == 0 => {
                            blocked = true;
                            return Ok(None);
                        }
                        None => {
                            blocked = true;
                            break;
                        }
                    }
                }
                Ok(Some(done))
            })?
        } else {
            Some(PyBytes::new(py, b"")?)
        };
        let Some(head) = head else { return Ok(None) };
        if blocked || head.len() < expected {
            return Ok(Some(head));
        }
        // It may have grown, or not know its size.
        loop {
            let got = if more.is_empty() {
                // SAFETY: the array is there while the call runs.
                unsafe { sys::read(py, fd, small.as_mut_ptr(), small.len())? }
            } else {
                let room = (more.len() / 2).max(DEFAULT_BUFFER_SIZE);
                if more.try_reserve(room).is_err() {
                    return Err(err::no_memory(py));
                }
                let free = more.spare_capacity_mut();
                // SAFETY: reserved just now.
                let got = unsafe { sys::read(py, fd, free.as_mut_ptr().cast(), free.len())? };
                // SAFETY: the call wrote as many bytes.
                unsafe { more.set_len(more.len() + got.unwrap_or(0)) };
                match got {
                    Some(0) | None => break,
                    Some(_) => continue,
                }
            };
            match got {
                Some(0) => break,
                Some(n) => more.extend_from_slice(&small[..n]),
                None if head.len() == 0 => return Ok(None),
                None => break,
            }
        }
        if more.is_empty() {
            return Ok(Some(head));
        }
        sys::bytes_with(py, head.len() + more.len(), |to| {
            // SAFETY: the object has room for both.
            unsafe {
                core::ptr::copy_nonoverlapping(head.as_slice().as_ptr(), to, head.len());
                core::ptr::copy_nonoverlapping(more.as_ptr(), to.add(head.len()), more.len());
            }
            Ok(Some(head.len() + more.len()))
        })
    }

    /// Read at most size bytes, returned as bytes.
    ///
    /// If size is less than 0, read all bytes in the file making multiple read calls.
    /// See ``FileIO.readall``.
    ///
    /// Attempts to make only one system call, retrying only per PEP 475 (EINTR). This
    /// means less data may be returned than requested.
    ///
    /// In non-blocking mode, returns None if no data is available. Return an empty
    /// bytes object at EOF.
    #[method]
    #[signature("(self, size=None, /)", text = "($self, size=-1, /)")]
    fn read(&self, py: Python, size: Option<Size>) -> PyResult<Option<Py<PyBytes>>> {
        let fd = self.reading(py)?;
        let size = size.map_or(-1, |s| s.0);
        if size < 0 {
            return self.readall(py);
        }
        let size = (size as usize).min(sys::MAX_TRANSFER);
        // SAFETY: the object's memory is only this call's.
        sys::bytes_with(py, size, |to| unsafe { sys::read(py, fd, to, size) })
    }

    /// Write buffer b to file, return number of bytes written.
    ///
    /// Only makes one system call, so not all of the data may be written.
    /// The number of bytes actually written is returned.  In non-blocking mode,
    /// returns None if the write would block.
    #[method]
    #[signature("(self, b, /)")]
    fn write(&self, py: Python, b: &PyObject) -> PyResult<Option<usize>> {
        self.writing(py)?;
        let view = Buffer::get(py, b, buffer::SIMPLE)?;
        // SAFETY: the view keeps the memory.
        unsafe { self.write_raw(py, view.view().buf as *const u8, view.len()) }
    }

    /// Move to new file position and return the file position.
    ///
    /// Argument offset is a byte count.  Optional argument whence defaults to
    /// SEEK_SET or 0 (offset from start of file, offset should be >= 0); other values
    /// are SEEK_CUR or 1 (move relative to current position, positive or negative),
    /// and SEEK_END or 2 (move relative to end of file, usually negative, although
    /// many platforms allow seeking beyond the end of a file).
    ///
    /// Note that not all file objects are seekable.
    #[method]
    #[signature("(self, pos, whence=0, /)")]
    fn seek(&self, py: Python, pos: &PyObject, whence: i32) -> PyResult<i64> {
        self.open_fd(py)?;
        let pos = super::offset(py, pos)?;
        self.seek_raw(py, pos, whence)
    }

    /// Current file position.
    ///
    /// Can raise OSError for non seekable files.
    #[method]
    fn tell(&self, py: Python) -> PyResult<i64> {
        self.seek_raw(py, 0, libc::SEEK_CUR)
    }

    /// Truncate the file to at most size bytes and return the truncated size.
    ///
    /// Size defaults to the current file position, as returned by tell().
    /// The current file position is changed to the value of size.
    #[method]
    #[signature("(self, size=None, /)")]
    fn truncate(&self, py: Python, size: Option<&PyObject>) -> PyResult {
        let fd = self.writing(py)?;
        let size = match size {
            Some(size) => Py::new_ref(size),
            None => PyLong::from_i64(py, self.seek_raw(py, 0, libc::SEEK_CUR)?)?.into_object(),
        };
        let n = super::offset(py, &size)?;
        // SAFETY: a plain system call.
        match sys::call(py, || unsafe { libc::ftruncate(fd, n) }.into())? {
            Ok(_) => {
                // What was known of the size is wrong now.
                self.stat_at_open.set(None);
                Ok(size)
            }
            Err(_) => Err(os_error(py, None)),
        }
    }

    /// True if the file is connected to a TTY device.
    #[method]
    fn isatty(&self, py: Python) -> PyResult<bool> {
        let fd = self.open_fd(py)?;
        // SAFETY: a plain system call.
        Ok(py.allow_threads(|| unsafe { libc::isatty(fd) }) == 1)
    }

    /// Whether the file was a TTY when it was opened.
    ///
    /// What was learned at opening may save the system call.
    #[method]
    fn _isatty_open_only(&self, py: Python) -> PyResult<bool> {
        if let Some(stat) = self.stat_at_open.get()
            && stat.mode & libc::S_IFMT != libc::S_IFCHR
        {
            return Ok(false);
        }
        self.isatty(py)
    }

    #[method]
    #[signature("(self, source, /)", hidden)]
    fn _dealloc_warn(&self, py: Python, source: &PyObject) {
        self.warn_unclosed(py, source);
    }

    #[method]
    fn __getstate__(&self, py: Python) -> PyResult {
        Err(super::cannot_pickle(py, self))
    }
}

/// The memory of an argument that is written to.
pub fn writable_buffer(py: Python, obj: &PyObject, argument: &str) -> PyResult<Buffer> {
    match Buffer::get(py, obj, buffer::WRITABLE) {
        Ok(view) => Ok(view),
        Err(_) => {
            err::clear(py);
            Err(raise!(
                py,
                TypeError,
                "{argument} must be read-write bytes-like object, not {:.50}",
                obj.ty().full_name()
            ))
        }
    }
}
