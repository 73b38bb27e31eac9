//! What the authenticator says of itself (CTAP 2.1, 6.4).

use ctap2::{ES256, command::MAX_MESSAGE, get_info::Response};

use crate::authenticator::{AAGUID, PIN_UV_AUTH_PROTOCOL, presentation_attack_detection};

/// Credentials that are worth listing in one request.
const MAX_LIST: usize = 64;
/// Bytes of the credential IDs that are made here.
const ID_LENGTH: usize = 32;
/// `USER_VERIFY_FACEPRINT_INTERNAL` of the FIDO registry of predefined values, 3.1.
const FACE: u64 = 0x10;

pub(super) fn response() -> Response {
    Response {
        // Not FIDO_2_1: of what clause 9 demands for it, PIN/UV tokens, `hmac-secret` and `credProtect` are absent.
        versions: vec!["FIDO_2_0"],
        extensions: vec![presentation_attack_detection::IDENTIFIER],
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
        pin_uv_auth_protocols: vec![PIN_UV_AUTH_PROTOCOL],
        max_credential_count_in_list: MAX_LIST,
        max_credential_id_length: ID_LENGTH,
        transports: vec!["internal"],
        algorithms: vec![ES256],
        uv_modality: FACE,
    }
}
