//! The server as a child process: started, announced when it listens, stopped with us.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Origins;
use crate::console::{note, step};
use crate::failure::{Context as _, Result, fail};
use crate::project::Project;
use crate::web;

/// `rp-server serve` for both origins.
pub(super) fn command(
    project: &Project,
    profile: &str,
    origins: &Origins,
    database: &Path,
) -> Result<Command> {
    let program = project.cargo_target().join(profile).join("rp-server");
    let [relying_party, agent] = web::FOLDERS.map(|folder| project.path(folder));
    let mut command = project.command(&program.to_string_lossy())?;
    command.arg("serve");
    command.args([
        "--rp-origin",
        &origins.relying_party(),
        "--agent-origin",
        &origins.agent(),
    ]);
    command.args(["--rp-listen", &origins.relying_party.to_string()]);
    command.args(["--agent-listen", &origins.agent.to_string()]);
    command
        .arg("--database")
        .arg(format!("sqlite:{}", database.display()));
    command
        .arg("--rp-static")
        .arg(relying_party)
        .arg("--agent-static")
        .arg(agent);
    command.arg("--models").arg(project.models());
    Ok(command)
}

/// Runs the server in the foreground. Both listeners up: `announce`. Ctrl-C or a request to end: the server is
/// asked to end as well, and its exit code becomes ours.
pub(super) fn until_interrupted(mut command: Command, announce: impl FnOnce()) -> Result<ExitCode> {
    step("server");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("the server cannot be started")?;
    let asked_to_end = forward_signals(&child)?;
    let mut announce = Some(announce);
    let mut listening = 0;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout)
            .lines()
            .map_while(std::result::Result::ok)
        {
            note(&line);
            listening += u8::from(line.starts_with("listening "));
            if listening == 2
                && let Some(announce) = announce.take()
            {
                announce();
            }
        }
    }
    let status = child.wait().context("the server cannot be waited for")?;
    if asked_to_end.load(Ordering::Relaxed) {
        step("stopped");
        // A server that was ended by the signal itself did what it was asked to do.
        return Ok(status.code().map_or(ExitCode::SUCCESS, exit_code));
    }
    match status.code() {
        Some(0) => Ok(ExitCode::SUCCESS),
        _ => fail!("the server ended by itself ({status}); its own words are above"),
    }
}

fn exit_code(code: i32) -> ExitCode {
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// A terminal sends Ctrl-C to the server as well; a process manager may send its signal to us alone.
fn forward_signals(child: &Child) -> Result<Arc<AtomicBool>> {
    let asked = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&asked);
    let id = child.id().to_string();
    ctrlc::set_handler(move || {
        noted.store(true, Ordering::Relaxed);
        let mut kill = if cfg!(windows) {
            Command::new("taskkill")
        } else {
            Command::new("kill")
        };
        if cfg!(windows) {
            kill.args(["/PID", &id]);
        } else {
            kill.args(["-s", "TERM", &id]);
        }
        // It may have ended already, which is what is wanted.
        let _ = kill.stdout(Stdio::null()).stderr(Stdio::null()).status();
    })
    .context("Ctrl-C cannot be handled")?;
    Ok(asked)
}
