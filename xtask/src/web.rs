//! `cargo xtask web`: the pages of both origins, built and compressed in advance.

use crate::digest::Fingerprint;
use crate::failure::Result;
use crate::process::run_quietly;
use crate::project::Project;
use crate::stamp::Stamp;

/// Compresses files in advance, for the server to choose from.
pub(crate) const COMPRESS: &str = "xtask/scripts/compress.mjs";

/// What `npm run build` leaves, one folder an origin.
pub(crate) const FOLDERS: [&str; 2] = ["web/dist/relying-party", "web/dist/authentication-agent"];

/// Builds `web/dist`, unless nothing changed.
pub(crate) fn build(project: &Project) -> Result {
    let inputs = Fingerprint::default()
        .file(&project.path(COMPRESS))
        .tree(&project.path("web"), &["node_modules", "dist", "coverage"])
        .finish();
    let stamp = Stamp::new(project, "web", inputs);
    let folders = FOLDERS.map(|folder| project.path(folder));
    if stamp.is_current(&folders) {
        return Ok(());
    }
    stamp.clear();
    let mut build = project.command("npm")?;
    build
        .current_dir(project.path("web"))
        .args(["run", "build", "--silent"]);
    run_quietly(&mut build, "web pages (npm run build)")?;
    run_quietly(
        project.command("node")?.arg(COMPRESS).args(&folders),
        "web pages (compression)",
    )?;
    stamp.set()
}
