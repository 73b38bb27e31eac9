//! The authentication server's end: a listener that admits the one relying party.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::web::{self, Bytes, Data, PayloadConfig};
use actix_web::{App, HttpResponse, HttpServer};

use super::tls::{Credentials, TlsError};
use crate::authentication_server::{Inbox, Rejected, StandaloneAuthenticationServer};

/// Where messages are taken.
pub(super) const PATH: &str = "/messages";
/// The longest message: a response of 64 kB in base64url, with room for the rest.
const LONGEST: usize = 128 * 1024;
/// How often ended ceremonies and old message IDs are forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// How long open messages may take after the server was asked to stop, in seconds.
const GRACE_S: u64 = 2;

/// A bound listener, not yet run.
pub struct Listening {
    /// Its real address.
    pub address: SocketAddr,
    server: Server,
    inbox: Arc<Inbox>,
}

impl Listening {
    /// Serves until `stop` is ready.
    ///
    /// # Errors
    /// The listener failed.
    pub async fn until(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let handle = self.server.handle();
        let sweeper = actix_web::rt::spawn(sweep(self.inbox));
        let serving = actix_web::rt::spawn(self.server);
        stop.await;
        sweeper.abort();
        handle.stop(true).await;
        serving.await.map_err(io::Error::other)?
    }
}

/// Listens at `address` for the relying party whose certificate is for `client`.
///
/// # Errors
/// The certificates cannot be used, or the address cannot be listened on.
pub fn bind(
    server: StandaloneAuthenticationServer,
    address: SocketAddr,
    credentials: &Credentials,
    client: &str,
) -> Result<Listening, BindError> {
    let tls = credentials.server(client)?;
    let listen = |error| BindError::Listen { address, error };
    let socket = TcpListener::bind(address).map_err(listen)?;
    let real = socket.local_addr().map_err(listen)?;
    let inbox = Arc::new(Inbox::new(server));
    let shared = Data::from(inbox.clone());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(PayloadConfig::new(LONGEST))
            .route(PATH, web::post().to(take))
    })
    .workers(2)
    .disable_signals()
    .shutdown_timeout(GRACE_S)
    .listen_rustls_0_23(socket, tls)
    .map_err(listen)?
    .run();
    Ok(Listening {
        address: real,
        server,
        inbox,
    })
}

/// Why the authentication server does not listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The certificates cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
}

async fn take(inbox: Data<Inbox>, message: Bytes) -> HttpResponse {
    let rejected = match inbox.take(&message).await {
        Ok(answer) => {
            return HttpResponse::Ok()
                .content_type("application/json")
                .body(answer);
        }
        Err(rejected) => rejected,
    };
    tracing::warn!(reason = %rejected, "a message was not taken");
    let mut response = match rejected {
        Rejected::Malformed => HttpResponse::BadRequest(),
        Rejected::Late => HttpResponse::Gone(),
        Rejected::Repeated => HttpResponse::Conflict(),
        Rejected::Unavailable(_) => HttpResponse::ServiceUnavailable(),
    };
    response
        .content_type("text/plain; charset=utf-8")
        .body(format!("{rejected}\n"))
}

async fn sweep(inbox: Arc<Inbox>) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = inbox.server().sweep().await {
            tracing::error!(%error, "what has ended was not forgotten");
        }
    }
}
