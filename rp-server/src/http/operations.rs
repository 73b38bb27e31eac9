//! `/healthz`, `/readyz`, `/metrics`, `/openapi.json`.
//!
//! - `/healthz` answers 200 as long as the process takes calls. It touches no store: a service manager that restarts
//!   on it must not do so because a database is away.
//! - `/readyz` answers 200 when the store answers, else 503 with `Retry-After`. A load balancer takes the process out
//!   while it does not; nothing has to be restarted for it to come back.
//! - `/metrics` is OpenMetrics text, from this process since its start. It names nobody, but it tells how busy the
//!   site is: a proxy in front should keep it from the public.

use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};

use super::boundary::boundary;
use super::problem::{Code, Problem, RETRY_UNAVAILABLE_S};
use super::{OPENAPI, Service, metrics};

pub(super) fn routes(app: &mut ServiceConfig) {
    // Each for itself: a scope for all of them would shadow what the host application has at `/`.
    let resource = |path| web::resource(path).wrap(from_fn(boundary));
    app.service(resource("/healthz").get(health))
        .service(resource("/readyz").get(ready))
        .service(resource("/metrics").get(measured))
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

async fn measured(service: Data<Service>) -> Result<HttpResponse, Problem> {
    let text = service.metrics().render().map_err(|_| Code::Internal)?;
    Ok(HttpResponse::Ok()
        .content_type(metrics::MEDIA_TYPE)
        .body(text))
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
