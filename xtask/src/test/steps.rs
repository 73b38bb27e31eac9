//! The steps of `cargo xtask test`, in the order in which they are cheapest to fail.

use std::process::Command;

use super::counts::Counts;
use crate::console::note;
use crate::failure::{Failure, Result};
use crate::process::{ask, listen, run};
use crate::project::Project;
use crate::setup::{browser, fido2_tools, media, postgres};
use crate::{fuzz, tidy, wasm, web};

/// A step with the name that `--only` takes.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) run: fn(&Project) -> Result<Counts>,
}

pub(super) const STEPS: [Step; 9] = [
    Step {
        name: "tidy",
        run: rules,
    },
    Step {
        name: "format",
        run: format,
    },
    Step {
        name: "lint",
        run: lint,
    },
    Step {
        name: "rust",
        run: rust,
    },
    Step {
        name: "doc",
        run: doc,
    },
    Step {
        name: "fuzz",
        run: short_fuzz,
    },
    Step {
        name: "web",
        run: pages,
    },
    Step {
        name: "wasm",
        run: wasm_in_browser,
    },
    Step {
        name: "end-to-end",
        run: end_to_end,
    },
];

fn rules(project: &Project) -> Result<Counts> {
    let (passed, failed) = tidy::count(project)?;
    let counted = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    Ok(Counts {
        passed: counted(passed),
        failed: counted(failed),
        skipped: 0,
    })
}

fn format(project: &Project) -> Result<Counts> {
    let workspace = check(project.command("cargo")?.args(["fmt", "--all", "--check"]))?;
    // The fuzz targets are a workspace of their own.
    let targets = check(
        project
            .command("cargo")?
            .args(["fmt", "--check", "--manifest-path"])
            .arg(project.path("authenticator-wasm/fuzz/Cargo.toml")),
    )?;
    Ok(workspace.plus(targets))
}

fn lint(project: &Project) -> Result<Counts> {
    const WARNINGS: [&str; 3] = ["--", "-D", "warnings"];
    let runs: [&[&str]; 5] = [
        &["--workspace", "--all-targets"],
        // Code that only the browser sees, and code that only `demo --lan` needs.
        &[
            "--package",
            "authenticator-wasm",
            "--all-targets",
            "--target",
            "wasm32-unknown-unknown",
        ],
        &["--package", "xtask", "--all-targets", "--features", "lan"],
        &[
            "--package",
            "rp-server",
            "--all-targets",
            "--features",
            TEST_API,
        ],
        // A workspace of its own.
        &[
            "--manifest-path",
            "authenticator-wasm/fuzz/Cargo.toml",
            "--target-dir",
            "target/fuzz",
        ],
    ];
    let mut sum = Counts::default();
    for arguments in runs {
        sum = sum.plus(check(
            project
                .command("cargo")?
                .args(["clippy", "--quiet"])
                .args(arguments)
                .args(WARNINGS),
        )?);
    }
    Ok(sum)
}

/// The server interface of the FIDO Alliance's conformance tools: never in a build that is not for tests.
const TEST_API: &str = "conformance-test-api";

fn rust(project: &Project) -> Result<Counts> {
    postgres::install(project)?;
    fido2_tools::install(project)?;
    let workspace = rust_tests(project, &["--workspace"], &[])?;
    let server = ["--package", "rp-server", "--features", TEST_API];
    let mut test_api = rust_tests(project, &server, &["conformance_test_api::"])?;
    // The others ran with the workspace.
    test_api.skipped = 0;
    Ok(workspace.plus(test_api))
}

/// The tests of `packages`, or those among them whose names have `filter` in them.
fn rust_tests(project: &Project, packages: &[&str], filter: &[&str]) -> Result<Counts> {
    let mut cargo = project.command("cargo")?;
    if ask(project.command("cargo")?.args(["nextest", "--version"])).is_some() {
        cargo
            .args(["nextest", "run", "--no-fail-fast", "--status-level", "slow"])
            .args(packages)
            .args(filter);
        return count(&mut cargo, Counts::of_nextest);
    }
    cargo
        .args([
            "test",
            "--no-fail-fast",
            "--bins",
            "--lib",
            "--tests",
            "--examples",
        ])
        .args(packages)
        .args(filter);
    count(&mut cargo, Counts::of_libtest)
}

/// nextest runs no documentation tests, among them those that must not compile.
fn doc(project: &Project) -> Result<Counts> {
    count(
        project.command("cargo")?.args([
            "test",
            "--quiet",
            "--workspace",
            "--no-fail-fast",
            "--doc",
        ]),
        Counts::of_libtest,
    )
}

/// Long enough to notice what a change broke at once; `cargo xtask fuzz` looks longer.
fn short_fuzz(project: &Project) -> Result<Counts> {
    let outcome = fuzz::fuzz(project, None, 10)?;
    Ok(Counts {
        passed: outcome.passed,
        failed: outcome.failed,
        skipped: 0,
    })
}

fn pages(project: &Project) -> Result<Counts> {
    // The worker imports what wasm-pack generates, so type checking needs it.
    wasm::build(project)?;
    let mut sum = Counts::default();
    for folder in ["web", "tests/browser"] {
        let mut check_types = project.command("npm")?;
        sum = sum.plus(check(
            check_types
                .current_dir(project.path(folder))
                .args(["run", "--silent", "check"]),
        )?);
    }
    let report = project.path("target/vitest.json");
    let _ = std::fs::remove_file(&report);
    let mut vitest = project.command("npm")?;
    vitest.current_dir(project.path("web")).args([
        "test",
        "--silent",
        "--",
        "--reporter=default",
        "--reporter=json",
    ]);
    vitest.arg(format!("--outputFile={}", report.display()));
    let counts = count(&mut vitest, |_| Counts::of_vitest(&report))?;
    Ok(sum.plus(counts))
}

fn wasm_in_browser(project: &Project) -> Result<Counts> {
    browser::install(project)?;
    let mut golden = project.command("cargo")?;
    golden.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "biometric-system",
    ]);
    golden.args(["--features", "test-support", "--example", "golden"]);
    run(&mut golden, "native numbers for the browser to match")?;
    let mut test = project.command("wasm-pack")?;
    test.args(["test", "--headless", "--chrome", "--mode", "no-install"]);
    if let Some(driver) = browser::chromedriver() {
        test.args(["--chromedriver", &driver]);
    }
    // Models run slowly where optimisation is off; a machine with two cores needs longer than the usual 20 s.
    test.args(["authenticator-wasm", "--features", "agreement"])
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    count(&mut test, Counts::of_libtest)
}

/// Playwright on the pages and the server of this tree, ready to run, with whatever that needs built.
pub(crate) fn browser_tests(project: &Project) -> Result<Command> {
    browser::install(project)?;
    wasm::build(project)?;
    web::build(project)?;
    web::package(project)?;
    let (status, _) =
        listen(
            project
                .command("cargo")?
                .args(["build", "--quiet", "--package", "rp-server"]),
        )?;
    if !status.success() {
        return Err(Failure::new("the server does not build"));
    }
    let mut playwright = playwright(project)?;
    playwright.env("RP_SERVER", project.cargo_target().join("debug/rp-server"));
    Ok(playwright)
}

/// Playwright with the system's browser; nothing is built for it.
pub(crate) fn playwright(project: &Project) -> Result<Command> {
    let mut playwright = project.command("node")?;
    playwright
        .current_dir(project.path("tests/browser"))
        .args(["node_modules/@playwright/test/cli.js", "test"]);
    if let Some(chromium) = browser::chromium() {
        playwright.env("CHROMIUM", chromium);
    }
    Ok(playwright)
}

fn end_to_end(project: &Project) -> Result<Counts> {
    media::draw_turns(project)?;
    let mut playwright = browser_tests(project)?;
    let report = project.path("tests/browser/artefacts/results.json");
    let _ = std::fs::remove_file(&report);
    let counts = count(&mut playwright, |_| Counts::of_playwright(&report))?;
    note(&format!(
        "screens and traces: {}",
        project.shown(&project.path("tests/browser/artefacts"))
    ));
    Ok(counts)
}

/// A program that only says yes or no.
fn check(command: &mut Command) -> Result<Counts> {
    let (status, _) = listen(command)?;
    Ok(if status.success() {
        Counts::success()
    } else {
        Counts::failure()
    })
}

/// A program that says how many.
fn count(command: &mut Command, read: impl FnOnce(&str) -> Counts) -> Result<Counts> {
    let (status, said) = listen(command)?;
    Ok(read(&said).with_status(status.success()))
}
