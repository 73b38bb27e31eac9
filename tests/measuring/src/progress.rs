//! Progress on stderr: a bar with the time left on a terminal, a line now and then in a log.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Lines that a whole run leaves in a log.
const LOG_LINES: usize = 10;
/// Characters of the bar.
const BAR: usize = 30;

/// Counts what is done, from any number of threads.
pub struct Progress {
    what: &'static str,
    all: usize,
    done: AtomicUsize,
    since: Instant,
    terminal: bool,
}

impl Progress {
    /// Begins with nothing done of `all`.
    pub fn start(what: &'static str, all: usize) -> Self {
        Self {
            what,
            all,
            done: AtomicUsize::new(0),
            since: Instant::now(),
            terminal: stderr().is_terminal(),
        }
    }

    /// One more is done.
    pub fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let every = if self.terminal {
            self.all.div_ceil(400)
        } else {
            self.all.div_ceil(LOG_LINES)
        };
        if !done.is_multiple_of(every.max(1)) && done != self.all {
            return;
        }
        let line = line(self.what, done, self.all, self.since.elapsed());
        if self.terminal {
            let end = if done == self.all { "\n" } else { "" };
            eprint!("\r{line}\x1b[K{end}");
            let _ = stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }
}

fn line(what: &str, done: usize, all: usize, elapsed: Duration) -> String {
    let filled = done * BAR / all.max(1);
    let left = elapsed
        .mul_f64((all - done) as f64 / done.max(1) as f64)
        .as_secs();
    let time = if done == all {
        format!("took {}", minutes(elapsed.as_secs()))
    } else {
        format!("{} left", minutes(left))
    };
    format!(
        "{what} [{}{}] {done}/{all}, {time}",
        "#".repeat(filled),
        ".".repeat(BAR - filled)
    )
}

fn minutes(seconds: u64) -> String {
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_from_the_pace() {
        let line = line("faces", 50, 200, Duration::from_secs(40));
        assert_eq!(
            line,
            format!(
                "faces [{}{}] 50/200, 2 min 00 s left",
                "#".repeat(7),
                ".".repeat(23)
            )
        );
    }

    #[test]
    fn the_end_says_how_long_it_took() {
        assert!(
            super::line("faces", 3, 3, Duration::from_secs(61)).ends_with("3/3, took 1 min 01 s")
        );
    }
}
