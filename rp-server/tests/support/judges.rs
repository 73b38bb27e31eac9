//! Verifiers of other makers, in their own languages, as judges: each a process that is asked a case a line and answers a
//! line each (`tests/judges`). Cases go to all of them while the next ones are made.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use serde_json::{Value, json};

use super::b64;
use super::settings::RP;
use super::verifiers::Known;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judges");

/// What a judge's first words are not there without.
const HOW: &str = "run `cargo xtask setup`, which installs it";

pub(crate) fn py_webauthn() -> Command {
    python("py_webauthn.py")
}

pub(crate) fn python_fido2() -> Command {
    python("python_fido2.py")
}

pub(crate) fn simplewebauthn() -> Command {
    let mut command = Command::new("node");
    command.arg(Path::new(FOLDER).join("simplewebauthn.js"));
    command
}

/// The environment that set-up made, unless another one is named.
fn python(script: &str) -> Command {
    let made = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../target/tools/python/bin/python3"
    );
    let interpreter = std::env::var_os("MIEN_JUDGES_PYTHON").map_or(made.into(), PathBuf::from);
    let mut command = Command::new(interpreter);
    // Nothing is written beside the scripts.
    command.arg("-B").arg(Path::new(FOLDER).join(script));
    command
}

/// A case of a registration, for all judges.
pub(crate) fn registration(challenge: &str, body: &[u8]) -> Value {
    json!({
        "ceremony": "registration",
        // What is no UTF-8 has no text; ours refuses it before anything else.
        "body": String::from_utf8_lossy(body),
        "challenge": challenge,
        "origin": RP,
        "rpId": "localhost",
        "algorithms": [-7, -35, -257],
    })
}

/// A case of an authentication with a credential that they know.
pub(crate) fn authentication(known: &Known, challenge: &str, body: &[u8]) -> Value {
    json!({
        "ceremony": "authentication",
        "body": String::from_utf8_lossy(body),
        "challenge": challenge,
        "origin": RP,
        "rpId": "localhost",
        "credentialId": b64(&known.authenticator.id),
        "publicKey": b64(&known.authenticator.public_key()),
        "signCount": known.sign_count,
    })
}

/// What a judge says of one case: its words where it refuses.
pub(crate) type Verdict = Result<(), String>;

/// One judge at work.
pub(crate) struct Judge {
    /// Its name and version, by its own word.
    pub(crate) name: String,
    child: Child,
    cases: Sender<Arc<str>>,
    writer: JoinHandle<()>,
    reader: JoinHandle<Vec<Verdict>>,
}

impl Judge {
    /// All there are.
    pub(crate) fn all() -> Vec<Self> {
        [py_webauthn(), python_fido2(), simplewebauthn()]
            .into_iter()
            .map(Self::start)
            .collect()
    }

    fn start(mut script: Command) -> Self {
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
    pub(crate) fn ask(&self, case: Arc<str>) {
        self.cases.send(case).expect("the judge listens");
    }

    /// Its name and what it said of all cases, in their order.
    pub(crate) fn verdicts(mut self) -> (String, Vec<Verdict>) {
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
