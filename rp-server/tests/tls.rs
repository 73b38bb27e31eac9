//! HTTPS from a certificate and a key in PEM files.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

#[test]
fn both_origins_answer_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let host = "mien-test.local";
    let made = rcgen::generate_simple_self_signed([host.to_owned()]).unwrap();
    std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(
        folder.path().join("key.pem"),
        made.signing_key.serialize_pem(),
    )
    .unwrap();
    for name in ["rp", "agent", "models"] {
        let page = folder.path().join(name);
        std::fs::create_dir(&page).unwrap();
        std::fs::write(page.join("index.html"), name).unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_rp-server"))
        .current_dir(folder.path())
        .args(["serve", "--database", "sqlite:mien.db"])
        .args(["--rp-origin", "https://mien-test.local:8443"])
        .args(["--agent-origin", "https://mien-test.local:8444"])
        .args([
            "--rp-listen",
            "127.0.0.1:0",
            "--agent-listen",
            "127.0.0.1:0",
        ])
        .args(["--rp-static", "rp", "--agent-static", "agent"])
        .args(["--models", "models"])
        .args(["--tls-cert", "cert.pem", "--tls-key", "key.pem"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines: Vec<String> = lines.take(2).map(Result::unwrap).collect();

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let config = Arc::new(config);
    for (line, page) in lines.iter().zip(["rp", "agent"]) {
        let (_, address) = line.split_once(" https://").unwrap();
        let name = ServerName::try_from(host).unwrap();
        let connection = ClientConnection::new(config.clone(), name).unwrap();
        let socket = TcpStream::connect(address).unwrap();
        let mut stream = StreamOwned::new(connection, socket);
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
        assert!(reply.contains("strict-transport-security: max-age=31536000"));
        assert!(reply.ends_with(page), "{reply}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
