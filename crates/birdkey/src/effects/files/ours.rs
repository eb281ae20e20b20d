//! Every file that Birdkey keeps, by its place: what is none of these is never written, locked, renamed
//! or removed.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const ACTIVITY: &str = "activity";
const COUNTS: &str = "counts";
const HAND_OVER: &str = "hand-over";
const LOCKS: &str = "locks";
const LOGINS: &str = "logins";
const USED: &str = "used";
const VAULT: &str = "vault";

/// Ids come from files that people edit: what could lead to another folder is escaped.
const NOT_IN_A_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// A file that Birdkey keeps in its folders. It is read as a path; only [`super`] changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurFile(PathBuf);

impl Deref for OurFile {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl AsRef<Path> for OurFile {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

/// In the configuration folder.
impl OurFile {
    /// Apps and settings.
    pub fn config(config: &Path) -> Self {
        Self(config.join("config.toml"))
    }

    /// Held while they are changed.
    pub fn config_lock(config: &Path) -> Self {
        Self(config.join("config.lock"))
    }
}

/// In the data folder.
impl OurFile {
    /// The account list.
    pub fn accounts(data: &Path) -> Self {
        Self(data.join("accounts.json"))
    }

    /// What waits to be revoked.
    pub fn revocations(data: &Path) -> Self {
        Self(data.join("revocations.json"))
    }

    /// Which vault holds the grants.
    pub fn vault_pin(data: &Path) -> Self {
        Self(data.join("vault.json"))
    }

    /// The log of the desktop app.
    pub fn log(data: &Path) -> Self {
        Self(data.join("birdkey.log"))
    }

    /// The log before it.
    pub(super) fn log_before(data: &Path) -> Self {
        Self(data.join("birdkey.log.1"))
    }

    /// A lock by its name: an account's id, or a file's.
    pub fn lock(data: &Path, name: &str) -> Self {
        Self(data.join(LOCKS).join(escaped(name) + ".lock"))
    }

    /// Names the process that holds that lock, or held it last.
    pub fn lock_holder(data: &Path, name: &str) -> Self {
        Self(data.join(LOCKS).join(escaped(name) + ".holder"))
    }

    /// The note that an account's refresh token is about to be spent.
    pub(crate) fn refresh_note(data: &Path, account_id: &str) -> Self {
        Self(data.join(LOCKS).join(escaped(account_id) + ".intent"))
    }

    /// A new pair that the vault did not take.
    pub(crate) fn sealed_pair(data: &Path, account_id: &str) -> Self {
        Self(data.join(LOCKS).join(escaped(account_id) + ".sealed"))
    }

    /// The newest token that the API refused.
    pub(crate) fn refused_token(data: &Path, account_id: &str) -> Self {
        Self(data.join(LOCKS).join(escaped(account_id) + ".refused"))
    }

    /// The note of a login whose code is being redeemed.
    pub(crate) fn login_note(data: &Path, account_id: &str) -> Self {
        Self(login_notes(data).join(escaped(account_id) + ".json"))
    }

    /// A part of a login that the command hands to the app; `id` has been checked.
    pub(crate) fn hand_over(data: &Path, id: &str, part: &str) -> Self {
        Self(hand_overs(data).join(escaped(id) + part))
    }

    /// When an account was last used.
    pub(crate) fn last_use(data: &Path, account_id: &str) -> Self {
        Self(data.join(ACTIVITY).join(USED).join(escaped(account_id)))
    }

    /// The activity; the file of age 0 is being written.
    pub(crate) fn activity(data: &Path, age: usize) -> Self {
        Self(activity(data).join(match age {
            0 => "activity.jsonl".to_owned(),
            age => format!("activity.{age}.jsonl"),
        }))
    }

    /// Held while the activity is written.
    pub(crate) fn activity_lock(data: &Path) -> Self {
        Self(activity(data).join("activity.lock"))
    }

    /// What was counted within an hour.
    pub(crate) fn counts(data: &Path, hour: i64) -> Self {
        Self(counts(data).join(format!("{hour}.json")))
    }

    /// An item of the encrypted files.
    pub(crate) fn vault_item(vault: &Path, name: &str) -> Self {
        Self(vault.join(format!("{}.age", utf8_percent_encode(name, NON_ALPHANUMERIC))))
    }

    /// The identity that opens them, wrapped by a passphrase.
    pub(crate) fn vault_identity(vault: &Path) -> Self {
        Self(vault.join("identity.age"))
    }

    /// Its public key.
    pub(crate) fn vault_recipient(vault: &Path) -> Self {
        Self(vault.join("recipient"))
    }
}

/// Elsewhere.
impl OurFile {
    /// The file of xurl, which an import takes logins out of.
    pub(crate) fn of_xurl(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// What a write makes beside the file that it replaces.
    pub(super) fn half_written(path: PathBuf) -> Self {
        Self(path)
    }
}

/// The folder of the encrypted files.
pub(crate) fn vault(data: &Path) -> PathBuf {
    data.join(VAULT)
}

/// The folder of the notes of logins.
pub(crate) fn login_notes(data: &Path) -> PathBuf {
    data.join(LOGINS)
}

/// The folder of logins that are handed over.
pub(crate) fn hand_overs(data: &Path) -> PathBuf {
    data.join(HAND_OVER)
}

/// The folder of the activity.
pub(crate) fn activity(data: &Path) -> PathBuf {
    data.join(ACTIVITY)
}

/// The folder of what was counted, an hour a file.
pub(crate) fn counts(data: &Path) -> PathBuf {
    data.join(ACTIVITY).join(COUNTS)
}

/// Every folder that files are written in.
pub(super) fn folders(config: &Path, data: &Path) -> Vec<PathBuf> {
    let inner = [LOCKS, LOGINS, HAND_OVER, VAULT].map(|name| data.join(name));
    let activity = [activity(data), counts(data)];
    [config.to_owned(), data.to_owned()].into_iter().chain(inner).chain(activity).collect()
}

/// The configuration or data folder that a file of ours lies in.
pub(super) fn top_of(path: &Path) -> &Path {
    let mut folder = path.parent().unwrap_or(path);
    let inner = [ACTIVITY, COUNTS, HAND_OVER, LOCKS, LOGINS, USED, VAULT];
    while inner.iter().any(|name| folder.ends_with(name)) {
        folder = folder.parent().unwrap_or(folder);
    }
    folder
}

fn escaped(name: &str) -> String {
    utf8_percent_encode(name, NOT_IN_A_NAME).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_to_no_other_folder() {
        let data = Path::new("/data");
        assert_eq!(&*OurFile::lock(data, "k3-a_1"), Path::new("/data/locks/k3-a_1.lock"));
        for id in ["../../.bashrc", "/etc/passwd", "a\\b", "..", "a\0"] {
            let path = OurFile::login_note(data, id);
            assert_eq!(path.parent(), Some(Path::new("/data/logins")), "{id}");
        }
    }

    #[test]
    fn each_file_knows_its_top() {
        let data = Path::new("/home/ada/.local/share/birdkey");
        for file in [
            OurFile::accounts(data),
            OurFile::last_use(data, "a"),
            OurFile::counts(data, 7),
            OurFile::vault_item(&vault(data), "a/b"),
        ] {
            assert_eq!(top_of(&file), data, "{}", file.display());
        }
    }
}
