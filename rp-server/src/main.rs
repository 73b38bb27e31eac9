//! The binary: the demo's server, and the operator's commands.

mod cli;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use rp_server::clock::Clock;
use rp_server::config::{Config, Controller, OperatorToken, RateLimit};
use rp_server::relying_party::RelyingParty;
use rp_server::serve::{self, Listeners, TlsFiles};
use rp_server::{Service, relying_party, store};

use cli::{Cli, Command, Serve, User};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,rp_server=info"));
    // Standard output carries only what a caller may want to read.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    // Where it was, never what was in hand there.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        tracing::error!(place = place.unwrap_or_default(), "a fault of the program");
    }));
    let result = actix_web::rt::System::new().block_on(async {
        match Cli::parse().command {
            Command::Serve(serve) => run(*serve).await,
            Command::User { user } => manage(user).await,
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("rp-server: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(serve: Serve) -> Result<(), Failure> {
    let config = configuration(&serve)?;
    let scheme = if serve.tls_cert.is_some() {
        "https"
    } else {
        "http"
    };
    let listeners = Listeners {
        rp_listen: serve.rp_listen,
        agent_listen: serve.agent_listen,
        rp_static: serve.rp_static,
        agent_static: serve.agent_static,
        models: serve.models,
        tls: serve
            .tls_cert
            .zip(serve.tls_key)
            .map(|(certificate, key)| TlsFiles { certificate, key }),
    };
    let service = Service::open(config, &serve.database.database).await?;
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

fn configuration(serve: &Serve) -> Result<Config, Failure> {
    let controller = Controller {
        name: serve.controller_name.clone(),
        contact: serve.controller_contact.clone(),
    };
    let operator_token = match &serve.operator_token {
        None => None,
        Some(token) => Some(
            OperatorToken::new(token.clone())
                .ok_or("MIEN_OPERATOR_TOKEN must have at least 16 characters")?,
        ),
    };
    let config = Config::new(&serve.rp_origin, &serve.agent_origin, controller)?
        .with_rp_name(&serve.rp_name)
        .with_rate_limit(RateLimit {
            burst: serve.rate_burst,
            per_second: serve.rate_per_second,
        })
        .with_trusted_proxies(serve.trusted_proxy.clone())
        .with_required_layers(serve.require_pad.iter().copied().collect())
        .with_operator_token(operator_token);
    Ok(config)
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
        User::Deregister { name, database } => {
            let store = store::open_existing(&database.database).await?;
            // Any origins do: they go into ceremonies and statements, and this makes neither for anyone.
            let config = Config::new("http://localhost", "http://agent.localhost", controller())?;
            let party =
                RelyingParty::open(Arc::new(config), store.clone(), Clock::system()).await?;
            let done = party.deregister_account_by_operator(&name).await;
            store.close().await;
            match done {
                Ok(done) => say(&format!(
                    "deregistered {name}: {} credential(s) and the account are gone",
                    done.deregistered.len()
                )),
                Err(relying_party::Denied::NotFound) => {
                    return Err(format!("there is no account named {name}").into());
                }
                Err(denied) => return Err(denied.into()),
            }
        }
    }
    Ok(())
}

fn controller() -> Controller {
    Controller {
        name: cli::CONTROLLER_NAME.to_owned(),
        contact: cli::CONTROLLER_CONTACT.to_owned(),
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
