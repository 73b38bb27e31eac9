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
fn a_registrable_suffix_of_the_host_may_be_claimed() {
    for (host, claimed) in [
        ("login.rp.example", "rp.example"),
        ("a.b.rp.example", "b.rp.example"),
        ("www.example.co.uk", "example.co.uk"),
        ("shop.ada.github.io", "ada.github.io"),
        // An exception to `*.kawasaki.jp`, and a name beside `*.compute.amazonaws.com`.
        ("www.city.kawasaki.jp", "city.kawasaki.jp"),
        ("test.amazonaws.com", "amazonaws.com"),
        ("a.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a.rp.localhost", "rp.localhost"),
        // Equal is enough, even for a public suffix.
        ("github.io", "github.io"),
    ] {
        let origin = Origin::parse(&format!("https://{host}")).unwrap();
        let rp_id = origin.rp_id(Some(claimed)).unwrap();
        assert_eq!(rp_id.as_str(), claimed, "{host}");
    }
}

#[test]
fn refuses_a_claimed_rp_id_that_is_no_registrable_suffix() {
    for (host, claimed) in [
        ("login.rp.example", "example"),
        ("login.rp.example", ""),
        ("login.rp.example", "."),
        ("login.rp.example", ".rp.example"),
        ("login.rp.example", "rp.example."),
        ("login.rp.example", "RP.example"),
        ("login.rp.example", "LOGIN.rp.example"),
        ("login.rp.example", "x.login.rp.example"),
        ("login.rp.example", "p.example"),
        ("notrp.example", "rp.example"),
        ("login.rp.example", "https://rp.example"),
        ("login.rp.example", "rp.example:443"),
        ("rp.example.com", "com"),
        ("www.example.co.uk", "co.uk"),
        ("www.example.co.uk", "uk"),
        ("ada.github.io", "github.io"),
        ("ada.github.io", "io"),
        ("www.ada.kawasaki.jp", "kawasaki.jp"),
        ("www.ada.kawasaki.jp", "ada.kawasaki.jp"),
        ("www.eu-west-1.compute.amazonaws.com", "amazonaws.com"),
        ("rp.localhost", "localhost"),
        ("localhost", "rp.localhost"),
    ] {
        let origin = Origin::parse(&format!("https://{host}")).unwrap();
        let code = origin.rp_id(Some(claimed)).map_err(|error| error.code());
        assert_eq!(code.unwrap_err(), "security", "{claimed:?} from {host}");
    }
}

#[test]
fn names_every_rp_id_of_an_origin_the_host_first() {
    let ids = |origin| -> Vec<String> {
        let origin = Origin::parse(origin).unwrap();
        origin.rp_ids().map(|id| id.as_str().to_owned()).collect()
    };
    let expected = ["a.b.example.co.uk", "b.example.co.uk", "example.co.uk"];
    assert_eq!(ids("https://a.b.example.co.uk:8443"), expected);
    assert_eq!(ids("https://ada.github.io"), ["ada.github.io"]);
    assert_eq!(ids("https://github.io"), ["github.io"]);
    assert_eq!(ids("http://localhost:8080"), ["localhost"]);
    assert_eq!(ids("http://rp.localhost"), ["rp.localhost"]);
}

#[test]
fn hashes_the_rp_id_of_the_public_vectors() {
    // WebAuthn Level 3, section 16: the first 32 bytes of each authenticator data.
    let hash = RpId::parse("example.org").unwrap().hash();
    assert_eq!(&hash[..4], &[0xbf, 0xab, 0xc3, 0x74]);
    assert_eq!(&hash[28..], &[0x52, 0xb2, 0xe4, 0xb5]);
}

/// Public suffixes of each kind: of one label and of several, of registries and of providers, and one on no list.
const SUFFIXES: &[&str] = &["com", "co.uk", "github.io", "pvt.k12.ma.us", "unlisted"];

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
    fn any_text_never_panics(origin in ".{0,60}", claimed in ".{0,30}") {
        let _ = Origin::parse(&origin);
        let _ = Origin::parse("https://login.rp.example").unwrap().rp_id(Some(&claimed));
    }

    /// What is accepted is the host or a parent of it; what is accepted below a public suffix is not above it.
    #[test]
    fn what_may_be_claimed_ends_above_the_public_suffix(
        labels in prop::collection::vec("[a-z]{1,3}", 1..4),
        suffix in prop::sample::select(SUFFIXES),
        claimed in prop::collection::vec("[a-z]{1,3}", 0..3),
    ) {
        let host = format!("{}.{suffix}", labels.join("."));
        let origin = Origin::parse(&format!("https://{host}")).unwrap();
        let mine: Vec<_> = origin.rp_ids().collect();
        prop_assert_eq!(mine.len(), labels.len());
        for rp_id in &mine {
            prop_assert_eq!(&origin.rp_id(Some(rp_id.as_str())).unwrap(), rp_id);
            let below = rp_id.as_str().ends_with(&format!(".{}", suffix));
            prop_assert!(below && host.ends_with(rp_id.as_str()));
        }
        let other = [claimed, vec![suffix.to_owned()]].concat().join(".");
        let known = mine.iter().any(|rp_id| rp_id.as_str() == other);
        prop_assert_eq!(origin.rp_id(Some(&other)).is_ok(), known);
        let parent = suffix.split_once('.').map_or("", |(_, parent)| parent);
        prop_assert!(origin.rp_id(Some(suffix)).is_err() && origin.rp_id(Some(parent)).is_err());
    }
}
