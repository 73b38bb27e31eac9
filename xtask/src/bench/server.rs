//! `cargo xtask bench server`: verifications of assertions per second of processor time, beside bare P-256 by OpenSSL;
//! `cargo xtask bench logins`: logins over HTTP, to the disk.

use std::ffi::OsString;

use crate::failure::{Result, fail};
use crate::process::run as show;
use crate::project::{Project, on_path};
use crate::setup;

/// Builds the measurement (`rp-server/benches/verification.rs`) and runs it; it reads the arguments and prints the
/// table.
pub(super) fn verifications(project: &Project, arguments: &[OsString]) -> Result {
    if !on_path("openssl") {
        fail!("the measure is `openssl speed`: install OpenSSL");
    }
    let python = setup::judges(project)?;
    let mut cargo = project.command("cargo")?;
    cargo
        .args(["bench", "--quiet", "--package", "rp-server"])
        .args(["--bench", "verification", "--"])
        .args(arguments)
        .env("MIEN_JUDGES_PYTHON", python);
    show(
        &mut cargo,
        "verifications, by turns with OpenSSL (compiled first, in release)",
    )
}

/// The same for `rp-server/benches/logins.rs`.
pub(super) fn logins(project: &Project, arguments: &[OsString]) -> Result {
    if !on_path("taskset") {
        fail!("server and client get a core each: install util-linux, which has `taskset`");
    }
    setup::postgres::install(project)?;
    let mut cargo = project.command("cargo")?;
    cargo
        .args(["bench", "--quiet", "--package", "rp-server"])
        .args(["--bench", "logins", "--"])
        .args(arguments);
    show(&mut cargo, "logins over HTTP (compiled first, in release)")
}
