//! `config.toml` as people edit it.

use super::*;
use crate::model::app::Provider;
use crate::store::settings::{set_language, set_theme};

const BY_HAND: &str = r#"# my apps
[apps.k3]
name = "Bot" # mine
provider = "x"
client_id = " YmlyZGtleS1zYW5kYm94LWRlbW86MTpuYQ "
client_type = "public"
redirect_uris = ["http://127.0.0.1:8731/callback"]
scopes = ["tweet.read users.read"]
favorite = true

# of the other
[apps.a1]
note = 7 # why
name = "Other"
provider = "custom"
client_id = "c"
client_type = "confidential"
authorize_url = "https://login.example/authorize"
token_url = "https://login.example/token"
issuer = "https://login.example"
redirect_uris = []

[login]
timeout_seconds = 60
"#;

fn parsed(text: &str) -> Result<Config, String> {
    parse(Path::new("/c/config.toml"), text).map(|(config, _)| config).map_err(|e| e.to_string())
}

#[test]
fn a_hand_written_file_is_read_in_its_order() {
    let config = parsed(BY_HAND).unwrap();
    assert_eq!(config.apps.iter().map(|app| app.name.raw()).collect::<Vec<_>>(), ["Bot", "Other"]);
    assert_eq!(config.apps[0].client_id, "YmlyZGtleS1zYW5kYm94LWRlbW86MTpuYQ");
    assert_eq!(config.apps[0].scopes.names(), ["tweet.read", "users.read"]);
    assert_eq!(config.login_timeout, Duration::from_mins(1));
    let Provider::Custom(endpoints) = &config.apps[1].provider else { unreachable!() };
    assert_eq!(endpoints.issuer.as_deref(), Some("https://login.example"));
    assert!(endpoints.profile.is_none());
}

#[test]
fn what_we_write_is_read_back_and_the_users_own_lines_stay() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("config.toml"), BY_HAND).unwrap();
    let mut app = read(root.path()).unwrap().apps.remove(1);
    app.id = "zz".into();
    put_app(root.path(), &app).unwrap();
    remove_app(root.path(), "a1").unwrap();

    let text = std::fs::read_to_string(root.path().join("config.toml")).unwrap();
    assert!(
        text.contains("# my apps") && text.contains("# mine") && text.contains("favorite = true")
    );
    let config = read(root.path()).unwrap();
    assert_eq!(config.apps.len(), 2);
    assert_eq!(config.apps[1], app);
}

#[test]
fn an_app_that_is_changed_keeps_the_comments_and_keys_of_its_section() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("config.toml");
    std::fs::write(&path, BY_HAND).unwrap();
    let mut apps = read(root.path()).unwrap().apps;
    let (bot, other) = (&mut apps[0], 1);
    bot.name = "Robot".into();
    bot.redirect_uris.push("http://127.0.0.1:18731/callback".into());
    put_app(root.path(), bot).unwrap();
    let expected = BY_HAND.replace("\"Bot\" # mine", "\"Robot\" # mine");
    let expected = expected
        .replace("8731/callback\"]", "8731/callback\", \"http://127.0.0.1:18731/callback\"]");
    let written = || std::fs::read_to_string(&path).unwrap().replace("version = 1\n", "");
    assert_eq!(written(), expected);

    apps[other].provider = Provider::X;
    apps[other].client_id = "YmlyZGtleS1zYW5kYm94LWRlbW86MTpuYQ".into();
    put_app(root.path(), &apps[other]).unwrap();
    assert_eq!(read(root.path()).unwrap().apps, apps);
    assert!(
        written().contains("# of the other\n[apps.a1]") && written().contains("note = 7 # why")
    );
    assert!(!written().contains("token_url"), "{}", written());
}

#[test]
fn an_app_in_one_line_is_changed_in_its_line() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("config.toml");
    let line = "[apps]\na1 = { name = 'A', extra = 1, provider = 'sandbox', client_id = 'c', \
                client_type = 'public', redirect_uris = [] } # mine\n";
    std::fs::write(&path, line).unwrap();
    let mut app = read(root.path()).unwrap().apps.remove(0);
    app.name = "B".into();
    put_app(root.path(), &app).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.ends_with(&line.replace("'A'", "\"B\"")), "{text}");
}

#[test]
fn a_setting_that_is_changed_keeps_the_comment_behind_it() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("config.toml");
    let text = "version = 1\n# eyes\ntheme = 'dark' # at night\n\n[vault] # mine\nkind = 'keychain' # here\n";
    std::fs::write(&path, text).unwrap();
    set_theme(root.path(), Theme::Light).unwrap();
    set_vault_kind(root.path(), VaultKind::File).unwrap();
    let expected = text.replace("'dark'", "\"light\"").replace("'keychain'", "\"file\"");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
}

#[test]
fn a_broken_file_is_reported_with_its_place_and_left_alone() {
    let at = |text: &str, expected: &str| {
        let error = parsed(text).unwrap_err();
        assert!(error.contains(expected), "{error:?} lacks {expected:?}");
    };
    at("[apps", "line 1, column 6");
    at("[apps.a]\nname = 7\n", "line 2, column 8");
    at("[login]\ntimeout_seconds = 0\n", "line 2, column 19: timeout_seconds takes 1 to 3600");
    at("[login]\ntimeout_seconds = 3601\n", "line 2, column 19: timeout_seconds takes 1 to 3600");
    at("clipboard_seconds = 4\n", "line 1, column 21: clipboard_seconds takes 5 to 600");
    at("language = \"fr\"\n", "line 1, column 12: language takes system, en, de or pseudo");
    at("notify = true\nlanguage = 7\n", "line 2, column 12");
    at(&BY_HAND.replace("token_url", "tokenurl"), "needs token_url");
    at(
        &BY_HAND.replace("https://login.example/token", "http://login.example/token"),
        "neither https",
    );
    at("version = 9\n", "format 9");

    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("config.toml"), "[apps").unwrap();
    assert!(remove_app(root.path(), "a").is_err());
    assert_eq!(std::fs::read_to_string(root.path().join("config.toml")).unwrap(), "[apps");
}

#[test]
fn a_file_that_is_too_large_is_reported_and_never_written_back_cut() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("config.toml");
    let limit = usize::try_from(files::MAX_FILE_BYTES).unwrap();
    std::fs::write(&path, BY_HAND.to_owned() + &"#\n".repeat(limit / 2)).unwrap();
    let before = std::fs::metadata(&path).unwrap().len();
    let ConfigError::File(error) = set_theme(root.path(), Theme::Dark).unwrap_err() else {
        unreachable!()
    };
    assert_eq!(error.source.kind(), std::io::ErrorKind::FileTooLarge);
    assert_eq!(std::fs::metadata(&path).unwrap().len(), before);
}

#[cfg(unix)]
#[test]
fn a_configuration_kept_among_dotfiles_stays_a_link() {
    let root = tempfile::tempdir().unwrap();
    let dotfiles = root.path().join("dotfiles.toml");
    std::fs::write(&dotfiles, BY_HAND).unwrap();
    let folder = root.path().join("config");
    std::fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink("../dotfiles.toml", folder.join("config.toml")).unwrap();
    set_theme(&folder, Theme::Dark).unwrap();
    assert!(folder.join("config.toml").is_symlink());
    assert!(std::fs::read_to_string(&dotfiles).unwrap().contains("theme = \"dark\""));
    assert_eq!(read(&folder).unwrap().apps.len(), 2);
}

#[test]
fn the_language_is_the_systems_unless_one_is_set() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("config.toml"), BY_HAND).unwrap();
    assert_eq!(read(root.path()).unwrap().language, LanguageSetting::System);
    for language in LanguageSetting::ALL {
        set_language(root.path(), language).unwrap();
        let config = read(root.path()).unwrap();
        assert_eq!((config.language, config.apps.len()), (language, 2));
    }
}

#[test]
fn no_file_is_an_empty_configuration() {
    let root = tempfile::tempdir().unwrap();
    assert!(read(&root.path().join("none")).unwrap().apps.is_empty());
}
