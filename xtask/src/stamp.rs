//! Stamps: a note that a step was done for these very inputs, so that a second run costs next to nothing.

use std::path::PathBuf;

use crate::failure::{Context as _, Result};
use crate::project::Project;

/// The note about one step, kept under `target/stamps`.
pub(crate) struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// `fingerprint` stands for all inputs of the step `name`.
    pub(crate) fn new(project: &Project, name: &str, fingerprint: String) -> Self {
        Self {
            file: project.path("target/stamps").join(name),
            fingerprint,
        }
    }

    /// Whether the step was finished for the same inputs and its outputs are still there.
    pub(crate) fn is_current(&self, outputs: &[PathBuf]) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|noted| noted == self.fingerprint)
            && outputs.iter().all(|output| output.exists())
    }

    /// Forgets the step before it is done anew, so that an interruption is not taken for success.
    pub(crate) fn clear(&self) {
        let _ = std::fs::remove_file(&self.file);
    }

    /// Notes that the step is finished.
    pub(crate) fn set(&self) -> Result {
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder).context("target/stamps cannot be made")?;
        }
        std::fs::write(&self.file, &self.fingerprint).context("a stamp cannot be written")
    }
}
