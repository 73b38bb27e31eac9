//! What goes wrong behind it leaves as a problem document: bare errors, errors of other parts, panics.
//!
//! What the HTTP parser refuses before there is a request (400, 408, 431) never comes here: those answers have no body,
//! and the connection ends with them.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse, ResponseError};
use futures_util::FutureExt;

use super::Service;
use super::headers::SecurityHeaders;
use super::problem::{Code, MEDIA_TYPE, Problem};

/// No address of ours is longer than a tenth of it.
const LONGEST_URI: usize = 8 * 1024;

/// The middleware of a part of an application. Without the security headers, which are the application's own.
pub(super) async fn boundary<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let uri = request.uri();
    let length = uri.path().len() + uri.query().map_or(0, str::len);
    if length > LONGEST_URI {
        let response = Problem::from(Code::UriTooLong).error_response();
        return Ok(request.into_response(response).map_into_right_body());
    }
    let service = request.app_data::<Data<Service>>().cloned();
    // The state behind is either local to the call or guarded by locks that survive a panic.
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => Ok(spoken(response)),
        Ok(Err(error)) => Err(error),
        Err(_) => {
            if let Some(service) = service {
                service.metrics().panicked();
            }
            // The panic hook has logged where it was.
            Err(Problem::from(Code::Internal).into())
        }
    }
}

/// The middleware of a whole application of ours: as [`boundary`], with the security headers of its origin on every
/// answer, errors included.
pub(crate) async fn origin_boundary<B: MessageBody>(
    headers: SecurityHeaders,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match boundary(request, next).await {
        Ok(mut response) => {
            headers.insert(response.headers_mut());
            Ok(response)
        }
        // An error has no request any more and becomes a response only behind us: it takes the headers along.
        Err(error) => {
            let response = error.as_response_error().error_response();
            let mut response = if is_problem(response.headers()) {
                response
            } else {
                let code = Code::of_status(response.status()).unwrap_or(Code::Internal);
                Problem::from(code).error_response()
            };
            headers.insert(response.headers_mut());
            Err(InternalError::from_response("error", response).into())
        }
    }
}

fn is_problem(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes() == MEDIA_TYPE.as_bytes())
}

/// Gives an error without words its problem document. Its other headers (`Allow`) stay.
fn spoken<B: MessageBody>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B>> {
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    let code = Code::of_status(status).filter(|_| failed && !is_problem(response.headers()));
    let Some(code) = code else {
        return response.map_into_left_body();
    };
    let (request, mut response) = response.into_parts();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let response: HttpResponse<BoxBody> =
        response.set_body(BoxBody::new(Problem::from(code).body()));
    ServiceResponse::new(request, response).map_into_right_body()
}
