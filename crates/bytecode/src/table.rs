//! The instruction table: the one place that says which instructions exist.
//!
//! Everything that depends on the set of instructions is generated from
//! [`for_each_opcode!`](crate::for_each_opcode): the [`Opcode`](crate::Opcode)
//! enum and its properties here, the dispatch table in the interpreter. An
//! instruction without a handler therefore does not build.

/// Calls a macro with the table of all instructions of CPython 3.14 (magic 3627).
///
/// `for_each_opcode!(callback)` or `for_each_opcode!(path::to::callback, context tokens)`
/// expands to one call of `callback!` with these tokens:
///
/// ```text
/// [context tokens] (oparg)
/// base         { ROW* }   // what the compiler may emit, and a few the runtime owns
/// specialized  { ROW* }   // adaptive forms; `of` names the instruction they stand in for
/// instrumented { ROW* }   // sys.monitoring forms; `of` names the instruction they wrap
/// pseudo       { ROW* }   // only exist between code generation and assembly
///
/// ROW: NAME = number, of BASE, caches N, pops (expr), pushes (expr), [FLAG*];
/// ```
///
/// `pops` and `pushes` are expressions in the identifier `oparg`, which is handed over in front of
/// the sections so that a callback can bind it (identifiers of a macro are hygienic):
///
/// ```
/// macro_rules! count_pops {
///     ([] ($oparg:ident) $($section:ident {
///         $($name:ident = $n:literal, of $base:ident, caches $c:literal,
///           pops ($pops:expr), pushes ($pushes:expr), [$($flag:ident)*];)*
///     })*) => {
///         fn pops(name: &str, $oparg: i64) -> i64 {
///             $($(if name == stringify!($name) { return $pops; })*)*
///             let _ = $oparg;
///             -1
///         }
///     };
/// }
/// taipan_bytecode::for_each_opcode!(count_pops);
/// assert_eq!(pops("CALL", 3), 5);
/// ```
///
/// The flags are the names of the [`OpcodeFlags`](crate::OpcodeFlags) constants.
#[macro_export]
macro_rules! for_each_opcode {
    ($($callback:ident)::+ $(, $($context:tt)*)?) => {
        $($callback)::+! {
            [$($($context)*)?] (oparg)
            base {
                CACHE = 0, of CACHE, caches 0, pops (0), pushes (0), [];
                BINARY_SLICE = 1, of BINARY_SLICE, caches 0, pops (3), pushes (1), [ERROR ESCAPES];
                BUILD_TEMPLATE = 2, of BUILD_TEMPLATE, caches 0, pops (2), pushes (1), [ERROR ESCAPES];
                CALL_FUNCTION_EX = 4, of CALL_FUNCTION_EX, caches 0, pops (4), pushes (1), [EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                CHECK_EG_MATCH = 5, of CHECK_EG_MATCH, caches 0, pops (2), pushes (2), [ERROR ESCAPES];
                CHECK_EXC_MATCH = 6, of CHECK_EXC_MATCH, caches 0, pops (2), pushes (2), [ERROR ERROR_NO_POP ESCAPES];
                CLEANUP_THROW = 7, of CLEANUP_THROW, caches 0, pops (3), pushes (2), [ERROR ERROR_NO_POP ESCAPES];
                DELETE_SUBSCR = 8, of DELETE_SUBSCR, caches 0, pops (2), pushes (0), [ERROR ESCAPES];
                END_FOR = 9, of END_FOR, caches 0, pops (1), pushes (0), [ESCAPES NO_SAVE_IP];
                END_SEND = 10, of END_SEND, caches 0, pops (2), pushes (1), [ESCAPES PURE];
                EXIT_INIT_CHECK = 11, of EXIT_INIT_CHECK, caches 0, pops (1), pushes (0), [ERROR ERROR_NO_POP ESCAPES];
                FORMAT_SIMPLE = 12, of FORMAT_SIMPLE, caches 0, pops (1), pushes (1), [ERROR ESCAPES];
                FORMAT_WITH_SPEC = 13, of FORMAT_WITH_SPEC, caches 0, pops (2), pushes (1), [ERROR ESCAPES];
                GET_AITER = 14, of GET_AITER, caches 0, pops (1), pushes (1), [ERROR ESCAPES];
                GET_ANEXT = 15, of GET_ANEXT, caches 0, pops (1), pushes (2), [ERROR ERROR_NO_POP ESCAPES];
                GET_ITER = 16, of GET_ITER, caches 0, pops (1), pushes (1), [ERROR ESCAPES];
                RESERVED = 17, of RESERVED, caches 0, pops (0), pushes (0), [];
                GET_LEN = 18, of GET_LEN, caches 0, pops (1), pushes (2), [ERROR ESCAPES];
                GET_YIELD_FROM_ITER = 19, of GET_YIELD_FROM_ITER, caches 0, pops (1), pushes (1), [ERROR ERROR_NO_POP ESCAPES];
                INTERPRETER_EXIT = 20, of INTERPRETER_EXIT, caches 0, pops (1), pushes (0), [ESCAPES];
                LOAD_BUILD_CLASS = 21, of LOAD_BUILD_CLASS, caches 0, pops (0), pushes (1), [ERROR ESCAPES];
                LOAD_LOCALS = 22, of LOAD_LOCALS, caches 0, pops (0), pushes (1), [ERROR ESCAPES];
                MAKE_FUNCTION = 23, of MAKE_FUNCTION, caches 0, pops (1), pushes (1), [ERROR ESCAPES];
                MATCH_KEYS = 24, of MATCH_KEYS, caches 0, pops (2), pushes (3), [ERROR ESCAPES];
                MATCH_MAPPING = 25, of MATCH_MAPPING, caches 0, pops (1), pushes (2), [];
                MATCH_SEQUENCE = 26, of MATCH_SEQUENCE, caches 0, pops (1), pushes (2), [];
                NOP = 27, of NOP, caches 0, pops (0), pushes (0), [PURE];
                NOT_TAKEN = 28, of NOT_TAKEN, caches 0, pops (0), pushes (0), [PURE];
                POP_EXCEPT = 29, of POP_EXCEPT, caches 0, pops (1), pushes (0), [ESCAPES];
                POP_ITER = 30, of POP_ITER, caches 0, pops (1), pushes (0), [ESCAPES PURE];
                POP_TOP = 31, of POP_TOP, caches 0, pops (1), pushes (0), [ESCAPES PURE];
                PUSH_EXC_INFO = 32, of PUSH_EXC_INFO, caches 0, pops (1), pushes (2), [];
                PUSH_NULL = 33, of PUSH_NULL, caches 0, pops (0), pushes (1), [PURE];
                RETURN_GENERATOR = 34, of RETURN_GENERATOR, caches 0, pops (0), pushes (1), [ERROR ESCAPES];
                RETURN_VALUE = 35, of RETURN_VALUE, caches 0, pops (1), pushes (1), [ESCAPES];
                SETUP_ANNOTATIONS = 36, of SETUP_ANNOTATIONS, caches 0, pops (0), pushes (0), [ERROR ESCAPES];
                STORE_SLICE = 37, of STORE_SLICE, caches 0, pops (4), pushes (0), [ERROR ESCAPES];
                STORE_SUBSCR = 38, of STORE_SUBSCR, caches 1, pops (3), pushes (0), [ERROR ESCAPES];
                TO_BOOL = 39, of TO_BOOL, caches 3, pops (1), pushes (1), [ERROR ESCAPES];
                UNARY_INVERT = 40, of UNARY_INVERT, caches 0, pops (1), pushes (1), [ERROR ESCAPES];
                UNARY_NEGATIVE = 41, of UNARY_NEGATIVE, caches 0, pops (1), pushes (1), [ERROR ESCAPES];
                UNARY_NOT = 42, of UNARY_NOT, caches 0, pops (1), pushes (1), [PURE];
                WITH_EXCEPT_START = 43, of WITH_EXCEPT_START, caches 0, pops (5), pushes (6), [ERROR ESCAPES];
                BINARY_OP = 44, of BINARY_OP, caches 5, pops (2), pushes (1), [ARG ERROR ERROR_NO_POP ESCAPES];
                BUILD_INTERPOLATION = 45, of BUILD_INTERPOLATION, caches 0, pops (2 + (oparg & 1)), pushes (1), [ARG ERROR ESCAPES];
                BUILD_LIST = 46, of BUILD_LIST, caches 0, pops (oparg), pushes (1), [ARG ERROR ERROR_NO_POP ESCAPES];
                BUILD_MAP = 47, of BUILD_MAP, caches 0, pops (oparg * 2), pushes (1), [ARG ERROR ESCAPES];
                BUILD_SET = 48, of BUILD_SET, caches 0, pops (oparg), pushes (1), [ARG ERROR ESCAPES];
                BUILD_SLICE = 49, of BUILD_SLICE, caches 0, pops (oparg), pushes (1), [ARG ERROR];
                BUILD_STRING = 50, of BUILD_STRING, caches 0, pops (oparg), pushes (1), [ARG ERROR];
                BUILD_TUPLE = 51, of BUILD_TUPLE, caches 0, pops (oparg), pushes (1), [ARG ERROR ERROR_NO_POP];
                CALL = 52, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                CALL_INTRINSIC_1 = 53, of CALL_INTRINSIC_1, caches 0, pops (1), pushes (1), [ARG ERROR ESCAPES];
                CALL_INTRINSIC_2 = 54, of CALL_INTRINSIC_2, caches 0, pops (2), pushes (1), [ARG ERROR ESCAPES];
                CALL_KW = 55, of CALL_KW, caches 3, pops (oparg + 3), pushes (1), [ARG ERROR ERROR_NO_POP ESCAPES];
                COMPARE_OP = 56, of COMPARE_OP, caches 1, pops (2), pushes (1), [ARG ERROR ESCAPES];
                CONTAINS_OP = 57, of CONTAINS_OP, caches 1, pops (2), pushes (1), [ARG ERROR ESCAPES];
                CONVERT_VALUE = 58, of CONVERT_VALUE, caches 0, pops (1), pushes (1), [ARG ERROR ESCAPES];
                COPY = 59, of COPY, caches 0, pops (oparg), pushes (oparg + 1), [ARG PURE];
                COPY_FREE_VARS = 60, of COPY_FREE_VARS, caches 0, pops (0), pushes (0), [ARG];
                DELETE_ATTR = 61, of DELETE_ATTR, caches 0, pops (1), pushes (0), [ARG NAME ERROR ESCAPES];
                DELETE_DEREF = 62, of DELETE_DEREF, caches 0, pops (0), pushes (0), [ARG FREE ERROR ERROR_NO_POP ESCAPES];
                DELETE_FAST = 63, of DELETE_FAST, caches 0, pops (0), pushes (0), [ARG LOCAL ERROR ESCAPES];
                DELETE_GLOBAL = 64, of DELETE_GLOBAL, caches 0, pops (0), pushes (0), [ARG NAME ERROR ERROR_NO_POP ESCAPES];
                DELETE_NAME = 65, of DELETE_NAME, caches 0, pops (0), pushes (0), [ARG NAME ERROR ERROR_NO_POP ESCAPES];
                DICT_MERGE = 66, of DICT_MERGE, caches 0, pops (oparg + 4), pushes (oparg + 3), [ARG ERROR ESCAPES];
                DICT_UPDATE = 67, of DICT_UPDATE, caches 0, pops (oparg + 1), pushes (oparg), [ARG ERROR ESCAPES];
                END_ASYNC_FOR = 68, of END_ASYNC_FOR, caches 0, pops (2), pushes (0), [ARG JUMP ERROR ERROR_NO_POP ESCAPES];
                EXTENDED_ARG = 69, of EXTENDED_ARG, caches 0, pops (0), pushes (0), [ARG];
                FOR_ITER = 70, of FOR_ITER, caches 1, pops (1), pushes (2), [ARG JUMP ERROR ERROR_NO_POP ESCAPES];
                GET_AWAITABLE = 71, of GET_AWAITABLE, caches 0, pops (1), pushes (1), [ARG ERROR ESCAPES];
                IMPORT_FROM = 72, of IMPORT_FROM, caches 0, pops (1), pushes (2), [ARG NAME ERROR ESCAPES];
                IMPORT_NAME = 73, of IMPORT_NAME, caches 0, pops (2), pushes (1), [ARG NAME ERROR ESCAPES];
                IS_OP = 74, of IS_OP, caches 0, pops (2), pushes (1), [ARG];
                JUMP_BACKWARD = 75, of JUMP_BACKWARD, caches 1, pops (0), pushes (0), [ARG JUMP EVAL_BREAK ERROR ESCAPES];
                JUMP_BACKWARD_NO_INTERRUPT = 76, of JUMP_BACKWARD_NO_INTERRUPT, caches 0, pops (0), pushes (0), [ARG JUMP];
                JUMP_FORWARD = 77, of JUMP_FORWARD, caches 0, pops (0), pushes (0), [ARG JUMP];
                LIST_APPEND = 78, of LIST_APPEND, caches 0, pops (oparg + 1), pushes (oparg), [ARG ERROR];
                LIST_EXTEND = 79, of LIST_EXTEND, caches 0, pops (oparg + 1), pushes (oparg), [ARG ERROR ESCAPES];
                LOAD_ATTR = 80, of LOAD_ATTR, caches 9, pops (1), pushes (1 + (oparg & 1)), [ARG NAME ERROR ESCAPES];
                LOAD_COMMON_CONSTANT = 81, of LOAD_COMMON_CONSTANT, caches 0, pops (0), pushes (1), [ARG];
                LOAD_CONST = 82, of LOAD_CONST, caches 0, pops (0), pushes (1), [ARG CONST];
                LOAD_DEREF = 83, of LOAD_DEREF, caches 0, pops (0), pushes (1), [ARG LOCAL ERROR ESCAPES];
                LOAD_FAST = 84, of LOAD_FAST, caches 0, pops (0), pushes (1), [ARG LOCAL PURE];
                LOAD_FAST_AND_CLEAR = 85, of LOAD_FAST_AND_CLEAR, caches 0, pops (0), pushes (1), [ARG LOCAL];
                LOAD_FAST_BORROW = 86, of LOAD_FAST_BORROW, caches 0, pops (0), pushes (1), [ARG LOCAL PURE];
                LOAD_FAST_BORROW_LOAD_FAST_BORROW = 87, of LOAD_FAST_BORROW_LOAD_FAST_BORROW, caches 0, pops (0), pushes (2), [ARG LOCAL];
                LOAD_FAST_CHECK = 88, of LOAD_FAST_CHECK, caches 0, pops (0), pushes (1), [ARG LOCAL ERROR ESCAPES];
                LOAD_FAST_LOAD_FAST = 89, of LOAD_FAST_LOAD_FAST, caches 0, pops (0), pushes (2), [ARG LOCAL];
                LOAD_FROM_DICT_OR_DEREF = 90, of LOAD_FROM_DICT_OR_DEREF, caches 0, pops (1), pushes (1), [ARG FREE ERROR ERROR_NO_POP ESCAPES];
                LOAD_FROM_DICT_OR_GLOBALS = 91, of LOAD_FROM_DICT_OR_GLOBALS, caches 0, pops (1), pushes (1), [ARG NAME ERROR ERROR_NO_POP ESCAPES];
                LOAD_GLOBAL = 92, of LOAD_GLOBAL, caches 4, pops (0), pushes (1 + (oparg & 1)), [ARG NAME ERROR ESCAPES];
                LOAD_NAME = 93, of LOAD_NAME, caches 0, pops (0), pushes (1), [ARG NAME ERROR ESCAPES];
                LOAD_SMALL_INT = 94, of LOAD_SMALL_INT, caches 0, pops (0), pushes (1), [ARG];
                LOAD_SPECIAL = 95, of LOAD_SPECIAL, caches 0, pops (1), pushes (2), [ARG ERROR ERROR_NO_POP ESCAPES];
                LOAD_SUPER_ATTR = 96, of LOAD_SUPER_ATTR, caches 1, pops (3), pushes (1 + (oparg & 1)), [ARG NAME ERROR ESCAPES];
                MAKE_CELL = 97, of MAKE_CELL, caches 0, pops (0), pushes (0), [ARG FREE ERROR ERROR_NO_POP ESCAPES];
                MAP_ADD = 98, of MAP_ADD, caches 0, pops (oparg + 2), pushes (oparg), [ARG ERROR ESCAPES];
                MATCH_CLASS = 99, of MATCH_CLASS, caches 0, pops (3), pushes (1), [ARG ERROR ESCAPES];
                POP_JUMP_IF_FALSE = 100, of POP_JUMP_IF_FALSE, caches 1, pops (1), pushes (0), [ARG JUMP];
                POP_JUMP_IF_NONE = 101, of POP_JUMP_IF_NONE, caches 1, pops (1), pushes (0), [ARG JUMP];
                POP_JUMP_IF_NOT_NONE = 102, of POP_JUMP_IF_NOT_NONE, caches 1, pops (1), pushes (0), [ARG JUMP];
                POP_JUMP_IF_TRUE = 103, of POP_JUMP_IF_TRUE, caches 1, pops (1), pushes (0), [ARG JUMP];
                RAISE_VARARGS = 104, of RAISE_VARARGS, caches 0, pops (oparg), pushes (0), [ARG ERROR ERROR_NO_POP ESCAPES];
                RERAISE = 105, of RERAISE, caches 0, pops (oparg + 1), pushes (oparg), [ARG ERROR ERROR_NO_POP ESCAPES];
                SEND = 106, of SEND, caches 1, pops (2), pushes (2), [ARG JUMP ERROR ESCAPES];
                SET_ADD = 107, of SET_ADD, caches 0, pops (oparg + 1), pushes (oparg), [ARG ERROR ESCAPES];
                SET_FUNCTION_ATTRIBUTE = 108, of SET_FUNCTION_ATTRIBUTE, caches 0, pops (2), pushes (1), [ARG ERROR ESCAPES];
                SET_UPDATE = 109, of SET_UPDATE, caches 0, pops (oparg + 1), pushes (oparg), [ARG ERROR ESCAPES];
                STORE_ATTR = 110, of STORE_ATTR, caches 4, pops (2), pushes (0), [ARG NAME ERROR ESCAPES];
                STORE_DEREF = 111, of STORE_DEREF, caches 0, pops (1), pushes (0), [ARG FREE ESCAPES];
                STORE_FAST = 112, of STORE_FAST, caches 0, pops (1), pushes (0), [ARG LOCAL ESCAPES];
                STORE_FAST_LOAD_FAST = 113, of STORE_FAST_LOAD_FAST, caches 0, pops (1), pushes (1), [ARG LOCAL ESCAPES];
                STORE_FAST_STORE_FAST = 114, of STORE_FAST_STORE_FAST, caches 0, pops (2), pushes (0), [ARG LOCAL ESCAPES];
                STORE_GLOBAL = 115, of STORE_GLOBAL, caches 0, pops (1), pushes (0), [ARG NAME ERROR ESCAPES];
                STORE_NAME = 116, of STORE_NAME, caches 0, pops (1), pushes (0), [ARG NAME ERROR ESCAPES];
                SWAP = 117, of SWAP, caches 0, pops (oparg), pushes (oparg), [ARG PURE];
                UNPACK_EX = 118, of UNPACK_EX, caches 0, pops (1), pushes (1 + (oparg & 0xFF) + (oparg >> 8)), [ARG ERROR ESCAPES];
                UNPACK_SEQUENCE = 119, of UNPACK_SEQUENCE, caches 1, pops (1), pushes (oparg), [ARG ERROR ESCAPES];
                YIELD_VALUE = 120, of YIELD_VALUE, caches 0, pops (1), pushes (1), [ARG ESCAPES];
                RESUME = 128, of RESUME, caches 0, pops (0), pushes (0), [ARG EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                ENTER_EXECUTOR = 255, of ENTER_EXECUTOR, caches 0, pops (0), pushes (0), [ARG];
            }
            specialized {
                BINARY_OP_INPLACE_ADD_UNICODE = 3, of BINARY_OP, caches 5, pops (2), pushes (0), [LOCAL DEOPT ERROR ESCAPES EXIT];
                BINARY_OP_ADD_FLOAT = 129, of BINARY_OP, caches 5, pops (2), pushes (1), [ERROR EXIT];
                BINARY_OP_ADD_INT = 130, of BINARY_OP, caches 5, pops (2), pushes (1), [ERROR ESCAPES EXIT];
                BINARY_OP_ADD_UNICODE = 131, of BINARY_OP, caches 5, pops (2), pushes (1), [ERROR EXIT];
                BINARY_OP_EXTEND = 132, of BINARY_OP, caches 5, pops (2), pushes (1), [DEOPT ERROR ESCAPES];
                BINARY_OP_MULTIPLY_FLOAT = 133, of BINARY_OP, caches 5, pops (2), pushes (1), [ERROR EXIT];
                BINARY_OP_MULTIPLY_INT = 134, of BINARY_OP, caches 5, pops (2), pushes (1), [ERROR ESCAPES EXIT];
                BINARY_OP_SUBSCR_DICT = 135, of BINARY_OP, caches 5, pops (2), pushes (1), [ERROR ESCAPES EXIT];
                BINARY_OP_SUBSCR_GETITEM = 136, of BINARY_OP, caches 5, pops (2), pushes (0), [DEOPT];
                BINARY_OP_SUBSCR_LIST_INT = 137, of BINARY_OP, caches 5, pops (2), pushes (1), [DEOPT ESCAPES EXIT];
                BINARY_OP_SUBSCR_LIST_SLICE = 138, of BINARY_OP, caches 5, pops (2), pushes (1), [ERROR ESCAPES EXIT];
                BINARY_OP_SUBSCR_STR_INT = 139, of BINARY_OP, caches 5, pops (2), pushes (1), [DEOPT ESCAPES EXIT];
                BINARY_OP_SUBSCR_TUPLE_INT = 140, of BINARY_OP, caches 5, pops (2), pushes (1), [DEOPT EXIT];
                BINARY_OP_SUBTRACT_FLOAT = 141, of BINARY_OP, caches 5, pops (2), pushes (1), [ERROR EXIT];
                BINARY_OP_SUBTRACT_INT = 142, of BINARY_OP, caches 5, pops (2), pushes (1), [ERROR ESCAPES EXIT];
                CALL_ALLOC_AND_ENTER_INIT = 143, of CALL, caches 3, pops (oparg + 2), pushes (0), [ARG DEOPT ERROR ERROR_NO_POP ESCAPES];
                CALL_BOUND_METHOD_EXACT_ARGS = 144, of CALL, caches 3, pops (oparg + 2), pushes (0), [ARG DEOPT ESCAPES EXIT];
                CALL_BOUND_METHOD_GENERAL = 145, of CALL, caches 3, pops (oparg + 2), pushes (0), [ARG DEOPT ERROR ERROR_NO_POP ESCAPES EXIT];
                CALL_BUILTIN_CLASS = 146, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CALL_BUILTIN_FAST = 147, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CALL_BUILTIN_FAST_WITH_KEYWORDS = 148, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CALL_BUILTIN_O = 149, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK ERROR ESCAPES EXIT];
                CALL_ISINSTANCE = 150, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG DEOPT ERROR ERROR_NO_POP ESCAPES];
                CALL_KW_BOUND_METHOD = 151, of CALL_KW, caches 3, pops (oparg + 3), pushes (0), [ARG DEOPT ERROR ESCAPES EXIT];
                CALL_KW_NON_PY = 152, of CALL_KW, caches 3, pops (oparg + 3), pushes (1), [ARG EVAL_BREAK ERROR ESCAPES EXIT];
                CALL_KW_PY = 153, of CALL_KW, caches 3, pops (oparg + 3), pushes (0), [ARG DEOPT ERROR ESCAPES EXIT];
                CALL_LEN = 154, of CALL, caches 3, pops (3), pushes (1), [DEOPT ERROR ERROR_NO_POP ESCAPES];
                CALL_LIST_APPEND = 155, of CALL, caches 3, pops (3), pushes (0), [ARG DEOPT ERROR ESCAPES];
                CALL_METHOD_DESCRIPTOR_FAST = 156, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK ERROR ESCAPES EXIT];
                CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS = 157, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK ERROR ESCAPES EXIT];
                CALL_METHOD_DESCRIPTOR_NOARGS = 158, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK ERROR ESCAPES EXIT];
                CALL_METHOD_DESCRIPTOR_O = 159, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK ERROR ESCAPES EXIT];
                CALL_NON_PY_GENERAL = 160, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK ERROR ESCAPES EXIT];
                CALL_PY_EXACT_ARGS = 161, of CALL, caches 3, pops (oparg + 2), pushes (0), [ARG DEOPT EXIT];
                CALL_PY_GENERAL = 162, of CALL, caches 3, pops (oparg + 2), pushes (0), [ARG DEOPT ERROR ERROR_NO_POP ESCAPES EXIT];
                CALL_STR_1 = 163, of CALL, caches 3, pops (3), pushes (1), [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CALL_TUPLE_1 = 164, of CALL, caches 3, pops (3), pushes (1), [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CALL_TYPE_1 = 165, of CALL, caches 3, pops (3), pushes (1), [ARG DEOPT ESCAPES];
                COMPARE_OP_FLOAT = 166, of COMPARE_OP, caches 1, pops (2), pushes (1), [ARG EXIT];
                COMPARE_OP_INT = 167, of COMPARE_OP, caches 1, pops (2), pushes (1), [ARG DEOPT EXIT];
                COMPARE_OP_STR = 168, of COMPARE_OP, caches 1, pops (2), pushes (1), [ARG EXIT];
                CONTAINS_OP_DICT = 169, of CONTAINS_OP, caches 1, pops (2), pushes (1), [ARG ERROR ESCAPES EXIT];
                CONTAINS_OP_SET = 170, of CONTAINS_OP, caches 1, pops (2), pushes (1), [ARG DEOPT ERROR ESCAPES];
                FOR_ITER_GEN = 171, of FOR_ITER, caches 1, pops (1), pushes (1), [ARG DEOPT];
                FOR_ITER_LIST = 172, of FOR_ITER, caches 1, pops (1), pushes (2), [ARG JUMP DEOPT ESCAPES EXIT];
                FOR_ITER_RANGE = 173, of FOR_ITER, caches 1, pops (1), pushes (2), [ARG JUMP ERROR EXIT];
                FOR_ITER_TUPLE = 174, of FOR_ITER, caches 1, pops (1), pushes (2), [ARG JUMP ESCAPES EXIT];
                JUMP_BACKWARD_JIT = 175, of JUMP_BACKWARD, caches 1, pops (0), pushes (0), [ARG JUMP EVAL_BREAK ERROR ESCAPES];
                JUMP_BACKWARD_NO_JIT = 176, of JUMP_BACKWARD, caches 1, pops (0), pushes (0), [ARG JUMP EVAL_BREAK ERROR ESCAPES];
                LOAD_ATTR_CLASS = 177, of LOAD_ATTR, caches 9, pops (1), pushes (1 + (oparg & 1)), [ARG EXIT];
                LOAD_ATTR_CLASS_WITH_METACLASS_CHECK = 178, of LOAD_ATTR, caches 9, pops (1), pushes (1 + (oparg & 1)), [ARG EXIT];
                LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN = 179, of LOAD_ATTR, caches 9, pops (1), pushes (1), [ARG NAME DEOPT];
                LOAD_ATTR_INSTANCE_VALUE = 180, of LOAD_ATTR, caches 9, pops (1), pushes (1 + (oparg & 1)), [ARG DEOPT ESCAPES EXIT];
                LOAD_ATTR_METHOD_LAZY_DICT = 181, of LOAD_ATTR, caches 9, pops (1), pushes (2), [ARG DEOPT EXIT];
                LOAD_ATTR_METHOD_NO_DICT = 182, of LOAD_ATTR, caches 9, pops (1), pushes (2), [ARG EXIT];
                LOAD_ATTR_METHOD_WITH_VALUES = 183, of LOAD_ATTR, caches 9, pops (1), pushes (2), [ARG DEOPT EXIT];
                LOAD_ATTR_MODULE = 184, of LOAD_ATTR, caches 9, pops (1), pushes (1 + (oparg & 1)), [ARG DEOPT ESCAPES];
                LOAD_ATTR_NONDESCRIPTOR_NO_DICT = 185, of LOAD_ATTR, caches 9, pops (1), pushes (1), [ARG ESCAPES EXIT];
                LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES = 186, of LOAD_ATTR, caches 9, pops (1), pushes (1), [ARG DEOPT ESCAPES EXIT];
                LOAD_ATTR_PROPERTY = 187, of LOAD_ATTR, caches 9, pops (1), pushes (0), [ARG DEOPT EXIT];
                LOAD_ATTR_SLOT = 188, of LOAD_ATTR, caches 9, pops (1), pushes (1 + (oparg & 1)), [ARG DEOPT EXIT];
                LOAD_ATTR_WITH_HINT = 189, of LOAD_ATTR, caches 9, pops (1), pushes (1 + (oparg & 1)), [ARG NAME DEOPT ESCAPES EXIT];
                LOAD_CONST_IMMORTAL = 190, of LOAD_CONST, caches 0, pops (0), pushes (1), [ARG CONST];
                LOAD_CONST_MORTAL = 191, of LOAD_CONST, caches 0, pops (0), pushes (1), [ARG CONST];
                LOAD_GLOBAL_BUILTIN = 192, of LOAD_GLOBAL, caches 4, pops (0), pushes (1 + (oparg & 1)), [ARG DEOPT];
                LOAD_GLOBAL_MODULE = 193, of LOAD_GLOBAL, caches 4, pops (0), pushes (1 + (oparg & 1)), [ARG DEOPT];
                LOAD_SUPER_ATTR_ATTR = 194, of LOAD_SUPER_ATTR, caches 1, pops (3), pushes (1), [ARG NAME DEOPT ERROR ESCAPES];
                LOAD_SUPER_ATTR_METHOD = 195, of LOAD_SUPER_ATTR, caches 1, pops (3), pushes (2), [ARG NAME DEOPT ERROR ERROR_NO_POP ESCAPES];
                RESUME_CHECK = 196, of RESUME, caches 0, pops (0), pushes (0), [DEOPT];
                SEND_GEN = 197, of SEND, caches 1, pops (2), pushes (1), [ARG DEOPT];
                STORE_ATTR_INSTANCE_VALUE = 198, of STORE_ATTR, caches 4, pops (2), pushes (0), [ESCAPES EXIT];
                STORE_ATTR_SLOT = 199, of STORE_ATTR, caches 4, pops (2), pushes (0), [DEOPT ESCAPES EXIT];
                STORE_ATTR_WITH_HINT = 200, of STORE_ATTR, caches 4, pops (2), pushes (0), [ARG NAME DEOPT ESCAPES EXIT];
                STORE_SUBSCR_DICT = 201, of STORE_SUBSCR, caches 1, pops (3), pushes (0), [ERROR ESCAPES EXIT];
                STORE_SUBSCR_LIST_INT = 202, of STORE_SUBSCR, caches 1, pops (3), pushes (0), [DEOPT ESCAPES EXIT];
                TO_BOOL_ALWAYS_TRUE = 203, of TO_BOOL, caches 3, pops (1), pushes (1), [ESCAPES EXIT];
                TO_BOOL_BOOL = 204, of TO_BOOL, caches 3, pops (1), pushes (1), [EXIT];
                TO_BOOL_INT = 205, of TO_BOOL, caches 3, pops (1), pushes (1), [ESCAPES EXIT];
                TO_BOOL_LIST = 206, of TO_BOOL, caches 3, pops (1), pushes (1), [EXIT];
                TO_BOOL_NONE = 207, of TO_BOOL, caches 3, pops (1), pushes (1), [EXIT];
                TO_BOOL_STR = 208, of TO_BOOL, caches 3, pops (1), pushes (1), [ESCAPES EXIT];
                UNPACK_SEQUENCE_LIST = 209, of UNPACK_SEQUENCE, caches 1, pops (1), pushes (oparg), [ARG DEOPT EXIT];
                UNPACK_SEQUENCE_TUPLE = 210, of UNPACK_SEQUENCE, caches 1, pops (1), pushes (oparg), [ARG DEOPT EXIT];
                UNPACK_SEQUENCE_TWO_TUPLE = 211, of UNPACK_SEQUENCE, caches 1, pops (1), pushes (2), [ARG DEOPT ESCAPES EXIT];
            }
            instrumented {
                INSTRUMENTED_END_FOR = 234, of END_FOR, caches 0, pops (2), pushes (1), [ERROR ERROR_NO_POP ESCAPES NO_SAVE_IP];
                INSTRUMENTED_POP_ITER = 235, of POP_ITER, caches 0, pops (1), pushes (0), [ESCAPES];
                INSTRUMENTED_END_SEND = 236, of END_SEND, caches 0, pops (2), pushes (1), [ERROR ERROR_NO_POP ESCAPES];
                INSTRUMENTED_FOR_ITER = 237, of FOR_ITER, caches 1, pops (1), pushes (2), [ARG JUMP ERROR ERROR_NO_POP ESCAPES];
                INSTRUMENTED_INSTRUCTION = 238, of INSTRUMENTED_INSTRUCTION, caches 0, pops (0), pushes (0), [ERROR ESCAPES];
                INSTRUMENTED_JUMP_FORWARD = 239, of JUMP_FORWARD, caches 0, pops (0), pushes (0), [ARG];
                INSTRUMENTED_NOT_TAKEN = 240, of NOT_TAKEN, caches 0, pops (0), pushes (0), [];
                INSTRUMENTED_POP_JUMP_IF_TRUE = 241, of POP_JUMP_IF_TRUE, caches 1, pops (1), pushes (0), [ARG];
                INSTRUMENTED_POP_JUMP_IF_FALSE = 242, of POP_JUMP_IF_FALSE, caches 1, pops (1), pushes (0), [ARG];
                INSTRUMENTED_POP_JUMP_IF_NONE = 243, of POP_JUMP_IF_NONE, caches 1, pops (1), pushes (0), [ARG ESCAPES];
                INSTRUMENTED_POP_JUMP_IF_NOT_NONE = 244, of POP_JUMP_IF_NOT_NONE, caches 1, pops (1), pushes (0), [ARG ESCAPES];
                INSTRUMENTED_RESUME = 245, of RESUME, caches 0, pops (0), pushes (0), [ARG EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                INSTRUMENTED_RETURN_VALUE = 246, of RETURN_VALUE, caches 0, pops (1), pushes (1), [ERROR ESCAPES];
                INSTRUMENTED_YIELD_VALUE = 247, of YIELD_VALUE, caches 0, pops (1), pushes (1), [ARG ERROR ERROR_NO_POP ESCAPES];
                INSTRUMENTED_END_ASYNC_FOR = 248, of END_ASYNC_FOR, caches 0, pops (2), pushes (0), [ARG JUMP ERROR ERROR_NO_POP ESCAPES];
                INSTRUMENTED_LOAD_SUPER_ATTR = 249, of LOAD_SUPER_ATTR, caches 1, pops (3), pushes (1 + (oparg & 1)), [ARG NAME ERROR ESCAPES];
                INSTRUMENTED_CALL = 250, of CALL, caches 3, pops (oparg + 2), pushes (1), [ARG EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                INSTRUMENTED_CALL_KW = 251, of CALL_KW, caches 3, pops (oparg + 3), pushes (1), [ARG ERROR ERROR_NO_POP ESCAPES];
                INSTRUMENTED_CALL_FUNCTION_EX = 252, of CALL_FUNCTION_EX, caches 0, pops (4), pushes (1), [EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                INSTRUMENTED_JUMP_BACKWARD = 253, of JUMP_BACKWARD, caches 1, pops (0), pushes (0), [ARG EVAL_BREAK ERROR ESCAPES];
                INSTRUMENTED_LINE = 254, of INSTRUMENTED_LINE, caches 0, pops (0), pushes (0), [ESCAPES];
            }
            pseudo {
                ANNOTATIONS_PLACEHOLDER = 256, of ANNOTATIONS_PLACEHOLDER, caches 0, pops (0), pushes (0), [PURE];
                JUMP = 257, of JUMP, caches 0, pops (0), pushes (0), [ARG JUMP EVAL_BREAK ERROR ESCAPES];
                JUMP_IF_FALSE = 258, of JUMP_IF_FALSE, caches 0, pops (1), pushes (1), [ARG JUMP ERROR ESCAPES];
                JUMP_IF_TRUE = 259, of JUMP_IF_TRUE, caches 0, pops (1), pushes (1), [ARG JUMP ERROR ESCAPES];
                JUMP_NO_INTERRUPT = 260, of JUMP_NO_INTERRUPT, caches 0, pops (0), pushes (0), [ARG JUMP];
                LOAD_CLOSURE = 261, of LOAD_CLOSURE, caches 0, pops (0), pushes (1), [ARG LOCAL PURE];
                POP_BLOCK = 262, of POP_BLOCK, caches 0, pops (0), pushes (0), [PURE];
                SETUP_CLEANUP = 263, of SETUP_CLEANUP, caches 0, pops (0), pushes (2), [ARG PURE];
                SETUP_FINALLY = 264, of SETUP_FINALLY, caches 0, pops (0), pushes (1), [ARG PURE];
                SETUP_WITH = 265, of SETUP_WITH, caches 0, pops (0), pushes (1), [ARG PURE];
                STORE_FAST_MAYBE_NULL = 266, of STORE_FAST_MAYBE_NULL, caches 0, pops (1), pushes (0), [ARG LOCAL ESCAPES];
            }
        }
    };
}
