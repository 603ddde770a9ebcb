//! `type(name, bases, namespace)`: making a class.

use super::attributes::c_name;
use super::layout::{best_base, calculate_metaclass};
use super::subtype::{PyType_GenericAlloc, subtype_clear, subtype_dealloc, subtype_traverse};
use super::{PyType, PyType_Type, call, getsets, update};
use crate::memory::alloc::PyObject_GC_Del;
use crate::typeobj::*;
use crate::types::cell::{PyCell, PyCell_Type};
use crate::types::descr::classmethod::PyClassMethod;
use crate::types::descr::staticmethod::PyStaticMethod;
use crate::types::function::PyFunction_Type;
use crate::types::object_::PyBaseObject_Type;
use crate::{Py, PyDict, PyObject, PyResult, PyStr, PyTuple, Python, err, id, raise};
use core::ptr::{eq, fn_addr_eq, null_mut};

/// `type.__new__`.
pub unsafe extern "C" fn type_new(
    metatype: *mut crate::PyTypeObject,
    args: *mut PyObject,
    kwds: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: called with the GIL held, a type, a tuple and a dict or null.
    let (py, metatype, args, kwds) =
        unsafe { (Python::assume(), &*metatype, &*(args as *const PyTuple), (kwds as *const PyDict).as_ref()) };
    super::glue::CReturn::c_return(new(py, metatype, args, kwds))
}

fn argument<'a, T: crate::PyClass>(py: Python, args: &'a PyTuple, i: usize, what: &str) -> PyResult<&'a T> {
    args.as_slice()[i].downcast::<T>().ok_or_else(|| {
        raise!(
            py,
            TypeError,
            "type.__new__() argument {} must be {what}, not {}",
            i + 1,
            args.as_slice()[i].ty().full_name()
        )
    })
}

fn new(py: Python, metatype: &PyType, args: &PyTuple, kwds: Option<&PyDict>) -> PyResult {
    if args.len() != 3 {
        return Err(raise!(py, TypeError, "type.__new__() takes exactly 3 arguments ({} given)", args.len()));
    }
    let name: &PyStr = argument(py, args, 0, "str")?;
    let bases: &PyTuple = argument(py, args, 1, "tuple")?;
    let namespace: &PyDict = argument(py, args, 2, "dict")?;
    let bases = if bases.len() == 0 {
        PyTuple::from_slice(py, &[&PyBaseObject_Type as &PyObject])?
    } else {
        for base in bases.as_slice() {
            if PyType::from_object(base).is_none() && base.getattr_opt(py, id!(py, "__mro_entries__"))?.is_some() {
                return Err(raise!(
                    py,
                    TypeError,
                    "type() doesn't support MRO entry resolution; use types.new_class()"
                ));
            }
        }
        Py::new_ref(bases)
    };
    let winner = calculate_metaclass(py, metatype, &bases)?;
    if !eq(winner, metatype) {
        if let Some(f) = winner.tp_new.get().filter(|f| !fn_addr_eq(*f, type_new as newfunc)) {
            // SAFETY: the slot of the class that is to be made.
            return unsafe {
                Py::from_owned_or_raised(f(
                    core::ptr::from_ref(winner).cast_mut(),
                    args.as_ptr(),
                    kwds.map_or(null_mut(), |k| k.as_ptr()),
                ))
            };
        }
    }
    let base = best_base(py, &bases)?;
    let dict = namespace.copy(py)?;
    let ty = create(py, winner, name, &bases, base, &dict)?;
    set_names(py, &ty)?;
    init_subclass(py, &ty, kwds)?;
    Ok(ty.into_object())
}

/// A new class without keywords for `__init_subclass__`, made by `type` itself.
pub fn new_type(py: Python, name: &str, bases: &PyTuple, dict: &PyDict) -> PyResult<Py<PyType>> {
    let name = PyStr::new(py, name)?;
    let args = PyTuple::from_slice(py, &[&name as &PyObject, bases, dict])?;
    let ty = new(py, &PyType_Type, &args, None)?;
    // SAFETY: `new` gives a type.
    Ok(unsafe { ty.cast_unchecked() })
}

/// What `__slots__` asks for.
struct Layout {
    /// Mangled and sorted; `None` without `__slots__`.
    slots: Option<Py<PyTuple>>,
    add_dict: bool,
    add_weakref: bool,
}

fn decide_layout(py: Python, name: &PyStr, bases: &PyTuple, base: &PyType, dict: &PyDict) -> PyResult<Layout> {
    let may_add_dict = base.tp_dictoffset.get() == 0;
    let may_add_weakref = base.tp_weaklistoffset.get() == 0 && base.tp_itemsize.get() == 0;
    let Some(declared) = dict.get_str(py, id!(py, "__slots__"))? else {
        return Ok(Layout { slots: None, add_dict: may_add_dict, add_weakref: may_add_weakref });
    };
    let declared = if declared.downcast::<PyStr>().is_some() {
        PyTuple::from_slice(py, &[&declared])?
    } else {
        crate::abstracts::sequence::to_tuple(py, &declared)?
    };
    if declared.len() > 0 && base.tp_itemsize.get() != 0 {
        return Err(raise!(py, TypeError, "nonempty __slots__ not supported for subtype of '{}'", base.full_name()));
    }
    let mut layout = Layout { slots: None, add_dict: false, add_weakref: false };
    let mut mangled: Vec<Py<PyStr>> = Vec::new();
    for slot in declared.as_slice() {
        let Some(slot) = slot.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "__slots__ items must be strings, not '{}'", slot.ty().full_name()));
        };
        if !is_identifier(slot) {
            return Err(raise!(py, TypeError, "__slots__ must be identifiers"));
        }
        if slot.eq_str("__dict__") {
            if !may_add_dict || layout.add_dict {
                return Err(raise!(py, TypeError, "__dict__ slot disallowed: we already got one"));
            }
            layout.add_dict = true;
            continue;
        }
        if slot.eq_str("__weakref__") {
            if !may_add_weakref || layout.add_weakref {
                return Err(raise!(py, TypeError, "__weakref__ slot disallowed: we already got one"));
            }
            layout.add_weakref = true;
            continue;
        }
        let slot = mangle(py, name, slot)?;
        if dict.contains(py, &slot)? {
            // The compiler puts these two into every namespace; the class drops them again.
            if !slot.eq_str("__qualname__") && !slot.eq_str("__classcell__") && !slot.eq_str("__classdictcell__") {
                return Err(raise!(
                    py,
                    ValueError,
                    "{} in __slots__ conflicts with class variable",
                    slot.repr(py)?.to_string_lossy()
                ));
            }
        }
        mangled.push(slot);
    }
    mangled.sort_by(|a, b| a.compare(b));
    // Further bases may bring a dict or weak references that the class then needs.
    let wants_dict = may_add_dict && !layout.add_dict;
    let wants_weakref = may_add_weakref && !layout.add_weakref;
    if bases.len() > 1 && (wants_dict || wants_weakref) {
        for other in bases.as_slice() {
            let Some(other) = PyType::from_object(other).filter(|o| !eq(*o, base)) else { continue };
            layout.add_dict |= wants_dict && other.tp_dictoffset.get() != 0;
            layout.add_weakref |= wants_weakref && other.tp_weaklistoffset.get() != 0;
        }
    }
    layout.slots = Some(PyTuple::from_vec(py, mangled.into_iter().map(Py::into_object).collect())?);
    Ok(layout)
}

/// True for a name that can stand in source code (`str.isidentifier`).
fn is_identifier(name: &PyStr) -> bool {
    let start = |c: u32| c == u32::from('_') || taipan_unicode::is_xid_start(c);
    let mut chars = name.chars();
    chars.next().is_some_and(start) && chars.all(taipan_unicode::is_xid_continue)
}

/// Private name mangling: `__x` in class `_C` is `_C__x` (`_Py_Mangle`).
pub fn mangle(py: Python, class_name: &PyStr, name: &PyStr) -> PyResult<Py<PyStr>> {
    let text = name.to_str(py)?;
    let private = text.starts_with("__") && !text.ends_with("__") && !text.contains('.');
    let class_text = class_name.to_str(py)?;
    let stripped = class_text.trim_start_matches('_');
    if !private || stripped.is_empty() {
        return PyStr::intern(py, text);
    }
    PyStr::intern(py, &format!("_{stripped}{text}"))
}

fn create(
    py: Python,
    metatype: &PyType,
    name: &PyStr,
    bases: &PyTuple,
    base: &PyType,
    dict: &Py<PyDict>,
) -> PyResult<Py<PyType>> {
    let layout = decide_layout(py, name, bases, base, dict)?;
    let nslots = layout.slots.as_ref().map_or(0, |s| s.len());
    let ty = allocate(py, metatype, nslots)?;
    let heap = ty.as_heap().unwrap_or_else(|| unreachable!("allocated as a heap type"));
    // Instances refer to their class, so the collector has to know them even if they hold nothing else.
    let mut f = flags::DEFAULT | flags::HEAPTYPE | flags::BASETYPE | flags::HAVE_GC;
    if layout.add_dict {
        f |= flags::MANAGED_DICT;
    }
    if layout.add_weakref {
        f |= flags::MANAGED_WEAKREF;
    }
    ty.tp_flags.set(f);
    ty.tp_base.set(Py::new_ref(base).into_raw());
    ty.tp_bases.set(Py::new_ref(bases).into_raw_object());
    ty.tp_dict.set(dict.clone().into_raw_object());
    heap.ht_name.set(Py::new_ref(name).into_raw_object());
    ty.tp_name.set(c_name(py, name)?);
    if let Some(slots) = &layout.slots {
        heap.ht_slots.set(slots.clone().into_raw_object());
    }
    set_namespace_names(py, &ty, name, dict)?;
    set_doc(py, &ty, dict)?;
    wrap_special_functions(py, dict)?;
    add_slots(py, &ty, base, &layout)?;
    ty.tp_dealloc.set(Some(subtype_dealloc));
    ty.tp_alloc.set(Some(PyType_GenericAlloc));
    ty.tp_vectorcall.set(Some(call::class_vectorcall));
    ty.tp_free.set(Some(PyObject_GC_Del));
    ty.tp_traverse.set(Some(subtype_traverse));
    ty.tp_clear.set(Some(subtype_clear));
    fill_class_cells(py, &ty, dict)?;
    ty.ready(py)?;
    update::fix_all(py, &ty)?;
    Ok(ty)
}

/// A heap type structure, empty but for its suites, with room for `nslots` member definitions behind it.
pub(super) fn allocate(py: Python, metatype: &PyType, nslots: usize) -> PyResult<Py<PyType>> {
    let _ = py;
    let alloc = metatype.tp_alloc.get().unwrap_or(PyType_GenericAlloc);
    // SAFETY: the metatype's instances are heap types.
    let ty: Py<PyType> = unsafe {
        Py::from_owned_or_raised(alloc(core::ptr::from_ref(metatype).cast_mut(), nslots as isize))?.cast_unchecked()
    };
    ty.tp_flags.set(flags::HEAPTYPE);
    if let Some(heap) = ty.as_heap() {
        ty.tp_as_async.set(&heap.as_async);
        ty.tp_as_number.set(&heap.as_number);
        ty.tp_as_mapping.set(&heap.as_mapping);
        ty.tp_as_sequence.set(&heap.as_sequence);
        ty.tp_as_buffer.set(&heap.as_buffer);
    }
    Ok(ty)
}

/// `__module__` from the running code's globals, `__qualname__` from the namespace.
fn set_namespace_names(py: Python, ty: &PyType, name: &PyStr, dict: &PyDict) -> PyResult<()> {
    let module = id!(py, "__module__");
    if !dict.contains(py, module)? {
        if let Some(globals) = (crate::runtime::hooks::get().current_globals)(py) {
            if let Some(globals) = globals.downcast::<PyDict>() {
                if let Some(value) = globals.get_str(py, id!(py, "__name__"))? {
                    dict.set(py, module, &value)?;
                }
            }
        }
    }
    let Some(heap) = ty.as_heap() else { return Ok(()) };
    let key = id!(py, "__qualname__");
    let qualname = match dict.get_str(py, key)? {
        None => Py::new_ref(name).into_object(),
        Some(q) => {
            if q.downcast::<PyStr>().is_none() {
                return Err(raise!(py, TypeError, "type __qualname__ must be a str, not {}", q.ty().full_name()));
            }
            dict.del(py, key)?;
            q
        }
    };
    heap.ht_qualname.set(qualname.into_raw());
    Ok(())
}

/// Copies the docstring for C code that reads `tp_doc`.
fn set_doc(py: Python, ty: &PyType, dict: &PyDict) -> PyResult<()> {
    let Some(doc) = dict.get_str(py, id!(py, "__doc__"))? else { return Ok(()) };
    let Some(doc) = doc.downcast::<PyStr>() else { return Ok(()) };
    ty.tp_doc.set(c_copy(py, doc.to_str(py)?.as_bytes())?);
    Ok(())
}

/// A C string of its own, freed with `obmalloc::free`.
pub(super) fn c_copy(py: Python, bytes: &[u8]) -> PyResult<*const core::ffi::c_char> {
    // SAFETY: the block holds the text and its NUL.
    unsafe {
        let p = crate::memory::obmalloc::malloc(bytes.len() + 1);
        if p.is_null() {
            return Err(err::no_memory(py));
        }
        core::ptr::copy_nonoverlapping(bytes.as_ptr(), p, bytes.len());
        *p.add(bytes.len()) = 0;
        Ok(p.cast())
    }
}

/// `__new__` is a static method, `__init_subclass__` and `__class_getitem__` are class methods, without being told.
fn wrap_special_functions(py: Python, dict: &PyDict) -> PyResult<()> {
    let key = id!(py, "__new__");
    if let Some(f) = dict.get_str(py, key)?.filter(|f| f.is_type(&PyFunction_Type)) {
        dict.set(py, key, &PyStaticMethod::new(py, &f)? as &PyObject)?;
    }
    for key in [id!(py, "__init_subclass__"), id!(py, "__class_getitem__")] {
        if let Some(f) = dict.get_str(py, key)?.filter(|f| f.is_type(&PyFunction_Type)) {
            dict.set(py, key, &PyClassMethod::new(py, &f)? as &PyObject)?;
        }
    }
    Ok(())
}

/// Lays out the instance: a word for each slot behind the base's fields.
fn add_slots(py: Python, ty: &PyType, base: &PyType, layout: &Layout) -> PyResult<()> {
    let mut offset = base.tp_basicsize.get();
    if let Some(slots) = &layout.slots {
        let members = member_array(ty);
        for (i, slot) in slots.as_slice().iter().enumerate() {
            // SAFETY: `__slots__` was made a tuple of strings; the array has as many entries (and a terminator, the block
            // having one item more than asked for).
            unsafe {
                let name = &*(slot.as_ptr() as *const PyStr);
                members.add(i).write(PyMemberDef {
                    name: name.to_str(py)?.as_ptr().cast(),
                    type_: member_type::OBJECT_EX,
                    offset,
                    flags: 0,
                    doc: core::ptr::null(),
                });
            }
            offset += size_of::<usize>() as isize;
        }
        ty.tp_members.set(members);
    }
    ty.tp_basicsize.set(offset);
    ty.tp_itemsize.set(base.tp_itemsize.get());
    ty.tp_getset.set(match (layout.add_dict, layout.add_weakref) {
        (true, true) => getsets::FULL.as_ptr(),
        (true, false) => getsets::DICT_ONLY.as_ptr(),
        (false, true) => getsets::WEAKREF_ONLY.as_ptr(),
        (false, false) => core::ptr::null(),
    });
    Ok(())
}

/// Where the member definitions of a heap type are.
pub(super) fn member_array(ty: &PyType) -> *mut PyMemberDef {
    // SAFETY: they follow the structure, whose size the metatype knows.
    unsafe { (ty.as_ptr() as *mut u8).offset(ty.metatype().tp_basicsize.get()).cast() }
}

/// Fills the cells through which methods see `__class__` and the class namespace.
fn fill_class_cells(py: Python, ty: &PyType, dict: &PyDict) -> PyResult<()> {
    for (key, shown, value) in [
        (id!(py, "__classcell__"), "__classcell__", ty as &PyObject),
        (id!(py, "__classdictcell__"), "__classdictcell__", dict),
    ] {
        let Some(cell) = dict.get_str(py, key)? else { continue };
        if !cell.is_type(&PyCell_Type) {
            return Err(raise!(
                py,
                TypeError,
                "{shown} must be a nonlocal cell, not {}",
                (cell.ty() as &PyObject).repr(py)?.to_string_lossy()
            ));
        }
        // SAFETY: the type was just checked.
        unsafe { &*(cell.as_ptr() as *const PyCell) }.set(Some(Py::new_ref(value)));
        dict.del(py, key)?;
    }
    Ok(())
}

/// Calls `__set_name__` of every value in the namespace.
fn set_names(py: Python, ty: &PyType) -> PyResult<()> {
    let copy = ty.dict().copy(py)?;
    let mut pos = 0;
    while let Some((key, value)) = copy.next(&mut pos) {
        let Some(method) = value.lookup_special(py, id!(py, "__set_name__"))? else { continue };
        if method.call(py, &[ty as &PyObject, &key]).is_err() {
            add_set_name_note(py, ty, &key, &value);
            return Err(crate::Raised::assume());
        }
    }
    Ok(())
}

fn add_set_name_note(py: Python, ty: &PyType, key: &PyObject, value: &PyObject) {
    let Some(exc) = err::take(py) else { return };
    let shown = key.repr(py).map(|r| r.to_string_lossy().into_owned());
    let kind = value.ty().fully_qualified_name(py).map(|n| n.to_string_lossy().into_owned());
    match (shown, kind) {
        (Ok(shown), Ok(kind)) => {
            let text = format!("Error calling __set_name__ on '{kind}' instance {shown} in '{}'", ty.name());
            let noted =
                PyStr::new(py, &text).and_then(|note| exc.call_method1(py, id!(py, "add_note"), &note as &PyObject));
            if noted.is_err() {
                err::clear(py);
            }
        }
        _ => err::clear(py),
    }
    let _ = err::restore(py, exc);
}

/// `super(cls, cls).__init_subclass__(**kwds)`.
fn init_subclass(py: Python, ty: &PyType, kwds: Option<&PyDict>) -> PyResult<()> {
    let method = crate::types::super_::lookup(py, ty, ty, ty, id!(py, "__init_subclass__"))?;
    let Some(method) = method else { return Ok(()) };
    match kwds.filter(|k| k.len() > 0) {
        None => method.call0(py)?,
        Some(kwds) => method.call_tuple(py, &PyTuple::empty(py), Some(kwds))?,
    };
    Ok(())
}

/// The bases of a class statement with `__mro_entries__` resolved (PEP 560); the same tuple if there is nothing to resolve.
pub fn resolve_bases(py: Python, bases: &PyTuple) -> PyResult<Py<PyTuple>> {
    let mut changed: Option<Vec<Py>> = None;
    for (i, base) in bases.as_slice().iter().enumerate() {
        let method = match PyType::from_object(base) {
            Some(_) => None,
            None => base.getattr_opt(py, id!(py, "__mro_entries__"))?,
        };
        let Some(method) = method else {
            if let Some(list) = &mut changed {
                list.push(base.clone());
            }
            continue;
        };
        let entries = method.call1(py, bases)?;
        let Some(entries) = entries.downcast::<PyTuple>() else {
            return Err(raise!(py, TypeError, "__mro_entries__ must return a tuple"));
        };
        let list = changed.get_or_insert_with(|| bases.as_slice()[..i].to_vec());
        list.extend(entries.as_slice().iter().cloned());
    }
    match changed {
        None => Ok(Py::new_ref(bases)),
        Some(list) => PyTuple::from_vec(py, list),
    }
}

/// `type.__prepare__` gives an empty namespace.
pub(super) fn prepare(py: Python) -> PyResult<Py<PyDict>> {
    PyDict::new(py)
}
