//! The kinds of tokens, numbered as in the module `token`.

macro_rules! token_kinds {
    ($($name:ident = $number:literal $text:literal,)*) => {
        /// The kind of a token: CPython's exact type.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u8)]
        pub enum TokenKind {
            $($name = $number,)*
        }

        impl TokenKind {
            /// The name in the module `token`.
            pub fn name(self) -> &'static str {
                match self {
                    $(TokenKind::$name => stringify!($name),)*
                }
            }

            /// The text of an operator or delimiter; empty for tokens of other kinds.
            pub fn operator_text(self) -> &'static str {
                match self {
                    $(TokenKind::$name => $text,)*
                }
            }
        }
    };
}

token_kinds! {
    ENDMARKER = 0 "",
    NAME = 1 "",
    NUMBER = 2 "",
    STRING = 3 "",
    NEWLINE = 4 "",
    INDENT = 5 "",
    DEDENT = 6 "",
    LPAR = 7 "(",
    RPAR = 8 ")",
    LSQB = 9 "[",
    RSQB = 10 "]",
    COLON = 11 ":",
    COMMA = 12 ",",
    SEMI = 13 ";",
    PLUS = 14 "+",
    MINUS = 15 "-",
    STAR = 16 "*",
    SLASH = 17 "/",
    VBAR = 18 "|",
    AMPER = 19 "&",
    LESS = 20 "<",
    GREATER = 21 ">",
    EQUAL = 22 "=",
    DOT = 23 ".",
    PERCENT = 24 "%",
    LBRACE = 25 "{",
    RBRACE = 26 "}",
    EQEQUAL = 27 "==",
    NOTEQUAL = 28 "!=",
    LESSEQUAL = 29 "<=",
    GREATEREQUAL = 30 ">=",
    TILDE = 31 "~",
    CIRCUMFLEX = 32 "^",
    LEFTSHIFT = 33 "<<",
    RIGHTSHIFT = 34 ">>",
    DOUBLESTAR = 35 "**",
    PLUSEQUAL = 36 "+=",
    MINEQUAL = 37 "-=",
    STAREQUAL = 38 "*=",
    SLASHEQUAL = 39 "/=",
    PERCENTEQUAL = 40 "%=",
    AMPEREQUAL = 41 "&=",
    VBAREQUAL = 42 "|=",
    CIRCUMFLEXEQUAL = 43 "^=",
    LEFTSHIFTEQUAL = 44 "<<=",
    RIGHTSHIFTEQUAL = 45 ">>=",
    DOUBLESTAREQUAL = 46 "**=",
    DOUBLESLASH = 47 "//",
    DOUBLESLASHEQUAL = 48 "//=",
    AT = 49 "@",
    ATEQUAL = 50 "@=",
    RARROW = 51 "->",
    ELLIPSIS = 52 "...",
    COLONEQUAL = 53 ":=",
    EXCLAMATION = 54 "!",
    OP = 55 "",
    TYPE_IGNORE = 56 "",
    TYPE_COMMENT = 57 "",
    SOFT_KEYWORD = 58 "",
    FSTRING_START = 59 "",
    FSTRING_MIDDLE = 60 "",
    FSTRING_END = 61 "",
    TSTRING_START = 62 "",
    TSTRING_MIDDLE = 63 "",
    TSTRING_END = 64 "",
    COMMENT = 65 "",
    NL = 66 "",
    ERRORTOKEN = 67 "",
}

impl TokenKind {
    /// The kind of a one-character operator; `OP` if there is none.
    pub fn of_one_char(c: u8) -> TokenKind {
        use TokenKind::*;
        match c {
            b'!' => EXCLAMATION,
            b'%' => PERCENT,
            b'&' => AMPER,
            b'(' => LPAR,
            b')' => RPAR,
            b'*' => STAR,
            b'+' => PLUS,
            b',' => COMMA,
            b'-' => MINUS,
            b'.' => DOT,
            b'/' => SLASH,
            b':' => COLON,
            b';' => SEMI,
            b'<' => LESS,
            b'=' => EQUAL,
            b'>' => GREATER,
            b'@' => AT,
            b'[' => LSQB,
            b']' => RSQB,
            b'^' => CIRCUMFLEX,
            b'{' => LBRACE,
            b'|' => VBAR,
            b'}' => RBRACE,
            b'~' => TILDE,
            _ => OP,
        }
    }

    /// The kind of a two-character operator, if there is one.
    pub fn of_two_chars(c1: u8, c2: u8) -> Option<TokenKind> {
        use TokenKind::*;
        Some(match (c1, c2) {
            (b'!', b'=') => NOTEQUAL,
            (b'%', b'=') => PERCENTEQUAL,
            (b'&', b'=') => AMPEREQUAL,
            (b'*', b'*') => DOUBLESTAR,
            (b'*', b'=') => STAREQUAL,
            (b'+', b'=') => PLUSEQUAL,
            (b'-', b'=') => MINEQUAL,
            (b'-', b'>') => RARROW,
            (b'/', b'/') => DOUBLESLASH,
            (b'/', b'=') => SLASHEQUAL,
            (b':', b'=') => COLONEQUAL,
            (b'<', b'<') => LEFTSHIFT,
            (b'<', b'=') => LESSEQUAL,
            (b'=', b'=') => EQEQUAL,
            (b'>', b'=') => GREATEREQUAL,
            (b'>', b'>') => RIGHTSHIFT,
            (b'@', b'=') => ATEQUAL,
            (b'^', b'=') => CIRCUMFLEXEQUAL,
            (b'|', b'=') => VBAREQUAL,
            _ => return None,
        })
    }

    /// The kind of a three-character operator, if there is one.
    pub fn of_three_chars(c1: u8, c2: u8, c3: u8) -> Option<TokenKind> {
        use TokenKind::*;
        Some(match (c1, c2, c3) {
            (b'*', b'*', b'=') => DOUBLESTAREQUAL,
            (b'.', b'.', b'.') => ELLIPSIS,
            (b'/', b'/', b'=') => DOUBLESLASHEQUAL,
            (b'<', b'<', b'=') => LEFTSHIFTEQUAL,
            (b'>', b'>', b'=') => RIGHTSHIFTEQUAL,
            _ => return None,
        })
    }
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: TokenKind,
    /// The token's text, as a range of bytes in the source; absent for tokens without text.
    pub range: Option<(usize, usize)>,
    /// Lines from 1, columns from 0 in bytes; a column is -1 where the token has no text.
    pub lineno: i32,
    pub col_offset: i32,
    pub end_lineno: i32,
    pub end_col_offset: i32,
    /// How many brackets are open after the token.
    pub level: usize,
}
