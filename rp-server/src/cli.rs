//! The command line.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use rp_server::presentation_attack_detection::Layer;

pub(crate) const CONTROLLER_NAME: &str = "Mien demo operator";
pub(crate) const CONTROLLER_CONTACT: &str = "operator@localhost";

/// Relying-party server of Mien.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the relying party and the authentication agent.
    Serve(Box<Serve>),
    /// Look after accounts, without the server running or beside it.
    User {
        #[command(subcommand)]
        user: User,
    },
}

#[derive(Args)]
pub(crate) struct Serve {
    /// Origin of the relying party, as browsers see it.
    #[arg(long, default_value = "http://localhost:8080")]
    pub(crate) rp_origin: String,
    /// Origin of the authentication agent, as browsers see it.
    #[arg(long, default_value = "http://localhost:8081")]
    pub(crate) agent_origin: String,
    /// Name of the relying party.
    #[arg(long, default_value = "Mien")]
    pub(crate) rp_name: String,
    /// Where the relying party listens; port 0 for any free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(crate) rp_listen: SocketAddr,
    /// Where the authentication agent listens; port 0 for any free one.
    #[arg(long, default_value = "127.0.0.1:8081")]
    pub(crate) agent_listen: SocketAddr,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Folder of the relying party's pages.
    #[arg(long, default_value = "web/dist/relying-party")]
    pub(crate) rp_static: PathBuf,
    /// Folder of the authentication agent's pages.
    #[arg(long, default_value = "web/dist/authentication-agent")]
    pub(crate) agent_static: PathBuf,
    /// Folder of the models.
    #[arg(long, default_value = "target/models")]
    pub(crate) models: PathBuf,
    /// TLS certificate chain, PEM.
    #[arg(long, requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// TLS private key, PEM.
    #[arg(long, requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Who answers for the personal data; shown in the privacy notice.
    #[arg(long, default_value = CONTROLLER_NAME)]
    pub(crate) controller_name: String,
    /// How to reach them.
    #[arg(long, default_value = CONTROLLER_CONTACT)]
    pub(crate) controller_contact: String,
    /// Calls that one address may make at once.
    #[arg(long, default_value_t = 60)]
    pub(crate) rate_burst: u32,
    /// Calls that one address gets back per second.
    #[arg(long, default_value_t = 2)]
    pub(crate) rate_per_second: u32,
    /// A reverse proxy whose X-Forwarded-For tells the client's address; may be given several times. Without it
    /// everyone behind a proxy shares one limit.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) trusted_proxy: Vec<IpAddr>,
    /// Layers of presentation attack detection that a face sign-in must have passed: texture, head-turn, light.
    /// Light is asked of sign-ins only. Other authenticators are not asked.
    #[arg(
        long,
        value_name = "LAYERS",
        value_delimiter = ',',
        default_value = "texture,head-turn"
    )]
    pub(crate) require_pad: Vec<Layer>,
    /// Opens the operator's calls. From the environment only, so that no process list shows it.
    #[arg(skip = std::env::var("MIEN_OPERATOR_TOKEN").ok())]
    pub(crate) operator_token: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum User {
    /// Name every account.
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Delete an account with its credentials and sessions.
    Deregister {
        /// Account name.
        name: String,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Args)]
pub(crate) struct Database {
    /// The database: `sqlite:PATH`, or `postgres://USER@HOST/NAME`. A password belongs into the environment, where no
    /// process list shows it.
    #[arg(
        long,
        value_name = "URL",
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite:data/mien.db"
    )]
    pub(crate) database: String,
}
