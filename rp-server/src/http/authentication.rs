//! `POST /api/authentication/options` and `/result`.

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::json;

use super::body::JsonText;
use super::metrics::Ceremony;
use super::problem::Problem;
use super::{Service, cookies, guard};
use crate::presentation_attack_detection::Layers;
use crate::relying_party::Authenticated;

pub(super) fn routes(scope: &mut ServiceConfig) {
    scope
        .service(web::resource("/authentication/options").post(options))
        .service(web::resource("/authentication/result").post(result));
}

#[derive(Deserialize)]
struct Options {
    username: Option<String>,
}

async fn options(
    request: HttpRequest,
    service: Data<Service>,
    body: JsonText,
) -> Result<HttpResponse, Problem> {
    let wanted: Options = body.parse()?;
    if let Some(name) = &wanted.username {
        guard::sign_in_under(&service, &request, name)?;
    }
    let begun = service
        .relying_party()
        .begin_authentication(wanted.username.as_deref())
        .await?;
    Ok(HttpResponse::Ok()
        .cookie(cookies::set_ceremony(
            service.config(),
            &begun.token,
            begun.lifetime_ms,
        ))
        .json(json!({ "publicKey": begun.public_key })))
}

async fn result(
    request: HttpRequest,
    service: Data<Service>,
    body: JsonText,
) -> Result<HttpResponse, Problem> {
    let authenticated = finish(&request, &service, &body).await;
    service
        .metrics()
        .ended(Ceremony::Authentication, &authenticated);
    let authenticated = authenticated?;
    let config = service.config();
    Ok(HttpResponse::Ok()
        .cookie(cookies::clear_ceremony(config))
        .cookie(cookies::set_session(config, &authenticated.session))
        .json(json!({
            "username": authenticated.account.name,
            "displayName": authenticated.account.display_name,
            "credentialId": authenticated.credential.to_string(),
            "userVerified": authenticated.user_verified,
            "presentationAttackDetection": authenticated
                .presentation_attack_detection
                .as_ref()
                .map(Layers::names),
        })))
}

async fn finish(
    request: &HttpRequest,
    service: &Service,
    body: &JsonText,
) -> Result<Authenticated, Problem> {
    let config = service.config();
    let ceremony = cookies::ceremony(request, config);
    let session = cookies::session(request, config);
    let authenticated = service
        .relying_party()
        .finish_authentication(ceremony.as_ref(), session.as_ref(), body.as_bytes())
        .await?;
    Ok(authenticated)
}
