//! A set of certificates for a trial of two processes. An operator with a certification authority uses that instead.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use time::OffsetDateTime;

/// The name in the relying party's certificate, which the authentication server asks for.
pub const CLIENT: &str = "relying-party.mien.internal";

/// How long the certificates are good for, in days.
const DAYS: i64 = 365;

/// Why no certificates were made.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// They cannot be made.
    #[error("no certificates can be made: {0}")]
    Make(#[from] rcgen::Error),
    /// They cannot be written.
    #[error("{path}: {error}")]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        error: io::Error,
    },
}

/// Writes `ca.pem` and a certificate and key for either side into `folder`: `authentication-server.pem` and `.key` for
/// the host names `hosts`, `relying-party.pem` and `.key` for [`CLIENT`]. Existing files are not overwritten.
///
/// The authority's own key is written nowhere: these two are all that it ever certifies. To replace them, make a new set.
///
/// # Errors
/// A host is no name or address, or a file exists already or cannot be written.
pub fn write(folder: &Path, hosts: &[String]) -> Result<(), CertificateError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut authority = parameters("Mien private authority", &[])?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority = CertifiedIssuer::self_signed(authority, key)?;
    let names = [CLIENT.to_owned()];
    let parts = [
        (
            "authentication-server",
            hosts,
            ExtendedKeyUsagePurpose::ServerAuth,
        ),
        ("relying-party", &names, ExtendedKeyUsagePurpose::ClientAuth),
    ];
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    put(&folder.join("ca.pem"), &authority.pem(), 0o644)?;
    for (name, hosts, purpose) in parts {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut leaf = parameters(name, hosts)?;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![purpose];
        let leaf = leaf.signed_by(&key, &authority)?;
        put(&folder.join(format!("{name}.pem")), &leaf.pem(), 0o644)?;
        put(
            &folder.join(format!("{name}.key")),
            &key.serialize_pem(),
            0o600,
        )?;
    }
    Ok(())
}

fn parameters(name: &str, hosts: &[String]) -> Result<CertificateParams, rcgen::Error> {
    let mut parameters = CertificateParams::new(hosts)?;
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    parameters.distinguished_name = distinguished;
    let now = OffsetDateTime::now_utc();
    // A day of room for clocks that are behind.
    parameters.not_before = now - time::Duration::days(1);
    parameters.not_after = now + time::Duration::days(DAYS);
    Ok(parameters)
}

/// Writes a file that must not be there yet, with these permissions.
pub(crate) fn put(path: &Path, text: &str, mode: u32) -> Result<(), CertificateError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(mode);
    }
    #[cfg(not(unix))]
    let _ = mode;
    let file = options.open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| failed(path, error))
}

fn failed(path: &Path, error: io::Error) -> CertificateError {
    CertificateError::Write {
        path: path.display().to_string(),
        error,
    }
}
