//! `marshal.dumps` and `marshal.dump`.

use super::raise_marshal;
use crate::abstracts::buffer::Buffer;
use crate::types::set::PySetObject;
use crate::{
    Py, PyBytes, PyCode, PyComplex, PyDict, PyFloat, PyList, PyLong, PyObject, PyResult, PySlice, PyStr, PyTuple,
    Python, Raised, exceptions, id, raise,
};
use std::collections::HashMap;
use taipan_bytecode::marshal::{CodeHeader, MAX_MARSHAL_STACK_DEPTH, MarshalError, Writer, type_code};

/// The object in marshal's form. A version below 0 counts as 0.
///
/// ValueError for objects that marshal does not know, and for a code object if `allow_code` is false.
pub fn dumps(py: Python, obj: &PyObject, version: i32, allow_code: bool) -> PyResult<Py<PyBytes>> {
    PyBytes::new(py, &to_vec(py, obj, version, allow_code)?)
}

/// Writes the object to a binary file; gives what its `write()` gives (`marshal.dump`).
pub fn dump(py: Python, obj: &PyObject, file: &PyObject, version: i32, allow_code: bool) -> PyResult {
    let bytes = dumps(py, obj, version, allow_code)?;
    file.call_method(py, id!(py, "write"), &[&bytes])
}

fn to_vec(py: Python, obj: &PyObject, version: i32, allow_code: bool) -> PyResult<Vec<u8>> {
    let writer = Writer::new(version.max(0) as u32);
    let mut dumper = Dumper { py, version, allow_code, writer, refs: HashMap::new(), kept: Vec::new(), depth: 0 };
    dumper.object(obj, 0)?;
    Ok(dumper.writer.into_bytes())
}

struct Dumper<'py> {
    py: Python<'py>,
    version: i32,
    allow_code: bool,
    writer: Writer,
    /// Index in the table of references by address.
    refs: HashMap<usize, u32>,
    /// What the table refers to stays alive, lest an address comes again.
    kept: Vec<Py>,
    depth: u32,
}

fn unmarshallable(py: Python) -> Raised {
    raise!(py, ValueError, "unmarshallable object")
}

impl Dumper<'_> {
    fn check(&self, result: Result<(), MarshalError>) -> PyResult<()> {
        result.map_err(|e| raise_marshal(self.py, &e))
    }

    /// Writes an object. `own` is the number of references to it that the walk itself holds.
    fn object(&mut self, obj: &PyObject, own: isize) -> PyResult<()> {
        if self.depth >= MAX_MARSHAL_STACK_DEPTH {
            return Err(raise!(self.py, ValueError, "object too deeply nested to marshal"));
        }
        let _room = self.py.enter_recursive(" while marshalling an object")?;
        self.depth += 1;
        let result = self.object_at_depth(obj, own);
        self.depth -= 1;
        result
    }

    fn object_at_depth(&mut self, obj: &PyObject, own: isize) -> PyResult<()> {
        let singleton = if obj.is_none() {
            type_code::NONE
        } else if obj.is(exceptions::StopIteration()) {
            type_code::STOPITER
        } else if obj.is(crate::singletons::ellipsis()) {
            type_code::ELLIPSIS
        } else if obj.is(crate::singletons::false_()) {
            type_code::FALSE
        } else if obj.is(crate::singletons::true_()) {
            type_code::TRUE
        } else {
            return self.shared(obj, own);
        };
        self.writer.singleton(singleton);
        Ok(())
    }

    /// An object that may come several times: the second time a reference to the first is written.
    fn shared(&mut self, obj: &PyObject, own: isize) -> PyResult<()> {
        if !self.writer.has_refs() {
            return self.value(obj, false);
        }
        // What nobody else refers to cannot come again. Interned strings go into the table in any case.
        let interned = obj.downcast_exact::<PyStr>().is_some_and(PyStr::is_interned);
        if obj.refcnt() - own == 1 && !interned {
            return self.value(obj, false);
        }
        if let Some(&index) = self.refs.get(&obj.id()) {
            let written = self.writer.reference(index);
            return self.check(written);
        }
        let index = self.refs.len() as u32;
        self.refs.insert(obj.id(), index);
        self.kept.push(Py::new_ref(obj));
        self.value(obj, true)
    }

    fn value(&mut self, obj: &PyObject, flag: bool) -> PyResult<()> {
        if let Some(n) = obj.downcast_exact::<PyLong>() {
            return self.int(n, flag);
        }
        if let Some(f) = obj.downcast_exact::<PyFloat>() {
            self.writer.float(f.value(), flag);
            return Ok(());
        }
        if let Some(c) = obj.downcast_exact::<PyComplex>() {
            let (real, imag) = c.value();
            self.writer.complex(real, imag, flag);
            return Ok(());
        }
        if let Some(b) = obj.downcast_exact::<PyBytes>() {
            let written = self.writer.bytes(b.as_slice(), flag);
            return self.check(written);
        }
        if let Some(s) = obj.downcast_exact::<PyStr>() {
            return self.str(s, flag);
        }
        if let Some(t) = obj.downcast_exact::<PyTuple>() {
            let written = self.writer.tuple(t.len(), flag);
            self.check(written)?;
            for item in t.as_slice() {
                self.object(item, 0)?;
            }
            return Ok(());
        }
        if let Some(l) = obj.downcast_exact::<PyList>() {
            let n = l.len();
            let written = self.writer.list(n, flag);
            self.check(written)?;
            for i in 0..n {
                // A list that shrinks meanwhile would make the data a lie.
                let Some(item) = l.get(i) else { return Err(unmarshallable(self.py)) };
                self.object(&item, 1)?;
            }
            return Ok(());
        }
        if let Some(d) = obj.downcast_exact::<PyDict>() {
            self.writer.dict(flag);
            let mut pos = 0;
            while let Some((key, value)) = d.next(&mut pos) {
                self.object(&key, 1)?;
                self.object(&value, 1)?;
            }
            self.writer.singleton(type_code::NULL);
            return Ok(());
        }
        if let Some(set) = PySetObject::from_exact(obj) {
            return self.set(obj, set, flag);
        }
        if let Some(code) = obj.downcast::<PyCode>() {
            return self.code(code, flag);
        }
        if obj.ty().as_buffer().is_some_and(|b| b.bf_getbuffer.get().is_some()) {
            let Ok(buffer) = Buffer::get(self.py, obj, crate::abstracts::buffer::SIMPLE) else {
                crate::err::clear(self.py);
                return Err(unmarshallable(self.py));
            };
            let written = self.writer.bytes(buffer.as_slice(), flag);
            return self.check(written);
        }
        if let Some(s) = obj.downcast_exact::<PySlice>() {
            let written = self.writer.slice(flag);
            self.check(written)?;
            for part in [&s.start, &s.stop, &s.step] {
                match part.get() {
                    Some(part) => self.object(&part, 1)?,
                    None => self.writer.singleton(type_code::NULL),
                }
            }
            return Ok(());
        }
        Err(unmarshallable(self.py))
    }

    fn int(&mut self, n: &PyLong, flag: bool) -> PyResult<()> {
        match n.try_i64() {
            Some(value) => {
                self.writer.int(value, flag);
                Ok(())
            }
            None => {
                let written = self.writer.bigint(n.sign() < 0, n.digits(), flag);
                self.check(written)
            }
        }
    }

    fn str(&mut self, s: &PyStr, flag: bool) -> PyResult<()> {
        let interned = s.is_interned();
        let written = match s.ascii_str() {
            Some(text) => self.writer.str(text.as_bytes(), interned, flag),
            None => self.writer.str(&wtf8(s), interned, flag),
        };
        self.check(written)
    }

    /// The elements of a set are written in the order of their marshalled forms, so that the data is the same each time.
    fn set(&mut self, obj: &PyObject, set: &PySetObject, flag: bool) -> PyResult<()> {
        let frozen = obj.is_type(&crate::types::set::PyFrozenSet_Type);
        let n = set.len();
        let written = if frozen { self.writer.frozenset(n, flag) } else { self.writer.set(n, flag) };
        self.check(written)?;
        let mut elements: Vec<(Vec<u8>, Py)> = Vec::with_capacity(n);
        let (py, version, allow_code) = (self.py, self.version, self.allow_code);
        let depth = self.depth;
        obj.iterate(py, |element| {
            let writer = Writer::new(version.max(0) as u32);
            let mut inner = Dumper { py, version, allow_code, writer, refs: HashMap::new(), kept: Vec::new(), depth };
            inner.object(&element, 0)?;
            elements.push((inner.writer.into_bytes(), element));
            Ok(())
        })?;
        elements.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, element) in &elements {
            self.object(element, 0)?;
        }
        Ok(())
    }

    fn code(&mut self, code: &PyCode, flag: bool) -> PyResult<()> {
        if !self.allow_code {
            return Err(raise!(self.py, ValueError, "marshalling code objects is disallowed"));
        }
        let instructions = code.code_bytes(self.py)?;
        let exceptions = code.exception_table(self.py)?;
        let header = CodeHeader {
            argcount: code.co_argcount.get(),
            posonlyargcount: code.co_posonlyargcount.get(),
            kwonlyargcount: code.co_kwonlyargcount.get(),
            stacksize: code.co_stacksize.get(),
            flags: code.co_flags.get(),
        };
        self.writer.code(&header, flag);
        self.object(&instructions, 0)?;
        self.field(&code.co_consts)?;
        self.field(&code.co_names)?;
        self.field(&code.co_localsplusnames)?;
        self.field(&code.co_localspluskinds)?;
        self.field(&code.co_filename)?;
        self.field(&code.co_name)?;
        self.field(&code.co_qualname)?;
        self.writer.firstlineno(code.co_firstlineno.get());
        self.field(&code.co_linetable)?;
        self.object(&exceptions, 1)
    }

    fn field<T: crate::PyLayout>(&mut self, slot: &crate::Slot<T>) -> PyResult<()> {
        match slot.get() {
            Some(value) => self.object(value.as_object(), 1),
            None => {
                self.writer.singleton(type_code::NULL);
                Ok(())
            }
        }
    }
}

/// UTF-8, surrogates in their three byte form.
fn wtf8(s: &PyStr) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for c in s.chars() {
        match char::from_u32(c) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.extend_from_slice(&[0xE0 | (c >> 12) as u8, 0x80 | (c >> 6 & 63) as u8, 0x80 | (c & 63) as u8]),
        }
    }
    out
}
