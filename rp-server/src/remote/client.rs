//! The relying party's end: one HTTPS request for each message.

use std::time::Duration;

use async_trait::async_trait;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use url::Url;

use super::server::PATH;
use super::tls::{Credentials, TlsError};
use crate::authentication_server::{Transport, Undelivered};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(2);
/// How long a call may take, with its connection.
const CALL: Duration = Duration::from_secs(10);
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(20);
/// The longest answer, in bytes. A user's list of credentials is the longest there is.
const LONGEST: usize = 1 << 20;

/// Why the authentication server cannot be called at all.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// Not the URL of another machine's authentication server.
    #[error("`{0}` is not of the form https://HOST:PORT")]
    Url(String),
    /// The certificates cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// Messages over HTTPS with certificates on either side.
pub struct Https {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: Uri,
}

impl Https {
    /// To the authentication server at `url` (`https://HOST:PORT`). Connects with the first message.
    ///
    /// # Errors
    /// The URL is of another form, or the certificates cannot be used.
    pub fn new(url: &str, credentials: &Credentials) -> Result<Self, RemoteError> {
        let refuse = || RemoteError::Url(url.to_owned());
        let parsed = Url::parse(url).map_err(|_| refuse())?;
        let plain = parsed.path() == "/" && parsed.query().is_none() && parsed.fragment().is_none();
        let anonymous = parsed.username().is_empty() && parsed.password().is_none();
        if parsed.scheme() != "https" || !plain || !anonymous {
            return Err(refuse());
        }
        let target = parsed.join(PATH).map_err(|_| refuse())?;
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(CONNECT));
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(credentials.client()?)
            .https_only()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self {
            client,
            url: target.as_str().parse().map_err(|_| refuse())?,
        })
    }

    async fn post(&self, message: Vec<u8>) -> Result<Vec<u8>, Undelivered> {
        let message = Bytes::from(message);
        // A connection that was kept may have ended meanwhile. The message has its ID: it is carried out once at most.
        let response = match self.send(message.clone()).await {
            Err(error) if !error.is_connect() => self.send(message).await,
            sent => sent,
        };
        let response = response.map_err(|error| Undelivered(with_causes(&error)))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), LONGEST).collect().await;
        let body = body.map_err(|error| Undelivered(error.to_string()))?;
        let body = body.to_bytes().to_vec();
        if status != StatusCode::OK {
            let said = String::from_utf8_lossy(&body);
            return Err(Undelivered(format!("{status}: {}", said.trim())));
        }
        Ok(body)
    }

    async fn send(&self, message: Bytes) -> Result<Response<Incoming>, Error> {
        let mut request = Request::new(Full::from(message));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.url.clone();
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        self.client.request(request).await
    }
}

#[async_trait]
impl Transport for Https {
    async fn exchange(&self, message: Vec<u8>) -> Result<Vec<u8>, Undelivered> {
        match tokio::time::timeout(CALL, self.post(message)).await {
            Ok(answer) => answer,
            Err(_) => Err(Undelivered("no answer in time".to_owned())),
        }
    }
}

/// "client error (Connect)" alone helps nobody.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
