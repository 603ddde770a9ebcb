//! `translate` and `maketrans`.

use super::{PyStr, StrBuilder};
use crate::{Py, PyDict, PyLong, PyObject, PyResult, Python, err, exceptions, pack, raise};

/// What a table says about a character.
enum Mapped {
    /// It is not in the table.
    Same,
    Delete,
    Char(u32),
    Text(Py<PyStr>),
}

fn look_up(py: Python, table: &PyObject, c: u32) -> PyResult<Mapped> {
    let key = PyLong::from_i64(py, c as i64)?;
    let value = match table.get_item(py, key.as_object()) {
        Ok(value) => value,
        Err(_) if err::matches(py, exceptions::LookupError()) => {
            err::clear(py);
            return Ok(Mapped::Same);
        }
        Err(raised) => return Err(raised),
    };
    if value.is_none() {
        return Ok(Mapped::Delete);
    }
    if let Some(n) = value.downcast::<PyLong>() {
        return match n.try_i64().and_then(|n| u32::try_from(n).ok()) {
            Some(c @ 0..0x110000) => Ok(Mapped::Char(c)),
            _ => Err(raise!(py, ValueError, "character mapping must be in range(0x110000)")),
        };
    }
    match value.downcast_into::<PyStr>() {
        Ok(text) => Ok(Mapped::Text(text)),
        Err(_) => Err(raise!(py, TypeError, "character mapping must return integer, None or str")),
    }
}

/// In the cache for ASCII characters: not looked up yet, and deleted. Other entries are the character.
const UNKNOWN: u8 = 0xff;
const DELETED: u8 = 0xfe;

impl PyStr {
    /// `translate(table)`.
    pub fn translate(&self, py: Python, table: &PyObject) -> PyResult<Py<PyStr>> {
        let mut out = StrBuilder::with_capacity(self.len());
        let mut changed = false;
        // What the table says of ASCII characters, asked once; the table of an ASCII string is asked in any case.
        let mut known = [UNKNOWN; 128];
        for c in self.chars() {
            if let Some(&k) = known.get(c as usize)
                && k != UNKNOWN
            {
                changed |= k as u32 != c;
                if k != DELETED {
                    out.push_char(k as u32);
                }
                continue;
            }
            let mapped = look_up(py, table, c)?;
            let (to, same) = match &mapped {
                Mapped::Same => (Some(c), true),
                Mapped::Delete => (None, false),
                Mapped::Char(to) => (Some(*to), *to == c),
                Mapped::Text(text) => {
                    if text.len() == 1 {
                        (Some(text.char_at(0)), text.char_at(0) == c)
                    } else {
                        out.push_pystr(text);
                        changed = true;
                        continue;
                    }
                }
            };
            changed |= !same;
            if let Some(to) = to {
                out.push_char(to);
            }
            if let Some(k) = known.get_mut(c as usize) {
                match to {
                    None => *k = DELETED,
                    Some(to @ 0..0x80) => *k = to as u8,
                    Some(_) => {}
                }
            }
        }
        if changed { out.finish(py) } else { self.to_exact(py) }
    }
}

/// `str.maketrans(x[, y[, z]])`.
pub(super) fn make_table(py: Python, x: &PyObject, y: Option<&PyStr>, z: Option<&PyStr>) -> PyResult<Py<PyDict>> {
    let table = PyDict::new(py)?;
    let number = |c: u32| PyLong::from_i64(py, c as i64);
    if let Some(y) = y {
        let Some(x) = x.downcast::<PyStr>() else {
            return Err(raise!(
                py,
                TypeError,
                "first maketrans argument must be a string if there is a second argument"
            ));
        };
        if x.len() != y.len() {
            return Err(raise!(py, ValueError, "the first two maketrans arguments must have equal length"));
        }
        for (from, to) in x.chars().zip(y.chars()) {
            table.set(py, number(from)?.as_object(), number(to)?.as_object())?;
        }
        if let Some(z) = z {
            for c in z.chars() {
                table.set(py, number(c)?.as_object(), crate::singletons::none())?;
            }
        }
        return Ok(table);
    }
    let Some(dict) = x.downcast_exact::<PyDict>() else {
        return Err(raise!(py, TypeError, "if you give only one argument to maketrans it must be a dict"));
    };
    let mut pos = 0;
    while let Some((key, value)) = dict.next(&mut pos) {
        if let Some(s) = key.downcast::<PyStr>() {
            if s.len() != 1 {
                return Err(raise!(py, ValueError, "string keys in translatetable must be of length 1"));
            }
            table.set(py, number(s.char_at(0))?.as_object(), &value)?;
        } else if key.downcast::<PyLong>().is_some() {
            table.set(py, &key, &value)?;
        } else {
            return Err(raise!(py, TypeError, "keys in translate table mustbe strings or integers"));
        }
    }
    Ok(table)
}

/// `__getnewargs__`: a tuple with an exact copy, which is never one of the shared objects' subclass instances.
pub(super) fn newargs(py: Python, s: &PyStr) -> PyResult<Py<crate::PyTuple>> {
    let copy = s.to_exact(py)?;
    pack!(py, copy)
}
