//! What a person does at the desktop besides using the window.

use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use super::private::{KEYRING_PASSWORD, PrivateDesktop};
use super::wait::until_some;

impl PrivateDesktop {
    /// The address that was handed to the browser, once it was.
    pub async fn browser_url(&self) -> String {
        let handed = self.root().join("browser-url");
        let url = until_some("a page for the browser", Duration::from_secs(20), async || {
            std::fs::read_to_string(&handed).ok()
        })
        .await;
        std::fs::remove_file(&handed).unwrap();
        url.trim_end().to_owned()
    }

    /// What the clipboard holds.
    pub fn clipboard(&self) -> String {
        let output =
            self.command("xclip").args(["-o", "-selection", "clipboard"]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Puts a text into the clipboard.
    pub fn copy(&self, text: &str) {
        let mut xclip = self.command("xclip");
        xclip.args(["-i", "-selection", "clipboard"]).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut xclip = xclip.stderr(Stdio::null()).spawn().unwrap();
        xclip.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(xclip.wait().unwrap().success(), "xclip took the text");
    }

    /// Locks the keychain, as a screen lock may.
    pub fn lock_keychain(&self) {
        let login = "array:objpath:/org/freedesktop/secrets/collection/login";
        assert!(self.keychain("Lock", &[login]), "the keychain can be locked");
    }

    /// Waits for the keychain's own prompt and types its password, as a person does.
    pub async fn answer_prompt(&self) {
        self.focus_prompt().await;
        let password = String::from_utf8_lossy(KEYRING_PASSWORD);
        self.xdotool(&["type", &password]).unwrap();
        self.xdotool(&["key", "Return"]).unwrap();
    }

    /// Waits for the keychain's own prompt and closes it.
    pub async fn close_prompt(&self) {
        self.focus_prompt().await;
        self.xdotool(&["key", "Escape"]).unwrap();
    }

    /// Waits until the keychain's own prompt is on the screen.
    pub async fn focus_prompt(&self) {
        let window =
            until_some("the keychain's prompt", Duration::from_secs(20), async || self.prompt());
        let window = window.await;
        // No window manager runs here, so nobody else gives the prompt the focus.
        self.xdotool(&["windowfocus", "--sync", &window]).unwrap();
    }

    /// The window of the keychain's own prompt, when there is one.
    pub fn prompt(&self) -> Option<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--class", "gcr-prompter"])?;
        found.lines().last().map(str::to_owned)
    }

    /// Gives programs that the bus starts another display; none when it is empty.
    pub fn display_of_activated_programs(&self, display: &str) {
        let mut call = self.command("dbus-update-activation-environment");
        assert!(call.arg(format!("DISPLAY={display}")).status().unwrap().success());
    }

    /// What xdotool printed; `None` when it failed, as its search does when nothing is there yet.
    fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = self.command("xdotool").args(arguments).output().unwrap();
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Calls the Secret Service from outside; whether it answered.
    pub(super) fn keychain(&self, method: &str, arguments: &[&str]) -> bool {
        let mut call = self.command("dbus-send");
        call.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets"]);
        call.arg("/org/freedesktop/secrets");
        call.arg(format!("org.freedesktop.Secret.Service.{method}")).args(arguments);
        call.output().unwrap().status.success()
    }
}
