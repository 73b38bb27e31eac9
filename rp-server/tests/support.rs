//! What the tests stand on.

pub(crate) mod attestation_certificates;
pub(crate) mod authenticator;
pub(crate) mod browser;
pub(crate) mod database;
mod encoding;
pub(crate) mod judges;
pub(crate) mod memory_store;
pub(crate) mod openapi;
pub(crate) mod pair;
pub(crate) mod parties;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod raw;
pub(crate) mod seed;
pub(crate) mod server;
pub(crate) mod settings;
pub(crate) mod signing_key;
pub(crate) mod tls;
pub(crate) mod verifiers;
pub(crate) mod wire;

pub(crate) use encoding::{b64, from_b64};
