//! What code objects share.

use crate::ast::Name;
use rustc_hash::FxHashMap;
use taipan_bytecode::PyStr;

/// The interned strings of a compilation, one for each identifier.
#[derive(Default, Debug)]
pub(crate) struct Names(FxHashMap<Name, PyStr>);

impl Names {
    /// The string of an identifier.
    pub(crate) fn get(&mut self, name: &Name) -> PyStr {
        if let Some(text) = self.0.get(name) {
            return text.clone();
        }
        let text = PyStr::interned(name);
        self.0.insert(name.clone(), text.clone());
        text
    }
}
