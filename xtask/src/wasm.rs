//! `cargo xtask wasm`: the authenticator as a WASM module, as `wasm-pack.toml` says.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::console::note;
use crate::digest::Fingerprint;
use crate::failure::{Context as _, Result, fail};
use crate::process::{run, run_quietly};
use crate::project::Project;
use crate::stamp::Stamp;

/// The module that measures itself; `cargo xtask bench face` alone wants it.
const MEASUREMENT: &str = "tests/measurement-wasm";

/// Where it goes, one folder for each set of instructions.
const MEASUREMENT_OUT: &str = "target/measurement-wasm";

/// The settings; wasm-pack has no settings file of its own.
#[derive(Clone, Deserialize)]
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
    let module = make(project, &settings, "wasm", None)?;
    check_size(&settings, &module)
}

/// Builds the module that measures itself: like the product, and with relaxed SIMD on top where that is wanted.
pub(crate) fn build_measurement(project: &Project, relaxed: bool) -> Result {
    let kinds = [
        ("simd", None),
        ("relaxed-simd", Some("+simd128,+relaxed-simd")),
    ];
    for (kind, features) in kinds.into_iter().take(if relaxed { 2 } else { 1 }) {
        let mut settings = Settings {
            package: MEASUREMENT.to_owned(),
            out_dir: format!("{MEASUREMENT_OUT}/{kind}"),
            out_name: "measurement_wasm".to_owned(),
            ..settings(project)?
        };
        if features.is_some() {
            settings.wasm_opt.push("--enable-relaxed-simd".to_owned());
        }
        make(project, &settings, &format!("measurement-{kind}"), features)?;
    }
    Ok(())
}

fn make(
    project: &Project,
    settings: &Settings,
    name: &str,
    features: Option<&str>,
) -> Result<PathBuf> {
    let out_dir = project.path(&settings.out_dir);
    let module = out_dir.join(format!("{}_bg.wasm", settings.out_name));
    let stamp = Stamp::new(project, name, inputs(project, settings));
    if !stamp.is_current(std::slice::from_ref(&module)) {
        stamp.clear();
        pack(project, settings, &out_dir, features)?;
        optimise(project, settings, &module)?;
        stamp.set()?;
    }
    Ok(module)
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
            &project.path("authenticator-wasm"),
            &["tests", "benches", "examples", "fuzz", "target", "pkg"],
        )
        .tree(&project.path(&settings.package).join("src"), &[])
        .finish()
}

fn pack(project: &Project, settings: &Settings, out_dir: &Path, features: Option<&str>) -> Result {
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
    if let Some(features) = features {
        pack.env("RUSTFLAGS", format!("-C target-feature={features}"));
    }
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
