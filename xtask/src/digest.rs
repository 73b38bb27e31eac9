//! SHA-256 of files and of whole sets of inputs.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::failure::{Context as _, Result};

/// SHA-256 of a file, as 64 hexadecimal digits.
pub(crate) fn file_sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path).context(format!("{} cannot be opened", path.display()))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 16];
    loop {
        let read = file
            .read(&mut buffer)
            .context(format!("{} cannot be read", path.display()))?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    Ok(hex(&hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest over named inputs. Equal fingerprints mean that nothing has to be made again.
#[derive(Default)]
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds a text: a version, a recipe, an option.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
        self
    }

    /// Adds a file by name and content; a missing file counts as such.
    pub(crate) fn file(self, path: &Path) -> Self {
        let name = path.display().to_string();
        match file_sha256(path) {
            Ok(digest) => self.text(&name).text(&digest),
            Err(_) => self.text(&name).text("absent"),
        }
    }

    /// Adds every file below a folder, sorted, except in the folders named.
    pub(crate) fn tree(mut self, folder: &Path, except: &[&str]) -> Self {
        for path in files_below(folder, except) {
            self = self.file(&path);
        }
        self
    }

    pub(crate) fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Every file below a folder, sorted by path; folders with one of the names in `except` are left out.
pub(crate) fn files_below(folder: &Path, except: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let name = entry.file_name();
            if kind.is_dir() && !except.iter().any(|&left_out| name == *left_out) {
                waiting.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}
