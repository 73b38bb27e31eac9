//! Whose call it is: the network of the client, also behind proxies that the operator trusts.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::HeaderMap;

use crate::config::Config;

/// The client's address, an IPv6 one as its /64 (one person has a whole one). The header `X-Forwarded-For` counts only
/// as far as trusted proxies wrote it: anyone can send one.
pub(super) fn client(
    config: &Config,
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
) -> Option<IpAddr> {
    let mut client = peer?.ip().to_canonical();
    let lists: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .collect();
    // The last entry is the newest.
    let mut entries = lists.iter().rev().flat_map(|list| list.rsplit(','));
    while config.trusted_proxies.contains(&client) {
        let Some(entry) = entries.next() else { break };
        let Some(address) = read(entry.trim()) else {
            break;
        };
        client = address;
    }
    Some(network(client))
}

/// An address, with or without a port.
fn read(entry: &str) -> Option<IpAddr> {
    let bare = entry.parse().ok();
    let with_port = || entry.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    bare.or_else(with_port)
        .map(|address| address.to_canonical())
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Controller;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn client_of(peer: &str, forwarded: &[&str]) -> String {
        let controller = Controller {
            name: "A".into(),
            contact: "a@example.org".into(),
        };
        let config = Config::new("https://a.example", "https://b.example", controller)
            .unwrap()
            .with_trusted_proxies(vec![
                "10.0.0.1".parse().unwrap(),
                "10.0.0.2".parse().unwrap(),
            ]);
        let mut headers = HeaderMap::new();
        for list in forwarded {
            let name = HeaderName::from_static("x-forwarded-for");
            headers.append(name, HeaderValue::from_str(list).unwrap());
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 4711);
        client(&config, Some(peer), &headers).unwrap().to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        for (peer, forwarded, expected) in [
            ("192.0.2.1", &[][..], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            // What the client wrote itself stands before what the proxy added.
            ("10.0.0.1", &["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
            (
                "10.0.0.1",
                &["203.0.113.9,198.51.100.7, 10.0.0.2"],
                "198.51.100.7",
            ),
            ("10.0.0.1", &["10.0.0.2, 198.51.100.7:1234"], "198.51.100.7"),
            ("::ffff:10.0.0.1", &["[2001:db8::5]:80"], "2001:db8::"),
            // Nonsense from a trusted proxy: its own address.
            ("10.0.0.1", &["unknown"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
        ] {
            assert_eq!(client_of(peer, forwarded), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn a_whole_ipv6_network_is_one_client() {
        assert_eq!(
            client_of("2001:db8::1", &[]),
            client_of("2001:db8::ffff:1", &[])
        );
        assert_ne!(
            client_of("2001:db8::1", &[]),
            client_of("2001:db8:0:1::1", &[])
        );
    }
}
