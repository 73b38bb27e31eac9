//! authenticatorCredentialManagement (CTAP 2.1, 6.8): request and the members of its answers.

use crate::cbor::{self, CborError, Fields, Value};
use crate::cose::Es256PublicKey;
use crate::cred_protect::CredProtect;
use crate::credential::{CredentialId, UserEntity, required};
use crate::pin_uv_auth::PinUvAuth;
use crate::status::Status;

/// What is asked, with who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// 0x01 and 0x02.
    pub subcommand: Subcommand,
    /// 0x03, 0x04: protocol and parameter of a PIN/UV token.
    pub pin_uv_auth: Option<PinUvAuth>,
}

/// The subcommands with their parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subcommand {
    /// 0x01: how many discoverable credentials there are.
    GetCredsMetadata,
    /// 0x02: the relying parties that have some, the first one.
    EnumerateRpsBegin,
    /// 0x03.
    EnumerateRpsGetNextRp,
    /// 0x04: those of the relying party whose RP ID has this SHA-256, the first one.
    EnumerateCredentialsBegin([u8; 32]),
    /// 0x05.
    EnumerateCredentialsGetNextCredential,
    /// 0x06; `None` when the descriptor is of a type that we do not know.
    DeleteCredential(Option<CredentialId>),
    /// 0x07.
    UpdateUserInformation(Option<CredentialId>, UserEntity),
}

impl Subcommand {
    const fn number(&self) -> i64 {
        match self {
            Self::GetCredsMetadata => 1,
            Self::EnumerateRpsBegin => 2,
            Self::EnumerateRpsGetNextRp => 3,
            Self::EnumerateCredentialsBegin(_) => 4,
            Self::EnumerateCredentialsGetNextCredential => 5,
            Self::DeleteCredential(_) => 6,
            Self::UpdateUserInformation(..) => 7,
        }
    }

    fn parameters(&self) -> Vec<(Value, Value)> {
        let descriptor = |id: &Option<CredentialId>| {
            id.iter()
                .map(|id| (2.into(), id.to_descriptor()))
                .collect::<Vec<_>>()
        };
        match self {
            Self::EnumerateCredentialsBegin(hash) => vec![(1.into(), Value::Bytes(hash.to_vec()))],
            Self::DeleteCredential(id) => descriptor(id),
            Self::UpdateUserInformation(id, user) => {
                let mut parameters = descriptor(id);
                parameters.push((3.into(), user.to_value()));
                parameters
            }
            _ => Vec::new(),
        }
    }
}

impl Request {
    /// Parses the parameter map that follows the command byte.
    ///
    /// # Errors
    /// The status to answer with: non-canonical CBOR, a missing or mistyped parameter, an unknown subcommand.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, Status> {
        let mut fields = Fields::decode(bytes, "request")?;
        let number = required(fields.unsigned(1, "subCommand")?, "subCommand")?;
        let mut parameters = match fields.map(2, "subCommandParams")? {
            Some(parameters) => parameters,
            None => Fields::from_value(Value::Map(Vec::new()), "subCommandParams")?,
        };
        let pin_uv_auth = PinUvAuth::take(&mut fields, 4, 3)?;
        let subcommand = match number {
            1 => Subcommand::GetCredsMetadata,
            2 => Subcommand::EnumerateRpsBegin,
            3 => Subcommand::EnumerateRpsGetNextRp,
            4 => {
                let hash = parameters.byte_array(1, "rpIDHash")?;
                Subcommand::EnumerateCredentialsBegin(required(hash, "rpIDHash")?)
            }
            5 => Subcommand::EnumerateCredentialsGetNextCredential,
            6 => Subcommand::DeleteCredential(credential(&mut parameters)?),
            7 => {
                let id = credential(&mut parameters)?;
                let user = required(parameters.map(3, "user")?, "user")?;
                Subcommand::UpdateUserInformation(id, UserEntity::from_fields(user)?)
            }
            _ => return Err(Status::InvalidSubcommand),
        };
        Ok(Self {
            subcommand,
            pin_uv_auth,
        })
    }

    /// The canonical parameter map.
    ///
    /// # Errors
    /// [`CborError`] from the encoder.
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        let mut entries = vec![(1.into(), self.subcommand.number().into())];
        let parameters = self.subcommand.parameters();
        if !parameters.is_empty() {
            entries.push((2.into(), Value::Map(parameters)));
        }
        if let Some(auth) = &self.pin_uv_auth {
            auth.push(&mut entries, 4, 3);
        }
        cbor::encode(Value::Map(entries))
    }
}

fn credential(parameters: &mut Fields) -> Result<Option<CredentialId>, CborError> {
    CredentialId::from_descriptor(required(parameters.take(2), "credentialID")?)
}

/// An answer; the members that a subcommand has no use for are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// 0x01: discoverable credentials here.
    pub existing_credentials: Option<u64>,
    /// 0x02: discoverable credentials for which there is still room, at least.
    pub max_remaining_credentials: Option<u64>,
    /// 0x03 and 0x04: RP ID, and its SHA-256.
    pub rp: Option<(String, [u8; 32])>,
    /// 0x05: relying parties in all.
    pub total_rps: Option<u64>,
    /// 0x06 to 0x08, 0x0A.
    pub credential: Option<Listed>,
    /// 0x09: credentials of this relying party in all.
    pub total_credentials: Option<u64>,
}

/// A credential in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// 0x06: whose.
    pub user: UserEntity,
    /// 0x07.
    pub credential_id: CredentialId,
    /// 0x08.
    pub public_key: Es256PublicKey,
    /// 0x0A.
    pub cred_protect: CredProtect,
}

impl Response {
    /// The canonical answer map.
    ///
    /// # Errors
    /// [`CborError`] from the encoder.
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        let mut entries: Vec<(Value, Value)> = [
            (1, self.existing_credentials),
            (2, self.max_remaining_credentials),
            (5, self.total_rps),
            (9, self.total_credentials),
        ]
        .into_iter()
        .filter_map(|(key, number)| Some((key.into(), number?.into())))
        .collect();
        if let Some((id, hash)) = &self.rp {
            let rp = Value::Map(vec![("id".into(), id.as_str().into())]);
            entries.push((3.into(), rp));
            entries.push((4.into(), Value::Bytes(hash.to_vec())));
        }
        if let Some(listed) = &self.credential {
            let key = cbor::decode(&listed.public_key.to_cose()?)?;
            entries.push((6.into(), listed.user.to_value()));
            entries.push((7.into(), listed.credential_id.to_descriptor()));
            entries.push((8.into(), key));
            entries.push((0x0A.into(), listed.cred_protect.level().into()));
        }
        cbor::encode(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests;
