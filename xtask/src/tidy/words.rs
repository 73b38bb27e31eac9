//! Words that would show that a part knows more than it should.

use super::tree::{Tree, is_for_tests, without_tests};

/// The biometric system knows nothing of what its verdict is used for.
pub(super) fn biometric_system(tree: &Tree) -> Vec<String> {
    let words = [
        "webauthn",
        "ctap",
        "passkey",
        "credential",
        "attestation",
        "relying",
        "authenticator",
        "aaguid",
        "fido",
    ];
    find(
        tree,
        "authenticator-wasm/crates/biometric-system/src/",
        &words,
    )
}

/// CTAP2 knows that a user was verified, not how.
pub(super) fn ctap2(tree: &Tree) -> Vec<String> {
    let words = [
        "face",
        "biometric",
        "camera",
        "iris",
        "fingerprint",
        "landmark",
        "enrolment",
        "liveness",
    ];
    find(tree, "authenticator-wasm/crates/ctap2/src/", &words)
}

/// Comments may say what the code does not know; names and literals may not show it.
fn find(tree: &Tree, folder: &str, words: &[&str]) -> Vec<String> {
    let mut breaches = Vec::new();
    for path in tree
        .below(folder, &[".rs"])
        .filter(|path| !is_for_tests(path))
    {
        let text = tree.text(path);
        for (index, line) in without_tests(&text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for word in parts(code).filter(|part| words.contains(&part.as_str())) {
                breaches.push(format!("{path}:{}: `{word}`", index.saturating_add(1)));
            }
        }
    }
    breaches
}

/// The single words of identifiers and texts: `FaceBox`, `face_box` and `face box` all hold `face`; `surface` and
/// `interface` do not.
fn parts(code: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for letter in code.chars() {
        let begins = !letter.is_alphabetic() || (letter.is_uppercase() && before_lower);
        if begins {
            words.push(String::new());
        }
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before_lower = letter.is_lowercase();
    }
    words.into_iter().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tree::example::tree;
    use super::{biometric_system, ctap2, parts};

    #[test]
    fn identifiers_fall_into_words() {
        let words: Vec<_> = parts("FaceBox surface2face user_face \"no face\"").collect();
        assert_eq!(
            words,
            [
                "face", "box", "surface", "face", "user", "face", "no", "face"
            ]
        );
    }

    #[test]
    fn names_count_and_comments_do_not() {
        let path = "authenticator-wasm/crates/ctap2/src/lib.rs";
        let (_folder, good) = tree(&[(path, "//! Knows no face.\nfn interface() {} // face\n")]);
        assert!(ctap2(&good).is_empty());
        let (_folder, bad) = tree(&[(path, "//! A.\nstruct FaceBox;\n")]);
        assert_eq!(ctap2(&bad), [format!("{path}:2: `face`")]);
        let path = "authenticator-wasm/crates/biometric-system/src/a.rs";
        let (_folder, bad) = tree(&[(path, "fn f(credential_id: u8) {}\n")]);
        assert_eq!(biometric_system(&bad).len(), 1);
    }
}
