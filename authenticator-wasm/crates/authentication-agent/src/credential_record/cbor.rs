//! The stored form of a credential record: version 1, a closed canonical CBOR map with integer keys.

use ctap2::cbor::{self, Fields, Value};
use ctap2::{CborError, CredProtect, CredentialId, Es256PublicKey};
use secret::Secret;

use super::{CredentialRecord, MODE};
use crate::authenticator::hmac_secret::CredRandom;
use crate::consent::Consent;
use crate::credential_key::CredentialKey;
use crate::error::Error;
use crate::origin::RpId;

const VERSION: i64 = 1;

pub(super) fn encode(record: &CredentialRecord) -> Result<Secret<Vec<u8>>, Error> {
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let consent = Value::Map(vec![
        (1.into(), record.consent.version.into()),
        (2.into(), record.consent.at_ms.into()),
    ]);
    // `cbor::encode` wipes these copies.
    let reference = record.reference.expose_secret("encoded, then sealed");
    let key = record.key.as_secret().expose_secret("encoded, then sealed");
    let mut entries = vec![
        (1.into(), VERSION.into()),
        (2.into(), record.rp_id.as_str().into()),
        (3.into(), bytes(record.credential_id.as_bytes())),
        (4.into(), bytes(&record.user_id)),
        (5.into(), record.user_name.as_str().into()),
        (6.into(), record.display_name.as_str().into()),
        (7.into(), record.created_ms.into()),
        (8.into(), record.used_ms.into()),
        (9.into(), record.sign_count.into()),
        (10.into(), consent),
        (11.into(), MODE.into()),
        (12.into(), bytes(reference)),
        (13.into(), bytes(key)),
    ];
    if let Some(server) = &record.authentication_server_key {
        entries.push((14.into(), Value::Bytes(server.to_sec1())));
    }
    // Absent means yes: records that were written before there was another kind.
    if !record.discoverable {
        entries.push((15.into(), Value::Bool(false)));
    }
    // Absent means the least, for the same reason.
    if record.cred_protect != CredProtect::default() {
        entries.push((16.into(), record.cred_protect.level().into()));
    }
    // Absent in records that were written before there was `hmac-secret`.
    if let Some(cred_random) = &record.cred_random {
        let values = cred_random.as_secret();
        entries.push((
            17.into(),
            bytes(values.expose_secret("encoded, then sealed")),
        ));
    }
    Ok(Secret::new(cbor::encode(Value::Map(entries))?))
}

pub(super) fn decode(bytes: &[u8]) -> Result<CredentialRecord, Error> {
    parse(bytes).map_err(|_| Error::unknown("stored credential record is damaged"))
}

fn parse(bytes: &[u8]) -> Result<CredentialRecord, CborError> {
    let mut fields = Fields::decode(bytes, "record")?;
    // Secrets first: whatever fails below, they are in custody.
    let reference = Secret::new(present(fields.bytes(12, "reference")?)?);
    let key = Secret::new(present(fields.bytes(13, "key")?)?);
    let cred_random = fields.bytes(17, "credRandom")?.map(Secret::new);
    if present(fields.integer(1, "version")?)? != VERSION {
        return Err(CborError::Invalid("version"));
    }
    let rp_id = present(fields.text(2, "rpId")?)?;
    let credential_id = present(fields.byte_array::<32>(3, "credentialId")?)?;
    let user_id = present(fields.bytes(4, "userId")?)?;
    if !(1..=64).contains(&user_id.len()) {
        return Err(CborError::Invalid("userId"));
    }
    let mut consent = present(fields.map(10, "consent")?)?;
    if present(fields.text(11, "mode")?)? != MODE {
        return Err(CborError::Invalid("mode"));
    }
    let server = fields
        .bytes(14, "authenticationServerKey")?
        .map(|key| Es256PublicKey::from_sec1(&key))
        .transpose()?;
    let discoverable = match fields.boolean(15, "discoverable")? {
        None => true,
        Some(false) => false,
        Some(true) => return Err(CborError::Invalid("discoverable")),
    };
    let cred_protect = match fields.unsigned(16, "credProtect")? {
        None => CredProtect::default(),
        Some(level @ 2..) => CredProtect::from_level(level)?,
        // There is one form for each meaning.
        Some(_) => return Err(CborError::Invalid("credProtect")),
    };
    let cred_random = cred_random.map(CredRandom::from_secret);
    let record = CredentialRecord {
        rp_id: RpId::parse(&rp_id).map_err(|_| CborError::Invalid("rpId"))?,
        credential_id: CredentialId::new(credential_id.to_vec())?,
        user_id,
        user_name: present(fields.text(5, "userName")?)?,
        display_name: present(fields.text(6, "displayName")?)?,
        created_ms: number(fields.unsigned(7, "created")?)?,
        used_ms: number(fields.unsigned(8, "used")?)?,
        sign_count: number(fields.unsigned(9, "signCount")?)?,
        consent: Consent {
            version: number(consent.unsigned(1, "consent version")?)?,
            at_ms: number(consent.unsigned(2, "consent time")?)?,
        },
        reference,
        key: CredentialKey::from_secret(key).ok_or(CborError::Invalid("key"))?,
        authentication_server_key: server,
        discoverable,
        cred_protect,
        cred_random: match cred_random {
            None => None,
            Some(values) => Some(values.ok_or(CborError::Invalid("credRandom"))?),
        },
    };
    consent.finish("consent")?;
    fields.finish("record")?;
    Ok(record)
}

fn present<T>(value: Option<T>) -> Result<T, CborError> {
    value.ok_or(CborError::Missing("record member"))
}

fn number<T: TryFrom<u64>>(value: Option<u64>) -> Result<T, CborError> {
    T::try_from(present(value)?).map_err(|_| CborError::Invalid("record number"))
}
