//! A value that is wiped on drop, never printed, and compared in constant time.
//!
//! Everything biometric and every private key of the agent travels in a [`Secret`]. The type has no
//! `Clone`, no `Display` and no `Serialize`: a second copy, a log line or a wire form of a secret is a
//! decision that somebody has to write down, through [`Secret::expose_secret`] and its reason.
//!
//! ```
//! use secret::Secret;
//! let key = Secret::new(vec![7_u8; 32]);
//! assert_eq!(format!("{key:?}"), "Secret(..)");
//! assert_eq!(key.expose_secret("documentation example").len(), 32);
//! ```
//!
//! What must not compile:
//!
//! ```compile_fail,E0599
//! let copy = secret::Secret::new(vec![1_u8]).clone();
//! ```
//! ```compile_fail,E0277
//! println!("{}", secret::Secret::new(vec![1_u8]));
//! ```
//! ```compile_fail,E0616
//! let inside = secret::Secret::new(vec![1_u8]).value;
//! ```

use core::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A value that is zeroized when it is dropped and that cannot be printed or cloned.
///
/// Moving a `Secret` may leave the bytes of an inline `T` (such as `[u8; 32]`) behind on the stack,
/// which no safe code can prevent; a `Vec` or `Box` inside moves only its pointer. Prefer those for
/// what lives longer than one call.
pub struct Secret<T: Zeroize> {
    value: T,
}

impl<T: Zeroize> Secret<T> {
    /// Takes `value` into custody. The caller must not keep a copy.
    pub const fn new(value: T) -> Self {
        Self { value }
    }

    /// Makes a default `T` and lets `fill` write the secret straight into its final place, so that no
    /// intermediate buffer needs wiping.
    pub fn filled_by(fill: impl FnOnce(&mut T)) -> Self
    where
        T: Default,
    {
        let mut secret = Self::new(T::default());
        fill(&mut secret.value);
        secret
    }

    /// The one way out. `reason` says at the call site why the plain value is needed there; it is not
    /// recorded anywhere, it is for the reader and for `grep expose_secret`.
    pub const fn expose_secret(&self, reason: &'static str) -> &T {
        let _ = reason;
        &self.value
    }

    /// As [`Secret::expose_secret`], for writing in place.
    pub const fn expose_secret_mut(&mut self, reason: &'static str) -> &mut T {
        let _ = reason;
        &mut self.value
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

impl<T: Zeroize> Zeroize for Secret<T> {
    fn zeroize(&mut self) {
        self.value.zeroize();
    }
}

impl<T: Zeroize> zeroize::ZeroizeOnDrop for Secret<T> {}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl<T: Zeroize + AsRef<[u8]>> ConstantTimeEq for Secret<T> {
    fn ct_eq(&self, other: &Self) -> subtle::Choice {
        self.value.as_ref().ct_eq(other.value.as_ref())
    }
}

/// Equality of byte secrets: the time depends on the length (which is public), not on the bytes.
impl<T: Zeroize + AsRef<[u8]>> PartialEq for Secret<T> {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl<T: Zeroize + AsRef<[u8]>> Eq for Secret<T> {}

#[cfg(test)]
mod tests;
