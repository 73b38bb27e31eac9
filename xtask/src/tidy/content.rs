//! What may not be in git at all.

use super::tree::Tree;

/// Files that are made or downloaded, never committed.
const BINARY_ENDINGS: [&str; 22] = [
    "onnx",
    "tflite",
    "task",
    "safetensors",
    "pt",
    "bin",
    "wasm",
    "so",
    "dll",
    "exe",
    "zip",
    "gz",
    "tgz",
    "whl",
    "png",
    "jpg",
    "jpeg",
    "webp",
    "gif",
    "mp4",
    "webm",
    "y4m",
];

/// Paths of one machine, and addresses that bind a lock file to one registry.
pub(super) fn foreign_places(tree: &Tree) -> Vec<String> {
    // Put together here so that this file does not break its own rule.
    let places: Vec<String> = ["work/", "root/", "home/", "Users/"]
        .iter()
        .map(|place| format!("/{place}"))
        .collect();
    let mut breaches = Vec::new();
    for path in tree.paths().filter(|path| !path.ends_with("Cargo.lock")) {
        let text = tree.text(path);
        for (index, line) in text.lines().enumerate() {
            let at = index.saturating_add(1);
            if places.iter().any(|place| holds_path(line, place)) {
                breaches.push(format!("{path}:{at}: a path of one machine"));
            }
            if path.ends_with("package-lock.json")
                && line.trim_start().starts_with("\"resolved\": \"http")
            {
                breaches.push(format!("{path}:{at}: a download address"));
            }
        }
    }
    breaches
}

/// Whether the place begins a path in the line, and is not part of an address or of a path inside the checkout.
fn holds_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(start, _)| {
        let before = line
            .get(..start)
            .and_then(|before| before.chars().next_back());
        let after = line
            .get(start.saturating_add(place.len())..)
            .and_then(|after| after.chars().next());
        !before.is_some_and(|letter| letter.is_alphanumeric() || "._-)}>*".contains(letter))
            && after
                .is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.')
    })
}

pub(super) fn binaries(tree: &Tree) -> Vec<String> {
    let ends_badly = |path: &str| {
        path.rsplit_once('.')
            .is_some_and(|(_, ending)| BINARY_ENDINGS.contains(&ending))
    };
    tree.paths()
        .filter(|path| {
            ends_badly(path) || tree.bytes(path).iter().take(8192).any(|byte| *byte == 0)
        })
        .map(|path| format!("{path}: not a text"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::example::tree;
    use super::{binaries, foreign_places, holds_path};

    #[test]
    fn only_paths_from_the_root_of_a_machine_count() {
        let place = format!("/{}", "home/");
        assert!(holds_path(&format!("cd {place}me"), &place));
        assert!(!holds_path(&format!("https://a.example{place}me"), &place));
        assert!(!holds_path(&format!("web/src{place}me"), &place));
        assert!(!holds_path(&format!("\"{place}\""), &place));
    }

    #[test]
    fn lock_files_name_no_registry() {
        let (_folder, good) = tree(&[("web/package-lock.json", "  \"integrity\": \"x\"\n")]);
        assert!(foreign_places(&good).is_empty());
        let (_folder, bad) = tree(&[(
            "web/package-lock.json",
            "  \"resolved\": \"https://a.example/x.tgz\",\n",
        )]);
        assert_eq!(foreign_places(&bad).len(), 1);
    }

    #[test]
    fn binaries_are_found_by_name_and_by_content() {
        let (_folder, both) = tree(&[("a.onnx", "text"), ("b.dat", "\0"), ("c.svg", "<svg/>")]);
        assert_eq!(binaries(&both), ["a.onnx: not a text", "b.dat: not a text"]);
    }
}
