//! The kinds of tokens as the grammar sees them: keywords are kinds of their own.

use super::super::tokenizer::TokenKind;

macro_rules! kinds {
    (
        tokens { $($kind:ident = $token:ident,)* }
        keywords { $($keyword:ident = $text:literal,)* }
    ) => {
        /// The kind of a token.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Kind {
            $($kind,)*
            $($keyword,)*
            Name,
            /// Anything that no rule knows.
            Unknown,
        }

        /// The kind of a token with the given text.
        pub(super) fn kind_of(token: TokenKind, text: &str) -> Kind {
            match token {
                TokenKind::NAME => match text {
                    $($text => Kind::$keyword,)*
                    _ => Kind::Name,
                },
                $(TokenKind::$token => Kind::$kind,)*
                _ => Kind::Unknown,
            }
        }
    };
}

kinds! {
    tokens {
        Endmarker = ENDMARKER,
        Number = NUMBER,
        String = STRING,
        Newline = NEWLINE,
        Indent = INDENT,
        Dedent = DEDENT,
        Lpar = LPAR,
        Rpar = RPAR,
        Lsqb = LSQB,
        Rsqb = RSQB,
        Colon = COLON,
        Comma = COMMA,
        Semi = SEMI,
        Plus = PLUS,
        Minus = MINUS,
        Star = STAR,
        Slash = SLASH,
        Vbar = VBAR,
        Amper = AMPER,
        Less = LESS,
        Greater = GREATER,
        Equal = EQUAL,
        Dot = DOT,
        Percent = PERCENT,
        Lbrace = LBRACE,
        Rbrace = RBRACE,
        EqEqual = EQEQUAL,
        NotEqual = NOTEQUAL,
        LessEqual = LESSEQUAL,
        GreaterEqual = GREATEREQUAL,
        Tilde = TILDE,
        Circumflex = CIRCUMFLEX,
        LeftShift = LEFTSHIFT,
        RightShift = RIGHTSHIFT,
        DoubleStar = DOUBLESTAR,
        PlusEqual = PLUSEQUAL,
        MinEqual = MINEQUAL,
        StarEqual = STAREQUAL,
        SlashEqual = SLASHEQUAL,
        PercentEqual = PERCENTEQUAL,
        AmperEqual = AMPEREQUAL,
        VbarEqual = VBAREQUAL,
        CircumflexEqual = CIRCUMFLEXEQUAL,
        LeftShiftEqual = LEFTSHIFTEQUAL,
        RightShiftEqual = RIGHTSHIFTEQUAL,
        DoubleStarEqual = DOUBLESTAREQUAL,
        DoubleSlash = DOUBLESLASH,
        DoubleSlashEqual = DOUBLESLASHEQUAL,
        At = AT,
        AtEqual = ATEQUAL,
        Rarrow = RARROW,
        Ellipsis = ELLIPSIS,
        ColonEqual = COLONEQUAL,
        Exclamation = EXCLAMATION,
        TypeComment = TYPE_COMMENT,
        FstringStart = FSTRING_START,
        FstringMiddle = FSTRING_MIDDLE,
        FstringEnd = FSTRING_END,
        TstringStart = TSTRING_START,
        TstringMiddle = TSTRING_MIDDLE,
        TstringEnd = TSTRING_END,
        Errortoken = ERRORTOKEN,
    }
    keywords {
        False = "False",
        None = "None",
        True = "True",
        And = "and",
        As = "as",
        Assert = "assert",
        Async = "async",
        Await = "await",
        Break = "break",
        Class = "class",
        Continue = "continue",
        Def = "def",
        Del = "del",
        Elif = "elif",
        Else = "else",
        Except = "except",
        Finally = "finally",
        For = "for",
        From = "from",
        Global = "global",
        If = "if",
        Import = "import",
        In = "in",
        Is = "is",
        Lambda = "lambda",
        Nonlocal = "nonlocal",
        Not = "not",
        Or = "or",
        Pass = "pass",
        Raise = "raise",
        Return = "return",
        Try = "try",
        While = "while",
        With = "with",
        Yield = "yield",
    }
}
