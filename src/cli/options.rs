//! Options and environment variables.

use super::help;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use taipan_object::runtime::interp::Config;

/// What is to be run.
#[derive(Debug)]
pub enum What {
    /// `-c`.
    Command(OsString),
    /// `-m`.
    Module(OsString),
    /// A file, a folder or a zip file.
    File(OsString),
    /// Standard input: no arguments, or `-`.
    Stdin,
}

/// What the arguments come to.
pub enum Outcome {
    Run(Config, What),
    /// All is done.
    Exit(i32),
}

fn usage(program: &str, message: &str) -> Outcome {
    eprintln!("{message}");
    eprint!("{}", help::usage_line(program));
    eprintln!("Try `python -h' for more information.");
    Outcome::Exit(2)
}

/// A number in an environment variable that counts as a flag: any text is at least 1.
fn flag(config: &Config, name: &str) -> Option<i32> {
    if !config.use_environment {
        return None;
    }
    let value = std::env::var_os(name).filter(|v| !v.is_empty())?;
    let number = value.to_str().and_then(|t| t.trim().parse::<i32>().ok());
    Some(match number {
        Some(n) if n >= 0 => n,
        _ => 1,
    })
}

fn text(config: &Config, name: &str) -> Option<OsString> {
    if config.use_environment { std::env::var_os(name).filter(|v| !v.is_empty()) } else { None }
}

/// Reads the arguments, the program's name first, and the environment.
pub fn parse(args: Vec<OsString>) -> Outcome {
    let program = args.first().map_or_else(|| "taipan".to_owned(), |a| a.to_string_lossy().into_owned());
    let mut c = Config { orig_argv: args.clone(), ..Config::default() };
    let mut what = None;
    let mut version = 0;
    let mut warnings: Vec<String> = Vec::new();
    let mut rest = args.into_iter().skip(1).peekable();
    let mut end = Vec::new();
    while what.is_none() {
        let Some(arg) = rest.peek() else { break };
        let bytes = arg.as_bytes();
        if bytes == b"-" {
            break;
        }
        if bytes.first() != Some(&b'-') {
            break;
        }
        let arg = rest.next().unwrap_or_default();
        let bytes = arg.as_bytes();
        if bytes == b"--" {
            break;
        }
        if bytes.starts_with(b"--") {
            match &bytes[2..] {
                b"help" => return Outcome::Exit(help::print(&help::usage(&program))),
                b"help-env" => return Outcome::Exit(help::print(help::ENVIRONMENT)),
                b"help-xoptions" => return Outcome::Exit(help::print(help::XOPTIONS)),
                b"help-all" => {
                    let all = format!("{}\n{}\n{}", help::usage(&program), help::ENVIRONMENT, help::XOPTIONS);
                    return Outcome::Exit(help::print(&all));
                }
                b"version" => version += 1,
                b"check-hash-based-pycs" => {
                    let Some(value) = rest.next() else {
                        return usage(&program, "Argument expected for the --check-hash-based-pycs option");
                    };
                    match value.to_str() {
                        Some(v @ ("always" | "never" | "default")) => c.check_hash_pycs_mode = v.to_owned(),
                        _ => {
                            return usage(
                                &program,
                                "--check-hash-based-pycs must be one of 'default', 'always', or 'never'",
                            );
                        }
                    }
                }
                other => {
                    return usage(&program, &format!("unknown option --{}", String::from_utf8_lossy(other)));
                }
            }
            continue;
        }
        let mut i = 1;
        while i < bytes.len() {
            let option = bytes[i];
            i += 1;
            let mut argument = || -> Option<OsString> {
                let inline = OsString::from_vec(bytes[i..].to_vec());
                i = bytes.len();
                if inline.is_empty() { rest.next() } else { Some(inline) }
            };
            match option {
                b'c' | b'm' | b'W' | b'X' => {
                    let Some(value) = argument() else {
                        return usage(&program, &format!("Argument expected for the -{} option", option as char));
                    };
                    match option {
                        b'c' => what = Some(What::Command(value)),
                        b'm' => what = Some(What::Module(value)),
                        b'W' => warnings.push(value.to_string_lossy().into_owned()),
                        _ => c.xoptions.push(value.to_string_lossy().into_owned()),
                    }
                }
                b'b' => c.bytes_warning += 1,
                b'B' => c.write_bytecode = false,
                b'd' => c.parser_debug = true,
                b'E' => c.use_environment = false,
                b'h' | b'?' => return Outcome::Exit(help::print(&help::usage(&program))),
                b'i' => {
                    c.inspect = true;
                    c.interactive = true;
                }
                b'I' => {
                    c.isolated = true;
                    c.use_environment = false;
                    c.no_user_site = true;
                    c.safe_path = true;
                }
                b'O' => c.optimization_level += 1,
                b'P' => c.safe_path = true,
                b'q' => c.quiet = true,
                b'R' => {}
                b's' => c.no_user_site = true,
                b'S' => c.site_import = false,
                b'u' => c.buffered_stdio = false,
                b'v' => c.verbose += 1,
                b'V' => version += 1,
                b'x' => c.skip_first_line = true,
                b'J' => return usage(&program, "-J is reserved for Jython"),
                other => return usage(&program, &format!("Unknown option: -{}", other as char)),
            }
        }
    }
    if version > 0 {
        println!("{}", help::version(version > 1));
        return Outcome::Exit(0);
    }
    end.extend(rest);
    let (what, argv0): (What, OsString) = match what {
        Some(What::Command(c)) => (What::Command(c), "-c".into()),
        // runpy puts the module's file in its place.
        Some(other) => (other, "-m".into()),
        None if end.is_empty() => (What::Stdin, OsString::new()),
        None => {
            let first = end.remove(0);
            if first == "-" { (What::Stdin, first) } else { (What::File(first.clone()), first) }
        }
    };
    c.argv = std::iter::once(argv0).chain(end).collect();
    match environment(&mut c, warnings) {
        Ok(()) => Outcome::Run(c, what),
        Err(message) => {
            eprintln!("Fatal Python error: {message}");
            Outcome::Exit(1)
        }
    }
}

/// What the environment and the `-X` options add.
fn environment(c: &mut Config, warnings: Vec<String>) -> Result<(), String> {
    let x = |c: &Config, name: &str| -> Option<String> {
        c.xoptions.iter().rev().find_map(|o| match o.split_once('=') {
            Some((n, v)) => (n == name).then(|| v.to_owned()),
            None => (o == name).then(String::new),
        })
    };
    c.optimization_level = c.optimization_level.max(flag(c, "PYTHONOPTIMIZE").unwrap_or(0));
    c.verbose = c.verbose.max(flag(c, "PYTHONVERBOSE").unwrap_or(0));
    c.parser_debug |= flag(c, "PYTHONDEBUG").is_some();
    c.inspect |= flag(c, "PYTHONINSPECT").is_some();
    c.safe_path |= text(c, "PYTHONSAFEPATH").is_some();
    c.no_user_site |= flag(c, "PYTHONNOUSERSITE").is_some();
    c.write_bytecode &= flag(c, "PYTHONDONTWRITEBYTECODE").is_none();
    c.buffered_stdio &= flag(c, "PYTHONUNBUFFERED").is_none();
    c.dev_mode = x(c, "dev").is_some() || flag(c, "PYTHONDEVMODE").is_some();
    c.faulthandler = c.dev_mode || x(c, "faulthandler").is_some() || flag(c, "PYTHONFAULTHANDLER").is_some();
    c.warn_default_encoding = x(c, "warn_default_encoding").is_some() || flag(c, "PYTHONWARNDEFAULTENCODING").is_some();
    c.import_time = if x(c, "importtime").is_some() { 1 } else { flag(c, "PYTHONPROFILEIMPORTTIME").unwrap_or(0) };
    c.code_debug_ranges = x(c, "no_debug_ranges").is_none() && text(c, "PYTHONNODEBUGRANGES").is_none();
    c.utf8_mode = match x(c, "utf8").as_deref() {
        Some("" | "1") => true,
        Some("0") => false,
        Some(_) => return Err("invalid -X utf8 option value".into()),
        None => match text(c, "PYTHONUTF8") {
            Some(v) if v == "1" => true,
            Some(v) if v == "0" => false,
            Some(_) => return Err("invalid PYTHONUTF8 environment variable value".into()),
            None => std::env::var("LC_ALL")
                .or_else(|_| std::env::var("LC_CTYPE"))
                .or_else(|_| std::env::var("LANG"))
                .map_or(true, |l| l.is_empty() || l == "C" || l == "POSIX"),
        },
    };
    c.home = text(c, "PYTHONHOME");
    c.pycache_prefix = x(c, "pycache_prefix")
        .filter(|p| !p.is_empty())
        .or_else(|| text(c, "PYTHONPYCACHEPREFIX").map(|p| p.to_string_lossy().into_owned()));
    if let Some(seed) = text(c, "PYTHONHASHSEED").filter(|s| s != "random") {
        let seed = seed.to_str().and_then(|s| s.parse::<u32>().ok());
        c.hash_seed = Some(seed.ok_or("PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]")?);
    }
    if let Some(value) = text(c, "PYTHONIOENCODING") {
        let value = value.to_string_lossy().into_owned();
        let (encoding, errors) = value.split_once(':').unwrap_or((&value, ""));
        c.stdio_encoding = Some(encoding.to_owned()).filter(|e| !e.is_empty());
        c.stdio_errors = Some(errors.to_owned()).filter(|e| !e.is_empty());
    }
    if c.dev_mode {
        c.warnoptions.push("default".into());
    }
    if let Some(value) = text(c, "PYTHONWARNINGS") {
        c.warnoptions.extend(value.to_string_lossy().split(',').map(str::to_owned));
    }
    c.warnoptions.extend(warnings);
    match c.bytes_warning {
        0 => {}
        1 => c.warnoptions.push("default::BytesWarning".into()),
        _ => c.warnoptions.push("error::BytesWarning".into()),
    }
    Ok(())
}
