//! Runs recorded code words over recorded texts and compares with what CPython 3.14 found.
//!
//! The data: `P` lines give a pattern (kind, number of groups, code words in hexadecimal, source), `T` lines
//! a text for it, the lines after it the results of search, match, fullmatch, search(1, len - 1) and finditer.
//! `TAIPAN_SRE_RECORDED` can name another file of this form.

use taipan_sre::{Char, Host, Program, State, Unicode};

/// The host of this test: the real Unicode tables, the C locale.
struct Tables;

impl Unicode for Tables {
    fn lower(ch: u32) -> u32 {
        taipan_unicode::case::simple_lower(ch)
    }
    fn upper(ch: u32) -> u32 {
        taipan_unicode::case::simple_upper(ch)
    }
    fn is_decimal(ch: u32) -> bool {
        taipan_unicode::is_decimal(ch)
    }
    fn is_space(ch: u32) -> bool {
        taipan_unicode::is_space(ch)
    }
    fn is_alnum(ch: u32) -> bool {
        taipan_unicode::is_alnum(ch)
    }
    fn is_linebreak(ch: u32) -> bool {
        taipan_unicode::is_linebreak(ch)
    }
}

impl Host for Tables {
    type Unicode = Tables;
}

fn unescape(s: &str) -> Vec<u32> {
    let mut out = Vec::new();
    let mut rest = s;
    while let Some(c) = rest.chars().next() {
        if let Some(hex) = rest.strip_prefix("\\x{") {
            let end = hex.find('}').unwrap();
            out.push(u32::from_str_radix(&hex[..end], 16).unwrap());
            rest = &hex[end + 1..];
        } else {
            out.push(c as u32);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn show(state: &State, program: &Program) -> String {
    let mut out = vec![format!("{},{}", state.start, state.ptr)];
    out.extend((1..=program.groups()).map(|g| state.group(g).map_or("-".into(), |(a, b)| format!("{a},{b}"))));
    out.push(state.lastindex().unwrap_or(0).to_string());
    out.join(";")
}

fn run<C: Char>(program: &Program, text: &[C], mode: &str) -> String {
    let mut host = Tables;
    let mut state = State::new(program, 0, text.len());
    let found = match mode {
        "s" => state.search(program, text, &mut host),
        "m" => state.match_at(program, text, &mut host),
        "f" => {
            state.match_all = true;
            state.match_at(program, text, &mut host)
        }
        "p" => {
            state = State::new(program, 1, text.len() - 1);
            state.search(program, text, &mut host)
        }
        "i" => {
            let mut all = Vec::new();
            while state.search(program, text, &mut host).unwrap() {
                all.push(show(&state, program));
                state.must_advance = state.ptr == state.start;
                state.start = state.ptr;
            }
            return all.join("|");
        }
        _ => panic!("mode {mode}"),
    };
    if found.unwrap() { show(&state, program) } else { "-".into() }
}

#[test]
fn agrees_with_the_recording() {
    let path = std::env::var("TAIPAN_SRE_RECORDED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/recorded.txt").into());
    let data = std::fs::read_to_string(path).unwrap();
    let mut program = None;
    let (mut source, mut bytes, mut text) = ("", false, Vec::new());
    let (mut checked, mut wrong) = (0, 0);
    for line in data.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[0] {
            "P" => {
                bytes = fields[1] == "b";
                let code: Vec<u32> = fields[3].split(' ').map(|w| u32::from_str_radix(w, 16).unwrap()).collect();
                source = fields[4];
                let made = Program::new::<Tables>(&code, fields[2].parse().unwrap());
                program = Some(made.unwrap_or_else(|e| panic!("{source}: {e}")));
            }
            "T" => text = unescape(fields[1]),
            mode => {
                let program = program.as_ref().unwrap();
                let narrow: Option<Vec<u8>> = text.iter().map(|&c| u8::try_from(c).ok()).collect();
                let middle: Option<Vec<u16>> = text.iter().map(|&c| u16::try_from(c).ok()).collect();
                let mut results = Vec::new();
                if let Some(t) = &narrow {
                    results.push(run(program, t, mode));
                }
                if let (Some(t), false) = (&middle, bytes) {
                    results.push(run(program, t, mode));
                }
                if !bytes {
                    results.push(run(program, &text, mode));
                }
                for result in results {
                    checked += 1;
                    if result != fields[1] {
                        wrong += 1;
                        if wrong < 40 {
                            eprintln!("{source:?} {mode} {text:x?}: {result}, recorded {}", fields[1]);
                        }
                    }
                }
            }
        }
    }
    eprintln!("{checked} results");
    assert!(checked > 1000);
    assert_eq!(wrong, 0);
}
