//! Verifiers of other makers, in their own languages, as judges: each a process that is asked a case a line and answers a
//! line each. Cases go to all of them while the next ones are made.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a package for tests only: one that cannot go on says so by panicking"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use serde_json::Value;

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// What a judge's first words are not there without.
const HOW: &str = "run `cargo xtask setup`, which installs it";

/// py_webauthn.
#[must_use]
pub fn py_webauthn() -> Command {
    python("py_webauthn.py")
}

/// python-fido2's server, which verifies attestation statements.
#[must_use]
pub fn python_fido2() -> Command {
    python("python_fido2.py")
}

/// @simplewebauthn/server.
#[must_use]
pub fn simplewebauthn() -> Command {
    let mut command = Command::new("node");
    command.arg(Path::new(FOLDER).join("simplewebauthn.js"));
    command
}

/// The environment that set-up made, unless another one is named.
fn python(script: &str) -> Command {
    let made = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../target/tools/python/bin/python3"
    );
    let interpreter = std::env::var_os("MIEN_JUDGES_PYTHON").map_or(made.into(), PathBuf::from);
    let mut command = Command::new(interpreter);
    // Nothing is written beside the scripts.
    command.arg("-B").arg(Path::new(FOLDER).join(script));
    command
}

/// What a judge says of one case: its words where it refuses.
pub type Verdict = Result<(), String>;

/// One judge at work.
pub struct Judge {
    /// Its name and version, by its own word.
    pub name: String,
    child: Child,
    cases: Sender<Arc<str>>,
    writer: JoinHandle<()>,
    reader: JoinHandle<Vec<Verdict>>,
}

impl Judge {
    /// All there are.
    #[must_use]
    pub fn all() -> Vec<Self> {
        [py_webauthn(), python_fido2(), simplewebauthn()]
            .into_iter()
            .map(Self::start)
            .collect()
    }

    /// Starts the one of this script.
    ///
    /// # Panics
    /// It is not there.
    #[must_use]
    pub fn start(mut script: Command) -> Self {
        let started = script
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("the judge {script:?} is missing ({error}): {HOW}"));
        let mut child = started;
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        output.read_line(&mut first).unwrap();
        let name = serde_json::from_str::<Value>(&first)
            .ok()
            .and_then(|said| Some(said["judge"].as_str()?.to_owned()))
            .unwrap_or_else(|| panic!("the judge {script:?} does not start: {HOW}"));
        let input = child.stdin.take().unwrap();
        let (cases, waiting) = channel();
        Self {
            name,
            child,
            cases,
            writer: std::thread::spawn(move || write(input, &waiting)),
            reader: std::thread::spawn(move || read(output)),
        }
    }

    /// Hands it the next case.
    ///
    /// # Panics
    /// It has gone.
    pub fn ask(&self, case: Arc<str>) {
        self.cases.send(case).expect("the judge listens");
    }

    /// Its name and what it said of all cases, in their order.
    ///
    /// # Panics
    /// It did not answer every case.
    #[must_use]
    pub fn verdicts(mut self) -> (String, Vec<Verdict>) {
        drop(self.cases);
        self.writer.join().expect("the judge took every case");
        let verdicts = self.reader.join().expect("an answer for every case");
        assert!(self.child.wait().unwrap().success(), "{}", self.name);
        (self.name, verdicts)
    }
}

fn write(mut input: ChildStdin, waiting: &Receiver<Arc<str>>) {
    for case in waiting {
        writeln!(input, "{case}").unwrap();
    }
}

fn read(output: BufReader<ChildStdout>) -> Vec<Verdict> {
    output
        .lines()
        .map(|line| {
            let said: Value = serde_json::from_str(&line.unwrap()).unwrap();
            if said["accepted"].as_bool().unwrap() {
                Ok(())
            } else {
                Err(said["words"].as_str().unwrap().to_owned())
            }
        })
        .collect()
}
