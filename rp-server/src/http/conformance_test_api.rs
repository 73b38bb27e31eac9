//! The server interface of the FIDO Alliance's conformance tools ("Server Requirements and Transport Binding Profile",
//! section 7): `/attestation/options`, `/attestation/result`, `/assertion/options`, `/assertion/result`.
//!
//! For tests only, behind the feature `conformance-test-api`, which a release build refuses: these calls pass no check of
//! their origin and no rate limit, because the tools are no browser. What they ask for is honoured or refused, never
//! ignored, and this server's policy stands:
//!
//! - `attestation`: `none`, `indirect` and `direct` go into the options. Whatever statement comes back is verified; it
//!   is held against no trust anchors, so it proves possession of its key only. `enterprise` is refused: it needs an
//!   agreement between a relying party and a maker of authenticators. Where the settings say `direct`, the others are
//!   refused.
//! - `userVerification`: always required, so `discouraged` is refused and `preferred` becomes `required`.
//! - `residentKey`: always required, so `discouraged` is refused. `authenticatorAttachment` goes into the options.
//! - `extensions`: those that are asked for go into the options beside ours. Their outputs are ignored.
//! - Adding a credential to an account needs its session, as everywhere. The tools keep cookies.

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::JsonText;
use super::problem::Problem;
use super::{Service, cookies};
use crate::config::Attestation;
use crate::json::{self, Object};
use crate::relying_party::RegistrationRequest;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(web::resource("/attestation/options").post(attestation_options))
        .service(web::resource("/attestation/result").post(attestation_result))
        .service(web::resource("/assertion/options").post(assertion_options))
        .service(web::resource("/assertion/result").post(assertion_result));
}

/// `ServerPublicKeyCredentialCreationOptionsRequest`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreationOptionsRequest {
    username: String,
    display_name: String,
    #[serde(default)]
    authenticator_selection: AuthenticatorSelection,
    #[serde(default)]
    attestation: Conveyance,
    #[serde(default)]
    extensions: Object,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthenticatorSelection {
    authenticator_attachment: Option<Attachment>,
    #[serde(default)]
    resident_key: Requirement,
    #[serde(default)]
    user_verification: Requirement,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Attachment {
    Platform,
    CrossPlatform,
}

/// `ServerPublicKeyCredentialGetOptionsRequest`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GetOptionsRequest {
    username: Option<String>,
    #[serde(default)]
    user_verification: Requirement,
    #[serde(default)]
    extensions: Object,
}

/// Attestation conveyance preference (WebAuthn Level 3 section 5.4.7).
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Conveyance {
    #[default]
    None,
    Indirect,
    Direct,
    Enterprise,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Requirement {
    Required,
    #[default]
    Preferred,
    Discouraged,
}

/// Why a call failed: leaves as the HTTP status and a `ServerResponse`.
#[derive(Debug, thiserror::Error)]
#[error("{1}")]
struct Failed(StatusCode, String);

impl ResponseError for Failed {
    fn status_code(&self) -> StatusCode {
        self.0
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.0)
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(json!({ "status": "failed", "errorMessage": self.1 }))
    }
}

impl Failed {
    fn new(message: &str) -> Self {
        Self(StatusCode::BAD_REQUEST, message.to_owned())
    }
}

impl<P: Into<Problem>> From<P> for Failed {
    fn from(problem: P) -> Self {
        let code = problem.into().code();
        Self(code.status(), code.as_str().to_owned())
    }
}

/// `ServerResponse`, with what an answer adds to it.
fn with_ok(mut members: Object) -> Value {
    members.insert("status".into(), json!("ok"));
    members.insert("errorMessage".into(), json!(""));
    Value::Object(members)
}

async fn attestation_options(
    request: HttpRequest,
    service: Data<Service>,
    body: Result<JsonText, Problem>,
) -> Result<HttpResponse, Failed> {
    let wanted: CreationOptionsRequest = body?.parse()?;
    let attestation = match wanted.attestation {
        Conveyance::None => "none",
        Conveyance::Indirect => "indirect",
        Conveyance::Direct => "direct",
        Conveyance::Enterprise => return Err(Failed::new("enterprise attestation is not offered")),
    };
    let policy = service.config().policy.attestation;
    if policy == Attestation::Direct && !matches!(wanted.attestation, Conveyance::Direct) {
        return Err(Failed::new("direct attestation is always required"));
    }
    let selection = &wanted.authenticator_selection;
    require_verification(selection.user_verification)?;
    if selection.resident_key == Requirement::Discouraged {
        return Err(Failed::new("a discoverable credential is always required"));
    }
    let config = service.config();
    let asked = RegistrationRequest {
        username: Some(&wanted.username),
        display_name: Some(&wanted.display_name),
        device: "Conformance tools".to_owned(),
    };
    let session = cookies::session(&request, config);
    let party = service.relying_party();
    let begun = party.begin_registration(session.as_ref(), asked).await?;
    let mut options = members(begun.public_key)?;
    options.insert("attestation".into(), json!(attestation));
    if let (Some(attachment), Some(Value::Object(selection))) = (
        selection.authenticator_attachment,
        options.get_mut("authenticatorSelection"),
    ) {
        let attachment = match attachment {
            Attachment::Platform => "platform",
            Attachment::CrossPlatform => "cross-platform",
        };
        selection.insert("authenticatorAttachment".into(), json!(attachment));
    }
    extend(&mut options, wanted.extensions);
    let cookie = cookies::set_ceremony(config, &begun.token, begun.lifetime_ms);
    Ok(HttpResponse::Ok().cookie(cookie).json(with_ok(options)))
}

async fn attestation_result(
    request: HttpRequest,
    service: Data<Service>,
    body: Result<JsonText, Problem>,
) -> Result<HttpResponse, Failed> {
    let response = credential(&body?)?;
    let config = service.config();
    let ceremony = cookies::ceremony(&request, config);
    let session = cookies::session(&request, config);
    let party = service.relying_party();
    let done = party.finish_registration(ceremony.as_ref(), session.as_ref(), &response);
    let done = done.await?;
    let mut answer = HttpResponse::Ok();
    answer.cookie(cookies::clear_ceremony(config));
    if let Some(session) = &done.session {
        answer.cookie(cookies::set_session(config, session));
    }
    Ok(answer.json(with_ok(Object::new())))
}

async fn assertion_options(
    service: Data<Service>,
    body: Result<JsonText, Problem>,
) -> Result<HttpResponse, Failed> {
    let wanted: GetOptionsRequest = body?.parse()?;
    require_verification(wanted.user_verification)?;
    let party = service.relying_party();
    let begun = party
        .begin_authentication(wanted.username.as_deref())
        .await?;
    let mut options = members(begun.public_key)?;
    extend(&mut options, wanted.extensions);
    let cookie = cookies::set_ceremony(service.config(), &begun.token, begun.lifetime_ms);
    Ok(HttpResponse::Ok().cookie(cookie).json(with_ok(options)))
}

async fn assertion_result(
    request: HttpRequest,
    service: Data<Service>,
    body: Result<JsonText, Problem>,
) -> Result<HttpResponse, Failed> {
    let response = credential(&body?)?;
    let config = service.config();
    let ceremony = cookies::ceremony(&request, config);
    let session = cookies::session(&request, config);
    let party = service.relying_party();
    let done = party.finish_authentication(ceremony.as_ref(), session.as_ref(), &response);
    let done = done.await?;
    Ok(HttpResponse::Ok()
        .cookie(cookies::clear_ceremony(config))
        .cookie(cookies::set_session(config, &done.session))
        .json(with_ok(Object::new())))
}

fn require_verification(asked: Requirement) -> Result<(), Failed> {
    if asked == Requirement::Discouraged {
        return Err(Failed::new("user verification is always required"));
    }
    Ok(())
}

fn members(options: Value) -> Result<Object, Failed> {
    match options {
        Value::Object(members) => Ok(members),
        _ => Err(Failed::new("the options are no object")),
    }
}

/// What is asked for never takes the place of what we ask for.
fn extend(options: &mut Object, asked: Object) {
    let extensions = options.entry("extensions").or_insert_with(|| json!({}));
    if let Value::Object(extensions) = extensions {
        for (name, input) in asked {
            extensions.entry(name).or_insert(input);
        }
    }
}

/// `ServerPublicKeyCredential` as the dictionary of WebAuthn Level 3: it leaves out `rawId`, calls the extension outputs
/// after the method that returns them, and says no user handle by an empty one.
fn credential(body: &JsonText) -> Result<Vec<u8>, Failed> {
    let malformed = || Failed::from(super::problem::Code::MalformedRequest);
    let mut members = json::object(body.as_bytes()).map_err(|_| malformed())?;
    if let Some(id) = members.get("id").cloned() {
        members.entry("rawId").or_insert(id);
    }
    if let Some(outputs) = members.remove("getClientExtensionResults") {
        members.entry("clientExtensionResults").or_insert(outputs);
    }
    if let Some(Value::Object(response)) = members.get_mut("response")
        && response.get("userHandle") == Some(&json!(""))
    {
        response.remove("userHandle");
    }
    serde_json::to_vec(&members).map_err(|_| malformed())
}
