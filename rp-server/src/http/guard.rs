//! What every API call passes first: the checks against cross-site requests, then the rate limit.
//!
//! In this order, because a page of somebody else can make a browser send requests: they must not use up what the
//! person's address may ask for.

use std::net::IpAddr;
use std::time::Instant;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, ResponseError, web};

use super::Service;
use super::forwarded;
use super::problem::{Code, Problem};
use crate::config::Origin;
use crate::relying_party::AccountName;

/// What asking for a name that is taken costs beside the call: who tries names one after the other is soon slow.
const TAKEN_NAME: u32 = 9;

/// The middleware of `/api`.
pub(super) async fn guard<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let began = Instant::now();
    let Some(service) = request.app_data::<web::Data<Service>>().cloned() else {
        let response = Problem::from(Code::Internal).error_response();
        return Ok(request.into_response(response.map_into_right_body()));
    };
    let metrics = service.metrics();
    if let Err(problem) = check(&service, &request) {
        metrics.answered(request.request(), Some(&problem), began.elapsed());
        let response = problem.error_response().map_into_right_body();
        return Ok(request.into_response(response));
    }
    let mut response = next.call(request).await?.map_into_left_body();
    let problem = response.response().error();
    let problem = problem.and_then(|error| error.as_error::<Problem>());
    metrics.answered(response.request(), problem, began.elapsed());
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn check(service: &Service, request: &ServiceRequest) -> Result<(), Problem> {
    let reads = only_reads(request.method());
    // Operators call with a token of their own, not from a page and not with a cookie.
    let by_operator = request.path().starts_with("/api/admin/");
    if !by_operator {
        check_site(request.headers(), reads)?;
        if reads {
            return Ok(());
        }
        check_origin(&service.config().rp_origin, request.headers())?;
    }
    // Every call with the operator's token counts, so that it cannot be guessed by reading.
    let address = address(service, request.request());
    limited(service, service.limiter().take(address, 1))
}

/// What a call that may change something must bring along, also where a handler of the application around us takes it:
/// the cookie alone would let a page of a neighbouring host act in the person's name.
pub(super) fn check_change(service: &Service, request: &HttpRequest) -> Result<(), Problem> {
    if only_reads(request.method()) {
        return Ok(());
    }
    check_site(request.headers(), false)?;
    check_origin(&service.config().rp_origin, request.headers())
}

/// What a call of the agent to its own origin passes: it comes from there, and not too often.
pub(super) fn check_agent(service: &Service, request: &HttpRequest) -> Result<(), Problem> {
    check_site(request.headers(), false)?;
    check_origin(&service.config().agent_origin, request.headers())?;
    let address = address(service, request);
    limited(service, service.limiter().take(address, 1))
}

/// Methods that change nothing (RFC 9110 section 9.2.1).
fn only_reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Fetch Metadata, where a browser sends it (`Sec-Fetch-Site`): from pages of our own origin only, and a read may also
/// be typed into the address bar.
fn check_site(headers: &HeaderMap, reads: bool) -> Result<(), Problem> {
    let mut sites = headers.get_all("sec-fetch-site");
    match (sites.next().map(HeaderValue::as_bytes), sites.next()) {
        (None | Some(b"same-origin"), None) => Ok(()),
        (Some(b"none"), None) if reads => Ok(()),
        _ => Err(Code::ForbiddenOrigin.into()),
    }
}

/// Every browser sends Origin with every POST and DELETE. Exactly ours, and exactly one.
fn check_origin(own: &Origin, headers: &HeaderMap) -> Result<(), Problem> {
    let mut origins = headers.get_all(ORIGIN);
    let own = own.as_str().as_bytes();
    match (origins.next(), origins.next()) {
        (Some(origin), None) if origin.as_bytes() == own => Ok(()),
        _ => Err(Code::ForbiddenOrigin.into()),
    }
}

/// Limits how often one address begins a sign-in under one name. Of both together: by the name alone, anyone could keep
/// its owner out. A name without an account counts like any other.
pub(super) fn sign_in_under(
    service: &Service,
    request: &HttpRequest,
    name: &str,
) -> Result<(), Problem> {
    let name = AccountName::parse(name)?;
    let key = (address(service, request), name.key().to_owned());
    limited(service, service.name_limiter().take(key, 1))
}

/// Asking for a name tells whether it is taken, which cannot be helped (see `begin_registration`). It can be made slow.
pub(super) fn asked_for_taken_name(service: &Service, request: &HttpRequest) {
    let address = address(service, request);
    // The next call feels it, this one has its answer.
    let _ = service.limiter().take(address, TAKEN_NAME);
}

fn address(service: &Service, request: &HttpRequest) -> Option<IpAddr> {
    forwarded::client(service.config(), request.peer_addr(), request.headers())
}

fn limited(service: &Service, taken: Result<(), u64>) -> Result<(), Problem> {
    taken.map_err(|wait_s| {
        service.metrics().rate_limited();
        Problem::retry_after(Code::TooManyRequests, wait_s)
    })
}
