//! `POST /api/registration/options` and `/result`.

use actix_web::http::header::USER_AGENT;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::json;

use super::body::JsonText;
use super::metrics::Ceremony;
use super::problem::Problem;
use super::{Service, cookies, guard, user_agent};
use crate::relying_party::{Denied, Registered, RegistrationRequest};

pub(super) fn routes(scope: &mut ServiceConfig) {
    scope
        .service(web::resource("/registration/options").post(options))
        .service(web::resource("/registration/result").post(result));
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    username: Option<String>,
    display_name: Option<String>,
}

async fn options(
    request: HttpRequest,
    service: Data<Service>,
    body: JsonText,
) -> Result<HttpResponse, Problem> {
    let wanted: Options = body.parse()?;
    let config = service.config();
    let agent = request.headers().get(USER_AGENT);
    let agent = agent.and_then(|value| value.to_str().ok());
    let asked = RegistrationRequest {
        username: wanted.username.as_deref(),
        display_name: wanted.display_name.as_deref(),
        device: user_agent::describe(agent.unwrap_or_default()),
    };
    let session = cookies::session(&request, config);
    let begun = service
        .relying_party()
        .begin_registration(session.as_ref(), asked)
        .await
        .inspect_err(|denied| {
            if matches!(denied, Denied::NameTaken) {
                guard::asked_for_taken_name(&service, &request);
            }
        })?;
    Ok(HttpResponse::Ok()
        .cookie(cookies::set_ceremony(
            config,
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
    let registered = finish(&request, &service, &body).await;
    service.metrics().ended(Ceremony::Registration, &registered);
    let registered = registered?;
    let config = service.config();
    let mut response = HttpResponse::Created();
    response.cookie(cookies::clear_ceremony(config));
    if let Some(session) = &registered.session {
        response.cookie(cookies::set_session(config, session));
    }
    Ok(response.json(json!({
        "credentialId": registered.credential.to_string(),
        "username": registered.username,
    })))
}

async fn finish(
    request: &HttpRequest,
    service: &Service,
    body: &JsonText,
) -> Result<Registered, Problem> {
    let config = service.config();
    let ceremony = cookies::ceremony(request, config);
    let session = cookies::session(request, config);
    let registered = service
        .relying_party()
        .finish_registration(ceremony.as_ref(), session.as_ref(), body.as_bytes())
        .await?;
    Ok(registered)
}
