//! Making and using credentials: options, lists, counters, the order of store and signature.
use ctap2::{Command, CredentialId, Status, credential_management as cm, make_credential as mc};

use super::device::{Device, assertion, creation, status};
use crate::attempts::Attempts;
use crate::consent::Consent;
use crate::credential_record::CredentialRecord;
use crate::test_support::Person;

fn id(response: &mc::Response) -> CredentialId {
    let attested = response.authenticator_data.attested.as_ref();
    attested.unwrap().credential_id.clone()
}

#[test]
fn a_credential_is_made_and_signs_for_the_client_data_that_was_given() {
    let mut device = Device::new();
    let made = device.make(creation("rp.example", "ada"));
    let flags = made.authenticator_data.flags;
    assert!(flags.user_verified && flags.user_present && !flags.backup_eligible);
    let key = made.authenticator_data.attested.clone().unwrap().public_key;
    let got = device.get(assertion("rp.example"));
    assert_eq!(got.credential_id, id(&made));
    assert_eq!(got.user.as_ref().unwrap().id, b"ada");
    assert_eq!(got.number_of_credentials, None);
    let data = got.authenticator_data.to_bytes().unwrap();
    let signed = |hash: u8| [data.as_slice(), &[hash; 32]].concat();
    assert!(key.verify_der(&signed(4), &got.signature));
    assert!(!key.verify_der(&signed(3), &got.signature));
    assert_eq!(device.world.log.len(), 3, "{:?}", device.world.log);
}

#[test]
fn one_account_has_one_discoverable_credential_and_its_person_must_allow_another() {
    let mut device = Device::new();
    let first = device.make(creation("rp.example", "ada"));
    device.world.person = Person::Other;
    let again = Command::MakeCredential(creation("rp.example", "ada"));
    assert_eq!(device.refused(&again), status(Status::OperationDenied));
    device.world.person = Person::Enrolled;
    let second = device.make(creation("rp.example", "ada"));
    assert_ne!(id(&first), id(&second));
    assert_eq!((device.count(), device.world.counts.len()), (1, 0));
    // Another account is another credential, enrolled anew.
    device.make(creation("rp.example", "bob"));
    assert_eq!(device.count(), 2);
}

#[test]
fn rk_false_makes_a_credential_that_answers_only_when_it_is_named() {
    let mut device = Device::new();
    let mut request = creation("rp.example", "ada");
    request.options.rk = Some(false);
    let made = device.make(request.clone());
    let unnamed = Command::GetAssertion(assertion("rp.example"));
    assert_eq!(device.refused(&unnamed), status(Status::NoCredentials));
    let mut named = assertion("rp.example");
    named.allow_list = Some(vec![id(&made)]);
    assert_eq!(
        device.get(named).user,
        None,
        "the platform knows whose it is"
    );
    // A second one takes no place, needs the enrolled person, and frees the attempts again.
    device.make(request.clone());
    assert_eq!(device.count(), 2);
    let counts: Vec<_> = device.world.counts.values().collect();
    let attempts = Attempts::from_bytes(counts[0]).unwrap();
    assert_eq!(attempts.free_left(), 3);
    device.world.person = Person::Other;
    let stranger = Command::MakeCredential(request);
    assert_eq!(device.refused(&stranger), status(Status::OperationDenied));
    // It is no part of the person's list, and a discoverable one does not take its place.
    device.world.person = Person::Enrolled;
    device.make(creation("rp.example", "ada"));
    assert_eq!(device.count(), 3);
    let metadata = Command::CredentialManagement(cm::Request {
        subcommand: cm::Subcommand::GetCredsMetadata,
        pin_uv_auth: None,
    });
    let mut fields = device.fields(&metadata);
    assert_eq!(super::device::number(&mut fields, 1), 1);
}

#[test]
fn allow_and_exclude_lists_hold_for_their_relying_party() {
    let mut device = Device::new();
    let made = device.make(creation("rp.example", "ada"));
    let other = CredentialId::new(vec![9; 32]).unwrap();
    let mut request = assertion("rp.example");
    request.allow_list = Some(vec![other.clone(), id(&made)]);
    assert_eq!(device.get(request.clone()).credential_id, id(&made));
    for (rp_id, list) in [
        ("rp.example", vec![other.clone()]),
        ("rp.example", Vec::new()),
        ("other.example", vec![id(&made)]),
    ] {
        request.rp_id = rp_id.into();
        request.allow_list = Some(list);
        let refused = device.refused(&Command::GetAssertion(request.clone()));
        assert_eq!(refused, status(Status::NoCredentials));
    }
    let mut again = creation("rp.example", "bob");
    again.exclude_list = Some(vec![other, id(&made)]);
    let refused = device.refused(&Command::MakeCredential(again.clone()));
    assert_eq!(refused, status(Status::CredentialExcluded));
    again.rp.id = "other.example".into();
    device.make(again);
}

/// DEVIATION(CTAP 2.1 6.2.2 step 13): a probe is answered without a signature.
#[test]
fn deviation_ctap_2_1_6_2_2_step_13_a_probe_signs_nothing() {
    let mut device = Device::new();
    let made = device.make(creation("rp.example", "ada"));
    let done = device.world.log.len();
    let mut probe = assertion("rp.example");
    probe.options.uv = None;
    probe.options.up = Some(false);
    probe.allow_list = Some(vec![CredentialId::new(vec![9; 32]).unwrap(), id(&made)]);
    let found = device.get(probe.clone());
    assert_eq!(found.credential_id, id(&made));
    assert_eq!(found.authenticator_data.flags.to_byte(), 0);
    assert!(found.signature.is_empty() && found.user.is_none());
    probe.allow_list = Some(vec![CredentialId::new(vec![9; 32]).unwrap()]);
    let refused = device.refused(&Command::GetAssertion(probe.clone()));
    assert_eq!(refused, status(Status::NoCredentials));
    // Without a list it would tell which accounts are here, and with `uv` it would be no probe.
    probe.allow_list = None;
    let refused = device.refused(&Command::GetAssertion(probe.clone()));
    assert_eq!(refused, status(Status::InvalidOption));
    probe.allow_list = Some(vec![id(&made)]);
    probe.options.uv = Some(true);
    let refused = device.refused(&Command::GetAssertion(probe));
    assert_eq!(refused, status(Status::InvalidOption));
    assert_eq!(device.world.log.len(), done, "no question, no camera");
}

#[test]
fn the_counter_is_on_disk_before_the_signature_and_never_goes_back() {
    let mut device = Device::new();
    device.make(creation("rp.example", "ada"));
    let mut last = 0;
    for crash in [false, true, false, true, true, false] {
        // The attempt is written first, then the counter; a crash in between gives no signature.
        device.world.writes_left = if crash { 1 } else { usize::MAX };
        let answer = device.send(&Command::GetAssertion(assertion("rp.example")));
        if crash {
            assert_eq!(answer.unwrap_err(), status(Status::Other));
            device.restart();
            continue;
        }
        let response = ctap2::get_assertion::Response::from_cbor(&answer.unwrap()).unwrap();
        let count = response.authenticator_data.sign_count;
        assert!(count > last);
        last = count;
    }
    // Counted, stored, and then the power went before the answer: the number is not used again.
    let stored = |device: &Device| {
        let bytes = device.world.records.values().next().unwrap();
        CredentialRecord::from_cbor(bytes).unwrap().sign_count()
    };
    let mut authenticator = device.authenticator.take().unwrap();
    let message = Command::GetAssertion(assertion("rp.example")).to_bytes();
    let _lost = authenticator.answer(&message.unwrap(), &mut device.world);
    device.restart();
    assert_eq!(stored(&device), last + 1);
    let next = device.get(assertion("rp.example"));
    assert_eq!(next.authenticator_data.sign_count, last + 2);
}

#[test]
fn an_attempt_is_on_disk_before_it_is_judged_and_the_fourth_failure_waits() {
    let mut device = Device::new();
    device.make(creation("rp.example", "ada"));
    device.world.person = Person::Other;
    let request = Command::GetAssertion(assertion("rp.example"));
    for failures in 1..=3_u32 {
        assert_eq!(device.refused(&request), status(Status::OperationDenied));
        let count = device.world.counts.values().next().unwrap();
        let left = Attempts::from_bytes(count).unwrap().free_left();
        assert_eq!(left, 3 - failures);
    }
    // Now not even the camera opens, for the right person neither, and it looks the same from outside.
    device.world.person = Person::Enrolled;
    let looks = device.world.looks.len();
    assert_eq!(device.refused(&request), status(Status::OperationDenied));
    assert_eq!(device.world.looks.len(), looks);
    device.world.env.now_ms += 30_000;
    device.get(assertion("rp.example"));
    // A store that cannot count admits nobody.
    device.world.writes_left = 0;
    assert_eq!(device.refused(&request), status(Status::Other));
}

#[test]
fn no_two_looks_have_the_same_number_for_the_same_client_data() {
    let mut device = Device::new();
    device.make(creation("rp.example", "ada"));
    for _ in 0..3 {
        device.get(assertion("rp.example"));
    }
    device.restart();
    device.get(assertion("rp.example"));
    let mut looks = device.world.looks.clone();
    looks.sort_unstable();
    looks.dedup();
    assert_eq!(looks.len(), 4, "{:?}", device.world.looks);
}

#[test]
fn an_older_consent_is_renewed_before_the_look() {
    let mut device = Device::new();
    device.make(creation("rp.example", "ada"));
    let bytes = device.world.records.values_mut().next().unwrap();
    let mut record = CredentialRecord::from_cbor(bytes).unwrap();
    record.consent.version -= 1;
    let old = record.to_cbor().unwrap();
    bytes.clone_from(old.expose_secret("test"));
    device.world.log.clear();
    let request = Command::GetAssertion(assertion("rp.example"));
    // Consent to a notice that is not in force is none.
    let current = device.world.says.unwrap();
    device.world.says = Ok(Consent {
        version: 1,
        ..current
    });
    assert_eq!(device.refused(&request), status(Status::OperationDenied));
    device.world.says = Ok(current);
    device.send(&request).unwrap();
    device.send(&request).unwrap();
    let notice = r#"Notice { rp_id: "rp.example", user_name: "ada" }"#;
    assert_eq!(device.world.log, [notice, notice, "look", "look"]);
}
