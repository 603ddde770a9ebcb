//! `cargo xtask bench`: one interpreter against another, in turn on the same machine.
//!
//! Each program runs as a whole process, first under one interpreter and then under the other,
//! N times over; the fastest run of each counts, which is the one least disturbed.

use crate::Outcome;
use crate::util::{self, Arguments};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Prints, for each program, both times and their ratio, and the geometric mean of the ratios.
pub fn run(arguments: &[String]) -> Outcome {
    let mut arguments = Arguments::new(arguments);
    let rounds: u32 = match arguments.option("--rounds")? {
        Some(n) => n.parse().map_err(|_| format!("--rounds {n}: not a number"))?,
        None => 3,
    };
    let positional = arguments.positional()?;
    let [exe, reference, programs @ ..] = positional.as_slice() else {
        return Err("EXE and REFERENCE are missing".into());
    };
    let mut programs: Vec<PathBuf> = programs.iter().map(PathBuf::from).collect();
    if programs.is_empty() {
        programs = benches()?;
    }
    let mut logs = Vec::new();
    let mut failed = 0;
    println!("{:32} {:>10} {:>10} {:>7}", "program", "this", "reference", "ratio");
    for program in &programs {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        let mut best = [Duration::MAX; 2];
        let mut failure = None;
        for _ in 0..rounds.max(1) {
            for (best, exe) in best.iter_mut().zip([*exe, *reference]) {
                match time(exe, program) {
                    Ok(taken) => *best = taken.min(*best),
                    Err(why) => failure = Some(why),
                }
            }
        }
        if let Some(why) = failure {
            failed += 1;
            println!("{name:32} {why}");
            continue;
        }
        let ratio = best[0].as_secs_f64() / best[1].as_secs_f64();
        logs.push(ratio.ln());
        println!(
            "{name:32} {:>8.1}ms {:>8.1}ms {ratio:>6.2}x",
            best[0].as_secs_f64() * 1e3,
            best[1].as_secs_f64() * 1e3
        );
    }
    if !logs.is_empty() {
        let mean = (logs.iter().sum::<f64>() / logs.len() as f64).exp();
        println!("geometric mean of {} programs: {mean:.2}x the reference's time", logs.len());
    }
    Ok(failed == 0 && !programs.is_empty())
}

fn benches() -> Result<Vec<PathBuf>, String> {
    let folder = util::root().join("benches");
    let mut found: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .collect();
    found.sort();
    Ok(found)
}

fn time(exe: &str, program: &Path) -> Result<Duration, String> {
    let start = Instant::now();
    let status = Command::new(exe)
        .arg(program)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|e| format!("{exe}: {e}"))?;
    if !status.success() {
        return Err(format!("{exe} ended with {status}"));
    }
    Ok(start.elapsed())
}
