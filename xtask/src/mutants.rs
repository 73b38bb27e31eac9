//! `cargo xtask mutants`: cargo-mutants on the code that decides. Each small fault is built and tested for itself;
//! a fault that no test notices is a hole in the tests.

use std::ffi::OsString;
use std::process::Command;

use crate::failure::{Context as _, Result, fail};
use crate::process::{ask, run as show};
use crate::project::Project;
use crate::setup;

/// Its list of faults is part of the figure that is reported, so it is pinned.
const VERSION: &str = "27.1.0";

/// The package that decides, and the files in it that are looked at unless others are named.
const PACKAGE: &str = "biometric-system";
const FILES: [&str; 2] = ["src/decision.rs", "src/comparison.rs"];

/// Runs it on `files` (below the package's folder), or on the usual ones.
pub(crate) fn run(project: &Project, files: &[OsString]) -> Result {
    setup::for_tests(project)?;
    install(project)?;
    let folder = "authenticator-wasm/crates/biometric-system";
    let output = project.path("target/mutants");
    std::fs::create_dir_all(&output).context(project.shown(&output))?;
    let mut cargo = project.command("cargo")?;
    cargo
        .args(["mutants", "--package", PACKAGE, "--output"])
        .arg(&output)
        .args(["--timeout", "300", "--no-shuffle"]);
    let named: Vec<OsString> = files.to_vec();
    let usual = FILES.map(OsString::from).to_vec();
    for file in if named.is_empty() { usual } else { named } {
        let path = project.path(folder).join(&file);
        if !path.is_file() {
            fail!("there is no {}", project.shown(&path));
        }
        cargo
            .arg("--file")
            .arg(std::path::Path::new(folder).join(file));
    }
    // A copy of the tree is tested, without target/ and so without the models: by the tests beside the code.
    cargo.args(["--", "--lib"]);
    show(
        &mut cargo,
        "mutants (each is built and tested; the list is kept in target/mutants)",
    )
}

fn install(project: &Project) -> Result {
    let program = project.tools().join("bin/cargo-mutants");
    let found = ask(Command::new(program).args(["mutants", "--version"]));
    if found == Some(format!("cargo-mutants {VERSION}")) {
        return Ok(());
    }
    let mut cargo = project.command("cargo")?;
    cargo
        .args(["install", "cargo-mutants", "--version", VERSION])
        .args(["--force", "--debug", "--root"])
        .arg(project.tools())
        .arg("--target-dir")
        .arg(project.tools().join("build"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    show(
        &mut cargo,
        &format!("cargo-mutants {VERSION} (compiled once, a minute or two)"),
    )
}
