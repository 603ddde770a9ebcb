//! The declaration of `code`.

use super::PyCode;
use crate::memory::alloc;
use crate::{Py, PyResult, PyStr, Python, Slot, pyclass};

#[pyclass(
    name = "code",
    static_name = PyCode_Type,
    basicsize = super_head(),
    itemsize = 2,
    weaklist = co_weakreflist,
    members(
        co_argcount: INT readonly,
        co_posonlyargcount: INT readonly,
        co_kwonlyargcount: INT readonly,
        co_stacksize: INT readonly,
        co_flags: INT readonly,
        co_names: OBJECT readonly,
        co_filename: OBJECT readonly,
        co_name: OBJECT readonly,
        co_qualname: OBJECT readonly,
        co_firstlineno: INT readonly,
        co_linetable: OBJECT readonly,
        co_exceptiontable: OBJECT readonly,
        co_consts: OBJECT readonly,
    ),
)]
impl PyCode {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let text = |s: &Slot<PyStr>| s.get().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        PyStr::new(
            py,
            &format!(
                "<code object {} at {:p}, file \"{}\", line {}>",
                text(&self.co_name),
                self,
                text(&self.co_filename),
                self.co_firstlineno.get()
            ),
        )
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the code object's last count is gone; it is not tracked by the collector.
        unsafe {
            let code = &*this;
            if !code.co_weakreflist.is_none() {
                crate::types::weakref::clear_weakrefs(code);
            }
            code.co_consts.clear();
            code.co_names.clear();
            code.co_exceptiontable.clear();
            code.co_localsplusnames.clear();
            code.co_localspluskinds.clear();
            code.co_filename.clear();
            code.co_name.clear();
            code.co_qualname.clear();
            code.co_linetable.clear();
            alloc::free(this as *mut crate::PyObject);
        }
    }
}

const fn super_head() -> usize {
    super::CODE_HEAD
}
