//! What each command prints, as text and as JSON: a changed word or field shows in a review.
//!
//! After a change: `INSTA_UPDATE=always cargo xtask test --only desktop`, then look at the diff.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Output;

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{
    PrivateDesktop, Provider, birdkey, give, leads_to, log_in, start, text,
};
use serde_json::Value;

/// What differs from run to run, and what stands in its place.
const FILTERS: [(&str, &str); 11] = [
    (r"\b(tweet\.read|users\.read|offline\.access)\b", "SCOPE"),
    (r"desktop-[0-9a-f]{16}", "PROGRAM"),
    (r"process \d+", "process N"),
    (r"/tmp/birdkey-desktop-\w+", "ROOT"),
    (r#""fingerprint": "[0-9a-f]{16}""#, "\"fingerprint\": \"HEX\""),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
    (r"[A-Za-z0-9_-]{91}", "TOKEN"),
    (r#""(obtainedAtMs|expiresAtMs|atMs|sinceMs|pid)": \d+"#, "\"$1\": N"),
    (r"valid for \d+ h \d+ min", "valid for TIME"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", "DATE"),
    (r"Birdkey \([0-9a-f]{8}\)", "Birdkey (HEX)"),
];

/// A terminal's transcript.
struct Transcript<'a> {
    desktop: &'a PrivateDesktop,
    text: String,
}

impl Transcript<'_> {
    fn run(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        self.add(line, &birdkey(self.desktop, &words));
    }

    fn add(&mut self, line: &str, output: &Output) {
        let code = output.status.code().unwrap();
        let out = text(&output.stdout);
        let said = text(&output.stderr).replace('\n', "\n! ");
        writeln!(self.text, "$ birdkey {line}\n{out}").unwrap();
        if !said.is_empty() {
            writeln!(self.text, "! {said}").unwrap();
        }
        writeln!(self.text, "[{code}]\n").unwrap();
    }

    /// These ids, which are random, are replaced by their names.
    fn compare(mut self, name: &str, ids: &[(&str, String)]) {
        for (name, id) in ids {
            self.text = self.text.replace(id, name);
        }
        insta::with_settings!({ filters => FILTERS, omit_expression => true }, {
            insta::assert_snapshot!(name, self.text);
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_each_command_prints_is_as_it_was() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    let mut before = Transcript { desktop: &desktop, text: String::new() };
    for line in ["status", "status --json", "token", "token --json", "app list", "app show"] {
        before.run(line);
    }
    for line in ["logout", "refresh", "switch @ada", "import xurl", "vault show", "activity"] {
        before.run(line);
    }
    before.compare("with_nothing_set_up", &[]);

    let added = birdkey(&desktop, &provider.add(DEMO_CLIENT_ID));
    let mut after = Transcript { desktop: &desktop, text: String::new() };
    after.add("app add …", &added);
    let (login, _) = log_in(&desktop, &[]).await;
    after.add("login --no-browser", &login);
    for line in ["status", "token", "token --json", "token --format header", "token --format env"] {
        after.run(line);
    }
    for line in ["app list", "app show", "app check", "app check --json", "api /2/users/me"] {
        after.run(line);
    }
    for line in ["token --scope dm.read", "token --account @nobody"] {
        after.run(line);
    }
    for line in ["vault show", "vault show --json", "refresh", "activity"] {
        after.run(line);
    }
    let ids = ids(&desktop);
    after.compare("with_an_account", &ids);

    let mut json = Transcript { desktop: &desktop, text: String::new() };
    for line in ["status", "app list", "activity", "refresh"] {
        json.run(&format!("{line} --json"));
    }
    json.compare("as_json", &ids);

    let mut gone = Transcript { desktop: &desktop, text: String::new() };
    for line in ["logout --json", "logout", "token", "token --json"] {
        gone.run(line);
    }
    gone.compare("after_a_logout", &ids);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_json_all_of_stdout_is_one_object_and_texts_for_people_go_to_stderr() {
    let desktop = PrivateDesktop::start().await;
    let mut sandbox = start(&desktop, &["sandbox", "--port", "0", "--confidential", "--json"]);
    let printed = sandbox.stdout.take().unwrap();
    let mut printed = serde_json::Deserializer::from_reader(printed).into_iter::<Value>();
    let introduced = printed.next().unwrap().unwrap();
    let app = &introduced["confidential"];
    let secret = app["clientSecret"].as_str().unwrap();
    let add: Vec<&str> = app["add"].as_str().unwrap().split(' ').skip(1).collect();
    let added = give(&desktop, &add, secret);
    assert!(added.status.success(), "{}", text(&added.stderr));
    let stop = desktop.command("kill").args(["-INT", &sandbox.id().to_string()]).status();
    assert!(stop.unwrap().success() && sandbox.wait().unwrap().success());
    assert!(printed.next().is_none(), "nothing else is printed");

    let provider = Provider::start(Approve::Auto).await;
    let mut add = provider.add(DEMO_CLIENT_ID);
    add.extend(["--name", "Second"]);
    assert!(birdkey(&desktop, &add).status.success());
    for way in ["--no-browser", "--paste"] {
        let mut login = start(&desktop, &["login", way, "--json", "--app", "Second"]);
        let said = BufReader::new(login.stderr.take().unwrap());
        let mut said = said.lines().map(Result::unwrap);
        let address = said.find(|line| line.starts_with("http")).unwrap();
        let back = leads_to(&address).await;
        if way == "--paste" {
            writeln!(login.stdin.as_mut().unwrap(), "{back}").unwrap();
        } else {
            reqwest::get(back).await.unwrap();
        }
        let said: Vec<String> = said.collect();
        let login = login.wait_with_output().unwrap();
        assert!(login.status.success(), "{way}: {said:?}");
        let printed: Value = serde_json::from_slice(&login.stdout).unwrap();
        assert_eq!(printed["account"]["username"], "demo_ada", "{way}");
    }
    let api = birdkey(&desktop, &["api", "-i", "/2/users/me", "--json"]);
    let me: Value = serde_json::from_slice(&api.stdout).unwrap();
    assert_eq!(me["data"]["username"], "demo_ada");
    assert!(text(&api.stderr).contains("HTTP 200"), "{}", text(&api.stderr));
}

/// The ids of what there is, which are random.
fn ids(desktop: &PrivateDesktop) -> Vec<(&'static str, String)> {
    let status = birdkey(desktop, &["status", "--json"]);
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    let of = |what: &str| status[what][0]["id"].as_str().map(str::to_owned);
    let named = [("APP_ID", of("apps")), ("ACCOUNT_ID", of("accounts"))];
    named.into_iter().filter_map(|(name, id)| Some((name, id?))).collect()
}
