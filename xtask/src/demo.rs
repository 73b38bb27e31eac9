//! `cargo xtask demo`: from a fresh clone to a page that one can open.

mod certificate;
mod ports;
mod serve;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;

use crate::console::result;
use crate::failure::{Context as _, Result};
use crate::process::run;
use crate::project::Project;
use crate::{setup, wasm, web};

/// What the command line may change.
#[derive(Clone, Copy, Default)]
pub(crate) struct Options {
    /// Serve other machines on the network as well, over HTTPS.
    pub(crate) lan: bool,
    pub(crate) port: Option<u16>,
    pub(crate) agent_port: Option<u16>,
}

/// The relying party's side and the agent's side of the same demo.
struct Origins {
    host: String,
    scheme: &'static str,
    relying_party: SocketAddr,
    agent: SocketAddr,
}

impl Origins {
    fn of(options: Options) -> Result<Self> {
        let (host, scheme, address, ports) = if options.lan {
            (
                certificate::local_name()?,
                "https",
                Ipv4Addr::UNSPECIFIED,
                (8443, 8444),
            )
        } else {
            (
                "localhost".to_owned(),
                "http",
                Ipv4Addr::LOCALHOST,
                (8080, 8081),
            )
        };
        let at = |port| SocketAddr::from((address, port));
        Ok(Self {
            host,
            scheme,
            relying_party: at(options.port.unwrap_or(ports.0)),
            agent: at(options.agent_port.unwrap_or(ports.1)),
        })
    }

    fn relying_party(&self) -> String {
        format!(
            "{}://{}:{}",
            self.scheme,
            self.host,
            self.relying_party.port()
        )
    }

    fn agent(&self) -> String {
        format!("{}://{}:{}", self.scheme, self.host, self.agent.port())
    }
}

/// Installs, builds and serves until Ctrl-C.
pub(crate) fn run_demo(project: &Project, options: Options) -> Result<ExitCode> {
    if options.lan && !certificate::AVAILABLE {
        return certificate::run_again_with_feature(project, options);
    }
    let origins = Origins::of(options)?;
    ports::check(&origins, options)?;
    setup::for_demo(project)?;
    wasm::build(project)?;
    web::build(project)?;
    run(
        project
            .command("cargo")?
            .args(["build", "--release", "--package", "rp-server"]),
        "server (compiled once in release, several minutes)",
    )?;
    let data = project.path("data");
    std::fs::create_dir_all(&data).context("the folder data/ cannot be made")?;
    let mut server = serve::command(project, "release", &origins, &data.join("mien.db"))?;
    if options.lan {
        let (certificate, key) = certificate::make(&data, &origins.host)?;
        server
            .arg("--tls-cert")
            .arg(certificate)
            .arg("--tls-key")
            .arg(key);
    }
    serve::until_interrupted(server, || {
        announce(&origins, options, &data.join("mien.db"))
    })
}

fn announce(origins: &Origins, options: Options, database: &Path) {
    let address = origins.relying_party();
    result("");
    result(&format!("  Mien is ready:  {address}"));
    result(&format!("  agent origin:   {}", origins.agent()));
    result(&format!("  database:       {}", database.display()));
    if options.lan {
        result(
            "  On a phone in the same network: scan the code and accept the certificate once (for the agent's",
        );
        result(&format!(
            "  address too, {}); it was made by this machine for itself.",
            origins.agent()
        ));
        result(&certificate::qr_code(&address));
    }
    result("  Ctrl-C stops it.");
}
