//! Python packages of one list, in an environment of their own below `target/tools`.

use std::path::PathBuf;

use super::system_packages;
use crate::digest::Fingerprint;
use crate::failure::{Result, fail};
use crate::process::{ask, run_quietly};
use crate::project::Project;
use crate::stamp::Stamp;

/// What to say where we may not install anything.
const HOW: &str = "install Python 3.10 or newer with `venv`, as by `sudo apt-get install python3-venv`, and run this again";

/// Installs what `list` (a requirements file, from the project's root) names; the interpreter that has it.
pub(super) fn install(project: &Project, list: &str) -> Result<PathBuf> {
    let list = project.path(list);
    let place = project.tools().join("python");
    let interpreter = place.join("bin/python3");
    let stamp = Stamp::new(
        project,
        "python",
        Fingerprint::default().file(&list).finish(),
    );
    if stamp.is_current(std::slice::from_ref(&interpreter)) {
        return Ok(interpreter);
    }
    stamp.clear();
    if !found(project)? {
        system_packages::install(project, &["python3-venv"], "Python", HOW)?;
        if !found(project)? {
            fail!("the system's packages brought no Python that will do: {HOW}");
        }
    }
    run_quietly(
        project
            .command("python3")?
            .args(["-m", "venv", "--clear"])
            .arg(&place),
        "environment for Python packages",
    )?;
    run_quietly(
        std::process::Command::new(&interpreter)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
            ])
            .arg("--requirement")
            .arg(&list),
        "Python packages",
    )?;
    stamp.set()?;
    Ok(interpreter)
}

/// Debian has `venv` in a package of its own; what it lacks without it is `ensurepip`.
fn found(project: &Project) -> Result<bool> {
    const ENOUGH: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";
    Ok(ask(project.command("python3")?.args(["-c", ENOUGH])).is_some())
}
