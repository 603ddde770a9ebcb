//! `IncrementalNewlineDecoder`, and the search for the ends of lines.

use core::cell::Cell;
use taipan_object::types::str_::new::CodeUnit;
use taipan_object::{
    Py, PyBytes, PyClass, PyDict, PyLong, PyObject, PyResult, PyStr, PyTuple, PyType, Python, Slot, StrBuilder,
    StrData, Trace, id, pyclass, raise, with_chars,
};

const CR: u8 = 1;
const LF: u8 = 2;
const CRLF: u8 = 4;

/// Search for a character; fast where characters are bytes.
pub trait Find: CodeUnit {
    fn find(chars: &[Self], wanted: u8) -> Option<usize>;
    fn find2(chars: &[Self], a: u8, b: u8) -> Option<usize>;
}
impl Find for u8 {
    #[inline]
    fn find(chars: &[u8], wanted: u8) -> Option<usize> {
        memchr::memchr(wanted, chars)
    }
    #[inline]
    fn find2(chars: &[u8], a: u8, b: u8) -> Option<usize> {
        memchr::memchr2(a, b, chars)
    }
}
impl Find for u16 {
    fn find(chars: &[u16], wanted: u8) -> Option<usize> {
        chars.iter().position(|&c| c == wanted.into())
    }
    fn find2(chars: &[u16], a: u8, b: u8) -> Option<usize> {
        chars.iter().position(|&c| c == a.into() || c == b.into())
    }
}
impl Find for u32 {
    fn find(chars: &[u32], wanted: u8) -> Option<usize> {
        chars.iter().position(|&c| c == wanted.into())
    }
    fn find2(chars: &[u32], a: u8, b: u8) -> Option<usize> {
        chars.iter().position(|&c| c == a.into() || c == b.into())
    }
}

/// The `newline` argument of text streams.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Newline {
    /// Not given: universal, translated.
    None,
    /// `''`: universal, left as they are.
    Empty,
    Lf,
    Cr,
    CrLf,
}

impl Newline {
    /// By its text; `None` if it is none.
    pub fn parse(text: Option<&PyStr>) -> Option<Newline> {
        let Some(text) = text else { return Some(Newline::None) };
        Some(match &*text.to_string_lossy() {
            "" => Newline::Empty,
            "\n" => Newline::Lf,
            "\r" => Newline::Cr,
            "\r\n" => Newline::CrLf,
            _ => return None,
        })
    }
    pub fn universal(self) -> bool {
        matches!(self, Newline::None | Newline::Empty)
    }
    /// All ends are translated to `\n` in reading.
    pub fn translates(self) -> bool {
        self == Newline::None
    }
    /// What `\n` becomes in writing, if anything else.
    pub fn written(self) -> Option<&'static str> {
        match self {
            Newline::Cr => Some("\r"),
            Newline::CrLf => Some("\r\n"),
            _ => None,
        }
    }
    /// Its text; None if it was not given.
    pub fn text(self) -> Option<&'static str> {
        match self {
            Newline::None => None,
            Newline::Empty => Some(""),
            Newline::Lf => Some("\n"),
            Newline::Cr => Some("\r"),
            Newline::CrLf => Some("\r\n"),
        }
    }
}

/// Does the text have the character?
pub fn contains(text: &PyStr, wanted: u8) -> bool {
    with_chars!(text.data(), s => Find::find(s, wanted)).is_some()
}

/// Where the line that begins at `start` ends, its newline included. `Err`: not before that position, from where to look
/// again once there is more text.
#[inline]
pub fn line_end(text: &PyStr, start: usize, newline: Newline) -> Result<usize, usize> {
    with_chars!(text.data(), s => line_end_in(s, start, newline))
}

/// As [`line_end`] in characters of any width.
#[inline]
pub fn line_end_in<T: Find>(chars: &[T], start: usize, newline: Newline) -> Result<usize, usize> {
    let n = chars.len();
    let rest = &chars[start.min(n)..];
    match newline {
        Newline::None | Newline::Lf => T::find(rest, b'\n').map(|i| start + i + 1).ok_or(n),
        Newline::Cr => T::find(rest, b'\r').map(|i| start + i + 1).ok_or(n),
        Newline::Empty => {
            let i = start + T::find2(rest, b'\n', b'\r').ok_or(n)?;
            // The decoder keeps a `\r` back until it knows what comes after it.
            let pair = chars[i].into() == u32::from(b'\r') && i + 1 < n && chars[i + 1].into() == u32::from(b'\n');
            Ok(i + 1 + pair as usize)
        }
        Newline::CrLf => {
            let mut at = start;
            loop {
                let i = at + T::find(&chars[at.min(n)..], b'\r').ok_or(n)?;
                match chars.get(i + 1) {
                    None => return Err(i),
                    Some(&c) if c.into() == u32::from(b'\n') => return Ok(i + 2),
                    Some(_) => at = i + 1,
                }
            }
        }
    }
}

/// Notes which ends of lines there are.
fn note<T: Find>(chars: &[T], seen: &mut u8) {
    let mut at = 0;
    while *seen != CR | LF | CRLF {
        let Some(i) = T::find2(&chars[at..], b'\n', b'\r') else { return };
        let i = at + i;
        if chars[i].into() == u32::from(b'\n') {
            *seen |= LF;
            at = i + 1;
        } else if chars.get(i + 1).is_some_and(|&c| c.into() == u32::from(b'\n')) {
            *seen |= CRLF;
            at = i + 2;
        } else {
            *seen |= CR;
            at = i + 1;
        }
    }
}

/// The characters with all ends of lines as `\n`, noting which there were.
fn translated<T: Find>(chars: &[T], seen: &mut u8) -> Vec<T> {
    note(chars, seen);
    let mut out = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(i) = T::find(&chars[at..], b'\r') {
        let i = at + i;
        out.extend_from_slice(&chars[at..i]);
        out.push(T::from_u32(b'\n'.into()));
        at = i + 1 + chars.get(i + 1).is_some_and(|&c| c.into() == u32::from(b'\n')) as usize;
    }
    out.extend_from_slice(&chars[at..]);
    out
}

/// Text with `\n` replaced.
pub fn replace_lf(py: Python, text: &PyStr, by: &str) -> PyResult<Py<PyStr>> {
    fn parts<T: Find>(chars: &[T], by: &str) -> Vec<T> {
        let mut out = Vec::with_capacity(chars.len() + chars.len() / 16);
        let mut at = 0;
        while let Some(i) = T::find(&chars[at..], b'\n') {
            out.extend_from_slice(&chars[at..at + i]);
            out.extend(by.bytes().map(|b| T::from_u32(b.into())));
            at += i + 1;
        }
        out.extend_from_slice(&chars[at..]);
        out
    }
    with_chars!(text.data(), s => PyStr::from_units(py, &parts(s, by)))
}

#[derive(Trace)]
#[repr(C)]
pub struct PyIncrementalNewlineDecoder {
    pub ob_base: PyObject,
    /// Empty: not initialised.
    decoder: Slot,
    errors: Slot,
    pending_cr: Cell<bool>,
    translate: Cell<bool>,
    seen: Cell<u8>,
}

/// TypeError unless a decoder gave text.
pub fn decoded_text(py: Python, result: Py) -> PyResult<Py<PyStr>> {
    result.downcast_into::<PyStr>().map_err(|other| {
        raise!(py, TypeError, "decoder should return a string result, not '{:.200}'", other.ty().full_name())
    })
}

impl PyIncrementalNewlineDecoder {
    /// A decoder around another (None: what comes is text already).
    pub fn new(py: Python, decoder: &PyObject, translate: bool) -> PyResult<Py<PyIncrementalNewlineDecoder>> {
        PyIncrementalNewlineDecoder::alloc_exact(py, |head| PyIncrementalNewlineDecoder {
            ob_base: head,
            decoder: Slot::some(Py::new_ref(decoder)),
            errors: Slot::some(Py::new_ref(id!(py, "strict")).into_object()),
            pending_cr: Cell::new(false),
            translate: Cell::new(translate),
            seen: Cell::new(0),
        })
    }

    fn inner(&self, py: Python) -> PyResult<Py> {
        self.decoder.get().ok_or_else(|| raise!(py, ValueError, "IncrementalNewlineDecoder.__init__() not called"))
    }

    /// `decode(input, final)`.
    pub fn decode_input(&self, py: Python, input: &PyObject, last: bool) -> PyResult<Py<PyStr>> {
        let decoder = self.inner(py)?;
        let output = if decoder.is_none() {
            Py::new_ref(input)
        } else {
            decoder.call_method(py, id!(py, "decode"), &[input, &py.bool(last)])?
        };
        self.treat(py, decoded_text(py, output)?, last)
    }

    /// Treats the ends of lines in text.
    pub fn treat(&self, py: Python, mut text: Py<PyStr>, last: bool) -> PyResult<Py<PyStr>> {
        if self.pending_cr.get() && (last || text.len() > 0) {
            let mut b = StrBuilder::with_capacity(text.len() + 1);
            b.push_char('\r'.into());
            b.push_pystr(&text);
            text = b.finish(py)?;
            self.pending_cr.set(false);
        }
        // A `\r` at the end may be half of `\r\n`: it waits, so that the pair is never taken apart.
        if !last && text.len() > 0 && text.char_at(text.len() - 1) == u32::from(b'\r') {
            text = text.substring(py, 0, text.len() - 1)?;
            self.pending_cr.set(true);
        }
        if text.len() == 0 {
            return Ok(text);
        }
        let mut seen = self.seen.get();
        // Nothing but `\n`, as a rule.
        if !contains(&text, b'\r') {
            if seen & LF == 0 && contains(&text, b'\n') {
                self.seen.set(seen | LF);
            }
            return Ok(text);
        }
        let result = if !self.translate.get() {
            with_chars!(text.data(), s => note(s, &mut seen));
            text
        } else {
            match text.data() {
                StrData::Ascii(s) => PyStr::from_ascii(py, &translated(s, &mut seen))?,
                StrData::Latin1(s) => PyStr::from_units(py, &translated(s, &mut seen))?,
                StrData::Ucs2(s) => PyStr::from_units(py, &translated(s, &mut seen))?,
                StrData::Ucs4(s) => PyStr::from_units(py, &translated(s, &mut seen))?,
            }
        };
        self.seen.set(seen);
        Ok(result)
    }

    /// The `newlines` attribute.
    pub fn seen_newlines(&self, py: Python) -> PyResult {
        let kinds: Vec<&PyObject> = [(CR, id!(py, "\r")), (LF, id!(py, "\n")), (CRLF, id!(py, "\r\n"))]
            .into_iter()
            .filter(|(kind, _)| self.seen.get() & kind != 0)
            .map(|(_, text)| -> &PyObject { text })
            .collect();
        Ok(match kinds[..] {
            [] => py.none(),
            [one] => Py::new_ref(one),
            _ => PyTuple::from_slice(py, &kinds)?.into_object(),
        })
    }
}

/// Codec used when reading a file in universal newlines mode.
///
/// It wraps another incremental decoder, translating \r\n and \r into \n.
/// It also records the types of newlines encountered.  When used with
/// translate=False, it ensures that the newline sequence is returned in
/// one piece. When used with decoder=None, it expects unicode strings as
/// decode input and translates newlines without first invoking an external
/// decoder.
#[pyclass(name = "_io.IncrementalNewlineDecoder", flags(GC, BASETYPE, IMMUTABLETYPE))]
impl PyIncrementalNewlineDecoder {
    fn tp_new(
        py: Python,
        cls: &PyType,
        args: &PyTuple,
        kwargs: Option<&PyDict>,
    ) -> PyResult<Py<PyIncrementalNewlineDecoder>> {
        let _ = (args, kwargs);
        PyIncrementalNewlineDecoder::alloc(py, cls, |head| PyIncrementalNewlineDecoder {
            ob_base: head,
            decoder: Slot::empty(),
            errors: Slot::empty(),
            pending_cr: Cell::new(false),
            translate: Cell::new(false),
            seen: Cell::new(0),
        })
    }

    #[signature("(decoder, translate, errors='strict')")]
    fn tp_init(&self, py: Python, decoder: &PyObject, translate: bool, errors: Option<&PyObject>) -> PyResult<()> {
        self.decoder.set(Some(Py::new_ref(decoder)));
        let errors = errors.map_or_else(|| Py::new_ref(id!(py, "strict")).into_object(), Py::new_ref);
        self.errors.set(Some(errors));
        self.translate.set(translate);
        self.seen.set(0);
        self.pending_cr.set(false);
        Ok(())
    }

    #[method]
    #[signature("(self, /, input, final=False)")]
    fn decode(&self, py: Python, input: &PyObject, r#final: bool) -> PyResult<Py<PyStr>> {
        self.decode_input(py, input, r#final)
    }

    #[method]
    fn getstate(&self, py: Python) -> PyResult<Py<PyTuple>> {
        let decoder = self.inner(py)?;
        let (buffer, flag) = if decoder.is_none() {
            (PyBytes::new(py, b"")?.into_object(), 0)
        } else {
            let state = decoder.call_method0(py, id!(py, "getstate"))?;
            state_parts(py, &state, "illegal decoder state")?
        };
        let flag = PyLong::from_u64(py, flag << 1 | self.pending_cr.get() as u64)?;
        PyTuple::from_slice(py, &[&buffer, flag.as_object()])
    }

    #[method]
    #[signature("(self, state, /)")]
    fn setstate(&self, py: Python, state: &PyObject) -> PyResult {
        let decoder = self.inner(py)?;
        if state.downcast::<PyTuple>().is_none() {
            return Err(raise!(py, TypeError, "state argument must be a tuple"));
        }
        let (buffer, flag) = state_parts(py, state, "setstate(): illegal state argument")?;
        self.pending_cr.set(flag & 1 != 0);
        if decoder.is_none() {
            return Ok(py.none());
        }
        let flag = PyLong::from_u64(py, flag >> 1)?;
        let inner = PyTuple::from_slice(py, &[&buffer, flag.as_object()])?;
        decoder.call_method1(py, id!(py, "setstate"), inner.as_object())
    }

    #[method]
    fn reset(&self, py: Python) -> PyResult {
        let decoder = self.inner(py)?;
        self.seen.set(0);
        self.pending_cr.set(false);
        if decoder.is_none() { Ok(decoder) } else { decoder.call_method0(py, id!(py, "reset")) }
    }

    #[getter]
    fn newlines(&self, py: Python) -> PyResult {
        self.inner(py)?;
        self.seen_newlines(py)
    }
}

/// Buffer and flags of a decoder's state.
fn state_parts(py: Python, state: &PyObject, complaint: &str) -> PyResult<(Py, u64)> {
    match state.downcast::<PyTuple>() {
        Some(t) if t.len() == 2 => {
            let Some(flag) = t.get(1).downcast::<PyLong>() else {
                return Err(raise!(py, TypeError, "{complaint}"));
            };
            Ok((Py::new_ref(t.get(0)), flag.as_u64_mask()))
        }
        _ => Err(raise!(py, TypeError, "{complaint}")),
    }
}
