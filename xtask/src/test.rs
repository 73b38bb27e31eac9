//! `cargo xtask test`: every test there is, one summary, and a last line that a machine can read.

mod counts;
mod steps;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::console::{note, result, step};
use crate::failure::{Context as _, Result, fail};
use crate::project::Project;
use crate::setup;
use counts::Counts;
use steps::STEPS;
pub(crate) use steps::{browser_tests, playwright};

/// What became of one step.
struct Outcome {
    name: &'static str,
    counts: Counts,
    took: Duration,
}

/// Runs all steps, or the one of that name; a step that fails does not keep the next from running.
pub(crate) fn run(project: &Project, only: Option<&str>) -> Result<ExitCode> {
    let known = || {
        STEPS
            .iter()
            .map(|step| step.name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    if only == Some("list") {
        result(&known());
        return Ok(ExitCode::SUCCESS);
    }
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    if !STEPS.iter().any(|step| wanted(step.name)) {
        fail!(
            "there is no step `{}`; the steps are {}",
            only.unwrap_or_default(),
            known()
        );
    }
    let started = Instant::now();
    let prepared = setup::for_tests(project);
    if let Err(failure) = prepared {
        // Most steps need the parts that set-up brings, so none would tell anything more.
        note(&failure.to_string());
        return finish(
            project,
            &[Outcome {
                name: "setup",
                counts: Counts::failure(),
                took: started.elapsed(),
            }],
        );
    }
    let mut outcomes = Vec::new();
    for each in STEPS.iter().filter(|each| wanted(each.name)) {
        step(each.name);
        let started = Instant::now();
        let counts = (each.run)(project).unwrap_or_else(|failure| {
            note(&format!("{}: {failure}", each.name));
            Counts::failure()
        });
        outcomes.push(Outcome {
            name: each.name,
            counts,
            took: started.elapsed(),
        });
    }
    finish(project, &outcomes)
}

fn finish(project: &Project, outcomes: &[Outcome]) -> Result<ExitCode> {
    let total = outcomes
        .iter()
        .fold(Counts::default(), |sum, outcome| sum.plus(outcome.counts));
    let mut lines = vec![
        String::new(),
        format!(
            "{:<14}{:>8}{:>8}{:>9}{:>10}",
            "step", "passed", "failed", "skipped", "seconds"
        ),
    ];
    lines.extend(outcomes.iter().map(|Outcome { name, counts, took }| {
        format!(
            "{name:<14}{:>8}{:>8}{:>9}{:>10.1}",
            counts.passed,
            counts.failed,
            counts.skipped,
            took.as_secs_f64()
        )
    }));
    lines.push(String::new());
    lines.push(format!("{} passed, {} failed", total.passed, total.failed));
    lines.iter().for_each(|line| result(line));
    std::fs::write(project.path("target/test-summary.txt"), lines.join("\n"))
        .context("the summary cannot be kept")?;
    // A run in which nothing was tested proves nothing.
    Ok(if total.failed == 0 && total.passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
