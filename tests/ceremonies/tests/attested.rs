//! Attestation by certificates: what the certificate says, and what its root is needed for.

use ctap2::AttestationStatement;
use rp_server::agent_provider::AgentProvider;
use serde_json::Value;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::response::object;
use crate::webauthn_rs;

/// Whoever trusts another root of the same name refuses, and so does everybody the same ceremony without its certificates.
pub(crate) fn needs_its_root(ceremony: &Value) {
    let now = time::OffsetDateTime::now_utc();
    let (other, _) = AgentProvider::make_root("SE", "Example Ltd", now).unwrap();
    let refused = webauthn_rs::attested_with(ceremony, &other).unwrap_err();
    println!("with another root: {refused}");
}

/// The profile of WebAuthn Level 3 section 8.2.1, and nothing by which two certificates are of one person.
pub(crate) fn has_the_profile(ceremony: &Value) -> Vec<u8> {
    let AttestationStatement::PackedCertified { certificates, .. } = object(ceremony).statement
    else {
        panic!("not certified");
    };
    let [leaf] = &certificates[..] else {
        panic!("the leaf alone: the root is known to who trusts it");
    };
    let (rest, leaf) = X509Certificate::from_der(leaf).unwrap();
    assert!(rest.is_empty());
    assert_eq!(leaf.version().0, 2, "version 3");
    assert_eq!(
        leaf.subject().to_string(),
        "C=SE, O=Example Ltd, OU=Authenticator Attestation, CN=Mien authentication agent"
    );
    let constraints = leaf.basic_constraints().unwrap().unwrap();
    assert!(!constraints.value.ca);
    let oid = "1.3.6.1.4.1.45724.1.1.4";
    let model = leaf.extensions().iter();
    let model = model
        .clone()
        .find(|extension| extension.oid.to_id_string() == oid)
        .unwrap();
    assert!(!model.critical);
    assert_eq!(model.value[..2], [0x04, 0x10]);
    assert_eq!(&model.value[2..], authentication_agent::AAGUID.as_bytes());
    // Whole days: it does not tell when the registration was.
    let validity = leaf.validity();
    for at in [validity.not_before, validity.not_after] {
        assert_eq!(at.timestamp() % 86_400, 0);
    }
    let days = (validity.not_after.timestamp() - validity.not_before.timestamp()) / 86_400;
    assert_eq!(days, 3);
    leaf.public_key().raw.to_vec()
}
