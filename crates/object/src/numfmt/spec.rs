//! Format specifications: `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`.

/// What separates groups of digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Grouping {
    #[default]
    None,
    Comma,
    Underscore,
    /// Underscores every four digits, in bases 2, 8 and 16.
    UnderscoreFour,
}

impl Grouping {
    /// The separator.
    pub fn symbol(self) -> char {
        if self == Grouping::Comma { ',' } else { '_' }
    }
}

/// A parsed specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatSpec {
    pub fill: u32,
    /// One of `<`, `>`, `=`, `^`.
    pub align: u8,
    /// `+`, `-`, space, or 0 if there is none.
    pub sign: u8,
    /// `z`: what is rounded to zero has no sign.
    pub no_negative_zero: bool,
    pub alternate: bool,
    pub width: Option<usize>,
    pub grouping: Grouping,
    pub fraction_grouping: Grouping,
    pub precision: Option<usize>,
    /// The type's character, 0 if there is none.
    pub kind: u32,
}

/// Why a text is no specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecError {
    TooManyDigits,
    MissingPrecision,
    CommaAndUnderscore,
    /// Separator and type.
    CannotGroup(char, u32),
    Invalid,
}

impl SpecError {
    /// The text of the ValueError. `spec` is what was parsed, `type_name` the type of what is formatted.
    pub fn message(&self, spec: &str, type_name: &str) -> String {
        match *self {
            SpecError::TooManyDigits => "Too many decimal digits in format string".into(),
            SpecError::MissingPrecision => "Format specifier missing precision".into(),
            SpecError::CommaAndUnderscore => "Cannot specify both ',' and '_'.".into(),
            SpecError::CannotGroup(symbol, kind) => match kind {
                33..128 => format!("Cannot specify '{symbol}' with '{}'.", kind as u8 as char),
                _ => format!("Cannot specify '{symbol}' with '\\x{kind:x}'."),
            },
            SpecError::Invalid => format!("Invalid format specifier '{spec}' for object of type '{type_name}'"),
        }
    }
}

fn is_align(c: u32) -> bool {
    matches!(u8::try_from(c), Ok(b'<' | b'>' | b'=' | b'^'))
}

struct Reader<'a> {
    text: &'a [u32],
    at: usize,
    decimal: fn(u32) -> Option<u8>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u32> {
        self.text.get(self.at).copied()
    }

    fn accept(&mut self, c: char) -> bool {
        let hit = self.peek() == Some(c as u32);
        self.at += hit as usize;
        hit
    }

    /// Decimal digits of any script, if there are some.
    fn number(&mut self) -> Result<Option<usize>, SpecError> {
        let mut value: Option<usize> = None;
        while let Some(d) = self.peek().and_then(self.decimal) {
            let v = value.unwrap_or(0).checked_mul(10).and_then(|v| v.checked_add(d as usize));
            value = Some(v.filter(|&v| v <= isize::MAX as usize).ok_or(SpecError::TooManyDigits)?);
            self.at += 1;
        }
        Ok(value)
    }

    /// `,` or `_`.
    fn grouping(&mut self) -> Result<Grouping, SpecError> {
        let mut grouping = Grouping::None;
        if self.accept(',') {
            grouping = Grouping::Comma;
        }
        if self.accept('_') {
            if grouping != Grouping::None {
                return Err(SpecError::CommaAndUnderscore);
            }
            grouping = Grouping::Underscore;
        }
        Ok(grouping)
    }
}

impl FormatSpec {
    /// Parses `text`. `kind` and `align` are what applies if the text names none; `decimal` is the value of a decimal
    /// digit.
    pub fn parse(text: &[u32], kind: u8, align: u8, decimal: fn(u32) -> Option<u8>) -> Result<FormatSpec, SpecError> {
        let mut spec = FormatSpec {
            fill: b' ' as u32,
            align,
            sign: 0,
            no_negative_zero: false,
            alternate: false,
            width: None,
            grouping: Grouping::None,
            fraction_grouping: Grouping::None,
            precision: None,
            kind: kind as u32,
        };
        let mut r = Reader { text, at: 0, decimal };
        let (mut has_fill, mut has_align) = (false, false);
        match *text {
            [fill, a, ..] if is_align(a) => {
                (spec.fill, spec.align) = (fill, a as u8);
                (has_fill, has_align) = (true, true);
                r.at = 2;
            }
            [a, ..] if is_align(a) => {
                spec.align = a as u8;
                has_align = true;
                r.at = 1;
            }
            _ => {}
        }
        if let Some(sign @ (0x20 | 0x2b | 0x2d)) = r.peek() {
            spec.sign = sign as u8;
            r.at += 1;
        }
        spec.no_negative_zero = r.accept('z');
        spec.alternate = r.accept('#');
        if !has_fill && r.accept('0') {
            spec.fill = b'0' as u32;
            if !has_align && align == b'>' {
                spec.align = b'=';
            }
        }
        spec.width = r.number()?;
        spec.grouping = r.grouping()?;
        if spec.grouping == Grouping::Underscore && r.peek() == Some(',' as u32) {
            return Err(SpecError::CommaAndUnderscore);
        }
        if r.accept('.') {
            spec.precision = r.number()?;
            spec.fraction_grouping = r.grouping()?;
            if spec.precision.is_none() && spec.fraction_grouping == Grouping::None {
                return Err(SpecError::MissingPrecision);
            }
        }
        match text.len() - r.at {
            0 => {}
            1 => spec.kind = text[r.at],
            _ => return Err(SpecError::Invalid),
        }
        if spec.grouping != Grouping::None {
            match u8::try_from(spec.kind) {
                Ok(b'd' | b'e' | b'f' | b'g' | b'E' | b'G' | b'%' | b'F' | 0) => {}
                Ok(b'b' | b'o' | b'x' | b'X') if spec.grouping == Grouping::Underscore => {
                    spec.grouping = Grouping::UnderscoreFour;
                }
                _ => return Err(SpecError::CannotGroup(spec.grouping.symbol(), spec.kind)),
            }
        }
        if spec.fraction_grouping != Grouping::None && spec.kind == 'n' as u32 {
            return Err(SpecError::CannotGroup(spec.fraction_grouping.symbol(), spec.kind));
        }
        Ok(spec)
    }
}
