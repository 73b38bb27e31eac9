//! `cargo xtask mutants`: cargo-mutants on the code that decides. Each small fault is built and tested for itself;
//! a fault that no test notices is a hole in the tests.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::console::{result, step};
use crate::digest::files_below;
use crate::failure::{Context as _, Result, fail};
use crate::process::{ask, run as show};
use crate::project::Project;
use crate::setup;

/// Its list of faults is part of the figure that is reported, so it is pinned.
const VERSION: &str = "27.1.0";

/// Code that decides, and the tests that are nearest to it.
struct Group {
    name: &'static str,
    package: &'static str,
    folder: &'static str,
    /// Files in the folder; one that ends in `/` is all below it.
    files: &'static [&'static str],
    /// What `cargo test` is told at first, so that most faults cost seconds.
    near: &'static [&'static str],
    /// What it is told for the faults that those tests missed; empty: the same says all.
    all: &'static [&'static str],
}

/// The tests of the server without those that wait for clocks: a fault that only they notice counts as missed.
const QUICK: &[&str] = &[
    "--lib",
    "--test",
    "main",
    "--",
    "--skip",
    "timing::",
    "--skip",
    "slow_clients::",
    "--skip",
    "slow_readers::",
    "--skip",
    "durability::",
    "--skip",
    "shutdown::",
    "--skip",
    "flood::",
    "--skip",
    "differential::",
];

const GROUPS: &[Group] = &[
    Group {
        name: "comparison",
        package: "biometric-system",
        folder: "authenticator-wasm/crates/biometric-system",
        files: &["src/decision.rs", "src/comparison.rs"],
        near: &["--lib"],
        all: &[],
    },
    Group {
        name: "verification",
        package: "rp-server",
        folder: "rp-server",
        files: &[
            "src/authentication_server/assertion.rs",
            "src/authentication_server/assertion/",
            "src/authentication_server/public_key.rs",
            "src/authentication_server/wire.rs",
            "src/authentication_server/wire/",
            "src/json.rs",
        ],
        near: &["--lib"],
        all: QUICK,
    },
    Group {
        name: "store",
        package: "rp-server",
        folder: "rp-server",
        files: &["src/store.rs", "src/store/"],
        near: &[
            "--lib",
            "--test",
            "main",
            "--",
            "store",
            "::division::",
            "of_another_role",
            "split::",
            "older_records::",
        ],
        all: QUICK,
    },
    Group {
        name: "ceremonies",
        package: "rp-server",
        folder: "rp-server",
        files: &["src/authentication_server.rs", "src/authentication_server/"],
        near: &[
            "--lib",
            "--test",
            "main",
            "--",
            "authentication_server::",
            "authentication::",
            "registration",
            "attestation::",
            "attempts::",
            "clock::",
            "two_processes::",
            "split::",
            "presentation_attack_detection::",
            "user_verification::",
            "other_authenticators::",
            "--skip",
            "strangers",
            "--skip",
            "differential::",
        ],
        all: QUICK,
    },
];

impl Group {
    fn has(&self, file: &Path) -> bool {
        let below = file.strip_prefix(self.folder).ok();
        let below = below.and_then(Path::to_str);
        below.is_some_and(|file| {
            self.files.iter().any(|of| {
                if of.ends_with('/') {
                    file.starts_with(of)
                } else {
                    file == *of
                }
            })
        })
    }
}

/// Runs it on files (paths from the project's root), or on all of the groups; with `--shard K/N` in front, on each
/// Nth fault of theirs, beginning with the Kth (from 0): a fair sample where all would take too long.
pub(crate) fn run(project: &Project, words: &[OsString]) -> Result {
    let (shard, files) = match words {
        [flag, shard, files @ ..] if flag == "--shard" => (Some(shard.as_os_str()), files),
        files => (None, files),
    };
    let mut named = vec![Vec::new(); GROUPS.len()];
    for file in chosen(project, files) {
        let group = GROUPS.iter().position(|group| group.has(&file));
        match group.and_then(|group| named.get_mut(group)) {
            Some(of) if project.path("").join(&file).is_file() => of.push(file),
            _ if files.is_empty() => {}
            _ => fail!("there is no {} in what decides", file.display()),
        }
    }
    setup::for_tests(project)?;
    install(project)?;
    for (group, files) in GROUPS.iter().zip(&named) {
        if !files.is_empty() {
            mutate(project, group, files, shard)?;
        }
    }
    Ok(())
}

fn chosen(project: &Project, files: &[OsString]) -> Vec<PathBuf> {
    if !files.is_empty() {
        return files.iter().map(PathBuf::from).collect();
    }
    let folders: BTreeSet<&str> = GROUPS.iter().map(|group| group.folder).collect();
    let all = folders.into_iter().flat_map(|folder| {
        let src = project.path(folder).join("src");
        files_below(&src, &[])
    });
    all.filter_map(|file| Some(file.strip_prefix(project.root()).ok()?.to_path_buf()))
        .collect()
}

fn mutate(project: &Project, group: &Group, files: &[PathBuf], shard: Option<&OsStr>) -> Result {
    let mut named = Vec::new();
    for file in files {
        named.extend([OsString::from("--file"), file.into()]);
    }
    let mut which = named.clone();
    if let Some(shard) = shard {
        which.extend(["--sharding", "round-robin", "--shard"].map(OsString::from));
        which.push(shard.into());
    }
    let near = Turn {
        group,
        name: "nearest-tests",
        tests: group.near,
    };
    let (caught, mut missed) = near.run(project, &which)?;
    let all = caught.len().saturating_add(missed.len());
    if !group.all.is_empty() && !missed.is_empty() {
        let mut which = named;
        for name in &missed {
            which.extend([OsString::from("--re"), exactly(name)]);
        }
        let turn = Turn {
            group,
            name: "more-tests",
            tests: group.all,
        };
        let (caught, _) = turn.run(project, &which)?;
        // It asks of its own accord for faults that no expression names, so only those that were missed count.
        missed.retain(|name| !caught.contains(name));
    }
    for name in &missed {
        result(&format!("missed: {name}"));
    }
    result(&format!(
        "mutants of {}: {} of {all} caught",
        group.name,
        all.saturating_sub(missed.len()),
    ));
    Ok(())
}

/// One run of cargo-mutants.
struct Turn<'a> {
    group: &'a Group,
    name: &'static str,
    tests: &'a [&'a str],
}

impl Turn<'_> {
    /// The names of those caught, and of those missed.
    fn run(&self, project: &Project, which: &[OsString]) -> Result<(Vec<String>, Vec<String>)> {
        let Self { group, name, tests } = self;
        let output = project.path("target/mutants").join(group.name).join(name);
        std::fs::create_dir_all(&output).context(project.shown(&output))?;
        let mut cargo = project.command("cargo")?;
        cargo
            .args(["mutants", "--package", group.package, "--output"])
            .arg(&output)
            // One at a time: copies that share a target folder would take each other's programs for their own.
            .args(["--timeout", "120", "--no-shuffle", "--jobs", "1"])
            .args(which)
            .arg("--")
            .args(*tests)
            // A copy of the tree is tested, without target/ and so without the models; what it builds is kept.
            .env("CARGO_TARGET_DIR", project.path("target/mutants/build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
        step(&format!(
            "mutants of {}, {name}: each is built and tested",
            group.name
        ));
        let status = cargo.status().context("cargo-mutants cannot be started")?;
        // It ends with 2 or 3 where faults were missed or tests took too long: that is a result, not a failure.
        if !matches!(status.code(), Some(0 | 2 | 3)) {
            fail!(
                "the mutants of {} failed ({status}); its own words are above",
                group.name
            );
        }
        let list = |name: &str| -> Vec<String> {
            let text = std::fs::read_to_string(output.join("mutants.out").join(name));
            let text = text.unwrap_or_default();
            text.lines().map(str::to_owned).collect()
        };
        // A test that never ends notices too.
        let caught = [list("caught.txt"), list("timeout.txt")].concat();
        Ok((caught, list("missed.txt")))
    }
}

/// A regular expression that is this text and nothing else.
fn exactly(text: &str) -> OsString {
    let mut out = String::from("^");
    for c in text.chars() {
        if "\\.+*?()|[]{}^$#&-~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('$');
    out.into()
}

fn install(project: &Project) -> Result {
    let program = project.tools().join("bin/cargo-mutants");
    let found = ask(Command::new(program).args(["mutants", "--version"]));
    if found == Some(format!("cargo-mutants {VERSION}")) {
        return Ok(());
    }
    let mut cargo = project.command("cargo")?;
    cargo
        .args(["install", "cargo-mutants", "--version", VERSION])
        .args(["--force", "--debug", "--root"])
        .arg(project.tools())
        .arg("--target-dir")
        .arg(project.tools().join("build"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    show(
        &mut cargo,
        &format!("cargo-mutants {VERSION} (compiled once, a minute or two)"),
    )
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, exactly};
    use std::path::Path;

    #[test]
    fn a_name_is_looked_for_as_it_stands() {
        let found = exactly("a.rs:1:2: replace f -> Option<&[u8]> with Some(vec![1])");
        let expected = r"^a\.rs:1:2: replace f \-> Option<\&\[u8\]> with Some\(vec!\[1\]\)$";
        assert_eq!(found, expected);
    }

    #[test]
    fn each_file_belongs_to_the_first_group_that_names_it() {
        let group = |file| {
            let path = Path::new("rp-server/src").join(file);
            GROUPS
                .iter()
                .find(|group| group.has(&path))
                .map(|group| group.name)
        };
        assert_eq!(
            group("authentication_server/wire/cbor.rs"),
            Some("verification")
        );
        assert_eq!(group("authentication_server/local.rs"), Some("ceremonies"));
        assert_eq!(group("store/sqlite.rs"), Some("store"));
        assert_eq!(group("http.rs"), None);
    }
}
