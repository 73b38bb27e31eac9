//! The server under load on a core of its own, its database's processes with it; and what they cost.

use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::postgres::Cluster;
use crate::support::process::{serve, started};

/// A running server on an empty database; both are ended when dropped.
pub(crate) struct Machine {
    child: Child,
    pub(crate) base: String,
    pub(crate) database: String,
    pub(crate) folder: TempDir,
    cluster: Option<Cluster>,
}

impl Machine {
    /// Starts it on core 0, with SQLite or PostgreSQL; this process goes to core 1.
    pub(crate) async fn start(store: &str) -> Self {
        // Children stay where their parent was.
        stay_on("0");
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (database, cluster) = match store {
            "sqlite" => {
                let file = folder.path().join("mien.db");
                (format!("sqlite:{}", file.display()), None)
            }
            "postgres" => {
                let cluster = Cluster::start();
                (cluster.database().await, Some(cluster))
            }
            _ => panic!("the stores are sqlite and postgres"),
        };
        let mut command = serve(folder.path(), &database);
        command
            .args(["--rate-burst", "100000000"])
            .args(["--rate-per-second", "100000000"])
            .env("RUST_LOG", "error")
            .stderr(Stdio::inherit());
        let (child, lines) = started(command);
        stay_on("1");
        let base = lines[0].strip_prefix("listening relying-party ").unwrap();
        Self {
            child,
            base: base.to_owned(),
            database,
            folder,
            cluster,
        }
    }

    /// Seconds of processor time so far, of the server and of PostgreSQL.
    pub(crate) fn processor(&self) -> f64 {
        let own = ticks(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        if self.cluster.is_none() {
            return own / 100.0;
        }
        // Any cluster's: there should be no other at work meanwhile.
        let all = fs::read_dir("/proc").unwrap().flatten();
        let theirs = all.filter_map(|entry| {
            let path = entry.path();
            let name = fs::read_to_string(path.join("comm")).ok()?;
            (name.trim() == "postgres").then(|| ticks(path.join("stat").to_str()?))?
        });
        (own + theirs.sum::<f64>()) / 100.0
    }

    /// Resident megabytes and open descriptors of the server.
    pub(crate) fn size(&self) -> (f64, usize) {
        let of = format!("/proc/{}", self.child.id());
        let status = fs::read_to_string(format!("{of}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes: f64 = line
            .and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
            .unwrap();
        let descriptors = fs::read_dir(format!("{of}/fd")).unwrap().count();
        (kilobytes / 1000.0, descriptors)
    }

    /// Writes of 4 kB a second, over a file that is already there, that are flushed to the disk one by one: what a
    /// durable store has to work with.
    pub(crate) fn flushes(&self) -> f64 {
        const PAGES: usize = 256;
        let mut file = File::create(self.folder.path().join("flushes")).unwrap();
        file.write_all(&[0; 4096 * PAGES]).unwrap();
        file.sync_all().unwrap();
        let start = Instant::now();
        let mut count = 0;
        while start.elapsed() < Duration::from_secs(1) {
            if count % PAGES == 0 {
                file.rewind().unwrap();
            }
            file.write_all(&[7; 4096]).unwrap();
            file.sync_data().unwrap();
            count += 1;
        }
        count as f64 / start.elapsed().as_secs_f64()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// User and system time of a process and of its ended children, in hundredths of a second.
fn ticks(stat: impl AsRef<Path>) -> Option<f64> {
    let stat = fs::read_to_string(stat).ok()?;
    // Behind the name in brackets they are the 12th to 15th.
    let fields = stat.rsplit(") ").next()?.split(' ');
    Some(
        fields
            .skip(11)
            .take(4)
            .filter_map(|t| t.parse::<f64>().ok())
            .sum(),
    )
}

/// Keeps this process, and whatever it starts from now on, on one core.
fn stay_on(core: &str) {
    let own = std::process::id().to_string();
    let done = Command::new("taskset")
        .args(["-acp", core, &own])
        .stdout(Stdio::null())
        .status();
    let done = done.is_ok_and(|status| status.success());
    assert!(done, "two cores, and `taskset` of util-linux, are needed");
}
