//! Sources that go deep: an error at some point, and never the end of the native stack.

use taipan_compiler::{CompileOptions, CompileWarning, ErrorKind, Mode, compile_ast, flags, parse};

/// The kind of error that the source ends in, compiled on a small stack.
fn outcome(source: String) -> Option<ErrorKind> {
    let compile = move || {
        let options = CompileOptions { optimize: 0, flags: 0 };
        let mut warnings: Vec<CompileWarning> = Vec::new();
        let mut tree = parse(source.as_bytes(), "<deep>", Mode::Exec, flags::PYCF_SOURCE_IS_UTF8, &mut warnings)
            .map_err(|e| e.kind)?;
        compile_ast(&mut tree, "<deep>", &options, &mut warnings).map_err(|error| error.kind)
    };
    let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn(move || compile().err());
    thread.unwrap().join().unwrap()
}

fn is_limit(outcome: Option<ErrorKind>) -> bool {
    matches!(outcome, Some(ErrorKind::RecursionError | ErrorKind::MemoryError))
}

/// Prefix, repeated part, what stands behind, and what follows for each repetition.
const SHAPES: [[&str; 4]; 13] = [
    ["a", "()", "", ""],
    ["a", ".b", "", ""],
    ["a", "[0]", "", ""],
    ["a", "*a", "", ""],
    ["", "a**", "a", ""],
    ["", "not ", "a", ""],
    ["", "-", "a", ""],
    ["", "-", "1", ""],
    ["", "a if b else ", "c", ""],
    ["", "lambda: ", "a", ""],
    ["if a: pass", "\nelif b: pass", "", ""],
    ["'a'", " + 'b'", "", ""],
    ["a", " % a", "", ""],
];

fn source([prefix, repeated, middle, suffix]: [&str; 4], times: usize) -> String {
    format!("{prefix}{}{middle}{}\n", repeated.repeat(times), suffix.repeat(times))
}

#[test]
fn a_hundred_levels_compile() {
    for shape in SHAPES {
        assert_eq!(outcome(source(shape, 100)), None, "{shape:?}");
    }
}

#[test]
fn thousands_of_levels_compile_or_fail() {
    for shape in SHAPES {
        for times in [1000, 5000, 10_000] {
            let outcome = outcome(source(shape, times));
            assert!(outcome.is_none() || is_limit(outcome), "{shape:?} {times} {outcome:?}");
        }
    }
}

#[test]
fn too_many_levels_are_an_error() {
    for shape in SHAPES {
        let outcome = outcome(source(shape, 200_000));
        assert!(is_limit(outcome), "{shape:?} {outcome:?}");
    }
}

#[test]
fn brackets() {
    for [open, close] in [["(", ")"], ["[", "]"], ["{1: ", "}"], ["f(", ")"], ["[a for a in ", "]"]] {
        assert_eq!(outcome(format!("{}a{}", open.repeat(150), close.repeat(150))), None);
        let outcome = outcome(format!("{}a{}", open.repeat(50_000), close.repeat(50_000)));
        assert_eq!(outcome, Some(ErrorKind::SyntaxError));
    }
}

#[test]
fn long_and_flat() {
    let many = |part: &str| part.repeat(50_000);
    for source in [
        many("a\n"),
        many("a; "),
        format!("x = [{}]", many("a, ")),
        format!("f({})", many("a, ")),
        format!("x = {{{}}}", many("'a': b, ")),
        format!("x = {}'b'", many("'a' ")),
        format!("{}b", many("a = ")),
        format!("x = a{}", many(" and b")),
        format!("{}def f(): pass", many("@a\n")),
        format!("match a:\n case {}2: pass", many("1 | ")),
    ] {
        let outcome = outcome(source.clone());
        assert!(outcome.is_none(), "{} {outcome:?}", &source[..40]);
    }
}
