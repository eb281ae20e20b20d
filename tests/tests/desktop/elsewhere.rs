//! The terminal of an editor from snap or flatpak: the same user, bus and keychain, other folders.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{
    PrivateDesktop, Provider, binary, items_of, log_in_with, start_with, text,
};

/// What names the folders.
const FOLDERS: [&str; 4] =
    ["BIRDKEY_CONFIG_DIR", "BIRDKEY_DATA_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"];

/// A program in a terminal of the desktop: only the home says where the folders are.
fn plain(desktop: &PrivateDesktop, program: &Path) -> Command {
    desktop.command_without(program.display().to_string(), &FOLDERS)
}

/// A program in the terminal of an editor, which has other folders.
fn editor(desktop: &PrivateDesktop, program: &Path) -> Command {
    let mut command = plain(desktop, program);
    for (name, folder) in [("XDG_DATA_HOME", "snap/data"), ("XDG_CONFIG_HOME", "snap/config")] {
        command.env(name, desktop.root().join("home").join(folder));
    }
    let own = binary("birdkey");
    let path = std::env::var("PATH").unwrap();
    command.env("PATH", format!("{}:{path}", own.parent().unwrap().display()));
    command.stdin(Stdio::null());
    command
}

fn run(mut command: Command, arguments: &[&str]) -> Output {
    command.args(arguments).output().unwrap()
}

/// Somebody logged in on the desktop; the token.
async fn logged_in() -> (PrivateDesktop, Provider, String) {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    let birdkey = binary("birdkey");
    let added = run(plain(&desktop, &birdkey), &provider.add(DEMO_CLIENT_ID));
    assert!(added.status.success(), "{}", text(&added.stderr));
    let mut login = plain(&desktop, &birdkey);
    login.args(["login", "--no-browser"]);
    let login = log_in_with(login).await;
    assert!(login.status.success(), "{}", text(&login.stderr));
    let token = run(plain(&desktop, &birdkey), &["token"]);
    assert!(token.status.success(), "{}", text(&token.stderr));
    let token = text(&token.stdout);
    (desktop, provider, token)
}

/// The line for the shell that a message gives.
fn line(said: &str) -> String {
    let line = said.lines().find_map(|line| line.split_once("run: ")).unwrap_or_else(|| {
        panic!("no line in {said}");
    });
    line.1.to_owned()
}

/// What the shell of the editor's terminal prints after a line.
fn after(desktop: &PrivateDesktop, line: &str, command: &str) -> Output {
    let script = format!("{line}; {command}");
    run(editor(desktop, Path::new("sh")), &["-c", &script])
}

/// Issue 17, L6.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_with_other_folders_says_where_the_login_is_and_the_line_leads_there() {
    let (desktop, _provider, token) = logged_in().await;
    let birdkey = binary("birdkey");
    assert_eq!(items_of(&desktop, "Birdkey").len(), 1, "under the plain name");

    let missing = run(editor(&desktop, &birdkey), &["token"]);
    let json = run(editor(&desktop, &birdkey), &["token", "--json"]);

    let said = text(&missing.stderr);
    assert_eq!(missing.status.code(), Some(4), "{said}");
    let json: serde_json::Value = serde_json::from_slice(&json.stderr).unwrap();
    assert_eq!(json["problem"]["code"], "account_elsewhere");
    let home = desktop.root().join("home/.local/share/birdkey");
    assert!(said.contains(&home.display().to_string()), "{said}");
    let there = after(&desktop, &line(&said), "birdkey token");
    assert_eq!(text(&there.stdout), token, "{}", text(&there.stderr));
    for command in [&["status"][..], &["doctor", "--offline"]] {
        let shown = text(&run(editor(&desktop, &birdkey), command).stdout);
        assert!(shown.contains("Nobody is logged in in this terminal"), "{shown}");
        assert!(shown.contains(&line(&said)), "{shown}");
    }
    let api = run(editor(&desktop, &birdkey), &["api", "/2/users/me"]);
    assert!(text(&api.stderr).contains(&line(&said)), "{}", text(&api.stderr));
    let plain = run(plain(&desktop, &birdkey), &["status"]);
    assert!(!text(&plain.stdout).contains("terminal's folders"), "{}", text(&plain.stdout));
}

/// Issue 17, L6.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_would_end_the_one_of_other_folders_is_refused_where_nobody_is_asked() {
    let (desktop, provider, token) = logged_in().await;
    let birdkey = binary("birdkey");
    let added = run(editor(&desktop, &birdkey), &provider.add(DEMO_CLIENT_ID));
    assert!(added.status.success(), "{}", text(&added.stderr));

    let refused = run(editor(&desktop, &birdkey), &["login", "--timeout", "9s"]);
    let json = run(editor(&desktop, &birdkey), &["login", "--json", "--timeout", "9s"]);

    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), json.status.code());
    assert!(!refused.status.success(), "{said}");
    let json: serde_json::Value = serde_json::from_slice(&json.stderr).unwrap();
    assert_eq!(json["problem"]["code"], "login_elsewhere");
    assert!(!desktop.root().join("browser-url").exists(), "no browser was opened");
    assert_eq!(provider.exchanges(), 1, "the first login alone");
    let there = after(&desktop, &line(&said), "birdkey token");
    assert_eq!(text(&there.stdout), token, "{}", text(&there.stderr));
    assert!(provider.sandbox.accepts(&token), "the login that was there still works");
}

/// Issue 17, L6: asked about first, and done when the answer is yes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_in_other_folders_goes_on_when_a_person_says_so() {
    let (desktop, provider, token) = logged_in().await;
    let birdkey = binary("birdkey");
    run(editor(&desktop, &birdkey), &provider.add(DEMO_CLIENT_ID));
    for (answer, exchanges) in [("n\n", 1), ("y\n", 2)] {
        let mut terminal = editor(&desktop, Path::new("script"));
        let login = format!("{} login --timeout 20s", birdkey.display());
        terminal.args(["-qefc", &login, "/dev/null"]);
        let mut terminal = start_with(terminal, answer);
        if answer == "y\n" {
            let url = desktop.browser_url().await;
            reqwest::Client::builder().no_proxy().build().unwrap().get(url).send().await.unwrap();
        }
        let ended = terminal.wait().unwrap();
        assert_eq!((ended.success(), provider.exchanges()), (exchanges == 2, exchanges));
    }
    assert!(!provider.sandbox.accepts(&token), "as was said before");
    // Now both folders have an account.
    for terminal in [plain(&desktop, &birdkey), editor(&desktop, &birdkey)] {
        let shown = text(&run(terminal, &["status"]).stdout);
        assert!(shown.contains("demo_ada"), "{shown}");
        assert!(!shown.contains("Nobody is logged in"), "{shown}");
    }
}

/// Issue 17, L6.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keychain_knows_the_folder_of_the_home_by_its_plain_name_however_it_is_named() {
    let (desktop, _provider, token) = logged_in().await;
    let (birdkey, home) = (binary("birdkey"), desktop.root().join("home"));
    let (data, config) = (home.join(".local/share/birdkey"), home.join(".config/birdkey"));
    let named = |mut command: Command, data: PathBuf| {
        command.env("BIRDKEY_DATA_DIR", data).env("BIRDKEY_CONFIG_DIR", &config);
        run(command, &["token"])
    };
    for folder in [data.clone(), PathBuf::from(format!("{}/", data.display()))] {
        for terminal in [plain(&desktop, &birdkey), editor(&desktop, &birdkey)] {
            let found = named(terminal, folder.clone());
            assert_eq!(text(&found.stdout), token, "{}", text(&found.stderr));
        }
    }
    assert_eq!(items_of(&desktop, "Birdkey").len(), 1);
}
