//! Both origins from one process: two listeners, the relying party's and the authentication agent's.

mod listener;
mod paced;
mod tls;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use actix_web::App;
use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use rustls::ServerConfig;

use crate::http::{
    SecurityHeaders, Service, agent_provider, authentication_agent_files, configure,
    origin_boundary, relying_party_files,
};

use listener::listener;

pub use tls::TlsFiles;

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
    let app = move || {
        let headers = headers.clone();
        App::new()
            .wrap(from_fn(move |request, next| {
                origin_boundary(headers.clone(), request, next)
            }))
            .configure(configure(service.clone()))
            .configure(relying_party_files(&files))
    };
    listener(app, socket, tls)
}

fn authentication_agent(
    service: &Service,
    listeners: &Listeners,
    socket: TcpListener,
    tls: Option<ServerConfig>,
) -> io::Result<Server> {
    let (files, models) = (listeners.agent_static.clone(), listeners.models.clone());
    let service = service.clone();
    let headers =
        SecurityHeaders::of_authentication_agent(service.config()).map_err(io::Error::other)?;
    let app = move || {
        let headers = headers.clone();
        App::new()
            .wrap(from_fn(move |request, next| {
                origin_boundary(headers.clone(), request, next)
            }))
            .configure(agent_provider(service.clone()))
            .configure(authentication_agent_files(&files, &models))
    };
    listener(app, socket, tls)
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
