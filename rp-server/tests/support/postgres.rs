//! A throw-away PostgreSQL cluster: one for the process that runs the tests, or one of a test's own.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, PgConnection};

/// Makes the cluster, says where it is, and waits until the tests' end of its input is closed, however they ended.
const KEEPER: &str = r#"
    trap '' INT TERM HUP
    folder=$(mktemp -d /tmp/mien-postgres-XXXXXX) || exit 1
    {
        "$1/initdb" -D "$folder/data" -U mien -A trust -E UTF8 --locale=C --no-sync \
        && "$1/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-k $folder -c listen_addresses=" start
    } > "$folder/made" 2>&1 || { cat "$folder/made" "$folder/log" >&2; rm -rf "$folder"; exit 1; }
    echo "$folder"
    read -r _
    "$1/pg_ctl" -D "$folder/data" -m immediate -s stop
    rm -rf "$folder"
"#;

pub(crate) struct Cluster {
    keeper: Child,
    programs: PathBuf,
    folder: PathBuf,
}

/// The cluster that the tests of this process share.
pub(crate) fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let programs = programs();
        let mut keeper = as_owner("sh")
            .args(["-c", KEEPER, "sh"])
            .arg(&programs)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(keeper.stdout.as_mut().unwrap())
            .read_line(&mut said)
            .unwrap();
        if said.is_empty() {
            let mut why = String::new();
            let stderr = keeper.stderr.as_mut().unwrap();
            stderr.read_to_string(&mut why).unwrap();
            panic!("a PostgreSQL cluster could not be made: {why}");
        }
        let folder = PathBuf::from(said.trim());
        Self {
            keeper,
            programs,
            folder,
        }
    }

    /// The URL of a new, empty database.
    pub(crate) async fn database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::SeqCst));
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(create)
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!(
            "postgres://mien@localhost/{database}?host={}",
            self.folder.display()
        )
    }

    /// Ends the cluster as a crash would: its next start recovers from the write-ahead log.
    pub(crate) fn crash(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    pub(crate) fn start_again(&self) {
        let options = format!("-k {} -c listen_addresses=", self.folder.display());
        let log = self.folder.join("log");
        self.control(&["-l", log.to_str().unwrap(), "-o", &options, "start"]);
    }

    /// Changes a setting of the whole cluster while it runs.
    pub(crate) async fn set(&self, name: &str, value: &str) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        for statement in [
            format!("ALTER SYSTEM SET {name} = {value}"),
            "SELECT pg_reload_conf()".to_owned(),
        ] {
            let statement = sqlx::AssertSqlSafe(statement);
            let done = sqlx::raw_sql(statement).execute(&mut connection).await;
            done.unwrap();
        }
        // The processes that serve connections read it one after the other.
        let asked = format!("SELECT current_setting('{name}')");
        loop {
            let asked = sqlx::AssertSqlSafe(asked.clone());
            let now: String = sqlx::query_scalar(asked)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            if now == value {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    fn control(&self, arguments: &[&str]) {
        let done = as_owner(self.programs.join("pg_ctl").to_str().unwrap())
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(["-w", "-s"])
            .args(arguments)
            .stdout(Stdio::null())
            .status();
        assert!(done.unwrap().success(), "pg_ctl {arguments:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// PostgreSQL refuses to run as the administrator.
fn as_owner(program: &str) -> Command {
    if user_id(&[]).as_deref() != Some("0") {
        return Command::new(program);
    }
    let owner = ["postgres", "nobody"];
    let owner = owner.into_iter().find(|name| user_id(&[name]).is_some());
    let mut command = Command::new("runuser");
    command
        .args(["-u", owner.expect("a user postgres or nobody"), "--"])
        .arg(program)
        .current_dir("/tmp");
    command
}

fn user_id(name: &[&str]) -> Option<String> {
    let output = Command::new("id").arg("-u").args(name).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    output.status.success().then(|| said.trim().to_owned())
}

/// Where `initdb`, `pg_ctl` and `postgres` are: on the path, or where Debian and Ubuntu put the newest of them.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.map(|entry| entry.unwrap().path()).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev().map(|folder| folder.join("bin")));
    }
    let all = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    folders.into_iter().find(all).unwrap_or_else(|| {
        panic!(
            "PostgreSQL is missing: install it with `sudo apt-get install postgresql` (or your system's way), \
             or put its initdb, pg_ctl and postgres on the PATH"
        )
    })
}
