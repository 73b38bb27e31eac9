//! `cargo xtask deny`: licences, sources and advisories of all dependencies, by cargo-deny and `deny.toml`.

use crate::failure::{Result, fail};
use crate::process::{ask, run};
use crate::project::Project;

/// Not part of `test`, because the list of advisories comes over the network and changes from day to day.
pub(crate) fn check(project: &Project) -> Result {
    if ask(project.command("cargo")?.args(["deny", "--version"])).is_none() {
        fail!("cargo-deny is not installed: get it with `cargo install --locked cargo-deny`");
    }
    // Advisories last: their list comes over the network, and the rest holds without it.
    for (what, checks) in [
        (
            "licences, bans, sources",
            &["licenses", "bans", "sources"][..],
        ),
        ("advisories", &["advisories"]),
    ] {
        let mut deny = project.command("cargo")?;
        deny.args(["deny", "check"]).args(checks);
        run(&mut deny, &format!("{what} (cargo-deny)"))?;
    }
    Ok(())
}
