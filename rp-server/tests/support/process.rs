//! The program itself, as a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::browser::Browser;

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rp-server"));
    // A test says what it means by flags.
    command.env_remove("DATABASE_URL");
    command
}

/// `rp-server serve` in `folder`, on free ports.
pub(crate) fn serve(folder: &Path, database: &str) -> Command {
    for name in ["rp", "agent", "models"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
    }
    let mut command = program();
    command
        .current_dir(folder)
        .args(["serve", "--database", database])
        .args([
            "--rp-listen",
            "127.0.0.1:0",
            "--agent-listen",
            "127.0.0.1:0",
        ])
        .args(["--rp-static", "rp", "--agent-static", "agent"])
        .args(["--models", "models"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts the server and reads the two addresses it prints.
pub(crate) fn started(mut command: Command) -> (Child, Vec<String>) {
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines = lines.take(2).map(Result::unwrap).collect();
    (child, lines)
}

/// A server process that ends with the value.
pub(crate) struct Process {
    child: Child,
    rp: String,
    _folder: TempDir,
}

impl Process {
    /// On the database of `url`, without limits for one address.
    pub(crate) fn on(url: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let command = serve(folder.path(), url);
        Self::of(command, folder)
    }

    /// `command` is one of [`serve`] in `folder`.
    pub(crate) fn of(mut command: Command, folder: TempDir) -> Self {
        command
            .args(["--rate-burst", "1000000", "--rate-per-second", "1000000"])
            .stderr(Stdio::null());
        let (child, lines) = started(command);
        let rp = lines
            .first()
            .and_then(|line| line.strip_prefix("listening relying-party "));
        let rp = rp.expect("the server starts").to_owned();
        Self {
            child,
            rp,
            _folder: folder,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.rp)
    }

    /// Host and port of the relying party.
    pub(crate) fn address(&self) -> &str {
        self.rp.trim_start_matches("http://")
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`: it gets no chance to finish anything.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
