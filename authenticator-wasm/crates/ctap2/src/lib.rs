//! CTAP2 messages, CBOR, COSE keys, authenticator data and attestation objects: bytes in, types out.
//!
//! Sources: CTAP 2.1 (clauses 6.1 to 6.6, 6.8, 6.9, 8, 12.1, 12.5), WebAuthn Level 3 (clauses 6.1, 6.5, 8.2, 8.7), RFC 8949,
//! RFC 9052/9053. What has been parsed is right by type; what is not canonical is refused at the door.
//! The crate holds no policy, no private key and no biometric word.

pub mod aaguid;
pub mod attestation;
pub mod authenticator_data;
pub mod cbor;
pub mod client_pin;
pub mod command;
pub mod cose;
pub mod cred_protect;
pub mod credential;
pub mod credential_management;
pub mod get_assertion;
pub mod get_info;
pub mod hmac_secret;
pub mod key_agreement;
pub mod make_credential;
pub mod pin_uv_auth;
pub mod status;

pub use aaguid::Aaguid;
pub use attestation::{AttestationObject, AttestationStatement};
pub use authenticator_data::{AttestedCredentialData, AuthenticatorData, Flags};
pub use cbor::CborError;
pub use command::Command;
pub use cose::{ES256, Es256PublicKey};
pub use cred_protect::CredProtect;
pub use credential::{CredentialId, RpEntity, UserEntity};
pub use key_agreement::KeyAgreementKey;
pub use pin_uv_auth::PinUvAuth;
pub use status::Status;

#[cfg(test)]
mod vectors;
