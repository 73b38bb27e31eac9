//! TLS between the two processes: who trusts whom.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::version::TLS13;
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig,
    SignatureScheme,
};

/// Why the certificates cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TlsError(String);

/// What one of the two processes shows and trusts: PEM files.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The one certification authority whose certificates are taken.
    pub authority: PathBuf,
    /// Its own certificate chain, leaf first.
    pub certificate: PathBuf,
    /// The private key to it.
    pub key: PathBuf,
}

struct Loaded {
    provider: Arc<CryptoProvider>,
    roots: RootCertStore,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Credentials {
    /// `ca.pem`, `relying-party.pem` and `relying-party.key` of a folder, as [`super::certificates::write`] makes them.
    #[must_use]
    pub fn of_relying_party(folder: &Path) -> Self {
        Self::of(folder, "relying-party")
    }

    /// `ca.pem`, `authentication-server.pem` and `authentication-server.key` of a folder.
    #[must_use]
    pub fn of_authentication_server(folder: &Path) -> Self {
        Self::of(folder, "authentication-server")
    }

    fn of(folder: &Path, role: &str) -> Self {
        Self {
            authority: folder.join("ca.pem"),
            certificate: folder.join(format!("{role}.pem")),
            key: folder.join(format!("{role}.key")),
        }
    }

    fn load(&self) -> Result<Loaded, TlsError> {
        let mut roots = RootCertStore::empty();
        for authority in chain(&self.authority)? {
            let added = roots.add(authority);
            added.map_err(|error| refuse(&self.authority, &error))?;
        }
        Ok(Loaded {
            provider: Arc::new(ring::default_provider()),
            roots,
            chain: chain(&self.certificate)?,
            key: PrivateKeyDer::from_pem_file(&self.key).map_err(|e| refuse(&self.key, &e))?,
        })
    }

    /// The relying party's side.
    pub(super) fn client(&self) -> Result<ClientConfig, TlsError> {
        let loaded = self.load()?;
        ClientConfig::builder_with_provider(loaded.provider)
            .with_protocol_versions(&[&TLS13])
            .map_err(|e| TlsError(e.to_string()))?
            .with_root_certificates(loaded.roots)
            .with_client_auth_cert(loaded.chain, loaded.key)
            .map_err(|error| refuse(&self.key, &error))
    }

    /// The authentication server's side: serves whoever has the certificate of `client`.
    pub(super) fn server(&self, client: &str) -> Result<ServerConfig, TlsError> {
        let loaded = self.load()?;
        let name = ServerName::try_from(client.to_owned())
            .map_err(|_| TlsError(format!("`{client}` is not a host name")))?;
        let verifier = WebPkiClientVerifier::builder_with_provider(
            Arc::new(loaded.roots),
            loaded.provider.clone(),
        );
        let authority = verifier
            .build()
            .map_err(|error| refuse(&self.authority, &error))?;
        ServerConfig::builder_with_provider(loaded.provider)
            .with_protocol_versions(&[&TLS13])
            .map_err(|e| TlsError(e.to_string()))?
            .with_client_cert_verifier(Arc::new(OneClient { authority, name }))
            .with_single_cert(loaded.chain, loaded.key)
            .map_err(|error| refuse(&self.key, &error))
    }
}

fn refuse(path: &Path, error: &dyn fmt::Display) -> TlsError {
    TlsError(format!("{}: {error}", path.display()))
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refuse(path, &error))?;
    if chain.is_empty() {
        return Err(refuse(path, &"no certificate in it"));
    }
    Ok(chain)
}

/// Takes the client certificates of one authority for one name. The authority may have certified others, the
/// authentication server itself among them.
#[derive(Debug)]
struct OneClient {
    authority: Arc<dyn ClientCertVerifier>,
    name: ServerName<'static>,
}

impl ClientCertVerifier for OneClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.authority.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self
            .authority
            .verify_client_cert(end_entity, intermediates, now)?;
        verify_server_name(&ParsedCertificate::try_from(end_entity)?, &self.name)?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authority
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authority
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authority.supported_verify_schemes()
    }
}
