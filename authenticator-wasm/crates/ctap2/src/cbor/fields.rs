//! The members of a CBOR map, taken out one by one by key and type.

use ciborium::value::Integer;

use super::{CborError, Value, decode, wipe};

/// A decoded map from which members are taken. What nobody took is wiped on drop.
///
/// The `name` arguments are for errors only.
pub struct Fields {
    entries: Vec<(Value, Value)>,
}

impl Fields {
    /// Decodes `bytes` as exactly one canonical map.
    ///
    /// # Errors
    /// As [`decode`]; [`CborError::UnexpectedType`] when the item is not a map.
    pub fn decode(bytes: &[u8], name: &'static str) -> Result<Self, CborError> {
        Self::from_value(decode(bytes)?, name)
    }

    /// Opens a map that is a member of another.
    ///
    /// # Errors
    /// [`CborError::UnexpectedType`] when `value` is not a map.
    pub fn from_value(mut value: Value, name: &'static str) -> Result<Self, CborError> {
        match value {
            Value::Map(entries) => Ok(Self { entries }),
            _ => {
                wipe(&mut value);
                Err(CborError::UnexpectedType(name))
            }
        }
    }

    /// Takes the member with this key, whatever its type.
    pub fn take(&mut self, key: impl Into<Value>) -> Option<Value> {
        let key = key.into();
        let position = self.entries.iter().position(|(found, _)| *found == key)?;
        Some(self.entries.swap_remove(position).1)
    }

    /// Takes a byte string.
    ///
    /// # Errors
    /// [`CborError::UnexpectedType`] when it is something else.
    pub fn bytes(
        &mut self,
        key: impl Into<Value>,
        name: &'static str,
    ) -> Result<Option<Vec<u8>>, CborError> {
        typed(self.take(key), name, |value| match value {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(other),
        })
    }

    /// Takes a text string.
    ///
    /// # Errors
    /// [`CborError::UnexpectedType`] when it is something else.
    pub fn text(
        &mut self,
        key: impl Into<Value>,
        name: &'static str,
    ) -> Result<Option<String>, CborError> {
        typed(self.take(key), name, |value| match value {
            Value::Text(text) => Ok(text),
            other => Err(other),
        })
    }

    /// Takes an integer that fits 64 bits with sign.
    ///
    /// # Errors
    /// [`CborError::UnexpectedType`] when it is something else, [`CborError::Invalid`] when too large.
    pub fn integer(
        &mut self,
        key: impl Into<Value>,
        name: &'static str,
    ) -> Result<Option<i64>, CborError> {
        self.number(key, name)
    }

    /// Takes an unsigned integer of up to 64 bits.
    ///
    /// # Errors
    /// [`CborError::UnexpectedType`] when it is something else, [`CborError::Invalid`] when negative.
    pub fn unsigned(
        &mut self,
        key: impl Into<Value>,
        name: &'static str,
    ) -> Result<Option<u64>, CborError> {
        self.number(key, name)
    }

    fn number<T: TryFrom<Integer>>(
        &mut self,
        key: impl Into<Value>,
        name: &'static str,
    ) -> Result<Option<T>, CborError> {
        let number = typed(self.take(key), name, |value| match value {
            Value::Integer(number) => Ok(number),
            other => Err(other),
        })?;
        number
            .map(|number| T::try_from(number).map_err(|_| CborError::Invalid(name)))
            .transpose()
    }

    /// Takes a boolean.
    ///
    /// # Errors
    /// [`CborError::UnexpectedType`] when it is something else.
    pub fn boolean(
        &mut self,
        key: impl Into<Value>,
        name: &'static str,
    ) -> Result<Option<bool>, CborError> {
        typed(self.take(key), name, |value| match value {
            Value::Bool(flag) => Ok(flag),
            other => Err(other),
        })
    }

    /// Takes an array.
    ///
    /// # Errors
    /// [`CborError::UnexpectedType`] when it is something else.
    pub fn array(
        &mut self,
        key: impl Into<Value>,
        name: &'static str,
    ) -> Result<Option<Vec<Value>>, CborError> {
        typed(self.take(key), name, |value| match value {
            Value::Array(items) => Ok(items),
            other => Err(other),
        })
    }

    /// Takes a map.
    ///
    /// # Errors
    /// [`CborError::UnexpectedType`] when it is something else.
    pub fn map(
        &mut self,
        key: impl Into<Value>,
        name: &'static str,
    ) -> Result<Option<Self>, CborError> {
        self.take(key)
            .map(|value| Self::from_value(value, name))
            .transpose()
    }

    /// Takes a byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// [`CborError::UnexpectedType`], or [`CborError::Invalid`] for another length.
    pub fn byte_array<const N: usize>(
        &mut self,
        key: impl Into<Value>,
        name: &'static str,
    ) -> Result<Option<[u8; N]>, CborError> {
        self.bytes(key, name)?
            .map(|bytes| <[u8; N]>::try_from(bytes).map_err(|_| CborError::Invalid(name)))
            .transpose()
    }

    /// The text keys whose value is `true`, in the map's order. The rest is let go.
    #[must_use]
    pub fn truths(mut self) -> Vec<String> {
        let (truths, rest): (Vec<_>, Vec<_>) = core::mem::take(&mut self.entries)
            .into_iter()
            .partition(|(_, value)| *value == Value::Bool(true));
        self.entries = rest;
        let texts = truths
            .into_iter()
            .filter_map(|(key, _)| key.into_text().ok());
        texts.collect()
    }

    /// Ends the reading of a closed map: whatever is left is refused.
    ///
    /// # Errors
    /// [`CborError::Invalid`] when a member was not taken.
    pub fn finish(self, name: &'static str) -> Result<(), CborError> {
        if self.entries.is_empty() {
            Ok(())
        } else {
            Err(CborError::Invalid(name))
        }
    }
}

impl Drop for Fields {
    fn drop(&mut self) {
        for (key, value) in &mut self.entries {
            wipe(key);
            wipe(value);
        }
    }
}

fn typed<T>(
    value: Option<Value>,
    name: &'static str,
    convert: impl FnOnce(Value) -> Result<T, Value>,
) -> Result<Option<T>, CborError> {
    value
        .map(|value| {
            convert(value).map_err(|mut other| {
                wipe(&mut other);
                CborError::UnexpectedType(name)
            })
        })
        .transpose()
}
