//! The developer's commands: `cargo xtask COMMAND`.
//!
//! Each command is one module with one `run` function that takes the remaining arguments and
//! returns whether it succeeded. The commands depend on nothing but Rust, except where their
//! usage line names something (a C compiler, a reference interpreter, a measuring script).

mod abi;
mod bench;
mod install;
mod scripts;
mod tidy;
mod util;

use std::process::ExitCode;

/// What a command gives back: whether the thing it checked holds, or why it could not be checked.
pub type Outcome = Result<bool, String>;

struct Command {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Outcome,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "abi",
        usage: "--headers DIR/usr/include [--write]",
        about: "derive struct layouts and constants from the C headers; compare with crates/object/abi",
        run: abi::run,
    },
    Command {
        name: "install",
        usage: "--prefix PREFIX [--exe TAIPAN] [--pyc]",
        about: "lay out PREFIX/bin and PREFIX/lib/python3.14",
        run: install::run,
    },
    Command {
        name: "tidy",
        usage: "",
        about: "check what the compiler does not: paths, file lengths, documents, licences",
        run: tidy::run,
    },
    Command {
        name: "conformance",
        usage: "SCRIPT EXE [ARGUMENT ...]",
        about: "score EXE on CPython's test suite with the measuring SCRIPT",
        run: scripts::conformance,
    },
    Command {
        name: "compare-code",
        usage: "SCRIPT EXE REFERENCE PATH [ARGUMENT ...]",
        about: "compare the code objects of EXE and REFERENCE with the measuring SCRIPT",
        run: scripts::compare_code,
    },
    Command {
        name: "bench",
        usage: "EXE REFERENCE [--rounds N] [PROGRAM.py ...]",
        about: "time EXE against REFERENCE in turn on benches/*.py or the programs named",
        run: bench::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        usage();
        return ExitCode::from(2);
    };
    let Some(command) = COMMANDS.iter().find(|c| c.name == name) else {
        eprintln!("xtask: there is no command {name:?}");
        usage();
        return ExitCode::from(2);
    };
    match (command.run)(rest) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("xtask {name}: {why}");
            eprintln!("usage: cargo xtask {} {}", command.name, command.usage);
            ExitCode::from(2)
        }
    }
}

fn usage() {
    eprintln!("usage: cargo xtask COMMAND ...\n");
    for c in COMMANDS {
        eprintln!("  {} {}\n      {}", c.name, c.usage, c.about);
    }
}
