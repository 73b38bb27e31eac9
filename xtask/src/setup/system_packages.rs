//! Packages of the system, on Debian and its kin, where this user may install them.

use std::process::Command;

use crate::failure::{Result, fail};
use crate::process::{ask, run};
use crate::project::{Project, on_path};

/// Installs `packages`, which bring `what`; else fails with `how`, which says what a person can do.
pub(super) fn install(project: &Project, packages: &[&str], what: &str, how: &str) -> Result {
    if !on_path("apt-get") {
        fail!("{what} is missing: {how}");
    }
    let Some(administrator) = administrator() else {
        fail!("{what} is missing and this user may not install packages: {how}");
    };
    let apt = |arguments: &[&str]| -> Result<Command> {
        let mut words = administrator.iter().copied().chain(["apt-get"]);
        let mut command = project.command(words.next().unwrap_or("apt-get"))?;
        command
            .args(words)
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        Ok(command)
    };
    run(&mut apt(&["update", "-qq"])?, "list of system packages")?;
    let mut install = apt(&["install", "-y", "-qq", "--no-install-recommends"])?;
    run(install.args(packages), what)
}

/// The words in front of a command that needs the administrator, if we may speak them without a password.
fn administrator() -> Option<Vec<&'static str>> {
    if ask(Command::new("id").arg("-u")).as_deref() == Some("0") {
        return Some(Vec::new());
    }
    ask(Command::new("sudo").args(["-n", "true"])).map(|_| vec!["sudo", "-n"])
}
