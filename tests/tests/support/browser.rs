//! A relying party's page in one browser: cookies, the Origin header, JSON over HTTP.

use std::cell::RefCell;
use std::collections::BTreeMap;

use awc::http::Method;
use serde_json::{Value, json};

use super::device::{Device, Person};
use super::site::{OPERATOR, RP};

pub(crate) struct Browser {
    base: String,
    cookies: RefCell<BTreeMap<String, String>>,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Reply {
    #[track_caller]
    pub(crate) fn accepted(self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.body
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        let found = (self.status, self.body["code"].as_str());
        assert_eq!(found, (status, Some(code)), "{}", self.body);
    }
}

impl Browser {
    pub(crate) fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            cookies: RefCell::default(),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Reply {
        let client = awc::Client::builder().disable_redirects().finish();
        let mut request = client.request(method, format!("{}{path}", self.base));
        let cookies: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.insert_header(("Cookie", cookies.join("; ")));
        }
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        let mut response = request.send_body(body).await.unwrap();
        let bytes = response.body().await.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            self.keep(cookie.to_str().unwrap());
        }
        Reply {
            status: response.status().as_u16(),
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    fn keep(&self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        let mut cookies = self.cookies.borrow_mut();
        if attributes.contains("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], String::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let headers = [("Content-Type", "application/json"), ("Origin", RP)];
        self.send(Method::POST, path, &headers, body.to_string())
            .await
    }

    /// Server-initiated deregistration: the operator's call, from no page.
    pub(crate) async fn delete_as_operator(&self, credential_id: &str) -> Reply {
        let path = format!("/api/admin/credentials/{credential_id}");
        let bearer = format!("Bearer {OPERATOR}");
        let headers = [("Authorization", bearer.as_str())];
        self.send(Method::DELETE, &path, &headers, String::new())
            .await
    }

    /// Registration, steps a to c.
    pub(crate) async fn creation_options(&self, name: &str) -> Value {
        let body = json!({ "username": name, "displayName": name });
        let reply = self.post("/api/registration/options", &body).await;
        reply.accepted()
    }

    /// Authentication, steps a to c; discoverable without a name.
    pub(crate) async fn request_options(&self, name: Option<&str>) -> Value {
        let body = name.map_or(json!({}), |name| json!({ "username": name }));
        let reply = self.post("/api/authentication/options", &body).await;
        reply.accepted()
    }

    pub(crate) async fn registered(&self, response: &Value) -> Reply {
        self.post("/api/registration/result", response).await
    }

    pub(crate) async fn authenticated(&self, response: &Value) -> Reply {
        self.post("/api/authentication/result", response).await
    }

    /// Who is signed in.
    pub(crate) async fn session(&self) -> Option<String> {
        let reply = self.get("/api/session").await;
        (reply.status == 200).then(|| reply.body["username"].as_str().unwrap().to_owned())
    }

    /// A whole registration; the credential ID.
    pub(crate) async fn register(&self, device: &mut Device, name: &str, person: Person) -> String {
        let options = self.creation_options(name).await;
        let response = device.create(RP, &options, person).unwrap();
        let registered = self.registered(&response).await.accepted();
        registered["credentialId"].as_str().unwrap().to_owned()
    }

    /// A whole authentication, without a name; the server's answer.
    pub(crate) async fn sign_in(&self, device: &mut Device, person: Person) -> Reply {
        let options = self.request_options(None).await;
        let response = device.get(RP, &options, person).unwrap();
        self.authenticated(&response).await
    }
}
