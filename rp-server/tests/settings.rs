//! Settings: flags over environment over file over defaults; secrets stay where they are.

use std::path::Path;
use std::process::{Command, Output};

use rp_server::settings::{Settings, SettingsError};
use tempfile::TempDir;

use crate::support::attestation_certificates::Maker;
use crate::support::server::Server;

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rp-server"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MIEN_")) {
        command.env_remove(name);
    }
    command.env_remove("DATABASE_URL").current_dir(folder);
    command
}

fn said(command: &mut Command) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// One refusal: code 1, one line, and these words in it.
#[track_caller]
fn refused(command: &mut Command, words: &[&str]) -> String {
    let (code, out, err) = said(command);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
    assert_eq!(err.lines().count(), 1, "one sentence: {err}");
    for word in words {
        assert!(err.contains(word), "{word}: {err}");
    }
    err
}

#[test]
fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
    let file = "rp-name = 'file'\nagent-origin = 'http://localhost:1'\nrate-burst = 5\n\
                controller-name = 'file'\nrequire-pad = ['texture', 'light']\n";
    let folder = folder(&[("mien.toml", file)]);
    let (code, out, err) = said(
        program(folder.path())
            .args(["serve", "--config", "mien.toml", "--check-config"])
            .args(["--rp-name", "flag"])
            .env("MIEN_RP_NAME", "environment")
            .env("MIEN_RATE_BURST", "7"),
    );
    assert_eq!((code, err.as_str()), (Some(0), ""));
    for line in [
        "rp-name = \"flag\" # flag\n",
        "rate-burst = \"7\" # environment\n",
        "controller-name = \"file\" # file\n",
        "require-pad = [\"texture\", \"light\"] # file\n",
        "rate-per-second = \"2\" # default\n",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
    // What it prints is a file that sets the same.
    std::fs::write(folder.path().join("again.toml"), &out).unwrap();
    let arguments = ["serve", "--config", "again.toml", "--check-config"];
    let (code, again, _) = said(program(folder.path()).args(arguments));
    let values = |text: &str| -> Vec<String> {
        let value = |line: &str| line.rsplit_once(" # ").unwrap().0.to_owned();
        text.lines().map(value).collect()
    };
    assert_eq!((code, values(&again)), (Some(0), values(&out)));
    // It opened nothing.
    assert!(!folder.path().join("data").exists());
}

#[test]
fn a_wrong_file_is_one_sentence_with_its_name() {
    for (text, word) in [
        ("rate-burts = 5", "rate-burts"),
        ("config = 'other.toml'", "config"),
        ("operator-token = 'sixteen characters'", "operator-token"),
        ("[server]\nrp-name = 'x'", "server"),
        ("rate-burst = 'many'", "rate-burst"),
        ("session-fresh = 1", "session-fresh"),
        ("rp-listen = 8080", "rp-listen"),
        ("rp-name = 'a'\nrp-name = 'b'", "line 2"),
        ("rp-name = ", "line 1"),
    ] {
        let folder = folder(&[("mien.toml", text)]);
        let arguments = ["serve", "--config", "mien.toml"];
        refused(program(folder.path()).args(arguments), &["mien.toml", word]);
    }
    let folder = folder(&[]);
    let arguments = ["user", "list", "--config", "none.toml"];
    refused(program(folder.path()).args(arguments), &["none.toml"]);
}

#[test]
fn values_that_do_not_go_together_are_one_sentence() {
    let file = "tls-cert = 'a.pem'";
    let folder = folder(&[("mien.toml", file)]);
    let arguments = ["serve", "--config", "mien.toml", "--check-config"];
    refused(program(folder.path()).args(arguments), &["tls-key"]);
    let arguments = [
        "serve",
        "--check-config",
        "--rp-origin",
        "http://example.org",
    ];
    refused(
        program(folder.path()).args(arguments),
        &["http://example.org", "https"],
    );
}

#[test]
fn a_password_of_a_database_is_neither_a_flag_nor_printed() {
    let secret = "postgres://mien:tops3cret@localhost/mien";
    let file = format!("database = '{secret}'");
    let folder = folder(&[("mien.toml", &file), ("bad.toml", &format!("{file} x"))]);
    let (_, out, err) =
        said(program(folder.path()).args(["serve", "--config", "mien.toml", "--check-config"]));
    assert!(
        out.contains("database = \"postgres://mien:***@localhost/mien\" # file"),
        "{out}{err}"
    );
    let (_, out, err) = said(
        program(folder.path())
            .args(["serve", "--check-config"])
            .env("DATABASE_URL", secret),
    );
    assert!(
        out.contains("***") && !format!("{out}{err}").contains("tops3cret"),
        "{out}{err}"
    );
    for command in ["serve", "migrate"] {
        let said = refused(
            program(folder.path()).args([command, "--database", secret]),
            &["DATABASE_URL"],
        );
        assert!(!said.contains("tops3cret"), "{said}");
    }
    let said = refused(
        program(folder.path()).args(["serve", "--config", "bad.toml"]),
        &["line 1"],
    );
    assert!(!said.contains("tops3cret"), "{said}");
}

#[test]
fn the_operators_token_comes_from_the_environment_or_a_file() {
    let token = "0123456789abcdef";
    let folder = folder(&[("token", &format!("{token}\n")), ("short", "0123")]);
    let check = |arguments: &[&str], variable: Option<&str>| {
        let mut command = program(folder.path());
        command.args(["serve", "--check-config"]).args(arguments);
        if let Some(value) = variable {
            command.env("MIEN_OPERATOR_TOKEN", value);
        }
        command
    };
    for mut command in [
        check(&["--operator-token-file", "token"], None),
        check(&[], Some(token)),
    ] {
        let (code, out, err) = said(&mut command);
        assert_eq!(code, Some(0), "{err}");
        assert!(!format!("{out}{err}").contains(token), "{out}{err}");
    }
    refused(
        &mut check(&["--operator-token-file", "token"], Some(token)),
        &["twice"],
    );
    refused(
        &mut check(&["--operator-token-file", "short"], None),
        &["short", "16"],
    );
    refused(
        &mut check(&["--operator-token-file", "none"], None),
        &["none"],
    );
    // There is no flag that would take the token itself.
    let (code, ..) = said(&mut check(&["--operator-token", token], None));
    assert_eq!(code, Some(2));
}

#[test]
fn attestation_roots_and_user_verification_are_checked_at_the_start() {
    let root = Maker::new("root").pem();
    let files = [("root.pem", root.as_str()), ("none.pem", "nothing")];
    let folder = folder(&files);
    let check = |arguments: &[&str]| {
        let mut command = program(folder.path());
        command.args(["serve", "--check-config"]).args(arguments);
        command
    };
    let given = ["--attestation-roots", "root.pem"];
    let (code, out, err) = said(&mut check(&given));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(
        out.contains("attestation-roots = \"root.pem\" # flag"),
        "{out}"
    );
    assert!(
        out.contains("user-verification = \"required\" # default"),
        "{out}"
    );
    let wrong = ["--attestation-roots", "none.pem"];
    refused(&mut check(&wrong), &["none.pem", "no certificate"]);
    let missing = ["--attestation-roots", "missing.pem"];
    refused(&mut check(&missing), &["missing.pem"]);
    let (code, _, err) = said(&mut check(&["--user-verification", "sometimes"]));
    assert_eq!(code, Some(2));
    assert!(err.contains("required, preferred or discouraged"), "{err}");
}

#[test]
fn an_application_of_ones_own_reads_the_same_file() {
    let file = "rp-origin = 'https://a.example'\nagent-origin = 'https://b.example'\n\
                session-fresh = 60\nallow-aaguid = '6d69656e-2d66-4163-8a51-9e0c7b1d4f20'\n";
    let folder = folder(&[("a.toml", file), ("b.toml", "rp-listen = '127.0.0.1:1'")]);
    let settings = Settings::load(Some(&folder.path().join("a.toml"))).unwrap();
    assert_eq!(
        settings.config().unwrap().rp_origin().as_str(),
        "https://a.example"
    );
    assert_eq!(
        (
            settings.session_fresh,
            settings.ceremonies.allow_aaguid.len()
        ),
        (60, 1)
    );
    // The binary's own settings are no settings of a library.
    let refused = Settings::load(Some(&folder.path().join("b.toml")));
    assert!(
        matches!(refused, Err(SettingsError::File { .. })),
        "{refused:?}"
    );
}

#[test]
fn help_is_as_it_was_written() {
    for name in [
        "",
        "serve",
        "authentication-server",
        "certificates",
        "attestation-authority",
        "migrate",
        "split",
        "user",
        "user list",
        "user show",
        "user enable",
        "user deregister",
    ] {
        let folder = folder(&[]);
        let mut command = program(folder.path());
        command.args(name.split_whitespace()).arg("--help");
        let (code, out, _) = said(&mut command);
        assert_eq!(code, Some(0));
        let path = format!(
            "{}/tests/golden/help{}{}.txt",
            env!("CARGO_MANIFEST_DIR"),
            if name.is_empty() { "" } else { "-" },
            name.replace(' ', "-")
        );
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            golden == out,
            "`rp-server {name} --help` and {path} differ; if the new text is better, put it there:\n{out}"
        );
    }
}

#[test]
fn migrate_says_what_it_did() {
    let folder = folder(&[("mien.toml", "database = 'sqlite:new/mien.db'")]);
    let migrate = || said(program(folder.path()).args(["migrate", "--config", "mien.toml"]));
    let (code, out, err) = migrate();
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.starts_with("applied 0001 initial\n"), "{out}");
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    let files = std::fs::read_dir(files).unwrap().count();
    assert_eq!(out.lines().count(), files);
    let (code, out, _) = migrate();
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "up to date, nothing to do\n")
    );
}

#[actix_web::test]
async fn the_operator_is_shown_an_account_without_its_keys() {
    let server = Server::start().await;
    let ada = server.browser().register("Ada").await;
    let show = |name: &str| {
        let arguments = ["user", "show", name, "--database", &server.database()];
        said(program(server.folder.path()).args(arguments))
    };
    let (code, out, _) = show("ADA");
    assert_eq!(code, Some(0));
    assert!(out.starts_with("account Ada\n"), "{out}");
    let id = crate::support::b64(&ada.id);
    assert!(
        out.contains(&format!("credential {id}\n  kind          face (Mien)\n")),
        "{out}"
    );
    let verified = "user verified yes\n  uvm           not told\n  attestation   none\n";
    assert!(out.contains(verified), "{out}");
    assert!(out.contains("attack layers texture,head-turn"), "{out}");
    let (x, y) = ada.point();
    for key in [x, y] {
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(
            !out.contains(&crate::support::b64(&key)) && !out.contains(&hex),
            "{out}"
        );
    }
    let (code, out, err) = show("bob");
    assert_eq!((code, out.as_str()), (Some(3), ""));
    assert_eq!(err, "rp-server: there is no account named bob\n");
}
