//! The hash of tuples: xxHash's way of mixing words, reduced to one lane (CPython 3.8 and later).

use super::PyTuple;
use crate::{PyResult, Python};

const PRIME_1: u64 = 11_400_714_785_074_694_791;
const PRIME_2: u64 = 14_029_467_366_897_019_727;
const PRIME_5: u64 = 2_870_177_450_012_600_261;
/// Stands in for -1, which means "raised" in C.
const INSTEAD_OF_MINUS_ONE: u64 = 1_546_275_796;

/// Mixes the hashes of items as a tuple of them does.
#[derive(Clone, Copy)]
pub struct TupleHasher(u64);

impl TupleHasher {
    #[inline]
    pub fn new() -> TupleHasher {
        TupleHasher(PRIME_5)
    }
    /// Adds the hash of the next item.
    #[inline(always)]
    pub fn add(&mut self, lane: isize) {
        self.add_word(lane as u64);
    }
    /// Adds a word.
    #[inline(always)]
    pub fn add_word(&mut self, lane: u64) {
        let acc = self.0.wrapping_add(lane.wrapping_mul(PRIME_2));
        self.0 = acc.rotate_left(31).wrapping_mul(PRIME_1);
    }
    /// The hash of a tuple of the `n` items added.
    #[inline]
    pub fn finish(self, n: usize) -> isize {
        Self::avoid_minus_one(self.0.wrapping_add(n as u64 ^ PRIME_5 ^ 3_527_539))
    }
    /// The state without the length (what slices use).
    #[inline]
    pub fn finish_unsized(self) -> isize {
        Self::avoid_minus_one(self.0)
    }
    fn avoid_minus_one(acc: u64) -> isize {
        (if acc == u64::MAX { INSTEAD_OF_MINUS_ONE } else { acc }) as isize
    }
}

impl PyTuple {
    /// `hash(self)`, kept in the object. Raises what hashing an item raises.
    pub fn hash_value(&self, py: Python) -> PyResult<isize> {
        if self.cached_hash() != -1 {
            return Ok(self.cached_hash());
        }
        let mut hasher = TupleHasher::new();
        for item in self.as_slice() {
            hasher.add(item.hash(py)?);
        }
        let h = hasher.finish(self.len());
        self.set_cached_hash(h);
        Ok(h)
    }
}
