//! A registered redirect URI, read into what the listener compares requests with.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// A loopback redirect URI and everything that follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Registered {
    /// Byte for byte as registered.
    pub(super) uri: String,
    /// The only right `Host`, as a browser spells it.
    pub(super) host: String,
    /// The only right path, as a browser spells it.
    pub(super) path: String,
    /// Where to listen.
    pub(super) address: SocketAddr,
    /// Where to listen as well: browsers resolve `localhost` to either.
    pub(super) second_address: Option<SocketAddr>,
}

impl Registered {
    /// Reads a URI; `None` when it is none to listen at: no `http`, no loopback host, or no port of its own.
    ///
    /// Port 80 counts as none: listening there takes rights that a login should not have.
    pub(super) fn read(uri: &str) -> Option<Self> {
        let url = Url::parse(uri).ok()?;
        let port = url.port().filter(|port| *port != 0)?;
        if url.scheme() != "http" {
            return None;
        }
        let (address, second_address) = addresses(&url.host()?)?;
        Some(Self {
            uri: uri.to_owned(),
            host: format!("{}:{port}", url.host_str()?),
            path: url.path().to_owned(),
            address: SocketAddr::new(address, port),
            second_address: second_address.map(|address| SocketAddr::new(address, port)),
        })
    }

    /// The path of the outcome page.
    pub(super) fn done_path(&self) -> &'static str {
        if self.path == "/done" { "/finished" } else { "/done" }
    }
}

fn addresses(host: &Host<&str>) -> Option<(IpAddr, Option<IpAddr>)> {
    match host {
        Host::Domain("localhost") => {
            Some((Ipv4Addr::LOCALHOST.into(), Some(Ipv6Addr::LOCALHOST.into())))
        }
        Host::Ipv4(address) if address.is_loopback() => Some(((*address).into(), None)),
        Host::Ipv6(address) if address.is_loopback() => Some(((*address).into(), None)),
        Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Registered;

    #[test]
    fn only_loopback_uris_with_a_port_are_listened_at() {
        let cases = [
            ("http://127.0.0.1:8731/callback", Some(("127.0.0.1:8731", "/callback", false))),
            ("http://localhost:8731/callback", Some(("localhost:8731", "/callback", true))),
            ("http://LOCALHOST:8731/Callback", Some(("localhost:8731", "/Callback", true))),
            ("http://[::1]:8731/cb", Some(("[::1]:8731", "/cb", false))),
            ("http://127.0.0.1:8731", Some(("127.0.0.1:8731", "/", false))),
            ("http://127.0.0.1:8731/caf\u{e9}", Some(("127.0.0.1:8731", "/caf%C3%A9", false))),
            ("https://127.0.0.1:8731/callback", None),
            ("http://127.0.0.1/callback", None),
            ("http://127.0.0.1:0/callback", None),
            ("http://192.168.0.1:8731/callback", None),
            ("http://0.0.0.0:8731/callback", None),
            ("http://localhost.example.com:8731/callback", None),
            ("http://[::]:8731/callback", None),
            ("app.birdkey:/callback", None),
            ("not a uri", None),
        ];
        for (uri, expected) in cases {
            let read = Registered::read(uri);
            let seen = read.as_ref().map(|read| {
                (read.host.as_str(), read.path.as_str(), read.second_address.is_some())
            });
            assert_eq!(seen, expected, "{uri}");
            assert!(read.is_none_or(|read| read.uri == uri), "{uri} is kept as registered");
        }
    }

    #[test]
    fn the_outcome_page_never_shares_the_path_of_the_redirect() {
        for uri in ["http://127.0.0.1:8731/done", "http://127.0.0.1:8731/finished"] {
            let read = Registered::read(uri).unwrap();
            assert_ne!(read.done_path(), read.path);
        }
    }
}
