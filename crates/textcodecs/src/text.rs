//! Decoded text in the narrowest width that holds it, as Python strings are kept.

use crate::{Output, Units};

/// The number of code points of `text`, and one that is at least as high as each of them and in the same class
/// (below 0x80, 0x100, 0x10000 or not).
pub fn measure(text: &str) -> (usize, u32) {
    let bytes = text.as_bytes();
    let highest = bytes.iter().fold(0, |high, &b| high.max(b));
    if highest < 0x80 {
        return (bytes.len(), 0x7f);
    }
    // In slices short enough for the count to stay in a byte, which makes it fast.
    let count = |slice: &[u8]| slice.iter().map(|&b| (b as i8 >= -0x40) as u8).sum::<u8>() as usize;
    let chars = bytes.chunks(255).map(count).sum();
    let bound = match highest {
        0x80..=0xc3 => 0xff,
        0xc4..=0xef => 0xffff,
        _ => 0x10ffff,
    };
    (chars, bound)
}

/// Writes the code points of `text` to `out`, which is as long as [`measure`] says; `from` brings them to its
/// width.
pub fn fill<T: Copy + From<u8>>(text: &str, out: &mut [T], from: impl Fn(u32) -> T) {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let bytes = text.as_bytes();
    let (mut at, mut to) = (0, 0);
    while at < bytes.len() {
        let by_word = if let Some(word) = bytes[at..].first_chunk::<8>()
            && let Some(slots) = out[to..].first_chunk_mut::<8>()
        {
            // All eight are copied; those from the first that is not ASCII on will be written over.
            *slots = word.map(T::from);
            let ascii = (u64::from_le_bytes(*word) & HIGH).trailing_zeros() as usize / 8;
            at += ascii;
            to += ascii;
            if ascii == 8 {
                continue;
            }
            true
        } else {
            false
        };
        while let Some(&lead) = bytes.get(at) {
            let tail = |i: usize| (bytes.get(at + i).copied().unwrap_or(0) & 0x3f) as u32;
            let lead = lead as u32;
            let (ch, len) = match lead {
                0..0x80 if by_word => break,
                0..0x80 => (lead, 1),
                0x80..0xe0 => ((lead & 0x1f) << 6 | tail(1), 2),
                0xe0..0xf0 => ((lead & 0xf) << 12 | tail(1) << 6 | tail(2), 3),
                _ => ((lead & 7) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4),
            };
            let Some(slot) = out.get_mut(to) else { return };
            *slot = from(ch);
            at += len;
            to += 1;
        }
    }
}

/// A growing text in the narrowest width so far: an [`Output`] that keeps each run's speed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// All code points are below 0x100.
    Ucs1(Vec<u8>),
    /// All code points are below 0x10000.
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

impl Default for Text {
    fn default() -> Text {
        Text::Ucs1(Vec::new())
    }
}

impl Text {
    /// An empty text with room for `capacity` characters.
    pub fn with_capacity(capacity: usize) -> Text {
        Text::Ucs1(Vec::with_capacity(capacity))
    }

    /// The number of code points.
    pub fn len(&self) -> usize {
        match self {
            Text::Ucs1(v) => v.len(),
            Text::Ucs2(v) => v.len(),
            Text::Ucs4(v) => v.len(),
        }
    }

    /// Whether there is no text yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes the width enough for `bound`, and room for `more` characters.
    fn prepare(&mut self, bound: u32, more: usize) {
        fn widened<A: Copy, B: From<A>>(from: &[A], capacity: usize) -> Vec<B> {
            let mut to = Vec::with_capacity(capacity);
            to.extend(from.iter().map(|&c| B::from(c)));
            to
        }
        let capacity = |v: usize, c: usize| c.max(v + more);
        *self = match self {
            Text::Ucs1(v) if bound >= 0x10000 => Text::Ucs4(widened(v, capacity(v.len(), v.capacity()))),
            Text::Ucs2(v) if bound >= 0x10000 => Text::Ucs4(widened(v, capacity(v.len(), v.capacity()))),
            Text::Ucs1(v) if bound >= 0x100 => Text::Ucs2(widened(v, capacity(v.len(), v.capacity()))),
            Text::Ucs1(v) => return v.reserve(more),
            Text::Ucs2(v) => return v.reserve(more),
            Text::Ucs4(v) => return v.reserve(more),
        };
    }
}

/// Adds room for `more` elements and gives it.
fn extended<T: Clone + Default>(v: &mut Vec<T>, more: usize) -> &mut [T] {
    let len = v.len();
    v.resize(len + more, T::default());
    &mut v[len..]
}

impl Output for Text {
    #[inline(always)]
    fn push(&mut self, ch: u32) {
        match self {
            Text::Ucs1(v) if ch < 0x100 => v.push(ch as u8),
            Text::Ucs2(v) if ch < 0x10000 => v.push(ch as u16),
            Text::Ucs4(v) => v.push(ch),
            _ => {
                self.prepare(ch, 1);
                self.push(ch);
            }
        }
    }

    fn text(&mut self, text: &str) {
        let (len, bound) = measure(text);
        if bound < 0x80 {
            return self.latin1(text.as_bytes());
        }
        self.prepare(bound, len);
        match self {
            Text::Ucs1(v) => fill(text, extended(v, len), |ch| ch as u8),
            Text::Ucs2(v) => fill(text, extended(v, len), |ch| ch as u16),
            Text::Ucs4(v) => fill(text, extended(v, len), |ch| ch),
        }
    }

    fn latin1(&mut self, bytes: &[u8]) {
        match self {
            Text::Ucs1(v) => v.extend_from_slice(bytes),
            Text::Ucs2(v) => v.extend(bytes.iter().map(|&b| b as u16)),
            Text::Ucs4(v) => v.extend(bytes.iter().map(|&b| b as u32)),
        }
    }

    fn units(&mut self, units: Units<'_>) {
        self.prepare(units.bound(), units.len());
        match self {
            Text::Ucs1(v) => units.fill(extended(v, units.len()), |u| u as u8),
            Text::Ucs2(v) => units.fill(extended(v, units.len()), |u| u),
            Text::Ucs4(v) => units.fill(extended(v, units.len()), |u| u as u32),
        }
    }
}
