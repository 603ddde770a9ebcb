//! The meaning of opargs: operator, intrinsic, constant and flag tables.

macro_rules! numbered {
    ($(#[$meta:meta])* $vis:vis enum $enum:ident { $($name:ident = $n:literal $text:literal,)* }) => {
        $(#[$meta])*
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        $vis enum $enum { $(#[doc = concat!("`", $text, "`")] $name = $n,)* }

        impl $enum {
            /// All members, by number.
            pub const ALL: &'static [$enum] = &[$($enum::$name,)*];

            /// The member with this number, if there is one.
            pub const fn from_u32(number: u32) -> Option<Self> {
                match number { $($n => Some($enum::$name),)* _ => None }
            }

            /// CPython's name of the member.
            pub const fn name(self) -> &'static str {
                match self { $($enum::$name => stringify!($name),)* }
            }

            /// How it is shown: the operator's sign, the Python name.
            pub const fn text(self) -> &'static str {
                match self { $($enum::$name => $text,)* }
            }
        }
    };
}

numbered! {
    /// The operator of `BINARY_OP`.
    pub enum BinaryOp {
        NB_ADD = 0 "+",
        NB_AND = 1 "&",
        NB_FLOOR_DIVIDE = 2 "//",
        NB_LSHIFT = 3 "<<",
        NB_MATRIX_MULTIPLY = 4 "@",
        NB_MULTIPLY = 5 "*",
        NB_REMAINDER = 6 "%",
        NB_OR = 7 "|",
        NB_POWER = 8 "**",
        NB_RSHIFT = 9 ">>",
        NB_SUBTRACT = 10 "-",
        NB_TRUE_DIVIDE = 11 "/",
        NB_XOR = 12 "^",
        NB_INPLACE_ADD = 13 "+=",
        NB_INPLACE_AND = 14 "&=",
        NB_INPLACE_FLOOR_DIVIDE = 15 "//=",
        NB_INPLACE_LSHIFT = 16 "<<=",
        NB_INPLACE_MATRIX_MULTIPLY = 17 "@=",
        NB_INPLACE_MULTIPLY = 18 "*=",
        NB_INPLACE_REMAINDER = 19 "%=",
        NB_INPLACE_OR = 20 "|=",
        NB_INPLACE_POWER = 21 "**=",
        NB_INPLACE_RSHIFT = 22 ">>=",
        NB_INPLACE_SUBTRACT = 23 "-=",
        NB_INPLACE_TRUE_DIVIDE = 24 "/=",
        NB_INPLACE_XOR = 25 "^=",
        NB_SUBSCR = 26 "[]",
    }
}

numbered! {
    /// The comparison of `COMPARE_OP`, in the order of `dis.cmp_op` (the rich comparison numbers).
    pub enum CompareOp {
        LT = 0 "<",
        LE = 1 "<=",
        EQ = 2 "==",
        NE = 3 "!=",
        GT = 4 ">",
        GE = 5 ">=",
    }
}

/// In the oparg of `COMPARE_OP`: convert the result to `bool`.
pub const COMPARE_OP_TO_BOOL: u32 = 16;
/// Result mask of the specialised comparisons: unordered (a NaN).
pub const COMPARISON_UNORDERED: u32 = 1;
/// Result mask of the specialised comparisons: less.
pub const COMPARISON_LESS_THAN: u32 = 2;
/// Result mask of the specialised comparisons: greater.
pub const COMPARISON_GREATER_THAN: u32 = 4;
/// Result mask of the specialised comparisons: equal.
pub const COMPARISON_EQUALS: u32 = 8;

impl CompareOp {
    /// The comparison in an oparg of `COMPARE_OP` (bits 5 and up).
    pub const fn from_oparg(oparg: u32) -> Option<Self> {
        Self::from_u32(oparg >> 5)
    }

    /// Which outcomes make the comparison true: the low four bits of the oparg.
    pub const fn mask(self) -> u32 {
        match self {
            CompareOp::LT => COMPARISON_LESS_THAN,
            CompareOp::LE => COMPARISON_LESS_THAN | COMPARISON_EQUALS,
            CompareOp::EQ => COMPARISON_EQUALS,
            CompareOp::NE => COMPARISON_UNORDERED | COMPARISON_LESS_THAN | COMPARISON_GREATER_THAN,
            CompareOp::GT => COMPARISON_GREATER_THAN,
            CompareOp::GE => COMPARISON_GREATER_THAN | COMPARISON_EQUALS,
        }
    }

    /// The oparg of `COMPARE_OP` for this comparison (without [`COMPARE_OP_TO_BOOL`]).
    pub const fn oparg(self) -> u32 {
        (self as u32) << 5 | self.mask()
    }
}

numbered! {
    /// The function of `CALL_INTRINSIC_1`.
    pub enum Intrinsic1 {
        INTRINSIC_1_INVALID = 0 "INTRINSIC_1_INVALID",
        INTRINSIC_PRINT = 1 "INTRINSIC_PRINT",
        INTRINSIC_IMPORT_STAR = 2 "INTRINSIC_IMPORT_STAR",
        INTRINSIC_STOPITERATION_ERROR = 3 "INTRINSIC_STOPITERATION_ERROR",
        INTRINSIC_ASYNC_GEN_WRAP = 4 "INTRINSIC_ASYNC_GEN_WRAP",
        INTRINSIC_UNARY_POSITIVE = 5 "INTRINSIC_UNARY_POSITIVE",
        INTRINSIC_LIST_TO_TUPLE = 6 "INTRINSIC_LIST_TO_TUPLE",
        INTRINSIC_TYPEVAR = 7 "INTRINSIC_TYPEVAR",
        INTRINSIC_PARAMSPEC = 8 "INTRINSIC_PARAMSPEC",
        INTRINSIC_TYPEVARTUPLE = 9 "INTRINSIC_TYPEVARTUPLE",
        INTRINSIC_SUBSCRIPT_GENERIC = 10 "INTRINSIC_SUBSCRIPT_GENERIC",
        INTRINSIC_TYPEALIAS = 11 "INTRINSIC_TYPEALIAS",
    }
}

numbered! {
    /// The function of `CALL_INTRINSIC_2`.
    pub enum Intrinsic2 {
        INTRINSIC_2_INVALID = 0 "INTRINSIC_2_INVALID",
        INTRINSIC_PREP_RERAISE_STAR = 1 "INTRINSIC_PREP_RERAISE_STAR",
        INTRINSIC_TYPEVAR_WITH_BOUND = 2 "INTRINSIC_TYPEVAR_WITH_BOUND",
        INTRINSIC_TYPEVAR_WITH_CONSTRAINTS = 3 "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
        INTRINSIC_SET_FUNCTION_TYPE_PARAMS = 4 "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
        INTRINSIC_SET_TYPEPARAM_DEFAULT = 5 "INTRINSIC_SET_TYPEPARAM_DEFAULT",
    }
}

numbered! {
    /// The constant of `LOAD_COMMON_CONSTANT`.
    pub enum CommonConstant {
        CONSTANT_ASSERTIONERROR = 0 "AssertionError",
        CONSTANT_NOTIMPLEMENTEDERROR = 1 "NotImplementedError",
        CONSTANT_BUILTIN_TUPLE = 2 "tuple",
        CONSTANT_BUILTIN_ALL = 3 "all",
        CONSTANT_BUILTIN_ANY = 4 "any",
    }
}

numbered! {
    /// The method of `LOAD_SPECIAL`.
    pub enum SpecialMethod {
        SPECIAL___ENTER__ = 0 "__enter__",
        SPECIAL___EXIT__ = 1 "__exit__",
        SPECIAL___AENTER__ = 2 "__aenter__",
        SPECIAL___AEXIT__ = 3 "__aexit__",
    }
}

numbered! {
    /// The conversion of `CONVERT_VALUE`, and of `BUILD_INTERPOLATION` (bits 2 and up of its oparg).
    pub enum ConvertValue {
        FVC_NONE = 0 "",
        FVC_STR = 1 "str",
        FVC_REPR = 2 "repr",
        FVC_ASCII = 3 "ascii",
    }
}

/// Oparg of `MAKE_FUNCTION`'s companion `SET_FUNCTION_ATTRIBUTE`: a tuple of defaults.
pub const MAKE_FUNCTION_DEFAULTS: u32 = 0x01;
/// Oparg of `SET_FUNCTION_ATTRIBUTE`: a dict of keyword defaults.
pub const MAKE_FUNCTION_KWDEFAULTS: u32 = 0x02;
/// Oparg of `SET_FUNCTION_ATTRIBUTE`: a tuple of annotations.
pub const MAKE_FUNCTION_ANNOTATIONS: u32 = 0x04;
/// Oparg of `SET_FUNCTION_ATTRIBUTE`: a tuple of cells.
pub const MAKE_FUNCTION_CLOSURE: u32 = 0x08;
/// Oparg of `SET_FUNCTION_ATTRIBUTE`: the function that computes the annotations (PEP 649).
pub const MAKE_FUNCTION_ANNOTATE: u32 = 0x10;

/// Oparg of `RESUME`: at the start of a function.
pub const RESUME_AT_FUNC_START: u32 = 0;
/// Oparg of `RESUME`: behind a `yield`.
pub const RESUME_AFTER_YIELD: u32 = 1;
/// Oparg of `RESUME`: behind a `yield from`.
pub const RESUME_AFTER_YIELD_FROM: u32 = 2;
/// Oparg of `RESUME`: behind an `await`.
pub const RESUME_AFTER_AWAIT: u32 = 3;
/// The bits of `RESUME`'s oparg that say where it stands.
pub const RESUME_OPARG_LOCATION_MASK: u32 = 0x3;
/// The bit of `RESUME`'s oparg that says that one exception handler is around it.
pub const RESUME_OPARG_DEPTH1_MASK: u32 = 0x4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_have_the_operands_of_the_reference() {
        let opargs: Vec<u32> = CompareOp::ALL.iter().map(|op| op.oparg()).collect();
        assert_eq!(opargs, [2, 42, 72, 103, 132, 172]);
        assert_eq!(CompareOp::from_oparg(172 | COMPARE_OP_TO_BOOL), Some(CompareOp::GE));
        assert_eq!(BinaryOp::from_u32(26), Some(BinaryOp::NB_SUBSCR));
        assert_eq!(BinaryOp::from_u32(27), None);
    }
}
