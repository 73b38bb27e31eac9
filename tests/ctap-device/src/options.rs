//! The command line.

use std::path::PathBuf;

use presentation_attacks::material::Person;

const HELP: &str = "\
ctap-device --store FILE [--person first|second] [--says yes|no|nothing] [--seed N]

  --store FILE   where credentials are kept, in clear; made if absent
  --person WHO   which of the filmed men is before the camera (first)
  --says WHAT    what he says to every question (yes); nothing ends after five seconds, or when cancelled
  --seed N       of how he moves (1)";

/// What the person says to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    Yes,
    No,
    Nothing,
}

/// What was asked for.
pub(crate) struct Options {
    pub(crate) store: PathBuf,
    pub(crate) person: Person,
    pub(crate) says: Says,
    pub(crate) seed: u64,
}

impl Options {
    /// Reads the command line; `None` when the help was wanted.
    pub(crate) fn read() -> Result<Option<Self>, String> {
        use lexopt::prelude::*;
        let mut store = None;
        let (mut person, mut says, mut seed) = (Person::First, Says::Yes, 1);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next().map_err(wrong)? {
            match argument {
                Long("store") => store = Some(PathBuf::from(parser.value().map_err(wrong)?)),
                Long("person") => {
                    person = match text(&mut parser)?.as_str() {
                        "first" => Person::First,
                        "second" => Person::Second,
                        other => return Err(format!("--person: {other}\n\n{HELP}")),
                    }
                }
                Long("says") => {
                    says = match text(&mut parser)?.as_str() {
                        "yes" => Says::Yes,
                        "no" => Says::No,
                        "nothing" => Says::Nothing,
                        other => return Err(format!("--says: {other}\n\n{HELP}")),
                    }
                }
                Long("seed") => seed = parser.value().map_err(wrong)?.parse().map_err(wrong)?,
                Long("help") => {
                    eprintln!("{HELP}");
                    return Ok(None);
                }
                other => return Err(wrong(other.unexpected())),
            }
        }
        let store = store.ok_or(format!("--store is missing\n\n{HELP}"))?;
        Ok(Some(Self {
            store,
            person,
            says,
            seed,
        }))
    }
}

fn wrong(error: lexopt::Error) -> String {
    format!("{error}\n\n{HELP}")
}

fn text(parser: &mut lexopt::Parser) -> Result<String, String> {
    let value = parser.value().map_err(wrong)?;
    value
        .into_string()
        .map_err(|_| format!("an argument is not UTF-8\n\n{HELP}"))
}
