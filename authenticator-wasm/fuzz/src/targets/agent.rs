//! What the relying party's page and the storage hand to the agent.

use std::cell::OnceCell;

use authentication_agent::{CredentialRecord, authentication, deregistration, registration};

use super::Target;
use crate::seeds;

/// Creation and request options, JSON.
pub(super) const OPTIONS: Target = Target {
    name: "options",
    run: |bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            if let Ok(state) = registration::begin(seeds::ORIGIN, text) {
                assert_eq!(
                    state.rp_id(),
                    "rp.example",
                    "no page speaks for another host"
                );
            }
            if let Ok(state) = authentication::begin(seeds::ORIGIN, text) {
                assert_eq!(
                    state.rp_id(),
                    "rp.example",
                    "no page speaks for another host"
                );
            }
            // The origin comes from the browser; whatever it is, it does not panic.
            let _ = authentication::begin(text, seeds::REQUEST_OPTIONS);
        }
    },
    seeds: seeds::options,
};

/// Credential records as the sealing gives them back.
pub(super) const CREDENTIAL_RECORD: Target = Target {
    name: "credential-record",
    run: |bytes| {
        if let Ok(record) = CredentialRecord::from_cbor(bytes) {
            let again = record.to_cbor().expect("a record can be written");
            assert_eq!(again.expose_secret("compared"), bytes);
        }
    },
    seeds: || vec![seeds::record()],
};

/// Deregistration statements: nothing but the server's own word erases a record.
pub(super) const STATEMENT: Target = Target {
    name: "statement",
    run: |bytes| {
        thread_local! {
            static RECORD: OnceCell<CredentialRecord> = const { OnceCell::new() };
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return;
        };
        RECORD.with(|record| {
            let record = record.get_or_init(|| {
                CredentialRecord::from_cbor(&seeds::record()).expect("our own record is read")
            });
            if deregistration::verify(seeds::ORIGIN, text, record).is_ok() {
                let signed =
                    |text: &str| text.rsplit_once('.').map(|(signed, _)| signed.to_owned());
                assert_eq!(
                    signed(text),
                    signed(&seeds::statement()),
                    "a forged statement"
                );
            }
        });
    },
    seeds: || vec![seeds::statement().into_bytes(), b"e30.e30.AAAA".to_vec()],
};
