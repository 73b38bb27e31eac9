//! The binary as a person or a script runs it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::support::b64;
use crate::support::process::{self, program, started};
use crate::support::server::Server;

fn serve(folder: &Path) -> Command {
    process::serve(folder, "sqlite:data/mien.db")
}

fn refused(mut command: Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert!(!status.success());
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "one sentence: {said}");
    said
}

#[test]
fn it_prints_its_addresses_and_ends_soon_after_being_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, lines) = started(serve(folder.path()));
    let rp = lines[0].strip_prefix("listening relying-party http://");
    assert!(lines[1].starts_with("listening authentication-agent http://127.0.0.1:"));
    // A connection that is kept alive and one that never says anything must not hold it up.
    let mut kept = TcpStream::connect(rp.unwrap()).unwrap();
    let _silent = TcpStream::connect(rp.unwrap()).unwrap();
    write!(kept, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut reply = [0; 12];
    kept.read_exact(&mut reply).unwrap();
    assert_eq!(&reply, b"HTTP/1.1 200");
    let asked = Instant::now();
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    assert!(child.wait().unwrap().success());
    assert!(
        asked.elapsed() < Duration::from_secs(3),
        "{:?}",
        asked.elapsed()
    );
}

#[cfg(unix)]
#[test]
fn the_database_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (mut child, _) = started(serve(folder.path()));
    for name in ["mien.db", "mien.db-wal"] {
        let file = std::fs::metadata(folder.path().join("data").join(name)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_busy_port_is_named_with_its_flag() {
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = busy.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut command = program();
    for name in ["rp", "agent", "models"] {
        std::fs::create_dir_all(folder.path().join(name)).unwrap();
    }
    command
        .current_dir(folder.path())
        .args(["serve", "--database", "sqlite:mien.db"])
        .args(["--rp-static", "rp", "--agent-static", "agent"])
        .args(["--models", "models", "--rp-listen", "127.0.0.1:0"])
        .args(["--agent-listen", &address.to_string()]);
    let said = refused(command);
    assert!(said.contains(&address.port().to_string()), "{said}");
    assert!(said.contains("--agent-listen"), "{said}");
}

#[test]
fn a_missing_folder_is_named_with_its_flag() {
    for (name, flag) in [
        ("rp", "--rp-static"),
        ("agent", "--agent-static"),
        ("models", "--models"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let command = serve(folder.path());
        std::fs::remove_dir(folder.path().join(name)).unwrap();
        assert!(refused(command).contains(flag));
    }
}

#[test]
fn wrong_configuration_is_one_sentence() {
    for arguments in [
        ["--controller-contact", ""],
        ["--controller-name", " "],
        ["--rp-origin", "http://example.org"],
        ["--rp-origin", "https://example.org/"],
        ["--agent-origin", "http://localhost:8080"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = serve(folder.path());
        command.args(arguments);
        assert!(refused(command).starts_with("rp-server: "));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = serve(folder.path());
    command.env("MIEN_OPERATOR_TOKEN", "short");
    assert!(refused(command).contains("MIEN_OPERATOR_TOKEN"));
}

#[test]
fn only_known_layers_can_be_required() {
    for list in ["level-2", "texture,texture level", "", "texture,"] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = serve(folder.path());
        command.args(["--require-pad", list]);
        let Output { status, stderr, .. } = command.output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        assert!(!status.success(), "{list}");
        assert!(said.contains("texture, head-turn and light"), "{said}");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = serve(folder.path());
    command.args(["--require-pad", "texture,head-turn,light"]);
    let (mut child, lines) = started(command);
    assert_eq!(lines.len(), 2);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_certificate_that_cannot_be_read_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = serve(folder.path());
    std::fs::write(folder.path().join("a.pem"), "nothing").unwrap();
    command.args(["--tls-cert", "a.pem", "--tls-key", "a.pem"]);
    assert!(refused(command).contains("a.pem"));
}

#[actix_web::test]
async fn the_operator_lists_and_deregisters_beside_the_running_server() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("Ada").await;
    server.browser().register("bob").await;
    let user = |arguments: &[&str]| {
        let output = program()
            .arg("user")
            .args(arguments)
            .args(["--database", &server.database()])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (output.status.success(), said)
    };
    assert_eq!(user(&["list"]), (true, "Ada\nbob\n".to_owned()));
    let (done, said) = user(&["deregister", "ada"]);
    assert!(done && said.contains("1 credential"), "{said}");
    assert_eq!(user(&["list"]), (true, "bob\n".to_owned()));
    let (again, _) = user(&["deregister", "ada"]);
    assert!(!again);
    let missing = program()
        .args(["user", "list", "--database", "sqlite:/nowhere/at/all.db"])
        .output()
        .unwrap();
    assert!(!missing.status.success());
    browser
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
    let reply = server.browser().sign_in(&mut ada).await;
    reply.refused(404, "unknown-credential");
}

/// What `rp-server user …` answers: its exit code, what it says, and its complaint.
fn user(server: &Server, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = program();
    command.arg("user").args(arguments);
    let output = command.args(["--database", &server.database()]).output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[actix_web::test]
async fn the_operator_enables_what_was_disabled_and_only_that() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut face = browser.register("Ada").await;
    let mut slow = browser.register("Ada").await;
    let bob = server.browser().register("bob").await;
    let (face_id, slow_id, bob_id) = (b64(&face.id), b64(&slow.id), b64(&bob.id));
    for (authenticator, failures) in [(&face, 50), (&slow, 49)] {
        let sql = "UPDATE credentials SET failures = ?, failed_ms = ? WHERE credential_id = ?";
        let pool = sqlx::SqlitePool::connect(&server.database()).await.unwrap();
        let query = sqlx::query(sql).bind(failures).bind(1_795_305_600_000_i64);
        let done = query.bind(&authenticator.id).execute(&pool).await.unwrap();
        assert_eq!(done.rows_affected(), 1);
        pool.close().await;
    }
    let reply = server.browser().sign_in(&mut face).await;
    reply.refused(403, "credential-disabled");
    let reply = server.browser().sign_in(&mut slow).await;
    reply.refused(429, "credential-waits");
    let (_, shown, _) = user(&server, &["show", "ada"]);
    assert!(shown.contains("failures      50, disabled"), "{shown}");
    assert!(shown.contains("failures      49, the last 20"), "{shown}");

    // Refused: no such account, no such credential, somebody else's. Nothing changes.
    let (code, said, complaint) = user(&server, &["enable", "nobody"]);
    assert_eq!((code, said.as_str()), (Some(3), ""));
    assert!(complaint.contains("no account named nobody"), "{complaint}");
    for id in [bob_id.as_str(), &b64(&[9; 32]), "=", ""] {
        let (code, said, complaint) = user(&server, &["enable", "ada", id]);
        assert_eq!((code, said.as_str()), (Some(1), ""), "{id}");
        assert!(complaint.contains("Ada has no credential"), "{complaint}");
    }
    let reply = server.browser().sign_in(&mut face).await;
    reply.refused(403, "credential-disabled");

    // Without an ID those that are disabled; with one that one, whatever its failures.
    let enabled = |id: &str| (Some(0), format!("enabled {id} of Ada\n"), String::new());
    assert_eq!(user(&server, &["enable", "ADA"]), enabled(&face_id));
    server.browser().sign_in(&mut face).await.accepted();
    let nothing = (
        Some(0),
        "Ada has no disabled credential, nothing to do\n".to_owned(),
        String::new(),
    );
    assert_eq!(user(&server, &["enable", "ada"]), nothing);
    let reply = server.browser().sign_in(&mut slow).await;
    reply.refused(429, "credential-waits");
    assert_eq!(
        user(&server, &["enable", "ada", &slow_id]),
        enabled(&slow_id)
    );
    server.browser().sign_in(&mut slow).await.accepted();
    let audit = "SELECT count(*) FROM audit WHERE event = 'enabled-by-operator'";
    assert_eq!(server.count(audit).await, 2);
}
