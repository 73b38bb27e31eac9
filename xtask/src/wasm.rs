//! `cargo xtask wasm`: the authenticator as a WASM module, as `wasm-pack.toml` says.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::console::note;
use crate::digest::Fingerprint;
use crate::failure::{Context as _, Result, fail};
use crate::process::{run, run_quietly};
use crate::project::Project;
use crate::stamp::Stamp;

/// The settings; wasm-pack has no settings file of its own.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    package: String,
    target: String,
    out_dir: String,
    out_name: String,
    profile: String,
    wasm_opt: Vec<String>,
    size_budget_bytes: u64,
}

/// Builds the module and checks its size, unless nothing changed.
pub(crate) fn build(project: &Project) -> Result {
    let settings = settings(project)?;
    let out_dir = project.path(&settings.out_dir);
    let module = out_dir.join(format!("{}_bg.wasm", settings.out_name));
    let stamp = Stamp::new(project, "wasm", inputs(project, &settings));
    if !stamp.is_current(std::slice::from_ref(&module)) {
        stamp.clear();
        pack(project, &settings, &out_dir)?;
        optimise(project, &settings, &module)?;
        stamp.set()?;
    }
    check_size(&settings, &module)
}

fn settings(project: &Project) -> Result<Settings> {
    let text = fs::read_to_string(project.path("wasm-pack.toml"))
        .context("wasm-pack.toml cannot be read")?;
    toml::from_str(&text).context("wasm-pack.toml is not understood")
}

fn inputs(project: &Project, settings: &Settings) -> String {
    let files = [
        "wasm-pack.toml",
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
        ".cargo/config.toml",
    ];
    files
        .iter()
        .fold(Fingerprint::default(), |all, file| {
            all.file(&project.path(file))
        })
        .tree(
            &project.path(&settings.package),
            &["tests", "benches", "examples", "fuzz", "target", "pkg"],
        )
        .finish()
}

fn pack(project: &Project, settings: &Settings, out_dir: &Path) -> Result {
    let mut pack = project.command("wasm-pack")?;
    pack.args(["--log-level", "warn", "build", &settings.package]);
    pack.arg(format!("--{}", settings.profile));
    pack.args([
        "--target",
        &settings.target,
        "--out-name",
        &settings.out_name,
        "--out-dir",
    ])
    .arg(out_dir);
    // The folder is one of our own sources, not a package; wasm-opt follows with our own arguments.
    pack.args([
        "--no-pack",
        "--no-gitignore",
        "--no-opt",
        "--mode",
        "no-install",
    ]);
    // wasm-bindgen reads there which features the module uses; wasm-opt drops the names afterwards.
    pack.env("CARGO_PROFILE_RELEASE_STRIP", "none");
    run(&mut pack, "WASM module (wasm-pack)")
}

fn optimise(project: &Project, settings: &Settings, module: &Path) -> Result {
    let optimised = module.with_extension("wasm.part");
    let mut wasm_opt = project.command("wasm-opt")?;
    wasm_opt
        .args(&settings.wasm_opt)
        .arg(module)
        .arg("--output")
        .arg(&optimised);
    run_quietly(&mut wasm_opt, "WASM module (wasm-opt)")?;
    fs::rename(&optimised, module).context("the optimised module cannot be put in its place")
}

fn check_size(settings: &Settings, module: &Path) -> Result {
    let size = fs::metadata(module)
        .context("the WASM module is missing")?
        .len();
    note(&format!(
        "WASM module: {size} bytes, budget {}",
        settings.size_budget_bytes
    ));
    if size > settings.size_budget_bytes {
        fail!(
            "the WASM module has {size} bytes, more than the {} of wasm-pack.toml: make it smaller, or raise the budget on purpose",
            settings.size_budget_bytes
        );
    }
    Ok(())
}
