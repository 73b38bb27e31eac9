//! Integration tests: the real server on port 0, a real database, a software authenticator.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking, helpers included"
)]

mod support;

mod account_hooks;
mod agent_provider;
mod algorithms;
mod attempts;
mod attestation;
mod authenticated_user;
mod authentication;
mod bad_input;
mod clock;
mod command_line;
#[cfg(feature = "conformance-test-api")]
mod conformance_test_api;
mod deregistration;
mod differential;
mod durability;
mod existing_app;
mod flood;
mod headers;
mod logs;
mod names;
mod older_records;
mod operations;
mod other_authenticators;
mod outage;
mod presentation_attack_detection;
mod problems;
mod processes;
mod readme;
mod registration;
mod sessions;
mod settings;
mod shutdown;
mod slow_clients;
mod slow_readers;
mod split;
mod static_files;
mod store_contract;
mod timing;
mod tls;
mod two_processes;
mod user_verification;
