//! Where a run takes place: a private desktop, a sandbox, one login.

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use birdkey::effects::files;
use birdkey::effects::seal;
use birdkey::effects::vault::{FileVault, ItemName, Vault as _, VaultKind};
use birdkey_sandbox::{Approve, DEMO_CLIENT_ID, Plan};
use serde_json::Value;

use crate::desktop::{
    PrivateDesktop, Provider, binary, birdkey, items_of, log_in, service_of, text, until,
};
use crate::scan::find_in_tree;

/// Longer than any lifetime of a token in here.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Ground {
    pub(super) desktop: Arc<PrivateDesktop>,
    pub(super) provider: Provider,
    pub(super) kind: VaultKind,
}

/// How a command ended: its exit code and the code of its Problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) exit_code: i32,
    pub(super) problem: Option<String>,
}

impl Ground {
    /// With the demo app set up and one user logged in.
    pub(super) async fn new(kind: VaultKind) -> Self {
        let desktop = Arc::new(PrivateDesktop::start().await);
        let provider = Provider::start(Approve::Auto).await;
        let ground = Self { desktop, provider, kind };
        assert!(birdkey(&ground.desktop, &ground.provider.add(DEMO_CLIENT_ID)).status.success());
        if kind == VaultKind::File {
            let identity = ground.desktop.root().join("identity");
            std::fs::write(&identity, seal::new_key().expose()).unwrap();
            let file = identity.display().to_string();
            ground.succeeds(&["vault", "use", "file", "--identity-file", &file]);
        }
        ground.log_in().await;
        ground
    }

    pub(super) async fn log_in(&self) {
        let (output, _) = log_in(&self.desktop, &[]).await;
        assert!(output.status.success(), "{}", text(&output.stderr));
    }

    pub(super) fn plan(&self, line: &str) {
        self.provider.sandbox.plan(line.parse::<Plan>().unwrap());
    }

    /// Runs the command; what it printed on stdout.
    pub(super) fn succeeds(&self, arguments: &[&str]) -> String {
        let output = birdkey(&self.desktop, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs the command with `--json`; how it ended.
    pub(super) fn ends(&self, arguments: &[&str]) -> Ended {
        ended(&birdkey(&self.desktop, &[arguments, &["--json"]].concat()))
    }

    /// Runs the command while the server goes on answering others.
    pub(super) async fn output(&self, arguments: &[&str]) -> Output {
        let mut command = tokio::process::Command::from(self.command(arguments));
        command.stdin(Stdio::null()).output().await.unwrap()
    }

    /// A command that dies with us, to be started.
    pub(super) fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = self.desktop.command(binary("birdkey").display().to_string());
        command.args(arguments);
        command
    }

    pub(super) fn status(&self) -> Value {
        let status = birdkey(&self.desktop, &["status", "--json"]);
        serde_json::from_slice(&status.stdout).unwrap()
    }

    /// Waits until the only access token has run out.
    pub(super) async fn ran_out(&self) {
        let began = std::time::Instant::now();
        until("the token to run out", 2 * PATIENCE, async || {
            let account = self.status()["accounts"][0].clone();
            assert!(began.elapsed() < PATIENCE, "the token does not run out: {account:#}");
            account["state"] == "refreshable"
        })
        .await;
    }

    /// The texts of all grants in the vault, as an outsider with the key reads them.
    pub(super) async fn held(&self) -> Vec<String> {
        if self.kind == VaultKind::Keychain {
            let items = items_of(&self.desktop, &service_of(&self.desktop));
            return items.into_iter().map(|item| item.secret).collect();
        }
        let vault = FileVault::new(self.desktop.data().join("vault"))
            .opened_by(Some(self.desktop.root().join("identity")));
        let list = birdkey::store::accounts::read(&self.desktop.data()).unwrap();
        let mut held = Vec::new();
        for account in list.accounts {
            let name = ItemName::grant(&account.app_id, &account.id);
            if let Some(item) = vault.read(&name).await.unwrap() {
                held.push(item.expose().to_owned());
            }
        }
        held
    }

    /// No secret of the whole run lies in a file of ours, nor what opens the vault.
    pub(super) async fn assert_no_leak(&self) {
        let mut secrets = self.provider.secrets();
        let identity = files::read_text(&self.desktop.root().join("identity")).unwrap();
        secrets.extend(identity);
        secrets.extend(self.held().await.iter().filter_map(|item| {
            let item: Value = serde_json::from_str(item).ok()?;
            item["seal_key"].as_str().map(str::to_owned)
        }));
        for folder in [self.desktop.data(), self.desktop.config()] {
            assert_eq!(find_in_tree(&folder, &secrets), Vec::<String>::new());
        }
    }

    /// Notes of refreshes that wait to be looked at.
    pub(super) fn intents(&self) -> usize {
        self.notes().len()
    }

    fn notes(&self) -> Vec<PathBuf> {
        let locks = self.desktop.data().join("locks");
        let notes = files::names_in(&locks).into_iter().filter(|name| name.ends_with(".intent"));
        notes.map(|name| locks.join(name)).collect()
    }

    /// Lets the pause after each attempt that ended without an answer be over.
    pub(super) fn rest(&self) {
        for note in self.notes() {
            let mut record: Value =
                serde_json::from_str(&std::fs::read_to_string(&note).unwrap()).unwrap();
            if let Some(end) = record["end"].as_object_mut() {
                end.insert("next_ms".into(), 0.into());
            }
            std::fs::write(&note, record.to_string()).unwrap();
        }
    }
}

pub(super) fn ended(output: &Output) -> Ended {
    let said = text(&output.stderr);
    // Lines about the progress may come before it.
    let said = said.find('{').and_then(|at| serde_json::from_str::<Value>(&said[at..]).ok());
    let problem = said.and_then(|said| said["problem"]["code"].as_str().map(str::to_owned));
    Ended { exit_code: output.status.code().unwrap_or(-1), problem }
}

impl Ended {
    pub(super) fn well() -> Self {
        Self { exit_code: 0, problem: None }
    }

    pub(super) fn with(exit_code: i32, problem: &str) -> Self {
        Self { exit_code, problem: Some(problem.to_owned()) }
    }
}
