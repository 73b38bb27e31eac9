//! Tests of the client data against the public vectors and the escapes of CCDToString.
use super::{ClientData, Kind, ccd_to_string};
use crate::encoding::sha256;
use crate::origin::Origin;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text
        .chars()
        .map(|digit| digit.to_digit(16).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap())
        .collect()
}

/// WebAuthn Level 3, section 16.1, authentication: challenge and clientDataJSON.
#[test]
fn equals_the_vector_of_an_authentication() {
    let challenge = hex("39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408");
    let origin = Origin::parse("https://example.org").unwrap();
    let data = ClientData::new(Kind::Get, &challenge, &origin);
    let expected = "{\"type\":\"webauthn.get\",\
         \"challenge\":\"OcDnUhQXulTUPo3JUXT0I97pvzzYBP9tZchXyav01Ag\",\
         \"origin\":\"https://example.org\",\"crossOrigin\":false}";
    assert_eq!(data.json(), expected);
    assert_eq!(data.hash(), &sha256(expected.as_bytes()));
    assert_eq!(data.ceremony().as_bytes(), data.hash());
}

/// WebAuthn Level 3, section 16.1, registration: the vector appends `extraData`, which 5.8.1 allows; ours
/// is what stands before it.
#[test]
fn is_the_prefix_of_the_vector_of_a_registration() {
    let challenge = hex("00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130");
    let origin = Origin::parse("https://example.org").unwrap();
    let data = ClientData::new(Kind::Create, &challenge, &origin);
    let expected = "{\"type\":\"webauthn.create\",\
         \"challenge\":\"AMMPt4UxxGTStncdq417YDwBFi8vpIa-pw8oOuVW4TA\",\
         \"origin\":\"https://example.org\",\"crossOrigin\":false}";
    assert_eq!(data.json(), expected);
}

#[test]
fn escapes_as_ccd_to_string_prescribes() {
    let mut out = String::new();
    ccd_to_string(&mut out, "a\"b\\c\u{0}\n\u{1f}\u{7f}é\u{2028}😀/");
    assert_eq!(
        out,
        "\"a\\\"b\\\\c\\u0000\\u000a\\u001f\u{7f}é\u{2028}😀/\""
    );
}

#[test]
fn each_input_changes_the_ceremony() {
    let origin = Origin::parse("https://rp.example").unwrap();
    let other = Origin::parse("https://rp.example:8443").unwrap();
    let base = ClientData::new(Kind::Get, &[1; 32], &origin).ceremony();
    assert_ne!(
        base,
        ClientData::new(Kind::Create, &[1; 32], &origin).ceremony()
    );
    assert_ne!(
        base,
        ClientData::new(Kind::Get, &[2; 32], &origin).ceremony()
    );
    assert_ne!(
        base,
        ClientData::new(Kind::Get, &[1; 32], &other).ceremony()
    );
}
