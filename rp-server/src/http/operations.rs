//! `/healthz`, `/readyz`, `/metrics`, `/openapi.json`.

use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};

use super::boundary::boundary;
use super::problem::{Code, Problem, RETRY_UNAVAILABLE_S};
use super::{OPENAPI, Service};

pub(super) fn routes(app: &mut ServiceConfig) {
    // Each for itself: a scope for all of them would shadow what the host application has at `/`.
    let resource = |path| web::resource(path).wrap(from_fn(boundary));
    app.service(resource("/healthz").get(health))
        .service(resource("/readyz").get(ready))
        .service(resource("/metrics").get(metrics))
        .service(resource("/openapi.json").get(openapi));
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok\n")
}

async fn ready(service: Data<Service>) -> Result<HttpResponse, Problem> {
    match service.relying_party().ready().await {
        Ok(()) => Ok(health().await),
        Err(error) => {
            tracing::error!(%error, "not ready");
            Err(Problem::retry_after(Code::Unavailable, RETRY_UNAVAILABLE_S))
        }
    }
}

async fn metrics(service: Data<Service>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(service.metrics().render())
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(OPENAPI)
}

/// Any other path under `/api`.
pub(super) async fn not_found() -> Result<HttpResponse, Problem> {
    Err(Code::NotFound.into())
}
