//! The software authenticator of the server's tests, and what it stands on.

#![allow(dead_code, reason = "the tests use more of it")]

#[path = "../../../rp-server/tests/support/authenticator.rs"]
pub(crate) mod authenticator;
#[path = "../../../rp-server/tests/support/encoding.rs"]
mod encoding;
#[path = "../../../rp-server/tests/support/memory_store.rs"]
pub(crate) mod memory_store;
#[path = "../../../rp-server/tests/support/seed.rs"]
pub(crate) mod seed;
#[path = "../../../rp-server/tests/support/settings.rs"]
pub(crate) mod settings;

pub(crate) use encoding::b64;
use encoding::from_b64;
