//! The processes of one app and what they take.

use std::time::Duration;
use std::{fs, io};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(250);
/// So many looks in a row have to agree, within this ratio.
const ALIKE: usize = 6;
const WITHIN: f64 = 0.005;
/// After so many looks whatever is there is taken.
const LOOKS: usize = 120;
/// Clock ticks of the kernel's accounting a second.
const TICKS: u32 = 100;

/// A process and all below it.
pub(super) struct Family {
    head: u32,
}

impl Family {
    pub(super) fn of(head: u32) -> Self {
        Self { head }
    }

    /// The process and its descendants, with their names.
    fn members(&self) -> Vec<(u32, String)> {
        let mut all = Vec::new();
        for process in fs::read_dir("/proc").unwrap().flatten() {
            let Some(pid) = process.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            if let Some((name, parent, _)) = stat(pid) {
                all.push((pid, name, parent));
            }
        }
        let mut found: Vec<(u32, String)> = Vec::new();
        let mut next = vec![self.head];
        while let Some(pid) = next.pop() {
            found.extend(all.iter().filter(|one| one.0 == pid).map(|one| (pid, one.1.clone())));
            next.extend(all.iter().filter(|one| one.2 == pid).map(|one| one.0));
        }
        found
    }

    /// The processes that hold a page.
    pub(super) fn pages(&self) -> Vec<u32> {
        self.named("WebKitWebProces")
    }

    /// The other processes of WebKit.
    pub(super) fn helpers(&self) -> Vec<u32> {
        self.named("WebKitNetworkPr")
    }

    fn named(&self, name: &str) -> Vec<u32> {
        let all = self.members().into_iter();
        all.filter(|(_, found)| found.starts_with(name)).map(|(pid, _)| pid).collect()
    }

    /// The proportional set size of all of them, in megabytes, once it no longer changes.
    pub(super) async fn settled(&self) -> f64 {
        let mut seen: Vec<f64> = Vec::new();
        for _ in 0..LOOKS {
            seen.push(self.pss());
            let last = &seen[seen.len().saturating_sub(ALIKE)..];
            let (low, high) = last
                .iter()
                .fold((f64::MAX, 0.0_f64), |(low, high), one| (low.min(*one), high.max(*one)));
            if last.len() == ALIKE && high - low <= low * WITHIN {
                break;
            }
            tokio::time::sleep(LOOK).await;
        }
        seen[seen.len() - 1]
    }

    fn pss(&self) -> f64 {
        let kilobytes = |pid: u32| {
            let rollup = match fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) {
                // The app lets no other program of its user look at it.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => panic!(
                    "the memory of process {pid} may not be looked at; run this as root, or by: unshare --map-root-user cargo xtask bench"
                ),
                read => read.ok()?,
            };
            let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
            line.split_whitespace().next()?.parse::<u32>().ok()
        };
        let all = self.members().into_iter().filter_map(|(pid, _)| kilobytes(pid));
        f64::from(all.sum::<u32>()) / 1024.0
    }

    /// The time all of them computed so far.
    pub(super) fn cpu(&self) -> Duration {
        let ticks: u32 = self.members().iter().filter_map(|(pid, _)| Some(stat(*pid)?.2)).sum();
        Duration::from_secs(1) * ticks / TICKS
    }
}

/// Name, parent and used clock ticks of a process.
fn stat(pid: u32) -> Option<(String, u32, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (head, rest) = stat.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u32>().ok();
    Some((name, number(1)?, number(11)? + number(12)?))
}
