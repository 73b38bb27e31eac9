//! TLS from a certificate and a key in PEM files.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::ServeError;

/// PEM files.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// Certificate chain, leaf first.
    pub certificate: PathBuf,
    /// Private key.
    pub key: PathBuf,
}

impl TlsFiles {
    /// Reads both. TLS 1.2 and 1.3.
    pub(super) fn load(&self) -> Result<ServerConfig, ServeError> {
        let refuse = |what: &PathBuf, error: &dyn std::fmt::Display| {
            ServeError::Tls(format!("{}: {error}", what.display()))
        };
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|e| refuse(&self.certificate, &e))?;
        if chain.is_empty() {
            return Err(refuse(&self.certificate, &"no certificate in it"));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|e| refuse(&self.key, &e))?;
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| ServeError::Tls(e.to_string()))?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|e| ServeError::Tls(e.to_string()))
    }
}
