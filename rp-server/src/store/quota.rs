//! How many ceremonies may be under way: who begins and never finishes must not fill the disk.

use std::sync::atomic::{AtomicI64, Ordering};

use super::StoreError;

/// Two minutes of 1,600 beginnings a second that nobody finishes, and some 300 MB.
const MOST: i64 = 200_000;

/// Knows without counting the table whether one more ceremony has room. Processes on one database each have their own;
/// each counts again after half of the room that it saw, so `n` of them may go beyond [`MOST`] by `(n - 1) / 2` of it.
#[derive(Debug, Default)]
pub(super) struct Quota {
    room: AtomicI64,
}

impl Quota {
    /// Whether there is room for one more; if not, the table must be counted.
    pub(super) fn take(&self) -> bool {
        self.room.fetch_sub(1, Ordering::Relaxed) > 0
    }

    /// `under_way` ceremonies were counted.
    pub(super) fn counted(&self, under_way: i64) -> Result<(), StoreError> {
        let room = MOST.saturating_sub(under_way).max(0);
        self.room.store(room / 2, Ordering::Relaxed);
        if room == 0 {
            let text = format!("{under_way} ceremonies are under way");
            return Err(StoreError::Unavailable(text));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Quota};

    #[test]
    fn it_is_counted_at_first_and_then_after_half_of_the_room() {
        let quota = Quota::default();
        assert!(!quota.take());
        quota.counted(MOST - 10).unwrap();
        assert_eq!((0..10).take_while(|_| quota.take()).count(), 5);
        quota.counted(MOST - 1).unwrap();
        assert!(!quota.take());
        assert!(quota.counted(MOST).is_err());
        assert!(quota.counted(MOST + 1).is_err());
        assert!(!quota.take());
    }
}
