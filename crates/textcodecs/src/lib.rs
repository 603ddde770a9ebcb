//! The cores of Python's text codecs: between bytes and code points, without knowledge of Python objects.
//!
//! A core runs until it meets something it cannot code, and says where and why, in CPython's own ranges and
//! words. The caller lets the error handler decide, writes the replacement itself, moves the position and calls
//! again:
//!
//! ```
//! use taipan_textcodecs::utf8;
//! let (input, mut at, mut text) = (b"a\xffb", 0, Vec::<u32>::new());
//! while let Err(error) = utf8::decode(input, &mut at, true, &mut text) {
//!     assert_eq!((error.start, error.end, error.reason), (1, 2, "invalid start byte"));
//!     text.push(0xfffd);
//!     at = error.end;
//! }
//! assert_eq!((at, &text[..]), (3, &[97, 0xfffd, 98][..]));
//! ```
//!
//! Decoders take `last`: without it, an incomplete sequence at the end is no error; the position stays before
//! it. (That is the difference between `bytes.decode` and an incremental decoder.) Code points are `u32`, as
//! strings may hold lone surrogates.
#![forbid(unsafe_code)]

pub mod escape;
pub mod single;
pub mod text;
pub mod utf16;
pub mod utf32;
pub mod utf7;
pub mod utf8;

/// Bytes that cannot be decoded: the `start`, `end` and `reason` of a `UnicodeDecodeError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    pub start: usize,
    pub end: usize,
    pub reason: &'static str,
}

/// Characters that cannot be encoded: the `start`, `end` and `reason` of a `UnicodeEncodeError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeError {
    pub start: usize,
    pub end: usize,
    pub reason: &'static str,
}

/// Where decoded text goes. Only [`Output::push`] is needed; the other methods get whole runs, for those who
/// can take them faster.
pub trait Output {
    /// One code point, at most 0x10FFFF; it may be a surrogate.
    fn push(&mut self, ch: u32);

    /// A run of text in UTF-8.
    fn text(&mut self, text: &str) {
        for ch in text.chars() {
            self.push(ch as u32);
        }
    }

    /// A run of characters below 256.
    fn latin1(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.push(byte as u32);
        }
    }

    /// A run of characters below 65536, in UTF-16.
    fn units(&mut self, units: Units<'_>) {
        for unit in units.iter() {
            self.push(unit as u32);
        }
    }
}

/// A run of UTF-16 without surrogates, as it stands in the input.
#[derive(Clone, Copy, Debug)]
pub struct Units<'i> {
    pairs: &'i [[u8; 2]],
    order: ByteOrder,
}

impl Units<'_> {
    /// The number of code points.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// The code points.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        let order = self.order;
        self.pairs.iter().map(move |&pair| match order {
            ByteOrder::Little => u16::from_le_bytes(pair),
            ByteOrder::Big => u16::from_be_bytes(pair),
        })
    }

    /// A number as high as each of them, and below 0x80 or 0x100 if all are.
    pub fn bound(&self) -> u32 {
        let or = self.pairs.iter().fold(0, |all, &pair| all | u16::from_ne_bytes(pair));
        let pair = or.to_ne_bytes();
        match self.order {
            ByteOrder::Little => u16::from_le_bytes(pair) as u32,
            ByteOrder::Big => u16::from_be_bytes(pair) as u32,
        }
    }

    /// Writes them to `out`, which is as long.
    pub fn fill<T>(&self, out: &mut [T], from: impl Fn(u16) -> T) {
        let slots = out.iter_mut().zip(self.pairs);
        match self.order {
            ByteOrder::Little => slots.for_each(|(slot, &pair)| *slot = from(u16::from_le_bytes(pair))),
            ByteOrder::Big => slots.for_each(|(slot, &pair)| *slot = from(u16::from_be_bytes(pair))),
        }
    }
}

impl Output for Vec<u32> {
    #[inline(always)]
    fn push(&mut self, ch: u32) {
        Vec::push(self, ch);
    }
    fn latin1(&mut self, bytes: &[u8]) {
        self.extend(bytes.iter().map(|&b| b as u32));
    }
    fn units(&mut self, units: Units<'_>) {
        self.extend(units.iter().map(|u| u as u32));
    }
}

/// A character of a string to encode, in the width the string keeps it.
pub trait Char: Copy {
    /// The code point.
    fn code(self) -> u32;
    /// The slice as bytes, where characters are bytes.
    fn as_latin1(_text: &[Self]) -> Option<&[u8]>
    where
        Self: Sized,
    {
        None
    }
}

impl Char for u8 {
    #[inline(always)]
    fn code(self) -> u32 {
        self as u32
    }
    fn as_latin1(text: &[u8]) -> Option<&[u8]> {
        Some(text)
    }
}

impl Char for u16 {
    #[inline(always)]
    fn code(self) -> u32 {
        self as u32
    }
}

impl Char for u32 {
    #[inline(always)]
    fn code(self) -> u32 {
        self
    }
}

/// The order of the bytes in UTF-16 and UTF-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// The machine's own.
    pub const NATIVE: ByteOrder = if cfg!(target_endian = "little") { ByteOrder::Little } else { ByteOrder::Big };
}

/// How many ASCII bytes `bytes` starts with.
#[inline]
pub fn ascii_prefix(bytes: &[u8]) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let word = |chunk: &[u8]| chunk.try_into().map_or(HIGH, u64::from_le_bytes) & HIGH;
    let mut at = 0;
    // Four words at a time, then one, then the bytes of the word that stopped it.
    for block in bytes.chunks_exact(32) {
        if block.chunks_exact(8).fold(0, |high, chunk| high | word(chunk)) != 0 {
            break;
        }
        at += 32;
    }
    for chunk in bytes[at..].chunks_exact(8) {
        match word(chunk) {
            0 => at += 8,
            high => return at + high.trailing_zeros() as usize / 8,
        }
    }
    at + bytes[at..].iter().take_while(|b| b.is_ascii()).count()
}

/// Whether `ch` is a surrogate.
#[inline(always)]
pub(crate) fn is_surrogate(ch: u32) -> bool {
    ch & !0x7ff == 0xd800
}

/// How many elements `items` starts with for which `test` holds, in blocks without early exit as long as it
/// goes, so that the compiler makes vector instructions of the test.
#[inline(always)]
pub(crate) fn prefix<T: Copy>(items: &[T], test: impl Fn(T) -> bool + Copy) -> usize {
    const BLOCK: usize = 32;
    let whole = |block: &&[T]| block.iter().fold(true, |all, &item| all & test(item));
    let at = BLOCK * items.chunks_exact(BLOCK).take_while(whole).count();
    at + items[at..].iter().take_while(|&&item| test(item)).count()
}

/// The end of the run of characters from `at` on for which `test` holds.
pub(crate) fn run_end<C: Char>(text: &[C], at: usize, test: impl Fn(u32) -> bool) -> usize {
    at + text[at..].iter().take_while(|c| test(c.code())).count()
}
