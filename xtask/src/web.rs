//! `cargo xtask web` and `package`: the pages of both origins, built and compressed in advance, and the npm package.

use crate::digest::Fingerprint;
use crate::failure::Result;
use crate::process::run_quietly;
use crate::project::Project;
use crate::stamp::Stamp;

/// Compresses files in advance, for the server to choose from.
pub(crate) const COMPRESS: &str = "xtask/scripts/compress.mjs";

/// What `npm run build` leaves, one folder an origin.
pub(crate) const FOLDERS: [&str; 2] = ["web/dist/relying-party", "web/dist/authentication-agent"];

/// What `npm run package` leaves.
const PACKAGE: &str = "target/npm/mien";

/// Builds `web/dist`, unless nothing changed.
pub(crate) fn build(project: &Project) -> Result {
    let inputs = inputs(project, COMPRESS);
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

/// Makes the npm package, unless nothing changed. It is not published.
pub(crate) fn package(project: &Project) -> Result {
    let stamp = Stamp::new(project, "npm-package", inputs(project, "LICENSE"));
    if stamp.is_current(&[project.path(PACKAGE)]) {
        return Ok(());
    }
    stamp.clear();
    let mut pack = project.command("npm")?;
    pack.current_dir(project.path("web"))
        .args(["run", "package", "--silent"]);
    run_quietly(&mut pack, "npm package (npm run package)")?;
    stamp.set()
}

/// Everything below `web`, and one more file.
fn inputs(project: &Project, file: &str) -> String {
    Fingerprint::default()
        .file(&project.path(file))
        .tree(&project.path("web"), &["node_modules", "dist", "coverage"])
        .finish()
}
