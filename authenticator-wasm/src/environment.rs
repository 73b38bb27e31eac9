//! The outside world as the sans-I/O core sees it: the browser's random numbers and clock.

use authentication_agent::Environment;

/// Random numbers of `crypto.getRandomValues` and the clock of `Date.now`.
///
/// Made by [`Browser::new`], which refuses where the browser has no random source, so that the
/// core can rely on it (27553-1 SR-M-16).
pub(crate) struct Browser(());

impl Browser {
    /// Checks the random source once by drawing from it.
    pub(crate) fn new() -> Option<Self> {
        let mut probe = [0u8; 32];
        getrandom::fill(&mut probe).ok()?;
        probe.iter().any(|octet| *octet != 0).then_some(Self(()))
    }
}

impl Environment for Browser {
    #[expect(
        clippy::expect_used,
        reason = "a random source that worked a moment ago and now fails must stop the agent"
    )]
    fn random(&mut self, out: &mut [u8]) {
        getrandom::fill(out).expect("the browser's random source answered when the agent started");
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "Date.now is a positive whole number below 2^53"
    )]
    fn now_ms(&self) -> u64 {
        js_sys::Date::now().max(0.0) as u64
    }
}
