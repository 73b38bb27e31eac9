//! The server under load: the release binary on a core of its own, as an operator would run it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running server; ended when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) base: String,
}

impl Server {
    /// Starts it on `database`, and waits until it listens.
    pub(crate) fn start(folder: &Path, database: &str) -> Self {
        for name in ["rp", "agent", "models"] {
            std::fs::create_dir_all(folder.join(name)).unwrap();
        }
        let mut child = Command::new("taskset")
            .args(["-c", "0", env!("CARGO_BIN_EXE_rp-server"), "serve"])
            .args([
                "--rp-listen",
                "127.0.0.1:0",
                "--agent-listen",
                "127.0.0.1:0",
            ])
            .args([
                "--rate-burst",
                "100000000",
                "--rate-per-second",
                "100000000",
            ])
            .args(["--database", database])
            .arg("--rp-static")
            .arg(folder.join("rp"))
            .arg("--agent-static")
            .arg(folder.join("agent"))
            .arg("--models")
            .arg(folder.join("models"))
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .expect("`taskset` can be run: install util-linux");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut addresses = lines.map_while(Result::ok).filter_map(|line| {
            let address = line.strip_prefix("listening relying-party ")?;
            Some(address.to_owned())
        });
        let base = addresses.next().expect("the server listens");
        Self { child, base }
    }

    /// Seconds of processor time so far.
    pub(crate) fn processor(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // Behind the name in brackets: utime and stime are the 12th and 13th, in hundredths.
        let fields = stat.rsplit(") ").next().unwrap().split(' ');
        let ticks: Vec<f64> = fields
            .skip(11)
            .take(2)
            .map(|t| t.parse().unwrap())
            .collect();
        ticks.iter().sum::<f64>() / 100.0
    }

    /// Resident megabytes and open descriptors.
    pub(crate) fn size(&self) -> (f64, usize) {
        let of = format!("/proc/{}", self.child.id());
        let status = std::fs::read_to_string(format!("{of}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes: f64 = line
            .and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
            .unwrap();
        let descriptors = std::fs::read_dir(format!("{of}/fd")).unwrap().count();
        (kilobytes / 1000.0, descriptors)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
