//! A database of the test's own, of either kind.

use std::sync::Arc;

use rp_server::store::{self, Store};
use sqlx::{Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

use super::postgres::cluster;
use super::server;

pub(crate) struct Database {
    pub(crate) url: String,
    /// Of SQLite, whose database is a file.
    pub(crate) folder: Option<TempDir>,
}

impl Database {
    pub(crate) async fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        Self {
            url: server::database(&folder),
            folder: Some(folder),
        }
    }

    pub(crate) async fn postgres() -> Self {
        let url = cluster().database().await;
        Self { url, folder: None }
    }

    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        store::open(&self.url).await.unwrap()
    }

    /// The one number that `sql` asks for.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        if self.folder.is_some() {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            let query = sqlx::query_scalar(sql);
            query.fetch_one(&mut connection).await.unwrap()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            let query = sqlx::query_scalar(sql);
            query.fetch_one(&mut connection).await.unwrap()
        }
    }

    /// The values that `sql` asks for.
    pub(crate) async fn bytes(&self, sql: &'static str) -> Vec<Vec<u8>> {
        if self.folder.is_some() {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            let query = sqlx::query_scalar(sql);
            query.fetch_all(&mut connection).await.unwrap()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            let query = sqlx::query_scalar(sql);
            query.fetch_all(&mut connection).await.unwrap()
        }
    }

    /// Runs statements as someone else would who has the database open.
    pub(crate) async fn run(&self, sql: &'static str) {
        if self.folder.is_some() {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        }
    }
}
