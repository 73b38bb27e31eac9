//! One origin's listener: connections with limits, TLS, and HTTP/1.1 for an application of actix-web.
//!
//! `actix_web::HttpServer` does the same, but lets nobody stand between its connections and its HTTP.

use std::fmt::Debug;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_http::body::MessageBody;
use actix_http::{HttpService, Request, Response};
use actix_server::Server;
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_service, map_config,
};
use actix_tls::accept::TlsError;
use actix_tls::accept::rustls_0_23::{Acceptor, TlsStream};
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;
use rustls::ServerConfig;

use super::paced::{OnTcp, Paced};

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

/// Serves `app` at the socket; over TLS if there is a configuration of it.
pub(super) fn listener<F, I, S, B>(
    app: F,
    socket: TcpListener,
    tls: Option<ServerConfig>,
) -> io::Result<Server>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<actix_web::Error> + 'static,
    S::InitError: Debug,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let builder = Server::build()
        .workers(2)
        .max_concurrent_connections(CONNECTIONS)
        .disable_signals()
        .shutdown_timeout(GRACE_S);
    let ending = builder.graceful_shutdown_signal();
    macro_rules! http {
        () => {{
            let ending = ending.clone();
            let app = app().into_factory();
            let app = app.map_err(|error| error.into().error_response());
            HttpService::build()
                .graceful_shutdown_signal(move || {
                    let ending = ending.clone();
                    async move { ending.notified().await }
                })
                .keep_alive(KEEP_ALIVE)
                .client_request_timeout(SLOWEST_HEAD)
                .client_disconnect_timeout(SLOWEST_END)
                .h1(map_config(app, |()| AppConfig::default()))
        }};
    }
    let builder = match tls {
        None => builder.listen("http", socket, move || {
            fn_service(async |io: TcpStream| Ok(paced(io))).and_then(http!())
        })?,
        Some(mut tls) => {
            tls.alpn_protocols = vec![b"http/1.1".to_vec()];
            builder.listen("https", socket, move || {
                let mut acceptor = Acceptor::new(tls.clone());
                acceptor.set_handshake_timeout(SLOWEST_HEAD);
                acceptor
                    .map_err(TlsError::into_service_error)
                    .map(|io: TlsStream<TcpStream>| paced(io))
                    .and_then(http!().map_err(TlsError::Service))
            })?
        }
    };
    Ok(builder.run())
}

fn paced<S: OnTcp>(stream: S) -> (Paced<S>, Option<SocketAddr>) {
    let peer = stream.tcp().peer_addr().ok();
    (Paced::new(stream), peer)
}
