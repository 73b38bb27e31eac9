//! The command line, and how it joins with the environment and a file.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use rp_server::remote::certificates;
use rp_server::settings::{self, CeremonySettings, Settings, SettingsError, SettingsFile};

const AFTER: &str = "\
Settings: a flag wins over the environment, the environment over the file of --config, the file over the defaults. The \
flag --rp-name is MIEN_RP_NAME in the environment and rp-name in the file.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no such account.";

const SERVE: &str = "\
Examples:
  rp-server serve
  rp-server serve --config mien.toml
  rp-server serve --config mien.toml --check-config   # what would hold, and where each value is from
  DATABASE_URL=postgres://mien@db/mien rp-server serve --rp-origin https://example.org --agent-origin https://face.example.org

A file:
  rp-origin = \"https://example.org\"
  agent-origin = \"https://face.example.org\"
  require-pad = [\"texture\", \"head-turn\", \"light\"]

It prints a line for each origin when it listens. SIGTERM and Ctrl-C end it once the requests under way are answered.";

const AUTHENTICATION_SERVER: &str = "\
It has a database of its own, without accounts or sessions; the relying party's has no credentials, keys or ceremonies. \
The clocks of both machines must agree within 30 seconds. The settings of ceremonies stand here; `serve` calls them by \
the same names, and a file may be shared.

Examples:
  rp-server certificates
  rp-server authentication-server
  rp-server serve --database sqlite:data/accounts.db --authentication-server https://localhost:8443";

const CERTIFY: &str = "\
Writes ca.pem, authentication-server.pem and .key, relying-party.pem and .key, good for a year; overwrites nothing. The \
authority's own key is kept nowhere, so these two are all that it ever certifies. An operator with a certification \
authority puts its files under these names instead.

Example:
  rp-server certificates data/certificates --host auth.internal";

const ATTEST: &str = "\
Writes attestation-root.pem and attestation-root.key, good for ten years; overwrites nothing. Who holds the key can make \
certificates that say `Mien authentication agent`. The root is published at /attestation/root.pem of the agent's origin; a \
relying party gives it to `--attestation-roots`.

Example:
  rp-server attestation-authority data/attestation --country SE --organization \"Example Ltd\"
  rp-server serve --attestation-authority data/attestation";

const MIGRATE: &str = "\
`serve` does the same when it starts. Run this beforehand to see what a new version will change, or to make the tables \
as another user of the database. It is safe to repeat.

Examples:
  rp-server migrate --database sqlite:data/mien.db
  rp-server migrate --config mien.toml";

const SPLIT: &str = "\
Stop the server first: what it writes meanwhile is not carried over. Ceremonies under way end; who is signed in stays \
so. The database itself is only read, and stays the way back as long as neither of the new ones has served. The new \
ones are made, or must have no rows; all three are SQLite, or all three PostgreSQL. If it is interrupted, delete both \
and run it again.

Example:
  rp-server split --database sqlite:data/mien.db --accounts sqlite:data/accounts.db \\
    --credentials sqlite:data/authentication-server.db
  rp-server certificates
  rp-server authentication-server --database sqlite:data/authentication-server.db
  rp-server serve --database sqlite:data/accounts.db --authentication-server https://localhost:8443";

const USER: &str = "\
These work on the database, so they need no running server and do no harm to one.

Examples:
  rp-server user list
  rp-server user show ada
  rp-server user deregister ada --config mien.toml
  rp-server user enable ada --authentication-server https://localhost:8443   # where that is a process of its own";

/// Relying-party server of Mien: sign in with a look, or with any passkey.
#[derive(Parser)]
#[command(version, after_help = AFTER)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the relying party and the authentication agent.
    #[command(after_help = SERVE)]
    Serve(Box<Serve>),
    /// Serve an authentication server to the relying party of another process.
    #[command(after_help = AUTHENTICATION_SERVER)]
    AuthenticationServer(Box<AuthenticationServer>),
    /// Make certificates for a trial of `authentication-server` and `serve --authentication-server`.
    #[command(after_help = CERTIFY)]
    Certificates {
        /// Folder to write them into.
        #[arg(default_value = CERTIFICATES)]
        folder: PathBuf,
        /// Host name or address under which the relying party calls the authentication server; may be given several
        /// times.
        #[arg(long = "host", value_name = "HOST", default_values = ["localhost", "127.0.0.1"])]
        hosts: Vec<String>,
    },
    /// Make the root from which the agent's attestation keys are certified.
    #[command(after_help = ATTEST)]
    AttestationAuthority {
        /// Folder to write it into.
        folder: PathBuf,
        /// Country where the organization is incorporated, two letters of ISO 3166.
        #[arg(long, value_name = "COUNTRY")]
        country: String,
        /// Name of the organization that provides the agent.
        #[arg(long, value_name = "NAME")]
        organization: String,
    },
    /// Bring the tables of a database up to date, and say what was done.
    #[command(after_help = MIGRATE)]
    Migrate(Database),
    /// Copy the database of one process into the two of relying party and authentication server.
    #[command(after_help = SPLIT)]
    Split {
        #[command(flatten)]
        database: Database,
        /// The new database of accounts and sessions, for `serve --authentication-server`. One with a password is taken
        /// from the environment only.
        #[arg(long, value_name = "URL", env = "MIEN_ACCOUNTS_DATABASE")]
        accounts: String,
        /// The new database of credentials and keys, for `authentication-server`.
        #[arg(long, value_name = "URL", env = "MIEN_CREDENTIALS_DATABASE")]
        credentials: String,
    },
    /// Look after accounts.
    #[command(after_help = USER)]
    User {
        #[command(subcommand)]
        user: User,
    },
}

const CERTIFICATES: &str = "data/certificates";

#[derive(Args)]
pub(crate) struct AuthenticationServer {
    /// File with settings (TOML).
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ceremonies: CeremonySettings,
    /// Its own database: `sqlite:PATH`, or `postgres://USER@HOST/NAME`. One with a password is taken from DATABASE_URL or
    /// the file only, because process lists show flags.
    #[arg(
        long,
        value_name = "URL",
        env = "DATABASE_URL",
        default_value = "sqlite:data/authentication-server.db"
    )]
    pub(crate) database: String,
    /// Where it listens; port 0 for any free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8443")]
    pub(crate) listen: SocketAddr,
    /// Folder of `ca.pem`, `authentication-server.pem` and `authentication-server.key`.
    #[arg(long, value_name = "FOLDER", default_value = CERTIFICATES)]
    pub(crate) certificates: PathBuf,
    /// The one name whose client certificate is admitted.
    #[arg(long, value_name = "NAME", default_value = certificates::CLIENT)]
    pub(crate) client: String,
}

/// An authentication server in a process of its own.
#[derive(Args)]
pub(crate) struct Remote {
    /// Calls the authentication server at this URL, https://HOST:PORT, instead of being it. The database then holds
    /// accounts and sessions only.
    #[arg(long, value_name = "URL")]
    pub(crate) authentication_server: Option<String>,
    /// Folder of `ca.pem`, `relying-party.pem` and `relying-party.key`, for the calls to it.
    #[arg(long, value_name = "FOLDER", default_value = CERTIFICATES)]
    pub(crate) certificates: PathBuf,
}

#[derive(Args)]
pub(crate) struct Serve {
    /// File with settings (TOML).
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Check the settings, print each with where it is from, and end. Nothing is opened.
    #[arg(long)]
    pub(crate) check_config: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) remote: Remote,
    /// Where the relying party listens; port 0 for any free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) rp_listen: SocketAddr,
    /// Where the authentication agent listens; port 0 for any free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8081")]
    pub(crate) agent_listen: SocketAddr,
    /// Folder of the relying party's pages.
    #[arg(long, value_name = "FOLDER", default_value = "web/dist/relying-party")]
    pub(crate) rp_static: PathBuf,
    /// Folder of the authentication agent's pages.
    #[arg(
        long,
        value_name = "FOLDER",
        default_value = "web/dist/authentication-agent"
    )]
    pub(crate) agent_static: PathBuf,
    /// Folder of the models.
    #[arg(long, value_name = "FOLDER", default_value = "target/models")]
    pub(crate) models: PathBuf,
    /// TLS certificate chain, PEM; needs --tls-key.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// TLS private key, PEM; needs --tls-cert.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum User {
    /// Name every account, one a line.
    List {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        remote: Remote,
    },
    /// Show an account and its credentials. No keys.
    Show {
        /// Account name.
        name: String,
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        remote: Remote,
    },
    /// Let credentials sign in again that were disabled after fifty failed attempts.
    ///
    /// `user show` names the credentials and their failed attempts. Ask the account's owner first whose attempts they
    /// were: only who holds the credential's key can have made them.
    Enable {
        /// Account name.
        name: String,
        /// Only this credential, whose waits after fewer failures end too; all that are disabled otherwise.
        credential: Option<String>,
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        remote: Remote,
    },
    /// Delete an account with its credentials and sessions, at once and for good.
    Deregister {
        /// Account name.
        name: String,
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        remote: Remote,
    },
}

#[derive(Args)]
pub(crate) struct Database {
    /// File with settings (TOML), as for `serve`; of them the database counts here.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The database: `sqlite:PATH`, or `postgres://USER@HOST/NAME`. One with a password is taken from DATABASE_URL or the
    /// file only, because process lists show flags.
    #[arg(
        long,
        value_name = "URL",
        env = "DATABASE_URL",
        default_value = "sqlite:data/mien.db"
    )]
    pub(crate) database: String,
}

/// What was asked for, and the lines that `--check-config` prints.
pub(crate) struct Asked {
    pub(crate) command: Command,
    pub(crate) sources: Vec<String>,
}

/// Reads the command line twice: first for the name of the file, then with the file's values below the others. Usage
/// errors end the process here, with code 2.
pub(crate) fn read(arguments: &[OsString]) -> Result<Asked, SettingsError> {
    let plain = layered(None);
    let first = plain.clone().get_matches_from(arguments);
    let innermost = innermost(&first);
    let file = innermost.try_get_one::<PathBuf>("config").ok().flatten();
    let file = file.map(|path| SettingsFile::read(path)).transpose()?;
    let matches = match &file {
        None => first,
        Some(file) => {
            // One file may be shared by both processes.
            let serving = ["serve", "authentication-server"];
            let serving = serving
                .iter()
                .filter_map(|name| plain.find_subcommand(name));
            file.check_keys(&serving.flat_map(settings::keys).collect::<Vec<_>>())?;
            let again = layered(Some(file)).try_get_matches_from(arguments);
            again.map_err(|error| file.refuse(&error))?
        }
    };
    let command = Cli::from_arg_matches(&matches)
        .map_err(|e| SettingsError::Value(settings::sentence(&e)))?;
    let innermost = self::innermost(&matches);
    no_password_as_flag(innermost)?;
    Ok(Asked {
        command: command.command,
        sources: sources(plain.find_subcommand("serve"), innermost, file.as_ref()),
    })
}

fn layered(file: Option<&SettingsFile>) -> clap::Command {
    let layer = |command: clap::Command| settings::layered(command, file);
    Cli::command()
        .mut_subcommand("serve", layer)
        .mut_subcommand("authentication-server", layer)
        .mut_subcommand("migrate", layer)
        .mut_subcommand("split", layer)
        .mut_subcommand("user", |user| {
            user.mut_subcommand("list", layer)
                .mut_subcommand("show", layer)
                .mut_subcommand("enable", layer)
                .mut_subcommand("deregister", layer)
        })
}

fn innermost(matches: &ArgMatches) -> &ArgMatches {
    match matches.subcommand() {
        Some((_, inner)) => innermost(inner),
        None => matches,
    }
}

fn no_password_as_flag(matches: &ArgMatches) -> Result<(), SettingsError> {
    for (name, elsewhere) in [
        ("database", "DATABASE_URL or the file of --config"),
        ("accounts", "MIEN_ACCOUNTS_DATABASE"),
        ("credentials", "MIEN_CREDENTIALS_DATABASE"),
    ] {
        let url = matches.try_get_one::<String>(name).ok().flatten();
        let flag = url.filter(|_| matches.value_source(name) == Some(ValueSource::CommandLine));
        if flag.is_some_and(|url| without_password(url) != *url) {
            return Err(SettingsError::Value(format!(
                "a database URL with a password must not be a flag, because process lists show flags: put it into {elsewhere}"
            )));
        }
    }
    Ok(())
}

/// The URL with its password, if it has one, as stars.
fn without_password(url: &str) -> String {
    let Ok(mut parsed) = url::Url::parse(url) else {
        return if url.contains('@') { "…" } else { url }.to_owned();
    };
    let in_query = parsed.query_pairs().any(|(name, _)| name == "password");
    if in_query {
        parsed.set_query(Some("…"));
    }
    if parsed.password().is_some() {
        // Fails only for URLs that cannot have one.
        let _ = parsed.set_password(Some("***"));
    } else if !in_query {
        return url.to_owned();
    }
    parsed.to_string()
}

/// One line for each setting: a file that sets the same, with where each value is from as a comment.
fn sources(
    command: Option<&clap::Command>,
    matches: &ArgMatches,
    file: Option<&SettingsFile>,
) -> Vec<String> {
    let arguments = command.into_iter().flat_map(clap::Command::get_arguments);
    let line = |arg: &clap::Arg| {
        let name = arg.get_long()?;
        if !settings::keys(command?).iter().any(|key| key == name) {
            return None;
        }
        let id = arg.get_id().as_str();
        let raw = matches.try_get_raw(id).ok()??;
        let shown = |value: &OsStr| match id {
            "database" => without_password(&value.to_string_lossy()),
            _ => value.to_string_lossy().into_owned(),
        };
        let values: Vec<String> = raw
            .map(|value| serde_json::json!(shown(value)).to_string())
            .collect();
        let source = match matches.value_source(id)? {
            ValueSource::CommandLine => "flag",
            ValueSource::EnvVariable => "environment",
            _ if file.is_some_and(|file| file.sets(name)) => "file",
            _ => "default",
        };
        let value = match values.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        Some(format!("{name} = {value} # {source}"))
    };
    arguments.filter_map(line).collect()
}
