//! `cargo xtask fuzz`: every target of `authenticator-wasm/fuzz`, or one, for so many seconds each.
//!
//! libFuzzer on the pinned stable toolchain: the compiler's own coverage pass is switched on by its LLVM name, so
//! neither a nightly compiler nor another tool is needed; only a C++ compiler, for libFuzzer itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::console::{note, result, step};
use crate::failure::{Context as _, Result, fail};
use crate::process::{listen, run as show};
use crate::project::{Project, on_path};

/// The targets, in the order in which they run; the program has the same names.
pub(crate) const TARGETS: [&str; 12] = [
    "cbor",
    "cose-key",
    "authenticator-data",
    "ctap2-command",
    "options",
    "credential-record",
    "statement",
    "reference",
    "frame",
    "model",
    "registration-result",
    "authentication-result",
];

/// How long each target runs unless told otherwise.
pub(crate) const SECONDS: u32 = 60;

/// Counters at every edge, and comparisons watched, so that the fuzzer can guess what code looks for.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// What became of the targets.
pub(crate) struct Outcome {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

/// Fuzzes and says how it went; fails when anything was found.
pub(crate) fn run(project: &Project, target: Option<&str>, seconds: u32) -> Result {
    let outcome = fuzz(project, target, seconds)?;
    match outcome.failed {
        0 => Ok(()),
        failed => fail!("{failed} of the fuzz targets found something; the inputs are named above"),
    }
}

/// Runs the targets one after the other.
pub(crate) fn fuzz(project: &Project, target: Option<&str>, seconds: u32) -> Result<Outcome> {
    let wanted: Vec<_> = TARGETS
        .into_iter()
        .filter(|name| target.is_none_or(|target| target == *name))
        .collect();
    if wanted.is_empty() {
        fail!("the fuzz targets are {}", TARGETS.join(", "));
    }
    let program = build(project)?;
    // One seed for all, printed, so that a run can be had again: MIEN_FUZZ_SEED=…
    let seed = std::env::var("MIEN_FUZZ_SEED").unwrap_or_else(|_| std::process::id().to_string());
    note(&format!("MIEN_FUZZ_SEED={seed}"));
    let mut outcome = Outcome {
        passed: 0,
        failed: 0,
    };
    for name in wanted {
        step(&format!("fuzz {name} ({seconds} s)"));
        if one(project, &program, name, seconds, &seed)? {
            outcome.passed = outcome.passed.saturating_add(1);
        } else {
            outcome.failed = outcome.failed.saturating_add(1);
        }
    }
    Ok(outcome)
}

fn build(project: &Project) -> Result<PathBuf> {
    let compiler = std::env::var_os("CXX").is_some()
        || ["c++", "g++", "clang++", "cl"].into_iter().any(on_path);
    if !compiler {
        fail!(
            "fuzzing needs a C++ compiler for libFuzzer: install g++ or clang, or name one in CXX"
        );
    }
    let host = host(project)?;
    let folder = project.cargo_target().join("fuzz");
    let mut cargo = project.command("cargo")?;
    cargo
        .args(["build", "--release", "--locked", "--manifest-path"])
        .arg(project.path("authenticator-wasm/fuzz/Cargo.toml"))
        // Naming the target keeps the counters out of build scripts and macros.
        .args(["--target", &host, "--target-dir"])
        .arg(&folder)
        .env("RUSTFLAGS", COVERAGE);
    show(&mut cargo, "fuzz targets, with coverage counters")?;
    Ok(folder.join(host).join("release/fuzz"))
}

fn host(project: &Project) -> Result<String> {
    let said = crate::process::ask(project.command("rustc")?.arg("-vV")).unwrap_or_default();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    match host {
        Some(host) => Ok(host.to_owned()),
        None => fail!("`rustc -vV` does not name the host: install Rust with rustup"),
    }
}

fn one(project: &Project, program: &Path, name: &str, seconds: u32, seed: &str) -> Result<bool> {
    let corpus = project.path("target/fuzz-corpus").join(name);
    let finds = project.path("target/fuzz-finds").join(name);
    for folder in [&corpus, &finds] {
        fs::create_dir_all(folder).context(project.shown(folder))?;
    }
    let mut fuzzer = Command::new(program);
    fuzzer
        .env("MIEN_FUZZ_TARGET", name)
        .env("MIEN_FUZZ_CORPUS", &corpus)
        .env("MIEN_FUZZ_MODELS", project.models())
        .env("MIEN_TEST_SEED", "fuzz")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-seed={seed}"))
        .arg(format!("-artifact_prefix={}/", finds.display()))
        // No input may take long or much: these are the limits beyond which it counts as found.
        .args([
            "-timeout=25",
            "-rss_limit_mb=2048",
            "-verbosity=0",
            "-print_final_stats=1",
        ])
        .arg(format!("-max_len={}", longest(name)))
        .arg(&corpus);
    let (status, said) = listen(&mut fuzzer)?;
    let runs = statistic(&said, "stat::number_of_executed_units:");
    // A fuzzer that ran nothing has shown nothing.
    let good = status.success() && runs.is_some_and(|runs| runs > 0);
    let runs = runs.map_or_else(
        || "an unknown number of".to_owned(),
        |runs| runs.to_string(),
    );
    result(&format!(
        "{name}: {runs} runs in {seconds} s, {}",
        if good { "nothing found" } else { "FAILED" }
    ));
    if !good {
        note(&format!("inputs that failed: {}", project.shown(&finds)));
    }
    Ok(good)
}

/// Longest input in bytes: a model file is large, nothing else needs to be.
fn longest(name: &str) -> u32 {
    if name == "model" { 300_000 } else { 4096 }
}

fn statistic(said: &str, name: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{TARGETS, statistic};

    #[test]
    fn the_number_of_runs_is_read_from_the_statistics() {
        let said = "Done\nstat::number_of_executed_units: 1234\nstat::peak_rss_mb: 1\n";
        let name = "stat::number_of_executed_units:";
        assert_eq!(statistic(said, name), Some(1234));
        assert_eq!(statistic("", name), None);
    }

    #[test]
    fn the_program_has_the_same_targets() {
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../authenticator-wasm/fuzz/src/targets"
        );
        let text: String = [
            "ctap.rs",
            "command.rs",
            "agent.rs",
            "biometrics.rs",
            "server.rs",
        ]
        .map(|file| std::fs::read_to_string(format!("{folder}/{file}")).unwrap())
        .concat();
        let found: Vec<_> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("name: \"")?.strip_suffix("\","))
            .collect();
        assert_eq!(found, TARGETS);
    }
}
