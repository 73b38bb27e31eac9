//! An origin as browsers write it: scheme, host, and the port unless it is the scheme's own.

use std::fmt;

use url::{Host, Url};

/// Why a text is not an origin that this server may use.
#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    /// Not `scheme://host[:port]`.
    #[error(
        "`{0}` is not an origin: write it as https://host or https://host:port, without a path"
    )]
    Form(String),
    /// WebAuthn and the camera need a secure context.
    #[error("`{0}` is not a secure context: use https, or http on localhost")]
    Insecure(String),
    /// WebAuthn Level 3 section 5.1.3: an RP ID is a domain, never an address.
    #[error("`{0}` names an IP address: WebAuthn needs a host name")]
    Address(String),
}

/// A web origin (HTML Living Standard, "origin", ASCII serialisation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: String,
    url: Url,
}

impl Origin {
    /// Accepts exactly the serialised form, so that comparing texts compares origins.
    ///
    /// # Errors
    /// Not the serialised form, not a secure context, or an IP address.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let form = || OriginError::Form(text.to_owned());
        let url = Url::parse(text).map_err(|_| form())?;
        if url.origin().ascii_serialization() != text {
            return Err(form());
        }
        let host = match url.host() {
            Some(Host::Domain(host)) => host.to_owned(),
            Some(_) => return Err(OriginError::Address(text.to_owned())),
            None => return Err(form()),
        };
        let local = host == "localhost" || host.ends_with(".localhost");
        match url.scheme() {
            "https" => {}
            "http" if local => {}
            _ => return Err(OriginError::Insecure(text.to_owned())),
        }
        Ok(Self {
            text: text.to_owned(),
            host,
            url,
        })
    }

    /// The serialised origin.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the origin is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_serialised_form_of_a_secure_origin() {
        for good in [
            "https://example.org",
            "https://example.org:8443",
            "http://localhost:8080",
            "http://rp.localhost",
        ] {
            assert_eq!(Origin::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "example.org",
            "https://example.org/",
            "https://example.org:443",
            "https://EXAMPLE.org",
            "http://example.org",
            "https://127.0.0.1",
            "http://[::1]:8080",
            "null",
            "ws://localhost",
        ] {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
    }
}
