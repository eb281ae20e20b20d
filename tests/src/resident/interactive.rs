//! How long a start takes until the window follows the keyboard, beside a bare Tauri app.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::PATIENCE;
use crate::desktop::{Display, Picture, PrivateDesktop, binary, until, until_some};

/// Starts of each; in turns, so that both meet the same machine.
const STARTS: usize = 15;
/// How long a key may take to show before it is pressed again.
const KEY_SHOWS: Duration = Duration::from_millis(30);
/// A window that only begins to be drawn changes by itself: the focus has to move this often.
const MOVES: usize = 2;
/// The most that a start may take beside that of the bare app.
pub(super) const LIMIT: f64 = 1.25;

/// The medians of Birdkey and of the bare app.
pub(super) async fn medians(desktop: &PrivateDesktop) -> (Duration, Duration) {
    let display = Display::of(desktop);
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        bare.push(started(desktop, &display, "bare", "Bare").await);
        ours.push(started(desktop, &display, "birdkey-desktop", "Birdkey").await);
    }
    (median(ours), median(bare))
}

async fn started(
    desktop: &PrivateDesktop,
    display: &Display,
    program: &str,
    title: &str,
) -> Duration {
    let mut command = desktop.command(binary(program).display().to_string());
    let began = Instant::now();
    // The bare app ends with its standard input, which is kept open meanwhile.
    let mut app = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let window = until_some("the window", PATIENCE, async || display.shows(title)).await;
    display.focus(window);
    let mut moves = 0;
    while moves < MOVES {
        assert!(began.elapsed() < PATIENCE, "{title} does not follow the keyboard");
        let before = display.picture(window);
        display.press_tab();
        let changed = async || display.picture(window) != before;
        let shown = Instant::now();
        while shown.elapsed() < KEY_SHOWS {
            if changed().await && before.as_ref().is_some_and(Picture::shows_anything) {
                moves += 1;
                break;
            }
        }
    }
    let took = began.elapsed();
    end(&mut app).await;
    until("the window to go", PATIENCE, async || display.shows(title).is_none()).await;
    took
}

async fn end(app: &mut Child) {
    drop(app.stdin.take());
    let terminated = Command::new("kill").arg(app.id().to_string()).status();
    assert!(terminated.is_ok());
    until("the app to end", PATIENCE, async || app.try_wait().unwrap().is_some()).await;
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
