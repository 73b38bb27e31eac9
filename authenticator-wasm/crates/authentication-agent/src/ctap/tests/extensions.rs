//! Extensions: what is asked for is answered in signed data, the rest is passed over.
use ctap2::cbor::{Fields, Value};
use ctap2::credential_management::{Request, Subcommand};
use ctap2::{AuthenticatorData, Command, CredProtect, CredentialId, Status, make_credential as mc};

use super::device::{Device, assertion, creation, number, status};
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
        ["credProtect", "mienPad", "uvm"].map(Value::from)
    );
}
