//! The authenticator: the two CTAP2 operations, each split where the edge has to store the record.

pub(crate) mod attestation_key;
pub(crate) mod get_assertion;
pub(crate) mod make_credential;
pub(crate) mod presentation_attack_detection;

use ctap2::{Aaguid, PinUvAuth, Status};

/// AAGUID of this agent, the same in every browser: 6d69656e-2d66-4163-8a51-9e0c7b1d4f20.
pub const AAGUID: Aaguid = Aaguid::new([
    0x6d, 0x69, 0x65, 0x6e, 0x2d, 0x66, 0x41, 0x63, 0x8a, 0x51, 0x9e, 0x0c, 0x7b, 0x1d, 0x4f, 0x20,
]);

/// The PIN/UV auth protocol that is announced (CTAP 2.1, 6.5.7), because clients look for one before they use
/// built-in user verification.
pub(crate) const PIN_UV_AUTH_PROTOCOL: i64 = 2;

/// Steps 1 and 2 of both operations: there are no PIN/UV tokens here, hence no parameter that was made with one.
pub(crate) fn refuse_pin_uv_auth(pin_uv_auth: Option<&PinUvAuth>) -> Result<(), Status> {
    match pin_uv_auth.map(|auth| auth.protocol) {
        None => Ok(()),
        Some(None) => Err(Status::MissingParameter),
        Some(Some(PIN_UV_AUTH_PROTOCOL)) => Err(Status::PinAuthInvalid),
        Some(Some(_)) => Err(Status::InvalidParameter),
    }
}

#[cfg(test)]
mod tests;
