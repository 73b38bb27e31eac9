//! Table tests of origins and RP IDs.
use proptest::prelude::*;

use super::{Origin, RpId};

#[test]
fn accepts_what_a_browser_serialises() {
    for (origin, rp_id) in [
        ("https://rp.example", "rp.example"),
        ("https://rp.example:8443", "rp.example"),
        ("https://a.b.rp.example", "a.b.rp.example"),
        ("https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://localhost", "localhost"),
        ("http://localhost", "localhost"),
        ("http://localhost:8080", "localhost"),
        ("http://rp.localhost:8080", "rp.localhost"),
        ("https://localhost:80", "localhost"),
        ("https://1.example", "1.example"),
    ] {
        let parsed = Origin::parse(origin).unwrap();
        assert_eq!(parsed.as_str(), origin);
        assert_eq!(parsed.rp_id(None).unwrap().as_str(), rp_id, "{origin}");
        assert_eq!(parsed.rp_id(Some(rp_id)).unwrap().as_str(), rp_id);
    }
}

#[test]
fn refuses_everything_else() {
    for origin in [
        "",
        "null",
        "https://",
        "https://*",
        "rp.example",
        "file://",
        "ftp://rp.example",
        "chrome-extension://abcdefgh",
        "HTTPS://rp.example",
        "https://RP.example",
        "http://rp.example",
        "http://localhost.rp.example",
        "http://notlocalhost",
        "http://.localhost",
        "https://rp.example/",
        "https://rp.example/path",
        "https://rp.example?query",
        "https://user@rp.example",
        "https://rp.example:443",
        "http://localhost:80",
        "https://rp.example:",
        "https://rp.example:0",
        "https://rp.example:08443",
        "https://rp.example:+8443",
        "https://rp.example:65536",
        "https://rp.example:8443:1",
        "https://rp.example.",
        "https://rp..example",
        "https://-rp.example",
        "https://rp-.example",
        "https://rp_x.example",
        "https://bücher.example",
        "https://rp.example ",
        "https://rp.example\n",
        "https://127.0.0.1",
        "http://127.0.0.1:8080",
        "https://127.1",
        "https://2130706433",
        "https://0x7f000001",
        "https://rp.0x",
        "https://[::1]",
        "https://[::1]:8443",
    ] {
        let code = Origin::parse(origin).map_err(|error| error.code());
        assert_eq!(code.unwrap_err(), "security", "{origin:?}");
    }
    let long = format!("https://{}.example", "a".repeat(64));
    assert!(Origin::parse(&long).is_err());
    let long = format!("https://{}example", "abcdefg.".repeat(32));
    assert!(Origin::parse(&long).is_err());
}

#[test]
fn refuses_a_claimed_rp_id_that_is_not_the_host() {
    let origin = Origin::parse("https://login.rp.example").unwrap();
    for claimed in [
        "rp.example",
        "example",
        "",
        "LOGIN.rp.example",
        "x.login.rp.example",
        "com",
    ] {
        let error = origin.rp_id(Some(claimed)).unwrap_err();
        assert_eq!(error.code(), "security", "{claimed:?}");
    }
}

#[test]
fn hashes_the_rp_id_of_the_public_vectors() {
    // WebAuthn Level 3, section 16: the first 32 bytes of each authenticator data.
    let hash = RpId::parse("example.org").unwrap().hash();
    assert_eq!(&hash[..4], &[0xbf, 0xab, 0xc3, 0x74]);
    assert_eq!(&hash[28..], &[0x52, 0xb2, 0xe4, 0xb5]);
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_a_plain_tuple_origin(origin in "(https?://)?[a-z0-9.:/@\\[\\]-]{0,30}") {
        if let Ok(parsed) = Origin::parse(&origin) {
            let rp_id = parsed.rp_id(None).unwrap();
            prop_assert!(origin.split("//").nth(1).unwrap().starts_with(rp_id.as_str()));
            prop_assert!(RpId::parse(rp_id.as_str()).is_ok());
            prop_assert!(!origin.contains(['@', '[', ']']));
        }
    }

    #[test]
    fn any_text_never_panics(origin in ".{0,60}") {
        let _ = Origin::parse(&origin);
    }
}
