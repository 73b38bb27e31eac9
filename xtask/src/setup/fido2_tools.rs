//! libfido2's programs, one of the verifiers that judge our agent's ceremonies.

use super::system_packages;
use crate::failure::{Result, fail};
use crate::project::{Project, on_path};

/// What to say where we may not install anything.
const HOW: &str = "install it with `sudo apt-get install fido2-tools` (or your system's way), or put its fido2-cred and \
                   fido2-assert on the PATH";

/// Finds the programs, or installs them where that is allowed.
pub(crate) fn install(project: &Project) -> Result {
    if found() {
        return Ok(());
    }
    system_packages::install(project, &["fido2-tools"], "libfido2's programs", HOW)?;
    if !found() {
        fail!("the system's packages brought no fido2-cred: {HOW}");
    }
    Ok(())
}

fn found() -> bool {
    ["fido2-cred", "fido2-assert"].into_iter().all(on_path)
}
