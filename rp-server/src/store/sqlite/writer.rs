//! Writers take turns in the order in which they came, and those who come at the same time are committed together.
//!
//! SQLite has room for one writer at a time and lets the others sleep and try again, so that some wait for much longer
//! than their turn would take; and each commit waits for the disk. So the first writer begins a transaction, each that
//! waits for a turn meanwhile writes its part into the same one, and one commit keeps them all. Each is told that its
//! part is kept only then. A part that is given up is undone by itself; a transaction that fails is undone for all.

use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, Transaction};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, oneshot};
use tokio::time::timeout;

use super::{BUSY, SqliteStore};
use crate::store::StoreError;

/// Whose turn it is among the writers of this process. Those of other processes are waited for by SQLite.
pub(super) type Turns = Arc<Mutex<Turn>>;

#[derive(Debug, Default)]
pub(super) struct Turn {
    group: Option<Group>,
    /// How many groups there were.
    begun: u64,
}

/// Parts of one transaction.
#[derive(Debug)]
struct Group {
    number: u64,
    transaction: Transaction<'static, Sqlite>,
    /// Who is to be told whether the parts that are written are kept.
    written: Vec<oneshot::Sender<Result<(), StoreError>>>,
    /// Whether a part was begun that is not written: it is given up as soon as its writer is gone.
    unfinished: bool,
}

/// One part of a transaction that has the write lock. Undone when it is dropped.
pub(super) struct Write {
    group: OwnedMappedMutexGuard<Turn, Group>,
    turns: Turns,
}

/// A connection between two transactions, while nobody of this process writes.
pub(super) struct Alone {
    connection: PoolConnection<Sqlite>,
    _turn: OwnedMutexGuard<Turn>,
}

impl SqliteStore {
    /// A part of a transaction that takes the write lock at once, so that it cannot fail half way for want of it.
    pub(super) async fn write(&self) -> Result<Write, StoreError> {
        let mut turn = self.turn().await?;
        let group = match turn.group.take() {
            Some(group) => group.without_what_was_given_up().await,
            None => None,
        };
        let group = match group {
            Some(group) => group,
            None => {
                turn.begun = turn.begun.wrapping_add(1);
                Group {
                    number: turn.begun,
                    transaction: self.pool.begin_with("BEGIN IMMEDIATE").await?,
                    written: Vec::new(),
                    unfinished: false,
                }
            }
        };
        let mut write = Write {
            group: OwnedMutexGuard::map(turn, |turn| turn.group.insert(group)),
            turns: self.turns.clone(),
        };
        write.group.begin_part().await?;
        Ok(write)
    }

    /// A connection for what cannot be or should not be a part of others' transactions.
    pub(super) async fn alone(&self) -> Result<Alone, StoreError> {
        let mut _turn = self.turn().await?;
        if let Some(group) = _turn.group.take() {
            group.end().await;
        }
        let connection = self.pool.acquire().await?;
        Ok(Alone { connection, _turn })
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<Turn>, StoreError> {
        let turn = timeout(BUSY, self.turns.clone().lock_owned()).await;
        turn.map_err(|_| StoreError::Unavailable("too many wait to write".to_owned()))
    }
}

impl Group {
    async fn begin_part(&mut self) -> Result<(), StoreError> {
        self.unfinished = true;
        // The first part can be undone with all there is.
        if !self.written.is_empty() {
            self.tell_sqlite("SAVEPOINT").await?;
        }
        Ok(())
    }

    /// What is left of it; nothing if all was given up, or if not even that can be done.
    async fn without_what_was_given_up(mut self) -> Option<Self> {
        if !mem::take(&mut self.unfinished) {
            return Some(self);
        }
        if self.written.is_empty() {
            let undone = self.transaction.rollback().await;
            if let Err(error) = undone {
                tracing::warn!(%error, "a transaction could not be undone");
            }
            return None;
        }
        let mut undone = self.tell_sqlite("ROLLBACK TO").await;
        if undone.is_ok() {
            undone = self.tell_sqlite("RELEASE").await;
        }
        match undone {
            Ok(()) => Some(self),
            Err(error) => {
                // SQLite undoes all by itself where a disk is full or fails, and knows of no part then.
                tell(self.written, &Err(error));
                None
            }
        }
    }

    /// Commits what is written, and tells everybody.
    async fn end(self) {
        if let Some(group) = self.without_what_was_given_up().await {
            let kept = group.transaction.commit().await;
            tell(group.written, &kept.map_err(StoreError::from));
        }
    }

    /// About the part in hand. Each has a name of its own, so that one can never be taken for another.
    async fn tell_sqlite(&mut self, what: &str) -> Result<(), StoreError> {
        let sql = format!("{what} part_{}", self.written.len());
        let sql = sqlx::query(AssertSqlSafe(sql)).persistent(false);
        sql.execute(&mut *self.transaction).await?;
        Ok(())
    }
}

fn tell(written: Vec<oneshot::Sender<Result<(), StoreError>>>, kept: &Result<(), StoreError>) {
    for writer in written {
        // Who asked may be gone.
        let _ = writer.send(kept.clone());
    }
}

impl Write {
    /// Waits until what was written is kept.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let (told, kept) = oneshot::channel();
        self.group.written.push(told);
        self.group.unfinished = false;
        drop(self);
        let given_up = |_| Err(StoreError::Unavailable("the server stops".to_owned()));
        kept.await.unwrap_or_else(given_up)
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        // In a task of its own, which no visitor who leaves can end; it has its turn after all who wait now. Without a
        // runtime the next writer does it.
        let (turns, number) = (self.turns.clone(), self.group.number);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                let mut turn = turns.lock().await;
                if let Some(group) = turn.group.take_if(|group| group.number == number) {
                    group.end().await;
                }
            });
        }
    }
}

impl Deref for Write {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.group.transaction
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.group.transaction
    }
}

impl Deref for Alone {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Alone {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::Duration;

    use futures_util::future::join_all;
    use tempfile::TempDir;

    use super::super::SqliteStore;
    use super::{Mutex, StoreError, Write, timeout};

    async fn store() -> (TempDir, SqliteStore) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("mien.db").display());
        let store = SqliteStore::open(&url).await.unwrap();
        (folder, store)
    }

    async fn put(write: &mut Write, name: usize) -> Result<(), sqlx::Error> {
        let sql = "INSERT INTO secrets (name, value) VALUES (?, x'00')";
        let query = sqlx::query(sql).bind(name.to_string());
        query.execute(&mut **write).await.map(drop)
    }

    async fn kept(store: SqliteStore, name: usize) -> Result<(), StoreError> {
        let mut write = store.write().await?;
        put(&mut write, name).await.unwrap();
        write.commit().await
    }

    async fn names(store: &SqliteStore) -> Vec<usize> {
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM secrets ORDER BY rowid")
            .fetch_all(&store.pool)
            .await
            .unwrap();
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    /// Frames of the write-ahead log that end a transaction: their headers tell how large the database is then
    /// (sqlite.org/fileformat2.html#walformat).
    fn commits(folder: &Path) -> usize {
        let log = fs::read(folder.join("mien.db-wal")).unwrap();
        let page = u32::from_be_bytes(log[8..12].try_into().unwrap());
        let frames = log[32..].chunks(24 + usize::try_from(page).unwrap());
        frames.filter(|frame| frame[4..8] != [0; 4]).count()
    }

    #[tokio::test]
    async fn those_who_wait_are_committed_together_in_the_order_in_which_they_asked() {
        let (folder, store) = store().await;
        store.forget_log().await.unwrap();
        let done = Mutex::new(Vec::new());
        // More than there are connections.
        join_all((0..40).map(|number| {
            let (store, done) = (&store, &done);
            async move {
                let mut write = store.write().await.unwrap();
                put(&mut write, number).await.unwrap();
                done.lock().await.push(number);
                // Some leave without a commit: the first, one among others, two after each other, the last.
                if ![0, 20, 30, 31, 39].contains(&number) {
                    write.commit().await.unwrap();
                }
            }
        }))
        .await;
        let mut expected: Vec<_> = (0..40).collect();
        assert_eq!(*done.lock().await, expected);
        expected.retain(|number| ![0, 20, 30, 31, 39].contains(number));
        assert_eq!(names(&store).await, expected);
        assert_eq!(commits(folder.path()), 1);
        // One after the other they are one commit each.
        for number in 50..53 {
            kept(store.clone(), number).await.unwrap();
        }
        assert_eq!(commits(folder.path()), 4);
    }

    #[tokio::test]
    async fn nobody_is_told_that_a_part_is_kept_before_it_is() {
        let (_folder, store) = store().await;
        let mut first = store.write().await.unwrap();
        let second = tokio::spawn({
            let store = store.clone();
            async move {
                let mut write = store.write().await.unwrap();
                put(&mut write, 2).await.unwrap();
                // SQLite does so by itself where a disk is full.
                sqlx::query("ROLLBACK").execute(&mut *write).await.unwrap();
            }
        });
        let third = tokio::spawn(kept(store.clone(), 3));
        tokio::task::yield_now().await;
        put(&mut first, 1).await.unwrap();
        let told = first.commit().await;
        assert!(matches!(told, Err(StoreError::Database(_))), "{told:?}");
        second.await.unwrap();
        third.await.unwrap().unwrap();
        assert_eq!(names(&store).await, [3]);
    }

    #[tokio::test]
    async fn who_leaves_while_the_others_are_committed_is_kept_with_them() {
        let (_folder, store) = store().await;
        let mut first = store.write().await.unwrap();
        let second = tokio::spawn(kept(store.clone(), 2));
        tokio::task::yield_now().await;
        put(&mut first, 1).await.unwrap();
        drop(timeout(Duration::ZERO, first.commit()).await);
        second.await.unwrap().unwrap();
        assert_eq!(names(&store).await, [1, 2]);
        // Nor does one who leaves alone keep others from writing.
        let mut third = store.write().await.unwrap();
        put(&mut third, 3).await.unwrap();
        drop(timeout(Duration::ZERO, third.commit()).await);
        drop(store.alone().await.unwrap());
        assert_eq!(names(&store).await, [1, 2, 3]);
    }
}
