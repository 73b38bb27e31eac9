//! The one COSE key of the product: ES256 (RFC 9053 2.1, WebAuthn Level 3 5.8.5), by `coset`.

use coset::iana::{self, EnumI64};
use coset::{CborSerializable, CoseKey, CoseKeyBuilder, Label, RegisteredLabelWithPrivate};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, Signature, VerifyingKey};
use p256::pkcs8::EncodePublicKey;

use crate::cbor::{CborError, Value, split_first};

/// COSEAlgorithmIdentifier of ECDSA on P-256 with SHA-256.
pub const ES256: i64 = -7;

/// A point on P-256, used as an ES256 public key. Off-curve points cannot be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Es256PublicKey(VerifyingKey);

impl Es256PublicKey {
    /// From the uncompressed point of SEC 1: 0x04, 32 bytes x, 32 bytes y.
    ///
    /// # Errors
    /// [`CborError::Invalid`] for another form or a point that is not on the curve.
    pub fn from_sec1(bytes: &[u8]) -> Result<Self, CborError> {
        if bytes.len() != 65 || bytes.first() != Some(&0x04) {
            return Err(CborError::Invalid("public key"));
        }
        VerifyingKey::from_sec1_bytes(bytes)
            .map(Self)
            .map_err(|_| CborError::Invalid("public key"))
    }

    /// The uncompressed point: 65 bytes.
    #[must_use]
    pub fn to_sec1(&self) -> Vec<u8> {
        self.0.to_sec1_point(false).as_bytes().to_vec()
    }

    /// SubjectPublicKeyInfo in DER, as `getPublicKey()` of WebAuthn returns it (5.2.1.1).
    ///
    /// # Errors
    /// [`CborError::Invalid`] if the DER encoder fails, which it has no reason to.
    pub fn to_spki_der(&self) -> Result<Vec<u8>, CborError> {
        self.0
            .to_public_key_der()
            .map(|der| der.as_bytes().to_vec())
            .map_err(|_| CborError::Invalid("public key"))
    }

    /// Canonical COSE_Key: exactly kty, alg, crv, x and y.
    ///
    /// # Errors
    /// [`CborError::Invalid`] if the CBOR encoder fails, which it has no reason to.
    pub fn to_cose(&self) -> Result<Vec<u8>, CborError> {
        let point = self.to_sec1();
        let coordinate = |range| point.get(range).map(<[u8]>::to_vec);
        let (Some(x), Some(y)) = (coordinate(1..33), coordinate(33..65)) else {
            return Err(CborError::Invalid("public key"));
        };
        CoseKeyBuilder::new_ec2_pub_key(iana::EllipticCurve::P_256, x, y)
            .algorithm(iana::Algorithm::ES256)
            .build()
            .to_vec()
            .map_err(|_| CborError::Invalid("public key"))
    }

    /// Parses a canonical COSE_Key that has exactly the members which [`Es256PublicKey::to_cose`] writes.
    ///
    /// # Errors
    /// Any other key type, algorithm, curve or member; non-canonical CBOR; a point off the curve.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, CborError> {
        let (_, rest) = split_first(bytes)?;
        if !rest.is_empty() {
            return Err(CborError::TrailingBytes);
        }
        let key = CoseKey::from_slice(bytes).map_err(|_| CborError::Invalid("COSE key"))?;
        let plain = key.key_id.is_empty() && key.key_ops.is_empty() && key.base_iv.is_empty();
        let ec2 = key.kty == coset::RegisteredLabel::Assigned(iana::KeyType::EC2);
        let es256 = key.alg == Some(RegisteredLabelWithPrivate::Assigned(iana::Algorithm::ES256));
        let [
            (crv, curve),
            (x, Value::Bytes(x_bytes)),
            (y, Value::Bytes(y_bytes)),
        ] = key.params.as_slice()
        else {
            return Err(CborError::Invalid("COSE key"));
        };
        let labels = *crv == label(iana::Ec2KeyParameter::Crv)
            && *x == label(iana::Ec2KeyParameter::X)
            && *y == label(iana::Ec2KeyParameter::Y);
        let p256 = *curve == Value::from(iana::EllipticCurve::P_256.to_i64());
        if !(plain && ec2 && es256 && labels && p256) || x_bytes.len() != 32 {
            return Err(CborError::Invalid("COSE key"));
        }
        Self::from_sec1(&[&[0x04], x_bytes.as_slice(), y_bytes].concat())
    }

    /// Whether `signature` (DER, as WebAuthn carries it, 6.5.5) is this key's over `message`.
    #[must_use]
    pub fn verify_der(&self, message: &[u8], signature: &[u8]) -> bool {
        DerSignature::try_from(signature)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }

    /// Whether `signature` (r and s, 32 bytes each, as JWS carries it, RFC 7518 3.4) is this key's.
    #[must_use]
    pub fn verify_raw(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}

impl From<VerifyingKey> for Es256PublicKey {
    fn from(key: VerifyingKey) -> Self {
        Self(key)
    }
}

fn label(parameter: iana::Ec2KeyParameter) -> Label {
    Label::Int(parameter.to_i64())
}

#[cfg(test)]
mod tests;
