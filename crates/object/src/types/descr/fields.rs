//! Reading and writing fields of native objects through member definitions (`PyMember_GetOne`, `PyMember_SetOne`).

use crate::abstracts::number;
use crate::typeobj::{PyMemberDef, member_flags, member_type};
use crate::{Py, PyFloat, PyLong, PyObject, PyResult, PyStr, Python, err, exceptions, raise};
use core::ffi::{CStr, c_char};
use core::ptr::null_mut;

/// The field as a Python object.
///
/// # Errors
/// AttributeError for an empty `Py_T_OBJECT_EX` field.
pub fn get(py: Python, obj: &PyObject, def: &PyMemberDef) -> PyResult {
    // SAFETY: the descriptor checked that the object is an instance of the type the definition belongs to.
    unsafe { get_at(py, (obj.as_ptr() as *const u8).offset(def.offset), def, Some(obj)) }
}

/// As [`get`] from the field's address.
///
/// # Safety
/// There is a field of the defined type at `at`.
pub unsafe fn get_at(py: Python, at: *const u8, def: &PyMemberDef, owner: Option<&PyObject>) -> PyResult {
    use member_type as t;
    macro_rules! read {
        ($ty:ty) => {
            // SAFETY: by contract.
            unsafe { at.cast::<$ty>().read_unaligned() }
        };
    }
    let int = |v: i64| Ok(PyLong::from_i64(py, v)?.into_object());
    match def.type_ {
        t::BOOL => Ok(py.bool(read!(u8) != 0)),
        t::BYTE => int(read!(i8).into()),
        t::UBYTE => int(read!(u8).into()),
        t::SHORT => int(read!(i16).into()),
        t::USHORT => int(read!(u16).into()),
        t::INT => int(read!(i32).into()),
        t::UINT => int(read!(u32).into()),
        t::LONG | t::LONGLONG | t::PYSSIZET => int(read!(i64)),
        t::ULONG | t::ULONGLONG => Ok(PyLong::from_u64(py, read!(u64))?.into_object()),
        t::FLOAT => Ok(PyFloat::new(py, f64::from(read!(f32)))?.into_object()),
        t::DOUBLE => Ok(PyFloat::new(py, read!(f64))?.into_object()),
        t::STRING => {
            let p = read!(*const c_char);
            if p.is_null() {
                return Ok(py.none());
            }
            // SAFETY: such a field holds a C string.
            Ok(PyStr::new(py, &unsafe { CStr::from_ptr(p) }.to_string_lossy())?.into_object())
        }
        // SAFETY: such a field is a C string in place.
        t::STRING_INPLACE => Ok(PyStr::new(py, &unsafe { CStr::from_ptr(at.cast()) }.to_string_lossy())?.into_object()),
        t::CHAR => Ok(PyStr::from_char(py, u32::from(read!(u8)))?.into_object()),
        // SAFETY: such a field owns an object or is null.
        t::OBJECT => Ok(unsafe { Py::from_borrowed_nullable(read!(*mut PyObject)) }.unwrap_or_else(|| py.none())),
        // SAFETY: as above.
        t::OBJECT_EX => match unsafe { Py::from_borrowed_nullable(read!(*mut PyObject)) } {
            Some(v) => Ok(v),
            None => {
                // SAFETY: names of definitions are C strings.
                let name = unsafe { CStr::from_ptr(def.name) }.to_string_lossy();
                let class = owner.map_or("object", |o| o.ty().full_name());
                let raised = raise!(py, AttributeError, "'{class:.200}' object has no attribute '{name}'");
                if let (Some(o), Ok(name)) = (owner, err::with_saved(py, || PyStr::new(py, &name))) {
                    crate::abstracts::object::set_attribute_error_context(py, o, &name);
                }
                Err(raised)
            }
        },
        t::NONE => Ok(py.none()),
        _ => Err(raise!(py, SystemError, "bad memberdescr type for {}", unsafe {
            // SAFETY: names of definitions are C strings.
            CStr::from_ptr(def.name).to_string_lossy()
        })),
    }
}

/// Sets the field, or empties an object field with `None`.
///
/// # Errors
/// AttributeError for a read-only field; TypeError and OverflowError for values that do not fit.
pub fn set(py: Python, obj: &PyObject, def: &PyMemberDef, value: Option<&PyObject>) -> PyResult<()> {
    // SAFETY: as in `get`.
    unsafe { set_at(py, (obj.as_ptr() as *mut u8).offset(def.offset), def, value) }
}

/// As [`set`] at the field's address.
///
/// # Safety
/// There is a field of the defined type at `at`.
pub unsafe fn set_at(py: Python, at: *mut u8, def: &PyMemberDef, value: Option<&PyObject>) -> PyResult<()> {
    use member_type as t;
    if def.flags & member_flags::READONLY != 0 {
        return Err(raise!(py, AttributeError, "readonly attribute"));
    }
    macro_rules! write {
        ($ty:ty, $v:expr) => {{
            let v: $ty = $v;
            // SAFETY: by contract.
            unsafe { at.cast::<$ty>().write_unaligned(v) }
            Ok(())
        }};
    }
    if def.type_ == t::OBJECT || def.type_ == t::OBJECT_EX {
        let new = value.map_or(null_mut(), |v| Py::new_ref(v).into_raw());
        // SAFETY: by contract; the field owned its object.
        unsafe {
            let field = at.cast::<*mut PyObject>();
            if def.type_ == t::OBJECT_EX && value.is_none() && (*field).is_null() {
                return Err(raise!(py, AttributeError, "{}", CStr::from_ptr(def.name).to_string_lossy()));
            }
            let old = core::ptr::replace(field, new);
            if !old.is_null() {
                PyObject::decref(old);
            }
        }
        return Ok(());
    }
    let Some(value) = value else {
        return Err(raise!(py, TypeError, "can't delete numeric/char attribute"));
    };
    let signed = |what: &str, min: i64, max: i64| -> PyResult<i64> {
        let index = number::index(py, value)?;
        let n = match index.downcast::<PyLong>().and_then(|n| n.try_i64()) {
            Some(n) => n,
            None => return Err(raise!(py, OverflowError, "Python int too large to convert to C long")),
        };
        if n < min || n > max {
            err::warn(py, exceptions::RuntimeWarning(), &format!("Truncation of value to {what}"), 1)?;
        }
        Ok(n)
    };
    match def.type_ {
        t::BOOL => {
            if !value.is(crate::singletons::true_()) && !value.is(crate::singletons::false_()) {
                return Err(raise!(py, TypeError, "attribute value type must be bool"));
            }
            write!(u8, value.is(crate::singletons::true_()) as u8)
        }
        t::BYTE => write!(i8, signed("char", i8::MIN.into(), i8::MAX.into())? as i8),
        t::UBYTE => write!(u8, signed("unsigned char", 0, u8::MAX.into())? as u8),
        t::SHORT => write!(i16, signed("short", i16::MIN.into(), i16::MAX.into())? as i16),
        t::USHORT => write!(u16, signed("unsigned short", 0, u16::MAX.into())? as u16),
        t::INT => write!(i32, signed("int", i32::MIN.into(), i32::MAX.into())? as i32),
        t::UINT => write!(u32, signed("unsigned int", i64::MIN, u32::MAX.into())? as u32),
        t::LONG | t::LONGLONG | t::PYSSIZET => {
            let index = number::index(py, value)?;
            match index.downcast::<PyLong>() {
                Some(n) => write!(i64, n.as_i64(py)?),
                None => Err(err::bad_internal_call(py)),
            }
        }
        t::ULONG | t::ULONGLONG => {
            let index = number::index(py, value)?;
            let Some(n) = index.downcast::<PyLong>() else { return Err(err::bad_internal_call(py)) };
            if n.sign() < 0 {
                err::warn(py, exceptions::RuntimeWarning(), "Writing negative value into unsigned field", 1)?;
                return write!(u64, n.as_i64(py)? as u64);
            }
            write!(u64, n.as_u64(py)?)
        }
        t::FLOAT => write!(f32, as_f64(py, value)? as f32),
        t::DOUBLE => write!(f64, as_f64(py, value)?),
        t::CHAR => match value.downcast::<PyStr>() {
            Some(s) if s.len() == 1 && s.is_ascii() => write!(u8, s.char_at(0) as u8),
            _ => Err(raise!(py, TypeError, "bad argument type for built-in operation")),
        },
        t::STRING | t::STRING_INPLACE => Err(raise!(py, TypeError, "readonly attribute")),
        _ => Err(raise!(py, SystemError, "bad memberdescr type for {}", unsafe {
            // SAFETY: names of definitions are C strings.
            CStr::from_ptr(def.name).to_string_lossy()
        })),
    }
}

fn as_f64(py: Python, value: &PyObject) -> PyResult<f64> {
    let f = number::float(py, value)?;
    match f.downcast::<PyFloat>() {
        Some(f) => Ok(f.value()),
        None => Err(err::bad_internal_call(py)),
    }
}
