//! Where a recipe runs: a private desktop, a logged-in Birdkey, and players for what is not ours.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{PrivateDesktop, Provider, binary, log_in_with, text};

use crate::api::{Api, Asked, POST};
use crate::page::root;

/// What the page says for posting.
const SCOPES: [&str; 4] = ["tweet.read", "users.read", "tweet.write", "offline.access"];
/// Recipes run with the folders that Birdkey has by itself.
const OURS: [&str; 2] = ["BIRDKEY_CONFIG_DIR", "BIRDKEY_DATA_DIR"];

pub struct Ground {
    pub desktop: PrivateDesktop,
    pub provider: Provider,
    pub api: Api,
}

impl Ground {
    pub async fn start() -> Self {
        let desktop = PrivateDesktop::start().await;
        let provider = Provider::start(Approve::Auto).await;
        let api = Api::before(provider.sandbox.clone(), &provider.address).await;
        let ground = Self { desktop, provider, api };
        std::fs::create_dir_all(ground.notes().join("birdkey")).unwrap();
        ground
    }

    pub async fn with_app() -> Self {
        let ground = Self::start().await;
        out(&ground.sh(&format!("birdkey app add {}", ground.app())));
        ground
    }

    pub async fn logged_in() -> Self {
        let ground = Self::with_app().await;
        let mut login = ground.command("birdkey");
        login.args(["login", "--no-browser"]);
        login.args(SCOPES.iter().flat_map(|scope| ["--scope", scope]));
        out(&log_in_with(login).await);
        ground.api.take();
        ground
    }

    /// What makes an app of the sandbox, where the page has one of X.
    pub fn app(&self) -> String {
        let line = self.provider.add(DEMO_CLIENT_ID)[2..].join(" ");
        line.replace(&self.provider.address, &self.api.address)
    }

    /// Where the players write down what was asked of them.
    pub fn notes(&self) -> PathBuf {
        self.desktop.root().join("notes")
    }

    pub fn note(&self, name: &str) -> String {
        std::fs::read_to_string(self.notes().join(name)).unwrap_or_default()
    }

    pub fn home(&self) -> PathBuf {
        self.desktop.root().join("home")
    }

    /// A program as the user's shell starts it.
    pub fn command(&self, program: &str) -> Command {
        let recipes = root().join("tests/recipes");
        let mut command = self.desktop.command_without(program, &OURS);
        command.env("PATH", Self::path()).env("PYTHONPATH", recipes.join("redirect"));
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        let preload = recipes.join("redirect/redirect.cjs");
        command.env("NODE_OPTIONS", format!("--require={}", preload.display()));
        command.env("RECIPES_API", &self.api.address).env("RECIPES_NOTES", self.notes());
        command.current_dir(self.desktop.root());
        command
    }

    /// The players first, then the programs of this build, then what is installed.
    fn path() -> String {
        let programs = binary("birdkey").parent().unwrap().to_owned();
        let python = programs.parent().unwrap().join("venv/bin");
        let all = [root().join("tests/recipes/shims"), programs, python];
        let all: Vec<_> = all.iter().map(|folder| folder.display().to_string()).collect();
        format!("{}:{}", all.join(":"), std::env::var("PATH").unwrap())
    }

    /// Runs a block as a script of its own.
    pub fn sh(&self, block: &str) -> Output {
        let file = self.write("block.sh", block);
        self.command("sh").arg(file).output().unwrap()
    }

    pub fn token(&self) -> String {
        out(&self.command("birdkey").arg("token").output().unwrap())
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.desktop.root().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Writes a file that may be run.
    pub fn write_program(&self, name: &str, text: &str) -> PathBuf {
        let path = self.write(name, text);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
        path
    }

    /// Puts the libraries of Node.js beside the user's own files, as npm does.
    pub fn with_libraries(&self, library: &str) {
        let folder = libraries_of_node(library);
        symlink(folder, self.desktop.root().join("node_modules")).unwrap();
    }

    /// Fails unless Python has a library.
    pub fn has_python(&self, library: &str) {
        let python = binary("birdkey").ancestors().nth(2).unwrap().join("venv/bin/python3");
        is_installed(&python);
        let import = self.command("python3").args(["-c", &format!("import {library}")]).output();
        assert!(import.unwrap().status.success(), "{library} is missing: {INSTALL}");
    }

    /// The one request that came has the account's token, which showed nowhere.
    pub fn asked(&self, line: &str) -> Asked {
        let asked = self.api.only();
        assert_eq!((asked.line.as_str(), &asked.token), (line, &self.token()));
        assert!(!asked.in_arguments, "the arguments of a process held the token");
        assert!(!asked.in_environment, "the environment of a process held the token");
        asked
    }

    /// The one request that came is a post of this text.
    pub fn posted(&self, text: &str) {
        let body: serde_json::Value =
            serde_json::from_str(&self.asked("POST /2/tweets").body).unwrap();
        assert_eq!(body, serde_json::json!({ "text": text }));
    }

    /// A script that can't have a token ends with Birdkey's word and exit code, and asks nothing.
    pub fn ends_as_birdkey_does(&self, script: impl Fn() -> Output) {
        let expired = "expires-in=0".parse().unwrap();
        self.provider.sandbox.plan(expired);
        out(&self.sh("birdkey refresh"));
        self.provider.sandbox.plan("token:unavailable*always".parse().unwrap());
        self.api.take();
        ended(&script(), 6, "try again");
        self.provider.sandbox.call_off();
        out(&self.sh("birdkey logout"));
        ended(&script(), 4, "birdkey login");
        assert!(self.api.take().is_empty(), "nothing is asked without a token");
    }
}

const INSTALL: &str = "cargo xtask test --only recipes installs it";

/// The folder of the libraries of Node.js; fails unless this one is there.
pub fn libraries_of_node(library: &str) -> PathBuf {
    let folder = root().join("tests/recipes/node_modules");
    is_installed(&folder.join(library));
    folder
}

/// Fails, rather than skipping in silence.
fn is_installed(path: &Path) {
    assert!(path.exists(), "{} is missing: {INSTALL}", path.display());
}

fn ended(output: &Output, code: i32, words: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.to_lowercase().contains(words), "{words}: {said}");
    assert_eq!(text(&output.stdout), "", "nothing pretends to be an answer");
}

/// What a program printed that did well.
pub fn out(output: &Output) -> String {
    let (data, said) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{:?}\n{said}\n{data}", output.status);
    data
}

/// The answer to a post.
pub fn is_a_post(answer: &str) {
    assert!(answer.contains(POST), "{answer}");
}
