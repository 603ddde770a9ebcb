//! Prints the tokens of a file: kind, line and column of the start and the end, text.
//!
//! `tokens [--extra] [--type-comments] FILE`

use std::process::ExitCode;

use taipan_compiler::tokenizer::{TokenKind, Tokenizer, TokenizerOptions};

fn main() -> ExitCode {
    let mut options = TokenizerOptions::default();
    let mut file = None;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--extra" => options.extra_tokens = true,
            "--type-comments" => options.type_comments = true,
            _ => file = Some(argument),
        }
    }
    let Some(text) = file.and_then(|file| std::fs::read_to_string(file).ok()) else {
        eprintln!("usage: tokens [--extra] [--type-comments] FILE");
        return ExitCode::from(2);
    };
    let mut tokenizer = Tokenizer::new(&text, options);
    loop {
        let token = tokenizer.next_token();
        println!(
            "{} {},{}-{},{} {:?}",
            token.kind as u8,
            token.lineno,
            token.col_offset,
            token.end_lineno,
            token.end_col_offset,
            tokenizer.token_text(&token)
        );
        match token.kind {
            TokenKind::ENDMARKER => return ExitCode::SUCCESS,
            TokenKind::ERRORTOKEN => {
                println!("{:?} {:?}", tokenizer.status(), tokenizer.error());
                return ExitCode::FAILURE;
            }
            _ => {}
        }
    }
}
