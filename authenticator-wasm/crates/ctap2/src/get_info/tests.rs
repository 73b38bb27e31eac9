//! Tests of the authenticatorGetInfo answer.
use super::Response;
use crate::aaguid::Aaguid;

#[test]
fn encodes_the_answer_map_of_ctap_6_4() {
    let info = Response {
        versions: vec!["FIDO_2_0"],
        extensions: Vec::new(),
        aaguid: Aaguid::new([0xaa; 16]),
        options: vec![("uv", true), ("rk", true), ("plat", false)],
        max_msg_size: 1200,
        pin_uv_auth_protocols: vec![2],
        max_credential_count_in_list: 8,
        max_credential_id_length: 32,
        transports: vec!["internal"],
        algorithms: vec![-7],
        uv_modality: 0x10,
    };
    let expected = [
        &[0xaa, 0x01, 0x81, 0x68][..], // map of ten: versions
        b"FIDO_2_0",
        &[0x03, 0x50], // aaguid
        &[0xaa; 16],
        &[0x04, 0xa3, 0x62], // options, shorter keys first
        b"rk",
        &[0xf5, 0x62],
        b"uv",
        &[0xf5, 0x64],
        b"plat",
        &[0xf4],
        &[0x05, 0x19, 0x04, 0xb0],       // maxMsgSize 1200
        &[0x06, 0x81, 0x02],             // pinUvAuthProtocols
        &[0x07, 0x08, 0x08, 0x18, 0x20], // maxCredentialCountInList, maxCredentialIdLength
        &[0x09, 0x81, 0x68],
        b"internal", // transports
        &[0x0a, 0x81, 0xa2, 0x63],
        b"alg",
        &[0x26, 0x64],
        b"type",
        &[0x6a],
        b"public-key", // algorithms
        &[0x12, 0x10], // uvModality
    ]
    .concat();
    assert_eq!(info.to_cbor().unwrap(), expected);
}
