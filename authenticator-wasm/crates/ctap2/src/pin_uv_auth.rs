//! The PIN/UV auth parameters that both operations may carry (CTAP 2.1, 6.5).

use crate::cbor::{CborError, Fields, Value};

/// pinUvAuthParam and, beside it, pinUvAuthProtocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinUvAuth {
    /// The authentication code.
    pub parameter: Vec<u8>,
    /// The protocol that it was made with; required, but its absence has a code of its own (6.1.2 step 2).
    pub protocol: Option<i64>,
}

impl PinUvAuth {
    pub(crate) fn take(
        fields: &mut Fields,
        parameter: i64,
        protocol: i64,
    ) -> Result<Option<Self>, CborError> {
        let parameter = fields.bytes(parameter, "pinUvAuthParam")?;
        let protocol = fields.integer(protocol, "pinUvAuthProtocol")?;
        Ok(parameter.map(|parameter| Self {
            parameter,
            protocol,
        }))
    }

    pub(crate) fn push(
        &self,
        entries: &mut Vec<(Value, Value)>,
        parameter_key: i64,
        protocol_key: i64,
    ) {
        entries.push((parameter_key.into(), Value::Bytes(self.parameter.clone())));
        if let Some(protocol) = self.protocol {
            entries.push((protocol_key.into(), protocol.into()));
        }
    }
}
