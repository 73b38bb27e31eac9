//! Who may depend on whom, as the manifests say it.

use std::collections::BTreeMap;

use super::tree::{Tree, is_for_tests, without_tests};

/// Our packages and which of our packages each may use, in code and in tests. The test package may use all.
const MAY_USE: [(&str, &[&str]); 8] = [
    ("secret", &[]),
    ("ctap2", &["secret"]),
    ("neural-network", &[]),
    ("biometric-system", &["secret", "neural-network"]),
    (
        "authentication-agent",
        &["secret", "ctap2", "biometric-system"],
    ),
    (
        "authenticator-wasm",
        &[
            "secret",
            "ctap2",
            "biometric-system",
            "authentication-agent",
        ],
    ),
    ("rp-server", &[]),
    ("xtask", &[]),
];

/// The packages that do no input or output.
const CORE: [&str; 5] = [
    "secret",
    "ctap2",
    "neural-network",
    "biometric-system",
    "authentication-agent",
];

/// A manifest with its dependencies.
struct Package {
    path: String,
    name: String,
    manifest: toml::Table,
}

impl Package {
    /// Name and settings of every dependency of the given kinds, also below `target.….`.
    fn dependencies(&self, kinds: &[&str]) -> Vec<(&String, &toml::Value)> {
        let targets = self.manifest.get("target").and_then(toml::Value::as_table);
        let tables = targets
            .into_iter()
            .flat_map(|targets| targets.values().filter_map(toml::Value::as_table));
        std::iter::once(&self.manifest)
            .chain(tables)
            .flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()))
            .flatten()
            .collect()
    }
}

const NORMAL: [&str; 2] = ["dependencies", "build-dependencies"];
const ALL: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];

fn packages(tree: &Tree) -> Vec<Package> {
    tree.paths()
        .filter(|path| path.ends_with("/Cargo.toml") && !path.contains("/fuzz/"))
        .filter_map(|path| {
            let manifest: toml::Table = tree.text(path).parse().ok()?;
            let name = manifest.get("package")?.get("name")?.as_str()?.to_owned();
            Some(Package {
                path: path.to_owned(),
                name,
                manifest,
            })
        })
        .collect()
}

/// Dependencies between our own packages.
pub(super) fn arrows(tree: &Tree) -> Vec<String> {
    let allowed = BTreeMap::from(MAY_USE);
    let mut breaches = Vec::new();
    for package in packages(tree) {
        let Some(may_use) = allowed.get(package.name.as_str()) else {
            continue;
        };
        for (name, _) in package.dependencies(&ALL) {
            let ours = allowed.contains_key(name.as_str());
            // A package may name itself among its dev-dependencies to switch a feature on for its own tests.
            if ours && *name != package.name && !may_use.contains(&name.as_str()) {
                breaches.push(format!(
                    "{}: {} must not use {name}",
                    package.path, package.name
                ));
            }
        }
    }
    breaches
}

/// The bindings to the browser belong to the edge.
pub(super) fn browser_bindings(tree: &Tree) -> Vec<String> {
    let bindings = [
        "web-sys",
        "js-sys",
        "wasm-bindgen",
        "wasm-bindgen-futures",
        "serde-wasm-bindgen",
        "gloo",
    ];
    // The second one measures and is never shipped.
    let edges = ["authenticator-wasm", "measurement-wasm"];
    let outside = |package: &Package| !edges.contains(&package.name.as_str());
    let mut breaches = Vec::new();
    for package in packages(tree).into_iter().filter(outside) {
        let used = package.dependencies(&ALL);
        for (name, _) in used
            .iter()
            .filter(|(name, _)| bindings.contains(&name.as_str()))
        {
            breaches.push(format!(
                "{}: {name} belongs to authenticator-wasm only",
                package.path
            ));
        }
    }
    breaches
}

/// Time, randomness and storage come into the core through its `Environment`.
pub(super) fn core_is_sans_io(tree: &Tree) -> Vec<String> {
    let forbidden = [
        "getrandom",
        "rand",
        "tokio",
        "futures",
        "async-std",
        "smol",
        "reqwest",
        "chrono",
        "time",
        "web-time",
    ];
    let mut breaches = Vec::new();
    for package in packages(tree)
        .iter()
        .filter(|package| CORE.contains(&package.name.as_str()))
    {
        for (name, _) in package.dependencies(&NORMAL) {
            if forbidden.contains(&name.as_str()) {
                breaches.push(format!("{}: {name} has no place in the core", package.path));
            }
        }
        let folder = package.path.replace("Cargo.toml", "src/");
        for path in tree
            .below(&folder, &[".rs"])
            .filter(|path| !is_for_tests(path))
        {
            breaches.extend(input_or_output(path, &tree.text(path)));
        }
    }
    breaches
}

fn input_or_output(path: &str, text: &str) -> Vec<String> {
    let words = [
        "Instant::now",
        "SystemTime",
        "std::fs",
        "std::net",
        "std::env",
        "std::thread",
        "async fn",
        ".await",
        "thread_rng",
    ];
    let code = without_tests(text).lines().enumerate();
    code.filter(|(_, line)| !line.trim_start().starts_with("//"))
        .flat_map(|(index, line)| {
            words
                .iter()
                .filter(|word| line.contains(**word))
                .map(move |word| (index, word))
        })
        .map(|(index, word)| {
            format!(
                "{path}:{}: `{word}` has no place in the core",
                index.saturating_add(1)
            )
        })
        .collect()
}

/// The feature that lets tests make a verdict must not reach the product.
pub(super) fn test_support(tree: &Tree) -> Vec<String> {
    let mut breaches = Vec::new();
    for package in packages(tree) {
        // The packages below tests/ are all tests, and so are fuzz targets.
        if package.path.starts_with("tests/") || is_for_tests(&package.path) {
            continue;
        }
        for (name, settings) in package.dependencies(&NORMAL) {
            let features = settings.get("features").and_then(toml::Value::as_array);
            if features.is_some_and(|features| {
                features
                    .iter()
                    .any(|feature| feature.as_str() == Some("test-support"))
            }) {
                breaches.push(format!(
                    "{}: {name} is used with its feature test-support outside tests",
                    package.path
                ));
            }
        }
        let features = package
            .manifest
            .get("features")
            .and_then(toml::Value::as_table);
        for (feature, parts) in features
            .into_iter()
            .flatten()
            .filter(|(feature, _)| *feature != "test-support")
        {
            let parts = parts
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(toml::Value::as_str);
            for part in parts.filter(|part| part.ends_with("test-support")) {
                breaches.push(format!(
                    "{}: the feature {feature} switches on {part}",
                    package.path
                ));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::super::tree::example::tree;
    use super::{arrows, browser_bindings, core_is_sans_io, test_support};

    const RP: &str = "rp-server/Cargo.toml";
    const BIO: &str = "authenticator-wasm/crates/biometric-system/Cargo.toml";
    const EDGE: &str = "authenticator-wasm/Cargo.toml";

    #[test]
    fn the_server_may_not_use_the_authenticator() {
        let (_folder, good) =
            tree(&[(RP, "[package]\nname='rp-server'\n[dependencies]\nserde='1'")]);
        assert!(arrows(&good).is_empty());
        let (_folder, bad) = tree(&[(
            RP,
            "[package]\nname='rp-server'\n[dev-dependencies]\nctap2={path='x'}",
        )]);
        assert_eq!(
            arrows(&bad),
            ["rp-server/Cargo.toml: rp-server must not use ctap2"]
        );
    }

    #[test]
    fn an_arrow_below_a_target_table_counts() {
        let manifest = "[package]\nname='biometric-system'\n[target.'cfg(unix)'.dependencies]\nctap2.workspace=true";
        let (_folder, bad) = tree(&[(BIO, manifest)]);
        assert_eq!(arrows(&bad).len(), 1);
    }

    #[test]
    fn bindings_are_for_the_edge() {
        let bindings = "[dependencies]\nweb-sys='0.3'";
        let (_folder, both) = tree(&[
            (
                EDGE,
                &format!("[package]\nname='authenticator-wasm'\n{bindings}"),
            ),
            (
                BIO,
                &format!("[package]\nname='biometric-system'\n{bindings}"),
            ),
        ]);
        assert_eq!(
            browser_bindings(&both),
            [format!("{BIO}: web-sys belongs to authenticator-wasm only")]
        );
    }

    #[test]
    fn the_core_reads_no_clock_outside_its_tests() {
        let source =
            "// Instant::now is not used\nfn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }";
        let library = "authenticator-wasm/crates/biometric-system/src/lib.rs";
        let (_folder, good) = tree(&[
            (BIO, "[package]\nname='biometric-system'"),
            (library, source),
        ]);
        assert!(core_is_sans_io(&good).is_empty());
        let manifest = "[package]\nname='biometric-system'\n[dependencies]\ngetrandom='0.4'";
        let (_folder, bad) = tree(&[
            (BIO, manifest),
            (library, "fn f() {}\nfn g() { Instant::now(); }"),
        ]);
        assert_eq!(core_is_sans_io(&bad).len(), 2);
        assert!(core_is_sans_io(&bad).concat().contains("lib.rs:2:"));
    }

    #[test]
    fn test_support_is_for_dev_dependencies() {
        let with = |kind| {
            format!(
                "[package]\nname='authentication-agent'\n[{kind}]\nbiometric-system={{path='x',features=['test-support']}}"
            )
        };
        let (_folder, good) = tree(&[("a/Cargo.toml", &with("dev-dependencies"))]);
        assert!(test_support(&good).is_empty());
        let (_folder, bad) = tree(&[("a/Cargo.toml", &with("dependencies"))]);
        assert_eq!(test_support(&bad).len(), 1);
        let hidden = "[package]\nname='a'\n[features]\ndefault=['biometric-system/test-support']\ntest-support=[]";
        let (_folder, bad) = tree(&[("a/Cargo.toml", hidden)]);
        assert_eq!(test_support(&bad).len(), 1);
    }
}
