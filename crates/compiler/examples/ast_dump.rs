//! Prints what `ast.dump(ast.parse(source), include_attributes=True)` prints.
//!
//! `ast_dump [--mode MODE] [--type-comments] FILE` prints the dump. `ast_dump --batch LIST` reads
//! names of files from LIST and prints for each a line with the length of the dump in bytes, then the
//! dump (or the error) and a newline. `--time` parses the files of LIST and prints how long it took.

#[path = "../tests/support/dump.rs"]
mod dump;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use dump::dump;
use taipan_compiler::flags::PYCF_TYPE_COMMENTS;
use taipan_compiler::{IgnoreWarnings, Mode, parse};

fn dump_source(source: &[u8], mode: Mode, flags: u32) -> Result<String, String> {
    match parse(source, "<dump>", mode, flags, &mut IgnoreWarnings) {
        Ok(tree) => Ok(dump(&tree)),
        Err(error) => Err(format!(
            "{}: {} {:?} {:?} {:?} {:?}",
            error.kind.name(),
            error.message,
            error.lineno,
            error.col_offset,
            error.end_lineno,
            error.end_col_offset
        )),
    }
}

fn main() -> ExitCode {
    let (mut mode, mut flags, mut batch, mut time, mut file) = (Mode::Exec, 0, false, false, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--mode" => {
                mode = match arguments.next().as_deref() {
                    Some("eval") => Mode::Eval,
                    Some("single") => Mode::Single,
                    Some("func_type") => Mode::FuncType,
                    _ => Mode::Exec,
                }
            }
            "--type-comments" => flags |= PYCF_TYPE_COMMENTS,
            "--batch" => batch = true,
            "--time" => time = true,
            _ => file = Some(argument),
        }
    }
    let Some(file) = file else {
        eprintln!("usage: ast_dump [--mode MODE] [--type-comments] [--batch] [--time] FILE");
        return ExitCode::from(2);
    };
    let read = |name: &str| std::fs::read(name).map_err(|error| format!("{name}: {error}"));
    let mut spent = Duration::ZERO;
    let result = read(&file).and_then(|content| {
        if !batch {
            let dump = dump_source(&content, mode, flags)?;
            println!("{dump}");
            return Ok(());
        }
        let mut bytes = 0;
        for name in String::from_utf8_lossy(&content).lines() {
            let source = read(name)?;
            bytes += source.len();
            if time {
                let start = Instant::now();
                drop(parse(&source, "<dump>", mode, flags, &mut IgnoreWarnings));
                spent += start.elapsed();
                continue;
            }
            let text = dump_source(&source, mode, flags).unwrap_or_else(|error| error);
            println!("{}\n{text}", text.len());
        }
        if time {
            eprintln!("{bytes} bytes in {spent:?}");
        }
        Ok(())
    });
    if let Err(error) = result {
        println!("{error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
