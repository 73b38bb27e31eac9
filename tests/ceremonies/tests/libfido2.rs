//! libfido2 as a verifier: its programs `fido2-cred -V` and `fido2-assert -V`.
//!
//! They take the parts, not the JSON, and know no roots: of certificates they use the first one's key.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ctap2::{AttestationObject, AttestationStatement};
use judges::Verdict;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::response::{CREATED, DATA, GOT, OBJECT, SIGNATURE, bytes, text};

/// Its name in the table, with the version by its package's own word.
pub(crate) fn name() -> String {
    let asked = Command::new("dpkg-query")
        .args(["-W", "-f", "${Version}", "fido2-tools"])
        .output();
    let version = asked.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
    format!("libfido2 {}", version.unwrap_or_default())
        .trim_end()
        .to_owned()
}

/// Judges the registration; `None` where its programs have nothing to check: no statement, or no parts to give them.
pub(crate) fn registration(ceremony: &Value) -> Option<Verdict> {
    let object = AttestationObject::from_cbor(&bytes(ceremony, OBJECT)).ok()?;
    let (signature, certificate) = match object.statement {
        AttestationStatement::None => return None,
        AttestationStatement::PackedSelf { signature } => (signature, None),
        AttestationStatement::PackedCertified {
            signature,
            mut certificates,
        } => (signature, Some(certificates.remove(0))),
    };
    let data = object.authenticator_data.to_bytes().unwrap();
    let id = object.authenticator_data.attested.unwrap().credential_id;
    let mut lines = vec![
        STANDARD.encode(Sha256::digest(bytes(ceremony, CREATED))),
        text(ceremony, "/rpId").to_owned(),
        "packed".to_owned(),
        STANDARD.encode(byte_string(&data)),
        STANDARD.encode(id.as_bytes()),
        STANDARD.encode(signature),
    ];
    lines.extend(certificate.map(|certificate| STANDARD.encode(certificate)));
    let mut program = Command::new("fido2-cred");
    program.args(["-V", "-v"]);
    Some(ask(program, &lines))
}

/// Judges the sign-in, with the key of the registration.
pub(crate) fn authentication(ceremony: &Value) -> Verdict {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    write_key(ceremony, &key);
    let lines = [
        STANDARD.encode(Sha256::digest(bytes(ceremony, GOT))),
        text(ceremony, "/rpId").to_owned(),
        STANDARD.encode(byte_string(&bytes(ceremony, DATA))),
        STANDARD.encode(bytes(ceremony, SIGNATURE)),
    ];
    let mut program = Command::new("fido2-assert");
    program.args(["-V", "-p", "-v"]).arg(&key).arg("es256");
    ask(program, &lines)
}

fn write_key(ceremony: &Value, to: &Path) {
    let key = bytes(ceremony, "/reg/response/response/publicKey");
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(key)
    );
    std::fs::write(to, pem).unwrap();
}

/// CBOR (RFC 8949): the form in which authenticators send authenticator data.
fn byte_string(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let head = match u8::try_from(length) {
        Ok(length) => vec![0x58, length],
        Err(_) => [&[0x59], &length.to_be_bytes()[..]].concat(),
    };
    [head, bytes.to_vec()].concat()
}

fn ask(mut program: Command, lines: &[String]) -> Verdict {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{program:?}: {error}: run `cargo xtask test`, which installs it")
        });
    let mut input = child.stdin.take().unwrap();
    // It may end before it has read all of what it refuses.
    let _ = input.write_all((lines.join("\n") + "\n").as_bytes());
    drop(input);
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}
