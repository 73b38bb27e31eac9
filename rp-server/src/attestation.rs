//! What a registration shows of the authenticator (WebAuthn Level 3 section 6.5), and the roots that certificates of
//! authenticators must lead to.

use std::fmt;
use std::time::{Duration, SystemTime};

use webauthn_rs::prelude::{AttestationCaList, COSEAlgorithm, COSEKey, ParsedAttestationData};
use webauthn_rs_core::attestation::verify_attestation_ca_chain;
use x509_parser::pem::parse_x509_pem;

use crate::clock::UnixMs;

/// The attestation types of section 6.5.3, as far as a server can tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationType {
    /// None: nothing is known of the authenticator.
    None,
    /// Self: whoever registered holds the private key.
    SelfSigned,
    /// Basic or attestation CA: a certificate of the maker's, which led to a configured root.
    Certified,
}

impl AttestationType {
    const ALL: [Self; 3] = [Self::None, Self::SelfSigned, Self::Certified];

    /// Its name, in answers and records: `none`, `self`, `certificates`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SelfSigned => "self",
            Self::Certified => "certificates",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Why a text holds no attestation roots.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttestationRootsError {
    /// No certificate in it. An empty list would refuse everybody.
    #[error("there is no certificate in PEM among the attestation roots")]
    None,
    /// The certificate at this place, from 1, cannot be read.
    #[error("certificate {0} of the attestation roots cannot be read")]
    Unreadable(usize),
    /// The certificate at this place, from 1, may not issue others.
    #[error(
        "certificate {0} of the attestation roots is of no authority (basic constraints with CA:TRUE and key usage with keyCertSign), so none could lead to it"
    )]
    NoAuthority(usize),
}

/// Certificates of attestation roots, or of intermediate authorities that are to be trusted as such.
///
/// webauthn-rs demands of each, and of every intermediate certificate: basic constraints with CA:TRUE, key usage with
/// keyCertSign, a time that has begun and not ended. The first two are demanded here already: they never change.
#[derive(Clone, PartialEq, Eq)]
pub struct AttestationRoots {
    // One list for each: of two roots with one name, as in a change of keys, webauthn-rs tries the first only.
    lists: Vec<AttestationCaList>,
}

impl AttestationRoots {
    /// Reads one or more certificates in PEM.
    ///
    /// # Errors
    /// [`AttestationRootsError`].
    pub fn from_pem(text: &str) -> Result<Self, AttestationRootsError> {
        let mut lists = Vec::new();
        for piece in text.split(BEGIN).skip(1) {
            let place = lists.len() + 1;
            let unreadable = AttestationRootsError::Unreadable(place);
            let (body, _) = piece.split_once(END).ok_or(unreadable.clone())?;
            // webauthn-rs takes one certificate at a time.
            let pem = format!("{BEGIN}{body}{END}\n");
            let list = AttestationCaList::try_from(pem.as_bytes());
            lists.push(list.map_err(|_| unreadable.clone())?);
            if !may_issue(&pem).ok_or(unreadable)? {
                return Err(AttestationRootsError::NoAuthority(place));
            }
        }
        if lists.is_empty() {
            return Err(AttestationRootsError::None);
        }
        Ok(Self { lists })
    }

    /// Whether the certificates of a verified attestation statement lead to a root at the time `now`. Section 7.1,
    /// steps 23 and 24.
    pub(crate) fn lead_from(&self, statement: &ParsedAttestationData, now: UnixMs) -> bool {
        let since = Duration::from_millis(u64::try_from(now).unwrap_or_default());
        let now = SystemTime::UNIX_EPOCH + since;
        let leads = |list| verify_attestation_ca_chain(statement, list, now);
        self.lists
            .iter()
            .any(|list| matches!(leads(list), Ok(Some(_))))
    }
}

/// Whether a certificate in PEM is one of an authority (RFC 5280, 4.2.1.9 and 4.2.1.3); nothing if it cannot be read.
fn may_issue(pem: &str) -> Option<bool> {
    let (_, pem) = parse_x509_pem(pem.as_bytes()).ok()?;
    let certificate = pem.parse_x509().ok()?;
    let constraints = certificate.basic_constraints().ok()?;
    let usage = certificate.key_usage().ok()?;
    Some(
        constraints.is_some_and(|constraints| constraints.value.ca)
            && usage.is_some_and(|usage| usage.value.key_cert_sign()),
    )
}

/// Whether the key of the first certificate is one of `algorithm`, a COSE algorithm identifier: section 8.2 verifies
/// the signature with the one that the statement names, webauthn-rs with the one that the key has.
pub(crate) fn key_is_of(statement: &ParsedAttestationData, algorithm: i64) -> bool {
    let ParsedAttestationData::Basic(chain) = statement else {
        return false;
    };
    let Some(leaf) = chain.first() else {
        return false;
    };
    let is_of = |algorithm| COSEKey::try_from((algorithm, leaf)).is_ok();
    let [p256, p384] = [COSEAlgorithm::ES256, COSEAlgorithm::ES384].map(is_of);
    match algorithm {
        -7 => p256,
        -35 => p384,
        // Its signatures are of curves, or RSASSA-PKCS1-v1_5 with SHA-256.
        -257 => !p256 && !p384,
        _ => false,
    }
}

// The certificates are public; their number is what helps in a log.
impl fmt::Debug for AttestationRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttestationRoots({})", self.lists.len())
    }
}
