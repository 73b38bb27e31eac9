//! Which failures of a database pass by themselves, as either database reports them.

use rp_server::store::StoreError;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::support::database::Database;

fn passes(error: sqlx::Error) -> bool {
    match StoreError::from(error) {
        StoreError::Unavailable(_) => true,
        StoreError::Database(_) => false,
        other => panic!("{other:?}"),
    }
}

#[actix_web::test]
async fn of_postgresql() {
    let database = Database::postgres().await;
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    for (state, expected) in [
        ("08006", true),
        ("40001", true),
        ("40P01", true),
        ("53100", true),
        ("53300", true),
        ("55P03", true),
        ("57014", true),
        ("58030", true),
        ("25006", true),
        ("25P03", true),
        ("22001", false),
        ("23505", false),
        ("25001", false),
        ("42P01", false),
        ("55000", false),
    ] {
        let sql = format!("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$");
        let raised = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await;
        assert_eq!(passes(raised.unwrap_err()), expected, "{state}");
    }
}

#[actix_web::test]
async fn of_sqlite() {
    let database = Database::sqlite().await;
    database.open().await.close().await;
    let connect = || async { SqliteConnection::connect(&database.url).await.unwrap() };
    let (mut one, mut other) = (connect().await, connect().await);
    let run = async |connection: &mut SqliteConnection, sql: &'static str| {
        sqlx::raw_sql(sql).execute(connection).await.map(drop)
    };
    // BUSY, and its extended code for a reader whose view has become old.
    run(&mut other, "PRAGMA busy_timeout = 0").await.unwrap();
    let write = "INSERT INTO secrets (name, value) VALUES (hex(randomblob(8)), x'00')";
    run(&mut other, "BEGIN; SELECT count(*) FROM secrets")
        .await
        .unwrap();
    run(&mut one, "BEGIN IMMEDIATE").await.unwrap();
    run(&mut one, write).await.unwrap();
    assert!(passes(run(&mut other, write).await.unwrap_err()));
    run(&mut one, "COMMIT").await.unwrap();
    assert!(passes(run(&mut other, write).await.unwrap_err()));
    run(&mut other, "ROLLBACK").await.unwrap();
    // FULL.
    run(&mut one, "PRAGMA max_page_count = 1").await.unwrap();
    let much = "INSERT INTO secrets (name, value) VALUES ('much', zeroblob(1000000))";
    assert!(passes(run(&mut one, much).await.unwrap_err()));
    // CANTOPEN.
    let nowhere = SqliteConnection::connect("sqlite:/nowhere/mien.db").await;
    assert!(passes(nowhere.unwrap_err()));
    // ERROR and CONSTRAINT are of the statement.
    assert!(!passes(run(&mut one, "SELECT nothing").await.unwrap_err()));
    let same = "INSERT INTO secrets (name, value) VALUES ('a', x'00'), ('a', x'00')";
    assert!(!passes(run(&mut one, same).await.unwrap_err()));
}

#[actix_web::test]
async fn of_the_pool() {
    for error in [sqlx::Error::PoolTimedOut, sqlx::Error::PoolClosed] {
        assert!(passes(error));
    }
    assert!(passes(std::io::Error::other("broken").into()));
    assert!(!passes(sqlx::Error::RowNotFound));
}
