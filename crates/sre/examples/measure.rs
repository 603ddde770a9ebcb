//! Times recorded operations and compares with the times recorded beside them.
//!
//! `cargo run --release -p taipan-sre --example measure -- FILE`
//!
//! FILE has lines of tab-separated fields. `P`: number of groups, code words in hexadecimal, source. `O`: suite,
//! mode (`s`earch, `m`atch, `i`terate), most matches (0: all), weight, number of matches expected, nanoseconds
//! of the other implementation, kind (`b`ytes or `u`nicode), text (`\x{…}` stands for a character).

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use taipan_sre::{Char, Host, Program, State, Unicode};

/// The host of the measurement: the real Unicode tables, the C locale.
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
        match rest.strip_prefix("\\x{").and_then(|hex| hex.split_once('}')) {
            Some((hex, after)) => {
                out.push(u32::from_str_radix(hex, 16).unwrap_or(0));
                rest = after;
            }
            None => {
                out.push(c as u32);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

/// Runs one operation; gives the number of matches.
fn operate<C: Char>(program: &Program, text: &[C], mode: &str, most: usize) -> usize {
    let mut host = Tables;
    let mut state = State::new(program, 0, text.len());
    let mut count = 0;
    match mode {
        "s" => count += usize::from(state.search(program, text, &mut host) == Ok(true)),
        "m" => count += usize::from(state.match_at(program, text, &mut host) == Ok(true)),
        _ => {
            while (most == 0 || count < most) && state.search(program, text, &mut host) == Ok(true) {
                count += 1;
                state.must_advance = state.ptr == state.start;
                state.start = state.ptr;
            }
        }
    }
    count
}

fn time(mut f: impl FnMut() -> usize) -> f64 {
    let mut n = 1u32;
    loop {
        let start = Instant::now();
        for _ in 0..n {
            black_box(f());
        }
        if start.elapsed().as_secs_f64() > 0.004 || n > 1 << 24 {
            break;
        }
        n *= 4;
    }
    let mut best = f64::MAX;
    for _ in 0..4 {
        let start = Instant::now();
        for _ in 0..n {
            black_box(f());
        }
        best = best.min(start.elapsed().as_secs_f64() / n as f64);
    }
    best * 1e9
}

fn main() {
    let path = std::env::args().nth(1).expect("the file of recorded operations");
    let data = std::fs::read_to_string(path).expect("a readable file");
    let mut program = None;
    let mut source = "";
    let mut suites: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    for line in data.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields[0] == "P" {
            let code: Vec<u32> = fields[2].split(' ').map(|w| u32::from_str_radix(w, 16).expect("a word")).collect();
            program = Program::new::<Tables>(&code, fields[1].parse().expect("a number")).ok();
            source = fields[3];
            continue;
        }
        let (suite, mode) = (fields[1], fields[2]);
        let number = |i: usize| fields[i].parse::<f64>().expect("a number");
        let (most, weight, expected, other) = (number(3) as usize, number(4), number(5) as usize, number(6));
        let program = program.as_ref().expect("valid code");
        let text = unescape(fields[8]);
        let narrow: Option<Vec<u8>> = text.iter().map(|&c| u8::try_from(c).ok()).collect();
        let middle: Option<Vec<u16>> = text.iter().map(|&c| u16::try_from(c).ok()).collect();
        let mut run: Box<dyn FnMut() -> usize> = match (&narrow, &middle) {
            (Some(t), _) => Box::new(|| operate(program, black_box(t), mode, most)),
            (_, Some(t)) => Box::new(|| operate(program, black_box(t), mode, most)),
            _ => Box::new(|| operate(program, black_box(&text), mode, most)),
        };
        let found = run();
        if found != expected {
            println!("{suite} {source}: {found} matches, expected {expected}");
        }
        let own = time(run);
        let entry = suites.entry(suite).or_default();
        entry.0 += own * weight;
        entry.1 += other * weight;
        entry.2 += weight;
        if suite.starts_with("x:") || suite == "dna" || own > other * 0.8 {
            let short: String = source.chars().take(60).collect();
            println!(
                "{suite:12} {mode} {:7} chars {found:6} found {own:12.0} ns, other {other:12.0} ns, ratio {:.2}  {short}",
                text.len(),
                own / other
            );
        }
    }
    for (suite, (own, other, weight)) in suites {
        println!("{suite:12} {weight:8} operations, {:.2} of the other's time", own / other);
    }
}
