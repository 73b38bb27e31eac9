//! The agent provider's calls, on the agent's own origin: `POST /attestation/certificate`, `GET /attestation/root.pem`.
//! They exist where an authority is configured.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::json;

use super::body::JsonText;
use super::problem::{Code, Problem};
use super::{Service, guard};
use crate::agent_provider::{AgentProvider, AgentProviderError};
use crate::encoding::{base64url, from_base64url};

/// Adds them to the application of the agent's origin.
pub(crate) fn agent_provider(service: Service) -> impl FnOnce(&mut ServiceConfig) {
    move |app| {
        if service.config().agent_provider.is_some() {
            app.app_data(Data::new(service))
                .service(web::resource("/attestation/certificate").post(certificate))
                .service(web::resource("/attestation/root.pem").get(root));
        }
    }
}

/// All that is asked with: nothing of relying party or person.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ToCertify {
    /// DER of a `SubjectPublicKeyInfo`, base64url.
    public_key: String,
}

async fn certificate(
    request: HttpRequest,
    service: Data<Service>,
    body: JsonText,
) -> Result<HttpResponse, Problem> {
    guard::check_agent(&service, &request)?;
    let asked: ToCertify = body.parse()?;
    let key = from_base64url(&asked.public_key).ok_or(Code::MalformedRequest)?;
    let certificate = provider(&service)?.certify(&key, service.clock().now_ms());
    let certificate = certificate.map_err(|error| match error {
        AgentProviderError::NoKey => Code::MalformedRequest,
        error => {
            tracing::error!(%error, "an attestation key was not certified");
            Code::Internal
        }
    })?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({ "x5c": [base64url(&certificate)] })))
}

async fn root(service: Data<Service>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/pem-certificate-chain"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(provider(&service)?.root().to_owned()))
}

fn provider(service: &Service) -> Result<&AgentProvider, Problem> {
    let provider = service.config().agent_provider.as_deref();
    provider.ok_or(Code::NotFound.into())
}
