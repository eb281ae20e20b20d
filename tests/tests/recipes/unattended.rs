//! Where nobody looks on: a service with a timer, and a job of cron.

use std::path::Path;
use std::process::{Command, Output};

use birdkey_tests::desktop::{binary, text};

use crate::ground::{Ground, is_a_post, out};
use crate::page::Block;
use crate::terminal::Terminal;

const PASSPHRASE: &str = "a passphrase for the test";
/// As systemd-analyze counts it, tenfold: above 5.0 a service is "exposed".
const MOST_EXPOSED: &str = "--threshold=25";

pub async fn a_service_posts_by_the_credential_alone([setup, service, timer]: [Block; 3]) {
    let ground = Ground::start().await;
    set_up(&ground, &setup).await;
    names_agree(&ground.note("sudo"), &service.text);
    let program = binary("birdkey").display().to_string();
    let unit = service.with(&[("/usr/bin/birdkey", &program)]);
    let unit_file = ground.write("good-morning.service", &unit);
    let timer_file = ground.write("good-morning.timer", &timer.text);
    is_clean(&ground, &["verify", "--man=no"], &[&unit_file, &timer_file]);
    is_clean(&ground, &["--user", "verify", "--man=no"], &[&at_a_desktop(&ground, &unit)]);
    let secure = ["security", "--offline=true", MOST_EXPOSED];
    let secure = ground.command("systemd-analyze").args(secure).arg(&unit_file).output().unwrap();
    assert!(secure.status.success(), "{}", text(&secure.stdout));

    let without = as_a_service(&ground, &unit).output().unwrap();
    assert_eq!(without.status.code(), Some(7), "locked: {}", text(&without.stderr));
    let credentials = ground.notes().join("credentials");
    std::fs::create_dir(&credentials).unwrap();
    let credential = credentials.join("birdkey-vault-identity");
    std::fs::rename(ground.notes().join("credential"), credential).unwrap();
    let run = as_a_service(&ground, &unit).env("CREDENTIALS_DIRECTORY", credentials).output();

    is_a_post(&out(&run.unwrap()));
    has_posted(&ground);
}

/// At a terminal: the passphrase twice, and the address that the browser ended on.
async fn set_up(ground: &Ground, block: &Block) {
    let block = block.with(&[("--client-id ID", &ground.app())]);
    let mut terminal = Terminal::open(ground, &block);
    terminal.types(PASSPHRASE);
    terminal.types(PASSPHRASE);
    terminal.approves_elsewhere().await;
    let seen = terminal.ends_well();
    assert!(seen.contains("@demo_ada"), "{seen}");
    ground.api.take();
}

/// The user, its folder and the credential are the same in the set-up and in the unit.
fn names_agree(sudo: &str, unit: &str) {
    let user = value(unit, "User");
    let folder = format!("/var/lib/{}", value(unit, "StateDirectory"));
    let added = sudo.lines().find(|line| line.starts_with("useradd ")).unwrap();
    assert!(added.contains(&format!("--home-dir {folder} ")), "{added}");
    assert!(added.ends_with(&format!(" {user}")), "{added}");
    let (name, file) = value(unit, "LoadCredentialEncrypted").split_once(':').unwrap();
    let encrypted = format!("systemd-creds encrypt --name={name} - {file}");
    assert!(sudo.lines().any(|line| line == encrypted), "{encrypted}: {sudo}");
    let parent = Path::new(file).parent().unwrap().display().to_string();
    assert!(sudo.contains(&format!("install -d -m 0700 {parent}\n")), "{sudo}");
}

fn value<'a>(unit: &'a str, key: &str) -> &'a str {
    let value = unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    value.unwrap_or_else(|| panic!("the unit has no {key}="))
}

/// The part of the unit that the page says is enough for a unit of one's own.
fn at_a_desktop(ground: &Ground, unit: &str) -> std::path::PathBuf {
    let (kept, _) = unit.split_once("User=").unwrap();
    ground.write("good-evening.service", kept)
}

/// systemd-analyze ends well with keys that it does not know, so its silence counts too.
fn is_clean(ground: &Ground, line: &[&str], units: &[&Path]) {
    let output = ground.command("systemd-analyze").args(line).args(units).output();
    let output = output.expect("systemd-analyze runs: cargo xtask test installs systemd");
    assert_eq!(out(&output), "");
    assert_eq!(text(&output.stderr), "");
}

/// The program of a unit with the environment that systemd gives it.
fn as_a_service(ground: &Ground, unit: &str) -> Command {
    let line = value(unit, "ExecStart");
    assert!(!line.contains(['$', '%', '\\', '`', ';']), "a shell reads this as systemd does");
    let home = ground.notes().join("birdkey");
    let mut service = ground.command("sh");
    service.env_clear().args(["-c", &format!("exec {line}")]).current_dir("/");
    service.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    service.env("HOME", &home).env("STATE_DIRECTORY", &home).env("LANG", "C.UTF-8");
    service.env("USER", "birdkey").env("LOGNAME", "birdkey").env("SHELL", "/usr/sbin/nologin");
    service
}

pub async fn a_job_of_cron_posts_with_the_bus_or_with_the_identity(
    [bus, setup, identity]: [Block; 3],
) {
    let ground = Ground::logged_in().await;
    let runtime = |folder: &str| ground.desktop.root().join(folder);
    out(&job(&ground, &bus.text, &runtime("run")));
    has_posted(&ground);
    let nobody = job(&ground, &bus.text, &runtime("nobody"));
    assert_eq!(nobody.status.code(), Some(7), "{}", text(&nobody.stderr));

    let mut terminal = Terminal::open(&ground, &setup.text);
    terminal.types(PASSPHRASE);
    terminal.types(PASSPHRASE);
    terminal.ends_well();
    out(&ground.sh("birdkey vault lock"));
    let locked = job(&ground, &bus.text, &runtime("nobody"));
    assert_eq!(locked.status.code(), Some(7), "{}", text(&locked.stderr));
    let home = ground.home().display().to_string();
    out(&job(&ground, &identity.with(&[("/home/ada", &home)]), &runtime("nobody")));

    out(&ground
        .sh(&format!("BIRDKEY_VAULT_IDENTITY={home}/.birdkey-identity birdkey api /2/users/me")));
    let asked = ground.api.take();
    assert_eq!((asked.len(), asked[0].line.as_str()), (2, "POST /2/tweets"));
    assert_eq!(asked[0].token, asked[1].token);
}

/// Runs the job of a crontab as cron does: its own variables, four more, and nothing else.
fn job(ground: &Ground, crontab: &str, runtime: &Path) -> Output {
    let (jobs, variables): (Vec<_>, Vec<_>) =
        crontab.lines().partition(|line| line.starts_with(|first: char| first.is_ascii_digit()));
    let [job] = jobs.try_into().unwrap();
    let mut rest = job;
    for _ in 0..5 {
        let (field, after) = rest.split_once(' ').unwrap();
        assert!(field.chars().all(|one| "0123456789*/,-".contains(one)), "{field} is no time");
        rest = after;
    }
    assert!(!rest.contains('%'), "cron ends a command there");
    let home = format!("HOME={}", ground.home().display());
    let mut cron = ground.command("env");
    cron.args(["-i", &home, "LOGNAME=ada", "SHELL=/bin/sh"]);
    // Not cron's doing: keeps Birdkey off the bus of the person who runs this test.
    cron.arg(format!("XDG_RUNTIME_DIR={}", runtime.display()));
    let programs = binary("birdkey").parent().unwrap().display().to_string();
    cron.args(variables.iter().map(|one| one.replace("PATH=", &format!("PATH={programs}:"))));
    cron.args(["/bin/sh", "-c", rest.trim()]).output().unwrap()
}

fn has_posted(ground: &Ground) {
    let asked = ground.api.only();
    assert_eq!(asked.line, "POST /2/tweets");
    assert_eq!(asked.body, r#"{"text":"Good morning"}"#);
    assert!(ground.provider.sandbox.accepts(&asked.token), "the account's token");
    assert!(!asked.in_arguments && !asked.in_environment, "which showed nowhere");
}
