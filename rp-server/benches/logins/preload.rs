//! Many more accounts, each with one credential, written straight into the database: nobody logs in with them.

use sqlx::{PgPool, SqlitePool};

/// Numbers them, with random user handles.
const ACCOUNTS: [&str; 2] = [
    "WITH RECURSIVE n (i) AS (SELECT 1 WHERE ?1 > 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
     INSERT INTO accounts (user_id, name, name_key, display_name, account_no, created_ms)
     SELECT randomblob(16), 'filler' || i, 'filler' || i, 'Filler', random(), 0 FROM n",
    "INSERT INTO accounts (user_id, name, name_key, display_name, account_no, created_ms)
     SELECT decode(md5(random()::text || i), 'hex'), 'filler' || i, 'filler' || i, 'Filler', -i, 0
     FROM generate_series(1, $1) AS n (i)",
];

/// Random credential IDs; everything else as in a real row.
const CREDENTIALS: [&str; 2] = [
    "INSERT INTO credentials (credential_id, user_id, aaguid, device, created_ms, used_ms,
        presentation_attack_detection, public_key, algorithm, sign_count, uv_initialized, backup_eligible,
        backup_state, transports)
     SELECT randomblob(32), a.user_id, r.aaguid, r.device, r.created_ms, r.used_ms,
        r.presentation_attack_detection, r.public_key, r.algorithm, r.sign_count, r.uv_initialized,
        r.backup_eligible, r.backup_state, r.transports
     FROM accounts AS a, (SELECT * FROM credentials LIMIT 1) AS r WHERE a.name LIKE 'filler%'",
    "INSERT INTO credentials (credential_id, user_id, aaguid, device, created_ms, used_ms,
        presentation_attack_detection, public_key, algorithm, sign_count, uv_initialized, backup_eligible,
        backup_state, transports)
     SELECT sha256((random()::text || a.name)::bytea), a.user_id, r.aaguid, r.device, r.created_ms, r.used_ms,
        r.presentation_attack_detection, r.public_key, r.algorithm, r.sign_count, r.uv_initialized,
        r.backup_eligible, r.backup_state, r.transports
     FROM accounts AS a, (SELECT * FROM credentials LIMIT 1) AS r WHERE a.name LIKE 'filler%'",
];

/// Adds `count` of them, and lets the database settle.
pub(crate) async fn fill(database: &str, count: usize) {
    let count = i64::try_from(count).unwrap();
    if database.starts_with("sqlite:") {
        let pool = SqlitePool::connect(database).await.unwrap();
        let mut write = pool.begin().await.unwrap();
        let accounts = sqlx::query(ACCOUNTS[0]).bind(count);
        accounts.execute(&mut *write).await.unwrap();
        sqlx::query(CREDENTIALS[0])
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
    } else {
        let pool = PgPool::connect(database).await.unwrap();
        let mut write = pool.begin().await.unwrap();
        let accounts = sqlx::query(ACCOUNTS[1]).bind(count);
        accounts.execute(&mut *write).await.unwrap();
        sqlx::query(CREDENTIALS[1])
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        sqlx::query("VACUUM ANALYZE").execute(&pool).await.unwrap();
        sqlx::query("CHECKPOINT").execute(&pool).await.unwrap();
        pool.close().await;
    }
}
