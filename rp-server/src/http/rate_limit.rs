//! A token bucket per address, in memory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::clock::{Clock, UnixMs};
use crate::config::RateLimit;

/// Above this many addresses the full buckets are forgotten.
const MANY: usize = 10_000;

/// Limits the calls of one address.
pub(super) struct RateLimiter {
    limit: RateLimit,
    clock: Clock,
    buckets: Mutex<HashMap<Option<IpAddr>, Bucket>>,
}

/// Tokens are counted in thousandths.
#[derive(Clone, Copy)]
struct Bucket {
    millitokens: i64,
    at_ms: UnixMs,
}

impl RateLimiter {
    pub(super) fn new(limit: RateLimit, clock: Clock) -> Self {
        Self {
            limit,
            clock,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token of `address`, or says how many seconds to wait for one.
    pub(super) fn take(&self, address: Option<IpAddr>) -> Result<(), u64> {
        let now = self.clock.now_ms();
        let full = i64::from(self.limit.burst) * 1000;
        let rate = i64::from(self.limit.per_second.max(1));
        let filled = |bucket: &Bucket| {
            let gained = (now - bucket.at_ms).max(0).saturating_mul(rate);
            bucket.millitokens.saturating_add(gained).min(full)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, bucket| filled(bucket) < full);
        }
        let bucket = buckets.entry(address.map(network)).or_insert(Bucket {
            millitokens: full,
            at_ms: now,
        });
        let tokens = filled(bucket);
        *bucket = Bucket {
            millitokens: tokens,
            at_ms: now,
        };
        if tokens < 1000 {
            let wait_ms = (1000 - tokens + rate - 1) / rate;
            return Err(u64::try_from(wait_ms.div_euclid(1000) + 1).unwrap_or(1));
        }
        bucket.millitokens -= 1000;
        Ok(())
    }
}

/// One person has a whole IPv6 /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    fn limiter() -> (RateLimiter, Arc<AtomicI64>) {
        let now = Arc::new(AtomicI64::new(1_000_000));
        let hand = now.clone();
        let clock = Clock::from_fn(move || hand.load(Ordering::SeqCst));
        let limit = RateLimit {
            burst: 3,
            per_second: 2,
        };
        (RateLimiter::new(limit, clock), now)
    }

    #[test]
    fn the_burst_is_spent_and_comes_back() {
        let (limiter, now) = limiter();
        let ada = Some("192.0.2.1".parse().unwrap());
        let bob = Some("192.0.2.2".parse().unwrap());
        for _ in 0..3 {
            assert_eq!(limiter.take(ada), Ok(()));
        }
        assert_eq!(limiter.take(ada), Err(1));
        assert_eq!(limiter.take(bob), Ok(()));
        now.fetch_add(500, Ordering::SeqCst);
        assert_eq!(limiter.take(ada), Ok(()));
        assert!(limiter.take(ada).is_err());
        now.fetch_add(3_600_000, Ordering::SeqCst);
        for _ in 0..3 {
            assert_eq!(limiter.take(ada), Ok(()));
        }
        assert!(limiter.take(ada).is_err());
    }

    #[test]
    fn a_whole_ipv6_network_is_one_address() {
        let (limiter, _) = limiter();
        for last in 1..=3 {
            let address = format!("2001:db8::{last}").parse().unwrap();
            assert_eq!(limiter.take(Some(address)), Ok(()));
        }
        let same = Some("2001:db8::ffff:1".parse().unwrap());
        assert!(limiter.take(same).is_err());
        let other = Some("2001:db8:0:1::1".parse().unwrap());
        assert!(limiter.take(other).is_ok());
    }
}
