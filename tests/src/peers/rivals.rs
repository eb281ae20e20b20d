//! Who is measured: ours first, then what people know; what is not installed is said.

use std::process::Command;

use super::LIMIT;
use crate::desktop::{PrivateDesktop, binary, service_of};

/// Where `secret-tool lookup` stands in the list.
pub(super) const REFERENCE: usize = 1;

/// One way to a token.
pub(super) struct Rival<'a> {
    pub(super) name: String,
    pub(super) command: Box<dyn Fn() -> Command + 'a>,
    /// The part of its time that ours may take.
    pub(super) at_most: Option<f64>,
}

/// Those that are installed, and a line for each that is not.
pub(super) fn all<'a>(
    desktop: &'a PrivateDesktop,
    files: &'a [(String, String)],
) -> (Vec<Rival<'a>>, Vec<String>) {
    let (mut rivals, mut missing) = (always_there(desktop, files), Vec::new());
    let mut if_there = |program: &str, arguments: &'static [&'static str], at_most| {
        let there = desktop.command("sh").args(["-c", &format!("command -v {program}")]).output();
        let name = format!("{program} {}", arguments.join(" "));
        if there.is_ok_and(|found| found.status.success()) {
            let program = program.to_owned();
            let run = move || command(desktop, &program, arguments);
            rivals.push(rival(&format!("{name} (plain file)"), run, at_most));
        } else {
            missing.push(format!("{name}: not measured, {program} is not installed"));
        }
    };
    write_token_of_gh(desktop);
    if_there("gh", &["auth", "token"], None);
    if_there("xr", &["auth", "status"], Some(1.0));
    missing.push("oidc-token: not measured, its agent takes OpenID providers alone".to_owned());
    (rivals, missing)
}

/// What the set-up of the bench installs, ours first.
fn always_there<'a>(desktop: &'a PrivateDesktop, files: &'a [(String, String)]) -> Vec<Rival<'a>> {
    let ours = move || {
        let mut command = desktop.command(binary("birdkey").display().to_string());
        command.arg("token");
        command
    };
    let service = service_of(desktop);
    vec![
        rival("birdkey token (gnome-keyring)", ours, None),
        rival(
            "secret-tool lookup (gnome-keyring)",
            move || command(desktop, "secret-tool", &["lookup", "service", &service]),
            Some(LIMIT),
        ),
        rival(
            "birdkey token (encrypted files)",
            move || {
                let mut command = ours();
                command.envs(files.iter().cloned());
                command
            },
            None,
        ),
        rival("a ping on the bus (dbus-send)", move || ping(desktop), None),
    ]
}

fn rival<'a>(name: &str, command: impl Fn() -> Command + 'a, at_most: Option<f64>) -> Rival<'a> {
    Rival { name: name.to_owned(), command: Box::new(command), at_most }
}

fn command(desktop: &PrivateDesktop, program: &str, arguments: &[&str]) -> Command {
    let mut command = desktop.command(program);
    command.args(arguments);
    command
}

fn ping(desktop: &PrivateDesktop) -> Command {
    let peer = ["--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.Peer.Ping"];
    command(desktop, "dbus-send", &[&["--session", "--print-reply"], &peer[..]].concat())
}

/// GitHub's command reads its token from a plain file.
fn write_token_of_gh(desktop: &PrivateDesktop) {
    let folder = desktop.root().join("home/.config/gh");
    std::fs::create_dir_all(&folder).unwrap();
    let hosts = "github.com:\n    oauth_token: a-token-of-the-bench\n    user: bench\n";
    std::fs::write(folder.join("hosts.yml"), hosts).unwrap();
}
