//! Bytes of CTAP2: what is read must be exactly what would be written.

use ctap2::{
    AttestationObject, AuthenticatorData, Es256PublicKey, cbor, get_assertion, make_credential,
};

use super::Target;
use crate::seeds;

/// Canonical CBOR, and the messages made of it.
pub(super) const CBOR: Target = Target {
    name: "cbor",
    run: |bytes| {
        if let Ok(value) = cbor::decode(bytes) {
            let again = cbor::encode(value).expect("what was read can be written");
            assert_eq!(again, bytes, "only the canonical form is read");
        }
        if let Ok(request) = make_credential::Request::from_cbor(bytes) {
            let again = request.to_cbor().expect("a request can be written");
            assert_eq!(make_credential::Request::from_cbor(&again), Ok(request));
        }
        if let Ok(request) = get_assertion::Request::from_cbor(bytes) {
            let again = request.to_cbor().expect("a request can be written");
            assert_eq!(get_assertion::Request::from_cbor(&again), Ok(request));
        }
        if let Ok(response) = make_credential::Response::from_cbor(bytes) {
            assert_eq!(
                response.to_cbor().expect("a response can be written"),
                bytes
            );
        }
        if let Ok(response) = get_assertion::Response::from_cbor(bytes) {
            let again = response.to_cbor().expect("a response can be written");
            assert_eq!(get_assertion::Response::from_cbor(&again), Ok(response));
        }
        if let Ok(object) = AttestationObject::from_cbor(bytes) {
            assert_eq!(object.to_cbor().expect("an object can be written"), bytes);
        }
    },
    seeds: seeds::cbor,
};

/// Public keys.
pub(super) const COSE_KEY: Target = Target {
    name: "cose-key",
    run: |bytes| {
        if let Ok(key) = Es256PublicKey::from_cose(bytes) {
            assert_eq!(key.to_cose().expect("a key can be written"), bytes);
        }
        if let Ok(key) = Es256PublicKey::from_sec1(bytes) {
            assert!(!key.verify_der(bytes, bytes) && !key.verify_raw(bytes, bytes));
        }
    },
    seeds: seeds::cose_key,
};

/// Authenticator data with and without attested credential data and extension outputs.
pub(super) const AUTHENTICATOR_DATA: Target = Target {
    name: "authenticator-data",
    run: |bytes| {
        if let Ok(data) = AuthenticatorData::parse(bytes) {
            assert_eq!(data.to_bytes().expect("data can be written"), bytes);
        }
    },
    seeds: seeds::authenticator_data,
};
