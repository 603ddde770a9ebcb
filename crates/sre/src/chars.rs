//! Characters of three widths, and the services the engine asks of its surroundings.

/// A character of the subject: `u8` (bytes, Latin-1 strings), `u16` or `u32`.
///
/// The searching methods are the engine's inner loops; each width brings its fastest.
pub trait Char: Copy + Eq + 'static {
    /// Whether every character is below 256, so that a class is its table and nothing else.
    const NARROW: bool;
    /// The code point.
    fn code(self) -> u32;
    /// The character with this code point, if it fits the width.
    fn from_code(code: u32) -> Option<Self>;
    /// Position of the first `needle`.
    fn find(hay: &[Self], needle: Self) -> Option<usize>;
    /// Position of the last `needle`.
    fn rfind(hay: &[Self], needle: Self) -> Option<usize>;
    /// Position of the first `a` or `b`.
    fn find2(hay: &[Self], a: Self, b: Self) -> Option<usize>;
    /// Position of the first `a`, `b` or `c`.
    fn find3(hay: &[Self], a: Self, b: Self, c: Self) -> Option<usize>;
    /// The slice as bytes, where the characters are bytes.
    fn as_bytes(_hay: &[Self]) -> Option<&[u8]> {
        None
    }
}

impl Char for u8 {
    const NARROW: bool = true;
    #[inline(always)]
    fn code(self) -> u32 {
        self as u32
    }
    #[inline(always)]
    fn from_code(code: u32) -> Option<u8> {
        u8::try_from(code).ok()
    }
    #[inline]
    fn find(hay: &[u8], needle: u8) -> Option<usize> {
        memchr::memchr(needle, hay)
    }
    #[inline]
    fn rfind(hay: &[u8], needle: u8) -> Option<usize> {
        memchr::memrchr(needle, hay)
    }
    #[inline]
    fn find2(hay: &[u8], a: u8, b: u8) -> Option<usize> {
        memchr::memchr2(a, b, hay)
    }
    #[inline]
    fn find3(hay: &[u8], a: u8, b: u8, c: u8) -> Option<usize> {
        memchr::memchr3(a, b, c, hay)
    }
    #[inline(always)]
    fn as_bytes(hay: &[u8]) -> Option<&[u8]> {
        Some(hay)
    }
}

/// Finds the first character for which `test` holds, looking at blocks of 16 at a time: within a block there
/// is no early exit, so that the compiler turns the test into vector instructions.
#[inline(always)]
fn find_by<C: Copy>(hay: &[C], test: impl Fn(C) -> bool + Copy) -> Option<usize> {
    const BLOCK: usize = 16;
    let mut blocks = hay.chunks_exact(BLOCK);
    let mut base = 0;
    for block in &mut blocks {
        if block.iter().fold(false, |any, &c| any | test(c)) {
            return block.iter().position(|&c| test(c)).map(|i| base + i);
        }
        base += BLOCK;
    }
    blocks.remainder().iter().position(|&c| test(c)).map(|i| base + i)
}

/// As [`find_by`], from the end.
#[inline(always)]
fn rfind_by<C: Copy>(hay: &[C], test: impl Fn(C) -> bool + Copy) -> Option<usize> {
    const BLOCK: usize = 16;
    let mut end = hay.len();
    for block in hay.rchunks_exact(BLOCK) {
        let base = end - BLOCK;
        if block.iter().fold(false, |any, &c| any | test(c)) {
            return block.iter().rposition(|&c| test(c)).map(|i| base + i);
        }
        end = base;
    }
    hay[..end].iter().rposition(|&c| test(c))
}

macro_rules! wide_char {
    ($ty:ty) => {
        impl Char for $ty {
            const NARROW: bool = false;
            #[inline(always)]
            fn code(self) -> u32 {
                self as u32
            }
            #[inline(always)]
            fn from_code(code: u32) -> Option<$ty> {
                <$ty>::try_from(code).ok()
            }
            #[inline]
            fn find(hay: &[$ty], needle: $ty) -> Option<usize> {
                find_by(hay, |c| c == needle)
            }
            #[inline]
            fn rfind(hay: &[$ty], needle: $ty) -> Option<usize> {
                rfind_by(hay, |c| c == needle)
            }
            #[inline]
            fn find2(hay: &[$ty], a: $ty, b: $ty) -> Option<usize> {
                find_by(hay, |c| (c == a) | (c == b))
            }
            #[inline]
            fn find3(hay: &[$ty], a: $ty, b: $ty, d: $ty) -> Option<usize> {
                find_by(hay, |c| (c == a) | (c == b) | (c == d))
            }
        }
    };
}

wide_char!(u16);
wide_char!(u32);

/// The part of the Unicode database that matching needs. Values above 0x10FFFF may be asked about; they have
/// no property and are their own case mappings.
pub trait Unicode {
    /// Simple lower-case mapping.
    fn lower(ch: u32) -> u32;
    /// Simple upper-case mapping.
    fn upper(ch: u32) -> u32;
    /// Category Nd, what `\d` matches.
    fn is_decimal(ch: u32) -> bool;
    /// What `str.isspace` says, for `\s`.
    fn is_space(ch: u32) -> bool;
    /// What `str.isalnum` says, for `\w`.
    fn is_alnum(ch: u32) -> bool;
    /// What `str.splitlines` breaks at.
    fn is_linebreak(ch: u32) -> bool;
}

/// A signal handler raised an exception while the engine was at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

/// What changes while a program runs: the C locale and pending signals.
pub trait Host {
    /// The character database.
    type Unicode: Unicode;
    /// `tolower` in the current locale.
    fn locale_lower(&self, ch: u8) -> u8 {
        ch.to_ascii_lowercase()
    }
    /// `toupper` in the current locale.
    fn locale_upper(&self, ch: u8) -> u8 {
        ch.to_ascii_uppercase()
    }
    /// `isalnum` in the current locale.
    fn locale_is_alnum(&self, ch: u8) -> bool {
        ch.is_ascii_alphanumeric()
    }
    /// Called every few thousand steps; an error ends the matching attempt.
    fn check_signals(&mut self) -> Result<(), Interrupted> {
        Ok(())
    }
}

/// A host on Rust's own character tables and the C locale, without signals: for tests and for programs that
/// need no exact Unicode version.
#[derive(Clone, Copy, Debug, Default)]
pub struct StdHost;

impl Unicode for StdHost {
    fn lower(ch: u32) -> u32 {
        if ch == 0x130 {
            return 0x69;
        }
        char::from_u32(ch).map_or(ch, |c| {
            let mut it = c.to_lowercase();
            match (it.next(), it.next()) {
                (Some(l), None) => l as u32,
                _ => ch,
            }
        })
    }
    fn upper(ch: u32) -> u32 {
        char::from_u32(ch).map_or(ch, |c| {
            let mut it = c.to_uppercase();
            match (it.next(), it.next()) {
                (Some(u), None) => u as u32,
                _ => ch,
            }
        })
    }
    fn is_decimal(ch: u32) -> bool {
        // Rust's standard library knows numeric characters, not decimal digits; ASCII is exact.
        ch < 128 && (ch as u8).is_ascii_digit()
    }
    fn is_space(ch: u32) -> bool {
        (0x1c..=0x1f).contains(&ch) || char::from_u32(ch).is_some_and(char::is_whitespace)
    }
    fn is_alnum(ch: u32) -> bool {
        char::from_u32(ch).is_some_and(char::is_alphanumeric)
    }
    fn is_linebreak(ch: u32) -> bool {
        matches!(ch, 0x0a..=0x0d | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029)
    }
}

impl Host for StdHost {
    type Unicode = StdHost;
}
