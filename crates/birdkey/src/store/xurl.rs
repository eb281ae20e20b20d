//! What lies in xurl's file: `~/.xurl/auth.yml`, or the older `~/.xurl`.
//!
//! Layouts as xurl 1.3.1 writes them (`store/tokens.go` and `store/paths.go` of xdevplatform/xurl):
//! YAML with apps by name; before that JSON, which is YAML too, with the tokens of one app that is
//! not named. Other kinds of tokens in there are left alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use birdkey_foreign::Foreign;
use serde::Deserialize;
use serde_norway::Value;
use zeroize::Zeroizing;

use crate::effects::files::{self, FileError, OurFile};
use crate::protocol::secret::Secret;

/// One app of the file.
#[derive(Debug)]
pub(crate) struct XurlApp {
    /// xurl's name for it; empty in the older layout.
    pub(crate) name: String,
    /// The client id; the older layout has none.
    pub(crate) client_id: Option<String>,
    /// The client secret, of a confidential app.
    pub(crate) client_secret: Option<Secret>,
    /// The logins.
    pub(crate) logins: Vec<XurlLogin>,
}

/// One login of an app.
#[derive(Debug, Clone)]
pub(crate) struct XurlLogin {
    /// The user name, as the file spells it.
    pub(crate) key: String,
    /// The user name, for a person.
    pub(crate) username: Foreign,
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    /// Unix milliseconds.
    pub(crate) expires_at_ms: Option<i64>,
}

impl XurlLogin {
    fn tokens(&self) -> impl Iterator<Item = &Secret> {
        std::iter::once(&self.access_token).chain(&self.refresh_token)
    }
}

/// Why the file can't be taken over.
#[derive(Debug, thiserror::Error)]
pub enum XurlError {
    /// It can't be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is not what xurl writes.
    #[error("{} is not what xurl writes{}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Counted from 1, where it is known.
        line: Option<usize>,
    },
    /// There is none.
    #[error("there is no file of xurl")]
    Missing {
        /// Where it would be.
        path: PathBuf,
    },
    /// It holds no login by OAuth 2.0.
    #[error("xurl has no login by OAuth 2.0")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The app here with the client id is at another server than X.
    #[error("the app {app:?} is at another server")]
    OtherServer {
        /// Its name.
        app: Foreign,
    },
    /// A token of a login holds what no token may hold.
    #[error("a token of {user:?} in {} is none", path.display())]
    NoToken {
        /// The file.
        path: PathBuf,
        /// Whose login it is.
        user: Foreign,
    },
    /// The older layout does not say which app its logins belong to.
    #[error("the file does not name its app")]
    NoClientId {
        /// The file.
        path: PathBuf,
    },
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct File {
    apps: Option<BTreeMap<String, Option<AppEntry>>>,
    /// The older layout.
    oauth2_tokens: Option<Tokens>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct AppEntry {
    client_id: Option<String>,
    client_secret: Option<Secret>,
    oauth2_tokens: Option<Tokens>,
}

/// By user. What is empty is read as nothing at all levels, as it is written back as `null`.
type Tokens = BTreeMap<String, Option<TokenEntry>>;

#[derive(Deserialize)]
struct TokenEntry {
    oauth2: Option<OAuth2>,
}

#[derive(Deserialize)]
struct OAuth2 {
    access_token: Secret,
    refresh_token: Option<Secret>,
    /// Unix seconds.
    expiration_time: Option<u64>,
}

/// Where xurl's file is, or would be.
pub(crate) fn path_in(home: &Path) -> PathBuf {
    let older = home.join(".xurl");
    let newer = older.join("auth.yml");
    if !files::exists(&newer) && files::is_file(&older) { older } else { newer }
}

/// Reads the apps that have a login.
pub(crate) fn read(path: &Path) -> Result<Vec<XurlApp>, XurlError> {
    let Some(text) = files::read_text(path)?.map(Secret::new) else {
        return Err(XurlError::Missing { path: path.to_owned() });
    };
    // Read as it is written back without the logins, so that none is taken that would stay there.
    let value = serde_norway::from_str::<Value>(text.expose());
    let value = value.map_err(|error| unreadable(path, &error))?;
    if has_tags(&value) {
        return Err(XurlError::Unreadable { path: path.to_owned(), line: None });
    }
    let file: File = serde_norway::from_value(value).map_err(|error| {
        // The text says in which line.
        let placed = serde_norway::from_str::<File>(text.expose()).err();
        unreadable(path, &placed.unwrap_or(error))
    })?;
    let entries = file.apps.unwrap_or_default().into_iter();
    let mut apps: Vec<_> =
        entries.map(|(name, entry)| app(name, entry.unwrap_or_default())).collect();
    if file.oauth2_tokens.is_some() {
        let entry = AppEntry { oauth2_tokens: file.oauth2_tokens, ..AppEntry::default() };
        apps.push(app(String::new(), entry));
    }
    let logins = apps.iter().flat_map(|app| &app.logins);
    if let Some(login) = logins.into_iter().find(|login| !login.tokens().all(Secret::is_token)) {
        return Err(XurlError::NoToken { path: path.to_owned(), user: login.username.clone() });
    }
    apps.retain(|app| !app.logins.is_empty());
    if apps.is_empty() {
        return Err(XurlError::Empty { path: path.to_owned() });
    }
    Ok(apps)
}

/// Whether anything has a type of its own, which xurl writes nowhere and which reads and finds the same
/// key differently.
fn has_tags(value: &Value) -> bool {
    match value {
        Value::Tagged(_) => true,
        Value::Sequence(values) => values.iter().any(has_tags),
        Value::Mapping(fields) => {
            fields.iter().any(|(key, value)| has_tags(key) || has_tags(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn app(name: String, entry: AppEntry) -> XurlApp {
    let given = |text: &Secret| !text.expose().trim().is_empty();
    let logins = entry.oauth2_tokens.unwrap_or_default().into_iter().filter_map(|(user, token)| {
        let oauth2 = token?.oauth2.filter(|oauth2| given(&oauth2.access_token))?;
        let seconds = oauth2.expiration_time.and_then(|seconds| i64::try_from(seconds).ok());
        Some(XurlLogin {
            username: Foreign::new(&user),
            key: user,
            access_token: oauth2.access_token,
            refresh_token: oauth2.refresh_token.filter(given),
            expires_at_ms: seconds.map(|seconds| seconds.saturating_mul(1_000)),
        })
    });
    XurlApp {
        name,
        client_id: entry.client_id.filter(|id| !id.trim().is_empty()),
        client_secret: entry.client_secret.filter(given),
        logins: logins.collect(),
    }
}

/// Takes logins out of the file, by the name of their app; everything else stays, also a login that
/// was refreshed since it was read.
pub(crate) fn remove(path: &Path, taken: &[(String, XurlLogin)]) -> Result<(), XurlError> {
    let text = Zeroizing::new(files::read_text(path)?.unwrap_or_default());
    let mut file: Value =
        serde_norway::from_str(&text).map_err(|error| unreadable(path, &error))?;
    for (app, login) in taken {
        // The older layout names no app; in the newer one a name may be empty.
        if app.is_empty() {
            forget(&mut file, login);
        }
        if let Some(app) = file.get_mut("apps").and_then(|apps| apps.get_mut(app.as_str())) {
            forget(app, login);
        }
    }
    // What was read as YAML can be written as YAML; the older layout is JSON and stays so.
    let is_json = text.trim_start().starts_with('{');
    let written = if is_json {
        serde_json::to_string_pretty(&file).ok()
    } else {
        serde_norway::to_string(&file).ok()
    };
    let written =
        written.ok_or_else(|| XurlError::Unreadable { path: path.to_owned(), line: None })?;
    Ok(files::write_text(&OurFile::of_xurl(path), &written)?)
}

/// Takes a login out of what holds it.
fn forget(holder: &mut Value, login: &XurlLogin) {
    let Some(tokens) = holder.get_mut("oauth2_tokens").and_then(Value::as_mapping_mut) else {
        return;
    };
    if tokens.get(login.key.as_str()).is_some_and(|entry| is_same(entry, login)) {
        tokens.remove(login.key.as_str());
    }
}

/// Whether an entry still holds the tokens that were taken.
fn is_same(entry: &Value, login: &XurlLogin) -> bool {
    let Some(found) = entry.get("oauth2") else { return false };
    let token = |name: &str| found.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    match &login.refresh_token {
        Some(refresh) => token("refresh_token").is_some_and(|it| refresh.matches(it)),
        None => token("access_token").is_some_and(|it| login.access_token.matches(it)),
    }
}

fn unreadable(path: &Path, error: &serde_norway::Error) -> XurlError {
    let line = error.location().map(|location| location.line());
    XurlError::Unreadable { path: path.to_owned(), line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login_in(path: &Path, username: &str) -> XurlLogin {
        let logins = read(path).unwrap().into_iter().flat_map(|app| app.logins);
        logins.into_iter().find(|login| login.key == username).unwrap()
    }

    const NEWER: &str = "\
apps:
  mine:
    client_id: the-client
    client_secret: the-secret
    default_user: ada
    oauth2_tokens:
      ada:
        type: oauth2
        oauth2:
          access_token: AT-ada
          refresh_token: RT-ada
          expiration_time: 1795500000
      grace:
        type: oauth2
        oauth2:
          access_token: AT-grace
          refresh_token: \"\"
          expiration_time: 0
    bearer_token:
      type: bearer
      bearer: APP-ONLY
  empty:
    client_id: other
    client_secret: \"\"
default_app: mine
";
    const OLDER: &str = r#"{"oauth2_tokens":{"ada":{"type":"oauth2","oauth2":{"access_token":"AT",
        "refresh_token":"RT","expiration_time":1795500000}}},"bearer_token":{"type":"bearer","bearer":"B"}}"#;

    fn at(home: &Path, name: &str, text: &str) -> PathBuf {
        files::write_text(&OurFile::of_xurl(&home.join(name)), text).unwrap();
        path_in(home)
    }

    #[test]
    fn both_layouts_are_read() {
        let home = tempfile::tempdir().unwrap();
        let apps = read(&at(home.path(), ".xurl/auth.yml", NEWER)).unwrap();
        assert_eq!(apps.len(), 1, "an app without logins has nothing to take over");
        assert_eq!(
            (apps[0].name.as_str(), apps[0].client_id.as_deref()),
            ("mine", Some("the-client"))
        );
        assert_eq!(apps[0].client_secret.as_ref().unwrap().expose(), "the-secret");
        let [ada, grace] = apps[0].logins.as_slice() else { panic!("two logins") };
        assert_eq!((ada.key.as_str(), ada.expires_at_ms), ("ada", Some(1_795_500_000_000)));
        assert_eq!(ada.refresh_token.as_ref().unwrap().expose(), "RT-ada");
        assert!(grace.refresh_token.is_none());

        let home = tempfile::tempdir().unwrap();
        let apps = read(&at(home.path(), ".xurl", OLDER)).unwrap();
        assert_eq!((apps[0].name.as_str(), apps[0].client_id.as_deref()), ("", None));
        assert_eq!(apps[0].logins[0].access_token.expose(), "AT");
    }

    #[test]
    fn only_what_was_taken_goes() {
        let home = tempfile::tempdir().unwrap();
        let path = at(home.path(), ".xurl/auth.yml", NEWER);
        remove(&path, &[("mine".into(), login_in(&path, "ada"))]).unwrap();
        let text = files::read_text(&path).unwrap().unwrap();
        for kept in ["AT-grace", "APP-ONLY", "the-secret", "default_app: mine", "client_id: other"]
        {
            assert!(text.contains(kept), "{kept} in {text}");
        }
        assert!(!text.contains("AT-ada") && !text.contains("RT-ada"), "{text}");

        let home = tempfile::tempdir().unwrap();
        let path = at(home.path(), ".xurl", OLDER);
        remove(&path, &[(String::new(), login_in(&path, "ada"))]).unwrap();
        let text = files::read_text(&path).unwrap().unwrap();
        assert!(text.starts_with('{') && text.contains("\"B\"") && !text.contains("RT"), "{text}");
    }

    #[test]
    fn what_was_refreshed_meanwhile_and_what_a_link_leads_to() {
        let home = tempfile::tempdir().unwrap();
        let real = at(home.path(), "dotfiles/auth.yml", NEWER);
        let real = real.parent().unwrap().parent().unwrap().join("dotfiles/auth.yml");
        let taken = login_in(&real, "ada");
        let link = home.path().join("link.yml");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let path = if cfg!(unix) { &link } else { &real };
        let refreshed = NEWER.replace("RT-ada", "RT-newer");
        files::write_text(&OurFile::of_xurl(&real), &refreshed).unwrap();
        remove(path, &[("mine".into(), taken)]).unwrap();
        assert!(files::read_text(&real).unwrap().unwrap().contains("RT-newer"), "it is not ours");

        remove(path, &[("mine".into(), login_in(path, "ada"))]).unwrap();
        assert!(!files::read_text(&real).unwrap().unwrap().contains("RT-newer"));
        assert!(!cfg!(unix) || link.is_symlink());
    }

    #[test]
    fn a_token_that_is_none_is_refused_with_its_user() {
        let home = tempfile::tempdir().unwrap();
        let odd = NEWER.replace("AT-grace", "\"AT\\nBIRDKEY_TOKEN: x\"");
        let error = read(&at(home.path(), ".xurl/auth.yml", &odd)).unwrap_err();
        assert!(matches!(&error, XurlError::NoToken { user, .. } if *user == "grace"), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("BIRDKEY_TOKEN"));
    }

    #[test]
    fn a_broken_file_is_named_without_its_content() {
        let home = tempfile::tempdir().unwrap();
        let path = at(home.path(), ".xurl/auth.yml", "apps:\n  mine: [AT-secret\n");
        let error = read(&path).unwrap_err();
        assert!(error.to_string().contains("auth.yml"), "{error}");
        assert!(!format!("{error:?}").contains("AT-secret"), "{error:?}");
        assert!(matches!(read(Path::new("/nowhere")), Err(XurlError::Missing { .. })));
        let none = at(home.path(), ".xurl/auth.yml", "apps: {}\n");
        assert!(matches!(read(&none), Err(XurlError::Empty { .. })));
    }
}
