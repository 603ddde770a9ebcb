//! Containers and their iterators as Python code sees them: through methods, operators and exceptions.

use crate::abstracts::{number, sequence};
use crate::types::dict::tests::with_python;
use crate::types::enumerate_::{PyEnum_Type, PyReversed_Type};
use crate::types::range::PyRange_Type;
use crate::types::set::{PyFrozenSet_Type, PySet_Type};
use crate::types::slice::PySlice_Type;
use crate::{Py, PyDict, PyList, PyLong, PyObject, PyResult, PyStr, PyTuple, Python, err, pack};

fn int(py: Python, n: i64) -> Py {
    PyLong::from_i64(py, n).expect("memory").into_object()
}
fn text(py: Python, s: &str) -> Py {
    PyStr::new(py, s).expect("memory").into_object()
}
fn ints(py: Python, items: &[i64]) -> Py {
    PyList::from_vec(py, items.iter().map(|&n| int(py, n)).collect()).expect("memory").into_object()
}
fn method(py: Python, obj: &PyObject, name: &str, args: &[&PyObject]) -> PyResult {
    obj.call_method(py, &*PyStr::new(py, name)?, args)
}
fn repr(py: Python, obj: &PyObject) -> String {
    obj.repr(py).expect("a repr").to_string_lossy().into_owned()
}

/// The repr of a result, or the type and message of what was raised.
fn show(py: Python, result: PyResult) -> String {
    match result {
        Ok(value) => repr(py, &value),
        Err(_) => {
            let exc = err::take(py).expect("an exception is set");
            let message = exc.str(py).expect("a message").to_string_lossy().into_owned();
            format!("{}: {message}", exc.ty().name())
        }
    }
}

#[test]
fn lists() {
    with_python(|py| {
        let list = ints(py, &[3, 1, 2]);
        let m = |name: &str, args: &[&PyObject]| show(py, method(py, &list, name, args));
        assert_eq!(m("append", &[&int(py, 5)]), "None");
        assert_eq!(m("pop", &[&int(py, 9)]), "IndexError: pop index out of range");
        assert_eq!(m("pop", &[]), "5");
        assert_eq!(m("index", &[&int(py, 2)]), "2");
        assert_eq!(m("index", &[&int(py, 2), &int(py, 0), &int(py, -1)]), "ValueError: list.index(x): x not in list");
        assert_eq!(m("remove", &[&int(py, 7)]), "ValueError: list.remove(x): x not in list");
        assert_eq!(m("append", &[]), "TypeError: list.append() takes exactly one argument (0 given)");
        assert_eq!(m("sort", &[]), "None");
        assert_eq!(m("insert", &[&int(py, -1), &text(py, "x")]), "None");
        assert_eq!(repr(py, &list), "[1, 2, 'x', 3]");
        assert_eq!(m("sort", &[]), "TypeError: '<' not supported between instances of 'str' and 'int'");
        assert_eq!(m("count", &[&text(py, "x")]), "1");
        assert_eq!(m("__len__", &[]), "4");
        assert_eq!(m("__getitem__", &[&text(py, "a")]), "TypeError: list indices must be integers or slices, not str");
        let slice = PySlice_Type.call(py, &[&int(py, -1), &py.none(), &int(py, -2)])?;
        assert_eq!(repr(py, &slice), "slice(-1, None, -2)");
        assert_eq!(m("__getitem__", &[&slice]), "[3, 2]");
        let one = ints(py, &[1]);
        assert_eq!(
            m("__setitem__", &[&slice, &one]),
            "ValueError: attempt to assign sequence of size 1 to extended slice of size 2"
        );
        assert_eq!(show(py, method(py, &slice, "indices", &[&int(py, 5)])), "(4, -1, -2)");
        assert_eq!(
            show(py, number::add(py, &list, &*pack!(py, list)?)),
            "TypeError: can only concatenate list (not \"tuple\") to list"
        );
        assert_eq!(show(py, number::multiply(py, &one, &int(py, 3))), "[1, 1, 1]");
        assert_eq!(m("append", &[&list]), "None");
        assert_eq!(repr(py, &list), "[1, 2, 'x', 3, [...]]");
        assert_eq!(m("clear", &[]), "None");
        assert_eq!(m("pop", &[]), "IndexError: pop from empty list");
        assert_eq!(show(py, list.hash(py).map(|h| int(py, h as i64))), "TypeError: unhashable type: 'list'");
        Ok(())
    });
}

#[test]
fn tuples_and_ranges() {
    with_python(|py| {
        let t = PyTuple::from_array(py, [int(py, 1), text(py, "a")])?.into_object();
        assert_eq!(repr(py, &t), "(1, 'a')");
        assert_eq!(repr(py, &*pack!(py, int(py, 1))?), "(1,)");
        assert_eq!(repr(py, PyTuple::empty_ref()), "()");
        assert_eq!(show(py, sequence::get_item(py, &t, 2)), "IndexError: tuple index out of range");
        assert_eq!(show(py, method(py, &t, "index", &[&int(py, 9)])), "ValueError: tuple.index(x): x not in tuple");
        assert_eq!(show(py, method(py, &t, "__add__", &[&t])), "(1, 'a', 1, 'a')");
        assert!(t.rich_compare_bool(py, &*pack!(py, int(py, 1), text(py, "b"))?, crate::CompareOp::Lt)?);

        let range = |args: &[i64]| {
            let args: Vec<Py> = args.iter().map(|&n| int(py, n)).collect();
            let args: Vec<&PyObject> = args.iter().map(|a| a.as_object()).collect();
            PyRange_Type.call(py, &args)
        };
        assert_eq!(show(py, range(&[])), "TypeError: range expected at least 1 argument, got 0");
        assert_eq!(show(py, range(&[1, 2, 0])), "ValueError: range() arg 3 must not be zero");
        let r = range(&[10, -5, -4])?;
        assert_eq!(repr(py, &r), "range(10, -5, -4)");
        assert_eq!(repr(py, &*sequence::to_list(py, &r)?), "[10, 6, 2, -2]");
        assert_eq!(repr(py, &*sequence::to_list(py, &*method(py, &r, "__reversed__", &[])?)?), "[-2, 2, 6, 10]");
        assert!(r.contains(py, &int(py, 6))? && !r.contains(py, &int(py, 7))?);
        assert_eq!(show(py, method(py, &r, "index", &[&int(py, 2)])), "2");
        assert_eq!(show(py, method(py, &r, "index", &[&int(py, 3)])), "ValueError: range.index(x): x not in range");
        let slice = PySlice_Type.call(py, &[&int(py, 1), &py.none()])?;
        assert_eq!(show(py, r.get_item(py, &slice)), "range(6, -6, -4)");
        assert_eq!(range(&[3])?.hash(py)?, -8338477496398685190);
        assert_eq!(range(&[0])?.hash(py)?, 2676694398852732306);
        let big = number::lshift(py, &int(py, 1), &int(py, 70))?;
        let r = PyRange_Type.call(py, &[&big, &*number::add(py, &big, &int(py, 5))?, &int(py, 2)])?;
        assert_eq!(
            repr(py, &*sequence::to_list(py, &r)?),
            "[1180591620717411303424, 1180591620717411303426, 1180591620717411303428]"
        );
        Ok(())
    });
}

#[test]
fn dicts_and_views() {
    with_python(|py| {
        let d = PyDict::new(py)?;
        for (i, name) in ["a", "b", "c"].iter().enumerate() {
            d.set(py, &text(py, name), &int(py, i as i64))?;
        }
        let m = |name: &str, args: &[&PyObject]| show(py, method(py, &d, name, args));
        assert_eq!(repr(py, &d), "{'a': 0, 'b': 1, 'c': 2}");
        assert_eq!(m("keys", &[]), "dict_keys(['a', 'b', 'c'])");
        assert_eq!(m("values", &[]), "dict_values([0, 1, 2])");
        assert_eq!(m("items", &[]), "dict_items([('a', 0), ('b', 1), ('c', 2)])");
        assert_eq!(m("get", &[&int(py, 7)]), "None");
        assert_eq!(m("pop", &[&int(py, 7)]), "KeyError: 7");
        assert_eq!(m("pop", &[&int(py, 7), &py.none()]), "None");
        let unhashable = "TypeError: cannot use 'list' as a dict key (unhashable type: 'list')";
        assert_eq!(m("__getitem__", &[&ints(py, &[])]), unhashable);
        assert_eq!(m("setdefault", &[&text(py, "z"), &int(py, 9)]), "9");
        assert_eq!(m("popitem", &[]), "('z', 9)");
        assert_eq!(m("update", &[&ints(py, &[1])]), "TypeError: object is not iterable");
        assert_eq!(m("update", &[&d, &d]), "TypeError: update expected at most 1 argument, got 2");
        let pairs = PyList::from_vec(py, vec![pack!(py, int(py, 1))?.into_object()])?;
        assert_eq!(
            m("update", &[&pairs]),
            "ValueError: dictionary update sequence element #0 has length 1; 2 is required"
        );
        let keys = method(py, &d, "keys", &[])?;
        let ab = PySet_Type.call(py, &[&*pack!(py, text(py, "a"))?])?;
        assert_eq!(show(py, number::and(py, &keys, &ab)), "{'a'}");
        assert_eq!(show(py, number::and(py, &ab, &keys)), "{'a'}");
        assert_eq!(sequence::size(py, &*number::subtract(py, &keys, &ab)?)?, 2);
        assert!(ab.rich_compare_bool(py, &keys, crate::CompareOp::Lt)?);
        assert_eq!(show(py, method(py, &keys, "isdisjoint", &[&ab])), "False");
        let it = d.as_object().iter(py)?;
        assert_eq!(show(py, it.iter_next(py).map(|k| k.expect("a key"))), "'a'");
        assert_eq!(show(py, method(py, &it, "__length_hint__", &[])), "2");
        d.set(py, &int(py, 1), &int(py, 1))?;
        assert_eq!(
            show(py, it.iter_next(py).map(|_| py.none())),
            "RuntimeError: dictionary changed size during iteration"
        );
        let reversed = PyReversed_Type.call(py, &[&d])?;
        assert_eq!(repr(py, &*sequence::to_list(py, &reversed)?), "[1, 'c', 'b', 'a']");
        d.set(py, &int(py, 2), &d)?;
        assert_eq!(repr(py, &d), "{'a': 0, 'b': 1, 'c': 2, 1: 1, 2: {...}}");
        d.clear(py);
        assert_eq!(m("popitem", &[]), "KeyError: 'popitem(): dictionary is empty'");
        let from_keys =
            method(py, crate::types::dict::PyDict_Type.as_packed(), "fromkeys", &[&text(py, "xy"), &int(py, 1)]);
        assert_eq!(show(py, from_keys), "{'x': 1, 'y': 1}");
        Ok(())
    });
}

#[test]
fn sets() {
    with_python(|py| {
        let s = PySet_Type.call(py, &[&ints(py, &[5, 1, 9])])?;
        let m = |name: &str, args: &[&PyObject]| show(py, method(py, &s, name, args));
        assert_eq!(repr(py, &s), "{1, 5, 9}");
        assert_eq!(m("remove", &[&int(py, 3)]), "KeyError: 3");
        assert_eq!(
            m("add", &[&ints(py, &[])]),
            "TypeError: cannot use 'list' as a set element (unhashable type: 'list')"
        );
        assert_eq!(m("union", &[&ints(py, &[2]), &ints(py, &[3])]), "{1, 2, 3, 5, 9}");
        assert_eq!(m("issuperset", &[&ints(py, &[1, 5])]), "True");
        let f = PyFrozenSet_Type.call(py, &[&ints(py, &[1])])?;
        assert_eq!(repr(py, &f), "frozenset({1})");
        assert!(method(py, &f, "copy", &[])?.is(&f));
        assert_eq!(repr(py, &*PyFrozenSet_Type.call(py, &[])?), "frozenset()");
        assert_eq!(m("add", &[&f]), "None");
        let one = PySet_Type.call(py, &[&ints(py, &[1])])?;
        assert!(s.contains(py, &one)?);
        assert_eq!(
            show(py, number::or(py, &one, &ints(py, &[]))),
            "TypeError: unsupported operand type(s) for |: 'set' and 'list'"
        );
        assert_eq!(show(py, PySet_Type.call(py, &[&one, &one])), "TypeError: set expected at most 1 argument, got 2");
        Ok(())
    });
}

#[test]
fn iterators() {
    with_python(|py| {
        let list = ints(py, &[7, 8]);
        let e = PyEnum_Type.call(py, &[&list, &int(py, 5)])?;
        assert_eq!(repr(py, &*sequence::to_list(py, &e)?), "[(5, 7), (6, 8)]");
        assert_eq!(show(py, PyEnum_Type.call(py, &[])), "TypeError: enumerate() missing required argument 'iterable'");
        let r = PyReversed_Type.call(py, &[&*pack!(py, int(py, 1), int(py, 2))?])?;
        assert_eq!(show(py, method(py, &r, "__length_hint__", &[])), "2");
        assert_eq!(repr(py, &*sequence::to_list(py, &r)?), "[2, 1]");
        assert_eq!(show(py, PyReversed_Type.call(py, &[&int(py, 1)])), "TypeError: 'int' object is not reversible");
        assert_eq!(show(py, int(py, 1).iter(py)), "TypeError: 'int' object is not iterable");
        let it = list.iter(py)?;
        assert_eq!(show(py, method(py, &it, "__setstate__", &[&text(py, "a")])), "TypeError: an integer is required");
        method(py, &it, "__setstate__", &[&int(py, 1)])?;
        assert_eq!(repr(py, &*sequence::to_list(py, &it)?), "[8]");
        assert_eq!(
            show(py, sequence::index(py, &list, &int(py, 9)).map(|_| py.none())),
            "ValueError: sequence.index(x): x not in sequence"
        );
        assert_eq!(
            show(py, int(py, 1).contains(py, &list).map(|_| py.none())),
            "TypeError: argument of type 'int' is not a container or iterable"
        );
        assert_eq!(show(py, int(py, 1).get_item(py, &list)), "TypeError: 'int' object is not subscriptable");
        let mut tuples: Vec<Py> = Vec::new();
        let e = PyEnum_Type.call(py, &[&list])?;
        while let Some(pair) = e.iter_next(py)? {
            tuples.push(pair);
        }
        assert!(!tuples[0].is(&tuples[1]));
        Ok(())
    });
}
