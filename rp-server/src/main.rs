//! The binary: the demo's server, and the operator's commands.

mod cli;
mod operator;
mod shown;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use rp_server::agent_provider::AgentProvider;
use rp_server::authentication_server::StandaloneAuthenticationServer;
use rp_server::clock::Clock;
use rp_server::remote::{self, Credentials, certificates};
use rp_server::serve::{self, Listeners, TlsFiles};
use rp_server::{Service, store};
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::format::debug_fn;

use cli::{Asked, AuthenticationServer, Command, Serve};

/// The fields that a log line may have; others are left out, whoever writes them. None of them ever holds a name, a
/// credential ID, a token or anything of a body.
const LOGGED: [&str; 5] = ["event", "reason", "error", "records", "place"];

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,rp_server=info"));
    // Standard output carries only what a caller may want to read.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .fmt_fields(
            debug_fn(|writer, field, value| match field.name() {
                "message" => write!(writer, "{value:?}"),
                name if LOGGED.contains(&name) => write!(writer, "{name}={value:?}"),
                _ => Ok(()),
            })
            .delimited(" "),
        )
        .init();
    // Where it was, never what was in hand there.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        tracing::error!(place = place.unwrap_or_default(), "a fault of the program");
    }));
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let result = match cli::read(&arguments) {
        Ok(asked) => actix_web::rt::System::new().block_on(carry_out(asked)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("rp-server: {failure}");
            if failure.is::<operator::NoSuchAccount>() {
                ExitCode::from(3)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

async fn carry_out(asked: Asked) -> Result<(), Failure> {
    match asked.command {
        Command::Serve(serve) => run(*serve, &asked.sources).await,
        Command::Migrate(database) => migrate(&database.database).await,
        Command::AuthenticationServer(server) => authentication_server(*server).await,
        Command::Certificates { folder, hosts } => certify(&folder, &hosts),
        Command::AttestationAuthority {
            folder,
            country,
            organization,
        } => {
            AgentProvider::write_root(&folder, &country, &organization)?;
            say(&format!("the root and its key are in {}", folder.display()));
            Ok(())
        }
        Command::Split {
            database,
            accounts,
            credentials,
        } => split(&database.database, &accounts, &credentials).await,
        Command::User { user } => operator::manage(user).await,
    }
}

async fn run(serve: Serve, sources: &[String]) -> Result<(), Failure> {
    let config = serve.settings.config()?;
    let tls = match (serve.tls_cert, serve.tls_key) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
        _ => return Err("tls-cert and tls-key go together, and one of them is missing".into()),
    };
    if serve.check_config {
        for line in sources {
            say(line);
        }
        return Ok(());
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    let listeners = Listeners {
        rp_listen: serve.rp_listen,
        agent_listen: serve.agent_listen,
        rp_static: serve.rp_static,
        agent_static: serve.agent_static,
        models: serve.models,
        tls,
    };
    let database = &serve.settings.database;
    let service = match &serve.remote.authentication_server {
        None => Service::open(config, database).await?,
        Some(url) => {
            let credentials = Credentials::of_relying_party(&serve.remote.certificates);
            Service::open_split(config, database, url, &credentials).await?
        }
    };
    let running = serve::bind(service, &listeners)?;
    say(&format!(
        "listening relying-party {scheme}://{}",
        running.rp_address
    ));
    say(&format!(
        "listening authentication-agent {scheme}://{}",
        running.agent_address
    ));
    running.until(asked_to_stop()).await?;
    Ok(())
}

async fn migrate(url: &str) -> Result<(), Failure> {
    let done = store::migrate(url).await?;
    if done.is_empty() {
        say("up to date, nothing to do");
    }
    for one in done {
        say(&format!("applied {:04} {}", one.version, one.description));
    }
    Ok(())
}

async fn split(source: &str, accounts: &str, credentials: &str) -> Result<(), Failure> {
    let done = store::divide(source, accounts, credentials).await?;
    say(&format!(
        "carried over {} account(s), {} session(s) and {} credential(s); the old database is as it was",
        done.accounts, done.sessions, done.credentials
    ));
    Ok(())
}

async fn authentication_server(server: AuthenticationServer) -> Result<(), Failure> {
    let config = server.ceremonies.config()?;
    let store = store::open_authentication_server(&server.database).await?;
    let opened = StandaloneAuthenticationServer::open(&config, store, Clock::system()).await?;
    let credentials = Credentials::of_authentication_server(&server.certificates);
    let listening = remote::bind(opened, server.listen, &credentials, &server.client)?;
    say(&format!(
        "listening authentication-server https://{}",
        listening.address
    ));
    listening.until(asked_to_stop()).await?;
    Ok(())
}

fn certify(folder: &Path, hosts: &[String]) -> Result<(), Failure> {
    certificates::write(folder, hosts)?;
    say(&format!("certificates are in {}", folder.display()));
    Ok(())
}

/// Ctrl-C, or the termination signal of a service manager.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without signals there is nothing to wait for; an error here means just that.
    let _ = interrupt.await;
}

#[allow(
    clippy::print_stdout,
    reason = "the one place that talks to the caller"
)]
fn say(line: &str) {
    println!("{line}");
}
