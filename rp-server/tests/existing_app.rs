//! The example for an existing application, as its own process: its routes, and ours beside them.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::support::browser::Browser;

/// Ends the example, also when the test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Cargo puts examples beside the folder of the tests.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test
        .ancestors()
        .nth(2)
        .unwrap()
        .join("examples/existing_app");
    assert!(
        path.exists(),
        "{} is missing: run `cargo build -p rp-server --examples`",
        path.display()
    );
    path
}

#[actix_web::test]
async fn an_existing_application_gains_registration_login_and_deregistration() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(example())
        .arg("127.0.0.1:0")
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stderr = child.stderr.take().unwrap();
    let _running = Running(child);
    let line = BufReader::new(stderr).lines().next().unwrap().unwrap();
    let browser = Browser::new(line.strip_prefix("listening ").unwrap());

    assert_eq!(browser.get("/").await.text, "Everyone may read this.\n");
    browser.get("/notes").await.refused(401, "not-signed-in");
    let mut ada = browser.register("Ada").await;
    assert_eq!(browser.get("/notes").await.text, "Notes of Ada\n");
    assert_eq!(browser.delete("/api/session").await.status, 204);
    browser.get("/notes").await.refused(401, "not-signed-in");
    browser.sign_in(&mut ada).await.accepted();
    assert_eq!(browser.get("/notes").await.text, "Notes of Ada\n");
    let all = json!({ "all": true });
    let done = browser.post("/api/deregistration", &all).await.accepted();
    assert_eq!(done["accountDeleted"], true);
    browser.get("/notes").await.refused(401, "not-signed-in");
    let reply = browser.sign_in(&mut ada).await;
    reply.refused(404, "unknown-credential");
}

#[test]
fn what_it_takes_is_ten_lines() {
    let text = include_str!("../examples/existing_app.rs");
    let marked = text.lines().filter(|line| line.ends_with("// +")).count();
    assert!((1..=10).contains(&marked), "{marked}");
}
