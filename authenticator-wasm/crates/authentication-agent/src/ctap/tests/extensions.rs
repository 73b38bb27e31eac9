//! Extensions: what is asked for is answered in signed data, the rest is passed over.
use ctap2::cbor::{Fields, Value};
use ctap2::credential_management::{Request, Subcommand};
use ctap2::{AuthenticatorData, Command, CredProtect, CredentialId, Status};
use ctap2::{client_pin, get_assertion as ga, hmac_secret, make_credential as mc};

use super::device::{Device, assertion, creation, number, status};
use crate::authenticator::pin_uv_auth_protocol::tests::Platform;
use crate::credential_record::CredentialRecord;
use crate::test_support::Person;

fn protected(user: &str, level: CredProtect) -> mc::Request {
    mc::Request {
        cred_protect: Some(level),
        ..creation("rp.example", user)
    }
}

fn id(response: &mc::Response) -> CredentialId {
    let attested = response.authenticator_data.attested.as_ref();
    attested.unwrap().credential_id.clone()
}

fn outputs(data: &AuthenticatorData) -> Fields {
    Fields::from_value(data.extensions.clone().unwrap(), "outputs").unwrap()
}

#[test]
fn the_level_of_cred_protect_is_signed_kept_and_listed() {
    let mut device = Device::new();
    for level in 1..=3 {
        let protect = CredProtect::from_level(level).unwrap();
        let made = device.make(protected("ada", protect));
        let mut told = outputs(&made.authenticator_data);
        assert_eq!(told.unsigned("credProtect", "level"), Ok(Some(level)));
        told.finish("outputs").unwrap();
        let list = Command::CredentialManagement(Request {
            subcommand: Subcommand::EnumerateCredentialsBegin(crate::encoding::sha256(
                b"rp.example",
            )),
            pin_uv_auth: None,
        });
        assert_eq!(number(&mut device.fields(&list), 0x0a), level);
    }
    // Nobody asked: level 1, and nothing is said.
    let made = device.make(creation("rp.example", "ada"));
    assert_eq!(made.authenticator_data.extensions, None);
}

#[test]
fn a_probe_does_not_tell_of_a_credential_that_requires_verification() {
    for (level, told) in [(1, true), (2, true), (3, false)] {
        let mut device = Device::new();
        let protect = CredProtect::from_level(level).unwrap();
        let made = device.make(protected("ada", protect));
        let asked = device.world.log.len();
        let mut probe = assertion("rp.example");
        probe.options.up = Some(false);
        probe.allow_list = Some(vec![id(&made)]);
        for uv in [None, Some(false)] {
            probe.options.uv = uv;
            let answer = device.send(&Command::GetAssertion(probe.clone()));
            let none = Err(status(Status::NoCredentials));
            assert_eq!(answer.is_ok(), told, "level {level}");
            assert!(told || answer == none, "as if it were not here");
        }
        assert_eq!(device.world.log.len(), asked, "nobody was asked");
        // Listed or discovered, with a look it answers, whatever `uv` says.
        for (list, uv) in [(true, Some(false)), (false, None), (false, Some(true))] {
            let mut request = assertion("rp.example");
            request.allow_list = list.then(|| vec![id(&made)]);
            request.options.uv = uv;
            assert_eq!(device.get(request).credential_id, id(&made));
        }
    }
}

#[test]
fn an_excluded_credential_that_requires_verification_is_told_of_after_the_look() {
    for (level, looked) in [(2, false), (3, true)] {
        let mut device = Device::new();
        let protect = CredProtect::from_level(level).unwrap();
        let made = device.make(protected("ada", protect));
        for user in ["ada", "bob"] {
            device.world.log.clear();
            let mut again = creation("rp.example", user);
            again.exclude_list = Some(vec![id(&made)]);
            let refused = device.refused(&Command::MakeCredential(again));
            assert_eq!(refused, status(Status::CredentialExcluded));
            let camera = ["look", "enrol"].map(String::from);
            let open = device.world.log.iter().any(|done| camera.contains(done));
            assert_eq!(open, looked, "level {level}, {user}");
        }
        assert_eq!(device.count(), 1);
        // Who is not verified learns nothing.
        device.world.person = Person::Other;
        let mut again = creation("rp.example", "ada");
        again.exclude_list = Some(vec![id(&made)]);
        let refused = device.refused(&Command::MakeCredential(again));
        let denied = refused == status(Status::OperationDenied);
        assert_eq!(denied, looked, "level {level}");
    }
}

/// The key of the authenticator, and a platform that agreed with it.
fn platform(device: &mut Device, protocol: i64) -> Platform {
    let request = Command::ClientPin(client_pin::Request { protocol });
    let answer = device.send(&request).unwrap();
    let answer = client_pin::Response::from_cbor(&answer).unwrap();
    Platform::new(&answer.key_agreement, protocol)
}

fn evaluating(platform: &Platform, salts: &[u8]) -> ga::Request {
    let salt_enc = platform.encrypt(salts);
    ga::Request {
        hmac_secret: Some(Box::new(hmac_secret::Input {
            key_agreement: platform.key(),
            salt_auth: platform.authenticate(&salt_enc),
            salt_enc,
            protocol: Some(platform.protocol),
        })),
        ..assertion("rp.example")
    }
}

fn secrets(platform: &Platform, response: &ga::Response) -> Vec<u8> {
    let output = outputs(&response.authenticator_data).take("hmac-secret");
    platform.decrypt(&output.unwrap().into_bytes().unwrap())
}

#[test]
fn hmac_secret_gives_each_credential_its_own_function_of_the_salts() {
    let mut device = Device::new();
    let mut request = creation("rp.example", "ada");
    request.extensions = vec!["hmac-secret".into()];
    let made = device.make(request);
    let told = outputs(&made.authenticator_data).take("hmac-secret");
    assert_eq!(told, Some(Value::Bool(true)));
    let two = [[1_u8; 32], [2; 32]].concat();
    let mut found = Vec::new();
    for protocol in [1, 2] {
        let platform = platform(&mut device, protocol);
        let both = device.get(evaluating(&platform, &two));
        assert!(both.authenticator_data.flags.user_verified);
        let both = secrets(&platform, &both);
        let one = device.get(evaluating(&platform, &two[..32]));
        assert_eq!(secrets(&platform, &one), both[..32]);
        assert_ne!(both[..32], both[32..]);
        found.push(both);
    }
    assert_eq!(found[0], found[1], "the transport does not matter");
    device.restart();
    let second = platform(&mut device, 2);
    let again = device.get(evaluating(&second, &two));
    assert_eq!(secrets(&second, &again), found[0], "nor does the power");
    // Made without being asked for it, and yet it has it; another credential, another function.
    device.make(creation("rp.example", "bob"));
    device.world.chooses = Some(0);
    let other = device.get(evaluating(&second, &two));
    assert_eq!(other.user.as_ref().unwrap().id, b"bob");
    assert_ne!(secrets(&second, &other), found[0]);
}

#[test]
fn each_further_assertion_evaluates_for_its_own_credential() {
    let mut device = Device::new();
    device.make(creation("rp.example", "ada"));
    device.make(creation("rp.example", "bob"));
    let platform = platform(&mut device, 2);
    let first = device.get(evaluating(&platform, &[1; 32]));
    let next = device.send(&Command::GetNextAssertion).unwrap();
    let next = ga::Response::from_cbor(&next).unwrap();
    assert_ne!(secrets(&platform, &first), secrets(&platform, &next));
}

#[test]
fn hmac_secret_is_for_a_verified_person_and_authenticated_salts_only() {
    let mut device = Device::new();
    let made = device.make(creation("rp.example", "ada"));
    let platform = platform(&mut device, 2);
    device.world.log.clear();
    let mut bad = evaluating(&platform, &[1; 32]);
    let input = bad.hmac_secret.as_mut().unwrap();
    input.salt_auth[0] ^= 1;
    let refused = device.refused(&Command::GetAssertion(bad));
    assert_eq!(refused, status(Status::PinAuthInvalid));
    let mut probe = evaluating(&platform, &[1; 32]);
    probe.options = mc::Options {
        up: Some(false),
        ..mc::Options::default()
    };
    probe.allow_list = Some(vec![id(&made)]);
    let refused = device.refused(&Command::GetAssertion(probe));
    assert_eq!(refused, status(Status::UnsupportedOption));
    assert!(device.world.log.is_empty(), "no camera for either");
    device.world.person = Person::Other;
    let stranger = Command::GetAssertion(evaluating(&platform, &[1; 32]));
    let refused = device.refused(&stranger);
    assert_eq!(refused, status(Status::OperationDenied));
    let unknown = Command::ClientPin(client_pin::Request { protocol: 3 });
    assert_eq!(device.refused(&unknown), status(Status::InvalidParameter));
}

#[test]
fn a_credential_from_before_signs_without_the_output() {
    let mut device = Device::new();
    device.make(creation("rp.example", "ada"));
    let bytes = device.world.records.values_mut().next().unwrap();
    let mut record = CredentialRecord::from_cbor(bytes).unwrap();
    record.cred_random = None;
    let older = record.to_cbor().unwrap();
    bytes.clone_from(older.expose_secret("test"));
    let platform = platform(&mut device, 2);
    let got = device.get(evaluating(&platform, &[1; 32]));
    assert_eq!(got.authenticator_data.extensions, None);
}

#[test]
fn how_the_user_was_verified_is_said_when_asked() {
    let mut device = Device::new();
    let mut request = creation("rp.example", "ada");
    request.extensions = vec!["uvm".into()];
    let made = device.make(request);
    let mut request = assertion("rp.example");
    request.extensions = vec!["uvm".into(), "mienPad".into()];
    let got = device.get(request);
    for (data, more) in [
        (made.authenticator_data, false),
        (got.authenticator_data, true),
    ] {
        let mut told = outputs(&data);
        let method = Value::Array(vec![16.into(), 1.into(), 1.into()]);
        assert_eq!(told.take("uvm"), Some(Value::Array(vec![method])));
        assert_eq!(told.take("mienPad").is_some(), more);
        told.finish("outputs").unwrap();
    }
}

/// `minPinLength` tells which policy a PIN follows. There is no PIN, so it is as unknown as the other one.
#[test]
fn what_is_unknown_or_without_meaning_here_is_passed_over() {
    let mut device = Device::new();
    let unknown = || vec!["minPinLength".into(), "credBlob".into()];
    let mut request = creation("rp.example", "ada");
    request.extensions = unknown();
    assert_eq!(device.make(request).authenticator_data.extensions, None);
    let mut request = assertion("rp.example");
    request.extensions = unknown();
    assert_eq!(device.get(request).authenticator_data.extensions, None);
    let mut info = device.fields(&Command::GetInfo);
    let extensions = info.array(2, "extensions").unwrap().unwrap();
    assert_eq!(
        extensions,
        ["credProtect", "hmac-secret", "mienPad", "uvm"].map(Value::from)
    );
}
