//! What the app costs while it waits: memory beside a bare Tauri app in the same run, and time.

mod interactive;
mod memory;

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};

use crate::desktop::{
    Display, Panel, PrivateDesktop, Provider, binary, birdkey, log_in, text, until, until_some,
};
use memory::Family;

const PATIENCE: Duration = Duration::from_secs(30);
/// As often as the window is closed.
const CLOSES: usize = 20;
/// The most that Birdkey may take beside the bare app.
const BESIDE_BARE: f64 = 1.15;
/// The most that the last close may leave beside the first. What WebKit alone keeps is told beside it:
/// the bare app of the same run loses a quarter of a megabyte with each window.
const BESIDE_FIRST: f64 = 1.05;
/// Until a closed window is visible again.
const BACK_WITHIN: Duration = Duration::from_millis(500);
/// How long the app is left alone, and the most it may compute meanwhile.
const IDLE: Duration = Duration::from_mins(2);
const IDLE_CPU: Duration = Duration::from_millis(50);

/// Megabytes with nobody's window open: never opened, after it was closed, and after the last close.
struct Figures {
    hidden: f64,
    closed: f64,
    last: f64,
}

/// Measures the start alone; the lines to print.
///
/// # Panics
///
/// When it breaks its limit.
pub async fn start() -> Vec<String> {
    let desktop = PrivateDesktop::start().await;
    let (started, beside) = interactive::medians(&desktop).await;
    vec![told_start(started, beside)]
}

/// Measures everything; the lines to print.
///
/// # Panics
///
/// When a figure breaks its limit.
pub async fn run() -> Vec<String> {
    let desktop = PrivateDesktop::start().await;
    let bare = bare(&desktop).await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let (login, _) = log_in(&desktop, &[]).await;
    assert!(login.status.success(), "{}", text(&login.stderr));
    let (started, beside) = interactive::medians(&desktop).await;
    let panel = Panel::start(&desktop).await;
    let mut app = hidden(&desktop);
    panel.entry("One account is logged in").await;
    let family = Family::of(app.id());
    let hidden = family.settled().await;
    let busy = idle(&family).await;
    let (closed, back) = closes(&desktop, &family).await;
    panel.click("Quit Birdkey").await;
    assert!(app.wait().unwrap().success());
    let ours = Figures { hidden, closed: closed[0], last: closed[CLOSES - 1] };
    let mut lines = vec![told_start(started, beside)];
    lines.extend(told(&ours, &bare, &back, busy));
    lines
}

fn told_start(ours: Duration, bare: Duration) -> String {
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    let limit = interactive::LIMIT;
    let (ours, bare) = (ours.as_millis(), bare.as_millis());
    let line = format!(
        "interactive after the start (the focus follows the keyboard): {ours} ms, bare {bare} ms, ratio {ratio:.2} (limit {limit})"
    );
    assert!(ratio <= limit, "a limit does not hold:\n{line}");
    line
}

fn told(ours: &Figures, bare: &Figures, back: &[Duration], busy: Duration) -> Vec<String> {
    let mut back = back.to_vec();
    back.sort();
    let (hidden, closed) = (ours.hidden / bare.hidden, ours.closed / bare.closed);
    let (grown, bare_grown) = (ours.last / ours.closed, bare.last / bare.closed);
    let median = back[back.len() / 2];
    let lines = vec![
        "memory (PSS over all processes) beside a bare Tauri app in the same run".to_owned(),
        format!(
            "  started hidden: {:.1} MB, bare {:.1} MB, ratio {hidden:.2} (limit {BESIDE_BARE})",
            ours.hidden, bare.hidden
        ),
        format!(
            "  window closed:  {:.1} MB, bare {:.1} MB, ratio {closed:.2} (limit {BESIDE_BARE})",
            ours.closed, bare.closed
        ),
        format!(
            "  after {CLOSES} closes: {:.1} MB, ratio to the first {grown:.3}, bare {bare_grown:.3} (limit {BESIDE_FIRST})",
            ours.last
        ),
        format!(
            "  a closed window is visible again after {median:.0?} (median of {}, limit {BACK_WITHIN:?})",
            back.len()
        ),
        format!("  {IDLE:?} in the tray: {busy:?} of CPU (limit {IDLE_CPU:?})"),
    ];
    let holds = hidden <= BESIDE_BARE
        && closed <= BESIDE_BARE
        && grown <= BESIDE_FIRST
        && median < BACK_WITHIN
        && busy < IDLE_CPU;
    assert!(holds, "a limit does not hold:\n{}", lines.join("\n"));
    lines
}

/// The bare app, hidden, then with its window closed again and again.
async fn bare(desktop: &PrivateDesktop) -> Figures {
    let mut command = desktop.command(binary("bare").display().to_string());
    let mut app = command.arg("--hidden").stdin(Stdio::piped()).spawn().unwrap();
    let family = Family::of(app.id());
    let hidden = family.settled().await;
    let mut tell = app.stdin.take().unwrap();
    let display = Display::of(desktop);
    let mut closed = Vec::new();
    for _ in 0..CLOSES {
        writeln!(tell, "open").unwrap();
        until("the bare window", PATIENCE, async || display.shows("Bare").is_some()).await;
        family.settled().await;
        writeln!(tell, "close").unwrap();
        until("the bare page to go", PATIENCE, async || family.pages().is_empty()).await;
        closed.push(family.settled().await);
    }
    drop(tell);
    assert!(app.wait().unwrap().success());
    Figures { hidden, closed: closed[0], last: closed[CLOSES - 1] }
}

fn hidden(desktop: &PrivateDesktop) -> Child {
    launched(desktop, &["--hidden"])
}

fn launched(desktop: &PrivateDesktop, arguments: &[&str]) -> Child {
    let mut app = desktop.command(binary("birdkey-desktop").display().to_string());
    app.args(arguments).spawn().unwrap()
}

/// The CPU time of a while in which nothing happens.
async fn idle(family: &Family) -> Duration {
    let before = family.cpu();
    // The time itself is what is measured over.
    tokio::time::sleep(IDLE).await;
    family.cpu().saturating_sub(before)
}

/// Opens and closes the window again and again: what stays, and how long it took to be back.
async fn closes(desktop: &PrivateDesktop, family: &Family) -> (Vec<f64>, Vec<Duration>) {
    let display = Display::of(desktop);
    let (mut closed, mut back, mut network) = (Vec::new(), Vec::new(), None);
    for round in 0..CLOSES {
        let began = Instant::now();
        let mut again = launched(desktop, &[]);
        let window = until_some("the window", PATIENCE, async || display.shows("Birdkey")).await;
        if round > 0 {
            back.push(began.elapsed());
        }
        assert!(again.wait().unwrap().success());
        until("its page", PATIENCE, async || family.pages().len() == 1).await;
        family.settled().await;
        display.close(window);
        until("the page to go", PATIENCE, async || family.pages().is_empty()).await;
        let helpers = family.helpers();
        assert!(helpers.len() <= 1, "one network process at most: {helpers:?}");
        let first: &mut Vec<u32> = network.get_or_insert_with(|| helpers.clone());
        assert_eq!(*first, helpers, "always the same one");
        closed.push(family.settled().await);
    }
    (closed, back)
}

/// Whether both programs were built.
pub fn is_built() -> bool {
    ["bare", "birdkey-desktop", "birdkey"].iter().all(|name| Path::new(&binary(name)).exists())
}
