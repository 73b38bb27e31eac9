//! `cargo xtask bench <name>`: measurements that the README reports.

use std::fs;

use crate::console;
use crate::failure::{Context as _, Result, fail};
use crate::process::listen;
use crate::project::Project;
use crate::test::browser_tests;

/// Runs the measurement of that name.
pub(crate) fn run(project: &Project, name: &str) -> Result {
    match name {
        "demo" => demo(project),
        _ => fail!("there is no measurement `{name}`; there is `demo`"),
    }
}

/// What a visitor waits for and downloads, as a Markdown table.
fn demo(project: &Project) -> Result {
    crate::setup::for_tests(project)?;
    let mut playwright = browser_tests(project)?;
    playwright.args(["--config", "bench"]);
    let (status, _) = listen(&mut playwright)?;
    if !status.success() {
        fail!("the measurement did not come to its end");
    }
    let table = project.path("tests/browser/artefacts/bench-demo.md");
    console::result(&fs::read_to_string(table).context("the table is missing")?);
    Ok(())
}
