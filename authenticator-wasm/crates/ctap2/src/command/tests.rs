//! Tests of the messages as wholes: command bytes, lengths, and the status of each fault.
use proptest::prelude::*;

use super::{Command, MAX_MESSAGE, answer};
use crate::status::Status;

fn refused(message: &[u8]) -> Status {
    Command::from_bytes(message).unwrap_err()
}

#[test]
fn reads_the_commands_without_parameters() {
    for (byte, command) in [
        (0x04, Command::GetInfo),
        (0x07, Command::Reset),
        (0x08, Command::GetNextAssertion),
        (0x0B, Command::Selection),
    ] {
        assert_eq!(Command::from_bytes(&[byte]).unwrap(), command);
        assert_eq!(command.to_bytes().unwrap(), [byte]);
        assert_eq!(refused(&[byte, 0xa0]), Status::InvalidLength, "{byte}");
    }
}

#[test]
fn refuses_what_is_no_command_here() {
    assert_eq!(refused(&[]), Status::InvalidLength);
    // authenticatorBioEnrollment, LargeBlobs, Config, the prototypes, and others.
    for byte in [0x00, 0x03, 0x05, 0x09, 0x0C, 0x0D, 0x0E, 0x40, 0x41, 0xff] {
        assert_eq!(refused(&[byte, 0xa0]), Status::InvalidCommand, "{byte}");
    }
}

#[test]
fn refuses_a_message_that_no_transport_carries() {
    let mut message = vec![0x01; MAX_MESSAGE + 1];
    assert_eq!(refused(&message), Status::RequestTooLarge);
    message.pop();
    assert_eq!(refused(&message), Status::InvalidCbor);
}

/// The faults of CTAP 2.1 clause 8, in each command that has parameters.
#[test]
fn faults_of_the_encoding_have_their_status() {
    let cases: [(&[u8], Status, &str); 12] = [
        (&[], Status::InvalidCbor, "no parameters"),
        (&[0xa0], Status::MissingParameter, "an empty map"),
        (&[0x80], Status::CborUnexpectedType, "an array"),
        (&[0xbf, 0xff], Status::InvalidCbor, "indefinite length"),
        (&[0xa2, 1, 1, 1, 1], Status::InvalidCbor, "key twice"),
        (&[0xa2, 2, 1, 1, 1], Status::InvalidCbor, "wrong order"),
        (&[0xa0, 0x00], Status::InvalidCbor, "trailing byte"),
        (&[0xa1, 0x18, 1, 1], Status::InvalidCbor, "not shortest"),
        (
            &[0xa1, 0x18, 0x20, 0x81, 0x81, 0x81, 0x81, 0x01],
            Status::InvalidCbor,
            "five levels",
        ),
        (
            &[0xa1, 0x01, 0x5a, 0xff, 0xff, 0xff, 0xff],
            Status::InvalidCbor,
            "length beyond the buffer",
        ),
        (&[0xa1, 0x01], Status::InvalidCbor, "cut off"),
        (
            &[0xa1, 0x01, 0xf4],
            Status::CborUnexpectedType,
            "false for its first member",
        ),
    ];
    for command in [0x01, 0x02, 0x06, 0x0A] {
        for (parameters, status, what) in &cases {
            let message = [&[command], *parameters].concat();
            assert_eq!(refused(&message), *status, "{command}: {what}");
        }
    }
}

#[test]
fn unknown_parameters_and_options_are_passed_over() {
    let request = [
        &[0x02, 0xa4, 0x01, 0x63][..],
        b"a.b", // rpId
        &[0x02, 0x58, 0x20],
        &[7; 32], // clientDataHash
        &[0x05, 0xa1, 0x63],
        b"xyz",                    // options: {"xyz": true}
        &[0xf5, 0x18, 0x20, 0x80], // 32: []
    ]
    .concat();
    let Command::GetAssertion(read) = Command::from_bytes(&request).unwrap() else {
        panic!("authenticatorGetAssertion");
    };
    assert_eq!(
        (read.rp_id.as_str(), read.options),
        ("a.b", Default::default())
    );
}

#[test]
fn an_answer_begins_with_its_status() {
    assert_eq!(answer(Ok(vec![0xa0])), [0x00, 0xa0]);
    assert_eq!(answer(Err(Status::NoCredentials)), [0x2E]);
}

proptest! {
    #[test]
    fn whatever_is_read_is_written_and_read_the_same(
        command in prop_oneof![Just(1_u8), Just(2), Just(6), Just(10), any::<u8>()],
        rest in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        if let Ok(read) = Command::from_bytes(&[&[command][..], &rest].concat()) {
            let again = read.to_bytes().unwrap();
            prop_assert_eq!(Command::from_bytes(&again).unwrap(), read);
        }
    }
}
