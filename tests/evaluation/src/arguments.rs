//! The command line: a folder, where to write, and the seed of the resampling.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::Result;

/// How the program is called.
pub(crate) const USAGE: &str =
    "usage: cargo xtask evaluate DIR [--json FILE] [--svg DIR] [--seed N] [--first-captures]";

/// Seed of the resampling unless another is given; it is printed, so that a run can be repeated.
const SEED: u64 = 1;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Folder with the pictures.
    pub(crate) folder: PathBuf,
    /// File for the figures.
    pub(crate) json: Option<PathBuf>,
    /// Folder for the diagrams.
    pub(crate) svg: Option<PathBuf>,
    /// Seed of the resampling.
    pub(crate) seed: u64,
    /// Templates of each person's first pictures by name, instead of several random choices.
    pub(crate) first_captures: bool,
}

impl Arguments {
    /// Reads the words after the command.
    ///
    /// # Errors
    /// The usage, when they make no sense.
    pub(crate) fn parse(mut words: impl Iterator<Item = OsString>) -> Result<Self> {
        let (mut folder, mut json, mut svg, mut seed) = (None, None, None, SEED);
        let mut first_captures = false;
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(USAGE);
            match word.to_str() {
                Some("--json") => json = Some(value()?.into()),
                Some("--svg") => svg = Some(value()?.into()),
                Some("--seed") => {
                    let number = value()?.to_str().and_then(|number| number.parse().ok());
                    seed = number.ok_or("--seed takes a whole number")?;
                }
                Some("--first-captures") => first_captures = true,
                Some(option) if option.starts_with("--") => {
                    return Err(format!("unknown option {option}\n{USAGE}"));
                }
                _ if folder.is_none() => folder = Some(word.into()),
                _ => return Err(USAGE.to_owned()),
            }
        }
        let folder = folder.ok_or(USAGE)?;
        Ok(Self {
            folder,
            json,
            svg,
            seed,
            first_captures,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Arguments> {
        Arguments::parse(words.split_whitespace().map(OsString::from))
    }

    #[test]
    fn takes_options_in_any_place() {
        let arguments = parse("--seed 7 faces --json out.json --svg figures").unwrap();
        assert_eq!(arguments.folder, PathBuf::from("faces"));
        assert_eq!(arguments.json, Some(PathBuf::from("out.json")));
        assert_eq!(arguments.svg, Some(PathBuf::from("figures")));
        assert_eq!(arguments.seed, 7);
        assert!(!arguments.first_captures && parse("a --first-captures").unwrap().first_captures);
        assert_eq!(parse("faces").unwrap().seed, SEED);
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        for words in ["", "a b", "a --json", "a --seed x", "a --sed 1"] {
            assert!(parse(words).is_err(), "{words}");
        }
    }
}
