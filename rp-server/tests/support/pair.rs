//! Relying party and authentication server as two processes.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rp_server::remote::Credentials;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use sqlx::{Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

use super::browser::Browser;
use super::database::Database;
use super::process::{Process, program, serve};
use super::server::OPERATOR;
use super::tls;

pub(crate) struct Pair {
    pub(crate) accounts: Database,
    pub(crate) credentials: Database,
    certificates: TempDir,
    authentication_server: Child,
    port: u16,
    relying_party: Process,
}

/// A set of certificates, made as an operator makes it.
pub(crate) fn certificates(hosts: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut command = program();
    command.arg("certificates").arg(folder.path());
    for host in hosts {
        command.args(["--host", host]);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    folder
}

/// Starts it at the port and returns the port that it got.
fn start(certificates: &Path, database: &Database, port: u16, client: &[&str]) -> (Child, u16) {
    let begun = Instant::now();
    loop {
        let mut child = program()
            .args(["authentication-server", "--database", &database.url])
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .arg("--certificates")
            .arg(certificates)
            .args(client)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        lines.read_line(&mut said).unwrap();
        if let Some(address) = said.strip_prefix("listening authentication-server https://") {
            let address: std::net::SocketAddr = address.trim().parse().unwrap();
            return (child, address.port());
        }
        // While it was stopped somebody else may have been given its port.
        child.wait().unwrap();
        let patience = Duration::from_secs(if port == 0 { 0 } else { 10 });
        assert!(begun.elapsed() < patience, "it does not start: {said}");
        thread::sleep(Duration::from_millis(100));
    }
}

fn relying_party(certificates: &Path, database: &Database, port: u16) -> Process {
    let serves = TempDir::new().unwrap();
    let mut command = serve(serves.path(), &database.url);
    command
        .args([
            "--authentication-server",
            &format!("https://localhost:{port}"),
        ])
        .arg("--certificates")
        .arg(certificates)
        .env("MIEN_OPERATOR_TOKEN", OPERATOR);
    Process::of(command, serves)
}

impl Pair {
    pub(crate) async fn start(accounts: Database, credentials: Database) -> Self {
        let folder = certificates(&["localhost"]);
        let (authentication_server, port) = start(folder.path(), &credentials, 0, &[]);
        let relying_party = relying_party(folder.path(), &accounts, port);
        Self {
            accounts,
            credentials,
            certificates: folder,
            authentication_server,
            port,
            relying_party,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        self.relying_party.browser()
    }

    /// `kill -9`, as the next one.
    pub(crate) fn stop_authentication_server(&mut self) {
        self.authentication_server.kill().unwrap();
        self.authentication_server.wait().unwrap();
    }

    /// At the same address.
    pub(crate) fn start_authentication_server(&mut self) {
        let (child, _) = start(self.certificates.path(), &self.credentials, self.port, &[]);
        self.authentication_server = child;
    }

    pub(crate) fn stop_relying_party(&mut self) {
        self.relying_party.kill();
    }

    /// At another address.
    pub(crate) fn start_relying_party(&mut self) {
        self.relying_party = relying_party(self.certificates.path(), &self.accounts, self.port);
    }

    pub(crate) fn start_authentication_server_for(&mut self, client: &str) {
        let client = ["--client", client];
        let (child, _) = start(
            self.certificates.path(),
            &self.credentials,
            self.port,
            &client,
        );
        self.authentication_server = child;
    }

    pub(crate) fn authentication_server_url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    pub(crate) fn certificate(&self, name: &str) -> PathBuf {
        self.certificates.path().join(name)
    }

    pub(crate) fn relying_party_credentials(&self) -> Credentials {
        Credentials::of_relying_party(self.certificates.path())
    }

    /// `rp-server user …`; what it says.
    pub(crate) fn user(&self, arguments: &[&str]) -> String {
        let output = program()
            .arg("user")
            .args(arguments)
            .args(["--database", &self.accounts.url])
            .args(["--authentication-server", &self.authentication_server_url()])
            .arg("--certificates")
            .arg(self.certificates.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The tables of a database, by name.
    pub(crate) async fn tables(&self, database: &Database) -> Vec<String> {
        if database.folder.is_some() {
            let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
            let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                       AND name NOT LIKE 'sqlite%' ORDER BY name";
            let query = sqlx::query_scalar(sql);
            query.fetch_all(&mut connection).await.unwrap()
        } else {
            let mut connection = PgConnection::connect(&database.url).await.unwrap();
            let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' \
                       ORDER BY tablename COLLATE \"C\"";
            let query = sqlx::query_scalar(sql);
            query.fetch_all(&mut connection).await.unwrap()
        }
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        let _ = self.authentication_server.kill();
        let _ = self.authentication_server.wait();
    }
}

/// Whether any file of the folder has these bytes.
pub(crate) fn files_with(folder: &TempDir, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(folder.path()).unwrap();
    files.map(|entry| entry.unwrap().path()).any(|path| {
        let content = std::fs::read(path).unwrap();
        content.windows(bytes.len()).any(|part| part == bytes)
    })
}

/// A client that trusts the server and shows nothing itself gets no answer.
pub(crate) fn refuses_without_certificate(pair: &Pair) {
    let authority = CertificateDer::from_pem_file(pair.certificate("ca.pem")).unwrap();
    let mut stream = tls::connect(("127.0.0.1", pair.port), "localhost", authority);
    let request = "POST /messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    let _ = stream.write_all(request.as_bytes());
    let mut reply = Vec::new();
    let ended = stream.read_to_end(&mut reply);
    assert!(reply.is_empty(), "{reply:?}");
    let said = ended.unwrap_err().to_string();
    assert!(said.contains("CertificateRequired"), "{said}");
}
