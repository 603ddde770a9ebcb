//! Reading marshal data, for any kind of value.

use super::{FLAG_REF, MAX_MARSHAL_STACK_DEPTH, MarshalError, float, type_code};

/// Where the bytes come from.
pub trait Source {
    /// What can go wrong while reading.
    type Error;

    /// The next byte, or `None` at the end.
    fn byte(&mut self) -> Result<Option<u8>, Self::Error>;

    /// Exactly `count` bytes, or an `EOFError`.
    fn bytes(&mut self, count: usize) -> Result<&[u8], Self::Error>;

    /// An upper bound for the number of bytes that are left.
    fn remaining(&self) -> usize {
        usize::MAX
    }
}

/// Bytes in memory.
#[derive(Clone, Debug)]
pub struct SliceSource<'a> {
    rest: &'a [u8],
}

impl<'a> SliceSource<'a> {
    /// Reads from the start of `data`.
    pub const fn new(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    /// What was not read.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl Source for SliceSource<'_> {
    type Error = MarshalError;

    fn byte(&mut self) -> Result<Option<u8>, MarshalError> {
        Ok(self.rest.split_off_first().copied())
    }

    fn bytes(&mut self, count: usize) -> Result<&[u8], MarshalError> {
        self.rest.split_off(..count).ok_or(MarshalError::eof("marshal data too short"))
    }

    fn remaining(&self) -> usize {
        self.rest.len()
    }
}

/// The kinds of containers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `tuple`
    Tuple,
    /// `list`
    List,
    /// `set`
    Set,
    /// `frozenset`
    FrozenSet,
    /// `dict`; the items are keys and values in turn.
    Dict,
    /// `slice`; the items are start, stop and step.
    Slice,
}

/// The text of a string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Text<'a> {
    /// A byte is a code point. Writers only do this for ASCII; readers do not care.
    Latin1(&'a [u8]),
    /// UTF-8 where surrogates have their three byte form; checked.
    Wtf8(&'a [u8]),
}

/// The parts of a code object in the order they stand in.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct CodeParts<V> {
    pub argcount: i32,
    pub posonlyargcount: i32,
    pub kwonlyargcount: i32,
    pub stacksize: i32,
    pub flags: i32,
    pub code: V,
    pub consts: V,
    pub names: V,
    pub localsplusnames: V,
    pub localspluskinds: V,
    pub filename: V,
    pub name: V,
    pub qualname: V,
    pub firstlineno: i32,
    pub linetable: V,
    pub exceptiontable: V,
}

/// Makes values out of what a [`Reader`] finds.
pub trait Builder {
    /// A finished value; a clone is another reference to it.
    type Value: Clone;
    /// A container under construction.
    type Container;
    /// What can go wrong.
    type Error: From<MarshalError>;

    /// `None`
    fn none(&mut self) -> Result<Self::Value, Self::Error>;
    /// `True` or `False`
    fn bool(&mut self, value: bool) -> Result<Self::Value, Self::Error>;
    /// `Ellipsis`
    fn ellipsis(&mut self) -> Result<Self::Value, Self::Error>;
    /// The class `StopIteration`
    fn stop_iteration(&mut self) -> Result<Self::Value, Self::Error>;
    /// An `int`
    fn int(&mut self, value: i64) -> Result<Self::Value, Self::Error>;
    /// An `int` of any size: 30-bit digits, least significant first, the last one not zero.
    fn bigint(&mut self, negative: bool, digits: Vec<u32>) -> Result<Self::Value, Self::Error>;
    /// A `float`
    fn float(&mut self, value: f64) -> Result<Self::Value, Self::Error>;
    /// A `complex`
    fn complex(&mut self, real: f64, imag: f64) -> Result<Self::Value, Self::Error>;
    /// A `bytes` object
    fn bytes(&mut self, value: &[u8]) -> Result<Self::Value, Self::Error>;
    /// A `str`
    fn str(&mut self, text: Text<'_>, interned: bool) -> Result<Self::Value, Self::Error>;

    /// Starts a container of `len` items (0 for a dict, whose size is not known yet).
    ///
    /// `len` never exceeds what the source says it has left, so it may be reserved. If the second
    /// part of the result is there, the items of the container can refer to the container.
    fn begin(&mut self, kind: Kind, len: usize) -> Result<(Self::Container, Option<Self::Value>), Self::Error>;

    /// Adds an item; for a dict this is a key, and its value comes next.
    fn push(&mut self, kind: Kind, container: &mut Self::Container, item: Self::Value) -> Result<(), Self::Error>;

    /// Completes a container.
    fn finish(&mut self, kind: Kind, container: Self::Container) -> Result<Self::Value, Self::Error>;

    /// A code object.
    fn code(&mut self, parts: CodeParts<Self::Value>) -> Result<Self::Value, Self::Error>;
}

/// Reads values; the references of marshal's table live as long as the reader.
pub struct Reader<S, B: Builder> {
    source: S,
    builder: B,
    refs: Vec<Option<B::Value>>,
    depth: u32,
}

impl<S: Source, B: Builder> Reader<S, B>
where
    B::Error: From<S::Error>,
{
    /// A reader at the start of `source`.
    pub fn new(source: S, builder: B) -> Self {
        Self { source, builder, refs: Vec::new(), depth: 0 }
    }

    /// The source, to see what is left.
    pub fn source(&self) -> &S {
        &self.source
    }

    /// Gives up the parts.
    pub fn into_parts(self) -> (S, B) {
        (self.source, self.builder)
    }

    /// Reads one value.
    ///
    /// `EOFError` if the data ends early, `ValueError` for data that marshal does not write,
    /// `TypeError` for a NULL where there has to be a value.
    pub fn read(&mut self) -> Result<B::Value, B::Error> {
        self.expect("NULL object in marshal data for object")
    }

    fn expect(&mut self, null: &'static str) -> Result<B::Value, B::Error> {
        self.object()?.ok_or_else(|| MarshalError::type_error(null).into())
    }

    /// Reads one value or NULL.
    fn object(&mut self) -> Result<Option<B::Value>, B::Error> {
        let Some(code) = self.source.byte()? else {
            return Err(MarshalError::eof("EOF read where object expected").into());
        };
        if self.depth >= MAX_MARSHAL_STACK_DEPTH {
            return Err(MarshalError::value("recursion limit exceeded").into());
        }
        self.depth += 1;
        let result = self.object_of_type(code & !FLAG_REF, code & FLAG_REF != 0);
        self.depth -= 1;
        result
    }

    fn object_of_type(&mut self, code: u8, flag: bool) -> Result<Option<B::Value>, B::Error> {
        use type_code::*;
        let value = match code {
            NULL => return Ok(None),
            // A flag on one of these has no effect.
            NONE => return self.builder.none().map(Some),
            STOPITER => return self.builder.stop_iteration().map(Some),
            ELLIPSIS => return self.builder.ellipsis().map(Some),
            FALSE => return self.builder.bool(false).map(Some),
            TRUE => return self.builder.bool(true).map(Some),
            REF => return self.reference().map(Some),
            TUPLE | SMALL_TUPLE | LIST | SET | FROZENSET => {
                return self.sequence(code, flag).map(Some);
            }
            DICT => return self.dict(flag).map(Some),
            SLICE => return self.slice(flag).map(Some),
            CODE => return self.code(flag).map(Some),
            INT => {
                let value = self.int32()?;
                self.builder.int(value.into())?
            }
            INT64 => {
                let value = i64::from_le_bytes(self.array()?);
                self.builder.int(value)?
            }
            LONG => self.long()?,
            FLOAT => {
                let value = self.float_text()?;
                self.builder.float(value)?
            }
            BINARY_FLOAT => {
                let value = f64::from_le_bytes(self.array()?);
                self.builder.float(value)?
            }
            COMPLEX => {
                let (real, imag) = (self.float_text()?, self.float_text()?);
                self.builder.complex(real, imag)?
            }
            BINARY_COMPLEX => {
                let real = f64::from_le_bytes(self.array()?);
                let imag = f64::from_le_bytes(self.array()?);
                self.builder.complex(real, imag)?
            }
            STRING => {
                let len = self.size("bad marshal data (bytes object size out of range)")?;
                self.builder.bytes(self.source.bytes(len)?)?
            }
            ASCII | ASCII_INTERNED => {
                let len = self.size("bad marshal data (string size out of range)")?;
                let text = Text::Latin1(self.source.bytes(len)?);
                self.builder.str(text, code == ASCII_INTERNED)?
            }
            SHORT_ASCII | SHORT_ASCII_INTERNED => {
                let len = self.short_size()?;
                let text = Text::Latin1(self.source.bytes(len)?);
                self.builder.str(text, code == SHORT_ASCII_INTERNED)?
            }
            UNICODE | INTERNED => {
                let len = self.size("bad marshal data (string size out of range)")?;
                let bytes = self.source.bytes(len)?;
                crate::pystr::check_wtf8(bytes).map_err(|error| error.into_marshal(bytes))?;
                self.builder.str(Text::Wtf8(bytes), code == INTERNED)?
            }
            _ => return Err(MarshalError::value("bad marshal data (unknown type code)").into()),
        };
        if flag {
            self.refs.push(Some(value.clone()));
        }
        Ok(Some(value))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], B::Error> {
        let mut array = [0; N];
        // A source that gives fewer bytes than asked for breaks its contract.
        array.copy_from_slice(self.source.bytes(N)?);
        Ok(array)
    }

    fn int32(&mut self) -> Result<i32, B::Error> {
        self.array().map(i32::from_le_bytes)
    }

    fn size(&mut self, out_of_range: &'static str) -> Result<usize, B::Error> {
        usize::try_from(self.int32()?).map_err(|_| MarshalError::value(out_of_range).into())
    }

    fn short_size(&mut self) -> Result<usize, B::Error> {
        match self.source.byte()? {
            Some(byte) => Ok(byte.into()),
            None => Err(MarshalError::eof("EOF read where not expected").into()),
        }
    }

    fn float_text(&mut self) -> Result<f64, B::Error> {
        let len = self.short_size()?;
        Ok(float::parse_float_text(self.source.bytes(len)?)?)
    }

    /// An int as 15-bit digits in two bytes each.
    fn long(&mut self) -> Result<B::Value, B::Error> {
        let size = self.int32()?;
        if size == 0 {
            return self.builder.int(0);
        }
        if size == i32::MIN {
            return Err(MarshalError::value("bad marshal data (long size out of range)").into());
        }
        let count = size.unsigned_abs() as usize;
        let mut digits = Vec::with_capacity(count.min(self.source.remaining() / 2).div_ceil(2));
        for index in 0..count {
            let half = i16::from_le_bytes(self.array()?);
            if half < 0 {
                let message = "bad marshal data (digit out of range in long)";
                return Err(MarshalError::value(message).into());
            }
            if half == 0 && index + 1 == count {
                let message = "bad marshal data (unnormalized long data)";
                return Err(MarshalError::value(message).into());
            }
            match digits.last_mut() {
                Some(digit) if index % 2 == 1 => *digit |= (half as u32) << 15,
                _ => digits.push(half as u32),
            }
        }
        self.builder.bigint(size < 0, digits)
    }

    fn reference(&mut self) -> Result<B::Value, B::Error> {
        let index = self.int32()?;
        let found = usize::try_from(index).ok().and_then(|index| self.refs.get(index)?.clone());
        found.ok_or_else(|| MarshalError::value("bad marshal data (invalid reference)").into())
    }

    /// Reserves a place in the table of references; `value` can stand there already or come later.
    fn reserve(&mut self, flag: bool, value: Option<B::Value>) -> Option<usize> {
        flag.then(|| {
            self.refs.push(value);
            self.refs.len() - 1
        })
    }

    fn fill(&mut self, place: Option<usize>, value: &B::Value) {
        if let Some(place) = place {
            self.refs[place] = Some(value.clone());
        }
    }

    fn sequence(&mut self, code: u8, flag: bool) -> Result<B::Value, B::Error> {
        use type_code::*;
        let (kind, null, out_of_range) = match code {
            TUPLE | SMALL_TUPLE => {
                (Kind::Tuple, "NULL object in marshal data for tuple", "bad marshal data (tuple size out of range)")
            }
            LIST => (Kind::List, "NULL object in marshal data for list", "bad marshal data (list size out of range)"),
            _ => (
                if code == SET { Kind::Set } else { Kind::FrozenSet },
                "NULL object in marshal data for set",
                "bad marshal data (set size out of range)",
            ),
        };
        let len = if code == SMALL_TUPLE { self.short_size()? } else { self.size(out_of_range)? };
        if len > self.source.remaining() {
            // An item takes a byte at least, so the data ends before the container does. Find out
            // what is wrong first, without making a container of a size that is made up.
            self.reserve(flag, None);
            for _ in 0..len {
                self.expect(null)?;
            }
            return Err(MarshalError::eof("EOF read where object expected").into());
        }
        let (mut container, early) = self.builder.begin(kind, len)?;
        let place = self.reserve(flag, early);
        for _ in 0..len {
            let item = self.expect(null)?;
            self.builder.push(kind, &mut container, item)?;
        }
        let value = self.builder.finish(kind, container)?;
        self.fill(place, &value);
        Ok(value)
    }

    fn dict(&mut self, flag: bool) -> Result<B::Value, B::Error> {
        let (mut dict, early) = self.builder.begin(Kind::Dict, 0)?;
        let place = self.reserve(flag, early);
        // A NULL ends the dict, even one in the place of a value: the key is dropped then.
        while let Some(key) = self.object()? {
            let Some(value) = self.object()? else { break };
            self.builder.push(Kind::Dict, &mut dict, key)?;
            self.builder.push(Kind::Dict, &mut dict, value)?;
        }
        let value = self.builder.finish(Kind::Dict, dict)?;
        self.fill(place, &value);
        Ok(value)
    }

    fn slice(&mut self, flag: bool) -> Result<B::Value, B::Error> {
        let place = self.reserve(flag, None);
        let (mut slice, _) = self.builder.begin(Kind::Slice, 3)?;
        for _ in 0..3 {
            let item = self.expect("NULL object in marshal data for object")?;
            self.builder.push(Kind::Slice, &mut slice, item)?;
        }
        let value = self.builder.finish(Kind::Slice, slice)?;
        self.fill(place, &value);
        Ok(value)
    }

    fn code(&mut self, flag: bool) -> Result<B::Value, B::Error> {
        const NULL: &str = "NULL object in marshal data for code object";
        let place = self.reserve(flag, None);
        let parts = Box::new(CodeParts {
            argcount: self.int32()?,
            posonlyargcount: self.int32()?,
            kwonlyargcount: self.int32()?,
            stacksize: self.int32()?,
            flags: self.int32()?,
            code: self.expect(NULL)?,
            consts: self.expect(NULL)?,
            names: self.expect(NULL)?,
            localsplusnames: self.expect(NULL)?,
            localspluskinds: self.expect(NULL)?,
            filename: self.expect(NULL)?,
            name: self.expect(NULL)?,
            qualname: self.expect(NULL)?,
            firstlineno: self.int32()?,
            linetable: self.expect(NULL)?,
            exceptiontable: self.expect(NULL)?,
        });
        let value = self.builder.code(*parts)?;
        self.fill(place, &value);
        Ok(value)
    }
}
