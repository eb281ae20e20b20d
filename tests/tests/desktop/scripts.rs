//! The command in scripts: which account, which form, a program with the token in its environment.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{
    CONFIDENTIAL, PrivateDesktop, Provider, binary, birdkey, give, leads_to, line, log_in,
    logged_in, start, text, until,
};

const PATIENCE: Duration = Duration::from_secs(10);

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Runs the command with a variable.
fn with(desktop: &PrivateDesktop, name: &str, value: &str, arguments: &[&str]) -> Output {
    let mut command = desktop.command(binary("birdkey").display().to_string());
    command.env(name, value).args(arguments).output().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_comes_in_the_form_a_script_wants() {
    let (desktop, _provider) = logged_in().await;
    let token = out(&birdkey(&desktop, &["token"]));
    let form = |form: &str| out(&birdkey(&desktop, &["token", "--format", form]));
    assert_eq!(form("raw"), token);
    assert_eq!(form("header"), format!("Authorization: Bearer {token}"));
    assert_eq!(form("env"), format!("X_ACCESS_TOKEN={token}"));
    let json: serde_json::Value = serde_json::from_str(&form("json")).unwrap();
    assert_eq!(json["accessToken"], token);
    assert_eq!(json["version"], 2);
    assert!(json["expiresAtMs"].is_i64() && json["scopes"].is_array(), "{json}");
    assert_eq!(out(&birdkey(&desktop, &["token", "--scope", "users.read"])), token);

    let lacking = birdkey(&desktop, &["token", "--scope", "users.read", "--scope", "dm.read"]);
    assert_eq!(lacking.status.code(), Some(4));
    assert!(lacking.stdout.is_empty());
    let said = text(&lacking.stderr);
    let line = said.lines().find_map(|line| line.split_once("birdkey login ")).unwrap().1;
    assert!(line.contains("--scope users.read") && line.ends_with("--scope dm.read"), "{said}");
    let words: Vec<&str> = std::iter::once("--no-browser").chain(line.split(' ')).collect();
    let (login, _) = log_in(&desktop, &words[1..]).await;
    assert!(login.status.success(), "the line works as it is: {}", text(&login.stderr));
    out(&birdkey(&desktop, &["token", "--scope", "dm.read"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn argument_environment_and_default_choose_in_this_order() {
    let (desktop, provider) = logged_in().await;
    let mut second = provider.add(CONFIDENTIAL);
    second.extend(["--name", "Second", "--confidential", "--client-secret-file", "-"]);
    assert!(give(&desktop, &second, birdkey_tests::desktop::CLIENT_SECRET).status.success());
    let (login, _) = log_in(&desktop, &["--app", "Second"]).await;
    assert!(login.status.success(), "{}", text(&login.stderr));
    let of = |arguments: &[&str]| out(&birdkey(&desktop, &[&["token"], arguments].concat()));
    let first = of(&["--app", "Sandbox"]);
    let other = of(&["--app", "Second"]);
    assert_ne!(first, other);

    let default_of = |status: &Output| {
        let mut status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
        let default = status["default"].take();
        let accounts = status["accounts"].as_array().unwrap();
        let default = accounts.iter().find(|account| account["id"] == default);
        default.map(|account| account["appName"].as_str().unwrap().to_owned())
    };

    assert_eq!(birdkey(&desktop, &["token"]).status.code(), Some(4), "it is not clear which");
    assert_eq!(default_of(&birdkey(&desktop, &["status", "--json"])), None);
    let narrowed = with(&desktop, "BIRDKEY_APP", "Second", &["status", "--json"]);
    assert_eq!(default_of(&narrowed).as_deref(), Some("Second"));
    let unknown = with(&desktop, "BIRDKEY_ACCOUNT", "@nobody", &["status", "--json"]);
    assert_eq!(default_of(&unknown), None);
    assert_eq!(out(&with(&desktop, "BIRDKEY_APP", "Second", &["token"])), other);
    assert_eq!(out(&with(&desktop, "BIRDKEY_ACCOUNT", "second/@demo_ada", &["token"])), other);
    let given = ["token", "--app", "Sandbox"];
    assert_eq!(out(&with(&desktop, "BIRDKEY_ACCOUNT", "second/@demo_ada", &given)), first);
    let given = ["token", "--account", "sandbox/@demo_ada"];
    assert_eq!(out(&with(&desktop, "BIRDKEY_APP", "Second", &given)), first);
    assert_eq!(with(&desktop, "BIRDKEY_ACCOUNT", "@nobody", &["token"]).status.code(), Some(4));
    let status = out(&with(&desktop, "BIRDKEY_APP", "Second", &["status"]));
    assert!(status.contains("by BIRDKEY_APP"), "{status}");
    assert!(birdkey(&desktop, &["switch", "sandbox/@demo_ada"]).status.success());
    assert_eq!(of(&[]), first);
    let chosen = birdkey(&desktop, &["status", "--json"]);
    assert_eq!(default_of(&chosen).as_deref(), Some("Sandbox"));
    let status = out(&birdkey(&desktop, &["status"]));
    assert!(status.contains("by default_account in config.toml"), "{status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_gets_the_token_and_takes_the_place_of_the_command() {
    let (desktop, _provider) = logged_in().await;
    let token = out(&birdkey(&desktop, &["token"]));
    let script = "printf '%s' \"$X_ACCESS_TOKEN\"; exit 7";
    let ran = birdkey(&desktop, &["exec", "--", "sh", "-c", script]);
    assert_eq!((ran.status.code(), text(&ran.stdout)), (Some(7), token.clone()));
    let named = ["exec", "--env", "TOKEN", "--", "sh", "-c", "printf %s \"$TOKEN$X_ACCESS_TOKEN\""];
    assert_eq!(out(&birdkey(&desktop, &named)), token);

    let mut long = start(&desktop, &["exec", "--", "sleep", "60"]);
    let comm = format!("/proc/{}/comm", long.id());
    until("the program itself", PATIENCE, async || {
        std::fs::read_to_string(&comm).is_ok_and(|name| name.trim() == "sleep")
    })
    .await;
    let told = Command::new("kill").args(["-TERM", &long.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(long.wait().unwrap().signal(), Some(15), "signals are its own");

    let missing = birdkey(&desktop, &["exec", "--", "no-such-program"]);
    assert_eq!(missing.status.code(), Some(127));
    assert!(text(&missing.stderr).contains("“no-such-program” could not be started"));
    let not_a_program = desktop.config().join("config.toml").display().to_string();
    assert_eq!(birdkey(&desktop, &["exec", "--", &not_a_program]).status.code(), Some(126));
    assert_eq!(birdkey(&desktop, &["exec", "--env", "A=B", "--", "true"]).status.code(), Some(2));
    let nobody = birdkey(&desktop, &["exec", "--account", "@nobody", "--", "touch", "ran"]);
    assert_eq!(nobody.status.code(), Some(4), "without a token nothing is run");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shell_completes_commands_accounts_and_apps() {
    let (desktop, _provider) = logged_in().await;
    let completed = |words: &str, last: &str| {
        let folder = binary("birdkey").parent().unwrap().display().to_string();
        let script = format!(
            "PATH={folder}:$PATH; source <(birdkey completions bash) || exit 9; \
             COMP_WORDS=({words} '{last}'); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _clap_complete_birdkey birdkey '{last}'; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        out(&desktop.command("bash").args(["-c", &script]).output().unwrap())
    };
    assert_eq!(completed("birdkey", "tok").trim(), "token");
    assert_eq!(completed("birdkey token --account", "").trim(), "@demo_ada");
    assert_eq!(completed("birdkey login --app", "").trim(), "Sandbox");
    for shell in ["zsh", "fish", "powershell"] {
        let script = out(&birdkey(&desktop, &["completions", shell]));
        assert!(script.contains("BIRDKEY_COMPLETE"), "{shell}: {script}");
    }
    let misspelt = birdkey(&desktop, &["tokne"]);
    assert_eq!(misspelt.status.code(), Some(2));
    assert!(text(&misspelt.stderr).contains("'token'"), "{}", text(&misspelt.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_ssh_a_login_takes_the_pasted_address() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let program = binary("birdkey").display().to_string();
    let mut login = desktop.command_without(&program, &["DISPLAY"]);
    login.env("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22").arg("login");
    login.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut login = login.spawn().unwrap();
    let back = leads_to(&line(&mut login)).await;
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap();

    let mut keyboard = login.stdin.take().unwrap();
    let other = back.replace("state=", "state=x");
    // As a terminal or a mail breaks it, with words around.
    let (first, last) = back.split_at(back.len() - 20);
    writeln!(keyboard, "{code}\n{other}\nIt is ({first}\n  {last}).").unwrap();

    let ended = login.wait_with_output().unwrap();
    let said = text(&ended.stderr);
    assert!(ended.status.success(), "{said}");
    for expected in ["within 30 seconds", "only the code", "another login", "Logged in as Ada Demo"]
    {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(!said.contains(code), "{said}");
    assert!(birdkey(&desktop, &["token"]).status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_goes_to_the_api_of_the_grant_and_costs_a_new_token_nothing() {
    let (desktop, provider) = logged_in().await;
    let token = out(&birdkey(&desktop, &["token"]));
    let api = |arguments: &[&str]| birdkey(&desktop, &[&["api"], arguments].concat());

    let me = api(&["/2/users/me", "-i"]);
    let said = out(&me);
    assert!(said.starts_with("HTTP 200") && said.contains("\"demo_ada\""), "{said}");
    assert!(!said.contains(&token) && !text(&me.stderr).contains(&token));
    assert!(out(&api(&[&format!("{}/2/users/me", provider.address)])).contains("demo_ada"));

    let before = provider.states().len();
    for (arguments, words) in [
        (vec!["https://evil.example/2/users/me"], "only server that may get this token"),
        (vec!["/2/%6fauth2/token", "-X", "POST"], "birdkey refresh or birdkey logout"),
        (vec!["/2/users/me", "-H", "authorization: Bearer x"], "Birdkey adds the token"),
        (vec!["users/me"], "begins with a slash"),
    ] {
        let refused = api(&arguments);
        assert_eq!(refused.status.code(), Some(3), "{arguments:?}");
        assert!(text(&refused.stderr).contains(words), "{arguments:?}: {}", text(&refused.stderr));
        assert!(refused.stdout.is_empty());
    }
    assert_eq!(provider.states().len(), before);
    let missing = api(&["/2/no/such/thing", "-f", "a=b"]);
    assert_eq!(missing.status.code(), Some(5), "{}", text(&missing.stderr));

    provider.sandbox.plan("me:empty=401".parse().unwrap());
    let refreshes = provider.refreshes();
    let refused = api(&["/2/users/me"]);
    assert_eq!(refused.status.code(), Some(4), "{}", text(&refused.stderr));
    assert_eq!(provider.refreshes(), refreshes, "each refresh is a rotation, and this pair is new");
    assert_eq!(out(&birdkey(&desktop, &["token"])), token);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_the_api_is_told_with_its_exit_code() {
    let (desktop, provider) = logged_in().await;
    for (fault, code, words) in [
        ("me:rate-limited=7", 6, "too many requests"),
        ("me:unavailable", 6, "out of order"),
        ("me:empty=403", 5, "which scopes were granted"),
        ("me:empty=402", 5, "credits"),
        ("me:empty=401", 4, "less than a minute old"),
        ("me:drop-before", 6, "connection"),
    ] {
        provider.sandbox.plan(fault.parse().unwrap());
        let refused = birdkey(&desktop, &["api", "/2/users/me"]);
        let said = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(code), "{fault}: {said}");
        assert!(said.contains(words), "{fault}: {said}");
    }
    out(&birdkey(&desktop, &["api", "/2/users/me"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_is_checked_without_a_login() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let check = || birdkey(&desktop, &["app", "check"]);
    let said = out(&check());
    assert!(
        said.contains("knows its client id") && said.contains(&provider.redirect_uri),
        "{said}"
    );
    assert_eq!((provider.states().len(), provider.exchanges()), (0, 0), "no login was begun");

    let port = provider.redirect_uri.split(':').nth(2).unwrap().split('/').next().unwrap();
    let taken = std::net::TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    let refused = check();
    assert_eq!(refused.status.code(), Some(3));
    assert!(text(&refused.stderr).contains(port), "{}", text(&refused.stderr));
    drop(taken);

    let config = desktop.config().join("config.toml");
    let right = std::fs::read_to_string(&config).unwrap();
    for (from, to, words) in [
        (DEMO_CLIENT_ID, "bm8tc3VjaC1hcHAtYW55d2hlcmU6MTpuYQ", "does not know this client id"),
        (DEMO_CLIENT_ID, CONFIDENTIAL, "type"),
        (provider.address.as_str(), "http://127.0.0.1:9", "sandbox"),
    ] {
        std::fs::write(&config, right.replace(from, to)).unwrap();
        let refused = check();
        let said = text(&refused.stderr);
        assert!(!refused.status.success() && said.contains(words), "{to}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_uri_of_two_servers_is_told_before_the_first_login_alone() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let at = ["app", "add", "--provider", "custom", "--name", "Another", "--client-id", "abc"];
    let urls = ["--authorize-url", "https://a.example/authorize", "--token-url"];
    let rest = ["https://a.example/token", "--redirect-uri", &provider.redirect_uri];
    assert!(birdkey(&desktop, &[&at[..], &urls, &rest].concat()).status.success());
    let warning = "warning: Two servers redirect to the same address.";

    let (first, _) = log_in(&desktop, &["--app", "Sandbox"]).await;
    let (again, _) = log_in(&desktop, &["--app", "Sandbox"]).await;

    let said = text(&first.stderr);
    assert!(said.contains(warning), "{said}");
    assert!(said.contains("hint: Register another redirect URI for Another."), "{said}");
    assert!(again.status.success() && !text(&again.stderr).contains("warning:"));
    let doctor = text(&birdkey(&desktop, &["doctor", "--offline"]).stdout);
    assert!(doctor.contains("Two servers redirect to the same address."), "{doctor}");
}
