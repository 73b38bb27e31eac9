//! The public keys by which platform and authenticator come to a shared secret (CTAP 2.1, 6.5.6, getPublicKey).

use p256::PublicKey;
use p256::elliptic_curve::sec1::ToSec1Point;

use crate::cbor::{CborError, Fields, Value};
use crate::credential::required;

const MEMBER: &str = "keyAgreement";
const KTY: i64 = 1;
const ALG: i64 = 3;
const CRV: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const EC2: i64 = 2;
const ECDH_ES_HKDF_256: i64 = -25;
const P256: i64 = 1;

/// A point on P-256, for key agreement. Off-curve points cannot be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyAgreementKey(PublicKey);

impl KeyAgreementKey {
    /// The key that is this point.
    #[must_use]
    pub const fn new(point: PublicKey) -> Self {
        Self(point)
    }

    /// The point.
    #[must_use]
    pub const fn point(&self) -> &PublicKey {
        &self.0
    }

    /// COSE_Key with exactly the members of [`KeyAgreementKey::from_value`].
    pub(crate) fn to_value(self) -> Value {
        let point = self.0.to_sec1_point(false);
        let coordinate = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
        let (_, coordinates) = point.as_bytes().split_at(1);
        let (x, y) = coordinates.split_at(32);
        Value::Map(vec![
            (KTY.into(), EC2.into()),
            (ALG.into(), ECDH_ES_HKDF_256.into()),
            (CRV.into(), P256.into()),
            (X.into(), coordinate(x)),
            (Y.into(), coordinate(y)),
        ])
    }

    /// Reads a COSE_Key of exactly kty, alg, crv, x and y.
    pub(crate) fn from_value(value: Value) -> Result<Self, CborError> {
        let mut fields = Fields::from_value(value, MEMBER)?;
        for (key, expected) in [(KTY, EC2), (ALG, ECDH_ES_HKDF_256), (CRV, P256)] {
            if required(fields.integer(key, MEMBER)?, MEMBER)? != expected {
                return Err(CborError::Invalid(MEMBER));
            }
        }
        let x: [u8; 32] = required(fields.byte_array(X, MEMBER)?, MEMBER)?;
        let y: [u8; 32] = required(fields.byte_array(Y, MEMBER)?, MEMBER)?;
        fields.finish(MEMBER)?;
        PublicKey::from_sec1_bytes(&[&[0x04], x.as_slice(), &y].concat())
            .map(Self)
            .map_err(|_| CborError::Invalid(MEMBER))
    }
}
