//! `cargo xtask deny`: licences and advisories of all dependencies, by cargo-deny and `deny.toml`.

use crate::failure::{Result, fail};
use crate::process::{ask, run};
use crate::project::Project;

/// Not part of `test`, because the list of advisories comes over the network and changes from day to day.
pub(crate) fn check(project: &Project) -> Result {
    if ask(project.command("cargo")?.args(["deny", "--version"])).is_none() {
        fail!("cargo-deny is not installed: get it with `cargo install --locked cargo-deny`");
    }
    run(
        project.command("cargo")?.args(["deny", "check"]),
        "licences, sources, advisories (cargo-deny)",
    )
}
