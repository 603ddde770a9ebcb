//! The command line.

use taipan_compiler::Mode;
use taipan_interpreter::{compile, eval, lifecycle, traceback_print};
use taipan_object::runtime::interp::Config;
use taipan_object::{PyResult, Python};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let config = Config {
        argv: program_arguments(),
        orig_argv: std::env::args_os().collect(),
        executable: std::env::current_exe().unwrap_or_default().into_os_string(),
        ..Config::default()
    };
    if let Err(message) = lifecycle::start(config) {
        eprintln!("Fatal Python error: {message}");
        std::process::exit(1);
    }
    // SAFETY: start has attached this thread.
    let py = unsafe { Python::assume() };
    let result = match args.get(1).map(String::as_str) {
        Some("-c") => run(py, args.get(2).map_or("", String::as_str).as_bytes(), "<string>"),
        Some(file) => match std::fs::read(file) {
            Ok(source) => run(py, &source, file),
            Err(e) => {
                eprintln!("taipan: can't open file '{file}': {e}");
                std::process::exit(2);
            }
        },
        None => Ok(()),
    };
    if result.is_err() {
        std::process::exit(traceback_print::print_uncaught(py));
    }
}

/// `sys.argv`: without the text of `-c`.
fn program_arguments() -> Vec<std::ffi::OsString> {
    let mut args: Vec<_> = std::env::args_os().skip(1).collect();
    if args.first().is_some_and(|a| a == "-c") && args.len() > 1 {
        args.remove(1);
    }
    args
}

fn run(py: Python, source: &[u8], filename: &str) -> PyResult<()> {
    let code = compile::compile_source(py, source, filename, Mode::Exec, 0, -1)?;
    let main = lifecycle::main_module(py)?;
    eval::eval_code(py, &code, main.dict(), None, None)?;
    Ok(())
}
