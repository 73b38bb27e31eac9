//! wasm-pack and the wasm-bindgen that fits Cargo.lock, both below `target/tools`.

use std::process::Command;

use crate::failure::{Context as _, Result, fail};
use crate::process::{ask, run};
use crate::project::Project;

/// wasm-pack has no say in the output that a newer one would change: it is pinned for repeatable builds.
const WASM_PACK: &str = "0.15.1";

pub(super) fn install(project: &Project) -> Result {
    wasm_bindgen(project)?;
    wasm_pack(project)
}

/// The version must equal the one in Cargo.lock to the digit, or wasm-pack looks for another by itself.
fn wasm_bindgen(project: &Project) -> Result {
    let wanted = locked_version(project, "wasm-bindgen")?;
    if installed(project, "wasm-bindgen")? == Some(format!("wasm-bindgen {wanted}")) {
        return Ok(());
    }
    // Release, because it runs at every build and test. Not --locked: the tool's own lock file names versions
    // that a registry mirror may not have yet.
    let name = format!("wasm-bindgen {wanted} (compiled once, several minutes)");
    run(
        install_command(project)?.args(["wasm-bindgen-cli", "--version", &wanted]),
        &name,
    )
}

fn wasm_pack(project: &Project) -> Result {
    if installed(project, "wasm-pack")? == Some(format!("wasm-pack {WASM_PACK}")) {
        return Ok(());
    }
    // It only drives other programs, so a quick build is enough.
    let name = format!("wasm-pack {WASM_PACK} (compiled once, a minute or two)");
    run(
        install_command(project)?
            .args(["wasm-pack", "--version", WASM_PACK, "--locked", "--debug"])
            .env("CARGO_PROFILE_DEV_DEBUG", "0"),
        &name,
    )
}

fn install_command(project: &Project) -> Result<Command> {
    let mut command = project.command("cargo")?;
    command
        .args(["install", "--force", "--root"])
        .arg(project.tools());
    command
        .arg("--target-dir")
        .arg(project.tools().join("build"));
    Ok(command)
}

fn installed(project: &Project, tool: &str) -> Result<Option<String>> {
    let program = project.tools().join("bin").join(tool);
    Ok(ask(Command::new(program).arg("--version")))
}

/// The version of a package in Cargo.lock.
fn locked_version(project: &Project, package: &str) -> Result<String> {
    let lock =
        std::fs::read_to_string(project.path("Cargo.lock")).context("Cargo.lock cannot be read")?;
    match version_in(&lock, package) {
        Some(version) => Ok(version.to_owned()),
        None => fail!(
            "Cargo.lock names no {package}: run `cargo generate-lockfile --offline` or restore the committed file"
        ),
    }
}

fn version_in<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_version_is_taken_from_the_package_of_exactly_that_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}
