//! Several credentials: the person's choice, authenticatorGetNextAssertion, the person's own list.
use ctap2::cbor::Fields;
use ctap2::credential_management::{Request, Subcommand};
use ctap2::{Command, CredentialId, Status, UserEntity, get_assertion::Response};

use super::device::{Device, assertion, creation, number, status};
use crate::encoding::sha256;
use crate::test_support::Person;

fn with(users: &[&str]) -> Device {
    let mut device = Device::new();
    for user in users {
        device.make(creation("rp.example", user));
    }
    device
}

fn next(device: &mut Device) -> Result<Response, u8> {
    let response = device.send(&Command::GetNextAssertion)?;
    Ok(Response::from_cbor(&response).unwrap())
}

fn manage(subcommand: Subcommand) -> Command {
    Command::CredentialManagement(Request {
        subcommand,
        pin_uv_auth: None,
    })
}

fn name(response: &Response) -> Vec<u8> {
    response.user.as_ref().unwrap().id.clone()
}

#[test]
fn the_person_chooses_among_several_accounts() {
    let mut device = with(&["ada", "bob", "eve"]);
    device.world.chooses = Some(1);
    let got = device.get(assertion("rp.example"));
    assert_eq!(name(&got), b"bob", "the middle one of three");
    assert!(got.user_selected);
    assert_eq!(got.number_of_credentials, None);
    assert_eq!(next(&mut device).unwrap_err(), status(Status::NotAllowed));
}

#[test]
fn where_nobody_can_choose_each_further_assertion_has_its_own_look() {
    let mut device = with(&["ada", "bob", "eve"]);
    let first = device.get(assertion("rp.example"));
    assert_eq!(
        (name(&first), first.number_of_credentials),
        (b"eve".to_vec(), Some(3))
    );
    let second = next(&mut device).unwrap();
    assert_eq!(
        (name(&second), second.number_of_credentials),
        (b"bob".to_vec(), None)
    );
    assert_eq!(device.world.looks.len(), 2);
    // A stranger gets none, and ends it.
    device.world.person = Person::Other;
    assert_eq!(
        next(&mut device).unwrap_err(),
        status(Status::OperationDenied)
    );
    device.world.person = Person::Enrolled;
    assert_eq!(next(&mut device).unwrap_err(), status(Status::NotAllowed));
}

#[test]
fn further_assertions_end_after_the_last_after_30_seconds_and_with_any_other_command() {
    let mut device = with(&["ada", "bob"]);
    assert_eq!(next(&mut device).unwrap_err(), status(Status::NotAllowed));
    device.get(assertion("rp.example"));
    next(&mut device).unwrap();
    assert_eq!(
        next(&mut device).unwrap_err(),
        status(Status::NotAllowed),
        "none left"
    );

    device.get(assertion("rp.example"));
    device.world.env.now_ms += 29_000; // and one second for the command
    next(&mut device).unwrap();
    device.get(assertion("rp.example"));
    device.world.env.now_ms += 29_001;
    assert_eq!(
        next(&mut device).unwrap_err(),
        status(Status::NotAllowed),
        "too late"
    );

    for other in [Command::GetInfo, manage(Subcommand::EnumerateRpsGetNextRp)] {
        device.get(assertion("rp.example"));
        let _ = device.send(&other);
        assert_eq!(next(&mut device).unwrap_err(), status(Status::NotAllowed));
    }
    device.get(assertion("rp.example"));
    device.raw(&[0x55]);
    assert_eq!(next(&mut device).unwrap_err(), status(Status::NotAllowed));
    device.get(assertion("rp.example"));
    device.restart();
    assert_eq!(next(&mut device).unwrap_err(), status(Status::NotAllowed));
}

#[test]
fn the_list_tells_relying_parties_and_credentials() {
    let mut device = with(&["ada", "bob"]);
    device.make(creation("other.example", "ada"));
    let mut fields = device.fields(&manage(Subcommand::GetCredsMetadata));
    assert_eq!(number(&mut fields, 1), 3);
    assert!(number(&mut fields, 2) > 0);

    let rp = |fields: &mut Fields| {
        let mut rp = fields.map(3, "rp").unwrap().unwrap();
        let id = rp.text("id", "id").unwrap().unwrap();
        let hash = fields.byte_array::<32>(4, "hash").unwrap().unwrap();
        assert_eq!(hash, sha256(id.as_bytes()));
        id
    };
    let mut fields = device.fields(&manage(Subcommand::EnumerateRpsBegin));
    assert_eq!(number(&mut fields, 5), 2);
    let mut found = vec![rp(&mut fields)];
    let mut fields = device.fields(&manage(Subcommand::EnumerateRpsGetNextRp));
    found.push(rp(&mut fields));
    assert_eq!(found, ["other.example", "rp.example"]);
    let over = manage(Subcommand::EnumerateRpsGetNextRp);
    assert_eq!(device.refused(&over), status(Status::NotAllowed));

    let user = |fields: &mut Fields| {
        let mut user = fields.map(6, "user").unwrap().unwrap();
        user.text("name", "name").unwrap().unwrap()
    };
    let hash = sha256(b"rp.example");
    let mut fields = device.fields(&manage(Subcommand::EnumerateCredentialsBegin(hash)));
    assert_eq!(number(&mut fields, 9), 2);
    let mut found = vec![user(&mut fields)];
    let more = manage(Subcommand::EnumerateCredentialsGetNextCredential);
    found.push(user(&mut device.fields(&more)));
    found.sort();
    assert_eq!(found, ["ada", "bob"]);
    assert_eq!(device.refused(&more), status(Status::NotAllowed));
    let none = manage(Subcommand::EnumerateCredentialsBegin([0; 32]));
    assert_eq!(device.refused(&none), status(Status::NoCredentials));
}

/// DEVIATION(CTAP 2.1 6.8.2 to 6.8.6): a person's yes instead of a PIN/UV token.
#[test]
fn deviation_ctap_2_1_6_8_the_list_needs_a_yes_and_no_token() {
    let mut device = with(&["ada"]);
    device.world.log.clear();
    let metadata = manage(Subcommand::GetCredsMetadata);
    device.send(&metadata).unwrap();
    assert_eq!(device.world.log, ["List"]);
    device.world.says = Err(crate::ctap::End::Denied);
    assert_eq!(device.refused(&metadata), status(Status::OperationDenied));
    let token = |protocol| {
        Command::CredentialManagement(Request {
            subcommand: Subcommand::GetCredsMetadata,
            pin_uv_auth: Some(ctap2::PinUvAuth {
                parameter: vec![0; 32],
                protocol,
            }),
        })
    };
    for (protocol, refusal) in [
        (None, Status::MissingParameter),
        (Some(1), Status::PinAuthInvalid),
        (Some(2), Status::PinAuthInvalid),
        (Some(3), Status::InvalidParameter),
    ] {
        assert_eq!(device.refused(&token(protocol)), status(refusal));
    }
}

#[test]
fn one_credential_is_renamed_and_deleted_with_its_attempts() {
    let mut device = with(&["ada", "bob"]);
    let first = device.get(assertion("rp.example"));
    let (id, user) = (first.credential_id, first.user.unwrap());
    let names = UserEntity {
        name: Some("robert".into()),
        display_name: None,
        ..user.clone()
    };
    let rename = |id: &CredentialId, user: &UserEntity| {
        manage(Subcommand::UpdateUserInformation(
            Some(id.clone()),
            user.clone(),
        ))
    };
    let another = UserEntity {
        id: vec![1],
        ..names.clone()
    };
    let refused = device.refused(&rename(&id, &another));
    assert_eq!(refused, status(Status::InvalidParameter));
    device.send(&rename(&id, &names)).unwrap();
    let mut request = assertion("rp.example");
    request.allow_list = Some(vec![id.clone()]);
    let renamed = device.get(request).user.unwrap();
    assert_eq!(renamed.name.as_deref(), Some("robert"));

    let unknown = CredentialId::new(vec![1; 32]).unwrap();
    for delete in [None, Some(unknown)] {
        let delete = manage(Subcommand::DeleteCredential(delete));
        let refusal = match delete.to_bytes() {
            Ok(bytes) if bytes.len() > 10 => Status::NoCredentials,
            _ => Status::MissingParameter,
        };
        assert_eq!(device.refused(&delete), status(refusal));
    }
    let delete = manage(Subcommand::DeleteCredential(Some(id.clone())));
    assert!(device.send(&delete).unwrap().is_empty());
    assert_eq!(device.refused(&delete), status(Status::NoCredentials));
    assert_eq!(device.count(), 1);
    assert!(
        !device
            .world
            .counts
            .keys()
            .any(|(_, of)| of == id.as_bytes())
    );
}
