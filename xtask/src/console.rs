//! What people see: step names, a running clock while a step works, the final lines.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Announces a step. Progress goes to stderr, results to stdout, so that a result can be piped.
pub(crate) fn step(name: &str) {
    if stderr().is_terminal() {
        eprintln!("\x1b[1m▸ {name}\x1b[0m");
    } else {
        eprintln!("▸ {name}");
    }
}

/// A remark below the current step.
pub(crate) fn note(text: &str) {
    eprintln!("  {text}");
}

/// A line of the result.
#[allow(
    clippy::print_stdout,
    reason = "the result of a command-line program belongs on stdout"
)]
pub(crate) fn result(line: &str) {
    println!("{line}");
}

/// A clock beside the name of a step that prints nothing itself; on a terminal it counts, in a log it is silent.
pub(crate) struct Clock {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Clock {
    pub(crate) fn start(name: &str) -> Self {
        step(name);
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = stderr().is_terminal().then(|| {
            std::thread::spawn(move || {
                let since = Instant::now();
                while !seen.load(Ordering::Relaxed) {
                    std::thread::park_timeout(Duration::from_millis(500));
                    eprint!("\r  {} s ", since.elapsed().as_secs());
                    let _ = stderr().flush();
                }
                eprint!("\r         \r");
            })
        });
        Self { stop, thread }
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}
