//! `DELETE /api/admin/credentials/{id}`: deregistration by the operator.

use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::Service;
use super::credentials::answer;
use super::metrics::Ceremony;
use super::operations::not_found;
use super::problem::{Code, Problem};
use crate::authentication_server::CredentialId;

pub(super) fn routes(scope: &mut ServiceConfig) {
    scope.service(
        web::resource("/admin/credentials/{id}")
            .delete(delete_credential)
            .default_service(web::to(not_found)),
    );
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
