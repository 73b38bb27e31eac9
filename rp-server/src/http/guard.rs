//! What every API call passes first: the origin check against cross-site requests, and the rate limit.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError, web};

use super::Service;
use super::problem::{Code, Problem};

/// The middleware of `/api`.
pub(super) async fn guard<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let verdict = match request.app_data::<web::Data<Service>>() {
        Some(service) => check(service, &request),
        None => Err(Code::Internal.into()),
    };
    if let Err(problem) = verdict {
        let response = problem.error_response().map_into_right_body();
        return Ok(request.into_response(response));
    }
    let mut response = next.call(request).await?.map_into_left_body();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn check(service: &Service, request: &ServiceRequest) -> Result<(), Problem> {
    if only_reads(request.method()) {
        return Ok(());
    }
    if let Err(wait_s) = service.limiter().take(request.peer_addr().map(|a| a.ip())) {
        service.metrics().rate_limited();
        return Err(Problem::too_many_requests(wait_s));
    }
    // Operators call with a token of their own, not from a page and not with a cookie.
    if request.path().starts_with("/api/admin/") {
        return Ok(());
    }
    if from_own_page(request.headers(), service) {
        Ok(())
    } else {
        Err(Code::ForbiddenOrigin.into())
    }
}

/// Methods that change nothing (RFC 9110 section 9.2.1).
pub(super) fn only_reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Every browser sends Origin with every POST and DELETE. Exactly ours, and exactly one.
pub(super) fn from_own_page(headers: &HeaderMap, service: &Service) -> bool {
    let mut origins = headers.get_all(ORIGIN);
    let own = service.config().rp_origin.as_str().as_bytes();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => origin.as_bytes() == own,
        _ => false,
    }
}
