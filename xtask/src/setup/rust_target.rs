//! The standard library for wasm32, of the pinned toolchain.

use std::path::Path;

use crate::failure::{Result, fail};
use crate::process::{ask, run};
use crate::project::{Project, on_path};

const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the target if the toolchain lacks it. rustup may be told not to install anything by itself
/// (`RUSTUP_AUTO_INSTALL=0`), and then the `targets` entry of rust-toolchain.toml is not enough.
pub(super) fn install(project: &Project) -> Result {
    let Some(folder) = ask(project.command("rustc")?.args(["--print", "sysroot"])) else {
        fail!(
            "rustc does not run: install the toolchain of rust-toolchain.toml with `rustup toolchain install --no-self-update`"
        );
    };
    if Path::new(&folder)
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib")
        .is_dir()
    {
        return Ok(());
    }
    if !on_path("rustup") {
        fail!(
            "the Rust target {TARGET} is missing and there is no rustup: install the target with whatever brought Rust here"
        );
    }
    run(
        project.command("rustup")?.args(["target", "add", TARGET]),
        "Rust target wasm32-unknown-unknown",
    )
}
