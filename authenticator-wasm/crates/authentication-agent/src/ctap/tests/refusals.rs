//! What ends a command: the person, the platform, the store, and what was asked.
use ctap2::cbor::Fields;
use ctap2::{Command, Status};

use super::device::{Device, assertion, creation, number, status};
use crate::ctap::{Authenticator, End, Step};
use crate::test_support::{Person, consent, proof};

#[test]
fn the_answer_says_how_the_person_ended_it() {
    for (end, refusal) in [
        (End::Denied, Status::OperationDenied),
        (End::Cancelled, Status::KeepaliveCancel),
        (End::TimedOut, Status::UserActionTimeout),
        (End::Failed, Status::Other),
    ] {
        let mut device = Device::new();
        device.make(creation("rp.example", "ada"));
        device.world.says = Err(end);
        for command in [
            Command::Selection,
            Command::Reset,
            Command::MakeCredential(creation("rp.example", "bob")),
        ] {
            assert_eq!(device.refused(&command), status(refusal), "{end:?}");
        }
        assert_eq!(device.count(), 1);
    }
}

#[test]
fn selection_and_reset_are_a_yes() {
    let mut device = Device::new();
    device.make(creation("rp.example", "ada"));
    device.get(assertion("rp.example"));
    assert!(device.send(&Command::Selection).unwrap().is_empty());
    assert_eq!(device.count(), 1);
    device.world.writes_left = 0;
    assert_eq!(device.refused(&Command::Reset), status(Status::Other));
    device.world.writes_left = usize::MAX;
    assert!(device.send(&Command::Reset).unwrap().is_empty());
    assert_eq!((device.count(), device.world.counts.len()), (0, 0));
    let request = Command::GetAssertion(assertion("rp.example"));
    assert_eq!(device.refused(&request), status(Status::NoCredentials));
}

#[test]
fn what_cannot_be_met_is_refused_before_anybody_is_asked() {
    let mut device = Device::new();
    let mut cases = Vec::new();
    let mut make = |change: fn(&mut ctap2::make_credential::Request), refusal| {
        let mut request = creation("rp.example", "ada");
        change(&mut request);
        cases.push((Command::MakeCredential(request), refusal));
    };
    make(|r| r.algorithms = vec![-257], Status::UnsupportedAlgorithm);
    make(|r| r.options.up = Some(false), Status::InvalidOption);
    make(
        |r| r.enterprise_attestation = Some(1),
        Status::InvalidParameter,
    );
    make(|r| r.rp.id = "127.0.0.1".into(), Status::InvalidParameter);
    let mut request = assertion("rp.example");
    request.options.rk = Some(true);
    cases.push((Command::GetAssertion(request), Status::UnsupportedOption));
    for (command, refusal) in cases {
        assert_eq!(device.refused(&command), status(refusal));
    }
    assert!(device.world.log.is_empty());
}

#[test]
fn get_info_says_what_holds() {
    let mut device = Device::new();
    let mut info = device.fields(&Command::GetInfo);
    assert_eq!(
        info.bytes(3, "aaguid").unwrap().unwrap(),
        crate::AAGUID.as_bytes()
    );
    let versions = info.array(1, "versions").unwrap().unwrap();
    assert_eq!(versions, ["FIDO_2_0".into()]);
    let mut options: Fields = info.map(4, "options").unwrap().unwrap();
    for (name, set) in [
        ("rk", true),
        ("uv", true),
        ("alwaysUv", true),
        ("pinUvAuthToken", false),
    ] {
        assert_eq!(options.boolean(name, name).unwrap(), Some(set), "{name}");
    }
    assert_eq!(options.boolean("clientPin", "clientPin").unwrap(), None);
    assert_eq!(
        number(&mut info, 8),
        32,
        "the length of the IDs that are made here"
    );
    assert_eq!(number(&mut info, 18), 0x10);
}

#[test]
fn a_proof_of_another_ceremony_makes_no_credential() {
    let mut device = Device::new();
    let mut authenticator = Authenticator::new(&mut device.world.env);
    let message = Command::MakeCredential(creation("rp.example", "ada")).to_bytes();
    let Step::Person(person) = authenticator.command(&message.unwrap(), 1) else {
        panic!("the person is asked first");
    };
    let Step::Records(records) = person.agreed(consent()) else {
        panic!("the records are needed");
    };
    let Step::Enrolment(enrolment) = records.found(&mut authenticator, Vec::new(), 1) else {
        panic!("new here");
    };
    let other = proof(biometric_system::CeremonyId::new([9; 32]));
    let reference = Person::Enrolled.reference();
    let Step::Answer(answer) = enrolment.enrolled(reference, other, &mut device.world.env) else {
        panic!("nothing to store");
    };
    assert_eq!(answer, [status(Status::OperationDenied)]);
}
