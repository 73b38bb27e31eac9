//! Writers take turns in the order in which they came. SQLite has room for one of them at a time and lets the others
//! sleep and try again, so that some wait for much longer than their turn would take.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

use super::{BUSY, SqliteStore};
use crate::store::StoreError;

/// Whose turn it is among the writers of this process. Those of other processes are waited for by SQLite.
pub(super) type Turns = Arc<Mutex<()>>;

/// A transaction that has the write lock. Undone when it is dropped.
pub(super) struct Write {
    transaction: Transaction<'static, Sqlite>,
    _turn: OwnedMutexGuard<()>,
}

impl Write {
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }
}

/// A connection for one statement that writes, and is its own transaction.
pub(super) struct WriteOnce {
    connection: PoolConnection<Sqlite>,
    _turn: OwnedMutexGuard<()>,
}

impl SqliteStore {
    /// A transaction that takes the write lock at once, so that it cannot fail half way for want of it.
    pub(super) async fn write(&self) -> Result<Write, StoreError> {
        let _turn = self.turn().await?;
        let transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Write { transaction, _turn })
    }

    /// A connection for a single statement that writes.
    pub(super) async fn write_once(&self) -> Result<WriteOnce, StoreError> {
        let _turn = self.turn().await?;
        let connection = self.pool.acquire().await?;
        Ok(WriteOnce { connection, _turn })
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<()>, StoreError> {
        let turn = timeout(BUSY, self.turns.clone().lock_owned()).await;
        turn.map_err(|_| StoreError::Unavailable("too many wait to write".to_owned()))
    }
}

impl Deref for Write {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.transaction
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}

impl Deref for WriteOnce {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for WriteOnce {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}
