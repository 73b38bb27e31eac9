//! Which verifier was asked about which form of attestation, and what it said.

use std::collections::BTreeMap;
use std::fmt;

use ctap2::AttestationStatement;

/// The form in words.
pub(crate) const fn form(statement: &AttestationStatement) -> &'static str {
    match statement {
        AttestationStatement::None => "none",
        AttestationStatement::PackedSelf { .. } => "packed, self",
        AttestationStatement::PackedCertified { .. } => "packed, certificates",
    }
}

#[derive(Clone, Copy, Default)]
struct Counts {
    accepted: u32,
    refused: u32,
    not_checked: u32,
}

/// For each form and verifier: how many it accepted, how many changed ones it refused, how many it cannot check.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<(&'static str, String), Counts>);

impl Table {
    fn counts(&mut self, form: &'static str, verifier: &str) -> &mut Counts {
        self.0.entry((form, verifier.to_owned())).or_default()
    }

    pub(crate) fn note(&mut self, form: &'static str, verifier: &str, accepted: bool) {
        let counts = self.counts(form, verifier);
        let count = if accepted {
            &mut counts.accepted
        } else {
            &mut counts.refused
        };
        *count += 1;
    }

    pub(crate) fn cannot(&mut self, form: &'static str, verifier: &str) {
        self.counts(form, verifier).not_checked += 1;
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| form | verifier | accepted | changed, refused | cannot check |"
        )?;
        writeln!(f, "|---|---|---:|---:|---:|")?;
        for ((form, verifier), counts) in &self.0 {
            let Counts {
                accepted,
                refused,
                not_checked,
            } = counts;
            writeln!(
                f,
                "| {form} | {verifier} | {accepted} | {refused} | {not_checked} |"
            )?;
        }
        Ok(())
    }
}
