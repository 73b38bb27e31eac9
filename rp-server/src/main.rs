//! The binary: the demo's server, and the operator's commands.

mod cli;
mod shown;

use std::ffi::OsString;
use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

use rp_server::clock::Clock;
use rp_server::config::{Config, Controller};
use rp_server::relying_party::{AccountName, Denied, RelyingParty};
use rp_server::serve::{self, Listeners, TlsFiles};
use rp_server::{Service, store};
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::format::debug_fn;

use cli::{Asked, Command, Serve, User};

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
            if failure.is::<NoSuchAccount>() {
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
        Command::User { user } => manage(user).await,
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
    let service = Service::open(config, &serve.settings.database).await?;
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

async fn manage(user: User) -> Result<(), Failure> {
    match user {
        User::List { database } => {
            let store = store::open_existing(&database.database).await?;
            for account in store.accounts().await? {
                say(&account.name);
            }
            store.close().await;
        }
        User::Show { name, database } => {
            let store = store::open_existing(&database.database).await?;
            let key = AccountName::parse(&name)?;
            let account = store.account_by_name(key.key()).await?;
            let account = account.ok_or(NoSuchAccount(name))?;
            say(&shown::account(&account));
            for credential in store.credentials_of(account.user).await? {
                say(&shown::credential(&credential));
            }
            store.close().await;
        }
        User::Deregister { name, database } => {
            let store = store::open_existing(&database.database).await?;
            // Any origins do: they go into ceremonies and statements, and this makes neither for anyone.
            let controller = Controller {
                name: "operator".to_owned(),
                contact: "none".to_owned(),
            };
            let config = Config::new("http://localhost", "http://agent.localhost", controller)?;
            let party =
                RelyingParty::open(Arc::new(config), store.clone(), Clock::system()).await?;
            let done = party.deregister_account_by_operator(&name).await;
            store.close().await;
            match done {
                Ok(done) => say(&format!(
                    "deregistered {name}: {} credential(s) and the account are gone",
                    done.deregistered.len()
                )),
                Err(Denied::NotFound) => return Err(NoSuchAccount(name).into()),
                Err(denied) => return Err(denied.into()),
            }
        }
    }
    Ok(())
}

/// Ends the process with a code of its own, so that scripts need not read words.
#[derive(Debug)]
struct NoSuchAccount(String);

impl std::error::Error for NoSuchAccount {}

impl fmt::Display for NoSuchAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no account named {}", self.0)
    }
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
