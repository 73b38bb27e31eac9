//! The store on SQLite: the default, in one file.

mod account_events;
mod accounts;
mod credentials;
mod passkeys;
mod sessions;
mod split_accounts;
mod standalone;
mod writer;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::quota::Quota;
use super::{Role, Store, StoreError};

pub(super) static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");
static RELYING_PARTY: Migrator = sqlx::migrate!("migrations/sqlite-relying-party");
static AUTHENTICATION_SERVER: Migrator = sqlx::migrate!("migrations/sqlite-authentication-server");

/// How long a call waits for another process's write, or for a connection, before it is told to try again.
const BUSY: Duration = Duration::from_secs(5);

/// The migration after which credential records of an older form are carried over, before the next one drops it.
const CREDENTIAL_RECORD: i64 = 4;

/// A pool of connections to one SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    pool: SqlitePool,
    turns: writer::Turns,
    role: Role,
    quota: Arc<Quota>,
}

impl SqliteStore {
    /// Opens the database of `url` (`sqlite:PATH`), makes it if absent (readable by its owner only) and brings
    /// its tables up to date.
    ///
    /// # Errors
    /// The URL is wrong, the file cannot be opened or is not durable, or a migration failed.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_for(url, Role::Both).await
    }

    /// Like [`Self::open`], for one role. A database of another role is refused.
    ///
    /// # Errors
    /// As [`Self::open`], and for a database of another role.
    pub async fn open_for(url: &str, role: Role) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?.create_if_missing(true);
        make_private(options.get_filename())?;
        Self::connect(options, role).await
    }

    /// Like [`Self::open_for`], but a database that does not exist is an error, not an empty one.
    ///
    /// # Errors
    /// As [`Self::open_for`], and where the file does not exist.
    pub async fn open_existing(url: &str, role: Role) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?;
        let path = options.get_filename();
        if !path.exists() {
            let text = format!("{} does not exist", path.display());
            return Err(StoreError::Database(text));
        }
        Self::connect(options, role).await
    }

    async fn connect(options: SqliteConnectOptions, role: Role) -> Result<Self, StoreError> {
        let options = options
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A counter or a deletion that was answered must survive a power cut.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            // What is deleted is overwritten, not only unlinked.
            .pragma("secure_delete", "ON");
        // The pool tries again and again where a connection is refused; the first one's refusal is to be read at once.
        let mut first = options.connect().await?;
        durable(&mut first).await?;
        first.close().await?;
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(BUSY)
            .after_connect(|connection, _| {
                Box::pin(async move { durable(connection).await.map_err(sqlx::Error::config) })
            })
            // A file is there or not: asking each connection for its health costs more than it tells. But a full disk
            // makes SQLite roll back by itself, after which sqlx believes for ever to be in a transaction.
            .test_before_acquire(false)
            .before_acquire(|connection, _| {
                Box::pin(async move { Ok(!connection.is_in_transaction()) })
            })
            .connect_with(options)
            .await?;
        role.require(tables(&pool).await?)?;
        match role {
            Role::Both => {
                MIGRATOR.run_to(CREDENTIAL_RECORD, &pool).await?;
                passkeys::carry_over(&pool).await?;
                MIGRATOR.run(&pool).await?;
            }
            Role::RelyingParty => RELYING_PARTY.run(&pool).await?,
            Role::AuthenticationServer => AUTHENTICATION_SERVER.run(&pool).await?,
        }
        Ok(Self {
            pool,
            turns: Arc::default(),
            role,
            quota: Arc::default(),
        })
    }

    /// After a deletion: it is done, and that its traces are gone too must not be able to undo the answer.
    async fn forget_log_soon(&self) {
        if let Err(error) = self.forget_log().await {
            tracing::warn!(%error, "the write-ahead log was not emptied");
        }
    }

    /// Empties the write-ahead log, which else would keep deleted rows until it is reused.
    async fn forget_log(&self) -> Result<(), StoreError> {
        let busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut *self.alone().await?)
            .await?;
        if busy != 0 {
            // A reader is in the way; the next sweep does it.
            tracing::warn!("the write-ahead log was not emptied");
        }
        Ok(())
    }
}

/// Whether there are accounts, and credentials. In one statement: another process may be making them.
async fn tables(pool: &SqlitePool) -> Result<(bool, bool), StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'accounts'), \
               EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'credentials')";
    Ok(sqlx::query_as(sql).fetch_one(pool).await?)
}

/// Reads back what the options asked for: SQLite keeps its own counsel where it cannot have its way, as with WAL in
/// memory or on some file systems.
async fn durable(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *connection)
        .await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(&mut *connection)
        .await?;
    let foreign_keys: bool = sqlx::query_scalar("PRAGMA foreign_keys")
        .fetch_one(&mut *connection)
        .await?;
    let fault = if journal != "wal" {
        format!("its journal mode is {journal} instead of wal")
    } else if synchronous < 2 {
        "it does not wait for the disk (PRAGMA synchronous)".to_owned()
    } else if !foreign_keys {
        "it does not enforce foreign keys".to_owned()
    } else {
        return Ok(());
    };
    Err(StoreError::NotDurable(format!(
        "this SQLite database would not keep everything across a crash: {fault}"
    )))
}

#[async_trait]
impl Store for SqliteStore {
    async fn close(&self) {
        self.pool.close().await;
    }
}

/// Creates the file with mode 0600 before SQLite would with the umask's.
#[cfg(unix)]
fn make_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    if path.exists() || path.to_string_lossy().starts_with("file:") {
        return Ok(());
    }
    let io = |e: std::io::Error| StoreError::Database(format!("{}: {e}", path.display()));
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(io)?;
    }
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(io)?;
    Ok(())
}

#[cfg(not(unix))]
fn make_private(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, SqliteConnection};

    use super::{SqliteStore, durable};

    #[tokio::test]
    async fn every_pooled_connection_is_durable_and_one_that_is_not_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("mien.db").display());
        let store = SqliteStore::open(&url).await.unwrap();
        let mut connections = Vec::new();
        for _ in 0..store.pool.options().get_max_connections() {
            let mut connection = store.pool.acquire().await.unwrap();
            durable(&mut connection).await.unwrap();
            connections.push(connection);
        }
        for (setting, said) in [
            ("PRAGMA synchronous = NORMAL", "wait for the disk"),
            ("PRAGMA foreign_keys = OFF", "foreign keys"),
        ] {
            let mut other = SqliteConnection::connect(&url).await.unwrap();
            sqlx::raw_sql(setting).execute(&mut other).await.unwrap();
            let refused = durable(&mut other).await.unwrap_err();
            assert!(refused.to_string().contains(said), "{refused}");
        }
    }
}
