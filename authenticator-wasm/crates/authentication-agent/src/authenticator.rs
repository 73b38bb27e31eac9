//! The authenticator: the two CTAP2 operations, each split where the edge has to store the record.

pub(crate) mod attestation_key;
pub(crate) mod extensions;
pub(crate) mod get_assertion;
pub(crate) mod hmac_secret;
pub(crate) mod make_credential;
pub(crate) mod pin_uv_auth_protocol;
pub(crate) mod presentation_attack_detection;
pub(crate) mod user_verification_method;

use ctap2::{Aaguid, PinUvAuth, Status};
use pin_uv_auth_protocol::Protocol;

/// AAGUID of this agent, the same in every browser: 6d69656e-2d66-4163-8a51-9e0c7b1d4f20.
pub const AAGUID: Aaguid = Aaguid::new([
    0x6d, 0x69, 0x65, 0x6e, 0x2d, 0x66, 0x41, 0x63, 0x8a, 0x51, 0x9e, 0x0c, 0x7b, 0x1d, 0x4f, 0x20,
]);

/// Steps 1 and 2 of both operations: there are no PIN/UV tokens here, hence no parameter that was made with one.
pub(crate) fn refuse_pin_uv_auth(pin_uv_auth: Option<&PinUvAuth>) -> Result<(), Status> {
    let Some(auth) = pin_uv_auth else {
        return Ok(());
    };
    let number = auth.protocol.ok_or(Status::MissingParameter)?;
    Err(match Protocol::from_number(number) {
        Ok(_) => Status::PinAuthInvalid,
        Err(status) => status,
    })
}

#[cfg(test)]
mod tests;
