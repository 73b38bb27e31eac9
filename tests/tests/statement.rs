//! The conformance statement against the identifiers it must cover and the tests it names.

use std::path::{Path, PathBuf};

use conformance::identifiers;
use conformance::sources::Sources;
use conformance::statement::{Row, Statement, Status, faults};

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.unwrap().to_owned()
}

fn statement() -> Statement {
    let text = std::fs::read_to_string(root().join("conformance.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn row<'a>(statement: &'a mut Statement, id: &str) -> &'a mut Row {
    let found = statement.rows.iter_mut().find(|row| row.id == id);
    found.unwrap()
}

#[test]
fn the_statement_has_a_row_for_everything_and_evidence_for_every_claim() {
    let found = faults(&statement(), &Sources::below(&root()));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_identifiers_are_distinct() {
    let distinct = std::collections::BTreeSet::from(identifiers::ALL);
    assert_eq!(distinct.len(), identifiers::ALL.len());
}

#[test]
fn the_statement_says_mode_a1_and_that_a_page_cannot_keep_pictures_from_the_kernel() {
    let mut statement = statement();
    assert_eq!(statement.mode, "A.1");
    assert!(!statement.claims_conformity);
    assert_eq!(row(&mut statement, "SR-M-18").status, Status::NotMet);
}

#[test]
fn each_way_to_say_too_much_is_noticed() {
    let sources = Sources::below(&root());
    let noticed = |change: &dyn Fn(&mut Statement), fault: &str| {
        let mut statement = statement();
        change(&mut statement);
        let found = faults(&statement, &sources);
        assert!(found.iter().any(|one| one == fault), "{fault}: {found:?}");
    };
    noticed(&|s| s.rows.retain(|row| row.id != "T.C.2"), "T.C.2: no row");
    noticed(
        &|s| row(s, "T.C.2").id = "T.C.9".into(),
        "T.C.9: no such identifier",
    );
    noticed(&|s| row(s, "T.C.2").id = "T.C.1".into(), "T.C.1: two rows");
    noticed(
        &|s| row(s, "T.C.2").tests.clear(),
        "T.C.2: met, and no test shows it",
    );
    noticed(
        &|s| row(s, "T.C.2").tests = vec!["tests/tests/statement.rs::no_such_test".into()],
        "T.C.2: there is no test `tests/tests/statement.rs::no_such_test`",
    );
    noticed(
        &|s| row(s, "T.C.2").tests = vec!["no/such/file.rs::the_identifiers_are_distinct".into()],
        "T.C.2: there is no test `no/such/file.rs::the_identifiers_are_distinct`",
    );
    noticed(
        &|s| row(s, "T.C.2").what = " ".into(),
        "T.C.2: does not say what there is",
    );
    noticed(
        &|s| row(s, "SR-M-17").residual = None,
        "SR-M-17: does not say what is left open",
    );
    noticed(
        &|s| row(s, "SR-M-18").status = Status::Partly,
        "SR-M-18: cannot be met by a web page",
    );
    noticed(
        &|s| row(s, "SR-B-8").status = Status::Met,
        "SR-B-8: cannot be met in full by a web page",
    );
    noticed(
        &|s| s.claims_conformity = true,
        "conformity cannot be claimed while SR-M-18 is not met",
    );
}
