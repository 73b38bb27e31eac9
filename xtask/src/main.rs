//! `cargo xtask`: the one entry point for people and CI.

mod bench;
mod console;
mod demo;
mod deny;
mod digest;
mod evaluate;
mod failure;
mod fuzz;
mod mutants;
mod process;
mod project;
mod setup;
mod stamp;
mod test;
mod tidy;
mod wasm;
mod web;

use std::process::ExitCode;

use failure::{Context as _, Result, fail};
use lexopt::ValueExt as _;
use project::Project;

const USAGE: &str = "\
Usage: cargo xtask <command>

  setup               install what building, running and testing need; only what is missing
  demo                install, build and serve the demo until Ctrl-C
      --port N          port of the relying party (8080; with --lan 8443)
      --agent-port N    port of the authentication agent (8081; with --lan 8444)
      --lan             serve phones on the same network over HTTPS
  test                every test; the last line says how many passed and failed
      --only STEP       one step of it; `--only list` names the steps
  ci                  the same as test
  tidy                the rules of the house: dependency arrows, sizes, what may not be in git
  wasm                the authenticator as a WASM module
  web                 the pages of both origins
  package             the npm package for other people's pages, under target/npm; nothing is published
  bench demo          what a visitor waits for and downloads
      --fps N           frames a second of the camera (15)
  bench face          a full look by ours and by two known libraries
      --rounds N        fresh pages for each (5); --frames N a round (60)
      --looks N         memory of ours over so many looks
      --relaxed         ours with relaxed SIMD as well
      --pairs DIR       accuracy on DIR/pairs.csv; --count N pairs (600)
  bench server        verifications of assertions a second, by ours and others' verifiers, beside bare OpenSSL
      --rounds N        turns for each (5); --seconds N for each turn (3)
  bench logins        logins a second over HTTP, to the disk, and how long one takes
      --stores S,S      sqlite, postgres, or both; --credentials N,N in the database (1000,1000000)
      --seconds N       for each rate that is tried (5); --soak-minutes N of memory and descriptors (0)
  evaluate DIR        verification error rates on pictures of people, listed in DIR/pairs.csv
      --json OUT        the figures as JSON
      --svg DIR         DET curve and score histogram
      --first-captures  templates of each person's first pictures by name, not of several random choices
  evaluate-pad DIR    presentation attack detection on the folders live/, print/, … of DIR
      --json OUT        the figures as JSON
  attacks             presentation attacks, made from the test videos
      --per-species N   how many of each species (42)
      --species NAME    only those that begin so; may come again
      --enrolments N    failures to enrol of living persons, instead
      --seed N          other presentations (1)
      --out DIR         two videos of each species, as y4m
      --json OUT        the figures as JSON
  ceremonies          honest registrations and sign-ins by our agent, for anybody's verifier
      --out FILE        where to write them, as a JSON list
      --seed N          of keys, challenges and movements
  metadata-statement  what FIDO's metadata say of our authenticator
      --out FILE        where to write it, as JSON
      --root FILE       a root of attestation certificates, in PEM; may come again
  fuzz [TARGET]       what comes from outside, made up at random and guided by coverage
      --seconds N       for so long each (60)
  mutants [FILE…]     small faults put into the code that decides; the tests must notice them
      --shard K/N       before the files: only each Nth of them, from the Kth
  deny                licences and advisories, by cargo-deny";

fn main() -> ExitCode {
    match task() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn task() -> Result<ExitCode> {
    let words = Words::read()?;
    let Some(command) = words.command.as_deref() else {
        console::result(USAGE);
        return Ok(ExitCode::SUCCESS);
    };
    words.check_flags(command)?;
    let project = Project::find()?;
    match command {
        "evaluate" => evaluate::verification(&project, &words.rest)?,
        "evaluate-pad" => evaluate::presentation_attack_detection(&project, &words.rest)?,
        "attacks" => evaluate::attacks(&project, &words.rest)?,
        "ceremonies" => evaluate::ceremonies(&project, &words.rest)?,
        "metadata-statement" => evaluate::metadata_statement(&project, &words.rest)?,
        "setup" => setup::for_tests(&project)?,
        "demo" => return demo::run_demo(&project, words.demo),
        "test" | "ci" => return test::run(&project, words.only.as_deref()),
        "tidy" => tidy::run(&project)?,
        "wasm" => {
            setup::for_demo(&project)?;
            wasm::build(&project)?;
        }
        "web" => {
            setup::for_demo(&project)?;
            wasm::build(&project)?;
            web::build(&project)?;
        }
        "package" => {
            setup::for_demo(&project)?;
            wasm::build(&project)?;
            web::package(&project)?;
            console::result("target/npm/mien");
        }
        "bench" => {
            let name = words.operand.as_deref().unwrap_or_default();
            bench::run(&project, name, &words.rest)?;
        }
        "fuzz" => fuzz::run(
            &project,
            words.operand.as_deref(),
            words.seconds.unwrap_or(fuzz::SECONDS),
        )?,
        "mutants" => mutants::run(&project, &words.rest)?,
        "deny" => deny::check(&project)?,
        _ => fail!("there is no command `{command}`\n\n{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The command line.
#[derive(Default)]
struct Words {
    command: Option<String>,
    operand: Option<String>,
    only: Option<String>,
    seconds: Option<u32>,
    /// Whatever follows a command that has a program of its own.
    rest: Vec<std::ffi::OsString>,
    demo: demo::Options,
}

impl Words {
    fn read() -> Result<Self> {
        use lexopt::Arg::{Long, Short, Value};
        const UNCLEAR: &str = "the command line is not understood";
        let mut words = Self::default();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next().context(UNCLEAR)? {
            match argument {
                Short('h') | Long("help") => return Ok(Self::default()),
                Long("lan") => words.demo.lan = true,
                Long("port") => words.demo.port = Some(port(&mut parser)?),
                Long("agent-port") => words.demo.agent_port = Some(port(&mut parser)?),
                Long("only") => words.only = Some(text(&parser.value().context(UNCLEAR)?)),
                Long("seconds") => words.seconds = Some(seconds(&mut parser)?),
                Value(word) if words.command.is_none() => {
                    words.command = Some(text(&word));
                    if word == "mutants"
                        || evaluate::COMMANDS.iter().any(|command| word == *command)
                    {
                        words.rest = parser.raw_args().context(UNCLEAR)?.collect();
                    }
                }
                Value(word) if words.operand.is_none() => {
                    words.operand = Some(text(&word));
                    if words.command.as_deref() == Some("bench") {
                        words.rest = parser.raw_args().context(UNCLEAR)?.collect();
                    }
                }
                other => fail!("{UNCLEAR}: {}\n\n{USAGE}", other.unexpected()),
            }
        }
        Ok(words)
    }

    /// A flag that a command would ignore is a misunderstanding.
    fn check_flags(&self, command: &str) -> Result {
        let demo = self.demo.lan || self.demo.port.is_some() || self.demo.agent_port.is_some();
        if demo && command != "demo" {
            fail!("--lan, --port and --agent-port belong to `cargo xtask demo`");
        }
        if self.only.is_some() && !matches!(command, "test" | "ci") {
            fail!("--only belongs to `cargo xtask test`");
        }
        if self.seconds.is_some() && command != "fuzz" {
            fail!("--seconds belongs to `cargo xtask fuzz`");
        }
        if self.operand.is_some() && !matches!(command, "bench" | "fuzz") {
            fail!("`cargo xtask {command}` takes no further word\n\n{USAGE}");
        }
        Ok(())
    }
}

fn port(parser: &mut lexopt::Parser) -> Result<u16> {
    parser
        .value()
        .and_then(|value| value.parse())
        .context("a port is a number from 1 to 65535")
}

fn seconds(parser: &mut lexopt::Parser) -> Result<u32> {
    parser
        .value()
        .and_then(|value| value.parse())
        .context("seconds are a number")
}

fn text(word: &std::ffi::OsStr) -> String {
    word.to_string_lossy().into_owned()
}
