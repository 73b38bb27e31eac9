//! What a deployment decides: origins, names, lifetimes, limits.

mod origin;
mod policy;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use zeroize::Zeroizing;

pub use origin::{Origin, OriginError};
pub use policy::{Attestation, AuthenticatorPolicy, UnknownAttestation};

use crate::agent_provider::AgentProvider;
use crate::presentation_attack_detection::{Layer, Layers};
use crate::relying_party::{AccountHooks, Hooks};

/// Version of the privacy notice that the agent shows before the first use (ISO/IEC 27553-1, clause 10).
pub const NOTICE_VERSION: u32 = 2;

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// One of the two origins is not one.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The wall between page and agent is the browser's origin wall; with one origin there is none.
    #[error("the relying party and the authentication agent need different origins")]
    SameOrigin,
    /// ISO/IEC 27553-1 clause 10: the person must be told who is responsible.
    #[error("the name and the contact of the controller must not be empty")]
    NoController,
    /// WebAuthn Level 3 section 5.1.2: the RP ID is a domain.
    #[error(
        "the RP ID `{0}` is neither the host of the relying party's origin nor a parent domain of it"
    )]
    RpId(String),
}

/// Who answers for the personal data (ISO/IEC 29100: PII controller).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controller {
    /// Name of the person or organisation.
    pub name: String,
    /// Where to reach them: mail address or URL.
    pub contact: String,
}

/// Lifetimes, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// From the options call to the result call of one ceremony.
    pub ceremony_ms: i64,
    /// A session that nobody uses.
    pub session_idle_ms: i64,
    /// A session, however busy.
    pub session_absolute_ms: i64,
    /// How long after user verification a session may deregister or add credentials.
    pub session_fresh_ms: i64,
    /// Audit rows.
    pub audit_ms: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        const MINUTE: i64 = 60_000;
        Self {
            ceremony_ms: 2 * MINUTE,
            session_idle_ms: 30 * MINUTE,
            session_absolute_ms: 12 * 60 * MINUTE,
            session_fresh_ms: 5 * MINUTE,
            audit_ms: 90 * 24 * 60 * MINUTE,
        }
    }
}

/// Token bucket for the calls of one address (an IPv6 /64 counts as one address).
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// Calls at once.
    pub burst: u32,
    /// Calls that come back per second.
    pub per_second: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            burst: 60,
            per_second: 2,
        }
    }
}

/// Bearer token of the operator's calls. Never printed.
#[derive(Clone)]
pub struct OperatorToken(Zeroizing<String>);

impl OperatorToken {
    /// Takes a token; `None` if it is shorter than 16 bytes and so could be guessed.
    pub fn new(token: String) -> Option<Self> {
        (token.len() >= 16).then(|| Self(Zeroizing::new(token)))
    }

    /// Compares in constant time.
    pub fn matches(&self, presented: &[u8]) -> bool {
        use subtle::ConstantTimeEq;
        self.0.as_bytes().ct_eq(presented).into()
    }
}

impl fmt::Debug for OperatorToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorToken(redacted)")
    }
}

/// Configuration of the relying party.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) rp_origin: Origin,
    pub(crate) agent_origin: Origin,
    pub(crate) rp_id: String,
    pub(crate) rp_name: String,
    pub(crate) controller: Controller,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) rate_limit: RateLimit,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    pub(crate) operator_token: Option<OperatorToken>,
    pub(crate) required_layers: Layers,
    pub(crate) policy: AuthenticatorPolicy,
    pub(crate) hooks: Hooks,
    pub(crate) agent_provider: Option<Arc<AgentProvider>>,
}

impl Config {
    /// A relying party at `rp_origin` whose pages embed the authentication agent of `agent_origin`.
    /// The RP ID is the host of `rp_origin`.
    ///
    /// # Errors
    /// One of the texts is no origin, both are the same, or the controller has no name or no contact.
    pub fn new(
        rp_origin: &str,
        agent_origin: &str,
        controller: Controller,
    ) -> Result<Self, ConfigError> {
        let rp_origin = Origin::parse(rp_origin)?;
        let agent_origin = Origin::parse(agent_origin)?;
        if rp_origin == agent_origin {
            return Err(ConfigError::SameOrigin);
        }
        if controller.name.trim().is_empty() || controller.contact.trim().is_empty() {
            return Err(ConfigError::NoController);
        }
        Ok(Self {
            rp_id: rp_origin.host().to_owned(),
            rp_name: "Mien".to_owned(),
            rp_origin,
            agent_origin,
            controller,
            lifetimes: Lifetimes::default(),
            rate_limit: RateLimit::default(),
            trusted_proxies: Vec::new(),
            operator_token: None,
            required_layers: Layers::from_iter([Layer::Texture, Layer::HeadTurn]),
            policy: AuthenticatorPolicy::default(),
            hooks: Hooks::default(),
            agent_provider: None,
        })
    }

    /// Sets the RP ID to a parent domain of the origin's host.
    ///
    /// # Errors
    /// [`ConfigError::RpId`] where it is neither the host nor a parent domain of it.
    pub fn with_rp_id(mut self, rp_id: &str) -> Result<Self, ConfigError> {
        let host = self.rp_origin.host();
        let parent = host
            .strip_suffix(rp_id)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if rp_id.is_empty() || !parent {
            return Err(ConfigError::RpId(rp_id.to_owned()));
        }
        rp_id.clone_into(&mut self.rp_id);
        Ok(self)
    }

    /// Sets the name that authenticators show for the relying party.
    #[must_use]
    pub fn with_rp_name(mut self, rp_name: &str) -> Self {
        rp_name.clone_into(&mut self.rp_name);
        self
    }

    /// Sets the lifetimes.
    #[must_use]
    pub fn with_lifetimes(mut self, lifetimes: Lifetimes) -> Self {
        self.lifetimes = lifetimes;
        self
    }

    /// Sets the limit of calls per address.
    #[must_use]
    pub fn with_rate_limit(mut self, rate_limit: RateLimit) -> Self {
        self.rate_limit = rate_limit;
        self
    }

    /// Sets the reverse proxies whose `X-Forwarded-For` tells the client's address (none, unless set). Without them
    /// everyone behind one proxy shares one limit.
    #[must_use]
    pub fn with_trusted_proxies(mut self, proxies: Vec<IpAddr>) -> Self {
        self.trusted_proxies = proxies;
        self
    }

    /// Opens the operator's calls. Without a token they do not exist (404).
    #[must_use]
    pub fn with_operator_token(mut self, token: Option<OperatorToken>) -> Self {
        self.operator_token = token;
        self
    }

    /// Sets the layers of presentation attack detection that our own agent must say it passed (texture and
    /// head turn, unless set). Light is asked of sign-ins only, and shuts out who cannot or must not watch
    /// flashing colours, and anyone in bright sun. Authenticators of others are not asked.
    #[must_use]
    pub fn with_required_layers(mut self, layers: Layers) -> Self {
        self.required_layers = layers;
        self
    }

    /// Sets which authenticators may register and sign in (any, unless set).
    #[must_use]
    pub fn with_authenticator_policy(mut self, policy: AuthenticatorPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Lets the agent's origin certify attestation keys (it does not, unless set). The agent then answers relying parties
    /// that ask for attestation with certificates instead of self attestation.
    #[must_use]
    pub fn with_agent_provider(mut self, provider: Option<AgentProvider>) -> Self {
        self.agent_provider = provider.map(Arc::new);
        self
    }

    /// Sets the hooks through which the application around the server decides and learns about accounts.
    #[must_use]
    pub fn with_hooks(mut self, hooks: Arc<dyn AccountHooks>) -> Self {
        self.hooks = Hooks(Some(hooks));
        self
    }

    /// Origin of the relying party's pages.
    pub fn rp_origin(&self) -> &Origin {
        &self.rp_origin
    }

    /// Origin of the authentication agent.
    pub fn agent_origin(&self) -> &Origin {
        &self.agent_origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn controller() -> Controller {
        Controller {
            name: "A".into(),
            contact: "a@example.org".into(),
        }
    }

    #[test]
    fn controller_is_required() {
        for (name, contact) in [("", "x"), ("x", " ")] {
            let controller = Controller {
                name: name.into(),
                contact: contact.into(),
            };
            let refused = Config::new("https://a.example", "https://b.example", controller);
            assert!(matches!(refused, Err(ConfigError::NoController)));
        }
    }

    #[test]
    fn origins_must_differ() {
        let refused = Config::new("https://a.example", "https://a.example", controller());
        assert!(matches!(refused, Err(ConfigError::SameOrigin)));
    }

    #[test]
    fn rp_id_is_the_host_or_a_parent() {
        let config =
            || Config::new("https://www.a.example", "https://b.example", controller()).unwrap();
        assert_eq!(config().rp_id, "www.a.example");
        assert_eq!(config().with_rp_id("a.example").unwrap().rp_id, "a.example");
        for bad in ["", "b.example", "ww.a.example", "x.www.a.example"] {
            assert!(config().with_rp_id(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn operator_token_is_never_printed() {
        let token = OperatorToken::new("0123456789abcdef".into()).unwrap();
        assert!(!format!("{token:?}").contains("0123"));
        assert!(token.matches(b"0123456789abcdef"));
        assert!(!token.matches(b"0123456789abcdeg"));
        assert!(OperatorToken::new("short".into()).is_none());
    }
}
