//! What `--lan` needs: this machine's `.local` name, a certificate for it, a code that a phone can scan.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Options;
use crate::failure::{Result, fail};
use crate::process::ask;
use crate::project::Project;

/// Whether this build of xtask can make certificates.
pub(super) const AVAILABLE: bool = cfg!(feature = "lan");

/// The name under which other machines on the network find this one by multicast DNS (RFC 6762).
pub(super) fn local_name() -> Result<String> {
    use std::process::Command;
    let said = ask(Command::new("scutil").args(["--get", "LocalHostName"]))
        .or_else(|| ask(Command::new("hostname").arg("-s")))
        .or_else(|| ask(&mut Command::new("hostname")))
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok());
    let name = said
        .as_deref()
        .and_then(|said| said.trim().split('.').next())
        .unwrap_or_default()
        .to_lowercase();
    let plain = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if name.is_empty() || !plain || name == "localhost" {
        fail!(
            "this machine has no name that others on the network could use (`hostname` says `{name}`): give it one first"
        );
    }
    Ok(format!("{name}.local"))
}

/// Certificates are rarely wanted and costly to compile: xtask starts itself again with the feature.
pub(super) fn run_again_with_feature(project: &Project, options: Options) -> Result<ExitCode> {
    let mut again = project.command("cargo")?;
    again.args([
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--features",
        "lan",
        "--",
        "demo",
        "--lan",
    ]);
    for (flag, port) in [
        ("--port", options.port),
        ("--agent-port", options.agent_port),
    ] {
        if let Some(port) = port {
            again.args([flag, &port.to_string()]);
        }
    }
    crate::console::step("xtask with certificates (compiled once)");
    // Ctrl-C is for the one we started; we only wait for it.
    let _ = ctrlc::set_handler(|| {});
    match again.status() {
        Ok(status) if status.success() => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::FAILURE),
        Err(error) => fail!("cargo cannot be started: {error}"),
    }
}

/// A certificate and its key for the name, below `data/`; kept, so that a phone has to accept it only once.
#[cfg(feature = "lan")]
pub(super) fn make(data: &Path, name: &str) -> Result<(PathBuf, PathBuf)> {
    use crate::failure::Context as _;

    let (certificate, key) = (
        data.join(format!("{name}.cert.pem")),
        data.join(format!("{name}.key.pem")),
    );
    if certificate.is_file() && key.is_file() {
        return Ok((certificate, key));
    }
    let made = rcgen::generate_simple_self_signed([name.to_owned()])
        .context("no certificate could be made")?;
    std::fs::write(&certificate, made.cert.pem()).context("the certificate cannot be written")?;
    write_private(&key, &made.signing_key.serialize_pem())
        .context("the certificate's key cannot be written")?;
    Ok((certificate, key))
}

#[cfg(all(feature = "lan", unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?
        .write_all(text.as_bytes())
}

#[cfg(all(feature = "lan", not(unix)))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}

#[cfg(not(feature = "lan"))]
pub(super) fn make(_data: &Path, _name: &str) -> Result<(PathBuf, PathBuf)> {
    fail!("this build of xtask makes no certificates: run it with `--features lan`")
}

/// The address as a code for a phone's camera, in half-height blocks: black on white, whatever the terminal's colours.
#[cfg(feature = "lan")]
pub(super) fn qr_code(address: &str) -> String {
    use std::io::IsTerminal as _;
    let (on, off) = if std::io::stdout().is_terminal() {
        ("\x1b[30;47m", "\x1b[0m")
    } else {
        ("", "")
    };
    let Ok(code) = qrcode::QrCode::new(address) else {
        return String::new();
    };
    let picture = code
        .render::<qrcode::render::unicode::Dense1x2>()
        .quiet_zone(true)
        .build();
    picture
        .lines()
        .map(|line| format!("{on}{line}{off}\n"))
        .collect()
}

#[cfg(not(feature = "lan"))]
pub(super) fn qr_code(_address: &str) -> String {
    String::new()
}
