//! The targets. Each takes any bytes; a panic, an endless loop or a broken promise is a find.

mod agent;
mod biometrics;
mod command;
mod ctap;
mod server;

/// One kind of input from outside.
pub(crate) struct Target {
    /// The name that `cargo xtask fuzz` takes.
    pub(crate) name: &'static str,
    /// Handles one input.
    pub(crate) run: fn(&[u8]),
    /// Inputs to begin with, made by code.
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them. `xtask` has the same names.
pub(crate) const TARGETS: [Target; 12] = [
    ctap::CBOR,
    ctap::COSE_KEY,
    ctap::AUTHENTICATOR_DATA,
    command::COMMAND,
    agent::OPTIONS,
    agent::CREDENTIAL_RECORD,
    agent::STATEMENT,
    biometrics::REFERENCE,
    biometrics::FRAME,
    biometrics::MODEL,
    server::REGISTRATION_RESULT,
    server::AUTHENTICATION_RESULT,
];
