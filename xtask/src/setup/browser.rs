//! Chromium and its driver, from the system's packages.

use std::process::Command;

use crate::failure::{Result, fail};
use crate::process::{ask, run};
use crate::project::{Project, on_path};

/// What to say where we may not install anything.
const HOW: &str = "install them with `sudo apt-get install chromium chromium-driver` (or your system's way), \
                   or set CHROMIUM and CHROMEDRIVER to their paths";

/// Finds both programs, or installs them where that is allowed.
pub(crate) fn install(project: &Project) -> Result {
    if chromium().is_some() && chromedriver().is_some() {
        return Ok(());
    }
    if !on_path("apt-get") {
        fail!("Chromium or its driver is missing: {HOW}");
    }
    let Some(administrator) = administrator() else {
        fail!("Chromium or its driver is missing and this user may not install packages: {HOW}");
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
    run(
        &mut apt(&[
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "chromium-driver",
        ])?,
        "Chromium and its driver",
    )?;
    if chromium().is_none() || chromedriver().is_none() {
        fail!("the system's packages brought no Chromium or no driver: {HOW}");
    }
    Ok(())
}

/// The browser to test with.
pub(crate) fn chromium() -> Option<String> {
    find(
        "CHROMIUM",
        &["chromium", "chromium-browser", "google-chrome"],
    )
}

/// Its driver, for the tests that wasm-pack runs.
pub(crate) fn chromedriver() -> Option<String> {
    find("CHROMEDRIVER", &["chromedriver"])
}

fn find(variable: &str, names: &[&str]) -> Option<String> {
    if let Ok(path) = std::env::var(variable) {
        return std::path::Path::new(&path).is_file().then_some(path);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|program| program.is_file())
        .map(|program| program.to_string_lossy().into_owned())
}

/// The words in front of a command that needs the administrator, if we may speak them without a password.
fn administrator() -> Option<Vec<&'static str>> {
    if ask(Command::new("id").arg("-u")).as_deref() == Some("0") {
        return Some(Vec::new());
    }
    ask(Command::new("sudo").args(["-n", "true"])).map(|_| vec!["sudo", "-n"])
}
