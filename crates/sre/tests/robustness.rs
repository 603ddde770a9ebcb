//! Damaged code words: each is rejected or runs without harm.

use taipan_sre::opcode::*;
use taipan_sre::{Error, Host, Interrupted, Program, State, StdHost, fuzz};

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }
}

fn recorded() -> Vec<(usize, Vec<u32>)> {
    let data = include_str!("data/recorded.txt");
    let code = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let words = fields[3].split(' ').map(|w| u32::from_str_radix(w, 16).unwrap());
        (fields[2].parse().unwrap(), words.collect())
    };
    data.lines().filter(|l| l.starts_with("P\t")).map(code).collect()
}

#[test]
fn mutated_code_is_rejected_or_harmless() {
    let rounds = std::env::var("TAIPAN_SRE_ROUNDS").map_or(20, |n| n.parse().unwrap());
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let text: Vec<u32> = "aab abcX\n1, aaabbbccc \u{e9}".chars().map(u32::from).collect();
    let (mut valid, mut invalid) = (0, 0);
    for (groups, code) in recorded() {
        assert!(fuzz::run_any(&code, groups, &text));
        for _ in 0..rounds {
            let mut code = code.clone();
            for _ in 0..1 + random.next(3) {
                let at = random.next(code.len());
                match random.next(5) {
                    0 => code[at] = random.next(48) as u32,
                    1 => code[at] = code[at].wrapping_add(random.next(5) as u32).wrapping_sub(2),
                    2 => code[at] = u32::MAX - random.next(2) as u32,
                    3 => code.insert(at, random.next(48) as u32),
                    _ => code[at] = code[random.next(code.len())],
                }
            }
            if fuzz::run_any(&code, groups, &text) {
                valid += 1;
            } else {
                invalid += 1;
            }
        }
    }
    assert!(valid > 1000 && invalid > 1000, "{valid} valid, {invalid} invalid");
}

#[test]
fn random_bytes_are_harmless() {
    let mut random = Random(42);
    for _ in 0..20_000 {
        let data: Vec<u8> = (0..random.next(40)).map(|_| random.next(48) as u8).collect();
        fuzz::run_bytes(&data);
    }
}

#[test]
fn what_the_compiler_cannot_make_is_rejected() {
    let bad: &[&[u32]] = &[
        &[],
        &[LITERAL],
        &[LITERAL, 97],
        &[MARK, 2, SUCCESS],
        &[GROUPREF, 1, SUCCESS],
        &[JUMP, 1, SUCCESS],
        &[MAX_UNTIL, SUCCESS],
        &[CATEGORY, 0, SUCCESS],
        &[AT, 12, SUCCESS],
        &[IN, 1, SUCCESS],
        &[IN, 4, CATEGORY, 99, FAILURE, SUCCESS],
        &[REPEAT_ONE, 6, 2, 1, ANY, SUCCESS, SUCCESS],
        &[REPEAT, 5, 0, 1, ANY, SUCCESS],
        &[BRANCH, 0, SUCCESS],
        &[GROUPREF_EXISTS, 0, 1, SUCCESS],
        &[INFO, 4, 8, 0, 0, SUCCESS],
        &[INFO, 100, 0, 0, 0, SUCCESS],
        &[LITERAL, 97, SUCCESS, 99],
    ];
    for code in bad {
        assert!(Program::new::<StdHost>(code, 1).is_err(), "{code:?}");
    }
    assert!(Program::new::<StdHost>(&[SUCCESS], usize::MAX).is_err());
}

/// Assertions nested deeply must not overflow the native stack.
#[test]
fn deep_nesting_is_no_recursion() {
    let depth = 100_000;
    let mut code = Vec::new();
    for level in 0..depth {
        // ASSERT, skip to behind its SUCCESS, no step back
        code.extend([ASSERT, (3 * (depth - level - 1) + 2 + (depth - level)) as u32, 0]);
    }
    code.extend(std::iter::repeat_n(SUCCESS, depth + 1));
    let program = Program::new::<StdHost>(&code, 0).unwrap();
    let mut state = State::new(&program, 0, 0);
    assert_eq!(state.match_at::<u8, _>(&program, b"", &mut StdHost), Ok(true));
}

#[test]
fn signals_are_looked_at() {
    struct Never(u32);
    impl Host for Never {
        type Unicode = StdHost;
        fn check_signals(&mut self) -> Result<(), Interrupted> {
            self.0 += 1;
            if self.0 < 10 { Ok(()) } else { Err(Interrupted) }
        }
    }
    // (?:a|a)*b
    let code = [
        REPEAT,
        15,
        0,
        u32::MAX,
        BRANCH,
        5,
        LITERAL,
        97,
        JUMP,
        7,
        5,
        LITERAL,
        97,
        JUMP,
        2,
        0,
        MAX_UNTIL,
        LITERAL,
        98,
        SUCCESS,
    ];
    let program = Program::new::<StdHost>(&code, 0).unwrap();
    let text = [b'a'; 64];
    let mut host = Never(0);
    let mut state = State::new(&program, 0, text.len());
    assert_eq!(state.match_at(&program, &text, &mut host), Err(Error::Interrupted));
    assert_eq!(host.0, 10);
}
