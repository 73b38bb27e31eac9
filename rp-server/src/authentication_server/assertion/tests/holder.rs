//! Which answers only the holder of the key can have made: those count as failed attempts (see `attempts`).

use super::*;

#[test]
fn whoever_signed_a_fresh_challenge_holds_the_key_whatever_else_is_wrong() {
    let held = |change: fn(&mut Case)| {
        let case = with(change);
        let expectation = Expectation {
            challenge: &challenge(),
            origin: ORIGIN,
            rp_id_hash: &sha256(b"example.org"),
            required_layers: &case.layers,
            user_verification: case.user_verification,
        };
        let response = case.response().unwrap();
        let expected = response
            .allowed(&case.asked)
            .and_then(|allowed| allowed.identify(&case.record))
            .and_then(|identified| identified.client_data(&expectation));
        expected.is_ok_and(|expected| expected.made_by_holder())
    };
    assert!(held(|_| {}));
    assert!(held(|case| case.flags = 0));
    assert!(held(|case| case.sign_count = 1));
    assert!(held(|case| case.tail = vec![0]));
    assert!(held(|case| case.rp_id = "example.com"));
    assert!(!held(
        |case| case.change_signed = |sent| sent.signature[9] ^= 1
    ));
    assert!(!held(|case| case.change_signed = |sent| sent.data[36] ^= 1));
    assert!(!held(
        |case| case.client_data["challenge"] = json!(base64url(&[4; 32]))
    ));
    assert!(!held(
        |case| case.client_data["origin"] = json!("https://example.com")
    ));
    assert!(!held(|case| case.id = vec![2; 32]));
}
