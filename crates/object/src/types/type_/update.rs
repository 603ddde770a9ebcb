//! Slots that follow the dictionary: after a class statement and whenever a special method is set or deleted.

use super::slot_table::{HASH_OFFSET, ITERNEXT_OFFSET, NEW_OFFSET, SLOTS, SlotCell, WrapperBase, slot_cell};
use super::{PyType, subclasses, wrappers};
use crate::typeobj::flags;
use crate::types::builtin_function::{PyCFunction_Type, PyCFunctionObject};
use crate::types::descr::{PyWrapperDescr, PyWrapperDescr_Type};
use crate::types::object_::PyObject_HashNotImplemented;
use crate::{PyObject, PyResult, PyStr, Python};
use core::ffi::c_void;

/// The rows of one slot.
fn groups() -> impl Iterator<Item = &'static [WrapperBase]> {
    SLOTS.chunk_by(|a, b| a.offset == b.offset)
}

/// Where several slots go by one name, the only one that is filled (`resolve_slotdups`). `None`: it depends.
fn only_filled<'a>(py: Python, ty: &'a PyType, name: &PyStr) -> Option<Option<&'a SlotCell>> {
    let mut filled: Option<&SlotCell> = None;
    let mut count = 0;
    for row in SLOTS.iter().filter(|r| core::ptr::eq(r.name(py), name)) {
        let Some(cell) = slot_cell(ty, row.offset as usize) else { continue };
        if cell.get().is_null() {
            continue;
        }
        count += 1;
        if count > 1 {
            return None;
        }
        filled = Some(cell);
    }
    Some(filled)
}

/// Sets one slot of `ty` from what its MRO defines under the slot's names (`update_one_slot`): the C function itself if it is
/// inherited through slot wrappers alone, the dispatcher otherwise.
fn update_group(py: Python, ty: &PyType, group: &'static [WrapperBase]) -> PyResult<()> {
    let offset = group[0].offset as usize;
    let Some(cell) = slot_cell(ty, offset) else { return Ok(()) };
    let mut specific: *const c_void = core::ptr::null();
    let mut generic: *const c_void = core::ptr::null();
    let mut use_generic = false;
    for row in group {
        let Some(descr) = ty.find_in_mro(py, row.name(py))? else {
            if offset == ITERNEXT_OFFSET {
                specific = next_not_implemented as *const c_void;
            }
            continue;
        };
        if descr.is_type(&PyWrapperDescr_Type) {
            // SAFETY: the type was just checked.
            let wrapper = unsafe { &*(descr.as_ptr() as *const PyWrapperDescr) };
            if core::ptr::eq(wrapper.base().name(py), row.name(py)) {
                match only_filled(py, ty, row.name(py)) {
                    Some(Some(only)) if !core::ptr::eq(only, cell) => {}
                    _ => generic = row.function,
                }
                if (specific.is_null() || specific == wrapper.wrapped())
                    && wrapper.base().wrapper == row.wrapper
                    && ty.is_subtype(wrapper.owner())
                {
                    specific = wrapper.wrapped();
                } else {
                    use_generic = true;
                }
                continue;
            }
        }
        if descr.is_type(&PyCFunction_Type) && offset == NEW_OFFSET {
            // SAFETY: the type was just checked.
            let function = unsafe { &*(descr.as_ptr() as *const PyCFunctionObject) };
            if wrappers::is_new_wrapper(function.def_ptr()) {
                specific = ty.tp_new.get().map_or(core::ptr::null(), |f| f as *const c_void);
                continue;
            }
        }
        if descr.is_none() && offset == HASH_OFFSET {
            specific = PyObject_HashNotImplemented as *const c_void;
            continue;
        }
        use_generic = true;
        generic = row.function;
        if row.function == super::slots::slot_tp_call as *const c_void {
            // A Python __call__ takes precedence over the instance's vectorcall function.
            ty.tp_flags.set(ty.tp_flags.get() & !flags::HAVE_VECTORCALL);
        }
    }
    cell.set(if !specific.is_null() && !use_generic { specific } else { generic });
    Ok(())
}

/// `tp_iternext` of a class whose base had one but whose `__next__` is gone.
pub unsafe extern "C" fn next_not_implemented(this: *mut PyObject) -> *mut PyObject {
    // SAFETY: called with the GIL held and a live object.
    let (py, this) = unsafe { (Python::assume(), &*this) };
    let _ = crate::raise!(py, TypeError, "'{:.200}' object is not iterable", this.ty().full_name());
    core::ptr::null_mut()
}

/// Sets all slots of a new class (`fixup_slot_dispatchers`).
pub(super) fn fix_all(py: Python, ty: &PyType) -> PyResult<()> {
    for group in groups() {
        update_group(py, ty, group)?;
    }
    Ok(())
}

/// Sets the slots that follow `name`, which was set or deleted in `ty`, in it and in every subclass that does not override
/// the name (`update_slot`).
pub(super) fn update_name(py: Python, ty: &PyType, name: &PyStr) -> PyResult<()> {
    let mut found: Vec<&'static [WrapperBase]> = Vec::new();
    for group in groups() {
        if group.iter().any(|row| core::ptr::eq(row.name(py), name)) {
            found.push(group);
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    update_with_subclasses(py, ty, name, &found)
}

fn update_with_subclasses(py: Python, ty: &PyType, name: &PyStr, found: &[&'static [WrapperBase]]) -> PyResult<()> {
    for group in found {
        update_group(py, ty, group)?;
    }
    for sub in subclasses::alive(py, ty) {
        if sub.try_dict(py).is_none_or(|d| d.contains(py, name).is_ok_and(|c| c)) {
            continue;
        }
        update_with_subclasses(py, &sub, name, found)?;
    }
    Ok(())
}

/// After the bases changed: every slot of the class and of its subclasses (`update_all_slots`).
pub(super) fn update_all(py: Python, ty: &PyType) -> PyResult<()> {
    ty.modified();
    for group in groups() {
        for row in group {
            update_with_subclasses(py, ty, row.name(py), &[group])?;
        }
    }
    Ok(())
}

/// True for names like `__add__`, the only ones that slots follow.
pub(super) fn is_dunder(name: &PyStr) -> bool {
    let n = name.len();
    n > 4
        && name.char_at(0) == u32::from('_')
        && name.char_at(1) == u32::from('_')
        && name.char_at(n - 1) == u32::from('_')
        && name.char_at(n - 2) == u32::from('_')
}
