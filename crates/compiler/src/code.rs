//! What code objects share.

use crate::ast::{Constant, Name};
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

/// The constants of a unit, each once, in the order of `co_consts`.
///
/// A constant with a NaN in it equals nothing, so that each has a place of its own.
#[derive(Default, Debug)]
pub(crate) struct Consts {
    items: Vec<Constant>,
    index: FxHashMap<Constant, u32>,
}

impl Consts {
    /// The place of a constant.
    pub(crate) fn add(&mut self, value: Constant) -> u32 {
        if let Some(&at) = self.index.get(&value) {
            return at;
        }
        let at = self.items.len() as u32;
        let unique = match &value {
            Constant::Float(number) => number.is_nan(),
            Constant::Complex(real, imag) => real.is_nan() || imag.is_nan(),
            _ => false,
        };
        if !unique {
            self.index.insert(value.clone(), at);
        }
        self.items.push(value);
        at
    }

    /// The constant in a place.
    pub(crate) fn get(&self, at: u32) -> Option<&Constant> {
        self.items.get(at as usize)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// All of them, without those that are not used.
    pub(crate) fn into_used(self, used: &[bool]) -> Vec<Constant> {
        let items = self.items.into_iter().zip(used);
        items.filter_map(|(item, &used)| used.then_some(item)).collect()
    }
}
