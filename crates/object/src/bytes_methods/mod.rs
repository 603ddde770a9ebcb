//! What `bytes` and `bytearray` have in common: their methods over `&[u8]`. [`byte_methods`] declares a class with them.
//!
//! Arguments are converted first, which may run Python code; only then the object's own bytes are looked at, which
//! nothing changes until the method is done.

pub mod arg;
pub mod format;
pub mod hex;
pub mod ops;

pub use arg::{Arg, Needle};

use crate::{Py, PyLayout, PyObject, PyResult, Python};

/// A class of bytes.
pub trait ByteSeq: PyLayout + Sized + 'static {
    /// The class's name in messages.
    const NAME: &'static str;
    /// Runs `f` on the contents; it must not run Python code.
    fn view<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R;
    /// A new object of exactly the class.
    fn make(py: Python, bytes: &[u8]) -> PyResult<Py<Self>>;
    /// The same contents: the object itself, if it cannot change and is of exactly the class.
    fn unchanged(&self, py: Python) -> PyResult<Py<Self>>;
    fn as_object(&self) -> &PyObject;
}

/// Declares `bytes` or `bytearray`: a head for `#[pyclass]`, the class's own functions, and the shared methods.
macro_rules! byte_methods {
    ({ $(#[$head:meta])* } impl $ty:ident { $($own:tt)* }) => {
        $(#[$head])*
        impl $ty {
            $($own)*

            fn sq_length(&self, _py: Python) -> PyResult<isize> {
                Ok(self.view(|s| s.len()) as isize)
            }

            fn mp_length(&self, _py: Python) -> PyResult<isize> {
                Ok(self.view(|s| s.len()) as isize)
            }

            fn sq_contains(&self, py: Python, item: &PyObject) -> PyResult<bool> {
                ops::contains(py, self, item)
            }

            fn nb_remainder(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
                match a.downcast::<$ty>() {
                    Some(this) => $crate::bytes_methods::format::remainder(py, this, b),
                    None => Ok(py.not_implemented()),
                }
            }

            /// B.capitalize() -> copy of B
            ///
            /// Return a copy of B with only its first character capitalized (ASCII)
            /// and the rest lower-cased.
            #[method]
            #[signature("(self, /)")]
            fn capitalize(&self, py: Python) -> PyResult<Py<$ty>> {
                ops::capitalize(py, self)
            }

            /// Return a centered string of length width.
            ///
            /// Padding is done using the specified fill character.
            #[method]
            #[signature("(self, width, fillchar=b' ', /)")]
            fn center(&self, py: Python, width: isize, fillchar: Option<&PyObject>) -> PyResult<Py<$ty>> {
                let fill = ops::fill_byte(py, "center", fillchar)?;
                ops::center(py, self, width, fill)
            }

            /// Return the number of non-overlapping occurrences of subsection 'sub' in bytes B[start:end].
            ///
            ///   start
            ///     Optional start position. Default: start of the bytes.
            ///   end
            ///     Optional stop position. Default: end of the bytes.
            #[method]
            #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
            fn count(
                &self,
                py: Python,
                sub: &PyObject,
                start: Option<&PyObject>,
                end: Option<&PyObject>,
            ) -> PyResult<usize> {
                ops::count(py, self, sub, start, end)
            }

            /// Decode the bytes using the codec registered for encoding.
            ///
            ///   encoding
            ///     The encoding with which to decode the bytes.
            ///   errors
            ///     What to do about bytes that cannot be decoded. The default, 'strict',
            ///     raises a UnicodeDecodeError. Others are 'ignore' and 'replace' and
            ///     every name registered with codecs.register_error that can deal with
            ///     a UnicodeDecodeError.
            #[method]
            #[signature("(self, /, encoding='utf-8', errors='strict')")]
            fn decode(&self, py: Python, encoding: Option<&str>, errors: Option<&str>) -> PyResult<Py<PyStr>> {
                $crate::codecs::decode_buffer(py, self, encoding, errors)
            }

            /// Return True if the bytes ends with the specified suffix, False otherwise.
            ///
            ///   suffix
            ///     A bytes or a tuple of bytes to try.
            ///   start
            ///     Optional start position. Default: start of the bytes.
            ///   end
            ///     Optional stop position. Default: end of the bytes.
            #[method]
            #[signature("(self, suffix, start=None, end=None, /)", text = "($self, suffix[, start[, end]], /)")]
            fn endswith(
                &self,
                py: Python,
                suffix: &PyObject,
                start: Option<&PyObject>,
                end: Option<&PyObject>,
            ) -> PyResult<bool> {
                ops::tail_match(py, self, suffix, start, end, true)
            }

            /// Return a copy where all tab characters are expanded using spaces.
            ///
            /// If tabsize is not given, a tab size of 8 characters is assumed.
            #[method]
            #[signature("(self, /, tabsize=8)")]
            fn expandtabs(&self, py: Python, tabsize: i32) -> PyResult<Py<$ty>> {
                ops::expand_tabs(py, self, tabsize)
            }

            /// Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
            ///
            ///   start
            ///     Optional start position. Default: start of the bytes.
            ///   end
            ///     Optional stop position. Default: end of the bytes.
            ///
            /// Return -1 on failure.
            #[method]
            #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
            fn find(
                &self,
                py: Python,
                sub: &PyObject,
                start: Option<&PyObject>,
                end: Option<&PyObject>,
            ) -> PyResult<isize> {
                Ok(ops::find(py, self, sub, start, end, false)?.map_or(-1, |i| i as isize))
            }

            /// Create an object from a string of hexadecimal numbers.
            ///
            /// Spaces between two numbers are accepted.
            /// Example: bytes.fromhex('B9 01EF') -> b'\xb9\x01\xef'.
            #[classmethod]
            #[signature("(string, /)", text = "($type, string, /)")]
            fn fromhex(py: Python, cls: &PyType, string: &PyObject) -> PyResult {
                let bytes = $crate::bytes_methods::hex::parse(py, string)?;
                let object = <$ty as ByteSeq>::make(py, &bytes)?;
                if cls.is(<$ty as $crate::PyClass>::type_object(py)) {
                    return Ok(object.into_object());
                }
                cls.call(py, &[object.as_object()])
            }

            /// Create a string of hexadecimal numbers from a bytes object.
            ///
            ///   sep
            ///     An optional single character or byte to separate hex bytes.
            ///   bytes_per_sep
            ///     How many bytes between separators.  Positive values count from the
            ///     right, negative values count from the left.
            ///
            /// Example:
            /// >>> value = b'\xb9\x01\xef'
            /// >>> value.hex()
            /// 'b901ef'
            /// >>> value.hex(':')
            /// 'b9:01:ef'
            /// >>> value.hex(':', 2)
            /// 'b9:01ef'
            /// >>> value.hex(':', -2)
            /// 'b901:ef'
            #[method]
            #[signature("(self, /, sep=<unrepresentable>, bytes_per_sep=1)")]
            fn hex(&self, py: Python, sep: Option<&PyObject>, bytes_per_sep: i32) -> PyResult<Py<PyStr>> {
                let sep = $crate::bytes_methods::hex::separator(py, sep)?;
                self.view(|s| $crate::bytes_methods::hex::write(py, s, sep, bytes_per_sep))
            }

            /// Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
            ///
            ///   start
            ///     Optional start position. Default: start of the bytes.
            ///   end
            ///     Optional stop position. Default: end of the bytes.
            ///
            /// Raise ValueError if the subsection is not found.
            #[method]
            #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
            fn index(
                &self,
                py: Python,
                sub: &PyObject,
                start: Option<&PyObject>,
                end: Option<&PyObject>,
            ) -> PyResult<usize> {
                ops::index(py, self, sub, start, end, false)
            }

            /// B.isalnum() -> bool
            ///
            /// Return True if all characters in B are alphanumeric
            /// and there is at least one character in B, False otherwise.
            #[method]
            #[signature("(self, /)")]
            fn isalnum(&self) -> bool {
                self.view(|s| ops::all(s, |c| c.is_ascii_alphanumeric()))
            }

            /// B.isalpha() -> bool
            ///
            /// Return True if all characters in B are alphabetic
            /// and there is at least one character in B, False otherwise.
            #[method]
            #[signature("(self, /)")]
            fn isalpha(&self) -> bool {
                self.view(|s| ops::all(s, |c| c.is_ascii_alphabetic()))
            }

            /// B.isascii() -> bool
            ///
            /// Return True if B is empty or all characters in B are ASCII,
            /// False otherwise.
            #[method]
            #[signature("(self, /)")]
            fn isascii(&self) -> bool {
                self.view(|s| s.is_ascii())
            }

            /// B.isdigit() -> bool
            ///
            /// Return True if all characters in B are digits
            /// and there is at least one character in B, False otherwise.
            #[method]
            #[signature("(self, /)")]
            fn isdigit(&self) -> bool {
                self.view(|s| ops::all(s, |c| c.is_ascii_digit()))
            }

            /// B.islower() -> bool
            ///
            /// Return True if all cased characters in B are lowercase and there is
            /// at least one cased character in B, False otherwise.
            #[method]
            #[signature("(self, /)")]
            fn islower(&self) -> bool {
                self.view(|s| s.iter().any(u8::is_ascii_lowercase) && !s.iter().any(u8::is_ascii_uppercase))
            }

            /// B.isspace() -> bool
            ///
            /// Return True if all characters in B are whitespace
            /// and there is at least one character in B, False otherwise.
            #[method]
            #[signature("(self, /)")]
            fn isspace(&self) -> bool {
                self.view(|s| ops::all(s, ops::is_space))
            }

            /// B.istitle() -> bool
            ///
            /// Return True if B is a titlecased string and there is at least one
            /// character in B, i.e. uppercase characters may only follow uncased
            /// characters and lowercase characters only cased ones. Return False
            /// otherwise.
            #[method]
            #[signature("(self, /)")]
            fn istitle(&self) -> bool {
                self.view(ops::is_title)
            }

            /// B.isupper() -> bool
            ///
            /// Return True if all cased characters in B are uppercase and there is
            /// at least one cased character in B, False otherwise.
            #[method]
            #[signature("(self, /)")]
            fn isupper(&self) -> bool {
                self.view(|s| s.iter().any(u8::is_ascii_uppercase) && !s.iter().any(u8::is_ascii_lowercase))
            }

            /// Concatenate any number of bytes objects.
            ///
            /// The bytes whose method is called is inserted in between each pair.
            ///
            /// The result is returned as a new object.
            ///
            /// Example: b'.'.join([b'ab', b'pq', b'rs']) -> b'ab.pq.rs'.
            #[method]
            #[signature("(self, iterable_of_bytes, /)")]
            fn join(&self, py: Python, iterable: &PyObject) -> PyResult<Py<$ty>> {
                ops::join(py, self, iterable)
            }

            /// Return a left-justified string of length width.
            ///
            /// Padding is done using the specified fill character.
            #[method]
            #[signature("(self, width, fillchar=b' ', /)")]
            fn ljust(&self, py: Python, width: isize, fillchar: Option<&PyObject>) -> PyResult<Py<$ty>> {
                let fill = ops::fill_byte(py, "ljust", fillchar)?;
                ops::justify(py, self, width, fill, false)
            }

            /// B.lower() -> copy of B
            ///
            /// Return a copy of B with all ASCII characters converted to lowercase.
            #[method]
            #[signature("(self, /)")]
            fn lower(&self, py: Python) -> PyResult<Py<$ty>> {
                self.view(|s| <$ty as ByteSeq>::make(py, &s.to_ascii_lowercase()))
            }

            /// Strip leading bytes contained in the argument.
            ///
            /// If the argument is omitted or None, strip leading ASCII whitespace.
            #[method]
            #[signature("(self, bytes=None, /)")]
            fn lstrip(&self, py: Python, bytes: Option<&PyObject>) -> PyResult<Py<$ty>> {
                ops::strip(py, self, bytes, true, false)
            }

            /// Return a translation table usable for the bytes or bytearray translate method.
            ///
            /// The returned table will be one where each byte in frm is mapped to the byte at
            /// the same position in to.
            ///
            /// The bytes objects frm and to must be of the same length.
            #[staticmethod]
            #[signature("(frm, to, /)")]
            fn maketrans(py: Python, frm: &PyObject, to: &PyObject) -> PyResult<Py<PyBytes>> {
                ops::make_table(py, frm, to)
            }

            /// Partition the bytes into three parts using the given separator.
            ///
            /// This will search for the separator sep in the bytes. If the separator is found,
            /// returns a 3-tuple containing the part before the separator, the separator
            /// itself, and the part after it.
            ///
            /// If the separator is not found, returns a 3-tuple containing the original bytes
            /// object and two empty bytes objects.
            #[method]
            #[signature("(self, sep, /)")]
            fn partition(&self, py: Python, sep: &PyObject) -> PyResult<Py<PyTuple>> {
                ops::partition(py, self, sep, false)
            }

            /// Return a copy with all occurrences of substring old replaced by new.
            ///
            ///   count
            ///     Maximum number of occurrences to replace.
            ///     -1 (the default value) means replace all occurrences.
            ///
            /// If the optional argument count is given, only the first count occurrences are
            /// replaced.
            #[method]
            #[signature("(self, old, new, count=-1, /)")]
            fn replace(&self, py: Python, old: &PyObject, new: &PyObject, count: isize) -> PyResult<Py<$ty>> {
                ops::replace(py, self, old, new, count)
            }

            /// Return a bytes object with the given prefix string removed if present.
            ///
            /// If the bytes starts with the prefix string, return bytes[len(prefix):].
            /// Otherwise, return a copy of the original bytes.
            #[method]
            #[signature("(self, prefix, /)")]
            fn removeprefix(&self, py: Python, prefix: &PyObject) -> PyResult<Py<$ty>> {
                ops::remove_affix(py, self, prefix, false)
            }

            /// Return a bytes object with the given suffix string removed if present.
            ///
            /// If the bytes ends with the suffix string and that suffix is not empty,
            /// return bytes[:-len(suffix)].  Otherwise, return a copy of the original
            /// bytes.
            #[method]
            #[signature("(self, suffix, /)")]
            fn removesuffix(&self, py: Python, suffix: &PyObject) -> PyResult<Py<$ty>> {
                ops::remove_affix(py, self, suffix, true)
            }

            /// Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
            ///
            ///   start
            ///     Optional start position. Default: start of the bytes.
            ///   end
            ///     Optional stop position. Default: end of the bytes.
            ///
            /// Return -1 on failure.
            #[method]
            #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
            fn rfind(
                &self,
                py: Python,
                sub: &PyObject,
                start: Option<&PyObject>,
                end: Option<&PyObject>,
            ) -> PyResult<isize> {
                Ok(ops::find(py, self, sub, start, end, true)?.map_or(-1, |i| i as isize))
            }

            /// Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
            ///
            ///   start
            ///     Optional start position. Default: start of the bytes.
            ///   end
            ///     Optional stop position. Default: end of the bytes.
            ///
            /// Raise ValueError if the subsection is not found.
            #[method]
            #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
            fn rindex(
                &self,
                py: Python,
                sub: &PyObject,
                start: Option<&PyObject>,
                end: Option<&PyObject>,
            ) -> PyResult<usize> {
                ops::index(py, self, sub, start, end, true)
            }

            /// Return a right-justified string of length width.
            ///
            /// Padding is done using the specified fill character.
            #[method]
            #[signature("(self, width, fillchar=b' ', /)")]
            fn rjust(&self, py: Python, width: isize, fillchar: Option<&PyObject>) -> PyResult<Py<$ty>> {
                let fill = ops::fill_byte(py, "rjust", fillchar)?;
                ops::justify(py, self, width, fill, true)
            }

            /// Partition the bytes into three parts using the given separator.
            ///
            /// This will search for the separator sep in the bytes, starting at the end. If
            /// the separator is found, returns a 3-tuple containing the part before the
            /// separator, the separator itself, and the part after it.
            ///
            /// If the separator is not found, returns a 3-tuple containing two empty bytes
            /// objects and the original bytes object.
            #[method]
            #[signature("(self, sep, /)")]
            fn rpartition(&self, py: Python, sep: &PyObject) -> PyResult<Py<PyTuple>> {
                ops::partition(py, self, sep, true)
            }

            /// Return a list of the sections in the bytes, using sep as the delimiter.
            ///
            ///   sep
            ///     The delimiter according which to split the bytes.
            ///     None (the default value) means split on ASCII whitespace characters
            ///     (space, tab, return, newline, formfeed, vertical tab).
            ///   maxsplit
            ///     Maximum number of splits to do.
            ///     -1 (the default value) means no limit.
            ///
            /// Splitting is done starting at the end of the bytes and working to the front.
            #[method]
            #[signature("(self, /, sep=None, maxsplit=-1)")]
            fn rsplit(&self, py: Python, sep: Option<&PyObject>, maxsplit: isize) -> PyResult<Py<PyList>> {
                ops::split(py, self, sep, maxsplit, true)
            }

            /// Strip trailing bytes contained in the argument.
            ///
            /// If the argument is omitted or None, strip trailing ASCII whitespace.
            #[method]
            #[signature("(self, bytes=None, /)")]
            fn rstrip(&self, py: Python, bytes: Option<&PyObject>) -> PyResult<Py<$ty>> {
                ops::strip(py, self, bytes, false, true)
            }

            /// Return a list of the sections in the bytes, using sep as the delimiter.
            ///
            ///   sep
            ///     The delimiter according which to split the bytes.
            ///     None (the default value) means split on ASCII whitespace characters
            ///     (space, tab, return, newline, formfeed, vertical tab).
            ///   maxsplit
            ///     Maximum number of splits to do.
            ///     -1 (the default value) means no limit.
            #[method]
            #[signature("(self, /, sep=None, maxsplit=-1)")]
            fn split(&self, py: Python, sep: Option<&PyObject>, maxsplit: isize) -> PyResult<Py<PyList>> {
                ops::split(py, self, sep, maxsplit, false)
            }

            /// Return a list of the lines in the bytes, breaking at line boundaries.
            ///
            /// Line breaks are not included in the resulting list unless keepends is given
            /// and true.
            #[method]
            #[signature("(self, /, keepends=False)")]
            fn splitlines(&self, py: Python, keepends: bool) -> PyResult<Py<PyList>> {
                ops::split_lines(py, self, keepends)
            }

            /// Return True if the bytes starts with the specified prefix, False otherwise.
            ///
            ///   prefix
            ///     A bytes or a tuple of bytes to try.
            ///   start
            ///     Optional start position. Default: start of the bytes.
            ///   end
            ///     Optional stop position. Default: end of the bytes.
            #[method]
            #[signature("(self, prefix, start=None, end=None, /)", text = "($self, prefix[, start[, end]], /)")]
            fn startswith(
                &self,
                py: Python,
                prefix: &PyObject,
                start: Option<&PyObject>,
                end: Option<&PyObject>,
            ) -> PyResult<bool> {
                ops::tail_match(py, self, prefix, start, end, false)
            }

            /// Strip leading and trailing bytes contained in the argument.
            ///
            /// If the argument is omitted or None, strip leading and trailing ASCII whitespace.
            #[method]
            #[signature("(self, bytes=None, /)")]
            fn strip(&self, py: Python, bytes: Option<&PyObject>) -> PyResult<Py<$ty>> {
                ops::strip(py, self, bytes, true, true)
            }

            /// B.swapcase() -> copy of B
            ///
            /// Return a copy of B with uppercase ASCII characters converted
            /// to lowercase ASCII and vice versa.
            #[method]
            #[signature("(self, /)")]
            fn swapcase(&self, py: Python) -> PyResult<Py<$ty>> {
                ops::map(py, self, |c| if c.is_ascii_alphabetic() { c ^ 0x20 } else { c })
            }

            /// B.title() -> copy of B
            ///
            /// Return a titlecased version of B, i.e. ASCII words start with uppercase
            /// characters, all remaining cased characters have lowercase.
            #[method]
            #[signature("(self, /)")]
            fn title(&self, py: Python) -> PyResult<Py<$ty>> {
                ops::title(py, self)
            }

            /// Return a copy with each character mapped by the given translation table.
            ///
            ///   table
            ///     Translation table, which must be a bytes object of length 256.
            ///
            /// All characters occurring in the optional argument delete are removed.
            /// The remaining characters are mapped through the given translation table.
            #[method]
            #[signature("(self, table, /, delete=b'')")]
            fn translate(&self, py: Python, table: &PyObject, delete: Option<&PyObject>) -> PyResult<Py<$ty>> {
                ops::translate(py, self, table, delete)
            }

            /// B.upper() -> copy of B
            ///
            /// Return a copy of B with all ASCII characters converted to uppercase.
            #[method]
            #[signature("(self, /)")]
            fn upper(&self, py: Python) -> PyResult<Py<$ty>> {
                self.view(|s| <$ty as ByteSeq>::make(py, &s.to_ascii_uppercase()))
            }

            /// Pad a numeric string with zeros on the left, to fill a field of the given width.
            ///
            /// The original string is never truncated.
            #[method]
            #[signature("(self, width, /)")]
            fn zfill(&self, py: Python, width: isize) -> PyResult<Py<$ty>> {
                ops::zero_fill(py, self, width)
            }
        }
    };
}
pub(crate) use byte_methods;
