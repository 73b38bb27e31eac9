//! `cargo xtask ceremonies` and `cargo xtask metadata-statement`: what others' verifiers can be pointed at.

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask ceremonies --out FILE [--seed N]
cargo xtask metadata-statement --out FILE [--root FILE]

  --out FILE    where to write them, as JSON
  --seed N      of keys, challenges and movements (drawn, and printed)
  --root FILE   a root of attestation certificates, in PEM; may come again";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// What was asked for.
#[derive(Default)]
struct Words {
    command: String,
    out: Option<PathBuf>,
    seed: Option<u64>,
    roots: Vec<PathBuf>,
}

fn read() -> Result<Words, lexopt::Error> {
    use lexopt::prelude::*;
    let mut words = Words::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(command) if words.command.is_empty() => words.command = command.string()?,
            Long("out") => words.out = Some(parser.value()?.into()),
            Long("seed") => words.seed = Some(parser.value()?.parse()?),
            Long("root") => words.roots.push(parser.value()?.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(words)
}

fn run() -> Result<(), String> {
    let words = read().map_err(|error| format!("{error}\n\n{HELP}"))?;
    let out = words.out.ok_or(format!("--out is missing\n\n{HELP}"))?;
    let failed = |path: &PathBuf, error| format!("{}: {error}", path.display());
    let made = match words.command.as_str() {
        "ceremonies" => {
            let seed = words.seed.map_or_else(drawn, Ok)?;
            eprintln!(
                "seed {seed}; a filmed man enrols and signs in, which takes some seconds each"
            );
            ceremonies::make(seed)?.into()
        }
        "metadata-statement" => {
            let read =
                |path: &PathBuf| std::fs::read_to_string(path).map_err(|error| failed(path, error));
            let roots: Vec<_> = words.roots.iter().map(read).collect::<Result<_, _>>()?;
            ceremonies::metadata_statement::make(&roots)?
        }
        other => return Err(format!("there is no `{other}`\n\n{HELP}")),
    };
    std::fs::write(&out, format!("{made:#}\n")).map_err(|error| failed(&out, error))?;
    eprintln!("written to {}", out.display());
    Ok(())
}

fn drawn() -> Result<u64, String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| format!("no random source: {error}"))?;
    Ok(u64::from_be_bytes(bytes))
}
