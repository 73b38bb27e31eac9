//! `cargo xtask setup`: everything that the other tasks need, each part only if it is missing.

pub(crate) mod browser;
pub(crate) mod fido2_tools;
pub(crate) mod media;
mod models;
mod npm;
mod package;
pub(crate) mod postgres;
mod python;
mod rust_target;
mod system_packages;
mod wasm_tools;

use std::path::PathBuf;

use crate::failure::{Result, fail};
use crate::process::ask;
use crate::project::Project;

/// The oldest Node.js that the build works with.
const OLDEST_NODE: u32 = 20;

/// What building and running the product needs.
pub(crate) fn for_demo(project: &Project) -> Result {
    node(project)?;
    rust_target::install(project)?;
    wasm_tools::install(project)?;
    npm::install(project, "xtask/npm")?;
    npm::install(project, "web")?;
    models::install(project)?;
    models::compress(project)
}

/// What the tests need on top of it.
pub(crate) fn for_tests(project: &Project) -> Result {
    for_demo(project)?;
    npm::install(project, "tests/browser")?;
    judges(project)?;
    media::make(project)
}

/// The verifiers in other languages that judge ours, and that a measurement compares it with; the Python that has
/// theirs.
pub(crate) fn judges(project: &Project) -> Result<PathBuf> {
    node(project)?;
    npm::install(project, "tests/judges")?;
    python::install(project, "tests/judges/requirements.txt")
}

/// The libraries that a measurement compares ours with.
pub(crate) fn for_bench(project: &Project) -> Result {
    npm::install(project, "tests/browser/bench/face")
}

fn node(project: &Project) -> Result {
    let Some(version) = ask(project.command("node")?.arg("--version")) else {
        fail!(
            "Node.js is missing: install version {OLDEST_NODE} or newer (https://nodejs.org) and run this again"
        );
    };
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        fail!(
            "Node.js {version} is too old: install version {OLDEST_NODE} or newer and run this again"
        );
    }
    Ok(())
}
