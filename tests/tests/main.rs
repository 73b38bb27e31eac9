//! The parts against each other: the real authentication agent and the real RP server over real HTTP and SQLite,
//! and the conformance statement against the tests that it names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking, helpers included"
)]

mod support;

mod authentication;
mod deregistration;
mod presentation_attack_detection;
mod problems;
mod registration;
mod statement;
