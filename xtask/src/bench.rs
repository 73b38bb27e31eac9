//! `cargo xtask bench <name>`: measurements that the README reports.

mod face;
mod server;

use std::ffi::OsString;
use std::fs;
use std::process::Command;

use crate::console;
use crate::failure::{Context as _, Result, fail};
use crate::process::listen;
use crate::project::Project;
use crate::test::browser_tests;

/// Runs the measurement of that name.
pub(crate) fn run(project: &Project, name: &str, arguments: &[OsString]) -> Result {
    match name {
        "demo" => demo(project, arguments),
        "face" => face::run(project, arguments),
        "logins" => server::logins(project, arguments),
        "server" => server::verifications(project, arguments),
        _ => fail!(
            "there is no measurement `{name}`; there are `demo`, `face`, `logins` and `server`"
        ),
    }
}

/// What a visitor waits for and downloads, as a Markdown table.
fn demo(project: &Project, arguments: &[OsString]) -> Result {
    let rate = match arguments {
        [] => None,
        [name, rate] if name == "--fps" => Some(rate),
        _ => fail!("`cargo xtask bench demo` takes `--fps N` and nothing else"),
    };
    crate::setup::for_tests(project)?;
    let mut playwright = browser_tests(project)?;
    if let Some(rate) = rate {
        playwright.env("FPS", rate);
    }
    measure(project, playwright, "demo")
}

/// Runs one measurement in the browser and shows its table.
fn measure(project: &Project, mut playwright: Command, name: &str) -> Result {
    playwright.args(["--config", "bench", name]);
    let (status, _) = listen(&mut playwright)?;
    if !status.success() {
        fail!("the measurement did not come to its end");
    }
    let table = project.path(&format!("tests/browser/artefacts/bench-{name}.md"));
    console::result(&fs::read_to_string(table).context("the table is missing")?);
    Ok(())
}
