//! A login that the command asks the desktop app to do: two small files, no secrets.
//!
//! Files rather than arguments, so that no program can make the app write anywhere else: an id is
//! eight letters and digits, and both files lie in the data folder.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::effects::files::{self, FileError, FileLock, OurFile};
use crate::problem::Problem;
use crate::store::login_notes::Target;

/// A login that is handed over is done by then: the longest takes an hour.
const ABANDONED_AFTER: Duration = Duration::from_hours(2);

/// What the command wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wanted {
    /// The id of the app.
    pub app: String,
    /// Which account it is for.
    #[serde(default)]
    pub target: Target,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// How long to wait for the user, in seconds.
    pub timeout_seconds: u64,
    /// Set when the command gives the login up; it goes on waiting for how it ends.
    #[serde(default)]
    pub given_up: bool,
}

/// What the app says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub(super) enum Said {
    /// The login is begun.
    Begun,
    /// It ended well, under this account.
    Done {
        /// The account's id.
        account: String,
        /// What else there is to say.
        #[serde(flatten)]
        told: Told,
    },
    /// It failed.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// What a login that ended well has to say beside its account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What is to be known about it.
    #[serde(default)]
    pub remarks: Vec<Problem>,
    /// Why the account asked for is still without a login, when it is.
    pub not_renewed: Option<Problem>,
}

/// The place of one login that is handed over.
#[derive(Debug, Clone)]
pub(super) struct Place {
    wanted: OurFile,
    said: OurFile,
    /// Held by the app for as long as it lives.
    lock: OurFile,
}

impl Place {
    /// The place of an id; `None` for what is no id.
    pub(super) fn of(data: &Path, id: &str) -> Option<Self> {
        let is_id =
            id.len() == 8 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        is_id.then(|| Self {
            wanted: OurFile::hand_over(data, id, ".json"),
            said: OurFile::hand_over(data, id, ".said.json"),
            lock: OurFile::hand_over(data, id, ".lock"),
        })
    }

    /// The places of logins that nobody waits for any more, and that no app holds.
    pub(crate) fn abandoned(data: &Path) -> Vec<Self> {
        let names = files::names_in(&files::hand_overs(data));
        let mut ids: Vec<_> = names.iter().filter_map(|name| name.split('.').next()).collect();
        ids.dedup();
        let places = ids.into_iter().filter_map(|id| Self::of(data, id));
        places.filter(Self::is_abandoned).collect()
    }

    fn is_abandoned(&self) -> bool {
        let ages: Vec<_> = self.files().into_iter().filter_map(|file| files::age(file)).collect();
        let is_old = !ages.is_empty() && ages.into_iter().all(|age| age > ABANDONED_AFTER);
        is_old && !self.is_held()
    }

    /// Whether an app holds the place. Only a lock that is there is tried: a new one would make the place
    /// young again.
    fn is_held(&self) -> bool {
        files::exists(&self.lock) && self.hold().is_none()
    }

    /// Asks for a login.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub(super) fn want(&self, wanted: &Wanted) -> Result<(), FileError> {
        put(&self.wanted, wanted)
    }

    /// Reads what is wanted; `None` when nothing is any more.
    pub(super) fn wanted(&self) -> Option<Wanted> {
        get(&self.wanted)
    }

    /// Whether the command still wants the login.
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted().is_some_and(|wanted| !wanted.given_up)
    }

    /// Whether a command is there to be told how it ended.
    pub(super) fn is_awaited(&self) -> bool {
        files::exists(&self.wanted)
    }

    /// Holds the place for as long as what is returned lives, at most as long as this process.
    pub(super) fn hold(&self) -> Option<FileLock> {
        files::try_lock(&self.lock).ok().flatten()
    }

    /// Says how it goes; nobody may be there to read it.
    pub(super) fn say(&self, said: &Said) {
        if let Err(error) = put(&self.said, said) {
            tracing::warn!(%error, "the command is not told how its login goes");
        }
    }

    /// What the app said last.
    pub(super) fn said(&self) -> Option<Said> {
        get(&self.said)
    }

    fn files(&self) -> [&OurFile; 3] {
        [&self.wanted, &self.said, &self.lock]
    }

    /// Removes all files.
    pub(super) fn clear(&self) {
        for file in self.files() {
            if let Err(error) = files::remove(file) {
                tracing::debug!(%error, "a file of a login stays");
            }
        }
    }
}

fn put(path: &OurFile, value: &impl Serialize) -> Result<(), FileError> {
    // Plain values always become JSON.
    files::write_text(path, &serde_json::to_string(value).unwrap_or_default())
}

fn get<T: for<'de> Deserialize<'de>>(path: &Path) -> Option<T> {
    serde_json::from_str(&files::read_text(path).ok()??).ok()
}

#[cfg(test)]
mod tests {
    use super::{ABANDONED_AFTER, Place, Said, Told, Wanted};
    use crate::problem::desktop_app_ended;

    #[test]
    fn an_id_leads_nowhere_else() {
        let folder = std::path::Path::new("/data");
        for id in ["", "../../../", "abc/defg", "ABCDEFGH", "abcdefghi", "abc.defg", "äbcdefg"] {
            assert!(Place::of(folder, id).is_none(), "{id}");
        }
        assert!(Place::of(folder, "ab2defgh").is_some());
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        clippy::disallowed_types,
        reason = "makes files old, as no code of ours does"
    )]
    fn only_the_files_of_an_old_login_that_no_app_holds_are_left_behind() {
        let root = tempfile::tempdir().unwrap();
        let hand_over = root.path().join("hand-over");
        std::fs::create_dir(&hand_over).unwrap();
        let now = std::time::SystemTime::now();
        let old = now - 2 * ABANDONED_AFTER;
        for (name, written) in [
            ("ab2defgh.json", old),
            ("heldhere.json", old),
            ("underway.json", old),
            ("underway.said.json", now),
            ("mine.json", old),
            ("ab2defgh-backup.json", old),
        ] {
            std::fs::File::create(hand_over.join(name)).unwrap().set_modified(written).unwrap();
        }
        let held = Place::of(root.path(), "heldhere").unwrap();
        let lock = held.hold().unwrap();
        std::fs::File::open(&*held.lock).unwrap().set_modified(old).unwrap();
        let left = || -> Vec<_> {
            Place::abandoned(root.path()).into_iter().map(|place| place.wanted).collect()
        };

        let old = Place::of(root.path(), "ab2defgh").unwrap().wanted;
        assert_eq!(left(), std::slice::from_ref(&old));
        drop(lock);
        assert_eq!(
            left(),
            [old, held.wanted],
            "that was found before, and the app of this one is gone"
        );
    }

    #[test]
    fn what_is_wanted_and_said_comes_back_as_written() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path(), "ab2defgh").unwrap();
        let wanted = Wanted {
            app: "a".into(),
            target: crate::store::login_notes::Target::Unsaid,
            scopes: vec!["users.read".into()],
            timeout_seconds: 300,
            given_up: false,
        };
        place.want(&wanted).unwrap();
        assert_eq!(place.wanted(), Some(wanted));
        let told = Told { remarks: vec![desktop_app_ended()], not_renewed: None };
        let said = Said::Done { account: "x".into(), told };
        place.say(&said);
        // Words come back as the text that they were written as.
        assert_eq!(format!("{:?}", place.said()), format!("{:?}", Some(said)));
        place.clear();
        assert!(!place.is_wanted() && place.said().is_none());
    }
}
