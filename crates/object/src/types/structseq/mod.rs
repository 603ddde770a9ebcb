//! Struct sequences: tuples whose items have names too, some of them reachable by name only (`sys.flags`,
//! `os.stat_result`, `time.struct_time` …).
//!
//! A native module describes one in a static [`StructSeq`] and makes instances with [`StructSeq::instance`]. The C API's
//! `PyStructSequence_NewType` calls [`new_type`] with a description of its own.
//!
//! An instance is a tuple of the fields that count for the sequence; `ob_size` is their number. The others follow behind
//! them, in memory that the type's `tp_basicsize` accounts for.

mod methods;
#[cfg(test)]
mod tests;

use crate::declare::InterpLocal;
use crate::memory::{alloc, gc, trashcan};
use crate::typeobj::*;
use crate::types::tuple::{PyTuple, PyTuple_Type};
use crate::types::type_::spec::from_spec;
use crate::types::type_::subtype::alloc_untracked;
use crate::{Py, PyLong, PyObject, PyResult, PyStr, PyType, Python, Slot, err, pack, raise};
use core::ffi::{CStr, c_char, c_int, c_uint, c_void};
use core::ptr::null_mut;

/// One field. A field without a name can be reached by its index only.
#[derive(Clone, Copy)]
pub struct Field {
    pub name: Option<&'static CStr>,
    pub doc: Option<&'static CStr>,
}

impl Field {
    /// A field with a name and a text about it.
    pub const fn new(name: &'static CStr, doc: &'static CStr) -> Field {
        Field { name: Some(name), doc: Some(doc) }
    }
    /// A field with a name alone.
    pub const fn named(name: &'static CStr) -> Field {
        Field { name: Some(name), doc: None }
    }
    /// A field that has an index only.
    pub const UNNAMED: Field = Field { name: None, doc: None };
}

/// What a struct sequence is made of (`PyStructSequence_Desc`).
pub struct Desc {
    /// With the module: `"time.struct_time"`.
    pub name: &'static CStr,
    pub doc: Option<&'static CStr>,
    pub fields: &'static [Field],
    /// How many of the fields count for the sequence; the rest is reachable by name only.
    pub n_in_sequence: usize,
    /// Type flags besides those that every struct sequence has.
    pub flags: u64,
}

/// A struct sequence of a native module: its description, and each interpreter's type.
pub struct StructSeq {
    desc: Desc,
    ty: InterpLocal<Slot<PyType>>,
}

impl StructSeq {
    /// `name` contains the module's.
    pub const fn new(
        name: &'static CStr,
        doc: &'static CStr,
        fields: &'static [Field],
        n_in_sequence: usize,
    ) -> StructSeq {
        StructSeq { desc: Desc { name, doc: Some(doc), fields, n_in_sequence, flags: 0 }, ty: InterpLocal::new() }
    }

    /// Adds type flags: `DISALLOW_INSTANTIATION`, `IMMUTABLETYPE`.
    pub const fn with_flags(mut self, flags: u64) -> StructSeq {
        self.desc.flags = flags;
        self
    }

    /// The type of this interpreter, made at first use.
    pub fn ty<'py>(&'static self, py: Python<'py>) -> PyResult<&'py PyType> {
        let slot = self.ty.get(py);
        if slot.is_none() {
            let ty = new_type(py, &self.desc)?;
            if slot.is_none() {
                slot.set(Some(ty));
            }
        }
        // SAFETY: set just now or before, and kept until the interpreter ends.
        Ok(unsafe { &*slot.as_raw() })
    }

    /// An instance with these values, one for each field; missing ones at the end are None.
    pub fn instance(&'static self, py: Python, values: Vec<Py>) -> PyResult<Py<PyTuple>> {
        new_instance(py, self.ty(py)?, values)
    }
}

/// What a type remembers of its description: what `ht_token` points to.
pub(crate) struct Layout {
    /// C name with the module, for messages.
    pub(crate) name: String,
    /// Names of all fields, in order.
    pub(crate) names: Vec<Option<&'static CStr>>,
    pub(crate) n_in_sequence: usize,
}

impl Layout {
    /// The layout of a struct sequence type.
    ///
    /// # Safety
    /// `ty` was made by [`new_type`].
    pub(crate) unsafe fn of(ty: &PyType) -> &Layout {
        // SAFETY: by contract: the type is a heap type whose token is its layout, which is never freed.
        unsafe { &*(ty.as_heap().map_or(core::ptr::null(), |h| h.ht_token.get() as *const Layout)) }
    }

    /// Number of fields, those outside the sequence included.
    pub(crate) fn n_fields(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn n_unnamed(&self) -> usize {
        self.names.iter().filter(|n| n.is_none()).count()
    }
}

/// True if `ty` is a struct sequence type.
pub fn is_struct_sequence(ty: &PyType) -> bool {
    ty.tp_dealloc.get().is_some_and(|f| core::ptr::fn_addr_eq(f, dealloc as destructor))
}

/// Makes a struct sequence type (`PyStructSequence_NewType`). Types are never freed together with what describes them: the
/// tables they need are leaked.
///
/// # Errors
/// SystemError if more fields are in the sequence than there are.
pub fn new_type(py: Python, desc: &Desc) -> PyResult<Py<PyType>> {
    let n = desc.fields.len();
    if desc.n_in_sequence > n {
        return Err(raise!(py, SystemError, "struct sequence with more visible fields than fields"));
    }
    let layout: &'static Layout = Box::leak(Box::new(Layout {
        name: desc.name.to_string_lossy().into_owned(),
        names: desc.fields.iter().map(|f| f.name).collect(),
        n_in_sequence: desc.n_in_sequence,
    }));
    let mut members = Vec::with_capacity(n + 1);
    for (i, field) in desc.fields.iter().enumerate() {
        let Some(name) = field.name else { continue };
        members.push(PyMemberDef {
            name: name.as_ptr(),
            type_: member_type::OBJECT,
            offset: (size_of::<PyTuple>() + i * size_of::<*mut PyObject>()) as isize,
            flags: member_flags::READONLY,
            doc: field.doc.map_or(core::ptr::null(), CStr::as_ptr),
        });
    }
    members.push(PyMemberDef::END);
    let members = members.leak();
    let mut slots = vec![
        slot(TP_DEALLOC, dealloc as destructor as *mut c_void),
        slot(TP_REPR, methods::repr as reprfunc as *mut c_void),
        slot(TP_METHODS, (&raw const methods::METHODS) as *mut c_void),
        slot(TP_MEMBERS, members.as_mut_ptr() as *mut c_void),
        slot(TP_TRAVERSE, traverse as traverseproc as *mut c_void),
        slot(TP_TOKEN, layout as *const Layout as *mut c_void),
    ];
    if desc.flags & flags::DISALLOW_INSTANTIATION == 0 {
        slots.push(slot(TP_NEW, methods::new as newfunc as *mut c_void));
    }
    if let Some(doc) = desc.doc {
        slots.push(slot(TP_DOC, doc.as_ptr() as *mut c_void));
    }
    slots.push(slot(0, null_mut()));
    let hidden = n - desc.n_in_sequence;
    // A name without a module's belongs to `builtins`; the type is told so by a dotted name while it is made.
    let has_module = desc.name.to_bytes().contains(&b'.');
    let dotted = if has_module { desc.name.to_owned() } else { in_builtins(desc.name) };
    // Immutability is put on at the end: the counts go into the dict first.
    let spec = PyType_Spec {
        name: dotted.as_ptr() as *const c_char,
        basicsize: (size_of::<PyTuple>() + hidden * size_of::<*mut PyObject>()) as c_int,
        itemsize: size_of::<*mut PyObject>() as c_int,
        flags: (flags::HAVE_GC | (desc.flags & !flags::IMMUTABLETYPE)) as c_uint,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the spec's tables end as they must; what outlives the call is static or leaked.
    let ty = unsafe { from_spec(py, None, None, &spec, Some(&PyTuple_Type)) }?;
    add_counts(py, &ty, layout)?;
    if !has_module {
        ty.tp_name.set(desc.name.as_ptr());
    }
    ty.tp_flags.set(ty.tp_flags.get() | (desc.flags & flags::IMMUTABLETYPE));
    Ok(ty)
}

fn in_builtins(name: &CStr) -> std::ffi::CString {
    let mut dotted = b"builtins.".to_vec();
    dotted.extend_from_slice(name.to_bytes());
    // A C string has no NUL inside.
    std::ffi::CString::new(dotted).unwrap_or_default()
}

const TP_DEALLOC: c_int = 52;
const TP_DOC: c_int = 56;
const TP_METHODS: c_int = 64;
const TP_NEW: c_int = 65;
const TP_REPR: c_int = 66;
const TP_TRAVERSE: c_int = 71;
const TP_MEMBERS: c_int = 72;
const TP_TOKEN: c_int = 83;

const fn slot(slot: c_int, pfunc: *mut c_void) -> PyType_Slot {
    PyType_Slot { slot, pfunc }
}

/// `n_sequence_fields` and its kin, and `__match_args__`.
fn add_counts(py: Python, ty: &PyType, layout: &Layout) -> PyResult<()> {
    let dict = ty.dict();
    for (name, n) in [
        ("n_sequence_fields", layout.n_in_sequence),
        ("n_fields", layout.n_fields()),
        ("n_unnamed_fields", layout.n_unnamed()),
    ] {
        let (key, value) = (PyStr::intern(py, name)?, PyLong::from_usize(py, n)?);
        dict.set(py, &key, value.as_object())?;
    }
    let mut names = Vec::new();
    for name in layout.names[..layout.n_in_sequence].iter().flatten() {
        names.push(PyStr::intern(py, &name.to_string_lossy())?.into_object());
    }
    let names = PyTuple::from_vec(py, names)?;
    dict.set(py, crate::id!(py, "__match_args__"), &names)?;
    ty.modified();
    Ok(())
}

/// An instance of a struct sequence type with these values; None for those that are missing, at most as many as fields.
pub fn new_instance(py: Python, ty: &PyType, mut values: Vec<Py>) -> PyResult<Py<PyTuple>> {
    if !is_struct_sequence(ty) {
        return Err(err::bad_internal_call(py));
    }
    // SAFETY: just checked.
    let layout = unsafe { Layout::of(ty) };
    let n = layout.n_fields();
    if values.len() > n {
        return Err(err::bad_internal_call(py));
    }
    values.resize_with(n, || py.none());
    let obj = alloc_instance(py, ty)?;
    for (i, value) in values.into_iter().enumerate() {
        // SAFETY: there is room for every field; each is written once.
        unsafe { obj.items_ptr().add(i).write(value.into_raw()) };
    }
    // SAFETY: whole now, not tracked yet.
    unsafe { gc::track(&obj) };
    Ok(obj)
}

/// An instance whose fields are all null, not tracked (`PyStructSequence_New`). Whoever fills it tracks it.
pub fn alloc_instance(py: Python, ty: &PyType) -> PyResult<Py<PyTuple>> {
    // SAFETY: every caller passes a struct sequence type.
    let layout = unsafe { Layout::of(ty) };
    let obj = alloc_untracked(py, ty, layout.n_in_sequence as isize)?;
    // SAFETY: the type is a subclass of tuple without fields of its own in front of the items.
    let obj: Py<PyTuple> = unsafe { obj.cast_unchecked() };
    obj.set_cached_hash(-1);
    Ok(obj)
}

/// All fields of an instance; those that are not in the sequence too.
///
/// # Safety
/// `obj` is a whole instance of a struct sequence type.
pub unsafe fn fields(obj: &PyTuple) -> &[Py] {
    // SAFETY: by contract; the memory of an instance holds all fields.
    unsafe {
        let n = Layout::of(obj.ty()).n_fields();
        core::slice::from_raw_parts(obj.items_ptr() as *const Py, n)
    }
}

unsafe extern "C" fn dealloc(this: *mut PyObject) {
    // SAFETY: the object is ours alone; its type lives until the reference is given back at the end.
    unsafe {
        let ty = core::ptr::from_ref((*this).ty());
        gc::untrack(&*this);
        if !trashcan::begin(this) {
            return;
        }
        let items = (*(this as *mut PyTuple)).items_ptr();
        for i in 0..Layout::of(&*ty).n_fields() {
            let item = *items.add(i);
            if !item.is_null() {
                PyObject::decref(item);
            }
        }
        alloc::free_by_type(this);
        PyObject::decref(ty as *const PyObject);
        trashcan::end();
    }
}

unsafe extern "C" fn traverse(this: *mut PyObject, visit: crate::header::visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: called by the collector for a live instance; fields are null while it is being filled.
    unsafe {
        let ty = (*this).ty();
        let r = visit(ty.as_ptr(), arg);
        if r != 0 {
            return r;
        }
        let items = (*(this as *mut PyTuple)).items_ptr();
        for i in 0..Layout::of(ty).n_fields() {
            let item = *items.add(i);
            if !item.is_null() {
                let r = visit(item, arg);
                if r != 0 {
                    return r;
                }
            }
        }
    }
    0
}

/// The pair that `__reduce__` gives for an instance.
pub(crate) fn reduce(py: Python, this: &PyTuple) -> PyResult<Py<PyTuple>> {
    // SAFETY: the method's receiver was checked.
    let (layout, all) = unsafe { (Layout::of(this.ty()), fields(this)) };
    let visible = PyTuple::from_py_slice(py, &all[..layout.n_in_sequence])?;
    let hidden = crate::PyDict::new(py)?;
    for (name, value) in layout.names.iter().zip(all).skip(layout.n_in_sequence) {
        if let Some(name) = name {
            let key = PyStr::intern(py, &name.to_string_lossy())?;
            hidden.set(py, &key, value)?;
        }
    }
    let state = pack!(py, visible, hidden)?;
    pack!(py, this.ty(), state)
}
