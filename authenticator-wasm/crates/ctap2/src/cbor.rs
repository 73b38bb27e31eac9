//! CBOR in the canonical form of CTAP 2.1 clause 8 ("Message Encoding"): strict in, canonical out.
//!
//! `ciborium` does the encoding and decoding of values; it accepts more than CTAP2 allows, so every
//! input first passes a scanner that allocates nothing (`strict`).

mod fields;
mod order;
mod strict;

use core::fmt;

pub use ciborium::value::Value;
pub use fields::Fields;
pub use strict::{MAX_DEPTH, split_first};
use zeroize::Zeroize;

/// Why bytes are not the CBOR that was expected. Says where the fault is, never what the bytes were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CborError {
    /// The input ends inside an item, or a length points beyond it.
    Truncated,
    /// Bytes follow the one item that was expected.
    TrailingBytes,
    /// An indefinite-length item; CTAP2 has definite lengths only.
    IndefiniteLength,
    /// A number or length is not in its shortest form.
    NotShortest,
    /// Map keys are duplicated or not in canonical order.
    KeyOrder,
    /// More than [`MAX_DEPTH`] nested maps and arrays.
    TooDeep,
    /// A tag, a float, an unassigned simple value, or a map key that is neither integer nor text.
    Unsupported,
    /// A text string that is not UTF-8.
    NotUtf8,
    /// A member has another CBOR type than the message defines.
    UnexpectedType(&'static str),
    /// A member that the message requires is absent.
    Missing(&'static str),
    /// A member is of the right type and out of range.
    Invalid(&'static str),
}

impl fmt::Display for CborError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("CBOR: input ends inside an item"),
            Self::TrailingBytes => f.write_str("CBOR: bytes after the item"),
            Self::IndefiniteLength => f.write_str("CBOR: indefinite length"),
            Self::NotShortest => f.write_str("CBOR: number not in shortest form"),
            Self::KeyOrder => f.write_str("CBOR: map keys duplicated or out of order"),
            Self::TooDeep => f.write_str("CBOR: nested too deeply"),
            Self::Unsupported => f.write_str("CBOR: item that CTAP2 does not allow"),
            Self::NotUtf8 => f.write_str("CBOR: text is not UTF-8"),
            Self::UnexpectedType(member) => write!(f, "CBOR: {member} has an unexpected type"),
            Self::Missing(member) => write!(f, "CBOR: {member} is missing"),
            Self::Invalid(member) => write!(f, "CBOR: {member} is out of range"),
        }
    }
}

impl core::error::Error for CborError {}

/// Decodes exactly one canonical item that fills `bytes`.
///
/// # Errors
/// Every deviation from CTAP2's canonical form, and bytes after the item.
pub fn decode(bytes: &[u8]) -> Result<Value, CborError> {
    let (_, rest) = split_first(bytes)?;
    if !rest.is_empty() {
        return Err(CborError::TrailingBytes);
    }
    // A scratch buffer as long as the input lets ciborium copy each string once, straight to its final
    // size: nothing is left behind by a growing buffer, and the scratch itself is wiped.
    let mut scratch = vec![0; bytes.len()];
    let value = ciborium::de::from_reader_with_buffer(bytes, &mut scratch);
    scratch.zeroize();
    value.map_err(|_| CborError::Unsupported)
}

/// Encodes `value` canonically: shortest lengths, map keys sorted at every level.
///
/// The value is consumed and wiped, since records with secrets pass here; the caller owns the one copy
/// that is returned, in a buffer that was never reallocated.
///
/// # Errors
/// [`CborError::KeyOrder`] when a map holds a key twice or a key that is neither integer nor text.
pub fn encode(mut value: Value) -> Result<Vec<u8>, CborError> {
    let bytes = order::sort(&mut value).and_then(|()| {
        let mut bytes = Vec::with_capacity(order::upper_bound(&value));
        ciborium::ser::into_writer(&value, &mut bytes).map_err(|_| CborError::Unsupported)?;
        Ok(bytes)
    });
    wipe(&mut value);
    bytes
}

/// Overwrites every byte and text string inside `value`.
pub fn wipe(value: &mut Value) {
    match value {
        Value::Bytes(bytes) => bytes.zeroize(),
        Value::Text(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Map(entries) => {
            for (key, entry) in entries {
                wipe(key);
                wipe(entry);
            }
        }
        Value::Tag(_, inner) => wipe(inner),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
