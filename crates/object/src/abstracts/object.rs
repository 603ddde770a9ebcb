//! Attributes, hashing, text, comparison, truth, and instance and subclass checks of any object (CPython's `object.c` and part of `abstract.c`).

use crate::declare::CompareOp;
use crate::typeobj::{flags, getattrofunc};
use crate::types::dict::inline_values;
use crate::types::str_::PyUnicode_Type;
use crate::types::type_::{PyType_Type, attributes};
use crate::{
    Py, PyBytes, PyDict, PyList, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Raised, err, exceptions, id,
    raise, singletons,
};
use core::ptr::{fn_addr_eq, null_mut};

// Attributes

/// An attribute name given by C or Python code as a string.
///
/// # Errors
/// TypeError "attribute name must be string, not 'int'".
#[inline]
pub fn attribute_name<'a>(py: Python, name: &'a PyObject) -> PyResult<&'a PyStr> {
    if !name.ty().has_feature(flags::UNICODE_SUBCLASS) {
        return Err(raise!(py, TypeError, "attribute name must be string, not '{:.200}'", name.ty().full_name()));
    }
    // SAFETY: the flag says that it is a str.
    Ok(unsafe { name.downcast_unchecked::<PyStr>() })
}

/// `PyObject_GenericGetAttr`: `tp_getattro` of most types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GenericGetAttr(obj: *mut PyObject, name: *mut PyObject) -> *mut PyObject {
    // SAFETY: called with the GIL held and live objects.
    let (py, obj, name) = unsafe { (Python::assume(), &*obj, &*name) };
    let body = || {
        let name = attribute_name(py, name)?;
        generic_lookup(py, obj, name)?.ok_or_else(|| no_attribute(py, obj, name))
    };
    match body() {
        Ok(v) => v.into_raw(),
        Err(_) => null_mut(),
    }
}

/// `PyObject_GenericSetAttr`: `tp_setattro` of most types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GenericSetAttr(
    obj: *mut PyObject,
    name: *mut PyObject,
    value: *mut PyObject,
) -> core::ffi::c_int {
    // SAFETY: called with the GIL held and live objects.
    let (py, obj, name, value) = unsafe { (Python::assume(), &*obj, &*name, value.as_ref()) };
    let body = || generic_set(py, obj, attribute_name(py, name)?, value);
    if body().is_ok() { 0 } else { -1 }
}

/// True if attributes of instances are looked up by [`PyObject_GenericGetAttr`].
#[inline(always)]
pub fn has_generic_getattr(ty: &PyType) -> bool {
    ty.tp_getattro.get().is_some_and(|f| fn_addr_eq(f, PyObject_GenericGetAttr as getattrofunc))
}

/// True if attributes of instances are set by [`PyObject_GenericSetAttr`].
#[inline(always)]
pub fn has_generic_setattr(ty: &PyType) -> bool {
    ty.tp_setattro.get().is_some_and(|f| fn_addr_eq(f, PyObject_GenericSetAttr as crate::typeobj::setattrofunc))
}

/// The cell of an instance's `__dict__` pointer for types with a plain `tp_dictoffset`
/// (`_PyObject_ComputedDictPointer`). Null if the type has none.
fn computed_dict_pointer(obj: &PyObject) -> *mut *mut PyObject {
    let ty = obj.ty();
    let mut offset = ty.tp_dictoffset.get();
    if offset == 0 {
        return null_mut();
    }
    // SAFETY: the offset lies inside the instance; negative ones count from its end.
    unsafe {
        if offset < 0 {
            let n = (*(obj.as_ptr() as *const crate::PyVarObject)).size().unsigned_abs();
            let size = (ty.tp_basicsize.get() as usize + n * ty.tp_itemsize.get() as usize).next_multiple_of(8);
            offset += size as isize;
        }
        (obj.as_ptr() as *mut u8).offset(offset).cast()
    }
}

/// An attribute of the instance itself: inline values, managed dict or dict.
#[inline]
pub(crate) fn instance_attribute(py: Python, obj: &PyObject, name: &PyStr) -> PyResult<Option<Py>> {
    let ty = obj.ty();
    if ty.has_feature(flags::MANAGED_DICT) {
        if ty.has_feature(flags::INLINE_VALUES) {
            // SAFETY: as the flag says.
            match unsafe { inline_values::lookup(obj, name) } {
                inline_values::Lookup::Found(value) => return Ok(Some(value)),
                inline_values::Lookup::Missing => return Ok(None),
                inline_values::Lookup::AskDict => {}
            }
        }
        // SAFETY: as the flag says; kept while the lookup may run code.
        let dict = unsafe { inline_values::managed_dict(obj) }.map(Py::new_ref);
        return match dict {
            Some(dict) => dict.get_str(py, name),
            None => Ok(None),
        };
    }
    let at = computed_dict_pointer(obj);
    if at.is_null() {
        return Ok(None);
    }
    // SAFETY: the word is null or the instance's dict.
    match unsafe { Py::from_borrowed_nullable((*at) as *const PyDict) } {
        Some(dict) => dict.get_str(py, name),
        None => Ok(None),
    }
}

/// The generic lookup: data descriptor of the type, instance, other descriptor or value of the type.
#[inline]
pub(crate) fn generic_lookup(py: Python, obj: &PyObject, name: &PyStr) -> PyResult<Option<Py>> {
    let ty = obj.ty();
    if !ty.has_feature(flags::READY) {
        ty.ready(py)?;
    }
    let descr = ty.lookup(py, name);
    let mut get = None;
    if let Some(d) = &descr {
        let dt = d.ty();
        get = dt.tp_descr_get.get();
        if let Some(f) = get {
            if dt.tp_descr_set.get().is_some() {
                // SAFETY: a slot called with live objects.
                return unsafe { Py::from_owned_or_raised(f(d.as_ptr(), obj.as_ptr(), ty.as_ptr())) }.map(Some);
            }
        }
    }
    if let Some(value) = instance_attribute(py, obj, name)? {
        return Ok(Some(value));
    }
    match (descr, get) {
        // SAFETY: as above.
        (Some(d), Some(f)) => unsafe { Py::from_owned_or_raised(f(d.as_ptr(), obj.as_ptr(), ty.as_ptr())) }.map(Some),
        (d, _) => Ok(d),
    }
}

/// As [`generic_lookup`] with `dict` in place of the instance's own.
pub fn generic_lookup_in(py: Python, obj: &PyObject, name: &PyStr, dict: &PyDict) -> PyResult<Option<Py>> {
    let ty = obj.ty();
    let descr = ty.lookup(py, name);
    let get = descr.as_ref().and_then(|d| d.ty().tp_descr_get.get());
    let call = |d: &Py, f: crate::typeobj::descrgetfunc| {
        // SAFETY: a slot called with live objects.
        unsafe { Py::from_owned_or_raised(f(d.as_ptr(), obj.as_ptr(), ty.as_ptr())) }.map(Some)
    };
    if let (Some(d), Some(f)) = (&descr, get) {
        if d.ty().tp_descr_set.get().is_some() {
            return call(d, f);
        }
    }
    if let Some(value) = dict.get_str(py, name)? {
        return Ok(Some(value));
    }
    match (&descr, get) {
        (Some(d), Some(f)) => call(d, f),
        _ => Ok(descr),
    }
}

/// Sets or deletes by the generic rule.
fn generic_set(py: Python, obj: &PyObject, name: &PyStr, value: Option<&PyObject>) -> PyResult<()> {
    let ty = obj.ty();
    if !ty.has_feature(flags::READY) {
        ty.ready(py)?;
    }
    let descr = ty.lookup(py, name);
    if let Some(d) = &descr {
        if let Some(set) = d.ty().tp_descr_set.get() {
            // SAFETY: a slot called with live objects.
            let code = unsafe { set(d.as_ptr(), obj.as_ptr(), value.map_or(null_mut(), PyObject::as_ptr)) };
            return if code < 0 { Err(Raised::assume()) } else { Ok(()) };
        }
    }
    if ty.has_feature(flags::INLINE_VALUES) {
        // SAFETY: as the flag says.
        let result = unsafe { inline_values::store(py, obj, name, value) };
        return if value.is_none() { explain_missing(py, obj, name, result) } else { result };
    }
    let dict = if ty.has_feature(flags::MANAGED_DICT) {
        // SAFETY: as the flag says.
        match unsafe { inline_values::managed_dict(obj) } {
            Some(dict) => Py::new_ref(dict),
            // SAFETY: as the flag says.
            None => unsafe { inline_values::materialize_dict(py, obj)? },
        }
    } else {
        let at = computed_dict_pointer(obj);
        if at.is_null() {
            return Err(cannot_set(py, obj, name, descr.is_some()));
        }
        match dict_at(py, at, obj)? {
            Some(dict) => dict,
            None => return Ok(()),
        }
    };
    match value {
        Some(value) => dict.set(py, name, value),
        None => {
            if dict.pop(py, name)?.is_none() {
                return Err(no_attribute(py, obj, name));
            }
            Ok(())
        }
    }
}

/// The dict at `at`, made if there is none yet.
fn dict_at(py: Python, at: *mut *mut PyObject, _obj: &PyObject) -> PyResult<Option<Py<PyDict>>> {
    // SAFETY: the word is null or the instance's dict.
    if let Some(dict) = unsafe { Py::from_borrowed_nullable((*at) as *const PyDict) } {
        return Ok(Some(dict));
    }
    let dict = PyDict::new(py)?;
    // SAFETY: still null: making a dict runs no code of the instance.
    unsafe { *at = dict.clone().into_raw_object() };
    Ok(Some(dict))
}

/// The error of deleting an attribute that is not there, with the object named.
fn explain_missing(py: Python, obj: &PyObject, name: &PyStr, result: PyResult<()>) -> PyResult<()> {
    if result.is_err() && err::matches(py, exceptions::AttributeError()) {
        err::clear(py);
        return Err(no_attribute(py, obj, name));
    }
    result
}

#[cold]
fn cannot_set(py: Python, obj: &PyObject, name: &PyStr, has_descr: bool) -> Raised {
    let ty = obj.ty();
    let shown = name.to_string_lossy();
    let raised = if has_descr {
        raise!(py, AttributeError, "'{:.100}' object attribute '{shown}' is read-only", ty.full_name())
    } else if ty
        .tp_setattro
        .get()
        .is_some_and(|f| fn_addr_eq(f, PyObject_GenericSetAttr as crate::typeobj::setattrofunc))
    {
        raise!(
            py,
            AttributeError,
            "'{:.100}' object has no attribute '{shown}' and no __dict__ for setting new attributes",
            ty.full_name()
        )
    } else {
        raise!(py, AttributeError, "'{:.100}' object has no attribute '{shown}'", ty.full_name())
    };
    set_attribute_error_context(py, obj, name);
    raised
}

/// The generic part of setting an attribute of a type: data descriptors of the metatype, then the class dictionary.
pub(crate) fn type_generic_setattr(py: Python, ty: &PyType, name: &PyStr, value: Option<&PyObject>) -> PyResult<()> {
    if let Some(d) = ty.metatype().lookup(py, name) {
        if let Some(set) = d.ty().tp_descr_set.get() {
            // SAFETY: a slot called with live objects.
            let code = unsafe { set(d.as_ptr(), ty.as_ptr(), value.map_or(null_mut(), PyObject::as_ptr)) };
            return if code < 0 { Err(Raised::assume()) } else { Ok(()) };
        }
    }
    match value {
        Some(value) => ty.dict().set(py, name, value),
        None => match ty.dict().pop(py, name)? {
            Some(_) => Ok(()),
            None => {
                let raised = raise!(
                    py,
                    AttributeError,
                    "type object '{:.100}' has no attribute '{}'",
                    ty.full_name(),
                    name.to_string_lossy()
                );
                set_attribute_error_context(py, ty, name);
                Err(raised)
            }
        },
    }
}

/// "'X' object has no attribute 'y'", with the object and name on the exception for suggestions.
#[cold]
pub fn no_attribute(py: Python, obj: &PyObject, name: &PyStr) -> Raised {
    let raised = raise!(
        py,
        AttributeError,
        "'{:.100}' object has no attribute '{}'",
        obj.ty().full_name(),
        name.to_string_lossy()
    );
    set_attribute_error_context(py, obj, name);
    raised
}

/// Notes object and name on the AttributeError just raised, from which "Did you mean" is made.
pub fn set_attribute_error_context(py: Python, obj: &PyObject, name: &PyStr) {
    let Some(exc) = err::take(py) else { return };
    let set = exc.setattr(py, id!(py, "name"), name).and_then(|()| exc.setattr(py, id!(py, "obj"), obj));
    if set.is_err() {
        err::clear(py);
    }
    let _ = err::restore(py, exc);
}

/// `obj.__dict__ = value`, or its deletion, for instances of classes made by `class`.
pub fn set_instance_dict(py: Python, obj: &PyObject, value: Option<&PyObject>) -> PyResult<()> {
    let dict = match value {
        Some(v) => match v.downcast::<PyDict>() {
            Some(d) => Some(d),
            None => {
                return Err(raise!(
                    py,
                    TypeError,
                    "__dict__ must be set to a dictionary, not a '{:.200}'",
                    v.ty().full_name()
                ));
            }
        },
        None => None,
    };
    if obj.ty().has_feature(flags::MANAGED_DICT) {
        // SAFETY: as the flag says.
        return unsafe { inline_values::set_dict(py, obj, dict) };
    }
    let at = computed_dict_pointer(obj);
    if at.is_null() {
        return Err(raise!(py, AttributeError, "This object has no __dict__"));
    }
    let new = dict.map_or(null_mut(), |d| Py::new_ref(d).into_raw_object());
    // SAFETY: the word owns the old dict.
    unsafe {
        let old = core::ptr::replace(at, new);
        if !old.is_null() {
            PyObject::decref(old);
        }
    }
    Ok(())
}

impl PyObject {
    /// `self.name`.
    #[inline]
    pub fn getattr(&self, py: Python, name: &PyStr) -> PyResult {
        if let Some(f) = self.ty().tp_getattro.get() {
            // SAFETY: the object's own slot.
            return unsafe { Py::from_owned_or_raised(f(self.as_ptr(), name.as_ptr())) };
        }
        if let Some(f) = self.ty().tp_getattr.get() {
            let text = name.to_str(py)?;
            // SAFETY: the object's own slot; the UTF-8 of a str ends with a NUL.
            return unsafe { Py::from_owned_or_raised(f(self.as_ptr(), text.as_ptr() as *mut _)) };
        }
        Err(no_attribute(py, self, name))
    }

    /// `self.name`, `None` for AttributeError. For the usual kinds of objects no exception is made
    /// (`PyObject_GetOptionalAttr`).
    #[inline]
    pub fn getattr_opt(&self, py: Python, name: &PyStr) -> PyResult<Option<Py>> {
        let ty = self.ty();
        if let Some(f) = ty.tp_getattro.get() {
            if fn_addr_eq(f, PyObject_GenericGetAttr as getattrofunc) {
                return match generic_lookup(py, self, name) {
                    Ok(v) => Ok(v),
                    Err(_) => suppress(py),
                };
            }
            if fn_addr_eq(f, attributes::type_getattro as getattrofunc) {
                // SAFETY: the slot is that of types.
                let ty = unsafe { &*(self.as_ptr() as *const PyType) };
                return match attributes::getattr_opt(py, ty, name) {
                    Ok(v) => Ok(v),
                    Err(_) => suppress(py),
                };
            }
            if fn_addr_eq(f, crate::types::module::module_getattro as getattrofunc) {
                // SAFETY: the slot is that of modules.
                let module = unsafe { self.downcast_unchecked::<crate::PyModule>() };
                return match crate::types::module::getattr_opt(py, module, name) {
                    Ok(v) => Ok(v),
                    Err(_) => suppress(py),
                };
            }
        }
        match self.getattr(py, name) {
            Ok(v) => Ok(Some(v)),
            Err(_) => suppress(py),
        }
    }

    /// `self.name = value`.
    #[inline]
    pub fn setattr(&self, py: Python, name: &PyStr, value: &PyObject) -> PyResult<()> {
        self.setattr_raw(py, name, Some(value))
    }

    /// `del self.name`.
    pub fn delattr(&self, py: Python, name: &PyStr) -> PyResult<()> {
        self.setattr_raw(py, name, None)
    }

    fn setattr_raw(&self, py: Python, name: &PyStr, value: Option<&PyObject>) -> PyResult<()> {
        let ty = self.ty();
        let value_ptr = value.map_or(null_mut(), PyObject::as_ptr);
        // Interned, so that later lookups compare addresses.
        let interned;
        let name = if name.is_interned() || !name.is_type(&PyUnicode_Type) {
            name
        } else {
            interned = PyStr::intern_in_place(py, Py::new_ref(name));
            &*interned
        };
        if let Some(f) = ty.tp_setattro.get() {
            // SAFETY: the object's own slot.
            let code = unsafe { f(self.as_ptr(), name.as_ptr(), value_ptr) };
            return if code < 0 { Err(Raised::assume()) } else { Ok(()) };
        }
        if let Some(f) = ty.tp_setattr.get() {
            let text = name.to_str(py)?;
            // SAFETY: the object's own slot; the UTF-8 of a str ends with a NUL.
            let code = unsafe { f(self.as_ptr(), text.as_ptr() as *mut _, value_ptr) };
            return if code < 0 { Err(Raised::assume()) } else { Ok(()) };
        }
        let action = if value.is_some() { "assign to" } else { "del" };
        let readable = ty.tp_getattr.get().is_some() || ty.tp_getattro.get().is_some();
        let extent = if readable { "only read-only attributes" } else { "no attributes" };
        Err(raise!(
            py,
            TypeError,
            "'{:.100}' object has {extent} ({action} .{})",
            ty.full_name(),
            name.to_string_lossy()
        ))
    }

    /// `hasattr(self, name)`.
    pub fn hasattr(&self, py: Python, name: &PyStr) -> PyResult<bool> {
        Ok(self.getattr_opt(py, name)?.is_some())
    }

    /// `object.__getattribute__(self, name)`.
    pub fn generic_getattr(&self, py: Python, name: &PyStr) -> PyResult {
        generic_lookup(py, self, name)?.ok_or_else(|| no_attribute(py, self, name))
    }

    /// As [`PyObject::generic_getattr`], `None` for AttributeError, also one that a descriptor raised.
    pub fn generic_getattr_suppress(&self, py: Python, name: &PyObject) -> PyResult<Option<Py>> {
        let name = attribute_name(py, name)?;
        match generic_lookup(py, self, name) {
            Ok(v) => Ok(v),
            Err(_) => suppress(py),
        }
    }

    /// `object.__setattr__(self, name, value)`; `None` deletes.
    pub fn generic_setattr(&self, py: Python, name: &PyStr, value: Option<&PyObject>) -> PyResult<()> {
        generic_set(py, self, name, value)
    }

    /// The instance's `__dict__`, made if there is none yet (`PyObject_GenericGetDict`).
    pub fn generic_get_dict(&self, py: Python) -> PyResult {
        if self.ty().has_feature(flags::MANAGED_DICT) {
            // SAFETY: as the flag says.
            return match unsafe { inline_values::managed_dict(self) } {
                Some(dict) => Ok(Py::new_ref(dict).into_object()),
                // SAFETY: as the flag says.
                None => unsafe { inline_values::materialize_dict(py, self) }.map(Py::into_object),
            };
        }
        let at = computed_dict_pointer(self);
        if at.is_null() {
            return Err(raise!(py, AttributeError, "This object has no __dict__"));
        }
        match dict_at(py, at, self)? {
            Some(dict) => Ok(dict.into_object()),
            None => Err(raise!(py, AttributeError, "This object has no __dict__")),
        }
    }

    /// The special method `name` of the object's type, bound; the instance itself is not asked. `None` if there is none.
    pub fn lookup_special(&self, py: Python, name: &PyStr) -> PyResult<Option<Py>> {
        let ty = self.ty();
        let Some(found) = ty.lookup(py, name) else { return Ok(None) };
        match found.ty().tp_descr_get.get() {
            // SAFETY: a slot called with live objects.
            Some(f) => unsafe { Py::from_owned_or_raised(f(found.as_ptr(), self.as_ptr(), ty.as_ptr())) }.map(Some),
            None => Ok(Some(found)),
        }
    }

    // Text

    /// `repr(self)`.
    pub fn repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        let Some(f) = self.ty().tp_repr.get() else {
            return PyStr::new(py, &format!("<{} object at {:#x}>", self.ty().full_name(), self.id()));
        };
        let _guard = py.enter_recursive(" while getting the repr of an object")?;
        // SAFETY: the object's own slot.
        let result = unsafe { Py::from_owned_or_raised(f(self.as_ptr()))? };
        string_result(py, result, "__repr__")
    }

    /// `str(self)`.
    pub fn str(&self, py: Python) -> PyResult<Py<PyStr>> {
        if self.is_type(&PyUnicode_Type) {
            // SAFETY: checked.
            return Ok(Py::new_ref(unsafe { self.downcast_unchecked::<PyStr>() }));
        }
        let Some(f) = self.ty().tp_str.get() else { return self.repr(py) };
        let _guard = py.enter_recursive(" while getting the str of an object")?;
        // SAFETY: the object's own slot.
        let result = unsafe { Py::from_owned_or_raised(f(self.as_ptr()))? };
        string_result(py, result, "__str__")
    }

    /// `ascii(self)`: the repr with everything outside ASCII escaped.
    pub fn ascii(&self, py: Python) -> PyResult<Py<PyStr>> {
        let repr = self.repr(py)?;
        if repr.is_ascii() {
            return Ok(repr);
        }
        let mut out = String::new();
        for c in repr.chars() {
            match c {
                0..=0x7f => out.push(c as u8 as char),
                0x80..=0xff => out.push_str(&format!("\\x{c:02x}")),
                0x100..=0xffff => out.push_str(&format!("\\u{c:04x}")),
                _ => out.push_str(&format!("\\U{c:08x}")),
            }
        }
        PyStr::new(py, &out)
    }

    /// `format(self, spec)`.
    pub fn format(&self, py: Python, spec: &PyStr) -> PyResult<Py<PyStr>> {
        if spec.len() == 0 {
            if self.is_type(&PyUnicode_Type) || self.is_type(&crate::types::int::PyLong_Type) {
                return self.str(py);
            }
        }
        let Some(method) = self.lookup_special(py, id!(py, "__format__"))? else {
            return Err(raise!(py, TypeError, "Type {:.100} doesn't define __format__", self.ty().full_name()));
        };
        let result = method.call1(py, spec)?;
        if !result.ty().has_feature(flags::UNICODE_SUBCLASS) {
            return Err(raise!(py, TypeError, "__format__ must return a str, not {:.200}", result.ty().full_name()));
        }
        // SAFETY: checked.
        Ok(unsafe { result.cast_unchecked() })
    }

    /// `bytes(self)`.
    pub fn bytes(&self, py: Python) -> PyResult {
        if self.is_type(&crate::types::bytes::PyBytes_Type) {
            return Ok(Py::new_ref(self));
        }
        if let Some(method) = self.lookup_special(py, id!(py, "__bytes__"))? {
            let result = method.call0(py)?;
            if result.downcast::<PyBytes>().is_none() {
                return Err(raise!(
                    py,
                    TypeError,
                    "__bytes__ returned non-bytes (type {:.200})",
                    result.ty().full_name()
                ));
            }
            return Ok(result);
        }
        if crate::abstracts::buffer::check(self) {
            let view = crate::abstracts::buffer::Buffer::get(py, self, crate::abstracts::buffer::SIMPLE)?;
            return PyBytes::new(py, view.as_slice()).map(Py::into_object);
        }
        if self.ty().has_feature(flags::UNICODE_SUBCLASS)
            || self.ty().tp_iter.get().is_none() && !crate::abstracts::sequence::check(self)
        {
            return Err(raise!(py, TypeError, "cannot convert '{:.200}' object to bytes", self.ty().full_name()));
        }
        let mut out = Vec::new();
        self.iterate(py, |item| {
            let n = crate::abstracts::number::as_ssize(py, &item, None)?;
            match u8::try_from(n) {
                Ok(b) => out.push(b),
                Err(_) => return Err(raise!(py, ValueError, "bytes must be in range(0, 256)")),
            }
            Ok(())
        })?;
        PyBytes::new(py, &out).map(Py::into_object)
    }

    // Hash, comparison, truth

    /// `hash(self)`.
    #[inline]
    pub fn hash(&self, py: Python) -> PyResult<isize> {
        let ty = self.ty();
        if ty.tp_hash.get().is_none() && !ty.has_feature(flags::READY) {
            // A C type used before PyType_Ready.
            ty.ready(py)?;
        }
        match ty.tp_hash.get() {
            Some(f) => {
                // SAFETY: the object's own slot.
                let h = unsafe { f(self.as_ptr()) };
                if h == -1 { Err(Raised::assume()) } else { Ok(h) }
            }
            None => Err(raise!(py, TypeError, "unhashable type: '{:.200}'", ty.full_name())),
        }
    }

    /// `self <op> other`.
    #[inline]
    pub fn rich_compare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let _guard = py.enter_recursive(" in comparison")?;
        compare(py, self, other, op)
    }

    /// `bool(self <op> other)`; identical objects are equal.
    #[inline]
    pub fn rich_compare_bool(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult<bool> {
        if self.is(other) {
            match op {
                CompareOp::Eq => return Ok(true),
                CompareOp::Ne => return Ok(false),
                _ => {}
            }
        }
        let result = self.rich_compare(py, other, op)?;
        result.is_true(py)
    }

    /// `self == other` as [`PyObject::rich_compare_bool`] decides it.
    #[inline]
    pub fn eq(&self, py: Python, other: &PyObject) -> PyResult<bool> {
        self.rich_compare_bool(py, other, CompareOp::Eq)
    }

    /// `bool(self)`.
    #[inline]
    pub fn is_true(&self, py: Python) -> PyResult<bool> {
        if self.is(singletons::true_()) {
            return Ok(true);
        }
        if self.is(singletons::false_()) || self.is_none() {
            return Ok(false);
        }
        let ty = self.ty();
        if let Some(f) = ty.as_number().and_then(|n| n.nb_bool.get()) {
            // SAFETY: the object's own slot.
            let r = unsafe { f(self.as_ptr()) };
            return if r < 0 { Err(Raised::assume()) } else { Ok(r != 0) };
        }
        let length = ty
            .as_mapping()
            .and_then(|m| m.mp_length.get())
            .or_else(|| ty.as_sequence().and_then(|s| s.sq_length.get()));
        match length {
            Some(f) => {
                // SAFETY: the object's own slot.
                let n = unsafe { f(self.as_ptr()) };
                let _ = py;
                if n < 0 { Err(Raised::assume()) } else { Ok(n > 0) }
            }
            None => Ok(true),
        }
    }

    // Instances and subclasses

    /// `isinstance(self, cls)`.
    pub fn is_instance(&self, py: Python, cls: &PyObject) -> PyResult<bool> {
        if core::ptr::addr_eq(self.ty(), cls) {
            return Ok(true);
        }
        if cls.is_type(&PyType_Type) {
            return real_is_instance(py, self, cls);
        }
        if let Some(args) = crate::types::object_::union_args(py, cls)? {
            return self.is_instance_of_any(py, &args);
        }
        if cls.ty().has_feature(flags::TUPLE_SUBCLASS) {
            // SAFETY: checked.
            let all = unsafe { cls.downcast_unchecked::<PyTuple>() };
            return self.is_instance_of_any(py, all);
        }
        if let Some(checker) = cls.lookup_special(py, id!(py, "__instancecheck__"))? {
            let _guard = py.enter_recursive(" in __instancecheck__")?;
            return checker.call1(py, self)?.is_true(py);
        }
        real_is_instance(py, self, cls)
    }

    fn is_instance_of_any(&self, py: Python, all: &PyTuple) -> PyResult<bool> {
        let _guard = py.enter_recursive(" in __instancecheck__")?;
        for cls in all.as_slice() {
            if self.is_instance(py, cls)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `issubclass(self, cls)`.
    pub fn is_subclass(&self, py: Python, cls: &PyObject) -> PyResult<bool> {
        if cls.is_type(&PyType_Type) {
            if self.is(cls) {
                return Ok(true);
            }
            return real_is_subclass(py, self, cls);
        }
        if let Some(args) = crate::types::object_::union_args(py, cls)? {
            return self.is_subclass_of_any(py, &args);
        }
        if cls.ty().has_feature(flags::TUPLE_SUBCLASS) {
            // SAFETY: checked.
            let all = unsafe { cls.downcast_unchecked::<PyTuple>() };
            return self.is_subclass_of_any(py, all);
        }
        if let Some(checker) = cls.lookup_special(py, id!(py, "__subclasscheck__"))? {
            let _guard = py.enter_recursive(" in __subclasscheck__")?;
            return checker.call1(py, self)?.is_true(py);
        }
        real_is_subclass(py, self, cls)
    }

    fn is_subclass_of_any(&self, py: Python, all: &PyTuple) -> PyResult<bool> {
        let _guard = py.enter_recursive(" in __subclasscheck__")?;
        for cls in all.as_slice() {
            if self.is_subclass(py, cls)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `dir(self)`: sorted names.
    pub fn dir(&self, py: Python) -> PyResult<Py<PyList>> {
        let Some(method) = self.lookup_special(py, id!(py, "__dir__"))? else {
            return Err(raise!(py, TypeError, "object does not provide __dir__"));
        };
        let names = method.call0(py)?;
        let list = crate::abstracts::sequence::to_list(py, &names)?;
        list.sort(py, None, false)?;
        Ok(list)
    }
}

/// AttributeError becomes `None`; anything else stays raised.
fn suppress(py: Python) -> PyResult<Option<Py>> {
    if err::matches(py, exceptions::AttributeError()) {
        err::clear(py);
        return Ok(None);
    }
    Err(Raised::assume())
}

fn string_result(py: Python, result: Py, method: &str) -> PyResult<Py<PyStr>> {
    if !result.ty().has_feature(flags::UNICODE_SUBCLASS) {
        return Err(raise!(py, TypeError, "{method} returned non-string (type {:.200})", result.ty().full_name()));
    }
    // SAFETY: checked.
    Ok(unsafe { result.cast_unchecked() })
}

/// The operator with the operands exchanged.
fn swapped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

fn compare(py: Python, v: &PyObject, w: &PyObject, op: CompareOp) -> PyResult {
    let ask = |a: &PyObject, b: &PyObject, op: CompareOp| -> PyResult<Option<Py>> {
        let Some(f) = a.ty().tp_richcompare.get() else { return Ok(None) };
        // SAFETY: the object's own slot.
        let result = unsafe { Py::from_owned_or_raised(f(a.as_ptr(), b.as_ptr(), op as core::ffi::c_int))? };
        Ok(if result.is_not_implemented() { None } else { Some(result) })
    };
    let mut asked_other = false;
    if !core::ptr::eq(v.ty(), w.ty()) && w.ty().is_subtype(v.ty()) && w.ty().tp_richcompare.get().is_some() {
        asked_other = true;
        if let Some(result) = ask(w, v, swapped(op))? {
            return Ok(result);
        }
    }
    if let Some(result) = ask(v, w, op)? {
        return Ok(result);
    }
    if !asked_other {
        if let Some(result) = ask(w, v, swapped(op))? {
            return Ok(result);
        }
    }
    let sign = match op {
        CompareOp::Eq => return Ok(py.bool(v.is(w))),
        CompareOp::Ne => return Ok(py.bool(!v.is(w))),
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    };
    Err(raise!(
        py,
        TypeError,
        "'{sign}' not supported between instances of '{:.100}' and '{:.100}'",
        v.ty().full_name(),
        w.ty().full_name()
    ))
}

/// The `__bases__` of anything, if it is a tuple.
fn abstract_bases(py: Python, cls: &PyObject) -> PyResult<Option<Py<PyTuple>>> {
    let bases = cls.getattr_opt(py, id!(py, "__bases__"))?;
    Ok(bases.and_then(|b| b.downcast_into::<PyTuple>().ok()))
}

fn abstract_is_subclass(py: Python, derived: &PyObject, cls: &PyObject) -> PyResult<bool> {
    if derived.is(cls) {
        return Ok(true);
    }
    let _guard = py.enter_recursive(" in __issubclass__")?;
    let Some(bases) = abstract_bases(py, derived)? else { return Ok(false) };
    for base in bases.as_slice() {
        if abstract_is_subclass(py, base, cls)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `type.__instancecheck__`: by the object's type, then by its `__class__` (`_PyObject_RealIsInstance`).
pub fn real_is_instance(py: Python, obj: &PyObject, cls: &PyObject) -> PyResult<bool> {
    if let Some(ty) = PyType::from_object(cls) {
        if obj.ty().is_subtype(ty) {
            return Ok(true);
        }
        let Some(claimed) = obj.getattr_opt(py, id!(py, "__class__"))? else { return Ok(false) };
        if claimed.is(obj.ty()) {
            return Ok(false);
        }
        return Ok(PyType::from_object(&claimed).is_some_and(|c| c.is_subtype(ty)));
    }
    if abstract_bases(py, cls)?.is_none() {
        return Err(raise!(py, TypeError, "isinstance() arg 2 must be a type, a tuple of types, or a union"));
    }
    match obj.getattr_opt(py, id!(py, "__class__"))? {
        Some(claimed) => abstract_is_subclass(py, &claimed, cls),
        None => Ok(false),
    }
}

/// `type.__subclasscheck__` (`_PyObject_RealIsSubclass`).
pub fn real_is_subclass(py: Python, derived: &PyObject, cls: &PyObject) -> PyResult<bool> {
    if let (Some(c), Some(d)) = (PyType::from_object(cls), PyType::from_object(derived)) {
        return Ok(d.is_subtype(c));
    }
    if PyType::from_object(derived).is_none() && abstract_bases(py, derived)?.is_none() {
        return Err(raise!(py, TypeError, "issubclass() arg 1 must be a class"));
    }
    if PyType::from_object(cls).is_none() && abstract_bases(py, cls)?.is_none() {
        return Err(raise!(py, TypeError, "issubclass() arg 2 must be a class, a tuple of classes, or a union"));
    }
    abstract_is_subclass(py, derived, cls)
}

/// Held while the repr of a container is made: a container that contains itself is found out (`Py_ReprEnter`).
pub struct ReprGuard<'a> {
    stack: &'a core::cell::RefCell<Vec<*const PyObject>>,
    obj: *const PyObject,
}

impl<'a> ReprGuard<'a> {
    /// `None` if the repr of this object is being made already.
    pub fn enter(py: Python<'a>, obj: &PyObject) -> Option<ReprGuard<'a>> {
        let stack = &py.tstate().ext.repr_stack;
        let obj: *const PyObject = obj;
        let mut open = stack.borrow_mut();
        if open.contains(&obj) {
            return None;
        }
        open.push(obj);
        Some(ReprGuard { stack, obj })
    }
}

impl Drop for ReprGuard<'_> {
    fn drop(&mut self) {
        let mut open = self.stack.borrow_mut();
        if let Some(at) = open.iter().rposition(|o| core::ptr::eq(*o, self.obj)) {
            open.remove(at);
        }
    }
}
