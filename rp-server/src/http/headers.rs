//! The security headers of both origins. They go on every response: a worker takes its policy from the
//! response that carried its script.

use actix_web::middleware::DefaultHeaders;

use crate::config::Config;

/// Features that no page of ours uses.
const UNUSED: &str = "accelerometer=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     serial=(), usb=(), xr-spatial-tracking=()";

/// Headers of the relying party's origin.
pub fn relying_party_headers(config: &Config) -> DefaultHeaders {
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
    common(config)
        .add(("Content-Security-Policy", policy))
        .add(("Permissions-Policy", features))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
}

/// Headers of the authentication agent's origin. Only the relying party's pages may frame it.
pub fn authentication_agent_headers(config: &Config) -> DefaultHeaders {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
         connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; \
         frame-ancestors {}; require-trusted-types-for 'script'; trusted-types mien-agent",
        config.rp_origin
    );
    let features = format!(
        "camera=(self), publickey-credentials-create=(), publickey-credentials-get=(), {UNUSED}"
    );
    common(config)
        .add(("Content-Security-Policy", policy))
        .add(("Permissions-Policy", features))
        // The relying party's pages embed it under COEP require-corp.
        .add(("Cross-Origin-Resource-Policy", "cross-origin"))
}

fn common(config: &Config) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add(("Cross-Origin-Embedder-Policy", "require-corp"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Origin-Agent-Cluster", "?1"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("X-Content-Type-Options", "nosniff"));
    if config.rp_origin.is_https() {
        headers.add(("Strict-Transport-Security", "max-age=31536000"))
    } else {
        headers
    }
}
