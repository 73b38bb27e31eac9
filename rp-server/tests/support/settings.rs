//! The origins and the configuration that the tests use.

use rp_server::config::{Config, Controller, RateLimit};

pub(crate) const RP: &str = "http://localhost:8080";
pub(crate) const AGENT: &str = "http://localhost:8081";

pub(crate) fn config() -> Config {
    let controller = Controller {
        name: "Test Controller".into(),
        contact: "privacy@example.org".into(),
    };
    Config::new(RP, AGENT, controller)
        .unwrap()
        .with_rate_limit(RateLimit {
            burst: 1000,
            per_second: 1,
        })
}
