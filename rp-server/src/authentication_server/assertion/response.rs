//! `AuthenticationResponseJSON` (WebAuthn Level 3 section 5.1), read strictly.

use serde_json::Value;

use crate::authentication_server::{CredentialId, Refusal, wire};
use crate::encoding::from_base64url;
use crate::json::{self, Object};

/// An assertion as it came; of right form, and nothing else is known of it.
pub(in crate::authentication_server) struct Response {
    pub(super) id: CredentialId,
    pub(super) client_data_json: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) user_handle: Option<Vec<u8>>,
}

/// JSON with every member that the dictionary requires, in its type.
pub(in crate::authentication_server) struct Form {
    kind: String,
    id: String,
    raw_id: Vec<u8>,
    client_data_json: Vec<u8>,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    user_handle: Option<Vec<u8>>,
}

impl Form {
    /// Parses the text. Members that the dictionary does not have are ignored.
    pub(in crate::authentication_server) fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let credential = json::object(text).map_err(|e| Refusal::Malformed(json::reason(&e)))?;
        let response = member(&credential, "response", Value::as_object)?;
        // Outputs of client extensions: none is asked for, none is read.
        let outputs = credential.get("clientExtensionResults");
        if outputs.is_some_and(|outputs| !outputs.is_object()) {
            return Err(malformed("clientExtensionResults"));
        }
        let user_handle = match response.get("userHandle") {
            None | Some(Value::Null) => None,
            Some(_) => Some(bytes(response, "userHandle")?),
        };
        Ok(Self {
            kind: text_of(&credential, "type")?.to_owned(),
            id: text_of(&credential, "id")?.to_owned(),
            raw_id: bytes(&credential, "rawId")?,
            client_data_json: bytes(response, "clientDataJSON")?,
            authenticator_data: bytes(response, "authenticatorData")?,
            signature: bytes(response, "signature")?,
            user_handle,
        })
    }

    /// Section 5.1: it is a public key credential, and `id` is the text of `rawId`.
    pub(in crate::authentication_server) fn check(self) -> Result<Response, Refusal> {
        Ok(Response {
            id: wire::envelope(&self.kind, &self.id, &self.raw_id)?,
            client_data_json: self.client_data_json,
            authenticator_data: self.authenticator_data,
            signature: self.signature,
            user_handle: self.user_handle,
        })
    }
}

fn malformed(name: &str) -> Refusal {
    Refusal::Malformed(format!("{name} is missing or of a wrong type"))
}

fn member<'a, T: ?Sized>(
    object: &'a Object,
    name: &str,
    read: impl FnOnce(&'a Value) -> Option<&'a T>,
) -> Result<&'a T, Refusal> {
    object
        .get(name)
        .and_then(read)
        .ok_or_else(|| malformed(name))
}

fn text_of<'a>(object: &'a Object, name: &str) -> Result<&'a str, Refusal> {
    member(object, name, Value::as_str)
}

fn bytes(object: &Object, name: &str) -> Result<Vec<u8>, Refusal> {
    from_base64url(text_of(object, name)?).ok_or_else(|| malformed(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> Value {
        json!({
            "id": "AAAAAAAAAAAAAAAAAAAAAA",
            "rawId": "AAAAAAAAAAAAAAAAAAAAAA",
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": "AQ",
                "authenticatorData": "Ag",
                "signature": "Aw",
                "userHandle": "BA",
            },
        })
    }

    fn parse(value: &Value) -> Result<Form, Refusal> {
        Form::parse(value.to_string().as_bytes())
    }

    #[test]
    fn every_part_is_read() {
        let response = parse(&good()).unwrap().check().unwrap();
        assert_eq!(response.id.as_bytes(), [0; 16]);
        assert_eq!(response.client_data_json, [1]);
        assert_eq!(response.authenticator_data, [2]);
        assert_eq!(response.signature, [3]);
        assert_eq!(response.user_handle, Some(vec![4]));
    }

    #[test]
    fn unknown_and_optional_members_may_be_there_or_not() {
        let mut other = good();
        other["more"] = json!({ "a": [1] });
        other["response"]["more"] = json!(null);
        other["response"]["userHandle"] = json!(null);
        assert_eq!(parse(&other).unwrap().user_handle, None);
        let mut fewer = good();
        fewer["response"]
            .as_object_mut()
            .unwrap()
            .remove("userHandle");
        fewer
            .as_object_mut()
            .unwrap()
            .remove("clientExtensionResults");
        assert_eq!(parse(&fewer).unwrap().user_handle, None);
    }

    #[test]
    fn a_missing_or_wrong_member_is_malformed() {
        let wrong = |pointer: &str, value: Option<Value>| {
            let mut json = good();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let parent = json.pointer_mut(parent).unwrap().as_object_mut().unwrap();
            match value {
                Some(value) => parent.insert(name.into(), value),
                None => parent.remove(name),
            };
            matches!(parse(&json), Err(Refusal::Malformed(_)))
        };
        for pointer in [
            "/id",
            "/rawId",
            "/type",
            "/response",
            "/response/clientDataJSON",
            "/response/authenticatorData",
            "/response/signature",
        ] {
            for value in [None, Some(json!(null)), Some(json!(1)), Some(json!([]))] {
                assert!(wrong(pointer, value.clone()), "{pointer} {value:?}");
            }
        }
        assert!(wrong("/clientExtensionResults", Some(json!([]))));
        assert!(wrong("/clientExtensionResults", Some(json!(null))));
        assert!(wrong("/response/userHandle", Some(json!(7))));
        // Base64url in its one form only.
        for text in ["AQ==", "A", "AR", "A+", " AQ"] {
            for name in [
                "clientDataJSON",
                "authenticatorData",
                "signature",
                "userHandle",
            ] {
                let pointer = format!("/response/{name}");
                assert!(wrong(&pointer, Some(json!(text))), "{pointer} {text}");
            }
        }
    }

    #[test]
    fn a_member_that_stands_twice_is_malformed() {
        let text = good().to_string();
        for (one, two) in [
            (r#""type":"#, r#""type":"public-key","type":"#),
            (r#""signature":"#, r#""signature":"AA","signature":"#),
            (
                r#""clientExtensionResults":{}"#,
                r#""clientExtensionResults":{"a":1,"a":1}"#,
            ),
        ] {
            let twice = text.replacen(one, two, 1);
            assert_ne!(text, twice);
            let parsed = Form::parse(twice.as_bytes());
            assert!(matches!(parsed, Err(Refusal::Malformed(_))), "{one}");
        }
    }

    #[test]
    fn another_id_or_type_does_not_pass() {
        let check = |name: &str, value: &str| {
            let mut json = good();
            json[name] = json!(value);
            parse(&json).unwrap().check().is_ok()
        };
        assert!(check("type", "public-key"));
        assert!(!check("type", "password"));
        assert!(!check("id", "AAAAAAAAAAAAAAAAAAAAAQ"));
        assert!(!check("id", "AAAAAAAAAAAAAAAAAAAAAA=="));
        assert!(!check("rawId", "AQ"));
    }
}
