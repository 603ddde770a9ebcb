//! Declarations of every kind: that they compile, and that the tables they make are right.

use crate::declare::{InterpLocal, KwArgs, Send};
use crate::typeobj::{
    METH_CLASS, METH_COEXIST, METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O, METH_STATIC, Py_buffer, PyMethodDef,
    flags,
};
use crate::{
    Args, CompareOp, Py, PyClass, PyDict, PyModule, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, Trace,
    pyclass, pyfunction, pymodule, raise,
};
use core::cell::{Cell, RefCell};
use core::ffi::{CStr, c_char, c_int};

#[derive(Trace)]
#[repr(C)]
pub struct PyPoint {
    pub ob_base: PyObject,
    x: Slot,
    names: RefCell<Vec<Py>>,
    count: Cell<isize>,
    weakrefs: Slot,
    shape: Shape,
    #[trace(skip)]
    hook: Option<fn()>,
}

#[derive(Trace)]
enum Shape {
    Round,
    Named(Py<PyStr>, i32),
    Boxed { inner: Box<[Py]> },
}

/// A point.
#[pyclass(
    name = "geometry.Point",
    static_name = TestPoint_Type,
    flags(GC, BASETYPE, SEQUENCE),
    weaklist = weakrefs,
    members(x: OBJECT readonly "the abscissa", count as "n": PYSSIZET),
    vectorcall,
    iter_self,
    class_getitem,
)]
impl PyPoint {
    #[signature("(x, y=1, *, name='abc')")]
    fn tp_new(py: Python, cls: &PyType, x: &PyObject, y: isize, name: &str) -> PyResult<Py<PyPoint>> {
        let shape = match name {
            "round" => Shape::Round,
            "boxed" => Shape::Boxed { inner: Box::new([py.none()]) },
            name => Shape::Named(PyStr::new(py, name)?, 0),
        };
        PyPoint::alloc(py, cls, |head| PyPoint {
            ob_base: head,
            x: Slot::some(Py::new_ref(x)),
            names: RefCell::default(),
            count: Cell::new(y),
            weakrefs: Slot::empty(),
            shape,
            hook: None,
        })
    }
    fn tp_init(&self, _py: Python, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<()> {
        self.count.set(args.len() as isize + kwargs.map_or(0, PyDict::len) as isize);
        Ok(())
    }
    #[signature("(self, a, /)")]
    fn tp_call(&self, _py: Python, a: &PyStr) -> PyResult<bool> {
        Ok(a.len() == 1)
    }
    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        Ok(self.count.get())
    }
    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        match other.downcast::<PyPoint>() {
            Some(other) => Ok(py.bool(op.matches(self.count.get().cmp(&other.count.get())))),
            None => Ok(py.not_implemented()),
        }
    }
    fn tp_iternext(&self, py: Python) -> PyResult<Option<Py>> {
        if self.hook.is_some() { Err(raise!(py, ValueError, "hooked")) } else { Ok(None) }
    }
    fn tp_finalize(&self, _py: Python) {
        self.count.set(0);
    }
    fn nb_add(_py: Python, a: &PyObject, _b: &PyObject) -> PyResult {
        Ok(Py::new_ref(a))
    }
    fn nb_bool(&self) -> bool {
        self.count.get() != 0
    }
    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.count.get())
    }
    fn sq_ass_item(&self, _py: Python, i: isize, value: Option<&PyObject>) -> PyResult<()> {
        self.count.set(i);
        self.x.set(value.map(Py::new_ref));
        Ok(())
    }
    fn am_send(&self, _py: Python, value: &PyObject) -> PyResult<Send> {
        Ok(Send::Return(Py::new_ref(value)))
    }
    unsafe fn bf_getbuffer(&self, py: Python, _view: *mut Py_buffer, _flags: i32) -> PyResult<()> {
        Err(raise!(py, BufferError, "no buffer"))
    }
    #[raw]
    unsafe extern "C" fn tp_is_gc(_this: *mut PyObject) -> c_int {
        1
    }

    /// Turns it.
    ///
    ///   angle
    ///     How far.
    #[method]
    #[signature("(self, angle, /)")]
    fn turn(&self, _py: Python, angle: f64) -> f64 {
        angle
    }
    #[method]
    fn clear(&self) {}
    #[method("match", coexist)]
    #[signature("(self, a, b=None, /, c=-1, d=False, e=0.5, *args, g, h='x', **kwargs)")]
    fn match_(
        &self,
        a: i32,
        b: Option<&PyStr>,
        c: isize,
        d: bool,
        e: f64,
        args: Args<'_>,
        g: &PyObject,
        h: &str,
        kwargs: KwArgs<'_>,
    ) -> String {
        format!("{a}{c}{d}{e}{}{}{h}{}{}", b.is_some(), args.len(), g.id(), kwargs.is_empty())
    }
    #[classmethod]
    #[signature("(cls, iterable, value=None, /)")]
    fn fromkeys(_py: Python, cls: &PyType, iterable: &PyObject, value: &PyObject) -> PyResult<bool> {
        Ok(cls.is(iterable) && value.is_none())
    }
    #[staticmethod]
    #[signature("(x, y=<unrepresentable>, /)")]
    fn make(x: Py, y: Option<Py<PyStr>>) -> Option<Py> {
        if y.is_some() { None } else { Some(x) }
    }
    /// The real part.
    #[getter]
    fn real(&self, py: Python) -> PyResult {
        self.x.get().ok_or_else(|| raise!(py, AttributeError, "real"))
    }
    #[setter]
    fn set_real(&self, _py: Python, value: Option<&PyObject>) -> PyResult<()> {
        self.x.set(value.map(Py::new_ref));
        Ok(())
    }
    #[getter("__dict__")]
    fn names(&self) -> isize {
        self.names.borrow().len() as isize
    }
}

#[derive(Trace)]
#[repr(C)]
pub struct PyPlace {
    pub ob_base: PyPoint,
    label: Option<Py<PyStr>>,
}

/// A place.
#[pyclass(name = "geometry.Place", base = PyPoint, flags(GC), unhashable)]
impl PyPlace {
    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.label.clone().ok_or_else(|| raise!(py, ValueError, "no label"))
    }
}

/// Adds.
#[pyfunction]
#[signature("(a, b=1, /)")]
fn add(a: isize, b: isize) -> isize {
    a + b
}

mod elsewhere {
    use crate::{PyObject, PyResult, Python, pyfunction};

    #[pyfunction("sum", pass_module)]
    #[signature("(*items, start=0)")]
    pub(super) fn sum_(_py: Python, module: &PyObject, items: crate::Args<'_>, start: u32) -> PyResult<usize> {
        Ok(module.id() + items.len() + start as usize)
    }
}

#[derive(Default)]
struct State {
    executed: Cell<bool>,
}

static STATE: InterpLocal<State> = InterpLocal::new();

fn exec(py: Python, _module: &PyModule) -> PyResult<()> {
    STATE.get(py).executed.set(true);
    Ok(())
}

pymodule! {
    name: "geometry",
    doc: "Points and places.",
    functions: [add, elsewhere::sum_],
    classes: [PyPoint, PyPlace],
    exec: exec,
}

fn text(p: *const c_char) -> &'static str {
    // SAFETY: the declarations' texts are NUL-terminated and static.
    unsafe { CStr::from_ptr(p) }.to_str().unwrap()
}

fn find(mut table: *const PyMethodDef, name: &str) -> PyMethodDef {
    // SAFETY: tables end with an entry without name.
    unsafe {
        while !(*table).ml_name.is_null() {
            if text((*table).ml_name) == name {
                return *table;
            }
            table = table.add(1);
        }
    }
    panic!("no {name}")
}

#[test]
fn calling_conventions() {
    let point = |name| find(TestPoint_Type.tp_methods.get(), name).ml_flags;
    assert_eq!(point("turn"), METH_O);
    assert_eq!(point("clear"), METH_NOARGS);
    assert_eq!(point("match"), METH_FASTCALL | METH_KEYWORDS | METH_COEXIST);
    assert_eq!(point("fromkeys"), METH_FASTCALL | METH_CLASS);
    assert_eq!(point("make"), METH_FASTCALL | METH_STATIC);
    assert_eq!(point("__class_getitem__"), METH_O | METH_CLASS);
    let function = |name| find(MODULE.def().m_methods, name).ml_flags;
    assert_eq!(function("add"), METH_FASTCALL);
    assert_eq!(function("sum"), METH_FASTCALL | METH_KEYWORDS);
}

#[test]
fn texts() {
    let doc = |name| text(find(TestPoint_Type.tp_methods.get(), name).ml_doc);
    assert_eq!(doc("turn"), "turn($self, angle, /)\n--\n\nTurns it.\n\n  angle\n    How far.");
    assert_eq!(doc("match"), "match($self, a, b=None, /, c=-1, d=False, e=0.5, *args, g, h='x', **kwargs)\n--\n\n");
    assert_eq!(doc("fromkeys"), "fromkeys($type, iterable, value=None, /)\n--\n\n");
    assert_eq!(doc("make"), "make(x, y=<unrepresentable>, /)\n--\n\n");
    assert_eq!(text(TestPoint_Type.tp_doc.get()), "Point(x, y=1, *, name='abc')\n--\n\nA point.");
    assert_eq!(text(find(MODULE.def().m_methods, "sum").ml_doc), "sum($module, /, *items, start=0)\n--\n\n");
    assert_eq!(text(PyPlace::decl().template.tp_doc.get()), "A place.");
    assert_eq!(MODULE.name(), "geometry");
}

#[test]
fn slots_and_sizes() {
    let ty = &TestPoint_Type;
    assert_eq!(ty.full_name(), "geometry.Point");
    assert_eq!(ty.tp_basicsize.get() as usize, size_of::<PyPoint>());
    assert_eq!(ty.tp_weaklistoffset.get() as usize, core::mem::offset_of!(PyPoint, weakrefs));
    assert_eq!(ty.tp_flags.get(), flags::HAVE_GC | flags::BASETYPE | flags::SEQUENCE);
    assert!(ty.tp_new.get().is_some() && ty.tp_init.get().is_some() && ty.tp_vectorcall.get().is_some());
    assert!(ty.tp_traverse.get().is_some() && ty.tp_clear.get().is_some() && ty.tp_dealloc.get().is_some());
    assert!(ty.tp_iter.get().is_some() && ty.tp_repr.get().is_none());
    assert!(ty.as_number().is_some_and(|n| n.nb_add.get().is_some() && n.nb_subtract.get().is_none()));
    assert!(ty.as_mapping().is_none() && ty.as_buffer().is_some() && ty.as_async().is_some());
    let place = PyPlace::decl();
    assert!(!place.is_static && place.base.is_some());
    assert!(PyPlace::HEAP && PyPlace::GC && !PyPlace::CHAIN_DEALLOC && PyPlace::STATIC_TYPE.is_null());
    assert!(core::ptr::eq(PyPoint::STATIC_TYPE, ty));
}
