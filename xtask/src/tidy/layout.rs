//! How files are named, how long they may be, how they begin.

use super::tree::{Tree, without_tests};

const RUST_LINES: usize = 500;
const TYPESCRIPT_LINES: usize = 300;

pub(super) fn no_mod_rs(tree: &Tree) -> Vec<String> {
    let found = tree.paths().filter(|path| path.ends_with("/mod.rs"));
    found
        .map(|path| format!("{path}: call it after its folder and put it beside the folder"))
        .collect()
}

pub(super) fn sizes(tree: &Tree) -> Vec<String> {
    let rust = tree.below("", &[".rs"]).map(|path| {
        (
            path,
            without_tests(&tree.text(path)).lines().count(),
            RUST_LINES,
        )
    });
    let typescript = tree
        .below("", &[".ts", ".mjs"])
        .map(|path| (path, tree.text(path).lines().count(), TYPESCRIPT_LINES));
    rust.chain(typescript)
        .filter(|(_, lines, most)| lines > most)
        .map(|(path, lines, most)| format!("{path}: {lines} lines, at most {most}"))
        .collect()
}

pub(super) fn first_lines(tree: &Tree) -> Vec<String> {
    let opens = |path: &str, marks: &[&str]| {
        let text = tree.text(path);
        let first = text
            .lines()
            .find(|line| !line.starts_with("#!/"))
            .unwrap_or_default();
        marks
            .iter()
            .any(|mark| first.starts_with(mark) && first.len() > mark.len())
    };
    let rust = tree
        .below("", &[".rs"])
        .filter(|path| !opens(path, &["//! "]));
    // A TypeScript test stands beside the file that it tests and has its name.
    let scripts = tree
        .below("", &[".ts", ".mjs"])
        .filter(|path| !path.ends_with(".test.ts"));
    let scripts = scripts.filter(|path| !opens(path, &["// ", "/** ", "/* "]));
    rust.chain(scripts)
        .map(|path| format!("{path}: its first line does not say what it is for"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::example::tree;
    use super::{first_lines, no_mod_rs, sizes};

    #[test]
    fn a_module_file_stands_beside_its_folder() {
        let (_folder, both) = tree(&[("a/src/b/mod.rs", ""), ("a/src/model.rs", "")]);
        assert_eq!(no_mod_rs(&both).len(), 1);
    }

    #[test]
    fn tests_do_not_count_towards_the_size_of_a_file() {
        let tests = format!(
            "//! A.\n{}#[cfg(test)]\nmod tests {{\n{}}}",
            "x\n".repeat(499),
            "y\n".repeat(900)
        );
        let (_folder, good) = tree(&[("a.rs", &tests), ("b.ts", &"x\n".repeat(300))]);
        assert!(sizes(&good).is_empty());
        let (_folder, bad) = tree(&[("a.rs", &"x\n".repeat(501)), ("b.ts", &"x\n".repeat(301))]);
        assert_eq!(sizes(&bad).len(), 2);
    }

    #[test]
    fn every_source_file_says_what_it_is_for() {
        let (_folder, both) = tree(&[
            ("a.rs", "//! Good.\n"),
            ("b.rs", "use x;\n"),
            ("c.rs", "//! \n"),
            ("d.ts", "// Good.\n"),
            ("e.ts", "import './a';\n"),
            ("d.test.ts", "import './d';\n"),
        ]);
        assert_eq!(first_lines(&both).len(), 3);
    }
}
