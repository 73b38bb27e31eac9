//! The origin that asks, as the browser reported it, and the RP IDs that it may use.
//!
//! These are its host, and of the host's parents those that somebody can register: they end below every public
//! suffix (WebAuthn Level 3, 5.1.3 step 8; HTML, "is a registrable domain suffix of or is equal to").

use public_suffix::{DEFAULT_PROVIDER, EffectiveTLDProvider as _};

use crate::encoding::sha256;
use crate::error::Error;

/// A serialised tuple origin with a domain as host: `https://host[:port]`, or `http://` for localhost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    serialised: String,
    host: String,
}

impl Origin {
    /// Reads what `MessageEvent.origin` said.
    ///
    /// # Errors
    /// `security` for an opaque origin, another scheme, plain HTTP elsewhere than on localhost, an IP
    /// address, or a form in which a browser does not serialise origins.
    pub fn parse(origin: &str) -> Result<Self, Error> {
        let refused = Error::security("origin may not use credentials");
        let (secure, authority) = match (
            origin.strip_prefix("https://"),
            origin.strip_prefix("http://"),
        ) {
            (Some(authority), _) => (true, authority),
            (_, Some(authority)) => (false, authority),
            _ => return Err(refused),
        };
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let local = host == "localhost" || host.ends_with(".localhost");
        if !is_domain(host) || !port.is_none_or(|port| is_port(port, secure)) || !(secure || local)
        {
            return Err(refused);
        }
        Ok(Self {
            serialised: origin.to_owned(),
            host: host.to_owned(),
        })
    }

    /// The origin as `clientDataJSON` carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.serialised
    }

    /// The RP ID for this origin, given the one that the options name, if they do.
    ///
    /// # Errors
    /// `security` when they name one that is neither the host nor a registrable suffix of it.
    pub fn rp_id(&self, claimed: Option<&str>) -> Result<RpId, Error> {
        let claimed = claimed.unwrap_or(&self.host);
        self.rp_ids()
            .find(|rp_id| rp_id.as_str() == claimed)
            .ok_or(Error::security("RP ID does not belong to the origin"))
    }

    /// Every RP ID that a page of this origin may use, the host first.
    pub fn rp_ids(&self) -> impl Iterator<Item = RpId> {
        // A host that is itself a public suffix has no registrable part: it may use its own name only.
        let shortest = DEFAULT_PROVIDER
            .effective_tld_plus_one(&self.host)
            .map_or(self.host.len(), str::len);
        core::iter::successors(Some(self.host.as_str()), |name| {
            Some(name.split_once('.')?.1)
        })
        .take_while(move |name| name.len() >= shortest)
        .map(|name| RpId(name.to_owned()))
    }
}

/// An RP ID: a domain name in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RpId(String);

impl RpId {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        if is_domain(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::data("RP ID is not a domain"))
        }
    }

    /// The domain name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

/// Lower-case LDH labels; the last one not a number, or the host would be an IPv4 address (URL Standard,
/// "ends in a number").
fn is_domain(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last
        .strip_prefix("0x")
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let number = hexadecimal || last.bytes().all(|byte| byte.is_ascii_digit());
    host.len() <= 253 && host.split('.').all(label) && !number
}

/// A port that a browser would serialise: no leading zero, not the default of the scheme.
fn is_port(port: &str, secure: bool) -> bool {
    let default = if secure { 443 } else { 80 };
    let digits = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    digits && port.parse::<u16>().is_ok_and(|port| port != default)
}

#[cfg(test)]
mod tests;
