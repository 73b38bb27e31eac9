//! The command line of `cargo xtask attacks`.

use std::path::PathBuf;

use lexopt::Arg::{Long, Value};
use lexopt::ValueExt as _;
use presentation_attacks::species::Species;

/// What to do.
pub(crate) struct Options {
    pub(crate) seed: u64,
    pub(crate) per_species: usize,
    pub(crate) species: Vec<Species>,
    /// How often to enrol, to count failures; instead of presenting species.
    pub(crate) enrolments: Option<usize>,
    /// Folder for videos, two of each species.
    pub(crate) out: Option<PathBuf>,
    /// File for the figures.
    pub(crate) json: Option<PathBuf>,
}

impl Options {
    /// Reads the command line.
    pub(crate) fn read() -> Result<Self, String> {
        let mut options = Self {
            seed: 1,
            per_species: 42,
            species: Vec::new(),
            enrolments: None,
            out: None,
            json: None,
        };
        let mut parser = lexopt::Parser::from_env();
        options.fill(&mut parser).map_err(|error| {
            format!("{error}\nusage: attacks [--seed N] [--per-species N] [--species NAME]… [--enrolments N] [--out DIR] [--json FILE]")
        })?;
        if options.species.is_empty() {
            options.species.extend(Species::ALL);
        }
        Ok(options)
    }

    fn fill(&mut self, parser: &mut lexopt::Parser) -> Result<(), lexopt::Error> {
        while let Some(argument) = parser.next()? {
            match argument {
                Long("seed") => self.seed = parser.value()?.parse()?,
                Long("per-species") => self.per_species = parser.value()?.parse()?,
                Long("enrolments") => self.enrolments = Some(parser.value()?.parse()?),
                Long("out") => self.out = Some(parser.value()?.into()),
                Long("json") => self.json = Some(parser.value()?.into()),
                Long("species") => {
                    let name = parser.value()?.string()?;
                    let matching = Species::ALL
                        .into_iter()
                        .filter(|species| species.as_str().starts_with(&name));
                    let before = self.species.len();
                    self.species.extend(matching);
                    if self.species.len() == before {
                        return Err(format!("no species begins with {name}").into());
                    }
                }
                Value(_) | Long(_) | lexopt::Arg::Short(_) => return Err(argument.unexpected()),
            }
        }
        Ok(())
    }
}
