//! The sort against the standard library's, and against CPython's number of comparisons.

use super::PyList;
use super::timsort::{self, Less};
use crate::types::dict::tests::with_python;
use crate::types::slice::SliceBounds;
use crate::{Py, PyLong, PyResult, Python};

struct Counting(usize);

impl Less<(i64, usize)> for Counting {
    type Error = ();
    fn less(&mut self, a: (i64, usize), b: (i64, usize)) -> Result<bool, ()> {
        self.0 += 1;
        Ok(a.0 < b.0)
    }
}

struct Random(i64);

impl Random {
    fn below(&mut self, m: i64) -> i64 {
        self.0 = self.0.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
        (self.0 >> 8) % m
    }
}

/// Sorts, checks the result (stability and values in step included) and gives the number of comparisons.
fn comparisons(data: &[i64]) -> usize {
    let mut keys: Vec<(i64, usize)> = data.iter().copied().enumerate().map(|(i, v)| (v, i)).collect();
    let mut expected = keys.clone();
    expected.sort_by_key(|k| k.0);
    let mut values = keys.clone();
    let mut less = Counting(0);
    timsort::sort(&mut keys, &mut values, &mut less).expect("comparing ints does not fail");
    assert_eq!(keys, expected);
    assert_eq!(values, expected);
    less.0
}

#[test]
fn sorts_stably() {
    let mut random = Random(7);
    for n in [0, 1, 2, 3, 7, 31, 32, 63, 64, 65, 100, 257, 1000, 4000] {
        for range in [1, 2, 10, 1 << 20] {
            let data: Vec<i64> = (0..n).map(|_| random.below(range)).collect();
            comparisons(&data);
        }
    }
}

/// Numbers counted with CPython 3.14.
#[test]
fn compares_as_often_as_cpython() {
    let rising: Vec<i64> = (0..5000).collect();
    let falling: Vec<i64> = (1..=5000).rev().collect();
    let repeating: Vec<i64> = (0..5000).map(|i| i % 7).collect();
    let blocks: Vec<i64> = (0..2500).chain(0..1666).chain((1..=5000).rev()).collect();
    let plateaus: Vec<i64> = [vec![5; 2500], vec![4; 2500], rising.clone()].concat();
    assert_eq!(comparisons(&rising), 4999);
    assert_eq!(comparisons(&falling), 4999);
    assert_eq!(comparisons(&repeating), 32655);
    assert_eq!(comparisons(&blocks), 19192);
    assert_eq!(comparisons(&plateaus), 12579);
}

struct FailsAfter(usize);

impl Less<i64> for FailsAfter {
    type Error = ();
    fn less(&mut self, a: i64, b: i64) -> Result<bool, ()> {
        self.0 = self.0.checked_sub(1).ok_or(())?;
        Ok(a < b)
    }
}

/// Whenever a comparison fails, nothing is lost and nothing is there twice.
#[test]
fn an_error_leaves_a_permutation() {
    let mut random = Random(3);
    let data: Vec<i64> = (0..700).map(|i| random.below(1000) * 1000 + i).collect();
    let mut all = data.clone();
    all.sort();
    for limit in (0..6000).step_by(13) {
        let mut keys = data.clone();
        let mut values = data.clone();
        let failed = timsort::sort(&mut keys, &mut values, &mut FailsAfter(limit)).is_err();
        assert_eq!(keys, values);
        if failed {
            keys.sort();
        }
        assert_eq!(keys, all, "after {limit} comparisons");
    }
}

/// A comparison that contradicts itself gives some permutation, too.
#[test]
fn an_inconsistent_comparison_is_survived() {
    struct Mad(Random);
    impl Less<i64> for Mad {
        type Error = ();
        fn less(&mut self, _: i64, _: i64) -> Result<bool, ()> {
            Ok(self.0.below(2) == 0)
        }
    }
    for seed in 0..50 {
        let mut keys: Vec<i64> = (0..1500).collect();
        assert!(timsort::sort(&mut keys, &mut [], &mut Mad(Random(seed))).is_ok());
        keys.sort();
        assert!(keys.iter().copied().eq(0..1500));
    }
}

fn ints(py: Python, list: &PyList) -> PyResult<Vec<i64>> {
    list.to_vec().iter().map(|i| i.downcast::<PyLong>().expect("an int").as_i64(py)).collect()
}

/// Against a vector; the items count their references.
#[test]
fn behaves_as_a_vector() {
    with_python(|py| {
        let int = |n: i64| -> PyResult { Ok(PyLong::from_i64(py, n)?.into_object()) };
        // Large enough not to be one of the shared small ints.
        let probe = int(1 << 40)?;
        for seed in 0..60 {
            let mut random = Random(seed);
            let list = PyList::new(py)?;
            let mut model: Vec<i64> = Vec::new();
            for _ in 0..200 {
                let n = random.below(1000);
                let new: Vec<i64> = (0..random.below(12)).map(|_| random.below(1000)).collect();
                let objects = || new.iter().map(|&n| int(n)).collect::<PyResult<Vec<Py>>>();
                let (i, j) = (random.below(30) as usize, random.below(30) as usize);
                match random.below(10) {
                    0..3 => {
                        list.append(py, &*int(n)?)?;
                        model.push(n);
                    }
                    3 => {
                        list.insert(py, i, &*int(n)?)?;
                        model.insert(i.min(model.len()), n);
                    }
                    4 if i < model.len() => {
                        drop(list.remove_at(py, i)?);
                        model.remove(i);
                    }
                    5 => {
                        list.set_slice(py, i, j, objects()?)?;
                        let start = i.min(model.len());
                        let end = j.clamp(start, model.len());
                        model.splice(start..end, new);
                    }
                    6 => {
                        let step = [-3, -2, -1, 1, 2, 3][random.below(6) as usize];
                        let bounds = SliceBounds { start: i as isize - 15, stop: j as isize - 15, step };
                        let range = bounds.range(model.len());
                        let picked: Vec<i64> = range.positions().map(|p| model[p]).collect();
                        assert_eq!(ints(py, &*list.pick(py, range)?)?, picked);
                        list.del_range(py, range)?;
                        let mut gone: Vec<usize> = range.positions().collect();
                        gone.sort();
                        gone.iter().rev().for_each(|&p| drop(model.remove(p)));
                    }
                    7 => {
                        list.sort(py, None, n % 2 == 0)?;
                        model.sort();
                        if n % 2 == 0 {
                            model.reverse();
                        }
                    }
                    8 if model.len() < 200 => {
                        list.repeat_in_place(py, (n % 4) as isize)?;
                        model = model.repeat((n % 4) as usize);
                    }
                    _ => {
                        list.reverse();
                        model.reverse();
                    }
                }
                assert_eq!(ints(py, &list)?, model);
                list.append(py, &probe)?;
                drop(list.remove_at(py, model.len())?);
                assert_eq!(probe.refcnt(), 1);
            }
        }
        Ok(())
    });
}
