//! What programs that the command starts inherit from it, and what it keeps for itself.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{
    Panel, PrivateDesktop, Provider, binary, birdkey, line, logged_in, text, until_some,
};

const PATIENCE: Duration = Duration::from_secs(10);

/// Limits, signals, priority and open files of the shell that runs this.
const SHOW: &str = "ulimit -Sa; ulimit -Ha; umask; nice; grep -E '^(Sig(Blk|Ign)|NoNewPrivs)' /proc/self/status; ls /proc/$$/fd";

/// A shell with limits of its own that ignores what `nohup` and background jobs do, then runs `line`.
fn shell(desktop: &PrivateDesktop, line: &str) -> Command {
    let mut shell = desktop.command("bash");
    let line = format!("ulimit -Sc 4096; ulimit -Sn 200; umask 027; trap '' HUP INT QUIT; {line}");
    shell.env("BIRDKEY", binary("birdkey").display().to_string()).env("SHOW", SHOW);
    shell.args(["-c", &line]).stdin(Stdio::null());
    shell
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_run_by_exec_finds_what_the_shell_set_up() {
    let (desktop, _provider) = logged_in().await;
    let alone = shell(&desktop, "exec bash -c \"$SHOW\"").output().unwrap();
    let run = shell(&desktop, "exec $BIRDKEY exec -- bash -c \"$SHOW\"").output().unwrap();
    assert!(run.status.success(), "{}", text(&run.stderr));
    assert!(text(&alone.stdout).contains("SigIgn:"), "{}", text(&alone.stdout));
    assert_eq!(text(&run.stdout), text(&alone.stdout));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_finds_the_limits_that_the_shell_set_up() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let limits = desktop.root().join("limits");
    let script = desktop.root().join("show-limits");
    let show = format!(
        "#!/bin/bash\n(ulimit -c; ulimit -Hc) > {0}.new && mv {0}.new {0}\n",
        limits.display()
    );
    std::fs::write(&script, show).unwrap();
    assert!(Command::new("chmod").arg("700").arg(&script).status().unwrap().success());

    let mut login = shell(&desktop, "exec $BIRDKEY login");
    let mut login = login.env("BROWSER", &script).stderr(Stdio::null()).spawn().unwrap();
    let seen = until_some("the browser", PATIENCE, async || std::fs::read_to_string(&limits).ok());
    let seen = seen.await;
    login.kill().unwrap();
    login.wait().unwrap();

    let alone = shell(&desktop, "ulimit -c; ulimit -Hc").output().unwrap();
    assert_eq!(seen.trim(), text(&alone.stdout));
}

/// Starts a program that may leave a core dump of any size.
fn started(desktop: &PrivateDesktop, program: &str) -> Child {
    let mut shell = desktop.command("bash");
    shell.args(["-c", &format!("ulimit -Sc unlimited; {program}")]).current_dir(desktop.root());
    shell.env("BIRDKEY", binary("birdkey").display().to_string());
    shell.env("BIRDKEY_DESKTOP", binary("birdkey-desktop").display().to_string());
    shell.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Whether a program leaves a core dump when it crashes now.
fn crash_dumps(mut crashing: Child) -> bool {
    let pid = crashing.id().to_string();
    assert!(Command::new("kill").args(["-ABRT", &pid]).status().unwrap().success());
    crashing.wait().unwrap().core_dumped()
}

/// Whether a program that crashes, once it has said something, leaves a core dump.
fn dumps(desktop: &PrivateDesktop, program: &str) -> bool {
    let mut crashing = started(desktop, program);
    assert!(!line(&mut crashing).is_empty());
    crash_dumps(crashing)
}

fn writes_core_dumps(desktop: &PrivateDesktop) -> bool {
    let dumps = dumps(desktop, "echo ready; exec sleep 60");
    if !dumps {
        let skipped = b"SKIPPED: this machine writes no core dumps at all\n";
        std::io::stderr().write_all(skipped).unwrap();
    }
    dumps
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_of_the_command_leaves_no_core_dump() {
    let desktop = PrivateDesktop::start().await;
    if writes_core_dumps(&desktop) {
        assert!(!dumps(&desktop, "exec $BIRDKEY sandbox --port 0"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_of_the_app_leaves_no_core_dump() {
    let desktop = PrivateDesktop::start().await;
    if writes_core_dumps(&desktop) {
        let panel = Panel::start(&desktop).await;
        let app = started(&desktop, "exec $BIRDKEY_DESKTOP --hidden");
        panel.entry("Quit Birdkey").await;
        assert!(!crash_dumps(app));
    }
}
