//! The session bus: which one it is, and why it can't be reached.

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use zbus::Connection;
use zbus::address::Address;
use zbus::address::transport::{Transport, UnixSocket};
use zbus::connection::Builder;

use crate::effects::vault::{BusTrouble, VaultError};

const VARIABLE: &str = "DBUS_SESSION_BUS_ADDRESS";

/// Where the Secret Service is to be found.
#[derive(Debug, Clone)]
pub(super) enum Bus {
    /// On the bus of this login session.
    Session,
    /// On the bus at an address.
    Address(String),
}

impl Bus {
    /// A new connection.
    ///
    /// # Errors
    ///
    /// [`VaultError::NoBus`] when this session has none, [`VaultError::BusUnreachable`] with the address and the cause
    /// when there should be one.
    pub(super) async fn connect(&self) -> Result<Connection, VaultError> {
        let place = match self {
            Self::Session => Place::of_session(),
            Self::Address(address) => Place { address: address.clone(), by_variable: true },
        };
        let built = async { Builder::address(place.address.as_str())?.build().await };
        built.await.map_err(|error| {
            tracing::debug!(%error, address = place.address, "no way to the session bus");
            place.why_not(&error, rustix::process::geteuid().as_raw())
        })
    }
}

/// An address, and what names it.
#[derive(Debug)]
struct Place {
    address: String,
    /// The variable; else it is the usual one of the user's runtime folder.
    by_variable: bool,
}

impl Place {
    /// As other programs have it: the variable, else the runtime folder. Nothing is launched.
    fn of_session() -> Self {
        match std::env::var(VARIABLE) {
            Ok(address) if !address.is_empty() => Self { address, by_variable: true },
            Ok(_) | Err(_) => {
                let address = format!("unix:path={}", usual_socket().display());
                Self { address, by_variable: false }
            }
        }
    }

    /// What a failed connection means for the user with the id `user`.
    fn why_not(&self, error: &zbus::Error, user: u32) -> VaultError {
        let socket = self.socket();
        let owner = socket.as_deref().and_then(owner_of);
        if !self.by_variable
            && owner.is_none()
            && let Some(expected) = socket
        {
            return VaultError::NoBus { expected };
        }
        let failed = io_error(error);
        let silent = failed.is_some_and(|error| {
            matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
        });
        let trouble = match owner {
            _ if silent => BusTrouble::Silent,
            Some(owner) if owner != user => BusTrouble::OfAnotherUser { owner, user },
            Some(_) | None => BusTrouble::Failed(
                failed.map_or_else(|| error.to_string(), std::string::ToString::to_string),
            ),
        };
        VaultError::BusUnreachable {
            address: self.address.clone(),
            by_variable: self.by_variable,
            trouble,
            usual: self.by_variable && usual_socket().exists(),
        }
    }

    /// The socket's file, when the address names one.
    fn socket(&self) -> Option<PathBuf> {
        let address: Address = self.address.parse().ok()?;
        let Transport::Unix(unix) = address.transport() else { return None };
        let UnixSocket::File(path) = unix.path() else { return None };
        Some(path.clone())
    }
}

/// Where a bus of the user usually listens.
fn usual_socket() -> PathBuf {
    let folder = std::env::var_os("XDG_RUNTIME_DIR").map_or_else(
        || PathBuf::from(format!("/run/user/{}", rustix::process::geteuid().as_raw())),
        PathBuf::from,
    );
    folder.join("bus")
}

fn owner_of(file: &Path) -> Option<u32> {
    Some(std::fs::metadata(file).ok()?.uid())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only these two carry an error of the system")]
fn io_error(error: &zbus::Error) -> Option<&io::Error> {
    match error {
        zbus::Error::InputOutput(error) | zbus::Error::Connection(error, _) => Some(error),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_bus_of_another_user_is_told_from_one_that_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("bus");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let place = Place { address: format!("unix:path={}", socket.display()), by_variable: true };
        let owner = owner_of(&socket).unwrap();
        let refused = zbus::Error::Handshake("REJECTED".into());
        let broken = zbus::Error::InputOutput(Arc::new(io::Error::from(io::ErrorKind::BrokenPipe)));
        let silent =
            zbus::Error::InputOutput(Arc::new(io::Error::from(io::ErrorKind::ConnectionRefused)));

        for (error, user, expected) in [
            (&refused, owner + 1, BusTrouble::OfAnotherUser { owner, user: owner + 1 }),
            (&broken, owner + 1, BusTrouble::OfAnotherUser { owner, user: owner + 1 }),
            (&silent, owner + 1, BusTrouble::Silent),
            (&broken, owner, BusTrouble::Failed("broken pipe".into())),
        ] {
            let VaultError::BusUnreachable { trouble, .. } = place.why_not(error, user) else {
                panic!("{error:?}")
            };
            assert_eq!(trouble, expected);
        }
    }
}
