//! Request bodies: JSON only, at most 64 kB, within ten seconds.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::problem::{Code, Problem};
use crate::json;

const LARGEST: usize = 64 * 1024;
const SLOWEST: Duration = Duration::from_secs(10);

/// The text of a JSON body.
pub(super) struct JsonText(Vec<u8>);

impl JsonText {
    /// Parses it as a request of our own. Members that we do not know are ignored, as in WebAuthn JSON; none may
    /// stand twice.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        json::from_slice(&self.0).map_err(|_| Code::MalformedRequest.into())
    }

    /// The bytes, for the authentication server to parse.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromRequest for JsonText {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let head = check_head(request);
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            head?;
            let payload = payload.await.map_err(|_| Code::MalformedRequest)?;
            match tokio::time::timeout(SLOWEST, payload.to_bytes_limited(LARGEST)).await {
                Ok(Ok(Ok(bytes))) => Ok(Self(bytes.to_vec())),
                Ok(Ok(Err(_))) => Err(Code::MalformedRequest.into()),
                // An answer before the body's end closes the connection: nobody holds it open.
                Err(_) => Err(Code::RequestTimeout.into()),
                Ok(Err(_)) => Err(Code::BodyTooLarge.into()),
            }
        })
    }
}

/// A cross-site form cannot send this content type without asking first.
fn check_head(request: &HttpRequest) -> Result<(), Problem> {
    let header = |name| request.headers().get(name).and_then(|v| v.to_str().ok());
    let kind = header(CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Code::UnsupportedMediaType.into());
    }
    // Refused before it is sent, where the sender says so.
    let length = header(CONTENT_LENGTH).and_then(|text| text.parse::<usize>().ok());
    if length.is_some_and(|length| length > LARGEST) {
        return Err(Code::BodyTooLarge.into());
    }
    Ok(())
}
