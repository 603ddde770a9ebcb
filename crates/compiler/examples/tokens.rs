//! Prints the tokens of a file as `_tokenize.TokenizerIter` gives them: kind, line and column of the
//! start and the end, text and line.
//!
//! `tokens [--extra] FILE`

use std::process::ExitCode;

use taipan_compiler::tokenizer::TokenizerIter;

fn main() -> ExitCode {
    let (mut extra, mut file) = (false, None);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--extra" => extra = true,
            _ => file = Some(argument),
        }
    }
    let Some(mut text) = file.and_then(|file| std::fs::read_to_string(file).ok()) else {
        eprintln!("usage: tokens [--extra] FILE");
        return ExitCode::from(2);
    };
    let implicit = !text.is_empty() && !text.ends_with('\n');
    if implicit {
        text.push('\n');
    }
    let mut tokens = TokenizerIter::new(&text, extra, implicit);
    loop {
        match tokens.next_token() {
            Ok(Some(token)) => {
                let (start, end) = (token.start, token.end);
                println!("{} {start:?}-{end:?} {:?} {:?}", token.kind as u8, token.string, token.line);
            }
            Ok(None) => return ExitCode::SUCCESS,
            Err(error) => {
                println!("{error} {:?} {:?}", error.col_offset, error.text);
                return ExitCode::FAILURE;
            }
        }
    }
}
