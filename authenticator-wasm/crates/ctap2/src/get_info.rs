//! authenticatorGetInfo (CTAP 2.1, 6.4): what an authenticator says of itself.

use crate::aaguid::Aaguid;
use crate::cbor::{self, CborError, Value};
use crate::credential::PUBLIC_KEY;

/// The answer; a member that is empty or `None` is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// 0x01: versions of the protocol, as `FIDO_2_0`.
    pub versions: Vec<&'static str>,
    /// 0x02: extension identifiers.
    pub extensions: Vec<&'static str>,
    /// 0x03.
    pub aaguid: Aaguid,
    /// 0x04: option identifiers.
    pub options: Vec<(&'static str, bool)>,
    /// 0x05: the longest message, in bytes.
    pub max_msg_size: usize,
    /// 0x06: PIN/UV auth protocols, the preferred first.
    pub pin_uv_auth_protocols: Vec<i64>,
    /// 0x07: credentials in an allow or exclude list.
    pub max_credential_count_in_list: usize,
    /// 0x08: bytes of a credential ID.
    pub max_credential_id_length: usize,
    /// 0x09.
    pub transports: Vec<&'static str>,
    /// 0x0A: COSE algorithm identifiers of type `public-key`, the preferred first.
    pub algorithms: Vec<i64>,
    /// 0x12: user verification methods, bits of the FIDO registry of predefined values, 3.1.
    pub uv_modality: u64,
}

impl Response {
    /// The canonical answer map.
    ///
    /// # Errors
    /// [`CborError`] from the encoder; [`CborError::Invalid`] for a size that does not fit 64 bits.
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).into()).collect();
        let size = |size: usize| {
            u64::try_from(size)
                .map(Value::from)
                .map_err(|_| CborError::Invalid("size"))
        };
        let option = |(name, set): &(&str, bool)| ((*name).into(), Value::Bool(*set));
        let algorithm = |algorithm: &i64| {
            Value::Map(vec![
                ("alg".into(), (*algorithm).into()),
                ("type".into(), PUBLIC_KEY.into()),
            ])
        };
        let protocols: Vec<Value> = self
            .pin_uv_auth_protocols
            .iter()
            .map(|protocol| (*protocol).into())
            .collect();
        let lists = [
            (1, texts(&self.versions)),
            (2, texts(&self.extensions)),
            (6, protocols),
            (9, texts(&self.transports)),
            (10, self.algorithms.iter().map(algorithm).collect()),
        ];
        let mut entries = vec![
            (3.into(), Value::Bytes(self.aaguid.as_bytes().to_vec())),
            (
                4.into(),
                Value::Map(self.options.iter().map(option).collect()),
            ),
            (5.into(), size(self.max_msg_size)?),
            (7.into(), size(self.max_credential_count_in_list)?),
            (8.into(), size(self.max_credential_id_length)?),
            (0x12.into(), self.uv_modality.into()),
        ];
        for (key, items) in lists {
            if !items.is_empty() {
                entries.push((key.into(), Value::Array(items)));
            }
        }
        cbor::encode(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests;
