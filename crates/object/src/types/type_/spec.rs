//! Heap types from C specs (`PyType_FromMetaclass` and its relatives) and from Rust declarations.

use super::layout::{best_base, calculate_metaclass};
use super::new::{allocate, c_copy, member_array, type_new};
use super::slot_table::slot_cell;
use super::subtype::subtype_dealloc;
use super::{PyType, PyType_Type};
use crate::declare::ClassDecl;
use crate::typeobj::*;
use crate::types::builtin_function::c_text;
use crate::types::object_::PyBaseObject_Type;
use crate::{Py, PyObject, PyResult, PyStr, PyTuple, PyTypeObject, Python, err, exceptions, id, raise};
use core::ffi::{CStr, c_int, c_void};
use core::mem::offset_of;
use core::ptr::{eq, fn_addr_eq};

const TP_BASE: c_int = 48;
const TP_BASES: c_int = 49;
const TP_DOC: c_int = 56;
const TP_MEMBERS: c_int = 72;
const TP_TOKEN: c_int = 83;

/// Offsets, counted as in `PyHeapTypeObject`, of the slots that `typeslots.h` numbers from 1.
static OFFSETS: [usize; 83] = {
    macro_rules! tp {
        ($f:ident) => {
            offset_of!(PyTypeObject, $f)
        };
    }
    macro_rules! am {
        ($f:ident) => {
            offset_of!(PyHeapTypeObject, as_async) + offset_of!(PyAsyncMethods, $f)
        };
    }
    macro_rules! nb {
        ($f:ident) => {
            offset_of!(PyHeapTypeObject, as_number) + offset_of!(PyNumberMethods, $f)
        };
    }
    macro_rules! mp {
        ($f:ident) => {
            offset_of!(PyHeapTypeObject, as_mapping) + offset_of!(PyMappingMethods, $f)
        };
    }
    macro_rules! sq {
        ($f:ident) => {
            offset_of!(PyHeapTypeObject, as_sequence) + offset_of!(PySequenceMethods, $f)
        };
    }
    macro_rules! bf {
        ($f:ident) => {
            offset_of!(PyHeapTypeObject, as_buffer) + offset_of!(PyBufferProcs, $f)
        };
    }
    [
        usize::MAX,
        bf!(bf_getbuffer),
        bf!(bf_releasebuffer),
        mp!(mp_ass_subscript),
        mp!(mp_length),
        mp!(mp_subscript),
        nb!(nb_absolute),
        nb!(nb_add),
        nb!(nb_and),
        nb!(nb_bool),
        nb!(nb_divmod),
        nb!(nb_float),
        nb!(nb_floor_divide),
        nb!(nb_index),
        nb!(nb_inplace_add),
        nb!(nb_inplace_and),
        nb!(nb_inplace_floor_divide),
        nb!(nb_inplace_lshift),
        nb!(nb_inplace_multiply),
        nb!(nb_inplace_or),
        nb!(nb_inplace_power),
        nb!(nb_inplace_remainder),
        nb!(nb_inplace_rshift),
        nb!(nb_inplace_subtract),
        nb!(nb_inplace_true_divide),
        nb!(nb_inplace_xor),
        nb!(nb_int),
        nb!(nb_invert),
        nb!(nb_lshift),
        nb!(nb_multiply),
        nb!(nb_negative),
        nb!(nb_or),
        nb!(nb_positive),
        nb!(nb_power),
        nb!(nb_remainder),
        nb!(nb_rshift),
        nb!(nb_subtract),
        nb!(nb_true_divide),
        nb!(nb_xor),
        sq!(sq_ass_item),
        sq!(sq_concat),
        sq!(sq_contains),
        sq!(sq_inplace_concat),
        sq!(sq_inplace_repeat),
        sq!(sq_item),
        sq!(sq_length),
        sq!(sq_repeat),
        tp!(tp_alloc),
        tp!(tp_base),
        tp!(tp_bases),
        tp!(tp_call),
        tp!(tp_clear),
        tp!(tp_dealloc),
        tp!(tp_del),
        tp!(tp_descr_get),
        tp!(tp_descr_set),
        tp!(tp_doc),
        tp!(tp_getattr),
        tp!(tp_getattro),
        tp!(tp_hash),
        tp!(tp_init),
        tp!(tp_is_gc),
        tp!(tp_iter),
        tp!(tp_iternext),
        tp!(tp_methods),
        tp!(tp_new),
        tp!(tp_repr),
        tp!(tp_richcompare),
        tp!(tp_setattr),
        tp!(tp_setattro),
        tp!(tp_str),
        tp!(tp_traverse),
        tp!(tp_members),
        tp!(tp_getset),
        tp!(tp_free),
        nb!(nb_matrix_multiply),
        nb!(nb_inplace_matrix_multiply),
        am!(am_await),
        am!(am_aiter),
        am!(am_anext),
        tp!(tp_finalize),
        am!(am_send),
        tp!(tp_vectorcall),
    ]
};

/// The slot that `typeslots.h` gives this number, in `ty`. `None` for numbers that are no such slot, and for suites that the
/// type lacks.
pub fn slot_by_number(ty: &PyType, number: c_int) -> Option<*const c_void> {
    let offset = *OFFSETS.get(usize::try_from(number).ok()?)?;
    if offset == usize::MAX {
        return None;
    }
    slot_cell(ty, offset).map(|cell| cell.get())
}

/// The entries of a spec.
///
/// # Safety
/// `spec.slots` is null or ends with slot 0.
unsafe fn spec_slots(spec: &PyType_Spec) -> &[PyType_Slot] {
    if spec.slots.is_null() {
        return &[];
    }
    let mut n = 0;
    // SAFETY: by contract.
    unsafe {
        while (*spec.slots.add(n)).slot != 0 {
            n += 1;
        }
        core::slice::from_raw_parts(spec.slots, n)
    }
}

/// The members of a table that ends with a null name.
///
/// # Safety
/// `start` is such a table.
unsafe fn member_slice<'a>(start: *const PyMemberDef) -> &'a [PyMemberDef] {
    if start.is_null() {
        return &[];
    }
    let mut n = 0;
    // SAFETY: by contract.
    unsafe {
        while !(*start.add(n)).name.is_null() {
            n += 1;
        }
        core::slice::from_raw_parts(start, n)
    }
}

fn align(n: isize) -> isize {
    (n + 15) & !15
}

/// Bases given as a tuple or as one class.
fn bases_of(py: Python, bases: Option<&PyObject>, slots: &[PyType_Slot]) -> PyResult<Py<PyTuple>> {
    let from_slot = |number: c_int| {
        // SAFETY: the slot holds null or an object.
        slots.iter().rev().find(|s| s.slot == number).and_then(|s| unsafe { (s.pfunc as *const PyObject).as_ref() })
    };
    let given = bases.or_else(|| from_slot(TP_BASES)).or_else(|| from_slot(TP_BASE));
    match given {
        None => PyTuple::from_slice(py, &[&PyBaseObject_Type as &PyObject]),
        Some(b) => match b.downcast::<PyTuple>() {
            Some(tuple) => Ok(Py::new_ref(tuple)),
            None => PyTuple::from_slice(py, &[b]),
        },
    }
}

/// `PyType_FromMetaclass`: a heap type from a C spec.
///
/// # Safety
/// The spec is well formed: C strings, and tables that end as the C API says.
///
/// # Errors
/// SystemError and TypeError if the spec contradicts itself.
pub unsafe fn from_spec(
    py: Python,
    metaclass: Option<&PyType>,
    module: Option<&PyObject>,
    spec: &PyType_Spec,
    bases: Option<&PyObject>,
) -> PyResult<Py<PyType>> {
    // SAFETY: by contract.
    let slots = unsafe { spec_slots(spec) };
    if spec.name.is_null() {
        return Err(raise!(py, SystemError, "Type spec does not define the name field."));
    }
    let full_name = c_text(spec.name);
    let mut members: &[PyMemberDef] = &[];
    for slot in slots {
        if slot.slot < 0 || (slot.slot as usize) >= OFFSETS.len() + 1 {
            return Err(raise!(py, RuntimeError, "invalid slot offset"));
        }
        if slot.slot == TP_MEMBERS {
            // SAFETY: by contract.
            members = unsafe { member_slice(slot.pfunc as *const PyMemberDef) };
        }
    }
    let bases = bases_of(py, bases, slots)?;
    let metatype = calculate_metaclass(py, metaclass.unwrap_or(&PyType_Type), &bases)?;
    if metatype.tp_new.get().is_some_and(|f| !fn_addr_eq(f, type_new as newfunc)) {
        return Err(raise!(py, TypeError, "Metaclasses with custom tp_new are not supported."));
    }
    let base = best_base(py, &bases)?;

    // Sizes.
    let mut basicsize = spec.basicsize as isize;
    let mut data_offset = 0;
    if basicsize == 0 {
        basicsize = base.tp_basicsize.get();
    } else if basicsize < 0 {
        data_offset = align(base.tp_basicsize.get());
        basicsize = data_offset + align(-basicsize);
    }
    let itemsize = match spec.itemsize as isize {
        0 => base.tp_itemsize.get(),
        n => {
            let vary = base.tp_itemsize.get();
            if spec.basicsize < 0 && n != vary && vary != 0 && !base.has_feature(flags::ITEMS_AT_END) {
                return Err(raise!(
                    py,
                    SystemError,
                    "Cannot extend variable-size class without Py_TPFLAGS_ITEMS_AT_END."
                ));
            }
            n
        }
    };

    let ty = allocate(py, metatype, members.len())?;
    let Some(heap) = ty.as_heap() else { return Err(err::bad_internal_call(py)) };
    ty.tp_flags.set(u64::from(spec.flags) | flags::HEAPTYPE);
    ty.tp_basicsize.set(basicsize);
    ty.tp_itemsize.set(itemsize);
    ty.tp_base.set(Py::new_ref(base).into_raw());
    ty.tp_bases.set(bases.into_raw_object());
    // SAFETY: a C string.
    let name_bytes = unsafe { CStr::from_ptr(spec.name) }.to_bytes();
    let own_name = c_copy(py, name_bytes)?;
    heap._ht_tpname.set(own_name.cast_mut());
    ty.tp_name.set(own_name);
    let plain = PyStr::intern(py, full_name.rsplit('.').next().unwrap_or(full_name))?;
    heap.ht_name.set(plain.clone().into_raw_object());
    heap.ht_qualname.set(plain.into_raw_object());

    // Slots.
    for slot in slots {
        match slot.slot {
            TP_BASE | TP_BASES => {}
            TP_DOC => {
                if !slot.pfunc.is_null() {
                    // SAFETY: a C string.
                    let doc = unsafe { CStr::from_ptr(slot.pfunc.cast()) };
                    ty.tp_doc.set(c_copy(py, doc.to_bytes())?);
                }
            }
            TP_MEMBERS => copy_members(py, &ty, members, data_offset)?,
            TP_TOKEN => {
                let token = if slot.pfunc.is_null() { core::ptr::from_ref(spec).cast_mut().cast() } else { slot.pfunc };
                heap.ht_token.set(token);
            }
            number => {
                if let Some(cell) = slot_cell(&ty, OFFSETS[number as usize]) {
                    cell.set(slot.pfunc);
                }
            }
        }
    }
    if ty.tp_dealloc.get().is_none() {
        ty.tp_dealloc.set(Some(subtype_dealloc));
    }
    if let Some(module) = module {
        heap.ht_module.set(Py::new_ref(module).into_raw());
    }
    ty.ready(py)?;
    set_module_name(py, &ty, full_name)?;
    Ok(ty)
}

/// Copies the member table behind the type, relative offsets resolved, and takes the special members from it.
fn copy_members(py: Python, ty: &PyType, members: &[PyMemberDef], data_offset: isize) -> PyResult<()> {
    let array = member_array(ty);
    for (i, member) in members.iter().enumerate() {
        let mut copy = *member;
        if copy.flags & member_flags::RELATIVE_OFFSET != 0 {
            if data_offset == 0 {
                return Err(raise!(py, SystemError, "With Py_RELATIVE_OFFSET, basicsize must be negative."));
            }
            copy.flags &= !member_flags::RELATIVE_OFFSET;
            copy.offset += data_offset;
        }
        let field = match c_text(copy.name) {
            "__weaklistoffset__" => Some(&ty.tp_weaklistoffset),
            "__dictoffset__" => Some(&ty.tp_dictoffset),
            "__vectorcalloffset__" => Some(&ty.tp_vectorcall_offset),
            _ => None,
        };
        if let Some(field) = field {
            field.set(copy.offset);
        }
        // SAFETY: the block has room for every member and the terminator, which is zero already.
        unsafe { array.add(i).write(copy) };
    }
    // `__slots__` entries are released through `ob_size`; these members belong to the C code.
    ty.tp_members.set(array);
    ty.ob_base.set_size(0);
    Ok(())
}

/// `__module__` from the dotted name.
fn set_module_name(py: Python, ty: &PyType, full_name: &str) -> PyResult<()> {
    let key = id!(py, "__module__");
    if ty.dict().contains(py, key)? {
        return Ok(());
    }
    match full_name.rsplit_once('.') {
        Some((module, _)) => ty.dict().set(py, key, &PyStr::intern(py, module)? as &PyObject),
        None => err::warn(
            py,
            exceptions::DeprecationWarning(),
            &format!("builtin type {full_name:.200} has no __module__ attribute"),
            1,
        ),
    }
}

/// A heap type from a declaration (`#[pyclass]` without `static_name`).
pub fn type_from_decl(py: Python, decl: &'static ClassDecl, module: Option<&PyObject>) -> PyResult<Py<PyTypeObject>> {
    let template = decl.template;
    let base: &PyType = match decl.base {
        Some(base) => base(py),
        None => &PyBaseObject_Type,
    };
    if !base.has_feature(flags::READY) {
        base.ready(py)?;
    }
    let metatype: &PyType = match decl.metaclass {
        Some(metaclass) => metaclass(py),
        None => base.metatype(),
    };
    let ty = allocate(py, metatype, 0)?;
    let Some(heap) = ty.as_heap() else { return Err(err::bad_internal_call(py)) };
    // Every slot of the blueprint; suites go into the type's own.
    for offset in OFFSETS.iter().skip(1).chain(&[
        offset_of!(PyTypeObject, tp_basicsize),
        offset_of!(PyTypeObject, tp_itemsize),
        offset_of!(PyTypeObject, tp_vectorcall_offset),
        offset_of!(PyTypeObject, tp_weaklistoffset),
        offset_of!(PyTypeObject, tp_dictoffset),
        offset_of!(PyTypeObject, tp_name),
    ]) {
        if let (Some(to), Some(from)) = (slot_cell(&ty, *offset), slot_cell(template, *offset)) {
            to.set(from.get());
        }
    }
    ty.tp_flags.set(template.tp_flags.get() | flags::HEAPTYPE);
    let doc = ty.tp_doc.replace(core::ptr::null());
    if !doc.is_null() {
        // SAFETY: a C string. The type owns its copy.
        ty.tp_doc.set(c_copy(py, unsafe { CStr::from_ptr(doc) }.to_bytes())?);
    }
    ty.tp_base.set(Py::new_ref(base).into_raw());
    ty.tp_bases.set(PyTuple::from_slice(py, &[base as &PyObject])?.into_raw_object());
    let plain = PyStr::intern(py, template.name())?;
    heap.ht_name.set(plain.clone().into_raw_object());
    heap.ht_qualname.set(plain.into_raw_object());
    if let Some(module) = module {
        heap.ht_module.set(Py::new_ref(module).into_raw());
    }
    let module_name = template.full_name().rsplit_once('.').map_or("builtins", |(m, _)| m);
    let dict = crate::PyDict::new(py)?;
    dict.set(py, id!(py, "__module__"), &PyStr::intern(py, module_name)? as &PyObject)?;
    ty.tp_dict.set(dict.into_raw_object());
    ty.ready(py)?;
    debug_assert!(!eq(&*ty, template));
    Ok(ty)
}

/// The nearest class in the MRO whose definition has this token (`PyType_GetBaseByToken`).
pub fn base_by_token(ty: &PyType, token: *mut c_void) -> Option<&PyType> {
    ty.try_mro()?.as_slice().iter().find_map(|base| {
        // SAFETY: an MRO holds only types.
        let base = unsafe { &*(base.as_ptr() as *const PyType) };
        base.as_heap().filter(|h| h.ht_token.get() == token).map(|_| base)
    })
}

/// The nearest class in the MRO that was made from this module definition, and its module (`PyType_GetModuleByDef`).
pub fn module_by_def<'a>(py: Python, ty: &'a PyType, def: *const PyModuleDef) -> PyResult<&'a crate::PyModule> {
    if let Some(mro) = ty.try_mro() {
        for base in mro.as_slice() {
            // SAFETY: an MRO holds only types; a heap type's module is null or an object it keeps.
            let module =
                unsafe { (*(base.as_ptr() as *const PyType)).as_heap().and_then(|h| h.ht_module.get().as_ref()) };
            if let Some(module) = module.and_then(|m| m.downcast::<crate::PyModule>()) {
                if module.def().is_some_and(|d| eq(d, def)) {
                    return Ok(module);
                }
            }
        }
    }
    Err(raise!(py, TypeError, "PyType_GetModuleByDef: No superclass of '{}' has the given module", ty.full_name()))
}
