//! Searching and cutting against simple models; methods of str, bytes and bytearray against recorded answers.

use super::{search, split};
use crate::types::dict::tests::with_python;
use crate::{
    Py, PyByteArray, PyBytes, PyDict, PyFloat, PyList, PyLong, PyObject, PyResult, PySlice, PyStr, PyTuple, Python, err,
};
use core::ops::Range;

/// A small generator of numbers, always the same ones.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n) as usize
    }

    fn text(&mut self, len: u64, letters: u64) -> Vec<u8> {
        (0..self.below(len)).map(|_| b'a' + self.below(letters) as u8).collect()
    }
}

fn naive_find(s: &[u8], needle: &[u8]) -> Option<usize> {
    (0..=s.len().checked_sub(needle.len())?).find(|&i| s[i..].starts_with(needle))
}

fn naive_rfind(s: &[u8], needle: &[u8]) -> Option<usize> {
    (0..=s.len().checked_sub(needle.len())?).rev().find(|&i| s[i..].starts_with(needle))
}

fn naive_count(s: &[u8], needle: &[u8]) -> usize {
    let (mut n, mut at) = (0, 0);
    while let Some(i) = naive_find(&s[at..], needle) {
        n += 1;
        at += i + needle.len();
    }
    n
}

fn wide(s: &[u8]) -> (Vec<u16>, Vec<u32>) {
    (s.iter().map(|&c| c as u16 + 0x300).collect(), s.iter().map(|&c| c as u32 + 0x1_0000).collect())
}

#[test]
fn searching() {
    let mut r = Random(1);
    for round in 0..20_000 {
        let letters = 1 + round % 3;
        let s = r.text(if round % 10 == 0 { 400 } else { 40 }, letters);
        let needle = r.text(if round % 7 == 0 { 60 } else { 6 }, letters);
        let expected = (naive_find(&s, &needle), naive_rfind(&s, &needle));
        assert_eq!((search::find(&s, &needle), search::rfind(&s, &needle)), expected, "{s:?} {needle:?}");
        let ((s2, s4), (n2, n4)) = (wide(&s), wide(&needle));
        assert_eq!((search::find(&s2, &n2), search::rfind(&s2, &n2)), expected, "{s:?} {needle:?}");
        assert_eq!((search::find(&s4, &n4), search::rfind(&s4, &n4)), expected, "{s:?} {needle:?}");
        if !needle.is_empty() {
            let n = naive_count(&s, &needle);
            assert_eq!(search::count(&s, &needle, usize::MAX), n);
            assert_eq!(search::count(&s2, &n2, usize::MAX), n);
            assert_eq!(search::count(&s4, &n4, 2), n.min(2));
        }
    }
}

#[test]
fn searching_is_linear() {
    // Texts on which comparing at each place takes a square number of steps.
    let n = 200_000usize;
    let s: Vec<u32> = vec![0x1_0000; n];
    let mut needle: Vec<u32> = vec![0x1_0000; n / 2];
    needle[0] = 0x1_0001;
    assert_eq!(search::find(&s, &needle), None);
    needle[0] = 0x1_0000;
    needle[n / 4] = 0x1_0001;
    assert_eq!(search::find(&s, &needle), None);
    assert_eq!(search::rfind(&s, &needle), None);
    let mut s = s;
    s[n - 10] = 0x1_0001;
    assert_eq!(search::count(&s, &needle, usize::MAX), 0);
}

fn pieces(f: impl FnOnce(&mut dyn FnMut(Range<usize>) -> Result<(), ()>) -> Result<(), ()>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    f(&mut |r| {
        out.push(r);
        Ok(())
    })
    .expect("no piece is refused");
    out
}

#[test]
fn cutting() {
    let mut r = Random(2);
    for _ in 0..5_000 {
        let s = r.text(30, 2);
        let sep = loop {
            let sep = r.text(4, 2);
            if !sep.is_empty() {
                break sep;
            }
        };
        let text = core::str::from_utf8(&s).expect("letters");
        let sep_text = core::str::from_utf8(&sep).expect("letters");
        let show = |ranges: Vec<Range<usize>>| ranges.into_iter().map(|r| &text[r]).collect::<Vec<_>>();
        let max = r.below(5);
        assert_eq!(show(pieces(|f| split::by(&s, &sep, max, f))), text.splitn(max + 1, sep_text).collect::<Vec<_>>());
        assert_eq!(show(pieces(|f| split::rby(&s, &sep, max, f))), text.rsplitn(max + 1, sep_text).collect::<Vec<_>>());
        let blank = |c: u8| c == b'a';
        let words: Vec<&str> = text.split('a').filter(|w| !w.is_empty()).collect();
        assert_eq!(show(pieces(|f| split::by_space(&s, usize::MAX, blank, f))), words);
        let mut back = show(pieces(|f| split::rby_space(&s, usize::MAX, blank, f)));
        back.reverse();
        assert_eq!(back, words);
        assert_eq!(&text[split::strip(&s, true, true, blank)], text.trim_matches('a'));
    }
}

/// Reads Python literals, and calls of `bytearray`, `slice` and `float`.
struct Literals<'a, 'py> {
    py: Python<'py>,
    text: &'a [u8],
    at: usize,
}

impl Literals<'_, '_> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn accept(&mut self, word: &str) -> bool {
        let hit = self.text[self.at..].starts_with(word.as_bytes());
        self.at += if hit { word.len() } else { 0 };
        hit
    }

    fn items(&mut self, close: &str) -> PyResult<Vec<Py>> {
        let mut items = Vec::new();
        while !self.accept(close) {
            items.push(self.value()?);
            self.accept(": ");
            self.accept(",");
            self.accept(" ");
        }
        Ok(items)
    }

    fn string(&mut self) -> Vec<u32> {
        let quote = self.peek();
        self.at += 1;
        let mut out = Vec::new();
        while self.peek() != quote {
            let c = self.peek();
            self.at += 1;
            if c != b'\\' {
                out.push(c as u32);
                continue;
            }
            let letter = self.peek();
            self.at += 1;
            let digits = match letter {
                b'x' => 2,
                b'u' => 4,
                b'U' => 8,
                _ => 0,
            };
            out.push(match letter {
                b'n' => 10,
                b'r' => 13,
                b't' => 9,
                _ if digits > 0 => {
                    let text = core::str::from_utf8(&self.text[self.at..self.at + digits]).expect("digits");
                    self.at += digits;
                    u32::from_str_radix(text, 16).expect("digits")
                }
                c => c as u32,
            });
        }
        self.at += 1;
        out
    }

    fn value(&mut self) -> PyResult {
        let py = self.py;
        match self.peek() {
            b'\'' | b'"' => Ok(PyStr::from_ucs4(py, &self.string())?.into_object()),
            b'b' if matches!(self.text[self.at + 1], b'\'' | b'"') => {
                self.at += 1;
                let bytes: Vec<u8> = self.string().into_iter().map(|c| c as u8).collect();
                Ok(PyBytes::new(py, &bytes)?.into_object())
            }
            b'(' => {
                self.at += 1;
                let items = self.items(")")?;
                Ok(PyTuple::from_vec(py, items)?.into_object())
            }
            b'[' => {
                self.at += 1;
                let items = self.items("]")?;
                Ok(PyList::from_vec(py, items)?.into_object())
            }
            b'{' => {
                self.at += 1;
                let dict = PyDict::new(py)?;
                for pair in self.items("}")?.chunks(2) {
                    dict.set(py, &pair[0], &pair[1])?;
                }
                Ok(dict.into_object())
            }
            _ if self.accept("None") => Ok(py.none()),
            _ if self.accept("True") => Ok(py.bool(true)),
            _ if self.accept("False") => Ok(py.bool(false)),
            _ if self.accept("bytearray(") => {
                let items = self.items(")")?;
                let bytes = items[0].downcast::<PyBytes>().map(|b| b.as_slice().to_vec()).unwrap_or_default();
                Ok(PyByteArray::new(py, &bytes)?.into_object())
            }
            _ if self.accept("slice(") => {
                let items = self.items(")")?;
                Ok(PySlice::new(py, &items[0], &items[1], &items[2])?.into_object())
            }
            _ => {
                let rest = &self.text[self.at..];
                let n = rest.iter().take_while(|c| c.is_ascii_alphanumeric() || b"+-.".contains(c)).count();
                let text = core::str::from_utf8(&rest[..n]).expect("a number");
                self.at += n;
                if text.bytes().all(|c| c.is_ascii_digit() || c == b'-') {
                    return Ok(PyLong::parse(py, text, 10)?.into_object());
                }
                Ok(PyFloat::new(py, text.parse().expect("a float"))?.into_object())
            }
        }
    }
}

pub(crate) fn read(py: Python, text: &str) -> PyResult {
    Literals { py, text: text.as_bytes(), at: 0 }.value()
}

/// What a call gives, in the form of the record.
fn answer(py: Python, receiver: &PyObject, method: &str, args: &PyTuple, kwargs: &PyDict) -> String {
    let call = || -> PyResult<String> {
        let result = receiver.getattr(py, &*PyStr::intern(py, method)?)?.call_tuple(
            py,
            args,
            (kwargs.len() > 0).then_some(kwargs),
        )?;
        Ok(format!("= {}", result.ascii(py)?.to_string_lossy()))
    };
    call().unwrap_or_else(|_| raised(py))
}

/// What was raised, in the form of the record.
pub(crate) fn raised(py: Python) -> String {
    let shown = || -> PyResult<String> {
        let Some(exc) = err::take(py) else { return Ok("no exception".into()) };
        let text = exc.str(py)?.ascii(py)?.to_string_lossy().into_owned();
        Ok(format!("! {}: {}", exc.as_object().ty().name(), &text[1..text.len() - 1]))
    };
    shown().unwrap_or_else(|_| "an exception without a text".into())
}

#[test]
fn recorded_answers() {
    with_python(|py| {
        let (mut wrong, mut all) = (Vec::new(), 0);
        for line in include_str!("recorded.txt").lines() {
            let [receiver, method, args, kwargs, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("a line of five fields: {line}");
            };
            let (receiver, args, kwargs) = (read(py, receiver)?, read(py, args)?, read(py, kwargs)?);
            let (Some(args), Some(kwargs)) = (args.downcast::<PyTuple>(), kwargs.downcast::<PyDict>()) else {
                panic!("a tuple and a dict: {line}");
            };
            let given = answer(py, &receiver, method, args, kwargs);
            all += 1;
            if given != expected {
                wrong.push(format!("{line}\n    {given}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {all} differ:\n{}", wrong.len(), wrong[..wrong.len().min(80)].join("\n"));
        Ok(())
    });
}
