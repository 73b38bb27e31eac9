//! Yubico's python-fido2 as the platform of our device: its unmodified client registers and signs in, its server
//! verifies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs one scenario of `platform.py`.
#[track_caller]
fn scenario(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let made = folder.join("../../target/tools/python/bin/python3");
    let python = std::env::var_os("MIEN_JUDGES_PYTHON").map_or(made, PathBuf::from);
    let data = tempfile::tempdir().unwrap();
    let output = Command::new(&python)
        // Nothing is written beside the script.
        .arg("-B")
        .arg(folder.join("tests/platform.py"))
        .args([name, env!("CARGO_BIN_EXE_ctap-device")])
        .arg(data.path().join("store"))
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}: run `cargo xtask setup`", python.display()));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    println!("{}", text(&output.stdout));
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("done: "), "it said nothing");
}

#[test]
fn registers_and_signs_in_with_a_list_and_without() {
    scenario("sign_in");
}

#[test]
fn an_exclude_list_is_honoured() {
    scenario("exclude");
}

#[test]
fn a_stranger_is_refused_and_so_is_a_no() {
    scenario("refused");
}

#[test]
fn a_command_can_be_taken_back_and_ends_by_itself() {
    scenario("cancelled");
}

#[test]
fn several_accounts_are_fetched_one_by_one_and_the_list_shows_them() {
    scenario("several");
}

#[test]
fn secrets_are_derived_for_the_verified_person() {
    scenario("prf");
}

#[test]
fn a_protected_credential_is_hidden_from_probes() {
    scenario("cred_protect");
}

#[test]
fn raw_messages_are_answered_with_their_status() {
    scenario("raw");
}
