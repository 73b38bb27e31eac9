//! `GET /api/credentials` and `POST /api/deregistration`.

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::JsonText;
use super::metrics::Ceremony;
use super::problem::{Code, Problem};
use super::{Service, cookies};
use crate::attestation::AttestationType;
use crate::authentication_server::{CredentialId, CredentialKind, CredentialRecord};
use crate::clock::rfc3339;
use crate::presentation_attack_detection::Layers;
use crate::relying_party::Deregistration;
use crate::store::Which;
use crate::user_verification::{Method, Methods};

pub(super) fn routes(scope: &mut ServiceConfig) {
    scope
        .service(web::resource("/credentials").get(list))
        .service(web::resource("/deregistration").post(deregister));
}

async fn list(request: HttpRequest, service: Data<Service>) -> Result<HttpResponse, Problem> {
    let token = cookies::session(&request, service.config());
    let relying_party = service.relying_party();
    let me = relying_party.signed_in(token.as_ref()).await?;
    let current = me.session.credential.clone();
    let records = relying_party.credentials(&me).await?;
    let list: Vec<Value> = records
        .iter()
        .map(|record| describe(record, current.as_ref() == Some(&record.id)))
        .collect();
    Ok(HttpResponse::Ok().json(list))
}

fn describe(record: &CredentialRecord, current: bool) -> Value {
    let (kind, mode) = match record.kind() {
        // Compare and release (ISO/IEC 27553-1 figure A.1): the match guards the key, it does not make it.
        CredentialKind::MienFace => ("mien-face", Some("A.1")),
        CredentialKind::Passkey => ("passkey", None),
    };
    json!({
        "credentialId": record.id.to_string(),
        "createdAt": rfc3339(record.created_ms),
        "lastUsedAt": record.used_ms.map(rfc3339),
        "aaguid": record.aaguid.to_string(),
        "kind": kind,
        "mode": mode,
        "presentationAttackDetection": record
            .presentation_attack_detection
            .as_ref()
            .map(Layers::names),
        "userVerified": record.state.user_verified,
        "uvm": record.user_verification_methods.as_ref().map(numbers),
        "attestation": record.attestation.map(AttestationType::as_str),
        "device": record.device,
        "current": current,
        "disabled": record.state.failures.disabled(),
    })
}

/// As the extension has them: a list of three numbers each.
fn numbers(methods: &Methods) -> Vec<[u32; 3]> {
    methods.iter().map(Method::numbers).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    credential_id: Option<String>,
    all: Option<bool>,
}

impl Wanted {
    fn which(self) -> Option<Which> {
        match (self.credential_id, self.all) {
            (Some(id), None | Some(false)) => CredentialId::parse(&id).map(Which::One),
            (None, Some(true)) => Some(Which::All),
            _ => None,
        }
    }
}

async fn deregister(
    request: HttpRequest,
    service: Data<Service>,
    body: JsonText,
) -> Result<HttpResponse, Problem> {
    let wanted: Wanted = body.parse()?;
    let which = wanted.which().ok_or(Code::MalformedRequest)?;
    let token = cookies::session(&request, service.config());
    let done = service
        .relying_party()
        .deregister(token.as_ref(), which)
        .await
        .map_err(Problem::from);
    service.metrics().ended(Ceremony::Deregistration, &done);
    let done = done?;
    let mut response = HttpResponse::Ok();
    if done.account_deleted {
        response.cookie(cookies::clear_session(service.config()));
    }
    Ok(response.json(answer(&done)))
}

/// The result that the page hands to the agent.
pub(super) fn answer(done: &Deregistration) -> Value {
    let list: Vec<Value> = done
        .deregistered
        .iter()
        .map(|one| {
            json!({
                "credentialId": one.credential.to_string(),
                "statement": one.statement,
            })
        })
        .collect();
    json!({ "deregistered": list, "accountDeleted": done.account_deleted })
}
