//! WebAuthn Level 3 section 7.2: for each step what passes it and what fails it, signed as an authenticator would.

mod holder;
mod user_verification;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::authentication_server::{MIEN_AAGUID, PublicKey, UserId};
use crate::encoding::{base64url, sha256};
use crate::presentation_attack_detection::Layer;

const ORIGIN: &str = "https://example.org";
const UP: u8 = 0x01;
const UV: u8 = 0x04;
const BE: u8 = 0x08;
const BS: u8 = 0x10;
const AT: u8 = 0x40;
const ED: u8 = 0x80;

/// A ceremony and its answer; right until a test changes something. The signature is made last.
struct Case {
    key: SigningKey,
    record: CredentialRecord,
    asked: AskedState,
    layers: Layers,
    user_verification: UserVerification,
    id: Vec<u8>,
    user_handle: Value,
    client_data: Value,
    rp_id: &'static str,
    flags: u8,
    sign_count: u32,
    tail: Vec<u8>,
    change_signed: fn(&mut Signed),
}

/// What is sent, after it was signed.
struct Signed {
    client_data: Vec<u8>,
    data: Vec<u8>,
    signature: Vec<u8>,
}

fn challenge() -> String {
    base64url(&[3; 32])
}

fn case() -> Case {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = point.as_bytes()[1..].split_at(32);
    let record = CredentialRecord {
        id: CredentialId::new(&[1; 32]).unwrap(),
        user: UserId(Uuid::from_u128(1)),
        public_key: PublicKey::from_numbers(-7, x, y).unwrap(),
        state: CredentialState {
            sign_count: 4,
            uv_initialized: true,
            user_verified: true,
            backup_state: false,
            failures: Failures {
                count: 3,
                last_ms: 1,
            },
        },
        backup_eligible: false,
        transports: Vec::new(),
        aaguid: Uuid::nil(),
        device: String::new(),
        created_ms: 0,
        used_ms: None,
        presentation_attack_detection: None,
        user_verification_methods: None,
        attestation: None,
    };
    Case {
        key,
        asked: AskedState::Anyone,
        layers: Layers::default(),
        user_verification: UserVerification::default(),
        id: vec![1; 32],
        user_handle: json!(base64url(record.user.as_bytes())),
        client_data: json!({
            "type": "webauthn.get",
            "challenge": challenge(),
            "origin": ORIGIN,
            "crossOrigin": false,
        }),
        rp_id: "example.org",
        flags: UP | UV,
        sign_count: 5,
        tail: Vec::new(),
        change_signed: |_| {},
        record,
    }
}

impl Case {
    fn response(&self) -> Result<Response, Refusal> {
        let client_data = self.client_data.to_string().into_bytes();
        let mut data = sha256(self.rp_id.as_bytes()).to_vec();
        data.push(self.flags);
        data.extend(self.sign_count.to_be_bytes());
        data.extend(&self.tail);
        let signed = [data.as_slice(), &sha256(&client_data)].concat();
        let signature: Signature = self.key.sign(&signed);
        let mut sent = Signed {
            client_data,
            data,
            signature: signature.to_der().as_bytes().to_vec(),
        };
        (self.change_signed)(&mut sent);
        let text = json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64url(&sent.client_data),
                "authenticatorData": base64url(&sent.data),
                "signature": base64url(&sent.signature),
                "userHandle": self.user_handle,
            },
            "clientExtensionResults": {},
        });
        Form::parse(text.to_string().as_bytes())?.check()
    }

    fn verify(&self) -> Result<VerifiedAuthentication, Refusal> {
        let expectation = Expectation {
            challenge: &challenge(),
            origin: ORIGIN,
            rp_id_hash: &sha256(b"example.org"),
            required_layers: &self.layers,
            user_verification: self.user_verification,
        };
        self.response()?
            .allowed(&self.asked)?
            .identify(&self.record)?
            .client_data(&expectation)?
            .authenticator_data(&expectation)?
            .signature()?
            .sign_count()?
            .extensions(&expectation)
    }

    #[track_caller]
    fn passes(&self) -> VerifiedAuthentication {
        self.verify().unwrap()
    }

    /// Refused by the step that says so: the reason is what tells the steps apart.
    #[track_caller]
    fn refused(&self, reason: &str) {
        match self.verify() {
            Err(Refusal::Failed(why)) => assert_eq!(why, reason),
            other => panic!("{reason}: {other:?}"),
        }
    }
}

/// A case with one change.
fn with(change: impl FnOnce(&mut Case)) -> Case {
    let mut case = case();
    change(&mut case);
    case
}

fn user(allowed: &[&[u8]]) -> AskedState {
    AskedState::User {
        user: Uuid::from_u128(1),
        allowed: allowed.iter().map(|id| base64url(id)).collect(),
        decoy: false,
    }
}

#[test]
fn a_good_assertion_passes_and_carries_its_user() {
    let verified = case().passes();
    assert_eq!(verified.user(), UserId(Uuid::from_u128(1)));
    assert_eq!(verified.credential_id().as_bytes(), [1; 32]);
    assert_eq!(verified.public_key(), &case().record.public_key);
    assert_eq!(verified.before(), case().record.state);
}

#[test]
fn step_5_the_credential_is_on_the_list_that_was_sent() {
    with(|case| case.asked = user(&[&[2; 32], &[1; 32]])).passes();
    let reason = "the credential was not asked for";
    with(|case| case.asked = user(&[&[2; 32]])).refused(reason);
    // Hers, but registered after the list was sent.
    with(|case| case.asked = user(&[])).refused(reason);
}

#[test]
fn step_6_a_user_who_was_not_asked_by_name_is_named_by_the_handle() {
    with(|case| case.user_handle = json!(null)).refused("no user handle");
    let other = json!(base64url(Uuid::from_u128(2).as_bytes()));
    with(|case| case.user_handle = other).refused("user handle of another user");
    with(|case| case.user_handle = json!("")).refused("user handle of another user");
}

#[test]
fn step_6_a_user_who_was_asked_by_name_owns_the_credential() {
    let asked = |handle: Value, owner: u128| {
        with(|case| {
            case.asked = user(&[&[1; 32]]);
            case.user_handle = handle;
            case.record.user = UserId(Uuid::from_u128(owner));
        })
    };
    let handle = |number: u128| json!(base64url(Uuid::from_u128(number).as_bytes()));
    asked(handle(1), 1).passes();
    asked(json!(null), 1).passes();
    asked(handle(2), 1).refused("user handle of another user");
    asked(json!(null), 2).refused("credential of another user");
    asked(handle(2), 2).refused("credential of another user");
}

#[test]
fn step_6_the_record_is_the_credentials() {
    let other = with(|case| case.record.id = CredentialId::new(&[2; 32]).unwrap());
    assert!(matches!(other.verify(), Err(Refusal::Internal(_))));
}

#[test]
fn step_9_the_client_data_is_json() {
    for bad in [json!([]), json!({}), json!("webauthn.get")] {
        with(|case| case.client_data = bad).refused("clientDataJSON");
    }
}

#[test]
fn step_10_the_type_is_webauthn_get() {
    with(|case| case.client_data["type"] = json!("webauthn.create")).refused("clientDataJSON.type");
}

#[test]
fn step_11_the_challenge_is_the_ceremonys() {
    for bad in [
        base64url(&[4; 32]),
        base64url(&[3; 31]),
        challenge() + "=",
        String::new(),
    ] {
        with(|case| case.client_data["challenge"] = json!(bad)).refused("clientDataJSON.challenge");
    }
}

#[test]
fn step_12_the_origin_is_ours_to_the_letter() {
    for bad in [
        "https://example.org/",
        "https://example.org:443",
        "http://example.org",
        "https://login.example.org",
        "https://EXAMPLE.org",
        "null",
    ] {
        with(|case| case.client_data["origin"] = json!(bad)).refused("clientDataJSON.origin");
    }
}

#[test]
fn step_13_frames_of_other_sites_are_refused() {
    with(|case| {
        case.client_data
            .as_object_mut()
            .unwrap()
            .remove("crossOrigin");
    })
    .passes();
    with(|case| case.client_data["crossOrigin"] = json!(true))
        .refused("clientDataJSON.crossOrigin");
}

#[test]
fn step_14_a_top_origin_is_refused() {
    with(|case| case.client_data["topOrigin"] = json!(ORIGIN)).refused("clientDataJSON.topOrigin");
}

#[test]
fn step_15_the_rp_id_is_ours() {
    with(|case| case.rp_id = "example.net").refused("rpIdHash");
}

#[test]
fn step_16_the_user_is_present() {
    with(|case| case.flags = UV).refused("user not present");
}

#[test]
fn step_17_the_user_is_verified() {
    with(|case| case.flags = UP).refused("user not verified");
    // Not even for a credential that never was.
    with(|case| {
        case.flags = UP;
        case.record.state.uv_initialized = false;
    })
    .refused("user not verified");
}

#[test]
fn step_18_only_what_may_be_backed_up_is() {
    let reason = "backed up, and yet not eligible for it";
    with(|case| case.flags |= BS).refused(reason);
    with(|case| {
        case.flags |= BS;
        case.record.backup_eligible = true;
    })
    .refused(reason);
}

#[test]
fn step_19_backup_eligibility_does_not_change() {
    let flags = |eligible: bool, flags: u8| {
        with(|case| {
            case.record.backup_eligible = eligible;
            case.flags |= flags;
        })
    };
    flags(true, BE).passes();
    flags(true, BE | BS).passes();
    for case in [flags(false, BE), flags(false, BE | BS), flags(true, 0)] {
        case.refused("backup eligibility changed");
    }
}

#[test]
fn step_20_the_signature_is_over_the_client_data() {
    with(|case| {
        // The same members in another order: the checks before pass, the hash is another one.
        case.change_signed = |sent| {
            let value: Value = serde_json::from_slice(&sent.client_data).unwrap();
            sent.client_data = serde_json::to_vec_pretty(&value).unwrap();
        };
    })
    .refused("signature");
}

#[test]
fn step_21_the_signature_is_the_credentials() {
    with(|case| case.key = SigningKey::from_slice(&[8; 32]).unwrap()).refused("signature");
    with(|case| case.change_signed = |sent| sent.data[36] ^= 2).refused("signature");
    with(|case| case.change_signed = |sent| sent.signature.clear()).refused("signature");
}

#[test]
fn step_21_the_signature_is_strict_der() {
    let changes: [fn(&mut Vec<u8>); 6] = [
        |der| der.push(0),
        |der| der[1] += 1,
        |der| {
            der.pop();
        },
        // A longer form of the length.
        |der| {
            der.insert(1, 0x81);
        },
        // A leading zero that the number does not need, or one that it needs and lacks.
        |der| {
            if der[4] == 0 {
                der.remove(4);
                der[3] -= 1;
                der[1] -= 1;
            } else {
                der.insert(4, 0);
                der[3] += 1;
                der[1] += 1;
            }
        },
        // The two numbers alone, as JOSE writes them.
        |der| *der = Signature::from_der(der).unwrap().to_bytes().to_vec(),
    ];
    for change in changes {
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        let message = b"message";
        let signature: Signature = key.sign(message);
        let mut der = signature.to_der().as_bytes().to_vec();
        let public_key = case().record.public_key;
        public_key.verify(message, &der).unwrap();
        change(&mut der);
        assert!(public_key.verify(message, &der).is_err(), "{der:02x?}");
    }
}

#[test]
fn step_22_the_counter_advances_or_there_is_none() {
    let counters = |before: u32, now: u32| {
        with(|case| {
            case.record.state.sign_count = before;
            case.sign_count = now;
        })
    };
    for (before, now) in [(0, 0), (0, 1), (4, 5), (4, u32::MAX)] {
        let verified = counters(before, now).passes();
        assert_eq!(verified.before().sign_count, before);
        assert_eq!(verified.after().sign_count, now);
    }
    for (before, now) in [(4, 4), (4, 3), (4, 0), (u32::MAX, u32::MAX), (1, 0)] {
        counters(before, now).refused("signature counter did not advance");
    }
}

#[test]
fn step_23_layers_are_required_of_our_own_agent_only() {
    let required: Layers = [Layer::Texture].into_iter().collect();
    let extensions = b"\xa1\x67mienPad\xa2\x66layers\x81\x67texture\x6atranscript\x58\x20";
    let extensions = [extensions.as_slice(), &[9; 32]].concat();
    let ours = |tail: &[u8]| {
        with(|case| {
            case.record.aaguid = MIEN_AAGUID;
            case.layers = required.clone();
            case.tail = tail.to_vec();
            case.flags |= if tail.is_empty() { 0 } else { ED };
        })
    };
    let verified = ours(&extensions).passes();
    assert_eq!(verified.presentation_attack_detection(), Some(&required));
    ours(&[]).refused("no mienPad in authenticator data");
    ours(&[0xa0]).refused("mienPad is malformed");
    let other = with(|case| {
        case.layers = required.clone();
        case.tail = extensions.clone();
        case.flags |= ED;
    });
    assert_eq!(other.passes().presentation_attack_detection(), None);
}

#[test]
fn step_23_outputs_of_others_are_canonical_and_ignored() {
    let tail = |tail: &[u8]| {
        with(|case| {
            case.tail = tail.to_vec();
            case.flags |= ED;
        })
    };
    tail(b"\xa1\x63uvm\x81\x83\x02\x04\x02").passes();
    tail(b"\xbf\x63uvm\xf5\xff").refused("extension data");
    tail(b"\xa0\x00").refused("bytes after authenticator data");
}

#[test]
fn step_24_the_record_is_brought_up_to_date() {
    let verified = with(|case| {
        case.record.backup_eligible = true;
        case.record.state.uv_initialized = false;
        case.flags |= BE | BS;
    })
    .passes();
    let after = CredentialState {
        sign_count: 5,
        uv_initialized: true,
        user_verified: true,
        backup_state: true,
        failures: Failures::default(),
    };
    assert_eq!(verified.after(), after);
    // And back: what was backed up may be so no more.
    let verified = with(|case| {
        case.record.backup_eligible = true;
        case.record.state.backup_state = true;
        case.flags |= BE;
    })
    .passes();
    assert!(!verified.after().backup_state);
}

#[test]
fn section_6_1_an_assertion_has_no_attested_credential_data_and_no_tail() {
    with(|case| case.tail = vec![0]).refused("bytes after authenticator data");
    with(|case| case.flags |= AT).refused("authenticator data is cut short");
    let attested = [[0; 16].as_slice(), &[0, 16], &[1; 16], &[0xa0]].concat();
    with(|case| {
        case.flags |= AT;
        case.tail = attested;
    })
    .refused("attested credential data in an assertion");
}
