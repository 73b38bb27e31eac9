//! `/healthz`, `/readyz`, `/metrics`, `/openapi.json`.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::problem::{Code, Problem};
use super::{OPENAPI, Service};

pub(super) fn routes(app: &mut ServiceConfig) {
    app.route("/healthz", web::get().to(health))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(metrics))
        .route("/openapi.json", web::get().to(openapi));
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok\n")
}

async fn ready(service: Data<Service>) -> HttpResponse {
    match service.relying_party().ready().await {
        Ok(()) => health().await,
        Err(error) => {
            tracing::error!(%error, "not ready");
            HttpResponse::ServiceUnavailable()
                .content_type("text/plain; charset=utf-8")
                .body("not ready\n")
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
