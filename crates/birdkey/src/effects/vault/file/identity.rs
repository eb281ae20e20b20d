//! The identity that opens the encrypted files, and where it comes from.

use std::env;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use age::secrecy::{ExposeSecret as _, SecretString};
use age::x25519::Identity;
use age::{DecryptError, scrypt};
use birdkey_messages::{Words, words};
use zeroize::Zeroizing;

use super::session;
use crate::effects::files::{self, OurFile};
use crate::effects::vault::VaultError;
use crate::protocol::secret::Secret;

/// The least number of characters of a new passphrase.
const LEAST_CHARACTERS: usize = 8;
/// Names a file (or `/dev/fd/N`) with the identity; the variable holds no secret.
const VARIABLE: &str = "BIRDKEY_VAULT_IDENTITY";
/// What systemd's `LoadCredential=` puts the identity under.
const CREDENTIAL: &str = "birdkey-vault-identity";
/// The most work that unwrapping may take: 2^22 rounds of scrypt, 4 GiB.
const MOST_WORK: u8 = 22;

/// How long a file or pipe with an identity may take to end.
const READ_LIMIT: Duration = Duration::from_secs(3);

/// Finds the identity of one folder, and keeps it once found.
pub(super) struct Identities {
    folder: PathBuf,
    open: Mutex<Option<Held>>,
}

/// An identity in use.
#[derive(Clone)]
struct Held {
    identity: Identity,
    /// Kept open by an earlier unlocking, until its time is over or somebody locks it.
    by_session: bool,
}

impl Identities {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, open: Mutex::new(None) }
    }

    pub(super) fn is_set_up(&self) -> Result<bool, VaultError> {
        Ok(self.recipient()?.is_some())
    }

    /// The identity: the one in use, else the one in the file named, else a service's credential,
    /// else the one that an earlier unlocking left in the system's memory.
    pub(super) fn open(&self, named: Option<&Path>) -> Result<Identity, VaultError> {
        let recipient = self.recipient()?;
        let held = self.held().clone();
        if let Some(Held { identity, by_session }) = held {
            belongs(&identity, recipient.as_deref())?;
            let public = identity.to_public().to_string();
            if !by_session || session::recall(&public).is_some() {
                return Ok(identity);
            }
            self.held().take();
        }
        if let Some(path) = named.map(Path::to_owned).or_else(given_by_the_environment) {
            let identity = read(&path)?;
            belongs(&identity, recipient.as_deref())?;
            return Ok(self.hold(identity, false));
        }
        let Some(recipient) = recipient else { return Err(VaultError::FilesNotSetUp) };
        let remembered = session::recall(&recipient);
        let identity = remembered.and_then(|text| Identity::from_str(text.expose().trim()).ok());
        match identity.filter(|identity| identity.to_public().to_string() == recipient) {
            Some(identity) => Ok(self.hold(identity, true)),
            None if files::exists(&self.wrapped()) => Err(VaultError::FilesLocked),
            None => Err(VaultError::IdentityMissing),
        }
    }

    /// Makes a new identity and wraps it; one that is there is unlocked instead.
    pub(super) fn set_up(
        &self,
        passphrase: &Secret,
        keep_open: Duration,
    ) -> Result<(), VaultError> {
        if self.is_set_up()? || files::exists(&self.wrapped()) {
            return self.unlock(passphrase, keep_open).map(drop);
        }
        if passphrase.expose().chars().count() < LEAST_CHARACTERS {
            return Err(VaultError::PassphraseShort { least: LEAST_CHARACTERS });
        }
        let identity = Identity::generate();
        let wrapping = scrypt::Recipient::new(secret_string(passphrase));
        let plain = text(&identity);
        let wrapped = age::encrypt(&wrapping, plain.expose().as_bytes())
            .map_err(|error| VaultError::Failed(Box::new(error)))?;
        // The wrapped identity first: a public key without it would be a vault that nothing opens.
        files::write_bytes(&self.wrapped(), &wrapped)?;
        self.mark(&identity)?;
        let kept = session::remember(&identity.to_public().to_string(), &plain, keep_open);
        self.hold(identity, kept);
        Ok(())
    }

    /// Unwraps the identity; true when other programs of this user may use it too.
    pub(super) fn unlock(
        &self,
        passphrase: &Secret,
        keep_open: Duration,
    ) -> Result<bool, VaultError> {
        let path = self.wrapped();
        let Some(wrapped) = files::read_bytes(&path)? else {
            let set_up = self.is_set_up()?;
            return Err(if set_up {
                VaultError::IdentityMissing
            } else {
                VaultError::FilesNotSetUp
            });
        };
        let mut unwrapping = scrypt::Identity::new(secret_string(passphrase));
        unwrapping.set_max_work_factor(MOST_WORK);
        let plain = age::decrypt(&unwrapping, &wrapped).map_err(|error| match error {
            DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
                VaultError::PassphraseWrong
            }
            DecryptError::ExcessiveWork { .. }
            | DecryptError::InvalidHeader
            | DecryptError::InvalidMac
            | DecryptError::Io(_)
            | DecryptError::NoMatchingKeys
            | DecryptError::UnknownFormat => VaultError::Damaged { path: path.to_path_buf() },
        })?;
        let damaged = || VaultError::Damaged { path: path.to_path_buf() };
        let plain = Secret::from_utf8(plain).ok_or_else(damaged)?;
        let identity = Identity::from_str(plain.expose()).map_err(|_| damaged())?;
        belongs(&identity, self.recipient()?.as_deref())?;
        // Lost, perhaps, or a set-up was cut off before it.
        self.mark(&identity)?;
        let kept = session::remember(&identity.to_public().to_string(), &plain, keep_open);
        self.hold(identity, kept);
        Ok(kept)
    }

    pub(super) fn forget(&self) -> Result<(), VaultError> {
        self.held().take();
        if let Some(recipient) = self.recipient()? {
            session::forget(&recipient);
        }
        Ok(())
    }

    /// Says once whose files these are.
    pub(super) fn mark(&self, identity: &Identity) -> Result<(), VaultError> {
        if self.recipient()?.is_none() {
            let recipient = identity.to_public().to_string();
            files::write_text(&OurFile::vault_recipient(&self.folder), &recipient)?;
        }
        Ok(())
    }

    fn recipient(&self) -> Result<Option<String>, VaultError> {
        let text = files::read_text(&OurFile::vault_recipient(&self.folder))?;
        Ok(text.map(|text| text.trim().to_owned()))
    }

    fn wrapped(&self) -> OurFile {
        OurFile::vault_identity(&self.folder)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Held>> {
        // It is there or not, whole either way, so a panicked holder harms nothing.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, identity: Identity, by_session: bool) -> Identity {
        *self.held() = Some(Held { identity: identity.clone(), by_session });
        identity
    }
}

/// The identity as `age` writes it down.
pub(super) fn text(identity: &Identity) -> Secret {
    Secret::new(identity.to_string().expose_secret().to_owned())
}

fn secret_string(secret: &Secret) -> SecretString {
    SecretString::from(secret.expose().to_owned())
}

fn belongs(identity: &Identity, recipient: Option<&str>) -> Result<(), VaultError> {
    let ours = identity.to_public().to_string();
    if recipient.is_none_or(|recipient| recipient == ours) {
        return Ok(());
    }
    Err(VaultError::IdentityOther)
}

fn given_by_the_environment() -> Option<PathBuf> {
    let named = env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
    named.or_else(|| {
        let credential = Path::new(&env::var_os("CREDENTIALS_DIRECTORY")?).join(CREDENTIAL);
        credential.is_file().then_some(credential)
    })
}

/// Reads an identity as `age-keygen` writes it: one line with the key, others are comments.
fn read(path: &Path) -> Result<Identity, VaultError> {
    let unusable = |reason: Words| VaultError::IdentityUnusable { path: path.to_owned(), reason };
    let bytes = files::read_within(path, READ_LIMIT)
        .ok_or_else(|| unusable(words!("identity.endless")))?
        .map_err(|error| unusable(error.source.to_string().into()))?;
    let bytes = Zeroizing::new(bytes.ok_or_else(|| unusable(words!("identity.missing")))?);
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let key = text.lines().map(str::trim).find(|line| line.starts_with("AGE-SECRET-KEY-"));
    let key = key.ok_or_else(|| unusable(words!("identity.no_key")))?;
    Identity::from_str(key).map_err(|reason| unusable(reason.into()))
}
