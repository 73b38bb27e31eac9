//! Messages of a platform as it sends them, one behind the other, with what the person and the store do in between.

use ctap2::cbor::{self, Value};
use ctap2::{Command, client_pin, credential_management as cm, get_assertion as ga, hmac_secret};
use ctap2::{CredentialId, KeyAgreementKey, RpEntity, UserEntity, make_credential as mc};
use hmac::{Hmac, KeyInit, Mac};
use p256::SecretKey;
use sha2::{Digest, Sha256};

/// Bytes of the script that each input begins with: what the person and the store do, in turn.
pub(crate) const SCRIPT: usize = 8;

/// Everybody agrees, and everything works.
const SMOOTH: [u8; SCRIPT] = [0; SCRIPT];

fn creation() -> mc::Request {
    mc::Request {
        client_data_hash: [2; 32],
        rp: RpEntity {
            id: "rp.example".into(),
            name: None,
        },
        user: UserEntity {
            id: vec![1],
            name: Some("ada".into()),
            display_name: None,
        },
        algorithms: vec![-7],
        exclude_list: None,
        extensions: vec!["hmac-secret".into(), "mienPad".into(), "uvm".into()],
        cred_protect: ctap2::CredProtect::from_level(3).ok(),
        options: mc::Options {
            rk: Some(true),
            up: None,
            uv: Some(true),
        },
        pin_uv_auth: None,
        enterprise_attestation: None,
    }
}

fn assertion(authenticator: &KeyAgreementKey) -> ga::Request {
    ga::Request {
        rp_id: "rp.example".into(),
        client_data_hash: [2; 32],
        allow_list: None,
        extensions: vec!["mienPad".into(), "uvm".into()],
        hmac_secret: Some(Box::new(salts(authenticator))),
        options: mc::Options::default(),
        pin_uv_auth: None,
    }
}

/// Under protocol one any 32 bytes are an encrypted salt; they must be authenticated.
fn salts(authenticator: &KeyAgreementKey) -> hmac_secret::Input {
    let secret = SecretKey::from_slice(&[7; 32]).expect("a scalar");
    let point = authenticator.point().as_affine();
    let z = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), point);
    let key = Sha256::digest(z.raw_secret_bytes());
    let salt_enc = vec![5; 32];
    let mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length");
    let code = mac.chain_update(&salt_enc).finalize().into_bytes();
    hmac_secret::Input {
        key_agreement: KeyAgreementKey::new(secret.public_key()),
        salt_auth: code[..16].to_vec(),
        salt_enc,
        protocol: None,
    }
}

/// A script, and messages behind it, each after its length.
fn input(script: [u8; SCRIPT], messages: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = script.to_vec();
    for message in messages {
        let length = u16::try_from(message.len()).expect("short");
        bytes.extend(length.to_be_bytes());
        bytes.extend(message);
    }
    bytes
}

/// Inputs, given the credential that is there from the beginning and the key of the authenticator.
pub(crate) fn all(credential_id: &[u8], authenticator: &KeyAgreementKey) -> Vec<Vec<u8>> {
    let bytes = |command: &Command| command.to_bytes().expect("canonical");
    let id = CredentialId::new(credential_id.to_vec()).expect("an ID");
    let make = bytes(&Command::MakeCredential(creation()));
    let get = bytes(&Command::GetAssertion(assertion(authenticator)));
    let mut excluded = creation();
    excluded.exclude_list = Some(vec![id.clone()]);
    let excluded = bytes(&Command::MakeCredential(excluded));
    let mut named = assertion(authenticator);
    named.allow_list = Some(vec![id.clone()]);
    let mut probe = named.clone();
    probe.options.up = Some(false);
    probe.hmac_secret = None;
    let named = bytes(&Command::GetAssertion(named));
    let probe = bytes(&Command::GetAssertion(probe));
    let agree = bytes(&Command::ClientPin(client_pin::Request { protocol: 2 }));
    let next = bytes(&Command::GetNextAssertion);
    let manage = |subcommand| {
        bytes(&Command::CredentialManagement(cm::Request {
            subcommand,
            pin_uv_auth: None,
        }))
    };
    let hash = Sha256::digest(b"rp.example").into();
    let list = [
        manage(cm::Subcommand::GetCredsMetadata),
        manage(cm::Subcommand::EnumerateRpsBegin),
        manage(cm::Subcommand::EnumerateRpsGetNextRp),
        manage(cm::Subcommand::EnumerateCredentialsBegin(hash)),
        manage(cm::Subcommand::EnumerateCredentialsGetNextCredential),
        manage(cm::Subcommand::DeleteCredential(Some(id))),
    ];
    let alone = [Command::GetInfo, Command::Selection, Command::Reset];
    let alone: Vec<_> = alone.iter().map(bytes).collect();
    let odd = cbor::encode(Value::Map(vec![(1.into(), Value::Null)])).expect("canonical");
    let odd = [vec![0x02], odd].concat();
    vec![
        input(SMOOTH, &[make.clone(), get.clone(), next.clone(), next]),
        input(SMOOTH, &[excluded, named, probe]),
        input(SMOOTH, &[agree, get.clone(), odd]),
        input(SMOOTH, &list),
        input(SMOOTH, &alone),
        // A stranger, a proof of another ceremony, a store that fails, a person who says no.
        input([0, 0, 1, 0, 0, 1, 0, 0], &[get.clone(), make.clone()]),
        input([0, 2, 0, 0, 2, 0, 0, 2], &[make.clone(), get.clone()]),
        input([0, 0, 0, 3, 0, 0, 3, 0], &[get, make.clone()]),
        input([1, 0, 0, 0, 0, 0, 0, 0], &[make]),
    ]
}
