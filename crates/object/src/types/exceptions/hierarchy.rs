//! The classes that add nothing to their base but a name, and a getter for every class.

use super::base::{_PyExc_BaseException, _PyExc_Exception, _PyExc_LookupError, _PyExc_UnicodeError, _PyExc_ValueError};
use super::group::_PyExc_BaseExceptionGroup;
use super::import_error::_PyExc_ImportError;
use super::named::{_PyExc_AttributeError, _PyExc_KeyError, _PyExc_NameError, _PyExc_StopIteration, _PyExc_SystemExit};
use super::os_error::{_PyExc_OSError, PyOSError};
use super::syntax_error::{_PyExc_SyntaxError, PySyntaxError};
use super::unicode_error::{_PyExc_UnicodeDecodeError, _PyExc_UnicodeEncodeError, _PyExc_UnicodeTranslateError};
use super::{PyBaseException, PyImportError, PyNameError};
use crate::typeobj::{PyType, PyTypeObject, flags};
use core::cell::Cell;

macro_rules! simple {
    ($($name:ident, $static:ident, $base:ident, $layout:ty, $doc:literal;)*) => {$(
        #[doc = $doc]
        #[unsafe(no_mangle)]
        pub static $static: PyTypeObject = PyTypeObject {
            tp_base: Cell::new(&raw const $base),
            tp_flags: Cell::new(flags::BASETYPE | flags::BASE_EXC_SUBCLASS),
            tp_doc: Cell::new(concat!($doc, "\0").as_ptr() as *const core::ffi::c_char),
            tp_dictoffset: Cell::new(core::mem::offset_of!(PyBaseException, dict) as isize),
            ..PyTypeObject::empty(
                // SAFETY: a literal with one NUL, at its end.
                unsafe { core::ffi::CStr::from_bytes_with_nul_unchecked(concat!(stringify!($name), "\0").as_bytes()) },
                size_of::<$layout>(),
            )
        };
    )*
        /// The types declared here, bases first.
        pub static SIMPLE: &[&PyTypeObject] = &[$(&$static,)*];
        $(getter!($name, $static);)*
    };
}

macro_rules! getter {
    ($name:ident, $static:ident) => {
        #[doc = concat!("The class `", stringify!($name), "`.")]
        #[allow(non_snake_case)]
        #[inline(always)]
        pub fn $name() -> &'static PyType {
            &$static
        }
    };
}

getter!(BaseException, _PyExc_BaseException);
getter!(UnicodeError, _PyExc_UnicodeError);
getter!(ValueError, _PyExc_ValueError);
getter!(LookupError, _PyExc_LookupError);
getter!(Exception, _PyExc_Exception);
getter!(BaseExceptionGroup, _PyExc_BaseExceptionGroup);
getter!(StopIteration, _PyExc_StopIteration);
getter!(SystemExit, _PyExc_SystemExit);
getter!(ImportError, _PyExc_ImportError);
getter!(NameError, _PyExc_NameError);
getter!(AttributeError, _PyExc_AttributeError);
getter!(KeyError, _PyExc_KeyError);
getter!(OSError, _PyExc_OSError);
getter!(SyntaxError, _PyExc_SyntaxError);
getter!(UnicodeEncodeError, _PyExc_UnicodeEncodeError);
getter!(UnicodeDecodeError, _PyExc_UnicodeDecodeError);
getter!(UnicodeTranslateError, _PyExc_UnicodeTranslateError);

simple! {
    GeneratorExit, _PyExc_GeneratorExit, _PyExc_BaseException, PyBaseException, "Request that a generator exit.";
    KeyboardInterrupt, _PyExc_KeyboardInterrupt, _PyExc_BaseException, PyBaseException, "Program interrupted by user.";
    ArithmeticError, _PyExc_ArithmeticError, _PyExc_Exception, PyBaseException, "Base class for arithmetic errors.";
    FloatingPointError, _PyExc_FloatingPointError, _PyExc_ArithmeticError, PyBaseException, "Floating-point operation failed.";
    OverflowError, _PyExc_OverflowError, _PyExc_ArithmeticError, PyBaseException, "Result too large to be represented.";
    ZeroDivisionError, _PyExc_ZeroDivisionError, _PyExc_ArithmeticError, PyBaseException, "Second argument to a division or modulo operation was zero.";
    AssertionError, _PyExc_AssertionError, _PyExc_Exception, PyBaseException, "Assertion failed.";
    BufferError, _PyExc_BufferError, _PyExc_Exception, PyBaseException, "Buffer error.";
    EOFError, _PyExc_EOFError, _PyExc_Exception, PyBaseException, "Read beyond end of file.";
    ModuleNotFoundError, _PyExc_ModuleNotFoundError, _PyExc_ImportError, PyImportError, "Module not found.";
    IndexError, _PyExc_IndexError, _PyExc_LookupError, PyBaseException, "Sequence index out of range.";
    MemoryError, _PyExc_MemoryError, _PyExc_Exception, PyBaseException, "Out of memory.";
    UnboundLocalError, _PyExc_UnboundLocalError, _PyExc_NameError, PyNameError, "Local name referenced but not bound to a value.";
    BlockingIOError, _PyExc_BlockingIOError, _PyExc_OSError, PyOSError, "I/O operation would block.";
    ChildProcessError, _PyExc_ChildProcessError, _PyExc_OSError, PyOSError, "Child process error.";
    ConnectionError, _PyExc_ConnectionError, _PyExc_OSError, PyOSError, "Connection error.";
    BrokenPipeError, _PyExc_BrokenPipeError, _PyExc_ConnectionError, PyOSError, "Broken pipe.";
    ConnectionAbortedError, _PyExc_ConnectionAbortedError, _PyExc_ConnectionError, PyOSError, "Connection aborted.";
    ConnectionRefusedError, _PyExc_ConnectionRefusedError, _PyExc_ConnectionError, PyOSError, "Connection refused.";
    ConnectionResetError, _PyExc_ConnectionResetError, _PyExc_ConnectionError, PyOSError, "Connection reset.";
    FileExistsError, _PyExc_FileExistsError, _PyExc_OSError, PyOSError, "File already exists.";
    FileNotFoundError, _PyExc_FileNotFoundError, _PyExc_OSError, PyOSError, "File not found.";
    IsADirectoryError, _PyExc_IsADirectoryError, _PyExc_OSError, PyOSError, "Operation doesn't work on directories.";
    NotADirectoryError, _PyExc_NotADirectoryError, _PyExc_OSError, PyOSError, "Operation only works on directories.";
    InterruptedError, _PyExc_InterruptedError, _PyExc_OSError, PyOSError, "Interrupted by signal.";
    PermissionError, _PyExc_PermissionError, _PyExc_OSError, PyOSError, "Not enough permissions.";
    ProcessLookupError, _PyExc_ProcessLookupError, _PyExc_OSError, PyOSError, "Process not found.";
    TimeoutError, _PyExc_TimeoutError, _PyExc_OSError, PyOSError, "Timeout expired.";
    ReferenceError, _PyExc_ReferenceError, _PyExc_Exception, PyBaseException, "Weak ref proxy used after referent went away.";
    RuntimeError, _PyExc_RuntimeError, _PyExc_Exception, PyBaseException, "Unspecified run-time error.";
    NotImplementedError, _PyExc_NotImplementedError, _PyExc_RuntimeError, PyBaseException, "Method or function hasn't been implemented yet.";
    PythonFinalizationError, _PyExc_PythonFinalizationError, _PyExc_RuntimeError, PyBaseException, "Operation blocked during Python finalization.";
    RecursionError, _PyExc_RecursionError, _PyExc_RuntimeError, PyBaseException, "Recursion limit exceeded.";
    StopAsyncIteration, _PyExc_StopAsyncIteration, _PyExc_Exception, PyBaseException, "Signal the end from iterator.__anext__().";
    IndentationError, _PyExc_IndentationError, _PyExc_SyntaxError, PySyntaxError, "Improper indentation.";
    _IncompleteInputError, _PyExc_IncompleteInputError, _PyExc_SyntaxError, PySyntaxError, "incomplete input.";
    TabError, _PyExc_TabError, _PyExc_IndentationError, PySyntaxError, "Improper mixture of spaces and tabs.";
    SystemError, _PyExc_SystemError, _PyExc_Exception, PyBaseException, "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, along with the traceback,\nthe Python version, and the hardware/OS platform and version.";
    TypeError, _PyExc_TypeError, _PyExc_Exception, PyBaseException, "Inappropriate argument type.";
    Warning, _PyExc_Warning, _PyExc_Exception, PyBaseException, "Base class for warning categories.";
    BytesWarning, _PyExc_BytesWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or comparing to str.";
    DeprecationWarning, _PyExc_DeprecationWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about deprecated features.";
    EncodingWarning, _PyExc_EncodingWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about encodings.";
    FutureWarning, _PyExc_FutureWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about constructs that will change semantically\nin the future.";
    ImportWarning, _PyExc_ImportWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about probable mistakes in module imports";
    PendingDeprecationWarning, _PyExc_PendingDeprecationWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about features which will be deprecated\nin the future.";
    ResourceWarning, _PyExc_ResourceWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about resource usage.";
    RuntimeWarning, _PyExc_RuntimeWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about dubious runtime behavior.";
    SyntaxWarning, _PyExc_SyntaxWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about dubious syntax.";
    UnicodeWarning, _PyExc_UnicodeWarning, _PyExc_Warning, PyBaseException, "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.";
    UserWarning, _PyExc_UserWarning, _PyExc_Warning, PyBaseException, "Base class for warnings generated by user code.";
}

/// The types with declarations of their own, bases first.
pub static STATIC_TYPES: &[&PyTypeObject] = &[
    &_PyExc_BaseException,
    &_PyExc_BaseExceptionGroup,
    &_PyExc_Exception,
    &_PyExc_LookupError,
    &_PyExc_ValueError,
    &_PyExc_UnicodeError,
    &_PyExc_StopIteration,
    &_PyExc_SystemExit,
    &_PyExc_ImportError,
    &_PyExc_NameError,
    &_PyExc_AttributeError,
    &_PyExc_KeyError,
    &_PyExc_OSError,
    &_PyExc_SyntaxError,
    &_PyExc_UnicodeEncodeError,
    &_PyExc_UnicodeDecodeError,
    &_PyExc_UnicodeTranslateError,
];
