//! The agent provider: the server side of the agent's origin, which certifies attestation keys (WebAuthn Level 3
//! section 8.2.1). Each key is of one credential and its certificate tells the same of everybody, so it tracks nobody
//! (an anonymization authority, section 6.5.3). It learns a public key, and nothing of relying party or person.
//!
//! What a certificate proves is little: whoever asks gets one. SECURITY.md says it in full.

use std::fmt;
use std::path::Path;

use p256::pkcs8::DecodePublicKey;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName,
    DnType, DnValue, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData,
    SignatureAlgorithm,
};
use time::{Duration, OffsetDateTime, Time};
use x509_parser::x509::X509Name;
use zeroize::Zeroizing;

use crate::authentication_server::MIEN_AAGUID;
use crate::clock::UnixMs;
use crate::remote::certificates::{CertificateError, put};

/// Files of an authority, in its folder.
const ROOT: &str = "attestation-root.pem";
const KEY: &str = "attestation-root.key";

/// How long a root is good for, in days: some ten years.
const ROOT_DAYS: i64 = 3_652;

/// id-fido-gen-ce-aaguid (section 8.2.1).
const AAGUID_EXTENSION: [u64; 10] = [1, 3, 6, 1, 4, 1, 45_724, 1, 1, 4];

/// Why an authority cannot be used. Each is one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum AgentProviderError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {error}; `rp-server attestation-authority` makes one")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The certificate or its key is not one that attestation certificates can be issued from.
    #[error("the attestation authority cannot be used: {0}")]
    Unusable(&'static str),
    /// A certificate cannot be made.
    #[error("no certificate can be made: {0}")]
    Make(#[from] rcgen::Error),
    /// What was to be certified is no key that the agent makes.
    #[error("this is no P-256 public key")]
    NoKey,
}

/// A root and its key.
pub struct AgentProvider {
    issuer: Issuer<'static, KeyPair>,
    root: String,
    country: String,
    organization: String,
}

impl AgentProvider {
    /// Makes a root for an organization of a country (two letters of ISO 3166): certificate and key in PEM.
    ///
    /// # Errors
    /// The country is not two letters, or the organization has no name.
    pub fn make_root(
        country: &str,
        organization: &str,
        now: OffsetDateTime,
    ) -> Result<(String, Zeroizing<String>), AgentProviderError> {
        let letters = country.bytes().all(|letter| letter.is_ascii_uppercase());
        if country.len() != 2 || !letters {
            return Err(AgentProviderError::Unusable(
                "a country is two capital letters of ISO 3166",
            ));
        }
        if organization.trim().is_empty() {
            return Err(AgentProviderError::Unusable("the organization has no name"));
        }
        let mut root = CertificateParams::default();
        root.distinguished_name = subject(
            country,
            organization,
            "Authenticator Attestation CA",
            "Mien root",
        );
        root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        (root.not_before, root.not_after) = days(now, ROOT_DAYS);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let root = CertifiedIssuer::self_signed(root, key)?;
        Ok((root.pem(), Zeroizing::new(root.key().serialize_pem())))
    }

    /// Makes a root and writes it into `folder` as `attestation-root.pem` and `attestation-root.key`. Existing files are
    /// not overwritten.
    ///
    /// # Errors
    /// As [`Self::make_root`], or a file exists already or cannot be written.
    pub fn write_root(
        folder: &Path,
        country: &str,
        organization: &str,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let (root, key) = Self::make_root(country, organization, OffsetDateTime::now_utc())?;
        std::fs::create_dir_all(folder).map_err(|error| CertificateError::Write {
            path: folder.display().to_string(),
            error,
        })?;
        put(&folder.join(ROOT), &root, 0o644)?;
        put(&folder.join(KEY), &key, 0o600)?;
        Ok(())
    }

    /// Opens the authority of a folder that [`Self::write_root`] wrote, or an operator's own under the same names.
    ///
    /// # Errors
    /// A file cannot be read, or as [`Self::from_pem`].
    pub fn open(folder: &Path) -> Result<Self, AgentProviderError> {
        let read = |name| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).map_err(|error| AgentProviderError::Unreadable {
                path: path.display().to_string(),
                error,
            })
        };
        Self::from_pem(&read(ROOT)?, &Zeroizing::new(read(KEY)?))
    }

    /// An authority from its certificate and its key, in PEM.
    ///
    /// # Errors
    /// The certificate is not of an authority, has no country or organization, or another key.
    pub fn from_pem(root: &str, key: &str) -> Result<Self, AgentProviderError> {
        const UNREADABLE: AgentProviderError =
            AgentProviderError::Unusable("its certificate is not X.509 in PEM");
        let key = KeyPair::from_pem(key)
            .map_err(|_| AgentProviderError::Unusable("its key is not PKCS #8 in PEM"))?;
        let (_, pem) = x509_parser::pem::parse_x509_pem(root.as_bytes()).map_err(|_| UNREADABLE)?;
        let certificate = pem.parse_x509().map_err(|_| UNREADABLE)?;
        if !certificate.is_ca() {
            return Err(AgentProviderError::Unusable(
                "its certificate has no basic constraints with CA:TRUE",
            ));
        }
        if certificate.public_key().raw != key.subject_public_key_info() {
            return Err(AgentProviderError::Unusable(
                "its key is not that of its certificate",
            ));
        }
        let named = |name: Option<&str>| {
            name.map(str::to_owned).ok_or(AgentProviderError::Unusable(
                "its certificate names no country or no organization",
            ))
        };
        Ok(Self {
            country: named(country(certificate.subject()))?,
            organization: named(organization(certificate.subject()))?,
            issuer: Issuer::from_ca_cert_pem(root, key)?,
            root: root.to_owned(),
        })
    }

    /// The root's certificate, in PEM.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// A certificate for an attestation key, in DER. `public_key` is the DER of a `SubjectPublicKeyInfo` (P-256).
    ///
    /// It is good from yesterday to tomorrow, counted in whole days: long enough for one registration, and it does not
    /// tell when that was.
    ///
    /// # Errors
    /// [`AgentProviderError::NoKey`].
    pub fn certify(&self, public_key: &[u8], now: UnixMs) -> Result<Vec<u8>, AgentProviderError> {
        let key = AttestationKey::parse(public_key).ok_or(AgentProviderError::NoKey)?;
        let mut leaf = CertificateParams::default();
        leaf.distinguished_name = subject(
            &self.country,
            &self.organization,
            "Authenticator Attestation",
            "Mien authentication agent",
        );
        leaf.is_ca = IsCa::ExplicitNoCa;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.custom_extensions = vec![names_model()];
        let now = OffsetDateTime::from_unix_timestamp(now.div_euclid(1000))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        (leaf.not_before, leaf.not_after) = days(now, 2);
        Ok(leaf.signed_by(&key, &self.issuer)?.der().to_vec())
    }
}

/// From yesterday's beginning to so many days after today's.
fn days(now: OffsetDateTime, after: i64) -> (OffsetDateTime, OffsetDateTime) {
    let today = now.replace_time(Time::MIDNIGHT);
    (
        today.saturating_sub(Duration::days(1)),
        today.saturating_add(Duration::days(after)),
    )
}

fn subject(country: &str, organization: &str, unit: &str, common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    for (kind, value) in [
        (DnType::CountryName, country),
        (DnType::OrganizationName, organization),
        (DnType::OrganizationalUnitName, unit),
        (DnType::CommonName, common_name),
    ] {
        name.push(kind, DnValue::Utf8String(value.to_owned()));
    }
    name
}

fn country<'a>(name: &'a X509Name<'a>) -> Option<&'a str> {
    name.iter_country().next()?.as_str().ok()
}

fn organization<'a>(name: &'a X509Name<'a>) -> Option<&'a str> {
    name.iter_organization().next()?.as_str().ok()
}

/// The extension that names our model: an octet string in the octet string of the extension, not critical.
fn names_model() -> CustomExtension {
    let octets = [[0x04, 0x10].as_slice(), MIEN_AAGUID.as_bytes()].concat();
    CustomExtension::from_oid_content(&AAGUID_EXTENSION, octets)
}

/// What is certified: a point on P-256.
struct AttestationKey(Vec<u8>);

impl AttestationKey {
    fn parse(der: &[u8]) -> Option<Self> {
        let key = p256::PublicKey::from_public_key_der(der).ok()?;
        Some(Self(key.to_sec1_bytes().into_vec()))
    }
}

impl PublicKeyData for AttestationKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

// Of the root there is nothing to hide but its key.
impl fmt::Debug for AgentProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AgentProvider({}, {})", self.organization, self.country)
    }
}
