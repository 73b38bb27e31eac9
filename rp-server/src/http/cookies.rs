//! The two cookies: one binds the browser to its ceremony, one to its session.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use crate::authentication_server::CeremonyToken;
use crate::config::Config;
use crate::relying_party::SessionToken;

/// The ceremony that this browser began.
pub(super) fn ceremony(request: &HttpRequest, config: &Config) -> Option<CeremonyToken> {
    CeremonyToken::parse(request.cookie(&name(config, "ceremony"))?.value())
}

/// The session of this browser.
pub(super) fn session(request: &HttpRequest, config: &Config) -> Option<SessionToken> {
    SessionToken::parse(request.cookie(&name(config, "session"))?.value())
}

pub(super) fn set_ceremony(
    config: &Config,
    token: &CeremonyToken,
    lifetime_ms: i64,
) -> Cookie<'static> {
    set(config, "ceremony", token.expose_for_cookie(), lifetime_ms)
}

pub(super) fn set_session(config: &Config, token: &SessionToken) -> Cookie<'static> {
    let lifetime_ms = config.lifetimes.session_absolute_ms;
    set(config, "session", token.expose_for_cookie(), lifetime_ms)
}

pub(super) fn clear_ceremony(config: &Config) -> Cookie<'static> {
    set(config, "ceremony", String::new(), 0)
}

pub(super) fn clear_session(config: &Config) -> Cookie<'static> {
    set(config, "session", String::new(), 0)
}

/// Over TLS the `__Host-` prefix keeps other hosts and plain HTTP from setting them (RFC 6265bis 4.1.3.2).
fn name(config: &Config, what: &str) -> String {
    if config.rp_origin.is_https() {
        format!("__Host-mien-{what}")
    } else {
        format!("mien-{what}")
    }
}

fn set(config: &Config, what: &str, value: String, lifetime_ms: i64) -> Cookie<'static> {
    Cookie::build(name(config, what), value)
        .path("/")
        .http_only(true)
        .secure(config.rp_origin.is_https())
        .same_site(SameSite::Strict)
        .max_age(Duration::milliseconds(lifetime_ms))
        .finish()
}
