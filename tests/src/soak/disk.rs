//! A full disk, a read-only folder, locks that can't be written: a Problem, nothing lost.
//!
//! Root ignores file modes, so each is a tmpfs in a mount namespace of its own.

use super::ground::{Ended, Ground, ended};
use crate::desktop::{binary, log_in_with};

/// What is done to the data folder, as shell; `$1` is the folder.
const TROUBLE: [(&str, &str); 3] = [
    (
        "full disk",
        "mkdir $1.was && cp -a $1/. $1.was && mount -t tmpfs -o size=192k tmpfs $1 && cp -a $1.was/. $1 && (cat /dev/zero > $1/filler 2>/dev/null; true)",
    ),
    ("read-only folder", "mount --bind $1 $1 && mount -o remount,bind,ro $1"),
    ("unwritable locks", "mkdir -p $1/locks && mount -t tmpfs -o ro tmpfs $1/locks"),
];

pub(super) async fn run(ground: &Ground) -> String {
    let probe = ground.desktop.command("unshare").args(["-m", "true"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        return format!("disk, {}: skipped, this user may not make a mount namespace", ground.kind);
    }
    let data = ground.desktop.data().display().to_string();
    let refused = [Ended::with(3, "file_unusable"), Ended::with(7, "vault_file_unusable")];
    let program = binary("birdkey").display().to_string();
    for (name, trouble) in TROUBLE {
        let (before, held) = (ground.provider.refreshes(), ground.held().await);
        for operation in ["refresh", "logout", "login --no-browser", "token"] {
            let script = format!("rm -rf $1.was; {trouble} && exec $2 {operation} --json");
            let mut command = ground.desktop.command("unshare");
            command.args(["-m", "sh", "-c", &script, "sh", &data, &program]);
            // The same user, whose grant a login would end at the server before it fails here.
            let output = if operation.starts_with("login") {
                log_in_with(command).await
            } else {
                command.output().unwrap()
            };
            let found = ended(&output);
            // A valid token needs no file to be written.
            let fine = if operation == "token" { &[Ended::well()][..] } else { &refused };
            assert!(fine.contains(&found), "{operation}, {name}: {found:?}");
            assert_eq!(ground.held().await, held, "{operation}, {name}: byte for byte");
        }
        assert_eq!(ground.provider.refreshes(), before, "{name}: nothing was sent");
        assert!(ground.provider.sandbox.accepts(&ground.succeeds(&["token"])), "{name}");
        ground.succeeds(&["refresh"]);
    }
    ground.assert_no_leak().await;
    format!(
        "disk, {}: {} kinds of trouble amid login, token, refresh and logout named, nothing lost",
        ground.kind,
        TROUBLE.len()
    )
}
