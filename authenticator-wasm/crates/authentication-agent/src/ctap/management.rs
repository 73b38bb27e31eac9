//! authenticatorCredentialManagement (CTAP 2.1, 6.8): the person's own list of discoverable credentials.
//!
//! DEVIATION(CTAP 2.1 6.8.2 to 6.8.6): the text wants a PIN/UV token and answers PUAT_REQUIRED without. Here the
//! person at the authenticator says yes to each list and each change instead: whoever may no longer be recognised
//! must still be able to see and delete what is kept.

use ctap2::credential_management::{Listed, Response, Subcommand};
use ctap2::{CredentialId, Status};

use super::stored::AwaitStored;
use super::{Authenticator, Rest, Step, done};
use crate::credential_record::CredentialRecord;
use crate::encoding::sha256;

/// Room that is told: there is no limit here, and the text demands a number.
const ROOM: u64 = 100;

/// What can be said before the person is asked.
pub(super) fn check(subcommand: &Subcommand) -> Result<(), Status> {
    match subcommand {
        // A credential of a type that nobody here has.
        Subcommand::DeleteCredential(None) | Subcommand::UpdateUserInformation(None, _) => {
            Err(Status::NoCredentials)
        }
        _ => Ok(()),
    }
}

/// Answers a subcommand that begins something, to a person who said yes.
pub(super) fn answer(
    authenticator: &mut Authenticator,
    subcommand: Subcommand,
    mut records: Vec<CredentialRecord>,
    now_ms: u64,
) -> Result<Step, Status> {
    records.retain(|record| record.discoverable);
    match subcommand {
        Subcommand::GetCredsMetadata => Ok(done(
            Response {
                existing_credentials: Some(count(records.len())),
                max_remaining_credentials: Some(ROOM),
                ..Response::default()
            }
            .to_cbor()?,
        )),
        Subcommand::EnumerateRpsBegin => {
            let mut rps: Vec<_> = records.iter().map(|r| r.rp_id().to_owned()).collect();
            rps.sort();
            rps.dedup();
            let total = Some(count(rps.len()));
            rp(authenticator, rps, total, now_ms)
        }
        Subcommand::EnumerateCredentialsBegin(hash) => {
            records.retain(|record| record.rp_id.hash() == hash);
            let ids: Vec<_> = records.iter().map(|r| r.credential_id.clone()).collect();
            let total = Some(count(ids.len()));
            credential(authenticator, ids, records, total, now_ms)
        }
        Subcommand::DeleteCredential(id) => {
            Ok(Step::Stored(AwaitStored::erase(find(records, id)?)))
        }
        Subcommand::UpdateUserInformation(id, user) => {
            let mut record = find(records, id)?;
            if record.user_id != user.id {
                return Err(Status::InvalidParameter);
            }
            // An absent or empty name is removed (6.8.6).
            record.user_name = user.name.unwrap_or_default();
            record.display_name = user.display_name.unwrap_or_default();
            Ok(Step::Stored(AwaitStored::put(record)))
        }
        Subcommand::EnumerateRpsGetNextRp | Subcommand::EnumerateCredentialsGetNextCredential => {
            Err(Status::NotAllowed)
        }
    }
}

/// The next item of a list that was begun.
pub(super) fn go_on(
    authenticator: &mut Authenticator,
    rest: Rest,
    records: Vec<CredentialRecord>,
    now_ms: u64,
) -> Result<Step, Status> {
    match rest {
        Rest::Rps(rps) => rp(authenticator, rps, None, now_ms),
        Rest::Credentials(ids) => credential(authenticator, ids, records, None, now_ms),
        Rest::Assertions { .. } => Err(Status::NotAllowed),
    }
}

fn rp(
    authenticator: &mut Authenticator,
    mut rps: Vec<String>,
    total_rps: Option<u64>,
    now_ms: u64,
) -> Result<Step, Status> {
    if rps.is_empty() {
        return Err(Status::NoCredentials);
    }
    let id = rps.remove(0);
    authenticator.keep(Rest::Rps(rps), now_ms);
    let hash = sha256(id.as_bytes());
    let response = Response {
        rp: Some((id, hash)),
        total_rps,
        ..Response::default()
    };
    Ok(done(response.to_cbor()?))
}

fn credential(
    authenticator: &mut Authenticator,
    mut ids: Vec<CredentialId>,
    records: Vec<CredentialRecord>,
    total_credentials: Option<u64>,
    now_ms: u64,
) -> Result<Step, Status> {
    if ids.is_empty() {
        return Err(Status::NoCredentials);
    }
    let record = find(records, Some(ids.remove(0)))?;
    authenticator.keep(Rest::Credentials(ids), now_ms);
    let response = Response {
        credential: Some(Listed {
            user: record.user_entity(),
            public_key: record.key.public_key()?,
            cred_protect: record.cred_protect,
            credential_id: record.credential_id,
        }),
        total_credentials,
        ..Response::default()
    };
    Ok(done(response.to_cbor()?))
}

fn find(
    records: Vec<CredentialRecord>,
    id: Option<CredentialId>,
) -> Result<CredentialRecord, Status> {
    let mut records = records.into_iter();
    let found = records.find(|record| Some(&record.credential_id) == id.as_ref());
    found.ok_or(Status::NoCredentials)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
