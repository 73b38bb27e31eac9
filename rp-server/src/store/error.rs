//! Why a store refused, and which failures of a database pass by themselves.

use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteError;

/// Why a store refused.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Another account has the name.
    #[error("the account name is taken")]
    NameTaken,
    /// The record is not what the caller saw: it was deleted, advanced, or made by someone else meanwhile.
    #[error("the record changed meanwhile")]
    Conflict,
    /// A stored value cannot be read.
    #[error("a stored {0} cannot be read")]
    Corrupt(&'static str),
    /// The database is busy, full or out of reach. Nothing was written, unless the connection broke during the
    /// commit itself; the same call may succeed soon.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database would not keep what it was told across a crash. The sentence says which setting is at fault.
    #[error("{0}")]
    NotDurable(String),
    /// The database failed. Values never appear in its messages.
    #[error("database: {0}")]
    Database(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                Self::Unavailable(error.to_string())
            }
            sqlx::Error::Database(reported) if passes(reported.as_ref()) => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Database(error.to_string()),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Self::Database(other.to_string()),
        }
    }
}

/// Whether a failure that the database reports is one of its state, not of the statement.
fn passes(error: &(dyn DatabaseError + 'static)) -> bool {
    let Some(code) = error.code() else {
        return false;
    };
    if error.try_downcast_ref::<SqliteError>().is_some() {
        // Primary result codes (sqlite.org/rescode.html): BUSY, LOCKED, IOERR, FULL, CANTOPEN.
        return code
            .parse::<u32>()
            .is_ok_and(|code| [5, 6, 10, 13, 14].contains(&(code & 0xff)));
    }
    // Classes of SQLSTATE (PostgreSQL, appendix A): 08 connection, 40 rolled back for another transaction's sake,
    // 53 resources (disk, memory, connections), 57 operator (shutdown, start, time limit), 58 system (input/output);
    // lock not to be had; a standby that takes no writes; a transaction that the time limit ended.
    ["08", "40", "53", "57", "58"]
        .iter()
        .any(|class| code.starts_with(class))
        || ["55P03", "25006", "25P03"].contains(&code.as_ref())
}

/// Gives a broken constraint its meaning.
pub(super) fn unique<T>(
    result: Result<T, sqlx::Error>,
    meaning: StoreError,
) -> Result<(), StoreError> {
    match result {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(e))
            if e.is_unique_violation() || e.is_foreign_key_violation() =>
        {
            Err(meaning)
        }
        Err(e) => Err(e.into()),
    }
}
