//! `rp-server split`: whoever registered with one process signs in afterwards with two.

use crate::support::database::Database;
use crate::support::pair::Pair;
use crate::support::process::{Process, program};

/// What the command says, and whether it was done.
fn divide(source: &Database, accounts: &Database, credentials: &Database) -> (bool, String) {
    let output = program()
        .args(["split", "--database", &source.url])
        .args(["--accounts", &accounts.url])
        .args(["--credentials", &credentials.url])
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

async fn one_becomes_two(database: impl AsyncFn() -> Database) {
    let (source, accounts, credentials) = (database().await, database().await, database().await);
    let (filled, other) = (database().await, database().await);
    let process = Process::on(&source.url);
    let mut ada = process.browser().register("ada").await;
    process.browser().sign_in(&mut ada).await.accepted();
    let mut bob = process.browser().register("bob").await;
    drop(process);
    source
        .run("UPDATE credentials SET failures = 50 WHERE sign_count = (SELECT min(sign_count) FROM credentials)")
        .await;

    // Refused, and nothing is made of it: a target with rows, one of another role, one that is the source.
    drop(Process::on(&filled.url));
    let (done, said) = divide(&source, &accounts, &filled);
    assert!(!done && said.contains("was made for"), "{said}");
    let (done, said) = divide(&source, &accounts, &source);
    assert!(!done && said.contains("was made for"), "{said}");
    assert_eq!(
        accounts.number("SELECT count(*) FROM accounts").await,
        0,
        "and it can be used"
    );
    let (done, said) = divide(&other, &accounts, &credentials);
    assert!(!done && said.contains("rp-server migrate"), "{said}");

    let (done, said) = divide(&source, &accounts, &credentials);
    assert!(done, "{said}");
    assert!(
        said.starts_with("carried over 2 account(s), 3 session(s) and 2 credential(s)"),
        "{said}"
    );
    let (again, said) = divide(&source, &accounts, &credentials);
    assert!(!again && said.contains("is not empty"), "{said}");
    for (sql, target) in [
        ("SELECT count(*) FROM accounts", &accounts),
        ("SELECT count(*) FROM sessions", &accounts),
        ("SELECT count(*) FROM audit", &accounts),
        (
            "SELECT CAST(sum(sign_count) AS BIGINT) FROM credentials",
            &credentials,
        ),
        ("SELECT max(failures) FROM credentials", &credentials),
        (
            "SELECT CAST(sum(length(value)) AS BIGINT) FROM secrets",
            &credentials,
        ),
    ] {
        assert_eq!(source.number(sql).await, target.number(sql).await, "{sql}");
    }

    let pair = Pair::start(accounts, credentials).await;
    pair.browser().sign_in(&mut ada).await.accepted();
    let reply = pair.browser().sign_in(&mut bob).await;
    reply.refused(403, "credential-disabled");
    assert!(pair.user(&["enable", "bob"]).starts_with("enabled "));
    pair.browser().sign_in(&mut bob).await.accepted();
    assert_eq!(pair.user(&["list"]), "ada\nbob\n");
    // The source is the way back still.
    Process::on(&source.url)
        .browser()
        .sign_in(&mut ada)
        .await
        .accepted();
}

#[actix_web::test]
async fn accounts_of_one_process_sign_in_at_two_on_sqlite() {
    one_becomes_two(Database::sqlite).await;
}

#[actix_web::test]
async fn accounts_of_one_process_sign_in_at_two_on_postgres() {
    one_becomes_two(Database::postgres).await;
}
