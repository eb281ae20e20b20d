//! Whether there is any network at all.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Addresses of the ranges for documentation (RFC 5737, RFC 3849): nobody has them.
const ELSEWHERE: [SocketAddr; 2] = [
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 9),
    SocketAddr::new(std::net::IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)), 9),
];

/// Whether the system knows a way to another machine. Connecting a datagram socket looks the way
/// up and sends nothing.
pub(super) fn has_route() -> bool {
    ELSEWHERE.iter().any(|address| {
        let ours: SocketAddr = match address {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        UdpSocket::bind(ours).and_then(|socket| socket.connect(address)).is_ok()
    })
}
