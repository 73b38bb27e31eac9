//! HTTPS from a certificate and a key in PEM files.

use std::io::{Read, Write};
use std::process::Stdio;

use crate::support::process::{serve, started};
use crate::support::tls;

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
    let mut command = serve(folder.path(), "sqlite:mien.db");
    for name in ["rp", "agent"] {
        std::fs::write(folder.path().join(name).join("index.html"), name).unwrap();
    }
    command
        .args(["--rp-origin", "https://mien-test.local:8443"])
        .args(["--agent-origin", "https://mien-test.local:8444"])
        .args(["--tls-cert", "cert.pem", "--tls-key", "key.pem"])
        .stderr(Stdio::inherit());
    let (mut child, lines) = started(command);

    for (line, page) in lines.iter().zip(["rp", "agent"]) {
        let (_, address) = line.split_once(" https://").unwrap();
        let mut stream = tls::connect(address, host, made.cert.der().clone());
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
