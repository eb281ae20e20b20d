//! `birdkey token` beside other ways to a token, side by side in one run, on a desktop of its own.

mod crowd;
mod rivals;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};

use crate::desktop::{PrivateDesktop, Provider, binary, birdkey, log_in_with, text};
use rivals::Rival;

/// Runs of each, taken in turns.
const RUNS: usize = 101;
/// What the command may take at most, as a part of `secret-tool lookup`.
const LIMIT: f64 = 0.5;
/// The most memory and the largest program, in bytes.
const MOST_MEMORY: u64 = 12_000_000;
const LARGEST: u64 = 8_000_000;

/// Whether the programs are there that are measured.
pub fn is_built() -> bool {
    binary("birdkey").is_file()
}

/// Measures everything; the lines to print, and which promises do not hold.
pub async fn run() -> (Vec<String>, Vec<String>) {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    // X, and so the sandbox, ends an earlier grant of the same user: the one in files is only read.
    let files = log_in_to_files(&desktop, &provider).await;
    log_in(&desktop, &provider).await;
    let (rivals, missing) = rivals::all(&desktop, &files);
    let times = in_turns(&rivals);
    let mut lines = vec![format!("a token, median of {RUNS} runs in turns")];
    let reference = middle(&times[rivals::REFERENCE]);
    for (rival, times) in rivals.iter().zip(&times) {
        lines.push(row(&rival.name, middle(times), reference));
    }
    lines.extend(missing.into_iter().map(|it| format!("  {it}")));
    let mut broken = slower(&rivals, &times);
    let (crowd_lines, crowd_broken) = crowd::run(&desktop, &provider).await;
    lines.extend(crowd_lines);
    broken.extend(crowd_broken);
    let (size_lines, size_broken) = size(&desktop);
    lines.extend(size_lines);
    broken.extend(size_broken);
    (lines, broken)
}

fn row(name: &str, time: Duration, reference: Duration) -> String {
    let ratio = time.as_secs_f64() / reference.as_secs_f64();
    format!("  {name:44} {:7.1} ms   {ratio:5.2}", time.as_secs_f64() * 1_000.0)
}

async fn log_in(desktop: &PrivateDesktop, provider: &Provider) {
    let added = birdkey(desktop, &provider.add(DEMO_CLIENT_ID));
    assert!(added.status.success(), "{}", text(&added.stderr));
    let (login, _) = crate::desktop::log_in(desktop, &[]).await;
    assert!(login.status.success(), "{}", text(&login.stderr));
}

/// The variables of a second set of folders, whose grant is in encrypted files.
async fn log_in_to_files(desktop: &PrivateDesktop, provider: &Provider) -> Vec<(String, String)> {
    let folder = |name: &str| desktop.root().join("files").join(name).display().to_string();
    let variables = vec![
        ("BIRDKEY_CONFIG_DIR".to_owned(), folder("config")),
        ("BIRDKEY_DATA_DIR".to_owned(), folder("data")),
    ];
    let command = |arguments: &[&str]| {
        let mut command = desktop.command(binary("birdkey").display().to_string());
        command.args(arguments).envs(variables.clone());
        command
    };
    let passphrase = desktop.root().join("passphrase");
    std::fs::write(&passphrase, "a passphrase of the bench\n").unwrap();
    let passphrase = passphrase.display().to_string();
    let used = command(&["vault", "use", "file", "--passphrase-file", &passphrase]).output();
    assert!(used.as_ref().unwrap().status.success(), "{}", text(&used.unwrap().stderr));
    assert!(command(&provider.add(DEMO_CLIENT_ID)).output().unwrap().status.success());
    let login = log_in_with(command(&["login", "--no-browser"])).await;
    assert!(login.status.success(), "{}", text(&login.stderr));
    variables
}

/// The times of each, taken in turns so that noise hits all alike.
fn in_turns(rivals: &[Rival<'_>]) -> Vec<Vec<Duration>> {
    let mut times = vec![Vec::new(); rivals.len()];
    for _ in 0..RUNS {
        for (rival, times) in rivals.iter().zip(&mut times) {
            times.push(timed((rival.command)()));
        }
    }
    times
}

fn timed(mut command: Command) -> Duration {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let ended = command.status().unwrap();
    let took = began.elapsed();
    assert!(ended.success(), "{command:?} ended with {ended}");
    took
}

/// Which promises about time do not hold.
fn slower(rivals: &[Rival<'_>], times: &[Vec<Duration>]) -> Vec<String> {
    let ours = middle(&times[0]).as_secs_f64();
    let promised = rivals.iter().zip(times).filter_map(|(rival, times)| {
        let most = rival.at_most? * middle(times).as_secs_f64();
        (ours > most).then(|| format!("birdkey token takes more than {} promises", rival.name))
    });
    promised.collect()
}

fn size(desktop: &PrivateDesktop) -> (Vec<String>, Vec<String>) {
    let bytes = std::fs::metadata(binary("birdkey")).unwrap().len();
    // The kernel's own figure of the largest resident set, in KiB.
    let mut command = desktop.command("/usr/bin/time");
    let measured = command.args(["-f", "%M", &binary("birdkey").display().to_string(), "token"]);
    let measured = measured.output().unwrap();
    let said = text(&measured.stderr);
    let memory = said.lines().last().and_then(|kib| kib.parse::<u64>().ok());
    let memory = memory.unwrap_or_else(|| panic!("time said: {said}")) * 1_024;
    let lines = vec![
        "the program".to_owned(),
        format!("  {bytes} bytes (at most {LARGEST})"),
        format!("  {memory} bytes of memory at its peak (at most {MOST_MEMORY})"),
    ];
    let mut broken = Vec::new();
    if bytes > LARGEST {
        broken.push("the program is too large".to_owned());
    }
    if memory > MOST_MEMORY {
        broken.push("the program takes too much memory".to_owned());
    }
    (lines, broken)
}

fn middle(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[sorted.len() / 2]
}
