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

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::super::SqliteStore;
    use super::Mutex;

    #[tokio::test]
    async fn writers_come_in_the_order_in_which_they_asked() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("mien.db").display());
        let store = SqliteStore::open(&url).await.unwrap();
        let done = Mutex::new(Vec::new());
        // More than there are connections, and one of them fails without a commit.
        let writers = (0..40).map(|number| {
            let (store, done) = (&store, &done);
            async move {
                let mut write = store.write().await.unwrap();
                let sql = "INSERT INTO secrets (name, value) VALUES (?, x'00')";
                let query = sqlx::query(sql).bind(number.to_string());
                query.execute(&mut *write).await.unwrap();
                done.lock().await.push(number);
                if number != 20 {
                    write.commit().await.unwrap();
                }
            }
        });
        join_all(writers).await;
        assert_eq!(*done.lock().await, (0..40).collect::<Vec<_>>());
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM secrets")
            .fetch_one(&store.pool)
            .await
            .unwrap();
        assert_eq!(kept, 39);
    }
}
