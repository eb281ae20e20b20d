//! `config.toml` as people edit it.

use super::*;
use crate::app::Provider;
use crate::store::settings::set_language;

const BY_HAND: &str = r#"# my apps
[apps.k3]
name = "Bot" # mine
provider = "x"
client_id = " YmlyZGtleS1zYW5kYm94LWRlbW86MTpuYQ "
client_type = "public"
redirect_uris = ["http://127.0.0.1:8731/callback"]
scopes = ["tweet.read users.read"]
favorite = true

[apps.a1]
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
    assert_eq!(
        config.apps.iter().map(|app| app.name.as_str()).collect::<Vec<_>>(),
        ["Bot", "Other"]
    );
    assert_eq!(config.apps[0].client_id, "YmlyZGtleS1zYW5kYm94LWRlbW86MTpuYQ");
    assert_eq!(config.apps[0].scopes.names(), ["tweet.read", "users.read"]);
    assert_eq!(config.login_timeout, Duration::from_secs(60));
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
fn a_broken_file_is_reported_with_its_place_and_left_alone() {
    let at = |text: &str, expected: &str| {
        let error = parsed(text).unwrap_err();
        assert!(error.contains(expected), "{error:?} lacks {expected:?}");
    };
    at("[apps", "line 1, column 6");
    at("[apps.a]\nname = 7\n", "line 2, column 8");
    at("[login]\ntimeout_seconds = 5\n", "line 2, column 19: timeout_seconds takes 10 to 3600");
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
