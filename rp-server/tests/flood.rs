//! Ceremonies that are begun and never finished: 10^5 of them, and as many as there is room for.

use std::time::Instant;

use sqlx::{Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::database::Database;
use crate::support::server::Server;
use crate::support::settings::config;

/// Rows as a beginning leaves them, 10^5 at a time: copies of the newest one under other tokens.
const SQLITE: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
    INSERT INTO ceremonies SELECT randomblob(32), user_id, state, expires_ms FROM n, \
    (SELECT * FROM ceremonies ORDER BY expires_ms DESC LIMIT 1)";
const POSTGRES: &str = "INSERT INTO ceremonies \
    SELECT sha256((i::text || clock_timestamp()::text)::bytea), user_id, state, expires_ms \
    FROM generate_series(1, 100000) AS n (i), \
    (SELECT * FROM ceremonies ORDER BY expires_ms DESC LIMIT 1) AS newest";

/// Bytes that the database takes on disk, once it has tidied up as it does by itself from time to time.
async fn size(database: &Database) -> i64 {
    if database.folder.is_some() {
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let tidy = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)");
        tidy.execute(&mut connection).await.unwrap();
        sqlx::query_scalar(size)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    } else {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        let tidy = sqlx::raw_sql("VACUUM ceremonies");
        tidy.execute(&mut connection).await.unwrap();
        let size = "SELECT pg_total_relation_size('ceremonies')";
        sqlx::query_scalar(size)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }
}

async fn flooded(database: Database) {
    let fill = if database.folder.is_some() {
        SQLITE
    } else {
        POSTGRES
    };
    let start = || Server::start_on(&database.url, TempDir::new().unwrap(), config());
    let server = start().await;
    let mut ada = server.browser().register("ada").await;
    let waiting = server.browser();
    let options = waiting.registration_options("somebody").await;
    database.run(fill).await;

    // With 10^5: as without.
    let asked = Instant::now();
    server.browser().sign_in(&mut ada).await.accepted();
    server.browser().register("bob").await;
    println!(
        "a sign-in and a registration beside 10^5: {:?}",
        asked.elapsed()
    );
    assert!(asked.elapsed().as_secs() < 2, "{:?}", asked.elapsed());

    // Full: nothing more is begun, what was begun is finished, other calls go on.
    database.run(fill).await;
    let most = size(&database).await;
    println!("{} MB for 2 * 10^5 ceremonies", most / 1_000_000);
    let late = start().await;
    let asked = Instant::now();
    let begin = "/api/authentication/options";
    let reply = late.browser().post(begin, &serde_json::json!({})).await;
    println!("refused in {:?}", asked.elapsed());
    reply.refused(503, "unavailable");
    assert_eq!(reply.header("retry-after"), "2");
    let there = late.browser();
    there.cookies.replace(waiting.cookies.borrow().clone());
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    let reply = there.post("/api/registration/result", &response).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(late.browser().get("/readyz").await.status, 200);

    // They end, and all is as before, in the same processes.
    late.advance(130_000);
    let asked = Instant::now();
    late.browser().sign_in(&mut ada).await.accepted();
    println!(
        "a sign-in beside 2 * 10^5 that have ended: {:?}",
        asked.elapsed()
    );
    assert!(asked.elapsed().as_secs() < 2, "{:?}", asked.elapsed());
    let asked = Instant::now();
    let store = database.open().await;
    let now = 1_795_305_600_000 + 130_000;
    store.sweep(now, 0, 0, 0).await.unwrap();
    println!("swept in {:?}", asked.elapsed());
    let left = "SELECT count(*) FROM ceremonies";
    assert_eq!(database.number(left).await, 0);
    size(&database).await;

    // The next 10^5 find room where the last ones were, but for some pages of PostgreSQL's index.
    let waiting = late.browser();
    waiting.registration_options("cleo").await;
    database.run(fill).await;
    let again = size(&database).await;
    assert!(again <= most + most / 5, "{again} after {most}");
}

#[actix_web::test]
async fn sqlite_bears_a_flood_of_beginnings() {
    flooded(Database::sqlite().await).await;
}

#[actix_web::test]
async fn postgresql_bears_a_flood_of_beginnings() {
    flooded(Database::postgres().await).await;
}
