//! The test vectors of WebAuthn Level 3 for `prf` over `hmac-secret` (16.17.2), to the byte.
use ctap2::Status;
use ctap2::hmac_secret::Input;
use secret::Secret;

use super::{CredRandom, KeyAgreement, LENGTH, Salts, Wanted, evaluate, open};
use crate::authenticator::pin_uv_auth_protocol::tests::{Platform, vector_seed};
use crate::credential_key::Gate;
use crate::test_support::{Double, Fixed, hex, proof};

const OUTPUT_1: &str = "3c33e07d202c3b029cc21f1722767021bf27d595933b3d2b6a1b9d5dddc77fae";
const OUTPUT_2: &str = "a62a8773b19cda90d7ed4ef72a80a804320dbd3997e2f663805ad1fd3293d50b";

fn gate() -> Gate {
    let ceremony = biometric_system::CeremonyId::new([3; 32]);
    Gate::open(proof(ceremony), &[3; 32]).unwrap()
}

/// The vectors' CredRandom as the value with user verification.
fn cred_random() -> CredRandom {
    let values = [vector_seed(6).as_slice(), &[0; 32]].concat();
    CredRandom::from_secret(Secret::new(values)).unwrap()
}

#[test]
fn level_3_vectors_are_reproduced_in_both_protocols() {
    let authenticator = KeyAgreement::generate(&mut Fixed(vector_seed(5).to_vec())).unwrap();
    for (protocol, salt_enc, iv, output_enc, outputs) in [
        (
            Some(2),
            "23dde5e3462daf36559b85c4ac5f9656aa9bfd81c1dc2bf8533c8b9f3882854786b4f500e25b4e3d81f7fc7c74236229",
            Some(9),
            "3bfaa48f7952330d63e35ff8cd5bca48d2a12823828915749287256ab146272f9fb437bf65691243c3f504bd7ea6d5e6",
            OUTPUT_1.to_owned(),
        ),
        (
            Some(2),
            "d9f4236403e0fe843a8e4e5be764d120904c198ad6e77b089876a3391961f183b0008b4ca66b91cd72aa35b6151ff981f6e5649f3c040e6615ad7dd8ae96ef23b229a5c97c3f0dcd8605eee166ce163a",
            Some(10),
            "90ee52f739043bc17b3488a74306d7801debb5b61f18662c648a25b5b5678ede482cdaff99a537a44f064fcb10ce6e04dfd27619dc96a0daff8507e499296b1eecf0981f7c8518b277a7a3018f5ec6fb",
            [OUTPUT_1, OUTPUT_2].concat(),
        ),
        (
            None,
            "ab8c878bb05d04700f077ed91845ec9c503c925cb12b327ddbeb4243c397f913",
            None,
            "15d4e4f3f04109b492b575c1b38c28585b6719cf8d61304215108d939f37ccfb",
            OUTPUT_1.to_owned(),
        ),
    ] {
        let platform = Platform::new(&authenticator.public_key().unwrap(), protocol.unwrap_or(1));
        let salt_enc = hex(salt_enc);
        let input = Input {
            key_agreement: platform.key(),
            salt_auth: platform.authenticate(&salt_enc),
            salt_enc,
            protocol,
        };
        let wanted = open(&input, &authenticator).unwrap();
        let mut env = Fixed(iv.map_or(Vec::new(), |seed| vector_seed(seed)[..16].to_vec()));
        let evaluated = evaluate(Some(wanted), Some(&cred_random()), &gate(), &mut env).unwrap();
        assert!(evaluated.for_client.is_none());
        let output = evaluated.output.unwrap().into_bytes().unwrap();
        assert_eq!(output, hex(output_enc));
        assert_eq!(platform.decrypt(&output), hex(&outputs));
    }
}

#[test]
fn the_client_gets_the_same_without_the_transport() {
    let salts = hex(concat!(
        "527413ebb48293772df30f031c5ac4650c7de14bf9498671ae163447b6a772b3",
        "d68ac03329a10ee5e0ec834492bb9a96a0e547baf563bf78ccbe8789b22e776b",
    ));
    for (length, outputs) in [
        (32, OUTPUT_1.to_owned()),
        (64, [OUTPUT_1, OUTPUT_2].concat()),
    ] {
        let salts = Salts::new(Secret::new(salts[..length].to_vec())).unwrap();
        let wanted = Some(Wanted::Client(salts));
        let random = cred_random();
        let evaluated = evaluate(wanted, Some(&random), &gate(), &mut Fixed(Vec::new())).unwrap();
        assert!(evaluated.output.is_none());
        let found = evaluated.for_client.unwrap();
        assert_eq!(found.expose_secret("test"), &hex(&outputs));
    }
    // A credential from before has none, and that is no error.
    let wanted = || {
        Some(Wanted::Client(
            Salts::new(Secret::new(vec![0; 32])).unwrap(),
        ))
    };
    let none = evaluate(wanted(), None, &gate(), &mut Double::new()).unwrap();
    assert!(none.output.is_none() && none.for_client.is_none());
}

#[test]
fn salts_that_are_altered_cut_or_of_another_length_are_refused() {
    let mut env = Double::new();
    let authenticator = KeyAgreement::generate(&mut env).unwrap();
    for protocol in [1, 2] {
        let platform = Platform::new(&authenticator.public_key().unwrap(), protocol);
        let code = |salt_enc: Vec<u8>, salt_auth: Vec<u8>, protocol| {
            let input = Input {
                key_agreement: platform.key(),
                salt_enc,
                salt_auth,
                protocol: Some(protocol),
            };
            open(&input, &authenticator).err()
        };
        for length in [0, 16, 31, 32, 48, 64, 80] {
            let mut salts = vec![0; if protocol == 2 { 16 } else { 0 }];
            salts.extend(vec![7; length]);
            let auth = platform.authenticate(&salts);
            let expected = match length {
                LENGTH | 64 => None,
                _ => Some(Status::InvalidParameter),
            };
            assert_eq!(code(salts.clone(), auth.clone(), protocol), expected);
            let refused = Some(Status::PinAuthInvalid);
            for at in 0..auth.len() {
                let mut bad = auth.clone();
                bad[at] ^= 1;
                assert_eq!(code(salts.clone(), bad, protocol), refused);
                assert_eq!(code(salts.clone(), auth[..at].to_vec(), protocol), refused);
            }
            let longer = [auth.as_slice(), &[0]].concat();
            assert_eq!(code(salts.clone(), longer, protocol), refused);
            assert_eq!(code(salts, auth, 3 - protocol), refused, "another protocol");
        }
        let auth = platform.authenticate(b"");
        let short = Some(Status::InvalidParameter);
        assert_eq!(code(Vec::new(), auth.clone(), protocol), short);
        assert_eq!(code(Vec::new(), auth, 3), short, "no protocol of ours");
    }
}

#[test]
fn each_credential_has_two_values_of_its_own() {
    let mut env = Double::new();
    let mut drawn: Vec<Vec<u8>> = Vec::new();
    for _ in 0..3 {
        let random = CredRandom::generate(&mut env);
        let values = random.as_secret().expose_secret("test").chunks(32);
        drawn.extend(values.map(<[u8]>::to_vec));
    }
    assert_eq!(drawn.len(), 6);
    drawn.sort();
    drawn.dedup();
    assert_eq!(drawn.len(), 6);
    for length in [0, 32, 63, 65] {
        assert!(CredRandom::from_secret(Secret::new(vec![1; length])).is_none());
    }
    let random = CredRandom::generate(&mut env);
    assert_eq!(format!("{random:?}"), "CredRandom(Secret(..))");
}
