//! `cargo xtask bench server`: verifications of assertions per second of processor time, beside bare P-256 by OpenSSL.

use std::ffi::OsString;

use crate::failure::{Result, fail};
use crate::process::run as show;
use crate::project::{Project, on_path};

/// Builds the measurement (`rp-server/benches/verification.rs`) and runs it; it reads the arguments and prints the
/// table.
pub(super) fn run(project: &Project, arguments: &[OsString]) -> Result {
    if !on_path("openssl") {
        fail!("the measure is `openssl speed`: install OpenSSL");
    }
    let mut cargo = project.command("cargo")?;
    cargo
        .args(["bench", "--quiet", "--package", "rp-server"])
        .args(["--bench", "verification", "--"])
        .args(arguments);
    show(
        &mut cargo,
        "verifications, by turns with OpenSSL (compiled first, in release)",
    )
}
