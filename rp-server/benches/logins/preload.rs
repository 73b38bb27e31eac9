//! Many more accounts, each with one credential, written straight into the database: nobody logs in with them.

use sqlx::SqlitePool;

/// Adds `count` of them.
pub(crate) async fn fill(database: &str, count: usize) {
    let pool = SqlitePool::connect(database).await.unwrap();
    let count = i64::try_from(count).unwrap();
    let mut transaction = pool.begin().await.unwrap();
    sqlx::query(
        "WITH RECURSIVE n (i) AS (SELECT 1 WHERE ?1 > 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
         INSERT INTO accounts (user_id, name, name_key, display_name, account_no, created_ms)
         SELECT randomblob(16), 'filler' || i, 'filler' || i, 'Filler', random(), 0 FROM n",
    )
    .bind(count)
    .execute(&mut *transaction)
    .await
    .unwrap();
    // Everything but the two identifiers as in a real row.
    sqlx::query(
        "INSERT INTO credentials (credential_id, user_id, aaguid, device, created_ms, used_ms,
            presentation_attack_detection, public_key, algorithm, sign_count, uv_initialized, backup_eligible,
            backup_state, transports)
         SELECT randomblob(32), accounts.user_id, r.aaguid, r.device, r.created_ms, r.used_ms,
            r.presentation_attack_detection, r.public_key, r.algorithm, r.sign_count, r.uv_initialized,
            r.backup_eligible, r.backup_state, r.transports
         FROM accounts, (SELECT * FROM credentials LIMIT 1) AS r WHERE accounts.name LIKE 'filler%'",
    )
    .execute(&mut *transaction)
    .await
    .unwrap();
    transaction.commit().await.unwrap();
    pool.close().await;
}
