//! What the authenticator says of itself (CTAP 2.1, 6.4).

use ctap2::{ES256, command::MAX_MESSAGE, get_info::Response};

use crate::authenticator::AAGUID;
use crate::authenticator::extensions::IDENTIFIERS;
use crate::authenticator::pin_uv_auth_protocol::Protocol;
use crate::authenticator::user_verification_method::FACEPRINT_INTERNAL;

/// Credentials that are worth listing in one request.
const MAX_LIST: usize = 64;
/// Bytes of the credential IDs that are made here.
const ID_LENGTH: usize = 32;

pub(super) fn response() -> Response {
    Response {
        // Not FIDO_2_1: of what clause 9 demands for it, the PIN/UV tokens are absent.
        versions: vec!["FIDO_2_0"],
        extensions: IDENTIFIERS.to_vec(),
        aaguid: AAGUID,
        options: vec![
            ("rk", true),
            ("up", true),
            ("uv", true),
            ("plat", true),
            ("alwaysUv", true),
            ("credMgmt", true),
            ("pinUvAuthToken", false),
        ],
        max_msg_size: MAX_MESSAGE,
        pin_uv_auth_protocols: Protocol::ALL.map(Protocol::number).to_vec(),
        max_credential_count_in_list: MAX_LIST,
        max_credential_id_length: ID_LENGTH,
        transports: vec!["internal"],
        algorithms: vec![ES256],
        uv_modality: FACEPRINT_INTERNAL,
    }
}
