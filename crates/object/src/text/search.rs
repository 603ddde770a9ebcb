//! Substring search: `memchr`'s for one-byte characters, a scan backed by the two-way algorithm for wider ones.

use crate::types::str_::new::CodeUnit;
use core::cell::OnceCell;

/// A character that can be searched for.
pub trait Unit: CodeUnit + Ord {
    /// A needle made ready to be looked for many times.
    type Finder<'n>: Find<Self>;

    /// Makes a needle ready.
    fn finder(needle: &[Self]) -> Self::Finder<'_>;
    /// Where the character first occurs.
    fn position(self, s: &[Self]) -> Option<usize>;
    /// Where the character last occurs.
    fn rposition(self, s: &[Self]) -> Option<usize>;
    /// How often the character occurs.
    fn occurrences(self, s: &[Self]) -> usize;
    /// Where `needle`, at least two characters long, last occurs.
    fn rfind_long(s: &[Self], needle: &[Self]) -> Option<usize>;
}

/// A needle made ready.
pub trait Find<T> {
    /// Where the needle first occurs.
    fn find(&self, s: &[T]) -> Option<usize>;
}

impl Unit for u8 {
    type Finder<'n> = memchr::memmem::Finder<'n>;

    fn finder(needle: &[u8]) -> memchr::memmem::Finder<'_> {
        memchr::memmem::Finder::new(needle)
    }
    #[inline]
    fn position(self, s: &[u8]) -> Option<usize> {
        memchr::memchr(self, s)
    }
    #[inline]
    fn rposition(self, s: &[u8]) -> Option<usize> {
        memchr::memrchr(self, s)
    }
    fn occurrences(self, s: &[u8]) -> usize {
        memchr::memchr_iter(self, s).count()
    }
    fn rfind_long(s: &[u8], needle: &[u8]) -> Option<usize> {
        memchr::memmem::rfind(s, needle)
    }
}

impl Find<u8> for memchr::memmem::Finder<'_> {
    #[inline]
    fn find(&self, s: &[u8]) -> Option<usize> {
        memchr::memmem::Finder::find(self, s)
    }
}

macro_rules! wide {
    ($($t:ty),*) => {$(
        impl Unit for $t {
            type Finder<'n> = WideFinder<'n, $t>;

            fn finder(needle: &[$t]) -> WideFinder<'_, $t> {
                WideFinder { needle, two_way: OnceCell::new() }
            }
            fn position(self, s: &[$t]) -> Option<usize> {
                wide_position(s, self)
            }
            fn rposition(self, s: &[$t]) -> Option<usize> {
                // Whole blocks without a hit are passed by; the compiler makes vector instructions of the test.
                let mut end = s.len();
                for block in s.rchunks_exact(BLOCK) {
                    if block.iter().fold(false, |hit, &c| hit | (c == self)) {
                        break;
                    }
                    end -= BLOCK;
                }
                s[..end].iter().rposition(|&c| c == self)
            }
            fn occurrences(self, s: &[$t]) -> usize {
                s.iter().filter(|&&c| c == self).count()
            }
            fn rfind_long(s: &[$t], needle: &[$t]) -> Option<usize> {
                wide_rfind(s, needle)
            }
        }
    )*};
}
wide!(u16, u32);

const BLOCK: usize = 16;

fn wide_position<T: Copy + PartialEq>(s: &[T], c: T) -> Option<usize> {
    let mut at = 0;
    for block in s.chunks_exact(BLOCK) {
        if block.iter().fold(false, |hit, &x| hit | (x == c)) {
            break;
        }
        at += BLOCK;
    }
    s[at..].iter().position(|&x| x == c).map(|i| at + i)
}

/// How many characters of false starts are borne, for each character passed by, before the two-way algorithm takes over.
const PATIENCE: usize = 4;

/// A needle of wide characters. Its first character is scanned for, which is fastest for ordinary text; where that
/// leads to much comparing in vain, the two-way algorithm takes over, so that the time is linear in all cases.
pub struct WideFinder<'n, T> {
    needle: &'n [T],
    two_way: OnceCell<TwoWay>,
}

impl<T: Copy + Ord> Find<T> for WideFinder<'_, T> {
    fn find(&self, s: &[T]) -> Option<usize> {
        let needle = self.needle;
        let Some((&first, rest)) = needle.split_first() else { return Some(0) };
        let last = s.len().checked_sub(needle.len())?;
        let (mut at, mut wasted) = (0, 0);
        while at <= last {
            at += wide_position(&s[at..=last], first)?;
            let tail = &s[at + 1..at + needle.len()];
            let same = tail.iter().zip(rest).take_while(|(a, b)| a == b).count();
            if same == rest.len() {
                return Some(at);
            }
            wasted += same + 1;
            at += 1;
            if wasted > 64 + PATIENCE * at {
                return self.two_way.get_or_init(|| TwoWay::new(needle)).find(needle, &s[at..]).map(|i| at + i);
            }
        }
        None
    }
}

fn wide_rfind<T: Unit>(s: &[T], needle: &[T]) -> Option<usize> {
    let &first = needle.first()?;
    // The places where the needle may begin.
    let mut end = (s.len() + 1).checked_sub(needle.len())?;
    let (all, mut wasted) = (end, 0);
    while let Some(at) = first.rposition(&s[..end]) {
        let same = s[at..].iter().zip(needle).take_while(|(a, b)| a == b).count();
        if same >= needle.len() {
            return Some(at);
        }
        wasted += same;
        end = at;
        if wasted > 64 + PATIENCE * (all - end) {
            // Seldom enough for copies: the same from front to back.
            let back = |s: &[T]| s.iter().rev().copied().collect::<Vec<T>>();
            let (s, needle) = (back(&s[..end + needle.len() - 1]), back(needle));
            let at = TwoWay::new(&needle).find(&needle, &s)?;
            return Some(s.len() - at - needle.len());
        }
    }
    None
}

/// The two-way algorithm of Crochemore and Perrin: the needle is cut where its local period is its period; the right part
/// is compared first, forwards, then the left part.
struct TwoWay {
    cut: usize,
    period: usize,
    /// The period is that of the whole needle, so that after a match of the right part something is known already.
    periodic: bool,
}

impl TwoWay {
    fn new<T: Ord>(needle: &[T]) -> TwoWay {
        let (a, b) = (maximal_suffix(needle, false), maximal_suffix(needle, true));
        let (cut, period) = if a.0 > b.0 { a } else { b };
        let periodic = cut + period <= needle.len() && needle[..cut] == needle[period..period + cut];
        let period = if periodic { period } else { cut.max(needle.len() - cut) + 1 };
        TwoWay { cut, period, periodic }
    }

    fn find<T: PartialEq>(&self, needle: &[T], s: &[T]) -> Option<usize> {
        let n = needle.len();
        let (mut at, mut known) = (0, 0);
        while at + n <= s.len() {
            let window = &s[at..at + n];
            let from = self.cut.max(known);
            let right = window[from..].iter().zip(&needle[from..]).take_while(|(a, b)| a == b).count();
            if from + right < n {
                at += from + right - self.cut + 1;
                known = 0;
                continue;
            }
            let to = known.min(self.cut);
            if window[to..self.cut] == needle[to..self.cut] {
                return Some(at);
            }
            at += self.period;
            known = if self.periodic { n - self.period } else { 0 };
        }
        None
    }
}

/// Where the greatest suffix begins, by the order of the characters or its reverse, and its period.
fn maximal_suffix<T: Ord>(needle: &[T], reversed: bool) -> (usize, usize) {
    let (mut left, mut right, mut matched, mut period) = (0, 1, 0, 1);
    while right + matched < needle.len() {
        let order = needle[right + matched].cmp(&needle[left + matched]);
        match if reversed { order.reverse() } else { order } {
            core::cmp::Ordering::Less => {
                right += matched + 1;
                matched = 0;
                period = right - left;
            }
            core::cmp::Ordering::Equal if matched + 1 == period => {
                right += period;
                matched = 0;
            }
            core::cmp::Ordering::Equal => matched += 1,
            core::cmp::Ordering::Greater => {
                left = right;
                right += 1;
                matched = 0;
                period = 1;
            }
        }
    }
    (left, period)
}

/// Where `needle` first occurs in `s`.
pub fn find<T: Unit>(s: &[T], needle: &[T]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [c] => c.position(s),
        _ if needle.len() > s.len() => None,
        _ => T::finder(needle).find(s),
    }
}

/// Where `needle` last occurs in `s`.
pub fn rfind<T: Unit>(s: &[T], needle: &[T]) -> Option<usize> {
    match needle {
        [] => Some(s.len()),
        [c] => c.rposition(s),
        _ if needle.len() > s.len() => None,
        _ => T::rfind_long(s, needle),
    }
}

/// How often `needle` occurs in `s` without overlapping, up to `max`. An empty one does between all characters.
pub fn count<T: Unit>(s: &[T], needle: &[T], max: usize) -> usize {
    match needle {
        [] => (s.len() + 1).min(max),
        [c] if max >= s.len() => c.occurrences(s),
        _ => {
            let mut n = 0;
            each(s, needle, max, |_| n += 1);
            n
        }
    }
}

/// Calls `f` with the place of each occurrence of `needle`, which is not empty, without overlapping, up to `max`.
pub fn each<T: Unit>(s: &[T], needle: &[T], max: usize, mut f: impl FnMut(usize)) {
    if needle.len() > s.len() {
        return;
    }
    let (mut at, mut n) = (0, 0);
    if let [c] = needle {
        while n < max {
            let Some(i) = c.position(&s[at..]) else { return };
            f(at + i);
            at += i + 1;
            n += 1;
        }
        return;
    }
    let finder = T::finder(needle);
    while n < max {
        let Some(i) = finder.find(&s[at..]) else { return };
        f(at + i);
        at += i + needle.len();
        n += 1;
    }
}

/// True if `s` and `other`, of the same length, are equal: as `==` of slices.
#[inline]
pub fn starts_with_at<T: PartialEq>(s: &[T], at: usize, other: &[T]) -> bool {
    s.get(at..at + other.len()) == Some(other)
}
