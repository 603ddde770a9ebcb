//! What `sys` says about the implementation: constants and struct sequences.

use taipan_object::typeobj::flags::{DISALLOW_INSTANTIATION, IMMUTABLETYPE};
use taipan_object::types::namespace::PyNamespace;
use taipan_object::types::structseq::{Field, StructSeq};
use taipan_object::types::tuple::PyTuple;
use taipan_object::{Py, PyDict, PyFloat, PyFrozenSet, PyLong, PyResult, PyStr, Python};

const fn field(name: &'static core::ffi::CStr, doc: &'static core::ffi::CStr) -> Field {
    Field::new(name, doc)
}

/// Release of the Python language that this is.
pub const VERSION: (i64, i64, i64) = (3, 14, 10);
/// `sys.hexversion`: a final release.
pub const HEXVERSION: i64 = (VERSION.0 << 24) | (VERSION.1 << 16) | (VERSION.2 << 8) | 0xf0;
/// `PYTHON_API_VERSION`.
pub const API_VERSION: i64 = 1013;

static FLAGS: StructSeq = StructSeq::new(
    c"sys.flags",
    c"sys.flags\n\nFlags provided through command line arguments or environment vars.",
    &[
        field(c"debug", c"-d"),
        field(c"inspect", c"-i"),
        field(c"interactive", c"-i"),
        field(c"optimize", c"-O or -OO"),
        field(c"dont_write_bytecode", c"-B"),
        field(c"no_user_site", c"-s"),
        field(c"no_site", c"-S"),
        field(c"ignore_environment", c"-E"),
        field(c"verbose", c"-v"),
        field(c"bytes_warning", c"-b"),
        field(c"quiet", c"-q"),
        field(c"hash_randomization", c"-R"),
        field(c"isolated", c"-I"),
        field(c"dev_mode", c"-X dev"),
        field(c"utf8_mode", c"-X utf8"),
        field(c"warn_default_encoding", c"-X warn_default_encoding"),
        field(c"safe_path", c"-P"),
        field(c"int_max_str_digits", c"-X int_max_str_digits"),
        field(c"gil", c"-X gil"),
        field(c"thread_inherit_context", c"-X thread_inherit_context"),
        field(c"context_aware_warnings", c"-X context_aware_warnings"),
    ],
    18,
)
.with_flags(DISALLOW_INSTANTIATION | IMMUTABLETYPE);

static VERSION_INFO: StructSeq = StructSeq::new(
    c"sys.version_info",
    c"sys.version_info\n\nVersion information as a named tuple.",
    &[
        field(c"major", c"Major release number"),
        field(c"minor", c"Minor release number"),
        field(c"micro", c"Patch release number"),
        field(c"releaselevel", c"'alpha', 'beta', 'candidate', or 'final'"),
        field(c"serial", c"Serial release number"),
    ],
    5,
)
.with_flags(DISALLOW_INSTANTIATION | IMMUTABLETYPE);

static FLOAT_INFO: StructSeq = StructSeq::new(
    c"sys.float_info",
    c"sys.float_info\n\nWhat there is to know about the precision and the internal representation of floats.",
    &[
        field(c"max", c"DBL_MAX -- maximum representable finite float"),
        field(c"max_exp", c"DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"),
        field(c"max_10_exp", c"DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"),
        field(c"min", c"DBL_MIN -- Minimum positive normalized float"),
        field(c"min_exp", c"DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"),
        field(c"min_10_exp", c"DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"),
        field(c"dig", c"DBL_DIG -- maximum number of decimal digits that can be faithfully represented in a float"),
        field(c"mant_dig", c"DBL_MANT_DIG -- mantissa digits"),
        field(c"epsilon", c"DBL_EPSILON -- Difference between 1 and the next representable float"),
        field(c"radix", c"FLT_RADIX -- radix of exponent"),
        field(c"rounds", c"FLT_ROUNDS -- rounding mode used for arithmetic operations"),
    ],
    11,
)
.with_flags(IMMUTABLETYPE);

static INT_INFO: StructSeq = StructSeq::new(
    c"sys.int_info",
    c"sys.int_info\n\nHow integers are represented internally.",
    &[
        field(c"bits_per_digit", c"size of a digit in bits"),
        field(c"sizeof_digit", c"size in bytes of the C type used to represent a digit"),
        field(c"default_max_str_digits", c"maximum string conversion digits limitation"),
        field(c"str_digits_check_threshold", c"minimum positive value for int_max_str_digits"),
    ],
    4,
)
.with_flags(IMMUTABLETYPE);

static HASH_INFO: StructSeq = StructSeq::new(
    c"sys.hash_info",
    c"hash_info\n\nParameters used for computing hashes.",
    &[
        field(c"width", c"width of the type used for hashing, in bits"),
        field(c"modulus", c"prime number giving the modulus on which the hash function is based"),
        field(c"inf", c"value to be used for hash of a positive infinity"),
        field(c"nan", c"value to be used for hash of a nan"),
        field(c"imag", c"multiplier used for the imaginary part of a complex number"),
        field(c"algorithm", c"name of the algorithm for hashing of str, bytes and memoryviews"),
        field(c"hash_bits", c"internal output size of hash algorithm"),
        field(c"seed_bits", c"seed size of hash algorithm"),
        field(c"cutoff", c"small string optimization cutoff"),
    ],
    9,
)
.with_flags(IMMUTABLETYPE);

static THREAD_INFO: StructSeq = StructSeq::new(
    c"sys.thread_info",
    c"sys.thread_info\n\nHow threads are implemented.",
    &[
        field(c"name", c"name of the thread implementation"),
        field(c"lock", c"name of the lock implementation"),
        field(c"version", c"name and version of the thread library"),
    ],
    3,
)
.with_flags(IMMUTABLETYPE);

fn int(py: Python, n: i64) -> PyResult {
    Ok(PyLong::from_i64(py, n)?.into_object())
}
fn float(py: Python, v: f64) -> PyResult {
    Ok(PyFloat::new(py, v)?.into_object())
}
fn text(py: Python, s: &str) -> PyResult {
    Ok(PyStr::new(py, s)?.into_object())
}

/// `sys.flags` as the configuration stands.
pub fn flags(py: Python) -> PyResult<Py<PyTuple>> {
    let c = py.interp().config.borrow().clone();
    let b = |v: bool| int(py, v as i64);
    let values = vec![
        b(c.parser_debug)?,
        b(c.inspect)?,
        b(c.interactive)?,
        int(py, c.optimization_level as i64)?,
        b(!c.write_bytecode)?,
        b(c.no_user_site)?,
        b(!c.site_import)?,
        b(!c.use_environment)?,
        int(py, c.verbose as i64)?,
        int(py, c.bytes_warning as i64)?,
        b(c.quiet)?,
        b(c.hash_seed != Some(0))?,
        b(c.isolated)?,
        py.bool(c.dev_mode),
        b(c.utf8_mode)?,
        b(c.warn_default_encoding)?,
        py.bool(c.safe_path),
        int(py, py.interp().int_max_str_digits.get() as i64)?,
        int(py, 1)?,
        b(c.thread_inherit_context)?,
        b(c.context_aware_warnings)?,
    ];
    FLAGS.instance(py, values)
}

/// `sys.version_info`.
pub fn version_info(py: Python) -> PyResult<Py<PyTuple>> {
    let (major, minor, micro) = VERSION;
    let values = vec![int(py, major)?, int(py, minor)?, int(py, micro)?, text(py, "final")?, int(py, 0)?];
    VERSION_INFO.instance(py, values)
}

/// `sys.version`: the language's version, then the implementation's name and version in brackets.
pub fn version() -> String {
    let (major, minor, micro) = VERSION;
    let built = option_env!("TAIPAN_BUILD_DATE").unwrap_or("Jan  1 2026, 00:00:00");
    format!("{major}.{minor}.{micro} (main, {built}) [Taipan {}]", env!("CARGO_PKG_VERSION"))
}

fn float_info(py: Python) -> PyResult<Py<PyTuple>> {
    FLOAT_INFO.instance(
        py,
        vec![
            float(py, f64::MAX)?,
            int(py, f64::MAX_EXP as i64)?,
            int(py, f64::MAX_10_EXP as i64)?,
            float(py, f64::MIN_POSITIVE)?,
            int(py, f64::MIN_EXP as i64)?,
            int(py, f64::MIN_10_EXP as i64)?,
            int(py, f64::DIGITS as i64)?,
            int(py, f64::MANTISSA_DIGITS as i64)?,
            float(py, f64::EPSILON)?,
            int(py, f64::RADIX as i64)?,
            int(py, 1)?,
        ],
    )
}

fn hash_info(py: Python) -> PyResult<Py<PyTuple>> {
    HASH_INFO.instance(
        py,
        vec![
            int(py, 64)?,
            int(py, (1 << 61) - 1)?,
            int(py, 314_159)?,
            int(py, 0)?,
            int(py, 1_000_003)?,
            text(py, "siphash13")?,
            int(py, 64)?,
            int(py, 128)?,
            int(py, 0)?,
        ],
    )
}

fn thread_info(py: Python) -> PyResult<Py<PyTuple>> {
    let mut buffer = [0u8; 64];
    // SAFETY: the buffer is as long as said.
    let n = unsafe { libc::confstr(libc::_CS_GNU_LIBPTHREAD_VERSION, buffer.as_mut_ptr().cast(), buffer.len()) };
    let version = match n {
        0 => py.none(),
        n => text(py, &String::from_utf8_lossy(&buffer[..n.min(buffer.len()) - 1]))?,
    };
    THREAD_INFO.instance(py, vec![text(py, "pthread")?, text(py, "semaphore")?, version])
}

/// `sys.implementation`: CPython's, whose contracts are kept, with Taipan's own version added.
fn implementation(py: Python) -> PyResult {
    let dict = PyDict::new(py)?;
    let set = |name: &str, value: Py| -> PyResult<()> { dict.set(py, &*PyStr::intern(py, name)?, &value) };
    set("name", text(py, "cpython")?)?;
    set("cache_tag", text(py, "cpython-314")?)?;
    set("version", version_info(py)?.into_object())?;
    set("hexversion", int(py, HEXVERSION)?)?;
    set("_multiarch", text(py, "x86_64-linux-gnu")?)?;
    set("supports_isolated_interpreters", py.bool(true))?;
    set("_taipan", text(py, env!("CARGO_PKG_VERSION"))?)?;
    Ok(PyNamespace::new(py, Some(&dict))?.into_object())
}

const COPYRIGHT: &str = "Copyright (c) 2001 Python Software Foundation.\nAll Rights Reserved.\n\nCopyright (c) 2000 BeOpen.com.\nAll Rights Reserved.\n\nCopyright (c) 1995-2001 Corporation for National Research Initiatives.\nAll Rights Reserved.\n\nCopyright (c) 1991-1995 Stichting Mathematisch Centrum, Amsterdam.\nAll Rights Reserved.";

/// Names as a tuple of strings.
fn names(py: Python, names: &[&str]) -> PyResult {
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        out.push(PyStr::intern(py, name)?.into_object());
    }
    Ok(PyTuple::from_vec(py, out)?.into_object())
}

/// `sys.builtin_module_names` for modules of these names.
pub fn builtin_module_names(py: Python, modules: &[&str]) -> PyResult {
    let mut sorted = modules.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    names(py, &sorted)
}

/// Puts all that never changes into the module's dict.
pub fn fill(py: Python, set: &dyn Fn(&str, Py) -> PyResult<()>) -> PyResult<()> {
    set("version", text(py, &version())?)?;
    set("hexversion", int(py, HEXVERSION)?)?;
    set("_git", PyTuple::from_vec(py, vec![text(py, "Taipan")?, text(py, "")?, text(py, "")?])?.into_object())?;
    set("_framework", text(py, "")?)?;
    set("api_version", int(py, API_VERSION)?)?;
    set("copyright", text(py, COPYRIGHT)?)?;
    set("platform", text(py, "linux")?)?;
    set("maxsize", int(py, i64::MAX)?)?;
    set("float_info", float_info(py)?.into_object())?;
    let int_info = INT_INFO.instance(py, vec![int(py, 30)?, int(py, 4)?, int(py, 4300)?, int(py, 640)?])?;
    set("int_info", int_info.into_object())?;
    set("hash_info", hash_info(py)?.into_object())?;
    set("maxunicode", int(py, 0x10_ffff)?)?;
    set("builtin_module_names", builtin_module_names(py, &["_warnings", "builtins", "sys"])?)?;
    let all = PyFrozenSet::new(py)?;
    for name in super::stdlib_names::NAMES {
        all.add(py, &*PyStr::intern(py, name)?)?;
    }
    set("stdlib_module_names", all.into_object())?;
    set("byteorder", text(py, "little")?)?;
    set("abiflags", text(py, "")?)?;
    set("version_info", version_info(py)?.into_object())?;
    set("implementation", implementation(py)?)?;
    set("float_repr_style", text(py, "short")?)?;
    set("thread_info", thread_info(py)?.into_object())?;
    Ok(())
}
