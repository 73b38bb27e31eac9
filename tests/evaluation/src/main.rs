//! `evaluation verification|presentation-attack-detection|reference|mean DIR`: how well the biometric system
//! tells people apart, and living faces from prints, measured on pictures.

#![allow(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    reason = "a measuring program: its indices and counts come from lists of its own, its result belongs on stdout"
)]

mod arguments;
mod figure;
mod mean;
mod picture;
mod presentation_attack_detection;
mod reference;
mod verification;

use std::process::ExitCode;

use arguments::{Arguments, USAGE};

/// Every failure is a sentence for the person at the terminal.
pub(crate) type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let command = words.next().unwrap_or_default();
    let arguments = || Arguments::parse(words);
    let outcome = match command.to_str() {
        Some("verification") => arguments().and_then(|arguments| verification::run(&arguments)),
        Some("presentation-attack-detection") => {
            arguments().and_then(|arguments| presentation_attack_detection::run(&arguments))
        }
        Some("reference") => arguments().and_then(|arguments| reference::run(&arguments)),
        Some("mean") => arguments().and_then(|arguments| mean::run(&arguments)),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
