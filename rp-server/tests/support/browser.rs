//! A browser as far as the server sees one: cookies, the Origin header, JSON.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use serde_json::{Value, json};

use super::authenticator::{Authenticator, Tweak};
use super::openapi;
use super::settings::RP;

/// Longer than the server lets any call wait.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Browser {
    base: String,
    pub(crate) cookies: RefCell<BTreeMap<String, String>>,
    pub(crate) origin: RefCell<Option<String>>,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a problem document; panics if it is none.
    pub(crate) fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self:?}"
        );
        let document = self.json();
        assert_eq!(document["status"], self.status);
        document["code"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code().as_str()), (status, code));
    }

    #[track_caller]
    pub(crate) fn accepted(self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.json()
    }
}

impl Browser {
    pub(crate) fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            cookies: RefCell::default(),
            origin: RefCell::new(Some(RP.to_owned())),
        }
    }

    /// Another browser with the same cookies: a thief's, or a second tab.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new(&self.base);
        copy.cookies.replace(self.cookies.borrow().clone());
        copy
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<String>,
    ) -> Reply {
        let reply = self.try_send(method, path, headers, body).await;
        reply.expect("a whole answer")
    }

    /// Nothing where the connection breaks before the answer is whole.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<String>,
    ) -> Option<Reply> {
        let client = awc::Client::builder().disable_redirects().finish();
        let mut request = client.request(method.clone(), format!("{}{path}", self.base));
        let cookies: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.insert_header(("Cookie", cookies.join("; ")));
        }
        if let (Some(origin), true) = (self.origin.borrow().as_ref(), method != Method::GET) {
            request = request.insert_header(("Origin", origin.clone()));
        }
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        let request = request.no_decompress().timeout(PATIENCE);
        let mut response = request.send_body(body.into()).await.ok()?;
        let bytes = response.body().limit(10_000_000).await.ok()?;
        let headers = response.headers().clone();
        for cookie in headers.get_all("set-cookie") {
            self.keep(cookie.to_str().unwrap());
        }
        let reply = Reply {
            status: response.status().as_u16(),
            headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        };
        openapi::check(&method, path, &reply);
        Some(reply)
    }

    pub(crate) async fn try_post(&self, path: &str, body: &Value) -> Option<Reply> {
        let json = [("Content-Type", "application/json")];
        self.try_send(Method::POST, path, &json, body.to_string())
            .await
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
        self.send(Method::GET, path, &[], "").await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let json = [("Content-Type", "application/json")];
        self.send(Method::POST, path, &json, body.to_string()).await
    }

    pub(crate) async fn registration_options(&self, name: &str) -> Value {
        let body = json!({ "username": name, "displayName": name });
        self.post("/api/registration/options", &body)
            .await
            .accepted()
    }

    pub(crate) async fn authentication_options(&self) -> Value {
        self.post("/api/authentication/options", &json!({}))
            .await
            .accepted()
    }

    /// A whole registration.
    pub(crate) async fn register(&self, name: &str) -> Authenticator {
        let (authenticator, reply) = self.register_with(name, &Tweak::default()).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        authenticator
    }

    pub(crate) async fn register_with(&self, name: &str, tweak: &Tweak) -> (Authenticator, Reply) {
        let options = self.registration_options(name).await;
        let (authenticator, response) = Authenticator::create(&options, tweak);
        let reply = self.post("/api/registration/result", &response).await;
        (authenticator, reply)
    }

    /// A whole authentication.
    pub(crate) async fn sign_in(&self, authenticator: &mut Authenticator) -> Reply {
        self.sign_in_with(authenticator, &Tweak::default()).await
    }

    pub(crate) async fn sign_in_with(
        &self,
        authenticator: &mut Authenticator,
        tweak: &Tweak,
    ) -> Reply {
        let options = self.authentication_options().await;
        let response = authenticator.get(&options, tweak);
        self.post("/api/authentication/result", &response).await
    }
}
