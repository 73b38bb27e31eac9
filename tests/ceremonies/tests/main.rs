//! What other makers' verifiers say of the ceremonies, and the public test vectors.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking, helpers included"
)]

mod attested;
mod changes;
mod libfido2;
mod metadata_statement;
mod response;
mod table;
mod vectors;
mod verifiers;
mod webauthn_rs;
