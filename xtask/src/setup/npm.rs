//! The npm packages of one folder, exactly as its lock file says.

use crate::digest::Fingerprint;
use crate::failure::{Result, fail};
use crate::process::{ask, run_quietly};
use crate::project::Project;
use crate::stamp::Stamp;

pub(super) fn install(project: &Project, folder: &str) -> Result {
    let place = project.path(folder);
    let (manifest, lock) = (place.join("package.json"), place.join("package-lock.json"));
    if !lock.is_file() {
        fail!("{folder}/package-lock.json is missing: restore the committed file");
    }
    let inputs = Fingerprint::default().file(&manifest).file(&lock).finish();
    let stamp = Stamp::new(
        project,
        &format!("npm-{}", folder.replace('/', "-")),
        inputs,
    );
    if stamp.is_current(&[place.join("node_modules")]) {
        return Ok(());
    }
    stamp.clear();
    // Somebody may have installed them by hand; `npm ci` would throw that away.
    if ask(project
        .command("npm")?
        .current_dir(&place)
        .args(["ls", "--all", "--loglevel=silent"]))
    .is_some()
    {
        return stamp.set();
    }
    run_quietly(
        project
            .command("npm")?
            .current_dir(&place)
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            // The browser comes from the system's packages.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
        &format!("npm packages of {folder}/"),
    )?;
    stamp.set()
}
