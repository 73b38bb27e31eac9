//! The layers of the server: `http` converts, `relying_party` governs, `authentication_server` decides.

use super::tree::{Tree, is_for_tests, without_tests};

/// A layer (a folder and the file beside it) and what its code may not name.
const LAYERS: [(&str, &[&str]); 4] = [
    (
        "rp-server/src/authentication_server",
        &[
            "actix",
            "HttpRequest",
            "HttpResponse",
            "StatusCode",
            "crate::http",
            "crate::relying_party",
            "crate::remote",
            "hyper",
            "sqlx",
        ],
    ),
    (
        "rp-server/src/relying_party",
        &[
            "actix",
            "HttpRequest",
            "HttpResponse",
            "StatusCode",
            "crate::http",
            "crate::remote",
            "hyper",
            "sqlx",
        ],
    ),
    // It carries messages between the two roles, and knows neither accounts nor tables.
    (
        "rp-server/src/remote",
        &[
            "crate::http",
            "crate::relying_party",
            "crate::store",
            "sqlx",
            "webauthn_rs",
        ],
    ),
    ("rp-server/src/http", &["sqlx", "webauthn_rs"]),
];

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut breaches = Vec::new();
    for (layer, forbidden) in LAYERS {
        for path in tree
            .below(layer, &[".rs"])
            .filter(|path| !is_for_tests(path))
        {
            let text = tree.text(path);
            for (index, line) in without_tests(&text).lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for word in forbidden.iter().filter(|word| code.contains(**word)) {
                    breaches.push(format!(
                        "{path}:{}: `{word}` belongs to another layer",
                        index.saturating_add(1)
                    ));
                }
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::super::tree::example::tree;
    use super::check;

    #[test]
    fn the_authentication_server_sees_no_http() {
        let path = "rp-server/src/authentication_server/a.rs";
        let (_folder, good) = tree(&[(path, "//! No actix here.\nuse crate::store::Records;\n")]);
        assert!(check(&good).is_empty());
        let (_folder, bad) = tree(&[
            (path, "use actix_web::HttpRequest;\n"),
            ("rp-server/src/relying_party.rs", "use crate::http::X;"),
        ]);
        assert_eq!(check(&bad).len(), 3);
    }
}
