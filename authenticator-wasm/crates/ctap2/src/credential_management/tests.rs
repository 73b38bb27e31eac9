//! Tests of the authenticatorCredentialManagement messages.
use super::{Listed, Request, Response, Subcommand};
use crate::cbor::{Fields, Value};
use crate::cose::Es256PublicKey;
use crate::cred_protect::CredProtect;
use crate::credential::{CredentialId, UserEntity};
use crate::pin_uv_auth::PinUvAuth;
use crate::status::Status;

fn user() -> UserEntity {
    UserEntity {
        id: vec![9],
        name: Some("n".into()),
        display_name: None,
    }
}

fn id() -> CredentialId {
    CredentialId::new(vec![5; 32]).unwrap()
}

#[test]
fn every_subcommand_is_read_as_it_was_written() {
    let subcommands = [
        Subcommand::GetCredsMetadata,
        Subcommand::EnumerateRpsBegin,
        Subcommand::EnumerateRpsGetNextRp,
        Subcommand::EnumerateCredentialsBegin([1; 32]),
        Subcommand::EnumerateCredentialsGetNextCredential,
        Subcommand::DeleteCredential(Some(id())),
        Subcommand::UpdateUserInformation(Some(id()), user()),
    ];
    for subcommand in subcommands {
        for pin_uv_auth in [
            None,
            Some(PinUvAuth {
                parameter: vec![7; 32],
                protocol: Some(2),
            }),
        ] {
            let request = Request {
                subcommand: subcommand.clone(),
                pin_uv_auth,
            };
            let bytes = request.to_cbor().unwrap();
            assert_eq!(Request::from_cbor(&bytes).unwrap(), request);
        }
    }
}

#[test]
fn keys_are_those_of_ctap_6_8() {
    let bytes = [
        &[0xa4, 0x01, 0x04][..], // subCommand 4
        &[0x02, 0xa1, 0x01, 0x58, 0x20],
        &[1; 32],                        // subCommandParams: rpIDHash
        &[0x03, 0x02, 0x04, 0x41, 0x08], // protocol 2, parameter
    ]
    .concat();
    let request = Request::from_cbor(&bytes).unwrap();
    let hash = Subcommand::EnumerateCredentialsBegin([1; 32]);
    assert_eq!(request.subcommand, hash);
    let auth = request.pin_uv_auth.unwrap();
    assert_eq!((auth.parameter, auth.protocol), (vec![8], Some(2)));
}

#[test]
fn faults_have_their_status() {
    let refused = |bytes: &[u8]| Request::from_cbor(bytes).unwrap_err();
    assert_eq!(refused(&[0xa0]), Status::MissingParameter);
    assert_eq!(refused(&[0xa1, 0x01, 0x00]), Status::InvalidSubcommand);
    assert_eq!(refused(&[0xa1, 0x01, 0x08]), Status::InvalidSubcommand);
    assert_eq!(refused(&[0xa1, 0x01, 0x20]), Status::InvalidParameter);
    for number in [4, 6, 7] {
        assert_eq!(refused(&[0xa1, 0x01, number]), Status::MissingParameter);
    }
    let short = [0xa2, 0x01, 0x04, 0x02, 0xa1, 0x01, 0x41, 0x00];
    assert_eq!(refused(&short), Status::InvalidParameter);
}

#[test]
fn answers_have_the_members_that_they_were_given() {
    assert_eq!(Response::default().to_cbor().unwrap(), [0xa0]);
    let base = [
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ];
    let public_key = Es256PublicKey::from_sec1(&crate::vectors::hex(&base.concat())).unwrap();
    let response = Response {
        rp: Some(("a.b".into(), [3; 32])),
        total_rps: Some(2),
        credential: Some(Listed {
            user: user(),
            credential_id: id(),
            public_key,
            cred_protect: CredProtect::UserVerificationRequired,
        }),
        total_credentials: Some(1),
        ..Response::default()
    };
    let mut fields = Fields::decode(&response.to_cbor().unwrap(), "answer").unwrap();
    let mut rp = fields.map(3, "rp").unwrap().unwrap();
    assert_eq!(rp.text("id", "id").unwrap().unwrap(), "a.b");
    assert_eq!(fields.byte_array(4, "hash").unwrap(), Some([3_u8; 32]));
    assert_eq!(fields.unsigned(5, "total").unwrap(), Some(2));
    let mut user = fields.map(6, "user").unwrap().unwrap();
    assert_eq!(user.text("name", "name").unwrap().unwrap(), "n");
    let mut descriptor = fields.map(7, "id").unwrap().unwrap();
    assert_eq!(descriptor.bytes("id", "id").unwrap().unwrap(), [5; 32]);
    let Some(key @ Value::Map(_)) = fields.take(8) else {
        panic!("a COSE key")
    };
    let key = Es256PublicKey::from_cose(&crate::cbor::encode(key).unwrap());
    assert_eq!(key.unwrap(), public_key);
    assert_eq!(fields.unsigned(9, "total").unwrap(), Some(1));
    assert_eq!(fields.unsigned(10, "credProtect").unwrap(), Some(3));
    fields.finish("answer").unwrap();
}
