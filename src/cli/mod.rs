//! The command line: options, what to run, exit status.
//!
//! * [`options`]: options and environment variables.
//! * [`run`]: running a file, a folder, a module, a command, standard input.
//! * [`startup`]: from a bare interpreter to one with importlib, standard streams and `site`; and the end.
//! * [`help`]: the texts of `--help`.

mod help;
mod options;
mod run;
mod startup;

use options::{Outcome, What};
use std::ffi::OsString;
use taipan_interpreter::import::{native, paths};
use taipan_interpreter::lifecycle;
use taipan_object::Python;

/// Does what the arguments say; gives the exit status.
pub fn main(args: Vec<OsString>) -> i32 {
    let (mut config, what) = match options::parse(args) {
        Outcome::Run(config, what) => (config, what),
        Outcome::Exit(status) => return status,
    };
    native::register(&[
        taipan_modules_io::MODULES,
        taipan_modules_maths::MODULES,
        taipan_modules_os::MODULES,
        taipan_modules_runtime::MODULES,
    ]);
    let paths = paths::compute(&config);
    config.executable = paths.executable.clone().into_os_string();
    config.prefix = paths.prefix.to_string_lossy().into_owned();
    // A program on a terminal, or whose options say so, is talked to.
    let interactive = config.interactive || matches!(what, What::Stdin) && startup::is_terminal(0);
    if let Err(message) = lifecycle::start(config.clone()) {
        eprintln!("Fatal Python error: {message}");
        return 1;
    }
    // SAFETY: start has attached this thread.
    let py = unsafe { Python::assume() };
    if startup::begin(py, &config, &paths).is_err() {
        // What needs no import runs all the same; the reason was said.
        run::report(py);
    }
    let status = run::run(py, &config, &what, interactive);
    startup::end(py, status)
}
