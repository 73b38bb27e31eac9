//! Finds tests by name in the sources, so that a statement cannot name one that is not there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The sources below one folder, read when asked about.
pub struct Sources {
    root: PathBuf,
    read: RefCell<BTreeMap<String, Option<String>>>,
}

impl Sources {
    /// Sources below `root`.
    #[must_use]
    pub fn below(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            read: RefCell::default(),
        }
    }

    /// Whether `reference`, of the form `path/below/root::name`, is a test that runs: in Rust a function under a
    /// test attribute and not ignored, in TypeScript a call of `test` or `test.each` with that name.
    #[must_use]
    pub fn has_test(&self, reference: &str) -> bool {
        let Some((path, name)) = reference.split_once("::") else {
            return false;
        };
        let mut read = self.read.borrow_mut();
        let text = read.entry(path.to_owned()).or_insert_with(|| {
            let plain = !path.starts_with('/') && !path.split('/').any(|part| part == "..");
            plain
                .then(|| std::fs::read_to_string(self.root.join(path)).ok())
                .flatten()
        });
        let Some(text) = text else {
            return false;
        };
        match path.rsplit_once('.') {
            Some((_, "rs")) => has_rust_test(text, name),
            Some((_, "ts")) => has_typescript_test(text, name),
            _ => false,
        }
    }
}

/// The function, with `#[test]`, `#[actix_web::test]` or the like among the attributes right above it.
fn has_rust_test(text: &str, name: &str) -> bool {
    let mut attributes: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes.push(line);
        } else if !line.starts_with("//") {
            let function = line.strip_prefix("async ").unwrap_or(line);
            let here = function
                .strip_prefix("fn ")
                .and_then(|rest| rest.strip_prefix(name))
                .is_some_and(|rest| rest.starts_with('('));
            if here {
                let is = |attribute: &&str| {
                    let path = attribute.trim_start_matches("#[");
                    let path = path.split([']', '(']).next().unwrap_or_default();
                    path == "test" || path.ends_with("::test") || path == "wasm_bindgen_test"
                };
                return attributes.iter().any(is)
                    && !attributes.iter().any(|line| line.contains("ignore"));
            }
            attributes.clear();
        }
    }
    false
}

/// `test('name'`, or `])('name'` at the end of a table of cases, with any of the three quotes.
fn has_typescript_test(text: &str, name: &str) -> bool {
    text.lines().map(str::trim).any(|line| {
        ["'", "\"", "`"].iter().any(|quote| {
            let call = format!("({quote}{name}{quote}");
            line.split_once(&call).is_some_and(|(before, _)| {
                before == "test" || before.starts_with("test.each(") || before == "])"
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{has_rust_test, has_typescript_test};

    #[test]
    fn rust_tests_are_functions_under_a_test_attribute() {
        let text = "/// Doc.\n#[actix_web::test]\n// Why.\nasync fn good() {}\n\
                    #[test]\nfn plain() {}\nfn helper() {}\n\
                    #[test]\n#[ignore = \"slow\"]\nfn sleeping() {}\n// fn commented() {}\n";
        assert!(has_rust_test(text, "good"));
        assert!(has_rust_test(text, "plain"));
        for no in ["helper", "sleeping", "commented", "goo", "good()", ""] {
            assert!(!has_rust_test(text, no), "{no}");
        }
    }

    #[test]
    fn typescript_tests_are_calls_with_the_name() {
        let text = "test('it works', () => {\n  const note = 'not a test';\n});\n\
                    test.each([1, 2])('case %d', () => {});\n])('a table: %s', () => {});\n\
                    test.skip('asleep', () => {});\ndescribe('group', () => {});\n";
        for yes in ["it works", "case %d", "a table: %s"] {
            assert!(has_typescript_test(text, yes), "{yes}");
        }
        for no in ["not a test", "asleep", "group", "it", "works", ""] {
            assert!(!has_typescript_test(text, no), "{no}");
        }
    }
}
