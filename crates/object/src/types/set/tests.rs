//! Sets against the standard library's.

use super::PySet;
use crate::types::dict::tests::{Key, Random, with_python};
use crate::{Py, PyList, PyResult, Python};
use std::collections::HashSet;

fn make(py: Python, model: &HashSet<Key>) -> PyResult<Py<PySet>> {
    let set = PySet::new(py)?;
    for key in model {
        set.add(py, &*key.object(py)?)?;
    }
    Ok(set)
}

fn check(py: Python, set: &super::PySetObject, model: &HashSet<Key>) -> PyResult<()> {
    assert_eq!(set.len(), model.len());
    for key in model {
        assert!(set.contains(py, &*key.object(py)?)?);
    }
    assert_eq!(set.to_vec().len(), model.len());
    Ok(())
}

#[test]
fn behaves_as_a_hash_set() {
    with_python(|py| {
        for seed in 0..60 {
            let mut random = Random(seed);
            let mut set = PySet::new(py)?;
            let mut model = HashSet::new();
            for _ in 0..200 {
                let strings = random.below(3) == 0;
                let key = Key::random(&mut random, strings);
                let object = key.object(py)?;
                let other: HashSet<Key> = (0..random.below(30)).map(|_| Key::random(&mut random, strings)).collect();
                match random.below(12) {
                    0..5 => assert_eq!(set.add(py, &object)?, model.insert(key)),
                    5..7 => assert_eq!(set.discard(py, &object)?, model.remove(&key)),
                    7 => {
                        let before = set.to_vec();
                        match set.pop(py) {
                            Some(popped) => {
                                assert!(before.iter().any(|k| k.is(&popped)));
                                let mut gone = None;
                                for k in &model {
                                    if popped.rich_compare_bool(py, &*k.object(py)?, crate::CompareOp::Eq)? {
                                        gone = Some(k.clone());
                                    }
                                }
                                assert!(gone.is_some_and(|k| model.remove(&k)));
                            }
                            None => assert!(model.is_empty()),
                        }
                    }
                    8 => {
                        let other_set = make(py, &other)?;
                        check(py, &*set.intersection(py, &other_set)?, &(&model & &other))?;
                        check(py, &*set.difference(py, &other_set)?, &(&model - &other))?;
                        check(py, &*set.symmetric_difference(py, &other_set)?, &(&model ^ &other))?;
                        check(py, &*set.union(py, &[&other_set])?, &(&model | &other))?;
                        assert_eq!(set.is_disjoint(py, &other_set)?, model.is_disjoint(&other));
                        assert_eq!(set.is_subset(py, &other_set)?, model.is_subset(&other));
                        assert_eq!(set.is_superset(py, &other_set)?, model.is_superset(&other));
                    }
                    9 => {
                        set.difference_update(py, &*make(py, &other)?)?;
                        model = &model - &other;
                    }
                    10 => {
                        set.update(py, &*make(py, &other)?)?;
                        model.extend(other);
                    }
                    _ if random.below(8) == 0 => {
                        set.clear();
                        model.clear();
                    }
                    _ => set = make(py, &model)?,
                }
                check(py, &set, &model)?;
            }
        }
        Ok(())
    });
}

/// What goes in comes out: no reference is lost or kept.
#[test]
fn counts_references() {
    with_python(|py| {
        let tuple = crate::pack!(py, crate::singletons::none())?;
        let list = PyList::new(py)?;
        list.append(py, &tuple)?;
        let set = PySet::from_iterable(py, &list)?;
        let copy = set.copy(py)?;
        assert_eq!(tuple.refcnt(), 4);
        set.difference_update(py, &copy)?;
        assert_eq!(tuple.refcnt(), 3);
        drop((list, copy));
        assert_eq!(tuple.refcnt(), 1);
        Ok(())
    });
}

/// `hash(frozenset())` and `hash(frozenset([1, 2, 3]))` of CPython.
#[test]
fn hashes() {
    with_python(|py| {
        assert_eq!(PySet::new(py)?.hash_of_elements(), 133_146_708_735_736);
        let model: HashSet<Key> = (1..=3).map(Key::Int).collect();
        assert_eq!(make(py, &model)?.hash_of_elements(), -272_375_401_224_217_160);
        Ok(())
    });
}
