//! The credential records of a relying party: reading, erasing, counting.

use authentication_agent::{CredentialRecord, Origin, deregistration};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use secret::Secret;

use super::{Failure, OUT_OF_TURN};
use crate::event::Account;
use crate::vault::{Change, Kind, Row, Vault, VaultError};

/// What the vault holds for one relying party.
pub(super) struct Found {
    pub(super) readable: Vec<CredentialRecord>,
    /// Rows that do not open. They are left as they are: nothing else is lost by them.
    pub(super) damaged: usize,
}

/// Reads every credential record of `rp_id`.
pub(super) async fn of(vault: &Vault, rp_id: &str) -> Result<Found, VaultError> {
    let mut found = Found {
        readable: Vec::new(),
        damaged: 0,
    };
    for row in vault.rows(Kind::Credential, rp_id).await? {
        match vault.read(&row).await {
            Ok(Some(plain)) => match parse(&plain) {
                Some(record) => found.readable.push(record),
                None => found.damaged += 1,
            },
            Ok(None) => {} // another tab erased it between the two reads
            Err(VaultError::Damaged) => found.damaged += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn parse(plain: &Secret<Vec<u8>>) -> Option<CredentialRecord> {
    CredentialRecord::from_cbor(plain.expose_secret("to parse the record")).ok()
}

/// A record as the person may choose it.
pub(super) fn account(record: &CredentialRecord) -> Account {
    Account {
        credential_id: BASE64_URL_SAFE_NO_PAD.encode(record.credential_id()),
        user_name: record.user_name().to_owned(),
        display_name: record.display_name().to_owned(),
    }
}

/// Reads the credential ID of an [`account`] back.
pub(super) fn credential_id(text: &str) -> Result<Vec<u8>, Failure> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| OUT_OF_TURN)
}

/// The row of a credential's record, and the one of its attempt counter.
pub(super) fn rows(rp_id: &str, credential_id: &[u8]) -> (Row, Row) {
    let id = BASE64_URL_SAFE_NO_PAD.encode(credential_id);
    (
        Row::new(Kind::Credential, rp_id, &id),
        Row::new(Kind::Attempts, rp_id, &id),
    )
}

/// Both rows of a credential, to be deleted.
pub(super) fn deletions(rp_id: &str, credential_id: &[u8]) -> [Change; 2] {
    let (record, attempts) = rows(rp_id, credential_id);
    [Change::Delete(record), Change::Delete(attempts)]
}

/// What the vault holds that the asking origin may use, under whichever of its RP IDs.
async fn of_origin(vault: &Vault, origin: &str) -> Result<Found, Failure> {
    let mut all = Found {
        readable: Vec::new(),
        damaged: 0,
    };
    for rp_id in Origin::parse(origin)?.rp_ids() {
        let found = of(vault, rp_id.as_str()).await?;
        all.readable.extend(found.readable);
        all.damaged += found.damaged;
    }
    Ok(all)
}

/// How many credentials the asking origin has here, and the notice that was agreed to.
pub(crate) async fn status(origin: &str) -> Result<(usize, Option<u32>), Failure> {
    let vault = Vault::open().await?;
    let found = of_origin(&vault, origin).await?;
    let consent = found
        .readable
        .iter()
        .map(|record| record.consent().version)
        .min();
    Ok((found.readable.len() + found.damaged, consent))
}

/// Deregistration, A.3.4 steps d and e: erases what a statement of the authentication server names.
pub(crate) async fn erase(origin: &str, statement: &str) -> Result<(), Failure> {
    let vault = Vault::open().await?;
    let found = of_origin(&vault, origin).await?;
    for record in &found.readable {
        if let Ok(erase) = deregistration::verify(origin, statement, record) {
            vault
                .write(deletions(record.rp_id(), erase.credential_id()).into())
                .await?;
            return Ok(());
        }
    }
    // Also when nothing is left to erase: whether a credential exists here is not told to a forger.
    Err(Failure("not-allowed"))
}

/// Withdrawn consent: every record that the asking origin may use goes, the damaged ones too.
pub(crate) async fn withdraw_consent(origin: &str) -> Result<(), Failure> {
    let origin = Origin::parse(origin)?;
    let vault = Vault::open().await?;
    let mut changes = Vec::new();
    for rp_id in origin.rp_ids() {
        for kind in [Kind::Credential, Kind::Attempts] {
            let rows = vault.rows(kind, rp_id.as_str()).await?;
            changes.extend(rows.into_iter().map(Change::Delete));
        }
    }
    Ok(vault.write(changes).await?)
}
