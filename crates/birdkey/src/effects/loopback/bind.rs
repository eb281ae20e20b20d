//! Opening the port: exclusively, on loopback addresses only.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

use super::RedirectError;
use super::registered::Registered;

/// Enough that a burst of idle sockets makes no browser wait for a repeated SYN.
pub(super) const BACKLOG: u32 = 1024;

/// Opens the first of `candidates` whose port is free; `handed` listeners are used in place of their ports.
pub(super) fn first_free(
    candidates: Vec<Registered>,
    handed: &mut Vec<std::net::TcpListener>,
) -> Result<(Registered, Vec<TcpListener>), RedirectError> {
    let mut tried = Vec::new();
    let mut refusal = None;
    let mut any_taken = false;
    for candidate in candidates {
        tried.push(candidate.address.port());
        match open(&candidate, handed) {
            Ok(listeners) => return Ok((candidate, listeners)),
            Err(error) if is_taken(&error) => any_taken = true,
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    match refusal {
        Some(error) if !any_taken => Err(RedirectError::Refused(error)),
        _ if tried.is_empty() => Err(RedirectError::NoLoopback),
        _ => Err(RedirectError::PortsTaken { tried }),
    }
}

fn open(
    candidate: &Registered,
    handed: &mut Vec<std::net::TcpListener>,
) -> io::Result<Vec<TcpListener>> {
    let mut listeners = vec![listen_at(candidate.address, handed)?];
    let Some(second) = candidate.second_address else {
        return Ok(listeners);
    };
    match listen_at(second, handed) {
        Ok(listener) => listeners.push(listener),
        // Somebody else would get the redirect whenever the browser prefers IPv6.
        Err(error) if is_taken(&error) => return Err(error),
        Err(error) => tracing::debug!(%error, "no IPv6 loopback here, IPv4 alone will do"),
    }
    Ok(listeners)
}

fn listen_at(
    address: SocketAddr,
    handed: &mut Vec<std::net::TcpListener>,
) -> io::Result<TcpListener> {
    let found =
        handed.iter().position(|each| each.local_addr().is_ok_and(|bound| bound == address));
    if let Some(index) = found {
        let listener = handed.swap_remove(index);
        listener.set_nonblocking(true)?;
        return TcpListener::from_std(listener);
    }
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // On Unix this only skips the wait after an earlier login closed the port.
    // On Windows it would let two programs share the port; there the opposite is asked for.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    #[cfg(windows)]
    birdkey_exclusive_port::claim(&socket)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Windows says "permission denied" for a port that another program holds exclusively or that is reserved.
fn is_taken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrInUse
        || (cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied)
}
