//! `LOAD_GLOBAL`.

use super::{failed, specialized};
use crate::eval::dispatch::set_cache_u16;
use crate::eval::{Ip, Opcode};
use taipan_object::types::dict::table::keys_version;
use taipan_object::types::dict::{PyDict, PyDict_Type};
use taipan_object::types::frame::InterpreterFrame;
use taipan_object::{PyStr, Python};

/// Versions are kept in 16 bits here.
fn short_version(py: Python, dict: &PyDict) -> Option<u16> {
    match keys_version(py, dict.table()) {
        0 => None,
        v => u16::try_from(v).ok(),
    }
}

/// Rewrites the `LOAD_GLOBAL` at `ip`.
///
/// # Safety
/// A handler's contract.
#[cold]
#[inline(never)]
pub unsafe fn load_global(py: Python, ip: Ip, frame: &InterpreterFrame, name: &PyStr) {
    // SAFETY: the instruction has four cache units; the frame keeps its namespaces.
    unsafe {
        let globals = frame.globals();
        if !globals.is_type(&PyDict_Type) || !globals.table().is_unicode() || globals.split_values().is_some() {
            return failed(ip);
        }
        if let Some(i) = globals.string_lookup(name) {
            let (Ok(i), Some(v)) = (u16::try_from(i), short_version(py, globals)) else { return failed(ip) };
            set_cache_u16(ip, 2, i);
            set_cache_u16(ip, 3, v);
            return specialized(ip, Opcode::LOAD_GLOBAL_MODULE);
        }
        let builtins = frame.builtins();
        if !builtins.is_type(&PyDict_Type) {
            return failed(ip);
        }
        let builtins = &*(builtins.as_ptr() as *const PyDict);
        if !builtins.table().is_unicode() || builtins.split_values().is_some() {
            return failed(ip);
        }
        let Some(i) = builtins.string_lookup(name) else { return failed(ip) };
        let (Ok(i), Some(g), Some(b)) = (u16::try_from(i), short_version(py, globals), short_version(py, builtins))
        else {
            return failed(ip);
        };
        set_cache_u16(ip, 2, i);
        set_cache_u16(ip, 3, g);
        set_cache_u16(ip, 4, b);
        specialized(ip, Opcode::LOAD_GLOBAL_BUILTIN)
    }
}
