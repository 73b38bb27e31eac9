//! Chromium and its driver, from the system's packages.

use super::system_packages;
use crate::failure::{Result, fail};
use crate::project::Project;

/// What to say where we may not install anything.
const HOW: &str = "install them with `sudo apt-get install chromium chromium-driver` (or your system's way), \
                   or set CHROMIUM and CHROMEDRIVER to their paths";

/// Finds both programs, or installs them where that is allowed.
pub(crate) fn install(project: &Project) -> Result {
    if chromium().is_some() && chromedriver().is_some() {
        return Ok(());
    }
    system_packages::install(
        project,
        &["chromium", "chromium-driver"],
        "Chromium or its driver",
        HOW,
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
