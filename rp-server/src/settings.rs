//! What an operator sets: on the command line, in the environment, in a file, each over the next, one name for all.

mod file;

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::{Args, FromArgMatches};
use uuid::Uuid;
use zeroize::Zeroizing;

pub use file::{SettingsFile, keys, layered, sentence};

use crate::agent_provider::{AgentProvider, AgentProviderError};
use crate::attestation::AttestationRoots;
use crate::config::{
    Attestation, AuthenticatorPolicy, Config, ConfigError, Controller, Lifetimes, OperatorToken,
    RateLimit,
};
use crate::presentation_attack_detection::Layer;
use crate::user_verification::UserVerification;

const TOKEN: &str = "MIEN_OPERATOR_TOKEN";

/// Why settings were refused. Each is one sentence for the person who wrote them.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {error}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file is not TOML, has a key that is no setting, or a value of a wrong form; or has no attestation roots.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// A value in the environment has a wrong form.
    #[error("{0}")]
    Value(String),
    /// The values do not go together.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The attestation authority cannot be used.
    #[error(transparent)]
    AgentProvider(#[from] AgentProviderError),
    /// The operator's token is set twice, or could be guessed.
    #[error("{0}")]
    OperatorToken(String),
}

/// The settings of ceremonies: an authentication server in a process of its own has these and no others.
#[derive(Args, Clone, Debug)]
pub struct CeremonySettings {
    /// Origin of the relying party, as browsers see it.
    #[arg(long, value_name = "ORIGIN", default_value = "http://localhost:8080")]
    pub rp_origin: String,
    /// Name of the relying party, shown by authenticators.
    #[arg(long, value_name = "NAME", default_value = "Mien")]
    pub rp_name: String,
    /// How long a ceremony lives, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(i64).range(10..=3600))]
    pub ceremony_lifetime: i64,
    /// Layers of presentation attack detection that a face sign-in must have passed: texture, head-turn, light.
    /// Light is asked of sign-ins only. Other authenticators are not asked.
    #[arg(
        long,
        value_name = "LAYERS",
        value_delimiter = ',',
        default_value = "texture,head-turn"
    )]
    pub require_pad: Vec<Layer>,
    /// A model of authenticator (AAGUID) that may register and sign in; may be given several times. Any without it.
    #[arg(long, value_name = "AAGUID", value_delimiter = ',')]
    pub allow_aaguid: Vec<Uuid>,
    /// What registrations ask of attestation: none or direct. With direct a response without a statement is refused.
    #[arg(long, value_name = "CONVEYANCE", default_value_t = Attestation::None)]
    pub attestation: Attestation,
    /// File with certificates (PEM) of attestation roots. Registrations then need attestation by certificates that lead
    /// to one of them; our own agent has them where `attestation-authority` is set.
    #[arg(long, value_name = "FILE")]
    pub attestation_roots: Option<PathBuf>,
    /// Whether a sign-in with an ordinary passkey needs user verification: required, preferred or discouraged. A
    /// registration, a face, and what needs a fresh session always do.
    #[arg(long, value_name = "NEED", default_value_t = UserVerification::Required)]
    pub user_verification: UserVerification,
}

impl CeremonySettings {
    /// The configuration of an authentication server in a process of its own.
    ///
    /// # Errors
    /// The values do not go together, or the file of attestation roots cannot be read.
    pub fn config(&self) -> Result<Config, SettingsError> {
        // Any agent's origin does, and any controller: both are the relying party's affair.
        let controller = Controller {
            name: "relying party".to_owned(),
            contact: "none".to_owned(),
        };
        let config = Config::new(&self.rp_origin, "http://agent.localhost", controller)?;
        let lifetimes = Lifetimes {
            ceremony_ms: self.ceremony_ms(),
            ..Lifetimes::default()
        };
        Ok(self.apply(config)?.with_lifetimes(lifetimes))
    }

    fn ceremony_ms(&self) -> i64 {
        self.ceremony_lifetime.saturating_mul(1000)
    }

    fn apply(&self, config: Config) -> Result<Config, SettingsError> {
        let policy = AuthenticatorPolicy {
            aaguids: self.allow_aaguid.iter().copied().collect(),
            attestation: self.attestation,
            attestation_roots: self.roots()?,
            user_verification: self.user_verification,
        };
        Ok(config
            .with_rp_name(&self.rp_name)
            .with_required_layers(self.require_pad.iter().copied().collect())
            .with_authenticator_policy(policy))
    }

    fn roots(&self) -> Result<Option<AttestationRoots>, SettingsError> {
        let Some(path) = &self.attestation_roots else {
            return Ok(None);
        };
        let place = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| SettingsError::Unreadable {
            path: place.clone(),
            error,
        })?;
        let roots = AttestationRoots::from_pem(&text);
        roots.map(Some).map_err(|error| SettingsError::File {
            path: place,
            reason: error.to_string(),
        })
    }
}

/// The settings of a relying party. For `rp-name` there are the flag `--rp-name`, the variable `MIEN_RP_NAME` and the
/// key `rp-name`; the database is `DATABASE_URL` in the environment.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Of ceremonies.
    #[command(flatten)]
    pub ceremonies: CeremonySettings,
    /// Origin of the authentication agent, as browsers see it.
    #[arg(long, value_name = "ORIGIN", default_value = "http://localhost:8081")]
    pub agent_origin: String,
    /// The database: `sqlite:PATH`, or `postgres://USER@HOST/NAME`. One with a password is taken from DATABASE_URL or the
    /// file only, because process lists show flags.
    #[arg(
        long,
        value_name = "URL",
        env = "DATABASE_URL",
        default_value = "sqlite:data/mien.db"
    )]
    pub database: String,
    /// Who answers for the personal data; shown in the privacy notice.
    #[arg(long, value_name = "NAME", default_value = "Mien demo operator")]
    pub controller_name: String,
    /// How to reach them.
    #[arg(long, value_name = "CONTACT", default_value = "operator@localhost")]
    pub controller_contact: String,
    /// How long a session lives that nobody uses, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 1_800, value_parser = clap::value_parser!(i64).range(60..=2_592_000))]
    pub session_idle: i64,
    /// How long any session lives, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 43_200, value_parser = clap::value_parser!(i64).range(60..=2_592_000))]
    pub session_lifetime: i64,
    /// How long after a sign-in a session may deregister or add credentials, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(i64).range(10..=86_400))]
    pub session_fresh: i64,
    /// Calls that one address may make at once.
    #[arg(long, value_name = "CALLS", default_value_t = 60)]
    pub rate_burst: u32,
    /// Calls that one address gets back per second.
    #[arg(long, value_name = "CALLS", default_value_t = 2)]
    pub rate_per_second: u32,
    /// A reverse proxy whose X-Forwarded-For tells the client's address; may be given several times. Without it
    /// everyone behind a proxy shares one limit.
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,
    /// Folder of `attestation-root.pem` and `attestation-root.key`, as `rp-server attestation-authority` writes them. The
    /// agent's origin then certifies the attestation keys of our agent, for relying parties that ask for attestation.
    #[arg(long, value_name = "FOLDER")]
    pub attestation_authority: Option<PathBuf>,
    /// File with the token that opens the operator's calls; or put it into MIEN_OPERATOR_TOKEN. At least 16 characters.
    #[arg(long, value_name = "FILE")]
    pub operator_token_file: Option<PathBuf>,
}

impl Settings {
    /// The settings of the environment over those of `file` over the defaults, for an application of your own.
    ///
    /// # Errors
    /// The file cannot be read or is wrong, or a variable has a value of a wrong form.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let file = file.map(SettingsFile::read).transpose()?;
        let command = Self::augment_args(clap::Command::new("settings").no_binary_name(true));
        let keys = file::keys(&command);
        if let Some(file) = &file {
            file.check_keys(&keys)?;
        }
        let command = file::layered(command, file.as_ref());
        let nothing: [&str; 0] = [];
        let wrong = |error: clap::Error| match &file {
            Some(file) => file.refuse(&error),
            None => SettingsError::Value(file::sentence(&error)),
        };
        let matches = command.try_get_matches_from(nothing).map_err(wrong)?;
        Self::from_arg_matches(&matches).map_err(wrong)
    }

    /// The configuration that these settings describe. Reads the operator's token.
    ///
    /// # Errors
    /// The values do not go together, or a file cannot be read, or the token could be guessed.
    pub fn config(&self) -> Result<Config, SettingsError> {
        let controller = Controller {
            name: self.controller_name.clone(),
            contact: self.controller_contact.clone(),
        };
        let lifetimes = Lifetimes {
            ceremony_ms: self.ceremonies.ceremony_ms(),
            session_idle_ms: self.session_idle.saturating_mul(1000),
            session_absolute_ms: self.session_lifetime.saturating_mul(1000),
            session_fresh_ms: self.session_fresh.saturating_mul(1000),
            ..Lifetimes::default()
        };
        let rate_limit = RateLimit {
            burst: self.rate_burst,
            per_second: self.rate_per_second,
        };
        let origin = &self.ceremonies.rp_origin;
        let config = Config::new(origin, &self.agent_origin, controller)?
            .with_lifetimes(lifetimes)
            .with_rate_limit(rate_limit)
            .with_trusted_proxies(self.trusted_proxy.clone())
            .with_operator_token(self.operator_token()?)
            .with_agent_provider(self.agent_provider()?);
        self.ceremonies.apply(config)
    }

    fn agent_provider(&self) -> Result<Option<AgentProvider>, SettingsError> {
        let folder = self.attestation_authority.as_deref();
        Ok(folder.map(AgentProvider::open).transpose()?)
    }

    /// From the environment or a file, never from a flag: process lists show flags.
    fn operator_token(&self) -> Result<Option<OperatorToken>, SettingsError> {
        let from_environment = std::env::var(TOKEN).ok().map(Zeroizing::new);
        let (text, place) = match (from_environment, &self.operator_token_file) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                let text = format!(
                    "the operator's token is set twice, by {TOKEN} and by operator-token-file"
                );
                return Err(SettingsError::OperatorToken(text));
            }
            (Some(text), None) => (text, TOKEN.to_owned()),
            (None, Some(path)) => {
                let place = path.display().to_string();
                let read = fs::read_to_string(path).map_err(|error| SettingsError::Unreadable {
                    path: place.clone(),
                    error,
                })?;
                (Zeroizing::new(read), place)
            }
        };
        let token = OperatorToken::new(text.trim().to_owned());
        token.map(Some).ok_or_else(|| {
            SettingsError::OperatorToken(format!(
                "the operator's token in {place} must have at least 16 characters"
            ))
        })
    }
}
