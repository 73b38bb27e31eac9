//! `cargo xtask bench face`: a full look by ours and by two known libraries, in one browser on the same frames.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::failure::{Context as _, Result, fail};
use crate::project::Project;
use crate::{setup, wasm};

const UNCLEAR: &str = "the options of `cargo xtask bench face` are --rounds N, --frames N, --looks N, --relaxed, \
     --pairs DIR and --count N";

/// What to measure.
#[derive(Default)]
struct Options {
    /// Fresh pages for every library.
    rounds: Option<u32>,
    /// Frames in a round.
    frames: Option<u32>,
    /// Looks one after the other, to see whether memory grows.
    looks: Option<u32>,
    /// Also our module with relaxed SIMD.
    relaxed: bool,
    /// Folder with `pairs.csv` and pictures, for accuracy.
    pairs: Option<PathBuf>,
    /// Pairs to take of it.
    count: Option<u32>,
}

/// Installs what is compared, measures, and shows the table.
pub(super) fn run(project: &Project, arguments: &[OsString]) -> Result {
    let options = Options::read(arguments)?;
    setup::for_tests(project)?;
    setup::for_bench(project)?;
    setup::browser::install(project)?;
    wasm::build_measurement(project, options.relaxed)?;
    let mut playwright = crate::test::playwright(project)?;
    let numbers = [
        ("ROUNDS", options.rounds),
        ("FRAMES", options.frames),
        ("LOOKS", options.looks),
        ("COUNT", options.count),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            playwright.env(name, number.to_string());
        }
    }
    if options.relaxed {
        playwright.env("ALSO", "mien-relaxed");
    }
    if let Some(folder) = &options.pairs {
        if !folder.join("pairs.csv").is_file() {
            fail!("{} holds no pairs.csv", folder.display());
        }
        let folder = folder.canonicalize().context("the pairs cannot be found")?;
        playwright.env("PAIRS", folder);
    }
    super::measure(project, playwright, "face")
}

impl Options {
    fn read(arguments: &[OsString]) -> Result<Self> {
        use lexopt::Arg::Long;
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().context(UNCLEAR)? {
            match argument {
                Long("rounds") => options.rounds = Some(number(&mut parser)?),
                Long("frames") => options.frames = Some(number(&mut parser)?),
                Long("looks") => options.looks = Some(number(&mut parser)?),
                Long("count") => options.count = Some(number(&mut parser)?),
                Long("relaxed") => options.relaxed = true,
                Long("pairs") => options.pairs = Some(parser.value().context(UNCLEAR)?.into()),
                _ => fail!("{UNCLEAR}"),
            }
        }
        Ok(options)
    }
}

fn number(parser: &mut lexopt::Parser) -> Result<u32> {
    use lexopt::ValueExt as _;
    parser
        .value()
        .and_then(|value| value.parse())
        .context(UNCLEAR)
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn options_are_read_and_others_refused() {
        let read = |line: &str| {
            let words: Vec<_> = line.split_whitespace().map(Into::into).collect();
            Options::read(&words)
        };
        let options = read("--rounds 3 --relaxed --pairs faces --looks 1000").unwrap();
        assert_eq!((options.rounds, options.frames), (Some(3), None));
        assert_eq!(options.looks, Some(1000));
        assert!(options.relaxed && options.pairs.unwrap().ends_with("faces"));
        for wrong in ["--rounds", "--rounds many", "--fast", "three"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
