//! Streams without an evaluation loop: the classes are called through the object protocols.

use core::cell::Cell;
use std::sync::OnceLock;
use taipan_modules_io::io_::buffered::{PyBufferedRandom, PyBufferedReader, PyBufferedWriter};
use taipan_modules_io::io_::bytesio::PyBytesIO;
use taipan_modules_io::io_::fileio::PyFileIO;
use taipan_modules_io::io_::newline::PyIncrementalNewlineDecoder;
use taipan_modules_io::io_::stringio::PyStringIO;
use taipan_modules_io::io_::text::PyTextIOWrapper;
use taipan_object::abstracts::buffer::{self, Buffer};
use taipan_object::codecs::{self, registry};
use taipan_object::runtime::interp::{self, InterpreterState};
use taipan_object::runtime::tstate::{self, PyThreadState};
use taipan_object::types::registry as types;
use taipan_object::types::tuple::PyTuple_Type;
use taipan_object::types::type_::new_type;
use taipan_object::{
    Py, PyBytes, PyClass, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, Slot, Trace, err, pyclass,
    pyfunction, pymodule,
};

/// An incremental decoder for UTF-8, as `encodings.utf_8` has one.
#[derive(Trace)]
#[repr(C)]
struct PyDecoder {
    ob_base: PyObject,
    kept: Slot<PyBytes>,
    calls: Cell<usize>,
}

#[pyclass(name = "test.Decoder", flags(GC))]
impl PyDecoder {
    #[signature("(errors='strict')")]
    fn tp_new(py: Python, cls: &taipan_object::PyType, errors: &str) -> PyResult<Py<PyDecoder>> {
        let _ = errors;
        PyDecoder::alloc(py, cls, |head| PyDecoder { ob_base: head, kept: Slot::empty(), calls: Cell::new(0) })
    }
    #[method]
    #[signature("(self, input, final=False)")]
    fn decode(&self, py: Python, input: &PyObject, r#final: bool) -> PyResult<Py<PyStr>> {
        self.calls.set(self.calls.get() + 1);
        let mut data = self.kept.get().map_or_else(Vec::new, |b| b.as_slice().to_vec());
        data.extend_from_slice(Buffer::get(py, input, buffer::SIMPLE)?.as_slice());
        let (text, used) = codecs::decode_utf8(py, &data, None, r#final)?;
        self.kept.set(Some(PyBytes::new(py, &data[used..])?));
        Ok(text)
    }
    #[method]
    fn getstate(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let kept = self.kept.get().map_or_else(|| PyBytes::new(py, b""), Ok)?;
        PyTuple::from_slice(py, &[kept.as_object(), PyLong::from_i64(py, 0)?.as_object()])
    }
    #[method]
    #[signature("(self, state, /)")]
    fn setstate(&self, _py: Python, state: &PyObject) {
        // An encoder's state is a number, a decoder's a pair.
        let kept = state.downcast::<PyTuple>().and_then(|t| t.get(0).downcast::<PyBytes>());
        self.kept.set(kept.map(Py::new_ref));
    }
    #[method]
    fn reset(&self) {
        self.kept.clear();
    }
}

#[pyfunction]
#[signature("(name, /)")]
fn search(py: Python, name: &str) -> PyResult {
    if name != "utf_8" {
        return Ok(py.none());
    }
    let dict = PyDict::new(py)?;
    let decoder = PyDecoder::type_object(py);
    dict.set(py, &*PyStr::new(py, "incrementaldecoder")?, decoder)?;
    dict.set(py, &*PyStr::new(py, "incrementalencoder")?, decoder)?;
    dict.set(py, &*PyStr::new(py, "name")?, &*PyStr::new(py, "utf-8")?)?;
    let bases = PyTuple::from_slice(py, &[&PyTuple_Type])?;
    let class = new_type(py, "CodecInfo", &bases, &dict)?;
    let none = py.none();
    class.call1(py, &*PyTuple::from_slice(py, &[&none, &none, &none, &none])?)
}

pymodule! { name: "test", functions: [search], }

/// Runs `f` with the GIL of the one interpreter of this test program.
fn with_py(f: impl FnOnce(Python)) {
    static INTERP: OnceLock<usize> = OnceLock::new();
    // SAFETY: each test runs on its own thread, with its own thread state, in an interpreter that lives for ever.
    unsafe {
        let interp = *INTERP.get_or_init(|| {
            taipan_object::abstracts::hash::init_secret(Some(0));
            let interp = InterpreterState::create(0);
            interp::set_main_interpreter(interp);
            let ts = PyThreadState::new(interp);
            tstate::attach(ts);
            let py = Python::assume();
            assert!(types::init(py).is_ok(), "{}", message(py));
            let module = ok(py, taipan_object::PyModule::new(py, "test"));
            let table = MODULE.def().m_methods;
            let name = s(py, "test");
            ok(py, taipan_object::types::module::def::add_functions(py, &module, &name, table));
            let search = ok(py, module.getattr(py, &s(py, "search")));
            ok(py, registry::register(py, &search));
            tstate::detach();
            interp as usize
        });
        let ts = PyThreadState::new(interp as *mut InterpreterState);
        tstate::attach(ts);
        struct Detach;
        impl Drop for Detach {
            fn drop(&mut self) {
                // SAFETY: attached above.
                unsafe { tstate::detach() };
            }
        }
        let _detach = Detach;
        f(Python::assume());
    }
}

fn message(py: Python) -> String {
    let Some(exc) = err::take(py) else { return "no exception".to_owned() };
    let text = exc.str(py).map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{}: {text}", exc.ty().name())
}

fn ok<T>(py: Python, result: PyResult<T>) -> T {
    match result {
        Ok(v) => v,
        Err(_) => panic!("{}", message(py)),
    }
}

fn s(py: Python, text: &str) -> Py<PyStr> {
    ok(py, PyStr::intern(py, text))
}
fn b(py: Python, data: &[u8]) -> Py {
    ok(py, PyBytes::new(py, data)).into_object()
}
fn int(py: Python, n: i64) -> Py {
    ok(py, PyLong::from_i64(py, n)).into_object()
}

/// `repr` of what a method gives, or the exception.
fn call(py: Python, obj: &PyObject, method: &str, args: &[&PyObject]) -> String {
    match obj.call_method(py, &s(py, method), args).and_then(|r| r.repr(py)) {
        Ok(text) => text.to_string_lossy().into_owned(),
        Err(_) => message(py),
    }
}
fn get(py: Python, obj: &PyObject, name: &str) -> String {
    match obj.getattr(py, &s(py, name)).and_then(|r| r.repr(py)) {
        Ok(text) => text.to_string_lossy().into_owned(),
        Err(_) => message(py),
    }
}
fn lines(py: Python, obj: &PyObject) -> Vec<String> {
    let mut all = Vec::new();
    ok(
        py,
        obj.iterate(py, |line| {
            all.push(line.repr(py)?.to_string_lossy().into_owned());
            Ok(())
        }),
    );
    all
}
fn make<T: PyClass>(py: Python, args: &[&PyObject]) -> Py {
    ok(py, T::type_object(py).call(py, args))
}
fn path(py: Python, name: &str) -> Py<PyStr> {
    let file = std::env::temp_dir().join(format!("taipan-io-{}-{name}", std::process::id()));
    ok(py, PyStr::new(py, file.to_str().expect("a plain path")))
}

#[test]
fn raw_files() {
    with_py(|py| {
        let name = path(py, "raw");
        let f = make::<PyFileIO>(py, &[&name, &s(py, "w+")]);
        assert_eq!(call(py, &f, "write", &[&b(py, b"hello\nworld\n")]), "12");
        assert_eq!(call(py, &f, "seek", &[&int(py, 0)]), "0");
        assert_eq!(call(py, &f, "read", &[&int(py, 3)]), "b'hel'");
        assert_eq!(call(py, &f, "readall", &[]), r"b'lo\nworld\n'");
        assert_eq!(call(py, &f, "read", &[]), "b''");
        assert_eq!(call(py, &f, "tell", &[]), "12");
        assert_eq!(call(py, &f, "truncate", &[&int(py, 7)]), "7");
        call(py, &f, "seek", &[&int(py, 0)]);
        assert_eq!(lines(py, &f), [r"b'hello\n'", "b'w'"]);
        assert_eq!(get(py, &f, "mode"), "'rb+'");
        assert!(ok(py, f.repr(py)).to_string_lossy().ends_with("mode='rb+' closefd=True>"));
        assert_eq!(call(py, &f, "seekable", &[]), "True");
        assert_eq!(call(py, &f, "close", &[]), "None");
        assert_eq!(get(py, &f, "closed"), "True");
        assert_eq!(call(py, &f, "read", &[]), "ValueError: I/O operation on closed file");
        assert_eq!(&*ok(py, f.repr(py)).to_string_lossy(), "<_io.FileIO [closed]>");
        let r = make::<PyFileIO>(py, &[&name]);
        assert_eq!(call(py, &r, "write", &[&b(py, b"")]), "UnsupportedOperation: File not open for writing");
        drop(r);
        let bad = PyFileIO::type_object(py).call(py, &[&name, &s(py, "rw")]);
        assert!(bad.is_err());
        assert_eq!(
            message(py),
            "ValueError: Must have exactly one of create/read/write/append mode and at most one plus"
        );
        std::fs::remove_file(&*name.to_string_lossy()).expect("the file is there");
    });
}

#[test]
fn buffered() {
    with_py(|py| {
        let name = path(py, "buffered");
        let w = make::<PyBufferedWriter>(py, &[&make::<PyFileIO>(py, &[&name, &s(py, "w")]), &int(py, 8)]);
        for part in [&b"ab"[..], b"cdefghij", b"", b"klmnopqrstuvwxyz\n", b"second\n", b"third"] {
            assert_eq!(call(py, &w, "write", &[&b(py, part)]), part.len().to_string());
        }
        assert_eq!(call(py, &w, "tell", &[]), "39");
        assert_eq!(call(py, &w, "close", &[]), "None");
        assert_eq!(call(py, &w, "write", &[&b(py, b"")]), "ValueError: write to closed file");

        let r = make::<PyBufferedReader>(py, &[&make::<PyFileIO>(py, &[&name]), &int(py, 8)]);
        assert_eq!(call(py, &r, "peek", &[]), "b'abcdefgh'");
        assert_eq!(call(py, &r, "read", &[&int(py, 3)]), "b'abc'");
        assert_eq!(call(py, &r, "tell", &[]), "3");
        assert_eq!(call(py, &r, "seek", &[&int(py, 1)]), "1");
        assert_eq!(call(py, &r, "read", &[&int(py, 20)]), "b'bcdefghijklmnopqrstu'");
        assert_eq!(call(py, &r, "read1", &[]), "b'vwx'");
        assert_eq!(call(py, &r, "readline", &[]), r"b'yz\n'");
        assert_eq!(lines(py, &r), [r"b'second\n'", "b'third'"]);
        assert_eq!(call(py, &r, "seek", &[&int(py, -5), &int(py, 2)]), "34");
        assert_eq!(call(py, &r, "read", &[]), "b'third'");
        assert_eq!(call(py, &r, "read", &[&int(py, -2)]), "ValueError: read length must be non-negative or -1");
        assert_eq!(call(py, &r, "close", &[]), "None");
        assert_eq!(call(py, &r, "read", &[]), "ValueError: read of closed file");

        let u = make::<PyBufferedRandom>(py, &[&make::<PyFileIO>(py, &[&name, &s(py, "r+")]), &int(py, 8)]);
        assert_eq!(call(py, &u, "read", &[&int(py, 2)]), "b'ab'");
        assert_eq!(call(py, &u, "write", &[&b(py, b"XY")]), "2");
        assert_eq!(call(py, &u, "read", &[&int(py, 2)]), "b'ef'");
        assert_eq!(call(py, &u, "seek", &[&int(py, 0)]), "0");
        assert_eq!(call(py, &u, "readline", &[]), r"b'abXYefghijklmnopqrstuvwxyz\n'");
        assert_eq!(call(py, &u, "close", &[]), "None");

        // Over a stream that is no file.
        let r = make::<PyBufferedReader>(py, &[&make::<PyBytesIO>(py, &[&b(py, b"0123456789")]), &int(py, 4)]);
        assert_eq!(call(py, &r, "read", &[&int(py, 6)]), "b'012345'");
        assert_eq!(call(py, &r, "read", &[]), "b'6789'");
        std::fs::remove_file(&*name.to_string_lossy()).expect("the file is there");
    });
}

#[test]
fn bytes_in_memory() {
    with_py(|py| {
        let all = b(py, b"one\ntwo\nthree");
        let f = make::<PyBytesIO>(py, &[&all]);
        assert!(ok(py, f.call_method0(py, &s(py, "getvalue"))).is(&all));
        assert!(ok(py, f.call_method0(py, &s(py, "read"))).is(&all));
        call(py, &f, "seek", &[&int(py, 0)]);
        assert_eq!(lines(py, &f), [r"b'one\n'", r"b'two\n'", "b'three'"]);
        call(py, &f, "seek", &[&int(py, 15)]);
        assert_eq!(call(py, &f, "write", &[&b(py, b"!")]), "1");
        assert_eq!(call(py, &f, "getvalue", &[]), r"b'one\ntwo\nthree\x00\x00!'");
        let view = ok(py, f.call_method0(py, &s(py, "getbuffer")));
        assert_eq!(
            call(py, &f, "write", &[&b(py, b"!")]),
            "BufferError: Existing exports of data: object cannot be re-sized"
        );
        ok(py, view.set_item(py, &int(py, 0), &int(py, 79)));
        drop(view);
        assert_eq!(call(py, &f, "truncate", &[&int(py, 3)]), "3");
        assert_eq!(call(py, &f, "__getstate__", &[]), "(b'One', 16, None)");
        assert_eq!(call(py, &f, "close", &[]), "None");
        assert_eq!(call(py, &f, "read", &[]), "ValueError: I/O operation on closed file.");
    });
}

#[test]
fn text_in_memory() {
    with_py(|py| {
        let f = make::<PyStringIO>(py, &[]);
        assert_eq!(call(py, &f, "write", &[&s(py, "añ€\n")]), "4");
        assert_eq!(call(py, &f, "write", &[&s(py, "x\r\ny")]), "4");
        assert_eq!(call(py, &f, "getvalue", &[]), r"'añ€\nx\r\ny'");
        call(py, &f, "seek", &[&int(py, 1)]);
        assert_eq!(call(py, &f, "write", &[&s(py, "🐍")]), "1");
        assert_eq!(call(py, &f, "readline", &[]), r"'€\n'");
        assert_eq!(lines(py, &f), [r"'x\r\n'", "'y'"]);
        let f = make::<PyStringIO>(py, &[&s(py, "a\r\nb\rc\n"), &py.none()]);
        assert_eq!(call(py, &f, "read", &[]), r"'a\nb\nc\n'");
        assert_eq!(get(py, &f, "newlines"), r"('\r', '\n', '\r\n')");
        let f = make::<PyStringIO>(py, &[&s(py, "a\nb"), &s(py, "\r\n")]);
        assert_eq!(lines(py, &f), [r"'a\r\n'", "'b'"]);
        assert_eq!(call(py, &f, "write", &[&int(py, 3)]), "TypeError: string argument expected, got 'int'");
        assert_eq!(call(py, &f, "__getstate__", &[]), r"('a\r\nb', '\r\n', 4, None)");
    });
}

#[test]
fn newlines() {
    with_py(|py| {
        let d = make::<PyIncrementalNewlineDecoder>(py, &[&py.none(), &py.bool(true)]);
        assert_eq!(call(py, &d, "decode", &[&s(py, "a\r")]), "'a'");
        assert_eq!(call(py, &d, "getstate", &[]), "(b'', 1)");
        assert_eq!(call(py, &d, "decode", &[&s(py, "\nb\rc")]), r"'\nb\nc'");
        assert_eq!(call(py, &d, "decode", &[&s(py, "\r"), &py.bool(true)]), r"'\n'");
        assert_eq!(get(py, &d, "newlines"), r"('\r', '\r\n')");
    });
}

#[test]
fn text_over_buffers() {
    with_py(|py| {
        let utf8 = s(py, "utf-8");
        let below = make::<PyBytesIO>(py, &[]);
        let w = make::<PyTextIOWrapper>(py, &[&below, &utf8, &py.none(), &s(py, "\r\n")]);
        assert_eq!(call(py, &w, "write", &[&s(py, "héllo\n")]), "6");
        assert_eq!(call(py, &w, "write", &[&s(py, "wörld\n€🐍")]), "8");
        assert_eq!(call(py, &below, "getvalue", &[]), "b''");
        assert_eq!(call(py, &w, "flush", &[]), "None");
        assert_eq!(
            call(py, &below, "getvalue", &[]),
            r"b'h\xc3\xa9llo\r\nw\xc3\xb6rld\r\n\xe2\x82\xac\xf0\x9f\x90\x8d'"
        );

        call(py, &below, "seek", &[&int(py, 0)]);
        let r = make::<PyTextIOWrapper>(py, &[&below, &utf8]);
        ok(py, r.setattr(py, &s(py, "_CHUNK_SIZE"), &int(py, 3)));
        assert_eq!(call(py, &r, "read", &[&int(py, 4)]), "'héll'");
        let cookie = ok(py, r.call_method0(py, &s(py, "tell")));
        assert_eq!(call(py, &r, "readline", &[]), r"'o\n'");
        assert_eq!(call(py, &r, "readline", &[&int(py, 2)]), "'wö'");
        assert_eq!(call(py, &r, "read", &[]), r"'rld\n€🐍'");
        assert_eq!(get(py, &r, "newlines"), r"'\r\n'");
        call(py, &r, "seek", &[&cookie]);
        assert_eq!(lines(py, &r), [r"'o\n'", r"'wörld\n'", "'€🐍'"]);

        // Every position can be gone back to.
        call(py, &r, "seek", &[&int(py, 0)]);
        let whole = ok(py, r.call_method0(py, &s(py, "read"))).str(py);
        let whole = ok(py, whole);
        for i in 0..=whole.len() {
            call(py, &r, "seek", &[&int(py, 0)]);
            call(py, &r, "read", &[&int(py, i as i64)]);
            let cookie = ok(py, r.call_method0(py, &s(py, "tell")));
            let first = call(py, &r, "read", &[]);
            assert_eq!(call(py, &r, "seek", &[&cookie]), ok(py, cookie.repr(py)).to_string_lossy());
            assert_eq!(call(py, &r, "read", &[]), first, "after {i} characters");
        }

        call(py, &below, "seek", &[&int(py, 0)]);
        let r = make::<PyTextIOWrapper>(py, &[&below, &utf8, &py.none(), &s(py, "\r\n")]);
        ok(py, r.setattr(py, &s(py, "_CHUNK_SIZE"), &int(py, 1)));
        assert_eq!(lines(py, &r), [r"'héllo\r\n'", r"'wörld\r\n'", "'€🐍'"]);
        assert_eq!(&*ok(py, r.repr(py)).to_string_lossy(), "<_io.TextIOWrapper encoding='utf-8'>");
        assert_eq!(call(py, &r, "write", &[&int(py, 1)]), "TypeError: write() argument must be str, not int");
        call(py, &r, "detach", &[]);
        assert_eq!(call(py, &r, "read", &[]), "ValueError: underlying buffer has been detached");
    });
}

/// An unclosed writer is flushed and closed when it goes.
#[test]
fn finalisation() {
    with_py(|py| {
        let name = path(py, "final");
        let raw = make::<PyFileIO>(py, &[&name, &s(py, "w")]);
        let text = make::<PyTextIOWrapper>(py, &[&make::<PyBufferedWriter>(py, &[&raw]), &s(py, "utf-8")]);
        call(py, &text, "write", &[&s(py, "kept")]);
        drop(text);
        assert_eq!(get(py, &raw, "closed"), "True");
        let file = name.to_string_lossy().into_owned();
        assert_eq!(std::fs::read_to_string(&file).expect("it was written"), "kept");
        std::fs::remove_file(file).expect("the file is there");
    });
}

/// The modules as they are imported: functions, classes, constants.
#[test]
fn modules() {
    with_py(|py| {
        let make = |native: &'static taipan_object::declare::NativeModule| {
            let module = ok(py, taipan_object::PyModule::new(py, native.name()));
            let name = s(py, native.name());
            let table = native.def().m_methods;
            ok(py, taipan_object::types::module::def::add_functions(py, &module, &name, table));
            ok(py, native.execute(py, &module));
            module
        };
        let io = make(taipan_modules_io::MODULES[0]);
        for name in "BlockingIOError BufferedRWPair BufferedRandom BufferedReader BufferedWriter BytesIO \
                     DEFAULT_BUFFER_SIZE FileIO IncrementalNewlineDecoder StringIO TextIOWrapper UnsupportedOperation \
                     _BufferedIOBase _BytesIOBuffer _IOBase _RawIOBase _TextIOBase open open_code text_encoding"
            .split_whitespace()
        {
            assert!(ok(py, io.hasattr(py, &s(py, name))), "{name}");
        }
        let file = path(py, "open");
        let encoding = [&*s(py, "utf-8") as &PyObject].map(Py::new_ref);
        let none = py.none();
        let minus = int(py, -1);
        let w = ok(py, io.call_method(py, &s(py, "open"), &[&file, &s(py, "w"), &minus, &encoding[0]]));
        assert_eq!(
            call(py, &w, "writelines", &[&*ok(py, PyTuple::from_slice(py, &[&s(py, "a\n"), &s(py, "ü")]))]),
            "None"
        );
        assert_eq!(get(py, &w, "mode"), "'w'");
        call(py, &w, "close", &[]);
        let r = ok(py, io.call_method(py, &s(py, "open"), &[&file, &s(py, "r"), &minus, &encoding[0], &none]));
        assert_eq!(lines(py, &r), [r"'a\n'", "'ü'"]);
        call(py, &r, "close", &[]);
        let r = ok(py, io.call_method(py, &s(py, "open_code"), &[&file]));
        assert_eq!(call(py, &r, "read", &[]), r"b'a\n\xc3\xbc'");
        call(py, &r, "close", &[]);
        for (mode, text) in [
            ("rb", "ValueError: binary mode doesn't take an encoding argument"),
            ("rt+w", "ValueError: must have exactly one of create/read/write/append mode"),
            ("rr", "ValueError: invalid mode: 'rr'"),
            ("t", "ValueError: Must have exactly one of create/read/write/append mode and at most one plus"),
        ] {
            assert_eq!(call(py, &io, "open", &[&file, &s(py, mode), &minus, &encoding[0]]), text);
        }
        assert!(call(py, &io, "open", &[&s(py, "/nonexistent/file")]).starts_with("FileNotFoundError: [Errno 2]"));
        assert!(call(py, &io, "open", &[&s(py, "/")]).starts_with("IsADirectoryError: [Errno 21]"));
        std::fs::remove_file(&*file.to_string_lossy()).expect("the file is there");

        let codecs = make(taipan_modules_io::MODULES[1]);
        assert_eq!(call(py, &codecs, "utf_8_encode", &[&s(py, "é€")]), r"(b'\xc3\xa9\xe2\x82\xac', 2)");
        assert_eq!(call(py, &codecs, "utf_8_decode", &[&b(py, b"\xc3\xa9\xe2")]), "('é', 2)");
        assert_eq!(call(py, &codecs, "utf_16_ex_decode", &[&b(py, b"\xfe\xff\0a")]), "('a', 4, 1)");
        assert_eq!(call(py, &codecs, "escape_decode", &[&s(py, r"a\x41\n")]), r"(b'aA\n', 7)");
        assert_eq!(call(py, &codecs, "latin_1_encode", &[&s(py, "é")]), r"(b'\xe9', 1)");
        assert_eq!(
            call(py, &codecs, "ascii_decode", &[&b(py, b"\xff")]),
            "UnicodeDecodeError: 'ascii' codec can't decode byte 0xff in position 0: ordinal not in range(128)"
        );
        assert_eq!(call(py, &codecs, "lookup", &[&s(py, "nothing")]), "LookupError: unknown encoding: nothing");
        assert_eq!(call(py, &codecs, "charmap_decode", &[&b(py, b"\x01"), &none, &s(py, "xyz")]), "('y', 1)");
    });
}

/// A pipe that takes or gives nothing at the moment.
#[test]
fn non_blocking() {
    with_py(|py| {
        let mut ends = [0; 2];
        // SAFETY: there is room for both descriptors.
        assert_eq!(unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_NONBLOCK | libc::O_CLOEXEC) }, 0);
        let r = make::<PyBufferedReader>(py, &[&make::<PyFileIO>(py, &[&int(py, ends[0].into())])]);
        let raw = make::<PyFileIO>(py, &[&int(py, ends[1].into()), &s(py, "w")]);
        let w = make::<PyBufferedWriter>(py, &[&raw, &int(py, 16)]);
        assert_eq!(call(py, &r, "read", &[]), "None");
        assert_eq!(call(py, &r, "read", &[&int(py, 3)]), "None");
        let big = b(py, &vec![b'x'; 1 << 20]);
        let result = w.call_method1(py, &s(py, "write"), &big);
        assert!(result.is_err());
        let exc = err::take(py).expect("it is set");
        assert_eq!(exc.ty().name(), "BlockingIOError");
        // What the pipe took, and a buffer.
        assert_eq!(get(py, &exc, "characters_written"), (65536 + 16).to_string());
        assert_eq!(
            call(py, &w, "write", &[&b(py, b"y")]),
            "BlockingIOError: [Errno 11] write could not complete without blocking"
        );
        let got = ok(py, r.call_method0(py, &s(py, "read")));
        assert_eq!(ok(py, got.len(py)), 65536);
        assert_eq!(call(py, &w, "write", &[&b(py, b"yz")]), "2");
        assert_eq!(call(py, &w, "close", &[]), "None");
        assert_eq!(call(py, &r, "read", &[]), "b'xxxxxxxxxxxxxxxxyz'");
        assert_eq!(call(py, &r, "seek", &[&int(py, 0)]), "UnsupportedOperation: File or stream is not seekable.");
        assert_eq!(call(py, &r, "close", &[]), "None");
    });
}

/// Threads that write to one buffer wait for each other; nothing is lost or torn.
#[test]
fn threads() {
    const LINE: &[u8] = b"a line of some length, longer than the buffer\n";
    let mut shared = 0usize;
    let mut name = String::new();
    with_py(|py| {
        let file = path(py, "threads");
        name = file.to_string_lossy().into_owned();
        let w = make::<PyBufferedWriter>(py, &[&make::<PyFileIO>(py, &[&file, &s(py, "w")]), &int(py, 16)]);
        shared = w.into_raw() as usize;
    });
    let work = move || {
        with_py(|py| {
            // SAFETY: the reference is given up below, when all threads are done.
            let w = unsafe { &*(shared as *const PyObject) };
            for _ in 0..500 {
                assert_eq!(call(py, w, "write", &[&b(py, LINE)]), LINE.len().to_string());
            }
        });
    };
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(work)).collect();
    for t in threads {
        t.join().expect("no thread fails");
    }
    with_py(|py| {
        // SAFETY: the reference from above.
        let w = unsafe { Py::from_owned(shared as *const PyObject) };
        assert_eq!(call(py, &w, "close", &[]), "None");
    });
    assert!(std::fs::read(&name).expect("it was written") == LINE.repeat(2000));
    std::fs::remove_file(name).expect("the file is there");
}
