//! The type `code`.

use super::lines::{BranchesIterator, LineIterator, PositionsIterator};
use super::make::{self, Parts};
use super::{CODE_HEAD, PyCode, compare};
use crate::memory::alloc;
use crate::runtime::hooks;
use crate::{
    CompareOp, Py, PyBytes, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, err, exceptions, pyclass,
    raise,
};

const _: () = assert!(CODE_HEAD == 208);

fn not_negative(py: Python, name: &str, value: i32) -> PyResult<i32> {
    if value < 0 {
        return Err(raise!(py, ValueError, "code: {name} must not be negative"));
    }
    Ok(value)
}

/// Tells audit hooks of a code object made by hand.
fn audit_new(py: Python, code: &PyBytes, filename: &PyStr, name: &PyStr, numbers: [i32; 6]) -> PyResult<()> {
    let mut made = Vec::with_capacity(6);
    for n in numbers {
        made.push(PyLong::from_i64(py, n.into())?.into_object());
    }
    let mut args: Vec<&PyObject> = vec![code, filename, name];
    args.extend(made.iter().map(|n| &**n));
    (hooks::get().audit)(py, "code.__new__", &args)
}

/// A tuple of names: exactly strings, subclasses are copied.
fn name_tuple(py: Python, tuple: &PyTuple) -> PyResult<Py<PyTuple>> {
    let mut items = Vec::with_capacity(tuple.len());
    for item in tuple.as_slice() {
        match item.downcast::<PyStr>() {
            Some(_) if item.is_type(&crate::types::str_::PyUnicode_Type) => items.push(item.clone()),
            Some(s) => items.push(s.substring(py, 0, s.len())?.into_object()),
            None => {
                let found = item.ty().full_name();
                return Err(raise!(py, TypeError, "name tuples must contain only strings, not '{found}'"));
            }
        }
    }
    PyTuple::from_vec(py, items)
}

/// Create a code object. Whoever does that by hand must know the bytecode well.
#[pyclass(
    name = "code",
    static_name = PyCode_Type,
    basicsize = CODE_HEAD,
    itemsize = 2,
    weaklist = co_weakreflist,
    members(
        co_argcount: INT readonly,
        co_posonlyargcount: INT readonly,
        co_kwonlyargcount: INT readonly,
        co_stacksize: INT readonly,
        co_flags: INT readonly,
        co_nlocals: INT readonly,
        co_consts: OBJECT readonly,
        co_names: OBJECT readonly,
        co_filename: OBJECT readonly,
        co_name: OBJECT readonly,
        co_qualname: OBJECT readonly,
        co_firstlineno: INT readonly,
        co_linetable: OBJECT readonly,
    ),
)]
impl PyCode {
    #[signature(
        "(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants, names, varnames, \
         filename, name, qualname, firstlineno, linetable, exceptiontable, freevars=(), cellvars=(), /)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn tp_new(
        py: Python,
        _cls: &PyType,
        argcount: i32,
        posonlyargcount: i32,
        kwonlyargcount: i32,
        nlocals: i32,
        stacksize: i32,
        flags: i32,
        codestring: &PyBytes,
        constants: &PyTuple,
        names: &PyTuple,
        varnames: &PyTuple,
        filename: &PyStr,
        name: &PyStr,
        qualname: &PyStr,
        firstlineno: i32,
        linetable: &PyBytes,
        exceptiontable: &PyBytes,
        freevars: Option<&PyTuple>,
        cellvars: Option<&PyTuple>,
    ) -> PyResult<Py<PyCode>> {
        let numbers = [argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags];
        audit_new(py, codestring, filename, name, numbers)?;
        not_negative(py, "argcount", argcount)?;
        not_negative(py, "posonlyargcount", posonlyargcount)?;
        not_negative(py, "kwonlyargcount", kwonlyargcount)?;
        not_negative(py, "nlocals", nlocals)?;
        let empty = PyTuple::empty_ref();
        let parts = Parts {
            argcount,
            posonlyargcount,
            kwonlyargcount,
            stacksize,
            flags,
            firstlineno,
            code: Py::new_ref(codestring),
            consts: Py::new_ref(constants),
            names: name_tuple(py, names)?,
            filename: Py::new_ref(filename),
            name: Py::new_ref(name),
            qualname: Py::new_ref(qualname),
            linetable: Py::new_ref(linetable),
            exceptiontable: Py::new_ref(exceptiontable),
        };
        let varnames = name_tuple(py, varnames)?;
        let freevars = name_tuple(py, freevars.unwrap_or(empty))?;
        let cellvars = name_tuple(py, cellvars.unwrap_or(empty))?;
        make::from_variables(py, parts, nlocals, &varnames, &freevars, &cellvars)
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let mut out = crate::StrBuilder::new();
        out.push_str("<code object ");
        if let Some(name) = self.co_name.get() {
            out.push_pystr(&name);
        }
        out.push_str(&format!(" at {self:p}, file \""));
        if let Some(file) = self.co_filename.get() {
            out.push_pystr(&file);
        }
        let line = match self.co_firstlineno.get() {
            0 => -1,
            line => line,
        };
        out.push_str(&format!("\", line {line}>"));
        out.finish(py)
    }

    fn tp_hash(&self, py: Python) -> PyResult<isize> {
        compare::hash(py, self)
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let (Some(other), CompareOp::Eq | CompareOp::Ne) = (other.downcast::<PyCode>(), op) else {
            return Ok(py.not_implemented());
        };
        let equal = compare::equal(py, self, other)?;
        Ok(py.bool(equal == (op == CompareOp::Eq)))
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the code object's last count is gone; it is not tracked by the collector.
        unsafe {
            let code = &*this;
            if !code.co_weakreflist.is_none() {
                crate::types::weakref::clear_weakrefs(code);
            }
            code.drop_cached();
            code.co_consts.clear();
            code.co_names.clear();
            code.co_exceptiontable.clear();
            code.co_localsplusnames.clear();
            code.co_localspluskinds.clear();
            code.co_filename.clear();
            code.co_name.clear();
            code.co_qualname.clear();
            code.co_linetable.clear();
            alloc::free(this as *mut PyObject);
        }
    }

    #[method]
    fn __sizeof__(&self, py: Python) -> PyResult<Py<PyLong>> {
        let size = CODE_HEAD + self.code_len() * 2;
        PyLong::from_usize(py, (size + 7) & !7)
    }

    #[method]
    fn co_lines(&self, py: Python) -> PyResult {
        LineIterator::make(py, self)
    }

    #[method]
    fn co_branches(&self, py: Python) -> PyResult {
        BranchesIterator::make(py, self)
    }

    #[method]
    fn co_positions(&self, py: Python) -> PyResult {
        PositionsIterator::make(py, self)
    }

    /// Return a copy of the code object with other values for some of its fields.
    #[method]
    #[signature(
        "($self, /, *, co_argcount=<unrepresentable>, co_posonlyargcount=<unrepresentable>, \
         co_kwonlyargcount=<unrepresentable>, co_nlocals=<unrepresentable>, co_stacksize=<unrepresentable>, \
         co_flags=<unrepresentable>, co_firstlineno=<unrepresentable>, co_code=<unrepresentable>, \
         co_consts=<unrepresentable>, co_names=<unrepresentable>, co_varnames=<unrepresentable>, \
         co_freevars=<unrepresentable>, co_cellvars=<unrepresentable>, co_filename=<unrepresentable>, \
         co_name=<unrepresentable>, co_qualname=<unrepresentable>, co_linetable=<unrepresentable>, \
         co_exceptiontable=<unrepresentable>)",
        text = "($self, /, **changes)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn replace(
        &self,
        py: Python,
        co_argcount: Option<i32>,
        co_posonlyargcount: Option<i32>,
        co_kwonlyargcount: Option<i32>,
        co_nlocals: Option<i32>,
        co_stacksize: Option<i32>,
        co_flags: Option<i32>,
        co_firstlineno: Option<i32>,
        co_code: Option<&PyBytes>,
        co_consts: Option<&PyTuple>,
        co_names: Option<&PyTuple>,
        co_varnames: Option<&PyTuple>,
        co_freevars: Option<&PyTuple>,
        co_cellvars: Option<&PyTuple>,
        co_filename: Option<&PyStr>,
        co_name: Option<&PyStr>,
        co_qualname: Option<&PyStr>,
        co_linetable: Option<&PyBytes>,
        co_exceptiontable: Option<&PyBytes>,
    ) -> PyResult<Py<PyCode>> {
        let number = |name: &str, given: Option<i32>, own: i32| match given {
            Some(n) if n < 0 => Err(raise!(py, ValueError, "{name} must be a positive integer")),
            Some(n) => Ok(n),
            None => Ok(own),
        };
        let nlocals = number("co_nlocals", co_nlocals, self.co_nlocals.get())?;
        let parts = Parts {
            argcount: number("co_argcount", co_argcount, self.co_argcount.get())?,
            posonlyargcount: number("co_posonlyargcount", co_posonlyargcount, self.co_posonlyargcount.get())?,
            kwonlyargcount: number("co_kwonlyargcount", co_kwonlyargcount, self.co_kwonlyargcount.get())?,
            stacksize: number("co_stacksize", co_stacksize, self.co_stacksize.get())?,
            flags: number("co_flags", co_flags, self.co_flags.get())?,
            firstlineno: number("co_firstlineno", co_firstlineno, self.co_firstlineno.get())?,
            code: match co_code {
                Some(code) => Py::new_ref(code),
                None => self.code_bytes(py)?,
            },
            consts: given_or(py, co_consts, &self.co_consts)?,
            names: given_or(py, co_names, &self.co_names)?,
            filename: given_or(py, co_filename, &self.co_filename)?,
            name: given_or(py, co_name, &self.co_name)?,
            qualname: given_or(py, co_qualname, &self.co_qualname)?,
            linetable: given_or(py, co_linetable, &self.co_linetable)?,
            exceptiontable: match co_exceptiontable {
                Some(table) => Py::new_ref(table),
                None => self.exception_table(py)?,
            },
        };
        let or = |given: Option<&PyTuple>, own: PyResult<Py<PyTuple>>| given.map_or(own, |t| Ok(Py::new_ref(t)));
        let varnames = or(co_varnames, self.varnames(py))?;
        let freevars = or(co_freevars, self.freevars(py))?;
        let cellvars = or(co_cellvars, self.cellvars(py))?;
        let numbers =
            [parts.argcount, parts.posonlyargcount, parts.kwonlyargcount, nlocals, parts.stacksize, parts.flags];
        audit_new(py, &parts.code, &parts.filename, &parts.name, numbers)?;
        make::from_variables(py, parts, nlocals, &varnames, &freevars, &cellvars)
    }

    /// The same as replace().
    #[method]
    #[signature("($self, /, **changes)")]
    fn __replace__(&self, py: Python, changes: crate::declare::KwArgs<'_>) -> PyResult {
        let method = self.getattr(py, crate::id!(py, "replace"))?;
        let changes = changes.to_dict(py)?;
        method.call_tuple(py, PyTuple::empty_ref(), Some(&changes))
    }

    /// (internal-only) Return the name of the local variable that an oparg is for.
    ///
    /// WARNING: for internal use; it may change or go away.
    #[method]
    #[signature("($self, /, oparg)")]
    fn _varname_from_oparg(&self, py: Python, oparg: i32) -> PyResult {
        let names = self.co_localsplusnames.get();
        let name = names.as_ref().and_then(|n| n.as_slice().get(usize::try_from(oparg).ok()?).cloned());
        name.ok_or_else(|| raise!(py, IndexError, "tuple index out of range"))
    }

    #[getter]
    fn co_exceptiontable(&self, py: Python) -> PyResult<Py<PyBytes>> {
        self.exception_table(py)
    }

    #[getter]
    fn co_lnotab(&self, py: Python) -> PyResult<Py<PyBytes>> {
        let text = "co_lnotab is deprecated, use co_lines instead.";
        err::warn(py, exceptions::DeprecationWarning(), text, 1)?;
        PyBytes::new(py, &super::lines::lnotab(self))
    }

    #[getter]
    fn _co_code_adaptive(&self, py: Python) -> PyResult<Py<PyBytes>> {
        PyBytes::new(py, self.raw_code())
    }

    #[getter]
    fn co_varnames(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.varnames(py)
    }

    #[getter]
    fn co_cellvars(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.cellvars(py)
    }

    #[getter]
    fn co_freevars(&self, py: Python) -> PyResult<Py<PyTuple>> {
        self.freevars(py)
    }

    #[getter]
    fn co_code(&self, py: Python) -> PyResult<Py<PyBytes>> {
        self.code_bytes(py)
    }
}

/// What was given, else what the field holds.
fn given_or<T: crate::PyLayout>(py: Python, given: Option<&T>, own: &Slot<T>) -> PyResult<Py<T>> {
    match given {
        Some(v) => Ok(Py::new_ref(v)),
        None => own.get().ok_or_else(|| err::bad_internal_call(py)),
    }
}
