//! Types from the inside, without an evaluation loop: special methods are native functions bound by `instancemethod`.

use std::sync::OnceLock;
use taipan_object::runtime::interp::{self, InterpreterState};
use taipan_object::runtime::tstate::{self, PyThreadState};
use taipan_object::typeobj::{METH_O, PyMethodDef, flags};
use taipan_object::types::builtin_function::PyCFunctionObject;
use taipan_object::types::method::PyInstanceMethod;
use taipan_object::types::object_::PyBaseObject_Type;
use taipan_object::types::type_::{self, PyType_Type, new_type};
use taipan_object::types::{descr, registry};
use taipan_object::{Py, PyDict, PyLong, PyModule, PyObject, PyResult, PyStr, PyTuple, PyType, Python, err, id};

/// Runs `f` with the GIL of the one interpreter of this test program.
fn with_py(f: impl FnOnce(Python)) {
    static INTERP: OnceLock<usize> = OnceLock::new();
    // SAFETY: each test runs on its own thread, with its own thread state, in an interpreter that lives for ever.
    unsafe {
        let interp = *INTERP.get_or_init(|| {
            taipan_object::abstracts::hash::init_secret(Some(0));
            let interp = InterpreterState::create(0);
            interp::set_main_interpreter(interp);
            let ts = PyThreadState::new(interp);
            tstate::attach(ts);
            let py = Python::assume();
            assert!(registry::init(py).is_ok(), "{}", message(py));
            tstate::detach();
            interp as usize
        });
        let ts = PyThreadState::new(interp as *mut InterpreterState);
        tstate::attach(ts);
        // Also when the test fails, so that the others get the GIL.
        struct Detach;
        impl Drop for Detach {
            fn drop(&mut self) {
                // SAFETY: attached above.
                unsafe { tstate::detach() };
            }
        }
        let _detach = Detach;
        f(Python::assume());
    }
}

/// The exception being raised as "Type: text", which is cleared.
fn message(py: Python) -> String {
    let Some(exc) = err::take(py) else { return "no exception".to_owned() };
    let text = exc.str(py).map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{}: {text}", exc.ty().name())
}

fn ok<T>(py: Python, result: PyResult<T>) -> T {
    match result {
        Ok(v) => v,
        Err(_) => panic!("{}", message(py)),
    }
}

fn fails<T>(py: Python, result: PyResult<T>) -> String {
    assert!(result.is_err());
    message(py)
}

fn s(py: Python, text: &str) -> Py<PyStr> {
    ok(py, PyStr::intern(py, text))
}

fn int(py: Python, n: i64) -> Py {
    ok(py, PyLong::from_i64(py, n)).into_object()
}

fn repr(py: Python, obj: &PyObject) -> String {
    ok(py, obj.repr(py)).to_string_lossy().into_owned()
}

fn class(py: Python, name: &str, bases: &[&PyObject], attributes: &[(&str, &PyObject)]) -> PyResult<Py<PyType>> {
    let dict = PyDict::new(py)?;
    for (key, value) in attributes {
        dict.set(py, &*PyStr::intern(py, key)?, value)?;
    }
    new_type(py, name, &*PyTuple::from_slice(py, bases)?, &dict)
}

/// A native function of one argument that becomes a method when it stands in a class.
fn method(py: Python, def: &'static PyMethodDef) -> Py {
    let f = ok(py, PyCFunctionObject::new(py, def, None, None, None));
    ok(py, PyInstanceMethod::new(py, &f)).into_object()
}

#[test]
fn object_and_type() {
    with_py(|py| {
        assert!((&PyBaseObject_Type as &PyObject).ty().is(&PyType_Type));
        assert!((&PyType_Type as &PyObject).ty().is(&PyType_Type));
        assert_eq!(repr(py, &PyType_Type), "<class 'type'>");
        assert_eq!(repr(py, PyType_Type.mro()), "(<class 'type'>, <class 'object'>)");
        let o = ok(py, (&PyBaseObject_Type as &PyObject).call0(py));
        assert!(repr(py, &o).starts_with("<object object at 0x"));
        assert_eq!(
            fails(py, (&PyBaseObject_Type as &PyObject).call1(py, &o)),
            "TypeError: object() takes no arguments"
        );
        assert_eq!(
            fails(py, o.setattr(py, id!(py, "x"), &o)),
            "AttributeError: 'object' object has no attribute 'x' and no __dict__ for setting new attributes"
        );
        assert_eq!(fails(py, o.getattr(py, id!(py, "x"))), "AttributeError: 'object' object has no attribute 'x'");
        assert!(ok(py, (&PyType_Type as &PyObject).call1(py, &o)).is(&PyBaseObject_Type));
        assert_eq!(fails(py, (&PyType_Type as &PyObject).call0(py)), "TypeError: type() takes 1 or 3 arguments");
        assert_eq!(ok(py, o.hash(py)), ok(py, o.hash(py)));
        assert!(ok(py, o.eq(py, &o)));
    });
}

#[test]
fn slot_wrappers() {
    with_py(|py| {
        let int_type = &taipan_object::types::int::PyLong_Type;
        let add = ok(py, (int_type as &PyObject).getattr(py, id!(py, "__add__")));
        assert_eq!(repr(py, &add), "<slot wrapper '__add__' of 'int' objects>");
        let (one, two) = (int(py, 1), int(py, 2));
        assert_eq!(repr(py, &*ok(py, add.call(py, &[&one, &two]))), "3");
        let bound = ok(py, one.getattr(py, id!(py, "__add__")));
        assert!(repr(py, &bound).starts_with("<method-wrapper '__add__' of int object at 0x"));
        assert_eq!(repr(py, &*ok(py, bound.call1(py, &two))), "3");
        assert_eq!(fails(py, bound.call0(py)), "TypeError: expected 1 argument, got 0");
        assert_eq!(fails(py, add.call0(py)), "TypeError: descriptor '__add__' of 'int' object needs an argument");
        let text = s(py, "x");
        assert_eq!(
            fails(py, add.call(py, &[&*text, &one])),
            "TypeError: descriptor '__add__' requires a 'int' object but received a 'str'"
        );
        assert_eq!(repr(py, &*ok(py, add.getattr(py, id!(py, "__text_signature__")))), "'($self, value, /)'");
        assert_eq!(repr(py, &*ok(py, add.getattr(py, id!(py, "__qualname__")))), "'int.__add__'");
        let list = &taipan_object::types::list::PyList_Type as &PyObject;
        assert!(ok(py, list.getattr(py, id!(py, "__hash__"))).is_none());
        let empty = ok(py, list.call0(py));
        assert_eq!(fails(py, empty.hash(py)), "TypeError: unhashable type: 'list'");
        let append = ok(py, list.getattr(py, id!(py, "append")));
        assert_eq!(repr(py, &append), "<method 'append' of 'list' objects>");
        assert_eq!(fails(py, append.call0(py)), "TypeError: unbound method list.append() needs an argument");
        assert_eq!(
            fails(py, append.call(py, &[&one, &one])),
            "TypeError: descriptor 'append' for 'list' objects doesn't apply to a 'int' object"
        );
        ok(py, append.call(py, &[&empty, &one]));
        ok(py, empty.call_method1(py, id!(py, "append"), &two));
        assert_eq!(repr(py, &empty), "[1, 2]");
        let bound = ok(py, empty.getattr(py, id!(py, "append")));
        assert!(repr(py, &bound).starts_with("<built-in method append of list object at 0x"));
        assert_eq!(fails(py, bound.call0(py)), "TypeError: list.append() takes exactly one argument (0 given)");
    });
}

#[test]
fn classes_and_instances() {
    with_py(|py| {
        let one = int(py, 1);
        let c = ok(py, class(py, "C", &[], &[("attr", &one)]));
        assert!(c.has_feature(flags::INLINE_VALUES) && c.has_feature(flags::HEAPTYPE));
        let x = ok(py, c.call0(py));
        assert!(ok(py, x.getattr(py, id!(py, "attr"))).is(&one));
        ok(py, x.setattr(py, id!(py, "a"), &one));
        assert!(ok(py, x.getattr(py, id!(py, "a"))).is(&one));
        assert_eq!(repr(py, &*ok(py, x.getattr(py, id!(py, "__dict__")))), "{'a': 1}");
        ok(py, x.setattr(py, id!(py, "b"), &x));
        ok(py, x.delattr(py, id!(py, "b")));
        assert_eq!(fails(py, x.delattr(py, id!(py, "b"))), "AttributeError: 'C' object has no attribute 'b'");
        assert_eq!(fails(py, x.getattr(py, id!(py, "nope"))), "AttributeError: 'C' object has no attribute 'nope'");
        assert_eq!(fails(py, c.call1(py, &one)), "TypeError: C() takes no arguments");
        assert_eq!(fails(py, x.call0(py)), "TypeError: 'C' object is not callable");
        // The cache follows changes of the class.
        let two = int(py, 2);
        ok(py, c.setattr(py, id!(py, "attr"), &two));
        assert!(ok(py, x.getattr(py, id!(py, "attr"))).is(&two));
        let d = ok(py, class(py, "D", &[&*c], &[]));
        let y = ok(py, d.call0(py));
        assert!(ok(py, y.getattr(py, id!(py, "attr"))).is(&two));
        ok(py, c.setattr(py, id!(py, "attr"), &one));
        assert!(ok(py, y.getattr(py, id!(py, "attr"))).is(&one));
        ok(py, c.delattr(py, id!(py, "attr")));
        assert!(ok(py, y.getattr_opt(py, id!(py, "attr"))).is_none());
        assert_eq!(repr(py, &*ok(py, c.call_method0(py, id!(py, "__subclasses__")))), "[<class 'D'>]");
        assert!(ok(py, y.is_instance(py, &*c)) && !ok(py, x.is_instance(py, &*d)));
        drop(y);
        drop(d);
        taipan_object::memory::gc::collect(py, 2);
        assert_eq!(repr(py, &*ok(py, c.call_method0(py, id!(py, "__subclasses__")))), "[]");
    });
}

#[test]
fn slots_of_classes() {
    with_py(|py| {
        let names = ok(py, PyTuple::from_slice(py, &[&*s(py, "b"), &*s(py, "__a")]));
        let c = ok(py, class(py, "C", &[], &[("__slots__", &names)]));
        assert_eq!(c.tp_basicsize.get(), 32);
        let x = ok(py, c.call0(py));
        let one = int(py, 1);
        ok(py, x.setattr(py, id!(py, "_C__a"), &one));
        assert!(ok(py, x.getattr(py, id!(py, "_C__a"))).is(&one));
        assert_eq!(fails(py, x.getattr(py, id!(py, "b"))), "AttributeError: 'C' object has no attribute 'b'");
        assert_eq!(fails(py, x.delattr(py, id!(py, "b"))), "AttributeError: b");
        assert_eq!(
            fails(py, x.setattr(py, id!(py, "c"), &one)),
            "AttributeError: 'C' object has no attribute 'c' and no __dict__ for setting new attributes"
        );
        let member = ok(py, c.getattr(py, id!(py, "b")));
        assert_eq!(repr(py, &member), "<member 'b' of 'C' objects>");
        let bad = ok(py, PyTuple::from_slice(py, &[&*s(py, "a b")]));
        assert_eq!(fails(py, class(py, "C", &[], &[("__slots__", &bad)])), "TypeError: __slots__ must be identifiers");
        let int_type = &taipan_object::types::int::PyLong_Type as &PyObject;
        assert_eq!(
            fails(py, class(py, "C", &[int_type], &[("__slots__", &names)])),
            "TypeError: nonempty __slots__ not supported for subtype of 'int'"
        );
    });
}

#[test]
fn mro() {
    with_py(|py| {
        let a = ok(py, class(py, "A", &[], &[]));
        let b = ok(py, class(py, "B", &[&*a], &[]));
        let c = ok(py, class(py, "C", &[&*a], &[]));
        let d = ok(py, class(py, "D", &[&*b, &*c], &[]));
        assert_eq!(repr(py, d.mro()), "(<class 'D'>, <class 'B'>, <class 'C'>, <class 'A'>, <class 'object'>)");
        assert_eq!(
            fails(py, class(py, "Z", &[&*a, &*b], &[])),
            "TypeError: Cannot create a consistent method resolution order (MRO) for bases A, B"
        );
        assert_eq!(fails(py, class(py, "Z", &[&*a, &*a], &[])), "TypeError: duplicate base class A");
        let int_type = &taipan_object::types::int::PyLong_Type as &PyObject;
        let str_type = &taipan_object::types::str_::PyUnicode_Type as &PyObject;
        assert_eq!(
            fails(py, class(py, "Z", &[int_type, str_type], &[])),
            "TypeError: multiple bases have instance lay-out conflict"
        );
        let bool_type = &taipan_object::types::bool_::PyBool_Type as &PyObject;
        assert_eq!(
            fails(py, class(py, "Z", &[bool_type], &[])),
            "TypeError: type 'bool' is not an acceptable base type"
        );
        // Bases can be exchanged; subclasses follow.
        let new_bases = ok(py, PyTuple::from_slice(py, &[&*c as &PyObject]));
        ok(py, b.setattr(py, id!(py, "__bases__"), &*new_bases));
        assert_eq!(repr(py, b.mro()), "(<class 'B'>, <class 'C'>, <class 'A'>, <class 'object'>)");
        assert_eq!(repr(py, d.mro()), "(<class 'D'>, <class 'B'>, <class 'C'>, <class 'A'>, <class 'object'>)");
        let cycle = ok(py, PyTuple::from_slice(py, &[&*d as &PyObject]));
        assert_eq!(
            fails(py, c.setattr(py, id!(py, "__bases__"), &*cycle)),
            "TypeError: a __bases__ item causes an inheritance cycle"
        );
    });
}

unsafe extern "C" fn seven(_: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: called with the GIL held.
    let py = unsafe { Python::assume() };
    PyLong::from_i64(py, 7).map_or(core::ptr::null_mut(), |n| n.into_raw_object())
}

static SEVEN: PyMethodDef = PyMethodDef::new(c"seven", seven as *const core::ffi::c_void, METH_O, c"");

#[test]
fn special_methods_follow_the_class() {
    with_py(|py| {
        let seven = method(py, &SEVEN);
        let c = ok(py, class(py, "C", &[], &[("__len__", &seven)]));
        let d = ok(py, class(py, "D", &[&*c], &[]));
        let (x, y) = (ok(py, c.call0(py)), ok(py, d.call0(py)));
        assert_eq!(ok(py, x.len(py)), 7);
        assert_eq!(ok(py, y.len(py)), 7);
        assert_eq!(fails(py, x.get_item(py, &int(py, 0))), "TypeError: 'C' object is not subscriptable");
        // A method set later takes effect at once, in subclasses too, and one deleted is gone.
        ok(py, c.setattr(py, id!(py, "__hash__"), &seven));
        assert_eq!(ok(py, y.hash(py)), 7);
        ok(py, c.setattr(py, id!(py, "__index__"), &seven));
        assert_eq!(repr(py, &*ok(py, taipan_object::abstracts::number::index(py, &y))), "7");
        ok(py, c.delattr(py, id!(py, "__len__")));
        assert_eq!(fails(py, y.len(py)), "TypeError: object of type 'D' has no len()");
        ok(py, c.setattr(py, id!(py, "__hash__"), &*py.none()));
        assert_eq!(fails(py, y.hash(py)), "TypeError: unhashable type: 'D'");
        // A subclass of int keeps the C functions themselves.
        let int_type = &taipan_object::types::int::PyLong_Type;
        let n = ok(py, class(py, "N", &[int_type as &PyObject], &[]));
        let add = |t: &PyType| t.as_number().and_then(|s| s.nb_add.get()).map(|f| f as usize);
        assert_eq!(add(&n), add(int_type));
        let five = ok(py, n.call1(py, &int(py, 5)));
        assert_eq!(repr(py, &five), "5");
        assert_eq!(repr(py, &*ok(py, taipan_object::abstracts::number::add(py, &five, &five))), "10");
    });
}

#[test]
fn descriptors() {
    with_py(|py| {
        let seven = ok(py, PyCFunctionObject::new(py, &SEVEN, None, None, None));
        let property = ok(py, (&descr::PyProperty_Type as &PyObject).call1(py, &*seven));
        let c = ok(py, class(py, "C", &[], &[("p", &property)]));
        let x = ok(py, c.call0(py));
        assert_eq!(repr(py, &*ok(py, x.getattr(py, id!(py, "p")))), "7");
        assert_eq!(
            fails(py, x.setattr(py, id!(py, "p"), &x)),
            "AttributeError: property 'p' of 'C' object has no setter"
        );
        assert_eq!(fails(py, x.delattr(py, id!(py, "p"))), "AttributeError: property 'p' of 'C' object has no deleter");
        let proxy = ok(py, c.getattr(py, id!(py, "__dict__")));
        assert!(repr(py, &proxy).starts_with("mappingproxy({'p': <property object at 0x"), "{}", repr(py, &proxy));
        assert_eq!(
            fails(py, proxy.set_item(py, &x, &x)),
            "TypeError: 'mappingproxy' object does not support item assignment"
        );
        let int_type = &taipan_object::types::int::PyLong_Type as &PyObject;
        assert_eq!(
            fails(py, int_type.setattr(py, id!(py, "x"), &x)),
            "TypeError: cannot set 'x' attribute of immutable type 'int'"
        );
        let real = ok(py, int_type.getattr(py, id!(py, "real")));
        assert_eq!(repr(py, &real), "<attribute 'real' of 'int' objects>");
        assert_eq!(
            fails(py, int(py, 1).setattr(py, id!(py, "real"), &x)),
            "AttributeError: attribute 'real' of 'int' objects is not writable"
        );
        // classmethod and staticmethod as they are found.
        let cm = ok(py, descr::PyClassMethod::new(py, &seven));
        ok(py, c.setattr(py, id!(py, "cm"), &*cm));
        assert_eq!(repr(py, &*ok(py, x.call_method0(py, id!(py, "cm")))), "7");
        assert!(repr(py, &*ok(py, c.getattr(py, id!(py, "cm")))).starts_with("<bound method seven of <class 'C'>>"));
    });
}

#[test]
fn classes_die() {
    with_py(|py| {
        let before = type_::subclasses::alive(py, &PyBaseObject_Type).len();
        for _ in 0..50 {
            let c = ok(py, class(py, "Temporary", &[], &[]));
            let x = ok(py, c.call0(py));
            ok(py, x.setattr(py, id!(py, "me"), &x));
            ok(py, c.setattr(py, id!(py, "cls"), &*c));
        }
        taipan_object::memory::gc::collect(py, 2);
        taipan_object::memory::gc::collect(py, 2);
        let after = type_::subclasses::alive(py, &PyBaseObject_Type).iter().filter(|t| t.name() == "Temporary").count();
        assert_eq!(after, 0, "of {before}");
    });
}

#[test]
fn modules() {
    with_py(|py| {
        let m = ok(py, PyModule::new(py, "m"));
        assert_eq!(fails(py, m.getattr(py, id!(py, "x"))), "AttributeError: module 'm' has no attribute 'x'");
        ok(py, m.add(py, "x", int(py, 3)));
        assert_eq!(repr(py, &*ok(py, m.getattr(py, id!(py, "x")))), "3");
        assert_eq!(repr(py, &m), "<module 'm'>");
        ok(py, m.dict().del(py, id!(py, "__name__")));
        assert_eq!(fails(py, m.getattr(py, id!(py, "y"))), "AttributeError: module has no attribute 'y'");
        assert_eq!(fails(py, m.setattr(py, id!(py, "__dict__"), &*m)), "AttributeError: readonly attribute");
    });
}

#[test]
fn supers() {
    with_py(|py| {
        let a = ok(py, class(py, "A", &[], &[("x", &int(py, 1))]));
        let b = ok(py, class(py, "B", &[&*a], &[("x", &int(py, 2))]));
        let obj = ok(py, b.call0(py));
        let super_type = &taipan_object::types::super_::PySuper_Type as &PyObject;
        let sup = ok(py, super_type.call(py, &[&*b as &PyObject, &obj]));
        assert_eq!(repr(py, &*ok(py, sup.getattr(py, id!(py, "x")))), "1");
        assert_eq!(repr(py, &sup), "<super: <class 'B'>, <B object>>");
        assert_eq!(fails(py, sup.getattr(py, id!(py, "zz"))), "AttributeError: 'super' object has no attribute 'zz'");
        let other = ok(py, a.call0(py));
        assert_eq!(
            fails(py, super_type.call(py, &[&*b as &PyObject, &other])),
            "TypeError: super(type, obj): obj (instance of A) is not an instance or subtype of type (B)."
        );
        assert_eq!(fails(py, super_type.call1(py, &other)), "TypeError: super() argument 1 must be a type, not A");
        assert_eq!(fails(py, super_type.call0(py)), "RuntimeError: super(): no current frame");
    });
}

#[test]
fn class_assignment() {
    with_py(|py| {
        let a = ok(py, class(py, "A", &[], &[]));
        let b = ok(py, class(py, "B", &[], &[("who", &int(py, 5))]));
        let x = ok(py, a.call0(py));
        ok(py, x.setattr(py, id!(py, "v"), &int(py, 9)));
        ok(py, x.setattr(py, id!(py, "__class__"), &*b));
        assert_eq!(repr(py, &*ok(py, x.getattr(py, id!(py, "who")))), "5");
        assert_eq!(repr(py, &*ok(py, x.getattr(py, id!(py, "v")))), "9");
        let int_type = &taipan_object::types::int::PyLong_Type as &PyObject;
        assert_eq!(
            fails(py, x.setattr(py, id!(py, "__class__"), int_type)),
            "TypeError: __class__ assignment only supported for mutable types or ModuleType subclasses"
        );
        let names = ok(py, PyTuple::from_slice(py, &[&*s(py, "slot")]));
        let c = ok(py, class(py, "C", &[], &[("__slots__", &names)]));
        assert_eq!(
            fails(py, x.setattr(py, id!(py, "__class__"), &*c)),
            "TypeError: __class__ assignment: 'C' object layout differs from 'B'"
        );
        assert_eq!(fails(py, x.delattr(py, id!(py, "__class__"))), "TypeError: can't delete __class__ attribute");
    });
}
