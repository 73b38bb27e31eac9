//! Answers that leave in even steps of time. Decoys do the same work as accounts, yet reading a row that is there takes a
//! few microseconds more than finding none: in steps of some milliseconds that is not to be seen.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

const STEP: Duration = Duration::from_millis(5);

/// When the step that is under way since `begun` ends.
pub(super) async fn end_of_step(begun: Instant) {
    let steps = begun.elapsed().as_nanos() / STEP.as_nanos();
    let steps = u32::try_from(steps).unwrap_or(u32::MAX).saturating_add(1);
    if let Some(end) = STEP
        .checked_mul(steps)
        .and_then(|length| begun.checked_add(length))
    {
        sleep_until(end).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_leaves_at_the_end_of_a_step() {
        for (work, end) in [(0, 5), (3, 5), (6, 10)] {
            let begun = Instant::now();
            std::thread::sleep(Duration::from_millis(work));
            end_of_step(begun).await;
            assert!(begun.elapsed() >= Duration::from_millis(end), "{work} ms");
        }
    }
}
