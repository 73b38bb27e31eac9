//! Consent to capture (27553-1 clause 10, PR-12, PR-13, PR-15): which notice was agreed to, and when.

use crate::error::Error;

/// Version of the notice that the agent shows before the first capture. A change of what is captured,
/// why, how long it is kept or where raises it, and the notice is shown again.
pub const NOTICE_VERSION: u32 = 2;

/// The person's agreement to one version of the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// Version of the notice that was agreed to.
    pub version: u32,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub at_ms: u64,
}

impl Consent {
    /// Whether this is consent to the notice that is in force.
    #[must_use]
    pub const fn is_current(&self) -> bool {
        self.version == NOTICE_VERSION
    }

    pub(crate) fn require_current(self) -> Result<Self, Error> {
        if self.is_current() {
            Ok(self)
        } else {
            Err(Error::not_allowed("consent is to another notice"))
        }
    }
}
