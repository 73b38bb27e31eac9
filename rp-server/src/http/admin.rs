//! The operator's calls: deregistration, and credentials that were disabled.

use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::Service;
use super::credentials::answer;
use super::metrics::Ceremony;
use super::operations::not_found;
use super::problem::{Code, Problem};
use crate::authentication_server::CredentialId;
use crate::clock::rfc3339;

pub(super) fn routes(scope: &mut ServiceConfig) {
    // Without the token no call may look as if it existed, so another method is not told apart either.
    let resource = |path| web::resource(path).default_service(web::to(not_found));
    scope
        .service(resource("/admin/credentials").get(disabled))
        .service(resource("/admin/credentials/{id}").delete(delete_credential))
        .service(resource("/admin/credentials/{id}/enable").post(enable));
}

async fn delete_credential(
    request: HttpRequest,
    service: Data<Service>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    authorise(&request, &service)?;
    let id = CredentialId::parse(&id).ok_or(Code::NotFound)?;
    let done = service
        .relying_party()
        .deregister_by_operator(id)
        .await
        .map_err(Problem::from);
    service.metrics().ended(Ceremony::Deregistration, &done);
    Ok(HttpResponse::Ok().json(answer(&done?)))
}

/// The credentials that were disabled after too many failed attempts.
async fn disabled(request: HttpRequest, service: Data<Service>) -> Result<HttpResponse, Problem> {
    authorise(&request, &service)?;
    let found = service.relying_party().disabled_credentials().await?;
    let list: Vec<Value> = found
        .iter()
        .map(|one| {
            let failures = one.record.state.failures;
            json!({
                "credentialId": one.record.id.to_string(),
                "username": one.username,
                "failures": failures.count,
                "lastFailureAt": rfc3339(failures.last_ms),
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(list))
}

async fn enable(
    request: HttpRequest,
    service: Data<Service>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    authorise(&request, &service)?;
    let id = CredentialId::parse(&id).ok_or(Code::NotFound)?;
    service.relying_party().enable_by_operator(&id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Without the token the call looks as if it did not exist.
fn authorise(request: &HttpRequest, service: &Service) -> Result<(), Problem> {
    let presented = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    match (&service.config().operator_token, presented) {
        (Some(token), Some(presented)) if token.matches(presented) => Ok(()),
        _ => Err(Code::NotFound.into()),
    }
}
