//! Python packages of one list, in an environment of their own below `target/tools`.

use std::path::PathBuf;

use crate::digest::Fingerprint;
use crate::failure::{Result, fail};
use crate::process::{ask, run_quietly};
use crate::project::Project;
use crate::stamp::Stamp;

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
    if ask(project.command("python3")?.arg("--version")).is_none() {
        fail!("Python is missing: install Python 3.10 or newer with `venv` and run this again");
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
            ])
            .arg("--requirement")
            .arg(&list),
        "Python packages",
    )?;
    stamp.set()?;
    Ok(interpreter)
}
