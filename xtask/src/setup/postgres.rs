//! PostgreSQL's programs, with which the server's tests make throw-away clusters.

use std::path::Path;

use super::system_packages;
use crate::failure::{Result, fail};
use crate::project::{Project, on_path};

/// What to say where we may not install anything.
const HOW: &str = "install it with `sudo apt-get install postgresql` (or your system's way), or put its initdb, \
                   pg_ctl and postgres on the PATH";

/// Finds the programs, or installs them where that is allowed.
pub(crate) fn install(project: &Project) -> Result {
    if found() {
        return Ok(());
    }
    system_packages::install(project, &["postgresql"], "PostgreSQL", HOW)?;
    if !found() {
        fail!("the system's packages brought no PostgreSQL: {HOW}");
    }
    Ok(())
}

/// On the path, or where Debian and Ubuntu put them.
fn found() -> bool {
    const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];
    let all_in = |folder: &Path| PROGRAMS.iter().all(|name| folder.join(name).is_file());
    let mut versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    PROGRAMS.into_iter().all(on_path) || versions.any(|version| all_in(&version.path().join("bin")))
}
