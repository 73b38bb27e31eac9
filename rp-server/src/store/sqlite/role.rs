//! Whose database a file is, told by its tables.

use sqlx::SqlitePool;

use crate::store::{Role, StoreError};

/// Refuses a database that was made for another role. An empty one is anybody's.
pub(super) async fn require(pool: &SqlitePool, role: Role) -> Result<(), StoreError> {
    let found = match (
        has(pool, "accounts").await?,
        has(pool, "credentials").await?,
    ) {
        (false, false) => return Ok(()),
        (true, true) => Role::Both,
        (true, false) => Role::RelyingParty,
        (false, true) => Role::AuthenticationServer,
    };
    if found == role {
        return Ok(());
    }
    Err(StoreError::Database(format!(
        "it was made for {found}, and cannot be used for {role}"
    )))
}

async fn has(pool: &SqlitePool, table: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?)";
    Ok(sqlx::query_scalar(sql).bind(table).fetch_one(pool).await?)
}
