//! The security headers of both origins. They go on every response: a worker takes its policy from the
//! response that carried its script.

use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};
use actix_web::middleware::DefaultHeaders;

use crate::config::Config;

/// Name and value.
type Header = (&'static str, String);

/// Features that no page of ours uses.
const UNUSED: &str = "accelerometer=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     serial=(), usb=(), xr-spatial-tracking=()";

/// The security headers of one origin.
#[derive(Clone)]
pub(crate) struct SecurityHeaders(Arc<[(HeaderName, HeaderValue)]>);

impl SecurityHeaders {
    pub(crate) fn of_relying_party(config: &Config) -> Result<Self, InvalidHeaderValue> {
        Self::new(relying_party(config))
    }

    pub(crate) fn of_authentication_agent(config: &Config) -> Result<Self, InvalidHeaderValue> {
        Self::new(authentication_agent(config))
    }

    fn new(list: Vec<Header>) -> Result<Self, InvalidHeaderValue> {
        list.into_iter()
            .map(|(name, value)| Ok((HeaderName::from_static(name), value.try_into()?)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Puts them on an answer.
    pub(super) fn insert(&self, headers: &mut HeaderMap) {
        for (name, value) in self.0.iter() {
            headers.insert(name.clone(), value.clone());
        }
    }
}

/// Headers of the relying party's origin, for an application that serves its pages itself.
pub fn relying_party_headers(config: &Config) -> DefaultHeaders {
    relying_party(config)
        .into_iter()
        .fold(DefaultHeaders::new(), DefaultHeaders::add)
}

/// Headers of the authentication agent's origin, for an application that serves it itself. Only the relying party's
/// pages may frame it.
pub fn authentication_agent_headers(config: &Config) -> DefaultHeaders {
    authentication_agent(config)
        .into_iter()
        .fold(DefaultHeaders::new(), DefaultHeaders::add)
}

fn relying_party(config: &Config) -> Vec<Header> {
    let agent = config.agent_origin.as_str();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         manifest-src 'self'; frame-src {agent}; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types mien"
    );
    // The page itself must have the camera to be able to hand it on: a browser grants a frame no more than
    // its embedder has (Permissions Policy, "define an inherited policy"). No script of the page asks for it.
    let features = format!(
        "camera=(self \"{agent}\"), publickey-credentials-create=(self), \
         publickey-credentials-get=(self), {UNUSED}"
    );
    with_common(config, policy, features, "same-origin")
}

fn authentication_agent(config: &Config) -> Vec<Header> {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
         connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; \
         frame-ancestors {}; require-trusted-types-for 'script'; trusted-types mien-agent",
        config.rp_origin
    );
    let features = format!(
        "camera=(self), publickey-credentials-create=(), publickey-credentials-get=(), {UNUSED}"
    );
    // The relying party's pages embed it under COEP require-corp.
    with_common(config, policy, features, "cross-origin")
}

fn with_common(config: &Config, policy: String, features: String, shared: &str) -> Vec<Header> {
    let mut list = vec![
        ("content-security-policy", policy),
        ("permissions-policy", features),
        ("cross-origin-resource-policy", shared.to_owned()),
        ("cross-origin-embedder-policy", "require-corp".to_owned()),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
        ("origin-agent-cluster", "?1".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ];
    if config.rp_origin.is_https() {
        let year = "max-age=31536000".to_owned();
        list.push(("strict-transport-security", year));
    }
    list
}
