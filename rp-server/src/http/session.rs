//! `GET` and `DELETE /api/session` and `/api/sessions`, `GET /api/config`.

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::problem::Problem;
use super::{Service, cookies};
use crate::clock::rfc3339;
use crate::config::NOTICE_VERSION;

pub(super) fn routes(scope: &mut ServiceConfig) {
    scope
        .service(web::resource("/session").get(signed_in).delete(sign_out))
        .service(web::resource("/sessions").get(list).delete(end_others))
        .service(web::resource("/config").get(config));
}

async fn signed_in(request: HttpRequest, service: Data<Service>) -> Result<HttpResponse, Problem> {
    let token = cookies::session(&request, service.config());
    let me = service.relying_party().signed_in(token.as_ref()).await?;
    Ok(HttpResponse::Ok().json(json!({
        "username": me.account.name,
        "displayName": me.account.display_name,
        "verifiedAt": me.session.verified_ms.map(rfc3339),
        "fresh": me.fresh,
    })))
}

async fn sign_out(request: HttpRequest, service: Data<Service>) -> Result<HttpResponse, Problem> {
    let config = service.config();
    let token = cookies::session(&request, config);
    service.relying_party().sign_out(token.as_ref()).await?;
    Ok(HttpResponse::NoContent()
        .cookie(cookies::clear_session(config))
        .finish())
}

async fn list(request: HttpRequest, service: Data<Service>) -> Result<HttpResponse, Problem> {
    let token = cookies::session(&request, service.config());
    let relying_party = service.relying_party();
    let me = relying_party.signed_in(token.as_ref()).await?;
    let list: Vec<Value> = relying_party
        .sessions(&me)
        .await?
        .iter()
        .map(|session| {
            json!({
                "openedAt": rfc3339(session.created_ms),
                "lastUsedAt": rfc3339(session.seen_ms),
                "credentialId": session.credential.as_ref().map(ToString::to_string),
                "current": session.token_hash == me.session.token_hash,
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(list))
}

async fn end_others(request: HttpRequest, service: Data<Service>) -> Result<HttpResponse, Problem> {
    let token = cookies::session(&request, service.config());
    let relying_party = service.relying_party();
    let ended = relying_party.end_other_sessions(token.as_ref()).await?;
    Ok(HttpResponse::Ok().json(json!({ "ended": ended })))
}

/// What the pages must know, and whom the privacy notice names.
async fn config(service: Data<Service>) -> HttpResponse {
    let config = service.config();
    HttpResponse::Ok().json(json!({
        "rpId": config.rp_id,
        "agentOrigin": config.agent_origin.as_str(),
        "controller": {
            "name": config.controller.name,
            "contact": config.controller.contact,
        },
        "noticeVersion": NOTICE_VERSION,
    }))
}
