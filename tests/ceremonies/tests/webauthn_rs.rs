//! webauthn-rs as a verifier: its passkeys, and its attested passkeys with the root of the ceremony.

use serde::de::DeserializeOwned;
use serde_json::Value;
use webauthn_rs::prelude::{
    AttestationCaList, AttestedPasskey, Passkey, Url, Uuid, Webauthn, WebauthnBuilder,
    WebauthnError,
};

use crate::response::text;
use judges::Verdict;

/// Its name in the table.
pub(crate) const NAME: &str = "webauthn-rs 0.6.2";

enum Registered {
    Passkey(Passkey),
    Attested(AttestedPasskey),
}

/// Judges the registration.
pub(crate) fn registration(ceremony: &Value) -> Verdict {
    register(&server(ceremony), ceremony, root(ceremony)).map(drop)
}

/// Judges the registration as attested, with this root.
pub(crate) fn attested_with(ceremony: &Value, root: &str) -> Verdict {
    register(&server(ceremony), ceremony, Some(root)).map(drop)
}

/// Judges the sign-in, of a good registration.
pub(crate) fn authentication(ceremony: &Value) -> Verdict {
    let server = server(ceremony);
    let registered = register(&server, ceremony, root(ceremony)).unwrap();
    let challenge = text(ceremony, "/auth/challenge");
    let response = read(&ceremony["auth"]["response"])?;
    match registered {
        Registered::Passkey(passkey) => {
            let (_, state) = server.start_passkey_authentication(&[passkey]).unwrap();
            let state = with_challenge(state, "/ast/challenge", challenge);
            server.finish_passkey_authentication(&response, &state)
        }
        Registered::Attested(passkey) => {
            let (_, state) = server
                .start_attested_passkey_authentication(&[passkey])
                .unwrap();
            let state = with_challenge(state, "/ast/challenge", challenge);
            server.finish_attested_passkey_authentication(&response, &state)
        }
    }
    .map(drop)
    .map_err(words)
}

fn root(ceremony: &Value) -> Option<&str> {
    ceremony["ca_pem"].as_str()
}

fn server(ceremony: &Value) -> Webauthn {
    let origin = Url::parse(text(ceremony, "/origin")).unwrap();
    let builder = WebauthnBuilder::new(text(ceremony, "/rpId"), &origin).unwrap();
    builder.build().unwrap()
}

fn register(server: &Webauthn, ceremony: &Value, root: Option<&str>) -> Result<Registered, String> {
    let response = read(&ceremony["reg"]["response"])?;
    let challenge = text(ceremony, "/reg/challenge");
    let user = Uuid::from_u128(1);
    let Some(root) = root else {
        let begun = server.start_passkey_registration(user, "name", "name", None);
        let state = with_challenge(begun.unwrap().1, "/rs/challenge", challenge);
        let passkey = server.finish_passkey_registration(&response, &state);
        return passkey.map(Registered::Passkey).map_err(words);
    };
    let roots = AttestationCaList::try_from(root.as_bytes()).unwrap();
    let begun = server.start_attested_passkey_registration(user, "name", "name", None, roots, None);
    let state = with_challenge(begun.unwrap().1, "/rs/challenge", challenge);
    let passkey = server.finish_attested_passkey_registration(&response, &state);
    passkey.map(Registered::Attested).map_err(words)
}

fn read<T: DeserializeOwned>(response: &Value) -> Result<T, String> {
    serde_json::from_value(response.clone()).map_err(|error| error.to_string())
}

fn words(error: WebauthnError) -> String {
    error.to_string()
}

/// The state of a ceremony that had this challenge.
fn with_challenge<T: serde::Serialize + DeserializeOwned>(
    state: T,
    place: &str,
    challenge: &str,
) -> T {
    let mut state = serde_json::to_value(state).unwrap();
    let place = state.pointer_mut(place).unwrap();
    assert!(place.is_string());
    *place = challenge.into();
    serde_json::from_value(state).unwrap()
}
