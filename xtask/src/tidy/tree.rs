//! The files that belong to the project: those that git knows or would take.

use std::path::{Path, PathBuf};

use crate::digest::files_below;
use crate::failure::Result;
use crate::process::ask;
use crate::project::Project;

/// The checkout as the rules see it: sorted paths with `/`, relative to the root.
pub(super) struct Tree {
    root: PathBuf,
    paths: Vec<String>,
}

impl Tree {
    pub(super) fn of_project(project: &Project) -> Result<Self> {
        let listed = ask(project.command("git")?.args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
        ]));
        Ok(match listed {
            Some(listed) => {
                let mut paths: Vec<_> = listed.lines().map(str::to_owned).collect();
                paths.retain(|path| project.path(path).is_file());
                paths.sort();
                paths.dedup();
                Self {
                    root: project.root().to_owned(),
                    paths,
                }
            }
            // A source archive has no git; then everything counts that no tool has made.
            None => Self::of_folder(project.root()),
        })
    }

    /// All files below a folder, except those that tools make.
    pub(super) fn of_folder(root: &Path) -> Self {
        let made = [
            ".git",
            "target",
            "node_modules",
            "dist",
            "generated",
            "artefacts",
            "data",
        ];
        let paths = files_below(root, &made)
            .iter()
            .filter_map(|path| path.strip_prefix(root).ok())
            .map(|path| {
                path.components()
                    .map(|part| part.as_os_str().to_string_lossy())
                    .collect::<Vec<_>>()
                    .join("/")
            })
            .collect();
        Self {
            root: root.to_owned(),
            paths,
        }
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Paths below a folder (or a file beside it) with one of the endings.
    pub(super) fn below<'tree>(
        &'tree self,
        folder: &'tree str,
        endings: &'tree [&str],
    ) -> impl Iterator<Item = &'tree str> {
        self.paths().filter(move |path| {
            path.starts_with(folder) && endings.iter().any(|ending| path.ends_with(ending))
        })
    }

    pub(super) fn bytes(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.root.join(path)).unwrap_or_default()
    }

    pub(super) fn text(&self, path: &str) -> String {
        String::from_utf8_lossy(&self.bytes(path)).into_owned()
    }
}

/// The part of a Rust file that is compiled into the product: what stands before the tests.
pub(super) fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod ")
        .and_then(|start| text.get(..start))
        .unwrap_or(text)
}

/// Whether a Rust file holds nothing but tests or help for them.
pub(super) fn is_for_tests(path: &str) -> bool {
    [
        "/tests/",
        "/tests.rs",
        "/test_support",
        "/examples/",
        "/benches/",
        "/fuzz/",
    ]
    .iter()
    .any(|part| path.contains(part))
        || path.ends_with("_tests.rs")
}

#[cfg(test)]
pub(super) mod example {
    //! Small trees for the tests of the rules.

    use super::Tree;

    /// Writes the files into a temporary folder, which lives as long as the returned guard.
    pub(in crate::tidy) fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let place = folder.path().join(path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, text).unwrap();
        }
        let tree = Tree::of_folder(folder.path());
        (folder, tree)
    }

    #[test]
    fn what_tools_make_is_not_part_of_the_tree() {
        let (_folder, tree) = tree(&[
            ("a/src/lib.rs", ""),
            ("target/x.rs", ""),
            ("web/node_modules/y.ts", ""),
        ]);
        assert_eq!(tree.paths().collect::<Vec<_>>(), ["a/src/lib.rs"]);
    }

    #[test]
    fn only_the_product_part_of_a_file_counts() {
        assert_eq!(super::without_tests("a\n#[cfg(test)]\nmod tests {}"), "a\n");
        assert_eq!(
            super::without_tests("a\n#[cfg(test)]\nfn help() {}"),
            "a\n#[cfg(test)]\nfn help() {}"
        );
    }
}
