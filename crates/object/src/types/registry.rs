//! All static types, in the order in which they are made ready at an interpreter's start. The author of a type adds a line.
//!
//! Bases come first where they are static types themselves (readying a type readies its base). What the first lines need
//! while they are made ready (dicts, tuples, strings, descriptors) works before its own type is ready: allocation and
//! the functions of these types look only at what is in the static structure.

use crate::types::*;
use crate::{PyResult, PyTypeObject, Python};

/// The table.
pub static STATIC_TYPES: &[&PyTypeObject] = &[
    &object_::PyBaseObject_Type,
    &type_::PyType_Type,
    &str_::PyUnicode_Type,
    &bytes::PyBytes_Type,
    &tuple::PyTuple_Type,
    &dict::PyDict_Type,
    &list::PyList_Type,
    &set::PySet_Type,
    &set::PyFrozenSet_Type,
    &int::PyLong_Type,
    &bool_::PyBool_Type,
    &float::PyFloat_Type,
    &complex::PyComplex_Type,
    &bytearray::PyByteArray_Type,
    &memoryview::PyMemoryView_Type,
    &memoryview::_PyManagedBuffer_Type,
    &memoryview::_PyMemoryIter_Type,
    &slice::PySlice_Type,
    &range::PyRange_Type,
    &singleton_types::_PyNone_Type,
    &singleton_types::_PyNotImplemented_Type,
    &singleton_types::PyEllipsis_Type,
    // Subclass lists refer weakly to heap types.
    &weakref::_PyWeakref_RefType,
    &weakref::_PyWeakref_ProxyType,
    &weakref::_PyWeakref_CallableProxyType,
    // Types of attributes.
    &descr::PyGetSetDescr_Type,
    &descr::PyMemberDescr_Type,
    &descr::PyMethodDescr_Type,
    &descr::PyClassMethodDescr_Type,
    &descr::PyWrapperDescr_Type,
    &descr::_PyMethodWrapper_Type,
    &descr::PyDictProxy_Type,
    &descr::PyProperty_Type,
    &descr::PyClassMethod_Type,
    &descr::PyStaticMethod_Type,
    &super_::PySuper_Type,
    // Callables and modules.
    &builtin_function::PyCFunction_Type,
    &builtin_function::PyCMethod_Type,
    &method::PyMethod_Type,
    &method::PyInstanceMethod_Type,
    &module::PyModule_Type,
    &module::PyModuleDef_Type,
    &namespace::_PyNamespace_Type,
    &capsule::PyCapsule_Type,
    &type_::_PyBufferWrapper_Type,
    // Running code.
    &cell::PyCell_Type,
    &generic_alias::Py_GenericAliasType,
    &union_::_PyUnion_Type,
    &typevar::_PyNoDefault_Type,
    &template::_PyTemplate_Type,
    &template::_PyTemplateIter_Type,
    &template::_PyInterpolation_Type,
    &code::PyCode_Type,
    &code::_PyLineIterator,
    &code::_PyPositionsIterator,
    &code::_PyBranchesIterator,
    &frame::PyFrame_Type,
    &frame::PyFrameLocalsProxy_Type,
    &function::PyFunction_Type,
    &traceback::PyTraceBack_Type,
    &generator::PyGen_Type,
    &generator::PyCoro_Type,
    &generator::PyAsyncGen_Type,
    &generator::_PyCoroWrapper_Type,
    &generator::_PyAnextAwaitable_Type,
    &generator::_PyAsyncGenASend_Type,
    &generator::_PyAsyncGenAThrow_Type,
    &generator::_PyAsyncGenWrappedValue_Type,
    // Iterators and views of containers.
    &tuple::PyTupleIter_Type,
    &list::PyListIter_Type,
    &list::PyListRevIter_Type,
    &dict::iter::PyDictIterKey_Type,
    &dict::iter::PyDictIterValue_Type,
    &dict::iter::PyDictIterItem_Type,
    &dict::iter::PyDictRevIterKey_Type,
    &dict::iter::PyDictRevIterValue_Type,
    &dict::iter::PyDictRevIterItem_Type,
    &dict::views::PyDictKeys_Type,
    &dict::views::PyDictValues_Type,
    &dict::views::PyDictItems_Type,
    &set::PySetIter_Type,
    &range::PyRangeIter_Type,
    &range::PyLongRangeIter_Type,
    &str_::iter::PyUnicodeIter_Type,
    &str_::iter::_PyUnicodeASCIIIter_Type,
    &crate::codecs::charmap::EncodingMapType,
    &bytes::iter::PyBytesIter_Type,
    &bytearray::iter::PyByteArrayIter_Type,
    &enumerate_::PyEnum_Type,
    &enumerate_::PyReversed_Type,
    &seqiter::PySeqIter_Type,
    &seqiter::PyCallIter_Type,
];

/// Makes every static type ready in this interpreter.
pub fn init(py: Python) -> PyResult<()> {
    for ty in STATIC_TYPES {
        type_::ready_static(py, ty)?;
    }
    for ty in exceptions::STATIC_TYPES.iter().chain(exceptions::SIMPLE) {
        type_::ready_static(py, ty)?;
    }
    exceptions::init(py)?;
    template::init(py)?;
    Ok(())
}
