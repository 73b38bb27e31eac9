//! Registration with an attestation key: when one is drawn, and what its certificates do.

use super::*;

/// A state before its record is stored, of a registration that asks for attestation in this way.
fn unstored(conveyance: &str) -> crate::registration::AwaitStored {
    let mut options = creation_options(1, b"user");
    options["attestation"] = json!(conveyance);
    let state = begin(ORIGIN, &options.to_string()).unwrap();
    let state = state.consented(consent()).unwrap();
    let AwaitSamples::Enrol(state) = state.with_credentials(Vec::new()).unwrap() else {
        panic!("enrolment expected");
    };
    let (reference, proof) = (Person::Enrolled.reference(), proof(state.ceremony()));
    state
        .enrolled(reference, proof, &mut Double::new())
        .unwrap()
}

fn statement(response: &str) -> (AttestationStatement, Vec<u8>) {
    let response: Value = serde_json::from_str(response).unwrap();
    let object = bytes(&response, "/response/attestationObject");
    let object = AttestationObject::from_cbor(&object).unwrap();
    let client_data = sha256(&bytes(&response, "/response/clientDataJSON"));
    let data = object.authenticator_data.to_bytes().unwrap();
    (object.statement, [data, client_data.to_vec()].concat())
}

#[test]
fn registration_step_g_certificates_are_used_where_attestation_is_asked_for_and_they_are_of_the_key()
 {
    for conveyance in ["indirect", "direct", "enterprise"] {
        let state = unstored(conveyance);
        let key = state.attestation_key().unwrap().unwrap();
        // The agent looks for the key in it; the rest is for the relying party to judge.
        let leaf = [b"certificate of ", key.as_slice()].concat();
        let chain = vec![leaf, b"another".to_vec()];
        let response = state.certified(chain.clone()).unwrap().stored().unwrap();
        let (statement, signed) = statement(response.expose_secret("a test"));
        let AttestationStatement::PackedCertified {
            signature,
            certificates,
        } = statement
        else {
            panic!("{conveyance}: {statement:?}");
        };
        assert_eq!(certificates, chain);
        let signature = DerSignature::from_bytes(&signature).unwrap();
        let key = VerifyingKey::from_public_key_der(&key).unwrap();
        key.verify(&signed, &signature).unwrap();
    }
}

#[test]
fn registration_step_g_without_certificates_of_the_key_the_credential_vouches_for_itself() {
    for chain in [Vec::new(), vec![Vec::new()], vec![vec![7; 400]]] {
        let state = unstored("direct").certified(chain).unwrap();
        let (statement, _) = statement(state.stored().unwrap().expose_secret("a test"));
        assert!(matches!(statement, AttestationStatement::PackedSelf { .. }));
    }
}

#[test]
fn registration_step_g_draws_no_attestation_key_where_none_is_asked_for() {
    let state = unstored("none");
    assert_eq!(state.attestation_key().unwrap(), None);
    let state = state.certified(vec![vec![7; 400]]).unwrap();
    let (statement, _) = statement(state.stored().unwrap().expose_secret("a test"));
    assert_eq!(statement, AttestationStatement::None);
}
