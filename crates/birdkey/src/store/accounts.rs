//! `accounts.json`: the list of accounts. An index without secrets; the vault item is the truth for
//! token and expiry and repairs it.

use std::path::{Path, PathBuf};

use birdkey_foreign::{Foreign, Part};
use serde::{Deserialize, Serialize};

use crate::effects::files::{self, FileError, OurFile};
use crate::model::grant::{self, Grant};
use crate::protocol::profile::{Profile, ProfileFailure};
use crate::protocol::scope::Scopes;

/// The version of the file's format.
const FORMAT: u32 = 1;

/// The list and how often it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountList {
    /// The version of the format.
    version: u32,
    /// Rises with every write.
    pub generation: u64,
    /// The accounts, oldest first.
    pub accounts: Vec<Account>,
}

/// An account as far as it is known without the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Short, random, never changed.
    pub id: String,
    /// The app it was logged in through.
    pub app_id: String,
    /// The user's id at the provider, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Foreign>,
    /// The user name without `@`, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Foreign>,
    /// The display name, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Foreign>,
    /// Why the names are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_note: Option<ProfileNote>,
    /// As the provider gave it.
    pub token_type: String,
    /// `expires_in` as the provider gave it, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
    /// When the answer came, Unix milliseconds.
    pub obtained_at_ms: i64,
    /// When the access token expires, Unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at_ms: Option<i64>,
    /// `scope` as the provider gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The scopes asked for, space-separated.
    pub scopes_requested: String,
    /// Length of the access token, in characters; never the token.
    pub access_token_chars: usize,
    /// The first 16 hex digits of the SHA-256 of the access token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Length of the refresh token, in characters, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token_chars: Option<usize>,
    /// Tells token pairs apart without showing them.
    #[serde(default)]
    pub serial: String,
    /// Why the refresh token of this pair is dead, once the server said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// Scopes that the last refresh took away, space-separated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes_lost: Option<String>,
    /// Whether a later login may have ended this pair: the server keeps one grant for each app and user,
    /// and did not say whose login it was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overtaken: bool,
}

/// Why a grant can't be refreshed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The server refused the refresh token.
    Refused,
    /// The server refused it after the reply to an earlier refresh was lost: it had rotated.
    ReplyLost,
}

/// Why the names of an account are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileNote {
    /// 401.
    Unauthorized,
    /// 402.
    NoCredits,
    /// 403, the app is in no package.
    NotEnrolled,
    /// 403, a scope is missing.
    Forbidden,
    /// 429.
    RateLimited,
    /// No answer in time, or no connection.
    Slow,
    /// Another status, or no user in the answer.
    Unavailable,
    /// The app has no profile address.
    NotOffered,
}

impl From<ProfileFailure> for ProfileNote {
    fn from(failure: ProfileFailure) -> Self {
        match failure {
            ProfileFailure::Unauthorized => Self::Unauthorized,
            ProfileFailure::NoCredits => Self::NoCredits,
            ProfileFailure::NotEnrolled => Self::NotEnrolled,
            ProfileFailure::Forbidden => Self::Forbidden,
            ProfileFailure::RateLimited => Self::RateLimited,
            ProfileFailure::Unavailable { .. } | ProfileFailure::NoUser => Self::Unavailable,
        }
    }
}

/// Why there is no account list.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The file can't be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is not what it should be.
    #[error("{} is broken in line {line}, column {column}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A newer version of this program wrote it.
    #[error("{} has format {found}, newer than {FORMAT}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The format found.
        found: u32,
    },
}

/// A user name as it is written for a person: `@ada`.
pub(crate) fn at(username: &Foreign) -> Foreign {
    Foreign::joined([Part::Own("@"), Part::Foreign(username)])
}

/// A user as a person knows them: `Ada (@ada)`, or what is known of it.
pub(crate) fn person(name: Option<&Foreign>, username: Option<&Foreign>) -> Option<Foreign> {
    let Some((name, username)) = name.zip(username) else {
        return name.cloned().or_else(|| username.map(at));
    };
    let parts = [Part::Foreign(name), Part::Own(" (@"), Part::Foreign(username), Part::Own(")")];
    Some(Foreign::joined(parts))
}

impl Account {
    /// Whose it is, for a person.
    pub(crate) fn called(&self) -> Foreign {
        let known = person(self.name.as_ref(), self.username.as_ref());
        known.unwrap_or_else(|| Foreign::new(&format!("Account {} (name not known)", self.id)))
    }

    /// The account of a grant just stored.
    pub fn new(id: String, app_id: String, grant: &Grant) -> Self {
        let mut account = Self {
            id,
            app_id,
            user_id: None,
            username: None,
            name: None,
            profile_note: None,
            token_type: String::new(),
            expires_in: None,
            obtained_at_ms: 0,
            expires_at_ms: None,
            scope: None,
            scopes_requested: String::new(),
            access_token_chars: 0,
            fingerprint: None,
            refresh_token_chars: None,
            serial: String::new(),
            ended: None,
            scopes_lost: None,
            overtaken: false,
        };
        account.sync_from(grant);
        account
    }

    /// Takes over what the grant in the vault says; true when anything changed.
    pub fn sync_from(&mut self, grant: &Grant) -> bool {
        let before = self.clone();
        if self.serial != grant.serial {
            // What an earlier refresh took away is missed until it comes back.
            let missed = Scopes::parse(self.scopes_lost.as_deref().unwrap_or_default());
            let had = granted(self).unwrap_or_default();
            let has = grant.scopes_granted();
            let lost = had.names().iter().chain(missed.names());
            let lost =
                lost.filter(|name| has.as_ref().is_some_and(|has| !has.names().contains(name)));
            let lost = Scopes::from_names(lost.map(String::as_str)).to_string();
            self.scopes_lost = Some(lost).filter(|lost| !lost.is_empty());
            self.serial.clone_from(&grant.serial);
            self.ended = None;
            self.overtaken = false;
        }
        self.token_type.clone_from(&grant.token_type);
        self.expires_in = grant.expires_in;
        self.obtained_at_ms = grant.obtained_at_ms;
        self.expires_at_ms = grant.expires_at_ms;
        self.scope.clone_from(&grant.scope);
        self.scopes_requested = grant.scopes_requested.to_string();
        self.access_token_chars = grant.access_token.len();
        self.fingerprint = Some(grant.access_token.fingerprint());
        self.refresh_token_chars =
            grant.refresh_token.as_ref().map(crate::protocol::secret::Secret::len);
        if let Some(profile) = &grant.profile {
            self.name_as(profile);
        }
        *self != before
    }

    /// Takes over whose account it is.
    pub fn name_as(&mut self, profile: &Profile) {
        self.user_id = Some(profile.user_id.clone());
        self.username.clone_from(&profile.username);
        self.name.clone_from(&profile.name);
        self.profile_note = None;
    }
}

/// The scopes granted, as far as the index knows; `None` when they are unknown.
pub(crate) fn granted(account: &Account) -> Option<Scopes> {
    grant::granted(account.scope.as_deref(), Scopes::parse(&account.scopes_requested))
}

impl Default for AccountList {
    fn default() -> Self {
        Self { version: FORMAT, generation: 0, accounts: Vec::new() }
    }
}

impl AccountList {
    /// The account with this id.
    pub fn find(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }
}

/// Reads the list; a missing file is an empty one.
///
/// # Errors
///
/// [`AccountsError`]; the file stays as it is.
pub fn read(folder: &Path) -> Result<AccountList, AccountsError> {
    let path = OurFile::accounts(folder);
    let Some(text) = files::read_text(&path)? else { return Ok(AccountList::default()) };
    let broken = |error: serde_json::Error| AccountsError::Broken {
        path: path.to_path_buf(),
        line: error.line(),
        column: error.column(),
    };
    // Read once when all is well: this is on the way of every token.
    let list = serde_json::from_str::<AccountList>(&text);
    let found = match &list {
        Ok(list) => list.version,
        Err(_) => serde_json::from_str::<Version>(&text).map_err(broken)?.version,
    };
    if found > FORMAT {
        return Err(AccountsError::Newer { path: path.to_path_buf(), found });
    }
    list.map_err(broken)
}

/// The account with this id, without reading the others: a list of this version as this program
/// writes it has one account a line, the id first. `None` says nothing; [`read`] tells then.
pub(crate) fn find(folder: &Path, id: &str) -> Option<Account> {
    let text = files::read_text(&OurFile::accounts(folder)).ok()??;
    if !text.starts_with(&format!("{{\"version\":{FORMAT},")) {
        return None;
    }
    let begins = format!("{{\"id\":\"{id}\",");
    let line = text.lines().find(|line| line.starts_with(&begins))?;
    let account: Account = serde_json::from_str(line.trim_end_matches(',')).ok()?;
    Some(account).filter(|account| account.id == id)
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Reads, changes and writes the list under its lock; does not write when nothing changed.
///
/// # Errors
///
/// [`AccountsError`]; the old list then stays.
pub fn change<T>(
    folder: &Path,
    change: impl FnOnce(&mut Vec<Account>) -> T,
) -> Result<T, AccountsError> {
    let _lock = files::lock(&OurFile::lock(folder, "accounts"))?;
    let mut list = read(folder)?;
    let before = list.accounts.clone();
    let result = change(&mut list.accounts);
    if list.accounts == before {
        return Ok(result);
    }
    list.generation += 1;
    files::write_text(&OurFile::accounts(folder), &written(&list))?;
    Ok(result)
}

/// One account a line: a thousand of them are read for every token.
fn written(list: &AccountList) -> String {
    let AccountList { version, generation, accounts } = list;
    // An account of texts and numbers always serializes.
    let lines = accounts.iter().map(|one| serde_json::to_string(one).unwrap_or_default());
    let lines = lines.collect::<Vec<_>>().join(",\n");
    format!("{{\"version\":{version},\"generation\":{generation},\"accounts\":[\n{lines}\n]}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_or_newer_list_is_reported_and_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("accounts.json");
        for (text, expected) in [("{\n!", "line 2, column 1"), (r#"{"version":7}"#, "format 7")] {
            std::fs::write(&path, text).unwrap();
            let error = change(root.path(), Vec::clear).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn an_account_is_found_by_its_line_as_the_whole_list_has_it() {
        let root = tempfile::tempdir().unwrap();
        let account = |id: &str| {
            serde_json::from_value::<Account>(serde_json::json!({
                "id": id, "app_id": "a", "token_type": "bearer", "obtained_at_ms": 1,
                "scopes_requested": "tweet.read", "access_token_chars": 91, "username": "{\"id\":\"x\",",
            }))
        };
        change(root.path(), |all| all.extend(["one", "two"].map(|id| account(id).unwrap())))
            .unwrap();
        let list = read(root.path()).unwrap();
        for id in ["one", "two"] {
            assert_eq!(find(root.path(), id).as_ref(), list.find(id), "{id}");
        }
        assert_eq!(find(root.path(), "x"), None);
        // Written by hand in another form, it is left to the whole reading.
        let pretty = serde_json::to_string_pretty(&list).unwrap();
        files::write_text(&OurFile::accounts(root.path()), &pretty).unwrap();
        assert_eq!((find(root.path(), "one"), read(root.path()).unwrap()), (None, list));
    }

    #[test]
    fn a_change_that_changes_nothing_writes_nothing() {
        let root = tempfile::tempdir().unwrap();
        change(root.path(), Vec::clear).unwrap();
        assert!(!root.path().join("accounts.json").exists());
    }
}
