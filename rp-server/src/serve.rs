//! Both origins from one process: two listeners, the relying party's and the authentication agent's.

mod tls;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer};
use rustls::ServerConfig;

use crate::http::{
    SecurityHeaders, Service, authentication_agent_files, configure, origin_boundary,
    relying_party_files,
};

pub use tls::TlsFiles;

/// How long requests under way may take after Ctrl-C or SIGTERM, in seconds: a little more than a body may take
/// to come.
const GRACE_S: u64 = 15;
/// How long the head of a request may take to come (408 then), and a TLS handshake.
const SLOWEST_HEAD: Duration = Duration::from_secs(5);
/// How long a connection may be idle between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a client may take to see that its connection ends.
const SLOWEST_END: Duration = Duration::from_secs(2);
/// Open connections of each of the two workers of an origin; more wait in the system's queue.
const CONNECTIONS: usize = 2_048;

/// Why the server does not start. Each is one sentence for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A folder is missing.
    #[error("the folder {path} of {flag} does not exist; build it with `cargo xtask web`{hint}")]
    NoDirectory {
        /// The flag that named it.
        flag: &'static str,
        /// The folder.
        path: String,
        /// What else to do.
        hint: &'static str,
    },
    /// The port is in use.
    #[error(
        "port {port} is in use by another program; choose another one with {flag} ADDRESS:PORT"
    )]
    PortInUse {
        /// The flag that named it.
        flag: &'static str,
        /// The port.
        port: u16,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address} ({flag}): {error}")]
    Listen {
        /// The flag that named it.
        flag: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("the TLS certificate and key cannot be used: {0}")]
    Tls(String),
    /// The server failed.
    #[error("the server failed: {0}")]
    Io(#[from] io::Error),
}

/// Where to listen and what to serve.
#[derive(Clone, Debug)]
pub struct Listeners {
    /// Address of the relying party; port 0 lets the system choose.
    pub rp_listen: SocketAddr,
    /// Address of the agent.
    pub agent_listen: SocketAddr,
    /// The relying party's pages.
    pub rp_static: PathBuf,
    /// The agent's pages.
    pub agent_static: PathBuf,
    /// The models.
    pub models: PathBuf,
    /// Certificate and key; plain HTTP without.
    pub tls: Option<TlsFiles>,
}

/// Two bound listeners, not yet run.
pub struct Running {
    /// Real address of the relying party.
    pub rp_address: SocketAddr,
    /// Real address of the agent.
    pub agent_address: SocketAddr,
    relying_party: Server,
    authentication_agent: Server,
}

impl Running {
    /// Serves until `stop` is ready, then takes no new connections, finishes the requests under way (at most 15 seconds)
    /// and closes idle connections at once.
    ///
    /// # Errors
    /// A server failed while it ran.
    pub async fn until(self, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let handles = [
            self.relying_party.handle(),
            self.authentication_agent.handle(),
        ];
        let rp = actix_web::rt::spawn(self.relying_party);
        let agent = actix_web::rt::spawn(self.authentication_agent);
        stop.await;
        let [one, two] = handles.map(stop_soon);
        tokio::join!(one, two);
        for ended in [rp.await, agent.await] {
            ended.map_err(io::Error::other)??;
        }
        Ok(())
    }
}

async fn stop_soon(handle: ServerHandle) {
    handle.stop(true).await;
}

/// Binds both listeners.
///
/// # Errors
/// A folder is missing, an address cannot be listened on, or the certificate cannot be used.
pub fn bind(service: Service, listeners: &Listeners) -> Result<Running, ServeError> {
    let models_hint = " (models: `cargo xtask setup`)";
    directory("--rp-static", &listeners.rp_static, "")?;
    directory("--agent-static", &listeners.agent_static, "")?;
    directory("--models", &listeners.models, models_hint)?;
    let tls = listeners.tls.as_ref().map(TlsFiles::load).transpose()?;
    let (rp_socket, rp_address) = listen("--rp-listen", listeners.rp_listen)?;
    let (agent_socket, agent_address) = listen("--agent-listen", listeners.agent_listen)?;
    Ok(Running {
        rp_address,
        agent_address,
        relying_party: relying_party(&service, listeners, rp_socket, tls.clone())?,
        authentication_agent: authentication_agent(&service, listeners, agent_socket, tls)?,
    })
}

fn relying_party(
    service: &Service,
    listeners: &Listeners,
    socket: TcpListener,
    tls: Option<ServerConfig>,
) -> io::Result<Server> {
    let (service, files) = (service.clone(), listeners.rp_static.clone());
    let headers = SecurityHeaders::of_relying_party(service.config()).map_err(io::Error::other)?;
    let server = HttpServer::new(move || {
        let headers = headers.clone();
        App::new()
            .wrap(from_fn(move |request, next| {
                origin_boundary(headers.clone(), request, next)
            }))
            .configure(configure(service.clone()))
            .configure(relying_party_files(&files))
    })
    .workers(2)
    .max_connections(CONNECTIONS)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(SLOWEST_HEAD)
    .client_disconnect_timeout(SLOWEST_END)
    .disable_signals()
    .shutdown_timeout(GRACE_S);
    Ok(match tls {
        Some(tls) => server.listen_rustls_0_23(socket, tls)?,
        None => server.listen(socket)?,
    }
    .run())
}

fn authentication_agent(
    service: &Service,
    listeners: &Listeners,
    socket: TcpListener,
    tls: Option<ServerConfig>,
) -> io::Result<Server> {
    let (files, models) = (listeners.agent_static.clone(), listeners.models.clone());
    let headers =
        SecurityHeaders::of_authentication_agent(service.config()).map_err(io::Error::other)?;
    let server = HttpServer::new(move || {
        let headers = headers.clone();
        App::new()
            .wrap(from_fn(move |request, next| {
                origin_boundary(headers.clone(), request, next)
            }))
            .configure(authentication_agent_files(&files, &models))
    })
    .workers(2)
    .max_connections(CONNECTIONS)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(SLOWEST_HEAD)
    .client_disconnect_timeout(SLOWEST_END)
    .disable_signals()
    .shutdown_timeout(GRACE_S);
    Ok(match tls {
        Some(tls) => server.listen_rustls_0_23(socket, tls)?,
        None => server.listen(socket)?,
    }
    .run())
}

fn directory(flag: &'static str, path: &Path, hint: &'static str) -> Result<(), ServeError> {
    if path.is_dir() {
        return Ok(());
    }
    Err(ServeError::NoDirectory {
        flag,
        path: path.display().to_string(),
        hint,
    })
}

fn listen(
    flag: &'static str,
    address: SocketAddr,
) -> Result<(TcpListener, SocketAddr), ServeError> {
    let bound = TcpListener::bind(address).and_then(|socket| {
        let real = socket.local_addr()?;
        Ok((socket, real))
    });
    bound.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::PortInUse {
            flag,
            port: address.port(),
        },
        _ => ServeError::Listen {
            flag,
            address,
            error,
        },
    })
}
