//! The outside world as the agent sees it: randomness and a clock, nothing else.

/// What the edge lends to the agent. The browser edge answers from `crypto.getRandomValues` and
/// `Date.now()`; tests answer from a seed and a clock moved by hand.
pub trait Environment {
    /// Fills `out` from a cryptographically secure generator (SR-M-16). An edge whose generator is
    /// missing must not start a ceremony at all; there is no fallback here.
    fn random(&mut self, out: &mut [u8]);

    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> u64;
}
