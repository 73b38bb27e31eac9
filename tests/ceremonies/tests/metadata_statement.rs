//! Our metadata statement before its readers: python-fido2 and @simplewebauthn/server (which knows no `anonca`) find the root of
//! our certificates in it, and in no other.

use std::sync::Arc;

use ceremonies::metadata_statement;
use judges::{Judge, python_fido2, simplewebauthn};
use rp_server::agent_provider::AgentProvider;
use serde_json::{Value, json};

use crate::verifiers::registration;

/// An attested ceremony is verified by the statement with its root, and by none with another root or of another model.
pub(crate) fn leads_to_the_root(ceremony: &Value) {
    let now = time::OffsetDateTime::now_utc();
    let (other, _) = AgentProvider::make_root("SE", "Example Ltd", now).unwrap();
    let root = ceremony["ca_pem"].as_str().unwrap().to_owned();
    let good = metadata_statement::make(&[root]).unwrap();
    let of_another_root = metadata_statement::make(&[other]).unwrap();
    let mut of_another_model = good.clone();
    of_another_model["aaguid"] = "11111111-2222-3333-4444-555555555555".into();
    for (judge, knows_anonca) in [(python_fido2(), true), (simplewebauthn(), false)] {
        let judge = Judge::start(judge);
        for statement in [&good, &of_another_root, &of_another_model] {
            let mut statement = statement.clone();
            if !knows_anonca {
                // It wants this word where there is a certificate, whoever made it.
                statement["attestationTypes"] = json!(["basic_full"]);
            }
            let mut case = registration(ceremony);
            case["root"] = Value::Null;
            case["metadata"] = statement;
            judge.ask(Arc::from(case.to_string()));
        }
        let (name, verdicts) = judge.verdicts();
        let accepted: Vec<bool> = verdicts.iter().map(Result::is_ok).collect();
        assert_eq!(accepted, [true, false, false], "{name}: {verdicts:?}");
    }
}

#[test]
fn it_says_what_the_manifest_and_the_authenticator_say() {
    let statement = metadata_statement::make(&[]).unwrap();
    let member = |pointer: &str| statement.pointer(pointer).unwrap();
    assert_eq!(
        member("/aaguid"),
        &json!(authentication_agent::AAGUID.to_string())
    );
    assert_eq!(member("/schema"), 3);
    assert_eq!(member("/attestationTypes"), &json!(["basic_surrogate"]));
    assert_eq!(member("/attestationRootCertificates"), &json!([]));
    assert_eq!(member("/keyProtection"), &json!(["software"]));
    assert_eq!(member("/matcherProtection"), &json!(["software"]));
    let face = "/userVerificationDetails/0/0";
    assert_eq!(
        member(&format!("{face}/userVerificationMethod")),
        "faceprint_internal"
    );
    // The figures of the README and docs/evaluation.md.
    let figures = member(&format!("{face}/baDesc"));
    assert_eq!(figures["selfAttestedFAR"], 3.3e-6);
    assert_eq!(figures["selfAttestedFRR"], 0.011);
    assert_eq!(figures["maxRetries"], 3);
    assert_eq!(figures["blockSlowdown"], 30);
    let info = member("/authenticatorGetInfo");
    assert_eq!(info["aaguid"], "6d69656e2d6641638a519e0c7b1d4f20");
    assert_eq!(info["options"]["uv"], true);
    assert_eq!(
        info["algorithms"],
        json!([{ "alg": -7, "type": "public-key" }])
    );
    assert!(metadata_statement::make(&["no certificate".to_owned()]).is_err());
}
