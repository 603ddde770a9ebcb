//! The texts of `--help` and `--version`.

/// Prints to standard output; gives the exit status.
pub fn print(text: &str) -> i32 {
    println!("{}", text.trim_end());
    0
}

/// `-V`; with `all`, `-VV`.
pub fn version(all: bool) -> String {
    if all {
        format!("Python 3.14.0 (Taipan {}) [{}]", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH)
    } else {
        format!("Python 3.14.0 (Taipan {})", env!("CARGO_PKG_VERSION"))
    }
}

pub fn usage_line(program: &str) -> String {
    format!("usage: {program} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n")
}

/// `--help`.
pub fn usage(program: &str) -> String {
    format!("{}{OPTIONS}", usage_line(program))
}

const OPTIONS: &str = "\
Options (each has the environment variable named behind it, if any):
-b     : warn about str() of bytes and comparing bytes with str; -bb: raise
-B     : write no .pyc files (PYTHONDONTWRITEBYTECODE)
-c cmd : run this program text; ends the options
-d     : parser debugging (PYTHONDEBUG)
-E     : ignore PYTHON* environment variables
-h     : this text (also -? or --help)
-i     : go on interactively after running (PYTHONINSPECT)
-I     : isolated: -E, -P and -s together
-m mod : run a library module as a script; ends the options
-O     : leave out asserts and code under __debug__ (PYTHONOPTIMIZE)
-OO    : the same, and docstrings
-P     : put no unsafe path in front of sys.path (PYTHONSAFEPATH)
-q     : show no version and copyright when interactive
-s     : do not add the user's site directory (PYTHONNOUSERSITE)
-S     : do not import site
-u     : unbuffered stdout and stderr (PYTHONUNBUFFERED)
-v     : trace imports (PYTHONVERBOSE); more of them: more text
-V     : the version (also --version); -VV: more about the build
-W arg : a warning filter: action:message:category:module:lineno (PYTHONWARNINGS)
-x     : skip the first line of the source
-X opt : an implementation option; see --help-xoptions
--check-hash-based-pycs always|default|never:
         how hash-based .pyc files are checked
--help-env      : environment variables
--help-xoptions : -X options
--help-all      : all of this
file   : run this program
-      : run the program on standard input (the default; interactive on a terminal)
arg ...: the program's arguments, sys.argv[1:]
";

/// `--help-env`.
pub const ENVIRONMENT: &str = "\
Environment variables:
PYTHONSTARTUP   : file run when an interactive session begins
PYTHONPATH      : directories in front of the module search path, separated by ':'
PYTHONHOME      : where the standard library is installed
PYTHONUTF8      : 1: UTF-8 mode
PYTHONIOENCODING: encoding[:errors] of the standard streams
PYTHONHASHSEED  : 'random' or a number that seeds the hashes of str and bytes
PYTHONPYCACHEPREFIX: root of a tree for .pyc files
PYTHONDEVMODE   : development mode (-X dev)
PYTHONWARNINGS  : warning filters, separated by ',' (-W)
PYTHONNODEBUGRANGES: no column positions in code objects (-X no_debug_ranges)
PYTHONPROFILEIMPORTTIME: time of imports (-X importtime)
PYTHONFAULTHANDLER: tracebacks on fatal signals (-X faulthandler)
PYTHONWARNDEFAULTENCODING: warn about encoding=None (-X warn_default_encoding)
and those that --help names.
";

/// `--help-xoptions`.
pub const XOPTIONS: &str = "\
-X options:
-X dev                  : development mode
-X faulthandler         : tracebacks on fatal signals
-X importtime           : time of imports
-X no_debug_ranges      : no column positions in code objects
-X pycache_prefix=PATH  : root of a tree for .pyc files
-X utf8[=0|1]           : UTF-8 mode on or off
-X warn_default_encoding: warn about encoding=None
";
