//! The desktop itself: Xvfb, dbus-daemon, an unlocked gnome-keyring, and a BROWSER that hands over.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use tempfile::TempDir;

use super::processes::{Kept, bound, end_all_naming};
use super::wait::until_some;

/// The password of the throw-away keyring.
/// What the keyring says, to be read when it ends by itself.
const KEYRING_LOG: &str = "keyring.log";
pub(super) const KEYRING_PASSWORD: &[u8] = b"a throw-away keyring";

/// A display, a session bus and a keychain that exist for one test.
pub struct PrivateDesktop {
    environment: BTreeMap<String, OsString>,
    // Dropped in this order: programs before the bus, the bus before the folder.
    keyring: Mutex<Kept>,
    _bus: Kept,
    _display: Kept,
    root: TempDir,
}

impl PrivateDesktop {
    /// Starts everything and waits until it answers.
    pub async fn start() -> Self {
        let desktop = Self::with_keyring(&["--unlock"]);
        desktop.keyring_is_asked().await;
        desktop.keyring_answers().await;
        desktop
    }

    /// The same with a keychain in which nobody ever made a collection.
    pub async fn without_collection() -> Self {
        let desktop = Self::with_keyring(&[]);
        desktop.keyring_is_asked().await;
        until_some("the keyring", Duration::from_secs(10), async || {
            desktop.keychain("ReadAlias", &["string:default"]).then_some(())
        })
        .await;
        desktop
    }

    fn with_keyring(options: &[&str]) -> Self {
        let root = tempfile::Builder::new().prefix("birdkey-desktop-").tempdir().unwrap();
        let mut environment = folders(root.path());
        let (display, number) = start_display();
        environment.insert("DISPLAY".into(), format!(":{number}").into());
        let (bus, address) = start_bus(root.path(), &environment);
        environment.insert("DBUS_SESSION_BUS_ADDRESS".into(), address.into());
        environment.insert("BROWSER".into(), write_browser(root.path()).into());
        assert_own_bus(&environment, root.path());
        let keyring = start_keyring(root.path(), &environment, options);
        Self { environment, keyring: Mutex::new(keyring), _bus: bus, _display: display, root }
    }

    /// The temporary folder that holds everything.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The address of the session bus.
    pub fn bus_address(&self) -> String {
        self.environment["DBUS_SESSION_BUS_ADDRESS"].to_string_lossy().into_owned()
    }

    /// The name of the display.
    pub fn display(&self) -> String {
        self.environment["DISPLAY"].to_string_lossy().into_owned()
    }

    /// The configuration folder of the app.
    pub fn config(&self) -> PathBuf {
        self.root().join("config")
    }

    /// The data folder of the app.
    pub fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    /// A command with the environment of this desktop and nothing else, that dies with us.
    pub fn command(&self, program: impl AsRef<str>) -> Command {
        let mut command = bound(program.as_ref());
        command.env_clear().envs(&self.environment);
        command
    }

    /// A command that reads this user's files but has neither bus nor display.
    pub fn command_without(&self, program: impl AsRef<str>, variables: &[&str]) -> Command {
        let mut command = self.command(program);
        for variable in variables {
            command.env_remove(variable);
        }
        command
    }

    /// Sends a signal by name, e.g. `STOP`, to the keyring.
    pub fn signal_keyring(&self, name: &str) {
        let pid = self.keyring.lock().unwrap().child().id().to_string();
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Locks the login keyring, as a desktop does when its user goes away.
    pub fn lock_keyring(&self) {
        let login = "array:objpath:/org/freedesktop/secrets/collection/login";
        assert!(self.keychain("Lock", &[login]), "the keyring was locked");
    }

    /// Whether the keyring has ended without being told to.
    pub fn keyring_has_ended(&self) -> bool {
        self.keyring.lock().unwrap().child().try_wait().is_ok_and(|ended| ended.is_some())
    }

    /// The last that the keyring said.
    pub fn keyring_said(&self) -> String {
        let said = std::fs::read_to_string(self.root.path().join(KEYRING_LOG));
        said.unwrap_or_default().lines().last().unwrap_or("nothing").to_owned()
    }

    /// Ends the keyring and starts it anew, unlocked.
    pub async fn restart_keyring(&self) {
        {
            let mut keyring = self.keyring.lock().unwrap();
            keyring.child().kill().ok();
            keyring.child().wait().ok();
            // The bus may have started another one meanwhile, locked.
            *keyring =
                start_keyring(self.root.path(), &self.environment, &["--replace", "--unlock"]);
        }
        self.keyring_is_asked().await;
        self.keyring_answers().await;
    }

    /// Before anything is asked of it: the bus would start one of its own, locked, whose prompt
    /// waits for a person for ever.
    async fn keyring_is_asked(&self) {
        let pid = self.keyring.lock().unwrap().child().id();
        until_some("the keyring to be the one asked", Duration::from_secs(10), async || {
            (self.keyring_pid()? == pid).then_some(())
        })
        .await;
    }

    /// The process that the bus asks for secrets.
    fn keyring_pid(&self) -> Option<u32> {
        let mut call = self.command("dbus-send");
        call.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]);
        call.arg("org.freedesktop.DBus.GetConnectionUnixProcessID");
        let output = call.arg("string:org.freedesktop.secrets").output().ok()?;
        String::from_utf8_lossy(&output.stdout).split_whitespace().last()?.parse().ok()
    }

    async fn keyring_answers(&self) {
        until_some("the keyring", Duration::from_secs(10), async || {
            let mut store = self.command("secret-tool");
            store.args(["store", "--label=probe", "birdkey-probe", "1"]).stdin(Stdio::piped());
            let mut store = store.stderr(Stdio::null()).spawn().ok()?;
            store.stdin.take()?.write_all(b"probe").ok()?;
            store.wait().ok()?.success().then_some(())
        })
        .await;
        let mut clear = self.command("secret-tool");
        assert!(clear.args(["clear", "birdkey-probe", "1"]).status().unwrap().success());
    }
}

impl Drop for PrivateDesktop {
    fn drop(&mut self) {
        end_all_naming(self.root.path());
    }
}

/// Refuses a session bus that does not lie in our own folder: a person's keychain hangs on it.
fn assert_own_bus(environment: &BTreeMap<String, OsString>, root: &Path) {
    assert!(is_own_bus(environment, root), "refusing to use a session bus that is not ours");
}

fn is_own_bus(environment: &BTreeMap<String, OsString>, root: &Path) -> bool {
    let address = environment.get("DBUS_SESSION_BUS_ADDRESS");
    let own = format!("unix:path={}/", root.display());
    address.is_some_and(|address| address.to_string_lossy().starts_with(&own))
}

fn folders(root: &Path) -> BTreeMap<String, OsString> {
    let mut environment = BTreeMap::new();
    for (name, folder) in [
        ("HOME", "home"),
        ("XDG_RUNTIME_DIR", "run"),
        ("XDG_CONFIG_HOME", "home/.config"),
        ("XDG_DATA_HOME", "home/.local/share"),
        ("XDG_CACHE_HOME", "home/.cache"),
        ("BIRDKEY_CONFIG_DIR", "config"),
        ("BIRDKEY_DATA_DIR", "data"),
        ("TMPDIR", "tmp"),
    ] {
        let path = root.join(folder);
        std::fs::create_dir_all(&path).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
        environment.insert(name.into(), path.into());
    }
    for (name, value) in [
        ("LANG", "C.UTF-8"),
        ("GDK_BACKEND", "x11"),
        ("NO_AT_BRIDGE", "1"),
        ("GSETTINGS_BACKEND", "memory"),
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
    ] {
        environment.insert(name.into(), value.into());
    }
    environment.insert("PATH".into(), std::env::var_os("PATH").unwrap());
    environment
}

fn start_display() -> (Kept, u32) {
    let mut xvfb = bound("Xvfb");
    // Without this it restarts when its last client leaves, and refuses connections meanwhile.
    xvfb.arg("-noreset");
    xvfb.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
    let mut xvfb = Kept::start(xvfb.stdout(Stdio::piped()).stderr(Stdio::null()));
    let number = first_line(&mut xvfb).parse().expect("Xvfb names its display");
    (xvfb, number)
}

fn start_bus(root: &Path, environment: &BTreeMap<String, OsString>) -> (Kept, String) {
    let mut bus = bound("dbus-daemon");
    bus.args(["--session", "--nofork", "--print-address"])
        .arg(format!("--address=unix:path={}/run/bus", root.display()))
        .env_clear()
        .envs(environment);
    let mut bus = Kept::start(bus.stdout(Stdio::piped()).stderr(Stdio::null()));
    let address = first_line(&mut bus);
    (bus, address)
}

fn start_keyring(root: &Path, environment: &BTreeMap<String, OsString>, options: &[&str]) -> Kept {
    let mut keyring = bound("gnome-keyring-daemon");
    keyring.args(["--foreground", "--components=secrets"]).args(options);
    keyring.env_clear().envs(environment);
    let log = std::fs::File::options().create(true).append(true).open(root.join(KEYRING_LOG));
    keyring.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log.unwrap());
    let mut child = keyring.spawn().expect("gnome-keyring-daemon starts");
    child.stdin.take().unwrap().write_all(KEYRING_PASSWORD).unwrap();
    Kept::of(child)
}

/// A browser command that hands its address over by a rename, so that it is never read by half.
fn write_browser(root: &Path) -> PathBuf {
    let path = root.join("browser");
    let (url, beside) = (root.join("browser-url"), root.join("browser-url.new"));
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$1\" > '{}' && mv '{}' '{}'\n",
        beside.display(),
        beside.display(),
        url.display()
    );
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
    path
}

fn first_line(process: &mut Kept) -> String {
    let output = process.child().stdout.take().unwrap();
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).unwrap();
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_bus_of_somebody_else_is_refused() {
        let root = Path::new("/tmp/ours");
        for (address, ours) in [
            ("unix:path=/tmp/ours/run/bus", true),
            ("unix:path=/tmp/ours-not/run/bus", false),
            ("unix:path=/run/user/1000/bus", false),
            ("unix:abstract=/tmp/ours/run/bus", false),
            ("", false),
        ] {
            let environment =
                BTreeMap::from([("DBUS_SESSION_BUS_ADDRESS".to_owned(), OsString::from(address))]);
            assert_eq!(is_own_bus(&environment, root), ours, "{address}");
        }
    }
}
