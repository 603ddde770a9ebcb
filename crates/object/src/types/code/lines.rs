//! Iterators over what a code object knows of its source: `co_lines()`, `co_positions()`, `co_branches()`; and the old table
//! `co_lnotab`.

use super::PyCode;
use crate::{Py, PyClass, PyLong, PyObject, PyResult, PyTuple, Python, Slot, Trace, pyclass};
use core::cell::Cell;
use taipan_bytecode::Opcode;
use taipan_bytecode::location::{self, Entries, Entry};

/// The entries of a code object's location table. They borrow the table of `code`, which keeps it for life.
fn entries<'a>(code: &PyCode) -> Entries<'a> {
    // SAFETY: a code object never replaces its table; the callers keep the code object.
    let table: &'a [u8] = unsafe { core::mem::transmute::<&[u8], &'a [u8]>((*code.co_linetable.as_raw()).as_slice()) };
    location::entries(table, code.co_firstlineno.get())
}

fn number_or_none(py: Python, value: i32) -> PyResult {
    if value < 0 { Ok(py.none()) } else { Ok(PyLong::from_i64(py, value.into())?.into_object()) }
}

fn offset(py: Python, unit: usize) -> PyResult {
    Ok(PyLong::from_usize(py, unit * 2)?.into_object())
}

/// What `co_lines()` gives: start and end in bytes and the line of each run of instructions.
#[derive(Trace)]
#[repr(C)]
pub struct LineIterator {
    pub ob_base: PyObject,
    code: Slot<PyCode>,
    #[trace(skip)]
    entries: Cell<Option<Entries<'static>>>,
    #[trace(skip)]
    pending: Cell<Option<Entry>>,
}

impl LineIterator {
    pub(super) fn make(py: Python, code: &PyCode) -> PyResult {
        let held = Py::new_ref(code);
        let it = LineIterator::alloc_exact(py, |head| LineIterator {
            ob_base: head,
            entries: Cell::new(Some(entries(&held))),
            pending: Cell::new(None),
            code: Slot::some(held),
        })?;
        Ok(it.into_object())
    }
}

#[pyclass(
    name = "line_iterator",
    static_name = _PyLineIterator,
    flags(BASETYPE, DISALLOW_INSTANTIATION),
    iter_self,
)]
impl LineIterator {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py<PyTuple>>> {
        let Some(mut rest) = self.entries.take() else { return Ok(None) };
        let Some(mut run) = self.pending.take().or_else(|| rest.next()) else { return Ok(None) };
        for entry in rest.by_ref() {
            if entry.location.line != run.location.line {
                self.pending.set(Some(entry));
                break;
            }
            run.end = entry.end;
        }
        self.entries.set(Some(rest));
        let line = number_or_none(py, run.location.line)?;
        PyTuple::from_array(py, [offset(py, run.start)?, offset(py, run.end)?, line]).map(Some)
    }
}

/// What `co_positions()` gives: lines and columns of each code unit.
#[derive(Trace)]
#[repr(C)]
pub struct PositionsIterator {
    pub ob_base: PyObject,
    code: Slot<PyCode>,
    #[trace(skip)]
    entries: Cell<Option<Entries<'static>>>,
    /// The entry at hand, what is left of it.
    #[trace(skip)]
    pending: Cell<Option<Entry>>,
}

impl PositionsIterator {
    pub(super) fn make(py: Python, code: &PyCode) -> PyResult {
        let held = Py::new_ref(code);
        let it = PositionsIterator::alloc_exact(py, |head| PositionsIterator {
            ob_base: head,
            entries: Cell::new(Some(entries(&held))),
            pending: Cell::new(None),
            code: Slot::some(held),
        })?;
        Ok(it.into_object())
    }
}

#[pyclass(
    name = "positions_iterator",
    static_name = _PyPositionsIterator,
    flags(BASETYPE, DISALLOW_INSTANTIATION),
    iter_self,
)]
impl PositionsIterator {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py<PyTuple>>> {
        let mut entry = match self.pending.take() {
            Some(entry) => entry,
            None => {
                let Some(mut rest) = self.entries.take() else { return Ok(None) };
                let Some(entry) = rest.next() else { return Ok(None) };
                self.entries.set(Some(rest));
                entry
            }
        };
        entry.start += 1;
        if entry.start < entry.end {
            self.pending.set(Some(entry));
        }
        let l = entry.location;
        let items = [
            number_or_none(py, l.line)?,
            number_or_none(py, l.end_line)?,
            number_or_none(py, l.column)?,
            number_or_none(py, l.end_column)?,
        ];
        PyTuple::from_array(py, items).map(Some)
    }
}

/// What `co_branches()` gives: for each branch the offsets of the instruction, of where it goes on when it does not jump,
/// and of where when it does.
#[derive(Trace)]
#[repr(C)]
pub struct BranchesIterator {
    pub ob_base: PyObject,
    code: Slot<PyCode>,
    unit: Cell<usize>,
}

impl BranchesIterator {
    pub(super) fn make(py: Python, code: &PyCode) -> PyResult {
        let held = Py::new_ref(code);
        let it = BranchesIterator::alloc_exact(py, |head| BranchesIterator {
            ob_base: head,
            code: Slot::some(held),
            unit: Cell::new(0),
        })?;
        Ok(it.into_object())
    }
}

// CPython's name for it is that of the iterator of `co_lines()`.
#[pyclass(name = "line_iterator", static_name = _PyBranchesIterator, flags(BASETYPE, DISALLOW_INSTANTIATION), iter_self)]
impl BranchesIterator {
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py<PyTuple>>> {
        let Some(code) = self.code.get() else { return Ok(None) };
        let mut unit = self.unit.get();
        let mut oparg = 0usize;
        while unit < code.code_len() {
            let (op, arg) = code.base_unit(unit);
            oparg = oparg << 8 | usize::from(arg);
            let opcode = Opcode::from_u8(op);
            let next = unit + 1 + opcode.map_or(0, Opcode::caches);
            let branch = match opcode {
                Some(Opcode::EXTENDED_ARG) => {
                    unit = next;
                    continue;
                }
                // The jump goes behind END_FOR and POP_ITER.
                Some(Opcode::FOR_ITER) => Some((unit, next, next + oparg + 2, next)),
                // NOT_TAKEN comes next.
                Some(
                    Opcode::POP_JUMP_IF_FALSE
                    | Opcode::POP_JUMP_IF_TRUE
                    | Opcode::POP_JUMP_IF_NONE
                    | Opcode::POP_JUMP_IF_NOT_NONE,
                ) => Some((unit, next + 1, next + oparg, next + 1)),
                // It stands for the END_SEND of the iteration, behind which there is a NOT_TAKEN.
                Some(Opcode::END_ASYNC_FOR) => {
                    let source = next.saturating_sub(oparg);
                    Some((source, source + 2, next, next))
                }
                _ => None,
            };
            if let Some((source, not_taken, taken, resume)) = branch {
                self.unit.set(resume);
                let items = [offset(py, source)?, offset(py, not_taken)?, offset(py, taken)?];
                return PyTuple::from_array(py, items).map(Some);
            }
            oparg = 0;
            unit = next;
        }
        self.unit.set(unit);
        Ok(None)
    }
}

/// The table that `co_lnotab` was before 3.10: pairs of bytes, how far the code and how far the line moves on.
pub(super) fn lnotab(code: &PyCode) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut at, mut line) = (0usize, code.co_firstlineno.get());
    for entry in entries(code) {
        let new = entry.location.line;
        if new < 0 || new == line {
            continue;
        }
        let mut bytes = entry.start * 2 - at;
        let mut lines = i64::from(new) - i64::from(line);
        while bytes > 255 {
            out.extend_from_slice(&[255, 0]);
            bytes -= 255;
        }
        while lines > 127 {
            out.extend_from_slice(&[bytes as u8, 127]);
            bytes = 0;
            lines -= 127;
        }
        while lines < -128 {
            out.extend_from_slice(&[bytes as u8, 0x80]);
            bytes = 0;
            lines += 128;
        }
        out.extend_from_slice(&[bytes as u8, lines as i8 as u8]);
        (at, line) = (entry.start * 2, new);
    }
    out
}
