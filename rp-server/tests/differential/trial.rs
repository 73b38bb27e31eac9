//! Our verifier and its judges on the same cases.

use std::sync::Arc;

use ::judges::{Judge, Verdict};
use serde_json::Value;

use crate::support::judges;
use crate::support::verifiers::{self, Begun, Known, Ours};

/// Cases that ours accepts and a judge refuses, and why that is right. Each must be there.
pub(super) struct Exception {
    /// How the judge's name begins.
    pub(super) judge: &'static str,
    /// How the names of the cases begin.
    pub(super) cases: &'static str,
    /// What the judge's words have in them.
    pub(super) words: &'static str,
    /// The reason.
    pub(super) why: &'static str,
}

struct Case {
    what: String,
    ours: bool,
    body: String,
}

/// Ours, its judges, and the cases so far.
pub(super) struct Trial {
    pub(super) ours: Ours,
    webauthn_rs: verifiers::Judge,
    in_process: Vec<Verdict>,
    judges: Vec<Judge>,
    cases: Vec<Case>,
}

impl Trial {
    pub(super) async fn new() -> Self {
        Self {
            ours: Ours::new().await,
            webauthn_rs: verifiers::Judge::new(),
            in_process: Vec::new(),
            judges: Judge::all(),
            cases: Vec::new(),
        }
    }

    /// An authentication; says whether ours accepted it.
    pub(super) async fn authentication(
        &mut self,
        what: impl Into<String>,
        known: &Known,
        begun: &Begun,
        body: &[u8],
    ) -> bool {
        let ours = self.ours.finish(&begun.token, body).await;
        let state = self.webauthn_rs.state(begun.challenge());
        let verdict = self.webauthn_rs.verify(&state, body, &known.passkey);
        self.in_process.push(verdict);
        let case = judges::authentication(known, begun.challenge(), body);
        self.ask(what.into(), ours.is_ok(), &case)
    }

    /// A registration. webauthn-rs is no judge of these: ours asks it.
    pub(super) async fn registration(
        &mut self,
        what: impl Into<String>,
        begun: &Begun,
        body: &[u8],
    ) -> bool {
        let ours = self.ours.finish_registration(&begun.token, body).await;
        let case = judges::registration(begun.challenge(), body);
        self.ask(what.into(), ours.is_ok(), &case)
    }

    fn ask(&mut self, what: String, ours: bool, case: &Value) -> bool {
        let line: Arc<str> = case.to_string().into();
        for judge in &self.judges {
            judge.ask(line.clone());
        }
        let body = case["body"].as_str().unwrap().to_owned();
        self.cases.push(Case { what, ours, body });
        ours
    }

    /// Hears the judges and shows the table. A case that ours accepts and a judge refuses is a failure, unless it is
    /// one of `exceptions`.
    pub(super) fn judged(self, exceptions: &[Exception]) {
        let mut verdicts: Vec<_> = self.judges.into_iter().map(Judge::verdicts).collect();
        if !self.in_process.is_empty() {
            verdicts.insert(0, ("webauthn-rs 0.6.2".to_owned(), self.in_process));
        }
        let mut hits = vec![0; exceptions.len()];
        let mut failures = Vec::new();
        println!(
            "| judge | cases | accepted by both | refused by both | by ours alone | by the judge alone |"
        );
        println!("|---|---:|---:|---:|---:|---:|");
        for (name, verdicts) in &verdicts {
            assert_eq!(verdicts.len(), self.cases.len(), "{name}");
            let mut counts = [[0; 2]; 2];
            for (case, verdict) in self.cases.iter().zip(verdicts) {
                counts[usize::from(case.ours)][usize::from(verdict.is_ok())] += 1;
                if let (true, Err(words)) = (case.ours, verdict) {
                    let known = exceptions.iter().position(|exception| {
                        name.starts_with(exception.judge)
                            && case.what.starts_with(exception.cases)
                            && words.contains(exception.words)
                    });
                    match known {
                        Some(number) => hits[number] += 1,
                        None => {
                            failures.push(format!("{}: {name}: {words}\n{}", case.what, case.body))
                        }
                    }
                }
            }
            let [[neither, judge_accepts], [ours_accepts, both]] = counts;
            let cases = self.cases.len();
            println!(
                "| {name} | {cases} | {both} | {neither} | {judge_accepts} | {ours_accepts} |"
            );
            // None lets everything through, or nothing.
            assert!(both > 0 && neither > cases / 4, "{name}");
        }
        for (exception, hits) in exceptions.iter().zip(hits) {
            let Exception {
                judge, cases, why, ..
            } = exception;
            println!("{judge} alone refuses {hits} of \"{cases}\": {why}");
            if hits == 0 {
                failures.push(format!("nothing needs this exception: {judge}, {cases}"));
            }
        }
        let shown = failures
            .iter()
            .take(40)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n");
        assert!(
            failures.is_empty(),
            "{} failures, the first of them\n{shown}",
            failures.len()
        );
    }
}
