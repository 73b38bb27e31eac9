//! What each command begins with: the checks that need neither a person nor the store.

use ctap2::command::Command;
use ctap2::{
    Status, client_pin, credential_management::Subcommand, get_assertion, make_credential,
};

use super::person::{AwaitPerson, Then as Agreed};
use super::records::{AwaitRecords, Then as Found};
use super::{Rest, Step, done, info, management};
use crate::authenticator;
use crate::authenticator::pin_uv_auth_protocol::{KeyAgreement, Protocol};
use crate::origin::RpId;

/// Begins a command, given what the one before it left to be continued.
pub(super) fn begin(
    message: &[u8],
    rest: Option<Rest>,
    key: &Result<KeyAgreement, Status>,
) -> Result<Step, Status> {
    Ok(match Command::from_bytes(message)? {
        Command::GetInfo => done(info::response().to_cbor()?),
        Command::ClientPin(request) => {
            Protocol::from_number(request.protocol)?;
            let key = key.as_ref().map_err(|status| *status)?;
            let key_agreement = key.public_key()?;
            done(client_pin::Response { key_agreement }.to_cbor()?)
        }
        Command::Selection => Step::Person(AwaitPerson::new(Agreed::Select)),
        Command::Reset => Step::Person(AwaitPerson::new(Agreed::Reset)),
        Command::MakeCredential(request) => make(request)?,
        Command::GetAssertion(request) => assert(request)?,
        Command::GetNextAssertion => match rest {
            Some(Rest::Assertions {
                request,
                credentials,
            }) => Step::Records(AwaitRecords::new(Found::Next {
                request,
                credentials,
            })),
            _ => return Err(Status::NotAllowed),
        },
        Command::CredentialManagement(request) => {
            authenticator::refuse_pin_uv_auth(request.pin_uv_auth.as_ref())?;
            manage(request.subcommand, rest)?
        }
    })
}

/// CTAP 2.1, 6.1.2. The person is asked before the records are read, so that nobody learns without asking which
/// accounts are here.
fn make(request: make_credential::Request) -> Result<Step, Status> {
    authenticator::make_credential::check(&request)?;
    // Or the record could not be read again.
    RpId::parse(&request.rp.id).map_err(|_| Status::InvalidParameter)?;
    Ok(Step::Person(AwaitPerson::new(Agreed::Make(request))))
}

/// CTAP 2.1, 6.2.2.
fn assert(request: get_assertion::Request) -> Result<Step, Status> {
    let then = if authenticator::get_assertion::is_probe(&request)? {
        Found::Probe(request)
    } else {
        authenticator::get_assertion::check(&request)?;
        Found::Assert(request)
    };
    Ok(Step::Records(AwaitRecords::new(then)))
}

/// CTAP 2.1, 6.8.
fn manage(subcommand: Subcommand, rest: Option<Rest>) -> Result<Step, Status> {
    let next = |rest| Step::Records(AwaitRecords::new(Found::Continue(rest)));
    match (subcommand, rest) {
        (Subcommand::EnumerateRpsGetNextRp, Some(rest @ Rest::Rps(_)))
        | (Subcommand::EnumerateCredentialsGetNextCredential, Some(rest @ Rest::Credentials(_))) => {
            Ok(next(rest))
        }
        (
            Subcommand::EnumerateRpsGetNextRp | Subcommand::EnumerateCredentialsGetNextCredential,
            _,
        ) => Err(Status::NotAllowed),
        (subcommand, _) => {
            management::check(&subcommand)?;
            Ok(Step::Person(AwaitPerson::new(Agreed::Manage(subcommand))))
        }
    }
}
