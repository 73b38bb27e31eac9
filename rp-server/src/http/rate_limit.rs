//! A token bucket per key, in memory: enough for a limit that need not be exact over many processes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::clock::{Clock, UnixMs};

/// Above this many keys the full buckets are forgotten, at most once a second.
const MANY: usize = 10_000;
const TOKEN: i64 = 1_000_000;

/// Limits the calls under one key.
pub(super) struct RateLimiter<K> {
    /// Calls at once, in millionths.
    full: i64,
    /// Thousandths of a call that come back per second.
    per_second: i64,
    clock: Clock,
    state: Mutex<State<K>>,
}

struct State<K> {
    buckets: HashMap<K, Bucket>,
    swept_ms: UnixMs,
}

/// Tokens are counted in millionths, so that no millisecond is lost by rounding.
#[derive(Clone, Copy)]
struct Bucket {
    microtokens: i64,
    at_ms: UnixMs,
}

impl<K: Eq + Hash> RateLimiter<K> {
    /// `burst` calls at once, of which `millis_per_second` thousandths come back per second.
    pub(super) fn new(burst: u32, millis_per_second: u32, clock: Clock) -> Self {
        Self {
            full: i64::from(burst.max(1)) * TOKEN,
            per_second: i64::from(millis_per_second.max(1)),
            clock,
            state: Mutex::new(State {
                buckets: HashMap::new(),
                swept_ms: UnixMs::MIN,
            }),
        }
    }

    /// Takes `tokens` of `key`, or what is left of them, or says how many seconds to wait for one.
    pub(super) fn take(&self, key: K, tokens: u32) -> Result<(), u64> {
        let now = self.clock.now_ms();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.buckets.len() >= MANY && now.saturating_sub(state.swept_ms).unsigned_abs() >= 1000
        {
            state.swept_ms = now;
            state
                .buckets
                .retain(|_, bucket| self.filled(bucket, now) < self.full);
        }
        let bucket = state.buckets.entry(key).or_insert(Bucket {
            microtokens: self.full,
            at_ms: now,
        });
        let held = self.filled(bucket, now);
        let left = if held < TOKEN {
            held
        } else {
            (held - i64::from(tokens) * TOKEN).max(0)
        };
        *bucket = Bucket {
            microtokens: left,
            at_ms: now,
        };
        if held < TOKEN {
            let per_second = self.per_second * 1000;
            let seconds = (TOKEN - held + per_second - 1).div_euclid(per_second);
            return Err(u64::try_from(seconds.max(1)).unwrap_or(1));
        }
        Ok(())
    }

    /// A clock that was set back fills nothing and takes nothing.
    fn filled(&self, bucket: &Bucket, now: UnixMs) -> i64 {
        let passed = now.saturating_sub(bucket.at_ms).max(0);
        let gained = passed.saturating_mul(self.per_second);
        bucket.microtokens.saturating_add(gained).min(self.full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    fn limiter(millis_per_second: u32) -> (RateLimiter<u8>, Arc<AtomicI64>) {
        let now = Arc::new(AtomicI64::new(1_000_000));
        let hand = now.clone();
        let clock = Clock::from_fn(move || hand.load(Ordering::SeqCst));
        (RateLimiter::new(3, millis_per_second, clock), now)
    }

    #[test]
    fn the_burst_is_spent_and_comes_back() {
        let (limiter, now) = limiter(2000);
        for _ in 0..3 {
            assert_eq!(limiter.take(1, 1), Ok(()));
        }
        assert_eq!(limiter.take(1, 1), Err(1));
        assert_eq!(limiter.take(2, 1), Ok(()));
        now.fetch_add(500, Ordering::SeqCst);
        assert_eq!(limiter.take(1, 1), Ok(()));
        assert!(limiter.take(1, 1).is_err());
        now.fetch_add(3_600_000, Ordering::SeqCst);
        for _ in 0..3 {
            assert_eq!(limiter.take(1, 1), Ok(()));
        }
        assert!(limiter.take(1, 1).is_err());
    }

    #[test]
    fn the_wait_that_is_told_is_enough() {
        let (limiter, now) = limiter(250);
        assert_eq!(limiter.take(1, 3), Ok(()));
        assert_eq!(limiter.take(1, 1), Err(4));
        now.fetch_add(3_999, Ordering::SeqCst);
        assert_eq!(limiter.take(1, 1), Err(1));
        now.fetch_add(1, Ordering::SeqCst);
        assert_eq!(limiter.take(1, 1), Ok(()));
    }

    #[test]
    fn more_than_is_left_can_be_taken_but_no_debt_is_made() {
        let (limiter, now) = limiter(1000);
        assert_eq!(limiter.take(1, 9), Ok(()));
        assert_eq!(limiter.take(1, 1), Err(1));
        now.fetch_add(1000, Ordering::SeqCst);
        assert_eq!(limiter.take(1, 1), Ok(()));
    }

    #[test]
    fn a_clock_set_back_neither_fills_nor_locks() {
        let (limiter, now) = limiter(1000);
        assert_eq!(limiter.take(1, 3), Ok(()));
        now.fetch_sub(3_600_000, Ordering::SeqCst);
        assert_eq!(limiter.take(1, 1), Err(1));
        now.fetch_add(1000, Ordering::SeqCst);
        assert_eq!(limiter.take(1, 1), Ok(()));
    }
}
