//! A private session bus with a gnome-keyring of its own, in a temporary folder.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::super::SecretService;
use crate::effects::clock::SystemClock;
use crate::effects::vault::{ItemName, KeyringVault};

pub(super) const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

const CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=FOLDER/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A bus that this test made and nobody else knows.
pub(in crate::effects) struct Desktop {
    folder: tempfile::TempDir,
    bus: Child,
    keyring: Option<Child>,
}

/// With which keyring the daemon starts.
#[derive(Clone, Copy)]
pub(super) enum Start {
    Unlocked,
    WithoutCollection,
}

impl Desktop {
    /// `None`, said loudly, when this machine lacks a program for it.
    pub(super) fn with_keyring(start: Start) -> Option<Self> {
        for (program, argument) in [
            ("dbus-daemon", "--version"),
            ("gnome-keyring-daemon", "--version"),
            ("gdbus", "help"),
            ("secret-tool", ""),
        ] {
            if let Err(error) = Command::new(program).arg(argument).output() {
                let notice = format!("\nSKIPPED a real keychain test: {program}: {error}\n");
                // Not by `eprintln`, which the test harness swallows.
                std::io::stderr().write_all(notice.as_bytes()).unwrap();
                return None;
            }
        }
        let mut desktop = Self::without_keyring();
        desktop.start_keyring(start);
        Some(desktop)
    }

    pub(in crate::effects) fn without_keyring() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        std::fs::write(&config, CONFIG.replace("FOLDER", folder.path().to_str().unwrap())).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(
            address.starts_with(&format!("unix:path={}/", folder.path().display())),
            "this bus is not the one the test made: {address}"
        );
        Self { folder, bus, keyring: None }
    }

    pub(super) fn start_keyring(&mut self, start: Start) {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if let Start::Unlocked = start {
            command.arg("--unlock");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut keyring = command.spawn().unwrap();
        keyring.stdin.take().unwrap().write_all(b"password of the test").unwrap();
        self.keyring = Some(keyring);
        self.run("gdbus", &["wait", "--session", "--timeout", "20", "org.freedesktop.secrets"]);
    }

    pub(super) fn stop_keyring(&mut self) {
        let mut keyring = self.keyring.take().unwrap();
        keyring.kill().unwrap();
        keyring.wait().unwrap();
    }

    /// Sends a signal by name, e.g. `STOP`, to the keyring.
    pub(super) fn signal_keyring(&self, signal: &str) {
        let id = self.keyring.as_ref().unwrap().id().to_string();
        self.run("kill", &[&format!("-{signal}"), &id]);
    }

    pub(in crate::effects) fn address(&self) -> String {
        format!("unix:path={}/bus", self.folder.path().display())
    }

    /// Its runtime folder, home and everything.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn vault(&self, service: &str) -> KeyringVault {
        KeyringVault::on_bus(service.to_owned(), Arc::new(SystemClock::new()), self.address())
    }

    pub(super) fn vault_with_limit(&self, service: &str, limit: Duration) -> KeyringVault {
        let clock = Arc::new(SystemClock::new());
        let mut keychain = SecretService::on_bus(clock.clone(), self.address());
        keychain.limit = limit;
        KeyringVault::with_keychain(service.to_owned(), clock, Arc::new(keychain), limit)
    }

    pub(super) fn lock(&self) {
        let objects = format!("[objectpath '{LOGIN}']");
        let method = "org.freedesktop.Secret.Service.Lock";
        self.call("/org/freedesktop/secrets", method, &[&objects]);
    }

    /// Calls the keyring from outside; what it answered, as `gdbus` prints it.
    pub(super) fn call(&self, path: &str, method: &str, arguments: &[&str]) -> String {
        let head = ["call", "--session", "--dest", "org.freedesktop.secrets", "--object-path"];
        let output =
            self.run("gdbus", &[&head[..], &[path, "--method", method], arguments].concat());
        String::from_utf8(output.stdout).unwrap()
    }

    /// All that `secret-tool` tells about the items of a service, secrets included.
    pub(super) fn secret_tool_search(&self, service: &str) -> String {
        let output = self.run("secret-tool", &["search", "--all", "service", service]);
        // It prints attributes on stderr.
        let text = [output.stdout, b"\n".to_vec(), output.stderr].concat();
        String::from_utf8(text).unwrap()
    }

    /// Stores an item from outside, in a collection of the caller's choice.
    pub(super) fn secret_tool_store(
        &self,
        collection: &str,
        service: &str,
        user: &str,
        text: &str,
    ) {
        let mut tool = self
            .command("secret-tool")
            .args(["store", "--label=From outside", &format!("--collection={collection}")])
            .args(["service", service, "username", user])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        tool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(tool.wait().unwrap().success());
    }

    /// Records from now on who runs prompts, until [`Watch::seen`].
    pub(super) fn watch_prompts(&self) -> Watch<'_> {
        let mut monitor = self
            .command("dbus-monitor")
            .args(["--session", "interface='org.freedesktop.Secret.Prompt'"])
            .arg("interface='org.freedesktop.DBus.Peer'")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(monitor.stdout.take().unwrap());
        // Its first lines say that it has become a monitor.
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        Watch { desktop: self, monitor, lines }
    }

    fn command(&self, program: &str) -> Command {
        let folder: &Path = self.folder.path();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .env("XDG_DATA_HOME", folder)
            .env("DBUS_SESSION_BUS_ADDRESS", self.address());
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let output = self.command(program).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
        output
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for child in self.keyring.iter_mut().chain([&mut self.bus]) {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// A monitor of the bus.
pub(super) struct Watch<'a> {
    desktop: &'a Desktop,
    monitor: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Watch<'_> {
    /// The lines about prompts until now: a ping goes round and marks the end.
    pub(super) fn seen(mut self) -> Vec<String> {
        self.desktop.call("/org/freedesktop/secrets", "org.freedesktop.DBus.Peer.Ping", &[]);
        let mut seen = Vec::new();
        let mut line = String::new();
        while self.lines.read_line(&mut line).unwrap() > 0 && !line.contains("member=Ping") {
            if line.contains("Secret.Prompt") {
                seen.push(line.clone());
            }
            line.clear();
        }
        self.monitor.kill().unwrap();
        self.monitor.wait().unwrap();
        seen
    }
}

pub(super) fn grant() -> ItemName {
    ItemName::grant("a1b2", "c3d4")
}
