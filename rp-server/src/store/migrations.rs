//! Migrations: which ones a database has, and which ones it got.

use sqlx::{ConnectOptions, Connection, Row};
use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;

use super::{Kind, StoreError, open, postgres, sqlite};

/// One step of the tables' history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number; they run in this order.
    pub version: i64,
    /// What it is about, from the name of its file.
    pub description: String,
}

/// Brings the tables of a database up to date, as [`open`] does, and returns the migrations that ran. A database that
/// does not exist is made where `open` would make it.
///
/// # Errors
/// The database cannot be opened, or a migration failed: then that one has changed nothing.
pub async fn migrate(url: &str) -> Result<Vec<Migration>, StoreError> {
    let before = applied(url).await?;
    let store = open(url).await?;
    let after = applied(url).await?;
    store.close().await;
    Ok(after
        .into_iter()
        .filter(|one| !before.contains(one))
        .collect())
}

/// Whether a database of both roles exists and has had every migration. Changes nothing.
pub(super) async fn up_to_date(url: &str) -> Result<bool, StoreError> {
    let all = match Kind::of(url)? {
        Kind::Sqlite => &sqlite::MIGRATOR,
        Kind::Postgres => &postgres::MIGRATOR,
    };
    let applied = applied(url).await?;
    let all: Vec<_> = all
        .iter()
        .map(|one| Migration {
            version: one.version,
            description: one.description.to_string(),
        })
        .collect();
    Ok(applied == all)
}

/// The migrations that a database has. Changes nothing.
async fn applied(url: &str) -> Result<Vec<Migration>, StoreError> {
    const LIST: &str =
        "SELECT version, description FROM _sqlx_migrations WHERE success ORDER BY version";
    match Kind::of(url)? {
        Kind::Sqlite => {
            let options = SqliteConnectOptions::from_str(url)?;
            if !options.get_filename().exists() {
                return Ok(Vec::new());
            }
            let mut connection = options.connect().await?;
            let table = "SELECT count(*) > 0 FROM sqlite_master WHERE name = '_sqlx_migrations'";
            let rows = if sqlx::query_scalar(table).fetch_one(&mut connection).await? {
                sqlx::query(LIST).fetch_all(&mut connection).await?
            } else {
                Vec::new()
            };
            connection.close().await?;
            rows.iter().map(migration).collect()
        }
        Kind::Postgres => {
            let mut connection = postgres::options(url)?.connect().await?;
            let table = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
            let rows = if sqlx::query_scalar(table).fetch_one(&mut connection).await? {
                sqlx::query(LIST).fetch_all(&mut connection).await?
            } else {
                Vec::new()
            };
            connection.close().await?;
            rows.iter().map(migration).collect()
        }
    }
}

fn migration<R: Row>(row: &R) -> Result<Migration, StoreError>
where
    for<'r> i64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    &'static str: sqlx::ColumnIndex<R>,
{
    Ok(Migration {
        version: row.try_get("version")?,
        description: row.try_get("description")?,
    })
}
