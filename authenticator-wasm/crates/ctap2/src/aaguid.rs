//! AAGUID: which model of authenticator made a credential (WebAuthn Level 3, 6.5.1).

use core::fmt;

/// 16 bytes that name a make and model of authenticator; all zero means "not told".
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Aaguid([u8; 16]);

impl Aaguid {
    /// The AAGUID that tells nothing.
    pub const ZERO: Self = Self([0; 16]);

    /// From its 16 bytes, in the order in which they stand in authenticator data.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Aaguid {
    /// The usual form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, byte) in self.0.iter().enumerate() {
            if matches!(position, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Aaguid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aaguid({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::Aaguid;

    #[test]
    fn displays_in_the_usual_form() {
        let bytes = core::array::from_fn(|i| u8::try_from(i).unwrap() * 0x11);
        assert_eq!(
            Aaguid::new(bytes).to_string(),
            "00112233-4455-6677-8899-aabbccddeeff"
        );
    }
}
