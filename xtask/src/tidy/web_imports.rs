//! Imports in `web/src`: screens use the relying-party agent, it uses the message port, nothing uses a screen.

use super::tree::Tree;

/// The folders of `web/src` and which of them each may import from (itself is always allowed).
const MAY_IMPORT: [(&str, &[&str]); 5] = [
    ("demo", &["relying-party-agent", "common"]),
    ("relying-party-agent", &["message-port", "common"]),
    ("authentication-agent", &["message-port", "common"]),
    ("message-port", &["common"]),
    ("common", &[]),
];

/// The one file that may import what wasm-pack generated.
const WORKER: &str = "web/src/authentication-agent/worker.ts";

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut breaches = Vec::new();
    for path in tree.below("web/src/", &[".ts", ".css"]) {
        let Some(from) = folder(path) else { continue };
        for specifier in specifiers(&tree.text(path)) {
            let Some(target) = resolve(path, &specifier) else {
                continue;
            };
            let to = folder(&target).unwrap_or_default();
            let allowed = match to {
                "generated" => path == WORKER || path == WORKER.replace(".ts", ".test.ts"),
                _ => {
                    to == from
                        || MAY_IMPORT
                            .iter()
                            .any(|(name, may)| *name == from && may.contains(&to))
                }
            };
            if !allowed {
                breaches.push(format!("{path}: must not import {specifier}"));
            }
        }
    }
    breaches
}

/// `demo` of `web/src/demo/screens/a.ts`.
fn folder(path: &str) -> Option<&str> {
    path.strip_prefix("web/src/")?
        .split_once('/')
        .map(|(folder, _)| folder)
}

/// The relative module names in `from '…'`, `import '…'`, `import('…')`, `new URL('…', …)`, `@import '…'`.
fn specifiers(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let pieces: Vec<_> = code.split(['\'', '"']).collect();
    pieces
        .windows(2)
        .filter_map(|pair| match pair {
            [before, quoted] if quoted.starts_with('.') => Some((before.trim_end(), *quoted)),
            _ => None,
        })
        .filter(|(before, _)| {
            ["from", "import", "import(", "URL("]
                .iter()
                .any(|word| before.ends_with(word))
        })
        .map(|(_, quoted)| quoted.to_owned())
        .collect()
}

fn resolve(importer: &str, specifier: &str) -> Option<String> {
    let mut parts: Vec<_> = importer.split('/').collect();
    parts.pop();
    for part in specifier.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::tree::example::tree;
    use super::check;

    #[test]
    fn allowed_imports_pass() {
        let (_folder, good) = tree(&[
            (
                "web/src/demo/main.ts",
                "import { create } from '../relying-party-agent/create';\nimport './main.css';",
            ),
            (
                "web/src/relying-party-agent/create.ts",
                "import type { A } from \"../message-port/messages\";",
            ),
            (
                "web/src/authentication-agent/worker.ts",
                "import init from '../generated/authenticator/authenticator.js';",
            ),
        ]);
        assert_eq!(check(&good), Vec::<String>::new());
    }

    #[test]
    fn each_forbidden_arrow_is_found() {
        let (_folder, bad) = tree(&[
            (
                "web/src/demo/main.ts",
                "import { a } from '../message-port/messages';",
            ),
            ("web/src/relying-party-agent/a.ts", "import '../demo/main';"),
            (
                "web/src/common/b.ts",
                "const x = await import('../relying-party-agent/a');",
            ),
            (
                "web/src/authentication-agent/agent.ts",
                "import init from '../generated/authenticator/authenticator.js';",
            ),
            (
                "web/src/authentication-agent/c.ts",
                "new Worker(new URL('../demo/w.ts', import.meta.url));",
            ),
        ]);
        assert_eq!(check(&bad).len(), 5, "{:?}", check(&bad));
    }
}
