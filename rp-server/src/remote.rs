//! Relying party and authentication server in two processes: HTTPS between them, with a certificate on either side.
//!
//! TLS 1.3 only. Each side trusts one certification authority of the operator's own and nothing else. The relying party
//! wants the certificate of the host name that it calls; the authentication server wants the name of the one client
//! that it serves. [`certificates::write`] makes a set for a trial. What the messages add to that is told in
//! `authentication_server::exchange`, how both databases stay together in `relying_party::split`.

pub mod certificates;
mod client;
mod server;
mod tls;

pub use client::{Https, RemoteError};
pub use server::{BindError, Listening, bind};
pub use tls::{Credentials, TlsError};
