//! Sizes and growth as CPython's, without an interpreter.

use super::PyDict;
use super::keys::*;
use crate::runtime::interp::InterpreterState;
use crate::runtime::tstate::{self, PyThreadState};
use crate::{Py, PyList, PyLong, PyResult, PyStr, Python};
use std::sync::Mutex;

#[test]
fn table_sizes() {
    assert_eq!(usable_fraction(3), 5);
    assert_eq!(usable_fraction(4), 10);
    assert_eq!(usable_fraction(7), 85);
    for (slots, log2) in [(0, 3), (5, 3), (8, 3), (9, 4), (15, 4), (16, 4), (17, 5), (32, 5), (33, 6)] {
        assert_eq!(log2_size_for_slots(slots), log2, "{slots} slots");
    }
    for (entries, log2) in [(0, 3), (5, 3), (6, 4), (10, 4), (11, 5), (77, 7), (85, 7), (86, 8)] {
        assert_eq!(log2_size_for_entries(entries), log2, "{entries} entries");
    }
}

#[test]
fn shared_empty_table() {
    let keys = Keys::empty();
    assert!(keys.is_shared_empty() && keys.is_unicode());
    assert_eq!((keys.size(), keys.nentries(), keys.usable()), (1, 0, 0));
    assert_eq!(keys.probe(12345, |_| unreachable!()), EMPTY);
    keys.incref();
    assert!(keys.refcnt() < 0);
}

/// Runs `f` with the GIL of an interpreter that all tests share. Its types are ready, nothing else is there.
pub(crate) fn with_python(f: impl FnOnce(Python) -> PyResult<()>) {
    static INTERPRETER: Mutex<usize> = Mutex::new(0);
    // SAFETY: one interpreter, which is never freed; the thread state is this thread's alone.
    unsafe {
        let mut made = INTERPRETER.lock().unwrap_or_else(|e| e.into_inner());
        let first = *made == 0;
        if first {
            *made = InterpreterState::create(0) as usize;
        }
        let state = PyThreadState::new(*made as *mut InterpreterState);
        tstate::attach(state);
        let py = Python::assume();
        if first {
            crate::types::registry::init(py).expect("the static types can be made ready");
        }
        // A failing test must let go of the GIL, or the others wait for ever.
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| f(py)));
        if crate::err::occurred(py) {
            crate::err::clear(py);
        }
        tstate::detach();
        drop(made);
        match result {
            Ok(result) => result.expect("nothing raises"),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

/// A reproducible stream of numbers.
pub(crate) struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// An int, or the string of one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key {
    Int(i64),
    Str(i64),
}

impl Key {
    pub fn random(random: &mut Random, strings: bool) -> Key {
        let n = random.below(60) as i64 * [1, 1 << 20, -64][random.below(3)];
        if strings { Key::Str(n) } else { Key::Int(n) }
    }
    pub fn object(&self, py: Python) -> PyResult {
        Ok(match self {
            Key::Int(n) => PyLong::from_i64(py, *n)?.into_object(),
            Key::Str(n) => PyStr::new(py, &n.to_string())?.into_object(),
        })
    }
}

fn check(py: Python, dict: &PyDict, model: &[(Key, usize)], values: &[Py]) -> PyResult<()> {
    assert_eq!(dict.len(), model.len());
    let mut pos = 0;
    for (key, value) in model {
        let (k, v) = dict.next(&mut pos).expect("as many items as in the model");
        assert!(k.rich_compare_bool(py, &*key.object(py)?, crate::CompareOp::Eq)?);
        assert!(v.is(&values[*value]));
    }
    assert!(dict.next(&mut pos).is_none());
    Ok(())
}

/// Against a list of pairs: contents, order, and that each reference taken is given back.
#[test]
fn behaves_as_a_list_of_pairs() {
    with_python(|py| {
        let values: Vec<Py> = (0..5).map(|_| Ok(PyList::new(py)?.into_object())).collect::<PyResult<_>>()?;
        for seed in 0..60 {
            let mut random = Random(seed);
            let mut dict = PyDict::new(py)?;
            let mut model: Vec<(Key, usize)> = Vec::new();
            for _ in 0..300 {
                let strings = seed % 3 != 0 && (seed % 3 == 1 || random.below(40) != 0);
                let key = Key::random(&mut random, strings);
                let object = key.object(py)?;
                let at = model.iter().position(|(k, _)| *k == key);
                let value = random.below(values.len());
                match random.below(12) {
                    0..5 => {
                        dict.set(py, &object, &values[value])?;
                        match at {
                            Some(i) => model[i].1 = value,
                            None => model.push((key, value)),
                        }
                    }
                    5..7 => {
                        let popped = dict.pop(py, &object)?;
                        assert_eq!(popped.is_some(), at.is_some());
                        if let Some(i) = at {
                            assert!(popped.is_some_and(|p| p.is(&values[model[i].1])));
                            model.remove(i);
                        }
                    }
                    7 => {
                        let popped = dict.pop_item(py)?;
                        assert_eq!(popped.is_some(), model.pop().is_some());
                    }
                    8 => {
                        let found = dict.get(py, &object)?;
                        assert_eq!(found.map(|f| f.id()), at.map(|i| values[model[i].1].id()));
                        assert_eq!(dict.contains(py, &object)?, at.is_some());
                    }
                    9 => {
                        let got = dict.set_default(py, &object, &values[value])?;
                        assert!(got.is(&values[at.map_or(value, |i| model[i].1)]));
                        if at.is_none() {
                            model.push((key, value));
                        }
                    }
                    10 if random.below(3) == 0 => {
                        let copy = dict.copy(py)?;
                        assert!(copy.equals(py, &dict)?);
                        if random.below(2) == 0 {
                            dict.clear(py);
                            assert_eq!(dict.len(), 0);
                        }
                        dict = copy;
                    }
                    11 if random.below(3) == 0 => {
                        let other = PyDict::new(py)?;
                        for _ in 0..random.below(20) {
                            let key = Key::random(&mut random, strings);
                            let value = random.below(values.len());
                            other.set(py, &*key.object(py)?, &values[value])?;
                            match model.iter_mut().find(|(k, _)| *k == key) {
                                // What is not new keeps its place, and the last value counts.
                                Some(item) => item.1 = value,
                                None => model.push((key, value)),
                            }
                        }
                        dict.update(py, &other)?;
                    }
                    _ => {}
                }
                check(py, &dict, &model, &values)?;
            }
            drop(dict);
            for value in &values {
                assert_eq!(value.refcnt(), 1, "seed {seed}");
            }
        }
        Ok(())
    });
}

/// Instances' values over shared keys: order, growth beyond the shared keys, deletion.
#[test]
fn split_tables() {
    with_python(|py| {
        let value = PyList::new(py)?.into_object();
        let keys = Keys::new_shared(py)?;
        let name = |i: usize| PyStr::new(py, &format!("attribute_{i}"));
        for round in 0..3 {
            let dict = super::inline_values::new_dict_with_shared_keys(py, keys)?;
            assert!(dict.split_values().is_some());
            let order: Vec<usize> = (0..20).map(|i| (i * 7 + round * 3) % 20).collect();
            for &i in &order {
                dict.set(py, &*name(i)?, &value)?;
            }
            assert!(dict.split_values().is_some());
            let copy = dict.copy(py)?;
            dict.del(py, &*name(order[4])?)?;
            assert_eq!((dict.len(), copy.len()), (19, 20));
            let mut pos = 0;
            for (n, &i) in order.iter().enumerate() {
                let (key, _) = copy.next(&mut pos).expect("all items");
                assert!(key.rich_compare_bool(py, &*name(i)?, crate::CompareOp::Eq)?, "item {n}");
            }
            for i in 20..60 {
                dict.set(py, &*name(i)?, &value)?;
            }
            assert!(dict.split_values().is_none());
            assert_eq!(dict.len(), 59);
            let int: Py = PyLong::from_i64(py, 5)?.into_object();
            copy.set(py, &int, &value)?;
            assert!(copy.split_values().is_none() && !copy.table().is_unicode());
            assert_eq!(copy.pop_item(py)?.map(|(k, _)| k.id()), Some(int.id()));
            assert_eq!(copy.len(), 20);
        }
        // SAFETY: the reference that `new_shared` gave.
        unsafe { keys.decref(py) };
        assert_eq!(value.refcnt(), 1);
        Ok(())
    });
}
