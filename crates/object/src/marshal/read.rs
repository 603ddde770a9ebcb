//! `marshal.loads` and `marshal.load`.

use super::raise_marshal;
use crate::types::code::{self, Parts};
use crate::types::set::{PyFrozenSet, PySet};
use crate::{
    Py, PyByteArray, PyBytes, PyClass, PyComplex, PyDict, PyFloat, PyList, PyLong, PyObject, PyResult, PySlice, PyStr,
    PyTuple, Python, Raised, err, exceptions, id, raise,
};
use taipan_bytecode::marshal::{Builder, CodeParts, Kind, MarshalError, Reader, SliceSource, Source, Text};

/// The object that `data` begins with. Bytes behind it are ignored.
///
/// EOFError for data that ends early, ValueError for data that marshal does not write, TypeError for a NULL or an
/// unhashable element; ValueError for a code object if `allow_code` is false.
pub fn loads(py: Python, data: &[u8], allow_code: bool) -> PyResult {
    let mut reader = Reader::new(SliceSource::new(data), Objects { py, allow_code });
    reader.read().map_err(|e| e.raise(py))
}

/// The object that is read from a binary file (`marshal.load`). As [`loads`]; TypeError if the file's `read()` does not
/// give bytes.
pub fn load(py: Python, file: &PyObject, allow_code: bool) -> PyResult {
    // An early word on files opened as text.
    let zero = PyLong::from_i64(py, 0)?;
    let probe = file.call_method(py, id!(py, "read"), &[&zero])?;
    if probe.downcast::<PyBytes>().is_none() {
        let found = probe.ty().full_name();
        return Err(raise!(py, TypeError, "file.read() returned not bytes but {found}"));
    }
    let mut reader = Reader::new(FileSource { py, file, buffer: Vec::new() }, Objects { py, allow_code });
    reader.read().map_err(|e| e.raise(py))
}

/// Why reading failed.
enum Error {
    /// To be raised.
    Marshal(MarshalError),
    /// An exception is set.
    Raised(Raised),
}

impl Error {
    fn raise(self, py: Python) -> Raised {
        match self {
            Error::Marshal(e) => raise_marshal(py, &e),
            Error::Raised(raised) => raised,
        }
    }
}

impl From<MarshalError> for Error {
    fn from(e: MarshalError) -> Error {
        Error::Marshal(e)
    }
}

impl From<Raised> for Error {
    fn from(raised: Raised) -> Error {
        Error::Raised(raised)
    }
}

/// A Python file object, read piece by piece with `readinto`.
struct FileSource<'a> {
    py: Python<'a>,
    file: &'a PyObject,
    buffer: Vec<u8>,
}

impl FileSource<'_> {
    /// Reads `count` bytes into the buffer; fewer at the file's end.
    fn fill(&mut self, count: usize) -> Result<usize, Error> {
        let py = self.py;
        let target = PyByteArray::new(py, &vec![0; count])?;
        let read = self.file.call_method(py, id!(py, "readinto"), &[&target])?;
        let read = crate::abstracts::number::as_ssize(py, &read, Some(exceptions::ValueError()))?;
        if read as usize > count {
            return Err(Error::Raised(raise!(
                py,
                ValueError,
                "read() returned too much data: {count} bytes requested, {read} returned"
            )));
        }
        target.with_slice(|bytes| {
            self.buffer.clear();
            self.buffer.extend_from_slice(&bytes[..(read as usize).min(bytes.len())]);
        });
        Ok(self.buffer.len())
    }
}

impl Source for FileSource<'_> {
    type Error = Error;

    fn byte(&mut self) -> Result<Option<u8>, Error> {
        Ok(if self.fill(1)? == 1 { Some(self.buffer[0]) } else { None })
    }

    fn bytes(&mut self, count: usize) -> Result<&[u8], Error> {
        if count > 0 && self.fill(count)? < count {
            return Err(MarshalError::eof("EOF read where not expected").into());
        }
        Ok(&self.buffer[..count])
    }
}

/// A container that is not complete yet.
enum Container {
    /// Filled with None at first: the items may refer to it.
    Tuple(Py<PyTuple>, usize),
    List(Py<PyList>),
    Set(Py<PySet>),
    FrozenSet(Vec<Py>),
    /// With the key whose value comes next.
    Dict(Py<PyDict>, Option<Py>),
    Slice(Vec<Py>),
}

/// Makes objects.
struct Objects<'py> {
    py: Python<'py>,
    allow_code: bool,
}

impl Builder for Objects<'_> {
    type Value = Py;
    type Container = Container;
    type Error = Error;

    fn none(&mut self) -> Result<Py, Error> {
        Ok(self.py.none())
    }

    fn bool(&mut self, value: bool) -> Result<Py, Error> {
        Ok(self.py.bool(value))
    }

    fn ellipsis(&mut self) -> Result<Py, Error> {
        Ok(self.py.ellipsis())
    }

    fn stop_iteration(&mut self) -> Result<Py, Error> {
        Ok(Py::new_ref(exceptions::StopIteration() as &PyObject))
    }

    fn int(&mut self, value: i64) -> Result<Py, Error> {
        Ok(PyLong::from_i64(self.py, value)?.into_object())
    }

    fn bigint(&mut self, negative: bool, digits: Vec<u32>) -> Result<Py, Error> {
        Ok(PyLong::from_digits(self.py, negative, &digits)?.into_object())
    }

    fn float(&mut self, value: f64) -> Result<Py, Error> {
        Ok(PyFloat::new(self.py, value)?.into_object())
    }

    fn complex(&mut self, real: f64, imag: f64) -> Result<Py, Error> {
        Ok(PyComplex::new(self.py, real, imag)?.into_object())
    }

    fn bytes(&mut self, value: &[u8]) -> Result<Py, Error> {
        Ok(PyBytes::new(self.py, value)?.into_object())
    }

    fn str(&mut self, text: Text<'_>, interned: bool) -> Result<Py, Error> {
        let py = self.py;
        let s = match text {
            Text::Latin1(bytes) => PyStr::from_latin1(py, bytes)?,
            Text::Wtf8(bytes) => match core::str::from_utf8(bytes) {
                Ok(text) => PyStr::new(py, text)?,
                Err(_) => match taipan_bytecode::PyStr::from_wtf8(bytes) {
                    Some(s) => PyStr::from_ucs4(py, &s.code_points().collect::<Vec<u32>>())?,
                    None => return Err(Error::Raised(err::bad_internal_call(py))),
                },
            },
        };
        Ok(if interned { PyStr::intern_in_place(py, s) } else { s }.into_object())
    }

    fn begin(&mut self, kind: Kind, len: usize) -> Result<(Container, Option<Py>), Error> {
        let py = self.py;
        let _room = py.enter_recursive(" while unmarshalling an object")?;
        Ok(match kind {
            Kind::Tuple => {
                let tuple = PyTuple::from_exact_iter(py, (0..len).map(|_| py.none()))?;
                (Container::Tuple(tuple.clone(), 0), Some(tuple.into_object()))
            }
            Kind::List => {
                let list = PyList::new(py)?;
                (Container::List(list.clone()), Some(list.into_object()))
            }
            Kind::Set => {
                let set = PySet::new(py)?;
                (Container::Set(set.clone()), Some(set.into_object()))
            }
            Kind::FrozenSet => (Container::FrozenSet(Vec::new()), None),
            Kind::Dict => {
                let dict = PyDict::new(py)?;
                (Container::Dict(dict.clone(), None), Some(dict.into_object()))
            }
            Kind::Slice => (Container::Slice(Vec::new()), None),
        })
    }

    fn push(&mut self, _kind: Kind, container: &mut Container, item: Py) -> Result<(), Error> {
        let py = self.py;
        match container {
            Container::Tuple(tuple, next) => {
                // SAFETY: within the length that was announced; nobody but the items has seen the tuple.
                drop(unsafe { tuple.replace_item(*next, item) });
                *next += 1;
            }
            Container::List(list) => list.append(py, &item)?,
            Container::Set(set) => {
                set.add(py, &item)?;
            }
            Container::FrozenSet(items) | Container::Slice(items) => items.push(item),
            Container::Dict(dict, key) => match key.take() {
                None => *key = Some(item),
                Some(key) => dict.set(py, &key, &item)?,
            },
        }
        Ok(())
    }

    fn finish(&mut self, _kind: Kind, container: Container) -> Result<Py, Error> {
        let py = self.py;
        Ok(match container {
            Container::Tuple(tuple, _) => tuple.into_object(),
            Container::List(list) => list.into_object(),
            Container::Set(set) => set.into_object(),
            Container::FrozenSet(items) => {
                let items = PyTuple::from_vec(py, items)?;
                PyFrozenSet::from_iterable(py, &items)?.into_object()
            }
            Container::Dict(dict, _) => dict.into_object(),
            Container::Slice(parts) => match &parts[..] {
                [start, stop, step] => PySlice::new(py, start, stop, step)?.into_object(),
                _ => return Err(Error::Raised(err::bad_internal_call(py))),
            },
        })
    }

    fn code(&mut self, parts: CodeParts<Py>) -> Result<Py, Error> {
        let py = self.py;
        if !self.allow_code {
            return Err(MarshalError::value("unmarshalling code objects is disallowed").into());
        }
        let names = part::<PyTuple>(py, parts.localsplusnames)?;
        let kinds = part::<PyBytes>(py, parts.localspluskinds)?;
        let fields = Parts {
            argcount: parts.argcount,
            posonlyargcount: parts.posonlyargcount,
            kwonlyargcount: parts.kwonlyargcount,
            stacksize: parts.stacksize,
            flags: parts.flags,
            firstlineno: parts.firstlineno,
            code: part(py, parts.code)?,
            consts: part(py, parts.consts)?,
            names: part(py, parts.names)?,
            filename: part(py, parts.filename)?,
            name: part(py, parts.name)?,
            qualname: part(py, parts.qualname)?,
            linetable: part(py, parts.linetable)?,
            exceptiontable: part(py, parts.exceptiontable)?,
        };
        Ok(code::from_parts(py, fields, names, kinds.as_slice())?.into_object())
    }
}

/// A part of a code object; SystemError if it is of the wrong type.
fn part<T: PyClass>(py: Python, obj: Py) -> PyResult<Py<T>> {
    obj.downcast_into::<T>().map_err(|_| err::bad_internal_call(py))
}
