//! Argument lists: checked and spread into one borrowed pointer per parameter, as a signature says.
//!
//! A call that gives positional arguments only, in the right number, is passed through without copying anything. All
//! else, keywords and errors, is the affair of a few functions that work on the [`ArgSpec`] and are not generic.

use crate::declare::suggest;
use crate::header::PyObject;
use crate::typeobj::VECTORCALL_ARGUMENTS_OFFSET;
use crate::types::{dict::PyDict, str_::PyStr, tuple::PyTuple};
use crate::{Py, PyResult, Python, Raised, raise};
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::null_mut;

/// A function's parameters: what CPython's Argument Clinic knows of them.
pub struct ArgSpec {
    fname: &'static str,
    /// All but `*args` and `**kwargs`, in order.
    names: &'static [&'static str],
    /// How many of them are positional-only.
    posonly: u16,
    /// One more than the place of the last required positional parameter.
    min_pos: u16,
    /// How many positional arguments can be given, if there is no `*args`.
    max_pos: u16,
    /// One more than the place of the last required keyword-only parameter, counted from `max_pos`.
    min_kw: u16,
    varpos: bool,
    varkw: bool,
}

impl ArgSpec {
    pub const fn new(
        fname: &'static str,
        names: &'static [&'static str],
        posonly: u16,
        min_pos: u16,
        max_pos: u16,
        min_kw: u16,
        varpos: bool,
        varkw: bool,
    ) -> ArgSpec {
        ArgSpec { fname, names, posonly, min_pos, max_pos, min_kw, varpos, varkw }
    }

    /// The names that can be used as keywords.
    fn keywords(&self) -> &'static [&'static str] {
        &self.names[self.posonly as usize..]
    }
}

/// One borrowed pointer per parameter: the caller's own argument array, or an [`ArgBuf`].
#[derive(Clone, Copy)]
pub struct ArgArray {
    ptr: *const *mut PyObject,
    /// Number of valid entries; parameters beyond are absent.
    len: usize,
}

impl ArgArray {
    /// A required argument.
    ///
    /// # Safety
    /// The parameter at `i` is required, so that unpacking has made sure of it.
    #[inline(always)]
    pub unsafe fn get(self, i: usize) -> *mut PyObject {
        // SAFETY: by contract.
        unsafe { *self.ptr.add(i) }
    }

    /// An optional argument, null if absent.
    ///
    /// # Safety
    /// The array is still valid.
    #[inline(always)]
    pub unsafe fn get_opt(self, i: usize) -> *mut PyObject {
        // SAFETY: within the array's length.
        if i < self.len { unsafe { *self.ptr.add(i) } } else { null_mut() }
    }
}

/// Room for one pointer per parameter, written only if the caller's own array does not do.
pub struct ArgBuf<const N: usize>([MaybeUninit<*mut PyObject>; N]);

impl<const N: usize> ArgBuf<N> {
    #[inline(always)]
    pub fn new() -> ArgBuf<N> {
        ArgBuf([MaybeUninit::uninit(); N])
    }
}

/// Turns a non-null borrowed pointer into a reference that lives as long as the call.
///
/// # Safety
/// `p` is a live object, kept alive by the caller of the C function.
#[inline(always)]
pub unsafe fn borrow<'a>(p: *mut PyObject) -> &'a PyObject {
    // SAFETY: by contract.
    unsafe { &*p }
}

/// As [`borrow`]; `None` for null.
///
/// # Safety
/// As [`borrow`], if not null.
#[inline(always)]
pub unsafe fn borrow_nullable<'a>(p: *mut PyObject) -> Option<&'a PyObject> {
    // SAFETY: by contract.
    unsafe { p.as_ref() }
}

/// Was the argument left out, or None?
///
/// # Safety
/// `p` is null or a live object.
#[inline(always)]
pub unsafe fn absent_or_none(p: *mut PyObject) -> bool {
    p.is_null() || core::ptr::eq(p, crate::singletons::none())
}

/// The items of an argument tuple.
///
/// # Safety
/// `args` is a live tuple.
#[inline(always)]
pub unsafe fn tuple_parts(args: *mut PyObject) -> (*const *mut PyObject, usize) {
    // SAFETY: by contract; a handle is one pointer.
    let items = unsafe { (*(args as *const PyTuple)).as_slice() };
    (items.as_ptr() as *const *mut PyObject, items.len())
}

/// Arguments of a function that takes no keywords (`METH_FASTCALL`).
///
/// # Safety
/// `args` points to `nargs` live objects.
#[inline(always)]
pub unsafe fn positional(spec: &'static ArgSpec, args: *const *mut PyObject, nargs: usize) -> PyResult<ArgArray> {
    if nargs < spec.min_pos as usize || (nargs > spec.max_pos as usize && !spec.varpos) {
        return Err(wrong_count(spec, nargs));
    }
    Ok(ArgArray { ptr: args, len: nargs.min(spec.max_pos as usize) })
}

#[cold]
#[inline(never)]
fn wrong_count(spec: &ArgSpec, given: usize) -> Raised {
    // SAFETY: argument lists are unpacked with the GIL held.
    let py = unsafe { Python::assume() };
    let (min, max) = (spec.min_pos as usize, spec.max_pos as usize);
    let (qualifier, n) = if given < min {
        (if min == max && !spec.varpos { "" } else { "at least " }, min)
    } else {
        (if min == max { "" } else { "at most " }, max)
    };
    raise!(py, TypeError, "{} expected {qualifier}{n} argument{}, got {given}", spec.fname, plural(n))
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// Where keyword arguments come from.
#[derive(Clone, Copy)]
enum Keywords<'a> {
    None,
    /// Names, and the values behind the positional arguments.
    Names(&'a PyTuple, *const *mut PyObject),
    Dict(&'a PyDict),
}

impl<'a> Keywords<'a> {
    fn len(self) -> usize {
        match self {
            Keywords::None => 0,
            Keywords::Names(names, _) => names.len(),
            Keywords::Dict(d) => d.len(),
        }
    }

    /// Calls `f` with each name and value until it gives true.
    fn any(self, mut f: impl FnMut(&'a PyObject, *mut PyObject) -> bool) -> bool {
        match self {
            Keywords::None => false,
            Keywords::Names(names, values) => {
                // SAFETY: there are as many values as names.
                (0..names.len()).any(|i| f(names.get(i), unsafe { *values.add(i) }))
            }
            Keywords::Dict(d) => {
                let mut pos = 0;
                // SAFETY: comparing names runs no Python code, so the dict stays as it is.
                while let Some((key, value, _)) = unsafe { d.next_borrowed(&mut pos) } {
                    if f(key, value.as_ptr()) {
                        return true;
                    }
                }
                false
            }
        }
    }

    /// The value given for `name`, or null.
    fn find(self, name: &str) -> *mut PyObject {
        let mut found = null_mut();
        self.any(|key, value| {
            let hit = key.downcast::<PyStr>().is_some_and(|k| k.eq_str(name));
            if hit {
                found = value;
            }
            hit
        });
        found
    }
}

/// Arguments of a function that takes keywords (`METH_FASTCALL | METH_KEYWORDS`).
///
/// # Safety
/// `args` points to `nargs` live objects, followed by one for each name in `kwnames`, a tuple or null.
#[inline(always)]
pub unsafe fn unpack<const N: usize>(
    spec: &'static ArgSpec,
    args: *const *mut PyObject,
    nargs: usize,
    kwnames: *mut PyObject,
    buf: &mut ArgBuf<N>,
) -> PyResult<ArgArray> {
    if kwnames.is_null() && fits(spec, nargs) {
        return Ok(ArgArray { ptr: args, len: nargs.min(spec.max_pos as usize) });
    }
    // SAFETY: by contract; the buffer has room for each parameter.
    unsafe {
        let keywords = match (kwnames as *const PyTuple).as_ref() {
            Some(names) => Keywords::Names(names, args.add(nargs)),
            None => Keywords::None,
        };
        fill(spec, args, nargs, keywords, buf.0.as_mut_ptr() as *mut *mut PyObject)
    }
}

/// As [`unpack`] for keywords in a dict (`tp_new`, `tp_init`, `tp_call`).
///
/// # Safety
/// `args` points to `nargs` live objects, `kwargs` is a dict or null.
#[inline(always)]
pub unsafe fn unpack_dict<const N: usize>(
    spec: &'static ArgSpec,
    args: *const *mut PyObject,
    nargs: usize,
    kwargs: *mut PyObject,
    buf: &mut ArgBuf<N>,
) -> PyResult<ArgArray> {
    if kwargs.is_null() && fits(spec, nargs) {
        return Ok(ArgArray { ptr: args, len: nargs.min(spec.max_pos as usize) });
    }
    // SAFETY: by contract; the buffer has room for each parameter.
    unsafe {
        let keywords = (kwargs as *const PyDict).as_ref().map_or(Keywords::None, Keywords::Dict);
        fill(spec, args, nargs, keywords, buf.0.as_mut_ptr() as *mut *mut PyObject)
    }
}

/// Do `nargs` positional arguments alone make a complete call?
#[inline(always)]
fn fits(spec: &ArgSpec, nargs: usize) -> bool {
    spec.min_kw == 0 && nargs >= spec.min_pos as usize && (nargs <= spec.max_pos as usize || spec.varpos)
}

/// The general case: spreads positional and keyword arguments into `buf`, or says what is wrong with them.
///
/// # Safety
/// As [`unpack`]; `buf` has room for each named parameter.
#[inline(never)]
unsafe fn fill(
    spec: &'static ArgSpec,
    args: *const *mut PyObject,
    nargs: usize,
    keywords: Keywords<'_>,
    buf: *mut *mut PyObject,
) -> PyResult<ArgArray> {
    // SAFETY: argument lists are unpacked with the GIL held.
    let py = unsafe { Python::assume() };
    let fname = spec.fname;
    let (posonly, min_pos, max_pos) = (spec.posonly as usize, spec.min_pos as usize, spec.max_pos as usize);
    let total = spec.names.len();
    let mut nkw = keywords.len();
    if nkw == 0 && fits(spec, nargs) {
        return Ok(ArgArray { ptr: args, len: nargs.min(max_pos) });
    }
    let taken = nargs.min(max_pos);
    // With `*args`, the positional arguments beyond the parameters do not count.
    let counted = if spec.varpos { taken } else { nargs };
    if counted + nkw > total && !spec.varkw {
        // "keyword" when nothing is positional: else the message would be wrong in special cases.
        let keyword = if counted == 0 { "keyword " } else { "" };
        let given = counted + nkw;
        return Err(raise!(
            py,
            TypeError,
            "{fname}() takes at most {total} {keyword}argument{} ({given} given)",
            plural(total)
        ));
    }
    if nargs > max_pos && !spec.varpos {
        if max_pos == 0 {
            return Err(raise!(py, TypeError, "{fname}() takes no positional arguments"));
        }
        let bound = if min_pos < max_pos { "at most" } else { "exactly" };
        return Err(raise!(
            py,
            TypeError,
            "{fname}() takes {bound} {max_pos} positional argument{} ({nargs} given)",
            plural(max_pos)
        ));
    }
    let min_posonly = posonly.min(min_pos);
    if nargs < min_posonly {
        let bound = if min_posonly < max_pos || spec.varpos { "at least" } else { "exactly" };
        return Err(raise!(
            py,
            TypeError,
            "{fname}() takes {bound} {min_posonly} positional argument{} ({nargs} given)",
            plural(min_posonly)
        ));
    }
    let required_to = if spec.min_kw != 0 { max_pos + spec.min_kw as usize } else { min_pos };
    for i in 0..total {
        let value = if i < taken {
            // SAFETY: one of the positional arguments.
            unsafe { *args.add(i) }
        } else if i < posonly || nkw == 0 {
            null_mut()
        } else {
            let value = keywords.find(spec.names[i]);
            nkw -= !value.is_null() as usize;
            value
        };
        if value.is_null() && i >= posonly && (i < min_pos || (i >= max_pos && i < required_to)) {
            let name = spec.names[i];
            return Err(raise!(py, TypeError, "{fname}() missing required argument '{name}' (pos {})", i + 1));
        }
        // SAFETY: `buf` has room for each named parameter.
        unsafe { *buf.add(i) = value };
    }
    if nkw > 0 {
        for i in posonly..taken {
            let name = spec.names[i];
            if !keywords.find(name).is_null() {
                return Err(raise!(
                    py,
                    TypeError,
                    "argument for {fname}() given by name ('{name}') and position ({})",
                    i + 1
                ));
            }
        }
        if !spec.varkw || has_bad_name(keywords) {
            return Err(unexpected_keyword(py, spec, keywords));
        }
    }
    Ok(ArgArray { ptr: buf, len: total })
}

/// Is one of the names not a string?
fn has_bad_name(keywords: Keywords<'_>) -> bool {
    keywords.any(|key, _| key.downcast::<PyStr>().is_none())
}

#[cold]
#[inline(never)]
fn unexpected_keyword(py: Python, spec: &ArgSpec, keywords: Keywords<'_>) -> Raised {
    let names = spec.keywords();
    let mut raised = None;
    keywords.any(|key, _| {
        let Some(key) = key.downcast::<PyStr>() else {
            raised = Some(raise!(py, TypeError, "keywords must be strings"));
            return true;
        };
        if names.iter().any(|n| key.eq_str(n)) {
            return false;
        }
        let text = key.to_string_lossy();
        let hint = suggest::closest(&text, names.iter().copied())
            .map(|s| format!(". Did you mean '{s}'?"))
            .unwrap_or_default();
        let fname = spec.fname;
        raised = Some(raise!(py, TypeError, "{fname}() got an unexpected keyword argument '{text}'{hint}"));
        true
    });
    raised.unwrap_or_else(|| raise!(py, TypeError, "invalid keyword argument for {}()", spec.fname))
}

/// For a constructor without parameters: no arguments of either kind.
///
/// # Safety
/// `kwargs` is a dict or null.
#[cold]
#[inline(never)]
pub unsafe fn refuse_arguments(spec: &'static ArgSpec, nargs: usize, kwargs: *mut PyObject) -> PyResult<()> {
    if nargs != 0 {
        // SAFETY: argument lists are unpacked with the GIL held.
        let py = unsafe { Python::assume() };
        return Err(raise!(py, TypeError, "{}() takes no positional arguments", spec.fname));
    }
    // SAFETY: by contract.
    unsafe { refuse_keywords(spec, kwargs) }
}

/// "f() takes no keyword arguments", unless the dict is empty.
///
/// # Safety
/// `kwargs` is a dict or null.
#[cold]
#[inline(never)]
pub unsafe fn refuse_keywords(spec: &'static ArgSpec, kwargs: *mut PyObject) -> PyResult<()> {
    // SAFETY: by contract.
    match unsafe { (kwargs as *const PyDict).as_ref() } {
        Some(d) if d.len() != 0 => Err(no_keywords(spec.fname)),
        _ => Ok(()),
    }
}

/// As [`refuse_keywords`] for a vectorcall's names.
///
/// # Safety
/// `kwnames` is a tuple or null.
#[cold]
#[inline(never)]
pub unsafe fn refuse_kwnames(fname: &str, kwnames: *mut PyObject) -> PyResult<()> {
    // SAFETY: by contract.
    match unsafe { (kwnames as *const PyTuple).as_ref() } {
        Some(names) if names.len() != 0 => Err(no_keywords(fname)),
        _ => Ok(()),
    }
}

fn no_keywords(fname: &str) -> Raised {
    // SAFETY: argument lists are unpacked with the GIL held.
    let py = unsafe { Python::assume() };
    raise!(py, TypeError, "{fname}() takes no keyword arguments")
}

/// In an [`ArgContext`]: the function has one parameter, and its errors say "argument" without a number.
pub const WHOLE: usize = usize::MAX;

/// Which argument is being converted, for error messages.
#[derive(Clone, Copy)]
pub struct ArgContext {
    spec: &'static ArgSpec,
    index: usize,
}

impl ArgContext {
    #[inline(always)]
    pub fn new(spec: &'static ArgSpec, index: usize) -> ArgContext {
        ArgContext { spec, index }
    }

    /// The function's name.
    pub fn function(self) -> &'static str {
        self.spec.fname
    }

    /// `argument 'x'`, `argument 1` or `argument`.
    pub fn argument(self) -> String {
        if self.index == WHOLE {
            "argument".to_owned()
        } else if self.index < self.spec.posonly as usize {
            format!("argument {}", self.index + 1)
        } else {
            format!("argument '{}'", self.spec.names.get(self.index).copied().unwrap_or("?"))
        }
    }

    /// "f() argument 1 must be str, not int" (`_PyArg_BadArgument`).
    #[cold]
    #[inline(never)]
    pub fn bad_argument(self, py: Python, expected: &str, given: &PyObject) -> Raised {
        let shown = if given.is_none() { "None" } else { given.ty().full_name() };
        raise!(py, TypeError, "{}() {} must be {expected}, not {shown}", self.function(), self.argument())
    }
}

/// The arguments of a variadic call, borrowed: derefs to the positional ones.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    ptr: *const *mut PyObject,
    len: usize,
    /// The callee may use the word before the first argument.
    offset: bool,
    kwnames: *mut PyObject,
    borrow: PhantomData<&'a PyObject>,
}

impl<'a> Args<'a> {
    /// No arguments.
    pub const EMPTY: Args<'static> =
        Args { ptr: core::ptr::null(), len: 0, offset: false, kwnames: null_mut(), borrow: PhantomData };

    /// What `*args` collects: the positional arguments after the first `skip`.
    ///
    /// # Safety
    /// `args` points to `nargs` objects that outlive `'a`.
    #[inline(always)]
    pub unsafe fn rest(args: *const *mut PyObject, nargs: usize, skip: usize) -> Args<'a> {
        if nargs <= skip {
            return Args::EMPTY;
        }
        // SAFETY: within the argument array.
        let ptr = unsafe { args.add(skip) };
        Args { ptr, len: nargs - skip, offset: false, kwnames: null_mut(), borrow: PhantomData }
    }

    /// The arguments of a vectorcall.
    ///
    /// # Safety
    /// They are as the vectorcall protocol says, and outlive `'a`.
    #[inline(always)]
    pub unsafe fn vectorcall(args: *const *mut PyObject, nargsf: usize, kwnames: *mut PyObject) -> Args<'a> {
        Args {
            ptr: args,
            len: nargsf & !VECTORCALL_ARGUMENTS_OFFSET,
            offset: nargsf & VECTORCALL_ARGUMENTS_OFFSET != 0,
            kwnames,
            borrow: PhantomData,
        }
    }

    /// The positional arguments.
    #[inline(always)]
    pub fn as_slice(&self) -> &'a [&'a PyObject] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: the pointer leads to `len` live objects; a reference is a non-null pointer.
        unsafe { core::slice::from_raw_parts(self.ptr as *const &PyObject, self.len) }
    }

    /// The names of the keyword arguments of a vectorcall; their values follow the positional ones.
    #[inline(always)]
    pub fn kwnames(&self) -> Option<&'a PyTuple> {
        // SAFETY: a tuple or null.
        unsafe { (self.kwnames as *const PyTuple).as_ref() }
    }

    /// The values of the keyword arguments of a vectorcall, in the order of [`Args::kwnames`].
    pub fn keyword_values(&self) -> &'a [&'a PyObject] {
        match self.kwnames() {
            // SAFETY: the values follow the positional arguments.
            Some(names) if names.len() != 0 => unsafe {
                core::slice::from_raw_parts(self.ptr.add(self.len) as *const &PyObject, names.len())
            },
            _ => &[],
        }
    }

    /// True if there are keyword arguments.
    pub fn has_keywords(&self) -> bool {
        self.kwnames().is_some_and(|n| n.len() != 0)
    }

    /// The raw array, to be passed on.
    #[inline(always)]
    pub fn as_ptr(&self) -> *const *mut PyObject {
        self.ptr
    }

    /// The raw count with the offset flag, to be passed on.
    #[inline(always)]
    pub fn nargsf(&self) -> usize {
        self.len | if self.offset { VECTORCALL_ARGUMENTS_OFFSET } else { 0 }
    }

    /// TypeError "f() takes no keyword arguments", unless there are none.
    #[inline]
    pub fn no_keywords(&self, fname: &str) -> PyResult<()> {
        if self.kwnames.is_null() {
            return Ok(());
        }
        // SAFETY: a tuple.
        unsafe { refuse_kwnames(fname, self.kwnames) }
    }

    /// TypeError "f expected at least 1 argument, got 0", unless the number of arguments is in bounds
    /// (`_PyArg_CheckPositional`).
    #[inline]
    pub fn check_count(&self, py: Python, fname: &str, min: usize, max: usize) -> PyResult<()> {
        if self.len >= min && self.len <= max {
            return Ok(());
        }
        Err(count_error(py, fname, self.len, min, max))
    }
}

/// `_PyArg_CheckPositional`'s error.
#[cold]
#[inline(never)]
fn count_error(py: Python, fname: &str, given: usize, min: usize, max: usize) -> Raised {
    let (n, qualifier) = if given < min { (min, "at least ") } else { (max, "at most ") };
    let qualifier = if min == max { "" } else { qualifier };
    raise!(py, TypeError, "{fname} expected {qualifier}{n} argument{}, got {given}", plural(n))
}

impl<'a> core::ops::Deref for Args<'a> {
    type Target = [&'a PyObject];
    #[inline(always)]
    fn deref(&self) -> &[&'a PyObject] {
        self.as_slice()
    }
}

impl<'a> IntoIterator for Args<'a> {
    type Item = &'a PyObject;
    type IntoIter = core::iter::Copied<core::slice::Iter<'a, &'a PyObject>>;
    fn into_iter(self) -> Self::IntoIter {
        self.as_slice().iter().copied()
    }
}

/// What `**kwargs` collects: the keyword arguments that no parameter takes.
#[derive(Clone, Copy)]
pub struct KwArgs<'a> {
    keywords: Keywords<'a>,
    /// Names that parameters have taken.
    taken: &'static [&'static str],
}

impl<'a> KwArgs<'a> {
    /// # Safety
    /// As [`unpack`], whose result is good; the arguments outlive `'a`.
    #[inline(always)]
    pub unsafe fn from_vectorcall(
        spec: &'static ArgSpec,
        args: *const *mut PyObject,
        nargs: usize,
        kwnames: *mut PyObject,
    ) -> KwArgs<'a> {
        // SAFETY: by contract.
        let keywords = match unsafe { (kwnames as *const PyTuple).as_ref() } {
            // SAFETY: the values follow the positional arguments.
            Some(names) => Keywords::Names(names, unsafe { args.add(nargs) }),
            None => Keywords::None,
        };
        KwArgs { keywords, taken: spec.keywords() }
    }

    /// # Safety
    /// As [`unpack_dict`], whose result is good; the dict outlives `'a`.
    #[inline(always)]
    pub unsafe fn from_dict(spec: &'static ArgSpec, kwargs: *mut PyObject) -> KwArgs<'a> {
        // SAFETY: by contract.
        let keywords = unsafe { (kwargs as *const PyDict).as_ref() }.map_or(Keywords::None, Keywords::Dict);
        KwArgs { keywords, taken: spec.keywords() }
    }

    /// Calls `f` with each name and value until it gives true; true if it did. The values are borrowed: `f` must not
    /// change a dict that the caller has handed in, which Python code cannot reach.
    pub fn any(&self, mut f: impl FnMut(&'a PyStr, &'a PyObject) -> bool) -> bool {
        self.keywords.any(|key, value| {
            // A subclass of str is a str; names that are none have been refused.
            let Some(name) = key.downcast::<PyStr>() else {
                return false;
            };
            if self.taken.iter().any(|t| name.eq_str(t)) {
                return false;
            }
            // SAFETY: the caller keeps its arguments alive.
            f(name, unsafe { &*value })
        })
    }

    pub fn is_empty(&self) -> bool {
        !self.any(|_, _| true)
    }

    pub fn len(&self) -> usize {
        let mut n = 0;
        self.any(|_, _| {
            n += 1;
            false
        });
        n
    }

    /// The value given for `name`.
    pub fn get(&self, name: &str) -> Option<&'a PyObject> {
        let mut found = None;
        self.any(|key, value| {
            let hit = key.eq_str(name);
            if hit {
                found = Some(value);
            }
            hit
        });
        found
    }

    /// Names and values.
    pub fn to_vec(&self) -> Vec<(&'a PyStr, &'a PyObject)> {
        let mut out = Vec::new();
        self.any(|key, value| {
            out.push((key, value));
            false
        });
        out
    }

    /// A new dict of them.
    pub fn to_dict(&self, py: Python) -> PyResult<Py<PyDict>> {
        let dict = PyDict::new(py)?;
        for (key, value) in self.to_vec() {
            dict.set(py, key, value)?;
        }
        Ok(dict)
    }

    /// A dict of them, the caller's own where possible; `None` if there are none.
    pub fn into_dict(self, py: Python) -> PyResult<Option<Py<PyDict>>> {
        match self.keywords {
            Keywords::None => Ok(None),
            Keywords::Dict(d) if self.taken.is_empty() => Ok((d.len() != 0).then(|| Py::new_ref(d))),
            _ if self.is_empty() => Ok(None),
            _ => self.to_dict(py).map(Some),
        }
    }
}
