//! What the workflows may do with code of others and with secrets.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::source::{read, root};

/// What runs code of others: a job that signs may call none of it.
const BUILDERS: [&str; 8] = ["cargo", "rustc", "xtask", "npm", "npx", "node ", "tauri", "pip"];

/// The shells that text could be piped into.
const SHELLS: [&str; 7] = ["sh", "bash", "dash", "zsh", "pwsh", "iex", "python3"];

#[test]
fn the_workflows_run_nothing_unpinned_and_give_secrets_to_no_build() {
    let mut seen = 0;
    for entry in fs::read_dir(root().join(".github/workflows")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(faults(&fs::read_to_string(&path).unwrap()), [""; 0], "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 3, "{seen} workflows");
}

#[test]
fn no_script_or_document_pipes_a_download_into_a_shell_or_runs_scripts_of_packages() {
    let scripts = [".ci/run", ".github/install-rust", ".github/sign-macos"];
    let documents = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "docs/commands.md",
        "docs/configuration.md",
        "docs/files.md",
        "docs/recipes.md",
        "docs/releasing.md",
        "docs/troubleshooting.md",
    ];
    for path in scripts.iter().chain(&documents) {
        let text = read(path);
        // The recipes are what a person types for a project of their own.
        let found: Vec<_> = faults_of_lines(&text)
            .into_iter()
            .filter(|fault| *path != "docs/recipes.md" || fault.contains("shell"))
            .collect();
        assert_eq!(found, [""; 0], "{path}");
    }
    let setup = read("crates/xtask/src/setup.rs");
    assert!(setup.contains("\"ci\", \"--ignore-scripts\""), "npm runs no scripts of packages");
    assert!(setup.contains("\"--require-hashes\""), "pip takes what the files name, by hash");
}

#[test]
fn newer_versions_are_looked_for_wherever_versions_are_named() {
    let text = read(".github/dependabot.yml");
    let file: Value = serde_norway::from_str(&text).unwrap();
    let mut looked: BTreeMap<String, String> = BTreeMap::new();
    for update in file["updates"].as_array().unwrap() {
        let ecosystem = update["package-ecosystem"].as_str().unwrap();
        let folders = format!("{} {}", update["directory"], update["directories"]);
        looked.insert(ecosystem.to_owned(), folders);
    }
    for (ecosystem, folder) in [
        ("cargo", "\"/\""),
        ("npm", "\"/ui\""),
        ("npm", "\"/tests/recipes\""),
        ("pip", "\"/crates/xtask/tools\""),
        ("pip", "\"/tests/recipes\""),
        ("github-actions", "\"/\""),
    ] {
        assert!(looked[ecosystem].contains(folder), "{ecosystem} {folder}");
    }
}

#[test]
fn each_fault_of_a_workflow_is_found() {
    let sound = "on: push\npermissions: {}\njobs:\n  a:\n    environment: e\n    steps:\n      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6\n        with: { persist-credentials: false }\n      - run: sign\n        env: { A: \"${{ secrets.A }}\" }\n";
    assert_eq!(faults(sound), [""; 0]);
    let table = [
        ("@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6", "@v6", "is not pinned"),
        (" # v6", "", "names no version"),
        ("false }", "true }", "keeps its credentials"),
        ("permissions: {}\n", "", "permissions"),
        ("permissions: {}", "permissions: { contents: write }", "permissions"),
        ("on: push", "on: pull_request_target", "trigger"),
        ("permissions: {}\n", "permissions: {}\nenv: { A: \"${{ secrets.A }}\" }\n", "secret"),
        ("    steps:", "    env: { A: \"${{ secrets.A }}\" }\n    steps:", "secret"),
        ("run: sign", "run: sign ${{ secrets.B }}", "secret"),
        ("    environment: e\n", "", "environment"),
        ("run: sign", "run: cargo build", "builds"),
        ("run: sign", "run: curl x | sh -s -- -y", "shell"),
        ("run: sign", "run: curl x |sudo bash", "shell"),
        ("run: sign", "run: bash <(curl x)", "shell"),
        ("run: sign", "run: |\n          curl x \\\n            | sh", "shell"),
        ("run: sign", "run: |\n          curl x |\n            sudo bash", "shell"),
        ("run: sign", "run: npm ci", "--ignore-scripts"),
        ("run: sign", "run: npm install a", "npm install"),
        ("run: sign", "run: cargo install --locked a", "--version"),
        ("run: sign", "run: pip install a", "--require-hashes"),
        ("    steps:", "    container: { image: a:1 }\n    steps:", "image"),
        ("    steps:", "    container: a:1\n    steps:", "image"),
        (
            "    steps:",
            "    container: { image: a@sha256:1, options: --privileged }\n    steps:",
            "privileged",
        ),
        ("    steps:", "    permissions: write-all\n    steps:", "write-all"),
        ("    steps:", "    permissions: { contents: write }\n    steps:", "may write and builds"),
    ];
    for (from, to, expected) in table {
        let (from, to) = if expected == "may write and builds" {
            (
                "    steps:",
                "    permissions: { contents: write }\n    steps:\n      - run: cargo build",
            )
        } else {
            (from, to)
        };
        let broken = sound.replacen(from, to, 1);
        assert_ne!(broken, sound, "{to}");
        let found = faults(&broken);
        assert!(found.iter().any(|fault| fault.contains(expected)), "{to}: {found:?}");
    }
}

/// What a workflow must not do.
fn faults(text: &str) -> Vec<String> {
    let file: Value = serde_norway::from_str(text).unwrap();
    let mut found = faults_of_lines(text);
    if file["permissions"] != Value::Object(serde_json::Map::new()) {
        found.push("the permissions of the whole workflow are not none".into());
    }
    if ["pull_request_target", "workflow_run"]
        .iter()
        .any(|one| file["on"].to_string().contains(one))
    {
        found.push("a trigger that runs code of strangers with our rights".into());
    }
    if file["env"].to_string().contains("secrets.") {
        found.push("a secret for every job".into());
    }
    for (name, job) in file["jobs"].as_object().unwrap() {
        found.extend(faults_of_job(job).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    found
}

fn faults_of_job(job: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let none = Vec::new();
    let steps = job["steps"].as_array().unwrap_or(&none);
    let secret = |value: &Value| value.to_string().contains("secrets.");
    let mut outside = job.clone();
    outside["steps"] = Value::Null;
    let outside_env = |step: &Value| {
        let mut step = step.clone();
        step["env"] = Value::Null;
        secret(&step)
    };
    if secret(&outside) || steps.iter().any(outside_env) {
        found.push("a secret outside the environment of a step".into());
    }
    let signs = steps.iter().any(secret);
    if signs && job["environment"].is_null() {
        found.push("secrets without an environment of their own".into());
    }
    let permissions = job["permissions"].to_string();
    let writes = permissions.contains("write");
    if permissions.contains("-all") {
        found.push(format!("permissions {permissions}"));
    }
    let builds = steps.iter().any(|step| {
        let line = step["run"].as_str().unwrap_or_default();
        BUILDERS.iter().any(|builder| line.contains(builder))
    });
    if builds && signs {
        found.push("it has secrets and builds".into());
    }
    if builds && writes {
        found.push("it may write and builds".into());
    }
    found.extend(steps.iter().filter_map(fault_of_checkout));
    found.extend(faults_of_container(&job["container"]));
    found
}

fn fault_of_checkout(step: &Value) -> Option<String> {
    let is_checkout = step["uses"].as_str()?.starts_with("actions/checkout@");
    let forgets = step["with"]["persist-credentials"] == Value::Bool(false);
    (is_checkout && !forgets).then(|| "the checkout keeps its credentials".into())
}

fn faults_of_container(container: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let image = container.as_str().or(container["image"].as_str());
    if image.is_some_and(|image| !image.contains("@sha256:")) {
        found.push("the image is not pinned".into());
    }
    let options = container["options"].to_string();
    if ["--privileged", "--cap-add", "--security-opt", "docker.sock"]
        .iter()
        .any(|one| options.contains(one))
    {
        found.push("a privileged container".into());
    }
    found
}

/// What each line must not do, and what several must not do together.
fn faults_of_lines(text: &str) -> Vec<String> {
    let whole = whole_lines(text);
    let piped = whole.iter().filter(|code| pipes_into_a_shell(code));
    let piped = piped.map(|code| format!("a download piped into a shell: {}", code.trim()));
    text.lines().flat_map(faults_of_line).chain(piped).collect()
}

/// The lines as a shell reads them: one that ends with a backslash or a pipe goes on in the next.
fn whole_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        match lines.last_mut().filter(|_| goes_on) {
            Some(begun) => *begun = format!("{} {}", begun.trim_end_matches('\\'), line.trim()),
            None => lines.push(line.to_owned()),
        }
        // `run: |` begins a text of several lines, and rows of tables in documents have pipes around.
        let is_other = line.ends_with(": |") || line.trim_start().starts_with('|');
        goes_on = line.ends_with('\\') || line.trim_end().ends_with('|') && !is_other;
    }
    lines
}

fn faults_of_line(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let code = line.trim_start().trim_start_matches("- ");
    if let Some((action, comment)) =
        code.strip_prefix("uses: ").map(|uses| uses.split_once(" #").unwrap_or((uses, "")))
    {
        let commit = action.trim().rsplit_once('@').map_or("", |(_, commit)| commit);
        if commit.len() != 40 || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            found.push(format!("{action} is not pinned by a commit"));
        } else if !comment.trim_start().starts_with('v') {
            found.push(format!("{action} names no version"));
        }
    }
    let needs = [
        ("npm ci", "--ignore-scripts"),
        ("cargo install", "--version"),
        ("cargo install", "--locked"),
        ("pip install", "--require-hashes"),
    ];
    for (command, option) in needs {
        if code.contains(command) && !code.contains(option) {
            found.push(format!("{command} without {option}"));
        }
    }
    if code.contains("npm install") {
        found.push("npm install, which takes what is newest".into());
    }
    found
}

fn pipes_into_a_shell(code: &str) -> bool {
    let fetches =
        ["curl", "wget", "Invoke-WebRequest", "iwr "].iter().any(|one| code.contains(one));
    let word = |text: &str| {
        let mut words = text.split_whitespace().filter(|word| *word != "sudo");
        words.next().unwrap_or_default().trim_end_matches(')').to_owned()
    };
    let piped = code.split('|').skip(1).any(|after| SHELLS.contains(&word(after).as_str()));
    let substituted = SHELLS.iter().any(|shell| code.contains(&format!("{shell} <(")));
    let evaluated = SHELLS.iter().any(|shell| code.contains(&format!("{shell} -c \"$(curl")));
    fetches && (piped || substituted || evaluated)
}
