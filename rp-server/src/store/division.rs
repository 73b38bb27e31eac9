//! From one database of both roles to a database for each: for who begins with one process and goes on with two.

use std::str::FromStr;

use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};

use super::{Kind, PostgresStore, Role, SqliteStore, Store, StoreError, migrations, postgres};

/// A table, its columns, and the order of its rows. The columns are the same in the databases of one role; numbers that
/// the database gives are left out, and given anew in the same order.
type Table = (&'static str, &'static str, &'static str);

/// What the relying party gets.
const OF_RELYING_PARTY: [Table; 5] = [
    (
        "accounts",
        "user_id, name, name_key, display_name, account_no, created_ms",
        "user_id",
    ),
    (
        "sessions",
        "token_hash, user_id, credential_id, created_ms, verified_ms, seen_ms, user_verified",
        "token_hash",
    ),
    ("audit", "at_ms, event, account_no", "at_ms"),
    ("account_events", "user_id, event, not_before_ms", "number"),
    ("account_listeners", "listener", "listener"),
];

/// What the authentication server gets. Ceremonies live for minutes, and those under way end.
const OF_AUTHENTICATION_SERVER: [Table; 3] = [
    ("secrets", "name, value", "name"),
    (
        "credentials",
        "credential_id, user_id, public_key, algorithm, sign_count, uv_initialized, backup_eligible, backup_state, \
         transports, aaguid, device, created_ms, used_ms, presentation_attack_detection, failures, failed_ms, \
         user_verified, uvm, attestation",
        "credential_id",
    ),
    ("stated_unregistered", "id_hash, until_ms", "id_hash"),
];

/// What was carried over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Divided {
    /// Accounts, to the relying party's database.
    pub accounts: u64,
    /// Sessions, to the same: who is signed in stays so.
    pub sessions: u64,
    /// Credentials, to the authentication server's database, with the keys that it signs statements with.
    pub credentials: u64,
}

impl Divided {
    fn count(&mut self, table: &str, rows: u64) {
        match table {
            "accounts" => self.accounts = rows,
            "sessions" => self.sessions = rows,
            "credentials" => self.credentials = rows,
            _ => {}
        }
    }
}

/// Copies all that a database of both roles keeps into a database for each role, all three of one kind. The source is
/// read at one moment and not changed; what is written to it later is not carried over. The targets are made where
/// [`open`](super::open) would make them. After an error both are empty; only an end of this process between the two
/// commits can leave the authentication server's filled and the relying party's empty.
///
/// # Errors
/// The kinds differ; the source does not exist, is of one role only or not up to date; a target is of another role or
/// has rows; a database fails.
pub async fn divide(
    source: &str,
    relying_party: &str,
    authentication_server: &str,
) -> Result<Divided, StoreError> {
    if !migrations::up_to_date(source).await? {
        return refuse(
            "what is to be split does not exist or is of an older version: run `rp-server migrate` on it first",
        );
    }
    match (
        Kind::of(source)?,
        Kind::of(relying_party)?,
        Kind::of(authentication_server)?,
    ) {
        (Kind::Sqlite, Kind::Sqlite, Kind::Sqlite) => {
            sqlite(source, relying_party, authentication_server).await
        }
        (Kind::Postgres, Kind::Postgres, Kind::Postgres) => {
            between_postgres(source, relying_party, authentication_server).await
        }
        _ => refuse("all three must be SQLite, or all three PostgreSQL"),
    }
}

async fn sqlite(
    source: &str,
    relying_party: &str,
    authentication_server: &str,
) -> Result<Divided, StoreError> {
    let mut connection = SqliteConnectOptions::from_str(source)?.connect().await?;
    for (schema, url, role) in [
        ("relying_party", relying_party, Role::RelyingParty),
        (
            "authentication_server",
            authentication_server,
            Role::AuthenticationServer,
        ),
    ] {
        SqliteStore::open_for(url, role).await?.close().await;
        let path = SqliteConnectOptions::from_str(url)?;
        let path = path.get_filename().to_string_lossy().into_owned();
        let attach = AssertSqlSafe(format!("ATTACH DATABASE ? AS {schema}"));
        sqlx::query(attach)
            .bind(path)
            .execute(&mut connection)
            .await?;
        let full = AssertSqlSafe(format!("PRAGMA {schema}.synchronous = FULL"));
        sqlx::raw_sql(full).execute(&mut connection).await?;
    }
    let mut all = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut divided = Divided::default();
    let tables = OF_RELYING_PARTY
        .iter()
        .map(|table| ("relying_party", table));
    let others = OF_AUTHENTICATION_SERVER.iter();
    for (schema, (table, columns, order)) in
        tables.chain(others.map(|table| ("authentication_server", table)))
    {
        let target = format!("{schema}.{table}");
        require_empty(exists_in_sqlite(&mut all, &target).await?, &target)?;
        let copy = AssertSqlSafe(format!(
            "INSERT INTO {target} ({columns}) SELECT {columns} FROM main.{table} ORDER BY {order}"
        ));
        let copied = sqlx::query(copy).execute(&mut *all).await?;
        divided.count(table, copied.rows_affected());
    }
    all.commit().await?;
    connection.close().await?;
    Ok(divided)
}

async fn exists_in_sqlite(
    connection: &mut SqliteConnection,
    table: &str,
) -> Result<bool, StoreError> {
    let sql = AssertSqlSafe(format!("SELECT EXISTS (SELECT 1 FROM {table})"));
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}

async fn between_postgres(
    source: &str,
    relying_party: &str,
    authentication_server: &str,
) -> Result<Divided, StoreError> {
    let mut source = postgres::options(source)?.connect().await?;
    let mut open = Vec::new();
    for (url, role) in [
        (relying_party, Role::RelyingParty),
        (authentication_server, Role::AuthenticationServer),
    ] {
        PostgresStore::open_for(url, role).await?.close().await;
        open.push(postgres::options(url)?.connect().await?);
    }
    let [relying_party, authentication_server] = open.as_mut_slice() else {
        return refuse("two targets are needed");
    };
    let moment = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    let mut source = source.begin_with(moment).await?;
    let mut accounts = relying_party.begin().await?;
    let mut credentials = authentication_server.begin().await?;
    let mut divided = Divided::default();
    for table in &OF_RELYING_PARTY {
        copy(&mut source, &mut accounts, table, &mut divided).await?;
    }
    for table in &OF_AUTHENTICATION_SERVER {
        copy(&mut source, &mut credentials, table, &mut divided).await?;
    }
    credentials.commit().await?;
    accounts.commit().await?;
    Ok(divided)
}

async fn copy(
    source: &mut PgConnection,
    target: &mut PgConnection,
    (table, columns, order): &Table,
    divided: &mut Divided,
) -> Result<(), StoreError> {
    // Nobody writes to it from here on: a server that was started too early waits, and then finds it filled.
    let lock = AssertSqlSafe(format!("LOCK TABLE {table} IN EXCLUSIVE MODE"));
    sqlx::raw_sql(lock).execute(&mut *target).await?;
    let any = AssertSqlSafe(format!("SELECT EXISTS (SELECT 1 FROM {table})"));
    let any = sqlx::query_scalar(any).fetch_one(&mut *target).await?;
    require_empty(any, table)?;
    let from = format!("COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO STDOUT");
    let into = format!("COPY {table} ({columns}) FROM STDIN");
    let mut rows = source.copy_out_raw(&from).await?;
    let mut copied = target.copy_in_raw(&into).await?;
    while let Some(part) = rows.try_next().await? {
        copied.send(part).await?;
    }
    divided.count(table, copied.finish().await?);
    Ok(())
}

fn require_empty(any: bool, table: &str) -> Result<(), StoreError> {
    if any {
        return refuse(&format!("the target's table {table} is not empty"));
    }
    Ok(())
}

fn refuse<T>(why: &str) -> Result<T, StoreError> {
    Err(StoreError::Database(why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{OF_AUTHENTICATION_SERVER, OF_RELYING_PARTY, Role, SqliteStore, Store, Table};
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions, SqliteConnection};
    use std::collections::BTreeSet;
    use std::str::FromStr;

    /// A column that is left out would silently get its default: a session without user verification would count as one
    /// with it.
    #[actix_web::test]
    async fn every_column_of_each_role_is_carried_over() {
        let columns_of = async |role, listed: &[Table], not_kept: &[&str]| {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite:{}", folder.path().join("a.db").display());
            SqliteStore::open_for(&url, role)
                .await
                .unwrap()
                .close()
                .await;
            let options = SqliteConnectOptions::from_str(&url).unwrap();
            let mut database = options.connect().await.unwrap();
            let all = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                       AND name NOT LIKE '_sqlx%'";
            let tables: Vec<String> = texts(&mut database, all).await.into_iter().collect();
            for table in tables {
                if not_kept.contains(&table.as_str()) {
                    continue;
                }
                let (_, columns, _) = listed
                    .iter()
                    .find(|(name, ..)| *name == table)
                    .unwrap_or_else(|| panic!("{table} is not carried over"));
                let listed: BTreeSet<String> = columns.split(", ").map(str::to_owned).collect();
                let there = format!("SELECT name FROM pragma_table_info('{table}')");
                let mut there = texts(&mut database, &there).await;
                // Given anew by the database.
                there.remove("number");
                there.remove("id");
                assert_eq!(listed, there, "{table}");
            }
        };
        columns_of(Role::RelyingParty, &OF_RELYING_PARTY, &["unfinished"]).await;
        columns_of(
            Role::AuthenticationServer,
            &OF_AUTHENTICATION_SERVER,
            &["ceremonies", "messages"],
        )
        .await;
    }

    async fn texts(database: &mut SqliteConnection, sql: &str) -> BTreeSet<String> {
        let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()));
        let rows: Vec<String> = rows.fetch_all(database).await.unwrap();
        rows.into_iter().collect()
    }
}
