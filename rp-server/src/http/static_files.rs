//! Static files of both origins: cached for long where the name carries the content, compressed beforehand.

use std::path::Path;

use actix_files::Files;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, VARY};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, ServiceConfig};

/// A year; the content of such a path never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// May be kept, but is asked for each time (ETag).
const ASK_AGAIN: &str = "no-cache";

/// The relying party's pages from `directory`.
pub fn relying_party_files(directory: &Path) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let files = files("/", directory);
    move |app| {
        app.service(web::scope("").wrap(from_fn(cache)).service(files));
    }
}

/// The authentication agent's files from `directory`, its models under `/models` from `models`.
pub fn authentication_agent_files(
    directory: &Path,
    models: &Path,
) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let models = files("/models", models);
    let files = files("/", directory);
    move |app| {
        app.service(
            web::scope("")
                .wrap(from_fn(cache))
                .service(models)
                .service(files),
        );
    }
}

fn files(mount: &str, directory: &Path) -> Files {
    Files::new(mount, directory.to_owned())
        .index_file("index.html")
        .try_compressed()
        .disable_content_disposition()
}

async fn cache<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let path = request.path();
    let named_by_content = path.starts_with("/assets/") || path.starts_with("/models/");
    let mut response = next.call(request).await?;
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let lifetime = if named_by_content && found {
        FOR_EVER
    } else {
        ASK_AGAIN
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(lifetime));
    // Also on the uncompressed form: a cache must not hand it to those who asked for another.
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}
