//! The commands of CTAP 2.1 (6, 8.1): from the bytes of a message to what is asked.

use crate::status::Status;
use crate::{client_pin, credential_management, get_assertion, make_credential};

/// The longest message that is read, in bytes: what CTAPHID can carry (CTAP 2.1, 11.2.4).
pub const MAX_MESSAGE: usize = 7609;

/// What a platform asks of the authenticator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// 0x01, authenticatorMakeCredential.
    MakeCredential(make_credential::Request),
    /// 0x02, authenticatorGetAssertion.
    GetAssertion(get_assertion::Request),
    /// 0x04, authenticatorGetInfo.
    GetInfo,
    /// 0x06, authenticatorClientPIN.
    ClientPin(client_pin::Request),
    /// 0x07, authenticatorReset.
    Reset,
    /// 0x08, authenticatorGetNextAssertion.
    GetNextAssertion,
    /// 0x0A, authenticatorCredentialManagement.
    CredentialManagement(credential_management::Request),
    /// 0x0B, authenticatorSelection.
    Selection,
}

impl Command {
    /// Reads one message: a command byte and, where the command has parameters, one canonical CBOR map.
    ///
    /// # Errors
    /// The status to answer with: too long, empty, a command that does not exist here, parameters where none
    /// belong, and whatever the parameters' own reading refuses.
    pub fn from_bytes(message: &[u8]) -> Result<Self, Status> {
        if message.len() > MAX_MESSAGE {
            return Err(Status::RequestTooLarge);
        }
        let (command, parameters) = message.split_first().ok_or(Status::InvalidLength)?;
        let alone = |command: Self| {
            if parameters.is_empty() {
                Ok(command)
            } else {
                Err(Status::InvalidLength)
            }
        };
        match command {
            0x01 => Ok(Self::MakeCredential(make_credential::Request::from_cbor(
                parameters,
            )?)),
            0x02 => Ok(Self::GetAssertion(get_assertion::Request::from_cbor(
                parameters,
            )?)),
            0x04 => alone(Self::GetInfo),
            0x06 => client_pin::Request::from_cbor(parameters).map(Self::ClientPin),
            0x07 => alone(Self::Reset),
            0x08 => alone(Self::GetNextAssertion),
            0x0A => credential_management::Request::from_cbor(parameters)
                .map(Self::CredentialManagement),
            0x0B => alone(Self::Selection),
            _ => Err(Status::InvalidCommand),
        }
    }

    /// The message.
    ///
    /// # Errors
    /// [`crate::CborError`] from the encoder.
    pub fn to_bytes(&self) -> Result<Vec<u8>, crate::CborError> {
        let (command, parameters) = match self {
            Self::MakeCredential(request) => (0x01, request.to_cbor()?),
            Self::GetAssertion(request) => (0x02, request.to_cbor()?),
            Self::GetInfo => (0x04, Vec::new()),
            Self::ClientPin(request) => (0x06, request.to_cbor()?),
            Self::Reset => (0x07, Vec::new()),
            Self::GetNextAssertion => (0x08, Vec::new()),
            Self::CredentialManagement(request) => (0x0A, request.to_cbor()?),
            Self::Selection => (0x0B, Vec::new()),
        };
        Ok([&[command], parameters.as_slice()].concat())
    }
}

/// An answer: the status byte and, after [`Status::Ok`], what the command answers with.
#[must_use]
pub fn answer(outcome: Result<Vec<u8>, Status>) -> Vec<u8> {
    match outcome {
        Ok(response) => [&[Status::Ok.to_byte()], response.as_slice()].concat(),
        Err(status) => vec![status.to_byte()],
    }
}

#[cfg(test)]
mod tests;
