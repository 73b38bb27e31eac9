//! `cargo xtask evaluate`, `attacks`, `ceremonies` and their like: programs of their own, built optimised and run here.

use std::ffi::OsString;

use crate::failure::{Context as _, Result, fail};
use crate::project::Project;
use crate::setup;

/// The commands whose arguments go to those programs as they are.
pub(crate) const COMMANDS: [&str; 5] = [
    "evaluate",
    "evaluate-pad",
    "attacks",
    "ceremonies",
    "metadata-statement",
];

/// Verification error rates.
pub(crate) fn verification(project: &Project, arguments: &[OsString]) -> Result {
    run(project, "evaluation", &["verification"], arguments)
}

/// Presentation attack detection error rates on single pictures.
pub(crate) fn presentation_attack_detection(project: &Project, arguments: &[OsString]) -> Result {
    run(
        project,
        "evaluation",
        &["presentation-attack-detection"],
        arguments,
    )
}

/// Presentation attacks as video, and what becomes of them.
pub(crate) fn attacks(project: &Project, arguments: &[OsString]) -> Result {
    run(project, "presentation-attacks", &[], arguments)
}

/// Honest registrations and sign-ins, for anybody's verifier.
pub(crate) fn ceremonies(project: &Project, arguments: &[OsString]) -> Result {
    run(project, "ceremonies", &["ceremonies"], arguments)
}

/// The FIDO metadata statement of our authenticator.
pub(crate) fn metadata_statement(project: &Project, arguments: &[OsString]) -> Result {
    run(project, "ceremonies", &["metadata-statement"], arguments)
}

fn run(project: &Project, package: &str, words: &[&str], arguments: &[OsString]) -> Result {
    setup::for_tests(project)?;
    let mut cargo = project.command("cargo")?;
    // Paths are meant from where the person stands.
    cargo.current_dir(std::env::current_dir().context("there is no current folder")?);
    cargo.args(["run", "--quiet", "--release", "--package", package]);
    cargo
        .arg("--manifest-path")
        .arg(project.path("Cargo.toml"))
        .arg("--");
    let status = cargo.args(words).args(arguments).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => fail!("`{package}` did not come to its end"),
        Err(error) => fail!("`cargo run` cannot be started: {error}"),
    }
}
