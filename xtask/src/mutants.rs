//! `cargo xtask mutants`: cargo-mutants on the code that decides. Each small fault is built and tested for itself;
//! a fault that no test notices is a hole in the tests.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Context as _, Result, fail};
use crate::process::{ask, run as show};
use crate::project::Project;
use crate::setup;

/// Its list of faults is part of the figure that is reported, so it is pinned.
const VERSION: &str = "27.1.0";

/// The packages that decide: name, folder, and the files in it that are looked at unless others are named.
const PACKAGES: [(&str, &str, &[&str]); 2] = [
    (
        "biometric-system",
        "authenticator-wasm/crates/biometric-system",
        &["src/decision.rs", "src/comparison.rs"],
    ),
    (
        "rp-server",
        "rp-server",
        &[
            "src/authentication_server/assertion.rs",
            "src/authentication_server/assertion/response.rs",
            "src/authentication_server/public_key.rs",
            "src/authentication_server/wire/authenticator_data.rs",
            "src/authentication_server/wire/canonical_cbor.rs",
            "src/authentication_server/wire/client_data.rs",
            "src/json.rs",
        ],
    ),
];

/// Runs it on `files` (paths from the project's root), or on the usual ones.
pub(crate) fn run(project: &Project, files: &[OsString]) -> Result {
    let mut named: Vec<(&str, PathBuf)> = Vec::new();
    for file in files {
        let path = Path::new(file);
        let of = PACKAGES
            .iter()
            .find(|(_, folder, _)| path.starts_with(folder));
        match of {
            Some((package, ..)) if project.path("").join(path).is_file() => {
                named.push((package, path.to_path_buf()));
            }
            _ => fail!("there is no {} in the packages that decide", path.display()),
        }
    }
    if named.is_empty() {
        for (package, folder, files) in PACKAGES {
            named.extend(files.iter().map(|f| (package, Path::new(folder).join(f))));
        }
    }
    setup::for_tests(project)?;
    install(project)?;
    for (package, ..) in PACKAGES {
        let files = named.iter().filter(|(of, _)| *of == package);
        let files: Vec<&Path> = files.map(|(_, file)| file.as_path()).collect();
        if !files.is_empty() {
            mutate(project, package, &files)?;
        }
    }
    Ok(())
}

fn mutate(project: &Project, package: &str, files: &[&Path]) -> Result {
    let output = project.path("target/mutants").join(package);
    std::fs::create_dir_all(&output).context(project.shown(&output))?;
    let mut cargo = project.command("cargo")?;
    cargo
        .args(["mutants", "--package", package, "--output"])
        .arg(&output)
        .args(["--timeout", "300", "--no-shuffle"]);
    for file in files {
        cargo.arg("--file").arg(file);
    }
    // A copy of the tree is tested, without target/ and so without the models: by the tests beside the code.
    cargo.args(["--cargo-arg", "--lib"]);
    show(
        &mut cargo,
        &format!(
            "mutants of {package} (each is built and tested; the list is kept in target/mutants)"
        ),
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
