//! How far the run is, and how long it still takes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Counts jobs and tells now and then.
pub(crate) struct Progress {
    jobs: usize,
    done: AtomicUsize,
    started: Instant,
}

impl Progress {
    /// Begins to count.
    pub(crate) fn start(jobs: usize) -> Self {
        Self {
            jobs,
            done: AtomicUsize::new(0),
            started: Instant::now(),
        }
    }

    /// One more is done.
    pub(crate) fn done(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(11) || done == self.jobs {
            let spent = self.started.elapsed().as_secs_f64();
            let left = spent / done as f64 * (self.jobs - done) as f64;
            eprintln!(
                "{done} of {} presentations, about {:.0} s left",
                self.jobs, left
            );
        }
    }
}
