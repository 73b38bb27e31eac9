//! The limit on verification attempts (T.B.6, CH-5): a count that is stored before each match.

use crate::error::Error;

/// Attempts that may fail without a wait.
pub const FREE: u32 = 3;
/// The first wait, in milliseconds; each further failure doubles it.
pub const FIRST_WAIT_MS: u64 = 30_000;
/// The longest wait.
const LONGEST_WAIT_MS: u64 = 3_600_000;
/// Failures after which only a new registration helps.
pub const DISABLED_AT: u32 = 50;

const VERSION: u8 = 1;

/// How many attempts in a row did not succeed, and when the last one was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempts {
    failures: u32,
    last_ms: u64,
}

/// Not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The first moment at which an attempt is taken again, in milliseconds since 1970-01-01 UTC;
    /// `u64::MAX` when that is never.
    pub until_ms: u64,
}

impl Wait {
    /// Whether waiting does not help any more.
    #[must_use]
    pub const fn is_disabled(self) -> bool {
        self.until_ms == u64::MAX
    }
}

impl Attempts {
    /// Counts an attempt as failed before it is made. Store the result, then match, then
    /// [`Attempts::succeeded`] if it did: whoever stops the program in between gains nothing.
    ///
    /// A clock that was set back shortens no wait.
    ///
    /// # Errors
    /// [`Wait`] while attempts are not taken.
    pub const fn begin(&self, now_ms: u64) -> Result<Self, Wait> {
        let until_ms = self.open_from_ms();
        if now_ms < until_ms {
            return Err(Wait { until_ms });
        }
        Ok(Self {
            failures: self.failures.saturating_add(1),
            last_ms: now_ms,
        })
    }

    /// The count after a match.
    #[must_use]
    pub const fn succeeded(&self) -> Self {
        Self {
            failures: 0,
            last_ms: self.last_ms,
        }
    }

    /// Attempts left before the first wait.
    #[must_use]
    pub const fn free_left(&self) -> u32 {
        FREE.saturating_sub(self.failures)
    }

    /// The first moment at which [`Attempts::begin`] says yes; 0 when it does at any time.
    #[must_use]
    pub const fn open_from_ms(&self) -> u64 {
        if self.failures < FREE {
            return 0;
        }
        if self.failures >= DISABLED_AT {
            return u64::MAX;
        }
        // 30 s, 60 s, 120 s, …
        let doublings = self.failures.saturating_sub(FREE);
        let wait = match FIRST_WAIT_MS.checked_shl(doublings) {
            // 30 s doubled more than seven times is beyond an hour.
            Some(wait) if doublings < 8 && wait < LONGEST_WAIT_MS => wait,
            _ => LONGEST_WAIT_MS,
        };
        // Never u64::MAX, which means "disabled".
        match self.last_ms.checked_add(wait) {
            Some(until) if until < u64::MAX => until,
            _ => u64::MAX - 1,
        }
    }

    /// The byte form: version 1, failures (4 bytes) and time of the last attempt (8), big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.failures.to_be_bytes());
        bytes.extend_from_slice(&self.last_ms.to_be_bytes());
        bytes
    }

    /// Reads the byte form back, strictly. A missing record is [`Attempts::default`]; a damaged one is
    /// not, or damaging it would be a way round the limit.
    ///
    /// # Errors
    /// `unknown` for anything that [`Attempts::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let damaged = Error::unknown("stored attempt count is damaged");
        let (&[version], rest) = bytes.split_first_chunk().ok_or(damaged)?;
        let (failures, rest) = rest.split_first_chunk().ok_or(damaged)?;
        let (last_ms, rest) = rest.split_first_chunk().ok_or(damaged)?;
        if version != VERSION || !rest.is_empty() {
            return Err(damaged);
        }
        Ok(Self {
            failures: u32::from_be_bytes(*failures),
            last_ms: u64::from_be_bytes(*last_ms),
        })
    }
}

#[cfg(test)]
mod tests;
