//! What a failed call to the Secret Service means.

use secret_service::Error;
use zbus::{DBusError as _, fdo};

use crate::effects::vault::VaultError;

/// A failed attempt.
#[derive(Debug)]
pub(super) enum Fault {
    /// The service has answered; asking again changes nothing.
    Answered(VaultError),
    /// The session or the connection may be dead; a new one may do better.
    Broken(VaultError),
}

impl Fault {
    pub(super) fn into_cause(self) -> VaultError {
        match self {
            Self::Answered(cause) | Self::Broken(cause) => cause,
        }
    }
}

impl From<Error> for Fault {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the enum may grow, and all that is not named here means the same to us"
    )]
    fn from(error: Error) -> Self {
        match error {
            Error::Locked => Self::Answered(VaultError::Locked),
            Error::Prompt => Self::Answered(VaultError::PromptDismissed),
            Error::Unavailable => Self::Broken(VaultError::Missing),
            Error::Zbus(error) => error.into(),
            Error::ZbusFdo(error) => zbus::Error::FDO(Box::new(error)).into(),
            other => Self::Broken(VaultError::Failed(Box::new(other))),
        }
    }
}

impl From<zbus::Error> for Fault {
    fn from(error: zbus::Error) -> Self {
        match answer_name(&error).as_deref() {
            Some("org.freedesktop.Secret.Error.IsLocked") => Self::Answered(VaultError::Locked),
            Some(name) if nobody_there(name) => Self::Broken(VaultError::Missing),
            _ => Self::Broken(VaultError::Failed(Box::new(error))),
        }
    }
}

/// The name of the D-Bus error that came back, if one did.
fn answer_name(error: &zbus::Error) -> Option<String> {
    if let zbus::Error::MethodError(name, ..) = error {
        return Some(name.to_string());
    }
    let zbus::Error::FDO(error) = error else { return None };
    if let fdo::Error::ZBus(error) = &**error {
        return answer_name(error);
    }
    Some(error.name().to_string())
}

/// Whether the bus says that no keychain runs and none could be started.
fn nobody_there(name: &str) -> bool {
    name == "org.freedesktop.DBus.Error.ServiceUnknown"
        || name == "org.freedesktop.DBus.Error.NameHasNoOwner"
        || name.starts_with("org.freedesktop.DBus.Error.Spawn.")
}
