//! User verification: whether a sign-in needs it, and how an authenticator says that it was done (extension `uvm`,
//! WebAuthn Level 2 section 10.3; the numbers are those of the FIDO Registry of Predefined Values, section 3).

use std::fmt;
use std::str::FromStr;

/// Whether the user is to be verified, not only present (WebAuthn Level 3 section 5.8.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserVerification {
    /// Always.
    #[default]
    Required,
    /// If the authenticator can.
    Preferred,
    /// Rather not.
    Discouraged,
}

impl UserVerification {
    const ALL: [Self; 3] = [Self::Required, Self::Preferred, Self::Discouraged];

    /// The value of the options' member `userVerification`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Preferred => "preferred",
            Self::Discouraged => "discouraged",
        }
    }
}

impl fmt::Display for UserVerification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no requirement of user verification.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("user verification is required, preferred or discouraged")]
pub struct UnknownUserVerification;

impl FromStr for UserVerification {
    type Err = UnknownUserVerification;

    fn from_str(name: &str) -> Result<Self, UnknownUserVerification> {
        let known = Self::ALL.into_iter().find(|known| known.as_str() == name);
        known.ok_or(UnknownUserVerification)
    }
}

/// One method by which an authenticator says that it verified the user (`uvmEntry`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// `USER_VERIFY_…`: 2 fingerprint, 4 passcode, 16 face …
    pub method: u32,
    /// `KEY_PROTECTION_…`: 1 software, 2 hardware …
    pub key_protection: u16,
    /// `MATCHER_PROTECTION_…`: 1 software, 2 trusted environment, 4 on chip.
    pub matcher_protection: u16,
}

impl Method {
    /// The three numbers, in the order of the extension.
    pub fn numbers(&self) -> [u32; 3] {
        let protection = [self.key_protection, self.matcher_protection];
        let [key, matcher] = protection.map(u32::from);
        [self.method, key, matcher]
    }
}

/// One to three methods, in the authenticator's order. It is the authenticator's word, signed by the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Methods(Vec<Method>);

impl Methods {
    /// Takes one to three.
    pub fn new(list: Vec<Method>) -> Option<Self> {
        (1..=3).contains(&list.len()).then_some(Self(list))
    }

    /// The methods.
    pub fn iter(&self) -> impl Iterator<Item = &Method> {
        self.0.iter()
    }

    /// The form in which a store keeps them: `2.4.2,4.1.1`.
    pub fn to_text(&self) -> String {
        let entry = |method: &Method| method.numbers().map(|number| number.to_string()).join(".");
        self.iter().map(entry).collect::<Vec<_>>().join(",")
    }

    /// Reads what [`Self::to_text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let entry = |text: &str| {
            let mut numbers = text.split('.');
            let method = Method {
                method: numbers.next()?.parse().ok()?,
                key_protection: numbers.next()?.parse().ok()?,
                matcher_protection: numbers.next()?.parse().ok()?,
            };
            numbers.next().is_none().then_some(method)
        };
        Self::new(text.split(',').map(entry).collect::<Option<_>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_no_others_are() {
        for known in UserVerification::ALL {
            assert_eq!(known.as_str().parse(), Ok(known));
        }
        for bad in ["", "Required", "required ", "always"] {
            assert_eq!(
                bad.parse::<UserVerification>(),
                Err(UnknownUserVerification)
            );
        }
    }

    #[test]
    fn methods_are_kept_as_text_and_read_back_strictly() {
        let method = |method, key_protection, matcher_protection| Method {
            method,
            key_protection,
            matcher_protection,
        };
        let largest = method(u32::MAX, u16::MAX, u16::MAX);
        let list = vec![method(2, 4, 2), method(0, 0, 0), largest];
        for length in 1..=3 {
            let methods = Methods::new(list[..length].to_vec()).unwrap();
            assert_eq!(Methods::from_text(&methods.to_text()), Some(methods));
        }
        assert_eq!(
            Methods::new(list.clone()).unwrap().to_text(),
            "2.4.2,0.0.0,4294967295.65535.65535"
        );
        assert_eq!(Methods::new(Vec::new()), None);
        assert_eq!(Methods::new([list, vec![largest]].concat()), None);
        for bad in [
            "",
            "2.4",
            "2.4.2.1",
            "2.4.2,",
            "2.4.x",
            "4294967296.0.0",
            "0.65536.0",
            "0.0.65536",
            "1.1.1,1.1.1,1.1.1,1.1.1",
        ] {
            assert_eq!(Methods::from_text(bad), None, "{bad}");
        }
    }
}
