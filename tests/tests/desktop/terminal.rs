//! The command as a script sees it: what is on stdout, what on stderr, and how it ends.

use std::io::{BufRead as _, BufReader};

use birdkey::effects::deep_link::REDIRECT_URI;
use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{
    CLIENT_SECRET, CONFIDENTIAL, PrivateDesktop, Provider, binary, birdkey, give, items_of, line,
    log_in, log_in_with, service_of, start, text,
};
use birdkey_tests::scan::find_in_tree;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_logs_in_by_the_printed_address_alone() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert_eq!(birdkey(&desktop, &["login"]).status.code(), Some(3), "no app yet");
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    assert_eq!(birdkey(&desktop, &["token"]).status.code(), Some(4), "nobody logged in yet");
    assert_eq!(birdkey(&desktop, &["tokens"]).status.code(), Some(2), "no such command");
    assert_eq!(birdkey(&desktop, &["login", "--app", "nope"]).status.code(), Some(3));

    let (output, page) = log_in(&desktop, &[]).await;

    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "", "the address was all of stdout");
    assert!(page.contains("You are logged in"), "{page}");
    let json = birdkey(&desktop, &["status", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["accounts"][0]["username"], "demo_ada");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_with_the_same_redirect_is_added_with_a_warning() {
    let desktop = PrivateDesktop::start().await;
    let shared = ["--redirect-uri", "http://127.0.0.1:8731/callback"];
    let add = ["app", "add", "--client-id", DEMO_CLIENT_ID];
    let at_x = birdkey(&desktop, &[&add[..], &shared].concat());
    assert!(!text(&at_x.stderr).contains("note:"), "{}", text(&at_x.stderr));
    let server = ["--provider", "custom", "--name", "Work"];
    let (authorize, token) = ("https://login.example/authorize", "https://login.example/token");
    let server = [&server[..], &["--authorize-url", authorize, "--token-url", token]].concat();

    let added = birdkey(&desktop, &[&add[..], &shared, &server].concat());

    assert!(added.status.success(), "{}", text(&added.stderr));
    assert!(text(&added.stderr).contains("Two servers redirect"), "{}", text(&added.stderr));
    let apps = birdkey(&desktop, &["app", "list", "--json"]);
    let apps: serde_json::Value = serde_json::from_slice(&apps.stdout).unwrap();
    for app in apps["apps"].as_array().unwrap() {
        assert_eq!(app["problem"]["code"], "redirect_uri_shared", "both apps say so");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_nobody_goes_on_with_ends_with_8() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    birdkey(&desktop, &provider.add(DEMO_CLIENT_ID));

    let output = birdkey(&desktop, &["login", "--no-browser", "--timeout", "1s"]);

    assert_eq!(output.status.code(), Some(8), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("1 second"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_is_named_and_the_right_one_fixes_it() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    let add = provider.add(CONFIDENTIAL);
    let without = birdkey(&desktop, &[add.clone(), vec!["--confidential"]].concat());
    assert!(text(&without.stderr).contains("--client-secret-file"), "{}", text(&without.stderr));
    let with = [add, vec!["--confidential", "--name", "Mine", "--client-secret-file", "-"]];
    assert!(give(&desktop, &with.concat(), "not-the-secret").status.success());

    let (refused, page) = log_in(&desktop, &[]).await;

    assert!(text(&refused.stderr).contains("client secret"), "{}", text(&refused.stderr));
    assert_eq!(refused.status.code(), Some(3), "{}", text(&refused.stderr));
    assert!(page.contains("client secret"), "{page}");
    let mend = ["app", "add", "--id", "Mine", "--client-secret-file", "-"];
    assert!(give(&desktop, &mend, &format!(" {CLIENT_SECRET}\r\n")).status.success());
    let (fixed, _) = log_in(&desktop, &[]).await;
    assert!(fixed.status.success(), "{}", text(&fixed.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keychain_that_is_locked_or_has_no_home_is_named_and_forgets_nobody() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    birdkey(&desktop, &provider.add(DEMO_CLIENT_ID));
    let (output, _) = log_in(&desktop, &[]).await;
    assert!(output.status.success(), "{}", text(&output.stderr));

    desktop.lock_keychain();
    let locked = birdkey(&desktop, &["token"]);
    assert_eq!(locked.status.code(), Some(7), "{}", text(&locked.stderr));
    assert!(text(&locked.stderr).contains("locked"), "{}", text(&locked.stderr));
    assert_eq!(text(&locked.stdout), "");
    let accounts = birdkey(&desktop, &["status"]);
    assert!(text(&accounts.stdout).contains("demo_ada"), "the account is still known");

    let fresh = PrivateDesktop::without_collection().await;
    birdkey(&fresh, &provider.add(DEMO_CLIENT_ID));
    let login = birdkey(&fresh, &["login", "--no-browser"]);
    assert_eq!(text(&login.stdout), "", "nobody consents for nothing");
    assert_eq!(login.status.code(), Some(7), "{}", text(&login.stderr));
    assert!(text(&login.stderr).contains("default"), "{}", text(&login.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_browser_a_login_prints_the_address_at_once_and_says_so_at_its_end() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let without = |browser: Option<&str>, time: &str| {
        let program = binary("birdkey").display().to_string();
        let mut login = desktop.command_without(program, &["BROWSER", "DISPLAY"]);
        login.args(["login", "--timeout", time]).envs(browser.map(|browser| ("BROWSER", browser)));
        login
    };

    for browser in [None, Some("/nowhere/at/all"), Some("false")] {
        let login = log_in_with(without(browser, "1m")).await;
        let said = text(&login.stderr);
        assert!(login.status.success(), "{browser:?}: {said}");
        assert!(said.contains("The browser did not open."), "{browser:?}: {said}");
    }
    let ended = without(Some("/nowhere/at/all"), "1s").output().unwrap();
    let said = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(8), "{said}");
    let (_, end) = said.split_once("error: ").unwrap();
    for words in ["No browser was opened. /nowhere/at/all could not", "birdkey login --paste"] {
        assert!(end.contains(words), "{words}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_can_t_come_back_by_its_link_waits_at_the_port_and_says_so() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    let mut add = provider.add(DEMO_CLIENT_ID);
    add.splice(2..2, ["--redirect-uri", REDIRECT_URI]);
    assert!(birdkey(&desktop, &add).status.success());

    let (login, _) = log_in(&desktop, &[]).await;

    let said = text(&login.stderr);
    assert!(login.status.success(), "{said}");
    assert!(said.contains("by its link here; waiting on this machine's port instead."), "{said}");
    assert!(said.contains("Logged in as Ada Demo (@demo_ada)"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sandbox_prints_how_to_use_it_and_its_grants_outlive_it() {
    let desktop = PrivateDesktop::start().await;
    let mut sandbox = start(&desktop, &["sandbox", "--port", "0", "--approve", "auto"]);
    let address = line(&mut sandbox);
    let said = BufReader::new(sandbox.stderr.take().unwrap());
    let add = said.lines().map(Result::unwrap).find(|line| line.contains("app add")).unwrap();
    let add: Vec<&str> = add.split_whitespace().skip(1).collect();
    assert!(birdkey(&desktop, &add).status.success(), "{add:?}");
    let (output, _) = log_in(&desktop, &[]).await;
    assert!(output.status.success(), "{}", text(&output.stderr));

    let second = birdkey(&desktop, &["sandbox", "--port", "0"]);
    assert!(!second.status.success());
    assert!(text(&second.stderr).contains(&address), "{}", text(&second.stderr));

    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
    let token = birdkey(&desktop, &["token"]);
    assert!(token.status.success(), "a valid token needs no server: {}", text(&token.stderr));
    let status = text(&birdkey(&desktop, &["status"]).stdout);
    assert!(status.contains("not running"), "{status}");

    let mut again = start(&desktop, &["sandbox", "--port", port(&address)]);
    assert_eq!(line(&mut again), address);
    let me = reqwest::Client::builder().no_proxy().build().unwrap();
    let me = me.get(format!("{address}/2/users/me")).bearer_auth(text(&token.stdout));
    assert_eq!(me.send().await.unwrap().status(), 200, "the grant outlived its server");
    again.kill().unwrap();
    again.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passphrase_opens_the_encrypted_files_for_a_while_and_a_credential_for_a_service() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let words = "five random words of mine";
    let used = give(&desktop, &["vault", "use", "file", "--passphrase-file", "-"], words);
    assert!(used.status.success(), "{}", text(&used.stderr));
    let (login, _) = log_in(&desktop, &[]).await;
    assert!(login.status.success(), "{}", text(&login.stderr));
    assert!(items_of(&desktop, &service_of(&desktop)).is_empty(), "nothing is in the keychain");

    assert!(birdkey(&desktop, &["vault", "lock"]).status.success());
    let locked = birdkey(&desktop, &["token"]);
    assert_eq!(locked.status.code(), Some(7));
    assert!(text(&locked.stderr).contains("birdkey vault unlock"), "{}", text(&locked.stderr));
    let wrong = give(&desktop, &["vault", "unlock", "--passphrase-file", "-"], "something else");
    assert_eq!(wrong.status.code(), Some(7));
    let unlocked = give(&desktop, &["vault", "unlock", "--passphrase-file", "-"], words);
    // A kernel that keeps no keys for this user says so; what follows needs none.
    if unlocked.status.success() {
        assert!(birdkey(&desktop, &["token"]).status.success());
        let identity = birdkey(&desktop, &["vault", "identity"]);
        assert!(text(&identity.stdout).starts_with("AGE-SECRET-KEY-"));
        let json = birdkey(&desktop, &["vault", "identity", "--json"]);
        let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(json["identity"], text(&identity.stdout));
        assert!(birdkey(&desktop, &["vault", "lock"]).status.success());
        let script = give(&desktop, &["vault", "identity", "--passphrase-file", "-"], words);
        assert_eq!(script.stdout, identity.stdout, "{}", text(&script.stderr));
        let folder = desktop.root().join("credentials");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("birdkey-vault-identity"), &identity.stdout).unwrap();
        let mut service = desktop.command(binary("birdkey").display().to_string());
        let token = service.arg("token").env("CREDENTIALS_DIRECTORY", &folder).output().unwrap();
        assert!(provider.sandbox.accepts(&text(&token.stdout)), "{}", text(&token.stderr));
        assert_eq!(birdkey(&desktop, &["token"]).status.code(), Some(7), "for the service alone");
    } else {
        println!("skipped in part: {}", text(&unlocked.stderr));
    }
    let mut secrets = provider.secrets();
    secrets.push(words.to_owned());
    for folder in [desktop.data(), desktop.config()] {
        assert_eq!(find_in_tree(&folder, &secrets), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn activity_is_followed_line_by_line_and_costs_nothing_in_between() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    assert!(log_in(&desktop, &[]).await.0.status.success());
    let mut following = start(&desktop, &["activity", "--follow"]);
    assert!(line(&mut following).contains("logged in"));
    assert!(birdkey(&desktop, &["token"]).status.success());
    assert!(line(&mut following).contains("token for "));
    let mut as_json = start(&desktop, &["activity", "--follow", "--json"]);
    let login: serde_json::Value = serde_json::from_str(&line(&mut as_json)).unwrap();
    assert_eq!((&login["version"], &login["event"]), (&2.into(), &"login".into()));
    as_json.kill().unwrap();
    as_json.wait().unwrap();
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", following.id())).unwrap();
        let mut fields = stat.rsplit(") ").next().unwrap().split(' ').skip(11);
        fields.next().unwrap().parse::<u64>().unwrap()
            + fields.next().unwrap().parse::<u64>().unwrap()
    };
    let before = ticks();
    // Something to be told of, so that a following that never rests has had its time.
    for _ in 0..30 {
        assert!(birdkey(&desktop, &["status"]).status.success());
    }
    let used = ticks() - before;
    assert!(used <= 10, "{used} ticks of 10 ms for nothing");
    following.kill().unwrap();
    following.wait().unwrap();
}

fn port(address: &str) -> &str {
    address.rsplit(':').next().unwrap()
}
