//! Where things are in the checkout.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Context as _, Result, fail};

/// The checkout and the places below it that tasks share.
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// Finds the checkout from cargo's own variable, or from the current directory upwards.
    pub(crate) fn find() -> Result<Self> {
        let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => std::env::current_dir().context("the current directory cannot be read")?,
        };
        match start
            .ancestors()
            .find(|folder| folder.join("xtask/Cargo.toml").is_file())
        {
            Some(root) => Ok(Self {
                root: root.to_owned(),
            }),
            None => {
                fail!("this is not inside the checkout: change into it and run `cargo xtask` again")
            }
        }
    }

    /// A checkout at a given folder, for tests.
    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// Programs that set-up installed.
    pub(crate) fn tools(&self) -> PathBuf {
        self.path("target/tools")
    }

    pub(crate) fn models(&self) -> PathBuf {
        self.path("target/models")
    }

    /// Packages as the registries' clients delivered them.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.path("target/dl")
    }

    pub(crate) fn media(&self) -> PathBuf {
        self.path("target/test-media")
    }

    /// A path as people should read it: relative to the checkout.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    /// A command in the checkout that finds our own tools first.
    pub(crate) fn command(&self, program: &str) -> Result<Command> {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("PATH", self.search_path()?);
        Ok(command)
    }

    /// `PATH` with the installed tools in front.
    pub(crate) fn search_path(&self) -> Result<OsString> {
        let mut folders = vec![
            self.tools().join("bin"),
            self.path("xtask/npm/node_modules/.bin"),
        ];
        if let Some(path) = std::env::var_os("PATH") {
            folders.extend(std::env::split_paths(&path));
        }
        std::env::join_paths(folders).context("PATH cannot be extended")
    }

    /// Where cargo puts what it builds (it may be moved by the environment).
    pub(crate) fn cargo_target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.path("target"),
        }
    }
}

/// Whether a program of this name is on `PATH`.
pub(crate) fn on_path(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&path).any(|folder| {
        folder.join(program).is_file() || folder.join(format!("{program}.exe")).is_file()
    })
}
