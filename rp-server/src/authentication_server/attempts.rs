//! Limits of failed attempts, per credential: five are free, then waits that grow, at fifty it is disabled.
//!
//! NIST SP 800-63B limits consecutive failures with one authenticator of an account (revision 3, 5.2.2; revision 4,
//! 3.2.2: at most 100, then the authenticator is disabled; waits that grow are among the means it names against locking
//! out the wrong one), and in 5.2.3 / 3.2.3 those of a biometric check more tightly: a handful, then waits of 30 seconds
//! and more, then the end. The face itself is compared on the device, and its limits stand in the agent. These here are
//! the verifier's.
//!
//! **What counts.** A signature cannot be guessed, so a wrong one needs no limit; but anyone who knows a credential ID
//! can send wrong ones. If those counted, strangers could lock a person out, which the same section of the standard
//! warns of. So a failure counts only if the credential's key signed it: a fresh challenge of ours, under our origin,
//! with a signature that verifies, and still refused for what the authenticator said: no user verification, a signature
//! counter that went back (a copy), a look without the layers that are asked for, anything malformed. Only who holds the
//! key can make those (or a script in our own page, which then needs a look for each). A wrong challenge, origin or frame
//! does not count: another page could lure somebody into that.
//!
//! **Who learns of it.** Whoever proves to hold the key, by such a signature, is told to wait or that the credential is
//! disabled, whether the rest was right or wrong; meanwhile nothing counts and nothing is accepted. Everybody else gets
//! the same refusal as ever.
//!
//! A success sets the count back. It is written only if the count is still the one that was read, so that attempts side
//! by side cannot get past a limit.

use super::local::LocalAuthenticationServer;
use super::{CredentialId, CredentialRecord, Refusal, VerifiedAuthentication};
use crate::clock::UnixMs;

/// Failures without a wait.
const FREE: u32 = 5;
/// The wait after these, doubled by each further one.
const FIRST_WAIT_MS: i64 = 30_000;
const LONGEST_WAIT_MS: i64 = 3_600_000;
/// With so many failures a credential is disabled.
pub const DISABLED_AT: u32 = 50;

/// Failed attempts of whoever holds a credential, since its last success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last one was; 0 if there is none.
    pub last_ms: UnixMs,
}

impl Failures {
    /// Whether the credential signs nobody in until the operator enables it, or its owner replaces it.
    pub fn disabled(&self) -> bool {
        self.count >= DISABLED_AT
    }

    /// How long to wait before the next attempt counts, in milliseconds; 0 if not at all.
    pub fn wait_ms(&self, now: UnixMs) -> i64 {
        let Some(doublings) = self.count.checked_sub(FREE) else {
            return 0;
        };
        let wait = 1_i64
            .checked_shl(doublings.min(30))
            .and_then(|factor| FIRST_WAIT_MS.checked_mul(factor))
            .map_or(LONGEST_WAIT_MS, |wait| wait.min(LONGEST_WAIT_MS));
        // A clock that was set back does not make the wait longer.
        let passed = now.saturating_sub(self.last_ms).max(0);
        (wait - passed).max(0)
    }

    fn check(&self, now: UnixMs) -> Result<(), Refusal> {
        if self.disabled() {
            return Err(Refusal::CredentialDisabled);
        }
        match self.wait_ms(now) {
            0 => Ok(()),
            wait => Err(Refusal::CredentialWaits {
                seconds: u64::try_from(wait.saturating_add(999).div_euclid(1000)).unwrap_or(1),
            }),
        }
    }
}

/// Judges an assertion that the key of `record` signed for a fresh challenge of ours: the limits first, then `verdict`.
/// A failure is counted in the store.
pub(super) async fn judge(
    server: &LocalAuthenticationServer,
    record: &CredentialRecord,
    verdict: Result<VerifiedAuthentication, Refusal>,
) -> Result<VerifiedAuthentication, Refusal> {
    let now = server.clock.now_ms();
    record.state.failures.check(now)?;
    let Err(refusal) = verdict else {
        return verdict;
    };
    let count = server.store.count_failure(&record.id, now).await?;
    if count >= DISABLED_AT {
        return Err(Refusal::CredentialDisabled);
    }
    Err(refusal)
}

impl LocalAuthenticationServer {
    /// The credentials that are disabled, the latest first, at most a thousand.
    pub(super) async fn disabled_credentials(&self) -> Result<Vec<CredentialRecord>, Refusal> {
        Ok(self.store.failed_credentials(DISABLED_AT).await?)
    }

    /// Forgets the failures of a credential; false if there is no such credential.
    pub(super) async fn enable_credential(&self, id: &CredentialId) -> Result<bool, Refusal> {
        Ok(self.store.forget_failures(id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(count: u32, passed: i64) -> i64 {
        let last_ms = 1_000_000;
        Failures { count, last_ms }.wait_ms(last_ms + passed)
    }

    #[test]
    fn five_failures_are_free_then_the_waits_double_up_to_an_hour() {
        let seconds: Vec<i64> = [0, 4, 5, 6, 7, 11, 12, 13, 49, 50, u32::MAX]
            .map(|count| wait(count, 0) / 1000)
            .to_vec();
        let expected = [0, 0, 30, 60, 120, 1920, 3600, 3600, 3600, 3600, 3600];
        assert_eq!(seconds, expected);
    }

    #[test]
    fn a_wait_ends() {
        assert_eq!(wait(5, 29_999), 1);
        assert_eq!(wait(5, 30_000), 0);
        assert_eq!(wait(5, 1_000_000_000), 0);
    }

    #[test]
    fn a_clock_set_back_does_not_lengthen_a_wait() {
        assert_eq!(wait(5, -1_000_000_000), 30_000);
    }

    #[test]
    fn the_fiftieth_disables() {
        let failures = |count| Failures { count, last_ms: 0 };
        assert!(!failures(49).disabled());
        assert!(failures(50).disabled());
        let now = UnixMs::MAX;
        assert!(failures(49).check(now).is_ok());
        assert!(matches!(
            failures(50).check(now),
            Err(Refusal::CredentialDisabled)
        ));
        assert!(matches!(
            failures(5).check(1),
            Err(Refusal::CredentialWaits { seconds: 30 })
        ));
    }
}
