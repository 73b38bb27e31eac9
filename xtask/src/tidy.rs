//! `cargo xtask tidy`: the rules of the house that no compiler checks.

mod content;
mod crates;
mod layout;
mod server_layers;
mod tree;
mod web_imports;
mod words;

use crate::console::{note, step};
use crate::failure::{Result, fail};
use crate::project::Project;
use tree::Tree;

/// A rule: what it demands, and a function that names every breach.
struct Rule {
    name: &'static str,
    check: fn(&Tree) -> Vec<String>,
}

const RULES: [Rule; 13] = [
    Rule {
        name: "crates use only what the map allows",
        check: crates::arrows,
    },
    Rule {
        name: "browser bindings at the edge only",
        check: crates::browser_bindings,
    },
    Rule {
        name: "no clock, randomness, storage or async in the core",
        check: crates::core_is_sans_io,
    },
    Rule {
        name: "test-support never in a normal dependency",
        check: crates::test_support,
    },
    Rule {
        name: "no FIDO word in biometric-system",
        check: words::biometric_system,
    },
    Rule {
        name: "no face word in ctap2",
        check: words::ctap2,
    },
    Rule {
        name: "layers of rp-server",
        check: server_layers::check,
    },
    Rule {
        name: "imports in web/",
        check: web_imports::check,
    },
    Rule {
        name: "no mod.rs",
        check: layout::no_mod_rs,
    },
    Rule {
        name: "file sizes",
        check: layout::sizes,
    },
    Rule {
        name: "a first line that says what the file is for",
        check: layout::first_lines,
    },
    Rule {
        name: "no machine paths, no download addresses in lock files",
        check: content::foreign_places,
    },
    Rule {
        name: "no weights, pictures or other binaries",
        check: content::binaries,
    },
];

/// How many rules hold and how many are broken; each breach is printed.
pub(crate) fn count(project: &Project) -> Result<(usize, usize)> {
    let tree = Tree::of_project(project)?;
    let mut broken = 0_usize;
    for rule in &RULES {
        let breaches = (rule.check)(&tree);
        if !breaches.is_empty() {
            broken = broken.saturating_add(1);
            note(&format!("broken: {}", rule.name));
        }
        for breach in breaches {
            note(&format!("    {breach}"));
        }
    }
    Ok((RULES.len().saturating_sub(broken), broken))
}

/// Checks all rules.
pub(crate) fn run(project: &Project) -> Result {
    step("tidy");
    match count(project)? {
        (_, 0) => Ok(()),
        (_, broken) => fail!("{broken} of {} rules are broken, see above", RULES.len()),
    }
}
