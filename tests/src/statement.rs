//! The statement's form, and the rules that keep it honest.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::identifiers;
use crate::sources::Sources;

/// The one requirement ("shall") that a web page cannot meet: nothing keeps a compromised kernel from the camera's
/// pictures.
const NEVER_MET: &str = "SR-M-18";

/// Recommendations that a web page cannot meet in full, whatever its code does.
const NEVER_FULLY_MET: [&str; 3] = ["SR-B-4", "SR-B-8", "SR-M-10"];

/// The statement.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What it is about, and what it is not.
    pub about: String,
    /// Whether conformity to ISO/IEC 27553-1 is claimed. It is not.
    #[serde(rename = "claimsConformity")]
    pub claims_conformity: bool,
    /// How key and face are bound: Figure A.1 or A.2 of ISO/IEC 27553-1.
    pub mode: String,
    /// One for each identifier.
    pub rows: Vec<Row>,
}

/// What is said about one identifier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// One of [`identifiers::ALL`].
    pub id: String,
    /// How far it is met.
    pub status: Status,
    /// What there is, in our own words.
    pub what: String,
    /// What is left open.
    #[serde(default)]
    pub residual: Option<String>,
    /// The evidence: `file::name of a test`.
    #[serde(default)]
    pub tests: Vec<String>,
}

/// How far a requirement is met by today's code.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In full, and a test shows it.
    Met,
    /// In part; the residual says what is open.
    Partly,
    /// Not; the residual says what that means.
    NotMet,
    /// By the operator's documents and processes; software only supports it.
    Organisational,
    /// Not yet there, and nothing is claimed.
    Planned,
}

/// Every way in which `statement` says too much or too little, one sentence each.
#[must_use]
pub fn faults(statement: &Statement, sources: &Sources) -> Vec<String> {
    let mut faults = Vec::new();
    if statement.claims_conformity {
        faults.push(format!(
            "conformity cannot be claimed while {NEVER_MET} is not met"
        ));
    }
    let known = BTreeSet::from(identifiers::ALL);
    let mut rows = BTreeMap::new();
    for row in &statement.rows {
        if !known.contains(row.id.as_str()) {
            faults.push(format!("{}: no such identifier", row.id));
        }
        if rows.insert(row.id.as_str(), row).is_some() {
            faults.push(format!("{}: two rows", row.id));
        }
        faults.extend(faults_of(row, sources));
    }
    for id in identifiers::ALL {
        if !rows.contains_key(id) {
            faults.push(format!("{id}: no row"));
        }
    }
    faults
}

fn faults_of(row: &Row, sources: &Sources) -> Vec<String> {
    let Row { id, status, .. } = row;
    let empty = |text: &String| text.trim().is_empty();
    let mut faults = Vec::new();
    if empty(&row.what) {
        faults.push(format!("{id}: does not say what there is"));
    }
    if row.residual.as_ref().is_some_and(empty) {
        faults.push(format!("{id}: an empty residual"));
    }
    if *status == Status::Met && row.tests.is_empty() {
        faults.push(format!("{id}: met, and no test shows it"));
    }
    if matches!(status, Status::Partly | Status::NotMet) && row.residual.is_none() {
        faults.push(format!("{id}: does not say what is left open"));
    }
    if id == NEVER_MET && *status != Status::NotMet {
        faults.push(format!("{id}: cannot be met by a web page"));
    }
    if NEVER_FULLY_MET.contains(&id.as_str()) && !matches!(status, Status::Partly | Status::NotMet)
    {
        faults.push(format!("{id}: cannot be met in full by a web page"));
    }
    for test in &row.tests {
        if !sources.has_test(test) {
            faults.push(format!("{id}: there is no test `{test}`"));
        }
    }
    faults
}
