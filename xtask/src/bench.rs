//! `cargo xtask bench <name>`: measurements that the README reports.

use crate::failure::{Result, fail};
use crate::project::Project;

/// Runs the measurement of that name.
pub(crate) fn run(_project: &Project, name: &str) -> Result {
    fail!("there is no measurement `{name}`")
}
