//! Busy ports, found before anything is built.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use super::{Options, Origins};
use crate::failure::{Result, fail};

pub(super) fn check(origins: &Origins, options: Options) -> Result {
    let lan = if options.lan { " --lan" } else { "" };
    if origins.relying_party.port() == origins.agent.port() {
        fail!(
            "both origins were given port {}: they must differ, because the port is what makes them two origins",
            origins.agent.port()
        );
    }
    free(
        origins.relying_party,
        &format!(
            "cargo xtask demo{lan} --port {}",
            elsewhere(origins.relying_party)
        ),
    )?;
    free(
        origins.agent,
        &format!(
            "cargo xtask demo{lan} --agent-port {}",
            elsewhere(origins.agent)
        ),
    )
}

fn elsewhere(address: SocketAddr) -> u16 {
    address.port().checked_add(1000).unwrap_or(8090)
}

fn free(address: SocketAddr, instead: &str) -> Result {
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => fail!(
            "port {} is in use by another program: stop that program, or choose another port with `{instead}`",
            address.port()
        ),
        Err(error) => fail!(
            "port {} cannot be used ({error}): choose another one with `{instead}`",
            address.port()
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::free;

    #[test]
    fn a_busy_port_is_named_with_the_way_out() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let sentence = free(address, "cargo xtask demo --port 1")
            .unwrap_err()
            .to_string();
        assert!(
            sentence.contains(&format!("port {} is in use", address.port())),
            "{sentence}"
        );
        assert!(
            sentence.contains("`cargo xtask demo --port 1`"),
            "{sentence}"
        );
        drop(taken);
        assert!(free(address, "").is_ok());
    }
}
