//! The declaration of `str`: slots and methods, each a line that calls the file of its family.

use super::repr::is_str_type;
use super::split::{limit, separator, strip_chars};
use super::{PyCompactStr, PyLegacyStr, PyStr, StrData, format, iter, percent, repr, state, translate};
use crate::abstracts::call;
use crate::declare::KwArgs;
use crate::memory::{alloc, obmalloc};
use crate::{
    Args, CompareOp, Py, PyBytes, PyDict, PyList, PyObject, PyResult, PyTuple, PyType, Python, codecs, numfmt, pyclass,
    raise,
};
use core::cmp::Ordering;
use taipan_unicode as ucd;

/// str(object='') -> str
/// str(bytes_or_buffer[, encoding[, errors]]) -> str
///
/// Create a new string object from the given object. If encoding or
/// errors is specified, then the object must expose a data buffer
/// that will be decoded using the given encoding and error handler.
/// Otherwise, returns the result of object.__str__() (if defined)
/// or repr(object).
/// encoding defaults to 'utf-8'.
/// errors defaults to 'strict'.
#[pyclass(
    name = "str",
    static_name = PyUnicode_Type,
    flags(BASETYPE, UNICODE_SUBCLASS, MATCH_SELF),
    basicsize = size_of::<PyLegacyStr>(),
)]
impl PyStr {
    #[signature("(object=<unrepresentable>, encoding='utf-8', errors='strict')", hidden)]
    fn tp_new(
        py: Python,
        cls: &PyType,
        object: Option<&PyObject>,
        encoding: Option<&str>,
        errors: Option<&str>,
    ) -> PyResult<Py<PyStr>> {
        let text = match object {
            None => PyStr::empty(py),
            Some(object) if encoding.is_none() && errors.is_none() => object.str(py)?,
            Some(object) => PyStr::from_encoded(py, object, encoding, errors)?,
        };
        if is_str_type(cls) { Ok(text) } else { text.to_subclass(py, cls) }
    }

    fn tp_vectorcall(py: Python, cls: &PyObject, args: Args) -> PyResult {
        if args.has_keywords() {
            return call::call_by_tuple(py, cls, &args);
        }
        args.check_count(py, "str", 0, 3)?;
        let text = |i: usize, name: &str| -> PyResult<Option<&str>> {
            let Some(arg) = args.get(i) else { return Ok(None) };
            let Some(s) = arg.downcast::<PyStr>() else {
                let given = if arg.is_none() { "None" } else { arg.ty().full_name() };
                return Err(raise!(py, TypeError, "str() argument '{name}' must be str, not {given}"));
            };
            let s = s.to_str(py)?;
            if s.as_bytes().contains(&0) {
                return Err(raise!(py, ValueError, "embedded null character"));
            }
            Ok(Some(s))
        };
        let text = match *args {
            [] => PyStr::empty(py),
            [object] => object.str(py)?,
            _ => PyStr::from_encoded(py, args[0], text(1, "encoding")?, text(2, "errors")?)?,
        };
        Ok(text.into_object())
    }

    fn tp_str(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.to_exact(py)
    }

    fn tp_repr(&self, py: Python) -> PyResult<Py<PyStr>> {
        repr::repr(py, self)
    }

    fn tp_hash(&self, _py: Python) -> PyResult<isize> {
        Ok(self.hash_value())
    }

    fn tp_richcompare(&self, py: Python, other: &PyObject, op: CompareOp) -> PyResult {
        let Some(other) = other.downcast::<PyStr>() else { return Ok(py.not_implemented()) };
        let result = match op {
            CompareOp::Eq => core::ptr::eq(self, other) || self.equals(other),
            CompareOp::Ne => !(core::ptr::eq(self, other) || self.equals(other)),
            CompareOp::Lt => self.compare(other) == Ordering::Less,
            CompareOp::Le => self.compare(other) != Ordering::Greater,
            CompareOp::Gt => self.compare(other) == Ordering::Greater,
            CompareOp::Ge => self.compare(other) != Ordering::Less,
        };
        Ok(py.bool(result))
    }

    fn tp_iter(&self, py: Python) -> PyResult {
        iter::new_iter(py, self)
    }

    fn sq_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }

    fn mp_length(&self, _py: Python) -> PyResult<isize> {
        Ok(self.len() as isize)
    }

    fn sq_concat(&self, py: Python, other: &PyObject) -> PyResult<Py<PyStr>> {
        match other.downcast::<PyStr>() {
            Some(other) => self.concat(py, other),
            None => {
                Err(raise!(py, TypeError, "can only concatenate str (not \"{:.200}\") to str", other.ty().full_name()))
            }
        }
    }

    fn sq_repeat(&self, py: Python, n: isize) -> PyResult<Py<PyStr>> {
        self.repeat(py, n)
    }

    fn sq_item(&self, py: Python, i: isize) -> PyResult<Py<PyStr>> {
        self.item(py, i)
    }

    fn sq_contains(&self, py: Python, item: &PyObject) -> PyResult<bool> {
        match item.downcast::<PyStr>() {
            Some(s) => Ok(self.contains_str(s)),
            None => Err(raise!(
                py,
                TypeError,
                "'in <string>' requires string as left operand, not {:.100}",
                item.ty().full_name()
            )),
        }
    }

    fn mp_subscript(&self, py: Python, key: &PyObject) -> PyResult<Py<PyStr>> {
        self.subscript(py, key)
    }

    fn nb_remainder(py: Python, a: &PyObject, b: &PyObject) -> PyResult {
        percent::remainder(py, a, b)
    }

    unsafe fn tp_dealloc(this: *mut Self) {
        // SAFETY: the string's last count is gone; what it points to is its own.
        unsafe {
            let s = &*this;
            if s.state() & state::INTERNED_MASK == state::INTERNED_MORTAL {
                Python::assume().interp().interned.remove(s);
            }
            if !s.is_compact() || !s.is_ascii() {
                let c = &*(this as *const PyCompactStr);
                let data =
                    if s.is_compact() { core::ptr::null_mut() } else { (*(this as *const PyLegacyStr)).data.get() };
                let utf8 = c.utf8.get();
                if !utf8.is_null() && utf8 != data {
                    obmalloc::free(utf8);
                }
                obmalloc::free(data);
            }
            let obj = this as *mut PyObject;
            match (*obj).ty().tp_free.get() {
                Some(free) => free(this as *mut core::ffi::c_void),
                None => alloc::free(obj),
            }
        }
    }

    /// Encode the string using the codec registered for encoding.
    ///
    /// encoding
    ///   The encoding in which to encode the string.
    /// errors
    ///   What to do about characters that cannot be encoded. The default,
    ///   'strict', raises a UnicodeEncodeError. Others are 'ignore', 'replace',
    ///   'xmlcharrefreplace' and every name registered with
    ///   codecs.register_error.
    #[method]
    #[signature("(self, /, encoding='utf-8', errors='strict')")]
    fn encode(&self, py: Python, encoding: Option<&str>, errors: Option<&str>) -> PyResult<Py<PyBytes>> {
        codecs::encode_str(py, self, encoding, errors)
    }

    /// Return a copy with all occurrences of substring old replaced by new.
    ///
    ///   count
    ///     Maximum number of occurrences to replace.
    ///     -1 (the default value) means replace all occurrences.
    ///
    /// If the optional argument count is given, only the first count occurrences are
    /// replaced.
    #[method("replace")]
    #[signature("(self, old, new, /, count=-1)")]
    fn py_replace(&self, py: Python, old: &PyStr, new: &PyStr, count: isize) -> PyResult<Py<PyStr>> {
        self.replace(py, old, new, limit(count))
    }

    /// Return a list of the substrings in the string, using sep as the separator string.
    ///
    ///   sep
    ///     The separator used to split the string.
    ///
    ///     When set to None (the default value), will split on any whitespace
    ///     character (including \n \r \t \f and spaces) and will discard
    ///     empty strings from the result.
    ///   maxsplit
    ///     Maximum number of splits.
    ///     -1 (the default value) means no limit.
    ///
    /// Splitting starts at the front of the string and works to the end.
    ///
    /// For natural text with its punctuation, consider the regular expressions
    /// of the module re.
    #[method("split")]
    #[signature("(self, /, sep=None, maxsplit=-1)")]
    fn py_split(&self, py: Python, sep: Option<&PyObject>, maxsplit: isize) -> PyResult<Py<PyList>> {
        self.split(py, separator(py, sep)?, limit(maxsplit))
    }

    /// Return a list of the substrings in the string, using sep as the separator string.
    ///
    ///   sep
    ///     The separator used to split the string.
    ///
    ///     When set to None (the default value), will split on any whitespace
    ///     character (including \n \r \t \f and spaces) and will discard
    ///     empty strings from the result.
    ///   maxsplit
    ///     Maximum number of splits.
    ///     -1 (the default value) means no limit.
    ///
    /// Splitting starts at the end of the string and works to the front.
    #[method("rsplit")]
    #[signature("(self, /, sep=None, maxsplit=-1)")]
    fn py_rsplit(&self, py: Python, sep: Option<&PyObject>, maxsplit: isize) -> PyResult<Py<PyList>> {
        self.rsplit(py, separator(py, sep)?, limit(maxsplit))
    }

    /// Concatenate any number of strings.
    ///
    /// The string whose method is called is inserted in between each given string.
    /// The result is returned as a new string.
    ///
    /// Example: '.'.join(['ab', 'pq', 'rs']) -> 'ab.pq.rs'
    #[method("join")]
    #[signature("(self, iterable, /)")]
    fn py_join(&self, py: Python, iterable: &PyObject) -> PyResult<Py<PyStr>> {
        self.join(py, iterable)
    }

    /// Return a capitalized version of the string.
    ///
    /// The first character is made upper case and the rest lower case.
    #[method("capitalize")]
    #[signature("(self, /)")]
    fn py_capitalize(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.capitalize(py)
    }

    /// Return a version of the string suitable for caseless comparisons.
    #[method]
    #[signature("(self, /)")]
    fn casefold(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.to_folded(py)
    }

    /// Return a version of the string where each word is titlecased.
    ///
    /// Words begin with a title-case character, and all their other cased
    /// characters are lower case.
    #[method]
    #[signature("(self, /)")]
    fn title(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.to_title(py)
    }

    /// Return a centered string of length width.
    ///
    /// Padding is done using the specified fill character (default is a space).
    #[method]
    #[signature("(self, width, fillchar=' ', /)")]
    fn center(&self, py: Python, width: isize, fillchar: Option<&PyObject>) -> PyResult<Py<PyStr>> {
        let fill = fill_character(py, fillchar)?;
        let missing = self.missing(width);
        let left = missing / 2 + (missing & width as usize & 1);
        self.pad(py, left, missing - left, fill)
    }

    /// Return the number of non-overlapping occurrences of substring sub in string S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    #[method]
    #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn count(&self, py: Python, sub: &PyStr, start: Option<&PyObject>, end: Option<&PyObject>) -> PyResult<usize> {
        self.count_in(py, sub, start, end)
    }

    /// Return a copy where all tab characters are expanded using spaces.
    ///
    /// If tabsize is not given, a tab size of 8 characters is assumed.
    #[method]
    #[signature("(self, /, tabsize=8)")]
    fn expandtabs(&self, py: Python, tabsize: i32) -> PyResult<Py<PyStr>> {
        self.expand_tabs(py, tabsize)
    }

    /// Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    /// Return -1 on failure.
    #[method("find")]
    #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn py_find(&self, py: Python, sub: &PyStr, start: Option<&PyObject>, end: Option<&PyObject>) -> PyResult<isize> {
        Ok(self.find_in(py, sub, start, end, false)?.map_or(-1, |i| i as isize))
    }

    /// Partition the string into three parts using the given separator.
    ///
    /// This will search for the separator in the string. If the separator is found,
    /// returns a 3-tuple containing the part before the separator, the separator
    /// itself, and the part after it.
    ///
    /// If the separator is not found, returns a 3-tuple containing the original string
    /// and two empty strings.
    #[method("partition")]
    #[signature("(self, sep, /)")]
    fn py_partition(&self, py: Python, sep: &PyObject) -> PyResult<Py<PyTuple>> {
        self.partition(py, sep, false)
    }

    /// Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    /// Raises ValueError when the substring is not found.
    #[method]
    #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn index(&self, py: Python, sub: &PyStr, start: Option<&PyObject>, end: Option<&PyObject>) -> PyResult<usize> {
        match self.find_in(py, sub, start, end, false)? {
            Some(i) => Ok(i),
            None => Err(raise!(py, ValueError, "substring not found")),
        }
    }

    /// Return a left-justified string of length width.
    ///
    /// Padding is done using the specified fill character (default is a space).
    #[method]
    #[signature("(self, width, fillchar=' ', /)")]
    fn ljust(&self, py: Python, width: isize, fillchar: Option<&PyObject>) -> PyResult<Py<PyStr>> {
        let fill = fill_character(py, fillchar)?;
        self.pad(py, 0, self.missing(width), fill)
    }

    /// Return a copy of the string converted to lowercase.
    #[method]
    #[signature("(self, /)")]
    fn lower(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.to_lower(py)
    }

    /// Return a copy of the string with leading whitespace removed.
    ///
    /// If chars is given and not None, remove characters in chars instead.
    #[method]
    #[signature("(self, chars=None, /)")]
    fn lstrip(&self, py: Python, chars: Option<&PyObject>) -> PyResult<Py<PyStr>> {
        self.strip(py, strip_chars(py, "lstrip", chars)?, true, false)
    }

    /// Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    /// Return -1 on failure.
    #[method]
    #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn rfind(&self, py: Python, sub: &PyStr, start: Option<&PyObject>, end: Option<&PyObject>) -> PyResult<isize> {
        Ok(self.find_in(py, sub, start, end, true)?.map_or(-1, |i| i as isize))
    }

    /// Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    /// Raises ValueError when the substring is not found.
    #[method]
    #[signature("(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn rindex(&self, py: Python, sub: &PyStr, start: Option<&PyObject>, end: Option<&PyObject>) -> PyResult<usize> {
        match self.find_in(py, sub, start, end, true)? {
            Some(i) => Ok(i),
            None => Err(raise!(py, ValueError, "substring not found")),
        }
    }

    /// Return a right-justified string of length width.
    ///
    /// Padding is done using the specified fill character (default is a space).
    #[method]
    #[signature("(self, width, fillchar=' ', /)")]
    fn rjust(&self, py: Python, width: isize, fillchar: Option<&PyObject>) -> PyResult<Py<PyStr>> {
        let fill = fill_character(py, fillchar)?;
        self.pad(py, self.missing(width), 0, fill)
    }

    /// Return a copy of the string with trailing whitespace removed.
    ///
    /// If chars is given and not None, remove characters in chars instead.
    #[method]
    #[signature("(self, chars=None, /)")]
    fn rstrip(&self, py: Python, chars: Option<&PyObject>) -> PyResult<Py<PyStr>> {
        self.strip(py, strip_chars(py, "rstrip", chars)?, false, true)
    }

    /// Partition the string into three parts using the given separator.
    ///
    /// This will search for the separator in the string, starting at the end. If
    /// the separator is found, returns a 3-tuple containing the part before the
    /// separator, the separator itself, and the part after it.
    ///
    /// If the separator is not found, returns a 3-tuple containing two empty strings
    /// and the original string.
    #[method]
    #[signature("(self, sep, /)")]
    fn rpartition(&self, py: Python, sep: &PyObject) -> PyResult<Py<PyTuple>> {
        self.partition(py, sep, true)
    }

    /// Return a list of the lines in the string, breaking at line boundaries.
    ///
    /// Line breaks are not included in the resulting list unless keepends is given and
    /// true.
    #[method]
    #[signature("(self, /, keepends=False)")]
    fn splitlines(&self, py: Python, keepends: bool) -> PyResult<Py<PyList>> {
        self.split_lines(py, keepends)
    }

    /// Return a copy of the string with leading and trailing whitespace removed.
    ///
    /// If chars is given and not None, remove characters in chars instead.
    #[method("strip")]
    #[signature("(self, chars=None, /)")]
    fn py_strip(&self, py: Python, chars: Option<&PyObject>) -> PyResult<Py<PyStr>> {
        self.strip(py, strip_chars(py, "strip", chars)?, true, true)
    }

    /// Convert uppercase characters to lowercase and lowercase characters to uppercase.
    #[method]
    #[signature("(self, /)")]
    fn swapcase(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.swap_case(py)
    }

    /// Replace each character in the string using the given translation table.
    ///
    ///   table
    ///     Translation table, which must be a mapping of Unicode ordinals to
    ///     Unicode ordinals, strings, or None.
    ///
    /// The table must implement lookup/indexing via __getitem__, for instance a
    /// dictionary or list. If this operation raises LookupError, the character is
    /// left untouched. Characters mapped to None are deleted.
    #[method("translate")]
    #[signature("(self, table, /)")]
    fn py_translate(&self, py: Python, table: &PyObject) -> PyResult<Py<PyStr>> {
        self.translate(py, table)
    }

    /// Return a copy of the string converted to uppercase.
    #[method]
    #[signature("(self, /)")]
    fn upper(&self, py: Python) -> PyResult<Py<PyStr>> {
        self.to_upper(py)
    }

    /// Return True if the string starts with the specified prefix, False otherwise.
    ///
    ///   prefix
    ///     A string or a tuple of strings to try.
    ///   start
    ///     Optional start position. Default: start of the string.
    ///   end
    ///     Optional stop position. Default: end of the string.
    #[method]
    #[signature("(self, prefix, start=None, end=None, /)", text = "($self, prefix[, start[, end]], /)")]
    fn startswith(
        &self,
        py: Python,
        prefix: &PyObject,
        start: Option<&PyObject>,
        end: Option<&PyObject>,
    ) -> PyResult<bool> {
        self.tail_match(py, prefix, start, end, false)
    }

    /// Return True if the string ends with the specified suffix, False otherwise.
    ///
    ///   suffix
    ///     A string or a tuple of strings to try.
    ///   start
    ///     Optional start position. Default: start of the string.
    ///   end
    ///     Optional stop position. Default: end of the string.
    #[method]
    #[signature("(self, suffix, start=None, end=None, /)", text = "($self, suffix[, start[, end]], /)")]
    fn endswith(
        &self,
        py: Python,
        suffix: &PyObject,
        start: Option<&PyObject>,
        end: Option<&PyObject>,
    ) -> PyResult<bool> {
        self.tail_match(py, suffix, start, end, true)
    }

    /// Return a str with the given prefix string removed if present.
    ///
    /// If the string starts with the prefix string, return string[len(prefix):].
    /// Otherwise, return a copy of the original string.
    #[method]
    #[signature("(self, prefix, /)")]
    fn removeprefix(&self, py: Python, prefix: &PyStr) -> PyResult<Py<PyStr>> {
        if self.data().has_at(0, prefix.data()) {
            return self.substring(py, prefix.len(), self.len());
        }
        self.to_exact(py)
    }

    /// Return a str with the given suffix string removed if present.
    ///
    /// If the string ends with the suffix string and that suffix is not empty,
    /// return string[:-len(suffix)]. Otherwise, return a copy of the original
    /// string.
    #[method]
    #[signature("(self, suffix, /)")]
    fn removesuffix(&self, py: Python, suffix: &PyStr) -> PyResult<Py<PyStr>> {
        match self.len().checked_sub(suffix.len()) {
            Some(end) if self.data().has_at(end, suffix.data()) => self.substring(py, 0, end),
            _ => self.to_exact(py),
        }
    }

    /// Return True if all characters in the string are ASCII, False otherwise.
    ///
    /// ASCII characters have code points in the range U+0000-U+007F.
    /// The empty string is ASCII too.
    #[method]
    #[signature("(self, /)")]
    fn isascii(&self) -> bool {
        self.is_ascii()
    }

    /// Return True if the string is a lowercase string, False otherwise.
    ///
    /// A string is lowercase if all its cased characters are lowercase and there is
    /// at least one of them.
    #[method]
    #[signature("(self, /)")]
    fn islower(&self) -> bool {
        self.is_lower()
    }

    /// Return True if the string is an uppercase string, False otherwise.
    ///
    /// A string is uppercase if all its cased characters are uppercase and there is
    /// at least one of them.
    #[method]
    #[signature("(self, /)")]
    fn isupper(&self) -> bool {
        self.is_upper()
    }

    /// Return True if the string is a title-cased string, False otherwise.
    ///
    /// In a title-cased string, upper- and title-case characters only follow uncased
    /// characters, and lowercase characters only cased ones.
    #[method]
    #[signature("(self, /)")]
    fn istitle(&self) -> bool {
        self.is_title()
    }

    /// Return True if the string is a whitespace string, False otherwise.
    ///
    /// All characters must be whitespace, and there must be at least one.
    #[method]
    #[signature("(self, /)")]
    fn isspace(&self) -> bool {
        self.all(ucd::is_space)
    }

    /// Return True if the string is a decimal string, False otherwise.
    ///
    /// All characters must be decimal digits, and there must be at least one.
    #[method]
    #[signature("(self, /)")]
    fn isdecimal(&self) -> bool {
        self.all(ucd::is_decimal)
    }

    /// Return True if the string is a digit string, False otherwise.
    ///
    /// All characters must be digits, and there must be at least one.
    #[method]
    #[signature("(self, /)")]
    fn isdigit(&self) -> bool {
        self.all(ucd::is_digit)
    }

    /// Return True if the string is a numeric string, False otherwise.
    ///
    /// All characters must be numeric, and there must be at least one.
    #[method]
    #[signature("(self, /)")]
    fn isnumeric(&self) -> bool {
        self.all(ucd::is_numeric)
    }

    /// Return True if the string is an alphabetic string, False otherwise.
    ///
    /// All characters must be letters, and there must be at least one.
    #[method]
    #[signature("(self, /)")]
    fn isalpha(&self) -> bool {
        self.all(ucd::is_alpha)
    }

    /// Return True if the string is an alpha-numeric string, False otherwise.
    ///
    /// All characters must be letters or numbers, and there must be at least one.
    #[method]
    #[signature("(self, /)")]
    fn isalnum(&self) -> bool {
        self.all(ucd::is_alnum)
    }

    /// Return True if the string is a valid Python identifier, False otherwise.
    ///
    /// Use keyword.iskeyword(s) to see whether s is a reserved word, such as "def".
    #[method]
    #[signature("(self, /)")]
    fn isidentifier(&self) -> bool {
        self.is_identifier()
    }

    /// Return True if all characters in the string are printable, False otherwise.
    ///
    /// The empty string is printable.
    #[method]
    #[signature("(self, /)")]
    fn isprintable(&self) -> bool {
        self.is_printable()
    }

    /// Pad a numeric string with zeros on the left, to fill a field of the given width.
    ///
    /// The string is never truncated.
    #[method]
    #[signature("(self, width, /)")]
    fn zfill(&self, py: Python, width: isize) -> PyResult<Py<PyStr>> {
        self.zero_fill(py, width)
    }

    /// Return a formatted version of the string, using substitutions from args and kwargs.
    ///
    /// The substitutions are identified by braces ('{' and '}').
    #[method("format")]
    #[signature("(self, /, *args, **kwargs)")]
    fn py_format(&self, py: Python, args: Args, kwargs: KwArgs) -> PyResult<Py<PyStr>> {
        let named = if kwargs.is_empty() { None } else { Some(kwargs.to_dict(py)?) };
        format::format(py, self, Some(args.as_slice()), named.as_deref().map(|d: &PyDict| d as &PyObject))
    }

    /// Return a formatted version of the string, using substitutions from mapping.
    ///
    /// The substitutions are identified by braces ('{' and '}').
    #[method]
    #[signature("(self, mapping, /)")]
    fn format_map(&self, py: Python, mapping: &PyObject) -> PyResult<Py<PyStr>> {
        format::format(py, self, None, Some(mapping))
    }

    /// Return a formatted version of the string as described by format_spec.
    #[method]
    #[signature("(self, format_spec, /)")]
    fn __format__(&self, py: Python, format_spec: &PyStr) -> PyResult<Py<PyStr>> {
        numfmt::object::format_str(py, self, format_spec)
    }

    /// Return a translation table usable for str.translate().
    ///
    /// If there is only one argument, it must be a dictionary mapping Unicode
    /// ordinals (integers) or characters to Unicode ordinals, strings or None.
    /// Character keys will be then converted to ordinals.
    /// If there are two arguments, they must be strings of equal length, and
    /// in the resulting dictionary, each character in x will be mapped to the
    /// character at the same position in y. If there is a third argument, it
    /// must be a string, whose characters will be mapped to None in the result.
    #[staticmethod]
    #[signature("(x, y=<unrepresentable>, z=<unrepresentable>, /)")]
    fn maketrans(py: Python, x: &PyObject, y: Option<&PyStr>, z: Option<&PyStr>) -> PyResult<Py<PyDict>> {
        translate::make_table(py, x, y, z)
    }

    /// Return the size of the string in memory, in bytes.
    #[method]
    #[signature("(self, /)")]
    fn __sizeof__(&self) -> usize {
        self.size_of()
    }

    #[method]
    #[signature("(self, /)")]
    fn __getnewargs__(&self, py: Python) -> PyResult<Py<PyTuple>> {
        translate::newargs(py, self)
    }
}

/// The fill character of `ljust` and its like.
fn fill_character(py: Python, fill: Option<&PyObject>) -> PyResult<u32> {
    let Some(fill) = fill else { return Ok(' ' as u32) };
    match fill.downcast::<PyStr>() {
        Some(s) if s.len() == 1 => Ok(s.char_at(0)),
        Some(_) => Err(raise!(py, TypeError, "The fill character must be exactly one character long")),
        None => Err(raise!(
            py,
            TypeError,
            "The fill character must be a unicode character, not {:.100}",
            fill.ty().full_name()
        )),
    }
}

impl PyStr {
    /// An exact str with this text: itself, unless it is an instance of a subclass (`_PyUnicode_Copy`).
    pub fn to_exact(&self, py: Python) -> PyResult<Py<PyStr>> {
        if self.is_type(&PyUnicode_Type) {
            return Ok(Py::new_ref(self));
        }
        match self.data() {
            StrData::Ascii(s) => PyStr::from_ascii(py, s),
            StrData::Latin1(s) => PyStr::from_latin1(py, s),
            StrData::Ucs2(s) => PyStr::from_ucs2(py, s),
            StrData::Ucs4(s) => PyStr::from_ucs4(py, s),
        }
    }
}

/// `target + s`, growing `target` in place when nobody else refers to it (`PyUnicode_Append`).
pub fn append(py: Python, target: Py<PyStr>, s: &PyStr) -> PyResult<Py<PyStr>> {
    let can_grow = target.is_unique()
        && target.is_type(&PyUnicode_Type)
        && target.is_compact()
        && !target.is_interned()
        && target.len() > 0
        && s.len() > 0
        && target.kind() >= s.kind()
        && (!target.is_ascii() || s.is_ascii())
        && !core::ptr::eq(&*target, s);
    if !can_grow {
        return target.concat(py, s);
    }
    super::new::grow(py, target, s)
}
