//! Attestation certificates (WebAuthn Level 3 section 8.2.1), made for each test, that can be wrong in any way.

use std::rc::Rc;

use ciborium::Value as Cbor;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName,
    DnType, DnValue, IsCa, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SigningKey,
};
use time::{Duration, OffsetDateTime};

use super::authenticator::Attestation;

/// The AAGUID that the leaf names.
pub(crate) const MODEL: [u8; 16] = [7; 16];

/// id-fido-gen-ce-aaguid.
const AAGUID_EXTENSION: [u64; 9] = [1, 3, 6, 1, 4, 1, 45724, 1, 1];

/// A maker: a root, and what it certifies.
pub(crate) struct Maker(CertifiedIssuer<'static, KeyPair>);

/// What an authenticator of a maker signs its attestation with.
pub(crate) struct Certified {
    key: KeyPair,
    /// DER, the leaf first.
    chain: Vec<Vec<u8>>,
    /// COSE algorithm identifier that the statement names.
    algorithm: i64,
}

fn name(parts: &[(DnType, &str)]) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    for (kind, value) in parts {
        name.push(kind.clone(), DnValue::Utf8String((*value).to_owned()));
    }
    name
}

fn key() -> KeyPair {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap()
}

/// A root as webauthn-rs wants it.
pub(crate) fn authority(common_name: &str) -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.distinguished_name = name(&[(DnType::CommonName, common_name)]);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    (authority.not_before, authority.not_after) = days(-365, 365);
    authority
}

/// From so many days after the tests' clock to so many.
pub(crate) fn days(from: i64, to: i64) -> (OffsetDateTime, OffsetDateTime) {
    let now = OffsetDateTime::from_unix_timestamp(1_795_305_600).unwrap();
    (now + Duration::days(from), now + Duration::days(to))
}

/// A leaf as section 8.2.1 wants it.
pub(crate) fn leaf() -> CertificateParams {
    let mut leaf = CertificateParams::default();
    leaf.distinguished_name = subject("Authenticator Attestation");
    leaf.is_ca = IsCa::ExplicitNoCa;
    leaf.custom_extensions = vec![names_model(MODEL)];
    (leaf.not_before, leaf.not_after) = days(-1, 1);
    leaf
}

/// Its subject with another organisational unit.
pub(crate) fn subject(unit: &str) -> DistinguishedName {
    name(&[
        (DnType::CountryName, "SE"),
        (DnType::OrganizationName, "Maker"),
        (DnType::OrganizationalUnitName, unit),
        (DnType::CommonName, "Model"),
    ])
}

/// The extension that names a model.
pub(crate) fn names_model(aaguid: [u8; 16]) -> CustomExtension {
    let octets = [[0x04, 0x10].as_slice(), &aaguid].concat();
    CustomExtension::from_oid_content(&[AAGUID_EXTENSION.as_slice(), &[4]].concat(), octets)
}

impl Maker {
    pub(crate) fn new(common_name: &str) -> Self {
        Self::with(authority(common_name))
    }

    /// A maker of whatever root.
    pub(crate) fn with(root: CertificateParams) -> Self {
        Self(CertifiedIssuer::self_signed(root, key()).unwrap())
    }

    /// A maker whose root is good from so many days after the tests' clock to so many.
    pub(crate) fn from_to(from: i64, to: i64) -> Self {
        let mut root = authority("root");
        (root.not_before, root.not_after) = days(from, to);
        Self::with(root)
    }

    /// Its root in PEM.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// An authenticator of this maker.
    pub(crate) fn certify(&self, leaf: &CertificateParams) -> Certified {
        let key = key();
        let leaf = leaf.signed_by(&key, &self.0).unwrap();
        Certified {
            key,
            chain: vec![leaf.der().to_vec()],
            algorithm: -7,
        }
    }

    /// The same with an intermediate authority between.
    pub(crate) fn certify_through(
        &self,
        intermediate: impl FnOnce(&mut CertificateParams),
    ) -> Certified {
        let mut between = authority("intermediate");
        intermediate(&mut between);
        let between = CertifiedIssuer::signed_by(between, key(), &self.0).unwrap();
        let own = between.der().to_vec();
        let certified = Self(between).certify(&leaf());
        certified.with_chain(|chain| chain.push(own))
    }
}

impl Certified {
    /// With the key of another leaf.
    pub(crate) fn with_another_key(mut self) -> Self {
        self.key = key();
        self
    }

    /// Naming an algorithm that is not the leaf's.
    pub(crate) fn naming(mut self, algorithm: i64) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// With other certificates.
    pub(crate) fn with_chain(mut self, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Self {
        change(&mut self.chain);
        self
    }

    /// As an authenticator uses it.
    pub(crate) fn attestation(self) -> Attestation {
        Attestation::Packed(Rc::new(move |signed| self.statement(signed)))
    }

    /// The attestation statement over `signed`.
    fn statement(&self, signed: &[u8]) -> Cbor {
        let chain = self.chain.iter().cloned().map(Cbor::Bytes).collect();
        Cbor::Map(vec![
            ("alg".into(), self.algorithm.into()),
            ("sig".into(), Cbor::Bytes(self.key.sign(signed).unwrap())),
            ("x5c".into(), Cbor::Array(chain)),
        ])
    }
}
