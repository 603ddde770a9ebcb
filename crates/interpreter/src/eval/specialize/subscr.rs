//! `STORE_SUBSCR`.

use super::{failed, specialized};
use crate::eval::{Ip, Opcode, Sp};
use taipan_object::types::dict::PyDict_Type;
use taipan_object::types::int::{PyLong, PyLong_Type};
use taipan_object::types::list::{PyList, PyList_Type};

/// Rewrites the `STORE_SUBSCR` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn store_subscr(ip: Ip, sp: Sp) {
    // SAFETY: value, container and key are on the stack.
    unsafe {
        let (container, key) = ((*sp.sub(2)).get(), (*sp.sub(1)).get());
        if container.is_type(&PyDict_Type) {
            return specialized(ip, Opcode::STORE_SUBSCR_DICT);
        }
        if container.is_type(&PyList_Type) && key.is_type(&PyLong_Type) {
            let i = &*(key.as_ptr() as *const PyLong);
            if i.is_compact()
                && i.compact_value() >= 0
                && (i.compact_value() as usize) < (*(container.as_ptr() as *const PyList)).len()
            {
                return specialized(ip, Opcode::STORE_SUBSCR_LIST_INT);
            }
        }
        failed(ip)
    }
}
