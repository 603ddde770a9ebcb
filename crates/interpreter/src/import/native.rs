//! The registry of native modules: what `sys.builtin_module_names` lists and BuiltinImporter finds.

use std::sync::OnceLock;
use taipan_object::declare::NativeModule;

/// The modules that are part of the machine.
static OWN: &[&NativeModule] = &[&crate::builtins::MODULE, &crate::sys::MODULE, &crate::warnings::MODULE];

static REGISTERED: OnceLock<Vec<&'static NativeModule>> = OnceLock::new();

/// Registers the native modules of the binary, crate by crate; called once, before the interpreter starts. Of two with one
/// name the first counts.
pub fn register(tables: &[&[&'static NativeModule]]) {
    let mut all: Vec<&'static NativeModule> = OWN.to_vec();
    all.extend(tables.iter().flat_map(|t| t.iter().copied()));
    all.sort_by_key(|m| m.name());
    all.dedup_by_key(|m| m.name());
    let _ = REGISTERED.set(all);
}

/// Every native module, sorted by name.
pub fn all() -> &'static [&'static NativeModule] {
    REGISTERED.get().map_or(OWN, Vec::as_slice)
}

/// The native module with this name.
pub fn find(name: &str) -> Option<&'static NativeModule> {
    all().iter().find(|m| m.name() == name).copied()
}
