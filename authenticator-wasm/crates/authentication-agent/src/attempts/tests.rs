//! Tests of the attempt limit: the schedule, the order of store and match, the byte form.
use proptest::prelude::*;

use super::{Attempts, DISABLED_AT, FREE, Wait};

const SECOND: u64 = 1_000;

/// The state after `failures` attempts, each made as soon as it was allowed.
fn after(failures: u32) -> (Attempts, u64) {
    let mut now = 1_000_000;
    let mut attempts = Attempts::default();
    for _ in 0..failures {
        now = now.max(attempts.open_from_ms());
        attempts = attempts.begin(now).unwrap();
    }
    (attempts, now)
}

#[test]
fn three_failures_are_free_then_waits_double_up_to_an_hour() {
    for failures in 0..FREE {
        let (attempts, now) = after(failures);
        assert!(
            attempts.begin(now).is_ok(),
            "attempt {} is free",
            failures + 1
        );
        assert_eq!(attempts.free_left(), FREE - failures);
    }
    let waits = [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600];
    for (failures, wait) in (FREE..).zip(waits) {
        let (attempts, now) = after(failures);
        let until_ms = now + wait * SECOND;
        assert_eq!(attempts.free_left(), 0);
        assert_eq!(
            attempts.begin(now).unwrap_err(),
            Wait { until_ms },
            "failure {failures}"
        );
        assert!(attempts.begin(until_ms - 1).is_err());
        assert!(attempts.begin(until_ms).is_ok());
    }
}

#[test]
fn fifty_failures_disable() {
    let (attempts, now) = after(DISABLED_AT - 1);
    let last = attempts.begin(now + 3_600 * SECOND).unwrap();
    let wait = last.begin(u64::MAX - 1).unwrap_err();
    assert!(wait.is_disabled());
    assert!(!attempts.begin(now).unwrap_err().is_disabled());
}

#[test]
fn an_attempt_counts_before_it_is_made_and_success_forgives() {
    let (attempts, now) = after(2);
    // The program is stopped between store and match: the third failure has been counted.
    let stored = attempts.begin(now).unwrap();
    assert!(stored.begin(now).is_err());
    assert!(stored.succeeded().begin(now).is_ok());
    assert_eq!(stored.succeeded().free_left(), FREE);
}

#[test]
fn a_clock_set_back_shortens_no_wait_and_a_wild_clock_never_overflows() {
    let (attempts, now) = after(3);
    let until_ms = now + 30 * SECOND;
    assert_eq!(attempts.begin(0).unwrap_err(), Wait { until_ms });
    let far = Attempts {
        failures: 3,
        last_ms: u64::MAX,
    };
    assert!(!far.begin(0).unwrap_err().is_disabled());
}

#[test]
fn the_byte_form_is_strict() {
    let (attempts, _) = after(4);
    let bytes = attempts.to_bytes();
    assert_eq!(bytes.len(), 13);
    assert_eq!(&bytes[..5], &[1, 0, 0, 0, 4]);
    assert_eq!(Attempts::from_bytes(&bytes).unwrap(), attempts);
    for cut in 0..bytes.len() {
        assert_eq!(
            Attempts::from_bytes(&bytes[..cut]).unwrap_err().code(),
            "unknown"
        );
    }
    assert!(Attempts::from_bytes(&[bytes.as_slice(), &[0]].concat()).is_err());
    assert!(Attempts::from_bytes(&[&[2], &bytes[1..]].concat()).is_err());
}

proptest! {
    #[test]
    fn more_failures_never_open_earlier(failures in 0..60_u32, last_ms in any::<u64>()) {
        let fewer = Attempts { failures, last_ms };
        let more = Attempts { failures: failures + 1, last_ms };
        prop_assert!(fewer.open_from_ms() <= more.open_from_ms());
        prop_assert_eq!(Attempts::from_bytes(&more.to_bytes()).unwrap(), more);
    }
}
