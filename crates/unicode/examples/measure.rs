//! Times the database on some texts: `cargo run --release -p taipan-unicode --example measure`.

use std::hint::black_box;
use std::time::Instant;

use taipan_unicode::{Form, Version, case, is_alnum, is_printable};

fn time(what: &str, mut f: impl FnMut() -> usize) {
    let mut best = f64::MAX;
    for _ in 0..12 {
        let start = Instant::now();
        black_box(f());
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{what:28} {:9.1} us", best * 1e6);
}

fn main() {
    let version = Version::Current;
    let texts = [
        ("latin", "Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich. "),
        ("cyrillic", "Съешь же ещё этих мягких французских булок, да выпей чаю. "),
        ("hangul", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. "),
    ];
    for (name, text) in texts {
        let text: Vec<u32> = text.repeat(2000).chars().map(|c| c as u32).collect();
        let apart = version.normalize(Form::Nfd, text.iter().copied());
        for (label, form) in [("NFC", Form::Nfc), ("NFD", Form::Nfd), ("NFKC", Form::Nfkc), ("NFKD", Form::Nfkd)] {
            time(&format!("{name} {label}"), || match version.quick_check(form, text.iter().copied()) {
                taipan_unicode::QuickCheck::Yes => 0,
                _ => version.normalize(form, black_box(&text).iter().copied()).len(),
            });
            time(&format!("{name} {label} of NFD"), || match version.quick_check(form, apart.iter().copied()) {
                taipan_unicode::QuickCheck::Yes => 0,
                _ => version.normalize(form, black_box(&apart).iter().copied()).len(),
            });
        }
        time(&format!("{name} upper"), || text.iter().map(|&c| case::to_upper(c).len()).sum());
        time(&format!("{name} isalnum"), || text.iter().filter(|&&c| is_alnum(c)).count());
        time(&format!("{name} isprintable"), || text.iter().filter(|&&c| is_printable(c)).count());
    }
    let names: Vec<String> = (0x100..0x3000).filter_map(|c| version.name(c)).collect();
    time("name", || (0x100..0x3000).filter_map(|c| version.name(c)).map(|n| n.len()).sum());
    time("lookup", || names.iter().filter_map(|n| version.lookup(n)).count());
}
