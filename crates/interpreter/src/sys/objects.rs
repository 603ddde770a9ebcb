//! What `sys` says about objects: counts, sizes, interning.

use taipan_object::abstracts::number;
use taipan_object::memory::{alloc, gc};
use taipan_object::types::str_::state;
use taipan_object::{Py, PyLong, PyObject, PyResult, PyStr, PyType, Python, err, exceptions, id, pyfunction, raise};

/// Return the reference count of object.
///
/// The count returned is generally one higher than you might expect,
/// because it includes the (temporary) reference as an argument to
/// getrefcount().
#[pyfunction]
#[signature("(object, /)")]
pub fn getrefcount(_py: Python, object: &PyObject) -> isize {
    object.refcnt()
}

/// The size that `__sizeof__` gives, and what is in front of the object.
fn size_of(py: Python, object: &PyObject) -> PyResult<usize> {
    let Some(method) = object.lookup_special(py, id!(py, "__sizeof__"))? else {
        return Err(raise!(py, TypeError, "Type {} doesn't define __sizeof__", object.ty().full_name()));
    };
    let size = number::as_ssize(py, &*method.call0(py)?, Some(exceptions::OverflowError()))?;
    if size < 0 {
        return Err(raise!(py, ValueError, "__sizeof__() should return >= 0"));
    }
    let front = if gc::is_gc(object) { alloc::presize(object.ty()) } else { 0 };
    Ok(size as usize + front)
}

/// getsizeof(object [, default]) -> int
///
/// Return the size of object in bytes.
#[pyfunction]
#[signature("(object, default=<unrepresentable>)", hidden)]
pub fn getsizeof(py: Python, object: &PyObject, default: Option<&PyObject>) -> PyResult {
    match size_of(py, object) {
        Ok(n) => Ok(PyLong::from_usize(py, n)?.into_object()),
        Err(raised) => match default {
            Some(default) if err::matches(py, exceptions::TypeError()) => {
                err::clear(py);
                Ok(Py::new_ref(default))
            }
            _ => Err(raised),
        },
    }
}

/// ``Intern'' the given string.
///
/// This enters the string in the (global) table of interned strings whose
/// purpose is to speed up dictionary lookups. Return the string itself or
/// the previously interned string object with the same value.
#[pyfunction]
#[signature("(string, /)")]
pub fn intern(py: Python, string: &PyStr) -> PyResult<Py<PyStr>> {
    if string.downcast_exact::<PyStr>().is_none() {
        return Err(raise!(py, TypeError, "can't intern {}", string.ty().full_name()));
    }
    Ok(PyStr::intern_in_place(py, Py::new_ref(string)))
}

/// Return True if the given string is "interned".
#[pyfunction]
#[signature("(string, /)")]
pub fn _is_interned(_py: Python, string: &PyStr) -> bool {
    string.state() & state::INTERNED_MASK != 0
}

/// Return True if the given object is "immortal" per PEP 683.
///
/// This function should be used for specialized purposes only.
#[pyfunction]
#[signature("(op, /)")]
pub fn _is_immortal(_py: Python, op: &PyObject) -> bool {
    op.is_immortal()
}

/// Return the number of elements of the unicode interned dictionary
#[pyfunction]
#[signature("(*, _only_immortal=False)")]
pub fn getunicodeinternedsize(py: Python, _only_immortal: bool) -> usize {
    py.interp().interned.len()
}

/// Return the number of memory blocks currently allocated.
#[pyfunction]
#[signature("()")]
pub fn getallocatedblocks(py: Python) -> isize {
    py.interp().heap.allocated_blocks()
}

/// Print summary info to stderr about the state of pymalloc's structures.
///
/// The numbers of arenas and of blocks in use.
#[pyfunction]
#[signature("()")]
pub fn _debugmallocstats(py: Python) {
    let heap = &py.interp().heap;
    eprintln!("# arenas currently allocated = {:>15}", heap.arena_count());
    eprintln!("# blocks currently in use    = {:>15}", heap.allocated_blocks());
}

/// Clear the internal type lookup cache.
#[pyfunction]
#[signature("()")]
pub fn _clear_type_cache(py: Python) {
    py.interp().type_cache.clear_cache();
}

/// Clear all internal performance-related caches.
#[pyfunction]
#[signature("()")]
pub fn _clear_internal_caches(py: Python) {
    py.interp().type_cache.clear_cache();
}

/// Private function for clearing certain descriptors from a type's dictionary.
///
/// This clears the type's __dict__ and __weakref__ descriptors.
#[pyfunction]
#[signature("(type, /)")]
pub fn _clear_type_descriptors(py: Python, r#type: &PyType) -> PyResult<()> {
    use taipan_object::typeobj::flags;
    if r#type.has_feature(flags::IMMUTABLETYPE) || !r#type.is_heap_type() {
        return Err(raise!(py, TypeError, "argument is immutable"));
    }
    for name in [id!(py, "__dict__"), id!(py, "__weakref__")] {
        r#type.dict().pop(py, name)?;
    }
    r#type.modified();
    Ok(())
}
